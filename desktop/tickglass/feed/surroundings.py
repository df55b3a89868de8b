"""What every connection of one exchange shares, and what a feed needs from the outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from ..exchanges.exchange import Exchange
from ..market.events import MarketEvent, Status
from ..market.freshness import Link
from ..market.instrument import Instrument
from .duplicates import SeenTrades
from .figures import ExchangeFigures
from .pacing import Clock, Turns
from .rest import Rest


class Sink(Protocol):
    """Where a feed's events go."""

    def apply(self, event: MarketEvent, link: Link) -> None:
        """Take one event; raise Resync if a book can no longer be trusted."""

    def status(self, status: Status) -> None:
        """Learn what became of a connection."""

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        """Learn that events of these instruments may have been missed."""

    def refused(self, instrument: Instrument, sentence: str) -> None:
        """Learn why nothing will come of an instrument; an empty sentence takes it back."""


class Tap(Protocol):
    """Somebody who wants everything just as it arrived: a recording."""

    def frame(self, exchange: str, connection: int, frame: bytes) -> None:
        """Take a ws frame."""

    def rest(self, exchange: str, target: str, body: bytes) -> None:
        """Take a REST reply."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the connections of one exchange share; ``turns`` is shared by all exchanges.

    ``ready`` is awaited before the first dial; ``doubt`` is called when a frame that may have been
    of these instruments could not be read. ``dials`` and ``subscriptions`` count for all
    connections, so that of two the newer is known.
    """

    exchange: type[Exchange]
    sink: Sink
    rest: Rest
    figures: ExchangeFigures
    seen: SeenTrades
    clock: Clock
    ready: Callable[[], Awaitable[None]]
    doubt: Callable[[Collection[Instrument]], None]
    turns: Turns
    tap: Tap | None = None
    dials: Iterator[int] = field(default_factory=lambda: count(1))
    subscriptions: Iterator[int] = field(default_factory=lambda: count(1))
