"""kucoin-universal-sdk reads the simulated KuCoin as it reads the real one."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from tickglass.exchanges.exchange import Endpoint, Kind

from . import own
from .comparison import CANDLES, LIVE, Comparison, compared
from .own import HISTORY
from .table import Table

api = pytest.importorskip("kucoin_universal_sdk.api")
model = pytest.importorskip("kucoin_universal_sdk.model")
market = pytest.importorskip("kucoin_universal_sdk.generate.spot.market")

pytestmark = [
    pytest.mark.interop,
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("default"),  # other people's warnings are not ours
]

CLIENT = "kucoin-universal-sdk"
SYMBOL = "BTC-USDT"


class Reader:
    """Callbacks for each topic; they come with topic and subject, which are known."""

    def __init__(self, seen: Comparison) -> None:
        self._seen = seen

    def snapshot(self, _topic: str, _subject: str, event: Any) -> None:
        day = event.data
        value = own.ticker(day.last_traded_price, day.high, day.low)
        self._seen.saw(Kind.TICKER, value)

    def trade(self, _topic: str, _subject: str, event: Any) -> None:
        value = own.trade(event.trade_id, event.price, event.size, event.side)
        self._seen.saw(Kind.TRADE, value)

    def level1(self, _topic: str, _subject: str, event: Any) -> None:
        self._seen.saw(Kind.QUOTE, own.quote(event.bids[0], event.asks[0]))

    def level50(self, _topic: str, _subject: str, event: Any) -> None:
        self._seen.saw(Kind.BOOK, own.book(None, event.bids, event.asks))

    def candle(self, _topic: str, _subject: str, event: Any) -> None:
        self._seen.saw(Kind.CANDLE, candle(event.candles))


def candle(row: Sequence[str]) -> own.Value:
    """KuCoin's order: start, open, close, high, low, volume."""
    start, opened, closed, high, low, volume, *_ = row
    return own.candle(int(start) * 1000, opened, high, low, closed, volume)


def make_client(rest: str) -> Any:
    builder = model.ClientOptionBuilder().set_key("").set_secret("").set_passphrase("")
    for set_endpoint in (
        builder.set_spot_endpoint,
        builder.set_futures_endpoint,
        builder.set_broker_endpoint,
    ):
        set_endpoint(rest)
    builder.set_transport_option(model.TransportOptionBuilder().build())
    builder.set_websocket_client_option(model.WebSocketClientOptionBuilder().build())
    return api.DefaultClient(builder.build())


def fetch_history(client: Any) -> list[own.Value]:
    request = market.GetKlinesReqBuilder().set_symbol(SYMBOL).set_type("1min").build()
    reply = client.rest_service().get_spot_service().get_market_api().get_klines(request)
    return [candle(row) for row in reply.data[1:CANDLES]]  # the newest still changes


def subscribe(socket: Any, reader: Reader) -> None:
    socket.start()
    socket.symbol_snapshot(SYMBOL, reader.snapshot)
    socket.trade([SYMBOL], reader.trade)
    socket.klines(SYMBOL, "1min", reader.candle)
    socket.orderbook_level1([SYMBOL], reader.level1)
    socket.orderbook_level50([SYMBOL], reader.level50)


async def test_kucoin_universal_sees_what_ours_sees(
    endpoints: dict[str, Endpoint], table: Table
) -> None:
    at = endpoints["kucoin"]
    client = make_client(at.rest)
    async with compared(table, CLIENT, "kucoin", at, (*LIVE, HISTORY)) as seen:
        seen.saw(HISTORY, *await asyncio.to_thread(fetch_history, client))
        socket = client.ws_service().new_spot_public_ws()
        try:
            await asyncio.to_thread(subscribe, socket, Reader(seen))
            await seen.all_enough()
        finally:
            await asyncio.to_thread(socket.stop)
