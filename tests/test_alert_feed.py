"""Alerts fed by simulated exchanges that cut, fall silent and refuse: nothing missed or doubled.

The market runs twenty times as fast as the clock, and the waits are shortened alike.
"""

import asyncio
import time
from collections.abc import Collection, Coroutine, Iterable
from contextlib import AsyncExitStack
from typing import Any, cast

import pytest

from tickglass import alert_feed
from tickglass.alert_feed import AlertFeed
from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import Kind, Move, PriceLevel, Source, VolumeSpike
from tickglass.alerts.engine import AlertEngine
from tickglass.alerts.watch import Fired
from tickglass.charts import ChartFeeds
from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Channel, Endpoint
from tickglass.exchanges.exchange import Kind as ChannelKind
from tickglass.feed.hub import Hub
from tickglass.market.events import Candle, MarketEvent
from tickglass.market.freshness import Link
from tickglass.market.instrument import Instrument
from tickglass.market.interval import MINUTE
from tickglass.market.store import Store
from tickglass.simulator.faults import Faults
from tickglass.simulator.server import Simulator, markets

from .feed import test_fault_run
from .feed.helpers import Listener, until
from .feed.test_fault_run import SPEED, START, MarketClock

clock = test_fault_run.clock  # the fixture
BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("binance", "ETH", "USDT")
RATE = 30.0
# Each phase: seconds of market time, and the faults in force.
PHASES: list[tuple[float, dict[str, float]]] = [
    (60, {}), (120, {"drop": 25}), (120, {"stall": 30}), (90, {"refuse": 503, "drop": 10}),
    (60, {}), (60, {"drop": 15, "stall": 20}), (90, {}),
]  # fmt: skip
UNHEARD = 0.008  # a share by which the price rises while the market refuses everybody
LADDER = [step / 40_000 for step in range(-400, 401)]  # a per cent down and up


class NoCandles:
    """Stands for the charts' feeds, where no alert needs candles."""

    def hold(self, wanted: Iterable[object]) -> dict[object, object]:
        assert not list(wanted)
        return {}


class Desk(Listener):
    """A sink that lets alerts judge, and everything that they need."""

    def __init__(self, engine: AlertEngine, clock: MarketClock) -> None:
        super().__init__()
        self.engine = engine
        self.clock = clock
        self.found: list[Fired] = []
        self.first: int | None = None
        self.tasks: set[asyncio.Task[None]] = set()

    def apply(self, event: MarketEvent, link: Link) -> None:
        if event.instrument == BTC and self.first is None:
            self.first = self.clock.now()
        self.found += self.engine.apply(event, self.clock.now())
        super().apply(event, link)

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        self.engine.gap(instruments)
        super().interrupted(instruments)

    def take(self, found: Iterable[Fired]) -> None:
        self.found += found

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_feed, "CHECK_INTERVAL", alert_feed.CHECK_INTERVAL / SPEED)
    monkeypatch.setattr(alert_feed, "SETTLING", alert_feed.SETTLING / SPEED)
    monkeypatch.setattr(alert_feed, "WAITS", tuple(each / SPEED for each in alert_feed.WAITS))


@pytest.mark.asyncio
@pytest.mark.usefixtures("short")
async def test_every_level_that_was_crossed_is_told_once_live_or_late_and_no_other(
    clock: MarketClock,
) -> None:
    simulator = Simulator(markets(["binance"], 7, 4, RATE, START), faults=Faults(), clock=clock.now)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(simulator)
        view = simulator.exchanges["binance"].view
        price = view.day(BTC).ticker.last
        assert price is not None
        levels = {f"{share:+.5f}": price * (1 + share) for share in LADDER}
        engine = AlertEngine(
            Alert(name, BTC, (PriceLevel(Kind.CROSSES, level),)) for name, level in levels.items()
        )
        desk = Desk(engine, clock)
        at = simulator.endpoints["binance"]
        where = {"binance": (Endpoint(at["ws"], at["rest"]),)}
        hub = Hub([EXCHANGES["binance"]], where, desk, time.monotonic)
        await stack.enter_async_context(hub)
        feed = AlertFeed(
            engine, hub, desk.store, cast(ChartFeeds, NoCandles()), desk.take, desk.spawn, clock.now
        )
        feed.follow()

        async def keep_checking() -> None:
            while True:
                feed.check(time.monotonic())
                await asyncio.sleep(0.02)

        desk.spawn(keep_checking(), "checking")
        for seconds, faults in PHASES:
            for name in ("drop", "stall", "refuse"):
                setattr(simulator.faults, name, faults.get(name, 0))
            await asyncio.sleep(seconds / SPEED / 2)
            if "refuse" in faults:
                assert engine._posts[BTC].hole is not None
                bitcoin, _ = simulator.markets["binance"]._sides[0]
                bitcoin.level *= 1 + UNHEARD
            await asyncio.sleep(seconds / SPEED / 2)
        simulator.markets["binance"].rate = 0.0
        await until(lambda: not engine._posts[BTC].unfilled and engine._posts[BTC].hole is None)
        await asyncio.sleep(0.2)
        for task in list(desk.tasks):
            task.cancel()
        await asyncio.gather(*desk.tasks, return_exceptions=True)
        assert hub.figures["binance"].total.reconnects >= 4
        assert desk.first is not None
        begun = desk.first // MINUTE * MINUTE
        bars = [each.candle for each in view.bars(BTC, "1m", begun, clock.now(), 1_000)]
    told = [each.alert.id for each in desk.found]
    assert len(told) == len(set(told))
    assert sum(each.late for each in desk.found) > 50
    assert any(not each.late for each in desk.found)
    # What happened in the first minute may have happened before anybody listened.
    first, rest = bars[0], bars[1:]
    low, high = min(each.low for each in rest), max(each.high for each in rest)
    for name, level in levels.items():
        if first.low <= level <= first.high:
            continue
        crossed = low <= level <= high
        assert (name in told) is crossed, (name, level, low, high, first)
    assert len(told) > 20


