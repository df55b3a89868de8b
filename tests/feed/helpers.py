"""Fakes and waits for the tests of the feed."""

import asyncio
import time
from collections.abc import Callable, Collection

from tickglass.exchanges.exchange import Endpoint
from tickglass.market.events import MarketEvent, Status
from tickglass.market.freshness import Link
from tickglass.market.instrument import Instrument
from tickglass.market.store import Store
from tickglass.simulator import server
from tickglass.simulator.server import Simulator

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("binance", "ETH", "USDT")
SOL = Instrument("binance", "SOL", "USDT")


class Listener:
    """A sink that keeps everything it is told, and a store like the window's."""

    def __init__(self) -> None:
        self.store = Store()
        self.events: list[MarketEvent] = []
        self.statuses: list[Status] = []
        self.interruptions: list[set[Instrument]] = []
        self.refusals: dict[Instrument, str] = {}

    def apply(self, event: MarketEvent, link: Link) -> None:
        self.store.apply(event, link)
        self.events.append(event)

    def status(self, status: Status) -> None:
        self.statuses.append(status)

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        self.interruptions.append(set(instruments))

    def refused(self, instrument: Instrument, sentence: str) -> None:
        self.refusals[instrument] = sentence

    def states(self) -> list[str]:
        return [status.state for status in self.statuses]

    def has_book(self, instrument: Instrument) -> bool:
        book = self.store.books.get(instrument)
        return book is not None and not book.waiting

    def of(self, kind: type[MarketEvent]) -> list[MarketEvent]:
        return [event for event in self.events if isinstance(event, kind)]


async def until(
    condition: Callable[[], object], within: float = 20.0, every: float = 0.005
) -> None:
    """Wait for a condition, looked at ``every`` so many seconds; fail if it stays untrue.

    What may be over between two looks is no condition to wait for.
    """
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        await asyncio.sleep(every)


def simulator(rate: float = 400.0) -> Simulator:
    """A lively simulated Binance of a few pairs."""
    return server.simulator(["binance"], seed=5, pair_count=6, rate=rate)


def endpoint(simulator: Simulator) -> Endpoint:
    """Where a simulated Binance answers."""
    at = simulator.endpoints["binance"]
    return Endpoint(at["ws"], at["rest"])
