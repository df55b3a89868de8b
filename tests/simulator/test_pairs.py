"""The table of pairs is complete and consistent, and invented pairs fill it up."""

from decimal import Decimal

import pytest

from tickglass.market.instrument import decimals
from tickglass.simulator.pairs import TABLE, pairs


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
