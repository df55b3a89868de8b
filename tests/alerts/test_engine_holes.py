"""What a hole leaves behind: once it is filled all goes on as if nothing had been missed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import Condition, Kind, Move, Steps, Trail
from tickglass.alerts.engine import AlertEngine
from tickglass.alerts.watch import Fired
from tickglass.market.events import Candle
from tickglass.market.interval import MINUTE

from .reference import Seen, firings
from .test_engine import BEGIN, BTC, trade
from .test_engine_order import SECOND, Told, at_levels, from_extremes, moves


def candle(minute: int, high: float, low: float, close: float) -> Candle:
    """A candle of a minute that opens at its high."""
    start = BEGIN + minute * MINUTE
    return Candle(BTC, "1m", start, high, high, low, close, 1.0, True)


def after_a_hole(condition: Condition, before: float, after: list[float]) -> Told:
    """A price before a hole of a minute in which it falls to 100, and prices from then on."""
    engine = AlertEngine([Alert("a", BTC, (condition,), Trigger.EVERY)])
    engine.apply(trade(BEGIN + MINUTE - SECOND, before, "before"), BEGIN + MINUTE - SECOND)
    engine.gap([BTC])
    found: list[Fired] = []
    for number, price in enumerate(after):
        at = BEGIN + 2 * MINUTE + number * SECOND
        found += engine.apply(trade(at, price, number), at)
        if not number:
            (hole,) = engine.take_holes()
            candles = [candle(0, before, before, before), candle(1, 105.0, 100.0, 101.0)]
            found += engine.fill(hole, candles, at)
    return [(each.time - BEGIN - 2 * MINUTE, each.late) for each in found if not each.late]


def test_a_high_is_trailed_from_where_it_fired_in_a_hole() -> None:
    # It fires at 100 in the hole; then 103 is the high, and 3 % below it is 99.91.
    told = after_a_hole(Trail(Kind.TRAILS_HIGH, 3.0), 105.0, [101.0, 103.0, 100.5, 99.9])
    assert told == [(3 * SECOND, False)]


def test_a_move_counts_from_prices_of_the_hole_and_from_those_since() -> None:
    up = Move(Kind.MOVES_UP, 2.9, window=600)
    assert after_a_hole(up, 102.0, [101.0, 102.0, 103.0]) == [(2 * SECOND, False)]  # from 100
    down = Move(Kind.MOVES_DOWN, 5.0, window=600)
    assert after_a_hole(down, 102.0, [103.0, 101.5, 99.5]) == [(2 * SECOND, False)]  # from 105


moved = st.sampled_from([-0.5, -0.25, 0.0, 0.25, 0.5])
walk = st.lists(moved, min_size=1, max_size=12)
beyond = st.sampled_from([0.0, 0.25, 1.0])
rows = st.lists(st.tuples(moved, beyond, beyond), min_size=1, max_size=4)


def minutes_of(first: float, told: list[tuple[float, float, float]], begin: int) -> list[Candle]:
    """Candles that adjoin each other: how far each goes, and how far beyond on both sides."""
    made, opened = [], first
    for number, (way, above, below) in enumerate(told):
        close = opened + way
        high, low = max(opened, close) + above, min(opened, close) - below
        start = begin + number * MINUTE
        made.append(Candle(BTC, "1m", start, opened, high, low, close, 1.0, True))
        opened = close
    return made


def likely_way(candle: Candle) -> list[tuple[int, float]]:
    """Open, the nearer extreme of a likely candle first, close."""
    extremes = (
        [candle.low, candle.high] if candle.close >= candle.open else [candle.high, candle.low]
    )
    return [
        (candle.start, candle.open), *((candle.start, each) for each in extremes),
        (candle.start + MINUTE - 1, candle.close),
    ]  # fmt: skip


def told_and_happened(
    alert: Alert, before: list[float], missed: list[tuple[float, float, float]],
    after: list[float], filled: int, *, restart: bool = False,
) -> tuple[list[int], list[int]]:  # fmt: skip
    """When it fired around a hole of whole minutes, filled after so many prices; when it should.

    With ``restart`` the program ended in the hole, and knows what it wrote down.
    """
    engine, found, now, price = AlertEngine([alert]), [], BEGIN, 100.0
    path: list[tuple[int, float]] = []
    for move in before:
        price, now = price + move, now + SECOND
        path.append((now, price))
        found += engine.apply(trade(now, price, now), now)
    prices = [price for _, price in path]
    known = Candle(BTC, "1m", BEGIN, prices[0], max(prices), min(prices), price, 1.0, True)
    if restart:
        memories, heard = engine.remember()
        engine = AlertEngine(engine.alerts)
        engine.recall(memories, heard, {(a.alert.id, BTC): (a.time, a.price) for a in found})
    else:
        engine.gap([BTC])
    hole = minutes_of(price, missed, BEGIN + MINUTE)
    path += [(BEGIN + MINUTE - 1, price), *(point for each in hole for point in likely_way(each))]
    price, now = hole[-1].close, hole[-1].start + MINUTE
    for place, move in enumerate([0.0, *after]):
        price, now = price + move, now + SECOND
        path.append((now, price))
        found += engine.apply(trade(now, price, now), now)
        if place == min(filled, len(after)):
            (ended,) = engine.take_holes()
            found += engine.fill(ended, [known, *hole], now)
    seen = [Seen(time, price, not place) for place, (time, price) in enumerate(path)]
    return sorted(each.time for each in found), firings(alert, seen)


within_an_hour = st.builds(
    Move, st.sampled_from([Kind.MOVES, Kind.MOVES_UP, Kind.MOVES_DOWN]),
    st.sampled_from([0.7, 1.1, 1.6]), window=st.just(3_600),
)  # fmt: skip
unforgotten = at_levels | from_extremes | st.just(Steps(0.5)) | within_an_hour


def alerts(conditions: st.SearchStrategy[Condition], *cooldowns: int) -> st.SearchStrategy[Alert]:
    """One or two of these joined."""
    joined = st.lists(conditions, min_size=1, max_size=2).map(tuple)
    return st.builds(
        Alert, st.just("a"), st.just(BTC), joined, st.just(Trigger.EVERY),
        cooldown=st.sampled_from(cooldowns or [0]),
    )  # fmt: skip


@settings(max_examples=500)
@given(alerts(unforgotten | moves), walk, rows, walk)
def test_what_is_told_of_whole_minutes_and_afterwards_is_what_happened(
    alert: Alert, before: list[float], missed: list[tuple[float, float, float]], after: list[float]
) -> None:  # fmt: skip
    told, happened = told_and_happened(alert, before, missed, after, 0)
    assert told == happened


@settings(max_examples=500)
@given(alerts(unforgotten), walk, rows, walk)
def test_that_the_program_had_ended_makes_no_difference(
    alert: Alert, before: list[float], missed: list[tuple[float, float, float]], after: list[float]
) -> None:  # fmt: skip
    told, happened = told_and_happened(alert, before, missed, after, 0, restart=True)
    assert told == happened


@settings(max_examples=500)
@given(alerts(unforgotten, 5, 60), walk, rows, walk, st.booleans())
def test_what_a_cooldown_held_back_is_told_of_the_hole_or_right_after_it(
    alert: Alert, before: list[float], missed: list[tuple[float, float, float]],
    after: list[float], restart: bool,
) -> None:  # fmt: skip
    told, happened = told_and_happened(alert, before, missed, after, 0, restart=restart)
    gap = BEGIN + len(before) * SECOND
    assert [each for each in told if each <= gap] == [each for each in happened if each <= gap]
    assert bool(told and told[-1] > gap) is bool(happened and happened[-1] > gap)


level_alerts = st.builds(
    Alert, st.just("a"), st.just(BTC), at_levels.map(lambda each: (each,)), st.just(Trigger.EVERY)
)


@settings(max_examples=300)
@given(level_alerts, walk, rows, walk, st.integers(0, 6))
def test_it_does_not_matter_how_much_later_the_hole_is_filled(
    alert: Alert, before: list[float], missed: list[tuple[float, float, float]],
    after: list[float], filled: int,
) -> None:  # fmt: skip
    told, happened = told_and_happened(alert, before, missed, after, filled)
    assert told == happened
