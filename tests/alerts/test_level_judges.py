"""Judges of where a price is, each heard alone."""

import pytest

from tickglass.alerts.condition import DayChange, Kind, PriceChannel, PriceLevel, Spread, Steps
from tickglass.alerts.judge import Hears, Judge
from tickglass.alerts.level_judges import Crosses, InChannel, IsBeyond, IsChanged, StepsOf

LAST = Hears("last")


def told(judge: Judge, *prices: float) -> list[bool]:
    """Whether each of some prices struck, a second apart."""
    return [judge.see(price, second * 1_000) for second, price in enumerate(prices)]


def beyond(kind: Kind, value: float) -> IsBeyond:
    return IsBeyond(LAST, PriceLevel(kind, value))


def crossing(kind: Kind, value: float = 100.0) -> Crosses:
    return Crosses(LAST, PriceLevel(kind, value))


def channel(kind: Kind) -> InChannel:
    return InChannel(LAST, PriceChannel(kind, 90.0, 110.0))


def test_being_above_strikes_as_it_becomes_so_and_at_the_first_price_of_all() -> None:
    assert told(beyond(Kind.ABOVE, 100.0), 100.0, 100.1, 101.0, 99.0, 102.0) == [
        False, True, False, False, True
    ]  # fmt: skip
    assert told(beyond(Kind.ABOVE, 100.0), 101.0) == [True]
    assert told(beyond(Kind.BELOW, 100.0), 101.0, 100.0, 99.9) == [False, False, True]


def test_after_a_gap_being_so_is_no_news() -> None:
    judge = beyond(Kind.ABOVE, 100.0)
    told(judge, 99.0)
    judge.forget()
    assert told(judge, 101.0) == [False]
    assert judge.holds


def test_reaching_a_level_crosses_it_and_leaving_it_does_not() -> None:
    assert told(crossing(Kind.CROSSES_UP), 99.0, 100.0, 101.0) == [False, True, False]
    assert told(crossing(Kind.CROSSES_DOWN), 101.0, 100.0, 99.0) == [False, True, False]
    assert told(crossing(Kind.CROSSES), 99.0, 101.0, 99.0) == [False, True, True]
    assert told(crossing(Kind.CROSSES_UP), 101.0, 99.0) == [False, False]


def test_a_crossing_holds_until_the_price_is_back() -> None:
    judge = crossing(Kind.CROSSES_UP)
    told(judge, 99.0, 101.0, 100.0)
    assert judge.holds
    told(judge, 99.9)
    assert not judge.holds


def test_what_lies_between_two_prices_around_a_gap_is_not_crossed() -> None:
    judge = crossing(Kind.CROSSES)
    told(judge, 99.0)
    judge.forget()
    assert told(judge, 101.0, 99.0) == [False, True]


def test_a_channel_is_entered_and_left_only_by_an_event() -> None:
    assert told(channel(Kind.ENTERS), 100.0, 111.0, 110.0) == [False, False, True]
    assert told(channel(Kind.LEAVES), 120.0, 100.0, 89.0) == [False, False, True]
    assert told(channel(Kind.INSIDE), 100.0, 111.0, 90.0) == [True, False, True]
    assert told(channel(Kind.OUTSIDE), 100.0, 110.5) == [False, True]


def test_another_step_is_another_multiple_and_not_the_same_again() -> None:
    judge = StepsOf(LAST, Steps(500.0))
    # 1,000 is reached, left, reached from above (the same); 1,500 is another; 1,000 again is one.
    assert told(judge, 990.0, 1_000.0, 1_010.0, 1_000.0, 1_600.0, 900.0) == [
        False, True, False, False, True, True
    ]  # fmt: skip
    assert judge.memory == (2.0,)


def test_of_several_steps_at_once_the_last_counts() -> None:
    judge = StepsOf(LAST, Steps(500.0))
    assert told(judge, 990.0, 2_600.0, 2_500.0, 2_400.0) == [False, True, False, False]
    assert judge.memory == (5.0,)


def test_a_change_strikes_as_it_goes_beyond_its_share() -> None:
    day = IsChanged(Hears("day"), DayChange(Kind.DAY_BELOW, -5.0))
    assert told(day, -0.04, -0.051, -0.06, -0.05, -0.07) == [False, True, False, False, True]
    apart = IsChanged(Hears("spread", "okx"), Spread("okx", 0.5))
    assert told(apart, 0.004, -0.005, 0.006) == [False, True, False]


@pytest.mark.parametrize(
    ("judge", "at", "away", "back"),
    [
        (beyond(Kind.ABOVE, 100.0), 101.0, 99.1, 99.0),  # 1 % below
        (beyond(Kind.BELOW, 100.0), 99.0, 100.9, 101.0),
        (crossing(Kind.CROSSES_UP), 101.0, 99.1, 99.0),
        (crossing(Kind.CROSSES), 100.0, 100.9, 101.0),
        (channel(Kind.INSIDE), 100.0, 111.0, 111.1),
        (channel(Kind.OUTSIDE), 120.0, 109.0, 108.0),
    ],
)
def test_it_is_back_by_the_band_and_not_before(
    judge: Judge, at: float, away: float, back: float
) -> None:
    told(judge, at)
    assert not judge.cleared(0.01)
    told(judge, away)
    assert not judge.cleared(0.01)
    told(judge, back)
    assert judge.cleared(0.01)


def test_the_distance_is_a_share_of_the_price() -> None:
    up = crossing(Kind.CROSSES_UP)
    assert up.distance is None
    told(up, 80.0)
    assert up.distance == pytest.approx(0.25)
    inside = channel(Kind.INSIDE)
    told(inside, 120.0)
    assert inside.distance == pytest.approx(10 / 120)
    told(inside, 100.0)
    assert inside.distance == 0.0
    step = StepsOf(LAST, Steps(500.0))
    told(step, 900.0)
    assert step.distance == pytest.approx(100 / 900)
    day = IsChanged(Hears("day"), DayChange(Kind.DAY_ABOVE, 5.0))
    told(day, 0.02)
    assert day.distance == pytest.approx(0.03)
