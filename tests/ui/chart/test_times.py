"""The time axis: round times of any zone's wall clock, that can be read and name the day."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.ui.chart.times import TimeLabels, zones

from ..conftest import set_zone

HOUR = 3_600_000
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
PIXELS = 84


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000


def texts(zone: str, begin: str, hours: float, width: float = 1_400) -> list[str]:
    left = at(begin)
    ticks = TimeLabels(ZoneInfo(zone)).ticks(left, left + hours * HOUR, width, PIXELS)
    return [tick.text for tick in ticks]


def test_the_first_label_names_the_day_and_so_does_midnight() -> None:
    assert texts("UTC", "2026-11-22 20:00", 8) == [
        "22 Nov 20:00", "20:30", "21:00", "21:30", "22:00", "22:30", "23:00", "23:30",
        "23 Nov", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00",
    ]  # fmt: skip


def test_half_hour_zones_have_whole_hours_of_their_own() -> None:
    assert texts("Asia/Kolkata", "2026-11-22 03:00", 5, 500)[:3] == [
        "22 Nov 09:00", "10:00", "11:00",
    ]  # fmt: skip
    assert texts("Asia/Kathmandu", "2026-11-22 03:00", 5, 500)[:2] == ["22 Nov 09:00", "10:00"]


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    assert texts("Europe/Berlin", "2026-10-24 22:00", 5, 500) == [
        "25 Oct 00:00", "01:00", "02:00", "02:00 CET", "03:00", "04:00",
    ]  # fmt: skip


def test_the_hour_that_is_left_out_is_not_named() -> None:
    found = texts("Europe/Berlin", "2026-03-28 22:00", 8)
    assert not any(text.startswith("02:") for text in found)
    assert "01:30" in found and "03:00" in found
    american = texts("America/New_York", "2026-03-08 04:00", 8)
    assert not any(text.startswith("02:") for text in american)


@pytest.mark.parametrize("begin", ["2026-03-20 00:00", "2026-10-18 00:00"])
def test_days_are_named_once_each_where_the_clocks_change(begin: str) -> None:
    found = texts("Europe/Berlin", begin, 24 * 14, 1_400)
    assert len(found) == len(set(found)) >= 13


def test_a_new_year_is_named() -> None:
    assert texts("UTC", "2026-12-30 00:00", 24 * 4, 500) == [
        "30 Dec", "31 Dec", "1 Jan 2027", "2 Jan", "3 Jan",
    ]  # fmt: skip


def test_seconds_are_written_where_they_matter() -> None:
    left = at("2026-11-22 12:00:00")
    ticks = TimeLabels(UTC).ticks(left, left + 60_000, 1_200, PIXELS)
    assert [tick.text for tick in ticks][:3] == ["22 Nov 12:00:00", "12:00:05", "12:00:10"]


@given(
    st.sampled_from(ZONES),
    st.integers(1_600_000_000, 1_900_000_000),
    st.floats(10.0, 10_000_000.0),
    st.floats(100.0, 2_500.0),
)
def test_labels_never_overlap_ascend_lie_in_view_and_the_first_says_the_day(
    zone: str, begin: int, seconds: float, width: float
) -> None:
    left, right = begin * 1_000.0, (begin + seconds) * 1_000.0
    ticks = TimeLabels(ZoneInfo(zone)).ticks(left, right, width, PIXELS)
    places = [(tick.time_ms - left) / (right - left) * width for tick in ticks]
    assert all(-0.001 <= place <= width + 0.001 for place in places)
    assert all(b - a >= PIXELS - 0.001 for a, b in pairwise(places))
    if ticks:
        assert ticks[0].strong
        assert any(figure in ticks[0].text for figure in "0123456789")


def test_a_moment_is_told_in_full() -> None:
    labels = TimeLabels(ZoneInfo("Europe/Berlin"))
    assert labels.full(at("2026-11-22 13:30:05")) == "Sun 22 Nov 2026 14:30 CET"
    assert labels.full(at("2026-07-01 12:00:05"), seconds=True) == "Wed 1 Jul 2026 14:00:05 CEST"


def test_without_a_zone_it_is_that_of_the_machine(zone: pytest.MonkeyPatch) -> None:
    set_zone(zone, "Asia/Kolkata")
    assert TimeLabels(None).full(at("2026-11-22 13:30:00")) == "Sun 22 Nov 2026 19:00 IST"
    left = at("2026-11-22 03:00")
    assert TimeLabels(None).ticks(left, left + 5 * HOUR, 500, PIXELS)[0].text == "22 Nov 09:00"


def test_an_empty_range_has_no_labels() -> None:
    assert TimeLabels(None).ticks(5.0, 5.0, 500, PIXELS) == []
    assert TimeLabels(None).ticks(0.0, 5.0, 10, PIXELS) == []


def test_all_zones_can_be_chosen_from() -> None:
    found = zones()
    assert {"Europe/Berlin", "Asia/Kolkata", "UTC"} <= set(found)
    assert found == sorted(found)
