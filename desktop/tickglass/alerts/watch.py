"""A watch: one alert over one instrument, and when it may fire."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ..market.candles import CLOSE, Floats
from ..market.instrument import Instrument
from ..market.interval import start_of
from .alert import Alert, Trigger
from .condition import Kind, PriceLevel
from .judge import PERCENT, SECOND, Hears, Judge, Points

# What is missed while a feed is interrupted; candles are completed, the rest is so or is not.
INTERRUPTED = frozenset({"last", "bid", "ask", "mid", "trade"})
PRICES = ("last", "bid", "ask", "mid")
OF_CANDLES = frozenset({"close", "candles"})
PER_CANDLE = frozenset({Trigger.CANDLE, Trigger.CLOSE})


@dataclass(frozen=True, slots=True)
class Fired:
    """An alert that fired: at which price and exchange time, and when that was seen, ms UTC.

    ``late``: it was found out afterwards. ``value`` is what the first condition measured. There is
    no price where silence is told of what was never heard.
    """

    alert: Alert
    instrument: Instrument
    price: float | None
    time: int
    seen: int
    late: bool = False
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What a watch must not forget when the program ends.

    ``pending``: since when, ms UTC, it waits only for the end of its cooldown or of being snoozed.
    """

    judges: tuple[tuple[float, ...], ...]
    judged: tuple[tuple[str, int], ...]
    fired: int | None
    price: float | None
    cleared: bool
    pending: int | None = None


