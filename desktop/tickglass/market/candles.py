"""A series of candles in growing arrays: history before, the live bar at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from .events import Candle, Trade
from .instrument import Instrument
from .interval import next_start, start_from

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]  # of bars in a series

FIELDS = ("start", "open", "high", "low", "close", "volume")
START, OPEN, HIGH, LOW, CLOSE, VOLUME = range(len(FIELDS))
FIRST_CAPACITY = 1_024
BARS_KEPT = 1_000_000  # 48 MB; more than a person scrolls, less than memory minds


class CandleSeries:
    """The candles of one instrument and interval, oldest first, without double starts.

    ``version`` rises with every change, ``revision`` with every change but those of the newest bar
    (another bar behind it is one), ``rewritten`` only if a bar before the newest two changed. Rows
    are ``FIELDS``; ``start`` is ms UTC, ``volume`` base.
    """

    def __init__(self, instrument: Instrument, interval: str) -> None:
        self.instrument = instrument
        self.interval = interval
        self.version = self.revision = self.rewritten = 0
        self.complete = False  # True once the exchange has no older candles
        self._rows: Floats = np.empty((len(FIELDS), FIRST_CAPACITY))
        self._first = self._end = FIRST_CAPACITY // 2
        self._closed_until = 0  # starts below this are final: a late trade cannot change them
        self._unsettled: set[int] = set()  # starts of candles with a newer one, but no last word

    def __len__(self) -> int:
        return self._end - self._first

    @property
    def rows(self) -> Floats:
        """A view, 6 × len, of everything held; valid until the next change."""
        return self._rows[:, self._first : self._end]

    @property
    def starts(self) -> Floats:
        """The start of every candle, ms UTC, ascending."""
        return self._rows[START, self._first : self._end]

    @property
    def first_start(self) -> int | None:
        """The start of the oldest candle held."""
        return int(self._rows[START, self._first]) if len(self) else None

    @property
    def last_start(self) -> int | None:
        """The start of the newest candle held."""
        return int(self._rows[START, self._end - 1]) if len(self) else None

    @property
    def last_is_closed(self) -> bool:
        """Whether the exchange has called the newest candle final."""
        last = self.last_start
        return last is not None and last < self._closed_until

    @property
    def unsettled(self) -> int | None:
        """The start of the oldest candle that has a newer one behind it, but was never closed.

        It may lack trades, and candles between the two may be missing.
        """
        return min(self._unsettled, default=None)

    def settle(self, until: int) -> None:
        """The exchange was asked about every candle that starts before ``until``."""
        self._unsettled = {start for start in self._unsettled if start >= until}

    def candle(self, index: int) -> Candle:
        """The candle at an index (negative counts from the end), as a value."""
        start, opened, high, low, close, volume = self.rows[:, index].tolist()
        closed = start < self._closed_until
        return Candle(
            self.instrument, self.interval, int(start), opened, high, low, close, volume, closed
        )

    def merge(self, candles: Sequence[Candle]) -> None:
        """Take in history, in any order; where a start is held already the newcomer wins.

        Only the open bar is spared: what came live is newer than any reply. Nor does a slow reply
        that still calls a bar open replace one that has been closed since.
        """
        fresh = {each.start: each for each in candles if each.closed or not self._final(each.start)}
        last = self.last_start
        if last in fresh and not self.last_is_closed and not fresh[last].closed:
            self._widen_open(fresh.pop(last))
        if not fresh:
            return
        added = _columns(fresh[start] for start in sorted(fresh))
        held = self.rows[:, ~np.isin(self.starts, added[START])]
        merged = np.concatenate((held, added), axis=1)
        self._replace(merged[:, np.argsort(merged[START], kind="stable")])
        self.revision += 1
        self.rewritten += 1
        closed = [each.start for each in fresh.values() if each.closed]
        self._unsettled.difference_update(closed)
        self._unsettled.update(fresh.keys() - closed - {self.last_start})
        if closed:
            ended = next_start(self.interval, max(closed))
            self._closed_until = max(self._closed_until, ended)
        self.version += 1

    def clear(self) -> None:
        """Hold nothing any more."""
        self._replace(self.rows[:, :0])
        self._closed_until, self.complete = 0, False
        self._unsettled.clear()
        self.version += 1
        self.revision += 1
        self.rewritten += 1

    def update(self, candle: Candle) -> None:
        """Take the exchange's own word on a candle: the live one, or the close of one."""
        last = self.last_start
        if last is None or candle.start > last:
            self._append(candle)
        elif candle.start < last:
            self._set(candle)
        else:
            self._set_at(self._end - 1, candle)
        if candle.closed:
            self._closed_until = max(self._closed_until, next_start(self.interval, candle.start))
            self._unsettled.discard(candle.start)
        self.version += 1

    def trade(self, trade: Trade) -> None:
        """Let a trade move the open bar between two words of the exchange.

        The volume stays the exchange's: adding the trade would count it twice.
        """
        last = self.last_start
        if last is None or trade.time < max(last, self._closed_until):
            return
        start = start_from(self.interval, last, trade.time)
        if start > last:
            price = trade.price
            opened = Candle(
                self.instrument, self.interval, start, price, price, price, price, 0.0, False
            )
            self._append(opened)
        else:
            row = self._rows[:, self._end - 1]
            row[HIGH] = max(row[HIGH], trade.price)
            row[LOW] = min(row[LOW], trade.price)
            row[CLOSE] = trade.price
        self.version += 1

    def _final(self, start: int) -> bool:
        """Whether the candle that starts then is held, and closed."""
        return start < self._closed_until and start in self.starts

    def _widen_open(self, candle: Candle) -> None:
        row = self._rows[:, self._end - 1]
        row[OPEN] = candle.open
        row[HIGH] = max(row[HIGH], candle.high)
        row[LOW] = min(row[LOW], candle.low)
        row[VOLUME] = max(row[VOLUME], candle.volume)
        self.version += 1

    def _set(self, candle: Candle) -> None:
        index = self._first + int(np.searchsorted(self.starts, candle.start))
        if self._rows[START, index] == candle.start:
            self._set_at(index, candle)
            self.revision += 1
            self.rewritten += index < self._end - 2
        else:
            self.merge([candle])

    def _set_at(self, index: int, candle: Candle) -> None:
        self._rows[:, index] = _column(candle)

    def _append(self, candle: Candle) -> None:
        last = self.last_start
        if last is not None and not self.last_is_closed:
            self._unsettled.add(last)
        if self._end == self._rows.shape[1]:
            self.rewritten += len(self) > BARS_KEPT
            self._replace(self.rows[:, -BARS_KEPT:])
        self._set_at(self._end, candle)
        self._end += 1
        self.revision += 1

    def _replace(self, rows: Floats) -> None:
        """Hold these rows, with as much free space again for live bars to come."""
        rows = rows[:, -BARS_KEPT:]
        count = rows.shape[1]
        grown = np.empty((len(FIELDS), max(FIRST_CAPACITY, count + count // 2)))
        grown[:, :count] = rows
        self._rows, self._first, self._end = grown, 0, count


def _column(candle: Candle) -> tuple[float, ...]:
    return (candle.start, candle.open, candle.high, candle.low, candle.close, candle.volume)


def _columns(candles: Iterable[Candle]) -> Floats:
    return np.array([_column(candle) for candle in candles], dtype=np.float64).T
