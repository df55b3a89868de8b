"""cryptofeed reads the simulated exchanges as it reads the real ones."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tickglass.exchanges.exchange import Endpoint, Kind

from . import own
from .comparison import Comparison, compared
from .own import LEVELS
from .table import Table

cryptofeed = pytest.importorskip("cryptofeed")
connection = pytest.importorskip("cryptofeed.connection")
defines = pytest.importorskip("cryptofeed.defines")
exchanges = pytest.importorskip("cryptofeed.exchanges")

pytestmark = [
    pytest.mark.interop,
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("default"),  # other people's warnings are not ours
]

CLIENT = "cryptofeed"
FEEDS = {
    "binance": exchanges.Binance,
    "bybit": exchanges.Bybit,
    "okx": exchanges.OKX,
    "coinbase": exchanges.Coinbase,
}
CHANNELS = {
    Kind.TRADE: defines.TRADES,
    Kind.QUOTE: defines.TICKER,  # its ticker is the best bid and ask
    Kind.BOOK: defines.L2_BOOK,
    Kind.CANDLE: defines.CANDLES,
}
# What Bybit's ticker of spot does not tell: cryptofeed reads noughts.
NO_QUOTES = ("bybit",)
NUMBERED = ("binance", "bybit", "okx")  # whose books have the sequence of ours
QUIET = {"uvloop": False, "log": {"disabled": True}}


class Reader:
    """Callbacks for each channel."""

    def __init__(self, seen: Comparison) -> None:
        self._seen = seen
        self.quotes: set[own.Value] = set()
        self._numbered = seen.instrument.exchange in NUMBERED

    async def trade(self, told: Any, _received: float) -> None:
        number, raw = told.id, told.raw
        if self._seen.instrument.exchange == "binance":  # it reads aggregates of trades
            if raw["f"] != raw["l"]:
                return
            number = raw["f"]
        self._seen.saw(Kind.TRADE, own.trade(number, told.price, told.amount, told.side))

    async def quote(self, told: Any, _received: float) -> None:
        self.quotes.add(own.quote(told.bid, told.ask))
        if Kind.QUOTE in self._seen.channels:
            self._seen.saw(Kind.QUOTE, own.quote(told.bid, told.ask))

    async def book(self, told: Any, _received: float) -> None:
        bids, asks = (
            [side.index(place) for place in range(LEVELS)]
            for side in (told.book.bids, told.book.asks)
        )
        sequence = told.sequence_number if self._numbered else None
        self._seen.saw(Kind.BOOK, own.book(sequence, bids, asks))

    async def candle(self, told: Any, _received: float) -> None:
        prices = told.open, told.high, told.low, told.close
        self._seen.saw(Kind.CANDLE, own.candle(told.start * 1000, *prices, told.volume))

    def callbacks(self) -> dict[str, Any]:
        ways = (self.trade, self.quote, self.book, self.candle)
        return dict(zip(CHANNELS.values(), ways, strict=True))


def redirect(feed: Any, at: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """Change the addresses, and only them."""
    for name, base in (("websocket_endpoints", at.ws), ("rest_endpoints", at.rest)):
        moved = [
            replace(each, address=base + urlsplit(each.address).path)
            for each in getattr(feed, name)
        ]
        monkeypatch.setattr(feed, name, moved)
    begin = connection.WSAsyncConn.__init__

    def plain(self: Any, address: str, *rest: Any, **named: Any) -> None:  # it insists on TLS
        begin(self, address.replace("ws://", "wss://"), *rest, **named)
        self.address = address

    monkeypatch.setattr(connection.WSAsyncConn, "__init__", plain)


@pytest.mark.parametrize("exchange", FEEDS)
async def test_cryptofeed_sees_what_ours_sees(
    exchange: str,
    endpoints: dict[str, Endpoint],
    table: Table,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at, feed = endpoints[exchange], FEEDS[exchange]
    redirect(feed, at, monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    unquoted = exchange in NO_QUOTES
    channels = [kind for kind in CHANNELS if kind != Kind.QUOTE or not unquoted]
    async with compared(table, CLIENT, exchange, at, channels) as seen:
        reader = Reader(seen)
        handler = cryptofeed.FeedHandler(config=QUIET)
        made = feed(
            symbols=[f"{seen.instrument.base}-{seen.instrument.quote_ccy}"],
            channels=list(CHANNELS.values()),
            callbacks=reader.callbacks(),
            candle_closed_only=False,
            config=QUIET,
        )
        handler.add_feed(made)
        running = asyncio.create_task(handler.run_async(install_signal_handlers=False))
        try:
            await seen.all_enough()
        finally:
            handler.request_stop()
            await running
    if unquoted:
        assert reader.quotes == {own.quote(0, 0)}
        reason = "cannot run: the ticker of spot has no bid and ask, and cryptofeed reads no other"
        table.impossible(CLIENT, exchange, Kind.QUOTE, reason)


async def test_cryptofeed_speaks_another_protocol_to_kucoin(table: Table) -> None:
    (endpoint,) = exchanges.KuCoin.websocket_endpoints
    assert urlsplit(endpoint.address).hostname == "x-push-spot.kucoin.com"
    for channel in CHANNELS:
        reason = "cannot run: it speaks the protocol of x-push-spot, ours that of bullet-public"
        table.impossible(CLIENT, "kucoin", channel, reason)
