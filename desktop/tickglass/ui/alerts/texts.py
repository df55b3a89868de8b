"""Alerts, what fired, and signals, as the texts of their tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from ...alerts.alert import State
from ...alerts.history import Delivery, Record
from ...alerts.post import Span
from ...alerts.roster import Standing
from ...alerts.signals import Signal
from ...alerts.wording import signal_text
from ...language import mark, tr, trn
from ...market.instrument import Instrument
from ..formats import clock_text, date_text, number_text
from ..text import NOTHING, alert_text, exact_text, exchange_title, price_text

STATES: Mapping[State, str] = {
    State.ARMED: mark("● Armed"),
    State.FIRED: mark("✓ Fired"),
    State.SNOOZED: mark("◔ Snoozed"),
    State.PAUSED: mark("‖ Paused"),
    State.EXPIRED: mark("× Expired"),
    State.SUSPENDED: mark("! Suspended"),
}
STATE_ROLES: Mapping[State, str] = {
    State.ARMED: "up",
    State.FIRED: "accent",
    State.SNOOZED: "muted",
    State.PAUSED: "muted",
    State.EXPIRED: "muted",
    State.SUSPENDED: "warning",
}
WAYS: Mapping[str, str] = {
    "desktop": mark("Desktop"),
    "sound": mark("Sound"),
    "window": mark("Window"),
    "tray": mark("Tray"),
    "held back": mark("Held back"),
}
FINE = 0.0001  # of a price: what is nearer is shown with more decimals
SPANS_TOLD = 6


class AlertTexts:
    """How things are said: by the names of exchanges, their decimals, and a time zone."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.titles = titles
        self.decimals: Mapping[Instrument, int] = {}
        self.zone: tzinfo | None = None

    def where(self, instrument: Instrument) -> str:
        """BTC/USDT on Binance."""
        title = exchange_title(self.titles, instrument.exchange)
        return tr("{pair} on {exchange}", pair=instrument.pair, exchange=title)

    def price(self, instrument: Instrument, price: float | None) -> str:
        """A price with the decimals of its instrument."""
        return price_text(price, self.decimals.get(instrument))

    def moment(self, time: int | None) -> str:
        """A time in ms UTC: today only the clock, else with its day."""
        if time is None:
            return NOTHING
        when = datetime.fromtimestamp(time / 1000, self.zone)
        clock = clock_text(when, seconds=True)
        if when.date() == datetime.now(self.zone).date():
            return clock
        return f"{date_text(when.date())} {clock}"

    # ------------------------------------------------------------ alerts

    def alert(self, standing: Standing) -> str:
        """The alert in words; of one over a watchlist, for which instrument."""
        alert, at = standing.alert, standing.instrument
        title = exchange_title(self.titles, at.exchange)
        words = alert_text(alert, title, self.decimals.get(at))
        if alert.instrument is not None:
            return words
        return tr("{where} – {alert}", where=self.where(at), alert=words)

    def state(self, standing: Standing) -> str:
        """What it is doing."""
        return tr(STATES[standing.state])

    def state_tip(self, standing: Standing) -> str:
        """What it is doing, and why."""
        alert = standing.alert
        if standing.state is State.SUSPENDED:
            return standing.reason
        if standing.state is State.SNOOZED:
            return tr("Snoozed until {time}.", time=self.moment(alert.snoozed))
        if standing.state is State.EXPIRED:
            return tr("Expired at {time}.", time=self.moment(alert.expires))
        if standing.held_back:
            return trn(
                "{count} time it stayed silent: cooldown, band or trigger.",
                "{count} times it stayed silent: cooldown, band or trigger.",
                standing.held_back,
            )
        return self.state(standing)

    def distance(self, standing: Standing) -> str:
        """How far the price is from where it fires."""
        share = standing.distance
        if share is None or standing.state not in (State.ARMED, State.SUSPENDED, State.SNOOZED):
            return NOTHING
        decimals = 2 if share == 0 or share >= FINE else 4
        return tr("{number} %", number=number_text(share * 100, decimals))

    def fired(self, standing: Standing) -> str:
        """When it fired last, and at which price."""
        if standing.fired is None:
            return NOTHING
        time = self.moment(standing.fired)
        if standing.fired_at is None:
            return time
        price = self.price(standing.instrument, standing.fired_at)
        return tr("{time} at {price}", time=time, price=price)

    def unwatched(self, standing: Standing) -> str:
        """When it was not watched last."""
        spans = standing.unwatched
        return self._span(spans[-1]) if spans else tr("never")

    def unwatched_tip(self, standing: Standing) -> str:
        """The last times in which it was not watched, and what is known of them."""
        if not standing.unwatched:
            return tr("It was watched all the time since the program started to.")
        lines = [tr("Not watched:")]
        for span in reversed(standing.unwatched[-SPANS_TOLD:]):
            lines.append(f"{self._span(span)}: {_filled(span)}")
        return "\n".join(lines)

    def _span(self, span: Span) -> str:
        if span.end is None:
            return tr("since {time}", time=self.moment(span.start))
        return tr("{start} – {end}", start=self.moment(span.start), end=self.moment(span.end))

    # ------------------------------------------------------------ what fired

    def seen(self, record: Record) -> str:
        """How long after the exchange's time it was seen."""
        delay = max(0, record.seen - record.time) / 1000
        if record.late:
            return tr("late, {time}", time=self.moment(record.seen))
        return tr("{number} s", number=number_text(delay, 1))

    def told(self, record: Record) -> str:
        """The ways in which it was told: ✓ worked, … is tried, ✗ failed."""
        if not record.deliveries:
            return NOTHING
        return "  ".join(f"{_sign(each)} {_way(each)}" for each in record.deliveries)

    def told_tip(self, record: Record) -> str:
        """The ways in which it was told, with what was said to them."""
        lines = []
        for each in record.deliveries:
            outcome = each.detail or (tr("delivered") if each.worked else tr("not delivered"))
            lines.append(f"{_sign(each)} {_way(each)}, {self.moment(each.time)}: {outcome}")
        return "\n".join(lines)

    # ------------------------------------------------------------ signals

    def signal(self, signal: Signal) -> str:
        """A signal as a plain sentence."""
        decimals = self.decimals.get(signal.instrument)

        def number(value: float) -> str:
            same = value == signal.price
            return price_text(value, decimals) if same else exact_text(value)

        other = exchange_title(self.titles, (signal.other or signal.instrument).exchange)
        return signal_text(signal, self.where(signal.instrument), number, _percent, other)


def _percent(share: float) -> str:
    decimals = 0 if share >= 0.1 else 1 if share >= 0.01 else 2
    return tr("{number} %", number=number_text(share * 100, decimals))


def _filled(span: Span) -> str:
    if span.filled is None:
        return tr("not looked at yet")
    return tr("made up for from candles") if span.filled else tr("nobody knows what happened")


def _sign(delivery: Delivery) -> str:
    return "…" if delivery.worked is None else "✓" if delivery.worked else "✗"


def _way(delivery: Delivery) -> str:
    return tr(WAYS[delivery.way]) if delivery.way in WAYS else delivery.way
