"""Indicators: TA-Lib's own values over the whole series, also while the newest bar moves."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import talib
from hypothesis import given, settings
from hypothesis import strategies as st

from tickglass.errors import UsageError
from tickglass.market.candles import CLOSE, HIGH, LOW, OPEN, START, VOLUME, CandleSeries, Floats
from tickglass.market.events import Candle, Trade
from tickglass.market.indicators import KINDS, Indicator, IndicatorValues
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")
MINUTE = 60_000
BEGIN = 1_795_348_800_000 - 40 * MINUTE  # so that sessions change inside


def candles(count: int, seed: int = 1, flat: bool = False) -> list[Candle]:
    """A random walk, now and then without volume."""
    random = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.0 if flat else 0.01, count)))
    made = []
    before = 100.0
    for number, price in enumerate(close.tolist()):
        room = 0.0 if flat else float(random.random())
        high, low = max(before, price) + room, min(before, price) - room
        volume = 0.0 if random.random() < 0.1 else float(random.gamma(2, 5))
        start = BEGIN + number * MINUTE
        made.append(Candle(BTC, "1m", start, before, high, low, price, volume, True))
        before = price
    return made


def series(count: int, seed: int = 1, flat: bool = False) -> CandleSeries:
    made = CandleSeries(BTC, "1m")
    made.merge(candles(count, seed, flat))
    return made


def columns(rows: Floats) -> dict[str, Floats]:
    names = {"high": HIGH, "low": LOW, "close": CLOSE, "volume": VOLUME, "open": OPEN}
    return {name: np.ascontiguousarray(rows[place]) for name, place in names.items()}


# ---------------------------------------------------------------- what each must be

Reference = Callable[[Floats, tuple[float, ...]], list[Floats]]


def slow_vwap(rows: Floats, p: tuple[float, ...]) -> list[Floats]:
    found, paid, amount, session = [], 0.0, 0.0, None
    for start, _, high, low, close, volume in rows.T.tolist():
        day = math.floor((start - p[0] * MINUTE) / 86_400_000)
        if day != session:
            session, paid, amount = day, 0.0, 0.0
        typical = (high + low + close) / 3
        paid, amount = paid + typical * volume, amount + volume
        found.append(paid / amount if amount else typical)
    return [np.array(found)]


def slow_ichimoku(rows: Floats, p: tuple[float, ...]) -> list[Floats]:
    def middle(length: float) -> list[float]:
        n = int(length)
        return [
            (max(rows[HIGH, i - n + 1 : i + 1]) + min(rows[LOW, i - n + 1 : i + 1])) / 2
            if i >= n - 1
            else math.nan
            for i in range(rows.shape[1])
        ]

    conversion, base, wide = (np.array(middle(each)) for each in p)
    return [conversion, base, (conversion + base) / 2, wide, rows[CLOSE]]


def slow_supertrend(rows: Floats, p: tuple[float, ...]) -> list[Floats]:
    c = columns(rows)
    count = rows.shape[1]
    ranges = talib.ATR(c["high"], c["low"], c["close"], int(p[0])) if count > 1 else [math.nan]
    up, down = [math.nan] * count, [math.nan] * count
    upper = lower = math.nan
    trend = 0
    for i in range(count):
        if math.isnan(ranges[i]):
            continue
        middle = (c["high"][i] + c["low"][i]) / 2
        basic_upper, basic_lower = middle + p[1] * ranges[i], middle - p[1] * ranges[i]
        if trend == 0:
            upper, lower, trend = basic_upper, basic_lower, 1
        else:
            before = c["close"][i - 1]
            upper = basic_upper if basic_upper < upper or before > upper else upper
            lower = basic_lower if basic_lower > lower or before < lower else lower
            if trend == 1 and c["close"][i] < lower:
                trend = -1
            elif trend == -1 and c["close"][i] > upper:
                trend = 1
        (up if trend == 1 else down)[i] = lower if trend == 1 else upper
    return [np.array(up), np.array(down)]


def of(function: str, *names: str) -> Reference:
    """TA-Lib's own function on whole columns."""

    def reference(rows: Floats, p: tuple[float, ...]) -> list[Floats]:
        if rows.shape[1] < 2 and function != "OBV":
            found = getattr(talib, function)
            return [np.full(rows.shape[1], math.nan)] * (
                3 if found in (talib.MACD, talib.BBANDS) else 1
            )
        data = [columns(rows)[name] for name in names]
        if function == "BBANDS":
            found = talib.BBANDS(*data, int(p[0]), p[1], p[1])
        elif function == "STOCH":
            found = talib.STOCH(*data, int(p[0]), int(p[1]), 0, int(p[2]), 0)
        else:
            found = getattr(talib, function)(*data, *(int(each) for each in p))
        return list(found) if isinstance(found, tuple) else [found]

    return reference


REFERENCES: dict[str, Reference] = {
    "sma": of("SMA", "close"),
    "ema": of("EMA", "close"),
    "wma": of("WMA", "close"),
    "bollinger": of("BBANDS", "close"),
    "rsi": of("RSI", "close"),
    "macd": of("MACD", "close"),
    "stochastic": of("STOCH", "high", "low", "close"),
    "atr": of("ATR", "high", "low", "close"),
    "obv": of("OBV", "close", "volume"),
    "volume": lambda rows, p: [rows[VOLUME]],
    "delta": lambda rows, p: [np.full(rows.shape[1], math.nan)] * 2,  # known from trades only
    "vwap": slow_vwap,
    "ichimoku": slow_ichimoku,
    "supertrend": slow_supertrend,
}


