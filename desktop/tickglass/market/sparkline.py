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

    __slots__ = ("_points", "version")

    def __init__(self) -> None:
        self._points: deque[tuple[int, float]] = deque()
        self.version = 0

    @property
    def prices(self) -> list[float]:
        """The points, oldest first."""
        return [price for _, price in self._points]

    def seed(self, candles: Sequence[Candle]) -> None:
        """Fill in history; what came live since is kept."""
        live = [(start, price) for start, price in self._points]
        points = {candle.start: candle.close for candle in candles} | dict(live)
        self._points = deque(sorted(points.items()))
        self._trim()

    def add(self, time: int, price: float) -> None:
        """Move the last point, or begin the next one."""
        if self._points:
            last = self._points[-1][0]
            if time < last:
                return
            if time < last + STEP:  # by far the most frequent case
                self._points[-1] = (last, price)
                self.version += 1
                return
        self._points.append((start_of(SPAN_INTERVAL, time), price))
        self._trim()

    def _trim(self) -> None:
        """Drop what is older than a day, and count the change."""
        while self._points and self._points[-1][0] - self._points[0][0] >= SPAN:
            self._points.popleft()
        self.version += 1
