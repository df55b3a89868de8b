"""Depth: how much stands between the touch and each price, as a curve to both sides."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from ...language import mark, tr
from ...market.ladder import MOST_ROWS, Floats, Half, Ladder
from ..chart.arrays import Brushwork
from ..text import NOTHING, amount_text, price_text, signed
from ..theme import GAP, GAP_SMALL, SMALL, Theme, sized
from .ladder_rows import DISTANCE_DECIMALS, ONE_SIDE, ROOM, Scale, Unit
from .tints import mixed

ROWS, LEAST_ROWS = 100, 10  # steps of price to each side
ZOOM = 1.25  # for one notch of the wheel
NOTCH = 120  # eighths of a degree
KEY_STEP = 8  # px that an arrow key moves the pointer
KEYS_TOLD = mark(
    "Left and right read out a price, Return chooses it, plus and minus show less or more of the "
    "book, Escape reads out nothing."
)
AREA_SHARE, DIMMED_SHARE = 0.3, 0.15  # of the side's colour below its curve
GRID_LINES = (0.25, 0.5, 0.75, 1.0)  # of the largest total
LEAST_SIZE = QSize(180, 100)


class DepthView(QWidget):
    """``rows`` steps of price to each side of the mid; the wheel changes how many."""

    price_chosen = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.rows = ROWS
        self._ladder: Ladder | None = None
        self._unit: Unit = "base"
        self._currencies = ("", "")
        self._dimmed = False
        self._scale = Scale()
        self._brush = Brushwork()
        self._x: int | None = None  # of the pointer
        self._small = sized(self.font(), SMALL)
        self._metrics = QFontMetrics(self._small)
        self.set_theme(theme)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Depth of the order book"))
        self.setAccessibleDescription(tr(KEYS_TOLD))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()

    def set_market(self, currencies: tuple[str, str]) -> None:
        """The words for base and quote; all begins anew."""
        self._currencies = currencies
        self._ladder, self._scale = None, Scale()
        self.update()

    def set_unit(self, unit: Unit) -> None:
        """Measure in base or in quote."""
        if unit != self._unit:
            self._unit, self._scale = unit, Scale()
            self.update()

    def show_ladder(self, ladder: Ladder | None, *, dimmed: bool = False) -> None:
        """Show the book as it is now; dimmed if it is not to be trusted."""
        if ladder is not self._ladder or dimmed != self._dimmed:
            self._ladder, self._dimmed = ladder, dimmed
            self.update()

    @property
    def prices(self) -> tuple[float, float] | None:
        """The lowest and the highest price in view; None without a book."""
        if self._ladder is None or self._ladder.mid is None:
            return None
        reach = self.rows * float(self._ladder.grid.step)
        reach += abs(self._ladder.spread or 0.0) / 2
        return self._ladder.mid - reach, self._ladder.mid + reach

    def read_out(self, x: int) -> str:
        """Price, what stands from the touch to there, and the distance from the mid, at a pixel."""
        if self._ladder is None or self.prices is None or self._ladder.mid is None:
            return ""
        ladder, mid, (low, high) = self._ladder, self._ladder.mid, self.prices
        price = low + (high - low) * (x + 0.5) / max(1, self.width())
        half = ladder.bids if price < mid else ladder.asks
        number = ladder.grid.ceil_of(price) if half.bids else ladder.grid.floor_of(price)
        place = min(half.place(number), len(half) - 1)
        base, quote = self._currencies
        totals = (float(half.totals[place]), float(half.total_worths[place])) if place >= 0 else ()
        amounts = [
            f"{amount_text(total)} {word}"
            for total, word in zip(totals, (base, quote), strict=False)
        ]
        text = price_text(price, ladder.grid.decimals)
        distance = signed((price / mid - 1) * 100, DISTANCE_DECIMALS)
        return " · ".join([text, *(amounts or [NOTHING]), f"{distance} %"])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the curves, the lines behind them and the read-out."""
        painter, theme = QPainter(self), self._theme
        painter.fillRect(self.rect(), QColor(theme.panel))
        if self._ladder is not None and self.prices is not None:
            self._paint_book(painter, self._ladder)
        elif self._ladder is not None:
            painter.setPen(QColor(theme.muted))
            painter.drawText(self.rect(), CENTRE, tr(ONE_SIDE))
        if self.hasFocus():
            painter.setPen(QColor(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_book(self, painter: QPainter, ladder: Ladder) -> None:
        theme, area = self._theme, self._area()
        self._scale.follow(max(self._most(half) for half in (ladder.bids, ladder.asks)))
        painter.setFont(self._small)
        for half, colour in ((ladder.bids, theme.up), (ladder.asks, theme.down)):
            self._paint_half(painter, area, half, theme.dimmed if self._dimmed else colour)
        self._paint_grid(painter, area)
        self._paint_prices(painter, area)
        self._paint_pointer(painter, area)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """See more of the book, or less."""
        self.zoom(event.angleDelta().y() / NOTCH)
        event.accept()

    def zoom(self, notches: float) -> None:
        """Show fewer rows, or more of them if negative."""
        self.rows = round(min(MOST_ROWS, max(LEAST_ROWS, self.rows * ZOOM**-notches)))
        self._scale = Scale()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The same with keys."""
        key = event.key()
        if key in KEY_MOVES:
            begun = self.width() // 2 if self._x is None else self._x
            self._x = max(0, min(self.width() - 1, begun + KEY_MOVES[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._x is not None:
            self._choose(self._x)
        elif key in KEY_ZOOMS:
            self.zoom(KEY_ZOOMS[key])
        elif key == Qt.Key.Key_Escape and self._x is not None:
            self._x = None
        else:
            super().keyPressEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Read out nothing any more."""
        super().focusOutEvent(event)
        self._x = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read out what is below the pointer."""
        self._x = round(event.position().x())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Read out nothing."""
        self._x = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses the price below the pointer."""
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self._choose(event.position().x())

    def _choose(self, x: float) -> None:
        prices = self.prices
        if self._ladder is not None and prices is not None:
            grid, share = self._ladder.grid, x / max(1, self.width())
            number = grid.floor_of(prices[0] + (prices[1] - prices[0]) * share)
            self.price_chosen.emit(grid.price(number))

    def changeEvent(self, event: QEvent) -> None:
        """The system's type may change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._small = sized(self.font(), SMALL)
            self._metrics = QFontMetrics(self._small)
            self.update()

    def minimumSizeHint(self) -> QSize:
        """Room for a curve that can be read."""
        return LEAST_SIZE

    def _area(self) -> QRect:
        line = self._metrics.height() + GAP_SMALL
        return self.rect().adjusted(0, line, 0, -line)

    def _totals(self, half: Half) -> Floats:
        totals = half.totals if self._unit == "base" else half.total_worths
        return totals[: self.rows]

    def _most(self, half: Half) -> float:
        totals = self._totals(half)
        return float(totals[-1]) if len(totals) else 0.0

    def _paint_half(self, painter: QPainter, area: QRect, half: Half, colour: str) -> None:
        totals = self._totals(half)
        if half.touch is None or self.prices is None or self._scale.most <= 0:
            return
        low, high = self.prices
        sign = -1 if half.bids else 1
        numbers = half.touch + sign * np.arange(len(totals) + 1, dtype=np.int64)
        edges = (half.grid.prices(numbers) - low) / (high - low) * area.width()
        edges = np.clip(edges, 0, area.width())
        heights = np.minimum(totals / self._scale.most, 1.0) * area.height()
        left, right = (edges[1:], edges[:-1]) if half.bids else (edges[:-1], edges[1:])
        tops = area.bottom() - heights
        share = DIMMED_SHARE if self._dimmed else AREA_SHARE
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(self._theme.panel, colour, share))
        self._brush.rects(painter, left, tops, right - left, heights)
        painter.setPen(QColor(colour))
        self._brush.lines(painter, left, tops, right, tops)
        self._brush.lines(painter, edges[1:-1], tops[:-1], edges[1:-1], tops[1:])

    def _paint_grid(self, painter: QPainter, area: QRect) -> None:
        top = self._scale.most / ROOM
        for share in GRID_LINES:
            y = area.bottom() - round(share / ROOM * area.height())
            painter.setPen(QColor(self._theme.grid))
            painter.drawLine(area.left(), y, area.right(), y)
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(GAP_SMALL, y - 2, amount_text(top * share))

    def _paint_prices(self, painter: QPainter, area: QRect) -> None:
        if self._ladder is None or self.prices is None:
            return
        decimals = self._ladder.grid.decimals
        low, high = self.prices
        rect = QRect(GAP_SMALL, area.bottom() + 1, self.width() - GAP, self.height())
        rect.setBottom(self.height() - 1)
        painter.setPen(QColor(self._theme.muted))
        for price, place in ((low, LEFT), (high, RIGHT)):
            painter.drawText(rect, place, price_text(price, decimals))
        painter.setPen(QColor(self._theme.dimmed if self._dimmed else self._theme.text))
        painter.drawText(rect, CENTRE, price_text(self._ladder.mid, decimals))

    def _paint_pointer(self, painter: QPainter, area: QRect) -> None:
        if self._x is None:
            return
        text = self.read_out(self._x)
        painter.setPen(QColor(self._theme.crosshair))
        painter.drawLine(self._x, area.top(), self._x, area.bottom())
        painter.setPen(QColor(self._theme.text))
        room = self.width() - 2 * GAP_SMALL
        text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(GAP_SMALL, 0, room, area.top()), CENTRE, text)


KEY_MOVES: Mapping[int, int] = {Qt.Key.Key_Left: -KEY_STEP, Qt.Key.Key_Right: KEY_STEP}
KEY_ZOOMS: Mapping[int, int] = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
CENTRE = int(Qt.AlignmentFlag.AlignCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