# ---------------------------------------------------------------- without a market


class FakeHub:
    """Knows one exchange, and candles of a time before."""

    def __init__(self) -> None:
        self.wanted: list[Channel] = []
        self.asked: list[tuple[Instrument, str]] = []
        self.figures = {"binance": None}

    def want(self, owner: str, channels: Iterable[Channel]) -> None:
        assert owner == alert_feed.OWNER
        self.wanted = list(channels)

    def adapter(self, exchange: str) -> Any:
        return EXCHANGES[exchange]

    async def candles(
        self, instrument: Instrument, interval: str, *, end: int | None = None, limit: int
    ) -> list[Candle]:
        self.asked.append((instrument, interval))
        return []


class Charts:
    def __init__(self) -> None:
        self.held: set[tuple[Instrument, str]] = set()

    def hold(self, wanted: Iterable[tuple[Instrument, str]]) -> dict[object, object]:
        self.held = set(wanted)
        return {}


async def fed(*alerts: Alert) -> tuple[FakeHub, Charts, AlertFeed]:
    hub, charts, tasks = FakeHub(), Charts(), []
    feed = AlertFeed(
        AlertEngine(alerts), cast(Hub, hub), Store(), cast(ChartFeeds, charts), lambda found: None,
        lambda work, name: tasks.append(asyncio.create_task(work)), lambda: START,
    )  # fmt: skip
    feed.follow()
    await asyncio.gather(*tasks)
    return hub, charts, feed


@pytest.mark.asyncio
async def test_an_alert_on_the_last_price_needs_trades_and_tickers() -> None:
    hub, charts, _ = await fed(Alert("a", BTC, (PriceLevel(Kind.ABOVE, 1.0),)))
    assert {each.kind for each in hub.wanted} == {ChannelKind.TRADE, ChannelKind.TICKER}
    assert charts.held == set()
    assert hub.asked == []


@pytest.mark.asyncio
async def test_an_alert_on_the_mid_needs_quotes_too() -> None:
    hub, _, _ = await fed(Alert("a", BTC, (PriceLevel(Kind.ABOVE, 1.0, Source.MID),)))
    assert ChannelKind.QUOTE in {each.kind for each in hub.wanted}


@pytest.mark.asyncio
async def test_an_alert_at_candle_closes_needs_its_candles() -> None:
    alert = Alert("a", ETH, (PriceLevel(Kind.ABOVE, 1.0),), Trigger.CLOSE, interval="15m")
    _, charts, _ = await fed(alert)
    assert charts.held == {(ETH, "15m")}


@pytest.mark.asyncio
async def test_windows_ask_for_as_fine_a_past_as_they_reach_back() -> None:
    hub, _, _ = await fed(
        Alert("a", BTC, (Move(Kind.MOVES, 1.0, window=3_600),)),
        Alert("b", ETH, (VolumeSpike(3.0, 14_400, 40),)),
    )
    assert set(hub.asked) == {(BTC, "1m"), (ETH, "15m")}


@pytest.mark.asyncio
async def test_of_an_exchange_that_is_off_it_says_why_nothing_comes() -> None:
    okx = Instrument("okx", "BTC", "USDT")
    _, _, feed = await fed(Alert("a", okx, (PriceLevel(Kind.ABOVE, 1.0),)))
    feed.check(time.monotonic())
    (standing,) = feed._engine.standings(START)
    assert standing.reason == "OKX is not switched on."
