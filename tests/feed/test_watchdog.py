"""A quiet connection is told from a dead one, and a computer that slept from a slow one."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from tickglass.exchanges.binance import Binance
from tickglass.exchanges.exchange import Catalogue, Heartbeat
from tickglass.feed import watchdog as watchdog_module
from tickglass.feed.watchdog import Silent, Slept, Watchdog
from tickglass.market.freshness import Link

really_sleep = asyncio.sleep


class Pinging(Binance):
    """Protocol pings are answered; a connection lives forever."""

    limits = replace(Binance.limits, lifetime=None)


class Mortal(Binance):
    limits = replace(Binance.limits, lifetime=30.0)


class Beating(Pinging):
    """It wants to hear of us every 7 seconds."""

    def heartbeat(self) -> Heartbeat:
        return Heartbeat(7.0, "ping")


class Enough(Exception):
    """The test has seen what it wanted."""


class Stage:
    """A connection and its watchdog; ``times`` are seconds since it began.

    ``each_second`` may change the world; it stands in for the socket and the clocks too.
    """

    def __init__(self, exchange: type[Binance] = Pinging, hears: bool = True) -> None:
        self.now = 1_000.0
        self.slept = 0.0
        self.hears = hears
        self.end = 60
        self.link = Link("binance", 1)
        self.link.open(self.now)
        self.said: list[tuple[int, str, bool]] = []
        self.pings: dict[int, asyncio.Future[float]] = {}
        self.stale: list[tuple[int, float]] = []
        self.alive: list[int] = []
        self.renewed: list[int] = []
        self.seconds: list[int] = []
        self.each: Callable[[int], None] = lambda second: None
        self.dog = Watchdog(
            exchange(Catalogue()),
            self.link,
            self,  # type: ignore[arg-type]
            lambda: self.now,
            stale=lambda silence: self.stale.append((self.second, silence)),
            alive=lambda: self.alive.append(self.second),
            renew=lambda: self.renewed.append(self.second),
            each_second=self.each_second,
        )

    @property
    def second(self) -> int:
        return round(self.now - 1_000)

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now + 1_795_000_000 + self.slept

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await really_sleep(0)

    async def say(self, socket: object, text: str, *, counted: bool = True) -> None:
        self.said.append((self.second, text, counted))

    async def ping(self) -> asyncio.Future[float]:
        pong = asyncio.get_running_loop().create_future()
        self.pings[self.second] = pong
        return pong

    def each_second(self, now: float) -> None:
        assert now == self.now
        self.seconds.append(self.second)
        if self.second > self.end:
            raise Enough
        if self.hears:
            self.link.heard = now
        self.each(self.second)

    def run(self, until: type[Exception] = Enough) -> int:
        """Watch until this is raised; the second when it was."""
        with pytest.raises(until):
            asyncio.run(self.dog.run(self))  # type: ignore[arg-type]
        return self.second


@pytest.fixture
def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Stage:
    with monkeypatch.context() as patch:
        made: list[Stage] = []

        class Clocks:
            @staticmethod
            def time() -> float:
                return made[0].time() if made else 1_795_001_000.0

            @staticmethod
            def monotonic() -> float:
                return made[0].monotonic() if made else 1_000.0

        patch.setattr(watchdog_module, "time", Clocks)
        made.append(Stage(getattr(request, "param", Pinging)))
    monkeypatch.setattr(watchdog_module, "time", made[0])
    monkeypatch.setattr(asyncio, "sleep", made[0].sleep)
    return made[0]
