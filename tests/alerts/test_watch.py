"""When a watch fires: triggers, waits, confirmation, snoozing, silence."""

from dataclasses import replace

import numpy as np
import pytest

from tickglass.alerts.alert import Alert, State, Trigger
from tickglass.alerts.condition import (
    DayChange,
    EmaCross,
    Kind,
    NoData,
    PriceLevel,
    Source,
    Spread,
    VolumeSpike,
)
from tickglass.alerts.engine import AlertEngine
from tickglass.alerts.watch import Fired
from tickglass.market.candles import Floats
from tickglass.market.events import Quote, Ticker, Trade
from tickglass.market.instrument import Instrument
from tickglass.market.interval import HOUR, MINUTE

BTC, OKX = Instrument("binance", "BTC", "USDT"), Instrument("okx", "BTC", "USDT")
BEGIN = 1_795_348_800_000  # a whole hour
ABOVE = Alert("a", BTC, (PriceLevel(Kind.ABOVE, 100.0),), Trigger.EVERY)
UP = Alert("a", BTC, (PriceLevel(Kind.CROSSES_UP, 100.0),), Trigger.EVERY)


class Desk:
    """An engine and a clock: trades come at seconds after the beginning."""

    def __init__(self, *alerts: Alert) -> None:
        self.engine = AlertEngine(alerts)
        self.number = 0

    def trade(self, second: float, price: float, at: Instrument = BTC) -> list[int]:
        """The seconds at which something fired."""
        self.number += 1
        time = BEGIN + round(second * 1_000)
        event = Trade(at, time, str(self.number), price, 1.0, "buy")
        return seconds(self.engine.apply(event, time))

    def tick(self, second: float) -> list[int]:
        return seconds(self.engine.tick(BEGIN + round(second * 1_000)))


def seconds(found: list[Fired]) -> list[int]:
    return [round((each.time - BEGIN) / 1_000) for each in found]


def test_once_per_candle_tells_again_in_each_candle_in_which_it_is_so() -> None:
    desk = Desk(replace(ABOVE, trigger=Trigger.CANDLE, interval="1m"))
    told = [desk.trade(second, 101.0) for second in (0, 10, 59, 60, 61, 125)]
    assert told == [[0], [], [], [60], [], [125]]


def test_once_per_candle_a_crossing_counts_only_where_it_happens() -> None:
    desk = Desk(replace(UP, trigger=Trigger.CANDLE, interval="1m"))
    path = [(0, 99.0), (1, 100.0), (2, 99.0), (3, 100.0), (61, 101.0), (62, 99.0), (63, 100.5)]
    assert [desk.trade(*each) for each in path] == [[], [1], [], [], [], [], [63]]
    (standing,) = desk.engine.standings(BEGIN)
    assert standing.held_back == 1


def test_it_must_hold_for_so_long_and_fires_by_the_clock_alone() -> None:
    desk = Desk(replace(ABOVE, hold=30))
    assert desk.trade(0, 101.0) == []
    assert desk.tick(29) == []
    assert desk.tick(30) == [30]
    desk.trade(31, 99.0)
    assert desk.trade(32, 101.0) == []
    desk.trade(40, 99.0)  # it did not hold
    assert desk.tick(70) == []


def test_after_a_gap_nobody_knows_whether_it_went_on_holding() -> None:
    desk = Desk(replace(ABOVE, hold=30))
    desk.trade(0, 101.0)
    desk.engine.gap([BTC])
    assert desk.tick(40) == []


def test_a_second_exchange_must_say_the_same() -> None:
    desk = Desk(replace(UP, confirm="okx"))
    assert OKX in desk.engine.instruments
    desk.trade(0, 99.0)
    desk.trade(0, 99.0, OKX)
    assert desk.trade(1, 101.0) == []
    assert desk.trade(2, 100.5, OKX) == [2]
    desk.trade(3, 98.0, OKX)
    desk.trade(3, 98.0)
    assert desk.trade(4, 101.0) == []
    desk.trade(5, 99.0)  # back before the other came along
    assert desk.trade(6, 101.0, OKX) == []


