"""Currencies move about as much as their volatility says, and their moods come and go."""

import statistics
from random import Random

from tickglass.market.interval import DAY, MINUTE
from tickglass.simulator.currency import BURST, CALM, TREND, Currency

START = 1_795_348_800_000


def test_a_calm_day_moves_as_the_volatility_says() -> None:
    days = []
    for seed in range(300):
        currency = Currency(Random(seed), 0.03, START)
        days.append(currency.at(START + DAY) - 1.0)
    assert 0.025 < statistics.pstdev(days) < 0.035


def test_the_level_stands_still_while_no_time_passes() -> None:
    currency = Currency(Random(1), 0.03, START)
    level = currency.at(START + 1_000)
    assert currency.at(START + 1_000) == level
    assert currency.at(START) == level


def test_every_mood_comes_and_goes() -> None:
    currency = Currency(Random(1), 0.03, START)
    seen = []
    for minute in range(3_000):
        currency.turn(START + minute * MINUTE)
        seen.append(currency.mood)
    assert {*seen} == {CALM, TREND, BURST}
    assert 0.005 < seen.count(BURST) / len(seen) < 0.08


def test_it_stays_within_reason_for_a_month() -> None:
    currency = Currency(Random(5), 0.05, START)
    for minute in range(0, 30 * 24 * 60, 5):
        currency.turn(START + minute * MINUTE)
        assert 0.2 < currency.at(START + minute * MINUTE) < 5.0
