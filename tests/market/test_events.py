"""Events: what is worked out from what the exchange gave."""

from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.events import Level, Ticker, Trade
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")


def ticker(last: float | None, open: float | None) -> Ticker:
    return Ticker(BTC, 1, last, None, None, open, None, None, None, None)


@dataclass
class Case:
    last: float | None
    open: float | None
    change: float | None


@pytest.mark.parametrize(
    "case",
    [
        Case(125.0, 100.0, 0.25),
        Case(75.0, 100.0, -0.25),
        Case(100.0, 100.0, 0.0),
        Case(None, 100.0, None),
        Case(100.0, None, None),
        Case(None, None, None),
        Case(100.0, 0.0, None),
    ],
    ids=str,
)
def test_change_is_last_over_open_less_one_and_unknown_without_both(case: Case) -> None:
    assert ticker(case.last, case.open).change == case.change


prices = st.floats(1e-8, 1e8)


@given(prices, prices)
def test_change_is_what_exact_fractions_give(last: float, open: float) -> None:
    exact = float(Fraction(last) / Fraction(open) - 1)
    assert ticker(last, open).change == pytest.approx(exact, rel=1e-12, abs=1e-12)


def test_events_are_values_that_cannot_be_changed() -> None:
    trade = Trade(BTC, 1, "1", 2.0, 3.0, "buy")
    assert trade == Trade(BTC, 1, "1", 2.0, 3.0, "buy")
    with pytest.raises(AttributeError):
        trade.price = 5.0  # type: ignore[misc]
    assert Level(1.0, 2.0) == (1.0, 2.0)
