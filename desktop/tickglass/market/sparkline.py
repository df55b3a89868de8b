"""The recent course of a price in a few points."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from .events import Candle
from .interval import milliseconds, start_of

SPAN_INTERVAL = "15m"
POINTS = 96  # 96 × 15 minutes = the same 24 hours that the change column speaks of
STEP = milliseconds(SPAN_INTERVAL)
SPAN = POINTS * STEP


class Sparkline:
    """Closes of the last 24 hours, 15 minutes a point; the last point moves with the price."""

    __slots__ = ("_ended", "_price", "_start", "version")

    def __init__(self) -> None:
        self._ended: deque[tuple[int, float]] = deque()
        self._start = -STEP  # of the last point
        self._price = 0.0
        self.version = 0

    @property
    def prices(self) -> list[float]:
        """The points, oldest first."""
        return [price for _, price in self._points()]

    def seed(self, candles: Sequence[Candle]) -> None:
        """Fill in history; what came live since is kept."""
        points = {candle.start: candle.close for candle in candles} | dict(self._points())
        if points:
            *ended, (self._start, self._price) = sorted(points.items())
            self._ended = deque(ended)
        self._trim()

    def add(self, time: int, price: float) -> None:
        """Move the last point, or begin the next one."""
        if 0 <= time - self._start < STEP:  # by far the most frequent case
            self._price = price
            self.version += 1
        elif time >= self._start:
            self._ended.extend(self._points()[-1:])
            self._start, self._price = start_of(SPAN_INTERVAL, time), price
            self._trim()

    def _points(self) -> list[tuple[int, float]]:
        return [*self._ended, (self._start, self._price)] if self._start >= 0 else []

    def _trim(self) -> None:
        """Drop what is older than a day, and count the change."""
        while self._ended and self._start - self._ended[0][0] >= SPAN:
            self._ended.popleft()
        self.version += 1
