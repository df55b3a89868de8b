"""Gainers, losers and what was traded most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.events import Ticker
from tickglass.market.instrument import Instrument
from tickglass.market.movers import MOST, Kind, movers, quotes


def ticker(
    base: str,
    last: float | None,
    opened: float | None,
    worth: float | None = 1e6,
    quote: str = "USDT",
    amount: float | None = None,
) -> Ticker:
    instrument = Instrument("binance", base, quote)
    return Ticker(instrument, 1, last, None, None, opened, None, None, amount, worth)


DAY = [
    ticker("UP", 110.0, 100.0, 2e6),
    ticker("DOWN", 80.0, 100.0, 3e6),
    ticker("SAME", 100.0, 100.0, 9e6),
    ticker("MOON", 300.0, 100.0, 5.0),
    ticker("UP", 1.2, 1.0, 7e6, "BTC"),
    ticker("NEW", 5.0, None),
    ticker("GONE", None, 5.0),
]


@pytest.mark.parametrize(
    ("kind", "least", "expected"),
    [
        ("gainers", 0.0, ["MOON", "UP"]),
        ("gainers", 1e5, ["UP"]),
        ("losers", 0.0, ["DOWN"]),
        ("volume", 0.0, ["SAME", "DOWN", "UP", "MOON"]),
        ("volume", 2.5e6, ["SAME", "DOWN"]),
    ],
)
def test_each_kind_has_its_order(kind: Kind, least: float, expected: list[str]) -> None:
    assert [each.instrument.base for each in movers(DAY, kind, "USDT", least)] == expected


def test_a_change_counts_from_the_open() -> None:
    (down,) = movers(DAY, "losers", "USDT")
    assert (down.change, down.last, down.worth) == (pytest.approx(-0.2), 80.0, 3e6)


def test_where_the_worth_is_not_told_it_is_the_amount_at_the_last_price() -> None:
    (only,) = movers([ticker("A", 50.0, 40.0, None, amount=3.0)], "volume", "USDT")
    assert only.worth == 150.0


def test_the_commonest_quotes_come_first_and_the_odd_one_not_at_all() -> None:
    day = [*DAY, ticker("X", 1.0, 1.0, quote="BTC"), ticker("Y", 1.0, 1.0, quote="TRY")]
    assert quotes(day) == ["USDT", "BTC"]


numbers = st.one_of(st.none(), st.floats(0.0, 1e6))


@given(st.lists(st.tuples(numbers, numbers, numbers), max_size=80), st.floats(0, 1e6))
def test_what_is_listed_moved_that_way_and_in_that_order(
    rows: list[tuple[float | None, float | None, float | None]], least: float
) -> None:
    day = [ticker(f"C{number}", *row) for number, row in enumerate(rows)]
    for kind, sign in (("gainers", 1), ("losers", -1)):
        found = movers(day, kind, "USDT", least)  # type: ignore[arg-type]
        changes = [each.change * sign for each in found]
        assert changes == sorted(changes, reverse=True)
        assert all(change > 0 for change in changes)
        assert all(each.worth >= least for each in found)
        assert len(found) <= MOST
