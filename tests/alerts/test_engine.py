"""The engine against a slow and obviously right reference, on random ways of the price."""

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import (
    Condition,
    Kind,
    Move,
    Moved,
    PriceChannel,
    PriceLevel,
    Source,
    Steps,
    Trail,
    Unit,
)
from tickglass.alerts.engine import AlertEngine
from tickglass.alerts.watch import Fired
from tickglass.market.events import Candle, Quote, Ticker, Trade
from tickglass.market.instrument import Instrument
from tickglass.market.interval import MINUTE

from .reference import Print, believed, firings

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("binance", "ETH", "USDT")
BEGIN = 1_795_348_800_000  # a whole minute
UP = Alert("a", BTC, (PriceLevel(Kind.CROSSES_UP, 100.0),))

# Prices in steps of a half around 100, so that levels are met exactly again and again.
ticks = st.integers(180, 220).map(lambda half: half / 2)
steps = st.integers(-4, 4).map(lambda half: half / 2)
levels = st.integers(190, 210).map(lambda half: half / 2)
priced: st.SearchStrategy[Condition] = st.one_of(
    st.builds(
        PriceLevel,
        st.sampled_from(
            [Kind.ABOVE, Kind.BELOW, Kind.CROSSES, Kind.CROSSES_UP, Kind.CROSSES_DOWN]
        ),
        levels,
    ),
    st.builds(
        lambda kind, low, width: PriceChannel(kind, low, low + width),
        st.sampled_from([Kind.ENTERS, Kind.LEAVES, Kind.INSIDE, Kind.OUTSIDE]),
        levels, st.integers(1, 6).map(float),
    ),
    st.builds(
        Move, st.sampled_from([Kind.MOVES, Kind.MOVES_UP, Kind.MOVES_DOWN]),
        st.sampled_from([0.5, 1.0, 2.0, 3.5]), st.sampled_from(Unit),
        st.sampled_from([10, 60, 900]),
    ),
    st.builds(
        Trail, st.sampled_from([Kind.TRAILS_HIGH, Kind.TRAILS_LOW]), st.sampled_from([1.0, 2.5])
    ),
    st.builds(Steps, st.sampled_from([1.0, 2.5, 5.0])),
    st.builds(Moved, st.sampled_from([1.0, 2.0]), st.sampled_from(Unit)),
)  # fmt: skip
rules: st.SearchStrategy[Alert] = st.builds(
    lambda conditions, trigger, cooldown, moved: Alert(
        "a", BTC, tuple(conditions), trigger, cooldown=cooldown, moved=moved
    ),
    st.lists(priced, min_size=1, max_size=2), st.sampled_from([Trigger.ONCE, Trigger.EVERY]),
    st.sampled_from([0, 0, 5, 60]), st.sampled_from([0.0, 0.0, 0.0, 1.5]),
)  # fmt: skip
banded: st.SearchStrategy[Alert] = st.builds(
    lambda kind, level, rearm: Alert(
        "a", BTC, (PriceLevel(kind, level),), Trigger.EVERY, rearm=rearm
    ),
    st.sampled_from([Kind.CROSSES, Kind.CROSSES_UP, Kind.CROSSES_DOWN, Kind.ABOVE, Kind.BELOW]),
    levels, st.sampled_from([0.5, 1.0, 2.0]),
)  # fmt: skip


@st.composite
def arrivals(draw: st.DrawFn) -> list[Print]:
    """Trades as they arrive: with jumps, bad prints, gaps, repetitions and late ones."""
    price, time = draw(ticks), BEGIN
    prints: list[Print] = []
    for number in range(draw(st.integers(1, 30))):
        time += draw(st.sampled_from([0, 1, 400, 3_000, 20_000, 90_000]))
        price = max(50.0, price + draw(steps))
        bad = draw(st.sampled_from([1.0] * 12 + [1.1, 0.8]))
        gap = number > 0 and draw(st.sampled_from([False] * 9 + [True]))
        prints.append(Print(time, price * bad, str(number), gap))
    for _ in range(draw(st.integers(0, 5))):
        again = draw(st.sampled_from(prints))
        place = draw(st.integers(prints.index(again) + 1, len(prints)))
        prints.insert(place, replace(again, gap=False))
    return prints


def trade(time: int, price: float, number: object, at: Instrument = BTC) -> Trade:
    return Trade(at, time, str(number), price, 1.0, "buy")


