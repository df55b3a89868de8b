"""Where times and prices lie: arithmetic that is its own inverse, and labels at round places."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.candles import CandleSeries
from tickglass.ui.chart.scales import (
    CLOSEST_PIXELS,
    LABELS_WANTED,
    PRICE_PIXELS,
    SCALE_MODES,
    PriceScale,
    Range,
    TimeScale,
    bin_edges,
    bin_size,
    binned,
    nice_step,
    visible,
)

from ..helpers import BTC, WEDNESDAY, candle

prices = st.floats(1e-8, 1e6)


def scale(low: float, high: float, mode: str = "linear", height: float = 400.0) -> PriceScale:
    made = PriceScale()
    made.mode = mode  # type: ignore[assignment]
    made.top, made.height = 10.0, height
    made.shown = Range(low, high)
    made.base = low
    return made


# ---------------------------------------------------------------- time


def test_times_lie_evenly_from_left_to_right() -> None:
    times = TimeScale(1_000.0, 3_000.0, x0=50.0, width=400.0)
    assert (times.x(1_000), times.x(2_000), times.x(3_000)) == (50.0, 250.0, 450.0)
    assert times.time(350.0) == 2_500.0


def test_a_picture_moved_right_shows_older_times() -> None:
    times = TimeScale(1_000.0, 3_000.0, width=400.0)
    times.pan(100)
    assert (times.left, times.right) == (500.0, 2_500.0)


@given(st.floats(0.5, 2.0), st.floats(0.0, 400.0))
def test_what_lies_under_the_pointer_stays_there_while_zooming(factor: float, x: float) -> None:
    times = TimeScale(1_000.0, 3_000.0, width=400.0)
    before = times.time(x)
    times.zoom(factor, x, 1.0, 1e9)
    assert times.time(x) == pytest.approx(before)
    assert times.span == pytest.approx(2_000 * factor)


def test_zooming_ends_at_its_limits() -> None:
    times = TimeScale(0.0, 1_000.0, width=100.0)
    times.zoom(0.0001, 50, 200.0, 5_000.0)
    assert times.span == 200.0
    times.zoom(10_000, 50, 200.0, 5_000.0)
    assert times.span == 5_000.0


# ---------------------------------------------------------------- prices


@pytest.mark.parametrize("mode", SCALE_MODES)
@given(low=prices, share=st.floats(0.001, 1_000.0), place=st.floats(0.0, 1.0))
def test_a_price_comes_back_from_its_pixel(
    mode: str, low: float, share: float, place: float
) -> None:
    made = scale(low, low * (1 + share), mode)
    price = low * (1 + share * place)
    assert made.price(made.y(price)) == pytest.approx(price, rel=1e-6)
    assert made.ys(np.array([price]))[0] == pytest.approx(made.y(price))


def test_the_highest_price_is_at_the_top_and_equal_shares_are_equally_high_on_a_log_scale() -> None:
    made = scale(1.0, 100.0, "log", height=400.0)
    assert (made.y(100.0), made.y(1.0)) == pytest.approx((10.0, 410.0))
    assert made.y(10.0) == pytest.approx(210.0)


def test_fitting_leaves_room_above_and_below() -> None:
    made = scale(0.0, 1.0)
    assert made.fit(90.0, 110.0, above=0.08, below=0.16)
    assert made.shown == pytest.approx((86.8, 111.6))
    assert not made.fit(90.0, 110.0, above=0.08, below=0.16), "nothing has changed"


def test_flat_prices_have_a_thousandth_of_room() -> None:
    made = scale(0.0, 1.0)
    made.fit(100.0, 100.0, above=0.08, below=0.16)
    assert made.shown == pytest.approx((99.8, 100.1))


@pytest.mark.parametrize("mode", SCALE_MODES)
def test_a_stretched_scale_is_the_persons_and_keeps_its_middle(mode: str) -> None:
    made = scale(100.0, 200.0, mode)
    middle = made.price(210.0)
    made.stretch(2.0)
    assert not made.auto
    assert made.price(210.0) == pytest.approx(middle)
    assert made.y(100.0) - made.y(200.0) == pytest.approx(200.0), "half as high as before"


def test_a_picture_moved_down_shows_higher_prices() -> None:
    made = scale(100.0, 200.0)
    made.pan(40.0)
    assert made.shown == pytest.approx((110.0, 210.0))


def test_per_cent_counts_from_the_base() -> None:
    made = scale(100.0, 120.0, "percent")
    assert made.percent(110.0) == pytest.approx(10.0)
    assert [round(made.percent(tick), 9) for tick in made.ticks()] == [0, 5, 10, 15, 20]


@pytest.mark.parametrize(
    ("low", "high", "height", "ticks"),
    [
        (100.2, 101.9, 200.0, [100.5, 101.0, 101.5]),
        (0.0000121, 0.0000129, 200.0, [0.0000122, 0.0000124, 0.0000126, 0.0000128]),
        (59_800.0, 60_350.0, 120.0, [59_800.0, 60_000.0, 60_200.0]),
        (59_800.0, 60_350.0, 60.0, [60_000.0]),
    ],
)
def test_price_ticks_stand_on_round_prices(
    low: float, high: float, height: float, ticks: list[float]
) -> None:
    assert scale(low, high, height=height).ticks() == pytest.approx(ticks)


def test_a_wide_log_scale_has_ticks_in_every_decade() -> None:
    found = scale(1.0, 1_000.0, "log", height=600.0).ticks()
    assert {1.0, 10.0, 100.0, 1_000.0} <= {round(tick, 9) for tick in found}


@pytest.mark.parametrize("mode", SCALE_MODES)
@given(low=prices, share=st.floats(0.0001, 100.0), height=st.floats(40.0, 900.0))
def test_ticks_lie_in_view_ascend_and_have_room_for_their_labels(
    mode: str, low: float, share: float, height: float
) -> None:
    made = scale(low, low * (1 + share), mode, height)
    ys = [made.y(tick) for tick in made.ticks()]
    assert all(9.9 <= y <= height + 10.1 for y in ys)
    roomy = mode != "log" and height >= LABELS_WANTED * PRICE_PIXELS
    least = PRICE_PIXELS if roomy else CLOSEST_PIXELS
    assert all(above - below >= least * 0.999 for above, below in pairwise(ys))


def test_a_range_without_height_has_no_ticks() -> None:
    assert scale(5.0, 5.0).ticks() == []
    assert scale(math.nan, math.nan).ticks() == []


@pytest.mark.parametrize(
    ("least", "step"),
    [(0.7, 1.0), (1.0, 1.0), (1.1, 2.0), (3.0, 5.0), (7.0, 10.0), (0.00012, 0.0002), (0.0, 0.0)],
)
def test_a_step_is_one_two_or_five_times_a_power_of_ten(least: float, step: float) -> None:
    assert nice_step(least) == pytest.approx(step)


@given(st.floats(1e-12, 1e12))
def test_a_step_is_not_below_what_is_needed_and_at_most_two_and_a_half_times_that(
    least: float,
) -> None:
    assert least * 0.99999 <= nice_step(least) <= least * 2.50001


# ---------------------------------------------------------------- what is in view

minutes = st.lists(st.integers(0, 60), unique=True, max_size=30)
# Quarters of a second are exact in floating point, epoch seconds and all.
quarters = st.integers(-480, 16_000).map(lambda number: number / 4)


@given(minutes, quarters, quarters.filter(lambda width: width >= 0))
def test_the_bars_in_view_are_those_that_a_plain_loop_finds(
    numbers: list[int], left: float, width: float
) -> None:
    series = CandleSeries(BTC, "1m")
    series.merge([candle(number) for number in numbers])
    right = left + width
    part = visible(series.starts, (WEDNESDAY + left) * 1_000, (WEDNESDAY + right) * 1_000)
    starts = sorted(60.0 * number for number in numbers)
    # The candle under the left edge began before it: the last one that did.
    under = [start for start in starts if start <= left][-1:]
    expected = under + [start for start in starts if left < start <= right]
    assert [start / 1_000 - WEDNESDAY for start in series.starts[part]] == expected


whole = st.integers(1, 1_000).map(float)
one_row = st.tuples(whole, whole, whole, whole, whole)


@given(
    st.lists(one_row, min_size=1, max_size=80),
    st.integers(0, 40),
    st.integers(1, 90),
)
def test_bars_drawn_together_are_those_of_a_plain_loop(
    given_rows: list[tuple[float, ...]], some: int, most: int
) -> None:
    first = some % len(given_rows)
    columns = [(float(start), *row) for start, row in enumerate(given_rows)]
    part = slice(first, len(columns))
    size, edges = bin_edges(part, most)
    found = binned(np.array(columns).T, edges, part.stop)
    expected = []
    for number in range(first // size, (part.stop - 1) // size + 1):
        inside = columns[number * size : (number + 1) * size]
        expected.append([
            inside[0][0],
            inside[0][1],
            max(row[2] for row in inside),
            min(row[3] for row in inside),
            inside[-1][4],
            sum(row[5] for row in inside),
        ])  # fmt: skip
    assert found.T.tolist() == expected
    assert len(edges) <= most + 1


@given(st.integers(0, 500), st.integers(1, 500), st.integers(1, 100))
def test_bins_stay_what_they_are_while_one_pans(first: int, count: int, most: int) -> None:
    size, edges = bin_edges(slice(first, first + count), most)
    assert all(edge % size == 0 for edge in edges.tolist())
    assert edges[0] <= first < edges[0] + size


@given(st.integers(1, 1_000_000), st.integers(1, 3_000))
def test_there_are_few_sizes_of_bins_and_never_too_many_bins(count: int, most: int) -> None:
    sizes = sorted({1, *(2**k for k in range(1, 21)), *(3 * 2**k for k in range(20))})
    assert bin_size(count, most) == next(size for size in sizes if count <= size * most)
