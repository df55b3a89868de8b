"""The price pane as marks see it: where a time and a price lie, and what is near a bar."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF

from ...market.candles import CLOSE, OPEN, START
from .scene import Scene
from .source import Source

SNAP_PIXELS = 12.0  # how near a price must be to snap to a bar's


class PriceFrame:
    """Turns times and prices into pixels and back, as the chart does at this moment."""

    def __init__(self, scene: Scene, source: Source) -> None:
        self._times = scene.times
        self._scale = scene.price_pane.scale
        self._source = source
        self.area: QRectF = scene.price_pane.area
        self.interval_ms = source.length

    def x(self, time: float) -> float:
        """The pixel of a time; a bar's start lies at the middle of the bar."""
        return self._times.x(time + self.interval_ms / 2)

    def y(self, price: float) -> float:
        """The pixel of a price."""
        return self._scale.y(price)

    def time(self, x: float) -> float:
        """The time of a pixel."""
        return self._times.time(x) - self.interval_ms / 2

    def price(self, y: float) -> float:
        """The price of a pixel."""
        return self._scale.price(y)

    def bars_between(self, first: float, second: float) -> int:
        """How many bars lie from one time to another; negative backwards."""
        return round((second - first) / self.interval_ms)

    def snap(self, time: float, price: float) -> tuple[float, float]:
        """The start of the nearest bar, and the nearest of its prices if one is within reach."""
        starts = self._source.starts
        if not len(starts):
            return time, price
        index = int(np.searchsorted(starts, time + self.interval_ms / 2, side="right")) - 1
        index = max(0, min(index, len(starts) - 1))
        row = self._source.rows[:, index]
        if abs(float(row[START]) - time) > self.interval_ms:
            return time, price
        near = min(
            (float(each) for each in row[OPEN : CLOSE + 1]),
            key=lambda p: abs(self.y(p) - self.y(price)),
        )
        close = abs(self.y(near) - self.y(price)) <= SNAP_PIXELS
        return float(row[START]), near if close else price
