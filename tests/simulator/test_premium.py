"""Exchanges differ a little in price: never by much, never by a jump, and not at the start."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.interval import DAY, SECOND
from tickglass.simulator.premium import Premium

START = 1_795_361_160_000

seeds = st.integers(0, 10_000)
indices = st.integers(0, 5_000)


def premium(seed: int) -> Premium:
    return Premium(Random(seed), START)


@given(seeds, indices)
def test_at_the_start_there_is_none_so_that_history_joins(seed: int, index: int) -> None:
    assert premium(seed).at(START, index) == 1.0


@given(seeds, indices, st.integers(0, 30 * DAY))
def test_it_is_never_more_than_a_thirteenth_of_a_percent(
    seed: int, index: int, passed: int
) -> None:
    # Twice the sum of the waves, 2.0 + 1.2 + 0.6 in ten thousand.
    assert abs(premium(seed).at(START + passed, index) - 1.0) <= 7.6e-4 + 1e-12


@given(seeds, indices, st.integers(0, DAY))
def test_it_moves_by_less_than_a_tenth_of_a_basis_point_in_half_a_second(
    seed: int, index: int, passed: int
) -> None:
    # 2π (2.0 / 1380 + 1.2 / 318 + 0.6 / 54) in ten thousand a second is 1.03e-5.
    waves = premium(seed)
    before, after = (waves.at(START + passed + each, index) for each in (0, SECOND // 2))
    assert abs(after - before) < 1e-5


def test_it_comes_and_goes() -> None:
    waves = premium(3)
    course = [waves.at(START + second * SECOND, 0) for second in range(0, 7_200, 10)]
    turns = sum(
        (after - now) * (now - before) < 0
        for (before, now), after in zip(pairwise(course), course[2:], strict=False)
    )
    assert turns > 20
    assert max(course) - min(course) > 3e-4


def test_exchanges_and_pairs_differ_and_the_same_seed_repeats_itself() -> None:
    moment = START + 12 * 60 * SECOND
    values = [premium(seed).at(moment, index) for seed in range(3) for index in range(3)]
    assert len(set(values)) == 9
    assert values == [premium(seed).at(moment, index) for seed in range(3) for index in range(3)]
