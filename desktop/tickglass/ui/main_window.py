"""The main window: charts with docks around them, search above, the state of the feeds below."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..alerts.alert import Alert
from ..language import tr
from ..market.instrument import Instrument, Listing
from ..market.store import Store
from ..market.watchlist import Watchlist
from ..market.watchlist_csv import read_watchlist
from .actions import ActionBook
from .alerts.panel import AlertsPanel
from .arrangement import Arrangement
from .chart_grid import ChartGrid
from .companions import Companions
from .docks import Docks
from .feed_panel import FeedPanel
from .frame_clock import FrameClock, ScreenFigures
from .layouts import Layouts
from .market_side import MarketSide
from .movers.panel import MoversPanel
from .notices import NoticeBar
from .palette import CommandPalette
from .placing import FEED, SETTINGS, Places
from .resources import program_icon
from .search_field import SearchField
from .status_line import StatusLine
from .text import wall_ms
from .theme import GAP, Appearance, Theme
from .undo import UndoList
from .watchlist.panel import WatchlistPanel
from .welcome import WelcomePage
from .window_actions import WindowActions
from .window_alerts import WindowAlerts
from .window_dialogs import WindowDialogs
from .window_frame import WindowFrame
from .window_settings import WindowSettings
from .window_views import WindowViews
from .window_wiring import connect

if TYPE_CHECKING:
    from .chart.source import Bars
    from .feed_values import FeedReport

NAME = "Tickglass"
SIZE = (1240, 800)
SHARE_OF_SCREEN = 0.92  # at most, at the first start
SMALLEST = (640, 420)
UNDO_SECONDS = 10.0
MOST_LINES_NAMED = 10  # of a file that was imported


class MainWindow(QMainWindow):
    """Signals say what the person wants; methods say what to show."""

    lists_changed = Signal(list)  # of Watchlist
    followed = Signal(list)  # of Instrument: now in a list
    unfollowed = Signal(list)  # of Instrument: in no list any more
    chart_wanted = Signal(int, object, str, object)  # number, Instrument | None, interval, compared
    older_wanted = Signal(int)
    retry_wanted = Signal(int)
    export_wanted = Signal(object, str, str)  # what the chart shows, csv or parquet, path
    # Instruments whose book is needed; whose trades go on one tape; whose on tapes of their own.
    side_wanted = Signal(object, object, object)
    alert_made = Signal(object)  # Alert, new or under other terms
    alerts_removed = Signal(list)  # of str, their ids
    history_wanted = Signal(object)  # records older than this number, or None: the newest
    feed_wanted = Signal()
    setting_chosen = Signal(str, object)  # key, value
    keys_changed = Signal(dict)
    layouts_changed = Signal()
    state_changed = Signal()
    quit_wanted = Signal()
    closed = Signal()
    seen = Signal()
    start_page_wanted = Signal()
    looked_at = Signal(bool)  # whether anybody can see the window from now on

    def __init__(
        self, store: Store, clock: FrameClock, figures: ScreenFigures, titles: Mapping[str, str]
    ) -> None:
        super().__init__()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.store = store
        self.titles = titles
        self.decimals: Mapping[Instrument, int] = {}
        self.basis_title = ""
        self.listings: list[Listing] = []
        self._clock = clock
        self._figures = figures
        self._alerts: list[Alert] = []
        self._ending = self._visible = False
        self.appearance = Appearance(application)
        self.layouts = Layouts()
        self.undo = UndoList(self)
        self.book = ActionBook(self)
        self.search = SearchField(titles)
        self.lists = WatchlistPanel(store, self.appearance.theme, titles)
        self.charts = ChartGrid(self.appearance.theme, titles)
        self.side = MarketSide(self.appearance.theme, titles)
        self.movers = MoversPanel(self.appearance.theme, titles)
        self.alerts = AlertsPanel(self.appearance.theme, titles, wall_ms)
        self.welcome = WelcomePage(titles)
        self.status = StatusLine(titles)
        self.notices = NoticeBar()
        self.middle = QStackedWidget()
        self.workspace = QMainWindow()
        self.docks = Docks(self.workspace)
        self.views = WindowViews(self)
        self._frame = WindowFrame(self, figures)
        self.palette_box = CommandPalette(self, self.book, titles)
        self.places = Places((FEED, SETTINGS), self)
        self.places.changed.connect(self.state_changed)
        self.dialogs = WindowDialogs(self)
        self.companions = Companions(self)
        self.alerts_of = WindowAlerts(self)
        self.actions_of = WindowActions(self)
        self.settings = WindowSettings(self)
        self.arrangement = Arrangement(self)
        self.feed: FeedPanel | None = None
        self._build()
        connect(self)

    # ------------------------------------------------------------ what to show

    def set_lists(self, lists: Sequence[Watchlist]) -> None:
        """Show these watchlists."""
        self.lists.set_lists(lists)

    def set_listings(self, listings: Sequence[Listing]) -> None:
        """What can be added, and the decimals of every price."""
        self.listings = list(listings)
        self.search.set_listings(listings)
        self.palette_box.set_listings(listings)
        self.welcome.set_listings(listings)
        self.decimals = {
            listing.instrument: decimals
            for listing in listings
            if (decimals := listing.price_decimals) is not None
        }
        self.lists.set_decimals(self.decimals)
        self.charts.set_decimals(self.decimals)
        self.movers.set_decimals(self.decimals)
        self.alerts.set_decimals(self.decimals)
        self.side.set_listings(listings)
        self.charts.set_alerts(self._alerts)

    def set_alerts(self, alerts: Sequence[Alert]) -> None:
        """The alerts, to be seen in the rows and on the chart."""
        self._alerts = list(alerts)
        self.lists.set_alerts(alerts)
        self.charts.set_alerts(self._alerts)

    def alert(self, alert_id: str) -> Alert | None:
        """The alert of an id."""
        return next((each for each in self._alerts if each.id == alert_id), None)

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

    def show_welcome(self, *, returnable: bool) -> None:
        """Show the first page in place of everything else."""
        self.welcome.set_returnable(returnable)
        self.middle.setCurrentWidget(self.welcome)
        self.search.hide()

    @property
    def seen_now(self) -> bool:
        """Whether anybody can see the window."""
        return self._visible

    @property
    def welcoming(self) -> bool:
        """Whether the first page is shown."""
        return self.middle.currentWidget() is self.welcome

    def leave_welcome(self) -> None:
        """Show the charts and the docks again."""
        self.middle.setCurrentWidget(self.workspace)
        self.search.show()
        self.search.setFocus()

    def set_basis_title(self, title: str) -> None:
        """Say over every change since when it counts."""
        self.basis_title = title
        self.lists.set_basis_title(title)

    def set_simulated(self, simulated: bool) -> None:
        """Say in the title that these are no real prices."""
        title = tr("{name}: simulated prices", name=NAME) if simulated else NAME
        self.setWindowTitle(title)

    def take_list(self, name: str, text: str) -> None:
        """Make a list of what a file holds."""
        found = read_watchlist(text)
        if not found.instruments:
            self.notices.say(tr("There is no pair in {name}.", name=name))
            return
        self.lists.add_list(name, found.instruments)
        if found.unread:
            lines = ", ".join(str(line) for line, _ in found.unread[:MOST_LINES_NAMED])
            self.notices.say(
                tr("These lines of {name} name no pair: {lines}.", name=name, lines=lines)
            )

    def flush(self, now: float) -> None:
        """Bring everything that can be seen up to date: once per screen frame."""
        self._frame.flush(now)

    def tray_lines(self, count: int) -> tuple[list[str], bool]:
        """The first rows as texts for the tray, and whether any of them can be trusted."""
        return self.lists.lines(count, time.monotonic())

    def present(self) -> None:
        """Show the window in front of the others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_muted(self, until: int | None) -> None:
        """Say that alerts are muted until a time, ms UTC; None: they are not."""
        self.alerts_of.show_muted(until)

    def call_attention(self) -> None:
        """Let the taskbar show that something happened."""
        QApplication.alert(self)

    def save_picture(self, path: Path) -> None:
        """Save the window as it looks now."""
        self.grab().save(str(path))

    def end(self) -> None:
        """Close for good."""
        self._ending = True
        self.places.blockSignals(True)  # everything is saved by now
        self.companions.close()
        self.close()
        for part in (self.appearance, self.side, self):  # what no window owns outlives it else
            part.deleteLater()

    # ------------------------------------------------------------ what the person does

    def add(self, instrument: Instrument) -> None:
        """Put an instrument at the end of the list, or go to it if it is there."""
        self.lists.add(instrument)

    def go_to(self, instrument: Instrument) -> None:
        """Show an instrument: in its list if it has one, else in the active chart alone."""
        if self.welcoming:
            self.leave_welcome()
        if instrument in self.lists.instruments:
            self.lists.choose(instrument)
        self._show_instrument(instrument)

    def go_to_moment(self, instrument: Instrument, time_ms: int) -> None:
        """Show an instrument's chart at a time."""
        self.go_to(instrument)
        self.charts.active.chart.go_to(time_ms)

    def offer_undo(self, sentence: str, undo: Callable[[], object]) -> None:
        """Say what was removed; it can be taken back from the notice, and by Undo later on."""
        step = self.undo.push(sentence, undo)
        if step is not None:
            self.notices.say(
                sentence,
                undo=lambda: self.undo.undo(step),
                until=time.monotonic() + UNDO_SECONDS,
            )

    def open_feed(self, exchange: str = "") -> FeedPanel:
        """Bring up the feed panel, with an exchange chosen."""
        if self.feed is None:
            self.feed = FeedPanel(self, self.titles)
            self.feed.report_wanted.connect(self.feed_wanted)
        self.places.put(FEED, self.feed)
        self.feed.present(exchange)
        return self.feed

    def open_chart(self) -> None:
        """Show what is chosen in the active chart, and beside it."""
        self._show_instrument(self.lists.current)

    def _show_instrument(self, instrument: Instrument | None) -> None:
        self.charts.choose_instrument(instrument)
        self.side.show_instrument(instrument)
        self._clock.wake()
        self.state_changed.emit()

    def toggle_full_screen(self) -> None:
        """Use the whole screen, or no longer."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    # ------------------------------------------------------------ Qt's events

    def event(self, event: QEvent) -> bool:
        """Measure every painting of the window: all its widgets share one backing store."""
        if event.type() != QEvent.Type.UpdateRequest:
            return super().event(event)
        began, cpu = time.monotonic(), time.thread_time()
        done = super().event(event)
        now = time.monotonic()
        self._figures.painted(now, now - began, time.thread_time() - cpu)
        self._clock.painted(now)
        return done

    def changeEvent(self, event: QEvent) -> None:
        """A minimised window needs no frames; a window come to the front has been seen."""
        if event.type() == QEvent.Type.WindowStateChange:
            self.judge_visible()
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.seen.emit()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody may look now."""
        super().showEvent(event)
        self.judge_visible()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more; a window that hides takes its panel along."""
        super().hideEvent(event)
        self.judge_visible()
        if self.feed is not None and not event.spontaneous():
            self.feed.hide()

    def judge_visible(self) -> None:
        """Frames are needed only while somebody can see them; then everything may have changed."""
        visible = self.isVisible() and not self.isMinimized()
        if visible and not self._visible:
            for state in self.store.states.values():
                state.arrived = None  # nobody waited for what came in the meantime
            self.store.touch(self.lists.instruments)
        if visible != self._visible:
            self.looked_at.emit(visible)
        self._visible = visible
        self.views.feed_panels(seen=visible)
        companions = self.companions
        self._clock.set_visible(visible or companions.board_shown, watched=companions.shown)
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
        self.setWindowTitle(NAME)
        self.setWindowIcon(program_icon())
        self.resize(QSize(*SIZE).boundedTo(self.screen().availableSize() * SHARE_OF_SCREEN))
        self.setMinimumSize(*SMALLEST)
        self.workspace.setWindowFlags(Qt.WindowType.Widget)
        self.workspace.setAccessibleName(tr("Charts and views"))
        self.workspace.setCentralWidget(self.charts)
        self.charts.removed.connect(self.offer_undo)
        self.views.add_all()
        self.middle.addWidget(self.workspace)
        self.middle.addWidget(self.welcome)
        self.actions_of.build()
        top = QHBoxLayout()
        top.setSpacing(GAP)
        top.addWidget(self.search, 1)
        top.addStretch(1)
        top.addWidget(self._menu_button())
        column = QVBoxLayout()
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addLayout(top)
        column.addWidget(self.middle, 1)
        column.addWidget(self.status)
        whole = QWidget()
        whole.setLayout(column)
        self.setCentralWidget(whole)
        self.notices.float_over(whole, on=self.charts, above=self.status)

    def _menu_button(self) -> QToolButton:
        button = QToolButton()
        button.setText("☰")
        button.setAccessibleName(tr("Menu"))
        button.setToolTip(tr("Menu"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = self.actions_of.menu(button)
        button.setMenu(self.menu)
        return button

    def set_theme(self, theme: Theme) -> None:
        """Give every part the colours of a theme."""
        self.lists.set_theme(theme)
        self.charts.set_theme(theme)
        self.side.set_theme(theme)
        self.movers.set_theme(theme)
        self.alerts.set_theme(theme)
        self.companions.set_theme(theme)
