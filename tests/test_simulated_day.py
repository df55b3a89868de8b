"""A day on five exchanges: a change of the clocks, a halt, lost book changes, cut connections.

The market's clock is driven in steps, so that the 25 hours of a day in Berlin pass in well under a
minute. What the charts show in the end is compared with candles added up here, one by one, from the
trades that the simulated markets made.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tickglass import charts
from tickglass.charts import Bars, ChartFeeds
from tickglass.exchanges import EXCHANGES, SERVERS
from tickglass.exchanges.exchange import Channel, Endpoint, Kind
from tickglass.feed import backoff, books, completing
from tickglass.feed.candle_cache import CandleCache
from tickglass.feed.hub import Hub
from tickglass.feed.line import Line
from tickglass.market.instrument import Instrument
from tickglass.market.interval import HOUR, MINUTE, milliseconds
from tickglass.simulator import market as simulated
from tickglass.simulator.market import Market
from tickglass.simulator.server import Simulator, markets
from tickglass.simulator.trading import Taken
from tickglass.ui.chart.times import TimeLabels

from .feed.helpers import Listener, until
from .test_charts import Views

BERLIN = ZoneInfo("Europe/Berlin")
# 25 October 2026 in Berlin begins at 22:00 UTC and has 25 hours: at 3:00 it is 2:00 again.
MIDNIGHT = 1_792_879_200_000
NEXT_MIDNIGHT = MIDNIGHT + 25 * HOUR
BEGIN, END = MIDNIGHT - 10 * MINUTE, NEXT_MIDNIGHT + 10 * MINUTE
STEP = 30_000  # ms of market time
BREATH = 0.002  # s between steps, in which everything is read
SHORTER = 20  # times, what the feed waits
PATIENT = (END - BEGIN) / 1000 / 10  # at most so much faster than our clock the market's runs
ANY_NUMBER = 10**9
PAIRS, RATE = 6, 1.2  # events a second of market time, over all exchanges
SILENT = {"coinbase", "kucoin"}  # they say nothing of minutes without trades
LAST_WORD = 20.0  # s in which it must arrive
# Hours after midnight, and what happens from then on.
HALT, RESUME = 9 * HOUR, 11 * HOUR
FAULTS: dict[int, dict[str, float]] = {
    4 * HOUR: {"gap": 0.2},
    6 * HOUR: {},
    13 * HOUR: {"drop": 1_800},
    15 * HOUR: {},
    18 * HOUR: {"drop": 2_700, "gap": 0.1},
    19 * HOUR: {},
}
BUSY = [
    Instrument(each, "BTC", "USD" if each == "coinbase" else "USDT") for each in sorted(EXCHANGES)
]
HALTED = [Instrument(each.exchange, "ETH", each.quote_ccy) for each in BUSY]
SHOWN = BUSY + HALTED


@dataclass
class Bar:
    """A candle added up trade by trade."""

    open: float
    high: float
    low: float
    close: float
    volume: float = 0.0


@dataclass
class Ledger:
    """Every trade of the markets, as minutes."""

    minutes: dict[Instrument, dict[int, Bar]] = field(default_factory=lambda: defaultdict(dict))

    def tens(self, instrument: Instrument) -> dict[int, Bar]:
        """The minutes of an instrument as bars of ten."""
        made: dict[int, Bar] = {}
        for start, bar in sorted(self.minutes[instrument].items()):
            ten = made.setdefault(start // (10 * MINUTE) * (10 * MINUTE), replace(bar, volume=0.0))
            ten.high, ten.low, ten.close = max(ten.high, bar.high), min(ten.low, bar.low), bar.close
            ten.volume += bar.volume
        return made

    def watch(self, name: str, market: Market) -> None:
        """Write down what a market does from now on."""
        advance: Callable[[int], list[Any]] = market.advance

        def written(now: int) -> list[Any]:
            happened = advance(now)
            for each in happened:
                if isinstance(each, Taken):
                    self._write(name, market, each)
            return happened

        market.advance = written  # type: ignore[method-assign]

    def _write(self, name: str, market: Market, taken: Taken) -> None:
        pair = market.pairs[taken.pair]
        price = float(taken.price * pair.tick_size)
        minute = taken.time // MINUTE * MINUTE
        bars = self.minutes[Instrument(name, pair.base, pair.quote_ccy)]
        bar = bars.setdefault(minute, Bar(price, price, price, price))
        bar.high, bar.low, bar.close = max(bar.high, price), min(bar.low, price), price
        bar.volume += float(sum(taken.fills) * pair.lot_size)


class MarketClock:
    """The time of the market; it goes on only when it is told to."""

    def __init__(self) -> None:
        self.ms = BEGIN

    def now(self) -> int:
        return self.ms


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[MarketClock]:
    """The feed waits less, and the exchanges' time is the market's."""
    found = MarketClock()
    for module, name in (
        (backoff, "FIRST_WAIT"), (backoff, "LONGEST_WAIT"), (books, "PATIENCE"),
        (completing, "SETTLING"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, getattr(module, name) / SHORTER)
    for name in ("CHECK_INTERVAL", "PATIENCE", "ASK_AGAIN"):
        monkeypatch.setattr(charts, name, getattr(charts, name) / SHORTER)
    monkeypatch.setattr(simulated, "MOST_CAUGHT_UP", STEP)
    monkeypatch.setattr(Line, "now", lambda self: found.now())
    for server in SERVERS.values():  # how fast the market's clock runs is up to the machine
        borne = server.tolerance
        patient = borne._replace(
            messages=ANY_NUMBER,
            silence=borne.silence * PATIENT,
            first_within=borne.first_within * PATIENT,
            ping_interval=borne.ping_interval * PATIENT,
        )
        monkeypatch.setattr(server, "tolerance", patient)
    yield found


class Desk:
    """The charts of everything, and what feeds them."""

    def __init__(self, hub: Hub, listener: Listener, cache: CandleCache, clock: MarketClock):
        self.views, self.listener, self.hub = Views(), listener, hub
        self.tasks: set[asyncio.Task[None]] = set()
        self.charts = ChartFeeds(hub, listener.store, cache, self.views, self.spawn, clock.now)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def open(self, interval: str) -> dict[Instrument, Bars]:
        """A chart of each instrument."""
        first = len(self.views.shown)
        for number, instrument in enumerate(SHOWN, first):
            self.charts.open(number, instrument, interval)
        return {each: self.views.shown[number] for number, each in enumerate(SHOWN, first)}


@asynccontextmanager
async def desk(simulator: Simulator, folder: Path, clock: MarketClock) -> AsyncIterator[Desk]:
    at = simulator.endpoints
    endpoints = {name: (Endpoint(each["ws"], each["rest"]),) for name, each in at.items()}
    listener, cache = Listener(), CandleCache(folder / "candles.sqlite")
    try:
        async with Hub(EXCHANGES.values(), endpoints, listener, time.monotonic) as hub:
            made = Desk(hub, listener, cache, clock)
            yield made
            await until(lambda: not made.tasks)
    finally:
        await cache.close()


class Day:
    """Lets the market's time pass, and what is to happen happen."""

    def __init__(self, simulator: Simulator, desk: Desk, clock: MarketClock) -> None:
        self._simulator, self._desk, self._clock = simulator, desk, clock

    async def until(self, end: int) -> None:
        while self._clock.ms < end:
            self._clock.ms += STEP
            after = self._clock.ms - MIDNIGHT
            if after in FAULTS:
                self._simulator.faults.gap = FAULTS[after].get("gap", 0)
                self._simulator.faults.drop = FAULTS[after].get("drop", 0)
            if after in (HALT, RESUME):
                self._halt(halted=after == HALT)
            await self._step()

    async def rest(self, settled: Callable[[], object]) -> None:
        """Nothing is traded any more; the last word arrives."""
        for market in self._simulator.markets.values():
            market.rate = 0.0
        end = time.monotonic() + LAST_WORD
        while not settled():
            assert time.monotonic() < end, "the last word did not arrive in time"
            await self._step()

    async def _step(self) -> None:
        self._desk.listener.events.clear()
        self._simulator.step(self._clock.ms)
        self._desk.charts.check(time.monotonic())
        await asyncio.sleep(BREATH)

    def _halt(self, *, halted: bool) -> None:
        for instrument in HALTED:
            view = self._simulator.exchanges[instrument.exchange].view
            index = next(number for number, each in view.indexed() if each == instrument)
            view.market.halt(index, halted=halted)


