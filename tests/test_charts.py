"""History and live candles joined, of several charts, against the simulated Binance."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tickglass.charts import CHECK_INTERVAL, PATIENCE, Bars, ChartFeeds
from tickglass.exchanges.binance import Binance
from tickglass.exchanges.exchange import Endpoint
from tickglass.feed.candle_cache import CandleCache
from tickglass.feed.history import FIRST_BARS
from tickglass.feed.hub import Hub
from tickglass.market.candles import CLOSE, HIGH, LOW, START
from tickglass.market.events import Candle
from tickglass.market.instrument import Instrument
from tickglass.market.interval import MINUTE

from .feed.helpers import BTC, ETH, Listener, endpoint, simulator, until


class Views:
    """Remembers what each chart was told."""

    def __init__(self) -> None:
        self.shown: dict[int, Bars] = {}
        self.compared: dict[int, list[Bars]] = {}
        self.failures: list[tuple[int, str]] = []
        self.older: list[int] = []

    def show_chart(self, chart: int, bars: Bars, compared: Sequence[Bars]) -> None:
        self.shown[chart], self.compared[chart] = bars, list(compared)

    def chart_failed(self, chart: int, sentence: str) -> None:
        self.failures.append((chart, sentence))

    def older_loaded(self, chart: int) -> None:
        self.older.append(chart)


class Desk:
    """Chart feeds with everything around them."""

    def __init__(self, hub: Hub, listener: Listener, cache: CandleCache) -> None:
        self.views, self.listener, self.hub = Views(), listener, hub
        self.tasks: set[asyncio.Task[None]] = set()
        self.charts = ChartFeeds(
            hub, listener.store, cache, self.views, self.spawn, lambda: round(time.time() * 1000)
        )

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def settled(self) -> None:
        """Until nothing is being fetched any more."""
        await until(lambda: not self.tasks)


@asynccontextmanager
async def desk(where: Endpoint, folder: Path) -> AsyncIterator[Desk]:
    listener = Listener()
    cache = CandleCache(folder / "candles.sqlite")
    try:
        async with Hub([Binance], {"binance": (where,)}, listener, time.monotonic) as hub:
            made = Desk(hub, listener, cache)
            yield made
            await made.settled()
    finally:
        await cache.close()


@pytest.mark.asyncio
async def test_history_and_the_live_bar_join_without_a_seam(tmp_path: Path) -> None:
    async with simulator() as server, desk(endpoint(server), tmp_path) as at:
        at.charts.open(1, BTC, "1m")
        series = at.views.shown[1]
        await until(lambda: len(series) >= FIRST_BARS)
        before = series.version
        await until(lambda: series.version > before)
        starts = series.rows[START]
        assert np.all(np.diff(starts) == MINUTE)
        assert np.all(series.rows[HIGH] >= series.rows[LOW])


@pytest.mark.asyncio
async def test_older_candles_are_put_before_the_others(tmp_path: Path) -> None:
    async with simulator() as server, desk(endpoint(server), tmp_path) as at:
        at.charts.open(1, BTC, "1m")
        series = at.views.shown[1]
        await until(lambda: len(series) >= FIRST_BARS)
        first = series.first_start
        assert first is not None
        at.charts.older(1)
        await until(lambda: at.views.older == [1])
        assert series.first_start is not None
        assert series.first_start < first
        assert np.all(np.diff(series.rows[START]) == MINUTE)


@pytest.mark.asyncio
async def test_an_interval_that_nobody_sends_is_folded_from_a_smaller_one(tmp_path: Path) -> None:
    async with simulator() as server, desk(endpoint(server), tmp_path) as at:
        at.charts.open(1, BTC, "10m")
        at.charts.open(2, BTC, "5m")
        folded, source = at.views.shown[1], at.views.shown[2]
        await until(lambda: len(source) >= FIRST_BARS and len(folded) > 200)
        assert np.all(np.diff(folded.rows[START]) == 10 * MINUTE)
        start = int(folded.rows[START, -2])
        inside = source.rows[:, (source.starts >= start) & (source.starts < start + 10 * MINUTE)]
        assert folded.rows[HIGH, -2] == inside[HIGH].max()
        assert folded.rows[CLOSE, -2] == inside[CLOSE, -1]


@pytest.mark.asyncio
async def test_charts_of_the_same_candles_share_them_until_the_last_is_closed(
    tmp_path: Path,
) -> None:
    async with simulator() as server, desk(endpoint(server), tmp_path) as at:
        at.charts.open(1, BTC, "1m")
        at.charts.open(2, BTC, "1m")
        assert at.views.shown[1] is at.views.shown[2]
        at.charts.close(1)
        assert (BTC, "1m") in at.listener.store.series
        at.charts.open(2, ETH, "1m")
        assert set(at.listener.store.series) == {(ETH, "1m")}


@pytest.mark.asyncio
async def test_compared_instruments_have_series_of_their_own(tmp_path: Path) -> None:
    async with simulator() as server, desk(endpoint(server), tmp_path) as at:
        at.charts.open(1, BTC, "1m", [ETH, BTC])
        ((other,),) = at.views.compared.values()
        assert other.instrument == ETH
        await until(lambda: len(other) >= FIRST_BARS)


@pytest.mark.asyncio
async def test_a_chart_seen_before_shows_at_once_and_only_the_hole_is_fetched(
    tmp_path: Path,
) -> None:
    async with simulator() as server, desk(endpoint(server), tmp_path) as at:
        at.charts.open(1, BTC, "1m")
        first = at.views.shown[1]
        await until(lambda: len(first) >= FIRST_BARS)
        at.charts.older(1)
        await until(lambda: at.views.older == [1])
        held = len(first)
        at.charts.close(1)
        await at.settled()
        at.charts.open(1, BTC, "1m")
        again = at.views.shown[1]
        assert again is not first
        await at.settled()
        assert len(again) >= held, "what was loaded by hand is there again"
        assert np.all(np.diff(again.rows[START]) == MINUTE)
        shared = again.rows[:, : held - 2]
        assert np.array_equal(shared, first.rows[:, : held - 2])


@pytest.mark.asyncio
async def test_an_exchange_that_is_off_is_said_so(tmp_path: Path) -> None:
    async with simulator() as server, desk(endpoint(server), tmp_path) as at:
        at.charts.open(1, Instrument("okx", "BTC", "USDT"), "1m")
        assert at.views.failures == [(1, "OKX is not switched on.")]


@pytest.mark.asyncio
async def test_no_network_is_one_sentence(tmp_path: Path) -> None:
    nowhere = Endpoint("ws://127.0.0.1:9", "http://127.0.0.1:9")
    async with desk(nowhere, tmp_path) as at:
        at.charts.open(1, BTC, "1m")
        await until(lambda: at.views.failures)
        ((chart, sentence),) = at.views.failures
        assert chart == 1
        assert sentence.startswith("No candles: ")


@pytest.mark.asyncio
async def test_sparklines_get_the_last_day(tmp_path: Path) -> None:
    async with simulator() as server, desk(endpoint(server), tmp_path) as at:
        state = at.listener.store.state(BTC)
        await at.charts.seed_sparklines([BTC])
        assert len(state.sparkline.prices) >= 90


@pytest.mark.asyncio
async def test_a_candle_that_ended_between_reply_and_stream_is_asked_for(tmp_path: Path) -> None:
    """As if history had shown the running minute and the stream began with a later one."""
    async with simulator() as server, desk(endpoint(server), tmp_path) as at:
        at.charts.open(1, BTC, "1s")
        series = at.views.shown[1]
        await until(lambda: len(series) >= FIRST_BARS)
        await at.settled()
        lost = series.first_start or 0
        whole = series.candle(0)
        series.clear()
        series.merge([_still_running(whole)])
        await until(lambda: series.unsettled is not None)
        at.charts.check(1_000.0)
        at.charts.check(1_000.0 + PATIENCE - CHECK_INTERVAL)
        assert not at.tasks
        at.charts.check(1_000.0 + PATIENCE)
        await until(lambda: len(series) >= FIRST_BARS and series.unsettled != lost)
        assert series.candle(int(series.starts.searchsorted(lost))) == whole
        assert np.all(np.diff(series.starts) == 1_000)


@pytest.mark.asyncio
async def test_lost_connections_leave_neither_seam_nor_hole(tmp_path: Path) -> None:
    """Cut every two seconds, a chart of seconds ends up with the exchange's own candles."""
    async with simulator() as server, desk(endpoint(server), tmp_path) as at:
        at.charts.open(1, BTC, "1s")
        at.charts.open(2, BTC, "5s")
        series, folded = at.views.shown[1], at.views.shown[2]
        await until(lambda: len(series) >= FIRST_BARS)
        server.faults.drop = 2.0
        begun = series.last_start or 0
        await until(lambda: at.listener.states().count("reconnecting") >= 3, 40)
        server.faults.drop = 0.0
        until_then = (series.last_start or 0) + 3_000
        await until(lambda: (series.last_start or 0) >= until_then, 40)
        await at.settled()
        told = await at.hub.candles(BTC, "1s", limit=60)
        closed = {each.start: each for each in told if each.closed and each.start >= begun}
        assert len(closed) > 5
        await until(lambda: _same(series, closed), 10)
        assert np.all(np.diff(series.starts) == 1_000)
        assert np.all(np.diff(folded.starts) == 5_000)
        for index in range(-3, -1):
            start = int(folded.starts[index])
            part = series.rows[:, (series.starts >= start) & (series.starts < start + 5_000)]
            assert part.shape[1] == 5
            assert folded.rows[HIGH, index] == part[HIGH].max()


def _still_running(candle: Candle) -> Candle:
    return Candle(
        candle.instrument, candle.interval, candle.start,
        candle.open, candle.open, candle.open, candle.open, 0.0, False,
    )  # fmt: skip


def _same(bars: Bars, closed: dict[int, Candle]) -> bool:
    """Whether the bars are those candles, where there are any."""
    held = {int(row[0]): row for row in bars.rows.T.tolist()}
    return all(
        start in held and held[start] == [start, c.open, c.high, c.low, c.close, c.volume]
        for start, c in closed.items()
    )
