"""The axes: labels that can be read, at round places, in local time."""

import itertools
import math
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tickglass.ui.chart.axes import (
    DAY,
    HOUR,
    LABEL_PIXELS,
    MINUTE,
    PRICE_PIXELS,
    PriceAxis,
    TimeAxis,
    nice_step,
    time_label,
)

from ..conftest import set_zone
from ..helpers import WEDNESDAY

pytestmark = pytest.mark.usefixtures("qapp")


def labels(axis: TimeAxis, low: float, high: float, size: float) -> list[str]:
    ((step, ticks),) = axis.tickValues(low, high, size)
    return axis.tickStrings(ticks, 1.0, step)


# ---------------------------------------------------------------- time


@pytest.mark.usefixtures("utc")
def test_hours_are_labelled_and_the_first_label_names_the_day() -> None:
    low = WEDNESDAY + 9 * HOUR + 10 * MINUTE
    assert labels(TimeAxis(), low, low + 5 * HOUR, 480) == [
        "22 Nov 10:00", "11:00", "12:00", "13:00", "14:00",
    ]  # fmt: skip


@pytest.mark.usefixtures("utc")
def test_the_day_is_named_where_it_begins() -> None:
    low = WEDNESDAY - 90 * MINUTE
    assert labels(TimeAxis(), low, low + 4 * HOUR, 384) == [
        "21 Nov 23:00", "22 Nov", "01:00", "02:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("step", "named", "label"),
    [
        (1, False, "14:30:05"), (30, True, "22 Nov 14:30:05"), (MINUTE, False, "14:30"),
        (12 * HOUR, True, "22 Nov 14:30"), (DAY, False, "22 Nov"), (14 * DAY, True, "22 Nov"),
        (30 * DAY, False, "Nov 2023"), (365 * DAY, True, "2023"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("utc")
def test_a_label_says_as_much_as_its_step_needs(step: float, named: bool, label: str) -> None:
    assert time_label(WEDNESDAY + 52_205, step, named=named) == label


@pytest.mark.usefixtures("utc")
@given(st.floats(1e9, 2e9), st.floats(1.0, 1_826 * DAY * 4), st.floats(LABEL_PIXELS, 4_000))
def test_labels_are_never_closer_than_they_are_wide_and_within_the_view(
    low: float, span: float, size: float
) -> None:
    assume(span * LABEL_PIXELS / size <= 1_826 * DAY)
    ((step, ticks),) = TimeAxis().tickValues(low, low + span, size)
    assert step / span * size >= LABEL_PIXELS * 0.999
    assert all(low <= tick <= low + span for tick in ticks)
    uneven = 0.08 if step >= 30 * DAY else 1e-6  # months have 28 to 31 days
    assert all(b - a == pytest.approx(step, rel=uneven) for a, b in itertools.pairwise(ticks))
    assert len(ticks) >= math.floor(span / (step * (1 + uneven)))


def test_hours_are_whole_where_local_time_is_half_an_hour_off(zone: pytest.MonkeyPatch) -> None:
    set_zone(zone, "Asia/Kolkata")
    assert labels(TimeAxis(), WEDNESDAY, WEDNESDAY + 3 * HOUR, 288) == [
        "22 Nov 06:00", "07:00", "08:00",
    ]  # fmt: skip


@pytest.mark.parametrize("autumn", [True, False])
def test_days_are_labelled_once_each_where_the_clocks_change(
    zone: pytest.MonkeyPatch, autumn: bool
) -> None:
    set_zone(zone, "Europe/Berlin")
    month, day = (10, 25) if autumn else (3, 22)
    low = datetime(2023, month, day, 12, tzinfo=UTC).timestamp()
    # The clocks changed on 29 October and on 26 March; a view that lies mostly before that day.
    shown = labels(TimeAxis(), low, low + 6 * DAY, 6 * LABEL_PIXELS)
    name = "Oct" if autumn else "Mar"
    assert shown == [f"{day + n} {name}" for n in range(1, 7)]


@pytest.mark.usefixtures("utc")
def test_months_are_labelled_once_each() -> None:
    low = datetime(2022, 12, 15, tzinfo=UTC).timestamp()
    shown = labels(TimeAxis(), low, low + 180 * DAY, 6 * LABEL_PIXELS)
    assert shown == ["Jan 2023", "Feb 2023", "Mar 2023", "Apr 2023", "May 2023", "Jun 2023"]


@pytest.mark.usefixtures("utc")
def test_a_view_without_a_round_time_in_it_has_no_label() -> None:
    assert labels(TimeAxis(), WEDNESDAY + 60, WEDNESDAY + 120, 20) == []


# ---------------------------------------------------------------- prices


@pytest.mark.parametrize(
    ("least", "step"),
    [
        (1.0, 1.0), (1.01, 2.0), (2.0, 2.0), (2.1, 5.0), (5.1, 10.0), (99.0, 100.0),
        (0.00003, 0.00005), (0.0, 0.0), (-1.0, 0.0), (math.inf, 0.0), (math.nan, 0.0),
    ],
)  # fmt: skip
def test_a_step_is_one_two_or_five_times_a_power_of_ten(least: float, step: float) -> None:
    assert nice_step(least) == pytest.approx(step)


@given(st.floats(1e-12, 1e12))
def test_a_step_is_not_below_what_is_needed_and_below_two_and_a_half_times_that(
    least: float,
) -> None:
    step = nice_step(least)
    assert least * 0.99999 <= step <= least * 2.500001
    mantissa = step / 10 ** math.floor(math.log10(step * 1.0000001))
    assert any(mantissa == pytest.approx(nice) for nice in (1, 2, 5))


@given(
    st.floats(1e-8, 1e8),
    st.floats(0.001, 2.0),
    st.floats(60, 2_000),
    st.none() | st.integers(0, 8),
)
def test_price_labels_have_no_exponent_and_room(
    low: float, share: float, size: float, decimals: int | None
) -> None:
    axis = PriceAxis()
    axis.decimals = decimals
    high = low * (1 + share)
    ((step, ticks),) = axis.tickValues(low, high, size)
    assert step / (high - low) * size >= PRICE_PIXELS * 0.999
    room = (high - low) * 1e-9
    assert all(low - room <= tick <= high + room for tick in ticks)
    for label in axis.tickStrings(ticks, 1.0, step):
        assert set(label) <= set("0123456789.,")


def test_prices_have_the_decimals_of_the_instrument_or_those_of_the_step() -> None:
    axis = PriceAxis()
    assert axis.tickStrings([1_000.0, 1_000.5], 1.0, 0.5) == ["1,000.0", "1,000.5"]
    axis.decimals = 2
    assert axis.tickStrings([1_000.0, 1_000.5], 1.0, 0.5) == ["1,000.00", "1,000.50"]


def test_price_ticks_stand_on_round_prices() -> None:
    ((step, ticks),) = PriceAxis().tickValues(97.0, 123.0, 260.0)
    assert (step, ticks) == (5.0, [100.0, 105.0, 110.0, 115.0, 120.0])


def test_a_range_without_height_has_no_price_labels() -> None:
    assert PriceAxis().tickValues(5.0, 5.0, 300.0) == []
