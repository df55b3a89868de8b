"""What the clients share: which streams they read, and the cost they print."""

import asyncio
import json
import sys
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field

WARM_UP = 2.0
PATIENCE = 30.0


@dataclass
class Cost:
    """Counts events by exchange after a warm-up and prints them with the CPU time as JSON."""

    seconds: float
    events: Counter[str] = field(default_factory=Counter)
    began_cpu: float = 0.0
    began: float = 0.0

    async def warm_up(self, exchanges: int) -> None:
        """Wait until every exchange speaks, and a moment longer; then count from 0."""
        end = time.monotonic() + PATIENCE
        while len(self.events) < exchanges:
            if time.monotonic() > end:
                raise TimeoutError(f"only these spoke: {', '.join(self.events)}")
            await asyncio.sleep(0.1)
        await asyncio.sleep(WARM_UP)
        self.reset()

    def reset(self) -> None:
        """The warm-up is over."""
        self.events.clear()
        self.began_cpu, self.began = time.process_time(), time.monotonic()

    def report(self) -> None:
        """Print the cost since the warm-up."""
        cpu = time.process_time() - self.began_cpu
        elapsed = time.monotonic() - self.began
        json.dump({"events": self.events, "cpu_seconds": cpu, "seconds": elapsed}, sys.stdout)


def streams(rest: str) -> list[str]:
    """Trades, quotes and tickers of every pair: what the window reads for its rows."""
    with urllib.request.urlopen(f"{rest}/api/v3/exchangeInfo") as reply:
        symbols = [row["symbol"].lower() for row in json.load(reply)["symbols"]]
    return [f"{symbol}@{form}" for symbol in symbols for form in ("trade", "bookTicker", "ticker")]


def subscriptions(names: list[str]) -> list[str]:
    """SUBSCRIBE requests of a size that the exchange takes."""
    return [
        json.dumps({"method": "SUBSCRIBE", "params": names[start : start + 60], "id": start + 1})
        for start in range(0, len(names), 60)
    ]
