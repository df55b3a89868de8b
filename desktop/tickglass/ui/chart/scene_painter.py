"""Draws a scene in two layers.

The background has all that changes only with the view or a new bar: grid, labels, bars, indicators,
marks at rest. The newest bar moves with every trade and is drawn over it, alone.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from ..theme import Theme
from .axes import paint_end, paint_levels, paint_moments, paint_prices, paint_times
from .bars import BarPainter, Bars
from .in_view import JOINED
from .pane import Pane
from .plots import closed
from .scene import Scene
from .source import Source

NEWEST = 2  # bars, the last of which moves: a line leads to it from the one before


class ScenePainter:
    """Draws one scene; ``paint_marks`` draws what a person has put on it."""

    def __init__(self, scene: Scene, paint_marks: Callable[[QPainter], None]) -> None:
        self._scene = scene
        self._paint_marks = paint_marks
        self._bars = BarPainter(scene.brush)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._bars.set_theme(theme)

    def paint_background(self, painter: QPainter) -> None:
        """Everything but what moves with every trade or under the hands."""
        scene = self._scene
        painter.setFont(scene.font)
        painter.fillRect(scene.size, QColor(scene.theme.panel))
        paint_times(painter, scene)
        for pane in scene.panes:
            paint_prices(painter, scene, pane)
        source = scene.drawn
        if source is None:
            return
        self._paint_panes(painter, source, live=False)
        painter.save()
        painter.setClipRect(scene.price_pane.area)
        paint_end(painter, scene, source)
        paint_levels(painter, scene)
        paint_moments(painter, scene, source)
        self._paint_marks(painter)
        painter.restore()

    def paint_live(self, painter: QPainter) -> None:
        """The newest bar, and the ends of the lines that lead to it."""
        source = self._scene.drawn
        if source is not None:
            self._paint_panes(painter, source, live=True)

    def _paint_panes(self, painter: QPainter, source: Source, *, live: bool) -> None:
        for pane in self._scene.panes:
            painter.save()
            painter.setClipRect(pane.area)
            self._paint_pane(painter, pane, source, live=live)
            painter.restore()

    def _paint_pane(self, painter: QPainter, pane: Pane, source: Source, *, live: bool) -> None:
        times, most = self._scene.times, self._scene.in_view.most
        which = slice(max(0, len(source) - NEWEST), None) if live else closed(source)
        plots = [
            (plot, plot.lines(source, times.left, times.right, most, which)) for plot in pane.plots
        ]
        for plot, lines in plots:
            plot.paint_areas(painter, lines, times, pane.scale)
        if pane.is_price and live:
            self._paint_newest(painter, pane, source)
        elif pane.is_price:
            self._paint_closed(painter, pane, source)
        for plot, lines in plots:
            plot.paint(painter, lines, source, times, pane.scale)

    def _paint_closed(self, painter: QPainter, pane: Pane, source: Source) -> None:
        scene = self._scene
        bars = scene.in_view.bars(source, scene.look.style)
        if bars is not None:
            self._paint_bars(painter, pane, bars)
        for number, other in enumerate(scene.compared):
            self._paint_compared(painter, pane, other, number)

    def _paint_newest(self, painter: QPainter, pane: Pane, source: Source) -> None:
        """The newest bar; where an area was filled towards it, half of the one before as well."""
        scene, style = self._scene, self._scene.look.style
        filled = any(plot.has_areas for plot in pane.plots)
        bars = scene.in_view.bars(source, style, newest=2 if filled or style in JOINED else 1)
        if bars is None:
            return
        painter.save()
        if filled:
            covered = QRectF(pane.area)
            covered.setLeft(max(pane.area.left(), float(bars.xs[0])))
            painter.setClipRect(covered)
        self._paint_bars(painter, pane, bars)
        painter.restore()

    def _paint_bars(self, painter: QPainter, pane: Pane, bars: Bars) -> None:
        scene = self._scene
        bottom, room = pane.area.bottom(), pane.area.height()
        self._bars.volume(painter, bars, scene.most_volume, bottom, room)
        self._bars.paint(painter, bars, pane.scale, scene.look.style)

    def _paint_compared(self, painter: QPainter, pane: Pane, other: Source, number: int) -> None:
        scene = self._scene
        times, prices = scene.compared_prices(other)
        if len(times) > 1:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            painter.setPen(QPen(scene.compared_colour(number), 1))
            scene.brush.path(painter, scene.times.xs(times), pane.scale.ys(prices))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
