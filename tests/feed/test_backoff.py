"""Waits before dialling again."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.feed.backoff import Backoff

DOUBLING = [1, 2, 4, 8, 16, 32, 60, 60, 60]


class Middle(random.Random):
    """Chance that always lands in the middle."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


def test_waits_double_from_one_second_to_a_minute() -> None:
    backoff = Backoff(Middle())
    assert [backoff.next() for _ in DOUBLING] == DOUBLING


@given(st.integers())
def test_every_wait_is_at_most_a_quarter_longer_or_shorter(seed: int) -> None:
    backoff = Backoff(random.Random(seed))
    for exact in DOUBLING:
        assert exact * 0.75 <= backoff.next() <= exact * 1.25


def test_two_that_begin_together_do_not_dial_together() -> None:
    backoff = Backoff()
    for _ in DOUBLING:
        backoff.next()
    waits = [backoff.next() for _ in range(20)]
    assert all(one != other for one, other in pairwise(sorted(waits)))
    assert max(waits) - min(waits) > 3


@pytest.mark.parametrize("failures", [0, 1, 20])
def test_data_starts_it_over(failures: int) -> None:
    backoff = Backoff(Middle())
    for _ in range(failures):
        backoff.next()
    backoff.reset()
    assert [backoff.next(), backoff.next()] == [1, 2]
