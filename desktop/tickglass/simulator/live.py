"""The candle rows that trades leave behind as they happen: a row a second and a row a minute."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from ..market.interval import MINUTE, SECOND
from .rows import (
    CLOSE,
    COLUMNS,
    HIGH,
    LOW,
    OPEN,
    QUOTE,
    START,
    TAKER_QUOTE,
    TAKER_VOLUME,
    TRADES,
    VOLUME,
    Rows,
)

if TYPE_CHECKING:
    from .trading import Taken

SECONDS_KEPT = 3_600  # rows; older seconds are split from their minutes
MINUTES_KEPT = 366 * 24 * 60


class RunningRows:
    """Rows of one length, the last of which still grows; only those with trades exist."""

    __slots__ = ("_closed", "_keep", "_running", "_step", "dropped")

    def __init__(self, step: int, keep: int) -> None:
        self._step = step
        self._keep = keep
        self._closed = array("q")
        self._running: list[int] = []
        self.dropped = False

    def add(self, taken: Taken) -> None:
        """Count a match in; it must not be older than the last one."""
        start = taken.time // self._step * self._step
        price, volume = taken.price, sum(taken.fills)
        row = self._running
        if not row or row[START] != start:
            row = self._begin(start, price, taken.first_trade)
        if price > row[HIGH]:
            row[HIGH] = price
        elif price < row[LOW]:
            row[LOW] = price
        row[CLOSE] = price
        row[VOLUME] += volume
        row[QUOTE] += volume * price
        row[TRADES] += len(taken.fills)
        if taken.buy:
            row[TAKER_VOLUME] += volume
            row[TAKER_QUOTE] += volume * price

    def rows(self, since: int = 0) -> Rows:
        """A copy of the rows that end after ``since`` (ms) and one before, oldest first."""
        running = np.array(self._running, dtype=np.int64).reshape(-1, COLUMNS)
        if not self._closed:
            return running
        closed = np.frombuffer(self._closed, dtype=np.int64).reshape(-1, COLUMNS)
        first = max(0, int(np.searchsorted(closed[:, START], since - self._step)) - 1)
        return np.concatenate((closed[first:], running))

    @property
    def first(self) -> int:
        """The start of the oldest row held."""
        return self._closed[START] if self._closed else self._running[START]

    def _begin(self, start: int, price: int, first_trade: int) -> list[int]:
        self._closed.extend(self._running)
        if len(self._closed) > 2 * self._keep * COLUMNS:
            del self._closed[: -self._keep * COLUMNS]
            self.dropped = True
        row = [0] * COLUMNS
        row[START] = start
        row[OPEN] = row[HIGH] = row[LOW] = row[CLOSE] = price
        row[-1] = first_trade
        self._running = row
        return row


class LiveRows:
    """The seconds and the minutes since the market started."""

    __slots__ = ("minutes", "seconds")

    def __init__(self) -> None:
        self.seconds = RunningRows(SECOND, SECONDS_KEPT)
        self.minutes = RunningRows(MINUTE, MINUTES_KEPT)

    def add(self, taken: Taken) -> None:
        """Count a match in."""
        self.seconds.add(taken)
        self.minutes.add(taken)
