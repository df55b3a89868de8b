"""Where events enter the program: the store changes and the alerts are tested, at once."""

from __future__ import annotations

from collections.abc import Callable, Collection

from .alerts.engine import AlertEngine, Fired
from .market.events import MarketEvent, Status
from .market.freshness import Link
from .market.instrument import Instrument
from .market.store import Store


class Intake:
    """The feed's sink in the window.

    Every event changes the store and passes the alerts before the next one is read. ``on_fired``
    and ``on_status`` are called on the spot and must only take note.
    """

    def __init__(
        self,
        store: Store,
        alerts: AlertEngine,
        on_fired: Callable[[Fired], None],
        on_status: Callable[[Status], None],
    ) -> None:
        self._store = store
        self._alerts = alerts
        self._on_fired = on_fired
        self._on_status = on_status

    def apply(self, event: MarketEvent, link: Link) -> None:
        """Take one event; raises Resync if a book broke."""
        for fired in self._alerts.apply(event):
            self._on_fired(fired)
        self._store.apply(event, link)

    def status(self, status: Status) -> None:
        """Hand on what became of a connection."""
        self._on_status(status)

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        """Show at the next frame that these are lost, and let no alert span the gap."""
        self._alerts.gap(instruments)
        self._store.interrupted(instruments)

    def refused(self, instrument: Instrument, sentence: str) -> None:
        """Say at the instrument why nothing comes of it."""
        self._store.state(instrument).problem = sentence
        self._store.touch([instrument])
