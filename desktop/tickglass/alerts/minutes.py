"""The last hours of an instrument as one-minute bars, made from trades and filled from candles."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..market.candles import CLOSE, FIELDS, HIGH, LOW, OPEN, START, VOLUME, Floats
from ..market.events import Candle
from ..market.interval import MINUTE

KEPT = 900  # minutes


class Minutes:
    """At most ``KEPT`` bars, oldest first, rows as in a candle series; the newest is open."""

    __slots__ = ("_count", "_rows")

    def __init__(self) -> None:
        self._rows: Floats = np.zeros((len(FIELDS), KEPT))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def rows(self) -> Floats:
        """A view of the bars; valid until the next change."""
        return self._rows[:, : self._count]

    @property
    def newest(self) -> int:
        """The start of the newest bar, ms; -1 without any."""
        return int(self._rows[START, self._count - 1]) if self._count else -1

    def begin(self, start: int, price: float) -> None:
        """Begin another bar."""
        if self._count == KEPT:
            self._rows[:, :-1] = self._rows[:, 1:].copy()
            self._count -= 1
        self._rows[:, self._count] = (start, price, price, price, price, 0.0)
        self._count += 1

    def close(self, high: float, low: float, close: float, volume: float) -> None:
        """Say what became of the newest bar."""
        row = self._rows[:, self._count - 1]
        row[HIGH], row[LOW], row[CLOSE], row[VOLUME] = high, low, close, volume

    def fill(self, candles: Iterable[Candle]) -> None:
        """Take the exchange's word on every minute but the newest, which trades are moving."""
        newest = self.newest
        told = {each.start: each for each in candles if newest < 0 or each.start < newest}
        columns = [
            (each.start, each.open, each.high, each.low, each.close, each.volume)
            for each in told.values()
        ]
        held = [tuple(column) for column in self.rows.T if int(column[START]) not in told]
        merged = sorted((*columns, *held))[-KEPT:]
        self._count = len(merged)
        if merged:
            self._rows[:, : self._count] = np.array(merged).T

    def folded(self, minutes: int) -> Floats:
        """Bars of so many minutes of all that have closed: only whole ones, the newest last."""
        rows = self.rows[:, :-1]
        if not rows.shape[1]:
            return rows
        length = minutes * MINUTE
        buckets = rows[START] // length
        edges = np.flatnonzero(np.concatenate(([True], buckets[1:] != buckets[:-1])))
        folded = np.stack((
            buckets[edges] * length,
            rows[OPEN, edges],
            np.maximum.reduceat(rows[HIGH], edges),
            np.minimum.reduceat(rows[LOW], edges),
            rows[CLOSE, np.concatenate((edges[1:] - 1, [-1]))],
            np.add.reduceat(rows[VOLUME], edges),
        ))  # fmt: skip
        whole = self.newest // length > buckets[-1]
        return folded if whole else folded[:, :-1]

    def usual_move(self, minutes: int, over: int) -> float | None:
        """How much the price usually moves in so many minutes, as a share, by the last ``over``.

        The mean way of a minute, times the root of the minutes (a random walk). None while fewer
        than a quarter of them are known.
        """
        rows = self.rows[:, -over - 1 : -1]
        if rows.shape[1] < over // 4:
            return None
        ways = (rows[HIGH] - rows[LOW]) / rows[OPEN]
        return float(ways.mean()) * float(np.sqrt(minutes))
