"""Instruments: how they are written, read, and how many decimals their prices have."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.errors import UsageError
from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Exchange
from tickglass.market.instrument import Instrument, Listing, decimals, exchange_title

BTC = Instrument("binance", "BTC", "USDT")

coins = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789币安", min_size=1, max_size=12)
exchanges = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=12)


def test_an_instrument_is_written_as_exchange_colon_pair() -> None:
    assert str(BTC) == "binance:BTC/USDT"
    assert BTC.pair == "BTC/USDT"


@pytest.mark.parametrize(
    "text", ["binance:BTC/USDT", "Binance:btc/usdt", "  binance:BTC/USDT\n", "binance: BTC / USDT "]
)
def test_case_and_space_around_do_not_matter(text: str) -> None:
    assert Instrument.parse(text) == BTC


@pytest.mark.parametrize(
    "text",
    ["", "BTC/USDT", "binance", "binance:BTCUSDT", "binance:BTC/", "binance:/USDT", ":BTC/USDT",
     "binance:BTC/USDT/EUR", "binance: /USDT", "binance:BTC/ ", " :BTC/USDT"],
)  # fmt: skip
def test_anything_else_is_refused_in_one_sentence_that_names_it(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Instrument.parse(text)
    sentence = caught.value.sentence
    assert sentence.startswith(repr(text))
    assert sentence.endswith(".")
    assert "\n" not in sentence


@given(exchanges, coins, coins)
def test_what_is_written_is_read_back(exchange: str, base: str, quote_ccy: str) -> None:
    instrument = Instrument(exchange, base, quote_ccy)
    assert Instrument.parse(str(instrument)) == instrument


@given(st.text(":/ aBß\t\u00a0", max_size=12) | st.text(max_size=30))
def test_what_is_read_from_any_text_can_be_written_and_read_again(text: str) -> None:
    try:
        instrument = Instrument.parse(text)
    except UsageError:
        return
    assert Instrument.parse(str(instrument)) == instrument


@pytest.mark.parametrize(
    ("step", "places"),
    [
        ("0.01000000", 2), ("0.0100", 2), ("1.00000000", 0), ("5", 0), ("10", 0), ("0.5", 1),
        ("1E-8", 8), ("0.00000001", 8), ("0.00025", 5), ("100.00", 0), ("1E+2", 0),
    ],
)  # fmt: skip
def test_a_step_needs_as_many_decimals_as_are_left_without_its_zeros(
    step: str, places: int
) -> None:
    assert decimals(Decimal(step)) == places


def test_a_listing_without_a_step_does_not_say_how_many_decimals() -> None:
    assert Listing(BTC, "BTCUSDT").price_decimals is None
    assert Listing(BTC, "BTCUSDT", tick_size=Decimal("0.01000000")).price_decimals == 2


@pytest.mark.parametrize("exchange", [*EXCHANGES.values()], ids=str)
def test_exchanges_are_named_as_their_adapters_name_them(exchange: type[Exchange]) -> None:
    assert exchange_title(exchange.name) == exchange.title


def test_an_exchange_that_is_not_known_begins_with_a_capital() -> None:
    assert exchange_title("kraken") == "Kraken"
