"""History is long, seeded, without holes, and the same however it is read."""

import numpy as np
import pytest

from tickglass.market.interval import DAY, HOUR, MINUTE, SECOND
from tickglass.simulator.history import DAYS, History
from tickglass.simulator.market import Market
from tickglass.simulator.pairs import pairs
from tickglass.simulator.rows import CLOSE, FIRST_TRADE, HIGH, LOW, OPEN, START, TRADES, add_up

from .conftest import START as NOW


def history(start: int = NOW, index: int = 0, seed: int = 7) -> History:
    return Market(seed, pairs(48), start, 100.0)._history(index)


STARTS = [NOW, NOW // DAY * DAY, NOW // HOUR * HOUR, NOW // MINUTE * MINUTE, NOW // DAY * DAY + 1]


@pytest.mark.parametrize("start", STARTS)
def test_the_last_close_is_the_start_price(start: int) -> None:
    made = history(start)
    price = pairs(1)[0].price_ticks
    assert made.days()[-1, CLOSE] == price
    assert made.hours(start - DAY, start)[-1, CLOSE] == price
    assert made.minutes(start - HOUR, start)[-1, CLOSE] == price
    assert made.seconds(start - MINUTE, start)[-1, CLOSE] == price


@pytest.mark.parametrize("start", STARTS)
def test_parts_add_up_to_days_up_to_the_last_second(start: int) -> None:
    made = history(start)
    days = made.days()[-3:]
    first = int(days[0, START])
    for rows in (made.hours(first, start), made.minutes(first, start)):
        assert add_up(rows, days[:, START]).tolist() == days.tolist()
    minutes = made.minutes(start - HOUR, start)[1:]
    seconds = made.seconds(int(minutes[0, START]), start)
    assert add_up(seconds, minutes[:, START]).tolist() == minutes.tolist()
    assert seconds[-1, START] + SECOND == start // SECOND * SECOND


def test_there_are_no_holes_and_no_jumps() -> None:
    made = history()
    for rows, step in (
        (made.days(), DAY),
        (made.hours(0, NOW), HOUR),
        (made.minutes(NOW - 3 * DAY, NOW), MINUTE),
        (made.seconds(NOW - 3 * HOUR, NOW), SECOND),
    ):
        assert {*np.diff(rows[:, START]).tolist()} == {step}
        assert (rows[1:, OPEN] == rows[:-1, CLOSE]).all()
        assert (rows[1:, FIRST_TRADE] == rows[:-1, FIRST_TRADE] + rows[:-1, TRADES]).all()
        assert (rows[:, LOW] <= rows[:, OPEN : CLOSE + 1].min(axis=1)).all()
        assert (rows[:, HIGH] >= rows[:, OPEN : CLOSE + 1].max(axis=1)).all()
        assert (rows[:, LOW] > 0).all()


def test_pages_are_the_same_as_the_whole() -> None:
    whole = history().minutes(NOW - 2 * DAY, NOW)
    other = history()
    middle = NOW - 30 * HOUR
    pages = [other.minutes(middle, NOW), other.minutes(NOW - 2 * DAY, middle)]
    assert np.concatenate(pages[::-1]).tolist() == whole.tolist()


def test_another_seed_is_another_history() -> None:
    assert history(seed=7).days().tolist() == history(seed=7).days().tolist()
    assert history(seed=7).days().tolist() != history(seed=8).days().tolist()


def test_most_pairs_go_back_three_years_and_some_were_listed_later() -> None:
    ages = [(NOW - history(index=index).listed) / DAY for index in range(48)]
    assert sum(age > 3 * 365 for age in ages) >= 30
    assert 2 <= sum(age < 1_000 for age in ages) <= 16
    assert max(ages) <= DAYS + 1


def test_pairs_of_one_coin_move_together() -> None:
    dollars, euros = (history(index=index).days()[-300:, CLOSE] for index in (0, 7))
    moves = [np.diff(np.log(closes)) for closes in (dollars, euros)]
    assert np.corrcoef(*moves)[0, 1] > 0.9
