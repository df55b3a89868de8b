"""The past that signals are measured by: fetched calmly, and again where it failed."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, cast

import pytest

from tickglass import signal_feed
from tickglass.alerts.signals import Signal, SignalEngine, SignalKind
from tickglass.errors import Unreachable
from tickglass.feed.hub import Hub
from tickglass.market.events import Candle
from tickglass.market.instrument import Instrument
from tickglass.signal_feed import BETWEEN, CHECK_INTERVAL, MINUTES, RETRY, SignalFeed

BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("okx", "ETH", "USDT")
NOW = 1_795_348_800_000
MOVE = Signal(SignalKind.MOVE, BTC, NOW, 100.0, up=True, size=0.03)


class Engine(SignalEngine):
    """Finds what it is told to, and remembers what it was seeded with."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Signal] = []
        self.seeded: list[Instrument] = []

    def seed(self, instrument: Instrument, candles: Iterable[Candle]) -> None:
        self.seeded.append(instrument)

    def tick(self, now: int) -> list[Signal]:
        assert now == NOW
        found, self.found = self.found, []
        return found


class Desk:
    """A feed of signals over an exchange that may be down; waiting takes no time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine = Engine()
        self.down: set[str] = set()
        self.asked: list[tuple[Instrument, str, int]] = []
        self.slept: list[float] = []
        self.told: list[Signal] = []
        self.spawned: list[Coroutine[Any, Any, None]] = []
        self.feed = SignalFeed(
            self.engine, cast(Hub, self), self.told.extend, self.spawn, lambda: NOW
        )
        monkeypatch.setattr(signal_feed.asyncio, "sleep", self.sleep)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self.spawned.append(work)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def candles(self, instrument: Instrument, interval: str, *, limit: int) -> list[Candle]:
        self.asked.append((instrument, interval, limit))
        if instrument.exchange in self.down:
            raise Unreachable("no network")
        return []

    def check(self, now: float) -> list[Instrument]:
        """What was seeded because of a look at a second."""
        before = len(self.engine.seeded)
        self.feed.check(now)
        spawned, self.spawned = self.spawned, []
        for work in spawned:
            asyncio.run(work)
        return self.engine.seeded[before:]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_each_instrument_is_seeded_once_one_after_the_other(desk: Desk) -> None:
    desk.feed.follow([BTC, ETH])
    assert desk.check(10.0) == [BTC, ETH]
    assert desk.asked == [(BTC, "1m", MINUTES), (ETH, "1m", MINUTES)]
    assert desk.slept == [BETWEEN, BETWEEN]
    desk.feed.follow([ETH, BTC])
    assert desk.check(20.0) == []


def test_after_a_gap_the_past_is_fetched_anew(desk: Desk) -> None:
    desk.feed.follow([BTC])
    desk.check(10.0)
    desk.feed.gap([BTC, ETH])
    desk.feed.gap([BTC])
    assert desk.check(20.0) == [BTC], "ETH is not watched, and once is enough"


def test_what_is_no_longer_watched_is_not_fetched(desk: Desk) -> None:
    desk.feed.follow([BTC, ETH])
    desk.feed.follow([ETH])
    assert desk.check(10.0) == [ETH]


def test_a_past_that_could_not_be_fetched_is_asked_for_again_later(desk: Desk) -> None:
    desk.down.add("okx")
    desk.feed.follow([ETH, BTC])
    assert desk.check(10.0) == [BTC]
    desk.down.clear()
    assert desk.check(10.0 + RETRY - 1) == []
    assert desk.check(10.0 + RETRY) == [ETH]
    assert desk.check(10.0 + 3 * RETRY) == []


def test_what_failed_and_is_no_longer_watched_is_forgotten(desk: Desk) -> None:
    desk.down.add("okx")
    desk.feed.follow([ETH])
    desk.check(10.0)
    desk.feed.follow([BTC])
    desk.check(11.0)
    desk.check(12.0 + RETRY)
    assert [each for each, _, _ in desk.asked] == [ETH, BTC]


def test_what_is_found_is_told_at_most_once_a_second(desk: Desk) -> None:
    desk.engine.found = [MOVE]
    desk.check(10.0)
    assert desk.told == [MOVE]
    desk.engine.found = [MOVE]
    desk.check(10.0 + CHECK_INTERVAL / 2)
    assert desk.told == [MOVE]
    desk.check(10.0 + CHECK_INTERVAL)
    assert desk.told == [MOVE, MOVE]
