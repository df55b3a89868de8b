"""The tape: what prints, what is joined, and how buying outweighs selling."""

import math
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.delta import MINUTES_KEPT, SECONDS_KEPT
from tickglass.market.events import Side, Trade
from tickglass.market.instrument import Instrument
from tickglass.market.tape import Print, Tape, Unit

BTC = Instrument("binance", "BTC", "USDT")
OTHER = Instrument("okx", "BTC", "USDT")
NOON = 1_700_611_200_000 + 12 * 3_600_000  # 2023-11-22 12:00 UTC
MINUTE = 60_000
DAY_S = 86_400


def trade(
    time: int = 0,
    price: float = 100.0,
    size: float = 1.0,
    side: Side = "buy",
    *,
    on: Instrument = BTC,
    number: str = "x",
    history: bool = False,
) -> Trade:
    """A trade so many ms after noon."""
    return Trade(on, NOON + time, number, price, size, side, history)


def tape_of(*trades: Trade, most: int = 1_000) -> Tape:
    tape = Tape(most)
    for each in trades:
        tape.add(each)
    return tape


def sizes(rows: Iterable[Print]) -> list[float]:
    return [row.size for row in rows]


# ---------------------------------------------------------------- rows


def test_an_empty_tape_has_nothing_to_say() -> None:
    tape = Tape()
    assert (len(tape), tape.version, tape.instruments) == (0, 0, ())
    assert tape.rows(10) == [] == tape.rows(10, 1.0, "quote", True)
    assert (tape.cumulative, tape.since, tape.broken_at) == (0.0, None, None)
    assert tape.delta(10, NOON) == 0.0
    assert tape.notional_quantiles((0.5,)) == []


def test_the_newest_row_comes_first_and_says_everything() -> None:
    tape = tape_of(trade(1, 100.0, 0.5), trade(2, 99.5, 2.0, "sell", on=OTHER))
    assert tape.rows(10) == [
        Print(1, OTHER, NOON + 2, 99.5, 2.0, "sell"),
        Print(0, BTC, NOON + 1, 100.0, 0.5, "buy"),
    ]
    assert tape.rows(10)[0].notional == 199.0
    assert tape.instruments == (BTC, OTHER)


def test_no_more_rows_come_than_are_asked_for() -> None:
    tape = tape_of(*(trade(n, size=n) for n in range(1, 8)))
    assert sizes(tape.rows(3)) == [7, 6, 5]
    assert tape.rows(0) == []


def test_the_version_rises_with_every_trade_and_every_gap() -> None:
    tape = tape_of(trade(), trade())
    assert tape.version == 2
    tape.interrupted()
    assert tape.version == 3


def test_only_the_newest_trades_are_kept_and_keep_their_numbers() -> None:
    tape = tape_of(*(trade(n, size=n + 1) for n in range(2_500)), most=1_000)
    assert len(tape) == 1_000
    rows = tape.rows(5_000)
    assert [row.number for row in rows] == list(range(2_499, 1_499, -1))
    assert all(row.size == row.number + 1 for row in rows)
    assert tape.prints([2_499, 1_499, 1_500]) == [rows[0], rows[-1]], "1499 is forgotten"


@pytest.mark.parametrize(
    ("least", "unit", "expected"),
    [(0.0, "base", [3, 1, 2]), (2.0, "base", [3, 2]), (250.0, "quote", [3]), (4.0, "base", [])],
)
def test_small_trades_are_left_out(least: float, unit: Unit, expected: list[float]) -> None:
    tape = tape_of(trade(1, 100.0, 2.0), trade(2, 100.0, 1.0), trade(3, 100.0, 3.0))
    assert sizes(tape.rows(10, least, unit)) == expected


def test_a_rare_large_trade_is_found_far_back() -> None:
    tape = tape_of(trade(0, size=50.0), *(trade(n) for n in range(1, 900)))
    assert [row.number for row in tape.rows(5, 10.0)] == [0]


def test_rare_large_trades_are_no_more_than_are_asked_for_wherever_they_lie() -> None:
    tape = tape_of(*(trade(n, size=50.0 if n % 200 == 0 else 1.0) for n in range(1_000)))
    assert [row.number for row in tape.rows(3, 10.0)] == [800, 600, 400]


def test_history_is_marked() -> None:
    tape = tape_of(trade(0, history=True), trade(1))
    assert [row.history for row in tape.rows(2)] == [False, True]


# ---------------------------------------------------------------- joined fills


def test_fills_of_one_order_are_one_row_at_their_average_price() -> None:
    tape = tape_of(trade(5, 100.0, 1.0), trade(5, 101.0, 3.0), trade(9, 101.0, 0.5))
    assert tape.rows(10, aggregate=True) == [
        Print(2, BTC, NOON + 9, 101.0, 0.5, "buy"),
        Print(0, BTC, NOON + 5, 100.75, 4.0, "buy", fills=2),
    ]
    assert sizes(tape.rows(10)) == [0.5, 3.0, 1.0], "unless nobody asked for that"


