"""Finding what people mean by what they type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.instrument import Instrument, Listing
from tickglass.ui.search import Finder


def listing(pair: str, exchange: str = "binance") -> Listing:
    base, _, quote_ccy = pair.partition("/")
    return Listing(Instrument(exchange, base, quote_ccy), base + quote_ccy)


PAIRS = (
    "WBTC/USDT", "ETH/BTC", "BTCST/USDT", "BTC/EUR", "ETH/USDT", "BTC/USDT", "BTC/TRY", "SOL/USDC",
)  # fmt: skip


def found(query: str, finder: Finder | None = None) -> list[str]:
    finder = finder or Finder([listing(pair) for pair in PAIRS])
    return [each.instrument.pair for each in finder.find(query)]


def test_the_exact_base_comes_before_its_beginning_and_that_before_any_part() -> None:
    assert found("btc") == [
        "BTC/USDT", "BTC/EUR", "BTC/TRY", "BTCST/USDT", "WBTC/USDT", "ETH/BTC",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "btcusdt", "BTCUSDT", "btc usdt", " btc  usdt ", "btc/usdt", "btc-usdt", "btc_usdt",
        "binance:btc/usdt", "binance btc usdt", "BTC/USDT binance",
    ],
)  # fmt: skip
def test_a_pair_is_found_in_every_spelling(query: str) -> None:
    assert found(query)[0] == "BTC/USDT"


def test_the_great_currencies_come_first_among_equals() -> None:
    assert found("btc")[:3] == ["BTC/USDT", "BTC/EUR", "BTC/TRY"]


@pytest.mark.parametrize("query", ["btc/usd", "btcusd", "binance:BTC/USD"])
def test_a_pair_that_is_typed_in_full_comes_first(query: str) -> None:
    pairs = ("BTC/USDT", "BTC/USDC", "BTC/USD")
    finder = Finder([listing(pair) for pair in pairs])
    assert found(query, finder)[0] == "BTC/USD"


def test_the_name_of_an_exchange_narrows_to_it() -> None:
    finder = Finder([listing("BTC/USDT"), listing("BTC/USDT", "okx"), listing("ETH/USDT", "okx")])
    assert [str(each.instrument) for each in finder.find("okx btc")] == ["okx:BTC/USDT"]
    assert {str(each.instrument) for each in finder.find("okx")} == {
        "okx:BTC/USDT", "okx:ETH/USDT",
    }  # fmt: skip


@pytest.mark.parametrize("query", ["", "  ", "/", ":-_", "xyz", "btc xyz"])
def test_nothing_is_found_for_nothing_or_nonsense(query: str) -> None:
    assert found(query) == []


def test_ten_thousand_listings_answer_with_the_best_fifty() -> None:
    finder = Finder([listing(f"COIN{number}/USDT") for number in range(10_000)])
    assert found("coin4711", finder)[0] == "COIN4711/USDT"
    assert found("4711usdt", finder) == ["COIN4711/USDT"]
    best = found("coin", finder)
    assert len(best) == 50
    assert best[:10] == [f"COIN{number}/USDT" for number in range(10)], "the shortest first"


words = st.text("ABC", min_size=1, max_size=4)
pairs = st.lists(st.tuples(words, words), min_size=1, max_size=20, unique=True)


@given(pairs, st.data())
def test_every_pair_is_found_by_its_own_name_and_nothing_without_its_words(
    listed: list[tuple[str, str]], data: st.DataObject
) -> None:
    base, quote_ccy = data.draw(st.sampled_from(listed))
    finder = Finder([listing(f"{each}/{other}", "okx") for each, other in listed])
    answer = finder.find(f"{base}/{quote_ccy}".lower())
    names = [each.instrument for each in answer]
    assert Instrument("okx", base, quote_ccy) in names
    assert len(names) == len(set(names))
    for each in names:
        assert base in each.base + each.quote_ccy and quote_ccy in each.base + each.quote_ccy
