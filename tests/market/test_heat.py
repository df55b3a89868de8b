"""The record of what stood in a book: sizes are kept, gaps stay gaps, and memory has a bound."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.heat import (
    BUCKETS,
    SAMPLE_MS,
    SAMPLES,
    STANDS_MS,
    HeatRecord,
    heat_step,
)
from tickglass.market.ladder import NO_LEVELS, Grid, Levels, levels

BIDS = levels([(99.0, 4.0), (98.0, 2.0)])
ASKS = levels([(101.0, 3.0)])


def record() -> HeatRecord:
    return HeatRecord(Grid(Decimal(1), 1.0))


def test_each_size_stands_at_its_price_and_the_highest_price_comes_first() -> None:
    heat = record()
    assert heat.sample(1_000, BIDS, ASKS)
    picture = heat.picture(1_000, 2_000, 1, 98.0, 102.0, 4)
    assert picture.sizes[:, 0].tolist() == [3, 0, 4, 2]  # 101, 100, 99, 98
    assert picture.mids.tolist() == [100.0]
    assert heat.peak == 4


def test_a_coarse_picture_adds_up_and_a_fine_one_spreads() -> None:
    heat = record()
    heat.sample(0, BIDS, ASKS)
    assert heat.picture(0, 250, 1, 98.0, 102.0, 2).sizes[:, 0].tolist() == [3, 6]
    assert heat.picture(0, 250, 1, 98.0, 100.0, 4).sizes[:, 0].tolist() == [2, 2, 1, 1]


def test_samples_are_taken_four_times_a_second_at_most() -> None:
    heat = record()
    assert heat.sample(0, BIDS, ASKS)
    assert not heat.sample(SAMPLE_MS - 1, BIDS, ASKS)
    assert heat.sample(SAMPLE_MS, BIDS, ASKS)
    assert heat.count == 2


def test_a_column_shows_the_last_sample_in_it() -> None:
    heat = record()
    heat.sample(0, BIDS, ASKS)
    heat.sample(250, levels([(99.0, 40.0)]), ASKS)
    heat.sample(500, levels([(99.0, 50.0)]), ASKS)
    sizes = heat.picture(0, 1_000, 2, 99.0, 100.0, 1).sizes
    assert sizes.tolist() == [[40, 50]]


def test_a_gap_stays_empty_and_is_never_bridged() -> None:
    heat = record()
    heat.sample(0, BIDS, ASKS)
    heat.interrupt(400)
    heat.sample(5_000, BIDS, ASKS)
    sizes = heat.picture(-1_000, 6_000, 7, 99.0, 100.0, 1).sizes[0]
    assert np.isnan(sizes).tolist() == [True, False, True, True, True, True, False]


def test_without_news_a_sample_stands_for_a_second() -> None:
    heat = record()
    heat.sample(0, BIDS, ASKS)
    sizes = heat.picture(0, 3 * STANDS_MS, 3, 99.0, 100.0, 1).sizes[0]
    assert np.isnan(sizes).tolist() == [False, True, True]


def test_a_book_with_an_empty_side_is_a_gap() -> None:
    heat = record()
    heat.sample(0, BIDS, ASKS)
    assert not heat.sample(500, BIDS, NO_LEVELS)
    sizes = heat.picture(0, 1_000, 2, 99.0, 100.0, 1).sizes[0]
    assert np.isnan(sizes).tolist() == [False, True]


def test_prices_that_no_sample_reached_are_unknown() -> None:
    heat = record()
    heat.sample(0, BIDS, ASKS)
    far = 100.0 + BUCKETS
    assert np.isnan(heat.picture(0, 250, 1, far, far + 10, 5).sizes).all()


def test_the_buckets_follow_the_price() -> None:
    heat = record()
    heat.sample(0, BIDS, ASKS)
    heat.sample(250, levels([(5_000.0, 7.0)]), levels([(5_002.0, 1.0)]))
    sizes = heat.picture(0, 500, 2, 5_000.0, 5_001.0, 1).sizes[0]
    assert np.isnan(sizes[0])
    assert sizes[1] == 7


def test_the_oldest_samples_make_room() -> None:
    heat = record()
    for number in range(SAMPLES + 10):
        heat.sample(number * SAMPLE_MS, BIDS, ASKS)
    sizes = heat.picture(0, (SAMPLES + 10) * SAMPLE_MS, SAMPLES + 10, 99.0, 100.0, 1).sizes[0]
    assert np.isnan(sizes[:10]).all()
    assert not np.isnan(sizes[10:]).any()
    assert heat.newest == (SAMPLES + 9) * SAMPLE_MS
    assert heat.mid == 100.0


def test_an_empty_record_gives_an_empty_picture() -> None:
    heat = record()
    picture = heat.picture(0, 1_000, 3, 98.0, 102.0, 4)
    assert picture.sizes.shape == (4, 3)
    assert np.isnan(picture.sizes).all()
    assert np.isnan(picture.mids).all()
    assert (heat.newest, heat.mid) == (None, None)


@pytest.mark.parametrize(("width", "height", "high"), [(0, 4, 102.0), (3, 0, 102.0), (3, 4, 98.0)])
def test_a_picture_without_area_is_no_error(width: int, height: int, high: float) -> None:
    heat = record()
    heat.sample(0, BIDS, ASKS)
    assert heat.picture(0, 1_000, width, 98.0, high, height).sizes.shape == (height, width)


PLACES = st.lists(st.tuples(st.integers(1, 100), st.integers(1, 9)), min_size=1, max_size=30)


def side(rows: list[tuple[int, int]], sign: int) -> Levels:
    return levels([(1_000.0 + sign * place, float(size)) for place, size in rows])


@given(PLACES, PLACES, st.integers(1, 300))
def test_no_size_is_lost_or_counted_twice_at_any_height(
    bids: list[tuple[int, int]], asks: list[tuple[int, int]], height: int
) -> None:
    heat = record()
    heat.sample(0, side(bids, -1), side(asks, 1))
    sizes = heat.picture(0, 250, 1, 900.0, 1_101.0, height).sizes
    assert np.nansum(sizes) == pytest.approx(sum(size for _, size in bids + asks))


def test_buckets_reach_one_percent_to_both_sides() -> None:
    assert heat_step(Decimal("0.01"), 100_000.0) == 5.0  # 2,000 / 512 is 3.9
    assert heat_step(Decimal("0.00000001"), 0.00001234) == 1e-8
