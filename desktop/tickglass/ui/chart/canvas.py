"""The surface of the chart: a picture of all that rests, and over it what is alive."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from ...language import tr
from ..text import price_text
from ..theme import GAP, GAP_SMALL, Theme, tabular
from .mark_layer import MarkLayer
from .overlay import Overlay
from .price_frame import PriceFrame
from .scene import Scene
from .scene_painter import ScenePainter
from .source import Source


class ChartCanvas(QWidget):
    """Paints a scene. ``redraw`` after whatever the background shows has changed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.scene = Scene()
        self.overlay = Overlay(self.scene)
        self.marks = MarkLayer(self)
        self._painter = ScenePainter(self.scene, self._paint_marks)
        self._background: QPixmap | None = None
        self._live = QRegion()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Chart"))
        self.marks.repaint_wanted.connect(self.redraw)
        self.marks.live_repaint_wanted.connect(self.update)
        self.scene.set_font(tabular(self.font()))
        self._take_theme(theme)

    @property
    def source(self) -> Source | None:
        """What is shown."""
        return self.scene.source

    @property
    def frame(self) -> PriceFrame | None:
        """The price pane as marks see it."""
        return None if self.source is None else PriceFrame(self.scene, self.source)

    def redraw(self) -> None:
        """Draw everything anew at the next painting."""
        self._background = None
        self.overlay.touch()
        self.update()

    def picture(self, title: str) -> QPixmap:
        """The chart as it looks now, under a line that says what it is."""
        shot, scene = self.grab(), self.scene
        ratio = shot.devicePixelRatio()
        line = round(scene.metrics.height() + GAP)
        made = QPixmap(shot.width(), shot.height() + round(line * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(QColor(scene.theme.panel))
        painter = QPainter(made)
        painter.setFont(scene.font)
        painter.setPen(QColor(scene.theme.text))
        painter.drawText(QPointF(GAP, GAP_SMALL + scene.metrics.ascent()), title)
        painter.drawPixmap(0, line, shot)
        painter.end()
        return made

    def _take_theme(self, theme: Theme) -> None:
        self.scene.set_theme(theme)
        self._painter.set_theme(theme)

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the background, then draw over it what is alive."""
        background = self._background
        if background is None:
            background = self._background = self._draw_background()
        painter = QPainter(self)
        painter.setFont(self.scene.font)
        painter.drawPixmap(0, 0, background)  # Qt clips what is drawn to the region
        source = self.scene.drawn
        if source is not None:
            self._painter.paint_live(painter)
            self._paint_live_marks(painter)
            self.overlay.paint(painter, source)
        painter.end()

    def _draw_background(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        self.scene.fit()
        painter = QPainter(pixmap)
        self._painter.paint_background(painter)
        painter.end()
        self.overlay.touch()
        self._live = self._live_region()
        return pixmap

    def _update_live(self) -> None:
        before, self._live = self._live, self._live_region()
        self.update(before.united(self._live))

    def _live_region(self) -> QRegion:
        source = self.scene.drawn
        return QRegion() if source is None else self.overlay.region(source)

    def _paint_marks(self, painter: QPainter) -> None:
        frame = self.frame
        if frame is not None:
            self.marks.paint(painter, frame, self.scene.theme, self._write)

    def _paint_live_marks(self, painter: QPainter) -> None:
        frame = self.frame
        if frame is not None and self.marks.is_live:
            painter.save()
            painter.setClipRect(frame.area)
            self.marks.paint_live(painter, frame, self.scene.theme, self._write)
            painter.restore()

    def _write(self, price: float) -> str:
        return price_text(price, self.scene.decimals)

    # ------------------------------------------------------------ Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new size out; the newest bars stay at the right edge."""
        super().resizeEvent(event)
        self.scene.layout(QRectF(self.rect()))
        self.redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Another font or another screen means another picture."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.DevicePixelRatioChange):
            self.scene.set_font(tabular(self.font()))
            self.scene.layout(self.scene.size)
            self.redraw()
        super().changeEvent(event)
