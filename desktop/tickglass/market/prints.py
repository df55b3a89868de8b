"""The rows of the tape, as a table of the newest trades that can be asked for the large ones."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Literal, NamedTuple

import numpy as np

from .delta import Flags, Floats, Numbers
from .events import Side
from .instrument import Instrument

Unit = Literal["base", "quote"]

BATCH = 256  # trades settled at a time: one by one costs three times as much
LEAST_CHUNK = 256  # trades looked at first when rows are sought
FIELDS = ("time", "price", "size", "which", "buy", "history", "fills", "total", "worth")
# The last three are of the whole order and stand at its first fill; further fills have 0 there.
TIME, PRICE, SIZE, WHICH, BUY, HISTORY, FILLS, TOTAL, WORTH = range(len(FIELDS))


class Print(NamedTuple):
    """A row of the tape: one trade, or one taker's order with its fills joined.

    ``number`` counts the trades of the tape, and is that of the first fill. ``price`` is the
    average, ``size`` in base.
    """

    number: int
    instrument: Instrument
    time: int
    price: float
    size: float
    side: Side
    fills: int = 1
    history: bool = False

    @property
    def notional(self) -> float:
        """What was paid, in quote."""
        return self.price * self.size

    def amount(self, unit: Unit) -> float:
        """Its size, in base or in quote."""
        return self.size if unit == "base" else self.notional


class PrintTable:
    """The newest ``most`` trades, a column each; the oldest go when there are more.

    Of ``instruments`` each row names one, by its place there.
    """

    def __init__(self, most: int) -> None:
        self.instruments: list[Instrument] = []
        self._most = most
        self._cells: Floats = np.zeros((len(FIELDS), 2 * most + BATCH))
        self._end = 0  # of what is filled
        self._shift = 0  # the number of the trade at index 0

    def __len__(self) -> int:
        return min(self._most, self._end)

    @property
    def next_number(self) -> int:
        """The number of the trade that comes next."""
        return self._end + self._shift

    def append(self, rows: Sequence[Sequence[float]]) -> None:
        """Write the next rows, a value for each of ``FIELDS``; no more than ``BATCH`` at once."""
        self._make_room(len(rows))
        # Half the time of np.array(rows).
        flat = np.fromiter(chain.from_iterable(rows), np.float64, len(rows) * len(FIELDS))
        self._cells[:, self._end : self._end + len(rows)] = flat.reshape(len(rows), -1).T
        self._end += len(rows)

    def join(self, number: int, parts: Sequence[float]) -> None:
        """Add fills, total and worth to the order that began with this row, if it is held."""
        if number >= self._shift:
            self._cells[FILLS:, number - self._shift] += parts

    def numbers(
        self, least: float, unit: Unit, aggregate: bool, count: int | None = None
    ) -> Numbers:
        """The numbers of rows of that size, ascending; all that are held, or the newest."""
        begin, stop = self._begin, self._end
        chunk = self._most if count is None else max(LEAST_CHUNK, 2 * count)
        wanted = self._most if count is None else count
        parts: list[Numbers] = []
        while stop > begin and wanted > 0:
            start = max(begin, stop - chunk)
            part = np.flatnonzero(self._fits(start, stop, least, unit, aggregate))[-wanted:]
            parts.append(part + (start + self._shift))
            wanted -= len(part)
            stop, chunk = start, 2 * chunk
        return np.concatenate(parts[::-1]) if parts else np.empty(0, dtype=np.int64)

    def prints(self, numbers: Sequence[int] | Numbers, aggregate: bool) -> list[Print]:
        """The rows with these numbers, in their order; those no longer held are left out."""
        index = np.asarray(numbers, dtype=np.int64) - self._shift
        index = index[(index >= self._begin) & (index < self._end)]
        table = self._cells[:, index]
        price, size, fills = table[PRICE], table[SIZE], np.ones(len(index))
        if aggregate:
            size, fills = table[TOTAL], table[FILLS]
            averaged = (fills > 1) & (size > 0)
            price = np.divide(table[WORTH], size, out=price.copy(), where=averaged)
        columns = zip(
            (index + self._shift).tolist(),
            [self.instruments[which] for which in table[WHICH].astype(np.intp).tolist()],
            table[TIME].astype(np.int64).tolist(),
            price.tolist(),
            size.tolist(),
            ["buy" if buy else "sell" for buy in table[BUY].tolist()],
            fills.astype(np.int64).tolist(),
            (table[HISTORY] > 0).tolist(),
            strict=True,
        )
        return list(map(Print._make, columns))

    def notional_quantiles(self, shares: Sequence[float], aggregate: bool) -> list[float]:
        """The notional, in quote, that these shares (0 to 1) of the rows do not exceed."""
        table = self._cells[:, self._begin : self._end]
        worth = table[WORTH][table[FILLS] > 0] if aggregate else table[PRICE] * table[SIZE]
        found: list[float] = np.quantile(worth, shares).tolist() if len(worth) else []
        return found

    @property
    def _begin(self) -> int:
        """The index of the oldest trade that is held."""
        return max(0, self._end - self._most)

    def _fits(self, start: int, stop: int, least: float, unit: Unit, aggregate: bool) -> Flags:
        table = self._cells[:, start:stop]
        if aggregate:
            firsts: Flags = table[FILLS] > 0
            amounts = table[TOTAL if unit == "base" else WORTH]
            return firsts & (amounts >= least) if least > 0 else firsts
        amounts = table[SIZE] if unit == "base" else table[PRICE] * table[SIZE]
        enough: Flags = amounts >= least
        return enough

    def _make_room(self, count: int) -> None:
        if self._end + count <= self._cells.shape[1]:
            return
        begin = self._begin
        kept = self._end - begin
        self._cells[:, :kept] = self._cells[:, begin : self._end].copy()
        self._end, self._shift = kept, self._shift + begin
