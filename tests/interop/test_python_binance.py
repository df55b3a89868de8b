"""python-binance reads the simulated Binance as it reads the real one."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
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


async def watched(config: Path, channel: str, seconds: int) -> list[dict[str, Any]]:
    """What ``tickglass watch`` prints of the same exchange meanwhile."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tickglass", "watch", "binance:ETH/USDT", "--json",
        "--channel", channel, "--for", str(seconds), "--config-dir", str(config),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await process.communicate()
    records = [json.loads(line) for line in output.splitlines()]
    return [each for each in records if each["type"] != "status"]


def common(theirs: dict[Any, Any], ours: dict[Any, Any]) -> int:
    """How many both saw; fails if they disagree on any of them."""
    both = theirs.keys() & ours.keys()
    assert {key: theirs[key] for key in both} == {key: ours[key] for key in both}
    return len(both)


@patient
async def test_watch_agrees_with_python_binance(
    sockets: Any, endpoint: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "settings.toml").write_text(
        f"[exchanges.binance]\nws = '{endpoint['ws']}'\nrest = '{endpoint['rest']}'\n"
    )
    watching = asyncio.create_task(watched(tmp_path, "trade,quote,candle:1m", 6))
    theirs: dict[str, dict[Any, Any]] = {"trade": {}, "bookTicker": {}, "kline": {}}
    streams = ["ethusdt@trade", "ethusdt@bookTicker", "ethusdt@kline_1m"]
    async with sockets.multiplex_socket(streams) as socket:
        while not watching.done():
            message = await asyncio.wait_for(socket.recv(), 10)
            data, kind = message["data"], message["stream"].partition("@")[2].partition("_")[0]
            if kind == "trade":
                seen = (float(data["p"]), float(data["q"]), "sell" if data["m"] else "buy")
                theirs[kind][str(data["t"])] = (data["T"], *seen)
            elif kind == "bookTicker":
                quote = tuple(float(data[name]) for name in "bBaA")
                theirs[kind][quote] = True
            else:
                bar = data["k"]
                prices = tuple(float(bar[name]) for name in "ohlcv")
                theirs[kind][(bar["t"], *prices)] = bar["x"]
    ours: dict[str, dict[Any, Any]] = {"trade": {}, "quote": {}, "candle": {}}
    for each in watching.result():
        if each["type"] == "trade":
            ours["trade"][each["id"]] = (each["time"], each["price"], each["size"], each["side"])
        elif each["type"] == "quote":
            quote = (each["bid"], each["bid_size"], each["ask"], each["ask_size"])
            ours["quote"][quote] = True
        else:
            prices = tuple(each[name] for name in ("open", "high", "low", "close", "volume"))
            ours["candle"][(each["start"], *prices)] = each["closed"]
    assert common(theirs["trade"], ours["trade"]) >= 10
    assert common(theirs["bookTicker"], ours["quote"]) >= 10
    assert common(theirs["kline"], ours["candle"]) >= 2
