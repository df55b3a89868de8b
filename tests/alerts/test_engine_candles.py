"""Once per candle, at its close, and what only closed candles tell, against slow references."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import (
    Direction,
    EmaCross,
    Extreme,
    Kind,
    MacdCross,
    PriceLevel,
    RsiLeaves,
    Source,
    Turning,
)
from tickglass.alerts.engine import AlertEngine
from tickglass.market.candles import Floats
from tickglass.market.interval import MINUTE

from .reference import Print, Seen, believed, firings
from .test_engine import BEGIN, BTC, arrivals, banded, levels, live, priced, steps

per_candle = st.builds(
    lambda conditions, interval, cooldown, moved: Alert(
        "a", BTC, tuple(conditions), Trigger.CANDLE, interval=interval, cooldown=cooldown,
        moved=moved,
    ),
    st.lists(priced, min_size=1, max_size=2), st.sampled_from(["1m", "5m"]),
    st.sampled_from([0, 0, 5, 90]), st.sampled_from([0.0, 0.0, 1.5]),
) | banded.map(lambda alert: replace(alert, trigger=Trigger.CANDLE))  # fmt: skip
at_closes = st.builds(
    lambda conditions, cooldown: Alert(
        "a", BTC, tuple(conditions), Trigger.CLOSE, interval="1m", cooldown=cooldown
    ),
    st.lists(priced, min_size=1, max_size=2), st.sampled_from([0, 0, 90, 300]),
) | banded.map(lambda alert: replace(alert, trigger=Trigger.CLOSE))  # fmt: skip


@settings(max_examples=300)
@given(per_candle, arrivals())
def test_once_per_candle_it_fires_exactly_where_the_reference_says(
    alert: Alert, prints: list[Print]
) -> None:
    found = live(AlertEngine([alert]), prints)
    assert [each.time for each in found] == firings(alert, believed(prints))


# ---------------------------------------------------------------- closes


@st.composite
def batches(draw: st.DrawFn, most: int = 40) -> tuple[list[float], list[int]]:
    """Closes, and how many of them are known each time that the engine is told of them."""
    moves = draw(st.lists(steps, min_size=3, max_size=most))
    prices = [max(50.0, 100.0 + sum(moves[: place + 1])) for place in range(len(moves))]
    counts = draw(st.lists(st.integers(1, len(prices)), min_size=1, max_size=8, unique=True))
    return prices, [*sorted(counts), len(prices)]


def rows_of(prices: Sequence[float]) -> Floats:
    """Candles of a minute that did not move but from one to the next."""
    return np.array(
        [(BEGIN + place * MINUTE, *([price] * 4), 1.0) for place, price in enumerate(prices)]
    ).T


def end(place: int) -> int:
    return BEGIN + (place + 1) * MINUTE


def told(alert: Alert, rows: Floats, counts: Sequence[int]) -> list[int]:
    """When it fires if closed candles become known in these batches."""
    engine = AlertEngine([alert])
    found = []
    for count in counts:
        found += engine.closed(BTC, "1m", rows[:, :count], end(count))
    return [each.time for each in found]


def known_from(prices: Sequence[float], counts: Sequence[int]) -> list[Seen]:
    """The path from the close on that was known first: it is no event itself."""
    first = counts[0] - 1
    return [Seen(end(place), prices[place], False) for place in range(first, len(prices))]


@settings(max_examples=300)
@given(at_closes, batches())
def test_at_closes_it_fires_exactly_where_the_reference_says(
    alert: Alert, known: tuple[list[float], list[int]]
) -> None:
    prices, counts = known
    expected = firings(alert, known_from(prices, counts), begin=1)
    assert told(alert, rows_of(prices), counts) == expected


@settings(max_examples=100)
@given(st.sampled_from([Kind.ABOVE, Kind.CROSSES, Kind.CROSSES_DOWN]), levels, batches())
def test_on_the_close_as_a_price_it_is_judged_as_any_other(
    kind: Kind, level: float, known: tuple[list[float], list[int]]
) -> None:
    prices, counts = known
    alert = Alert("a", BTC, (PriceLevel(kind, level, Source.CLOSE, "1m"),), Trigger.EVERY)
    expected = firings(alert, known_from(prices, counts), begin=1)
    assert told(alert, rows_of(prices), counts) == expected


def test_a_candle_that_closed_before_the_alert_was_made_is_no_event_however_late_it_is_known() -> (
    None
):
    crosses = PriceLevel(Kind.CROSSES_UP, 100.0, Source.CLOSE, "1m")
    rows = rows_of([99.0, 101.0, 99.0, 102.0])
    alert = Alert("a", BTC, (crosses,), Trigger.EVERY, since=end(1) + 500)
    assert told(alert, rows, [1, 2, 3, 4]) == [end(3)]
    assert told(replace(alert, since=end(1) - 500), rows, [1, 2, 3, 4]) == [end(1), end(3)]


# ---------------------------------------------------------------- turns


def ema(prices: Sequence[float], length: int, first: int) -> dict[int, float]:
    """From its definition, begun at the place ``first`` with the mean of the last ``length``."""
    values = {first: sum(prices[first - length + 1 : first + 1]) / length}
    for place in range(first + 1, len(prices)):
        before = values[place - 1]
        values[place] = before + (prices[place] - before) * 2 / (length + 1)
    return values


def apart(condition: EmaCross | MacdCross, prices: Sequence[float]) -> dict[int, float]:
    """By how much the fast line lies above the slow one; both MACD averages begin together."""
    slow = ema(prices, condition.slow, condition.slow - 1)
    if isinstance(condition, EmaCross):
        fast = ema(prices, condition.fast, condition.fast - 1)
        return {place: fast[place] - slow[place] for place in slow}
    fast = ema(prices, condition.fast, condition.slow - 1)
    line = [fast[place] - slow[place] for place in sorted(slow)]
    if len(line) < condition.signal:
        return {}
    signal = ema(line, condition.signal, condition.signal - 1)
    offset = condition.slow - 1
    return {place + offset: line[place] - signal[place] for place in signal}


def rsi(prices: Sequence[float], length: int) -> dict[int, float]:
    """Wilder's, from its definition."""
    moves = [after - before for before, after in itertools.pairwise(prices)]
    values: dict[int, float] = {}
    for place in range(length, len(prices)):
        if place == length:
            rise = sum(max(0.0, each) for each in moves[:length]) / length
            fall = sum(max(0.0, -each) for each in moves[:length]) / length
        else:
            rise = (rise * (length - 1) + max(0.0, moves[place - 1])) / length
            fall = (fall * (length - 1) + max(0.0, -moves[place - 1])) / length
        values[place] = 100 * rise / (rise + fall) if rise + fall else 0.0
    return values