def check(values: IndicatorValues, made: CandleSeries, indicator: Indicator) -> None:
    expected = REFERENCES[indicator.kind](made.rows, indicator.parameters)
    assert len(values.values) == len(expected)
    for found, wanted in zip(values.values, expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)


def test_every_kind_has_a_reference_here() -> None:
    assert set(REFERENCES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [2, 5, 30, 400])
def test_values_are_those_of_the_reference(kind: str, count: int) -> None:
    indicator, made = Indicator.make(kind), series(count)
    values = IndicatorValues(indicator)
    values.update(made)
    check(values, made, indicator)


@pytest.mark.parametrize("kind", KINDS)
def test_flat_prices_and_no_volume_are_no_trouble(kind: str) -> None:
    indicator, made = Indicator.make(kind), series(80, flat=True)
    values = IndicatorValues(indicator)
    values.update(made)
    check(values, made, indicator)


@pytest.mark.parametrize("kind", KINDS)
def test_values_stay_right_while_the_newest_bar_moves_and_others_follow(kind: str) -> None:
    """1,200 bars are many more than any warm-up; each step is one that a live chart takes."""
    history, live = candles(1_200)[:1_100], candles(1_200)[1_100:]
    made = CandleSeries(BTC, "1m")
    made.merge(history)
    indicator = Indicator.make(kind)
    values = IndicatorValues(indicator)
    values.update(made)
    random = np.random.default_rng(5)
    for number, bar in enumerate(live):
        first = Trade(BTC, bar.start, str(number), bar.open, 1.0, "buy")
        made.trade(first)
        values.update(made)
        if number % 3:
            made.trade(
                Trade(BTC, bar.start + 1, "x", bar.open + float(random.normal()), 1.0, "buy")
            )
            values.update(made)
        made.update(bar)
        if number % 2:
            values.update(made)
        if number % 25 == 24:
            values.update(made)
            check(values, made, indicator)
    values.update(made)
    check(values, made, indicator)


@pytest.mark.parametrize("kind", KINDS)
def test_the_close_of_the_bar_before_the_newest_and_older_history_are_taken_in(kind: str) -> None:
    every = candles(300)
    made = CandleSeries(BTC, "1m")
    made.merge(every[150:298])
    indicator = Indicator.make(kind)
    values = IndicatorValues(indicator)
    values.update(made)
    made.trade(Trade(BTC, every[299].start, "1", 105.0, 1.0, "buy"))
    made.update(every[298])  # its close comes after the next was opened
    values.update(made)
    check(values, made, indicator)
    made.merge(every[:150])
    values.update(made)
    check(values, made, indicator)
    made.update(every[100])
    values.update(made)
    check(values, made, indicator)


lengths = st.integers(2, 60)


@settings(max_examples=25)
@given(st.sampled_from(["sma", "ema", "wma", "bollinger", "rsi", "atr", "supertrend"]), lengths,
       st.integers(2, 200), st.integers(0, 1_000))  # fmt: skip
def test_any_length_on_any_walk(kind: str, length: int, count: int, seed: int) -> None:
    indicator, made = Indicator.make(kind, length=length), series(count, seed)
    values = IndicatorValues(indicator)
    values.update(made)
    check(values, made, indicator)


def test_small_numbers_worked_out_by_hand() -> None:
    made = CandleSeries(BTC, "1m")
    for number, (close, volume) in enumerate([(10.0, 1.0), (12.0, 2.0), (11.0, 4.0), (11.0, 8.0)]):
        start = BEGIN + number * MINUTE
        made.update(Candle(BTC, "1m", start, close, close, close, close, volume, True))
    mean, balance = (
        IndicatorValues(Indicator.make("sma", length=2)),
        IndicatorValues(Indicator.make("obv")),
    )
    for each in (mean, balance):
        each.update(made)
    assert mean.values[0][1:].tolist() == [11.0, 11.5, 11.0]
    assert balance.values[0].tolist() == [1.0, 3.0, -1.0, -1.0]


def test_a_label_has_the_numbers() -> None:
    assert Indicator.make("bollinger").label == "BB 20 2"
    assert Indicator.make("supertrend", factor=2.5).label == "Supertrend 10 2.5"
    assert Indicator.make("volume").label == "Volume"


@pytest.mark.parametrize("kind", KINDS)
def test_an_indicator_comes_back_from_its_row(kind: str) -> None:
    indicator = Indicator.make(kind)
    assert Indicator.from_row(indicator.to_row()) == indicator


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "magic"},
        {"kind": "sma", "parameters": []},
        {"kind": "sma", "parameters": [1.5]},
        {"kind": "sma", "parameters": ["20"]},
        {"kind": "sma", "parameters": [0]},
        {"kind": "sma", "parameters": [math.nan]},
        {"kind": "sma", "parameters": [10**9]},
        {"kind": "sma", "parameters": "20"},
        {"kind": "macd", "parameters": [12, 26, True]},
    ],
)
def test_a_row_that_cannot_be_is_refused_in_a_sentence(row: dict[str, object]) -> None:
    with pytest.raises(UsageError) as caught:
        Indicator.from_row(row)
    assert caught.value.sentence.endswith(".")


def test_starts_are_not_touched() -> None:
    made = series(50)
    before = made.rows.copy()
    for kind in KINDS:
        IndicatorValues(Indicator.make(kind)).update(made)
    assert np.array_equal(made.rows, before)
    assert made.rows[START, 0] == BEGIN