def book_is_the_markets(desk: Desk, simulator: Simulator, instrument: Instrument) -> bool:
    book = desk.listener.store.books.get(instrument)
    if book is None or book.waiting:
        return False
    own = simulator.exchanges[instrument.exchange].view.book(instrument, 20)
    return book.bids.top(20) == own.bids and book.asks.top(20) == own.asks


def differing(bars: dict[int, Bar], shown: Bars) -> list[tuple[int, Bar | None, object]]:
    """The bars in which a chart does not show the trades that were made, or others."""
    step = milliseconds(shown.interval)
    held = {int(row[0]): row[1:] for row in shown.rows.T.tolist()}
    wrong = []
    for start in range(BEGIN + step, END - 2 * step, step):
        bar, row = bars.get(start), held.get(start)
        if bar is None:
            same = row is None or (row[-1] == 0.0 and row[0] == row[1] == row[2] == row[3])
        else:
            told = [bar.open, bar.high, bar.low, bar.close, bar.volume]
            same = row is not None and row == pytest.approx(told, rel=1e-9)
        if not same:
            wrong.append((start, bar, row))
    return wrong


@pytest.mark.asyncio
async def test_a_day_of_trouble_leaves_charts_without_seam_or_hole(
    clock: MarketClock, tmp_path: Path
) -> None:
    simulator = Simulator(markets(EXCHANGES, 3, PAIRS, RATE, BEGIN), clock=clock.now, ticking=False)
    ledger = Ledger()
    for name, exchange in simulator.exchanges.items():
        ledger.watch(name, exchange.view.market)
    async with simulator, desk(simulator, tmp_path, clock) as at:
        minutes, tens = at.open("1m"), at.open("10m")
        at.hub.want("books", [Channel(Kind.BOOK, each) for each in SHOWN])
        await until(lambda: all(len(each) > 100 for each in minutes.values()))
        day = Day(simulator, at, clock)
        await day.until(END)
        await day.rest(
            lambda: (
                all(book_is_the_markets(at, simulator, each) for each in SHOWN)
                and not any(differing(ledger.minutes[each], minutes[each]) for each in SHOWN)
            )
        )
        for each in SHOWN:
            assert not differing(ledger.tens(each), tens[each]), each
            if each.exchange not in SILENT:
                assert np.all(np.diff(minutes[each].starts) == MINUTE), each
                assert np.all(np.diff(tens[each].starts) == 10 * MINUTE), each
        for each in HALTED:
            during = [start for start in ledger.minutes[each] if halted_at(start)]
            assert not during, each
            assert any(start > MIDNIGHT + RESUME for start in ledger.minutes[each])
        for name, figures in at.hub.figures.items():
            assert figures.total.reconnects >= 4, name
            # KuCoin sends its book whole each time: it need not be started anew.
            assert figures.total.resyncs > 0 or name == "kucoin", name
        assert "failed" not in at.listener.states()
        hours = hours_written(minutes[BUSY[0]])
    # The hour after two comes twice, and says which it is; the day before and after have one each.
    assert hours[:6] == ["25 Oct 00:00", "01:00", "02:00", "02:00 CET", "03:00", "04:00"]
    assert hours[-2:] == ["23:00", "26 Oct"]


def halted_at(start: int) -> bool:
    return MIDNIGHT + HALT + MINUTE <= start < MIDNIGHT + RESUME - MINUTE


def hours_written(shown: Bars) -> list[str]:
    """The labels of the time axis from one midnight in Berlin to the next."""
    inside = [each for each in shown.starts if MIDNIGHT <= each <= NEXT_MIDNIGHT]
    assert len(inside) == 25 * 60 + 1
    ticks = TimeLabels(BERLIN).ticks(inside[0] - 1, inside[-1] + 1, 26 * 60.0, 50.0)
    return [each.text for each in ticks]
