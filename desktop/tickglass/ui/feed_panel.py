"""The feed panel: how every connection is, what it carries, and what the program takes up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from .feed_values import (
    ALL,
    COLUMNS,
    FeedReport,
    Totals,
    as_text,
    connection_title,
    counted_text,
    row_texts,
    sentences,
    total_texts,
)
from .text import exchange_title
from .theme import CELL_PADDING, GAP, GAP_LARGE, GAP_SMALL, sized, tabular

EACH_MS = 1_000  # between updates
HEIGHT = 600  # px, if the screen has room
SHARE_OF_SCREEN = 0.92
SENTENCE_LINES = 3
TOTALS_IN_A_ROW = 5
WIDEST_TITLE = "Connection 10"
WELL = "No connection has anything to say."
HEADER = ["Exchange", *(title for title, _, _ in COLUMNS)]
EVENTS = HEADER.index("Events/s")
TROUBLE = HEADER.index("Bad frames")  # from this column on a zero is good news


class FeedModel(QStandardItemModel):
    """Exchanges with their connections below them, and the sums of all at the end."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__(0, len(HEADER))
        self._titles = titles
        self.setHorizontalHeaderLabels(HEADER)
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
        self._show(root, len(exchanges), ALL, row_texts(ALL, report.all), bold=True)

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
        self.setAccessibleName("Connections")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
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
        metrics = QFontMetrics(sized(self.font(), 1.0))
        samples = [("Exchange", WIDEST_TITLE), *((title, widest) for title, _, widest in COLUMNS)]
        for column, words in enumerate(samples):
            width = max(metrics.horizontalAdvance(each) for each in words)
            self.setColumnWidth(column, width + 2 * CELL_PADDING + 2)
        self.setColumnWidth(0, self.columnWidth(0) + 2 * self.indentation())
        self.header().setStretchLastSection(False)


class TotalsGrid(QWidget):
    """Figures with their captions above them."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(GAP_SMALL, 0, GAP_SMALL, 0)
        self._grid.setHorizontalSpacing(GAP_LARGE)
        self._grid.setVerticalSpacing(0)
        self.values: dict[str, QLabel] = {}

    def show_totals(self, totals: Totals) -> None:
        """Write what differs: a text that stays can be selected."""
        for caption, text in total_texts(totals):
            value = self.values.get(caption) or self._add(caption)
            if value.text() != text:
                value.setText(text)
                value.setAccessibleName(f"{caption}: {text}")

    def _add(self, caption: str) -> QLabel:
        row, column = divmod(len(self.values), TOTALS_IN_A_ROW)
        above, value = QLabel(caption), QLabel()
        above.setObjectName("muted")
        above.setFont(sized(self.font(), 0.9))
        value.setFont(tabular(self.font()))
        value.setTextFormat(Qt.TextFormat.PlainText)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setContentsMargins(0, 0, 0, GAP)
        self._grid.addWidget(above, 2 * row, column)
        self._grid.addWidget(value, 2 * row + 1, column)
        self._grid.setColumnStretch(column, 1)
        self.values[caption] = value
        return value


class FeedPanel(QDialog):
    """Stays open beside the window; asks for a report once a second while it can be seen."""

    report_wanted = Signal()

    def __init__(self, parent: QWidget, titles: Mapping[str, str]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Feed")
        self._titles = titles
        self._report: FeedReport | None = None
        self._window_seen = True
        self.model = FeedModel(titles)
        self.table = FeedTable(self.model)
        self.sentences = QPlainTextEdit()
        self.totals = TotalsGrid()
        self.copy_button = QPushButton("Copy all")
        self.close_button = QPushButton("Close")
        self._timer = QTimer(self)
        self._timer.setInterval(EACH_MS)
        self._timer.timeout.connect(self.report_wanted)
        self.table.copy_wanted.connect(self.copy)
        self.copy_button.clicked.connect(self.copy)
        self.close_button.clicked.connect(self.close)
        self._build()

    @property
    def running(self) -> bool:
        """Whether it asks for reports."""
        return self._timer.isActive()

    def show_report(self, report: FeedReport) -> None:
        """Show how everything is."""
        self._report = report
        self.model.show_report(report)
        self.totals.show_totals(report.totals)
        text = "\n".join(sentences(report, self._titles))
        if text != self.sentences.toPlainText():
            self.sentences.setPlainText(text)

    def present(self, exchange: str = "") -> None:
        """Come to the front, with an exchange chosen."""
        self.show()
        self.raise_()
        self.activateWindow()
        index = self.model.index_of(exchange)
        if index.isValid():
            self.table.go_to(index)
        self.table.setFocus()

    def set_window_seen(self, seen: bool) -> None:
        """Whether anybody can see the window that this one belongs to."""
        self._window_seen = seen
        self._judge()

    def copy(self) -> None:
        """Put everything on the clipboard as text."""
        if self._report is not None:
            QApplication.clipboard().setText(as_text(self._report, self._titles))

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks."""
        super().showEvent(event)
        self._judge()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more."""
        super().hideEvent(event)
        self._judge()

    def _judge(self) -> None:
        """Run only while somebody can look; then begin at once."""
        wanted = self.isVisible() and self._window_seen
        if wanted and not self.running:
            self._timer.start()
            self.report_wanted.emit()
        elif not wanted:
            self._timer.stop()

    def _build(self) -> None:
        wanted = QSize(self.table.whole_width + 2 * GAP, HEIGHT)
        self.resize(wanted.boundedTo(self.screen().availableSize() * SHARE_OF_SCREEN))
        self.sentences.setReadOnly(True)
        self.sentences.setAccessibleName("What connections say")
        self.sentences.setPlaceholderText(WELL)
        self.sentences.setTabChangesFocus(True)
        lines = SENTENCE_LINES * QFontMetrics(self.sentences.font()).lineSpacing()
        self.sentences.setFixedHeight(lines + 2 * GAP)
        for button in (self.copy_button, self.close_button):
            button.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addStretch(1)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addWidget(self.table, 1)
        column.addWidget(self.sentences)
        column.addWidget(self.totals)
        column.addLayout(buttons)
