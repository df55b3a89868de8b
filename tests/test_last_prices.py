"""Last prices across starts: kept with their time, never live, never more than they say."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.last_prices import MOST, Kept, dump, load
from tickglass.market.events import Trade
from tickglass.market.freshness import Freshness, Link
from tickglass.market.instrument import Instrument
from tickglass.market.store import Store

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("binance", "ETH", "USDT")
MINUTE = 60_000


def traded(price: float, time: int) -> Store:
    store, link = Store(), Link("binance", 1)
    link.open(50.0)
    store.apply(Trade(BTC, time, "1", price, 1.0, "buy"), link)
    return store


def test_a_price_is_found_again_with_its_time() -> None:
    text = dump(traded(0.00001234, 1_795_000_000_000), [BTC, ETH])
    assert load(json.loads(text)) == {BTC: Kept(0.00001234, 1_795_000_000_000)}


def test_a_price_of_an_earlier_run_is_lost_and_says_its_age() -> None:
    store, now = Store(), 1_795_000_000_000
    store.recall(BTC, 100.0, now - 90 * MINUTE, now, now=7.0)
    state = store.state(BTC)
    assert (state.last, state.time) == (100.0, now - 90 * MINUTE)
    assert state.freshness(7.0) is Freshness.LOST
    assert state.age(8.0) == 90 * 60 + 1.0
    assert BTC in store.take_changed()


def test_a_connection_alone_does_not_make_it_live() -> None:
    store, link = Store(), Link("binance", 1)
    store.recall(BTC, 100.0, 1_000, 61_000, now=7.0)
    link.open(8.0)
    store.state(BTC).link = link
    assert store.state(BTC).freshness(8.0) is Freshness.LOST
    store.apply(Trade(BTC, 62_000, "1", 101.0, 1.0, "buy"), link)
    assert store.state(BTC).freshness(8.0) is Freshness.LIVE


def test_what_is_known_already_is_not_replaced() -> None:
    store = traded(100.0, 5_000)
    store.recall(BTC, 90.0, 4_000, 6_000, now=60.0)
    assert store.state(BTC).last == 100.0


def test_a_clock_that_was_set_back_makes_no_price_of_the_future() -> None:
    store = Store()
    store.recall(BTC, 100.0, time=9_000, now_ms=5_000, now=7.0)
    assert store.state(BTC).age(7.0) == 0.0


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"prices": 5},
        {"prices": {"binance:BTC/USDT": 5}},
        {"prices": {"binance:BTC/USDT": [1.0]}},
        {"prices": {"binance:BTC/USDT": ["1.0", 5]}},
        {"prices": {"binance:BTC/USDT": [True, 5]}},
        {"prices": {"binance:BTC/USDT": [float("nan"), 5]}},
        {"prices": {"binance:BTC/USDT": [-1.0, 5]}},
        {"prices": {"binance:BTC/USDT": [1.0, 5.5]}},
        {"prices": {"nonsense": [1.0, 5]}},
    ],
)
def test_rubbish_is_no_price(document: dict[str, object]) -> None:
    assert load(document) == {}


def test_there_is_an_end_to_how_many_are_kept() -> None:
    rows = {f"binance:C{number}/USDT": [1.0, 5] for number in range(MOST + 3)}
    assert len(load({"prices": rows})) == MOST


@given(st.floats(min_value=1e-12, max_value=1e9), st.integers(1, 2**52))
def test_every_price_comes_back_exactly(price: float, time: int) -> None:
    assert load(json.loads(dump(traded(price, time), [BTC]))) == {BTC: Kept(price, time)}
