"""The engine: every crossing fires, once, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.alerts.alert import Alert, Condition
from tickglass.alerts.engine import AlertEngine, Fired
from tickglass.market.events import (
    BookDelta,
    BookSnapshot,
    Candle,
    Level,
    MarketEvent,
    Quote,
    Ticker,
    Trade,
)
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("binance", "ETH", "USDT")
UP, DOWN, EITHER = Condition.CROSSES_UP, Condition.CROSSES_DOWN, Condition.CROSSES


def alert(
    name: str = "a", condition: Condition = UP, value: float = 100.0, on: Instrument = BTC
) -> Alert:
    return Alert(name, on, condition, value)


def trade(price: float, time: int = 1, on: Instrument = BTC) -> Trade:
    return Trade(on, time, str(time), price, 1.0, "buy")


def ticker(last: float | None, on: Instrument = BTC) -> Ticker:
    return Ticker(on, 1, last, None, None, None, None, None, None, None)


def fired_by(engine: AlertEngine, *prices: float, on: Instrument = BTC) -> list[list[str]]:
    """The ids of the alerts that each trade fires."""
    return [[each.alert.id for each in engine.apply(trade(price, on=on))] for price in prices]


@pytest.mark.parametrize(
    ("condition", "prices", "at"),
    [
        (UP, (99, 99.5, 101), 2),
        (UP, (99, 100), 1),
        (UP, (101, 99, 101), 2),
        (DOWN, (101, 100.5, 99), 2),
        (DOWN, (101, 100), 1),
        (DOWN, (99, 101, 99), 2),
        (EITHER, (99, 101), 1),
        (EITHER, (101, 99), 1),
        (UP, (99, 99, 99, 1_000), 3),
    ],
)
def test_an_alert_fires_at_the_trade_that_reaches_its_level(
    condition: Condition, prices: tuple[float, ...], at: int
) -> None:
    expected = [["a"] if index == at else [] for index in range(len(prices))]
    assert fired_by(AlertEngine([alert(condition=condition)]), *prices) == expected


@pytest.mark.parametrize(
    ("condition", "prices"),
    [
        (UP, (101, 99, 99.9)),
        (UP, (100, 101, 102)),  # it starts on the level: leaving is not reaching
        (DOWN, (100, 99)),
        (DOWN, (99, 101)),
        (UP, (101,)),
        (EITHER, (100, 100, 100)),
    ],
)
def test_an_alert_stays_quiet_while_its_level_is_not_reached(
    condition: Condition, prices: tuple[float, ...]
) -> None:
    engine = AlertEngine([alert(condition=condition)])
    assert fired_by(engine, *prices) == [[]] * len(prices)
    assert engine.fired_count == 0


def test_what_fired_is_told_with_its_price_and_the_exchanges_time() -> None:
    engine = AlertEngine([alert()])
    engine.apply(trade(99.0, 1_000))
    assert engine.apply(trade(100.5, 2_000)) == [Fired(alert().fire(2_000), 100.5, 2_000)]
    assert engine.alerts == [alert().fire(2_000)]
    assert engine.fired_count == 1


def test_an_alert_fires_once_and_is_kept() -> None:
    engine = AlertEngine([alert()])
    assert fired_by(engine, 99, 101, 99, 101) == [[], ["a"], [], []]
    assert [each.id for each in engine.alerts] == ["a"]
    assert engine.instruments == set()


def test_an_alert_that_fired_before_the_start_never_fires() -> None:
    engine = AlertEngine([alert().fire(1)])
    assert fired_by(engine, 99, 101) == [[], []]


def test_one_trade_fires_every_alert_between_it_and_the_one_before() -> None:
    engine = AlertEngine(
        [
            alert("low", value=100),
            alert("high", value=110),
            alert("too high", value=111.5),
            alert("either", EITHER, 105),
            alert("down", DOWN, 105),
        ]
    )
    assert fired_by(engine, 99, 111) == [[], ["low", "high", "either"]]
    assert fired_by(engine, 104) == [["down"]]
    assert engine.fired_count == 4


def test_the_first_value_after_a_gap_never_fires() -> None:
    engine = AlertEngine([alert()])
    engine.apply(trade(99.0))
    engine.gap([BTC])
    assert fired_by(engine, 101, 99, 101) == [[], [], ["a"]]


def test_a_gap_of_one_instrument_is_none_of_another() -> None:
    engine = AlertEngine([alert("btc"), alert("eth", on=ETH)])
    fired_by(engine, 99)
    fired_by(engine, 99, on=ETH)
    engine.gap([ETH, Instrument("okx", "BTC", "USDT")])
    assert fired_by(engine, 101) == [["btc"]]
    assert fired_by(engine, 101, on=ETH) == [[]]


def test_a_ticker_never_fires_but_serves_as_the_first_price() -> None:
    engine = AlertEngine([alert()])
    assert engine.apply(ticker(99.0)) == []
    assert engine.apply(ticker(101.0)) == []
    assert fired_by(engine, 101) == [["a"]]


def test_a_ticker_does_not_take_the_place_of_a_trade() -> None:
    engine = AlertEngine([alert()])
    fired_by(engine, 101)
    engine.apply(ticker(99.0))
    assert fired_by(engine, 101.5) == [[]]


def test_a_ticker_without_a_price_is_no_price() -> None:
    engine = AlertEngine([alert()])
    engine.apply(ticker(None))
    assert fired_by(engine, 101) == [[]]


@pytest.mark.parametrize(
    "event",
    [
        Quote(BTC, None, 500.0, 1.0, 501.0, 1.0),
        Candle(BTC, "1m", 0, 99.0, 500.0, 99.0, 500.0, 1.0, True),
        BookSnapshot(BTC, None, 1, (Level(500.0, 1.0),), ()),
        BookDelta(BTC, None, 1, 2, (Level(500.0, 1.0),), ()),
    ],
    ids=lambda event: type(event).__name__,
)
def test_nothing_but_trades_and_tickers_counts(event: MarketEvent) -> None:
    engine = AlertEngine([alert(), alert("down", DOWN, 400)])
    fired_by(engine, 99)
    assert engine.apply(event) == []
    assert fired_by(engine, 99.5) == [[]]


def test_prices_of_one_instrument_do_not_fire_the_alerts_of_another() -> None:
    engine = AlertEngine([alert("btc"), alert("eth", on=ETH)])
    fired_by(engine, 99)
    assert fired_by(engine, 101, on=ETH) == [[]]
    assert fired_by(engine, 101) == [["btc"]]
    assert fired_by(engine, 99, 101, on=ETH) == [[], ["eth"]]


def test_an_alert_made_while_prices_come_fires_from_the_next_trade_on() -> None:
    engine = AlertEngine([alert("first", value=1_000)])
    fired_by(engine, 99)
    engine.add(alert("second"))
    assert [each.id for each in engine.alerts] == ["first", "second"]
    assert fired_by(engine, 101) == [["second"]]


def test_an_alert_on_an_instrument_without_others_begins_without_a_price() -> None:
    engine = AlertEngine()
    assert fired_by(engine, 99) == [[]]
    engine.add(alert())
    assert engine.instruments == {BTC}
    assert fired_by(engine, 101, 99, 101) == [[], [], ["a"]]


def test_no_price_is_remembered_while_no_alert_is_armed() -> None:
    engine = AlertEngine([alert()])
    fired_by(engine, 99, 101, 50)
    engine.add(alert("b"))
    assert fired_by(engine, 150) == [[]]


def test_an_alert_with_a_known_id_takes_the_others_place() -> None:
    engine = AlertEngine([alert("a"), alert("b")])
    engine.add(alert("a", value=200))
    assert [(each.id, each.value) for each in engine.alerts] == [("a", 200), ("b", 100)]
    assert fired_by(engine, 99, 150, 250) == [[], ["b"], ["a"]]


def test_a_removed_alert_is_gone() -> None:
    engine = AlertEngine([alert("a"), alert("b")])
    fired_by(engine, 99)
    engine.remove("a")
    engine.remove("never there")
    assert fired_by(engine, 101) == [["b"]]
    engine.remove("b")
    assert (engine.alerts, engine.instruments) == ([], set())


def test_fired_alerts_are_kept_among_the_others_in_their_order() -> None:
    engine = AlertEngine([alert("a"), alert("b", DOWN, 5), alert("c", on=ETH)])
    fired_by(engine, 99, 101)
    kept = [(each.id, each.armed) for each in engine.alerts]
    assert kept == [("a", False), ("b", True), ("c", True)]


# ------------------------------------------------------ against a reader of the whole walk

prices = st.integers(1, 12).map(float)
walks = st.lists(st.one_of(prices, st.just("gap")), max_size=40)
alerts = st.lists(st.tuples(st.sampled_from(list(Condition)), prices), max_size=5)


def first_crossing(walk: list[float | str], condition: Condition, level: float) -> int | None:
    """Where a reader who marks each price below (-1), on (0) or above (+1) the level sees it."""
    sides = [each if isinstance(each, str) else (each > level) - (each < level) for each in walk]
    for index in range(1, len(sides)):
        step = sides[index - 1], sides[index]
        up, down = step in ((-1, 0), (-1, 1)), step in ((1, 0), (1, -1))
        if (up and condition is not DOWN) or (down and condition is not UP):
            return index
    return None


@given(walks, alerts)
def test_over_any_walk_an_alert_fires_where_a_reader_sees_the_first_crossing(
    walk: list[float | str], wanted: list[tuple[Condition, float]]
) -> None:
    # One that never fires keeps the instrument watched, so that every price is seen.
    watcher = alert("watcher", value=1e9)
    made = [alert(str(number), *each) for number, each in enumerate(wanted)]
    engine = AlertEngine([watcher, *made])
    fired: dict[str, int] = {}
    for index, each in enumerate(walk):
        if isinstance(each, str):
            engine.gap([BTC])
            continue
        for event in engine.apply(trade(each, time=index)):
            assert event.alert.id not in fired
            assert (event.price, event.time) == (each, index)
            fired[event.alert.id] = index
    expected = {
        str(number): at
        for number, (condition, level) in enumerate(wanted)
        if (at := first_crossing(walk, condition, level)) is not None
    }
    assert fired == expected
    assert engine.fired_count == len(expected)
    assert {each.id for each in engine.alerts if not each.armed} == set(expected)
