"""Finding what people mean by what they type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.instrument import Instrument, Listing
from tickglass.ui.search import EXACT, PART, PREFIX, Finder, folded, text_rank, words_of


def listing(pair: str, exchange: str = "binance") -> Listing:
    base, _, quote_ccy = pair.partition("/")
    return Listing(Instrument(exchange, base, quote_ccy), base + quote_ccy)


PAIRS = (
    "WBTC/USDT", "ETH/BTC", "BTCST/USDT", "BTC/EUR", "ETH/USDT", "BTC/USDT", "BTC/TRY", "SOL/USDC",
)  # fmt: skip


def found(query: str, finder: Finder | None = None) -> list[str]:
    finder = finder or Finder([listing(pair) for pair in PAIRS])
    return [each.instrument.pair for each in finder.find(query)]


def test_the_base_comes_before_its_beginning_that_before_the_quote_and_all_before_a_part() -> None:
    assert found("btc") == [
        "BTC/USDT", "BTC/EUR", "BTC/TRY", "BTCST/USDT", "ETH/BTC", "WBTC/USDT",
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


def test_a_quote_currency_finds_what_is_quoted_in_it_before_names_that_contain_it() -> None:
    pairs = ("NEURO/USDT", "BTC/EUR", "EURC/USDC", "EUR/USDT")
    finder = Finder([listing(pair) for pair in pairs])
    assert found("eur", finder) == ["EUR/USDT", "EURC/USDC", "BTC/EUR", "NEURO/USDT"]


def test_case_accents_and_width_do_not_matter() -> None:
    finder = Finder([listing("CAFÉ/USDT"), listing("币安人生/USDT")])
    for query in ("cafe", "CAFE", "café", "ＣＡＦＥ", "cafe\u0301"):
        assert found(query, finder) == ["CAFÉ/USDT"]
    assert found("币安", finder) == ["币安人生/USDT"]


def test_an_exchange_is_found_by_its_title_and_by_its_beginning() -> None:
    listings = [listing("BTC/USDT"), listing("BTC/USDT", "okx"), listing("ETH/USDT", "okx")]
    finder = Finder(listings, {"okx": "The Other", "binance": "Binance"})
    assert [str(each.instrument) for each in finder.find("theother btc")] == ["okx:BTC/USDT"]
    assert [str(each.instrument) for each in finder.find("the btc")] == ["okx:BTC/USDT"]
    assert [str(each.instrument) for each in finder.find("btc bin")] == ["binance:BTC/USDT"]


def test_the_same_pair_stands_together_in_the_order_of_the_exchanges() -> None:
    finder = Finder([listing("BTC/USDT", name) for name in ("okx", "bybit", "kucoin")])
    assert [each.instrument.exchange for each in finder.find("btc")] == ["bybit", "kucoin", "okx"]


def test_no_more_are_found_than_are_asked_for() -> None:
    finder = Finder([listing(f"COIN{number}/USDT") for number in range(100)])
    assert len(finder.find("coin", most=7)) == 7
    assert [rank for rank, _ in finder.ranked("coin1/usdt", most=2)] == [EXACT, PREFIX]
    assert {rank for rank, _ in finder.ranked("oin")} == {PART}


@pytest.mark.parametrize(
    ("query", "text", "rank"),
    [
        ("order book", "Order book", EXACT),
        ("Order-Book", "order book", EXACT),
        ("order b", "Order book", 1),
        ("book order", "Order book", PREFIX),
        ("bo or", "Order book", PREFIX),
        ("ob", "Order book", PREFIX),
        ("fsb", "Full-screen board of big prices", PREFIX),
        ("rder", "Order book", PART),
        ("feed", "Feed…", EXACT),
        ("bx", "Order book", None),
        ("book x", "Order book", None),
        ("", "Order book", None),
    ],
)
def test_a_name_is_found_by_words_in_any_order_initials_and_parts(
    query: str, text: str, rank: int | None
) -> None:
    assert text_rank(words_of(query), folded(text)) == rank


@given(st.text(), st.text())
def test_any_typing_is_understood_or_not_but_never_an_error(query: str, text: str) -> None:
    rank = text_rank(words_of(query), folded(text))
    assert rank is None or 0 <= rank <= PART
    assert words_of(query.upper().lower()) is not None
    assert Finder([listing("BTC/USDT")]).find(query) in ([], [listing("BTC/USDT")])


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


@given(pairs, st.text("ABC /", min_size=1, max_size=6))
def test_better_matches_come_first_and_nothing_twice(
    listed: list[tuple[str, str]], query: str
) -> None:
    finder = Finder([listing(f"{base}/{quote_ccy}") for base, quote_ccy in listed])
    answer = finder.ranked(query)
    ranks = [rank for rank, _ in answer]
    assert ranks == sorted(ranks)
    assert len({each.instrument for _, each in answer}) == len(answer)
