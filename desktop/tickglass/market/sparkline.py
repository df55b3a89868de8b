"""The recent course of a price in a few points."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from .events import Candle
from .interval import milliseconds, start_of


class Span(NamedTuple):
    """A stretch of time: that many points, one for each interval."""

    interval: str
    points: int


# Intervals that every exchange has, and fewer points than any of them sends in one reply.
SPANS: dict[str, Span] = {
    "1h": Span("1m", 60),
    "4h": Span("5m", 48),
    "24h": Span("15m", 96),
    "7d": Span("2h", 84),
}
USUAL_SPAN = "24h"  # the one that the change column speaks of


class Sparkline:
    """Closes of the last while, one a point; the last point moves with the price."""

    __slots__ = ("_ended", "_interval", "_length", "_price", "_start", "_step", "span", "version")

    def __init__(self, span: str = USUAL_SPAN) -> None:
        self.version = 0
        self._ended: deque[tuple[int, float]] = deque()
        self._take(span)

    @property
    def prices(self) -> list[float]:
        """The points, oldest first."""
        return [price for _, price in self._points()]

    def choose(self, span: str) -> None:
        """Show another stretch of time, empty at first; KeyError if there is none of that name."""
        if span != self.span:
            self._take(span)

    def seed(self, candles: Sequence[Candle]) -> None:
        """Fill in history of the span's interval; what came live since is kept."""
        points = {candle.start: candle.close for candle in candles} | dict(self._points())
        if points:
            *ended, (self._start, self._price) = sorted(points.items())
            self._ended = deque(ended)
        self._trim()

    def add(self, time: int, price: float) -> None:
        """Move the last point, or begin the next one."""
        if 0 <= time - self._start < self._step:  # by far the most frequent case
            self._price = price
            self.version += 1
        elif time >= self._start:
            self._ended.extend(self._points()[-1:])
            self._start, self._price = start_of(self._interval, time), price
            self._trim()

    def _take(self, span: str) -> None:
        self._interval, points = SPANS[span]
        self.span = span
        self._step = milliseconds(self._interval)
        self._length = points * self._step
        self._ended.clear()
        self._start = -self._step  # of the last point
        self._price = 0.0
        self.version += 1

    def _points(self) -> list[tuple[int, float]]:
        return [*self._ended, (self._start, self._price)] if self._start >= 0 else []

    def _trim(self) -> None:
        """Drop what is older than the span, and count the change."""
        while self._ended and self._start - self._ended[0][0] >= self._length:
            self._ended.popleft()
        self.version += 1
