"""A list under a field: what is suggested for what was typed, a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ..language import mark, tr
from ..market.instrument import Listing
from .text import exchange_title, price_text
from .theme import CELL_PADDING, GAP_LARGE, ROW_PADDING

ROWS_SHOWN = 10
MOST_OF_ROW = 0.4  # of the width, at most, for what stands at the right
DETAIL_AT = 0.25  # of the width, at least, where the second text begins
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
STATUS_WORDS = {"halted": mark("halted"), "delisted": mark("delisted")}
STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -ROWS_SHOWN,
    Qt.Key.Key_PageDown: ROWS_SHOWN,
}
TAKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line: what it is, where it belongs, and on the right its state."""

    title: str
    detail: str = ""
    right: str = ""
    target: object = None  # None: a sentence that cannot be taken
    warns: bool = False
    enabled: bool = True

    @property
    def spoken(self) -> str:
        """The whole line as one text."""
        return ", ".join(part for part in (self.title, self.detail, self.right) if part)


def suggestion_of(
    listing: Listing, titles: Mapping[str, str], *, listed: bool = False
) -> Suggestion:
    """The line of an instrument: its pair, its exchange, and its price step or that it rests."""
    step = listing.tick_size
    if listing.status in STATUS_WORDS:
        right = tr(STATUS_WORDS[listing.status])
    elif listed:
        right = tr("in the list")
    elif step is not None:
        right = tr("step {step}", step=price_text(float(step), listing.price_decimals))
    else:
        right = ""
    return Suggestion(
        listing.instrument.pair,
        exchange_title(titles, listing.instrument.exchange),
        right,
        listing.instrument,
        warns=listing.status in STATUS_WORDS,
    )


class SuggestionModel(QAbstractListModel):
    """The lines, replaced as a whole at every key."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Suggestion] = []

    def rowCount(self, parent: Index = ROOT) -> int:
        """How many lines there are."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title to show, the whole line to read out."""
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A sentence cannot be chosen."""
        if not index.isValid() or self.lines[index.row()].target is None:
            return Qt.ItemFlag.NoItemFlags
        leaf = Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | leaf

    def show_lines(self, lines: Sequence[Suggestion]) -> None:
        """Hold these from now on."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def set_right(self, row: int, right: str) -> None:
        """Say something else at the right of a line."""
        self.lines[row] = replace(self.lines[row], right=right)
        self.dataChanged.emit(self.index(row), self.index(row))


class SuggestionDelegate(QStyledItemDelegate):
    """Paints title, place and state of a line in the colours of the palette."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A line of text and some air."""
        metrics: QFontMetrics = option.fontMetrics
        return QSize(metrics.horizontalAdvance("0"), metrics.height() + ROW_PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The line, its texts cut short where there is no room."""
        model = index.model()
        assert isinstance(model, SuggestionModel)
        line = model.lines[index.row()]
        area: QRect = option.rect
        colours: QPalette = option.palette
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, colours.highlight())
        faint = colours.color(QPalette.ColorRole.PlaceholderText)
        plain = colours.color(QPalette.ColorRole.Text)
        strong = line.enabled and line.target is not None
        warning = colours.color(QPalette.ColorRole.BrightText)
        painter.setFont(option.font)
        room = area.adjusted(CELL_PADDING, 0, -CELL_PADDING, 0)
        room.setRight(_write(painter, room, line.right, warning if line.warns else faint, RIGHT))
        title_end = _write(painter, room, line.title, plain if strong else faint, LEFT)
        room.setLeft(max(title_end, round(area.width() * DETAIL_AT)))
        _write(painter, room, line.detail, faint, LEFT)


def _write(
    painter: QPainter, room: QRect, text: str, colour: QColor, side: Qt.AlignmentFlag
) -> int:
    """Write at one side of a room; return where the room that is left ends on that side."""
    most = round(room.width() * MOST_OF_ROW) if side == RIGHT else room.width()
    if not text or most <= 0:
        return room.right() if side == RIGHT else room.left()
    metrics = painter.fontMetrics()
    width = metrics.horizontalAdvance(text)
    if width > most:
        text, width = metrics.elidedText(text, Qt.TextElideMode.ElideRight, most), most
    painter.setPen(colour)
    painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), text)
    return room.right() - width - GAP_LARGE if side == RIGHT else room.left() + width + GAP_LARGE


class SuggestionList(QListView):
    """The lines, chosen from with the keys of the field above or with the mouse.

    It never has the focus: the field keeps it and hands on its keys.
    """

    taken = Signal(object, bool)  # target; whether the person goes on choosing

    def __init__(self, parent: QWidget, field: QWidget) -> None:
        super().__init__(parent)
        self._field = field
        self.lines = SuggestionModel(self)
        self.setModel(self.lines)
        self.setItemDelegate(SuggestionDelegate(self))
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setAccessibleName(tr("Suggestions"))

    @property
    def current_row(self) -> int:
        """The chosen row, -1 if there is none."""
        return self.currentIndex().row()

    def suggest(self, lines: Sequence[Suggestion]) -> None:
        """Show these lines, the first that can be taken chosen."""
        self.lines.show_lines(lines)
        self.scrollToTop()
        self.choose(0)

    def choose(self, row: int) -> None:
        """Choose a row, or the nearest there is."""
        index = self.lines.index(max(0, min(row, self.lines.rowCount() - 1)))
        if index.flags() & Qt.ItemFlag.ItemIsSelectable:
            self.setCurrentIndex(index)
            self._announce(index)

    def handles(self, event: QKeyEvent) -> bool:
        """Move or take with a key that the field was given; whether it was one of these keys."""
        key = Qt.Key(event.key())
        if key in STEPS:
            self.choose(self.current_row + STEPS[key])
        elif key in TAKING:
            more = Qt.KeyboardModifier.ControlModifier
            self._take(self.currentIndex(), bool(event.modifiers() & more))
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click takes; with Ctrl, several can be taken one after the other."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.choose(index.row())
            more = Qt.KeyboardModifier.ControlModifier
            self._take(index, bool(event.modifiers() & more))

    def height_of(self, rows: int) -> int:
        """How high the list is with so many rows, px."""
        return self.sizeHintForRow(0) * rows + 2 * self.frameWidth()

    def _announce(self, index: QModelIndex) -> None:
        """Let a screen reader say the chosen line: the focus, which it follows, is in the field."""
        if QAccessible.isActive():
            line = self.lines.lines[index.row()].spoken
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._field, line))

    def _take(self, index: QModelIndex, more: bool) -> None:
        if not index.isValid():
            return
        line = self.lines.lines[index.row()]
        if line.target is not None and line.enabled:
            self.taken.emit(line.target, more)
