"""Candles and volume, drawn as arrays in device pixels: crisp, and only what is in view."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ...market.candles import CLOSE, HIGH, LOW, OPEN, START, VOLUME, CandleSeries, Floats
from ..theme import Theme

MS = 1_000.0
BODY = 0.7  # of the space that a candle has
VOLUME_ALPHA = 110
VOLUME_SHARE = 0.18  # of the pane's height
EVERYTHING = QRectF(-1e12, -1e18, 2e12, 2e18)


def visible_rows(series: CandleSeries, left: float, right: float) -> Floats:
    """The candles that touch the seconds from ``left`` to ``right``: a view, not a copy."""
    starts = series.starts
    first = max(0, int(np.searchsorted(starts, left * MS, side="right")) - 1)
    last = int(np.searchsorted(starts, right * MS, side="right"))
    return series.rows[:, first:last]


def binned(rows: Floats, bins: int) -> Floats:
    """As many candles as there are pixels: each the first open, last close, extremes and sum."""
    count = rows.shape[1]
    if count <= bins:
        return rows
    edges = np.linspace(0, count, bins + 1).astype(np.intp)[:-1]
    ends = np.append(edges[1:], count) - 1
    return np.stack((
        rows[START, edges], rows[OPEN, edges], np.maximum.reduceat(rows[HIGH], edges),
        np.minimum.reduceat(rows[LOW], edges), rows[CLOSE, ends],
        np.add.reduceat(rows[VOLUME], edges),
    ))  # fmt: skip


class SeriesItem(pg.GraphicsObject):  # type: ignore[misc]
    """What candles and volume share: the series, the colours, and the way to pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._series: CandleSeries | None = None
        self._seconds = 60.0
        self._lines = pg.Qt.internals.PrimitiveArray(QLineF, 4)
        self._rects = pg.Qt.internals.PrimitiveArray(QRectF, 4)

    def set_series(self, series: CandleSeries | None, seconds: float) -> None:
        """Show another series, whose candles are so many seconds long."""
        self._series, self._seconds = series, seconds
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._up, self._down = QColor(theme.up), QColor(theme.down)
        self.update()

    def boundingRect(self) -> QRectF:
        """Everything: the item itself draws only what is in view."""
        return EVERYTHING

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw what is in view."""
        if self._series is None or not len(self._series):
            return
        view = self.getViewBox()
        (left, right), (bottom, top) = view.viewRange()
        area = view.mapRectToDevice(view.boundingRect())
        rows = binned(visible_rows(self._series, left, right), max(1, int(area.width())))
        if not rows.shape[1] or right <= left or top <= bottom:
            return
        xs = (
            area.left()
            + (rows[START] / MS + self._seconds / 2 - left) / (right - left) * area.width()
        )
        width = max(1.0, round(self._seconds / (right - left) * area.width() * BODY))
        painter.save()
        painter.resetTransform()
        painter.setClipRect(area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        scale = area.height() / (top - bottom)
        self._draw(
            painter, rows, np.round(xs), width, area, lambda y: area.bottom() - (y - bottom) * scale
        )
        painter.restore()

    def _draw(
        self, painter: QPainter, rows: Floats, xs: Floats, width: float, area: QRectF, y: Any
    ) -> None:
        raise NotImplementedError

    def _fill(
        self,
        painter: QPainter,
        colour: QColor,
        x: Floats,
        top: Floats,
        width: float,
        height: Floats,
    ) -> None:
        if not len(x):
            return
        self._rects.resize(len(x))
        memory = self._rects.ndarray()
        memory[:, 0], memory[:, 1], memory[:, 2], memory[:, 3] = x, top, width, height
        painter.setPen(QPen(QColor(0, 0, 0, 0)))
        painter.setBrush(colour)
        painter.drawRects(*self._rects.drawargs())


class CandleItem(SeriesItem):
    """Bodies and wicks."""

    def _draw(
        self, painter: QPainter, rows: Floats, xs: Floats, width: float, area: QRectF, y: Any
    ) -> None:
        opens, closes = np.round(y(rows[OPEN])), np.round(y(rows[CLOSE]))
        highs, lows = np.round(y(rows[HIGH])), np.round(y(rows[LOW]))
        rising = rows[CLOSE] >= rows[OPEN]
        for chosen, colour in ((rising, self._up), (~rising, self._down)):
            self._wicks(painter, colour, xs[chosen], highs[chosen], lows[chosen])
            top = np.minimum(opens, closes)[chosen]
            height = np.maximum(1.0, np.abs(opens - closes)[chosen])
            if width > 1:
                self._fill(painter, colour, xs[chosen] - width // 2, top, width, height)

    def _wicks(
        self, painter: QPainter, colour: QColor, x: Floats, high: Floats, low: Floats
    ) -> None:
        if not len(x):
            return
        self._lines.resize(len(x))
        memory = self._lines.ndarray()
        memory[:, 0] = memory[:, 2] = x
        memory[:, 1], memory[:, 3] = high, low
        painter.setPen(QPen(colour, 1))
        painter.drawLines(*self._lines.drawargs())


class VolumeItem(SeriesItem):
    """Volume bars along the bottom, as high as the share of the pane that they are given."""

    def set_theme(self, theme: Theme) -> None:
        """The same colours as the candles, see-through."""
        super().set_theme(theme)
        self._up.setAlpha(VOLUME_ALPHA)
        self._down.setAlpha(VOLUME_ALPHA)

    def _draw(
        self, painter: QPainter, rows: Floats, xs: Floats, width: float, area: QRectF, y: Any
    ) -> None:
        most = float(rows[VOLUME].max())
        if most <= 0:
            return
        heights = np.round(rows[VOLUME] / most * area.height() * VOLUME_SHARE)
        rising = rows[CLOSE] >= rows[OPEN]
        for chosen, colour in ((rising, self._up), (~rising, self._down)):
            top = round(area.bottom()) - heights[chosen]
            self._fill(painter, colour, xs[chosen] - width // 2, top, width, heights[chosen])