def live(engine: AlertEngine, prints: list[Print]) -> list[Fired]:
    """What fires of trades as they arrive; holes are not filled."""
    found = []
    for each in prints:
        if each.gap:
            engine.gap([BTC])
        found += engine.apply(trade(each.time, each.price, each.id), each.time)
    return found


@settings(max_examples=300)
@given(rules | banded, arrivals())
def test_it_fires_exactly_where_the_reference_says(alert: Alert, prints: list[Print]) -> None:
    found = live(AlertEngine([alert]), prints)
    assert [each.time for each in found] == firings(alert, believed(prints))
    assert not any(each.late for each in found)


@settings(max_examples=100)
@given(st.lists(rules, min_size=1, max_size=5), arrivals())
def test_alerts_do_not_disturb_each_other(alerts: list[Alert], prints: list[Print]) -> None:
    named = [replace(each, id=str(number)) for number, each in enumerate(alerts)]
    found = live(AlertEngine(named), prints)
    for alert in named:
        told = [each.time for each in found if each.alert.id == alert.id]
        assert told == firings(alert, believed(prints))


@settings(max_examples=100)
@given(rules, arrivals(), st.data())
def test_an_alert_over_a_watchlist_fires_for_each_pair_as_if_it_were_alone(
    alert: Alert, prints: list[Print], data: st.DataObject
) -> None:
    over = replace(alert, instrument=None, watchlist="Majors")
    engine = AlertEngine([over], {"Majors": [BTC, ETH]})
    found: list[Fired] = []
    for each in prints:
        if each.gap:
            engine.gap([BTC])
        found += engine.apply(trade(each.time, each.price, each.id), each.time)
        found += engine.apply(trade(each.time, 70.0, each.id, ETH), each.time)
    told = [each.time for each in found if each.instrument == BTC]
    assert told == firings(alert, believed(prints))


# ---------------------------------------------------------------- holes


def way(prices: list[float], seconds: int = 7) -> list[tuple[int, float]]:
    return [(BEGIN + 1_000 * seconds * number, price) for number, price in enumerate(prices)]


