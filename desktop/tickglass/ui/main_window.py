"""The main window: watchlist, chart, search, and a line that says how the feeds are."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..alerts.alert import Alert
from ..market.instrument import Instrument, Listing
from ..market.store import Store
from .alert_dialog import AlertDialog
from .chart_pane import ChartPane
from .feed_panel import FeedPanel
from .frame_clock import FrameClock, ScreenFigures
from .notices import NoticeBar
from .resources import program_icon
from .search_field import SearchField
from .status_line import StatusLine
from .text import exchange_title
from .theme import GAP, THEME_CHOICES, Appearance, Theme
from .watchlist_model import WatchlistModel
from .watchlist_view import WatchlistView

if TYPE_CHECKING:
    from ..market.candles import CandleSeries
    from .feed_values import FeedReport

SIZE = (1240, 800)
SHARE_OF_SCREEN = 0.92  # at most, at the first start
SMALLEST = (640, 420)
SPLIT = (0.42, 0.58)  # of the height: table, chart
UNDO_SECONDS = 10.0


class MainWindow(QMainWindow):
    """Signals say what the person wants; methods say what to show."""

    instrument_wanted = Signal(object)  # Instrument
    instruments_removed = Signal(list)
    order_changed = Signal(list)
    chart_wanted = Signal(object, str)  # Instrument | None, interval
    older_wanted = Signal()
    retry_wanted = Signal()
    alert_made = Signal(object)  # Alert
    alert_removed = Signal(str)
    feed_wanted = Signal()
    theme_chosen = Signal(str)
    close_to_tray_chosen = Signal(bool)
    state_changed = Signal()
    quit_wanted = Signal()
    closed = Signal()
    seen = Signal()

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
        self._alerts: list[Alert] = []
        self._ending = self._visible = False
        self.appearance = Appearance(application)
        self.model = WatchlistModel(store, titles)
        self.search = SearchField(titles)
        self.view = WatchlistView(self.model, self.appearance.theme, titles)
        self.chart = ChartPane(self.appearance.theme)
        self.status = StatusLine(titles)
        self.notices = NoticeBar()
        self.feed: FeedPanel | None = None
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self._build()
        self._connect()
        # The chart's library takes a third of a second to load: after the first picture.
        QTimer.singleShot(0, self.chart.load)

    # ------------------------------------------------------------ what to show

    def set_watchlist(self, instruments: Sequence[Instrument]) -> None:
        """Show these instruments, in this order."""
        self.model.insert(self.model.rowCount(), instruments)
        if self.view.current is None and instruments:
            self.view.choose(instruments[0])

    def set_listings(self, listings: Sequence[Listing]) -> None:
        """What can be added, and the decimals of every price."""
        self.search.set_listings(listings)
        self._decimals = {
            listing.instrument: decimals
            for listing in listings
            if (decimals := listing.price_decimals) is not None
        }
        self.model.set_decimals(self._decimals)
        if self.chart.instrument is not None:
            self.chart.set_decimals(self._decimals.get(self.chart.instrument))
        self.chart.set_alerts(self._alerts)

    def set_alerts(self, alerts: Sequence[Alert]) -> None:
        """The alerts, to be seen in the rows and on the chart."""
        self._alerts = list(alerts)
        self.view.set_alerts(alerts)
        self.chart.set_alerts(self._alerts)

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

    def show_series(self, series: CandleSeries) -> None:
        """Show a candle series in the chart; it may still be empty."""
        self.chart.show_series(series, self._decimals.get(series.instrument))
        self.chart.set_alerts(self._alerts)

    def chart_failed(self, sentence: str) -> None:
        """Say why the chart has no candles."""
        self.chart.fail(sentence)

    def older_loaded(self) -> None:
        """Older candles came, or there are none."""
        self.chart.older_loaded()

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
        instrument = self.chart.instrument
        if instrument is not None:
            state = self._store.state(instrument)
            self.chart.flush(state.last, state.freshness(now))
        self.status.flush(now)
        self.notices.flush(now)

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
            "interval": self.chart.interval,
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Be as the window was left; what is missing or unusable stays as it is."""
        self.restoreGeometry(_to_bytes(state.get("geometry")))
        self.splitter.restoreState(_to_bytes(state.get("splitter")))
        self.view.horizontalHeader().restoreState(_to_bytes(state.get("columns")))
        self.chart.choose_interval(str(state.get("interval")))
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

    def ask_for_alert(self, instrument: Instrument) -> AlertDialog:
        """Open the form for a new alert."""
        title = exchange_title(self._titles, instrument.exchange)
        last = self._store.state(instrument).last
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

    def _put_back(self, row: int, instrument: Instrument) -> None:
        self.model.insert(min(row, self.model.rowCount()), [instrument])
        self.instrument_wanted.emit(instrument)
        self.order_changed.emit(self.model.instruments)
        self.view.choose(instrument)

    def open_chart(self) -> None:
        """Ask for the candles of what is chosen."""
        instrument = self.view.current
        self.chart.instrument = instrument
        if instrument is None:
            self.chart.show_nothing()
        self.chart_wanted.emit(instrument, self.chart.interval)
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
        self.splitter.addWidget(self.view)
        self.splitter.addWidget(self.chart)
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
        self.chart.interval_chosen.connect(self.open_chart)
        self.chart.older_wanted.connect(self.older_wanted)
        self.chart.retry_wanted.connect(self.retry_wanted)
        self.chart.loaded.connect(self.open_chart)
        self.splitter.splitterMoved.connect(lambda *_: self.state_changed.emit())

    def _on_theme(self, theme: Theme) -> None:
        self.view.set_theme(theme)
        self.chart.set_theme(theme)


def _to_text(data: QByteArray) -> str:
    return data.toBase64().toStdString()


def _to_bytes(text: object) -> QByteArray:
    return QByteArray.fromBase64(str(text or "").encode())
