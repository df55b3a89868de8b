"""Ladders: levels summed in equal steps, bids down and asks up, without any drift of floats."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.book import OrderBook
from tickglass.market.events import BookSnapshot, Level
from tickglass.market.instrument import Instrument
from tickglass.market.ladder import (
    MOST_ROWS,
    NO_LEVELS,
    Grid,
    Ladder,
    Levels,
    Row,
    best_step,
    levels,
    levels_of,
    steps,
    tick_of,
    tick_seen,
)

TENTH = Decimal("0.1")


def ladder(
    bids: list[tuple[float, float]],
    asks: list[tuple[float, float]],
    step: float = 0.1,
    tick: Decimal = TENTH,
) -> Ladder:
    return Ladder(Grid(tick, step), [levels(bids)], [levels(asks)])


# ---------------------------------------------------------------- steps


def test_steps_are_one_two_five_ten_twenty_five_fifty_and_on_up_to_a_hundredth_of_the_price() -> (
    None
):
    assert steps(Decimal("0.01"), 100.0) == [0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0]


def test_the_steps_of_a_cheap_coin_are_written_in_its_ticks() -> None:
    assert steps(Decimal("0.00000001"), 0.00001234) == [1e-8, 2e-8, 5e-8, 1e-7]


def test_a_dear_coin_with_a_small_tick_has_only_the_coarsest_sixteen() -> None:
    found = steps(Decimal("0.01"), 100_000.0)
    assert found[:3] == [0.01, 0.02, 0.05]
    assert found[-3:] == [250.0, 500.0, 1000.0]
    assert len(found) == 16
    assert steps(Decimal("0.0001"), 100_000.0) == [0.01, 0.025, 0.05, *found[3:]]


@pytest.mark.parametrize(
    ("price", "finest"), [(100_000.0, 0.01), (1.0, 0.0001), (0.00001234, 1e-9), (0.0, 0.01)]
)
def test_without_a_tick_the_finest_step_shows_five_digits(price: float, finest: float) -> None:
    assert steps(None, price)[0] == finest


def test_a_tick_that_is_large_for_the_price_is_the_only_step() -> None:
    assert steps(Decimal(1), 3.0) == [1.0]
    assert best_step(Decimal(1), 3.0) == 1.0


@pytest.mark.parametrize(
    ("tick", "price", "expected"),
    [
        ("0.01", 100_000.0, 5.0),  # 0.4 basis points are 4
        ("0.1", 3_000.0, 0.2),  # 0.4 basis points are 0.12
        ("0.00000001", 0.00001234, 0.00000001),  # one tick is eight already
    ],
)
def test_the_first_step_is_about_half_a_basis_point_or_more(
    tick: str, price: float, expected: float
) -> None:
    assert best_step(Decimal(tick), price) == expected


def test_a_tick_that_nobody_tells_is_read_from_the_prices() -> None:
    assert tick_of([100_000.0, 99_999.5, 99_998.25]) == Decimal("0.01")
    assert tick_of([0.00001234]) == Decimal("0.00000001")
    assert tick_of([100.0]) == Decimal(1)
    assert tick_of([]) == Decimal("0.01")


# ---------------------------------------------------------------- grouping


def test_a_price_on_a_step_stays_there() -> None:
    grid = Grid(TENTH, 0.1)
    prices = np.array([0.3, 0.1 + 0.2, 0.7, 100_000.1])
    assert grid.floor(prices).tolist() == [3, 3, 7, 1_000_001]
    assert grid.ceil(prices).tolist() == [3, 3, 7, 1_000_001]
    assert [grid.price(number) for number in (3, 7, 1_000_001)] == [0.3, 0.7, 100_000.1]


def test_bids_are_grouped_down_and_asks_up() -> None:
    made = ladder([(100.4, 1), (100.0, 2), (99.9, 4)], [(100.6, 3), (101.0, 5), (101.1, 7)], 1.0)
    assert made.rows(2) == [
        Row(102.0, ask=7, ask_total=15),
        Row(101.0, ask=8, ask_total=8),
        Row(100.0, bid=3, bid_total=3),
        Row(99.0, bid=4, bid_total=7),
    ]


def test_rows_without_any_order_are_there_too() -> None:
    made = ladder([(100.0, 1), (99.7, 2)], [(100.1, 1)])
    assert [(row.price, row.bid) for row in made.rows(9) if row.price < 100.05] == [
        (100.0, 1),
        (99.9, 0),
        (99.8, 0),
        (99.7, 2),
    ]


def test_a_price_finer_than_the_tick_is_never_grouped_towards_the_mid() -> None:
    made = ladder([(100.05, 1)], [(100.15, 1)])
    assert made.rows(1) == [Row(100.2, ask=1, ask_total=1), Row(100.0, bid=1, bid_total=1)]


TICKS = st.sampled_from(["0.00000001", "0.0001", "0.01", "0.05", "0.1", "0.25", "1", "5"])


@given(TICKS, st.integers(1, 10**10), st.sampled_from([1, 2, 5, 10, 25, 50, 100, 2_500]))
def test_every_whole_tick_is_grouped_as_integers_are(tick: str, number: int, ticks: int) -> None:
    price = float(Decimal(tick) * number)
    grid = Grid(Decimal(tick), float(Decimal(tick) * ticks))
    assert grid.floor(np.array([price])).tolist() == [number // ticks]
    assert grid.ceil(np.array([price])).tolist() == [-(-number // ticks)]
    assert grid.price(number // ticks) == float(Decimal(tick) * ticks * (number // ticks))
    assert grid.prices(np.array([number // ticks]))[0] == grid.price(number // ticks)


LEVELS = st.lists(
    st.tuples(st.integers(1, 400), st.integers(1, 50)), max_size=60, unique_by=lambda each: each[0]
)


@given(LEVELS, st.sampled_from([0.1, 0.5, 2.5]))
def test_nothing_is_lost_in_grouping_and_totals_run_from_the_touch(
    rows: list[tuple[int, int]], step: float
) -> None:
    bids = [(1_000 - place / 10, float(size)) for place, size in rows]
    asks = [(1_000 + place / 10, float(size)) for place, size in rows]
    made = ladder(bids, asks, step)
    for half in (made.bids, made.asks):
        assert half.sizes.sum() == pytest.approx(sum(size for _, size in rows))
        assert np.all(np.diff(half.totals) >= 0)
        assert not len(half) or half.sizes[0] > 0
        numbers = [half.number(place) for place in range(len(half))]
        assert [half.place(number) for number in numbers] == list(range(len(half)))


def test_only_so_many_rows_are_kept() -> None:
    made = ladder([(1_000.0, 1), (1_000 - MOST_ROWS / 10, 5)], [(1_000.1, 1)])
    assert made.bids.sizes.tolist() == [1]


# ---------------------------------------------------------------- what it says


def test_the_spread_has_no_digits_that_were_never_there() -> None:
    made = ladder([(100_000.1, 1)], [(100_000.4, 1)])
    assert made.spread == 0.3, "100000.4 - 100000.1 is 0.29999999998835847 in floats"
    assert made.mid == pytest.approx(100_000.25)
    assert made.spread_bps == pytest.approx(0.03, rel=1e-4)


def test_the_imbalance_is_that_of_the_rows_shown() -> None:
    made = ladder([(100.0, 3), (99.9, 100)], [(100.1, 1), (100.2, 5)])
    assert made.imbalance(1) == 0.5
    assert made.imbalance() == pytest.approx((103 - 6) / 109)


def test_worth_is_each_level_at_its_own_price() -> None:
    made = ladder([(100.4, 1), (100.1, 2), (99.0, 3)], [(101.0, 1)], 1.0)
    assert made.bids.worths.tolist() == [pytest.approx(300.6), 297.0]
    assert made.bids.total_worths.tolist() == [pytest.approx(300.6), pytest.approx(597.6)]


def test_an_empty_side_leaves_spread_mid_and_imbalance_open() -> None:
    made = ladder([], [(100.1, 1)])
    assert (made.spread, made.mid, made.spread_bps) == (None, None, None)
    assert made.imbalance() == -1
    assert made.rows(5) == [Row(100.1, ask=1, ask_total=1)]
    empty = Ladder(Grid(TENTH, 0.1), [NO_LEVELS], [])
    assert empty.imbalance() is None
    assert empty.rows(5) == []
    assert empty.bids.touch is None
    assert empty.asks.total_worths.tolist() == []


def test_the_shares_of_several_books_add_up_to_the_sizes() -> None:
    first, second = levels([(100.0, 1), (99.9, 2)]), levels([(99.9, 5), (99.7, 1)])
    made = Ladder(Grid(TENTH, 0.1), [first, NO_LEVELS, second], [])
    assert made.bids.shares.tolist() == [[1, 2, 0, 0], [0, 0, 0, 0], [0, 5, 0, 1]]
    assert made.bids.sizes.tolist() == [1, 7, 0, 1]


def test_books_that_cross_give_a_negative_spread() -> None:
    made = ladder([(100.2, 1)], [(100.1, 1)])
    assert made.spread == -0.1
    assert [row.price for row in made.rows(1)] == [100.1, 100.2]


def test_the_levels_of_a_book_are_all_of_them() -> None:
    book = OrderBook(Instrument("binance", "BTC", "USDT"))
    bids, asks = (Level(99.95, 1), Level(98, 2)), (Level(101.5, 3),)
    book.load(BookSnapshot(book.instrument, 1, 1, bids, asks))
    found = levels_of(book.bids)
    assert sorted(zip(*found, strict=True)) == [(98, 2), (99.95, 1)]
    assert tick_seen(book.bids, book.asks) == Decimal("0.01")
    assert isinstance(levels([]), Levels)
