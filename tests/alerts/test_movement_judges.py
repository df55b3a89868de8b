"""Judges of how far a price went, each heard alone."""

import pytest

from tickglass.alerts.condition import Kind, Move, Moved, Trail, Unit
from tickglass.alerts.judge import Hears, Judge
from tickglass.alerts.movement_judges import HasMoved, MovesWithin, Trails

LAST = Hears("last")


def told(judge: Judge, *path: tuple[float, float]) -> list[bool]:
    """Whether each price struck: seconds and prices."""
    return [judge.see(price, round(second * 1_000)) for second, price in path]


def moves(kind: Kind, amount: float, window: int = 60, unit: Unit = Unit.PERCENT) -> MovesWithin:
    return MovesWithin(LAST, Move(kind, amount, unit, window))


def trails(kind: Kind, percent: float = 10.0) -> Trails:
    return Trails(LAST, Trail(kind, percent))


def test_a_move_is_measured_from_the_extreme_of_its_window() -> None:
    judge = moves(Kind.MOVES_UP, 2.0)
    assert told(judge, (0, 101.0), (10, 100.0), (20, 101.9), (30, 102.0), (31, 103.0)) == [
        False, False, False, True, False
    ]  # fmt: skip


def test_a_price_that_has_left_the_window_counts_no_more() -> None:
    assert told(moves(Kind.MOVES_UP, 2.0), (0, 100.0), (70, 102.0)) == [False, False]
    assert told(moves(Kind.MOVES_UP, 2.0), (0, 100.0), (59, 102.0)) == [False, True]


def test_up_down_and_either_way_are_told_apart() -> None:
    fall, rise = ((0, 100.0), (1, 97.0)), ((0, 100.0), (1, 103.0))
    assert told(moves(Kind.MOVES_DOWN, 3.0), *fall) == [False, True]
    assert told(moves(Kind.MOVES_DOWN, 2.0), *rise) == [False, False]
    assert told(moves(Kind.MOVES, 3.0), *fall) == [False, True]
    assert told(moves(Kind.MOVES, 3.0), *rise) == [False, True]


def test_an_amount_in_the_quote_currency_is_no_share() -> None:
    judge = moves(Kind.MOVES_UP, 3.0, unit=Unit.PRICE)
    assert told(judge, (0, 1_000.0), (1, 1_002.9), (2, 1_003.0)) == [False, False, True]


def test_what_was_before_the_first_price_counts_once_it_is_known() -> None:
    judge = moves(Kind.MOVES_UP, 2.0)
    told(judge, (30, 101.0))
    judge.seed([(10_000, 100.0)])
    assert told(judge, (31, 102.0)) == [True]


def test_a_high_is_trailed_from_as_it_rises() -> None:
    judge = trails(Kind.TRAILS_HIGH)
    path = ((0, 100.0), (1, 120.0), (2, 109.0), (3, 108.0), (4, 107.0), (5, 121.0), (6, 108.9))
    assert told(judge, *path) == [False, False, False, True, False, False, True]
    assert judge.memory == (121.0,)
    assert judge.level == pytest.approx(108.9)


def test_a_low_is_trailed_from_as_it_falls() -> None:
    judge = trails(Kind.TRAILS_LOW)
    assert told(judge, (0, 100.0), (1, 80.0), (2, 87.0), (3, 88.0)) == [False, False, False, True]


def test_once_it_fired_the_extreme_counts_from_there() -> None:
    judge = trails(Kind.TRAILS_HIGH)
    told(judge, (0, 100.0), (1, 90.0))
    judge.fired(90.0)
    assert told(judge, (2, 82.0), (3, 81.0)) == [False, True]


def test_moved_counts_from_the_first_price_and_then_from_where_it_fired() -> None:
    judge = HasMoved(LAST, Moved(5.0))
    assert told(judge, (0, 100.0), (1, 104.9), (2, 95.0)) == [False, False, True]
    judge.fired(95.0)
    assert told(judge, (3, 99.7), (4, 99.75)) == [False, True]
    assert judge.memory == (95.0,)
    assert judge.cleared(0.5)


def test_after_a_gap_having_moved_is_no_news() -> None:
    for judge in (trails(Kind.TRAILS_HIGH), HasMoved(LAST, Moved(5.0)), moves(Kind.MOVES, 5.0)):
        told(judge, (0, 100.0))
        judge.forget()
        assert told(judge, (1, 80.0)) == [False]
        assert judge.holds


def test_the_distance_is_what_is_left_of_the_way() -> None:
    up = moves(Kind.MOVES_UP, 10.0)
    assert up.distance is None
    told(up, (0, 100.0), (1, 104.0))  # 6 of the 10 are left
    assert up.distance == pytest.approx(0.6 * 0.1)
    trail = trails(Kind.TRAILS_HIGH)
    told(trail, (0, 100.0), (1, 95.0))
    assert trail.distance == pytest.approx(5 / 95)
    moved = HasMoved(LAST, Moved(8.0, Unit.PRICE))
    told(moved, (0, 100.0), (1, 102.0))
    assert moved.distance == pytest.approx(6 / 102)


def test_it_is_back_by_the_band_and_not_before() -> None:
    trail = trails(Kind.TRAILS_HIGH)  # strikes at 90
    told(trail, (0, 100.0), (1, 90.0), (2, 90.8))
    assert not trail.cleared(0.01)
    told(trail, (3, 90.9))
    assert trail.cleared(0.01)
