"""Where size stood in the book over the last minutes: prices upward, time to the right."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from ...language import mark, tr
from ...market.heat import Heat, HeatRecord
from ..text import age_text, amount_text, price_text
from ..theme import GAP_SMALL, SMALL, Theme, sized
from .tints import SHADES, Pixels, heat_palette

COLUMN_MS = 500  # that one pixel stands for
WHOLE_EVERY = 0.1  # s, between paintings of the whole picture while prices move
BRIGHT = 98  # per cent of the pixels are below the brightest shade
RESCALE = 1.6  # times brighter or darker, before all shades change …
RESCALE_EVERY = 10.0  # … and not more often, s
SAME_PIXELS = 0.25  # prices that move less than this are not painted anew
LABEL_ROOM = 2.5  # heights of a line between two labels
LEAST_SIZE = QSize(60, 80)
KEY_STEP = 8  # px that an arrow key moves the pointer
KEYS_TOLD = mark("Arrow keys read out price, size and time, Escape reads out nothing.")
MS = 1_000


class HeatStrip(QWidget):
    """Shows a record between two prices, so that it can share the price axis of a chart.

    New columns push the picture to the left; all of it is painted anew only when the prices, the
    size or the shades change.
    """

    def __init__(self, theme: Theme, *, labelled: bool = False) -> None:
        super().__init__()
        self.whole_paints = 0  # counted since the beginning
        self._labelled = labelled
        self._record: HeatRecord | None = None
        self._currency = ""
        self._decimals: int | None = None
        self._low = self._high = 0.0
        self._pixels: Pixels = np.zeros((0, 0), np.uint32)
        self._painted = (0.0, 0.0)  # the prices of the picture
        self._column = 0  # number of the column after the last one
        self._bright = 0.0  # the size of the brightest shade
        self._stale = True  # the picture is
        self._whole_at = -math.inf
        self._now = 0.0
        self._dimmed = False
        self._pointer: tuple[int, int] | None = None
        self._set_font()
        self.set_theme(theme)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Heat of the order book over time"))
        if labelled:  # beside a chart, keys are the chart's
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setAccessibleDescription(tr(KEYS_TOLD))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._palette = heat_palette(theme)
        self._unknown = int(QColor(theme.window).rgb())
        self._mid = int(QColor(theme.lines[0]).rgb())
        self._stale = True
        self._whole_at = -math.inf
        self.update()

    def set_record(
        self, record: HeatRecord | None, currency: str = "", decimals: int | None = None
    ) -> None:
        """Show another record; sizes are in ``currency``."""
        self._record, self._currency, self._decimals = record, currency, decimals
        self._stale, self._bright, self._whole_at = True, 0.0, -math.inf
        self.update()

    def set_prices(self, low: float, high: float) -> None:
        """Show these prices, from the bottom to the top."""
        nearly = (high - low) / max(1, self.height()) * SAME_PIXELS
        if abs(low - self._low) > nearly or abs(high - self._high) > nearly:
            self._low, self._high = low, high
            self._stale = True
            self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Whether the book is not to be trusted now."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    @property
    def prices(self) -> tuple[float, float]:
        """The lowest and the highest price in view."""
        return self._low, self._high

    def flush(self, now: float) -> None:
        """Append the columns that are complete at monotonic second ``now``, if anybody looks."""
        self._now = now
        if self._record is None or not self.isVisible() or self._high <= self._low:
            return
        column = math.floor(now * MS / COLUMN_MS)
        if self._stale or self._pixels.shape != (self.height(), self.width()):
            if now - self._whole_at >= WHOLE_EVERY:
                self._paint_whole(self._record, column, now)
        elif column != self._column:
            self._append(self._record, column, now)

    def read_out(self, x: int, y: int) -> str:
        """Price, how long ago, and what stood there, at a pixel."""
        if self._record is None or not self.height() or self._high <= self._low:
            return ""
        price = self._high - (self._high - self._low) * (y + 0.5) / self.height()
        number = self._record.grid.floor_of(price)
        start = (self._column - self.width() + x) * COLUMN_MS
        low, high = (self._record.grid.price(each) for each in (number, number + 1))
        heat = self._record.picture(start, start + COLUMN_MS, 1, low, high, 1)
        size = float(heat.sizes[0, 0])
        words = tr("not known") if math.isnan(size) else f"{amount_text(size)} {self._currency}"
        age = age_text(max(0.0, self._now - start / MS))
        return f"{price_text(low, self._decimals)} · {words} · {age}"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the picture; one of other prices is stretched until it is painted anew."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.window))
        height, width = self._pixels.shape
        low, high = self._painted
        if width and height and self._high > self._low and high > low:
            scale = self.height() / (self._high - self._low)
            top, tall = (self._high - high) * scale, (high - low) * scale
            image = QImage(self._pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
            if self._painted == (self._low, self._high) and height == self.height():
                painter.drawImage(self.width() - width, 0, image)
            else:
                painter.drawImage(QRectF(self.width() - width, top, width, tall), image)
        if self._dimmed:
            veil = QColor(self._theme.panel)
            veil.setAlphaF(0.5)
            painter.fillRect(event.rect(), veil)
        painter.setFont(self._small)
        if self._labelled and self._high > self._low:
            self._paint_labels(painter)
        if self._pointer is not None:
            self._paint_read_out(painter, *self._pointer)
        if self.hasFocus():
            painter.setPen(QColor(self._theme.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read out what is below the pointer."""
        at = event.position().toPoint()
        self._pointer = (at.x(), at.y())
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move what is read out."""
        key, (right, down) = event.key(), KEY_MOVES.get(event.key(), (0, 0))
        if right or down:
            x, y = self._pointer or (self.width() - 1, self.height() // 2)
            x = max(0, min(self.width() - 1, x + right))
            self._pointer = (x, max(0, min(self.height() - 1, y + down)))
        elif key == Qt.Key.Key_Escape and self._pointer is not None:
            self._pointer = None
        else:
            super().keyPressEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Read out nothing any more."""
        super().focusOutEvent(event)
        self._pointer = None

    def leaveEvent(self, event: QEvent) -> None:
        """Read out nothing."""
        self._pointer = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture has another size."""
        self._stale = True

    def changeEvent(self, event: QEvent) -> None:
        """The system's type may change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._set_font()
            self.update()

    def minimumSizeHint(self) -> QSize:
        """Room for half a minute."""
        return LEAST_SIZE

    # ------------------------------------------------------------ the picture

    def _paint_whole(self, record: HeatRecord, column: int, now: float) -> None:
        self.whole_paints += 1
        heat = self._heat(record, column, self.width())
        self._bright = brightness(heat)
        self._pixels = np.ascontiguousarray(self._shades(heat))
        self._painted, self._column = (self._low, self._high), column
        self._stale, self._whole_at = False, now
        self.update()

    def _append(self, record: HeatRecord, column: int, now: float) -> None:
        new = column - self._column
        if not 0 < new < self.width():
            self._paint_whole(record, column, now)
            return
        heat = self._heat(record, column, new)
        bright = brightness(heat)
        other = bright > self._bright * RESCALE or 0 < bright < self._bright / RESCALE
        if other and (not self._bright or now - self._whole_at >= RESCALE_EVERY):
            self._stale = True
        self._pixels[:, :-new] = self._pixels[:, new:]
        self._pixels[:, -new:] = self._shades(heat)
        self._column = column
        self.update()

    def _heat(self, record: HeatRecord, column: int, width: int) -> Heat:
        end = column * COLUMN_MS
        start = end - width * COLUMN_MS
        return record.picture(start, end, width, self._low, self._high, self.height())

    def _shades(self, heat: Heat) -> Pixels:
        """The colour of every pixel, and the mid over them."""
        known = np.nan_to_num(heat.sizes)
        shares = np.sqrt(np.minimum(known / self._bright, 1.0)) if self._bright > 0 else known * 0
        pixels = self._palette[(shares * (SHADES - 1)).astype(np.intp)]
        pixels[np.isnan(heat.sizes)] = self._unknown
        rows = (self._high - heat.mids) / (self._high - self._low) * len(pixels)
        seen = np.flatnonzero((rows >= 0) & (rows < len(pixels)))
        pixels[rows[seen].astype(np.intp), seen] = self._mid
        return pixels

    # ------------------------------------------------------------ words over it

    def _set_font(self) -> None:
        self._small = sized(self.font(), SMALL)
        self._metrics = QFontMetrics(self._small)

    def _paint_labels(self, painter: QPainter) -> None:
        """Prices at the left edge, on a ground of their own: the newest is at the right."""
        line = self._metrics.height()
        count = max(1, int(self.height() / (line * LABEL_ROOM)))
        for number in range(count):
            y = round((number + 0.5) * self.height() / count)
            price = self._high - (self._high - self._low) * (y + 0.5) / self.height()
            text = price_text(price, self._decimals)
            width = self._metrics.horizontalAdvance(text) + 2 * GAP_SMALL
            rect = QRect(0, y - line // 2, width, line)
            painter.fillRect(rect, QColor(self._theme.panel))
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(rect, CENTRE, text)

    def _paint_read_out(self, painter: QPainter, x: int, y: int) -> None:
        painter.setPen(QColor(self._theme.crosshair))
        painter.drawLine(0, y, self.width(), y)
        room = self.width() - 2 * GAP_SMALL
        text = self.read_out(x, y)
        text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        rect = QRect(0, 0, self._metrics.horizontalAdvance(text) + 2 * GAP_SMALL, 0)
        rect.setHeight(self._metrics.height() + GAP_SMALL)
        if y < 2 * rect.height():
            rect.moveBottom(self.height() - 1)
        painter.fillRect(rect, QColor(self._theme.raised))
        painter.setPen(QColor(self._theme.text))
        painter.drawText(rect, CENTRE, text)


KEY_MOVES: Mapping[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-KEY_STEP, 0),
    Qt.Key.Key_Right: (KEY_STEP, 0),
    Qt.Key.Key_Up: (0, -KEY_STEP),
    Qt.Key.Key_Down: (0, KEY_STEP),
}
CENTRE = int(Qt.AlignmentFlag.AlignCenter)


def brightness(heat: Heat) -> float:
    """The size that nearly nothing is above; 0 if nothing stood there."""
    stood = heat.sizes[heat.sizes > 0]  # NaN is not
    return float(np.percentile(stood, BRIGHT)) if len(stood) else 0.0