def test_snoozed_it_is_silent_and_rings_afterwards_if_it_is_still_so() -> None:
    desk = Desk(replace(ABOVE, snoozed=BEGIN + 60_000))
    assert desk.trade(0, 101.0) == []
    assert desk.tick(59) == []
    assert desk.tick(60) == [60]


def test_snoozed_after_it_fired_it_rings_again_if_it_is_still_so() -> None:
    once = replace(ABOVE, trigger=Trigger.ONCE)
    desk = Desk(once)
    assert desk.trade(0, 101.0) == [0]
    desk.engine.add(replace(once.arm(BEGIN + 1_000), snoozed=BEGIN + 60_000), BEGIN + 1_000)
    assert desk.trade(2, 101.5) == []
    assert desk.tick(61) == [61]


def test_a_crossing_while_snoozed_is_gone() -> None:
    desk = Desk(replace(UP, snoozed=BEGIN + 60_000))
    desk.trade(0, 99.0)
    desk.trade(1, 101.0)
    assert desk.tick(61) == []
    assert desk.trade(62, 102.0) == []


def test_paused_nothing_counts_and_what_lay_between_is_no_crossing() -> None:
    desk = Desk(UP)
    desk.trade(0, 99.0)
    desk.engine.add(replace(UP, paused=True), BEGIN)
    assert desk.trade(1, 101.0) == []
    desk.trade(2, 99.0)
    desk.engine.add(UP, BEGIN)
    assert desk.trade(3, 101.0) == []
    desk.trade(4, 99.0)
    assert desk.trade(5, 100.0) == [5]


def test_expired_it_is_silent() -> None:
    desk = Desk(replace(UP, expires=BEGIN + 10_000))
    desk.trade(0, 99.0)
    desk.trade(9, 99.5)
    assert desk.trade(10, 101.0) == []
    (standing,) = desk.engine.standings(BEGIN + 10_000)
    assert standing.state is State.EXPIRED


def test_once_over_a_watchlist_is_once_for_each_pair() -> None:
    over = replace(UP, instrument=None, watchlist="All", trigger=Trigger.ONCE)
    engine = AlertEngine([over], {"All": [BTC, OKX]})
    desk = Desk()
    desk.engine = engine
    for at in (BTC, OKX):
        desk.trade(0, 99.0, at)
    assert desk.trade(1, 100.0) == [1]
    assert desk.trade(2, 100.0, OKX) == [2]
    desk.trade(3, 99.0)
    assert desk.trade(4, 100.0) == []
    states = [each.state for each in engine.standings(BEGIN)]
    assert states == [State.FIRED, State.FIRED]


def test_a_pair_that_joins_the_watchlist_is_watched() -> None:
    engine = AlertEngine([replace(UP, instrument=None, watchlist="All")], {"All": [BTC]})
    assert engine.instruments == {BTC}
    engine.set_lists({"All": [BTC, OKX]})
    assert engine.instruments == {BTC, OKX}
    engine.set_lists({})
    assert engine.instruments == set()


# ---------------------------------------------------------------- other sources


def test_bid_ask_and_mid_are_judged_by_quotes() -> None:
    sources = (Source.BID, Source.ASK, Source.MID)
    engine = AlertEngine(
        Alert(source.value, BTC, (PriceLevel(Kind.ABOVE, 100.0, source),)) for source in sources
    )
    found = engine.apply(Quote(BTC, BEGIN, 99.0, 1.0, 100.5, 1.0), BEGIN)
    assert [(each.alert.id, each.price) for each in found] == [("ask", 100.5)]
    found = engine.apply(Quote(BTC, BEGIN, 99.8, 1.0, 100.6, 1.0), BEGIN)
    assert [each.alert.id for each in found] == ["mid"]


