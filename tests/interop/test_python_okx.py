"""python-okx reads the simulated OKX as it reads the real one."""

import asyncio
import json
from typing import Any

import pytest
import websockets

from tickglass.exchanges.exchange import Endpoint, Kind

from . import own
from .comparison import CANDLES, LIVE, Comparison, compared
from .own import HISTORY
from .table import Table

market_data = pytest.importorskip("okx.MarketData")
public_socket = pytest.importorskip("okx.websocket.WsPublicAsync")

pytestmark = [
    pytest.mark.interop,
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("default"),  # other people's warnings are not ours
]

SYMBOL = "BTC-USDT"
CHANNELS = {"public": ("tickers", "trades", "bbo-tbt", "books"), "business": ("candle1m",)}


class Reader:
    """Reads every message of both sockets."""

    def __init__(self, seen: Comparison) -> None:
        self._seen = seen
        self._book = own.RawBook()

    def message(self, text: str) -> None:
        message = json.loads(text)
        for row in message.get("data", ()):
            match message["arg"]["channel"]:
                case "tickers":
                    value = own.ticker(row["last"], row["high24h"], row["low24h"])
                    self._seen.saw(Kind.TICKER, value)
                case "trades":
                    value = own.trade(row["tradeId"], row["px"], row["sz"], row["side"])
                    self._seen.saw(Kind.TRADE, value)
                case "bbo-tbt":
                    self._seen.saw(Kind.QUOTE, own.quote(row["bids"][0][0], row["asks"][0][0]))
                case "candle1m":
                    self._seen.saw(Kind.CANDLE, own.candle(*row[:6]))
                case "books":
                    self._books(row, message["action"])

    def _books(self, row: dict[str, Any], action: str) -> None:
        if action == "snapshot":
            self._book.clear()
        for side in ("bids", "asks"):
            for price, size, *_ in row[side]:
                self._book.change(side == "bids", price, size)
        self._seen.saw(Kind.BOOK, self._book.value(row["seqId"]))


async def connect(at: Endpoint, path: str, reader: Reader) -> Any:
    address = f"{at.ws}/ws/v5/{path}"
    client = public_socket.WsPublicAsync(address)

    async def plain() -> Any:  # its own insists on TLS
        client.factory.websocket = await websockets.connect(address)
        return client.factory.websocket

    client.factory.connect = plain
    client.reading = await client.start()
    wanted = [{"channel": name, "instId": SYMBOL} for name in CHANNELS[path]]
    await client.subscribe(wanted, reader.message)
    return client


def fetch_history(rest: str) -> list[own.Value]:
    with market_data.MarketAPI(domain=rest) as client:
        reply = client.get_candlesticks(SYMBOL, bar="1m", limit=str(CANDLES))
    return [own.candle(*row[:6]) for row in reply["data"][1:]]  # the newest still changes


async def test_python_okx_sees_what_ours_sees(endpoints: dict[str, Endpoint], table: Table) -> None:
    at = endpoints["okx"]
    async with compared(table, "python-okx", "okx", at, (*LIVE, HISTORY)) as seen:
        seen.saw(HISTORY, *await asyncio.to_thread(fetch_history, at.rest))
        reader = Reader(seen)
        clients = [await connect(at, path, reader) for path in CHANNELS]
        try:
            await seen.all_enough()
        finally:
            for client in clients:
                await client.stop()
                await client.reading
