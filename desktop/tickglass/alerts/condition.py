"""Conditions: what a price, a volume or a trend must do before an alert fires.

Each kind is a name of the settings file; each family is a typed value that checks its numbers.
Windows and waits are whole seconds, shares are per cent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..errors import UsageError
from ..language import tr
from ..market.interval import milliseconds

SHORTEST_WINDOW, LONGEST_WINDOW = 10, 86_400  # s
MOST_WINDOWS = 500
MOST_VOLUME_WINDOW = 14_400  # s
LONGEST_LENGTH = 500  # candles
MOST_PERCENT = 1_000.0


class Kind(StrEnum):
    """The kinds of conditions, named as in the settings file."""

    ABOVE = "above"
    BELOW = "below"
    CROSSES = "crosses"
    CROSSES_UP = "crosses_up"
    CROSSES_DOWN = "crosses_down"
    ENTERS = "enters"
    LEAVES = "leaves"
    INSIDE = "inside"
    OUTSIDE = "outside"
    MOVES = "moves"
    MOVES_UP = "moves_up"
    MOVES_DOWN = "moves_down"
    DAY_ABOVE = "day_change_above"
    DAY_BELOW = "day_change_below"
    TRAILS_HIGH = "trails_high"
    TRAILS_LOW = "trails_low"
    STEPS = "steps"
    MOVED = "moved"
    SPREAD = "spread"
    VOLUME_SPIKE = "volume_spike"
    EMA_CROSS = "ema_cross"
    MACD_CROSS = "macd_cross"
    RSI_LEAVES = "rsi_leaves"
    NEW_HIGH = "new_high"
    NEW_LOW = "new_low"
    NO_DATA = "no_data"


class Source(StrEnum):
    """Which price is judged; ``close`` is that of a candle that has closed."""

    LAST = "last"
    BID = "bid"
    ASK = "ask"
    MID = "mid"
    CLOSE = "close"


class Unit(StrEnum):
    """What an amount is counted in: the quote currency, or per cent of the price."""

    PRICE = "price"
    PERCENT = "percent"


class Direction(StrEnum):
    """Which way a trend turns."""

    UP = "up"
    DOWN = "down"
    EITHER = "either"


class TakerSide(StrEnum):
    """Whose trades count: those that takers bought with, sold with, or all."""

    ANY = "any"
    BUY = "buy"
    SELL = "sell"


def _check(allowed: bool, sentence: str) -> None:
    if not allowed:
        raise UsageError(sentence)


def _check_price(value: float) -> None:
    usable = math.isfinite(value) and value > 0
    _check(usable, tr("{value} is not a price.", value=f"{value:g}"))


def _check_percent(value: float) -> None:
    within = math.isfinite(value) and 0 < value <= MOST_PERCENT
    _check(within, tr("Write per cent above 0 and at most {most}.", most=int(MOST_PERCENT)))


def _check_interval(interval: str) -> None:
    try:
        milliseconds(interval)
    except ValueError:
        raise UsageError(tr("{text} is not an interval.", text=repr(interval))) from None


def _check_length(*lengths: int) -> None:
    within = all(1 < each <= LONGEST_LENGTH for each in lengths)
    _check(within, tr("A length is from 2 to {most} candles.", most=LONGEST_LENGTH))


@dataclass(frozen=True, slots=True)
class PriceLevel:
    """above · below · crosses · crosses up · crosses down a price."""

    kind: Kind
    value: float
    source: Source = Source.LAST
    interval: str = "1m"

    def __post_init__(self) -> None:
        _check_price(self.value)
        _check_interval(self.interval)


@dataclass(frozen=True, slots=True)
class PriceChannel:
    """enters · leaves · is inside · is outside two prices, both of them inside."""

    kind: Kind
    low: float
    high: float
    source: Source = Source.LAST
    interval: str = "1m"

    def __post_init__(self) -> None:
        _check_price(self.low)
        _check(math.isfinite(self.high) and self.low < self.high,
               tr("The lower price of a channel must be below the upper one."))  # fmt: skip
        _check_interval(self.interval)


@dataclass(frozen=True, slots=True)
class Move:
    """moves · moves up · moves down by an amount within so many seconds."""

    kind: Kind
    amount: float
    unit: Unit = Unit.PERCENT
    window: int = 300
    source: Source = Source.LAST
    interval: str = "1m"

    def __post_init__(self) -> None:
        _check_percent(self.amount) if self.unit is Unit.PERCENT else _check_price(self.amount)
        within = SHORTEST_WINDOW <= self.window <= LONGEST_WINDOW
        _check(within, tr("A window is from 10 seconds to 24 hours."))
        _check_interval(self.interval)


@dataclass(frozen=True, slots=True)
class DayChange:
    """The change of the last 24 hours is above · below so many per cent (may be negative)."""

    kind: Kind
    percent: float

    def __post_init__(self) -> None:
        within = math.isfinite(self.percent) and abs(self.percent) <= MOST_PERCENT
        _check(within, tr("Write per cent of at most {most}.", most=int(MOST_PERCENT)))


@dataclass(frozen=True, slots=True)
class Trail:
    """Is so many per cent below its high · above its low since the alert was armed."""

    kind: Kind
    percent: float
    source: Source = Source.LAST
    interval: str = "1m"

    def __post_init__(self) -> None:
        _check_percent(self.percent)
        _check(self.kind is Kind.TRAILS_LOW or self.percent < 100,
               tr("No price falls 100 % below its high."))  # fmt: skip
        _check_interval(self.interval)


@dataclass(frozen=True, slots=True)
class Steps:
    """Reaches another multiple of an amount: each 500."""

    amount: float
    source: Source = Source.LAST
    interval: str = "1m"
    kind: Kind = Kind.STEPS

    def __post_init__(self) -> None:
        _check_price(self.amount)
        _check_interval(self.interval)


@dataclass(frozen=True, slots=True)
class Moved:
    """Has moved by an amount since this alert last fired, or was armed."""

    amount: float
    unit: Unit = Unit.PERCENT
    source: Source = Source.LAST
    interval: str = "1m"
    kind: Kind = Kind.MOVED

    def __post_init__(self) -> None:
        _check_percent(self.amount) if self.unit is Unit.PERCENT else _check_price(self.amount)
        _check_interval(self.interval)


@dataclass(frozen=True, slots=True)
class Spread:
    """Differs from the price elsewhere by so many per cent or more.

    ``other`` is an exchange with the same pair, or an instrument (``coinbase:BTC/USD``).
    """

    other: str
    percent: float
    kind: Kind = Kind.SPREAD

    def __post_init__(self) -> None:
        _check_percent(self.percent)
        _check(bool(self.other.strip()), tr("Say which exchange to compare with."))


@dataclass(frozen=True, slots=True)
class VolumeSpike:
    """The volume of the last window is so many times its average over the windows before."""

    times: float = 3.0
    window: int = 300
    windows: int = 12
    side: TakerSide = TakerSide.ANY
    kind: Kind = Kind.VOLUME_SPIKE

    def __post_init__(self) -> None:
        _check(math.isfinite(self.times) and 1 < self.times <= MOST_PERCENT,
               tr("A spike is more than 1 and at most 1,000 times the average."))  # fmt: skip
        within = SHORTEST_WINDOW <= self.window <= MOST_VOLUME_WINDOW
        _check(within, tr("A window of volume is from 10 seconds to 4 hours."))
        _check(1 <= self.windows <= MOST_WINDOWS,
               tr("The average is over 1 to {most} windows.", most=MOST_WINDOWS))  # fmt: skip
        _check(self.window * self.windows <= LONGEST_WINDOW * 7,
               tr("The windows of the average reach back 7 days at most."))  # fmt: skip


@dataclass(frozen=True, slots=True)
class EmaCross:
    """The fast EMA of the closes crosses the slow one, as a candle closes."""

    interval: str = "1h"
    direction: Direction = Direction.EITHER
    fast: int = 9
    slow: int = 21
    kind: Kind = Kind.EMA_CROSS

    def __post_init__(self) -> None:
        _check_interval(self.interval)
        _check_length(self.fast, self.slow)
        _check(self.fast < self.slow, tr("The fast length must be below the slow one."))


@dataclass(frozen=True, slots=True)
class MacdCross:
    """The MACD line crosses its signal line, as a candle closes."""

    interval: str = "1h"
    direction: Direction = Direction.EITHER
    fast: int = 12
    slow: int = 26
    signal: int = 9
    kind: Kind = Kind.MACD_CROSS

    def __post_init__(self) -> None:
        _check_interval(self.interval)
        _check_length(self.fast, self.slow, self.signal)
        _check(self.fast < self.slow, tr("The fast length must be below the slow one."))


@dataclass(frozen=True, slots=True)
class RsiLeaves:
    """The RSI comes back over ``low`` (up) or under ``high`` (down), as a candle closes."""

    interval: str = "1h"
    direction: Direction = Direction.EITHER
    length: int = 14
    low: float = 30.0
    high: float = 70.0
    kind: Kind = Kind.RSI_LEAVES

    def __post_init__(self) -> None:
        _check_interval(self.interval)
        _check_length(self.length)
        ordered = 0 < self.low < self.high < 100
        _check(ordered, tr("The extremes of the RSI are between 0 and 100, the lower one first."))


@dataclass(frozen=True, slots=True)
class Extreme:
    """A closed candle reaches a high · low beyond those of so many candles before it."""

    kind: Kind
    interval: str = "1h"
    length: int = 20

    def __post_init__(self) -> None:
        _check_interval(self.interval)
        _check_length(self.length)


@dataclass(frozen=True, slots=True)
class NoData:
    """Nothing has been heard of the instrument for so many seconds."""

    seconds: int = 60
    kind: Kind = Kind.NO_DATA

    def __post_init__(self) -> None:
        within = SHORTEST_WINDOW <= self.seconds <= LONGEST_WINDOW
        _check(within, tr("A window is from 10 seconds to 24 hours."))


Priced = PriceLevel | PriceChannel | Move | Trail | Steps | Moved
Turning = EmaCross | MacdCross | RsiLeaves | Extreme
Condition = Priced | DayChange | Spread | VolumeSpike | Turning | NoData

FAMILIES: Mapping[Kind, Callable[..., Condition]] = {
    **dict.fromkeys(
        (Kind.ABOVE, Kind.BELOW, Kind.CROSSES, Kind.CROSSES_UP, Kind.CROSSES_DOWN), PriceLevel
    ),
    **dict.fromkeys((Kind.ENTERS, Kind.LEAVES, Kind.INSIDE, Kind.OUTSIDE), PriceChannel),
    **dict.fromkeys((Kind.MOVES, Kind.MOVES_UP, Kind.MOVES_DOWN), Move),
    **dict.fromkeys((Kind.DAY_ABOVE, Kind.DAY_BELOW), DayChange),
    **dict.fromkeys((Kind.TRAILS_HIGH, Kind.TRAILS_LOW), Trail),
    Kind.STEPS: Steps,
    Kind.MOVED: Moved,
    Kind.SPREAD: Spread,
    Kind.VOLUME_SPIKE: VolumeSpike,
    Kind.EMA_CROSS: EmaCross,
    Kind.MACD_CROSS: MacdCross,
    Kind.RSI_LEAVES: RsiLeaves,
    **dict.fromkeys((Kind.NEW_HIGH, Kind.NEW_LOW), Extreme),
    Kind.NO_DATA: NoData,
}


def make(kind: Kind, **numbers: Any) -> Condition:
    """A condition of a kind; raises UsageError with a sentence if its numbers cannot be."""
    return FAMILIES[kind](kind=kind, **numbers)
