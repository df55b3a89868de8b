"""What the first page offers, in values."""

import pytest

from tickglass.market.instrument import Instrument, Listing
from tickglass.ui.welcome_values import (
    CHOSEN_AT_FIRST,
    POPULAR,
    REACH_MARKS,
    REACH_WORDS,
    Offer,
    Reachability,
    nothing_reachable,
    reach_text,
)


def listing(exchange: str, pair: str, **more: str) -> Listing:
    base, quote = pair.split("/")
    return Listing(Instrument(exchange, base, quote), base + quote, **more)  # type: ignore[arg-type]


OFFER = Offer(
    [
        listing("binance", "BTC/USDT"),
        listing("binance", "ETH/USDT", status="halted"),
        listing("coinbase", "BTC/USD"),
        listing("coinbase", "BTC/USDT"),
    ]
)
BTC, BTC_USD, ETH = ("BTC", "USDT"), ("BTC", "USD"), ("ETH", "USDT")


def test_a_pair_is_where_it_is_listed_and_traded() -> None:
    both = ["coinbase", "binance"]
    assert OFFER.where(BTC, both) == ["coinbase", "binance"]
    assert OFFER.where(BTC_USD, both) == ["coinbase"]
    assert OFFER.where(ETH, both) == []


def test_a_list_holds_what_exists_pair_by_pair() -> None:
    found = OFFER.instruments({BTC, BTC_USD, ETH}, ["binance", "coinbase"])
    assert [*map(str, found)] == ["binance:BTC/USDT", "coinbase:BTC/USDT", "coinbase:BTC/USD"]


def test_an_exchange_that_has_said_nothing_yet_surely_has_pairs_in_tether() -> None:
    found = OFFER.instruments({BTC, BTC_USD}, ["binance", "okx"])
    assert [*map(str, found)] == ["binance:BTC/USDT", "okx:BTC/USDT"]
    assert (OFFER.knows("binance"), OFFER.knows("okx")) == (True, False)


def test_what_is_chosen_at_first_is_offered() -> None:
    assert set(POPULAR) >= CHOSEN_AT_FIRST


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Reachability("okx", "checking"), "Asking …"),
        (Reachability("okx", "reachable", 45.4), "Reachable, 45 ms."),
        (Reachability("okx", "reachable", 1_450.0, "Late."), "Reachable, 1,450 ms. Late."),
        (Reachability("okx", "fallback", 45.0, "By another host."), "By another host."),
        (Reachability("okx", "refused", None, "It says no."), "It says no."),
        (Reachability("okx", "unreachable"), "not reachable"),
    ],
)
def test_every_answer_reads_as_one_line(found: Reachability, text: str) -> None:
    assert reach_text(found) == text


def test_nothing_is_reachable_only_when_all_have_been_asked() -> None:
    lost, asked = Reachability("okx", "unreachable"), Reachability("bybit", "checking")
    refused, way = Reachability("bybit", "refused"), Reachability("bybit", "fallback", 5.0)
    assert nothing_reachable([lost, refused])
    assert not nothing_reachable([lost, asked])
    assert not nothing_reachable([lost, way])
    assert not nothing_reachable([])


def test_every_state_has_a_mark_of_its_own_and_a_word() -> None:
    assert len(set(REACH_MARKS.values())) == len(REACH_MARKS) == len(REACH_WORDS)
