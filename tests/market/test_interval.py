"""Intervals: lengths and starts, against the calendar of the standard library."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.interval import milliseconds, next_start, start_from, start_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIXED = ("1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d")
ALL = (*FIXED, "1w", "1M")

moments = st.datetimes(datetime(1999, 1, 1), datetime(2099, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=UTC, microsecond=moment.microsecond // 1000 * 1000)
)
intervals = st.sampled_from(ALL)


def ms(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


def utc(*parts: int) -> int:
    year, month, day, *rest = parts
    hour, minute, second = (*rest, 0, 0, 0)[:3]
    return ms(datetime(year, month, day, hour, minute, second, tzinfo=UTC))


@pytest.mark.parametrize(
    ("interval", "length"),
    [
        ("1s", 1_000), ("1m", 60_000), ("15m", 900_000), ("1h", 3_600_000), ("12h", 43_200_000),
        ("1d", 86_400_000), ("3d", 259_200_000), ("1w", 604_800_000), ("1M", 2_592_000_000),
    ],
)  # fmt: skip
def test_length_in_milliseconds(interval: str, length: int) -> None:
    assert milliseconds(interval) == length


@pytest.mark.parametrize("word", ["", "m", "1", "1x", "0m", "-1m", "1.5h", "1 m", "²m", "1H", "٣m"])
def test_an_unknown_interval_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="is not an interval"):
        milliseconds(word)


@pytest.mark.parametrize(
    ("interval", "start"),
    [
        ("1s", utc(2026, 11, 22, 12, 34, 56)),
        ("1m", utc(2026, 11, 22, 12, 34)),
        ("15m", utc(2026, 11, 22, 12, 30)),
        ("1h", utc(2026, 11, 22, 12)),
        ("4h", utc(2026, 11, 22, 12)),
        ("8h", utc(2026, 11, 22, 8)),
        ("1d", utc(2026, 11, 22)),
        ("1w", utc(2026, 11, 16)),  # 22 November 2026 is a Sunday
        ("1M", utc(2026, 11, 1)),
    ],
)
def test_candles_that_hold_a_sunday_noon(interval: str, start: int) -> None:
    assert start_of(interval, utc(2026, 11, 22, 12, 34, 56) + 789) == start


@given(moments)
def test_a_week_starts_on_the_monday_before(moment: datetime) -> None:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=moment.weekday())
    assert start_of("1w", ms(moment)) == ms(monday)
    assert next_start("1w", ms(monday)) == ms(monday + timedelta(days=7))


@given(moments)
def test_a_month_starts_on_its_first_and_ends_on_the_next(moment: datetime) -> None:
    first = datetime(moment.year, moment.month, 1, tzinfo=UTC)
    year, month = divmod(moment.year * 12 + moment.month, 12)
    assert start_of("1M", ms(moment)) == ms(first)
    assert next_start("1M", ms(first)) == ms(datetime(year, month + 1, 1, tzinfo=UTC))


@given(moments, st.sampled_from(FIXED))
def test_fixed_intervals_are_counted_from_the_epoch(moment: datetime, interval: str) -> None:
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[interval[-1]]
    length = timedelta(**{unit: int(interval[:-1])})
    assert start_of(interval, ms(moment)) == ms(moment - (moment - EPOCH) % length)


@given(moments, intervals)
def test_a_time_lies_between_its_start_and_the_next(moment: datetime, interval: str) -> None:
    time = ms(moment)
    start = start_of(interval, time)
    assert start <= time < next_start(interval, start)
    assert start_of(interval, start) == start
    assert start_of(interval, next_start(interval, start) - 1) == start
    assert start_of(interval, next_start(interval, start)) == next_start(interval, start)


@given(moments, moments, intervals)
def test_counted_from_a_candle_of_the_calendar_the_start_is_the_calendars(
    known: datetime, moment: datetime, interval: str
) -> None:
    assert start_from(interval, start_of(interval, ms(known)), ms(moment)) == start_of(
        interval, ms(moment)
    )


def test_weeks_are_counted_from_the_thursday_that_an_exchange_begins_them_on() -> None:
    thursday = utc(2026, 11, 12)
    for moment, start in (
        (utc(2026, 11, 12), utc(2026, 11, 12)),
        (utc(2026, 11, 19) - 1, utc(2026, 11, 12)),
        (utc(2026, 11, 19), utc(2026, 11, 19)),
        (utc(2026, 12, 4), utc(2026, 12, 3)),
        (utc(2026, 11, 11, 23, 59, 59), utc(2026, 11, 5)),
    ):
        assert start_from("1w", thursday, moment) == start
