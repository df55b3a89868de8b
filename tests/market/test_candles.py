"""Candle series: history, the live bar, and who may change what."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market import candles as candles_module
from tickglass.market.candles import FIRST_CAPACITY, CandleSeries
from tickglass.market.events import Candle, Trade
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")
MINUTE = 60_000


def bar(minute: int, price: float = 10.0, *, closed: bool = True, **given: float) -> Candle:
    """A candle of one price, except for what is given."""
    values = {"open": price, "high": price, "low": price, "close": price, "volume": 1.0, **given}
    return Candle(BTC, "1m", minute * MINUTE, closed=closed, **values)


def ohlc(minute: int, opened: float, high: float, low: float, close: float, **more: Any) -> Candle:
    return bar(minute, open=opened, high=high, low=low, close=close, **more)


def trade(minute: float, price: float) -> Trade:
    return Trade(BTC, int(minute * MINUTE), "1", price, 1.0, "buy")


def series(*candles: Candle) -> CandleSeries:
    made = CandleSeries(BTC, "1m")
    for candle in candles:
        made.update(candle)
    return made


def held(made: CandleSeries) -> list[Candle]:
    return [made.candle(index) for index in range(len(made))]


def minutes(made: CandleSeries) -> list[int]:
    return [int(start) // MINUTE for start in made.starts]


# ---------------------------------------------------------------- live


def test_an_empty_series_has_no_ends() -> None:
    empty = series()
    assert (len(empty), empty.first_start, empty.last_start) == (0, None, None)
    assert not empty.last_is_closed
    assert empty.rows.shape == (6, 0)


def test_the_exchanges_word_replaces_the_open_bar_and_the_next_start_appends() -> None:
    live = series(
        ohlc(1, 10, 12, 9, 11, closed=False),
        ohlc(1, 10, 13, 9, 12, closed=True),
        ohlc(2, 12, 12, 12, 12, closed=False),
    )
    assert held(live) == [ohlc(1, 10, 13, 9, 12), ohlc(2, 12, 12, 12, 12, closed=False)]
    assert not live.last_is_closed


def test_a_bar_is_closed_only_when_the_exchange_says_so() -> None:
    assert series(bar(1, closed=True)).last_is_closed
    assert not series(bar(1, closed=False)).last_is_closed


def test_rows_are_start_open_high_low_close_volume() -> None:
    live = series(ohlc(1, 10, 12, 9, 11, volume=7))
    assert live.rows[:, 0].tolist() == [60_000, 10, 12, 9, 11, 7]


def test_a_trade_moves_the_open_bar_but_not_its_volume() -> None:
    live = series(ohlc(1, 10, 12, 9, 11, volume=7, closed=False))
    live.trade(trade(1.5, 13))
    live.trade(trade(1.6, 8))
    live.trade(trade(1.7, 9.5))
    assert held(live) == [ohlc(1, 10, 13, 8, 9.5, volume=7, closed=False)]


def test_the_exchanges_word_overrules_what_trades_made_of_the_bar() -> None:
    live = series(bar(1, 10, closed=False))
    live.trade(trade(1.5, 99))
    live.update(ohlc(1, 10, 11, 9, 10.5, closed=False))
    assert held(live) == [ohlc(1, 10, 11, 9, 10.5, closed=False)]


def test_the_first_trade_of_a_new_interval_opens_its_bar() -> None:
    live = series(bar(1, closed=True))
    live.trade(trade(2.0, 15))
    assert held(live) == [bar(1), bar(2, 15, volume=0, closed=False)]


def test_a_late_trade_cannot_change_a_closed_bar() -> None:
    live = series(bar(1, closed=True))
    version = live.version
    live.trade(trade(1.999, 99))
    assert held(live) == [bar(1)]
    assert live.version == version


def test_a_late_trade_cannot_change_the_bar_before_the_newest() -> None:
    live = series(bar(1, closed=False), bar(2, closed=False))
    live.trade(trade(1.5, 99))
    assert [each.high for each in held(live)] == [10, 10]


def test_a_trade_before_any_history_makes_no_bar() -> None:
    live = series()
    live.trade(trade(1, 10))
    assert len(live) == 0


def test_the_close_of_a_bar_may_come_after_the_next_was_opened_by_a_trade() -> None:
    live = series(bar(1, closed=False))
    live.trade(trade(2.0, 15))
    live.update(ohlc(1, 10, 20, 5, 14, closed=True))
    assert held(live) == [ohlc(1, 10, 20, 5, 14), bar(2, 15, volume=0, closed=False)]


def test_the_exchanges_word_on_a_bar_that_was_missed_is_put_in_its_place() -> None:
    live = series(bar(1), bar(4))
    live.update(bar(2, 12))
    assert minutes(live) == [1, 2, 4]
    assert live.candle(1) == bar(2, 12)


def test_every_change_raises_the_version() -> None:
    live = series(bar(1, closed=False))
    seen = [live.version]
    changes: list[Callable[[], None]] = [
        lambda: live.update(bar(1, 11, closed=False)),
        lambda: live.trade(trade(1.5, 12)),
        lambda: live.trade(trade(2.5, 12)),
        lambda: live.merge([bar(0)]),
        lambda: live.merge([bar(2, closed=False)]),
    ]
    for change in changes:
        change()
        seen.append(live.version)
    assert seen == sorted(set(seen))


# ---------------------------------------------------------------- history


def test_history_goes_before_what_came_live() -> None:
    live = series(bar(5, closed=False))
    live.merge([bar(4, 14), bar(2, 12), bar(3, 13)])
    assert held(live) == [bar(2, 12), bar(3, 13), bar(4, 14), bar(5, closed=False)]
    assert (live.first_start, live.last_start) == (2 * MINUTE, 5 * MINUTE)


def test_history_that_holds_the_open_bar_widens_it_and_keeps_its_close() -> None:
    live = series(ohlc(5, 10, 12, 10, 12, volume=3, closed=False))
    live.trade(trade(5.9, 12.5))
    live.merge([bar(4, 9), ohlc(5, 9.5, 11, 8, 11, volume=2, closed=False)])
    assert held(live) == [bar(4, 9), ohlc(5, 9.5, 12.5, 8, 12.5, volume=3, closed=False)]


def test_a_bar_opened_by_a_trade_gets_its_volume_from_history() -> None:
    live = series(bar(4))
    live.trade(trade(5.0, 12))
    live.merge([ohlc(5, 11, 13, 11, 11, volume=9, closed=False)])
    assert live.candle(-1) == ohlc(5, 11, 13, 11, 12, volume=9, closed=False)


def test_history_may_close_the_bar_that_was_open_when_the_connection_broke() -> None:
    live = series(ohlc(5, 10, 12, 10, 12, closed=False))
    live.merge([ohlc(5, 10, 15, 7, 8, closed=True), bar(6, 8), bar(7, 8, closed=False)])
    assert held(live) == [ohlc(5, 10, 15, 7, 8), bar(6, 8), bar(7, 8, closed=False)]


def test_a_slow_reply_does_not_open_the_newest_bar_again() -> None:
    live = series(ohlc(5, 10, 15, 7, 8, closed=True))
    live.merge([bar(4), ohlc(5, 10, 12, 10, 12, closed=False)])
    assert held(live) == [bar(4), ohlc(5, 10, 15, 7, 8, closed=True)]


def test_a_slow_reply_does_not_spoil_a_bar_closed_before_the_newest() -> None:
    live = series(ohlc(5, 10, 15, 7, 8, closed=True), bar(6, 8, closed=False))
    live.merge([bar(4), ohlc(5, 10, 12, 10, 12, closed=False)])
    assert held(live) == [bar(4), ohlc(5, 10, 15, 7, 8), bar(6, 8, closed=False)]


def test_a_trade_cannot_change_a_bar_that_history_closed() -> None:
    live = series()
    live.merge([bar(4), bar(5)])
    live.trade(trade(5.5, 99))
    assert held(live) == [bar(4), bar(5)]
    assert live.last_is_closed


def test_merging_nothing_changes_nothing() -> None:
    live = series(bar(5, closed=False))
    version = live.version
    live.merge([])
    assert (held(live), live.version) == ([bar(5, closed=False)], version)


history = st.lists(st.builds(bar, st.integers(0, 40), st.integers(1, 99).map(float)), max_size=60)


@given(st.lists(history, max_size=4))
def test_merging_in_any_order_gives_the_last_word_on_each_start_sorted(
    batches: list[list[Candle]],
) -> None:
    merged = series()
    for batch in batches:
        merged.merge(batch)
    last_word = {candle.start: candle for batch in batches for candle in batch}
    assert held(merged) == [last_word[start] for start in sorted(last_word)]


anything = st.one_of(
    st.builds(bar, st.integers(0, 30), st.integers(1, 99).map(float), closed=st.booleans()).map(
        lambda candle: ("update", candle)
    ),
    history.map(lambda batch: ("merge", batch)),
    st.builds(trade, st.floats(0, 30), st.integers(1, 99).map(float)).map(
        lambda each: ("trade", each)
    ),
)


@given(st.lists(anything, max_size=30))
def test_whatever_comes_starts_are_ascending_and_never_double(steps: list[tuple[str, Any]]) -> None:
    live = series()
    for name, what in steps:
        getattr(live, name)(what)
    starts = live.starts.tolist()
    assert starts == sorted(set(starts))
    assert all(each.low <= each.close <= each.high for each in held(live))


@given(st.lists(st.integers(1, 99).map(float), min_size=1, max_size=20))
def test_trades_make_the_bar_that_a_list_of_their_prices_makes(paid: list[float]) -> None:
    live = series(bar(0))
    for price in paid:
        live.trade(trade(1.5, price))
    expected = ohlc(1, paid[0], max(paid), min(paid), paid[-1], volume=0, closed=False)
    assert live.candle(-1) == expected


# ---------------------------------------------------------------- room and holes


def test_a_series_grows_without_losing_a_bar() -> None:
    count = FIRST_CAPACITY * 3 + 1
    live = series(*(bar(minute, float(minute + 1)) for minute in range(count)))
    assert len(live) == count
    assert np.array_equal(live.starts, np.arange(count) * MINUTE)
    assert np.array_equal(live.rows[4], np.arange(count) + 1.0)


def test_history_larger_than_the_first_room_fits_and_bars_are_appended_after_it() -> None:
    live = series(bar(5_000, closed=False))
    live.merge([bar(minute) for minute in range(5_000)])
    live.update(bar(5_001, closed=False))
    assert minutes(live) == list(range(5_002))


def test_the_oldest_bars_go_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candles_module, "BARS_KEPT", 2_000)
    live = series(*(bar(minute) for minute in range(5_000)))
    assert live.last_start == 4_999 * MINUTE
    assert 2_000 <= len(live) < 4_000
    assert minutes(live) == list(range(5_000 - len(live), 5_000))
    live.merge([bar(minute) for minute in range(100)])
    assert minutes(live) == list(range(3_000, 5_000))


def test_months_of_different_length_follow_each_other() -> None:
    january, february = 1_767_225_600_000, 1_769_904_000_000  # 2026
    months = CandleSeries(BTC, "1M")
    months.update(Candle(BTC, "1M", january, 1, 1, 1, 1, 1, True))
    months.trade(Trade(BTC, february - 1, "1", 9, 1, "buy"))
    assert len(months) == 1
    months.trade(Trade(BTC, february, "1", 9, 1, "buy"))
    assert months.last_start == february


def test_trades_keep_to_weeks_that_begin_on_thursdays() -> None:
    day, thursday = 86_400_000, 1_767_830_400_000  # 2026-01-08
    weeks = CandleSeries(BTC, "1w")
    weeks.update(Candle(BTC, "1w", thursday, 1, 1, 1, 1, 1, False))
    weeks.trade(Trade(BTC, thursday + 7 * day - 1, "1", 9, 1, "buy"))
    assert (len(weeks), weeks.candle(-1).close) == (1, 9)
    weeks.trade(Trade(BTC, thursday + 15 * day, "1", 8, 1, "buy"))
    assert weeks.starts.tolist() == [thursday, thursday + 14 * day]


# ---------------------------------------------------------------- revisions

steps = st.tuples(
    st.sampled_from(["update", "trade", "merge"]),
    st.integers(0, 12),
    st.integers(1, 50),
    st.booleans(),
)


@given(st.lists(steps, max_size=40))
def test_every_change_but_those_of_the_newest_bar_raises_the_revision(
    given_steps: list[tuple[str, int, int, bool]],
) -> None:
    made = CandleSeries(BTC, "1m")
    for kind, minute, price, closed in given_steps:
        before, revision = made.rows[:, :-1].copy(), made.revision
        if kind == "update":
            made.update(bar(minute, float(price), closed=closed))
        elif kind == "trade":
            made.trade(trade(minute, float(price)))
        else:
            made.merge([bar(minute, float(price), closed=closed)])
        if not np.array_equal(before, made.rows[:, :-1]):
            assert made.revision > revision


def test_a_tick_of_the_newest_bar_is_no_revision() -> None:
    made = series(bar(0), bar(1, closed=False))
    before = made.revision
    made.trade(trade(1.5, 12.0))
    made.update(bar(1, 13.0, closed=False))
    assert made.revision == before


def test_a_cleared_series_holds_nothing_and_takes_new_candles() -> None:
    made = series(bar(0), bar(1))
    made.complete = True
    made.clear()
    assert (len(made), made.last_start, made.complete) == (0, None, False)
    made.merge([bar(7)])
    assert minutes(made) == [7]


def test_a_candle_left_behind_without_a_last_word_is_unsettled_until_it_comes() -> None:
    series = CandleSeries(BTC, "1m")
    series.update(bar(0, closed=False))
    assert series.unsettled is None
    series.update(bar(1, closed=False))
    assert series.unsettled == 0
    series.update(bar(0, closed=True))
    assert series.unsettled is None


def test_a_bar_that_only_a_trade_began_is_unsettled_once_another_follows() -> None:
    series = CandleSeries(BTC, "1m")
    series.merge([bar(0, closed=True)])
    series.trade(trade(1.1, 10.0))
    series.trade(trade(2.1, 11.0))
    assert series.unsettled == MINUTE
    series.merge([bar(1, closed=True)])
    assert series.unsettled is None


def test_a_fetched_candle_that_has_ended_but_is_not_called_closed_is_unsettled() -> None:
    series = CandleSeries(BTC, "1m")
    series.merge([bar(0, closed=True), bar(1, closed=False), bar(2, closed=False)])
    assert series.unsettled == MINUTE
    series.merge([bar(1, closed=True)])
    assert series.unsettled is None


def test_what_was_asked_about_is_settled_whatever_the_answer() -> None:
    series = CandleSeries(BTC, "1m")
    for minute in range(3):
        series.update(bar(minute, closed=False))
    assert series.unsettled == 0
    series.settle(MINUTE)
    assert series.unsettled == MINUTE
    series.clear()
    assert series.unsettled is None
