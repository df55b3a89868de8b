"""The movers of one exchange: its top gainers and losers, and what was traded most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from PySide6.QtCore import QEvent, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ...language import mark, tr
from ...market.events import Ticker
from ...market.instrument import Instrument
from ...market.movers import Kind, movers, quotes
from ..text import age_text, amount_text
from ..theme import GAP_SMALL, ROW_PADDING, Theme, tabular
from .model import MoversModel

KINDS: dict[Kind, str] = {
    "gainers": mark("Top gainers"), "losers": mark("Top losers"), "volume": mark("Most traded"),
}  # fmt: skip
WORTHS = (0.0, 1e4, 1e5, 1e6, 1e7)  # least of what was traded in a day, in the quote
USUAL_WORTH = 1e5
OLD_AFTER = 40.0  # s: some rounds must have failed by then
AGE_INTERVAL = 1.0
LEAST_WIDTH = 350  # px


class MoversPanel(QWidget):
    """``wanted`` says whose tickers are needed: an exchange, or None while nobody looks."""

    wanted = Signal(object)  # str | None
    chosen = Signal(object)  # Instrument
    add_wanted = Signal(object)  # Instrument
    state_changed = Signal()

    def __init__(self, theme: Theme, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._tickers: Sequence[Ticker] = ()
        self._came: float | None = None
        self._now = self._aged = 0.0
        self._held = self._shown = False
        self._failed = ""
        self._wish = ""  # the quote that was chosen, also while its exchange is not heard
        self.exchange, self.kind = QComboBox(), QComboBox()
        self.quote, self.least = QComboBox(), QComboBox()
        self.model = MoversModel(theme)
        self.view = QTableView()
        self.note = QLabel()
        for name, title in titles.items():
            self.exchange.addItem(title, name)
        for kind, text in KINDS.items():
            self.kind.addItem(tr(text), kind)
        for worth in WORTHS:
            text = tr("from {amount}", amount=amount_text(worth)) if worth else tr("any volume")
            self.least.addItem(text, worth)
        self.least.setCurrentIndex(WORTHS.index(USUAL_WORTH))
        self._build()
        self._connect()

    @property
    def asked(self) -> str | None:
        """Whose tickers are needed now."""
        return str(self.exchange.currentData()) if self._shown else None

    # ------------------------------------------------------------ what to show

    def set_shown(self, shown: bool) -> None:
        """Whether anybody looks."""
        if shown != self._shown:
            self._shown = shown
            self._ask()
            self._say()

    def show_tickers(self, exchange: str, tickers: Sequence[Ticker]) -> None:
        """The day of all instruments of an exchange."""
        if exchange == self.exchange.currentData():
            self._tickers, self._came, self._failed = tickers, self._now, ""
            self._offer_quotes()
            self._rank()
            self._say()

    def fail(self, exchange: str, sentence: str) -> None:
        """Say why there is nothing new."""
        if exchange == self.exchange.currentData():
            self._failed = sentence
            self._say()

    def set_decimals(self, decimals: Mapping[Instrument, int]) -> None:
        """How many decimals each instrument's prices have."""
        self.model.set_decimals(decimals)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.model.set_theme(theme)
        self.view.viewport().update()

    def flush(self, now: float) -> None:
        """Once per screen frame (monotonic seconds): say how old this is."""
        self._now = now
        if self._shown and now - self._aged >= AGE_INTERVAL:
            self._aged = now
            self._say()

    # ------------------------------------------------------------ what is remembered

    def save_state(self) -> dict[str, Any]:
        """What is chosen, for ``restore_state``."""
        return {
            "exchange": self.exchange.currentData(),
            "kind": self.kind.currentData(),
            "quote": self._wish,
            "least": self.least.currentData(),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Be as it was; what cannot be is left out."""
        with QSignalBlocker(self):
            for box, key in (
                (self.exchange, "exchange"), (self.kind, "kind"), (self.least, "least"),
            ):  # fmt: skip
                place = box.findData(state.get(key))
                if place >= 0:
                    box.setCurrentIndex(place)
        quote = state.get("quote")
        self._wish = quote if isinstance(quote, str) else ""
        self._ask()

    # ------------------------------------------------------------ what the person does

    def event(self, event: QEvent) -> bool:
        """Rows do not change under the pointer."""
        if event.type() == QEvent.Type.Enter:
            self._held = True
        elif event.type() == QEvent.Type.Leave:
            self._held = False
            self._rank()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the chart, Insert adds to the list."""
        mover = self.model.mover_at(self.view.currentIndex())
        if mover is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(mover.instrument)
        elif mover is not None and event.key() in (Qt.Key.Key_Insert, Qt.Key.Key_Plus):
            self.add_wanted.emit(mover.instrument)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the row."""
        mover = self.model.mover_at(self.view.currentIndex())
        if mover is not None:
            self.menu_for(mover.instrument).popup(event.globalPos())

    def menu_for(self, instrument: Instrument) -> QMenu:
        """What can be done with an instrument."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, signal in (
            (tr("Show the chart"), self.chosen), (tr("Add to the list"), self.add_wanted),
        ):  # fmt: skip
            action = QAction(text, menu)
            action.triggered.connect(lambda _=False, signal=signal: signal.emit(instrument))
            menu.addAction(action)
        return menu

    # ------------------------------------------------------------ inside

    def _build(self) -> None:
        for box, name in (
            (self.exchange, tr("Exchange of the movers")), (self.kind, tr("Which movers")),
            (self.quote, tr("Quoted in")), (self.least, tr("Least volume")),
        ):  # fmt: skip
            box.setAccessibleName(name)
            box.setToolTip(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        view = self.view
        view.setModel(self.model)
        view.setAccessibleName(tr("Movers"))
        view.setFont(tabular(view.font()))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setTabKeyNavigation(False)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        rows = view.verticalHeader()
        rows.setDefaultSectionSize(view.fontMetrics().height() + ROW_PADDING)
        self.setMinimumWidth(LEAST_WIDTH)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, boxes in ((first, (self.exchange, self.kind)), (second, (self.quote, self.least))):
            row.setSpacing(GAP_SMALL)
            for box in boxes:
                row.addWidget(box)
            row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(view, 1)
        column.addWidget(self.note)
        self._say()

    def _connect(self) -> None:
        self.exchange.currentIndexChanged.connect(lambda _: self._on_exchange())
        self.quote.activated.connect(lambda _: self._on_quote())
        for box in (self.kind, self.least):
            box.currentIndexChanged.connect(lambda _: self._on_choice())
        self.view.clicked.connect(self._on_clicked)
        self.view.doubleClicked.connect(self._on_double_clicked)

    def _on_exchange(self) -> None:
        self._tickers, self._came, self._failed = (), None, ""
        self._on_choice()
        self._ask()

    def _on_quote(self) -> None:
        self._wish = self.quote.currentText()
        self._on_choice()

    def _on_choice(self) -> None:
        self._held = False  # it was asked for
        self._rank()
        self._say()
        self.state_changed.emit()

    def _on_clicked(self, index: QModelIndex) -> None:
        mover = self.model.mover_at(index)
        if mover is not None:
            self.chosen.emit(mover.instrument)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        mover = self.model.mover_at(index)
        if mover is not None:
            self.add_wanted.emit(mover.instrument)

    def _ask(self) -> None:
        self.wanted.emit(self.asked)

    def _offer_quotes(self) -> None:
        """The commonest currencies, and of them the one that was chosen."""
        found = quotes(self._tickers)
        if [self.quote.itemText(place) for place in range(self.quote.count())] != found:
            self.quote.clear()
            self.quote.addItems(found)
        self.quote.setCurrentIndex(max(0, self.quote.findText(self._wish)))

    def _rank(self) -> None:
        if self._held and self.model.rowCount():
            return
        kind = next(each for each in get_args(Kind) if each == self.kind.currentData())
        least = float(self.least.currentData())
        self.model.take(movers(self._tickers, kind, self.quote.currentText(), least))

    def _say(self) -> None:
        """Whether this is new, old, or nothing yet."""
        if self._failed:
            self.note.setText(self._failed)
        elif self._came is None:
            self.note.setText(tr("Waiting for the exchange…") if self._shown else "")
        else:
            self._say_age(self._now - self._came)

    def _say_age(self, age: float) -> None:
        if age >= OLD_AFTER:
            self.note.setText(tr("Stale: {age} old.", age=age_text(age)))
        elif not self.model.rowCount():
            self.note.setText(tr("Nothing traded that much."))
        else:
            self.note.setText(
                tr("{count} instruments, {age}.", count=len(self._tickers), age=_ago(age))
            )


def _ago(age: float) -> str:
    return tr("now") if age < 2 else tr("{age} ago", age=age_text(age))
