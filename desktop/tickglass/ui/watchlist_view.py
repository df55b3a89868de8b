"""The table of the watchlist: selecting, dragging, the menu of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QMenu, QTableView

from ..alerts.alert import Alert
from ..market.instrument import Instrument
from .text import alert_text, exchange_title, plain_price
from .theme import CELL_PADDING, ROW_PADDING, Theme, sized
from .watchlist_delegate import WatchlistDelegate
from .watchlist_model import TITLES, Column, WatchlistModel

# The widest text that each column should show whole.
SAMPLES = {
    Column.PAIR: "● 1MBABYDOGE/USDT", Column.EXCHANGE: "Coinbase", Column.LAST: "100,000.00",
    Column.CHANGE: "▲ +100.00 %", Column.BID: "100,000.00", Column.ASK: "100,000.00",
    Column.HIGH: "100,000.00", Column.LOW: "100,000.00", Column.VOLUME: "24 h volume",
    Column.SPARKLINE: "MMMMMMMM", Column.AGE: "59 min",
}  # fmt: skip
HINT = "Type a pair above to watch it."


class WatchlistView(QTableView):
    """Shows a WatchlistModel. Signals say what the person wants; the window does it."""

    chosen = Signal(object)  # Instrument | None
    remove_wanted = Signal(object)  # Instrument
    alert_wanted = Signal(object)  # Instrument
    alert_removed = Signal(str)

    def __init__(self, model: WatchlistModel, theme: Theme, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._watchlist = model
        self._titles = titles
        self._alerts: list[Alert] = []
        self.setModel(model)
        self.delegate = WatchlistDelegate(theme, QApplication.font())
        self.setItemDelegate(self.delegate)
        self.setAccessibleName("Watchlist")
        self._set_behaviour()
        self._set_sizes()
        self.selectionModel().currentRowChanged.connect(self._on_current)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.delegate.set_theme(theme)
        self.viewport().update()

    def set_alerts(self, alerts: Sequence[Alert]) -> None:
        """The alerts that the menus of the rows show."""
        self._alerts = list(alerts)
        self.delegate.alerted = {alert.instrument for alert in alerts if alert.armed}
        self.viewport().update()

    @property
    def current(self) -> Instrument | None:
        """The instrument of the chosen row."""
        return self._watchlist.instrument_at(self.currentIndex())

    def choose(self, instrument: Instrument) -> None:
        """Choose the row of an instrument and show it."""
        row = self._watchlist.row_of(instrument)
        if row is not None:
            self.setCurrentIndex(self._watchlist.index(row, 0))

    def menu_for(self, instrument: Instrument) -> QMenu:
        """The menu of a row: alerts, the price, and taking it off the list."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        _add(menu, "Alert when the price crosses…", lambda: self.alert_wanted.emit(instrument))
        for alert in self._alerts:
            if alert.instrument == instrument:
                self._add_alert(menu, alert)
        menu.addSeparator()
        _add(menu, "Copy price", lambda: self._copy(instrument))
        _add(menu, "Remove from the list", lambda: self.remove_wanted.emit(instrument))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the row under the pointer, or of the chosen one by the keyboard."""
        index = self.indexAt(event.pos())
        instrument = self._watchlist.instrument_at(index) or self.current
        if instrument is not None:
            self.menu_for(instrument).popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the chosen row off the list."""
        current = self.current
        if event.key() == Qt.Key.Key_Delete and current is not None:
            self.remove_wanted.emit(current)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """An empty list says how to fill it."""
        super().paintEvent(event)
        if not self._watchlist.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, HINT)
            painter.end()

    def _add_alert(self, menu: QMenu, alert: Alert) -> None:
        words = alert_text(alert, exchange_title(self._titles, alert.instrument.exchange))
        text = f"Remove alert: {words}" if alert.armed else f"Remove fired alert: {words}"
        _add(menu, text.replace("&", "&&"), lambda: self.alert_removed.emit(alert.id))

    def _copy(self, instrument: Instrument) -> None:
        price = self._watchlist.price(instrument)
        if price is not None:
            QApplication.clipboard().setText(plain_price(*price))

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.chosen.emit(self._watchlist.instrument_at(current))

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()

    def _set_sizes(self) -> None:
        """Once, from sample texts: measuring live contents costs more than painting them."""
        metrics = QFontMetrics(sized(self.font(), 1.0, bold=True))
        rows, header = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(metrics.height() + ROW_PADDING)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setHighlightSections(False)
        for column, sample in SAMPLES.items():
            text = max((sample, TITLES[column]), key=len)
            header.resizeSection(column, metrics.horizontalAdvance(text) + 2 * CELL_PADDING + 4)
        header.setSectionResizeMode(Column.SPARKLINE, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(metrics.horizontalAdvance("Ask") + 2 * CELL_PADDING)


def _add(menu: QMenu, text: str, call: Callable[[], object]) -> QAction:
    action = menu.addAction(text)
    action.triggered.connect(lambda: call())
    return action
