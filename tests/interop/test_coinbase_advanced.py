"""coinbase-advanced-py reads the simulated Coinbase as it reads the real one."""

import asyncio
import json
import time
from typing import Any

import pytest

from tickglass.exchanges.exchange import Endpoint, Kind

from . import own
from .comparison import CANDLES, LIVE, Comparison, compared
from .own import HISTORY
from .table import Table

rest_client = pytest.importorskip("coinbase.rest")
socket_client = pytest.importorskip("coinbase.websocket")
legacy = pytest.importorskip("websockets.legacy.client")
socket_base = pytest.importorskip("coinbase.websocket.websocket_base")

pytestmark = [
    pytest.mark.interop,
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("default"),  # other people's warnings are not ours
]

CLIENT = "coinbase-advanced-py"
PRODUCT = "BTC-USD"
TAKER = {"BUY": "sell", "SELL": "buy"}  # what Coinbase tells is the maker's side
COLUMNS = ("open", "high", "low", "close", "volume")


class Reader:
    """Reads every message of the socket."""

    def __init__(self, seen: Comparison) -> None:
        self._seen = seen
        self._book = own.RawBook()

    def message(self, text: str) -> None:
        message = json.loads(text)
        for event in message.get("events", ()):
            match message["channel"]:
                case "ticker":
                    for row in event["tickers"]:
                        self._ticker(row)
                case "market_trades":
                    self._seen.saw(Kind.TRADE, *map(trade, event["trades"]))
                case "candles":
                    self._seen.saw(Kind.CANDLE, *map(candle, event["candles"]))
                case "l2_data":
                    self._books(event)

    def _ticker(self, row: dict[str, Any]) -> None:
        value = own.ticker(row["price"], row["high_24_h"], row["low_24_h"])
        self._seen.saw(Kind.TICKER, value)
        self._seen.saw(Kind.QUOTE, own.quote(row["best_bid"], row["best_ask"]))

    def _books(self, event: dict[str, Any]) -> None:
        if event["type"] == "snapshot":
            self._book.clear()
        for row in event["updates"]:
            self._book.change(row["side"] == "bid", row["price_level"], row["new_quantity"])
        self._seen.saw(Kind.BOOK, self._book.value())


def trade(row: dict[str, Any]) -> own.Value:
    return own.trade(row["trade_id"], row["price"], row["size"], TAKER[row["side"]])


def candle(row: dict[str, Any]) -> own.Value:
    return own.candle(int(row["start"]) * 1000, *(row[name] for name in COLUMNS))


def fetch_history(rest: str) -> list[own.Value]:
    client = rest_client.RESTClient(base_url=rest.removeprefix("http://"))
    send = client.session.request

    def plain(method: str, url: str, **named: Any) -> Any:  # it writes https:// itself
        return send(method, url.replace("https://", "http://"), **named)

    client.session.request = plain
    end = int(time.time()) // 60 * 60 - 60  # the newest still changes
    reply = client.get_public_candles(
        PRODUCT, str(end - (CANDLES - 1) * 60), str(end), "ONE_MINUTE", CANDLES
    )
    client.session.close()
    return [candle(vars(row)) for row in reply.candles]


async def test_coinbase_advanced_sees_what_ours_sees(
    endpoints: dict[str, Endpoint], table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = endpoints["coinbase"]
    # It was written for the websockets of before version 14, which is still there by this name.
    monkeypatch.setattr(socket_base.websockets, "connect", legacy.connect)
    async with compared(table, CLIENT, "coinbase", at, (*LIVE, HISTORY)) as seen:
        seen.saw(HISTORY, *await asyncio.to_thread(fetch_history, at.rest))
        reader = Reader(seen)
        client = socket_client.WSClient(base_url=at.ws, on_message=reader.message)
        await client.open_async()
        try:
            await client.ticker_async([PRODUCT])
            await client.market_trades_async([PRODUCT])
            await client.level2_async([PRODUCT])
            await client.candles_async([PRODUCT])
            await seen.all_enough()
        finally:
            await client.close_async()
