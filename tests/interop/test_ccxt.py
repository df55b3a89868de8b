"""ccxt.pro reads the simulated exchanges as it reads the real ones."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Endpoint, Kind

from . import own
from .comparison import CANDLES, Comparison, compared, instrument_of
from .own import HISTORY
from .table import Table

ccxtpro = pytest.importorskip("ccxt.pro")

pytestmark = [
    pytest.mark.interop,
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("default"),  # other people's warnings are not ours
]

CLIENT = "ccxt.pro"
OPTIONS: dict[str, dict[str, Any]] = {
    "binance": {"defaultType": "spot", "fetchMarkets": {"types": ["spot"]}},
    "bybit": {"defaultType": "spot", "fetchMarkets": {"types": ["spot"]}},
    # The real exchange's checksum has been 0 since June 2026; ccxt would still compute it.
    "okx": {"fetchMarkets": {"types": ["spot"]}, "watchOrderBook": {"checksum": False}},
    "coinbase": {},
    "kucoin": {"fetchMarkets": {"types": ["spot"]}},
}
TURNED = {"buy": "sell", "sell": "buy"}


def _urls(exchange: str, at: Endpoint, api: dict[str, Any]) -> None:
    for name, address in api.items():
        if isinstance(address, str):
            api[name] = at.rest
    match exchange:
        case "binance":
            api["public"] = at.rest + "/api/v3"
            api["ws"]["spot"] = at.ws + "/ws"
        case "bybit":
            api["ws"]["public"]["spot"] = at.ws + "/v5/public/spot"
        case "okx":
            api["ws"] = at.ws + "/ws/v5"
        case "coinbase":
            api["ws"] = at.ws


@asynccontextmanager
async def client(exchange: str, at: Endpoint) -> AsyncIterator[Any]:
    made = getattr(ccxtpro, exchange)({"options": OPTIONS[exchange]})
    _urls(exchange, at, made.urls["api"])
    made.has["fetchCurrencies"] = False
    try:
        await made.load_markets()
        yield made
    finally:
        await made.close()


async def watch_tickers(made: Any, seen: Comparison) -> None:
    while not seen.enough(Kind.TICKER):
        told = await made.watch_ticker(seen.instrument.pair)
        seen.saw(Kind.TICKER, own.ticker(told["last"], told["high"], told["low"]))


async def watch_trades(made: Any, seen: Comparison) -> None:
    # Coinbase tells the maker's side, and ccxt passes it on as it is.
    turned = TURNED if seen.instrument.exchange == "coinbase" else {}
    while not seen.enough(Kind.TRADE):
        for each in await made.watch_trades(seen.instrument.pair):
            side = turned.get(each["side"], each["side"])
            seen.saw(Kind.TRADE, own.trade(each["id"], each["price"], each["amount"], side))


async def watch_books(made: Any, seen: Comparison) -> None:
    numbered = seen.instrument.exchange != "kucoin"  # the books that ours reads there are not
    while not seen.enough(Kind.BOOK):
        book = await made.watch_order_book(seen.instrument.pair)
        number = book["nonce"] if numbered else None
        seen.saw(Kind.BOOK, own.book(number, book["bids"], book["asks"]))


async def watch_candles(made: Any, seen: Comparison) -> None:
    while not seen.enough(Kind.CANDLE):
        for each in await made.watch_ohlcv(seen.instrument.pair, "1m"):
            seen.saw(Kind.CANDLE, own.candle(*each))


async def fetch_history(made: Any, seen: Comparison) -> None:
    rows = await made.fetch_ohlcv(seen.instrument.pair, "1m", limit=CANDLES)
    seen.saw(HISTORY, *(own.candle(*each) for each in rows[:-1]))  # the last still changes


WAYS = {
    Kind.TICKER: watch_tickers,
    Kind.TRADE: watch_trades,
    Kind.BOOK: watch_books,
    Kind.CANDLE: watch_candles,
    HISTORY: fetch_history,
}


def ways_of(exchange: str) -> dict[str, Any]:
    """All of them, but candles where ccxt does not watch them."""
    watches_candles = getattr(ccxtpro, exchange)().has["watchOHLCV"]
    return {name: way for name, way in WAYS.items() if watches_candles or name != Kind.CANDLE}


@pytest.mark.parametrize("exchange", EXCHANGES)
async def test_ccxt_sees_what_ours_sees(
    exchange: str, endpoints: dict[str, Endpoint], table: Table
) -> None:
    at, ways = endpoints[exchange], ways_of(exchange)
    async with compared(table, CLIENT, exchange, at, ways) as seen, client(exchange, at) as made:
        await asyncio.gather(*(way(made, seen) for way in ways.values()))
    for channel in WAYS.keys() - ways.keys():
        table.impossible(CLIENT, exchange, channel, "cannot run: ccxt has no watch_ohlcv here")


@pytest.mark.parametrize("exchange", EXCHANGES)
async def test_ccxt_reads_the_steps_of_prices(
    exchange: str, endpoints: dict[str, Endpoint]
) -> None:
    async with asyncio.timeout(20), client(exchange, endpoints[exchange]) as made:
        precision = made.markets[instrument_of(exchange).pair]["precision"]
    assert (precision["price"], precision["amount"]) == (0.01, 0.00001)


@pytest.mark.parametrize("exchange", EXCHANGES)
async def test_ccxt_finds_older_candles_joined_to_the_newest(
    exchange: str, endpoints: dict[str, Endpoint]
) -> None:
    pair, hour = instrument_of(exchange).pair, 3_600_000
    async with asyncio.timeout(20), client(exchange, endpoints[exchange]) as made:
        newest = await made.fetch_ohlcv(pair, "1h", limit=100)
        since = newest[0][0] - 100 * hour
        older = await made.fetch_ohlcv(pair, "1h", since=since, limit=100)
    assert [row[0] for row in older] == list(range(since, newest[0][0], hour))


async def test_ccxt_hears_the_refusal_of_an_unknown_symbol(endpoints: dict[str, Endpoint]) -> None:
    async with asyncio.timeout(20), client("binance", endpoints["binance"]) as made:
        with pytest.raises(Exception, match="Invalid symbol"):
            await made.public_get_depth({"symbol": "NOPE"})
