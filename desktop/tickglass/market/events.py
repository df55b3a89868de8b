"""What an exchange tells us, as typed values. Times are ms UTC; a value not given is None."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from .instrument import Instrument

Side = Literal["buy", "sell"]
ConnectionState = Literal[
    "connecting", "live", "stale", "reconnecting", "refused", "failed", "closed"
]


class Level(NamedTuple):
    """One price in an order book with its total size in base units."""

    price: float
    size: float


# msgspec structs rather than dataclasses: created at every tick, they cost a sixth of a frozen
# dataclass. gc=False is safe because no event can hold a cycle.
class Ticker(msgspec.Struct, frozen=True, gc=False):
    """The statistics of the last 24 hours. ``base_volume`` in base, ``quote_volume`` in quote.

    ``bid_size`` and ``ask_size`` in base, where they are given.
    """

    instrument: Instrument
    time: int | None
    last: float | None
    bid: float | None
    ask: float | None
    open: float | None
    high: float | None
    low: float | None
    base_volume: float | None
    quote_volume: float | None
    bid_size: float | None = None
    ask_size: float | None = None

    @property
    def change(self) -> float | None:
        """last / open − 1, computed here so that it means the same on every exchange."""
        if self.last is None or not self.open:
            return None
        return self.last / self.open - 1


class Trade(msgspec.Struct, frozen=True, gc=False):
    """One match. ``side`` is the taker's (the aggressor's), whatever the wire says.

    ``history``: told on subscribing, of a time before.
    """

    instrument: Instrument
    time: int
    id: str
    price: float
    size: float
    side: Side
    history: bool = False


class Quote(msgspec.Struct, frozen=True, gc=False):
    """The best bid and ask. ``sequence`` is the book's update id, where it is given."""

    instrument: Instrument
    time: int | None
    bid: float
    bid_size: float
    ask: float
    ask_size: float
    sequence: int | None = None


class Candle(msgspec.Struct, frozen=True, gc=False):
    """Open, high, low, close and base volume of one interval that began at ``start``."""

    instrument: Instrument
    interval: str
    start: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    closed: bool


class BookSnapshot(msgspec.Struct, frozen=True, gc=False):
    """A whole order book, best level first; it replaces what was held.

    ``depth``: the exchange follows that many levels a side, and does not say when one drops out.
    ``joins``: it was fetched beside the stream, so deltas that came before it may continue it.
    """

    instrument: Instrument
    time: int | None
    sequence: int | None
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    depth: int | None = None
    joins: bool = False


class BookDelta(msgspec.Struct, frozen=True, gc=False):
    """Changes to an order book: new sizes by price, size 0 removes the level.

    It continues a book whose sequence is at least ``previous`` and below ``sequence``; adapters
    translate their exchange's numbering into this one rule.
    """

    instrument: Instrument
    time: int | None
    previous: int
    sequence: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


MarketEvent = Ticker | Trade | Quote | Candle | BookSnapshot | BookDelta


class Status(msgspec.Struct, frozen=True, gc=False):
    """What became of a connection; ``detail`` is a sentence for the person, or empty."""

    exchange: str
    connection: int
    state: ConnectionState
    detail: str = ""
