"""The program behind the window: what happens when the person or the market does something.

It holds the state (settings, store, alerts), owns the background tasks, and connects the window's
signals to what they mean. It knows no Qt: the window and the tray are handed in.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .alerts.alert import Alert
from .alerts.engine import AlertEngine, Fired
from .charts import ChartFeeds
from .delivery.desktop import Notifier
from .delivery.message import describe
from .errors import FeedError, TickglassError
from .exchanges import EXCHANGES
from .exchanges.exchange import BadFrame, Channel, Kind
from .exporting import write_csv, write_parquet
from .feed.candle_cache import CandleCache
from .feed.hub import Hub
from .feed_rows import Sample, Span, feed_report, take_sample
from .files import write_atomically
from .intake import Intake
from .mark_store import MarkStore
from .market.candles import CandleSeries
from .market.events import Status
from .market.instrument import Instrument, Listing
from .market.store import Store
from .market.tape import Tape
from .paths import Paths
from .saver import Saver
from .settings import Settings, SettingsFile
from .stats import figures, process_age, rss_mb
from .wiring import Wiring

if TYPE_CHECKING:
    from .ui.frame_clock import FrameClock, ScreenFigures
    from .ui.main_window import MainWindow
    from .ui.tray import Tray

log = logging.getLogger(__name__)

WATCHLIST, ALERTS, SIDE = "watchlist", "alerts", "side"
BOOK_KINDS = (Kind.BOOK, Kind.QUOTE)  # the quote tells when a book was left behind
ALERT_KINDS = (Kind.TICKER, Kind.TRADE)
LISTINGS_RETRY = 30.0  # s between attempts to fetch an instrument list


class Program:
    """Everything that is not a widget. ``close`` ends what is left and saves."""

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
        quit_wanted: Callable[[], None],
    ) -> None:
        self.settings = settings
        self.store = store
        self.alerts = AlertEngine(settings.alerts)
        self._paths = paths
        self._window = window
        self._tray = tray
        self._frames = frames
        self._screen = screen
        self._notifier = notifier
        self._quit_wanted = quit_wanted
        self._watchlist = settings.watchlists[0]
        self._listings: dict[str, list[Listing]] = {}
        self._hub: Hub | None = None
        self._charts: ChartFeeds | None = None
        self._side_channels: list[Channel] = []
        self._cache = CandleCache(paths.candles)
        self._began = time.monotonic()
        self._age_at_start = process_age()
        self._sample: Sample | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._saver = Saver(self._render_settings(file), file.write, self._save_failed)
        self._window_saver = Saver(self._render_window, self._write_window, self._save_failed)
        self._drawings = MarkStore()
        self._drawings_saver = Saver(
            lambda: self._drawings.dump(), self._write_drawings, self._save_failed
        )
        self._connect()

    def show(self, *, minimized: bool) -> None:
        """Bring up the window as it was left, or only the tray where there is one."""
        window = self._window
        window.set_theme(self.settings.window.theme)
        window.set_close_to_tray(self.settings.window.close_to_tray)
        window.set_watchlist(self._watchlist.instruments)
        window.set_alerts(self.alerts.alerts)
        self._read_drawings()
        window.charts.marks_of = self._drawings.of
        window.restore_state(self._read_window())
        self._tray.appear_if_possible()
        if not (minimized and self._tray.available):
            window.show()
            log.info("window shown")

    def make_hub(self, wiring: Wiring) -> Hub:
        """The feeds of the exchanges in use, telling this program everything."""
        intake = Intake(self.store, self.alerts, self._on_fired, self._on_status)
        return Hub(wiring.exchanges, wiring.endpoints, intake, time.monotonic)

    def start(self, hub: Hub, notices: Sequence[str]) -> None:
        """Let the prices flow."""
        self._hub = hub
        hub.set_seen(self._window.isVisible())
        self._charts = ChartFeeds(hub, self.store, self._cache, self._window, self.spawn, _now_ms)
        for notice in notices:
            self._window.notify_person(notice)
        self._want()
        self._window.charts.ask()
        hub.want(SIDE, self._side_channels)
        for exchange in hub.figures:
            self.spawn(self._fetch_listings(exchange), f"{exchange} instruments")
        self.spawn(self._seed(self._watchlist.instruments), "sparklines")

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
        self._window_saver.changed()
        await self._saver.finish()
        await self._window_saver.finish()
        await self._drawings_saver.finish()
        self._frames.stop()
        self._tray.hide()
        self._window.end()

    def leave(self, screenshot: Path | None, stats: Path | None) -> None:
        """Save a picture and the figures, if that was asked for."""
        if screenshot is not None:
            screenshot.parent.mkdir(parents=True, exist_ok=True)
            self._window.save_picture(screenshot)
        if stats is not None:
            stats.parent.mkdir(parents=True, exist_ok=True)
            stats.write_text(json.dumps(self.figures(), indent=2) + "\n", encoding="utf-8")

    def figures(self) -> dict[str, Any]:
        """What happened so far, and what it cost."""
        return figures(
            seconds=time.monotonic() - self._began,
            window_painted=self._since_start(self._screen.first_paint),
            first_price=self._since_start(self._screen.first_price),
            feeds=self._hub.figures if self._hub else {},
            screen=self._screen.screen(),
            delay=self._screen.delay(),
            fired=self.alerts.fired_count,
        )

    def _show_feed(self) -> None:
        """Tell the feed panel how everything is, with the rates since it was told before."""
        feeds = self._hub.figures if self._hub else {}
        before = self._sample
        self._sample = take_sample(feeds, time.monotonic(), time.process_time())
        span = Span(before, self._sample)
        self._window.show_feed(feed_report(feeds, span, self.figures(), rss_mb()))

    # ------------------------------------------------------------ what the person does

    def _connect(self) -> None:
        window, tray = self._window, self._tray
        window.instrument_wanted.connect(self._add)
        window.instruments_removed.connect(self._remove)
        window.order_changed.connect(self._reorder)
        window.chart_wanted.connect(self._open_chart)
        window.older_wanted.connect(self._load_older)
        window.retry_wanted.connect(lambda chart: self._fill_charts())
        window.export_wanted.connect(self._export)
        window.charts.marks_changed.connect(self._drawings_saver.changed)
        window.side_wanted.connect(self._want_side)
        window.feed_wanted.connect(self._show_feed)
        window.alert_made.connect(self._add_alert)
        window.alert_removed.connect(self._remove_alert)
        window.theme_chosen.connect(self._choose_theme)
        window.close_to_tray_chosen.connect(self._choose_close_to_tray)
        window.state_changed.connect(self._window_saver.changed)
        window.quit_wanted.connect(self._quit_wanted)
        window.closed.connect(self._on_closed)
        tray.raise_wanted.connect(window.present)
        tray.quit_wanted.connect(self._quit_wanted)
        window.seen.connect(tray.seen)
        window.looked_at.connect(self._look)
        self._frames.add(window.flush)
        self._frames.add(self._flush_tray, when_hidden=True)
        self._frames.add(self._check_charts, when_hidden=True)
        self._frames.start()

    def _look(self, seen: bool) -> None:
        if self._hub is not None:
            self._hub.set_seen(seen)

    def _add(self, instrument: Instrument) -> None:
        self._watchlist.instruments.append(instrument)
        self._watchlist_changed()
        self.spawn(self._seed([instrument]), "sparkline")

    def _remove(self, instruments: Iterable[Instrument]) -> None:
        removed = set(instruments)
        self._watchlist.instruments = [
            each for each in self._watchlist.instruments if each not in removed
        ]
        self._watchlist_changed()
        for instrument in removed - self.alerts.instruments:
            self.store.forget(instrument)

    def _reorder(self, instruments: Sequence[Instrument]) -> None:
        self._watchlist.instruments = list(instruments)
        self._saver.changed()

    def _watchlist_changed(self) -> None:
        self._mark_halted()
        self._want()
        self._saver.changed()

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

    def _check_charts(self, now: float) -> None:
        if self._charts is not None:
            self._charts.check(now)

    def _want_side(
        self,
        books: Sequence[Instrument],
        taped: Sequence[Instrument],
        counted: Sequence[Instrument],
    ) -> None:
        """Feed the order book and the tape: one tape of all that are shown together, and one for
        each whose trades are only counted. What was heard before stays where it can."""
        held = self.store.tapes
        same = {each: held[each] for each in (*taped, *counted) if each in held}
        together = held.get(taped[0]) if taped else None
        if together is None or set(taped) != {each for each in held if held[each] is together}:
            together = Tape()
        self.store.tapes = {each: same.get(each) or Tape() for each in counted}
        self.store.tapes |= dict.fromkeys(taped, together)
        tapes = [*taped, *counted]
        for instrument in self.store.books.keys() - set(books):
            del self.store.books[instrument]
        wanted = [Channel(kind, each) for each in books for kind in BOOK_KINDS]
        self._side_channels = wanted + [Channel(Kind.TRADE, each) for each in tapes]
        if self._hub is not None:
            self._hub.want(SIDE, self._side_channels)

    def _export(self, bars: CandleSeries, form: str, path: str) -> None:
        self.spawn(self._write_candles(bars, form, Path(path)), "export")

    async def _write_candles(self, bars: CandleSeries, form: str, path: Path) -> None:
        write = write_csv if form == "csv" else write_parquet
        rows = bars.rows.copy()
        try:
            await asyncio.to_thread(write, path, bars.instrument, bars.interval, rows)
        except (OSError, TickglassError) as error:
            sentence = error.sentence if isinstance(error, TickglassError) else error.strerror
            self._window.notify_person(f"The candles could not be exported: {sentence}")
        else:
            self._window.notify_person(f"{rows.shape[1]:,} candles were written to {path}.")

    def _add_alert(self, alert: Alert) -> None:
        self.alerts.add(alert)
        self._alerts_changed()

    def _remove_alert(self, alert_id: str) -> None:
        self.alerts.remove(alert_id)
        self._alerts_changed()

    def _alerts_changed(self) -> None:
        self.settings.alerts = self.alerts.alerts
        self._window.set_alerts(self.settings.alerts)
        self._want()
        self._saver.changed()

    def _choose_theme(self, name: str) -> None:
        self.settings.window.theme = name
        self._saver.changed()

    def _choose_close_to_tray(self, chosen: bool) -> None:
        self.settings.window.close_to_tray = chosen
        self._saver.changed()

    def _on_closed(self) -> None:
        """Closing hides the window only if that was chosen and a tray can bring it back."""
        if self.settings.window.close_to_tray and self._tray.available:
            self._window.hide()
        else:
            self._quit_wanted()

    # ------------------------------------------------------------ what the market does

    def _on_fired(self, fired: Fired) -> None:
        log.info("alert %s fired at %s", fired.alert.id, fired.price)
        self._alerts_changed()
        if not self._window.isActiveWindow():
            self._tray.alert_fired()
        self._window.call_attention()
        self.spawn(self._deliver(fired), f"alert {fired.alert.id}")

    async def _deliver(self, fired: Fired) -> None:
        exchange = EXCHANGES.get(fired.alert.instrument.exchange)
        message = describe(fired, exchange.title if exchange else fired.alert.instrument.exchange)
        self._window.notify_person(f"{message.title}: {message.body}")
        if not await self._notifier.show(message, self._window.present):
            self._tray.show_message(message.title, message.body)

    def _on_status(self, status: Status) -> None:
        self._window.set_exchange_status(
            status.exchange, status.connection, status.state, status.detail
        )
        if status.state == "live":
            self._fill_charts(status.exchange)

    def _flush_tray(self, now: float) -> None:
        self._tray.flush(now, self._window.tray_lines)

    def _since_start(self, moment: float | None) -> float | None:
        """Milliseconds from the start of the process to a monotonic second."""
        if moment is None:
            return None
        return round((moment - self._began + self._age_at_start) * 1000, 1)

    # ------------------------------------------------------------ in the background

    def _want(self) -> None:
        if self._hub is None:
            return
        rows = self._watchlist.instruments
        self._hub.want(WATCHLIST, [each for row in rows for each in _row_channels(row)])
        watched = self.alerts.instruments
        self._hub.want(ALERTS, [Channel(kind, each) for each in watched for kind in ALERT_KINDS])

    async def _fetch_listings(self, exchange: str) -> None:
        """Learn what there is, however long the exchange is out of reach."""
        assert self._hub is not None
        while exchange not in self._listings:
            try:
                self._listings[exchange] = await self._hub.listings(exchange)
            except (FeedError, BadFrame) as error:
                log.warning("no instrument list of %s: %s", exchange, error)
                await asyncio.sleep(LISTINGS_RETRY)
        self._window.set_listings([each for known in self._listings.values() for each in known])
        self._mark_halted()

    def _mark_halted(self) -> None:
        """Say so at each instrument whose trading its exchange has halted."""
        rows = set(self._watchlist.instruments)
        for listing in chain.from_iterable(self._listings.values()):
            if listing.instrument in rows and listing.status == "halted":
                self.store.state(listing.instrument).problem = "Trading is halted."
                self.store.touch([listing.instrument])

    async def _seed(self, instruments: Sequence[Instrument]) -> None:
        if self._charts is not None:
            await self._charts.seed_sparklines(list(instruments))

    async def _guard(self, work: Coroutine[Any, Any, None], name: str) -> None:
        try:
            await work
        except Exception:  # the top of a task: one that breaks must not pass unseen
            log.exception("%s failed", name)

    # ------------------------------------------------------------ files

    def _render_settings(self, file: SettingsFile) -> Callable[[], str]:
        return lambda: file.render(self.settings)

    def _render_window(self) -> str:
        return json.dumps(self._window.save_state(), indent=2) + "\n"

    def _write_window(self, text: str) -> None:
        write_atomically(self._paths.window, text)

    def _read_window(self) -> dict[str, Any]:
        """What the window remembers; a file that cannot be read is worth no more than a default."""
        try:
            state = json.loads(self._paths.window.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            log.warning("window state not read: %s", error)
            return {}
        return state if isinstance(state, dict) else {}

    def _write_drawings(self, text: str) -> None:
        write_atomically(self._paths.drawings, text)

    def _read_drawings(self) -> None:
        """What was drawn before; a file that cannot be read is set aside, never overwritten."""
        path = self._paths.drawings
        try:
            self._drawings.load(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            log.warning("drawings not read: %s", error)
            aside = path.with_name(f"{path.stem}-unreadable-{_now_ms()}{path.suffix}")
            with suppress(OSError):
                path.replace(aside)
            self._window.notify_person(
                f"The drawings could not be read and are kept as {aside.name}."
            )
        if self._drawings.unread:
            count = self._drawings.unread
            self._window.notify_person(
                f"{count} drawings could not be read; they are left in the file as they are."
            )

    def _save_failed(self, error: OSError) -> None:
        self._window.notify_person(
            f"The settings could not be saved ({error.strerror}); the next change tries again."
        )


def _now_ms() -> int:
    return round(time.time() * 1000)


def _row_channels(instrument: Instrument) -> list[Channel]:
    """What keeps a row of the table current."""
    exchange = EXCHANGES.get(instrument.exchange)
    return [Channel(kind, instrument) for kind in exchange.row_kinds] if exchange else []