@pytest.mark.parametrize(
    "second",
    [
        trade(6, 101.0),  # a ms later
        trade(5, 101.0, side="sell"),
        trade(5, 99.0),  # a buyer never gets the worse price first
        trade(5, 101.0, on=OTHER),
        trade(5, 101.0, history=True),
    ],
)
def test_what_is_not_of_the_order_is_not_joined(second: Trade) -> None:
    assert len(tape_of(trade(5, 100.0), second).rows(10, aggregate=True)) == 2


def test_a_seller_walks_the_book_downwards() -> None:
    fills = [trade(5, price, side="sell") for price in (100.0, 99.0, 99.0, 98.0)]
    (row,) = tape_of(*fills).rows(10, aggregate=True)
    assert (row.fills, row.price) == (4, 99.0)


def test_another_exchange_in_between_does_not_part_an_order() -> None:
    tape = tape_of(trade(5, size=1.0), trade(5, on=OTHER, size=9.0), trade(5, size=2.0))
    assert [(row.instrument, row.size) for row in tape.rows(10, aggregate=True)] == [
        (OTHER, 9.0),
        (BTC, 3.0),
    ]


def test_the_least_size_is_that_of_the_whole_order() -> None:
    tape = tape_of(trade(5, size=2.0), trade(5, size=2.0), trade(6, size=3.0))
    assert sizes(tape.rows(10, 4.0, "base", True)) == [4.0]
    assert sizes(tape.rows(10, 350.0, "quote", True)) == [4.0]


def test_an_order_grows_after_it_was_read() -> None:
    tape = tape_of(trade(5))
    assert tape.rows(1, aggregate=True)[0].fills == 1
    tape.add(trade(5, size=0.5))
    (row,) = tape.rows(10, aggregate=True)
    assert (row.number, row.fills, row.size) == (0, 2, 1.5)


def test_quantiles_of_the_notional_are_over_rows() -> None:
    tape = tape_of(trade(1, 10.0, 1.0), trade(2, 10.0, 1.0), trade(2, 10.0, 4.0))
    assert tape.notional_quantiles((0.0, 0.5, 1.0)) == [10.0, 10.0, 40.0]
    assert tape.notional_quantiles((0.0, 0.5, 1.0), aggregate=True) == [10.0, 30.0, 50.0]


def joined_slowly(trades: list[Trade]) -> list[list[Trade]]:
    """Orders by their first fill: the rule again, by looking back over everything."""
    orders: list[list[Trade]] = []
    for new in trades:
        mine = [order for order in orders if order[0].instrument == new.instrument]
        last = mine[-1][-1] if mine else None
        sign = 1 if new.side == "buy" else -1
        alike = last is not None and (last.time, last.side, last.history) == (
            *(new.time, new.side),
            new.history,
        )
        if last is not None and alike and sign * new.price >= sign * last.price:
            mine[-1].append(new)
        else:
            orders.append([new])
    return orders


some_trades = st.lists(
    st.builds(
        trade,
        time=st.integers(0, 5),
        price=st.sampled_from([99.0, 100.0, 101.0]),
        size=st.sampled_from([0.25, 1.0, 4.0]),
        side=st.sampled_from(["buy", "sell"]),
        on=st.sampled_from([BTC, OTHER]),
        history=st.booleans(),
    ),
    max_size=700,
)


@given(some_trades, st.sampled_from([0.0, 1.0, 5.0]), st.integers(1, 50), st.booleans())
def test_joining_agrees_with_looking_back_over_everything(
    trades: list[Trade], least: float, count: int, reads_between: bool
) -> None:
    tape = Tape(1_000)
    for number, each in enumerate(trades):
        tape.add(each)
        if reads_between and number % 3 == 0:
            tape.rows(1)
    expected = [
        (len(order), sum(fill.size for fill in order), order[0].instrument)
        for order in joined_slowly(trades)
        if sum(fill.size for fill in order) >= least
    ][::-1][:count]
    rows = tape.rows(count, least, "base", True)
    assert [(row.fills, row.size, row.instrument) for row in rows] == expected
    assert all(new.number > old.number for new, old in pairwise(rows))


# ---------------------------------------------------------------- delta over a window


def test_delta_is_what_was_bought_less_what_was_sold() -> None:
    tape = tape_of(trade(0, size=3.0), trade(1_000, size=1.25, side="sell"))
    assert tape.delta(60, NOON + 2_000) == 1.75
    assert tape.cumulative == 1.75
    assert tape.since == NOON


