"""What plain requests to the simulator say, to compare with what other clients read."""

import asyncio
import json
import urllib.request
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

TIMEOUT = 10.0  # s
PATIENCE = 25.0  # s; a test that waits longer for a client fails


def patient(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Fail a test that waits for ever."""

    @wraps(test)
    async def limited(*arguments: Any, **named: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            await test(*arguments, **named)

    return limited


def get(rest: str, path: str) -> Any:
    """The answer to a REST request."""
    with urllib.request.urlopen(rest + path, timeout=TIMEOUT) as reply:
        return json.load(reply)


def trades(rest: str, symbol: str) -> dict[int, tuple[float, float, bool]]:
    """The newest trades by id: price, size, and whether the taker sold."""
    rows = get(rest, f"/api/v3/trades?symbol={symbol}&limit=1000")
    return {
        row["id"]: (float(row["price"]), float(row["qty"]), row["isBuyerMaker"]) for row in rows
    }


def candle(rest: str, symbol: str, interval: str, start: int) -> list[float]:
    """Open, high, low, close and volume of the candle that starts then."""
    path = f"/api/v3/klines?symbol={symbol}&interval={interval}&startTime={start}&limit=1"
    row = get(rest, path)[0]
    assert row[0] == start
    return [float(value) for value in row[1:6]]


def check_book(bids: Any, asks: Any, levels: int) -> None:
    """A book is sorted, not crossed, and as deep as asked."""
    bid_prices, ask_prices = ([float(row[0]) for row in side] for side in (bids, asks))
    assert len(bid_prices) >= levels
    assert len(ask_prices) >= levels
    assert bid_prices == sorted(bid_prices, reverse=True)
    assert ask_prices == sorted(ask_prices)
    assert bid_prices[0] < ask_prices[0]
