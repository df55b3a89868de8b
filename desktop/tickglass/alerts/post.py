"""A post: everything that watches one instrument, and what it has heard."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..market.events import Candle
from ..market.instrument import Instrument
from .desk import Desk, Point, Range
from .judge import Hears, Judge
from .watch import PRICES, Fired, Watch

SPANS_KEPT = 20
QUOTE_FRESH = 60_000  # ms in which a bid and ask say more than the last trade


@dataclass(slots=True)
class Span:
    """A time in which an instrument was not watched, ms UTC.

    ``end`` is None while it lasts. ``filled``: whether candles told what happened; None if that is
    not known yet.
    """

    start: int
    end: int | None = None
    filled: bool | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was believed of an instrument when it was heard last, ms UTC."""

    time: int
    price: float
    minute: Range | None


@dataclass(slots=True)
class Hole:
    """A span to be filled from candles: what was believed before it, and the watches of then.

    ``end`` is the first price after it, ``after`` the range of prices since then.
    """

    instrument: Instrument
    span: Span
    known: Heard
    twins: list[Watch]
    end: Point | None = None
    after: Range | None = None


class Post:
    """The watches over one instrument, by what they hear."""

    def __init__(self, instrument: Instrument, now: int) -> None:
        self.instrument = instrument
        self.desk = Desk()
        self.since = now
        self.watches: list[Watch] = []
        self.spans: deque[Span] = deque(maxlen=SPANS_KEPT)
        self.suspended = ""
        self.hole: Hole | None = None  # open: the first price after it is awaited
        self.unfilled: list[Hole] = []
        self._listeners: dict[Hears, list[tuple[Watch, tuple[Judge, ...]]]] = {}
        self._seconds: dict[str, list[Watch]] = {}
        self._last: list[tuple[Watch, tuple[Judge, ...]]] = []

    @property
    def hears(self) -> set[Hears]:
        """Everything that somebody here listens to."""
        return {*self._listeners, *(Hears(each) for each in self._seconds)}

    def index(self, watches: list[Watch], seconds: list[Watch]) -> None:
        """Know these watches, and these that ask here for confirmation."""
        self.watches = watches
        self._listeners, self._seconds = {}, {}
        for watch in watches:
            for hears in dict.fromkeys(judge.hears for judge in watch.judges):
                judges = tuple(judge for judge in watch.judges if judge.hears == hears)
                self._listeners.setdefault(hears, []).append((watch, judges))
            if watch.clock is not None:
                self._listeners.setdefault(watch.clock, []).append((watch, ()))
        for watch in seconds:
            if watch.second is not None:
                self._seconds.setdefault(watch.second.hears.kind, []).append(watch)
        self._last = self._listeners.get(Hears("last"), [])

    def listeners(self, hears: Hears) -> list[tuple[Watch, tuple[Judge, ...]]]:
        """The watches with a judge that hears this."""
        return self._listeners.get(hears, [])

    @property
    def price(self) -> float | None:
        """The price to compare with elsewhere: the mid while it is fresh, or the last."""
        desk = self.desk
        if desk.mid is not None and desk.heard - desk.quoted <= QUOTE_FRESH:
            return desk.mid
        return desk.last

    def tell_price(self, time: int, price: float, now: int) -> list[Fired]:
        """Let a believed price of a trade be heard."""
        found = []
        for watch, judges in self._last:
            fired = watch.hear(judges, price, price, time, now)
            if fired is not None:
                found.append(fired)
        if self._seconds:
            found += self._tell_seconds("last", price, time, now)
        return found

    def tell(self, hears: Hears, value: Any, time: int, now: int) -> list[Fired]:
        """Let anything else be heard."""
        price, found = value if hears.kind in PRICES else self._believed, []
        for watch, judges in self._listeners.get(hears, ()):
            fired = watch.hear(judges, value, price, time, now)
            if fired is not None:
                found.append(fired)
        if hears.kind in self._seconds:
            found += self._tell_seconds(hears.kind, value, time, now)
        return found

    @property
    def heard(self) -> Heard | None:
        """What was believed last: before the first hole that is not filled, or now."""
        holes = [*self.unfilled, *([self.hole] if self.hole else [])]
        if holes:
            return holes[0].known
        desk = self.desk
        return None if desk.last is None else self._known(max(desk.heard, self.since), desk.last)

    @property
    def _believed(self) -> float | None:
        """The best price to name: of now, or else the last one before the feed was interrupted."""
        if self.desk.last is not None:
            return self.desk.last
        if self.price is not None:
            return self.price
        return self.heard.price if self.heard is not None else None

    def _known(self, time: int, price: float) -> Heard:
        minute = self.desk.minute
        return Heard(time, price, Range(minute.start, minute.low, minute.high) if minute else None)

    def interrupted(self) -> None:
        """Open a hole, unless nothing was believed: then nothing new is missed."""
        desk = self.desk
        if desk.last is None and desk.bid is None and self.hole is None:
            return
        if desk.last is not None and self.hole is None:
            self._open_hole(self._known(max(desk.heard, self.since), desk.last))
        desk.interrupted()
        for watch in self.watches:
            watch.forget()

    def resume(self, known: Heard) -> None:
        """Go on from what an earlier run believed: the time since is a hole."""
        for watch in self.watches:
            for judge in watch.judges:
                if judge.hears.kind in PRICES:
                    judge.forget()
                    judge.see(known.price, known.time)
        self._open_hole(known)
        for watch in self.watches:
            watch.forget()

    def close_hole(self, time: int, price: float) -> Hole | None:
        """The first price after a hole; the hole that is to be filled now."""
        hole, self.hole = self.hole, None
        if hole is None:
            return None
        hole.end = (max(time, hole.span.start), price)
        hole.span.end = hole.end[0]
        hole.after = Range(time // 60_000 * 60_000, price, price)
        self.unfilled.append(hole)
        return hole

    def know(self, candles: Sequence[Candle]) -> None:
        """What these candles hold was watched, or was told: it is nothing new to any hole."""
        holes = [*self.unfilled, *([self.hole] if self.hole else [])]
        known = [each.known.minute for each in holes]
        for minute in (self.desk.minute, *known):
            for candle in candles:
                if minute and candle.start == minute.start and candle.interval == "1m":
                    minute.low = min(minute.low, candle.low)
                    minute.high = max(minute.high, candle.high)

    def _open_hole(self, known: Heard) -> None:
        span = Span(known.time)
        self.spans.append(span)
        twins = [
            watch.twin()
            for watch in self.watches
            if any(judge.hears.kind in PRICES for judge in watch.judges)
        ]
        self.hole = Hole(self.instrument, span, known, twins)

    def _tell_seconds(self, kind: str, value: float, time: int, now: int) -> list[Fired]:
        found = []
        for watch in self._seconds.get(kind, ()):
            fired = watch.second_hears(value, watch.judges[0].price, time, now)
            if fired is not None:
                found.append(fired)
        return found
