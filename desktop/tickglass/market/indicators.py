"""Technical indicators by TA-Lib, kept up to date while the newest bar moves.

TA-Lib is loaded when the first indicator is computed. What it does not have (VWAP, Ichimoku,
Supertrend) stands in ``indicator_math.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ..errors import UsageError
from ..language import mark, tr, trn
from . import indicator_math as sums
from .candles import Floats

SMOOTHING_BARS = 15  # of an EMA's length: what lay before weighs less than 1e-13 after as many
LONGEST = 1_000  # bars
CAPACITY = 1_024
GROWTH = 1.5

DELTA = "delta"  # made of trades, not of candles: whoever has the tape computes it

Compute = Callable[[Floats, Sequence[float]], Sequence[Floats]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that a person may choose."""

    name: str
    title: str
    default: float
    least: float = 1
    most: float = LONGEST
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Output:
    """One line or row of bars; ``shift`` moves it so many bars into the future."""

    name: str
    role: str = "line"
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of indicator.

    ``warm_up``: how many bars before a value still count, by its parameters; None if all do, and
    it is resumed from the values before, of which ``hidden`` are for that alone.
    """

    title: str
    label: str
    over_price: bool
    parameters: tuple[Parameter, ...]
    outputs: tuple[Output, ...]
    compute: Compute
    warm_up: Callable[[Sequence[float]], int] | None
    levels: tuple[float, ...] = ()
    bounds: tuple[float, float] | None = None
    hidden: int = 0


def _length(default: float, least: float = 2) -> Parameter:
    return Parameter("length", mark("Length"), default, least)


def _window(parameters: Sequence[float]) -> int:
    return int(parameters[0]) + 2


def _smoothed(parameters: Sequence[float]) -> int:
    return SMOOTHING_BARS * int(parameters[0] + 2)


def _wilder(parameters: Sequence[float]) -> int:
    return sums.WILDER_BARS * int(parameters[0] + 2)


def _macd_reach(parameters: Sequence[float]) -> int:
    return SMOOTHING_BARS * int(sum(parameters) + 4)


KINDS: Mapping[str, Kind] = {
    "sma": Kind(
        mark("Moving average"), "SMA", True, (_length(20),), (Output("SMA"),), sums.sma, _window
    ),
    "ema": Kind(
        mark("Exponential moving average"), "EMA", True, (_length(20),), (Output("EMA"),),
        sums.ema, _smoothed,
    ),
    "wma": Kind(
        mark("Weighted moving average"), "WMA", True, (_length(20),), (Output("WMA"),),
        sums.wma, _window,
    ),
    "vwap": Kind(
        mark("Volume-weighted average price"), "VWAP", True,
        (Parameter("offset", mark("Session begins, minutes after 00:00 UTC"), 0, -720, 840),),
        (Output("VWAP"),), sums.vwap, None,
    ),
    "bollinger": Kind(
        mark("Bollinger bands"), "BB", True,
        (_length(20), Parameter("width", mark("Standard deviations"), 2, 0.1, 10, whole=False)),
        (Output("upper", "band_top"), Output("middle"), Output("lower", "band_bottom")),
        sums.bollinger, _window,
    ),
    "ichimoku": Kind(
        "Ichimoku", "Ichimoku", True,
        (
            Parameter("conversion", mark("Conversion line"), 9, 2),
            Parameter("base", mark("Base line"), 26, 2),
            Parameter("span", mark("Leading span B"), 52, 2),
        ),
        (
            Output("conversion"), Output("base"), Output("span A", "cloud_a", 26),
            Output("span B", "cloud_b", 26), Output("lagging", "line", -26),
        ),
        sums.ichimoku, lambda parameters: int(max(parameters)) + 2,
    ),
    "supertrend": Kind(
        "Supertrend", "Supertrend", True,
        (_length(10), Parameter("factor", mark("Times ATR"), 3, 0.1, 20, whole=False)),
        (Output("up", "trend_up"), Output("down", "trend_down")),
        sums.supertrend, None, hidden=2,
    ),
    "volume": Kind(
        mark("Volume"), mark("Volume"), False, (), (Output("volume", "histogram"),),
        sums.volume, lambda _: 1,
    ),
    "rsi": Kind(
        mark("Relative strength index"), "RSI", False, (_length(14),), (Output("RSI"),),
        sums.rsi, _wilder, (30, 70), (0, 100),
    ),
    "macd": Kind(
        "MACD", "MACD", False,
        (
            Parameter("fast", mark("Fast length"), 12, 2),
            Parameter("slow", mark("Slow length"), 26, 2),
            Parameter("signal", mark("Signal length"), 9, 1),
        ),
        (Output("MACD"), Output("signal", "signal"), Output("histogram", "histogram")),
        sums.macd, _macd_reach,
    ),
    "stochastic": Kind(
        mark("Stochastic"), mark("Stochastic"), False,
        (
            Parameter("length", mark("Length"), 14, 1),
            Parameter("slowing", mark("Slowing"), 3, 1),
            Parameter("signal", mark("Signal length"), 3, 1),
        ),
        (Output("%K"), Output("%D", "signal")),
        sums.stochastic, lambda parameters: int(sum(parameters)) + 3, (20, 80), (0, 100),
    ),
    "atr": Kind(
        mark("Average true range"), "ATR", False, (_length(14, 1),), (Output("ATR"),),
        sums.atr, _wilder,
    ),
    DELTA: Kind(
        mark("Volume delta"), mark("Volume delta"), False, (),
        (Output("delta", "histogram"), Output("cumulative")), sums.unknown, None,
    ),
    "obv": Kind(mark("On-balance volume"), "OBV", False, (), (Output("OBV"),), sums.obv, None),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Indicator:
    """A kind with its numbers; raises UsageError if they cannot be."""

    kind: str
    parameters: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        kind = KINDS.get(self.kind)
        if kind is None:
            raise UsageError(tr("There is no indicator {kind}.", kind=repr(self.kind)))
        if len(self.parameters) != len(kind.parameters):
            needs = trn(
                "{indicator} needs {count} number.",
                "{indicator} needs {count} numbers.",
                len(kind.parameters),
                indicator=tr(kind.title),
            )
            raise UsageError(needs)
        for parameter, value in zip(kind.parameters, self.parameters, strict=True):
            _check(kind, parameter, value)

    @classmethod
    def make(cls, kind: str, **given: float) -> Indicator:
        """An indicator with its usual numbers, but for those given."""
        if kind not in KINDS:
            raise UsageError(tr("There is no indicator {kind}.", kind=repr(kind)))
        return cls(kind, tuple(given.get(p.name, p.default) for p in KINDS[kind].parameters))

    @property
    def label(self) -> str:
        """Its name with its numbers: BB 20 2."""
        numbers = (f"{value:g}" for value in self.parameters)
        return " ".join((tr(KINDS[self.kind].label), *numbers))

    def to_row(self) -> dict[str, Any]:
        """The indicator as JSON knows values."""
        return {"kind": self.kind, "parameters": list(self.parameters)}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Indicator:
        """What ``to_row`` gave; raises UsageError if it cannot be."""
        values = row.get("parameters", [])
        if not isinstance(values, list):
            raise UsageError(tr("An indicator's parameters are a list of numbers."))
        return cls(str(row.get("kind")), tuple(values))


def _check(kind: Kind, parameter: Parameter, value: object) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not parameter.least <= value <= parameter.most:  # type: ignore[operator]
        sentence = tr(
            "{indicator}: {number} must be from {least} to {most}, not {value}.",
            indicator=tr(kind.title),
            number=tr(parameter.title),
            least=f"{parameter.least:g}",
            most=f"{parameter.most:g}",
            value=repr(value),
        )
        raise UsageError(sentence)
    if parameter.whole and value != int(value):  # type: ignore[call-overload]
        words = {"indicator": tr(kind.title), "number": tr(parameter.title)}
        raise UsageError(tr("{indicator}: {number} must be a whole number.", **words))


class Series(Protocol):
    """What indicators are computed of: a candle series, or what reads like one."""

    @property
    def version(self) -> int: ...
    @property
    def rewritten(self) -> int: ...
    @property
    def first_start(self) -> int | None: ...
    @property
    def rows(self) -> Floats: ...
    def __len__(self) -> int: ...


class IndicatorValues:
    """The values of an indicator over a series: an array for each output, as long as the series.

    Not-a-number where it is not defined. ``update`` computes all of them when the past changed, and
    otherwise only the newest, from as many bars as still count.
    """

    def __init__(self, indicator: Indicator) -> None:
        self._kind = KINDS[indicator.kind]
        self._parameters = indicator.parameters
        self._outputs = len(self._kind.outputs)
        self._memory: Floats = np.empty((self._outputs + self._kind.hidden, CAPACITY))
        self._count = 0
        self._key: tuple[object, ...] = ()
        self._version: object = None

    @property
    def values(self) -> list[Floats]:
        """One array an output; valid until the next update."""
        return list(self._memory[: self._outputs, : self._count])

    def update(self, series: Series) -> None:
        """Bring the values up to date."""
        key = (series, series.rewritten, series.first_start)
        count = len(series)
        if key == self._key and series.version == self._version and count == self._count:
            return
        rows = series.rows
        known = self._count - 2 if key == self._key and count >= self._count else 0
        self._make_room(count)
        if known > 0:
            self._advance(rows, known)
        elif count:
            self._memory[:, :count] = np.stack(self._kind.compute(rows, self._parameters))
        self._count, self._key, self._version = count, key, series.version

    def _advance(self, rows: Floats, known: int) -> None:
        """Compute what comes after the values that are known to stay."""
        count = rows.shape[1]
        if self._kind.warm_up is None:
            resume = sums.RESUME[self._kind.compute]
            fresh = np.stack(resume(rows, self._parameters, self._memory[:, :known], known))
        else:
            begin = max(0, known - self._kind.warm_up(self._parameters))
            values = np.stack(self._kind.compute(rows[:, begin:], self._parameters))
            fresh = values[:, known - begin :]
        self._memory[:, known:count] = fresh

    def _make_room(self, count: int) -> None:
        if count > self._memory.shape[1]:
            grown = np.empty((self._memory.shape[0], int(count * GROWTH)))
            grown[:, : self._count] = self._memory[:, : self._count]
            self._memory = grown
