"""Heikin-Ashi: candles smoothed by those before them.

Source: Dan Valcu, "Using the Heikin-Ashi Technique", Technical Analysis of Stocks & Commodities,
February 2004: close = (o + h + l + c) / 4; open = the middle of the body before.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from .candles import CLOSE, HIGH, LOW, OPEN, Floats


class Rows(Protocol):
    """What has candles in rows."""

    @property
    def rows(self) -> Floats: ...
    @property
    def version(self) -> int: ...
    @property
    def revision(self) -> int: ...


def heikin_ashi(rows: Floats) -> Floats:
    """The Heikin-Ashi shape of candles; start and volume stay."""
    shaped = rows.copy()
    if rows.shape[1]:
        close = (rows[OPEN] + rows[HIGH] + rows[LOW] + rows[CLOSE]) / 4
        opened = _opens(float(rows[OPEN, 0] + rows[CLOSE, 0]) / 2, close)
        shaped[OPEN], shaped[CLOSE] = opened, close
        shaped[HIGH] = np.maximum(rows[HIGH], np.maximum(opened, close))
        shaped[LOW] = np.minimum(rows[LOW], np.minimum(opened, close))
    return shaped


def _opens(first: float, close: Floats) -> Floats:
    opened = np.empty_like(close)
    value = first
    closes = close.tolist()
    values = []
    for each in closes:
        values.append(value)
        value = (value + each) / 2
    opened[:] = values
    return opened


class HeikinAshi:
    """The shape of a series, kept: while only the newest bar moves, only that is done anew."""

    def __init__(self) -> None:
        self._shaped: Floats = np.empty((6, 0))
        self._key: tuple[object, ...] = ()
        self._version: object = None

    def rows(self, series: Rows) -> Floats:
        """The shape of everything held; valid until the next change."""
        rows = series.rows
        key = (id(series), series.revision, rows.shape[1])
        if key != self._key:
            self._key, self._shaped = key, heikin_ashi(rows)
        elif series.version != self._version and rows.shape[1]:
            self._redo_newest(rows)
        self._version = series.version
        return self._shaped

    def _redo_newest(self, rows: Floats) -> None:
        newest = self._shaped[:, -1]
        newest[:] = rows[:, -1]
        close = float(rows[OPEN : CLOSE + 1, -1].sum()) / 4
        if rows.shape[1] > 1:
            opened = float(self._shaped[OPEN, -2] + self._shaped[CLOSE, -2]) / 2
        else:
            opened = float(rows[OPEN, -1] + rows[CLOSE, -1]) / 2
        newest[OPEN], newest[CLOSE] = opened, close
        newest[HIGH] = max(float(rows[HIGH, -1]), opened, close)
        newest[LOW] = min(float(rows[LOW, -1]), opened, close)
