"""python-binance reads the simulated Binance as it reads the real one."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio

from tickglass.exchanges.exchange import Endpoint, Kind

from . import own
from .comparison import CANDLES, LIVE, Comparison, compared
from .own import HISTORY
from .table import Table

binance = pytest.importorskip("binance")

pytestmark = [
    pytest.mark.interop,
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("default"),  # other people's warnings are not ours
]

SYMBOL = "BTCUSDT"
STREAMS = [f"btcusdt@{name}" for name in ("ticker", "trade", "bookTicker", "kline_1m")]
CANDLE = ("t", "o", "h", "l", "c", "v")


@pytest_asyncio.fixture
async def client(
    endpoints: dict[str, Endpoint], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Any]:
    monkeypatch.setattr(binance.AsyncClient, "API_URL", endpoints["binance"].rest + "/api")
    made = await binance.AsyncClient.create()
    yield made
    await made.close_connection()


def sockets_of(client: Any, at: Endpoint) -> Any:
    manager = binance.BinanceSocketManager(client)
    manager.STREAM_URL = at.ws + "/"
    return manager


def note(seen: Comparison, data: dict[str, Any]) -> None:
    """Read one message of the combined stream; only the quote has no name."""
    match data.get("e"):
        case "24hrTicker":
            seen.saw(Kind.TICKER, own.ticker(data["c"], data["h"], data["l"]))
        case "trade":
            side = "sell" if data["m"] else "buy"
            seen.saw(Kind.TRADE, own.trade(data["t"], data["p"], data["q"], side))
        case "kline":
            seen.saw(Kind.CANDLE, own.candle(*(data["k"][name] for name in CANDLE)))
        case None:
            seen.saw(Kind.QUOTE, own.quote(data["b"], data["a"]))


async def read_streams(sockets: Any, seen: Comparison) -> None:
    kinds = [kind for kind in LIVE if kind != Kind.BOOK]
    async with sockets.multiplex_socket(STREAMS) as stream:
        while not all(map(seen.enough, kinds)):
            note(seen, (await stream.recv())["data"])


async def keep_book(client: Any, sockets: Any, seen: Comparison) -> None:
    """The library keeps the book from a snapshot and deltas itself."""
    manager = binance.DepthCacheManager(client, SYMBOL, bm=sockets, limit=1000, ws_interval=100)
    async with manager as stream:
        while not seen.enough(Kind.BOOK):
            cache = await stream.recv()
            seen.saw(Kind.BOOK, own.book(None, cache.get_bids(), cache.get_asks()))


async def fetch_history(client: Any, seen: Comparison) -> None:
    rows = await client.get_klines(symbol=SYMBOL, interval="1m", limit=CANDLES)
    seen.saw(HISTORY, *(own.candle(*row[:6]) for row in rows[:-1]))  # the last still changes


async def test_python_binance_sees_what_ours_sees(
    client: Any, endpoints: dict[str, Endpoint], table: Table
) -> None:
    at = endpoints["binance"]
    sockets = sockets_of(client, at)
    async with compared(table, "python-binance", "binance", at, (*LIVE, HISTORY)) as seen:
        await asyncio.gather(
            fetch_history(client, seen),
            read_streams(sockets, seen),
            keep_book(client, sockets, seen),
        )


async def test_candles_of_a_span_are_paged_forward(client: Any) -> None:
    rows = await client.get_historical_klines(SYMBOL, "1h", "90 days ago UTC")
    starts = [row[0] for row in rows]
    assert 90 * 24 - 1 <= len(rows) <= 90 * 24 + 1
    assert {b - a for a, b in pairwise(starts)} == {3_600_000}


async def test_streams_of_all_symbols_and_of_aggregates_come_in_one_connection(
    client: Any, endpoints: dict[str, Endpoint]
) -> None:
    names = ["btcusdt@aggTrade", "ethusdt@depth20@100ms", "!miniTicker@arr"]
    seen = set()
    async with asyncio.timeout(20):
        async with sockets_of(client, endpoints["binance"]).multiplex_socket(names) as stream:
            while seen != set(names):
                seen.add((await stream.recv())["stream"])