def test_the_change_of_the_day_is_judged_by_every_trade() -> None:
    desk = Desk(Alert("a", BTC, (DayChange(Kind.DAY_ABOVE, 5.0),)))
    ticker = Ticker(BTC, BEGIN, 104.0, None, None, 100.0, None, None, None, None)
    assert desk.engine.apply(ticker, BEGIN) == []
    assert desk.trade(1, 104.9) == []
    assert desk.trade(2, 105.1) == [2]


def test_a_spread_between_two_exchanges_is_judged_from_both_sides() -> None:
    desk = Desk(Alert("a", BTC, (Spread("okx", 1.0),), Trigger.EVERY))
    assert desk.trade(0, 100.0) == []
    assert desk.trade(1, 100.5, OKX) == []
    assert desk.trade(2, 101.2, OKX) == [2]
    desk.trade(3, 100.2, OKX)
    assert desk.trade(4, 102.0) == [4]
    desk.engine.gap([OKX])
    assert desk.trade(5, 104.0) == []


def test_silence_is_told_once_and_again_after_something_was_heard() -> None:
    desk = Desk(Alert("a", BTC, (NoData(60),), Trigger.EVERY))
    desk.trade(0, 100.0)
    assert desk.tick(59) == []
    assert desk.tick(60) == [60]
    assert desk.tick(120) == []
    desk.trade(130, 100.0)
    assert desk.tick(131) == []
    assert desk.tick(190) == [190]


def test_a_volume_spike_waits_until_its_average_is_known() -> None:
    desk = Desk(Alert("a", BTC, (VolumeSpike(3.0, 10, 2),)))
    told = [desk.trade(second, 100.0) for second in range(40)]
    assert not any(told)
    found = []
    for second in range(40, 50):
        for part in range(5):
            found += desk.trade(second + part / 10, 100.0)
    assert len(found) == 1


# ---------------------------------------------------------------- closed candles


def closes(*prices: float, interval: int = MINUTE) -> Floats:
    return np.array(
        [(BEGIN + place * interval, *([price] * 4), 1.0) for place, price in enumerate(prices)]
    ).T


def test_each_closed_candle_is_judged_once_and_what_closed_before_is_no_event() -> None:
    level = PriceLevel(Kind.CROSSES_UP, 100.0, Source.CLOSE, "1m")
    engine = AlertEngine([Alert("a", BTC, (level,), Trigger.EVERY)])
    rows = closes(101.0, 99.0, 100.5, 99.0, 101.0)
    now = BEGIN + 5 * MINUTE
    assert engine.closed(BTC, "1m", rows[:, :2], now) == []
    found = engine.closed(BTC, "1m", rows[:, :3], BEGIN + 3 * MINUTE)
    assert [(each.time, each.price, each.late) for each in found] == [
        (BEGIN + 3 * MINUTE, 100.5, False)
    ]
    assert engine.closed(BTC, "1m", rows[:, :3], now) == []
    found = engine.closed(BTC, "1m", rows, now + HOUR)
    assert [(each.time, each.late) for each in found] == [(now, True)]


def test_at_candle_closes_a_condition_hears_nothing_else() -> None:
    engine = AlertEngine([replace(UP, trigger=Trigger.CLOSE, interval="5m")])
    for number, price in enumerate((99.0, 101.0)):
        event = Trade(BTC, BEGIN + number, str(number), price, 1.0, "buy")
        assert engine.apply(event, BEGIN) == []
    rows = closes(99.0, 100.0, interval=5 * MINUTE)
    engine.closed(BTC, "5m", rows[:, :1], BEGIN)
    assert len(engine.closed(BTC, "5m", rows, BEGIN)) == 1


def test_at_candle_closes_what_is_so_is_told_at_each() -> None:
    engine = AlertEngine([replace(ABOVE, trigger=Trigger.CLOSE, interval="1m")])
    rows = closes(99.0, 101.0, 102.0, 99.0, 101.0)
    found = []
    for count in range(1, 6):
        found += engine.closed(BTC, "1m", rows[:, :count], BEGIN)
    assert seconds(found) == [120, 180, 300]


