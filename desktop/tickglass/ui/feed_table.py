"""The table of the feed panel: exchanges, their connections, and the sums of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)

from ..language import tr
from .feed_values import (
    ALL,
    COLUMNS,
    FeedReport,
    connection_title,
    counted_text,
    header_texts,
    row_texts,
    widest_texts,
)
from .text import exchange_title
from .theme import CELL_PADDING, sized, tabular

WIDEST_NUMBER = 10  # of a connection
TITLES = [title for title, _, _ in COLUMNS]
EVENTS = 1 + TITLES.index("Events/s")
TROUBLE = 1 + TITLES.index("Bad frames")  # from this column on a zero is good news


class FeedModel(QStandardItemModel):
    """Exchanges with their connections below them, and the sums of all at the end."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__(0, 1 + len(COLUMNS))
        self._titles = titles
        self.setHorizontalHeaderLabels(header_texts())
        for column in range(self.columnCount()):
            self.horizontalHeaderItem(column).setTextAlignment(_alignment(column))

    def show_report(self, report: FeedReport) -> None:
        """Change what differs; what stays keeps its place."""
        root = self.invisibleRootItem()
        exchanges = report.exchanges
        _keep_only(root, [*(row.name for row in exchanges), ALL])
        for place, row in enumerate(exchanges):
            title = exchange_title(self._titles, row.name)
            item = self._show(root, place, row.name, row_texts(title, row))
            _say(root.child(place, EVENTS), counted_text(row))
            _keep_only(item, [each.name for each in row.connections])
            for below, each in enumerate(row.connections):
                self._show(item, below, each.name, row_texts(connection_title(each), each))
        self._show(root, len(exchanges), ALL, row_texts(tr(ALL), report.all), bold=True)

    def index_of(self, exchange: str) -> QModelIndex:
        """Where an exchange stands; invalid if it does not."""
        for place in range(self.rowCount()):
            item = self.item(place)
            if item.data() == exchange:
                return item.index()
        return QModelIndex()

    def _show(
        self,
        parent: QStandardItem,
        place: int,
        name: str,
        texts: Sequence[str],
        *,
        bold: bool = False,
    ) -> QStandardItem:
        """Write a row where it belongs; it is made if another one stands there."""
        here = parent.child(place)
        if here is None or here.data() != name:
            parent.insertRow(place, _new_row(name, len(texts), bold))
            here = parent.child(place)
        for column, text in enumerate(texts):
            item = parent.child(place, column)
            if item.text() != text:
                item.setText(text)
        return here


def _new_row(name: str, length: int, bold: bool) -> list[QStandardItem]:
    items = [QStandardItem() for _ in range(length)]
    for column, item in enumerate(items):
        item.setTextAlignment(_alignment(column))
        if bold:
            item.setFont(sized(QApplication.font(), 1.0, bold=True))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    items[0].setData(name)
    return items


def _alignment(column: int) -> Qt.AlignmentFlag:
    """Names and states begin at the left, everything else ends at the right."""
    side = Qt.AlignmentFlag.AlignLeft if column < 2 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _keep_only(parent: QStandardItem, names: Sequence[str]) -> None:
    """Take away the rows of what is gone."""
    for place in reversed(range(parent.rowCount())):
        if parent.child(place).data() not in names:
            parent.removeRow(place)


def _say(item: QStandardItem, hint: str) -> None:
    if item.toolTip() != hint:
        item.setToolTip(hint)


class FeedDelegate(QStyledItemDelegate):
    """Gives rows air, and lets the zeros of what should never happen stand back."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Colours of the second rank for good news."""
        super().initStyleOption(option, index)
        if index.column() >= TROUBLE and index.data() == "0":
            muted = option.palette.placeholderText()
            option.palette.setBrush(option.palette.ColorRole.Text, muted)


class FeedTable(QTreeView):
    """The table: one line per exchange, open to its connections."""

    copy_wanted = Signal()

    def __init__(self, model: FeedModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(FeedDelegate(self))
        self.setFont(tabular(self.font()))
        self.setAccessibleName(tr("Connections"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self._set_widths()
        # New rows are open; what the person closes stays closed.
        model.rowsInserted.connect(self._open)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copying means all of it, not one cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)

    def go_to(self, index: QModelIndex) -> None:
        """Choose a row, open and in sight."""
        how = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, how.ClearAndSelect | how.Rows)
        self.expand(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)

    @property
    def whole_width(self) -> int:
        """How wide it is when nothing of it is hidden, a scroll bar included."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return self.header().length() + 2 * self.frameWidth() + bar

    def _open(self, parent: QModelIndex, first: int, last: int) -> None:
        if parent.isValid() and first == 0 and self.model().rowCount(parent) == last + 1:
            self.expand(parent)

    def _set_widths(self) -> None:
        """Once, from sample texts, so that nothing moves when figures grow."""
        plain = QFontMetrics(self.font())
        bold = QFontMetrics(sized(self.font(), 1.0, bold=True))  # the sums of all
        connection = tr("Connection {number}", number=WIDEST_NUMBER)
        samples = [[connection, tr(ALL)], *widest_texts()]
        for column, (title, texts) in enumerate(zip(header_texts(), samples, strict=True)):
            widest = max(map(bold.horizontalAdvance, texts))
            width = max(plain.horizontalAdvance(title), widest)
            self.setColumnWidth(column, width + 2 * CELL_PADDING + 2)
        self.setColumnWidth(0, self.columnWidth(0) + 2 * self.indentation())
        self.header().setStretchLastSection(False)