def candles(path: list[tuple[int, float]]) -> list[Candle]:
    """One-minute candles of a path, as an exchange would say them."""
    made = []
    for start in sorted({time // MINUTE * MINUTE for time, _ in path}):
        inside = [price for time, price in path if start <= time < start + MINUTE]
        made.append(
            Candle(BTC, "1m", start, inside[0], max(inside), min(inside), inside[-1], 1.0, True)
        )
    return made


walks = st.lists(steps, min_size=12, max_size=60).map(
    lambda moves: [100.0 + sum(moves[: place + 1]) for place in range(len(moves))]
)
undirected = st.sampled_from([Kind.CROSSES, Kind.ABOVE, Kind.BELOW])


def with_hole(
    engine: AlertEngine, path: list[tuple[int, float]], first: int, last: int, restart: bool
) -> list[Fired]:
    """What is told of a path of which the middle was missed and is filled from candles."""
    found: list[Fired] = []
    for number, (time, price) in enumerate(path[:first]):
        found += engine.apply(trade(time, price, number), time)
    if restart:
        memories, heard = engine.remember()
        engine = AlertEngine(engine.alerts)
        told = {(each.alert.id, BTC): (each.time, each.price) for each in found}
        engine.recall(memories, heard, told)
    else:
        engine.gap([BTC])
    for number, (time, price) in enumerate(path[last:], last):
        found += engine.apply(trade(time, price, number), time)
    for hole in engine.take_holes():
        found += engine.fill(hole, candles(path), path[-1][0])
    return found


@settings(max_examples=300)
@given(walks, undirected, levels, st.data(), st.booleans())
def test_an_alert_told_once_is_told_once_whatever_was_missed(
    prices: list[float], kind: Kind, level: float, data: st.DataObject, restart: bool
) -> None:
    path = way(prices)
    first = data.draw(st.integers(1, len(path) - 2))
    last = data.draw(st.integers(first + 1, len(path) - 1))
    alert = Alert("a", BTC, (PriceLevel(kind, level),))
    found = with_hole(AlertEngine([alert]), path, first, last, restart)
    whole = [Print(time, price, str(number)) for number, (time, price) in enumerate(path)]
    expected = firings(alert, believed(whole))
    assert len(found) == len(expected)
    missed = range(path[first - 1][0], path[last][0] + 1)
    if found and found[0].late:
        assert found[0].time in missed
        assert expected[0] in missed
    elif found:  # live, at once or again before it was known what had been missed
        assert found[0].time == expected[0] or expected[0] in missed


def test_while_away_it_crossed_and_that_is_told_with_its_time() -> None:
    path = way([99.0, 98.0, 99.5, 101.0, 99.0, 98.5], seconds=120)
    (told,) = with_hole(AlertEngine([UP]), path, 2, 5, restart=False)
    assert (told.late, told.time, told.seen) == (True, path[3][0], path[5][0])


def test_without_candles_only_what_is_found_afterwards_is_told() -> None:
    engine = AlertEngine([UP])
    engine.apply(trade(BEGIN, 99.0, 1), BEGIN)
    engine.gap([BTC])
    assert engine.apply(trade(BEGIN + 9_000, 101.0, 2), BEGIN + 9_000) == []
    (hole,) = engine.take_holes()
    (told,) = engine.fill(hole, None, BEGIN + 20_000)
    assert (told.late, told.time, told.price) == (True, BEGIN + 9_000, 101.0)
    assert hole.span.filled is False


def test_a_hole_is_filled_once() -> None:
    engine = AlertEngine([replace(UP, trigger=Trigger.EVERY)])
    engine.apply(trade(BEGIN, 99.0, 1), BEGIN)
    engine.gap([BTC])
    engine.apply(trade(BEGIN + 9_000, 101.0, 2), BEGIN + 9_000)
    (hole,) = engine.take_holes()
    assert len(engine.fill(hole, [], BEGIN + 20_000)) == 1
    assert engine.fill(hole, [], BEGIN + 20_000) == []


def test_what_was_told_live_in_the_same_minute_is_not_told_again_from_its_candle() -> None:
    engine = AlertEngine([replace(UP, trigger=Trigger.EVERY)])
    path = way([99.0, 100.5, 99.0, 99.5, 99.0], seconds=5)
    found = with_hole(engine, path, 3, 4, restart=False)
    assert [(each.time, each.late) for each in found] == [(path[1][0], False)]


def test_what_a_minute_held_before_it_was_watched_is_not_told_of_a_hole_in_it() -> None:
    before, *path = way([101.0, 99.0, 99.5, 99.2, 99.4], seconds=5)
    engine = AlertEngine([replace(UP, trigger=Trigger.EVERY)])
    engine.apply(trade(*path[0], 1), path[0][0])
    assert engine.take_begun() == [BTC]
    assert engine.take_begun() == []
    engine.know_minute(BTC, candles([before, path[0]]))
    engine.apply(trade(*path[1], 2), path[1][0])
    engine.gap([BTC])
    engine.apply(trade(*path[3], 4), path[3][0])
    (hole,) = engine.take_holes()
    assert engine.fill(hole, candles([before, *path]), path[3][0]) == []


def test_what_is_known_of_a_minute_too_late_hides_nothing_of_a_hole_in_it() -> None:
    path = way([99.0, 99.5, 101.0, 99.4], seconds=5)
    engine = AlertEngine([replace(UP, trigger=Trigger.EVERY)])
    engine.apply(trade(*path[0], 1), path[0][0])
    engine.gap([BTC])
    engine.know_minute(BTC, candles(path[:3]))
    engine.apply(trade(*path[3], 4), path[3][0])
    engine.know_minute(BTC, candles(path))
    (hole,) = engine.take_holes()
    assert len(engine.fill(hole, candles(path), path[3][0])) == 1


def test_what_was_told_of_one_hole_is_not_told_of_the_next_in_its_minute() -> None:
    path = way([99.0, 101.0, 99.4, 99.3, 99.2], seconds=5)
    engine = AlertEngine([replace(UP, trigger=Trigger.EVERY)])
    told = []
    for number in (0, 2, 4):
        engine.gap([BTC])
        engine.apply(trade(*path[number], number), path[number][0])
        for hole in engine.take_holes():
            told.append(len(engine.fill(hole, candles(path[: number + 1]), path[number][0])))
    assert told == [1, 0]


def test_a_hole_that_ends_before_the_one_in_front_is_filled_is_not_told_for_both() -> None:
    path = way([99.0, 101.0, 99.4, 99.3, 99.2], seconds=5)
    engine = AlertEngine([replace(UP, trigger=Trigger.EVERY)])
    for number in (0, 2, 4):
        engine.gap([BTC])
        engine.apply(trade(*path[number], number), path[number][0])
    former, latter = engine.take_holes()
    whole = candles(path)
    assert len(engine.fill(former, whole, path[4][0])) == 1
    assert engine.fill(latter, whole, path[4][0]) == []


def test_a_fired_alert_does_not_fire_again_after_a_kill() -> None:
    engine = AlertEngine([UP])
    engine.apply(trade(BEGIN, 99.0, 1), BEGIN)
    memories, heard = engine.remember()
    (told,) = engine.apply(trade(BEGIN + 1_000, 100.0, 2), BEGIN + 1_000)
    again = AlertEngine([UP])  # neither settings nor memories knew of it, the history did
    again.recall(memories, heard, {("a", BTC): (told.time, told.price)})
    again.apply(trade(BEGIN + 2_000, 99.0, 3), BEGIN + 2_000)
    (hole,) = again.take_holes()
    assert again.fill(hole, candles(way([99.0, 100.0, 99.0], 1)), BEGIN + 9_000) == []
    assert again.apply(trade(BEGIN + 3_000, 101.0, 4), BEGIN + 3_000) == []


# ---------------------------------------------------------------- what is believed


def test_a_single_bad_print_fires_nothing() -> None:
    engine = AlertEngine([UP])
    for time, price in enumerate([99.0, 99.0, 120.0, 99.0, 99.0]):
        assert engine.apply(trade(BEGIN + time, price, time), BEGIN + time) == []


def test_a_jump_that_a_second_print_confirms_fires_with_the_first_one_s_time() -> None:
    engine = AlertEngine([UP])
    engine.apply(trade(BEGIN, 99.0, 1), BEGIN)
    assert engine.apply(trade(BEGIN + 1, 120.0, 2), BEGIN + 1) == []
    (told,) = engine.apply(trade(BEGIN + 2, 119.0, 3), BEGIN + 2)
    assert (told.time, told.price) == (BEGIN + 1, 120.0)


def test_a_jump_that_the_quotes_confirm_fires_at_once() -> None:
    engine = AlertEngine([UP])
    engine.apply(trade(BEGIN, 99.0, 1), BEGIN)
    engine.apply(Quote(BTC, BEGIN + 1, 119.5, 1.0, 120.5, 1.0), BEGIN + 1)
    (told,) = engine.apply(trade(BEGIN + 2, 120.0, 2), BEGIN + 2)
    assert told.price == 120.0


def test_a_crossed_quote_is_not_believed() -> None:
    alert = Alert("a", BTC, (PriceLevel(Kind.ABOVE, 100.0, Source.MID),))
    engine = AlertEngine([alert])
    assert engine.apply(Quote(BTC, BEGIN, 105.0, 1.0, 104.0, 1.0), BEGIN) == []
    assert len(engine.apply(Quote(BTC, BEGIN, 104.0, 1.0, 105.0, 1.0), BEGIN)) == 1


@example(late=102.0)
@given(late=ticks)
def test_a_trade_that_came_late_counts_as_a_step_from_the_price_before_it(late: float) -> None:
    engine = AlertEngine([UP])
    engine.apply(trade(BEGIN, 99.0, 1), BEGIN)
    engine.apply(trade(BEGIN + 100, 99.5, 3), BEGIN + 100)
    found = engine.apply(trade(BEGIN + 50, late, 2), BEGIN + 200)
    assert [(each.late, each.time) for each in found] == (
        [(True, BEGIN + 50)] if late >= 100.0 and late <= 99.0 * 1.03 else []
    )


def test_trades_of_a_time_before_fire_nothing() -> None:
    engine = AlertEngine([UP])
    engine.apply(trade(BEGIN, 99.0, 1), BEGIN)
    told = Trade(BTC, BEGIN + 1, "2", 101.0, 1.0, "buy", True)
    assert engine.apply(told, BEGIN + 1) == []


def test_a_ticker_serves_where_no_trade_is_known_and_only_there() -> None:
    engine = AlertEngine([UP])
    ticker = Ticker(BTC, BEGIN, 99.0, None, None, None, None, None, None, None)
    engine.apply(ticker, BEGIN)
    (told,) = engine.apply(trade(BEGIN + 1, 100.0, 1), BEGIN + 1)
    assert told.price == 100.0
