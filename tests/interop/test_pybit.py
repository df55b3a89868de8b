"""pybit reads the simulated Bybit as it reads the real one."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Thread
from typing import Any

import pytest

from tickglass.exchanges.exchange import Endpoint, Kind

from . import own
from .comparison import CANDLES, LIVE, Comparison, compared
from .own import HISTORY
from .table import Table

unified_trading = pytest.importorskip("pybit.unified_trading")

pytestmark = [
    pytest.mark.interop,
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("default"),  # other people's warnings are not ours
]

SYMBOL = "BTCUSDT"
DEPTH = 200  # levels; the subscription that ours reads


class Reader:
    """Callbacks for each stream."""

    def __init__(self, seen: Comparison) -> None:
        self._seen = seen

    def ticker(self, message: dict[str, Any]) -> None:
        data = message["data"]
        value = own.ticker(data["lastPrice"], data["highPrice24h"], data["lowPrice24h"])
        self._seen.saw(Kind.TICKER, value)

    def trades(self, message: dict[str, Any]) -> None:
        rows = [own.trade(row["i"], row["p"], row["v"], row["S"]) for row in message["data"]]
        self._seen.saw(Kind.TRADE, *rows)

    def book(self, message: dict[str, Any]) -> None:
        """The whole book: pybit has applied the delta."""
        data = message["data"]
        bids = sorted(((float(p), s) for p, s in data["b"]), reverse=True)
        asks = sorted((float(p), s) for p, s in data["a"])
        self._seen.saw(Kind.BOOK, own.book(data["u"], bids, asks))

    def quote(self, message: dict[str, Any]) -> None:
        data = message["data"]
        if data["b"] and data["a"]:
            self._seen.saw(Kind.QUOTE, own.quote(data["b"][0][0], data["a"][0][0]))

    def candles(self, message: dict[str, Any]) -> None:
        names = ("start", "open", "high", "low", "close", "volume")
        rows = [own.candle(*(row[name] for name in names)) for row in message["data"]]
        self._seen.saw(Kind.CANDLE, *rows)


def fetch_history(rest: str) -> list[own.Value]:
    session = unified_trading.HTTP()
    session.endpoint = rest
    reply = session.get_kline(category="spot", symbol=SYMBOL, interval="1", limit=CANDLES)
    session.client.close()
    newest_first = reply["result"]["list"]
    return [own.candle(*row[:6]) for row in newest_first[1:]]  # the newest still changes


def subscribe(socket: Any, reader: Reader) -> None:
    with held_messages(socket):
        socket.ticker_stream(SYMBOL, reader.ticker)
        socket.trade_stream(SYMBOL, reader.trades)
        socket.kline_stream(1, SYMBOL, reader.candles)
        socket.orderbook_stream(1, SYMBOL, reader.quote)
        socket.orderbook_stream(DEPTH, SYMBOL, reader.book)


@contextmanager
def held_messages(socket: Any) -> Iterator[None]:
    """Let no message in meanwhile: pybit notes a callback only after it has subscribed.

    A simulator on the same machine answers sooner than that, and pybit then hangs up.
    """
    read, gate = socket.callback, Lock()

    def wait(message: dict[str, Any]) -> None:
        with gate:
            read(message)

    socket.callback = wait
    with gate:
        yield


async def test_pybit_sees_what_ours_sees(
    endpoints: dict[str, Endpoint], table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = endpoints["bybit"]
    address = at.ws + "/v5/public/{CHANNEL_TYPE}"
    monkeypatch.setattr(unified_trading, "PUBLIC_WSS", address)
    async with compared(table, "pybit", "bybit", at, (*LIVE, HISTORY)) as seen:
        seen.saw(HISTORY, *await asyncio.to_thread(fetch_history, at.rest))
        socket = await asyncio.to_thread(
            unified_trading.WebSocket, testnet=False, channel_type="spot"
        )
        # Without a connection it would wait for ever in a thread that nobody can end.
        Thread(target=subscribe, args=(socket, Reader(seen)), daemon=True).start()
        try:
            await seen.all_enough()
        finally:
            await asyncio.to_thread(socket.exit)
