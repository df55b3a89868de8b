"""The feed panel: how every connection is, what it carries, and what the program takes up."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..language import mark, tr
from .feed_table import FeedModel, FeedTable
from .feed_values import FeedReport, Totals, as_text, sentences, total_texts
from .theme import GAP, GAP_LARGE, GAP_SMALL, sized, tabular

EACH_MS = 1_000  # between updates
HEIGHT = 600  # px, if the screen has room
SHARE_OF_SCREEN = 0.92
SENTENCE_LINES = 4
TOTALS_IN_A_ROW = 5
WELL = mark("No connection has anything to say.")


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
                value.setAccessibleName(tr("{caption}: {value}", caption=caption, value=text))

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
        self.setWindowTitle(tr("Feed"))
        self._titles = titles
        self._report: FeedReport | None = None
        self._window_seen = True
        self.model = FeedModel(titles)
        self.table = FeedTable(self.model)
        self.sentences = QPlainTextEdit()
        self.totals = TotalsGrid()
        self.copy_button = QPushButton(tr("Copy all"))
        self.close_button = QPushButton(tr("Close"))
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
        self.sentences.setAccessibleName(tr("What connections say"))
        self.sentences.setPlaceholderText(tr(WELL))
        self.sentences.setTabChangesFocus(True)
        lines = SENTENCE_LINES * QFontMetrics(self.sentences.font()).lineSpacing()
        self.sentences.document().setDocumentMargin(GAP_SMALL)
        self.sentences.setFixedHeight(lines + 2 * (GAP_SMALL + self.sentences.frameWidth()))
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
