"""How each indicator is computed: rows of candles and parameters in, one array an output.

Where TA-Lib has a function, it is that function. Otherwise:
VWAP: the volume-weighted mean of (high + low + close) / 3 since the session's start.
Ichimoku: G. Hosoda; lines are the middle of the highest high and the lowest low of their bars.
Supertrend: O. Seban; bands of ATR around the middle that only ever tighten until price crosses one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from .candles import CLOSE, HIGH, LOW, START, VOLUME, Floats
from .interval import DAY, MINUTE

NAN = float("nan")
UNWANTED = ("pandas", "polars")
WILDER_BARS = 30  # of the length: what lay before weighs less than 1e-13 after as many
Outputs = Sequence[Floats]


@cache
def _talib() -> Any:
    """TA-Lib without pandas and polars, which it loads where they are: 0.4 s and 90 MB in vain."""
    masked = [name for name in UNWANTED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(masked))  # type: ignore[arg-type]
    try:
        import talib
    finally:
        for name in masked:
            del sys.modules[name]
    return talib


def _ready(row: Floats) -> Floats:
    return np.ascontiguousarray(row)


def _enough(rows: Floats, least: int, outputs: int) -> list[Floats] | None:
    """Nothing but holes where there are fewer bars than TA-Lib takes."""
    if rows.shape[1] >= least:
        return None
    return [np.full(rows.shape[1], NAN) for _ in range(outputs)]


def sma(rows: Floats, p: Sequence[float]) -> Outputs:
    """TA-Lib SMA of the closes."""
    return _enough(rows, 2, 1) or [_talib().SMA(_ready(rows[CLOSE]), int(p[0]))]


def ema(rows: Floats, p: Sequence[float]) -> Outputs:
    """TA-Lib EMA of the closes."""
    return _enough(rows, 2, 1) or [_talib().EMA(_ready(rows[CLOSE]), int(p[0]))]


def wma(rows: Floats, p: Sequence[float]) -> Outputs:
    """TA-Lib WMA of the closes."""
    return _enough(rows, 2, 1) or [_talib().WMA(_ready(rows[CLOSE]), int(p[0]))]


def bollinger(rows: Floats, p: Sequence[float]) -> Outputs:
    """TA-Lib BBANDS of the closes around their simple mean: upper, middle, lower."""
    few = _enough(rows, 2, 3)
    return few or list(_talib().BBANDS(_ready(rows[CLOSE]), int(p[0]), float(p[1]), float(p[1])))


def rsi(rows: Floats, p: Sequence[float]) -> Outputs:
    """TA-Lib RSI of the closes."""
    return _enough(rows, 2, 1) or [_talib().RSI(_ready(rows[CLOSE]), int(p[0]))]


def macd(rows: Floats, p: Sequence[float]) -> Outputs:
    """TA-Lib MACD of the closes: MACD, signal, histogram."""
    fast, slow, signal = (int(each) for each in p)
    return _enough(rows, 2, 3) or list(_talib().MACD(_ready(rows[CLOSE]), fast, slow, signal))


def stochastic(rows: Floats, p: Sequence[float]) -> Outputs:
    """TA-Lib STOCH with simple means: %K, %D."""
    length, slowing, signal = (int(each) for each in p)
    high, low, close = (_ready(rows[n]) for n in (HIGH, LOW, CLOSE))
    return _enough(rows, 2, 2) or list(
        _talib().STOCH(high, low, close, length, slowing, 0, signal, 0)
    )


def atr(rows: Floats, p: Sequence[float]) -> Outputs:
    """TA-Lib ATR."""
    high, low, close = (_ready(rows[n]) for n in (HIGH, LOW, CLOSE))
    return _enough(rows, 2, 1) or [_talib().ATR(high, low, close, int(p[0]))]


def obv(rows: Floats, p: Sequence[float]) -> Outputs:
    """TA-Lib OBV."""
    return [_talib().OBV(_ready(rows[CLOSE]), _ready(rows[VOLUME]))]


def volume(rows: Floats, p: Sequence[float]) -> Outputs:
    """The volume of each candle, in base."""
    return [rows[VOLUME]]


def unknown(rows: Floats, p: Sequence[float]) -> Outputs:
    """Nothing: candles alone do not tell who bought and who sold."""
    return [np.full(rows.shape[1], NAN)] * 2


def vwap(rows: Floats, p: Sequence[float]) -> Outputs:
    """By session; the typical price where a session has had no volume yet."""
    typical = (rows[HIGH] + rows[LOW] + rows[CLOSE]) / 3
    starts = _sessions(rows[START], p)
    fresh = np.concatenate(([True], starts[1:] != starts[:-1]))
    edges = np.flatnonzero(fresh)
    sums = [np.concatenate([np.cumsum(part) for part in np.split(each, edges[1:])])
            for each in (typical * rows[VOLUME], rows[VOLUME])]  # fmt: skip
    return [np.divide(sums[0], sums[1], out=typical, where=sums[1] > 0)]


def _sessions(starts: Floats, p: Sequence[float]) -> Floats:
    offset = p[0] * MINUTE
    return np.floor((starts - offset) / DAY)


def ichimoku(rows: Floats, p: Sequence[float]) -> Outputs:
    """Conversion, base, leading spans A and B, and the close as the lagging line."""
    conversion, base, wide = (_middle(rows, int(each)) for each in p)
    return [conversion, base, (conversion + base) / 2, wide, rows[CLOSE]]


def _middle(rows: Floats, length: int) -> Floats:
    few = _enough(rows, 2, 1)
    if few:
        return few[0]
    talib = _talib()
    return np.asarray(
        (talib.MAX(_ready(rows[HIGH]), length) + talib.MIN(_ready(rows[LOW]), length)) / 2
    )


def supertrend(rows: Floats, p: Sequence[float]) -> Outputs:
    """The lower band while the trend is up, the upper one while it is down; then both bands."""
    return _bands(rows, p, 0, _Trend())


def _bands(rows: Floats, p: Sequence[float], begin: int, trend: _Trend) -> list[Floats]:
    """The values from ``begin`` on, where ``trend`` is how it stood at the bar before."""
    reach = max(0, begin - WILDER_BARS * int(p[0] + 2))
    (ranges,) = atr(rows[:, reach:], p[:1])
    middle = ((rows[HIGH, begin:] + rows[LOW, begin:]) / 2).tolist()
    spread = (ranges[begin - reach :] * p[1]).tolist()
    columns = []
    for center, width, close in zip(middle, spread, rows[CLOSE, begin:].tolist(), strict=True):
        trend.step(center, width, close)
        up = trend.lower if trend.rising else NAN
        down = NAN if trend.rising else trend.upper
        columns.append((up, down, trend.upper, trend.lower))
    return list(np.array(columns).reshape(-1, 4).T)


class _Trend:
    """The bands after a bar, and on which side the price is."""

    __slots__ = ("close", "known", "lower", "rising", "upper")

    def __init__(self) -> None:
        self.upper = self.lower = self.close = NAN
        self.rising = True
        self.known = False

    def step(self, middle: float, width: float, close: float) -> None:
        """Take one more bar; until the range is known there are no bands."""
        if width != width:
            self.close = close
            return
        upper, lower = middle + width, middle - width
        if self.known:
            if not (upper < self.upper or self.close > self.upper):
                upper = self.upper
            if not (lower > self.lower or self.close < self.lower):
                lower = self.lower
            if self.rising and close < lower:
                self.rising = False
            elif not self.rising and close > upper:
                self.rising = True
        self.upper, self.lower, self.close, self.known = upper, lower, close, True


def _resume_obv(rows: Floats, p: Sequence[float], known: Floats, begin: int) -> list[Floats]:
    closes, volumes = rows[CLOSE], rows[VOLUME]
    value, values = float(known[0, -1]), []
    for place in range(begin, rows.shape[1]):
        change = closes[place] - closes[place - 1]
        value += float(np.sign(change) * volumes[place])
        values.append(value)
    return [np.array(values)]


def _resume_vwap(rows: Floats, p: Sequence[float], known: Floats, begin: int) -> list[Floats]:
    session = float(_sessions(rows[START, begin : begin + 1], p)[0]) * DAY + p[0] * MINUTE
    first = int(np.searchsorted(rows[START], session, side="left"))
    (values,) = vwap(rows[:, first:], p)
    return [values[begin - first :]]


def _resume_supertrend(rows: Floats, p: Sequence[float], known: Floats, begin: int) -> list[Floats]:
    trend = _Trend()
    up, _, trend.upper, trend.lower = (float(each) for each in known[:, -1])
    trend.known = trend.upper == trend.upper
    trend.rising = up == up or not trend.known
    trend.close = float(rows[CLOSE, begin - 1])
    return _bands(rows, p, begin, trend)


def _resume_unknown(rows: Floats, p: Sequence[float], known: Floats, begin: int) -> list[Floats]:
    return list(unknown(rows[:, begin:], p))


RESUME: dict[Callable[..., Any], Callable[..., list[Floats]]] = {
    unknown: _resume_unknown,
    obv: _resume_obv,
    vwap: _resume_vwap,
    supertrend: _resume_supertrend,
}
