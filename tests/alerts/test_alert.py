"""An alert by itself: what meets its condition, and what firing makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.alerts.alert import Alert, Condition, Trigger, crosses
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")

UP, DOWN, EITHER = Condition.CROSSES_UP, Condition.CROSSES_DOWN, Condition.CROSSES


@pytest.mark.parametrize(
    ("before", "now", "meets"),
    [
        (99, 101, {UP, EITHER}),
        (99, 100, {UP, EITHER}),  # reaching counts
        (100, 101, set()),  # leaving does not
        (101, 99, {DOWN, EITHER}),
        (101, 100, {DOWN, EITHER}),
        (100, 99, set()),
        (100, 100, set()),
        (98, 99, set()),
        (102, 101, set()),
        (1, 1_000, {UP, EITHER}),
    ],
)
def test_a_step_meets_a_condition_on_100(before: float, now: float, meets: set[Condition]) -> None:
    assert {each for each in Condition if crosses(each, 100, before, now)} == meets


prices = st.integers(1, 20).map(float) | st.floats(1e-8, 1e8)


@given(prices, prices, prices)
def test_either_is_up_or_down_and_never_both(level: float, before: float, now: float) -> None:
    up, down = crosses(UP, level, before, now), crosses(DOWN, level, before, now)
    assert crosses(EITHER, level, before, now) == (up or down)
    assert not (up and down)


@given(prices, prices, prices)
def test_up_on_prices_is_down_on_their_mirror(level: float, before: float, now: float) -> None:
    assert crosses(UP, level, before, now) == crosses(DOWN, -level, -before, -now)


def test_firing_keeps_everything_and_adds_the_time() -> None:
    alert = Alert("a", BTC, UP, 100.0)
    fired = alert.fire(1_795_348_800_123)
    assert alert.armed
    assert not fired.armed
    assert fired == Alert("a", BTC, UP, 100.0, Trigger.ONCE, 1_795_348_800_123)


def test_an_alert_that_fired_at_the_epoch_has_fired() -> None:
    assert not Alert("a", BTC, UP, 100.0, fired=0).armed


def test_the_words_of_the_settings_are_those_of_the_contract() -> None:
    assert Condition("crosses_up") is UP
    assert [str(each) for each in Condition] == ["crosses", "crosses_up", "crosses_down"]
    assert str(Trigger.ONCE) == "once"
