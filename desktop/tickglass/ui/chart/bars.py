"""Bars in every style, drawn as arrays in whole pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen, QPolygonF

from ...language import mark
from ...market.candles import CLOSE, OPEN, VOLUME, Flags, Floats
from ..theme import Theme
from .arrays import Brushwork
from .scales import PriceScale

BarStyle = Literal["candles", "hollow", "bars", "line", "area", "heikin-ashi"]
BAR_STYLES: dict[BarStyle, str] = {
    "candles": mark("Candles"),
    "hollow": mark("Hollow candles"),
    "bars": mark("Bars"),
    "line": mark("Line"),
    "area": mark("Area"),
    "heikin-ashi": mark("Heikin-Ashi"),
}

BODY = 0.7  # of the space that a bar has
NARROWEST_BODY = 3.0  # px; below that a bar is its wick
VOLUME_STRENGTH = 0.36  # of the colour of the candle, on the ground
VOLUME_SHARE = 0.18  # of the pane's height
ONE: Flags = np.ones(1, np.bool_)
AREA_ALPHA = (70, 6)  # of 255, at the line and at the bottom


@dataclass(slots=True)
class Bars:
    """What is to be drawn: rows as of a candle series, the middle of each bar and their width, px.

    ``before`` is the close of the bar before the first, where there is one.
    """

    rows: Floats
    xs: Floats
    width: float
    before: float | None = None


class BarPainter:
    """Draws bars onto a painter whose clip is set."""

    def __init__(self, brushwork: Brushwork) -> None:
        self._brush = brushwork

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._up, self._down = QColor(theme.up), QColor(theme.down)
        self._line, self._panel = QColor(theme.accent), QColor(theme.panel)

    def paint(self, painter: QPainter, bars: Bars, scale: PriceScale, style: BarStyle) -> None:
        """Draw bars in a style; Heikin-Ashi rows are drawn as the candles that they are."""
        if not bars.rows.shape[1]:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        if style in ("line", "area"):
            self._path(painter, bars, scale, filled=style == "area")
        elif style == "bars":
            self._ohlc(painter, bars, scale)
        else:
            self._candles(painter, bars, scale, hollow=style == "hollow")

    def volume(
        self, painter: QPainter, bars: Bars, most: float, bottom: float, room: float
    ) -> None:
        """Volume along the bottom; ``most`` is as high as ``room`` allows."""
        if most <= 0:
            return
        heights = np.round(bars.rows[VOLUME] / most * room * VOLUME_SHARE)
        rising = bars.rows[CLOSE] >= bars.rows[OPEN]
        width = max(1.0, bars.width)
        painter.setPen(Qt.PenStyle.NoPen)
        for chosen, colour in self._colours(rising):
            painter.setBrush(mixed(colour, self._panel, VOLUME_STRENGTH))
            x, height = bars.xs[chosen] - width // 2, heights[chosen]
            self._brush.rects(painter, x, round(bottom) - height, width, height)

    def _candles(self, painter: QPainter, bars: Bars, scale: PriceScale, *, hollow: bool) -> None:
        rows = bars.rows
        opens, highs, lows, closes = np.round(scale.ys(rows[OPEN : CLOSE + 1]))
        top, bottom = np.minimum(opens, closes), np.maximum(opens, closes)
        rising = rows[CLOSE] >= rows[OPEN]
        up = rows[CLOSE] >= _closes_before(bars) if hollow else rising
        bodies = bars.width >= NARROWEST_BODY
        for chosen, colour in self._colours(up):
            x = bars.xs[chosen]
            # A line would not lie in the middle of its body where a pixel has several dots.
            high = highs[chosen]
            self._fill(painter, colour, x, high, 1.0, lows[chosen] - high + 1)
            if bodies:
                empty = rising[chosen] & hollow
                left = x - bars.width // 2
                height = np.maximum(1.0, (bottom - top)[chosen])
                self._fill(painter, colour, left, top[chosen], bars.width, height)
                if hollow:
                    self._hollow_out(painter, left, top[chosen], bars.width, height, empty)

    def _colours(self, rising: Flags) -> list[tuple[Flags, QColor]]:
        """Which bars have which colour, for the colours that there are."""
        if len(rising) == 1:
            return [(ONE, self._up if rising[0] else self._down)]
        return [(rising, self._up), (~rising, self._down)]

    def _fill(
        self, painter: QPainter, colour: QColor, x: Floats, y: Floats, width: float, height: Floats
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        self._brush.rects(painter, x, y, width, height)

    def _hollow_out(
        self, painter: QPainter, x: Floats, y: Floats, width: float, height: Floats, which: Flags
    ) -> None:
        inside = which & (height > 2)
        self._fill(
            painter, self._panel, x[inside] + 1, y[inside] + 1, width - 2, height[inside] - 2
        )

    def _ohlc(self, painter: QPainter, bars: Bars, scale: PriceScale) -> None:
        rows = bars.rows
        opens, highs, lows, closes = np.round(scale.ys(rows[OPEN : CLOSE + 1]))
        rising = rows[CLOSE] >= rows[OPEN]
        arm = max(1.0, bars.width // 2)
        for chosen, colour in self._colours(rising):
            x = bars.xs[chosen]
            painter.setPen(QPen(colour, 1))
            self._brush.lines(painter, x, highs[chosen], x, lows[chosen])
            if bars.width >= NARROWEST_BODY:
                self._brush.lines(painter, x - arm, opens[chosen], x, opens[chosen])
                self._brush.lines(painter, x, closes[chosen], x + arm, closes[chosen])

    def _path(self, painter: QPainter, bars: Bars, scale: PriceScale, *, filled: bool) -> None:
        closes = scale.ys(bars.rows[CLOSE])
        if filled:
            self._area(painter, bars.xs, closes, scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
        painter.setPen(QPen(self._line, 1))
        self._brush.path(painter, bars.xs, closes)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _area(self, painter: QPainter, xs: Floats, ys: Floats, scale: PriceScale) -> None:
        bottom = scale.top + scale.height
        points = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
        outline = [QPointF(xs[0], bottom), *points, QPointF(xs[-1], bottom)]
        gradient = QLinearGradient(0.0, scale.top, 0.0, bottom)
        for place, alpha in zip((0.0, 1.0), AREA_ALPHA, strict=True):
            colour = QColor(self._line)
            colour.setAlpha(alpha)
            gradient.setColorAt(place, colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawPolygon(QPolygonF(outline))


def mixed(colour: QColor, ground: QColor, strength: float) -> QColor:
    """A colour thinned with its ground. It is opaque: transparent rectangles cost 20 times more."""
    rest = 1 - strength
    return QColor.fromRgbF(
        colour.redF() * strength + ground.redF() * rest,
        colour.greenF() * strength + ground.greenF() * rest,
        colour.blueF() * strength + ground.blueF() * rest,
    )


def _closes_before(bars: Bars) -> Floats:
    closes = bars.rows[CLOSE]
    before = closes[0] if bars.before is None else bars.before
    return np.concatenate(([before], closes[:-1]))
