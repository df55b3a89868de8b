"""Paints the cells of a watchlist directly: a fifth of the cost of the stock delegate."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ...market.freshness import Freshness
from ..freshness_marks import MARKS
from ..theme import ALERT_MARK, CELL_PADDING, GAP_SMALL, SMALL, Theme, sized
from .columns import COLUMNS, FLASHING, PRICES, TEXT_COLUMNS, Column
from .model import ROW_ROLE
from .rows import FLASH_SECONDS, Head, Row

WARNING = "⚠"
OPEN, CLOSED = "▾", "▸"
FLASH_ALPHA = 90
SPARK_MARGIN = 4  # px above and below
COLOURS = (
    "panel", "raised", "selection", "grid", "text", "muted", "dimmed", "accent", "live", "up",
    "down", "warning",
)  # fmt: skip
STRONG = frozenset({Column.LAST, Column.BID, Column.ASK})
SIGNED = frozenset({Column.CHANGE, Column.PREMIUM})
ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
# As numbers: joining flags costs as much as painting a cell.
SELECTED = QStyle.StateFlag.State_Selected.value
FOCUSED = QStyle.StateFlag.State_HasFocus.value


class WatchlistDelegate(QStyledItemDelegate):
    """Knows the theme; ``now`` is set once per frame so that flashes fade evenly.

    ``problem_column`` is where a row says what is wrong with it, ``focused`` whether the row with
    the focus gets a ring.
    """

    def __init__(self, theme: Theme, font: QFont) -> None:
        super().__init__()
        self.now = 0.0
        self.alerted: set[object] = set()
        self.problem_column = Column.SPARKLINE
        self.grouped = False
        self._font = sized(font, 1.0)
        self._bold = sized(font, 1.0, bold=True)
        self._small = sized(font, SMALL)
        self._struck = sized(font, 1.0)
        self._struck.setStrikeOut(True)
        self._metrics = QFontMetrics(self._bold)
        self._plain_metrics = QFontMetrics(self._font)
        self._mark_width = self._metrics.horizontalAdvance("●") + GAP_SMALL * 2
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._colours = {name: QColor(getattr(theme, name)) for name in COLOURS}
        self._pens = {name: QPen(colour, 1) for name, colour in self._colours.items()}

    @property
    def chevron_width(self) -> int:
        """How far, from the left of its cell, a heading opens and closes at a click, px."""
        return CELL_PADDING + self._mark_width

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
        line: Row | Head = index.data(ROW_ROLE)
        column = COLUMNS[index.column()]
        rect: QRect = option.rect
        state: int = option.state.value
        self.paint_ground(painter, rect, line, selected=bool(state & SELECTED))
        inner = rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, 0)
        if isinstance(line, Head):
            self._paint_head(painter, inner, line, column)
        else:
            self._paint_row(painter, rect, inner, line, column)
        if state & FOCUSED:
            painter.setPen(self._pens["accent"])
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def paint_ground(
        self, painter: QPainter, rect: QRect, line: Row | Head, *, selected: bool
    ) -> None:
        """Paint what lies under the text of a line."""
        ground = "selection" if selected else "raised" if type(line) is Head else "panel"
        painter.fillRect(rect, self._colours[ground])
        painter.setPen(self._pens["grid"])
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_head(self, painter: QPainter, rect: QRect, head: Head, column: Column) -> None:
        text = head.texts[column]
        if column is Column.PAIR:
            painter.setPen(self._pens["muted"])
            painter.setFont(self._font)
            painter.drawText(rect, ALIGN_LEFT, CLOSED if head.collapsed else OPEN)
            rect = rect.adjusted(self._mark_width, 0, 0, 0)
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        if text:
            painter.setFont(self._font if column is Column.EXCHANGE else self._bold)
            painter.setPen(self._pens["muted" if column is Column.EXCHANGE else "text"])
            painter.drawText(rect, ALIGN_LEFT if column in TEXT_COLUMNS else ALIGN_RIGHT, text)

    def _paint_row(
        self, painter: QPainter, rect: QRect, inner: QRect, row: Row, column: Column
    ) -> None:
        if row.flashes and column in FLASHING:
            self._paint_flash(painter, rect, row, column)
        if row.problem and column is self.problem_column and column is not Column.PAIR:
            self._paint_problem(painter, inner, row)
        elif column is Column.SPARKLINE:
            self._paint_sparkline(painter, inner, row)
        elif column is Column.PAIR:
            self._paint_pair(painter, inner, row)
        else:
            self._paint_text(painter, inner, row, column)

    def _paint_flash(self, painter: QPainter, rect: QRect, row: Row, column: Column) -> None:
        flash = row.flashes.get(column)
        if flash is None:
            return
        until, direction = flash
        left = max(0.0, min(1.0, (until - self.now) / FLASH_SECONDS))
        colour = QColor(self._colours["up" if direction > 0 else "down"])
        colour.setAlpha(int(FLASH_ALPHA * left))
        painter.fillRect(rect.adjusted(1, 1, -1, -2), colour)

    def _paint_problem(self, painter: QPainter, rect: QRect, row: Row) -> None:
        painter.setFont(self._font)
        painter.setPen(self._pens["warning"])
        painter.drawText(rect, ALIGN_LEFT, self._elided(row.problem, rect))

    def _paint_pair(self, painter: QPainter, rect: QRect, row: Row) -> None:
        if self.grouped:
            rect = rect.adjusted(self._mark_width, 0, 0, 0)
        mark = WARNING if row.problem else MARKS[row.freshness]
        colour = "warning" if row.problem or not row.freshness.trusted else "live"
        if row.freshness in (Freshness.QUIET, Freshness.NEVER) and not row.problem:
            colour = "muted"
        painter.setFont(self._small)
        painter.setPen(self._pens[colour])
        painter.drawText(rect, ALIGN_LEFT, mark)
        start = rect.adjusted(self._mark_width, 0, 0, 0)
        painter.setFont(self._bold)
        painter.setPen(self._pens["text" if row.freshness.trusted else "dimmed"])
        text = self._metrics.elidedText(row.pair, Qt.TextElideMode.ElideRight, start.width())
        painter.drawText(start, ALIGN_LEFT, text)
        if row.instrument in self.alerted:
            painter.setPen(self._pens["accent"])
            painter.setFont(self._small)
            painter.drawText(start, ALIGN_RIGHT, ALERT_MARK)

    def _paint_text(self, painter: QPainter, rect: QRect, row: Row, column: Column) -> None:
        dead = not row.freshness.trusted
        lost = dead and column in PRICES and row.freshness is not Freshness.NEVER
        painter.setFont(
            self._struck if lost else self._bold if column is Column.LAST else self._font
        )
        painter.setPen(self._pens[self._colour(row, column, dead)])
        if column in TEXT_COLUMNS:
            painter.drawText(rect, ALIGN_LEFT, self._elided(row.texts[column], rect))
        else:
            painter.drawText(rect, ALIGN_RIGHT, row.texts[column])

    def _elided(self, text: str, rect: QRect) -> str:
        return self._plain_metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())

    def _colour(self, row: Row, column: Column, dead: bool) -> str:
        if column in (Column.AGE, Column.FRESHNESS) and (dead or row.problem):
            return "dimmed" if row.freshness is Freshness.NEVER else "warning"
        if dead:
            return "dimmed"
        if column in SIGNED:
            number = row.numbers[column] or 0.0
            return "up" if number > 0 else "down" if number < 0 else "muted"
        return "text" if column in STRONG else "muted"

    def _paint_sparkline(self, painter: QPainter, rect: QRect, row: Row) -> None:
        prices = row.sparkline
        if len(prices) < 2:
            return
        rose = prices[-1] >= prices[0]
        colour = "dimmed" if not row.freshness.trusted else "up" if rose else "down"
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pens[colour])
        painter.translate(rect.topLeft())
        painter.drawPolyline(_polygon(row, rect.width(), rect.height()))
        painter.translate(-rect.topLeft())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _polygon(row: Row, width: int, height: int) -> QPolygonF:
    """The sparkline in a box of that size, kept until either changes."""
    made_of = (row.sparkline, width, height)
    kept = row.polygon
    if kept is not None and kept[0][0] is row.sparkline and kept[0][1:] == (width, height):
        return kept[1]
    prices = row.sparkline
    box = QRectF(0, SPARK_MARGIN, width, height - 2 * SPARK_MARGIN)
    low, high = min(prices), max(prices)
    scale = box.height() / (high - low) if high > low else 0.0
    step = box.width() / (len(prices) - 1)
    flat = box.center().y()
    heights = (box.bottom() - (price - low) * scale if scale else flat for price in prices)
    polygon = QPolygonF([QPointF(step * number, y) for number, y in enumerate(heights)])
    row.polygon = (made_of, polygon)
    return polygon
