"""The main window: watchlist, chart, search, and a line that says how the feeds are."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..alerts.alert import Alert
from ..market.freshness import Freshness
from ..market.instrument import Instrument, Listing
from ..market.store import Store
from .alert_dialog import AlertDialog
from .chart_grid import LAYOUTS, LINKS, ChartGrid
from .chart_pane import ChartPane
from .compare_dialog import CompareDialog
from .feed_panel import FeedPanel
from .frame_clock import FrameClock, ScreenFigures
from .market_side import MarketSide
from .notices import NoticeBar
from .resources import program_icon
from .search_field import SearchField
from .status_line import StatusLine
from .text import exchange_title
from .theme import GAP, THEME_CHOICES, Appearance, Theme
from .watchlist_model import WatchlistModel
from .watchlist_view import WatchlistView

if TYPE_CHECKING:
    from .chart.source import Bars
    from .feed_values import FeedReport

SIZE = (1240, 800)
SHARE_OF_SCREEN = 0.92  # at most, at the first start
SMALLEST = (640, 420)
TABLE_LEAST = 110  # px of height: some rows
SPLIT = (0.42, 0.58)  # of the height: table, chart
SIDE_SPLIT = (0.72, 0.28)  # of the width: charts, book and tape
UNDO_SECONDS = 10.0


class MainWindow(QMainWindow):
    """Signals say what the person wants; methods say what to show."""

    instrument_wanted = Signal(object)  # Instrument
    instruments_removed = Signal(list)
    order_changed = Signal(list)
    chart_wanted = Signal(int, object, str, object)  # number, Instrument | None, interval, compared
    older_wanted = Signal(int)
    retry_wanted = Signal(int)
    export_wanted = Signal(object, str, str)  # what the chart shows, csv or parquet, path
    # Instruments whose book is needed; whose trades go on one tape; whose on tapes of their own.
    side_wanted = Signal(object, object, object)
    alert_made = Signal(object)  # Alert
    alert_removed = Signal(str)
    feed_wanted = Signal()
    theme_chosen = Signal(str)
    close_to_tray_chosen = Signal(bool)
    state_changed = Signal()
    quit_wanted = Signal()
    closed = Signal()
    seen = Signal()
    looked_at = Signal(bool)  # whether anybody can see the window from now on

    def __init__(
        self, store: Store, clock: FrameClock, figures: ScreenFigures, titles: Mapping[str, str]
    ) -> None:
        super().__init__()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._store = store
        self._clock = clock
        self._figures = figures
        self._titles = titles
        self._decimals: dict[Instrument, int] = {}
        self._listings: list[Listing] = []
        self._alerts: list[Alert] = []
        self._ending = self._visible = False
        self._side_asked: tuple[object, ...] = ([], [], [])
        self.appearance = Appearance(application)
        self.model = WatchlistModel(store, titles)
        self.search = SearchField(titles)
        self.view = WatchlistView(self.model, self.appearance.theme, titles)
        self.charts = ChartGrid(self.appearance.theme, titles)
        self.side = MarketSide(self.appearance.theme, titles)
        self.bottom = QSplitter(Qt.Orientation.Horizontal)
        self.status = StatusLine(titles)
        self.notices = NoticeBar()
        self.feed: FeedPanel | None = None
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self._build()
        self._connect()

    # ------------------------------------------------------------ what to show

    def set_watchlist(self, instruments: Sequence[Instrument]) -> None:
        """Show these instruments, in this order."""
        self.model.insert(self.model.rowCount(), instruments)
        if self.view.current is None and instruments:
            self.view.choose(instruments[0])

    def set_listings(self, listings: Sequence[Listing]) -> None:
        """What can be added, and the decimals of every price."""
        self._listings = list(listings)
        self.search.set_listings(listings)
        self._decimals = {
            listing.instrument: decimals
            for listing in listings
            if (decimals := listing.price_decimals) is not None
        }
        self.model.set_decimals(self._decimals)
        self.charts.set_decimals(self._decimals)
        self.side.set_listings(listings)
        self.charts.set_alerts(self._alerts)

    def set_alerts(self, alerts: Sequence[Alert]) -> None:
        """The alerts, to be seen in the rows and on the chart."""
        self._alerts = list(alerts)
        self.view.set_alerts(alerts)
        self.charts.set_alerts(self._alerts)

    def set_theme(self, choice: str) -> None:
        """Use a theme from now on."""
        self.appearance.choose(choice)
        self._theme_actions[self.appearance.choice].setChecked(True)

    def set_close_to_tray(self, chosen: bool) -> None:
        """Whether closing the window leaves the program in the tray."""
        self._to_tray.setChecked(chosen)

    def set_exchange_status(self, exchange: str, connection: int, state: str, detail: str) -> None:
        """What became of a connection."""
        self.status.set(exchange, connection, state, detail)

    def show_chart(self, chart: int, bars: Bars, compared: Sequence[Bars]) -> None:
        """Show bars in a chart; they may still be empty."""
        self.charts.show_chart(chart, bars, compared)

    def chart_failed(self, chart: int, sentence: str) -> None:
        """Say why a chart has no candles."""
        pane = self.charts.pane(chart)
        if pane is not None:
            pane.fail(sentence)

    def older_loaded(self, chart: int) -> None:
        """Older candles came, or there are none."""
        pane = self.charts.pane(chart)
        if pane is not None:
            pane.older_loaded()

    def show_feed(self, report: FeedReport) -> None:
        """Show in the feed panel how everything is."""
        if self.feed is not None:
            self.feed.show_report(report)

    def notify_person(self, sentence: str) -> None:
        """Say something that stays until it is read or replaced."""
        self.notices.say(sentence)

    def flush(self, now: float) -> None:
        """Bring everything that can be seen up to date: once per screen frame."""
        changed = self._store.take_changed()
        self.view.delegate.now = now
        self._figures.arrived(self.model.flush(changed, now))
        now_ms = _now_ms()
        tapes = self._store.tapes
        self.charts.flush(lambda instrument: self._price(instrument, now), tapes, now_ms)
        self.side.flush(now, now_ms, self._store)
        self._flush_heat(now)
        self.status.flush(now)
        self.notices.flush(now)

    def _flush_heat(self, now: float) -> None:
        """Beside the active chart: what stood in its book, if that is open."""
        pane = self.charts.active
        same = pane.instrument is not None and pane.instrument == self.side.instrument
        pane.flush_heat(now, self.side.book.record if same and self.side.parts[0] else None)

    def _price(self, instrument: Instrument, now: float) -> tuple[float | None, Freshness]:
        state = self._store.state(instrument)
        return state.last, state.freshness(now)

    def tray_lines(self, count: int) -> tuple[list[str], bool]:
        """The first rows as texts for the tray, and whether any of them can be trusted."""
        return self.model.lines(count, time.monotonic())

    def present(self) -> None:
        """Show the window in front of the others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def call_attention(self) -> None:
        """Let the taskbar show that something happened."""
        QApplication.alert(self)

    def save_picture(self, path: Path) -> None:
        """Save the window as it looks now."""
        self.grab().save(str(path))

    def end(self) -> None:
        """Close for good."""
        self._ending = True
        self.close()
        self.deleteLater()

    def save_state(self) -> dict[str, Any]:
        """Sizes, positions and what was looked at, for ``restore_state``."""
        current = self.view.current
        return {
            "geometry": _to_text(self.saveGeometry()),
            "splitter": _to_text(self.splitter.saveState()),
            "columns": _to_text(self.view.horizontalHeader().saveState()),
            "instrument": None if current is None else str(current),
            "charts": self.charts.save_state(),
            "side": self.side.save_state(),
            "bottom": _to_text(self.bottom.saveState()),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Be as the window was left; what is missing or unusable stays as it is."""
        self.restoreGeometry(_to_bytes(state.get("geometry")))
        self.splitter.restoreState(_to_bytes(state.get("splitter")))
        self.view.horizontalHeader().restoreState(_to_bytes(state.get("columns")))
        charts = state.get("charts")
        if isinstance(charts, Mapping):
            self.charts.restore_state(charts)
        side = state.get("side")
        if isinstance(side, Mapping):
            self.side.restore_state(side)
            self.bottom.restoreState(_to_bytes(state.get("bottom")))
        if not isinstance(charts, Mapping) and "interval" in state:  # of a version with one chart
            self.charts.active.choose_interval(str(state["interval"]))
        chosen = state.get("instrument")
        for instrument in self.model.instruments:
            if str(instrument) == chosen:
                self.view.choose(instrument)

    # ------------------------------------------------------------ what the person does

    def add(self, instrument: Instrument) -> None:
        """Put an instrument at the end of the list, or go to it if it is there."""
        if self.model.row_of(instrument) is None:
            self.model.insert(self.model.rowCount(), [instrument])
            self.instrument_wanted.emit(instrument)
        self.view.choose(instrument)

    def remove(self, instrument: Instrument) -> None:
        """Take an instrument off the list; for a while that can be undone."""
        row = self.model.row_of(instrument)
        if row is None:
            return
        self.model.remove(row)
        self.instruments_removed.emit([instrument])
        self.notices.say(
            f"{instrument.pair} was removed.",
            undo=lambda: self._put_back(row, instrument),
            until=time.monotonic() + UNDO_SECONDS,
        )

    def ask_for_alert(self, instrument: Instrument, price: float | None = None) -> AlertDialog:
        """Open the form for a new alert, at a price or the last one."""
        title = exchange_title(self._titles, instrument.exchange)
        last = self._store.state(instrument).last if price is None else price
        dialog = AlertDialog(self, instrument, title, last, self._decimals.get(instrument))
        dialog.made.connect(self.alert_made)
        dialog.open()
        return dialog

    def open_feed(self, exchange: str = "") -> FeedPanel:
        """Bring up the feed panel, with an exchange chosen."""
        if self.feed is None:
            self.feed = FeedPanel(self, self._titles)
            self.feed.report_wanted.connect(self.feed_wanted)
        self.feed.present(exchange)
        return self.feed

    def compare_with(self, pane: ChartPane) -> CompareDialog:
        """Ask for an instrument to draw beside that of a chart."""
        dialog = CompareDialog(self, self._titles, self._listings)
        dialog.taken.connect(pane.compare)
        dialog.open()
        return dialog

    def _save_chart(self, pane: ChartPane) -> None:
        name = file_name(pane.instrument, pane.interval, "png")
        path, _ = QFileDialog.getSaveFileName(self, "Save the chart", name, "Pictures (*.png)")
        if path and not pane.picture(_now_ms()).save(path):
            self.notices.say(f"The picture could not be saved as {path}.")

    def toggle_side(self, *, book: bool = False, tape: bool = False) -> None:
        """Show or hide the order book, the tape, or both."""
        has_book, has_tape = self.side.parts
        self.side.show_parts(book=has_book != book, tape=has_tape != tape)

    def _export(self, pane: ChartPane, form: str) -> None:
        source = pane.chart.source
        if source is None:
            return
        name = file_name(pane.instrument, pane.interval, form)
        path, _ = QFileDialog.getSaveFileName(self, "Export the candles", name, f"*.{form}")
        if path:
            self.export_wanted.emit(source.bars, form, path)

    def _put_back(self, row: int, instrument: Instrument) -> None:
        self.model.insert(min(row, self.model.rowCount()), [instrument])
        self.instrument_wanted.emit(instrument)
        self.order_changed.emit(self.model.instruments)
        self.view.choose(instrument)

    def open_chart(self) -> None:
        """Show what is chosen in the active chart, and beside it."""
        self.charts.choose_instrument(self.view.current)
        self.side.show_instrument(self.view.current)
        self.state_changed.emit()

    # ------------------------------------------------------------ Qt's events

    def event(self, event: QEvent) -> bool:
        """Measure every painting of the window: all its widgets share one backing store."""
        if event.type() != QEvent.Type.UpdateRequest:
            return super().event(event)
        began, cpu = time.monotonic(), time.thread_time()
        done = super().event(event)
        now = time.monotonic()
        self._figures.painted(now, now - began, time.thread_time() - cpu)
        return done

    def changeEvent(self, event: QEvent) -> None:
        """A minimised window needs no frames; a window come to the front has been seen."""
        if event.type() == QEvent.Type.WindowStateChange:
            self._judge_visible()
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.seen.emit()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody may look now."""
        super().showEvent(event)
        self._judge_visible()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more; a window that hides takes its panel along."""
        super().hideEvent(event)
        self._judge_visible()
        if self.feed is not None and not event.spontaneous():
            self.feed.hide()

    def _judge_visible(self) -> None:
        """Frames are needed only while somebody can see them; then everything may have changed."""
        visible = self.isVisible() and not self.isMinimized()
        if visible and not self._visible:
            for state in self._store.states.values():
                state.arrived = None  # nobody waited for what came in the meantime
            self._store.touch(self.model.instruments)
        if visible != self._visible:
            self.looked_at.emit(visible)
        self._visible = visible
        self._clock.set_visible(visible)
        if self.feed is not None:
            self.feed.set_window_seen(visible)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is a wish; the program decides whether it means hiding or quitting."""
        if self._ending:
            super().closeEvent(event)
            return
        event.ignore()
        self.closed.emit()

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        self.setWindowTitle("Tickglass")
        self.setWindowIcon(program_icon())
        self.resize(QSize(*SIZE).boundedTo(self.screen().availableSize() * SHARE_OF_SCREEN))
        self.setMinimumSize(*SMALLEST)
        self.view.setMinimumHeight(TABLE_LEAST)
        self.splitter.addWidget(self.view)
        for part in (self.charts, self.side):
            self.bottom.addWidget(part)
        self.bottom.setChildrenCollapsible(False)
        self.bottom.setHandleWidth(GAP)
        self.bottom.setStretchFactor(0, 1)
        self.bottom.setSizes([round(self.width() * share) for share in SIDE_SPLIT])
        self.splitter.addWidget(self.bottom)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(GAP)
        self.splitter.setSizes([round(self.height() * share) for share in SPLIT])
        for pane, share in enumerate(SPLIT):
            self.splitter.setStretchFactor(pane, round(share * 100))
        top = QHBoxLayout()
        top.setSpacing(GAP)
        top.addWidget(self.search, 1)
        top.addStretch(1)
        top.addWidget(self._menu_button())
        column = QVBoxLayout()
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addLayout(top)
        column.addWidget(self.notices)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.status)
        middle = QWidget()
        middle.setLayout(column)
        self.setCentralWidget(middle)

    def _menu_button(self) -> QToolButton:
        button = QToolButton()
        button.setText("☰")
        button.setAccessibleName("Menu")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        self._action(menu, "Add a pair", self.search.setFocus, QKeySequence("Ctrl+F"))
        self._action(menu, "New alert…", self._alert_on_current, QKeySequence("Ctrl+A"))
        self._action(menu, "Feed…", self.open_feed, QKeySequence("Ctrl+Shift+F"))
        self._charts_menu(menu.addMenu("Charts"))
        self._action(
            menu, "Order book", lambda: self.toggle_side(book=True), QKeySequence("Ctrl+B")
        )
        self._action(menu, "Trades", lambda: self.toggle_side(tape=True), QKeySequence("Ctrl+T"))
        self._theme_actions = self._theme_menu(menu.addMenu("Theme"))
        self._to_tray = menu.addAction("Close to the tray")
        self._to_tray.setCheckable(True)
        self._to_tray.triggered.connect(self.close_to_tray_chosen)
        menu.addSeparator()
        self._action(menu, "Quit", self.quit_wanted.emit, QKeySequence("Ctrl+Q"))
        button.setMenu(menu)
        self.menu = menu
        return button

    def _action(
        self, menu: QMenu, text: str, call: Callable[[], object], keys: QKeySequence
    ) -> QAction:
        action = menu.addAction(text)
        action.setShortcut(keys)
        action.triggered.connect(lambda: call())
        self.addAction(action)
        return action

    def _charts_menu(self, menu: QMenu) -> None:
        menu.aboutToShow.connect(lambda: self._fill_charts_menu(menu))

    def _fill_charts_menu(self, menu: QMenu) -> None:
        menu.clear()
        group = QActionGroup(menu)
        for name in LAYOUTS:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(name == self.charts.layout_name)
            action.triggered.connect(lambda _=False, name=name: self.charts.choose_layout(name))
            group.addAction(action)
        menu.addSeparator()
        for what in LINKS:
            action = menu.addAction(f"Linked charts share the {what}")
            action.setCheckable(True)
            action.setChecked(what in self.charts.links)
            action.triggered.connect(
                lambda on=False, what=what: self.charts.set_link(what, bool(on))
            )

    def _theme_menu(self, menu: QMenu) -> dict[str, QAction]:
        group = QActionGroup(menu)
        actions = {}
        for choice in THEME_CHOICES:
            action = menu.addAction(choice.capitalize())
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, choice=choice: self._choose_theme(choice))
            group.addAction(action)
            actions[str(choice)] = action
        return actions

    def _choose_theme(self, choice: str) -> None:
        self.set_theme(choice)
        self.theme_chosen.emit(choice)

    def _alert_on_current(self) -> None:
        if self.view.current is not None:
            self.ask_for_alert(self.view.current)

    def _connect(self) -> None:
        self.appearance.changed.connect(self._on_theme)
        self.search.taken.connect(self.add)
        self.model.order_changed.connect(self.order_changed)
        self.view.chosen.connect(lambda _: self.open_chart())
        self.view.remove_wanted.connect(self.remove)
        self.view.alert_wanted.connect(self.ask_for_alert)
        self.view.alert_removed.connect(self.alert_removed)
        self.status.clicked.connect(self.open_feed)
        self.charts.wanted.connect(self.chart_wanted)
        self.charts.older_wanted.connect(self.older_wanted)
        self.charts.retry_wanted.connect(self.retry_wanted)
        self.charts.state_changed.connect(self.state_changed)
        self.charts.active_changed.connect(
            lambda: self.side.show_instrument(self.charts.active.instrument)
        )
        self.side.wanted.connect(lambda *_: self._ask_side())
        self.charts.wanted.connect(lambda *_: self._ask_side())
        self.side.state_changed.connect(self.state_changed)
        self.charts.pane_made.connect(self._connect_pane)
        for pane in self.charts.panes:
            self._connect_pane(pane)
        self.splitter.splitterMoved.connect(lambda *_: self.state_changed.emit())

    def _connect_pane(self, pane: ChartPane) -> None:
        pane.alert_wanted.connect(lambda price: self._alert_at(pane, price))
        pane.compare_wanted.connect(lambda: self.compare_with(pane))
        pane.picture_wanted.connect(lambda: self._save_chart(pane))
        pane.export_wanted.connect(lambda form: self._export(pane, form))

    def _ask_side(self) -> None:
        books, tapes = self.side.asked
        asked = (books, tapes, [each for each in self.charts.counted if each not in tapes])
        if asked != self._side_asked:
            self._side_asked = asked
            self.side_wanted.emit(*asked)

    def _alert_at(self, pane: ChartPane, price: float) -> None:
        if pane.instrument is not None:
            self.ask_for_alert(pane.instrument, price)

    def _on_theme(self, theme: Theme) -> None:
        self.view.set_theme(theme)
        self.charts.set_theme(theme)
        self.side.set_theme(theme)


def _now_ms() -> int:
    return round(time.time() * 1000)


def file_name(instrument: Instrument | None, interval: str, form: str) -> str:
    """What a saved chart is called: binance-BTC-USDT-15m.png."""
    if instrument is None:
        return f"chart.{form}"
    return f"{instrument.exchange}-{instrument.base}-{instrument.quote_ccy}-{interval}.{form}"


def _to_text(data: QByteArray) -> str:
    return data.toBase64().toStdString()


def _to_bytes(text: object) -> QByteArray:
    return QByteArray.fromBase64(str(text or "").encode())