def test_a_window_forgets_what_lies_before_it() -> None:
    tape = tape_of(trade(0, size=8.0), trade(5_000, size=2.0), trade(14_000, size=1.0))
    assert tape.delta(10, NOON + 14_500) == 3.0
    assert tape.delta(10, NOON + 15_000) == 1.0, "the bucket in which it begins is left out"
    assert tape.delta(10, NOON + 24_000) == 0.0
    assert tape.cumulative == 11.0


def test_beyond_ten_minutes_a_window_is_known_to_the_minute() -> None:
    tape = tape_of(trade(0, size=8.0), trade(MINUTE, size=4.0), trade(61 * MINUTE, size=1.0))
    assert tape.delta(3_600, NOON + 61 * MINUTE) == 1.0
    assert tape.delta(3_600, NOON + 61 * MINUTE - 1) == 5.0
    assert tape.delta(DAY_S, NOON + 61 * MINUTE) == 13.0


def test_sums_carry_no_tail_of_noise() -> None:
    tape = tape_of(trade(size=0.1), trade(size=0.2), trade(size=0.3, side="sell"))
    assert tape.cumulative == 0.0 == tape.delta(10, NOON)


def test_what_is_kept_for_the_delta_is_bounded() -> None:
    tape = tape_of(*(trade(n * MINUTE) for n in range(2 * MINUTES_KEPT)))
    assert tape.delta(10 * DAY_S, NOON + 2 * MINUTES_KEPT * MINUTE) == MINUTES_KEPT
    assert tape.cumulative == 2 * MINUTES_KEPT


def test_a_late_trade_older_than_everything_kept_only_counts_for_the_sum() -> None:
    tape = tape_of(*(trade(n * 1_000) for n in range(1, SECONDS_KEPT + 1)), trade(0, size=50.0))
    assert tape.delta(600, NOON + SECONDS_KEPT * 1_000) == 600
    assert tape.cumulative == SECONDS_KEPT + 50


# ---------------------------------------------------------------- gaps and history


def test_a_gap_lets_the_sum_and_the_window_begin_anew_and_is_remembered() -> None:
    tape = tape_of(trade(0, size=5.0), trade(400, size=3.0))
    tape.interrupted()
    assert (tape.cumulative, tape.since, tape.broken_at) == (0.0, None, NOON + 400)
    assert tape.delta(60, NOON + 1_000) == 0.0
    tape.add(trade(700, size=1.0, side="sell"))  # in the same second as those before the gap
    assert (tape.cumulative, tape.since) == (-1.0, NOON + 700)
    assert tape.delta(60, NOON + 1_000) == -1.0
    assert tape.delta(3_600, NOON + 1_000) == -1.0


def test_a_gap_before_the_window_does_not_touch_it() -> None:
    tape = tape_of(trade(0, size=5.0))
    tape.interrupted()
    tape.add(trade(100_000, size=2.0))
    assert tape.delta(10, NOON + 101_000) == 2.0


def test_gaps_without_trades_between_are_one() -> None:
    tape = Tape()
    tape.interrupted()
    assert tape.broken_at is None, "nothing was counted yet that could break"
    tape.add(trade(5))
    tape.interrupted()
    tape.interrupted()
    assert tape.broken_at == NOON + 5


def test_history_does_not_count() -> None:
    tape = tape_of(trade(0, history=True, number="a"), trade(5, number="b"))
    assert (tape.cumulative, tape.since) == (1.0, NOON + 5)


def test_history_that_runs_into_the_first_live_trade_counts() -> None:
    past = [trade(n, history=True, number=str(n)) for n in (4, 7, 8, 9)]  # 5 and 6 are missing
    tape = tape_of(*past, trade(10, number="10"))
    assert (tape.cumulative, tape.since) == (4.0, NOON + 7)


def test_history_with_a_hole_before_the_first_live_trade_does_not_count() -> None:
    tape = tape_of(trade(0, history=True, number="8"), trade(10, number="10"))
    assert (tape.cumulative, tape.since) == (1.0, NOON + 10)


def test_history_of_one_exchange_does_not_lengthen_the_count_of_two() -> None:
    past = trade(0, history=True, number="9", on=OTHER)
    tape = tape_of(trade(5), past, trade(10, number="10", on=OTHER))
    assert (tape.cumulative, tape.since) == (2.0, NOON + 5)


def test_nor_does_it_where_the_other_exchange_only_told_of_the_past() -> None:
    tape = tape_of(
        trade(0, history=True, number="3", on=OTHER),
        trade(1, history=True, number="9"),
        trade(5, number="10"),
    )
    assert (tape.cumulative, tape.since) == (1.0, NOON + 5)


def test_after_a_gap_history_counts_where_it_continues_what_was_known() -> None:
    tape = tape_of(trade(0, number="7"))
    tape.interrupted()
    tape.add(trade(10, number="8", history=True))
    tape.add(trade(20, number="9", history=True))
    assert (tape.cumulative, tape.since) == (2.0, NOON + 10)
    tape.add(trade(30, number="11", history=True))
    assert tape.cumulative == 2.0


