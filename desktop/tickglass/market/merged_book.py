"""One book of a pair from the books of several exchanges; every level knows who holds it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from .book import BookSide, OrderBook
from .instrument import Instrument
from .ladder import BASIS_POINT, Levels, levels_of

LeftOut = Literal["missing", "waiting", "stale"]


class Holding(NamedTuple):
    """What one exchange holds at a price, in base."""

    instrument: Instrument
    size: float


class MergedLevel(NamedTuple):
    """A price with the size on all exchanges together; ``held`` in the order of the book."""

    price: float
    size: float
    held: tuple[Holding, ...]


class Crossing(NamedTuple):
    """Somebody bids more on one exchange than somebody asks on another, by ``bps`` of the mid."""

    bidding: Instrument
    asking: Instrument
    bid: float
    ask: float

    @property
    def bps(self) -> float:
        """The difference in basis points of the mid."""
        return (self.bid - self.ask) / ((self.bid + self.ask) / 2) * BASIS_POINT


class _Part:
    """The book of one exchange, with its levels as arrays as of ``arrived``."""

    def __init__(self, book: OrderBook) -> None:
        self.book = book
        self.arrived = book.arrived
        self.bids, self.asks = levels_of(book.bids), levels_of(book.asks)


class MergedBook:
    """Reads several books as one; a book that waits, is stale or is not there is left out.

    Books of different exchanges may cross one another, which the single one may not.
    """

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self.instruments = tuple(instruments)
        self.left_out: dict[Instrument, LeftOut] = {each: "missing" for each in instruments}
        self._parts: dict[Instrument, _Part] = {}

    def update(
        self, books: Mapping[Instrument, OrderBook], stale: Collection[Instrument] = ()
    ) -> bool:
        """Take these books as they are now; whether anything changed."""
        parts: dict[Instrument, _Part] = {}
        left_out: dict[Instrument, LeftOut] = {}
        for instrument in self.instruments:
            book = books.get(instrument)
            if book is None:
                left_out[instrument] = "missing"
            elif book.waiting:
                left_out[instrument] = "waiting"
            elif instrument in stale:
                left_out[instrument] = "stale"
            else:
                held = self._parts.get(instrument)
                same = held is not None and held.book is book and held.arrived == book.arrived
                parts[instrument] = held if held is not None and same else _Part(book)
        changed = left_out != self.left_out or any(
            part is not self._parts.get(instrument) for instrument, part in parts.items()
        )
        self._parts, self.left_out = parts, left_out
        return changed

    @property
    def taking_part(self) -> tuple[Instrument, ...]:
        """Whose books are in it."""
        return tuple(self._parts)

    def bid_levels(self) -> list[Levels]:
        """The bids of each that takes part, for a ladder."""
        return [part.bids for part in self._parts.values()]

    def ask_levels(self) -> list[Levels]:
        """The asks of each that takes part, for a ladder."""
        return [part.asks for part in self._parts.values()]

    def bids(self, count: int) -> list[MergedLevel]:
        """The best ``count`` bids, best first."""
        return self._top(count, bids=True)

    def asks(self, count: int) -> list[MergedLevel]:
        """The best ``count`` asks, best first."""
        return self._top(count, bids=False)

    def best_bid(self) -> tuple[float, Instrument] | None:
        """The highest bid and who bids it; the first of the list if several do."""
        return max(self._bests(bids=True), key=lambda each: each[0], default=None)

    def best_ask(self) -> tuple[float, Instrument] | None:
        """The lowest ask and who asks it."""
        return min(self._bests(bids=False), key=lambda each: each[0], default=None)

    def crossing(self) -> Crossing | None:
        """The widest crossing between two exchanges, if there is one."""
        bid, ask = self.best_bid(), self.best_ask()
        if bid is None or ask is None or bid[0] <= ask[0]:
            return None
        return Crossing(bid[1], ask[1], bid[0], ask[0])

    def _sides(self, *, bids: bool) -> Iterator[tuple[Instrument, BookSide]]:
        for instrument, part in self._parts.items():
            yield instrument, part.book.bids if bids else part.book.asks

    def _bests(self, *, bids: bool) -> Iterator[tuple[float, Instrument]]:
        for instrument, side in self._sides(bids=bids):
            best = side.best()
            if best is not None:
                yield best, instrument

    def _top(self, count: int, *, bids: bool) -> list[MergedLevel]:
        held: dict[float, list[Holding]] = {}
        for instrument, side in self._sides(bids=bids):
            for price, size in side.top(count):
                held.setdefault(price, []).append(Holding(instrument, size))
        return [
            MergedLevel(price, sum(each.size for each in held[price]), tuple(held[price]))
            for price in sorted(held, reverse=bids)[:count]
        ]
