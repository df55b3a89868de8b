"""Trades that come twice."""

from hypothesis import given
from hypothesis import strategies as st

from tickglass.feed.duplicates import IDS_KEPT, SeenTrades
from tickglass.market.events import Trade
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("binance", "ETH", "USDT")


def trade(number: int, instrument: Instrument = BTC) -> Trade:
    return Trade(instrument, 1, str(number), 1.0, 1.0, "buy")


def test_a_trade_is_new_once() -> None:
    seen = SeenTrades()
    assert [seen.is_new(trade(number)) for number in (1, 2, 1, 2, 3)] == [
        True, True, False, False, True,
    ]  # fmt: skip


def test_the_same_id_on_another_instrument_is_another_trade() -> None:
    seen = SeenTrades()
    assert seen.is_new(trade(1))
    assert seen.is_new(trade(1, ETH))


def test_two_connections_that_overlap_give_every_trade_once() -> None:
    seen = SeenTrades()
    old, new = range(100), range(80, 150)
    taken = [number for number in [*old, *new] if seen.is_new(trade(number))]
    assert taken == list(range(150))


def test_only_the_newest_ids_are_remembered() -> None:
    seen = SeenTrades()
    for number in range(IDS_KEPT + 1):
        seen.is_new(trade(number))
    assert not seen.is_new(trade(IDS_KEPT))
    assert not seen.is_new(trade(1))
    assert seen.is_new(trade(0))  # the oldest made room


def test_what_is_forgotten_is_new_again() -> None:
    seen = SeenTrades()
    seen.is_new(trade(1))
    seen.is_new(trade(1, ETH))
    seen.forget(BTC)
    seen.forget(BTC)
    assert seen.is_new(trade(1))
    assert not seen.is_new(trade(1, ETH))


@given(st.lists(st.integers(0, 40), max_size=120))
def test_within_the_memory_a_trade_is_new_exactly_at_its_first_time(numbers: list[int]) -> None:
    seen = SeenTrades()
    for index, number in enumerate(numbers):
        assert seen.is_new(trade(number)) == (number not in numbers[:index])


def test_ids_that_are_no_numbers_are_told_apart_all_the_same() -> None:
    seen = SeenTrades()
    ids = ["68bc1c35-dcc0-58e8", "68bc1c35-dcc0-58e9", "9" * 10_000, ""]
    trades = [Trade(BTC, 1, each, 1.0, 1.0, "buy") for each in ids]
    assert all(seen.is_new(each) for each in trades)
    assert not any(seen.is_new(each) for each in trades)
