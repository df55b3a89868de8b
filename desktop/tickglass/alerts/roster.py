"""The roster: all alerts, the watches that they need, and on which instrument each stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..market.instrument import Instrument
from .alert import Alert, State, Trigger
from .judge import Hears
from .judging import elsewhere, judges_of, second_of
from .post import Post, Span
from .watch import Watch

Key = tuple[str, Instrument]  # of a watch: its alert's id and its instrument


@dataclass(frozen=True, slots=True)
class Standing:
    """How an alert stands on one of its instruments.

    ``reason``: why it is suspended. ``distance`` is a share of the price. ``fired`` (ms UTC) and
    ``fired_at`` (price) are of the last time. ``unwatched``: when it was not being watched.
    """

    alert: Alert
    instrument: Instrument
    state: State
    reason: str
    price: float | None
    distance: float | None
    fired: int | None
    fired_at: float | None
    held_back: int
    unwatched: tuple[Span, ...]


class Roster:
    """All alerts, and what they watch. ``lists`` are the watchlists by name."""

    def __init__(
        self, alerts: Iterable[Alert] = (), lists: Mapping[str, Iterable[Instrument]] | None = None
    ) -> None:
        self._alerts = {alert.id: alert for alert in alerts}
        self._lists = {name: tuple(dict.fromkeys(each)) for name, each in (lists or {}).items()}
        self._watches: dict[Key, Watch] = {}
        self._posts: dict[Instrument, Post] = {}
        self._compared: dict[Instrument, list[tuple[Post, Hears]]] = {}
        self._index(0)

    @property
    def alerts(self) -> list[Alert]:
        """Every alert, fired ones too, in the order they were made."""
        return list(self._alerts.values())

    @property
    def instruments(self) -> set[Instrument]:
        """The instruments that must be fed."""
        return set(self._posts)

    def hears(self) -> dict[Instrument, set[Hears]]:
        """What must be fed of each instrument."""
        wanted = {each: post.hears for each, post in self._posts.items()}
        for other, listening in self._compared.items():
            wanted[other] = wanted.get(other, set()) | {Hears("mid")}
            for post, _ in listening:
                wanted[post.instrument].add(Hears("mid"))
        return wanted

    def alert(self, alert_id: str) -> Alert | None:
        """The alert of an id."""
        return self._alerts.get(alert_id)

    def add(self, alert: Alert, now: int = 0) -> None:
        """Watch one more alert; one of the same id is replaced, and goes on if it judges the same.

        ``now`` is ms UTC.
        """
        self._alerts[alert.id] = alert
        self._index(now)

    def remove(self, alert_id: str) -> None:
        """Forget an alert."""
        self._alerts.pop(alert_id, None)
        self._index(0)

    def set_lists(self, lists: Mapping[str, Iterable[Instrument]], now: int = 0) -> None:
        """The watchlists as they are now."""
        self._lists = {name: tuple(dict.fromkeys(each)) for name, each in lists.items()}
        self._index(now)

    def suspend(self, instrument: Instrument, reason: str) -> None:
        """Say why an instrument cannot be watched; nothing if it can again."""
        post = self._posts.get(instrument)
        if post is not None:
            post.suspended = reason

    def spans(self) -> list[tuple[Instrument, Span]]:
        """The times in which each instrument was not watched, as far as they are known here."""
        return [(each, span) for each, post in self._posts.items() for span in post.spans]

    def recall_spans(self, spans: Mapping[Instrument, Sequence[Span]]) -> None:
        """Know the times of earlier runs in which instruments were not watched."""
        for instrument, known in spans.items():
            post = self._posts.get(instrument)
            if post is not None:
                post.spans.extendleft(reversed(known))

    def standings(self, now: int) -> list[Standing]:
        """How every alert stands on every instrument that it covers."""
        return [
            self._standing(alert, instrument, now)
            for alert in self._alerts.values()
            for instrument in self._covered(alert)
        ]

    def _spend(self, alert: Alert, time: int) -> None:
        if alert.trigger is Trigger.ONCE and alert.instrument is not None:
            self._alerts[alert.id] = replace(alert, fired=time)

    def _covered(self, alert: Alert) -> tuple[Instrument, ...]:
        if alert.instrument is not None:
            return (alert.instrument,)
        return self._lists.get(alert.watchlist, ())

    def _standing(self, alert: Alert, instrument: Instrument, now: int) -> Standing:
        watch, post = self._watches.get((alert.id, instrument)), self._posts.get(instrument)
        reason = post.suspended if post else ""
        state = alert.state(now, reason)
        if state is State.ARMED and watch is not None and watch.spent:
            state = State.FIRED
        return Standing(
            alert, instrument, state, reason if state is State.SUSPENDED else "",
            post.desk.last if post else None,
            watch.judges[0].distance if watch else None,
            watch.fired if watch else alert.fired,
            watch.price if watch else None,
            watch.held_back if watch else 0,
            tuple(post.spans) if post else (),
        )  # fmt: skip

    def _index(self, now: int) -> None:
        """Make the watches and posts that the alerts need, and keep those that go on."""
        watches: dict[Key, Watch] = {}
        for alert in self._alerts.values():
            if alert.fired is None:
                for instrument in self._covered(alert):
                    key = (alert.id, instrument)
                    watches[key] = self._watch(key, alert)
        self._watches = watches
        self._compared = {}
        by_instrument: dict[Instrument, list[Watch]] = {}
        seconds: dict[Instrument, list[Watch]] = {}
        for (_, instrument), watch in watches.items():
            by_instrument.setdefault(instrument, []).append(watch)
            if watch.second is not None:
                seconds.setdefault(elsewhere(instrument, watch.alert.confirm), []).append(watch)
        abroad = {
            elsewhere(instrument, judge.hears.detail)
            for (_, instrument), watch in watches.items()
            for judge in watch.judges
            if judge.hears.kind == "spread"
        }
        wanted = dict.fromkeys((*by_instrument, *seconds, *abroad))
        self._posts = {each: self._posts.get(each) or Post(each, now) for each in wanted}
        for instrument, post in self._posts.items():
            post.index(by_instrument.get(instrument, []), seconds.get(instrument, []))
            for hears in post.hears:
                if hears.kind == "spread":
                    other = elsewhere(instrument, hears.detail)
                    for each in dict.fromkeys((instrument, other)):
                        self._compared.setdefault(each, []).append((post, hears))

    def _watch(self, key: Key, alert: Alert) -> Watch:
        held = self._watches.get(key)
        terms = held and (held.alert.conditions, held.alert.confirm, held.alert.trigger)
        judged = held and held.alert.interval == alert.interval
        if held is None or not judged or terms != (alert.conditions, alert.confirm, alert.trigger):
            return Watch(alert, key[1], judges_of(alert), second_of(alert))
        if held.alert is not alert:
            held.change(alert)
        return held
