"""The axes: prices in the steps of the instrument, times of the day in local time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import MAXYEAR, datetime, timedelta
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Signal

from ..text import price_text

MINUTE, HOUR, DAY = 60, 3_600, 86_400
MONTH, YEAR = 30 * DAY, 365 * DAY
STEPS = (
    *(1, 5, 15, 30, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE),
    *(HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY),
    *(MONTH, 3 * MONTH, 6 * MONTH, YEAR, 2 * YEAR, 5 * YEAR),
)
LABEL_PIXELS = 96  # the least distance between two labels
PRICE_PIXELS = 46
NICE = (1, 2, 5, 10)
PER_PIXEL = 1.006  # by which a drag of one pixel stretches the price range
WHEEL_PIXELS = 0.2  # of a drag that one eighth of a degree of the wheel is worth


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Local time. Days are named where they begin, and at the first label in any case."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self._first: float | None = None

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Ticks on whole local steps, far enough apart for their labels."""
        least = (high - low) * LABEL_PIXELS / max(1.0, size)
        step = next((step for step in STEPS if step >= least), STEPS[-1])
        ticks = round_times(low, high, step)
        self._first = ticks[0] if ticks else None
        return [(float(step), ticks)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """The labels of these ticks."""
        return [time_label(value, spacing, named=value == self._first) for value in values]


class PriceAxis(pg.AxisItem):  # type: ignore[misc]
    """Prices with the decimals of the instrument; never an exponent.

    ``scaled`` tells by what factor the person stretched the range, ``reset`` that it should follow
    the candles again.
    """

    scaled = Signal(float)
    reset = Signal()

    def __init__(self) -> None:
        super().__init__("right")
        self.decimals: int | None = None
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Ticks on round prices."""
        step = nice_step((high - low) * PRICE_PIXELS / max(1.0, size))
        if step <= 0 or not math.isfinite(step):
            return []
        first = math.ceil(low / step)
        return [(step, [number * step for number in range(first, int(high / step) + 1)])]

    def mouseDragEvent(self, event: Any) -> None:
        """Dragging down shows more prices, dragging up fewer."""
        event.accept()
        self.scaled.emit(PER_PIXEL ** (event.pos().y() - event.lastPos().y()))

    def wheelEvent(self, event: Any) -> None:
        """The wheel does the same in steps."""
        event.accept()
        self.scaled.emit(PER_PIXEL ** (-event.delta() * WHEEL_PIXELS))

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """Follow the candles again."""
        event.accept()
        self.reset.emit()

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """The prices in figures."""
        needed = max(0, -math.floor(math.log10(spacing))) if spacing > 0 else 0
        decimals = needed if self.decimals is None else self.decimals
        return [price_text(value, decimals) for value in values]


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``least``."""
    if least <= 0 or not math.isfinite(least):
        return 0.0
    power = 10.0 ** math.floor(math.log10(least))
    return next((nice * power for nice in NICE if nice * power >= least * 0.999999), 10 * power)


def round_times(low: float, high: float, step: int) -> list[float]:
    """The round local times from ``low`` to ``high``: seconds since the epoch, ascending.

    They are counted on the wall clock, so that days begin at midnight and months on the first on
    either side of a change of the clocks.
    """
    moments = _wall_clock(datetime.fromtimestamp(low), step)
    times: list[float] = []
    for moment in moments:
        seconds = moment.timestamp()
        if seconds > high:
            return times
        if seconds >= low and (not times or seconds > times[-1]):
            times.append(seconds)
    return times


def _wall_clock(first: datetime, step: int) -> Iterator[datetime]:
    """Round times of the wall clock, from at or before ``first`` without end."""
    if step >= MONTH:
        months = step // MONTH if step < YEAR else 12 * (step // YEAR)
        number = (first.year * 12 + first.month - 1) // months * months
        while number < 12 * MAXYEAR:
            yield datetime(number // 12, number % 12 + 1, 1)
            number += months
        return
    if step >= DAY:
        days = step // DAY
        moment = datetime.fromordinal(first.toordinal() // days * days)
    else:
        midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
        moment = midnight + (first - midnight) // timedelta(seconds=step) * timedelta(seconds=step)
    while True:
        yield moment
        moment += timedelta(seconds=step)


def time_label(seconds: float, step: float, *, named: bool = False) -> str:
    """14:30, with the day where it begins or is asked for; 22 Nov from a day's step on."""
    moment = datetime.fromtimestamp(seconds)
    day = f"{moment.day} {moment:%b}"
    if step >= YEAR:
        return f"{moment:%Y}"
    if step >= MONTH:
        return f"{moment:%b %Y}"
    if step >= DAY or (moment.hour == moment.minute == moment.second == 0):
        return day
    clock = f"{moment:%H:%M:%S}" if step < MINUTE else f"{moment:%H:%M}"
    return f"{day} {clock}" if named else clock
