"""A quiet connection is told from a dead one, and a computer that slept from a slow one."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from tickglass.exchanges.binance import Binance
from tickglass.exchanges.exchange import Catalogue, Heartbeat
from tickglass.feed import watchdog as watchdog_module
from tickglass.feed.watchdog import Silent, Slept, Watchdog, until_next
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

    def __init__(self, exchange: type[Binance]) -> None:
        self.exchange = exchange
        self.now = 1_000.0
        self.slept = 0.0
        self.hears = True
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

    @property
    def second(self) -> int:
        return round(self.now - 1_000)

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now + 1_795_000_000 + self.slept

    async def sleep(self, seconds: float) -> None:
        await really_sleep(0)
        self.now += seconds

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
        dog = Watchdog(
            self.exchange(Catalogue()),
            self.link,
            self,  # type: ignore[arg-type]
            lambda: self.now,
            stale=lambda silence: self.stale.append((self.second, silence)),
            alive=lambda: self.alive.append(self.second),
            renew=lambda: self.renewed.append(self.second),
            each_second=self.each_second,
        )
        with pytest.raises(until):
            asyncio.run(dog.run(self))  # type: ignore[arg-type]
        return self.second


@pytest.fixture
def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Stage:
    made = Stage(getattr(request, "param", Pinging))
    monkeypatch.setattr(watchdog_module, "time", made)
    monkeypatch.setattr(asyncio, "sleep", made.sleep)
    return made


beating = pytest.mark.parametrize("stage", [Beating], indirect=True)
mortal = pytest.mark.parametrize("stage", [Mortal], indirect=True)


# ---------------------------------------------------------------- silence


def test_a_connection_that_is_heard_is_left_alone(stage: Stage) -> None:
    stage.run()
    assert stage.seconds == list(range(1, 62))
    assert (stage.said, stage.pings, stage.stale, stage.renewed) == ([], {}, [], [])


def test_silence_is_probed_then_called_stale_then_ends_the_connection(stage: Stage) -> None:
    stage.hears = False
    assert stage.run(Silent) == 21
    assert list(stage.pings) == [11]
    assert stage.stale == [(16, 16.0), (17, 17.0), (18, 18.0), (19, 19.0), (20, 20.0)]
    assert stage.alive == []


def test_silence_is_counted_from_the_last_thing_heard(stage: Stage) -> None:
    def fall_silent(second: int) -> None:
        stage.hears = second < 30

    stage.each = fall_silent
    assert stage.run(Silent) == 30 + 21
    assert list(stage.pings) == [30 + 11]


def test_an_answered_ping_is_a_sign_of_life(stage: Stage) -> None:
    def answer(second: int) -> None:
        for pong in stage.pings.values():
            if not pong.done():
                pong.set_result(0.1)

    stage.hears, stage.each = False, answer
    stage.run()
    # Sent after 11 s of silence and answered a second later, again and again.
    assert list(stage.pings) == [11, 23, 35, 47, 59]
    assert stage.alive == [12, 24, 36, 48, 60]
    assert stage.stale == []


@pytest.mark.parametrize("broken", [True, False])
def test_a_ping_that_failed_is_no_sign_of_life(stage: Stage, broken: bool) -> None:
    def fail(second: int) -> None:
        for pong in stage.pings.values():
            if not pong.done() and broken:
                pong.set_exception(ConnectionResetError())
            else:
                pong.cancel()

    stage.hears, stage.each = False, fail
    assert stage.run(Silent) == 21
    assert list(stage.pings) == [11]
    assert stage.alive == []


# ---------------------------------------------------------------- heartbeats


@beating
def test_a_heartbeat_is_sent_in_its_interval_and_not_counted(stage: Stage) -> None:
    stage.end = 30
    stage.run()
    assert stage.said == [(second, "ping", False) for second in (7, 14, 21, 28)]


@beating
def test_in_silence_the_heartbeat_is_the_probe_too(stage: Stage) -> None:
    stage.hears = False
    assert stage.run(Silent) == 21
    # Its interval goes on from the probe at 11 s.
    assert [second for second, _, _ in stage.said] == [7, 11, 18]
    assert stage.pings == {}


# ---------------------------------------------------------------- sleep and age


@pytest.mark.parametrize("jump", [5.5, 3_600.0, -5.5])
def test_a_clock_that_jumped_is_a_computer_that_slept(stage: Stage, jump: float) -> None:
    def sleep(second: int) -> None:
        if second == 8:
            stage.slept += jump

    stage.each = sleep
    assert stage.run(Slept) == 9


@pytest.mark.parametrize("jump", [4.5, -4.5])
def test_a_clock_that_is_set_a_little_every_now_and_then_is_no_sleep(
    stage: Stage, jump: float
) -> None:
    def correct(second: int) -> None:
        stage.slept += jump

    stage.each = correct
    assert stage.run() == 61


@mortal
def test_a_connection_about_to_be_cut_for_its_age_asks_for_another(stage: Stage) -> None:
    stage.end = 33
    stage.run()
    assert stage.renewed == [31, 32, 33]


def test_connections_dialled_at_different_moments_are_looked_at_together() -> None:
    for began in (100.0, 100.2, 100.4, 100.49):
        assert began + until_next(1.0, began) == pytest.approx(101.0)


def test_a_wait_that_ended_a_little_early_is_not_followed_by_a_tiny_one() -> None:
    assert until_next(1.0, 100.9995) == pytest.approx(1.0005)
