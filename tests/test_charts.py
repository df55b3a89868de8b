"""History and live candles joined, against the simulated Binance."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest

from tickglass.charts import ChartFeed
from tickglass.exchanges.binance import Binance
from tickglass.exchanges.exchange import Endpoint
from tickglass.feed.history import FIRST_BARS
from tickglass.feed.hub import Hub
from tickglass.market.candles import HIGH, LOW, START, CandleSeries
from tickglass.market.interval import MINUTE

from .feed.helpers import BTC, ETH, Listener, endpoint, simulator, until


class View:
    """Remembers what a chart was told."""

    def __init__(self) -> None:
        self.shown: list[CandleSeries] = []
        self.failures: list[str] = []
        self.older = 0

    def show_series(self, series: CandleSeries) -> None:
        self.shown.append(series)

    def chart_failed(self, sentence: str) -> None:
        self.failures.append(sentence)

    def older_loaded(self) -> None:
        self.older += 1


class Desk:
    """A chart feed with everything around it."""

    def __init__(self, hub: Hub, listener: Listener) -> None:
        self.view, self.listener = View(), listener
        self.tasks: set[asyncio.Task[None]] = set()
        self.charts = ChartFeed(hub, listener.store, self.view, self.spawn)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


@asynccontextmanager
async def desk(where: Endpoint) -> AsyncIterator[Desk]:
    listener = Listener()
    async with Hub([Binance], {"binance": (where,)}, listener, time.monotonic) as hub:
        yield Desk(hub, listener)


@pytest.mark.asyncio
async def test_history_and_the_live_bar_join_without_a_seam() -> None:
    async with simulator() as server, desk(endpoint(server)) as at:
        at.charts.open(BTC, "1m")
        (series,) = at.view.shown
        await until(lambda: len(series) >= FIRST_BARS)
        before = series.version
        await until(lambda: series.version > before)
        starts = series.rows[START]
        assert np.all(np.diff(starts) == MINUTE)
        assert np.all(series.rows[HIGH] >= series.rows[LOW])


@pytest.mark.asyncio
async def test_older_candles_are_put_before_the_others() -> None:
    async with simulator() as server, desk(endpoint(server)) as at:
        at.charts.open(BTC, "1m")
        (series,) = at.view.shown
        await until(lambda: len(series) >= FIRST_BARS)
        first = series.first_start
        assert first is not None
        at.charts.older()
        await until(lambda: at.view.older)
        assert len(series) >= FIRST_BARS + 1_000
        assert series.first_start == first - 1_000 * MINUTE


@pytest.mark.asyncio
async def test_another_chart_closes_the_one_before() -> None:
    async with simulator() as server, desk(endpoint(server)) as at:
        at.charts.open(BTC, "1m")
        at.charts.open(ETH, "5m")
        assert list(at.listener.store.series) == [(ETH, "5m")]
        await until(lambda: len(at.view.shown[1]))


@pytest.mark.asyncio
async def test_no_network_is_one_sentence() -> None:
    async with desk(Endpoint("ws://127.0.0.1:9", "http://127.0.0.1:9")) as at:
        at.charts.open(BTC, "1m")
        await until(lambda: at.view.failures)
    assert at.view.failures == ["No candles: Binance cannot be reached."]


@pytest.mark.asyncio
async def test_sparklines_get_the_last_day() -> None:
    async with simulator() as server, desk(endpoint(server)) as at:
        state = at.listener.store.state(BTC)
        await at.charts.seed_sparklines([BTC])
        assert len(state.sparkline.prices) >= 95
