"""What a change is counted from: bases as settings, their moments, and days of odd length."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.change import Basis, basis_of, setting_of

BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1000


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("24h", Basis()),
        ("utc", Basis("utc")),
        ("local", Basis("local")),
        ("2026-11-20T12:00Z", Basis("since", ms("2026-11-20T12:00+00:00"))),
        ("2026-11-20T12:00+02:00", Basis("since", ms("2026-11-20T10:00+00:00"))),
        ("2026-11-20T12:00", Basis()),
        ("yesterday", Basis()),
        ("", Basis()),
    ],
)
def test_a_setting_names_a_basis_and_anything_else_24_hours(text: str, basis: Basis) -> None:
    assert basis_of(text) == basis


@pytest.mark.parametrize(
    ("basis", "zone", "now", "start"),
    [
        (Basis(), BERLIN, "2026-11-22T15:30+00:00", "2026-11-21T15:30+00:00"),
        (Basis("utc"), KOLKATA, "2026-11-22T23:59+00:00", "2026-11-22T00:00+00:00"),
        (Basis("utc"), BERLIN, "2026-11-22T00:00+00:00", "2026-11-22T00:00+00:00"),
        (Basis("local"), BERLIN, "2026-11-22T15:30+00:00", "2026-11-21T23:00+00:00"),
        # half an hour off UTC's hours
        (Basis("local"), KOLKATA, "2026-11-22T18:31+00:00", "2026-11-22T18:30+00:00"),
        (Basis("local"), KOLKATA, "2026-11-22T18:29+00:00", "2026-11-21T18:30+00:00"),
        # the days of 23 and of 25 hours: midnight had another offset than now
        (Basis("local"), BERLIN, "2026-03-29T20:00+00:00", "2026-03-28T23:00+00:00"),
        (Basis("local"), BERLIN, "2026-10-25T22:30+00:00", "2026-10-24T22:00+00:00"),
        # the clocks went from 0:00 to 1:00: there was no midnight
        (Basis("local"), SAO_PAULO, "2018-11-04T15:00+00:00", "2018-11-04T03:00+00:00"),
    ],
)
def test_changes_count_from_that_moment(basis: Basis, zone: ZoneInfo, now: str, start: str) -> None:
    assert basis.start(ms(now), zone) == ms(start)


def test_the_machines_own_midnight_is_no_later_than_now() -> None:
    now = ms("2026-11-22T15:30+00:00")
    start = Basis("local").start(now, None)
    local = datetime.fromtimestamp(start / 1000)
    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert 0 <= now - start < 24 * 3_600_000


@given(st.integers(1_262_304_000, 1_893_456_000), st.sampled_from([BERLIN, KOLKATA, SAO_PAULO]))
def test_from_the_start_to_now_it_is_one_and_the_same_day(seconds: int, zone: ZoneInfo) -> None:
    start = Basis("local").start(seconds * 1000, zone) // 1000
    now, first, before = (
        datetime.fromtimestamp(each, UTC).astimezone(zone).date()
        for each in (seconds, start, start - 1)
    )
    assert now == first
    assert before < first


@pytest.mark.parametrize(
    ("basis", "title"),
    [
        (Basis(), "24 h"),
        (Basis("utc"), "UTC day"),
        (Basis("local"), "Today"),
        (basis_of("2026-11-20T12:00Z"), "Since 20.11. 13:00"),
    ],
)
def test_a_change_is_always_labelled(basis: Basis, title: str) -> None:
    assert basis.title(BERLIN) == title


def test_a_moment_is_named_to_the_minute_and_read_again() -> None:
    named = setting_of(ms("2026-11-20T12:00:59+00:00"))
    assert named == "2026-11-20T12:00Z"
    assert basis_of(named).moment == ms("2026-11-20T12:00+00:00")
