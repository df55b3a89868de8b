"""Alerts, put together: the engine and what it is fed, the history, the courier, and signals."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from .alert_feed import AlertFeed
from .alert_keeper import AlertKeeper
from .alert_targets import AlertTargets
from .alerts.alert import Alert
from .alerts.engine import AlertEngine
from .alerts.history import Record
from .alerts.signals import Sensitivity, Signal, SignalEngine, SignalKind
from .alerts.watch import Fired
from .charts import ChartFeeds
from .delivery.courier import HELD, Courier, Ways
from .delivery.desktop import Notifier
from .delivery.message import Message, describe
from .delivery.quiet import quiet_until
from .delivery.remote import Remote
from .delivery.sound import Sounds
from .feed.hub import Hub
from .language import tr
from .market.candles import Floats
from .market.instrument import Instrument, exchange_title
from .market.store import Store
from .market.watchlist import Watchlist
from .settings import Settings
from .signal_feed import SignalFeed
from .ui.text import exact_text, price_text

if TYPE_CHECKING:
    from .alert_rehearsals import Rehearsals, Shown
    from .ui.alerts.form import AlertForm
    from .ui.main_window import MainWindow
    from .ui.tray import Tray

log = logging.getLogger(__name__)

REMEMBER_INTERVAL = 10.0  # s
SENT_AGAIN_WITHIN = 24 * 3_600_000  # ms; what could not be sent for longer is given up
SPANS_RECALLED = 10
PAGE = 200
MUTED_UNTIL = "muted_until"  # a note of the history, which outlives the program


class Alerting:
    """Everything about alerts that is no widget. ``saved`` is called when the settings changed."""

    def __init__(
        self,
        settings: Settings,
        keeper: AlertKeeper,
        store: Store,
        window: MainWindow,
        tray: Tray,
        notifier: Notifier,
        sounds: Sounds,
        remote: Remote,
        spawn: Callable[..., object],
        saved: Callable[[], object],
        now: Callable[[], int],
    ) -> None:
        self.settings = settings
        self.engine = AlertEngine(settings.alerts, _by_name(settings.watchlists))
        self.signals = SignalEngine(self._sensitivity())
        self.keeper = keeper
        self.targets = AlertTargets(keeper, remote, window.alerts_of, spawn)
        self.muted_until = 0
        self._store = store
        self._window = window
        self._tray = tray
        self._spawn = spawn
        self._saved = saved
        self._now = now
        self._feed: AlertFeed | None = None
        self._signal_feed: SignalFeed | None = None
        self._hub: Hub | None = None
        self._rehearsals: Rehearsals | None = None
        self._remembered = 0.0
        self._remembering = True
        self.courier = Courier(
            keeper, notifier, sounds, remote, self, self._ways, self._describe, spawn, now
        )

    async def open(self) -> None:
        """Know what an earlier run knew; before the first event."""
        await self.keeper.open()
        known = await self.keeper.do(lambda history: history.recall())
        if known is not None:
            self.engine.recall(*known)
        instruments = self.engine.instruments
        spans = await self.keeper.do(
            lambda history: {each: history.spans(each, SPANS_RECALLED) for each in instruments}
        )
        self.engine.recall_spans(spans or {})
        note = await self.keeper.do(lambda history: history.note(MUTED_UNTIL))
        self.muted_until = int(note) if note and note.isdigit() else 0
        await self.targets.recall()
        self._show_muted()
        self._show()

    def start(self, hub: Hub, charts: ChartFeeds) -> None:
        """Let alerts be fed."""
        self._feed = AlertFeed(
            self.engine, hub, self._store, charts, self.fired, self._spawn, self._now
        )
        self._signal_feed = SignalFeed(
            self.signals, hub, self._tell_signals, self._spawn, self._now
        )
        self._hub = hub
        self._feed.follow()
        self._signal_feed.follow(self._listed)
        self._spawn(self._send_what_waits(), "sending what waits")

    async def close(self) -> None:
        """Keep what must be known at the next start."""
        await self._remember()
        await self.keeper.close()

    # ------------------------------------------------------------ what the person does

    def put(self, alert: Alert) -> None:
        """Watch an alert, new or under other terms."""
        self.engine.add(alert, self._now())
        self._changed()

    @property
    def alerts(self) -> list[Alert]:
        """All alerts."""
        return self.engine.alerts

    def remove(self, alert: Alert) -> None:
        """Forget an alert; for a while that can be undone."""
        self.remove_some([alert.id])

    def remove_some(self, ids: Sequence[str]) -> None:
        """Forget alerts; for a while that can be undone."""
        removed = [alert for each in ids if (alert := self.engine.alert(each)) is not None]
        for alert in removed:
            self.engine.remove(alert.id)
        self._changed()
        if removed:

            def put_back() -> None:
                for alert in removed:
                    self.put(alert)

            text = tr("The alert was removed.") if len(removed) == 1 else tr("Alerts were removed.")
            self._window.offer_undo(text, put_back)

    def follow_lists(self, lists: Sequence[Watchlist]) -> None:
        """The watchlists changed."""
        self.engine.set_lists(_by_name(lists), self._now())
        if self._signal_feed is not None:
            self._signal_feed.follow(self._listed)
        if self._feed is not None:
            self._feed.follow()

    def choose_sensitivity(self) -> None:
        """Signals are wanted in other numbers."""
        self.signals.sensitivity = self._sensitivity()
        self._window.alerts.signals.set_sensitivity(self.signals.sensitivity)

    def show_standings(self) -> None:
        """Let the panel show how the alerts stand."""
        self._window.alerts.show_standings(self.engine.standings(self._now()))

    def show_history(self, before: int | None) -> None:
        """Let the panel show what fired."""
        self._spawn(self._read_history(before), "history of alerts")

    def rehearse(
        self, form: AlertForm, alert: Alert, instrument: Instrument, rows: Floats | None,
        interval: str,
    ) -> None:  # fmt: skip
        """Find out how often an alert would have fired; without rows, on the exchange's candles."""
        from .alert_rehearsals import Rehearsals, Shown  # not before it is wanted

        if self._rehearsals is None and self._hub is not None:
            self._rehearsals = Rehearsals(self._hub, time.monotonic, self._now)
        if self._rehearsals is not None:
            shown = None if rows is None else Shown(rows, interval)
            work = self._rehearse(self._rehearsals, form, alert, instrument, shown)
            self._spawn(work, "rehearsal")

    # ------------------------------------------------------------ what the market does

    def fired(self, found: Iterable[Fired]) -> None:
        """Something fired."""
        known = list(found)
        if known:
            self._take_over()
            self.courier.take(known)
            if not self._window.isActiveWindow():
                self._tray.alert_fired()

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        """The feed of these was cut."""
        self.engine.gap(instruments)
        if self._signal_feed is not None:
            self._signal_feed.gap(instruments)

    def check(self, now: float) -> None:
        """Once in a while; ``now`` is a monotonic second."""
        if self._feed is None or self._signal_feed is None:
            return
        self._feed.check(now)
        self._signal_feed.check(now)
        self.courier.end_quiet()
        if self.muted_until and self._now() >= self.muted_until:
            self.mute(0)
        if now - self._remembered >= REMEMBER_INTERVAL:
            self._remembered = now
            self._spawn(self._remember(), "remembering alerts")

    # ------------------------------------------------------------ what the courier asks

    def show_record(self, record: Record) -> None:
        """Something fired, or something became of telling it."""
        if not record.deliveries:
            self._window.notify_person(f"{record.title}: {record.body}")
        self._window.alerts.history.put(record)
        self._tray.set_recent(record)

    def open_chart(self, instrument: Instrument, time: int) -> None:
        """Show the chart of a moment."""
        self._window.present()
        self._window.go_to_moment(instrument, time)

    def snooze(self, alert: Alert, until: int) -> None:
        """Let an alert ring again later."""
        known = self.engine.alert(alert.id)
        if known is not None:
            self.put(replace(known.arm(self._now()), snoozed=until))

    def mute(self, until: int) -> None:
        """Let everything be silent until a time; 0: no longer."""
        self.muted_until = until
        self._show_muted()
        text = str(until)
        self._spawn(self._note_muted(text), "muting")

    def mute_for(self, seconds: int) -> None:
        """Let everything be silent for a while; 0: no longer."""
        self.mute(self._now() + seconds * 1_000 if seconds else 0)

    def call_attention(self) -> None:
        """Let the taskbar show that something happened."""
        self._window.call_attention()

    def tray_message(self, title: str, body: str) -> bool:
        """The tray's own message."""
        return self._tray.show_message(title, body)

    # ------------------------------------------------------------ inside

    @property
    def _listed(self) -> list[Instrument]:
        return [each for watchlist in self.settings.watchlists for each in watchlist.instruments]

    def _changed(self) -> None:
        self._take_over()
        if self._feed is not None:
            self._feed.follow()

    def _take_over(self) -> None:
        """Settings and windows have the alerts as the engine has them."""
        self._show()
        self._saved()

    def _show(self) -> None:
        self.settings.alerts = self.engine.alerts
        self._window.set_alerts(self.settings.alerts)
        self.show_standings()

    def _tell_signals(self, found: Iterable[Signal]) -> None:
        self._window.alerts.signals.add(found)

    def _sensitivity(self) -> dict[SignalKind, Sensitivity]:
        chosen = self.settings.signals
        return {kind: Sensitivity(getattr(chosen, kind.value)) for kind in SignalKind}

    def _ways(self) -> Ways:
        chosen, now = self.settings.delivery, self._now()
        return Ways(
            chosen.notifications, chosen.sound, chosen.attention,
            self.muted_until if now < self.muted_until else None,
            quiet_until(chosen.quiet_from, chosen.quiet_to, now, self._window.settings.zone),
            self.targets.of_all,
        )  # fmt: skip

    def _describe(self, fired: Fired) -> Message:
        title = exchange_title(fired.instrument.exchange)
        texts = self._window.alerts.texts
        decimals = texts.decimals.get(fired.instrument)
        price = exact_text if decimals is None else partial(price_text, decimals=decimals)
        return describe(fired, title, exact_text, texts.moment, price)

    def _show_muted(self) -> None:
        self._tray.set_muted(self.muted_until > self._now())
        self._window.show_muted(self.muted_until if self.muted_until > self._now() else None)

    async def _remember(self) -> None:
        memories, heard = self.engine.remember()
        if not memories and not self._remembering:
            return  # nothing is watched, and nothing was
        self._remembering = bool(memories)
        spans = self.engine.spans()
        await self.keeper.do(lambda history: history.remember(memories, heard, spans))

    async def _read_history(self, before: int | None) -> None:
        records = await self.keeper.newest(PAGE, before)
        self._window.alerts.history.show_records(records, before)

    async def _rehearse(
        self, rehearsals: Rehearsals, form: AlertForm, alert: Alert, instrument: Instrument,
        shown: Shown | None,
    ) -> None:  # fmt: skip
        found = await rehearsals.rehearse(alert, instrument, shown)
        self._window.alerts_of.show_rehearsal(form, alert, found)

    async def _send_what_waits(self) -> None:
        """What an earlier run could not tell any more."""
        names = {name for alert in self.engine.alerts for name in alert.send_to}
        names |= set(self.targets.names)
        oldest = self._now() - SENT_AGAIN_WITHIN
        for name in sorted(names):
            await self.courier.resume(name, await self._waiting(name, oldest))
        await self.courier.resume_held(await self._waiting(HELD, oldest))

    async def _waiting(self, way: str, oldest: int) -> list[Record]:
        found = await self.keeper.do(lambda history: history.waiting(way))
        return [each for each in found or () if each.seen >= oldest]

    async def _note_muted(self, text: str) -> None:
        await self.keeper.do(lambda history: history.set_note(MUTED_UNTIL, text))


def _by_name(lists: Iterable[Watchlist]) -> dict[str, list[Instrument]]:
    return {each.name: list(each.instruments) for each in lists}
