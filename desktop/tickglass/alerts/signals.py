"""Signals: what is out of the ordinary in the watchlists, found without any rule of the person.

Sharp moves, volume spikes, turns of the trend and premiums between exchanges. What counts as sharp
is measured against the instrument's own last hours, so that a calm pair and a wild one are treated
alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..market.candles import START
from ..market.events import Candle, MarketEvent, Quote, Ticker, Trade
from ..market.instrument import Instrument
from ..market.interval import MINUTE
from ..market.pair_view import Venue, pair_view
from .candle_judges import turned
from .condition import (
    Condition,
    Direction,
    EmaCross,
    Kind,
    Move,
    Spread,
    VolumeSpike,
)
from .desk import Desk, Late
from .minutes import Minutes
from .windows import RollingExtremes, RollingVolume


class SignalKind(StrEnum):
    """What can be out of the ordinary."""

    MOVE = "move"
    VOLUME = "volume"
    TREND = "trend"
    PREMIUM = "premium"


class Sensitivity(StrEnum):
    """How little is enough; ``off`` mutes a kind."""

    OFF = "off"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Measure:
    """What is enough: shares of the price, multiples of what is usual, minutes of a candle."""

    least_move: float
    usual_moves: float
    volume: float
    candle: int
    premium: float


MEASURES: Mapping[Sensitivity, Measure] = {
    Sensitivity.LOW: Measure(0.02, 8.0, 8.0, 30, 0.010),
    Sensitivity.MEDIUM: Measure(0.01, 5.0, 5.0, 15, 0.005),
    Sensitivity.HIGH: Measure(0.005, 3.0, 3.0, 5, 0.002),
}
MOVE_WINDOW = 5  # minutes
USUAL_OVER = 120  # minutes by which the usual move is judged
VOLUME_WINDOW, VOLUME_WINDOWS = 300, 12  # s
FAST, SLOW = 9, 21  # candles of the EMAs
QUIET_FOR = 10 * MINUTE  # after a signal of a kind on an instrument, unless it grew
GROWN = 1.5
PREMIUM_LASTS = 5_000  # ms for which a premium must last
PREMIUM_FRESH = 10_000  # ms in which both prices must have been heard
DEFAULT: Mapping[SignalKind, Sensitivity] = dict.fromkeys(SignalKind, Sensitivity.MEDIUM)


@dataclass(frozen=True, slots=True)
class Signal:
    """Something out of the ordinary, ms UTC.

    ``size`` is the share of a move or premium, or the multiple of the usual volume; ``bought`` the
    share of the volume that takers bought; ``other`` is where a premium is counted from.
    """

    kind: SignalKind
    instrument: Instrument
    time: int
    price: float
    up: bool
    size: float
    bought: float | None = None
    minutes: int = MOVE_WINDOW
    other: Instrument | None = None

    def as_condition(self) -> Condition:
        """The condition of an alert that would tell the same again."""
        match self.kind:
            case SignalKind.MOVE:
                kind = Kind.MOVES_UP if self.up else Kind.MOVES_DOWN
                percent = max(0.1, round(abs(self.size) * 100, 1))
                return Move(kind, percent, window=self.minutes * 60)
            case SignalKind.VOLUME:
                times = max(1.5, float(round(self.size)))
                return VolumeSpike(times, VOLUME_WINDOW, VOLUME_WINDOWS)
            case SignalKind.TREND:
                direction = Direction.UP if self.up else Direction.DOWN
                return EmaCross(f"{self.minutes}m", direction, FAST, SLOW)
            case SignalKind.PREMIUM:
                other = self.other or self.instrument
                same = other._replace(exchange=self.instrument.exchange) == self.instrument
                name = other.exchange if same else str(other)
                return Spread(name, max(0.1, round(abs(self.size) * 100, 1)))


class Scout:
    """Watches one instrument."""

    __slots__ = (
        "_bought", "_close", "_extremes", "_high", "_low", "_newest", "_sold", "_trend_at",
        "_volume", "_volumes", "desk", "instrument", "minutes", "usual",
    )  # fmt: skip

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.desk = Desk()
        self.minutes = Minutes()
        self.usual: float | None = None
        self._extremes = RollingExtremes(MOVE_WINDOW * MINUTE)
        self._volumes = RollingVolume(VOLUME_WINDOW * 1000, VOLUME_WINDOWS)
        self._bought = RollingVolume(VOLUME_WINDOW * 1000, 1)  # candles do not tell: only live
        self._sold = RollingVolume(VOLUME_WINDOW * 1000, 1)
        self._newest = -1
        self._high = self._low = self._close = self._volume = 0.0
        self._trend_at: dict[int, int] = {}

    def trade(self, trade: Trade, now: int) -> float | None:
        """Take a trade; the price now if one is believed."""
        believed = self.desk.trade(trade, now)
        if isinstance(believed, Late) or not believed:
            return None
        for time, price in believed:
            self._extremes.add(time, price)
            self._move_bar(time, price)
        self._volume += trade.size
        self._volumes.add(trade.time, trade.size)
        side = self._bought if trade.side == "buy" else self._sold
        side.add(trade.time, trade.size)
        return believed[-1][1]

    def seed(self, candles: Iterable[Candle]) -> None:
        """Know what happened before the first trade, from one-minute candles."""
        told = list(candles)
        self.minutes.fill(told)
        spans = [(each.start, each.start + MINUTE, each.volume) for each in told]
        self._volumes.seed(spans)
        self.usual = self.minutes.usual_move(MOVE_WINDOW, USUAL_OVER)

    def interrupted(self) -> None:
        """Trades were missed: volumes are gathered anew."""
        self.desk.interrupted()
        self._volumes.forget()
        self._bought.forget()
        self._sold.forget()

    def move(self) -> float:
        """The greater of the rise from the window's low and the fall from its high, as a share."""
        price = self.desk.last
        if price is None:
            return 0.0
        rise, fall = price / self._extremes.low - 1, price / self._extremes.high - 1
        return rise if rise >= -fall else fall

    @property
    def spike(self) -> float | None:
        """The last window's volume as a multiple of its average."""
        return self._volumes.ratio

    @property
    def bought(self) -> float | None:
        """The share of the last window's volume that takers bought."""
        now = self.desk.time
        bought, sold = self._bought.recent_at(now), self._sold.recent_at(now)
        return bought / (bought + sold) if bought + sold > 0 else None

    def turn(self, minutes: int) -> tuple[int, bool] | None:
        """When a candle just closed that turned the trend, and whether up; each is said once."""
        start = self._newest // (minutes * MINUTE)
        if self._trend_at.get(minutes) == start:
            return None
        first = minutes not in self._trend_at
        self._trend_at[minutes] = start
        rows = self.minutes.folded(minutes)
        if first or rows.shape[1] < SLOW + 2:
            return None
        end = int(rows[START, -1]) + minutes * MINUTE
        for direction in (Direction.UP, Direction.DOWN):
            if turned(EmaCross(f"{minutes}m", direction, FAST, SLOW), rows):
                return end, direction is Direction.UP
        return None

    def _move_bar(self, time: int, price: float) -> None:
        start = time // MINUTE * MINUTE
        if start > self._newest:
            if self._newest >= 0:
                self.minutes.close(self._high, self._low, self._close, self._volume)
                self.usual = self.minutes.usual_move(MOVE_WINDOW, USUAL_OVER)
            self.minutes.begin(start, price)
            self._newest = start
            self._high = self._low = price
            self._volume = 0.0
        elif price > self._high:
            self._high = price
        elif price < self._low:
            self._low = price
        self._close = price


