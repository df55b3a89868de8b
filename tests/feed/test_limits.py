"""Two thousand instruments over five exchanges: as few connections as allowed, no limit broken."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Channel, Endpoint, Kind
from tickglass.feed import line
from tickglass.feed.hub import Hub
from tickglass.market.events import Trade
from tickglass.market.instrument import Instrument
from tickglass.simulator import server
from tickglass.simulator.server import Simulator

from .helpers import Listener, until

EACH = 400  # instruments on each exchange
# Worked out from each exchange's rules: three channels (ticker, trade, quote) of 400 instruments,
# or two where the ticker has the quote, by the room of a connection.
CONNECTIONS = {"binance": 2, "bybit": 2, "okx": 4, "coinbase": 6, "kucoin": 7}


@asynccontextmanager
async def feeds(
    listener: Listener, pairs: int, rate: float = 100.0
) -> AsyncIterator[tuple[Simulator, Hub]]:
    async with server.simulator(EXCHANGES, seed=2, pair_count=pairs, rate=rate) as simulator:
        endpoints = {
            name: (Endpoint(at["ws"], at["rest"]),) for name, at in simulator.endpoints.items()
        }
        async with Hub(EXCHANGES.values(), endpoints, listener, time.monotonic) as hub:
            yield simulator, hub


def rows(simulator: Simulator) -> list[Channel]:
    return [
        Channel(kind, listing.instrument)
        for name, exchange in simulator.exchanges.items()
        for listing in exchange.view.listings
        for kind in EXCHANGES[name].row_kinds
    ]


def subscribed(simulator: Simulator) -> dict[str, int]:
    """Different topics that the clients of each exchange have."""
    return {
        name: len({topic for client in exchange.clients for topic in client.server.topics})
        for name, exchange in simulator.exchanges.items()
    }


@pytest.mark.asyncio
async def test_two_thousand_instruments_flow_within_every_limit() -> None:
    listener = Listener()
    async with feeds(listener, EACH) as (simulator, hub):
        hub.want("test", rows(simulator))
        # KuCoin's ticker is two topics. Coinbase sends heartbeats beside two channels, and an alias
        # shares those of its dollar twin.
        await until(lambda: len(hub.catalogue("coinbase").listings) == EACH)
        canonical = EACH - sum(
            bool(each.alias) for each in hub.catalogue("coinbase").listings.values()
        )
        wanted = {
            "binance": 3 * EACH, "bybit": 3 * EACH, "okx": 2 * EACH, "kucoin": 3 * EACH,
            "coinbase": 2 * canonical + 1,
        }  # fmt: skip
        await until(lambda: subscribed(simulator) == wanted, within=60.0)
        assert {name: len(each.connections) for name, each in hub.figures.items()} == CONNECTIONS
        for name, exchange in simulator.exchanges.items():
            for client in exchange.clients:
                assert len(client.server.topics) <= client.tolerance.topics, name
        assert Counter(listener.states())["reconnecting"] == 0
        assert Counter(listener.states())["refused"] == 0
        assert listener.refusals == {}
        assert sum(figures.total.bad_frames for figures in hub.figures.values()) == 0


@pytest.mark.asyncio
async def test_an_instrument_that_is_not_listed_is_told_and_the_others_flow() -> None:
    listener = Listener()
    async with feeds(listener, 12, rate=1_000.0) as (simulator, hub):
        nobody = [Instrument(name, "NOBODY", "USDT") for name in EXCHANGES]
        known = [each.view.instrument(0) for each in simulator.exchanges.values()]
        wanted = [*nobody, *known]
        hub.want("test", [Channel(Kind.TRADE, each) for each in wanted])
        await until(lambda: set(listener.refusals) >= set(nobody))
        for each in nobody:  # by the list, or by the exchange itself if it was faster
            assert EXCHANGES[each.exchange].title in listener.refusals[each]
            assert "NOBODY" in listener.refusals[each]
        assert len(listener.refusals) == len(nobody)
        for each in known:
            await until(
                lambda each=each: any(trade.instrument == each for trade in listener.of(Trade))
            )


@pytest.mark.asyncio
async def test_what_is_left_over_is_drawn_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "MOVING_TIME", 0.3)
    listener = Listener()
    async with feeds(listener, EACH) as (simulator, hub):
        instruments = [each.instrument for each in simulator.exchanges["okx"].view.listings]
        trades = [Channel(Kind.TRADE, each) for each in instruments]
        hub.want("test", trades)
        await until(lambda: subscribed(simulator)["okx"] == EACH)
        assert len(simulator.exchanges["okx"].clients) == 2
        few = [*trades[:5], *trades[-5:]]
        hub.want("test", few)
        await until(lambda: len(simulator.exchanges["okx"].clients) == 1)
        (client,) = simulator.exchanges["okx"].clients
        await until(lambda: len(client.server.topics) == len(few))


@pytest.mark.asyncio
async def test_one_exchange_failing_leaves_the_others_alone() -> None:
    listener = Listener()
    async with feeds(listener, 6, rate=2_000.0) as (simulator, hub):
        known = [each.view.instrument(0) for each in simulator.exchanges.values()]
        hub.want("test", [Channel(Kind.TRADE, each) for each in known])
        for each in known:
            await until(
                lambda each=each: any(trade.instrument == each for trade in listener.of(Trade))
            )
        await simulator.exchanges["okx"].close()
        before = {each: listener.store.state(each).seen for each in known}
        await until(lambda: "reconnecting" in listener.states())
        others = [each for each in known if each.exchange != "okx"]
        await until(lambda: all(listener.store.state(o).seen != before[o] for o in others))
        troubled = {each.exchange for each in listener.statuses if each.state == "reconnecting"}
        assert troubled == {"okx"}
        await asyncio.sleep(0)