class Watch:
    """Decides when an alert fires. ``second`` judges the first condition where it is confirmed.

    ``fired`` and ``price`` are of the last time it fired; ``held_back`` counts strikes that the
    cooldown, the re-arm band or the trigger kept silent. ``clock``: the candles at whose closes
    it is decided, where no judge hears any.
    """

    __slots__ = (
        "_bucket", "_edges", "_needs_price", "_pending", "_repeats", "_struck", "alert",
        "cleared", "clock", "fired", "held_back", "instrument", "judged", "judges", "price",
        "second",
    )  # fmt: skip

    def __init__(
        self, alert: Alert, instrument: Instrument, judges: tuple[Judge, ...], second: Judge | None
    ) -> None:
        self.alert = alert
        self.instrument = instrument
        self.judges = judges
        self.second = second
        self.fired: int | None = None
        self.price: float | None = None
        self.cleared = True
        self.held_back = 0
        self._pending: int | None = None  # since when it waits to be confirmed, by our clock
        self._bucket: int | None = None  # start of the candle that was judged last
        self._edges = any(each.edge for each in judges)
        self._needs_price = any(each.hears.kind != "silence" for each in judges)
        self.judged: dict[str, int] = {}  # start of the newest candle judged, by interval
        self._repeats = False  # whether it may fire without being struck anew
        self._struck = False  # since the last close, where only closes count
        closing = any(each.hears.kind in OF_CANDLES for each in judges)
        at_closes = alert.trigger is Trigger.CLOSE
        self.clock = Hears("close", alert.interval) if at_closes and not closing else None
        self._settle()

    @property
    def spent(self) -> bool:
        """Whether it fired once and that was all."""
        return self.alert.trigger is Trigger.ONCE and self.fired is not None

    @property
    def memory(self) -> Memory:
        """What must outlive the program."""
        judged = tuple(each.memory for each in self.judges)
        candles = tuple(sorted(self.judged.items()))
        pending = self._pending if self._waits_for_time else None
        return Memory(judged, candles, self.fired, self.price, self.cleared, pending)

    def recall(self, memory: Memory) -> None:
        """Know again what an earlier run knew."""
        for judge, told in zip(self.judges, memory.judges, strict=False):
            judge.memory = told
        self._recall_terms(memory)

    def _recall_terms(self, memory: Memory) -> None:
        self.judged = dict(memory.judged)
        self.fired, self.price, self.cleared = memory.fired, memory.price, memory.cleared
        self._pending = memory.pending
        self._settle()

    def recall_firing(self, time: int, price: float | None) -> None:
        """Know when it fired last, if that is not known already."""
        if self.fired is None or time > self.fired:
            self.fired, self.price, self.cleared = time, price, not self.alert.rearm
            self._settle()

    def twin(self) -> Watch:
        """A copy with a life of its own that needs no second exchange: it judges the past."""
        twin = Watch(self.alert, self.instrument, deepcopy(self.judges), None)
        twin._recall_terms(self.memory)
        return twin

    def wait_no_more(self) -> None:
        """Forget that it waits for the end of its cooldown."""
        self._pending = None

    def take_over(self, twin: Watch) -> None:
        """Learn what became of a time that was missed."""
        fired = twin.fired is not None and (self.fired is None or twin.fired > self.fired)
        if fired:
            self.fired, self.price, self.cleared = twin.fired, twin.price, twin.cleared
        if fired or (self._pending is None and self.fired == twin.fired):
            self._pending = twin._pending
        for judge, other in zip(self.judges, twin.judges, strict=True):
            judge.absorb(other, fired=fired)
        self._settle()

    def change(self, alert: Alert) -> None:
        """Go on with the same conditions under other terms."""
        woken = self.alert.paused and not alert.paused
        if alert.since > self.alert.since:
            self.fired = self.price = None
            self.cleared = True
        if alert.since > self.alert.since or alert.snoozed != self.alert.snoozed:
            for judge in self.judges:
                judge.holds = False  # what is still so may be said again
        self.alert = alert
        if woken:
            self.forget()
        self._settle()

    def forget(self) -> None:
        """The feed was interrupted: what comes next is no event."""
        for judge in self.judges:
            if judge.hears.kind in INTERRUPTED:
                judge.forget()
        if self.second is not None:
            self.second.forget()
        if self.alert.hold:  # nobody knows whether it went on holding
            self._pending = None

    def seed(self, points: Points, *, settled: bool = False) -> None:
        """Let the judges of prices know those from before the first that they saw.

        ``settled``: what is so by them is no news.
        """
        for judge in self.judges:
            if judge.hears.kind in PRICES:
                judge.seed(points)
                if settled:
                    judge.settle()

    def rewind(self, before: Points, after: Points) -> None:
        """Judge the past anew from a last price that came late: those around it, oldest first."""
        self.forget()
        self.wait_no_more()
        for judge in self.judges:
            if judge.hears.kind == "last":
                judge.rewind(before, after)

    def learn(self, points: Points, twin: Watch) -> None:
        """Know last prices that came late, and those since, as a twin that heard them in order."""
        for judge, other in zip(self.judges, twin.judges, strict=True):
            if judge.hears.kind != "last":
                continue
            judge.correct(other)
            since = self.fired if judge.anew else None
            for time, price in points:
                if since is None or time > since:
                    judge.learn(time, price)

    def learn_firing(self, twin: Watch) -> None:
        """A twin found out that it fired, at a time since which nothing was missed."""
        self.fired, self.price, self.cleared = twin.fired, twin.price, twin.cleared
        for judge in self.judges:
            if twin.price is not None:
                judge.fired(twin.price)
        self._settle()

    def second_hears(self, value: float, price: float | None, time: int, now: int) -> Fired | None:
        """Let the second exchange be heard, and decide if that was waited for."""
        if self.second is not None:
            self.second.see(value, time)
        return None if self._pending is None else self._decide(False, price, time, now)

    def hear(
        self, judges: tuple[Judge, ...], value: Any, price: float | None, time: int, now: int
    ) -> Fired | None:
        """Let some of the judges hear a value, and decide.

        ``price`` is the last price, ``time`` the exchange's, ``now`` ours, both ms UTC.
        """
        struck = False
        for judge in judges:
            if judge.see(value, time):
                struck = True
        if self.alert.trigger is Trigger.CLOSE:
            self._struck |= struck
            return None
        if struck or self._pending is not None or not self.cleared or self._repeats:
            return self._decide(struck, price, time, now)
        return None

    def hear_candle(self, interval: str, rows: Floats, time: int, now: int) -> Fired | None:
        """Let a candle that closed at ``time`` be heard, the last of ``rows``, and decide."""
        close, struck = float(rows[CLOSE, -1]), self._struck
        self._struck = False
        for judge in self.judges:
            if judge.hears == ("close", interval):
                struck |= judge.see(close, time)
            elif judge.hears == ("candles", interval):
                struck |= judge.see(rows, time)
        if struck or self._pending is not None or not self.cleared or self._repeats:
            return self._decide(struck, close, time, now)
        return None

    def tick(self, price: float | None, now: int) -> Fired | None:
        """Time passed without a price: what waited may be ripe."""
        return self._decide(False, price, now, now) if self._pending is not None else None

    def _settle(self) -> None:
        alert = self.alert
        moving = bool(alert.moved) and self.fired is not None
        self._repeats = moving or (alert.trigger in PER_CANDLE and not self._edges)

    def _decide(self, struck: bool, price: float | None, time: int, now: int) -> Fired | None:
        alert = self.alert
        if not self.cleared:
            self.cleared = self.judges[0].cleared(alert.rearm / PERCENT)
        for judge in self.judges:
            if not judge.holds:
                self._pending = None
                return None
        if (price is None and self._needs_price) or not self._listens(time):
            self._pending = None
            return None
        if alert.snoozed is not None and now < alert.snoozed:
            self._pending = now if self._lasts else None  # told afterwards, if it still holds
            return None
        if self._pending is None and not self._hit(struck, price, time):
            return None
        if self._waits(struck, time, now):
            return None
        return self._fire(price, time, now)

    def _listens(self, time: int) -> bool:
        alert = self.alert
        return not (
            self.spent or alert.paused or (alert.expires is not None and time >= alert.expires)
        )

    def _hit(self, struck: bool, price: float | None, time: int) -> bool:
        """Whether this is an event that the trigger lets through."""
        alert = self.alert
        if alert.trigger is Trigger.CANDLE and start_of(alert.interval, time) == self._bucket:
            self.held_back += struck
            return False
        if alert.moved and self.price is not None and price is not None:
            return abs(price - self.price) >= self.price * alert.moved / PERCENT
        hit = struck or (alert.trigger in PER_CANDLE and not self._edges)
        if hit and not self.cleared:
            self.held_back += struck
            return False
        return hit

    def _waits(self, struck: bool, time: int, now: int) -> bool:
        """Whether it must wait: for the cooldown, for a time, for a second exchange."""
        alert = self.alert
        if self.fired is not None and time < self.fired + alert.cooldown * SECOND:
            self.held_back += struck
            if self._lasts:
                self._pending = self._pending or now
            return True
        confirmed = self._confirmed
        if not alert.hold and confirmed:
            return False
        if self._pending is None:
            self._pending = now
        return not confirmed or now - self._pending < alert.hold * SECOND

    @property
    def _waits_for_time(self) -> bool:
        """Whether waiting is for the end of the cooldown or of being snoozed, and nothing else."""
        return not self.alert.hold and self.second is None

    @property
    def _lasts(self) -> bool:
        """Whether it can be told as soon as it may, because it is so and does not happen."""
        return not self._edges and self.alert.trigger is not Trigger.CLOSE

    @property
    def _confirmed(self) -> bool:
        """Whether the second exchange, if one is asked, says the same."""
        second, first = self.second, self.alert.first
        if second is None:
            return True
        if first.kind is Kind.CROSSES and isinstance(first, PriceLevel):
            mine, theirs = self.judges[0].price, second.price
            if mine is None or theirs is None:
                return False
            return (mine >= first.value) is (theirs >= first.value)
        return second.holds

    def _fire(self, price: float | None, time: int, now: int) -> Fired:
        measured = self.judges[0].price
        for judge in self.judges:
            if price is not None:
                judge.fired(price)
        if self.alert.trigger is Trigger.CANDLE:
            self._bucket = start_of(self.alert.interval, time)
        self.fired, self.price = time, price
        self.cleared, self._pending = not self.alert.rearm, None
        self._settle()
        return Fired(self.alert, self.instrument, price, time, now, value=measured)
