"""Quiet hours."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.delivery.quiet import quiet_until, time_of_day

BERLIN = ZoneInfo("Europe/Berlin")
times = st.times().map(lambda time: f"{time.hour:02}:{time.minute:02}")
moments = st.integers(0, 4_000_000_000_000)


def at(text: str) -> int:
    """A moment of a time in UTC, ms."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-22T21:59", None),
        ("2026-11-22T22:00", "2026-11-23T07:30"),
        ("2026-11-23T00:00", "2026-11-23T07:30"),
        ("2026-11-23T07:29", "2026-11-23T07:30"),
        ("2026-11-23T07:30", None),
    ],
)
def test_quiet_hours_go_past_midnight(now: str, end: str | None) -> None:
    assert quiet_until("22:00", "07:30", at(now), UTC) == (end and at(end))


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-22T11:59", None),
        ("2026-11-22T12:00", "2026-11-22T14:00"),
        ("2026-11-22T14:00", None),
    ],
)
def test_quiet_hours_within_a_day(now: str, end: str | None) -> None:
    assert quiet_until("12:00", "14:00", at(now), UTC) == (end and at(end))


@pytest.mark.parametrize(
    ("start", "end"), [("", ""), ("22:00", ""), ("", "07:00"), ("22:00", "22:00"), ("x", "25:00")]
)
def test_without_both_times_there_are_none(start: str, end: str) -> None:
    assert quiet_until(start, end, at("2026-11-22T23:00"), UTC) is None


def test_they_are_those_of_the_clock_on_the_wall() -> None:
    # 2026-03-29 at 01:00 UTC Berlin goes from +1 to +2 hours: 07:00 there is 05:00 UTC, not 06:00.
    assert quiet_until("22:00", "07:00", at("2026-03-28T21:00"), BERLIN) == at("2026-03-29T05:00")
    assert quiet_until("22:00", "07:00", at("2026-03-28T20:59"), BERLIN) is None


def test_a_time_of_day_is_hours_and_minutes() -> None:
    assert time_of_day("07:05") is not None
    assert [time_of_day(each) for each in ("", "24:00", "7", "07:05:01", "noon")] == [None] * 5


@given(times, times, moments)
def test_they_end_within_a_day_and_are_over_then(start: str, end: str, now: int) -> None:
    until = quiet_until(start, end, now, UTC)
    if until is not None:
        assert now < until <= now + 24 * 3_600_000
        assert quiet_until(start, end, until, UTC) is None
