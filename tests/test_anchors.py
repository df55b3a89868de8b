"""Prices that changes count from, fetched from the simulated Binance."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any

import pytest

from tickglass.anchors import Anchors
from tickglass.errors import Unreachable
from tickglass.exchanges.binance import Binance
from tickglass.feed.hub import Hub
from tickglass.market.change import Basis
from tickglass.market.events import Candle
from tickglass.market.instrument import Instrument
from tickglass.market.interval import DAY, MINUTE
from tickglass.simulator.server import Simulator

from .feed.helpers import BTC, ETH, Listener, endpoint, simulator, until

OFF = Instrument("okx", "BTC", "USDT")


class Desk:
    """Anchors with a clock that the test sets."""

    def __init__(self, server: Simulator, hub: Hub) -> None:
        self.server, self.hub = server, hub
        self.store = Listener().store
        self.clock = time.time_ns() // 1_000_000
        self.tasks: set[asyncio.Task[None]] = set()
        self.anchors = Anchors(hub, self.store, self.spawn, lambda: self.clock)
        for instrument in (BTC, ETH, OFF):
            self.store.state(instrument)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def settled(self) -> None:
        await until(lambda: not self.tasks)

    async def opened(self, instrument: Instrument, start: int) -> float:
        """What the exchange says its minute began with."""
        (candle,) = await self.hub.candles(instrument, "1m", end=start + 1, limit=1)
        assert candle.start == start
        return candle.open


@asynccontextmanager
async def desk() -> AsyncIterator[Desk]:
    async with simulator() as server:
        where = {"binance": (endpoint(server),)}
        async with Hub([Binance], where, Listener(), time.monotonic) as hub:
            made = Desk(server, hub)
            yield made
            await made.settled()


@pytest.mark.asyncio
async def test_changes_count_from_the_open_of_the_minute_at_midnight() -> None:
    async with desk() as at:
        at.anchors.follow([BTC, OFF])
        assert not at.tasks, "24 hours need no price of the past"
        at.anchors.choose(Basis("utc"), UTC)
        state = at.store.state(BTC)
        assert state.change is None
        await at.settled()
        opened = await at.opened(BTC, at.clock // DAY * DAY)
        assert state.anchor == opened
        state.last = opened * 1.25
        assert state.change == pytest.approx(0.25)
        assert at.store.state(OFF).anchor is None


@pytest.mark.asyncio
async def test_what_is_added_later_gets_its_own() -> None:
    async with desk() as at:
        at.anchors.choose(Basis("utc"), UTC)
        at.anchors.follow([BTC])
        await at.settled()
        at.anchors.follow([BTC, ETH])
        assert len(at.tasks) == 1
        await at.settled()
        assert at.store.state(ETH).anchor == await at.opened(ETH, at.clock // DAY * DAY)


@pytest.mark.asyncio
async def test_a_new_day_forgets_the_old_prices_at_once_and_counts_anew() -> None:
    async with desk() as at:
        at.clock = at.clock // DAY * DAY - 1  # the last millisecond of yesterday
        at.anchors.choose(Basis("utc"), UTC)
        at.anchors.follow([BTC])
        await at.settled()
        before = at.store.state(BTC).anchor
        at.anchors.check(100.0)
        assert not at.tasks
        at.clock += 1
        at.anchors.check(110.0)
        assert at.store.state(BTC).anchor is None
        await at.settled()
        after = at.store.state(BTC).anchor
        assert after == await at.opened(BTC, at.clock)
        assert before == await at.opened(BTC, at.clock - DAY)


@pytest.mark.asyncio
async def test_a_moment_within_a_minute_counts_from_the_minute() -> None:
    async with desk() as at:
        moment = at.clock - 3 * 60 * MINUTE
        at.anchors.follow([BTC])
        at.anchors.choose(Basis("since", moment), UTC)
        await at.settled()
        assert at.store.state(BTC).anchor == await at.opened(BTC, moment // MINUTE * MINUTE)


@pytest.mark.asyncio
async def test_back_to_24_hours_the_exchanges_own_open_counts() -> None:
    async with desk() as at:
        at.anchors.follow([BTC])
        at.anchors.choose(Basis("utc"), UTC)
        await at.settled()
        state = at.store.state(BTC)
        state.open, state.last = 50.0, 75.0
        at.anchors.choose(Basis(), UTC)
        assert state.change == pytest.approx(0.5)


@pytest.mark.asyncio
async def test_what_could_not_be_fetched_is_asked_for_again_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with desk() as at:

        async def fail(*_: object, **__: object) -> list[Any]:
            raise Unreachable("no network")

        with monkeypatch.context() as patch:
            patch.setattr(at.hub, "candles", fail)
            at.anchors.choose(Basis("utc"), UTC)
            at.anchors.follow([BTC])
            await at.settled()
        assert at.store.state(BTC).anchor is None
        at.anchors.check(1_000.0)
        await at.settled()
        assert at.store.state(BTC).anchor == await at.opened(BTC, at.clock // DAY * DAY)
        at.anchors.check(2_000.0)
        assert not at.tasks


@pytest.mark.asyncio
async def test_where_the_minute_is_not_told_yet_its_price_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with desk() as at:
        midnight = at.clock // DAY * DAY
        told = Candle(BTC, "1m", midnight - MINUTE, 5.0, 6.0, 4.0, 5.5, 1.0, closed=False)

        async def lag(*_: object, **__: object) -> list[Candle]:
            return [told]

        with monkeypatch.context() as patch:
            patch.setattr(at.hub, "candles", lag)
            at.anchors.choose(Basis("utc"), UTC)
            at.anchors.follow([BTC])
            await at.settled()
        assert at.store.state(BTC).anchor == 5.5
        at.anchors.check(1_000.0)
        await at.settled()
        assert at.store.state(BTC).anchor == await at.opened(BTC, midnight)
        at.anchors.check(2_000.0)
        assert not at.tasks
