"""The table of pairs is complete and consistent, and invented pairs fill it up."""

from decimal import Decimal

import pytest

from tickglass.market.instrument import decimals
from tickglass.simulator.pairs import DOLLAR_TABLE, MOST_PAIRS, TABLE, pairs


def test_the_table_has_the_pairs_that_were_promised() -> None:
    assert len(TABLE) >= 48
    quotes = {pair.quote_ccy for pair in pairs(len(TABLE))}
    assert quotes == {"USDT", "USDC", "FDUSD", "EUR", "BTC", "ETH"}


@pytest.mark.parametrize("number", [1, 48, 2_000])
def test_as_many_pairs_as_asked_each_once(number: int) -> None:
    found = pairs(number)
    assert len({(pair.base, pair.quote_ccy) for pair in found}) == number


def test_every_price_is_a_whole_number_of_ticks_with_room_to_move() -> None:
    for pair in pairs(2_000):
        assert pair.price_ticks * pair.tick_size == pair.price, pair
        assert pair.price_ticks >= 600, pair
        assert decimals(pair.tick_size) <= 8
        assert decimals(pair.lot_size) <= 5


def test_the_busiest_pair_is_bitcoin_and_a_coin_costs_a_hundred_thousandth() -> None:
    found = pairs(len(TABLE))
    assert found[0][:2] == ("BTC", "USDT")
    assert max(found, key=lambda pair: pair.volume) is found[0]
    assert min(pair.price for pair in found if pair.quote_ccy == "USDT") < Decimal("0.00002")


def test_pairs_come_in_the_order_of_their_volume() -> None:
    volumes = [pair.volume for pair in pairs(2_000)]
    assert volumes == sorted(volumes, reverse=True)


@pytest.mark.parametrize(
    ("exchange", "dollars"),
    [
        ("binance", {"USDT", "USDC", "FDUSD"}),
        ("bybit", {"USDT", "USDC"}),
        ("okx", {"USDT", "USDC", "USD"}),
        ("coinbase", {"USDT", "USDC", "USD"}),
        ("kucoin", {"USDT", "USDC"}),
    ],
)
def test_an_exchange_quotes_in_the_dollars_that_it_knows(exchange: str, dollars: set[str]) -> None:
    quotes = {pair.quote_ccy for pair in pairs(100, exchange)}
    assert quotes == dollars | {"EUR", "BTC", "ETH"}


@pytest.mark.parametrize("exchange", ["binance", "bybit", "okx", "coinbase", "kucoin"])
def test_every_exchange_has_as_many_pairs_as_there_can_be_each_once(exchange: str) -> None:
    found = pairs(MOST_PAIRS, exchange)
    assert len({(pair.base, pair.quote_ccy) for pair in found}) == len(found) == MOST_PAIRS
    volumes = [pair.volume for pair in found]
    assert volumes == sorted(volumes, reverse=True)


def test_an_exchange_that_is_not_in_the_table_has_no_pairs_in_dollars() -> None:
    assert pairs(200, "elsewhere") == pairs(200)


def test_an_invented_coin_has_no_name_of_a_real_one() -> None:
    real = {name for row in TABLE + DOLLAR_TABLE for name in row[:2]}
    invented = [pair.base for pair in pairs(MOST_PAIRS, "okx") if pair.base not in real]
    listed = sum(row[1] != "FDUSD" for row in TABLE + DOLLAR_TABLE)
    assert len(invented) == len(set(invented)) == MOST_PAIRS - listed
