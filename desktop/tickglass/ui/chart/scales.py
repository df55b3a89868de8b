"""Where a time and a price lie on the chart: plain arithmetic, without Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from ...market.candles import START, Floats, Places

ScaleMode = Literal["linear", "log", "percent"]
SCALE_MODES: tuple[ScaleMode, ...] = ("linear", "log", "percent")

NICE = (1, 2, 5, 10)
PRICE_PIXELS = 46  # the least distance between two labels of prices
CLOSEST_PIXELS = 24  # the same where the chart is too low for a few of them
LABELS_WANTED = 4
DECADE_STEPS = (1, 2, 5)
LOG_FLOOR = 1e-18  # below any price
FLAT_ROOM = 0.001  # of the price, above and below prices that do not move


class Range(NamedTuple):
    """From a smaller to a larger number."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """How far it is from one end to the other."""
        return self.high - self.low


@dataclass(slots=True)
class TimeScale:
    """``left`` and ``right``, ms UTC, lie at the pixels ``x0`` and ``x0 + width``."""

    left: float = 0.0
    right: float = 1.0
    x0: float = 0.0
    width: float = 1.0

    @property
    def span(self) -> float:
        """How many ms are in view."""
        return self.right - self.left

    def x(self, time: float) -> float:
        """The pixel of a time."""
        return self.x0 + (time - self.left) / self.span * self.width

    def xs(self, times: Floats) -> Floats:
        """The pixels of many times."""
        return self.x0 + (times - self.left) * (self.width / self.span)

    def time(self, x: float) -> float:
        """The time of a pixel."""
        return self.left + (x - self.x0) / self.width * self.span

    def pan(self, pixels: float) -> None:
        """Move the picture to the right by so many pixels: older times come into view."""
        step = pixels / self.width * self.span
        self.left -= step
        self.right -= step

    def zoom(self, factor: float, x: float, least: float, most: float) -> None:
        """Show ``factor`` times as much time, within limits of ms; what lies at ``x`` stays."""
        span = min(most, max(least, self.span * factor))
        share = (x - self.x0) / self.width
        fixed = self.time(x)
        self.left = fixed - share * span
        self.right = self.left + span


class PriceScale:
    """Prices from ``shown.low`` at the bottom to ``shown.high`` at the top of some pixels.

    ``base`` is the price that counts as 0 %.
    """

    def __init__(self) -> None:
        self.mode: ScaleMode = "linear"
        self.shown = Range(0.0, 1.0)
        self.auto = True
        self.base = 1.0
        self.top = 0.0
        self.height = 1.0

    @property
    def ends(self) -> Range:
        """What lies at the bottom and at the top: prices, or their logarithms on that scale."""
        low, high = self._value(self.shown.low), self._value(self.shown.high)
        return Range(low, high) if high > low else Range(low, low + 1.0)

    def y(self, price: float) -> float:
        """The pixel of a price."""
        low, high = self.ends
        return self.top + (high - self._value(price)) / (high - low) * self.height

    def ys(self, prices: Floats) -> Floats:
        """The pixels of many prices."""
        low, high = self.ends
        values = np.log(np.maximum(prices, LOG_FLOOR)) if self.mode == "log" else prices
        return self.top + (high - values) * (self.height / (high - low))

    def price(self, y: float) -> float:
        """The price of a pixel."""
        low, high = self.ends
        value = high - (y - self.top) / self.height * (high - low)
        return math.exp(value) if self.mode == "log" else value

    def fit(self, low: float, high: float, above: float, below: float) -> bool:
        """Show these prices with shares of room around them; whether that changed anything."""
        if self.mode == "log":
            low, high = max(low, LOG_FLOOR), max(high, LOG_FLOOR)
        bottom, top = self._value(low), self._value(high)
        room = top - bottom
        if room <= 0:
            room = (abs(FLAT_ROOM * (1.0 if self.mode == "log" else high)) or 1.0) / above
        ends = Range(self._price(bottom - room * below), self._price(top + room * above))
        if ends == self.shown:
            return False
        self.shown = ends
        return True

    def stretch(self, factor: float) -> None:
        """Show ``factor`` times as much; from now on the range is the person's."""
        low, high = self.ends
        middle, half = (low + high) / 2, (high - low) / 2 * factor
        self._hold(middle - half, middle + half)

    def pan(self, pixels: float) -> None:
        """Move the picture down by so many pixels: higher prices come into view."""
        low, high = self.ends
        step = pixels / self.height * (high - low)
        self._hold(low + step, high + step)

    def percent(self, price: float) -> float:
        """How far a price is from the base, in per cent."""
        return (price / self.base - 1) * 100 if self.base else 0.0

    def ticks(self) -> list[float]:
        """Round prices (round per cent in that mode), far enough apart for their labels."""
        low, high = self.shown
        if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
            return []
        if self.mode == "percent" and self.base:
            return self._percent_ticks(self.base / 100)
        if self.mode == "log":
            return self._log_ticks()
        return round_values(low, high, nice_step(self._least_step(high - low)))

    def _percent_ticks(self, scale: float) -> list[float]:
        low, high = self.percent(self.shown.low), self.percent(self.shown.high)
        values = round_values(low, high, nice_step(self._least_step(high - low)))
        return [self.base + value * scale for value in values]

    def _log_ticks(self) -> list[float]:
        """1, 2 and 5 of each decade over a wide range, round prices over a narrow one."""
        low, high = max(self.shown.low, LOG_FLOOR), self.shown.high
        if high / low > 20:
            decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
            found = [step * 10.0**decade for decade in decades for step in DECADE_STEPS]
        else:
            found = round_values(low, high, nice_step(self._least_step(high - low)))
        return self._apart([price for price in found if low <= price <= high])

    def _apart(self, prices: list[float]) -> list[float]:
        """Those that leave room for the label before them."""
        kept: list[float] = []
        for price in prices:
            if not kept or self.y(kept[-1]) - self.y(price) >= CLOSEST_PIXELS:
                kept.append(price)
        return kept

    def _least_step(self, extent: float) -> float:
        height = max(1.0, self.height)
        pixels = max(CLOSEST_PIXELS, min(PRICE_PIXELS, height / LABELS_WANTED))
        return extent * pixels / height

    def _hold(self, low: float, high: float) -> None:
        self.auto = False
        ends = Range(self._price(low), self._price(high))
        if ends.high > ends.low and math.isfinite(ends.width):
            self.shown = ends

    def _value(self, price: float) -> float:
        return math.log(max(price, LOG_FLOOR)) if self.mode == "log" else price

    def _price(self, value: float) -> float:
        return math.exp(min(value, 700.0)) if self.mode == "log" else value


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``least``; 0 if none is."""
    if least <= 0 or not math.isfinite(least):
        return 0.0
    power = 10.0 ** math.floor(math.log10(least))
    return next((nice * power for nice in NICE if nice * power >= least * 0.999999), 10 * power)


def round_values(low: float, high: float, step: float) -> list[float]:
    """The multiples of a step from ``low`` to ``high``."""
    if step <= 0:
        return []
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def visible(starts: Floats, left: float, right: float) -> slice:
    """Where the bars lie that touch the time from ``left`` to ``right``, ms."""
    first = max(0, int(np.searchsorted(starts, left, side="right")) - 1)
    return slice(first, int(np.searchsorted(starts, right, side="right")))


def bin_size(count: int, most: int) -> int:
    """How many bars go into a bin so that there are at most ``most``: 1, 2, 3, 4, 6, 8, 12, …

    So few sizes that zooming to and fro meets the same again, and can keep what it has drawn.
    """
    least, size = -(-count // max(1, most)), 1
    while size < least:
        size = size * 3 // 2 if size & (size - 1) == 0 and size > 1 else -(-size * 4 // 3)
    return size


def bin_edges(part: slice, most: int) -> tuple[int, Places]:
    """The size of the bins that ``part`` touches, and where they begin.

    They begin at multiples of their size, counted from the first bar held, so that they stay what
    they are while one pans.
    """
    size = bin_size(part.stop - part.start, most)
    return size, np.arange(part.start // size * size, part.stop, size, dtype=np.intp)


def binned(rows: Floats, edges: Places, stop: int) -> Floats:
    """Candles drawn together: each the first open, last close, extremes and sum of its bin."""
    opened, high, low, close, volume = range(1, 6)
    begin = int(edges[0])
    local, part = edges - begin, rows[:, begin:stop]
    ends = np.append(edges[1:], stop) - 1
    return np.stack((
        rows[START, edges], rows[opened, edges], np.maximum.reduceat(part[high], local),
        np.minimum.reduceat(part[low], local), rows[close, ends],
        np.add.reduceat(part[volume], local),
    ))  # fmt: skip
