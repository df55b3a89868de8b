"""The heat of the order book beside a chart, at the chart's prices on whatever scale it has."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from ...language import tr
from ...market.candles import Floats
from ...market.heat import Heat, HeatRecord
from ...market.instrument import Instrument
from ..book.heat_strip import COLUMN_MS, MS, HeatStrip
from ..text import age_text, amount_text, price_text
from ..theme import Theme
from .scales import LOG_FLOOR
from .scene import Scene

HEAT_WIDTH = 150  # px
FINE_LEAST, FINE_MOST = 2, 8  # parts that a pixel's worth of price is cut into


class ScaledHeatStrip(HeatStrip):
    """A heat strip whose prices may be given, and lie, by their logarithms."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._logs = False

    def set_logs(self, logs: bool) -> None:
        """Whether ``set_prices`` tells logarithms from now on."""
        if logs != self._logs:
            self._logs = logs
            self.set_record(self._record, self._currency, self._decimals)

    def read_out(self, x: int, y: int) -> str:
        """Price, how long ago, and what stood there, at a pixel."""
        record = self._record
        if not self._logs:
            return super().read_out(x, y)
        if record is None or not self.height() or self._high <= self._low:
            return ""
        price = math.exp(self._high - (self._high - self._low) * (y + 0.5) / self.height())
        number = record.grid.floor_of(price)
        low, high = record.grid.price(number), record.grid.price(number + 1)
        start = (self._column - self.width() + x) * COLUMN_MS
        size = float(record.picture(start, start + COLUMN_MS, 1, low, high, 1).sizes[0, 0])
        words = tr("not known") if math.isnan(size) else f"{amount_text(size)} {self._currency}"
        age = age_text(max(0.0, self._now - start / MS))
        return f"{price_text(low, self._decimals)} · {words} · {age}"

    def _heat(self, record: HeatRecord, column: int, width: int) -> Heat:
        if not self._logs:
            return super()._heat(record, column, width)
        end = column * COLUMN_MS
        ends = end - width * COLUMN_MS, end
        return log_picture(record, *ends, width, self._low, self._high, self.height())


def log_picture(
    record: HeatRecord,
    start_ms: float,
    end_ms: float,
    width: int,
    low: float,
    high: float,
    height: int,
) -> Heat:
    """The record from one logarithm of a price to another: sizes within each pixel of that scale.

    ``mids`` are logarithms too. It is cut finer than pixels at even prices, then put together.
    """
    floor, ceiling = math.exp(low), math.exp(high)
    parts = height * min(FINE_MOST, max(FINE_LEAST, math.ceil(ceiling / floor)))
    even = record.picture(start_ms, end_ms, width, floor, ceiling, parts)
    edges = np.exp(np.linspace(low, high, height + 1))
    places = np.clip((edges - floor) / (ceiling - floor) * parts, 0, parts)
    upward = even.sizes[::-1]
    sizes = np.diff(_sums(np.nan_to_num(upward), places), axis=0)
    unknown = np.diff(_sums(np.isnan(upward).astype(np.float64), places), axis=0)
    sizes[unknown > np.diff(places)[:, None] / 2] = np.nan
    return Heat(sizes[::-1], np.log(np.maximum(even.mids, LOG_FLOOR)))


def _sums(rows: Floats, places: Floats) -> Floats:
    """The sums of the rows below each place, of which a part may be that of a row."""
    sums = np.zeros((len(rows) + 1, rows.shape[1]))
    np.cumsum(rows, axis=0, out=sums[1:])
    whole = np.minimum(places.astype(np.intp), len(rows) - 1)
    found: Floats = sums[whole] + (sums[whole + 1] - sums[whole]) * (places - whole)[:, None]
    return found


class HeatBeside(QWidget):
    """Room beside a chart, and in it the strip, as high as the pane of the prices."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.strip = ScaledHeatStrip(theme)
        self.strip.setParent(self)
        self._shown: tuple[HeatRecord | None, int] = (None, 0)
        self.setFixedWidth(HEAT_WIDTH)
        self.hide()

    def flush(
        self, now: float, record: HeatRecord | None, instrument: Instrument | None, scene: Scene
    ) -> None:
        """Show what stood in the book at the prices of the chart; nothing without a record."""
        wanted = record is not None and instrument is not None and scene.drawn is not None
        if wanted == self.isHidden():
            self.setVisible(wanted)
        if record is None or instrument is None or not wanted:
            return
        pane, strip = scene.price_pane, self.strip
        place = QRect(0, round(pane.area.top()), HEAT_WIDTH, round(pane.area.height()))
        if strip.geometry() != place:
            strip.setGeometry(place)
        shown = record, scene.decimals or 0
        if shown != self._shown:
            self._shown = shown
            strip.set_record(record, instrument.base, shown[1])
        strip.set_logs(pane.scale.mode == "log")
        strip.set_prices(*pane.scale.ends)
        strip.flush(now)
