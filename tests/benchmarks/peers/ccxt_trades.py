"""ccxt.pro, as its manual shows it: ``watch_trades_for_symbols`` in a loop for each exchange."""

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any

import ccxt.pro

from .client import Cost


def binance(client: Any, ws: str, rest: str) -> None:
    """Point at a simulated Binance, which lists no currencies."""
    client.urls["api"]["public"] = f"{rest}/api/v3"
    client.urls["api"]["ws"]["spot"] = f"{ws}/ws"


def bybit(client: Any, ws: str, rest: str) -> None:
    """Point at a simulated Bybit."""
    client.urls["api"]["public"] = rest
    client.urls["api"]["ws"]["public"]["spot"] = f"{ws}/v5/public/spot"


def okx(client: Any, ws: str, rest: str) -> None:
    """Point at a simulated OKX."""
    client.urls["api"] = {"rest": rest, "ws": f"{ws}/ws/v5"}


def coinbase(client: Any, ws: str, rest: str) -> None:
    """Point at a simulated Coinbase."""
    client.urls["api"] = {"rest": rest, "ws": ws}


def kucoin(client: Any, ws: str, rest: str) -> None:
    """Point at a simulated KuCoin, which says by REST where its websockets are."""
    client.urls["api"]["public"] = rest


# How many symbols to watch in one call. Bybit takes ten in a request; Coinbase sends those of a
# moment together, and a call for several hands over the first of them only.
AT_ONCE, MOST = {"bybit": 10, "coinbase": 1}, 1_000
PAUSE = 0.15  # s between two calls, because exchanges count requests
POINT = {each.__name__: each for each in (binance, bybit, okx, coinbase, kucoin)}


def batches(names: list[str], most: int) -> Iterator[list[str]]:
    """The names in groups of at most ``most``."""
    return (names[start : start + most] for start in range(0, len(names), most))


async def opened(name: str, place: dict[str, Any]) -> Any:
    """A client that knows the markets of an exchange."""
    client = getattr(ccxt.pro, name)({"options": {"defaultType": "spot"}})
    POINT[name](client, place["ws"], place["rest"])
    client.options["fetchMarkets"] = {"types": ["spot"]}
    client.options["fetchCurrencies"] = False
    client.has["fetchCurrencies"] = False
    await client.load_markets()
    return client


async def read(client: Any, symbols: list[str], last: dict[str, float], cost: Cost) -> None:
    """Keep the last price of each symbol."""
    while True:
        for trade in await client.watch_trades_for_symbols(symbols):
            last[trade["symbol"]] = trade["price"]
            cost.events[client.id] += 1


async def measure(clients: list[Any], plan: dict[str, dict[str, Any]], seconds: float) -> None:
    """Read for a while and report the cost."""
    cost, last = Cost(seconds), dict[str, float]()
    async with asyncio.TaskGroup() as group:
        readers = []
        for client in clients:
            for symbols in batches(plan[client.id]["pairs"], AT_ONCE.get(client.id, MOST)):
                readers.append(group.create_task(read(client, symbols, last, cost)))
                await asyncio.sleep(PAUSE)
        await cost.warm_up(len(plan))
        await asyncio.sleep(seconds)
        cost.report()
        for reader in readers:
            reader.cancel()


async def main(plan: dict[str, dict[str, Any]], seconds: float) -> None:
    """Open clients, measure and close them."""
    clients = [await opened(name, place) for name, place in plan.items()]
    try:
        await measure(clients, plan, seconds)
    finally:
        await asyncio.gather(*(each.close() for each in clients))


if __name__ == "__main__":
    asyncio.run(main(json.load(sys.stdin), float(sys.argv[1])))
