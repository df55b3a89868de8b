"""Feeding charts and sparklines: what was seen before, history by REST, and what comes live."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .errors import FeedError
from .exchanges.exchange import BadFrame, Channel, Kind
from .feed.candle_cache import CandleCache
from .feed.history import fill, older
from .feed.hub import Hub
from .language import tr
from .market import sparkline
from .market.candles import CandleSeries
from .market.folding import FoldedSeries, source_interval
from .market.instrument import Instrument, exchange_title
from .market.interval import milliseconds, next_start
from .market.store import Store

log = logging.getLogger(__name__)

OWNER = "charts"
ALERTS = -1  # the number under which alerts hold series, as if they were a chart
CACHED_BARS = 5_000  # shown at once
CHECK_INTERVAL = 1.0  # s between looks at what came
PATIENCE = 4.0  # s in which the last word on a candle may come after the first on the next
ASK_AGAIN = 30.0  # s after having asked
LONGEST_HOLE = 5_000  # bars; behind a longer one what was seen before is of no use

Bars = CandleSeries | FoldedSeries


class ChartViews(Protocol):
    """What shows the charts, each by its number."""

    def show_chart(self, chart: int, bars: Bars, compared: Sequence[Bars]) -> None:
        """Show these; they may still be empty."""

    def chart_failed(self, chart: int, sentence: str) -> None:
        """Say why there are no candles."""

    def older_loaded(self, chart: int) -> None:
        """Older candles came, or there are none."""


@dataclass(slots=True)
class Line:
    """One series that the exchange sends, and the charts that need it.

    ``kept`` is the start of the newest candle in the cache, ``doubted`` that of the oldest without
    its last word, which is asked for from ``ask_at`` on, a monotonic second.
    """

    series: CandleSeries
    charts: set[int] = field(default_factory=set)
    kept: int = -1
    doubted: int | None = None
    ask_at: float = 0.0
    loading: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def channel(self) -> Channel:
        """What keeps it alive."""
        return Channel(Kind.CANDLE, self.series.instrument, self.series.interval)


class ChartFeeds:
    """Keeps the series of all open charts filled, and seeds the sparklines.

    ``now`` is the time, ms UTC.
    """

    def __init__(
        self,
        hub: Hub,
        store: Store,
        cache: CandleCache,
        views: ChartViews,
        spawn: Callable[..., object],
        now: Callable[[], int],
    ) -> None:
        self._hub = hub
        self._store = store
        self._cache = cache
        self._views = views
        self._spawn = spawn
        self._now = now
        self._lines: dict[Channel, Line] = {}
        self._main: dict[int, Line] = {}
        self._checked = 0.0

    def open(
        self,
        chart: int,
        instrument: Instrument,
        interval: str,
        compared: Iterable[Instrument] = (),
    ) -> None:
        """Show something else in a chart."""
        before = self._release(chart)
        bars = self._bars(chart, instrument, interval)
        if bars is not None:
            others = [self._bars(chart, each, interval) for each in compared if each != instrument]
            self._views.show_chart(chart, bars[0], [each[0] for each in others if each])
            self._main[chart] = bars[1]
        else:
            self._views.chart_failed(chart, self._why_none(instrument.exchange, interval))
        self._drop_unused(before)
        self._want()

    def _why_none(self, exchange: str, interval: str) -> str:
        if exchange not in self._hub.figures:
            return tr("{exchange} is not switched on.", exchange=exchange_title(exchange))
        title = self._hub.adapter(exchange).title
        return tr("{exchange} has no candles of {interval}.", exchange=title, interval=interval)

    def close(self, chart: int) -> None:
        """Show nothing in a chart."""
        self._drop_unused(self._release(chart))
        self._want()

    def hold(self, wanted: Iterable[tuple[Instrument, str]]) -> dict[tuple[Instrument, str], Bars]:
        """Keep these series filled beside the charts', and no others; those that there are."""
        before = self._release(ALERTS)
        held = {}
        for instrument, interval in wanted:
            found = self._bars(ALERTS, instrument, interval)
            if found is not None:
                held[instrument, interval] = found[0]
        self._drop_unused(before)
        self._want()
        return held

    def fill(self, exchange: str | None = None) -> None:
        """Fetch what open charts lack, of one exchange or all: what was missed meanwhile."""
        for line in self._lines.values():
            if exchange in (None, line.series.instrument.exchange):
                self._spawn(self._fill(line), "chart history")

    def check(self, now: float) -> None:
        """Fetch candles whose last word did not come: their end fell between reply and stream.

        ``now`` is a monotonic second.
        """
        if now - self._checked < CHECK_INTERVAL:
            return
        self._checked = now
        for line in self._lines.values():
            if line.series.unsettled != line.doubted:
                line.doubted, line.ask_at = line.series.unsettled, now + PATIENCE
            elif line.doubted is not None and now >= line.ask_at:
                line.ask_at = now + ASK_AGAIN
                self._spawn(self._fill(line), "chart history")

    def older(self, chart: int) -> None:
        """Fetch candles before the oldest of a chart."""
        line = self._main.get(chart)
        if line is not None:
            self._spawn(self._older(line, chart), "older candles")

    async def keep(self) -> None:
        """Have everything that closed in the cache."""
        for line in list(self._lines.values()):
            await self._keep(line)

    async def seed_sparklines(
        self, instruments: Collection[Instrument], span: str = sparkline.USUAL_SPAN
    ) -> None:
        """Give each instrument the course of its last while, one request after the other.

        ``span`` is one of ``sparkline.SPANS``; a round with another one ends an older round.
        """
        interval, points = sparkline.SPANS[span]
        for instrument in instruments:
            self._store.state(instrument).sparkline.choose(span)
        self._store.touch(instruments)
        for instrument in instruments:
            if not self._shows(instrument, span) or instrument.exchange not in self._hub.figures:
                continue
            try:
                candles = await self._hub.candles(instrument, interval, limit=points)
            except (FeedError, BadFrame) as error:
                log.info("no sparkline of %s: %s", instrument, error)
                continue
            if self._shows(instrument, span):
                self._store.state(instrument).sparkline.seed(candles)
                self._store.touch([instrument])
            await asyncio.sleep(0)

    def _shows(self, instrument: Instrument, span: str) -> bool:
        state = self._store.states.get(instrument)
        return state is not None and state.sparkline.span == span

    # ------------------------------------------------------------ which series

    def _bars(self, chart: int, instrument: Instrument, interval: str) -> tuple[Bars, Line] | None:
        if instrument.exchange not in self._hub.figures:
            return None
        offered = self._hub.adapter(instrument.exchange).intervals
        source = source_interval(interval, offered)
        if source is None:
            return None
        line = self._line(instrument, source)
        line.charts.add(chart)
        if source == interval:
            return line.series, line
        return FoldedSeries(line.series, interval), line

    def _line(self, instrument: Instrument, interval: str) -> Line:
        channel = Channel(Kind.CANDLE, instrument, interval)
        line = self._lines.get(channel)
        if line is None:
            line = Line(self._store.open_series(instrument, interval))
            self._lines[channel] = line
            self._spawn(self._begin(line), "chart history")
        return line

    def _release(self, chart: int) -> list[Line]:
        """Take a chart off its series; they stay until something else is open."""
        self._main.pop(chart, None)
        lines = [line for line in self._lines.values() if chart in line.charts]
        for line in lines:
            line.charts.discard(chart)
        return lines

    def _drop_unused(self, lines: Iterable[Line]) -> None:
        for line in lines:
            if not line.charts:
                del self._lines[line.channel]
                self._store.close_series(line.series.instrument, line.series.interval)
                self._spawn(self._keep(line), "candle cache")

    def _want(self) -> None:
        self._hub.want(OWNER, list(self._lines))

    # ------------------------------------------------------------ filling them

    async def _begin(self, line: Line) -> None:
        """Show what was seen before at once, then fetch what is missing."""
        async with line.loading:
            await self._recall(line)
        await self._fill(line)

    async def _recall(self, line: Line) -> None:
        series = line.series
        known = await self._cache.load(series.instrument, series.interval, CACHED_BARS)
        if not known:
            return
        hole = (self._now() - known[-1].start) / milliseconds(series.interval)
        if hole <= LONGEST_HOLE:
            series.merge(known)
            line.kept = known[-1].start
            self._store.touch([series.instrument])

    async def _fill(self, line: Line) -> None:
        series = line.series
        async with line.loading:
            try:
                await fill(self._hub, series)
            except (FeedError, BadFrame) as error:
                log.warning("no candles of %s: %s", series.instrument, error)
                if not len(series):
                    self._fail(line, error)
                return
        self._store.touch([series.instrument])
        await self._keep(line)

    def _fail(self, line: Line, error: FeedError | BadFrame) -> None:
        for chart, main in self._main.items():
            if main is line:
                self._views.chart_failed(chart, tr("No candles: {why}", why=error.sentence))

    async def _older(self, line: Line, chart: int) -> None:
        series = line.series
        try:
            async with line.loading:
                if not await self._recall_older(series):
                    fetched = await older(self._hub, series)
                    await self._cache.store(fetched)
        except (FeedError, BadFrame) as error:
            log.warning("no older candles of %s: %s", series.instrument, error)
        finally:
            if self._main.get(chart) is line:
                self._views.older_loaded(chart)

    async def _recall_older(self, series: CandleSeries) -> bool:
        first = series.first_start
        if first is None or series.complete:
            return False
        limit = self._hub.adapter(series.instrument.exchange).candles_per_request
        known = await self._cache.load_before(series.instrument, series.interval, first, limit)
        if not known or next_start(series.interval, known[-1].start) != first:
            return False
        series.merge(known)
        return True

    async def _keep(self, line: Line) -> None:
        """Put what has closed since the last time into the cache."""
        series = line.series
        count = len(series) - (0 if series.last_is_closed else 1)
        if series.unsettled is not None:
            count = int(series.starts.searchsorted(series.unsettled))
        first = int(series.starts.searchsorted(line.kept, side="right"))
        if count > first:
            line.kept = int(series.starts[count - 1])
            await self._cache.store([series.candle(index) for index in range(first, count)])
