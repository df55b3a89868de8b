"""The program behind the window: what happens when the person or the market does something.

It holds the state (settings, store, alerts), owns the background tasks, and connects the window's
signals to what they mean. It knows no Qt: the window and the tray are handed in.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import side_feed
from .alert_keeper import AlertKeeper
from .alert_requests import ABOUT, RAISE, handle
from .alerting import Alerting
from .anchors import Anchors
from .charts import ChartFeeds
from .delivery.desktop import Notifier
from .delivery.remote import Remote
from .delivery.sound import Sounds
from .exchanges.exchange import Channel
from .feed.candle_cache import CandleCache
from .feed.hub import Hub
from .filing import Filing
from .intake import Intake
from .keeping import Keeper
from .market.events import Status
from .market.instrument import Instrument
from .market.store import Store
from .market.watchlist import Watchlist
from .movers_feed import MoversFeed
from .paths import Paths
from .preferences import Preferences
from .reporting import Reporting
from .settings import Settings, SettingsFile
from .watching import Watching
from .wiring import Wiring

if TYPE_CHECKING:
    from .ui.frame_clock import FrameClock, ScreenFigures
    from .ui.main_window import MainWindow
    from .ui.tray import Tray

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Begun:
    """How the program begins, or begins anew: in the tray, with something to say, and where."""

    minimized: bool = False
    notice: str = ""
    settings_open: bool = False


class Program:
    """Everything that is not a widget. ``close`` ends what is left and saves.

    ``anew`` is set when it ends only to begin anew, with other files or in another language.
    """

    def __init__(
        self,
        settings: Settings,
        file: SettingsFile,
        paths: Paths,
        store: Store,
        window: MainWindow,
        tray: Tray,
        frames: FrameClock,
        screen: ScreenFigures,
        notifier: Notifier,
        sounds: Sounds,
        remote: Remote,
        quit_wanted: Callable[[], None],
    ) -> None:
        self.settings = settings
        self.store = store
        self.keeper = Keeper(
            settings, file, paths, store, window.arrangement.save_state, window.layouts.dump,
            lambda: window.lists.instruments, window.notify_person, self.begin_anew,
        )  # fmt: skip
        self.alerting = Alerting(
            settings, AlertKeeper(paths.alerts, window.notify_person), store, window, tray,
            notifier, sounds, remote, self.spawn, self._saved, _now_ms,
        )  # fmt: skip
        self.reporting = Reporting(window, screen, self.alerting)
        self._filing = Filing(window, self.keeper, file.backups, self.spawn)
        self._file = file
        self._window = window
        self._tray = tray
        self._frames = frames
        self._quit_wanted = quit_wanted
        self._hub: Hub | None = None
        self._charts: ChartFeeds | None = None
        self._watching: Watching | None = None
        self._preferences: Preferences | None = None
        self._movers: MoversFeed | None = None
        self._side_channels: list[Channel] = []
        self._cache = CandleCache(paths.candles)
        self.anew: Begun | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._connect()

    def show(self, *, minimized: bool, welcome: bool) -> None:
        """Bring up the window as it was left, or only the tray where there is one.

        With ``welcome`` it shows the first page, and no prices before that is answered.
        """
        window, keeper = self._window, self.keeper
        window.settings.set_all(self.settings.values())
        window.book.set_keys(self.settings.shortcuts)
        keeper.read_drawings()
        window.charts.marks_of = keeper.drawings_held.of
        window.layouts.load(keeper.read_layouts())
        window.set_lists([] if welcome else self.settings.watchlists)
        window.set_alerts(self.alerting.engine.alerts)
        self.alerting.choose_sensitivity()
        keeper.recall_prices(window.lists.instruments)
        window.arrangement.restore_state(keeper.read_window())
        if welcome:
            window.show_welcome(returnable=False)
        window.companions.follow_settings()
        self._tray.appear_if_possible()
        if not (minimized and self._tray.available):
            window.show()
            log.info("window shown")

    def make_hub(self, wiring: Wiring) -> Hub:
        """The feeds of the exchanges in use, telling this program everything."""
        intake = Intake(self.store, self.alerting, self._on_status, _now_ms)
        return Hub(wiring.exchanges, wiring.endpoints, intake, time.monotonic)

    def start(self, hub: Hub, wiring: Wiring, simulate: Callable[[], Awaitable[Wiring]]) -> None:
        """Let the prices flow; ``simulate`` starts the embedded exchanges if that is wanted."""
        window = self._window
        self._hub = self.reporting.hub = hub
        hub.set_seen(window.isVisible())
        self._charts = ChartFeeds(hub, self.store, self._cache, window, self.spawn, _now_ms)
        anchors = Anchors(hub, self.store, self.spawn, _now_ms)
        self._watching = Watching(
            hub, self.store, self._charts, anchors,
            window.set_listings, window.charts.set_halted, self.spawn,
        )  # fmt: skip
        panel = window.movers
        self._movers = MoversFeed(hub, panel.show_tickers, panel.fail, self.spawn)
        panel.wanted.connect(self._movers.want)
        self._movers.want(panel.asked)
        self._watching.span = self.settings.window.sparkline
        self._preferences = Preferences(
            self.settings, hub, self._watching, anchors, window,
            wiring, simulate, self.alerting.choose_sensitivity, self.begin_anew, self.spawn,
            self._saved,
        )  # fmt: skip
        for notice in (*self._file.notices, self._file.saving_problem, *self.keeper.notices()):
            if notice:
                window.notify_person(notice)
        for notice in wiring.notices:
            window.notify_person(notice)
        self._watching.follow(window.lists.instruments)
        self.alerting.start(hub, self._charts)
        window.charts.ask()
        hub.want(side_feed.OWNER, self._side_channels)
        self._watching.learn(hub.figures)
        if window.welcoming:
            self._preferences.probe()

    def begin_anew(self, notice: str = "") -> None:
        """Take everything down and build it again from the files, where it is now."""
        dialog = self._window.dialogs.settings
        opened = dialog is not None and dialog.isVisible()
        self.anew = Begun(not self._window.isVisible(), notice, opened)
        self._quit_wanted()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run work in the background until it ends or the program does."""
        task = asyncio.create_task(self._guard(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # a task ended before it began never ran it

    async def end_tasks(self) -> None:
        """End everything that runs in the background."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Save, and take down the tray and the window."""
        await self.end_tasks()
        await self._cache.close()
        await self.alerting.close()
        await self.keeper.finish()
        self._frames.end()
        self._tray.end()
        self._window.end()

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what a second start or a script asks for."""
        if request.get("about") == ABOUT:
            return handle(request, self.alerting, _now_ms())
        if request.get("about") == RAISE:
            self._window.present()
        return {}

    def leave(self, screenshot: Path | None, stats: Path | None) -> None:
        """Save a picture and the figures, if that was asked for."""
        if screenshot is not None:
            screenshot.parent.mkdir(parents=True, exist_ok=True)
            self._window.save_picture(screenshot)
        if stats is not None:
            stats.parent.mkdir(parents=True, exist_ok=True)
            stats.write_text(
                json.dumps(self.reporting.figures(), indent=2) + "\n", encoding="utf-8"
            )

    # ------------------------------------------------------------ what the person does

    def _connect(self) -> None:
        window, tray = self._window, self._tray
        self._filing.connect()
        window.lists_changed.connect(self._keep_lists)
        window.followed.connect(lambda _: self._follow())
        window.unfollowed.connect(self._unfollow)
        window.chart_wanted.connect(self._open_chart)
        window.older_wanted.connect(self._load_older)
        window.retry_wanted.connect(lambda chart: self._fill_charts())
        window.charts.marks_changed.connect(lambda: self.keeper.changed(self.keeper.drawings))
        window.side_wanted.connect(self._want_side)
        window.feed_wanted.connect(self.reporting.show_feed)
        window.alert_made.connect(self.alerting.put)
        window.alerts_removed.connect(self.alerting.remove_some)
        window.history_wanted.connect(self.alerting.show_history)
        window.alerts.standings_wanted.connect(self.alerting.show_standings)
        window.alerts_of.mute_wanted.connect(self.alerting.mute_for)
        window.alerts_of.rehearsal_wanted.connect(self.alerting.rehearse)
        window.alerts_of.target_kept.connect(self.alerting.targets.keep)
        window.alerts_of.target_forgotten.connect(self.alerting.targets.forget)
        window.alerts_of.target_tried.connect(self.alerting.targets.try_out)
        window.alerts_of.all_sent_to.connect(self.alerting.targets.send_all_to)
        window.setting_chosen.connect(self._choose)
        window.keys_changed.connect(self._keep_keys)
        window.layouts_changed.connect(lambda: self.keeper.changed(self.keeper.layouts))
        window.state_changed.connect(lambda: self.keeper.changed(self.keeper.window))
        window.start_page_wanted.connect(self._open_start_page)
        window.welcome.started.connect(self._start_with)
        window.welcome.retry_wanted.connect(self._probe)
        window.welcome.back_wanted.connect(window.leave_welcome)
        window.welcome.demo_wanted.connect(self._start_demo)
        window.quit_wanted.connect(self._quit_wanted)
        window.closed.connect(self._on_closed)
        window.looked_at.connect(self._look)
        tray.raise_wanted.connect(window.present)
        tray.mute_wanted.connect(self.alerting.mute_for)
        tray.record_chosen.connect(
            lambda record: self.alerting.open_chart(record.instrument, record.time)
        )
        tray.quit_wanted.connect(self._quit_wanted)
        window.seen.connect(tray.seen)
        self._frames.add(window.flush)
        self._frames.add(window.companions.flush, when_hidden=True)
        self._frames.add(self._flush_tray, when_hidden=True)
        self._frames.add(self._check_charts, when_hidden=True)
        self._frames.add(self.reporting.tell_notes)
        self._frames.start()

    def _keep_lists(self, lists: Sequence[Watchlist]) -> None:
        self.settings.watchlists = list(lists)
        self.alerting.follow_lists(lists)
        self._saved()

    def _follow(self) -> None:
        if self._watching is not None:
            self._watching.follow(self._window.lists.instruments)

    def _unfollow(self, gone: Sequence[Instrument]) -> None:
        self._follow()
        for instrument in set(gone) - self.alerting.engine.instruments:
            self.store.forget(instrument)

    def _look(self, seen: bool) -> None:
        if self._hub is not None:
            self._hub.set_seen(seen)

    def _open_chart(
        self,
        chart: int,
        instrument: Instrument | None,
        interval: str,
        compared: Sequence[Instrument],
    ) -> None:
        if self._charts is None:
            return
        if instrument is None:
            self._charts.close(chart)
        else:
            self._charts.open(chart, instrument, interval, compared)

    def _load_older(self, chart: int) -> None:
        if self._charts is not None:
            self._charts.older(chart)

    def _fill_charts(self, exchange: str | None = None) -> None:
        if self._charts is not None:
            self._charts.fill(exchange)

    def _want_side(
        self,
        books: Sequence[Instrument],
        taped: Sequence[Instrument],
        counted: Sequence[Instrument],
    ) -> None:
        self._side_channels = side_feed.arrange(self.store, books, taped, counted)
        if self._hub is not None:
            self._hub.want(side_feed.OWNER, self._side_channels)

    def _choose(self, key: str, value: Any) -> None:
        if self._preferences is not None:
            self._preferences.choose(key, value)

    def _keep_keys(self, keys: dict[str, str]) -> None:
        self.settings.shortcuts = dict(keys)
        self._saved()

    def _on_closed(self) -> None:
        """Closing hides the window only if that was chosen and something can bring it back.

        That is the tray. Where there is none the ticker is brought up, and the window goes when it
        is closed once more.
        """
        if not self.settings.window.close_to_tray:
            self._quit_wanted()
        elif self._tray.available or self._window.companions.ticker_shown:
            self._window.hide()
        else:
            self._choose("ticker.shown", True)
            self._window.notify_person(self._tray.why_none())

    # ------------------------------------------------------------ the first page

    def _open_start_page(self) -> None:
        if self._preferences is not None:
            self._preferences.open_start_page()

    def _probe(self) -> None:
        if self._preferences is not None:
            self._preferences.probe()

    def _start_with(
        self, exchanges: Sequence[str], instruments: Sequence[Instrument], name: str
    ) -> None:
        if self._preferences is not None:
            self._preferences.start_with(exchanges, instruments, name)

    def _start_demo(self) -> None:
        if self._preferences is not None:
            self._preferences.start_demo()

    def _saved(self) -> None:
        """Something of the settings changed."""
        self.keeper.changed(self.keeper.settings)

    # ------------------------------------------------------------ what the market does

    def _on_status(self, status: Status) -> None:
        self._window.set_exchange_status(
            status.exchange, status.connection, status.state, status.detail
        )
        if status.state == "live":
            self._fill_charts(status.exchange)

    # ------------------------------------------------------------ once in a while

    def _check_charts(self, now: float) -> None:
        if self._charts is not None:
            self._charts.check(now)
        if self._watching is not None:
            self._watching.check(now)
        self.alerting.check(now)
        self.keeper.check(now)

    def _flush_tray(self, now: float) -> None:
        self._tray.flush(now, self._window.tray_lines)

    async def _guard(self, work: Coroutine[Any, Any, None], name: str) -> None:
        try:
            await work
        except Exception:  # the top of a task: one that breaks must not pass unseen
            log.exception("%s failed", name)


def _now_ms() -> int:
    return round(time.time() * 1000)
