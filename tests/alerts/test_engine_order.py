"""Trades that come after younger ones: what they strike in their place is told as late."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import (
    Condition,
    Kind,
    Move,
    Moved,
    PriceChannel,
    PriceLevel,
    Steps,
    Trail,
    VolumeSpike,
)
from tickglass.alerts.engine import AlertEngine
from tickglass.alerts.watch import Fired
from tickglass.market.events import Trade

from .reference import Seen, firings, so
from .test_engine import BEGIN, BTC, trade

SECOND = 1_000
Told = list[tuple[int, bool]]  # the second at which it fired, and whether that was told as late


def told_of(*told: Condition | tuple[int, float], trigger: str = "every") -> Told:
    """What an alert says of prints in the order in which they arrive: seconds and prices."""
    prints = [each for each in told if isinstance(each, tuple)]
    conditions = tuple(each for each in told if not isinstance(each, tuple))
    engine = AlertEngine([Alert("a", BTC, conditions, Trigger(trigger))])
    now, found = 0, []
    for number, (second, price) in enumerate(prints):
        now = max(now, BEGIN + second * SECOND)
        found += engine.apply(trade(BEGIN + second * SECOND, price, number), now)
    return [((each.time - BEGIN) // SECOND, each.late) for each in found]


UP_TWO = Move(Kind.MOVES_UP, 2.0, window=60)


def test_a_move_is_measured_from_what_was_before_it_only() -> None:
    # In its place the late 102.5 comes after 102 and before 100: nothing rose by two per cent.
    assert told_of(UP_TWO, (0, 102.0), (2, 100.0), (1, 102.5)) == []


def test_a_move_away_from_a_late_price_is_told_live() -> None:
    assert told_of(UP_TWO, (0, 100.0), (2, 100.0), (1, 98.5), (3, 100.5)) == [(3, False)]


def test_a_move_that_had_come_and_gone_is_told_as_late() -> None:
    late = told_of(UP_TWO, (0, 100.0), (2, 100.2), (3, 101.0), (4, 100.0), (1, 98.5))
    assert late == [(3, True)]


def test_a_late_price_outside_the_window_counts_for_nothing() -> None:
    prints = [(0, 100.0), (2, 100.0), (1, 98.5), (70, 100.5)]
    assert told_of(UP_TWO, *prints) == []


def test_a_late_high_is_trailed_from() -> None:
    trailing = Trail(Kind.TRAILS_HIGH, 3.0)
    assert told_of(trailing, (0, 100.0), (2, 100.0), (1, 102.5), (3, 99.0)) == [(3, False)]


def test_a_high_that_came_afterwards_is_not_trailed_from() -> None:
    trailing = Trail(Kind.TRAILS_HIGH, 3.0)
    # 100.5 is 4.3 % below 105, but came before it.
    assert told_of(trailing, (0, 100.0), (2, 102.5), (4, 105.0), (1, 100.5)) == []


def test_a_single_bad_print_is_no_place_to_step_from() -> None:
    up = PriceLevel(Kind.CROSSES_UP, 104.0)
    prints = [(0, 100.0), (2, 110.0), (3, 100.0), (1, 100.5)]
    assert told_of(up, *prints) == []
    down = PriceLevel(Kind.CROSSES_DOWN, 104.0)
    assert told_of(down, (0, 100.0), (1, 110.0), (4, 100.0), (3, 100.5)) == []


def test_a_gap_is_not_stepped_over() -> None:
    engine = AlertEngine([Alert("a", BTC, (PriceLevel(Kind.CROSSES_UP, 100.0),), Trigger.EVERY)])
    engine.apply(trade(BEGIN, 99.5, 1), BEGIN)
    engine.gap([BTC])
    engine.apply(trade(BEGIN + 2_000, 100.5, 2), BEGIN + 2_000)
    # It belongs to the hole, which is filled from candles and told from there.
    assert engine.apply(trade(BEGIN + 1_000, 100.5, 3), BEGIN + 2_000) == []


def test_a_crossing_by_a_late_trade_holds_for_what_is_joined_with_it() -> None:
    calm = PriceChannel(Kind.INSIDE, 99.6, 100.6)
    crosses = PriceLevel(Kind.CROSSES, 101.1)
    prints = [(0, 100.0), (1, 100.75), (3, 100.75), (2, 101.25), (4, 100.25)]
    assert told_of(calm, crosses, *prints) == [(4, False)]


def test_a_multiple_that_a_late_trade_reached_is_not_reached_anew() -> None:
    prints = [(0, 100.0), (1, 100.5), (3, 100.5), (2, 101.0), (4, 101.0), (5, 100.0)]
    assert told_of(Steps(1.0), *prints) == [(2, True), (5, False)]


def test_a_multiple_struck_since_is_none_to_a_late_trade() -> None:
    calm = PriceChannel(Kind.INSIDE, 99.6, 100.6)
    prints = [(0, 100.0), (1, 99.75), (3, 100.75), (2, 100.25)]
    assert told_of(calm, Steps(1.0), *prints) == [(2, True)]


def test_a_move_told_live_is_not_told_again_as_late() -> None:
    up = PriceLevel(Kind.CROSSES_UP, 100.0)
    assert told_of(up, (0, 99.5), (2, 100.5), (1, 100.2)) == [(2, False)]


def test_the_volume_of_a_late_trade_counts() -> None:
    spike = VolumeSpike(times=3.0, window=10, windows=2)
    engine = AlertEngine([Alert("a", BTC, (spike,), Trigger.EVERY)])
    found: list[Fired] = []
    for second in range(40):
        at = BEGIN + second * SECOND
        found += engine.apply(Trade(BTC, at, f"{second}", 100.0, 1.0, "buy"), at)
    assert found == []
    late = Trade(BTC, BEGIN + 38_500, "late", 100.0, 50.0, "buy")
    (told,) = engine.apply(late, BEGIN + 39_500)
    assert told.value is not None
    assert told.value > 3.0


@dataclass(frozen=True)
class Arrivals:
    """Prices of a walk, a second apart, and the order in which they come."""

    prices: tuple[float, ...]
    order: tuple[int, ...]


@st.composite
def delayed(draw: st.DrawFn) -> Arrivals:
    """A calm walk of which some trades come up to three places too late."""
    moves = draw(st.lists(st.sampled_from([-0.5, -0.25, 0.25, 0.5]), min_size=2, max_size=30))
    prices = tuple(100.0 + sum(moves[:place]) for place in range(len(moves) + 1))
    waits = [0, *(draw(st.sampled_from([0, 0, 0, 2, 3])) for _ in moves)]
    places = range(len(prices))
    return Arrivals(prices, tuple(sorted(places, key=lambda place: (place + waits[place], place))))


def prints_of(arrivals: Arrivals) -> list[tuple[int, float]]:
    """Seconds and prices as they come."""
    return [(place, arrivals.prices[place]) for place in arrivals.order]


levels = st.integers(196, 204).map(lambda each: each / 2 + 0.1)
so_levels: st.SearchStrategy[Condition] = st.one_of(
    st.builds(PriceLevel, st.sampled_from([Kind.ABOVE, Kind.BELOW]), levels),
    st.builds(
        PriceChannel, st.sampled_from([Kind.INSIDE, Kind.OUTSIDE]), st.just(99.6), st.just(100.6),
    ),
)  # fmt: skip
at_levels: st.SearchStrategy[Condition] = st.one_of(
    so_levels,
    st.builds(
        PriceLevel, st.sampled_from([Kind.CROSSES, Kind.CROSSES_UP, Kind.CROSSES_DOWN]), levels
    ),
    st.builds(
        PriceChannel, st.sampled_from([Kind.ENTERS, Kind.LEAVES]), st.just(99.6), st.just(100.6),
    ),
)  # fmt: skip
moves: st.SearchStrategy[Condition] = st.builds(
    Move, st.sampled_from([Kind.MOVES, Kind.MOVES_UP, Kind.MOVES_DOWN]),
    st.sampled_from([0.7, 1.1, 1.6]), window=st.sampled_from([10, 60]),
)  # fmt: skip
from_extremes: st.SearchStrategy[Condition] = st.one_of(
    st.builds(
        Trail, st.sampled_from([Kind.TRAILS_HIGH, Kind.TRAILS_LOW]), st.sampled_from([0.7, 1.1])
    ),
    st.builds(Moved, st.sampled_from([0.7, 1.1])),
)


steps: st.SearchStrategy[Condition] = st.builds(Steps, st.sampled_from([0.5, 1.0, 2.0]))
joined = st.lists(at_levels | moves | from_extremes, min_size=1, max_size=2)


@settings(max_examples=600)
@given(joined, delayed())
def test_once_is_told_once_if_it_happened_and_not_if_it_did_not(
    conditions: list[Condition], arrivals: Arrivals
) -> None:
    alert = Alert("a", BTC, tuple(conditions), Trigger.EVERY)
    happened = firings(alert, path_of(arrivals))
    found = told_of(*conditions, *prints_of(arrivals), trigger="once")
    assert len(found) == bool(happened)


@settings(max_examples=400)
@given(st.tuples(steps, at_levels | moves | from_extremes | steps), delayed())
def test_no_step_that_happened_goes_untold(
    conditions: tuple[Condition, ...], arrivals: Arrivals
) -> None:
    # More may be told: what was a step without the late trade was one when it was told.
    happened = firings(Alert("a", BTC, conditions, Trigger.EVERY), path_of(arrivals))
    assert not happened or told_of(*conditions, *prints_of(arrivals), trigger="once")


def path_of(arrivals: Arrivals) -> list[Seen]:
    """The prices in their order."""
    return [
        Seen(BEGIN + place * SECOND, price, not place)
        for place, price in enumerate(arrivals.prices)
    ]


@settings(max_examples=400)
@given(at_levels | steps, delayed())
def test_nothing_is_told_more_often_than_it_happened(
    condition: Condition, arrivals: Arrivals
) -> None:
    happened = firings(Alert("a", BTC, (condition,), Trigger.EVERY), path_of(arrivals))
    assert len(told_of(condition, *prints_of(arrivals))) <= len(happened)


@settings(max_examples=400)
@given(moves | so_levels, delayed())
def test_what_is_told_to_be_so_was_so_at_that_time(
    condition: Condition, arrivals: Arrivals
) -> None:
    path = path_of(arrivals)
    for second, _ in told_of(condition, *prints_of(arrivals)):
        assert so(condition, path, second, [])


def test_a_trade_long_late_is_judged_among_those_that_are_remembered() -> None:
    calm = [(2 * place, 100.0) for place in range(200)]
    assert told_of(Trail(Kind.TRAILS_HIGH, 1.0), *calm, (3, 98.9))[:1] == [(3, True)]
    assert told_of(Move(Kind.MOVES_UP, 1.0, window=3_600), *calm, (3, 98.9))[:1] == [(4, True)]
