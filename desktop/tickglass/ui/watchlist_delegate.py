"""Paints the cells of the watchlist directly: a fifth of the cost of the stock delegate."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ..market.freshness import Freshness
from .theme import ALERT_MARK, CELL_PADDING, GAP_SMALL, SMALL, Theme, sized
from .watchlist_model import COLUMNS, FLASH_SECONDS, FLASHING, ROW_ROLE, TEXT_COLUMNS, Column, Row

MARKS = {
    Freshness.LIVE: "●",
    Freshness.QUIET: "○",
    Freshness.STALE: "◐",
    Freshness.LOST: "✕",
    Freshness.NEVER: "·",
}
WARNING = "⚠"
FLASH_ALPHA = 90
SPARK_MARGIN = 6
PRICES = (Column.LAST, Column.BID, Column.ASK, Column.HIGH, Column.LOW)


class WatchlistDelegate(QStyledItemDelegate):
    """Knows the theme; ``now`` is set once per frame so that flashes fade evenly."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        super().__init__()
        self.now = 0.0
        self.alerted: set[object] = set()
        self._font = sized(font, 1.0)
        self._bold = sized(font, 1.0, bold=True)
        self._small = sized(font, SMALL)
        self._struck = sized(font, 1.0)
        self._struck.setStrikeOut(True)
        self._metrics = QFontMetrics(self._bold)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._colours = {name: QColor(getattr(theme, name)) for name in COLOURS}

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Heights are the view's; widths are set once."""
        return QSize(0, 0)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell."""
        row: Row = index.data(ROW_ROLE)
        column = COLUMNS[index.column()]
        rect: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        colours = self._colours
        painter.fillRect(rect, colours["selection"] if selected else colours["panel"])
        self._paint_flash(painter, rect, row, column)
        painter.setPen(colours["grid"])
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, 0)
        if column is Column.SPARKLINE:
            self._paint_sparkline(painter, inner, row)
        elif column is Column.PAIR:
            self._paint_pair(painter, inner, row)
        else:
            self._paint_text(painter, inner, row, column)

    def _paint_flash(self, painter: QPainter, rect: QRect, row: Row, column: Column) -> None:
        flash = row.flashes.get(column) if column in FLASHING else None
        if flash is None:
            return
        until, direction = flash
        left = max(0.0, min(1.0, (until - self.now) / FLASH_SECONDS))
        colour = QColor(self._colours["up" if direction > 0 else "down"])
        colour.setAlpha(int(FLASH_ALPHA * left))
        painter.fillRect(rect.adjusted(1, 1, -1, -2), colour)

    def _paint_pair(self, painter: QPainter, rect: QRect, row: Row) -> None:
        mark = WARNING if row.warned else MARKS[row.freshness]
        colour = "warning" if row.warned or not row.freshness.trusted else "up"
        if row.freshness in (Freshness.QUIET, Freshness.NEVER) and not row.warned:
            colour = "muted"
        painter.setFont(self._small)
        painter.setPen(self._colours[colour])
        painter.drawText(rect, ALIGN_LEFT, mark)
        start = rect.adjusted(self._metrics.horizontalAdvance("●") + GAP_SMALL * 2, 0, 0, 0)
        painter.setFont(self._bold)
        painter.setPen(self._colours["text" if row.freshness.trusted else "dimmed"])
        text = self._metrics.elidedText(
            row.texts[Column.PAIR], Qt.TextElideMode.ElideRight, start.width()
        )
        painter.drawText(start, ALIGN_LEFT, text)
        if row.instrument in self.alerted:
            painter.setPen(self._colours["accent"])
            painter.setFont(self._small)
            painter.drawText(start, ALIGN_RIGHT, ALERT_MARK)

    def _paint_text(self, painter: QPainter, rect: QRect, row: Row, column: Column) -> None:
        dead = not row.freshness.trusted
        lost = dead and column in PRICES and row.freshness is not Freshness.NEVER
        painter.setFont(
            self._struck if lost else self._bold if column is Column.LAST else self._font
        )
        painter.setPen(self._colours[self._colour(row, column, dead)])
        align = ALIGN_LEFT if column in TEXT_COLUMNS else ALIGN_RIGHT
        painter.drawText(rect, align, row.texts[column])

    def _colour(self, row: Row, column: Column, dead: bool) -> str:
        if column is Column.AGE and dead and row.freshness is not Freshness.NEVER:
            return "warning"
        if dead:
            return "dimmed"
        if column is Column.CHANGE:
            change = row.numbers[Column.CHANGE] or 0.0
            return "up" if change > 0 else "down" if change < 0 else "muted"
        return "text" if column in (Column.LAST, Column.BID, Column.ASK) else "muted"

    def _paint_sparkline(self, painter: QPainter, rect: QRect, row: Row) -> None:
        prices = row.sparkline
        if len(prices) < 2:
            return
        box = QRectF(rect.adjusted(0, SPARK_MARGIN, 0, -SPARK_MARGIN))
        low, high = min(prices), max(prices)
        scale = box.height() / (high - low) if high > low else 0.0
        step = box.width() / (len(prices) - 1)
        flat = box.center().y()
        heights = (box.bottom() - (price - low) * scale if scale else flat for price in prices)
        points = QPolygonF(
            [QPointF(box.left() + step * number, y) for number, y in enumerate(heights)]
        )
        rose = prices[-1] >= prices[0]
        colour = "dimmed" if not row.freshness.trusted else "up" if rose else "down"
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colours[colour], 1))
        painter.drawPolyline(points)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


COLOURS = (
    "panel",
    "selection",
    "grid",
    "text",
    "muted",
    "dimmed",
    "accent",
    "up",
    "down",
    "warning",
)
ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
