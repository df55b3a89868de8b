"""Ten minutes of every fault on all five exchanges at once, in compressed time.

The markets run twenty times as fast as the clock, and the waits of the feed are shortened alike;
``make soak`` lets them take their time.
"""

import asyncio
import logging
import os
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from tickglass.exchanges import EXCHANGES, SERVERS
from tickglass.exchanges.exchange import Channel, Endpoint, Kind
from tickglass.feed import backoff, books, completing, speaker, watchdog
from tickglass.feed.hub import Hub
from tickglass.feed.line import Line
from tickglass.market.candles import CandleSeries
from tickglass.market.events import Status
from tickglass.market.instrument import Instrument
from tickglass.market.interval import MINUTE
from tickglass.simulator.faults import Faults
from tickglass.simulator.server import Simulator, markets

from .helpers import Listener, until

SPEED = float(os.environ.get("FAULT_RUN_SPEED", "20"))  # 1 is real time: ten minutes
START = 1_795_361_145_678
SLACK = 1.0  # s that a busy machine may be late
PAIRS, RATE = 6, 40.0  # events per second of market time, over all exchanges
WATCHED = [
    Instrument(name, base, "USD" if name == "coinbase" else "USDT")
    for name in EXCHANGES
    for base in ("BTC", "ETH")
]
KINDS = [
    (Kind.TICKER, ""),
    (Kind.TRADE, ""),
    (Kind.QUOTE, ""),
    (Kind.CANDLE, "1m"),
    (Kind.BOOK, ""),
]
# Each phase: seconds of market time, and the faults in force.
PHASES: list[tuple[float, dict[str, float]]] = [
    (60, {}),
    (100, {"gap": 0.05}),
    (100, {"garbage": 0.01}),
    (60, {"drop": 20}),
    (60, {"stall": 25}),
    (40, {"refuse": 503, "drop": 5}),
    (60, {}),
    (80, {"gap": 0.03, "garbage": 0.01, "drop": 30}),
    (60, {}),
]


class MarketClock:
    """The simulator's time: it runs ``SPEED`` times as fast as ours."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> int:
        return START + round((time.monotonic() - self._began) * 1000 * SPEED)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[MarketClock]:
    """Everything that waits waits a twentieth, and the exchanges' time is the market's."""
    found = MarketClock()
    for module, name in (
        (backoff, "FIRST_WAIT"), (backoff, "LONGEST_WAIT"), (books, "PATIENCE"),
        (completing, "SETTLING"), (speaker, "BUSY_WAIT"), (watchdog, "WATCH_INTERVAL"),
        (watchdog, "PROBE_AFTER"), (watchdog, "DEAD_AFTER"), (watchdog, "STALE_AFTER"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, getattr(module, name) / SPEED)
    monkeypatch.setattr(Line, "now", lambda self: found.now())
    for server in SERVERS.values():  # what a connection must say by the clock stays by the clock
        borne = server.tolerance
        patient = borne._replace(
            window=borne.window * SPEED,
            silence=borne.silence * SPEED,
            first_within=borne.first_within * SPEED,
            ping_interval=borne.ping_interval * SPEED,
        )
        monkeypatch.setattr(server, "tolerance", patient)
    yield found


class Timekeeper(Listener):
    """A listener that knows how long each connection waited before it was dialled again."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._lost: dict[tuple[str, int], float] = {}

    def status(self, status: Status) -> None:
        super().status(status)
        connection = (status.exchange, status.connection)
        if status.state in ("reconnecting", "refused"):
            self._lost[connection] = time.monotonic()
        elif status.state == "connecting" and connection in self._lost:
            self.waits.append(time.monotonic() - self._lost.pop(connection))


def series(listener: Listener) -> dict[Instrument, CandleSeries]:
    return {each: listener.store.open_series(each, "1m") for each in WATCHED}


async def run_phases(simulator: Simulator, clock: MarketClock) -> None:
    for seconds, faults in PHASES:
        for name in ("gap", "garbage", "drop", "stall", "refuse"):
            setattr(simulator.faults, name, faults.get(name, 0))
        await asyncio.sleep(seconds / SPEED)


def book_is_the_markets(listener: Listener, simulator: Simulator, instrument: Instrument) -> bool:
    book = listener.store.books.get(instrument)
    if book is None or book.waiting:
        return False
    own = simulator.exchanges[instrument.exchange].view.book(instrument, 20)
    return book.bids.top(20) == own.bids and book.asks.top(20) == own.asks


def candles_differ(simulator: Simulator, held: CandleSeries, until_start: int) -> list[object]:
    """The minutes in which what we hold is not what the exchange says, or nothing."""
    assert held.first_start is not None
    view = simulator.exchanges[held.instrument.exchange].view
    bars = view.bars(held.instrument, "1m", held.first_start + MINUTE, until_start, 1_000)
    ours = {candle.start: candle for candle in map(held.candle, range(len(held)))}
    wrong = []
    for bar in bars:
        own, our = bar.candle, ours.get(bar.candle.start)
        same = our is not None and (our.open, our.high, our.low, our.close) == (
            own.open, own.high, own.low, own.close
        ) and our.volume == pytest.approx(own.volume, rel=1e-9)  # fmt: skip
        if not same:
            wrong.append((held.instrument.exchange, own, our))
    return wrong


@pytest.mark.asyncio
async def test_every_fault_is_survived_counted_and_mended(
    clock: MarketClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    listener = Timekeeper()
    simulator = Simulator(
        markets(EXCHANGES, 3, PAIRS, RATE, START), faults=Faults(), clock=clock.now
    )
    channels = [Channel(kind, each, interval) for each in WATCHED for kind, interval in KINDS]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(simulator)
        endpoints = {
            name: (Endpoint(at["ws"], at["rest"]),) for name, at in simulator.endpoints.items()
        }
        hub = Hub(EXCHANGES.values(), endpoints, listener, time.monotonic)
        await stack.enter_async_context(hub)
        held = series(listener)
        hub.want("test", channels)
        await run_phases(simulator, clock)
        for market in simulator.markets.values():
            market.rate = 0.0  # the market rests, so that the last word can arrive
        for each in WATCHED:
            await until(lambda each=each: book_is_the_markets(listener, simulator, each))
        total = {name: figures.total for name, figures in hub.figures.items()}
        for name, counts in total.items():
            publisher = simulator.exchanges[name].publisher
            assert counts.reconnects >= 4, name
            assert counts.bad_frames > 0, name
            assert counts.bad_frames <= publisher.spoilt
            # KuCoin sends its book whole each time: it need not be started anew.
            assert counts.resyncs > 0 or name == "kucoin", name
        full_minutes = clock.now() // MINUTE * MINUTE - 2 * MINUTE
        wrong = [
            each for one in held.values() for each in candles_differ(simulator, one, full_minutes)
        ]
        assert not wrong
    assert max(listener.waits) <= backoff.LONGEST_WAIT + SLACK
    assert "failed" not in listener.states()
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]
