"""What the book's panel shows: the books handed in, as a ladder in the chosen step and as heat."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

import numpy as np

from ...market.book import BookSide, OrderBook
from ...market.heat import HeatRecord, heat_step
from ...market.instrument import Instrument
from ...market.ladder import Grid, Ladder, Levels, best_step, levels_of, steps, tick_seen
from ...market.merged_book import MergedBook

OTHER_PRICE = 2.0  # times the price for which the steps were chosen
MS = 1_000


class BookSource:
    """Reads a book only when it has heard something.

    ``ladder`` is None as long as nothing can be shown; ``choice`` are the steps of price that suit
    it, ``wanted`` the one that the person chose before.
    """

    def __init__(
        self,
        instruments: Sequence[Instrument] = (),
        tick: Decimal | None = None,
        wanted: float | None = None,
    ) -> None:
        self.instruments = tuple(instruments)
        self.merged = MergedBook(instruments) if len(instruments) > 1 else None
        self.wanted = wanted
        self.ladder: Ladder | None = None
        self.grid: Grid | None = None
        self.tick = tick
        self.choice: list[float] = []
        self.record: HeatRecord | None = None
        self._price = 0.0  # for which there are steps
        self._levels: tuple[list[Levels], list[Levels]] = ([], [])
        self._book: OrderBook | None = None
        self._heard: tuple[float, int | None] = (0.0, None)

    def update(self, book: OrderBook) -> None:
        """Take the book of the one instrument as it is now."""
        heard = (book.arrived, book.sequence)
        if book is not self._book or heard != self._heard:
            self._book, self._heard = book, heard
            self._take([book], [levels_of(book.bids)], [levels_of(book.asks)])

    def update_merged(
        self, books: Mapping[Instrument, OrderBook], stale: Collection[Instrument]
    ) -> tuple[Instrument, ...]:
        """Take the books of all as they are now; whose books are used."""
        if self.merged is None:
            return ()
        if self.merged.update(books, stale) or self.ladder is None:
            used = [books[each] for each in self.merged.taking_part]
            if used:
                self._take(used, self.merged.bid_levels(), self.merged.ask_levels())
        return self.merged.taking_part

    def suits(self, book: OrderBook) -> bool:
        """Whether a book is the one that is meant, and has its snapshot."""
        return not book.waiting and book.instrument == self.instruments[0]

    def record_book(self, now: float, book: OrderBook | None, *, trusted: bool) -> None:
        """Only put a book on record, at monotonic second ``now``: it is read when that is due."""
        if book is None or not trusted:
            self.sample(now, trusted=False)
        elif self._due(now):
            self.update(book)
            self.sample(now, trusted=True)

    def record_merged(
        self, now: float, books: Mapping[Instrument, OrderBook], stale: Collection[Instrument]
    ) -> None:
        """The same for several books; those of ``stale`` are left out."""
        if self._due(now):
            used = self.update_merged(books, stale)
            self.sample(now, trusted=bool(used))

    def choose_step(self, step: float | None) -> None:
        """Show the book in another step of price."""
        self.wanted, self._price = step, 0.0
        if self.ladder is not None:
            self._group()

    def drop(self) -> None:
        """Show nothing until a book comes again."""
        self.ladder, self._book = None, None

    def sample(self, now: float, *, trusted: bool) -> None:
        """Put the book as it stands at monotonic second ``now`` on record, if that is due."""
        now_ms = int(now * MS)
        if self.record is None:
            return
        if self.ladder is None or not trusted:
            self.record.interrupt(now_ms)
        elif self.record.due(now_ms):
            self.record.sample(now_ms, _joined(self._levels[0]), _joined(self._levels[1]))

    def _due(self, now: float) -> bool:
        return self.record is None or self.record.due(int(now * MS))

    def _take(self, books: Sequence[OrderBook], bids: list[Levels], asks: list[Levels]) -> None:
        self._levels = (bids, asks)
        if self.tick is None:
            self._guess_tick([side for book in books for side in (book.bids, book.asks)])
        self._group()

    def _guess_tick(self, sides: Sequence[BookSide]) -> None:
        if any(len(side) for side in sides):
            self.tick = tick_seen(*sides)

    def _group(self) -> None:
        price = self._middle()
        if price is None or self.tick is None:
            self.ladder = None
            return
        near = self._price / OTHER_PRICE < price < self._price * OTHER_PRICE
        if self.grid is None or not near:
            self._fit_steps(self.tick, price)
        if self.grid is not None:
            self.ladder = Ladder(self.grid, *self._levels)

    def _fit_steps(self, tick: Decimal, price: float) -> None:
        """Find the steps that suit a price; the wanted one is used if it is among them."""
        self.choice, self._price = steps(tick, price), price
        step = self.wanted if self.wanted in self.choice else None
        self.grid = Grid(tick, best_step(tick, price) if step is None else step)
        if self.record is None:
            self.record = HeatRecord(Grid(tick, heat_step(tick, price)))

    def _middle(self) -> float | None:
        """A price from the best of all; None if nobody bids or asks."""
        bids, asks = self._levels
        best = [float(each.prices.max()) for each in bids if len(each.prices)]
        best += [float(each.prices.min()) for each in asks if len(each.prices)]
        return sum(best) / len(best) if best else None


def _joined(parts: Sequence[Levels]) -> Levels:
    """The levels of several books in one pair of arrays."""
    if len(parts) == 1:
        return parts[0]
    return Levels(
        np.concatenate([each.prices for each in parts]),
        np.concatenate([each.sizes for each in parts]),
    )
