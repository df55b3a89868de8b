"""Freshness: a dead price never looks alive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.freshness import Freshness, Link, freshness


def link(since: float = 100.0, heard: float = 100.0, *, up: bool = True) -> Link:
    made = Link("binance", 1)
    made.up, made.since, made.heard = up, since, heard
    return made


def test_what_was_never_seen_is_never_whatever_the_connection_does() -> None:
    assert freshness(100.0, link(), None) is Freshness.NEVER
    assert freshness(100.0, None, None) is Freshness.NEVER
    assert freshness(100.0, link(up=False), None) is Freshness.NEVER


@pytest.mark.parametrize(
    ("now", "seen", "heard", "state"),
    [
        (200.0, 200.0, 200.0, Freshness.LIVE),
        (210.0, 200.0, 210.0, Freshness.LIVE),  # ten seconds are still live …
        (210.1, 200.0, 210.1, Freshness.QUIET),  # … and more are quiet while the link speaks
        (900.0, 200.0, 900.0, Freshness.QUIET),
        (215.0, 200.0, 200.0, Freshness.QUIET),  # the link itself may be silent for fifteen
        (215.1, 200.0, 200.0, Freshness.STALE),
        (900.0, 200.0, 200.0, Freshness.STALE),
    ],
)
def test_over_a_link_that_is_up_age_and_silence_decide(
    now: float, seen: float, heard: float, state: Freshness
) -> None:
    assert freshness(now, link(heard=heard), seen) is state


def test_without_a_link_or_over_one_that_is_down_it_is_lost() -> None:
    assert freshness(200.0, None, 200.0) is Freshness.LOST
    assert freshness(200.0, link(heard=200.0, up=False), 200.0) is Freshness.LOST


def test_a_value_seen_before_the_link_last_came_up_stays_lost_until_it_is_seen_again() -> None:
    cut = link()
    cut.up = False
    cut.open(150.0)
    assert freshness(150.0, cut, 149.0) is Freshness.LOST
    cut.heard = 151.0  # others are heard of: that says nothing of this one
    assert freshness(151.0, cut, 149.0) is Freshness.LOST
    assert freshness(151.0, cut, 151.0) is Freshness.LIVE


def test_a_link_that_changes_its_connection_without_a_gap_keeps_its_values() -> None:
    rotated = link()
    rotated.open(150.0)
    assert rotated.since == 100.0
    assert freshness(150.0, rotated, 149.0) is Freshness.LIVE


def test_opening_is_a_sign_of_life() -> None:
    opened = Link("binance", 1)
    assert not opened.up
    opened.open(50.0)
    assert (opened.up, opened.since, opened.heard, opened.arrived) == (True, 50.0, 50.0, 50.0)


@pytest.mark.parametrize(
    ("state", "trusted"),
    [
        (Freshness.LIVE, True),
        (Freshness.QUIET, True),
        (Freshness.STALE, False),
        (Freshness.LOST, False),
        (Freshness.NEVER, False),
    ],
)
def test_only_live_and_quiet_prices_are_the_markets(state: Freshness, trusted: bool) -> None:
    assert state.trusted is trusted


seconds = st.floats(0, 1_000)


@given(seconds, seconds, seconds, seconds, st.booleans())
def test_time_alone_never_makes_a_value_fresher(
    since: float, heard: float, seen: float, later: float, up: bool
) -> None:
    order = list(Freshness)
    now = max(since, heard, seen)
    over = link(since, heard, up=up)
    before, after = freshness(now, over, seen), freshness(now + later, over, seen)
    assert order.index(after) >= order.index(before)


@given(seconds, seconds, seconds, seconds)
def test_a_trusted_value_was_seen_since_the_link_came_up_and_the_link_spoke_lately(
    since: float, heard: float, seen: float, now: float
) -> None:
    if freshness(now, link(since, heard), seen).trusted:
        assert seen >= since
        assert now - heard <= 15.0
