"""One price as a tile: how the ticker and the board paint it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from ..language import tr
from ..market.freshness import Freshness
from .freshness_marks import MARKS
from .price_view import PriceView, TileShape
from .tokens import (
    ALERT_BLINK_SECONDS,
    ALERT_FLASH_SECONDS,
    ALERT_MARK,
    FLASH_ALPHA,
    FLASH_SECONDS,
    FLASH_STEPS,
    GAP_SMALL,
    RADIUS,
    Theme,
)

__all__ = ["PriceTile", "PriceView", "TileShape"]

BORDER_TRUSTED, BORDER_DEAD = 1, 2  # px
SPARK_SECONDS = 1.0  # between two paintings of a sparkline
ROLES = ("panel", "border", "selection", "accent", "text", "muted", "dimmed", "live", "up", "down",
         "warning")  # fmt: skip
ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PriceTile(QWidget):
    """Shows one price; repaints only what changed, and only in ``flush``."""

    def __init__(self, theme: Theme, shape: TileShape, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.view: PriceView | None = None
        self.still = False
        self._theme, self._shape = theme, shape
        self._colours = coloured(theme)
        self._flashed, self._rose = 0.0, True  # until when, and in which colour
        self._shade = 0
        self._alerted = 0.0  # until when
        self._blinks = False
        self._doubt = self._spoken = ""
        self._prices: tuple[float, ...] = ()
        self._line_due = 0.0
        self._line: QPolygonF | None = None

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme, self._colours = theme, coloured(theme)
        self.update()

    def set_shape(self, shape: TileShape) -> None:
        """Take another size of type."""
        self._shape, self._line = shape, None
        self.update()

    def alert(self, now: float) -> None:
        """An alert fired: be noticed for a while from now (monotonic seconds)."""
        self._alerted = now + ALERT_FLASH_SECONDS

    def show_view(self, view: PriceView, now: float) -> None:
        """Show a price from now (monotonic seconds) on."""
        before = self.view
        if view == before:
            return
        self.view = view
        if before is None or before.instrument != view.instrument:
            self._flashed = self._line_due = 0.0
            self._take_line(view, now)
            self._said(view)
            self.update()
        else:
            self._show_difference(before, view, now)

    def flush(self, now: float) -> None:
        """Let flashes fade: one repaint per shade."""
        left = (self._flashed - now) / FLASH_SECONDS
        shade = max(0, min(FLASH_STEPS, round(left * FLASH_STEPS + 0.49)))
        if shade != self._shade:
            self._shade = shade
            self.update(self._price_rect())
        ringing = self._alerted - now
        beat = int((ALERT_FLASH_SECONDS - ringing) / ALERT_BLINK_SECONDS)
        blinks = ringing > 0 and (self.still or beat % 2 == 0)
        if blinks != self._blinks:
            self._blinks = blinks
            self.update()

    def sizeHint(self) -> QSize:
        """Room for what it shows now."""
        return self._shape.size_for([self.view] if self.view else [])

    def _show_difference(self, before: PriceView, view: PriceView, now: float) -> None:
        if view.freshness is not before.freshness or view.doubt() != self._doubt:
            self._said(view)
            self.update()
        elif view.change != before.change or view.direction != before.direction:
            self._said(view)
            self.update(self._change_rect())
        if view.price != before.price:
            self._said(view)
            if not self.still and view.freshness.trusted and before.known:
                self._flash(before.value, view.value, now)
            self.update(self._price_rect())
        if view.prices != self._prices and now >= self._line_due:
            self._take_line(view, now)
            self.update(self._line_rect())

    def _flash(self, before: float | None, after: float | None, now: float) -> None:
        if before is not None and after is not None and before != after:
            self._flashed, self._rose = now + FLASH_SECONDS, after > before

    def _take_line(self, view: PriceView, now: float) -> None:
        self._prices, self._line = view.prices, None
        self._line_due = now + SPARK_SECONDS

    def _said(self, view: PriceView) -> None:
        self._doubt = view.doubt()
        name = tr("{pair} on {exchange}", pair=view.pair, exchange=view.exchange)
        if name != self.accessibleName():
            self.setAccessibleName(name)
        spoken = view.spoken()
        if spoken != self._spoken:
            self._spoken = spoken
            self.setAccessibleDescription(spoken)

    def _inner(self) -> QRect:
        pad = self._shape.pad
        return self.rect().adjusted(pad, pad, -pad, -pad)

    def _head_rect(self) -> QRect:
        inner = self._inner()
        return QRect(inner.left(), inner.top(), inner.width(), self._shape.heights[0])

    def _price_rect(self) -> QRect:
        inner, (head, height) = self._inner(), self._shape.heights
        width = inner.width()
        if not self._shape.sparkline:
            width -= self._shape.change_width
        return QRect(inner.left(), inner.top() + head, width, height)

    def _change_rect(self) -> QRect:
        inner, price = self._inner(), self._price_rect()
        if not self._shape.sparkline:
            return QRect(price.right() + 1, price.top(), inner.right() - price.right(),
                         price.height())  # fmt: skip
        return QRect(inner.left(), price.bottom() + 1, inner.width(), self._shape.change_height)

    def _line_rect(self) -> QRect:
        if not self._shape.sparkline:
            return QRect()
        inner, top = self._inner(), self._change_rect().bottom() + self._shape.pad
        return QRect(inner.left(), top, inner.width(), max(0, inner.bottom() - top))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, edge, then whatever of the tile is asked for."""
        painter, view, dirty = QPainter(self), self.view, event.rect()
        painter.fillRect(dirty, self._colours["selection" if self._blinks else "panel"])
        if view is None:
            return
        self._paint_edge(painter, view)
        if dirty.intersects(self._head_rect()):
            self._paint_head(painter, view)
        if dirty.intersects(self._price_rect()):
            self._paint_price(painter, view)
        if dirty.intersects(self._change_rect()):
            self._paint_change(painter, view)
        if dirty.intersects(self._line_rect()):
            self._paint_line(painter, view)

    def _paint_edge(self, painter: QPainter, view: PriceView) -> None:
        """Dashed and thick around what is not live: the shape says it, not only the colour."""
        dead = view.dead
        colour = "accent" if self._blinks else "warning" if dead else "border"
        width = BORDER_DEAD if dead or self._blinks else BORDER_TRUSTED
        style = Qt.PenStyle.DashLine if dead else Qt.PenStyle.SolidLine
        painter.setPen(QPen(self._colours[colour], width, style))
        inset = width // 2
        painter.drawRect(self.rect().adjusted(inset, inset, -width, -width))

    def _paint_head(self, painter: QPainter, view: PriceView) -> None:
        rect, shape, colours = self._head_rect(), self._shape, self._colours
        painter.setFont(shape.pair)
        live = view.freshness is Freshness.LIVE
        painter.setPen(colours["live" if live else "warning" if view.dead else "muted"])
        painter.drawText(rect, ALIGN_LEFT, MARKS[view.freshness])
        corner = shape.note_metrics.horizontalAdvance(view.exchange)
        left = rect.adjusted(shape.mark_width, 0, -corner - GAP_SMALL, 0)
        painter.setPen(colours["muted" if view.dead else "text"])
        ring = f" {ALERT_MARK}" if self._blinks else ""
        elided = shape.pair_metrics.elidedText(
            view.pair + ring, Qt.TextElideMode.ElideRight, left.width()
        )
        painter.drawText(left, ALIGN_LEFT, elided)
        painter.setFont(shape.note)
        painter.setPen(colours["muted"])
        painter.drawText(rect, ALIGN_RIGHT, view.exchange)

    def _paint_price(self, painter: QPainter, view: PriceView) -> None:
        rect = self._price_rect()
        if self._shade and view.freshness.trusted:
            tint = QColor(self._colours["up" if self._rose else "down"])
            tint.setAlpha(FLASH_ALPHA * self._shade // FLASH_STEPS)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        if not view.dead:
            role = "text" if view.freshness.trusted else "dimmed"
            self._shape.figures.draw(painter, rect, view.price, self._colours[role])
            return
        painter.setFont(self._shape.struck)
        painter.setPen(self._colours["dimmed"])
        painter.drawText(rect, ALIGN_LEFT, view.price)

    def _paint_change(self, painter: QPainter, view: PriceView) -> None:
        """The change; how old a dead price is stands beside it, or in its place."""
        rect, wide = self._change_rect(), self._shape.sparkline
        role = "up" if view.direction > 0 else "down" if view.direction < 0 else "muted"
        painter.setFont(self._shape.change)
        if view.dead:
            painter.setPen(self._colours["warning"])
            painter.drawText(rect, ALIGN_RIGHT, self._doubt)
        if wide or not view.dead:
            painter.setPen(self._colours["dimmed" if view.dead else role])
            painter.drawText(rect, ALIGN_LEFT if wide else ALIGN_RIGHT, view.change_said())
        if wide and not view.dead:
            painter.setFont(self._shape.note)
            painter.setPen(self._colours["muted"])
            painter.drawText(rect, ALIGN_RIGHT, view.basis)

    def _paint_line(self, painter: QPainter, view: PriceView) -> None:
        if len(self._prices) < 2:
            return
        if self._line is None:
            self._line = course(self._prices, QRectF(self._line_rect()).adjusted(1, 1, -1, -1))
        rises = self._prices[-1] >= self._prices[0]
        role = "up" if rises else "down"
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._colours[role if view.freshness.trusted else "dimmed"], 1))
        painter.drawPolyline(self._line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The course of the price is drawn anew for another size."""
        self._line = None


def coloured(theme: Theme) -> dict[str, QColor]:
    """The colours of the roles that a tile uses."""
    return {role: QColor(getattr(theme, role)) for role in ROLES}


def course(prices: Sequence[float], box: QRectF) -> QPolygonF:
    """The sparkline as points within a box; a price that never moved lies in its middle."""
    low, high = min(prices), max(prices)
    scale = box.height() / (high - low) if high > low else 0.0
    step = box.width() / (len(prices) - 1)
    flat = box.center().y()
    heights = (box.bottom() - (price - low) * scale if scale else flat for price in prices)
    return QPolygonF([QPointF(box.left() + step * number, y) for number, y in enumerate(heights)])
