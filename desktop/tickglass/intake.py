"""Where events enter the program: the store changes and the alerts are tested, at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Protocol

from .alerts.engine import AlertEngine
from .alerts.signals import SignalEngine
from .alerts.watch import Fired
from .market.events import MarketEvent, Status
from .market.freshness import Link
from .market.instrument import Instrument
from .market.store import Store


class Watchers(Protocol):
    """Who judges the market."""

    engine: AlertEngine
    signals: SignalEngine

    def fired(self, found: Iterable[Fired]) -> None:
        """Alerts fired."""

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        """The feed of these was cut."""


class Intake:
    """The feed's sink in the window.

    Every event passes the alerts and changes the store before the next one is read. ``watchers``
    and ``on_status`` are called on the spot and must only take note. ``now`` is the time, ms UTC.
    """

    def __init__(
        self,
        store: Store,
        watchers: Watchers,
        on_status: Callable[[Status], None],
        now: Callable[[], int],
    ) -> None:
        self._store = store
        self._watchers = watchers
        self._judge = watchers.engine.apply
        self._take_note = watchers.signals.apply
        self._on_status = on_status
        self._now = now

    def apply(self, event: MarketEvent, link: Link) -> None:
        """Take one event; raises Resync if a book broke."""
        now = self._now()
        found = self._judge(event, now)
        if found:
            self._watchers.fired(found)
        self._take_note(event, now)
        self._store.apply(event, link)

    def status(self, status: Status) -> None:
        """Hand on what became of a connection."""
        self._on_status(status)

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        """Show at the next frame that these are lost, and let no alert span the gap."""
        self._watchers.interrupted(instruments)
        self._store.interrupted(instruments)

    def refused(self, instrument: Instrument, sentence: str) -> None:
        """Say at the instrument why nothing comes of it."""
        self._store.state(instrument).problem = sentence
        self._store.touch([instrument])
