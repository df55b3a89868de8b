"""Conditions refuse numbers that cannot be, each with a sentence."""

import math
from typing import Any

import pytest

from tickglass.alerts.condition import FAMILIES, Kind, PriceLevel, Source, Unit, make
from tickglass.errors import UsageError

# What each kind needs beside its defaults.
NEEDS: dict[str, dict[str, Any]] = {
    "PriceLevel": {"value": 100.0},
    "PriceChannel": {"low": 90.0, "high": 110.0},
    "Move": {"amount": 1.0},
    "DayChange": {"percent": -5.0},
    "Trail": {"percent": 2.0},
    "Steps": {"amount": 500.0},
    "Moved": {"amount": 1.0},
    "Spread": {"other": "okx", "percent": 0.5},
}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_made_and_says_which_it_is(kind: Kind) -> None:
    family = FAMILIES[kind]
    made = make(kind, **NEEDS.get(family.__name__, {}))  # type: ignore[attr-defined]
    assert made.kind is kind


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        (Kind.ABOVE, {"value": 0.0}),
        (Kind.ABOVE, {"value": math.nan}),
        (Kind.CROSSES, {"value": math.inf}),
        (Kind.CROSSES, {"value": 1.0, "interval": "soon"}),
        (Kind.INSIDE, {"low": 110.0, "high": 90.0}),
        (Kind.INSIDE, {"low": 90.0, "high": 90.0}),
        (Kind.INSIDE, {"low": 90.0, "high": math.inf}),
        (Kind.MOVES, {"amount": 0.0}),
        (Kind.MOVES, {"amount": 1_000.1}),
        (Kind.MOVES, {"amount": 1.0, "window": 9}),
        (Kind.MOVES, {"amount": 1.0, "window": 86_401}),
        (Kind.DAY_ABOVE, {"percent": -1_000.1}),
        (Kind.TRAILS_HIGH, {"percent": 100.0}),
        (Kind.STEPS, {"amount": -500.0}),
        (Kind.SPREAD, {"other": "  ", "percent": 1.0}),
        (Kind.VOLUME_SPIKE, {"times": 1.0}),
        (Kind.VOLUME_SPIKE, {"window": 14_401}),
        (Kind.VOLUME_SPIKE, {"window": 14_400, "windows": 43}),
        (Kind.EMA_CROSS, {"fast": 21, "slow": 9}),
        (Kind.EMA_CROSS, {"fast": 1}),
        (Kind.MACD_CROSS, {"signal": 501}),
        (Kind.RSI_LEAVES, {"low": 70.0, "high": 30.0}),
        (Kind.NEW_LOW, {"length": 1}),
        (Kind.NO_DATA, {"seconds": 5}),
    ],
)
def test_numbers_that_cannot_be_are_refused(kind: Kind, numbers: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        make(kind, **numbers)
    assert refused.value.sentence.endswith(".")


def test_the_widest_that_is_allowed_is_allowed() -> None:
    make(Kind.VOLUME_SPIKE, window=14_400, windows=42)  # 7 days
    make(Kind.TRAILS_LOW, percent=100.0)  # a price may double
    make(Kind.MOVES, amount=2_000.0, unit=Unit.PRICE)  # an amount, not per cent
    assert make(Kind.ABOVE, value=5.0) == PriceLevel(Kind.ABOVE, 5.0, Source.LAST, "1m")