def test_at_candle_closes_a_condition_that_no_candle_tells_is_decided_all_the_same() -> None:
    change = DayChange(Kind.DAY_ABOVE, 5.0)
    engine = AlertEngine([Alert("a", BTC, (change,), Trigger.CLOSE, interval="5m")])
    assert {each.kind for each in engine.hears()[BTC]} == {"day", "close"}
    rows = closes(100.0, 106.0, interval=5 * MINUTE)
    engine.closed(BTC, "5m", rows[:, :1], BEGIN)
    ticker = Ticker(BTC, BEGIN + 1, 106.0, None, None, 100.0, None, None, None, None)
    assert engine.apply(ticker, BEGIN + 1) == []
    assert seconds(engine.closed(BTC, "5m", rows, BEGIN)) == [600]


def test_what_closes_and_what_turns_are_judged_together() -> None:
    level = PriceLevel(Kind.ABOVE, 13.0, Source.CLOSE, "1m")
    engine = AlertEngine([Alert("a", BTC, (level, EmaCross("1m", fast=2, slow=4)), Trigger.EVERY)])
    rows = closes(10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 14.0, 15.0)  # the averages cross with the 14
    engine.closed(BTC, "1m", rows[:, :5], BEGIN)
    assert seconds(engine.closed(BTC, "1m", rows, BEGIN)) == [7 * 60]


def test_the_band_holds_back_what_is_told_in_each_candle_too() -> None:
    desk = Desk(replace(ABOVE, trigger=Trigger.CANDLE, interval="1m", rearm=1.0))
    path = [(0, 101.0), (60, 101.0), (70, 98.5), (130, 101.0)]
    assert [desk.trade(*each) for each in path] == [[0], [], [], [130]]


def test_having_moved_again_is_told_once_in_a_candle() -> None:
    desk = Desk(replace(ABOVE, trigger=Trigger.CANDLE, interval="1m", moved=1.0))
    path = [(0, 101.0), (10, 105.0), (61, 105.0)]
    assert [desk.trade(*each) for each in path] == [[0], [], [61]]


def test_the_trend_turns_where_the_averages_of_the_closes_cross() -> None:
    engine = AlertEngine([Alert("a", BTC, (EmaCross("1m", fast=2, slow=4),), Trigger.EVERY)])
    # EMA 2 and 4, seeded with the mean of the first 2 and 4 closes (as TA-Lib has it), by hand:
    # they fall together until the close of 14 lifts the fast one above the slow one.
    prices = [10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 14.0, 15.0]
    rows = closes(*prices)
    fast, slow = ema(prices, 2), ema(prices, 4)
    crossing = next(
        place
        for place in range(4, 8)
        if fast[place - 1] <= slow[place - 1] and fast[place] > slow[place]
    )
    found = []
    for count in range(5, 9):
        found += engine.closed(BTC, "1m", rows[:, :count], BEGIN)
    assert [each.time for each in found] == [BEGIN + (crossing + 1) * MINUTE]


def ema(prices: list[float], length: int) -> list[float]:
    """The exponential average from its definition, seeded with a simple one."""
    values = [float("nan")] * (length - 1) + [sum(prices[:length]) / length]
    for price in prices[length:]:
        values.append(values[-1] + (price - values[-1]) * 2 / (length + 1))
    return values


def test_what_an_alert_says_of_itself() -> None:
    desk = Desk(UP)
    desk.trade(0, 80.0)
    desk.trade(1, 99.0)
    desk.trade(1, 99.0)
    (standing,) = desk.engine.standings(BEGIN)
    assert standing.distance == pytest.approx(1 / 99)
    assert (standing.state, standing.price) == (State.ARMED, 99.0)
    desk.engine.suspend(BTC, "Trading is halted.")
    (standing,) = desk.engine.standings(BEGIN)
    assert (standing.state, standing.reason) == (State.SUSPENDED, "Trading is halted.")
