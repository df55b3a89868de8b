"""Many lines and rectangles in one call of the painter, straight from an array."""

from __future__ import annotations

from typing import Any

import numpy as np
import shiboken6
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter

from ...market.candles import Floats

GROWTH = 2  # times, when an array is full
FIRST = 256


class Primitives:
    """Memory that Qt reads as an array of four doubles each: lines or rectangles.

    PySide turns lists into such arrays one object at a time, which costs more than drawing.
    """

    def __init__(self, kind: type[QLineF] | type[QRectF]) -> None:
        self._kind = kind
        self._memory: Floats = np.empty((FIRST, 4))
        self._first: Any = None
        self._wrap()

    def take(self, count: int) -> Floats:
        """The first ``count`` × 4 numbers, to be written to."""
        if count > len(self._memory):
            self._memory = np.empty((max(count, GROWTH * len(self._memory)), 4))
            self._wrap()
        return self._memory[:count]

    def _wrap(self) -> None:
        self._first = shiboken6.Shiboken.wrapInstance(self._memory.ctypes.data, self._kind)


class Brushwork:
    """Draws arrays with a painter's present pen and brush."""

    def __init__(self) -> None:
        self._lines = Primitives(QLineF)
        self._rects = Primitives(QRectF)

    def lines(self, painter: QPainter, x1: Any, y1: Any, x2: Any, y2: Any) -> None:
        """A line for each place in the arrays."""
        count = len(x1)
        if count:
            memory = self._lines.take(count)
            memory[:, 0], memory[:, 1], memory[:, 2], memory[:, 3] = x1, y1, x2, y2
            painter.drawLines(self._lines._first, count)

    def rects(self, painter: QPainter, x: Any, y: Any, width: Any, height: Any) -> None:
        """A rectangle for each place in the arrays."""
        count = len(x)
        if count:
            memory = self._rects.take(count)
            memory[:, 0], memory[:, 1], memory[:, 2], memory[:, 3] = x, y, width, height
            painter.drawRects(self._rects._first, count)

    def path(self, painter: QPainter, xs: Floats, ys: Floats) -> None:
        """A line through points; where one is not a number there is a hole."""
        joined = np.isfinite(ys[:-1]) & np.isfinite(ys[1:])
        if joined.all():
            self.lines(painter, xs[:-1], ys[:-1], xs[1:], ys[1:])
        else:
            self.lines(painter, xs[:-1][joined], ys[:-1][joined], xs[1:][joined], ys[1:][joined])
