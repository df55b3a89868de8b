"""cryptofeed, as its examples show it: a feed for each exchange with a callback for trades."""

import asyncio
import json
import sys
from typing import Any
from urllib.parse import urlsplit

import uvloop
import websockets
from cryptofeed import FeedHandler, connection
from cryptofeed.defines import TRADES
from cryptofeed.exchanges import OKX, Binance, Bybit, Coinbase

from .client import Cost

FEEDS = {"binance": Binance, "bybit": Bybit, "okx": OKX, "coinbase": Coinbase}


def dial(address: str, **options: Any) -> websockets.connect:
    """A plain connection: cryptofeed takes only addresses that say ``wss``."""
    return websockets.connect(address.replace("wss://", "ws://"), proxy=None, **options)


def point(feed: Any, ws: str, rest: str) -> None:
    """Send a feed to a simulated exchange."""
    for endpoint in feed.websocket_endpoints:
        endpoint.address = ws.replace("ws://", "wss://") + urlsplit(endpoint.address).path
    for endpoint in feed.rest_endpoints:
        endpoint.address = rest + urlsplit(endpoint.address).path


async def main(plan: dict[str, dict[str, Any]], seconds: float) -> None:
    """Read for a while and report the cost."""
    cost = Cost(seconds)
    last: dict[tuple[str, str], float] = {}

    async def on_trade(trade: Any, receipt: float) -> None:
        last[trade.exchange, trade.symbol] = trade.price
        cost.events[trade.exchange.lower()] += 1

    handler = FeedHandler(config={"log": {"disabled": True}})
    for name, place in plan.items():
        feed = FEEDS[name]
        point(feed, place["ws"], place["rest"])
        symbols = [pair.replace("/", "-") for pair in place["pairs"]]
        handler.add_feed(feed(symbols=symbols, channels=[TRADES], callbacks={TRADES: on_trade}))
    running = asyncio.create_task(handler.run_async(install_signal_handlers=False))
    await cost.warm_up(len(plan))
    await asyncio.wait([running], timeout=seconds)
    cost.report()
    running.cancel()
    await asyncio.wait([running])


if __name__ == "__main__":
    connection.connect = dial
    uvloop.run(main(json.load(sys.stdin), float(sys.argv[1])))
