"""One pair on several exchanges: the best offers, the spread and the premiums."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.instrument import Instrument
from tickglass.market.pair_view import Venue, pair_view, spread_share

A, B, C = (Instrument(name, "BTC", "USDT") for name in ("binance", "bybit", "okx"))


def test_the_best_bid_is_the_highest_and_the_best_ask_the_lowest() -> None:
    view = pair_view(
        [Venue(A, 100.0, 99.0, 101.0), Venue(B, 100.0, 99.5, 100.9), Venue(C, 100.0, 99.4, 100.5)]
    )
    assert (view.best_bid, view.bid_at) == (99.5, B)
    assert (view.best_ask, view.ask_at) == (100.5, C)
    assert view.spread == pytest.approx(1.0 / 100.0)


def test_of_equal_offers_the_first_exchange_has_the_best() -> None:
    view = pair_view([Venue(A, 1.0, 1.0, 2.0), Venue(B, 1.0, 1.0, 2.0)])
    assert (view.bid_at, view.ask_at) == (A, A)


def test_exchanges_that_cross_have_a_spread_below_zero() -> None:
    view = pair_view([Venue(A, 1.0, 101.0, 102.0), Venue(B, 1.0, 98.0, 99.0)])
    assert view.spread == pytest.approx(-2.0 / 100.0)


def test_premiums_are_shares_of_the_median() -> None:
    view = pair_view(
        [Venue(A, 99.0, None, None), Venue(B, 100.0, None, None), Venue(C, 102.0, 1, 2)]
    )
    assert view.median == 100.0
    assert view.premiums == {
        A: pytest.approx(-0.01), B: pytest.approx(0.0), C: pytest.approx(0.02)
    }  # fmt: skip


def test_of_two_exchanges_the_median_is_their_middle() -> None:
    view = pair_view([Venue(A, 99.0, None, None), Venue(B, 101.0, None, None)])
    assert view.median == 100.0
    assert view.premiums[B] == pytest.approx(0.01)


def test_one_exchange_alone_has_no_premium() -> None:
    view = pair_view([Venue(A, 99.0, 98.0, 100.0), Venue(B, None, None, None)])
    assert (view.median, view.premiums) == (99.0, {})
    assert (view.best_bid, view.best_ask) == (98.0, 100.0)


def test_where_nobody_quotes_there_is_nothing() -> None:
    for venues in ([], [Venue(A, None, None, None)], [Venue(A, 0.0, -1.0, math.nan)]):
        view = pair_view(venues)
        assert view == (None, None, None, None, None, {})
        assert view.spread is None


@pytest.mark.parametrize(
    ("bid", "ask", "share"),
    [(99.0, 101.0, 0.02), (None, 1.0, None), (1.0, None, None), (0.0, 0.0, None),
     (1.0, math.inf, None), (1.0, 1.0, 0.0)],
)  # fmt: skip
def test_a_spread_is_a_share_of_the_middle(
    bid: float | None, ask: float | None, share: float | None
) -> None:
    assert spread_share(bid, ask) == (None if share is None else pytest.approx(share))


prices = st.none() | st.floats(-1.0, 1e9)


@given(st.lists(st.tuples(prices, prices, prices), max_size=6))
def test_no_offer_is_better_than_the_best(rows: list[tuple[float | None, ...]]) -> None:
    venues = [
        Venue(Instrument(f"x{number}", "A", "B"), last, bid, ask)
        for number, (last, bid, ask) in enumerate(rows)
    ]
    view = pair_view(venues)
    bids = [each.bid for each in venues if each.bid is not None and each.bid > 0]
    asks = [each.ask for each in venues if each.ask is not None and each.ask > 0]
    assert view.best_bid == max(bids, default=None)
    assert view.best_ask == min(asks, default=None)
    assert len(view.premiums) != 1
    if view.premiums:
        assert min(view.premiums.values()) <= 0 <= max(view.premiums.values())
