"""Serves five exchanges on which every pair is equally busy, with their history made beforehand.

``tickglass simulate`` gives a few pairs most of the trades, as markets do, and makes the history
of a pair when it is first asked for: with 2,000 tickers its clients would time out meanwhile. The
time here begins at midnight, because the day that runs would be made again and again for so many
pairs; and each minute moves the 24 h windows of all, so that only the first one runs smoothly.
"""

import asyncio
import json
import sys
import time
from itertools import chain

from tickglass.exchanges import SERVERS
from tickglass.market.interval import DAY
from tickglass.simulator.economy import Economy
from tickglass.simulator.market import Market
from tickglass.simulator.pairs import pairs
from tickglass.simulator.server import Simulator

SEED = 3
VOLUME = 5.0  # millions of US dollars a day, of every pair


def markets(count: int, rate: float, start: int) -> dict[str, Market]:
    """Markets of equally busy pairs; ``rate`` is of each of them."""
    known = {
        name: [pair._replace(volume=VOLUME) for pair in pairs(count, name)] for name in SERVERS
    }
    economy = Economy(SEED, chain.from_iterable(known.values()), start)
    return {
        name: Market(SEED, listed, start, rate, economy, name) for name, listed in known.items()
    }


def make_history(simulator: Simulator) -> None:
    """Let every pair know its last 24 hours."""
    for exchange in simulator.exchanges.values():
        for listing in exchange.view.listings:
            exchange.view.day(listing.instrument)


async def main(count: int, rate: float) -> None:
    """Print the addresses, then serve until killed."""
    start = time.time_ns() // 1_000_000 // DAY * DAY
    began = time.monotonic()
    simulator = Simulator(
        markets(count, rate, start), clock=lambda: start + int((time.monotonic() - began) * 1000)
    )
    make_history(simulator)
    began = time.monotonic()
    async with simulator:
        print(json.dumps(simulator.endpoints), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
