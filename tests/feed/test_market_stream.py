"""The stream of a whole market, against the simulated exchanges and their faults."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Channel, Endpoint, Kind
from tickglass.feed import backoff, market_stream
from tickglass.feed.hub import Hub
from tickglass.market.events import Ticker
from tickglass.market.instrument import Instrument
from tickglass.simulator import server
from tickglass.simulator.server import Simulator

from .helpers import Listener, until

STREAMING = sorted(name for name, each in EXCHANGES.items() if each.market_lane)


class Watcher:
    def __init__(self) -> None:
        self.heard: dict[Instrument, Ticker] = {}
        self.count = self.interruptions = 0

    def ticker(self, ticker: Ticker) -> None:
        self.heard[ticker.instrument] = ticker
        self.count += 1

    def interrupted(self) -> None:
        self.interruptions += 1


@dataclass
class Desk:
    name: str
    simulator: Simulator
    hub: Hub
    sink: Listener
    watcher: Watcher

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        at = self.simulator.endpoints[self.name]
        return (Endpoint(at["ws"], at["rest"]),)

    @property
    def clients(self) -> int:
        return len(self.simulator.exchanges[self.name].clients)

    async def more(self) -> None:
        """Wait for the next tickers."""
        count = self.watcher.count
        await until(lambda: self.watcher.count > count)


@asynccontextmanager
async def desk(name: str) -> AsyncIterator[Desk]:
    markets = server.markets([name], 5, 12, 300.0, server.clock())
    async with Simulator(markets) as simulator:
        at = simulator.endpoints[name]
        sink = Listener()
        where = {name: (Endpoint(at["ws"], at["rest"]),)}
        async with Hub([EXCHANGES[name]], where, sink, time.monotonic) as hub:
            yield Desk(name, simulator, hub, sink, Watcher())


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(market_stream, "CHECK_INTERVAL", 0.05)


def test_only_binance_and_kucoin_document_one_that_tells_a_change() -> None:
    assert STREAMING == ["binance", "kucoin"]


@pytest.mark.asyncio
@pytest.mark.parametrize("name", STREAMING)
async def test_every_traded_instrument_comes_with_its_day(name: str) -> None:
    async with desk(name) as on:
        on.hub.watch_market(name, on.watcher)
        await until(lambda: len(on.watcher.heard) >= 8)
        listed = {each.instrument for each in await on.hub.listings(name)}
        assert on.watcher.heard.keys() <= listed
        for each in on.watcher.heard.values():
            assert each.last and each.change is not None and each.quote_volume is not None
        assert on.hub.figures[name].total.bad_frames == 0


@pytest.mark.asyncio
@pytest.mark.parametrize("name", STREAMING)
async def test_store_and_alerts_hear_nothing_of_it_beside_a_watched_instrument(name: str) -> None:
    async with desk(name) as on:
        listings = await on.hub.listings(name)
        watched = next(each.instrument for each in listings if each.status == "trading")
        on.hub.want("list", [Channel(Kind.TICKER, watched)])
        on.hub.watch_market(name, on.watcher)
        await until(lambda: on.sink.events)
        await on.more()
        on.simulator.faults.drop = 0.01
        await until(lambda: on.watcher.interruptions and on.sink.interruptions)
        on.simulator.faults.drop = 0.0
        await on.more()
        on.hub.watch_market(name, None)
        await until(lambda: on.clients == 1)
        assert {each.instrument for each in on.sink.events} == {watched}
        assert set().union(*on.sink.interruptions) == {watched}
        assert not any(on.sink.refusals.values())
        assert len(on.hub.figures[name].connections) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize("name", STREAMING)
async def test_it_ends_with_its_connection_when_nobody_looks(name: str) -> None:
    async with desk(name) as on:
        for _ in range(2):
            on.hub.watch_market(name, on.watcher)
            await on.more()
            on.hub.watch_market(name, None)
        await until(lambda: not on.clients)
        assert not on.hub.figures[name].connections


@pytest.mark.asyncio
async def test_looking_and_looking_away_at_once_leaves_nothing() -> None:
    async with desk("binance") as on:
        before = asyncio.all_tasks()
        for _ in range(20):
            on.hub.watch_market("binance", on.watcher)
            await asyncio.sleep(0)
            on.hub.watch_market("binance", None)
        await until(lambda: not on.clients and not on.hub.figures["binance"].connections)
        await until(lambda: not asyncio.all_tasks() - before)


@pytest.mark.asyncio
@pytest.mark.parametrize("name", STREAMING)
async def test_an_exchange_switched_off_and_on_streams_again(name: str) -> None:
    async with desk(name) as on:
        on.hub.watch_market(name, on.watcher)
        await on.more()
        await on.hub.switch_off(name)
        assert not on.clients
        await on.hub.switch_on(EXCHANGES[name], on.endpoints)
        await on.more()
        assert on.sink.events == []


@pytest.mark.asyncio
async def test_a_silent_stream_gives_its_connection_up_and_is_asked_for_again_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(market_stream, "SILENCE", 0.3)
    monkeypatch.setattr(market_stream, "RETRY", 0.2)
    async with desk("binance") as on:
        on.simulator.faults.stall = 0.01
        on.hub.watch_market("binance", on.watcher)
        await until(lambda: on.clients)
        await until(lambda: on.watcher.interruptions and not on.clients)
        assert not on.watcher.count
        monkeypatch.setattr(market_stream, "SILENCE", 30.0)
        on.simulator.faults.stall = 0.0
        await on.more()


@pytest.mark.asyncio
@pytest.mark.parametrize("name", sorted(EXCHANGES.keys() - set(STREAMING)))
async def test_elsewhere_nothing_is_dialled(name: str) -> None:
    async with desk(name) as on:
        before = asyncio.all_tasks()
        on.hub.watch_market(name, on.watcher)
        assert asyncio.all_tasks() == before