# ---------------------------------------------------------------- delta by candle


def test_every_candle_has_its_delta_and_the_sum_so_far() -> None:
    tape = tape_of(
        trade(0, size=1.0),
        trade(MINUTE, size=4.0, side="sell"),
        trade(MINUTE + 59_999, size=1.5),
        trade(3 * MINUTE, size=0.5),
    )
    starts = [NOON + n * MINUTE for n in (-1, 0, 1, 2, 3)]
    found = tape.delta_by_candle(starts)
    np.testing.assert_array_equal(found.delta, [np.nan, 1.0, -2.5, 0.0, 0.5])
    np.testing.assert_array_equal(found.cumulative, [np.nan, 1.0, -1.5, -1.5, -1.0])
    assert found.whole.tolist() == [False, True, True, True, True]


def test_the_candle_in_which_it_was_opened_is_not_whole() -> None:
    found = tape_of(trade(30_000)).delta_by_candle([NOON, NOON + MINUTE])
    assert found.delta.tolist() == [1.0, 0.0]
    assert found.whole.tolist() == [False, True]


def test_candles_of_seconds_are_known_to_the_second() -> None:
    tape = tape_of(trade(0), trade(4_999, size=2.0), trade(5_000, size=4.0))
    found = tape.delta_by_candle([NOON, NOON + 5_000])
    assert found.delta.tolist() == [3.0, 4.0]
    assert found.cumulative.tolist() == [3.0, 7.0]


def test_a_gap_breaks_the_candles_it_touches_and_hides_those_inside() -> None:
    tape = tape_of(trade(0, size=5.0), trade(MINUTE + 1, size=2.0))
    tape.interrupted()
    tape.add(trade(4 * MINUTE + 1, size=1.0))
    found = tape.delta_by_candle([NOON + n * MINUTE for n in range(6)])
    np.testing.assert_array_equal(found.delta, [5.0, 2.0, np.nan, np.nan, 1.0, 0.0])
    np.testing.assert_array_equal(found.cumulative, [5.0, 7.0, np.nan, np.nan, 1.0, 1.0])
    assert found.whole.tolist() == [True, False, False, False, False, True]


def test_a_gap_within_one_candle_lets_the_sum_begin_in_it() -> None:
    tape = tape_of(trade(0, size=5.0), trade(MINUTE, size=2.0))
    tape.interrupted()
    tape.add(trade(MINUTE + 500, size=1.0))
    found = tape.delta_by_candle([NOON, NOON + MINUTE])
    assert found.delta.tolist() == [5.0, 3.0]
    assert found.cumulative.tolist() == [5.0, 1.0]
    assert found.whole.tolist() == [True, False]


def test_the_sum_by_candle_holds_what_is_too_old_to_be_kept() -> None:
    tape = tape_of(*(trade(n * MINUTE) for n in range(2 * MINUTES_KEPT)))
    newest = NOON + (2 * MINUTES_KEPT - 1) * MINUTE
    found = tape.delta_by_candle([NOON, newest - MINUTE, newest])
    assert found.cumulative.tolist() == [2 * MINUTES_KEPT - n for n in (2, 1, 0)]
    assert found.whole.tolist() == [False, True, True]


def test_without_trades_no_candle_is_known() -> None:
    found = Tape().delta_by_candle([NOON, NOON + MINUTE])
    assert all(math.isnan(each) for each in (*found.delta, *found.cumulative))
    assert not found.whole.any()
    assert tape_of(trade()).delta_by_candle([]).delta.tolist() == []


@given(
    st.lists(
        st.tuples(st.integers(0, 9 * MINUTE), st.sampled_from([-2.0, -0.5, 1.0]), st.booleans()),
        min_size=1,
        max_size=80,
    ),
    st.sampled_from([MINUTE, 15_000]),
)
def test_candles_agree_with_adding_up_trade_by_trade(
    steps: list[tuple[int, float, bool]], length: int
) -> None:
    tape = Tape()
    deltas: dict[int, float] = {}
    ends: dict[int, float] = {}
    total = 0.0
    for time, amount, broken in sorted(steps):
        if broken:
            tape.interrupted()
            total = 0.0
        tape.add(trade(time, size=abs(amount), side="buy" if amount > 0 else "sell"))
        total += amount
        deltas[time // length] = deltas.get(time // length, 0.0) + amount
        ends[time // length] = total
    starts = [NOON + n * length for n in range(9 * MINUTE // length + 1)]
    found = tape.delta_by_candle(starts)
    for number in deltas:
        assert found.delta[number] == deltas[number]
        assert found.cumulative[number] == ends[number]
    assert found.cumulative[max(ends)] == tape.cumulative == total
