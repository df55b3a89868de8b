"""The engine: tests every trade against the alerts on its instrument."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..market.events import MarketEvent, Ticker, Trade
from ..market.instrument import Instrument
from .alert import Alert, crosses


@dataclass(frozen=True, slots=True)
class Fired:
    """An alert that has just fired, and the trade that did it."""

    alert: Alert
    price: float
    time: int


class AlertEngine:
    """All alerts, and the last price of each instrument that has any.

    A price is compared with the one before it. Without one, at the start or after a gap in the
    feed, it only becomes the one before: nobody saw what lay between.
    """

    def __init__(self, alerts: Iterable[Alert] = ()) -> None:
        self._alerts = {alert.id: alert for alert in alerts}
        self._before: dict[Instrument, float] = {}
        self._armed: dict[Instrument, list[Alert]] = {}
        self.fired_count = 0
        self._index()

    @property
    def alerts(self) -> list[Alert]:
        """Every alert, fired ones too, in the order they were made."""
        return list(self._alerts.values())

    @property
    def instruments(self) -> set[Instrument]:
        """The instruments that must be fed for the armed alerts."""
        return set(self._armed)

    def add(self, alert: Alert) -> None:
        """Watch one more alert; one with the same id is replaced."""
        self._alerts[alert.id] = alert
        self._index()

    def remove(self, alert_id: str) -> None:
        """Forget an alert."""
        self._alerts.pop(alert_id, None)
        self._index()

    def apply(self, event: MarketEvent) -> list[Fired]:
        """Test one event; every event must pass here, never a sample of them.

        Only trades fire, and none of a time before we listened. A ticker is up to a second old, so
        its last price may lie before a trade already seen; it serves where no price is known yet.
        """
        armed = self._armed.get(event.instrument)
        if armed is None:
            return []
        if isinstance(event, Trade):
            if event.history:
                return []
            before = self._before.get(event.instrument)
            self._before[event.instrument] = event.price
            if before is None or before == event.price:
                return []
            return [self._fire(alert, event) for alert in armed if _meets(alert, before, event)]
        if isinstance(event, Ticker) and event.last is not None:
            self._before.setdefault(event.instrument, event.last)
        return []

    def gap(self, instruments: Iterable[Instrument]) -> None:
        """The feed of these was interrupted: their next prices are no live crossings."""
        for instrument in instruments:
            self._before.pop(instrument, None)

    def _fire(self, alert: Alert, trade: Trade) -> Fired:
        fired = alert.fire(trade.time)
        self._alerts[alert.id] = fired
        self.fired_count += 1
        self._index()
        return Fired(fired, trade.price, trade.time)

    def _index(self) -> None:
        self._armed = {}
        for alert in self._alerts.values():
            if alert.armed:
                self._armed.setdefault(alert.instrument, []).append(alert)
        for instrument in self._before.keys() - self._armed.keys():
            del self._before[instrument]


def _meets(alert: Alert, before: float, trade: Trade) -> bool:
    return crosses(alert.condition, alert.value, before, trade.price)
