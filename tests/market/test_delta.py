"""How buying outweighs selling: in base and in quote, and without the noise of sums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.delta import Delta
from tickglass.market.events import Side, Trade
from tickglass.market.instrument import Instrument
from tickglass.market.tape import Tape

BTC = Instrument("binance", "BTC", "USDT")
NOON = 1_700_654_400_000  # 2023-11-22 12:00 UTC


def tape_of(*trades: tuple[float, float, Side]) -> Tape:
    """A second lies between two trades."""
    tape = Tape()
    for number, (price, size, side) in enumerate(trades):
        tape.add(Trade(BTC, NOON + number * 1_000, "x", price, size, side))
    return tape


def test_in_quote_each_trade_counts_at_its_own_price() -> None:
    tape = tape_of((100.0, 2.0, "buy"), (110.0, 2.0, "sell"))
    assert tape.total("base") == 0.0
    assert tape.total("quote") == -20.0, "200 bought less 220 sold"
    assert tape.delta(1, NOON + 1_000, "quote") == -220.0
    assert tape.delta_by_candle([NOON], "quote").delta.tolist() == [-20.0]


def test_a_gap_begins_both_anew() -> None:
    tape = tape_of((100.0, 2.0, "buy"))
    tape.interrupted()
    assert (tape.total("base"), tape.total("quote"), tape.since) == (0.0, 0.0, None)


@pytest.mark.parametrize("unit", [1.0, 1e9, 1e-9])
def test_what_is_left_of_equal_buying_and_selling_is_nothing(unit: float) -> None:
    delta = Delta()
    delta.count([(NOON, 0.1 * unit), (NOON, 0.2 * unit), (NOON, -0.3 * unit)])
    assert (delta.cumulative, delta.over(10, NOON)) == (0.0, 0.0)


def test_a_small_trade_after_a_large_one_still_counts() -> None:
    delta = Delta()
    delta.count([(NOON, 123_456.0), (NOON + 1, -0.001)])
    assert delta.cumulative == 123_455.999


def test_a_size_that_is_no_number_spoils_no_decimals() -> None:
    delta = Delta()
    delta.count([(NOON, 0.0)])
    delta.count([(NOON, 0.25)])
    assert delta.cumulative == 0.25


@given(
    st.lists(
        st.tuples(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from([-1, 1])),
        min_size=1,
        max_size=60,
    )
)
def test_both_units_agree_with_whole_numbers_added_up(rows: list[tuple[int, int, int]]) -> None:
    tape = tape_of(*((price, size, "buy" if sign > 0 else "sell") for price, size, sign in rows))
    assert tape.total("base") == sum(size * sign for _, size, sign in rows)
    assert tape.total("quote") == pytest.approx(
        sum(price * size * sign for price, size, sign in rows), abs=1.0
    )
