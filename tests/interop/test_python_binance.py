"""python-binance reads the simulated Binance as it reads the real one."""

from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio

from . import market
from .market import patient

binance = pytest.importorskip("binance")

pytestmark = [
    pytest.mark.interop,
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("default"),  # other people's warnings are not ours
]

SYMBOL = "ETHUSDT"


@pytest_asyncio.fixture
async def client(endpoint: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    monkeypatch.setattr(binance.AsyncClient, "API_URL", endpoint["rest"] + "/api")
    monkeypatch.setattr(binance.BinanceSocketManager, "STREAM_URL", endpoint["ws"] + "/")
    made = await binance.AsyncClient.create()
    made.API_URL = endpoint["rest"] + "/api"
    yield made
    await made.close_connection()


@pytest.fixture
def sockets(client: Any, endpoint: dict[str, str]) -> Any:
    manager = binance.BinanceSocketManager(client)
    manager.STREAM_URL = endpoint["ws"] + "/"
    return manager


@patient
async def test_rest_is_read(client: Any) -> None:
    info = await client.get_exchange_info()
    assert len(info["symbols"]) == 48
    book = await client.get_order_book(symbol=SYMBOL, limit=100)
    market.check_book(book["bids"], book["asks"], 100)
    rows = await client.get_klines(symbol=SYMBOL, interval="5m", limit=10)
    assert len(rows) == 10


@patient
async def test_candles_of_a_span_are_paged_forward(client: Any) -> None:
    rows = await client.get_historical_klines(SYMBOL, "1h", "90 days ago UTC")
    starts = [row[0] for row in rows]
    assert 90 * 24 - 1 <= len(rows) <= 90 * 24 + 1
    assert {b - a for a, b in pairwise(starts)} == {3_600_000}


@patient
async def test_tickers_are_read(sockets: Any) -> None:
    async with sockets.symbol_ticker_socket(SYMBOL) as stream:
        ticker = await stream.recv()
    assert (ticker["e"], ticker["s"]) == ("24hrTicker", SYMBOL)
    assert float(ticker["l"]) <= float(ticker["c"]) <= float(ticker["h"])


@patient
async def test_trades_agree(sockets: Any, endpoint: dict[str, str]) -> None:
    async with sockets.trade_socket(SYMBOL) as stream:
        frames = [await stream.recv() for _ in range(20)]
    own = market.trades(endpoint["rest"], SYMBOL)
    for frame in frames:
        assert own[frame["t"]] == (float(frame["p"]), float(frame["q"]), frame["m"])


@patient
async def test_candles_agree(sockets: Any, endpoint: dict[str, str]) -> None:
    async with sockets.kline_socket(SYMBOL, interval="1s") as stream:
        frame = await stream.recv()
        while not frame["k"]["x"]:
            frame = await stream.recv()
    k = frame["k"]
    seen = [float(k[name]) for name in "ohlcv"]
    assert seen == market.candle(endpoint["rest"], SYMBOL, "1s", k["t"])


@patient
async def test_several_streams_come_in_one_connection(sockets: Any) -> None:
    names = ["btcusdt@aggTrade", "ethusdt@bookTicker", "!miniTicker@arr"]
    seen = set()
    async with sockets.multiplex_socket(names) as stream:
        while seen != set(names):
            seen.add((await stream.recv())["stream"])


@patient
async def test_the_top_of_the_book_is_read(sockets: Any) -> None:
    async with sockets.depth_socket(SYMBOL, depth=20, interval=100) as stream:
        book = await stream.recv()
    market.check_book(book["bids"], book["asks"], 20)


@patient
async def test_the_kept_book_agrees(client: Any, endpoint: dict[str, str]) -> None:
    sockets = binance.BinanceSocketManager(client)
    sockets.STREAM_URL = endpoint["ws"] + "/"
    manager = binance.DepthCacheManager(client, SYMBOL, bm=sockets, limit=1000)
    async with manager as stream:
        for _ in range(5):
            cache = await stream.recv()
    market.check_book(cache.get_bids(), cache.get_asks(), 100)