def turns(condition: Turning, prices: Sequence[float], highs: Sequence[float]) -> list[int]:
    """The places at which the trend turns; no value lies so near to a bound that rounding tells."""
    if isinstance(condition, Extreme):
        length = condition.length
        return [
            place
            for place in range(length, len(prices))
            if highs[place] > max(highs[place - length : place])
        ]
    found = []
    if isinstance(condition, RsiLeaves):
        values = rsi(prices, condition.length)
        bounds = [condition.low, condition.high]
    else:
        values, bounds = apart(condition, prices), [0.0]
    assume(all(abs(value - each) > 1e-9 for value in values.values() for each in bounds))
    for place in sorted(values):
        if place - 1 in values:
            up = values[place - 1] < bounds[0] < values[place]
            down = values[place - 1] > bounds[-1] > values[place]
            wanted = condition.direction
            if (up and wanted is not Direction.DOWN) or (down and wanted is not Direction.UP):
                found.append(place)
    return found


directions = st.sampled_from(Direction)
turning: st.SearchStrategy[Turning] = st.one_of(
    st.builds(EmaCross, st.just("1m"), directions, st.integers(2, 4), st.integers(5, 8)),
    st.builds(
        MacdCross, st.just("1m"), directions, st.integers(2, 4), st.integers(5, 8),
        st.integers(2, 4),
    ),
    st.builds(RsiLeaves, st.just("1m"), directions, st.integers(2, 6)),
    st.builds(Extreme, st.just(Kind.NEW_HIGH), st.just("1m"), st.integers(2, 9)),
)  # fmt: skip


@st.composite
def uneven(draw: st.DrawFn) -> tuple[list[float], list[float], list[int]]:
    """Closes and highs that are never alike, in batches."""
    moves = draw(st.lists(st.floats(-1.7, 1.7), min_size=20, max_size=60))
    prices = [100.0 + sum(moves[: place + 1]) + place * 1e-4 for place in range(len(moves))]
    highs = [price + draw(st.floats(0.0, 2.0)) for price in prices]
    counts = draw(st.lists(st.integers(1, len(prices)), min_size=1, max_size=8, unique=True))
    return prices, highs, [*sorted(counts), len(prices)]


@settings(max_examples=300)
@given(turning, uneven(), st.sampled_from([Trigger.EVERY, Trigger.CLOSE]))
def test_a_trend_turns_where_the_definitions_say(
    condition: Turning, walk: tuple[list[float], list[float], list[int]], trigger: Trigger
) -> None:
    prices, highs, counts = walk
    rows = rows_of(prices)
    rows[2] = highs
    alert = Alert("a", BTC, (condition,), trigger)
    expected = [end(each) for each in turns(condition, prices, highs) if each >= counts[0]]
    assert told(alert, rows, counts) == expected


@settings(max_examples=100)
@given(turning, levels, uneven())
def test_a_turn_joined_with_a_close_needs_both(
    condition: Turning, level: float, walk: tuple[list[float], list[float], list[int]]
) -> None:
    prices, highs, counts = walk
    rows = rows_of(prices)
    rows[2] = highs
    above = PriceLevel(Kind.ABOVE, level, Source.CLOSE, "1m")
    alert = Alert("a", BTC, (above, condition), Trigger.EVERY)
    expected = [
        end(each)
        for each in turns(condition, prices, highs)
        if each >= counts[0] and prices[each] > level
    ]
    assert told(alert, rows, counts) == expected
