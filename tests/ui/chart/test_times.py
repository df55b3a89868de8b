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


def test_parts_of_the_hour_that_comes_twice_come_twice() -> None:
    assert texts("Europe/Berlin", "2026-10-24 23:40", 3, 1_400) == [
        "25 Oct 01:45", "02:00", "02:15", "02:30", "02:45",
        "02:00 CET", "02:15 CET", "02:30 CET", "02:45 CET", "03:00", "03:15", "03:30",
    ]  # fmt: skip
    assert texts("America/New_York", "2026-11-01 05:40", 2, 500) == [
        "1 Nov 01:00 EST", "01:30 EST", "02:00", "02:30",
    ]  # fmt: skip


def test_the_machines_own_zone_tells_the_hour_that_comes_twice_apart(
    zone: pytest.MonkeyPatch,
) -> None:
    set_zone(zone, "Europe/Berlin")
    left = at("2026-10-24 22:00")
    ticks = TimeLabels(None).ticks(left, left + 5 * HOUR, 500, PIXELS)
    assert [tick.text for tick in ticks] == [
        "25 Oct 00:00", "01:00", "02:00", "02:00 CET", "03:00", "04:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("Europe/Berlin", "2026-03-28 22:00"),
        ("Europe/Berlin", "2026-10-24 22:00"),
        ("Europe/Berlin", "2026-10-25 00:40"),
        ("America/New_York", "2026-03-08 03:00"),
        ("America/New_York", "2026-11-01 03:00"),
        ("Australia/Lord_Howe", "2026-04-04 12:00"),
        ("Asia/Kathmandu", "2026-11-22 18:00"),
        ("America/Havana", "2026-11-01 02:00"),
    ],
)
def test_there_is_a_label_at_every_quarter_the_clock_shows(name: str, begin: str) -> None:
    left, zone = at(begin), ZoneInfo(name)
    shown = [
        left + minute * 60_000
        for minute in range(6 * 60 + 1)
        if datetime.fromtimestamp(left / 1_000 + minute * 60, zone).minute % 15 == 0
    ]
    ticks = TimeLabels(zone).ticks(left, left + 6 * HOUR, 24 * PIXELS, PIXELS)
    assert [tick.time_ms for tick in ticks] == shown


@pytest.mark.parametrize(
    ("name", "begin", "day"),
    [
        ("Africa/Cairo", "2026-04-20 00:00", "24 Apr"),
        ("America/Havana", "2026-03-05 08:00", "8 Mar"),
    ],
)
def test_a_day_without_midnight_is_named_where_it_begins(name: str, begin: str, day: str) -> None:
    left = at(begin)
    ticks = TimeLabels(ZoneInfo(name)).ticks(left, left + 24 * 9 * HOUR, 1_000, PIXELS)
    place = next(tick.time_ms for tick in ticks if tick.text == day)
    assert f"{datetime.fromtimestamp(place / 1_000, ZoneInfo(name)):%H:%M}" == "01:00"


def test_february_is_long_enough_for_a_label() -> None:
    least_days = 29  # between two labels: more than February has
    width = 365 / least_days * PIXELS
    found = texts("UTC", "2026-01-01 00:00", 24 * 365, width)
    assert found == ["Jan 2026", "Apr", "Jul", "Oct", "Jan 2027"]


@pytest.mark.parametrize(
    ("left", "right"),
    [(-1e15, 2e15), (-7e13, 3e13), (0.0, 3e14), (-6.3e13, -6e13), (2e14, 2.6e14), (0.0, 1e300)],
)
def test_a_view_beyond_the_calendar_is_labelled_as_far_as_that_goes(
    left: float, right: float
) -> None:
    ticks = TimeLabels(ZoneInfo("Europe/Berlin")).ticks(left, right, 1_400, PIXELS)
    assert len(ticks) <= 1_400 / PIXELS + 1
    assert all(1_000 <= int(tick.text) <= 8_000 for tick in ticks)
    assert TimeLabels(UTC).full(1e15) == TimeLabels(UTC).full(-1e15) == ""
    assert TimeLabels(UTC).full(float("nan")) == ""


def test_centuries_have_round_years() -> None:
    left = at("1750-01-01 00:00")
    ticks = TimeLabels(UTC).ticks(left, at("2350-01-01 00:00"), 600, PIXELS)
    assert [tick.text for tick in ticks] == ["1800", "1900", "2000", "2100", "2200", "2300"]


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