class SignalEngine:
    """Watches every instrument of the watchlists. ``sensitivity`` is by kind.

    Every event passes ``apply``; what is found comes at the next ``tick``, once a second.
    """

    def __init__(self, sensitivity: Mapping[SignalKind, Sensitivity] = DEFAULT) -> None:
        self._scouts: dict[Instrument, Scout] = {}
        self._told: dict[tuple[Instrument, SignalKind], tuple[int, float, bool]] = {}
        self._apart: dict[Instrument, int] = {}
        self._touched: set[Scout] = set()
        self.sensitivity = dict(sensitivity)

    def follow(self, instruments: Iterable[Instrument]) -> list[Instrument]:
        """Watch these and no others; those that are new want to be seeded."""
        wanted = list(dict.fromkeys(instruments))
        new = [each for each in wanted if each not in self._scouts]
        self._scouts = {each: self._scouts.get(each) or Scout(each) for each in wanted}
        self._told = {key: told for key, told in self._told.items() if key[0] in self._scouts}
        self._apart = {each: at for each, at in self._apart.items() if each in self._scouts}
        return new

    def apply(self, event: MarketEvent, now: int) -> None:
        """Take note of one event; ``now`` is when it came, ms UTC."""
        scout = self._scouts.get(event.instrument)
        if scout is None:
            return
        kind = event.__class__
        if kind is Trade:
            if not event.history and scout.trade(event, now) is not None:  # type: ignore
                self._touched.add(scout)
        elif kind is Quote or kind is Ticker:
            scout.desk.quote(event, now)  # type: ignore[arg-type]

    def seed(self, instrument: Instrument, candles: Iterable[Candle]) -> None:
        """Give an instrument its last hours in one-minute candles."""
        scout = self._scouts.get(instrument)
        if scout is not None:
            scout.seed(candles)

    def gap(self, instruments: Iterable[Instrument]) -> list[Instrument]:
        """The feed of these was interrupted; those that are watched want to be seeded anew."""
        found = [each for each in instruments if each in self._scouts]
        for instrument in found:
            self._scouts[instrument].interrupted()
        return found

    def tick(self, now: int) -> list[Signal]:
        """What is out of the ordinary now, oldest first; to be asked once a second."""
        touched, self._touched = self._touched, set()
        found: list[Signal] = []
        for scout in touched:
            for look in (self._moves, self._spikes, self._turns):
                signal = look(scout, now)
                if signal is not None:
                    found.append(signal)
        return [*found, *self._premiums(now)]

    # ------------------------------------------------------------ inside

    def _measure(self, kind: SignalKind) -> Measure | None:
        return MEASURES.get(self.sensitivity.get(kind, Sensitivity.MEDIUM))

    def _moves(self, scout: Scout, now: int) -> Signal | None:
        measure = self._measure(SignalKind.MOVE)
        move = scout.move()
        if measure is None or abs(move) < measure.least_move:
            return None
        if scout.usual is not None and abs(move) < measure.usual_moves * scout.usual:
            return None
        return self._tell(SignalKind.MOVE, scout, now, move > 0, move)

    def _spikes(self, scout: Scout, now: int) -> Signal | None:
        measure, spike = self._measure(SignalKind.VOLUME), scout.spike
        if measure is None or spike is None or spike < measure.volume:
            return None
        bought = scout.bought
        up = bought is None or bought >= 0.5
        return self._tell(SignalKind.VOLUME, scout, now, up, spike, bought=bought)

    def _turns(self, scout: Scout, now: int) -> Signal | None:
        measure = self._measure(SignalKind.TREND)
        turn = scout.turn(measure.candle) if measure else None
        if measure is None or turn is None:
            return None
        return self._tell(SignalKind.TREND, scout, now, turn[1], 1.0, minutes=measure.candle)

    def _premiums(self, now: int) -> list[Signal]:
        """Where the same pair is dearer or cheaper than elsewhere, and stays so."""
        measure = self._measure(SignalKind.PREMIUM)
        if measure is None:
            return []
        found = []
        pairs: dict[tuple[str, str], list[Scout]] = {}
        for instrument, scout in self._scouts.items():
            if scout.desk.last is not None and now - scout.desk.heard <= PREMIUM_FRESH:
                pairs.setdefault((instrument.base, instrument.quote_ccy), []).append(scout)
        for scouts in pairs.values():
            if len(scouts) > 1:
                found += self._premiums_of(scouts, measure, now)
        return found

    def _premiums_of(self, scouts: list[Scout], measure: Measure, now: int) -> list[Signal]:
        by_instrument = {each.instrument: each for each in scouts}
        view = pair_view(
            Venue(each.instrument, each.desk.last, each.desk.bid, each.desk.ask) for each in scouts
        )
        found = []
        for instrument, premium in view.premiums.items():
            if abs(premium) < measure.premium:
                self._apart.pop(instrument, None)
                continue
            since = self._apart.setdefault(instrument, now)
            if now - since < PREMIUM_LASTS:
                continue
            others = {at: share for at, share in view.premiums.items() if at != instrument}
            other = min(others, key=lambda at: abs(others[at]))
            signal = self._tell(
                SignalKind.PREMIUM, by_instrument[instrument], now, premium > 0, premium,
                other=other,
            )  # fmt: skip
            if signal is not None:
                found.append(signal)
        return found

    def _tell(
        self,
        kind: SignalKind,
        scout: Scout,
        now: int,
        up: bool,
        size: float,
        *,
        bought: float | None = None,
        minutes: int = MOVE_WINDOW,
        other: Instrument | None = None,
    ) -> Signal | None:
        """A signal, unless the same was said lately and it has not grown since."""
        told = self._told.get((scout.instrument, kind))
        lately = told is not None and now - told[0] < QUIET_FOR and told[2] is up
        if told is not None and lately and abs(size) < abs(told[1]) * GROWN:
            return None
        self._told[scout.instrument, kind] = (now, size, up)
        price = scout.desk.last or 0.0
        time = scout.desk.time or now
        return Signal(kind, scout.instrument, time, price, up, size, bought, minutes, other)
