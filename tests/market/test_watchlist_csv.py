"""Watchlists as CSV: ours comes back whole, that of others is read as it comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.instrument import Instrument
from tickglass.market.watchlist_csv import MOST, MOST_UNREAD, read_watchlist, watchlist_csv

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("okx", "ETH", "USD")


def test_a_list_is_written_with_a_header_and_a_row_each() -> None:
    assert watchlist_csv([BTC, ETH]) == "exchange,base,quote\nbinance,BTC,USDT\nokx,ETH,USD\n"
    assert watchlist_csv([]) == "exchange,base,quote\n"


@pytest.mark.parametrize(
    "text",
    [
        "exchange,base,quote\nbinance,BTC,USDT\nokx,ETH,USD\n",
        "\ufeffExchange;Base;Quote\r\nBinance;btc;usdt\r\nOKX;eth;usd\r\n",
        "binance,BTC,USDT\nokx,ETH,USD",
        "binance\tBTC\tUSDT\n\nokx\tETH\tUSD\n",
        "Quote Currency,Market,Base_Currency,note\nUSDT,binance,BTC,x\nUSD,okx,ETH,\n",
        "exchange,symbol\nbinance,BTC/USDT\nokx,ETH-USD\n",
        "Symbol,Exchange\nBTCUSDT,Binance\nETHUSD,OKX\n",
        "symbol\nBINANCE:BTCUSDT\nOKX:ETH_USD\n",
        "binance:BTC/USDT\nokx:ETH/USD\n",
        "BINANCE:BTCUSDT,OKX:ETHUSD",
        "###MAJORS,BINANCE:BTCUSDT,###REST,OKX:ETHUSD",
        '"exchange","base","quote"\n"binance","BTC","USDT"\n"okx", "ETH", "USD"\n',
        "binance,BTC/USDT\nokx,ETH-USD",
        "binance,BTC,USDT\nbinance,btc,usdt\nokx,ETH,USD",
    ],
)
def test_common_shapes_are_read(text: str) -> None:
    assert read_watchlist(text) == ([BTC, ETH], [])


def test_where_no_exchange_is_told_the_one_given_is_taken() -> None:
    assert read_watchlist("symbol\nBTCUSDT\n", "binance").instruments == [BTC]
    assert read_watchlist("base,quote\nBTC,USDT\n", "binance").instruments == [BTC]
    assert read_watchlist("symbol\nBTCUSDT\n") == ([], [(2, "BTCUSDT")])


def test_lines_that_name_nothing_are_told_by_their_number() -> None:
    read = read_watchlist("exchange,base,quote\nbinance,BTC,USDT\nnonsense\n,,\nokx,ETH,\n")
    assert read == ([BTC], [(3, "nonsense"), (5, "okx,ETH,")])


def test_nothing_gives_nothing() -> None:
    assert read_watchlist("") == read_watchlist("\n \n") == ([], [])
    assert read_watchlist("exchange,base,quote\n") == ([], [])


def test_a_file_that_never_ends_is_cut() -> None:
    read = read_watchlist("\n".join(f"binance,C{number},USDT" for number in range(MOST + 5)))
    assert len(read.instruments) == MOST
    assert len(read_watchlist("x\n" * 1_000).unread) == MOST_UNREAD


codes = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,;\"'$.", min_size=1, max_size=12)


@given(
    st.lists(st.builds(Instrument, st.sampled_from(["binance", "okx"]), codes, codes), unique=True)
)
def test_what_was_written_is_read_again(instruments: list[Instrument]) -> None:
    assert read_watchlist(watchlist_csv(instruments)) == (instruments, [])


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    for instrument in read_watchlist(text, "binance").instruments:
        assert all(instrument)
