"""Heikin-Ashi: candles smoothed by those before them.

Source: Dan Valcu, "Using the Heikin-Ashi Technique", Technical Analysis of Stocks & Commodities,
February 2004: close = (o + h + l + c) / 4; open = the middle of the body before.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from .candles import CLOSE, FIELDS, HIGH, LOW, OPEN, Floats

FIRST_CAPACITY = 1_024
# A body weighs half as much with every bar: behind 128 bars nothing of it is left in a float.
REACHES = (1, 2, 4, 8, 16, 32, 64)


class Rows(Protocol):
    """What has candles in rows."""

    @property
    def rows(self) -> Floats: ...
    @property
    def version(self) -> int: ...
    @property
    def rewritten(self) -> int: ...


def heikin_ashi(rows: Floats) -> Floats:
    """The Heikin-Ashi shape of candles; start and volume stay."""
    if not rows.shape[1]:
        return rows.copy()
    return _shape(rows, float(rows[OPEN, 0] + rows[CLOSE, 0]) / 2)


def _shape(rows: Floats, first_open: float) -> Floats:
    shaped = rows.copy()
    close = (rows[OPEN] + rows[HIGH] + rows[LOW] + rows[CLOSE]) / 4
    opened = _opens(first_open, close)
    shaped[OPEN], shaped[CLOSE] = opened, close
    shaped[HIGH] = np.maximum(rows[HIGH], np.maximum(opened, close))
    shaped[LOW] = np.minimum(rows[LOW], np.minimum(opened, close))
    return shaped


def _opens(first: float, close: Floats) -> Floats:
    """Half of every body before, a quarter of the one before that …, summed by doubling."""
    opened = np.concatenate(([first], close[:-1] / 2))
    for reach in REACHES:
        if reach >= len(opened):
            break
        opened[reach:] += opened[:-reach] * 0.5**reach
    return opened


class HeikinAshi:
    """The shape of a series, kept: only what can have changed is done anew."""

    def __init__(self) -> None:
        self._series: Rows | None = None
        self._held: Floats = np.empty((len(FIELDS), FIRST_CAPACITY))
        self._count = 0
        self._rewritten = self._version = -1

    def rows(self, series: Rows) -> Floats:
        """The shape of everything held; valid until the next change."""
        rows = series.rows
        if series is not self._series or series.rewritten != self._rewritten:
            self._put(0, heikin_ashi(rows))
        elif series.version != self._version:
            self._redo(rows, max(0, self._count - 2))  # the newest two may have changed
        self._series, self._rewritten, self._version = series, series.rewritten, series.version
        return self._held[:, : self._count]

    def _redo(self, rows: Floats, begin: int) -> None:
        if begin == 0:
            self._put(0, heikin_ashi(rows))
            return
        before = self._held[:, begin - 1]
        self._put(begin, _shape(rows[:, begin:], float(before[OPEN] + before[CLOSE]) / 2))

    def _put(self, kept: int, shaped: Floats) -> None:
        """Hold these behind the first few, with space for more."""
        end = kept + shaped.shape[1]
        if end > self._held.shape[1]:
            grown = np.empty((len(FIELDS), end + max(FIRST_CAPACITY, end // 2)))
            grown[:, :kept] = self._held[:, :kept]
            self._held = grown
        self._held[:, kept:end] = shaped
        self._count = end
