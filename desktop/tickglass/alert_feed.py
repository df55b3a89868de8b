"""What alerts need of the feed: their channels, their candles, and what they missed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable

from .alerts.engine import AlertEngine
from .alerts.post import Hole
from .alerts.watch import OF_CANDLES, Fired
from .charts import Bars, ChartFeeds
from .errors import FeedError, UsageError
from .exchanges.exchange import BadFrame, Channel, Kind
from .feed.hub import Hub
from .feed.paging import candles_since
from .language import tr
from .market.events import Candle
from .market.folding import source_interval
from .market.freshness import Freshness
from .market.instrument import Instrument, exchange_title
from .market.interval import DAY, milliseconds
from .market.store import Store

log = logging.getLogger(__name__)

OWNER = "alerts"
CHECK_INTERVAL = 1.0  # s
QUOTED = frozenset({"bid", "ask", "mid"})
# A stretch of time up to so long (ms) is looked at in candles of this interval.
FINEST = ((2 * DAY, "1m"), (20 * DAY, "15m"), (80 * DAY, "1h"))
COARSEST = "1d"
SETTLING = 1.5  # s until what was missed is asked for; more than REST may lag
WAITS = (2.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0)  # s between attempts to fill a hole
PAGE = 500


class AlertFeed:
    """Feeds the engine. ``told`` takes what fired; ``now`` is the time, ms UTC."""

    def __init__(
        self,
        engine: AlertEngine,
        hub: Hub,
        store: Store,
        charts: ChartFeeds,
        told: Callable[[Iterable[Fired]], object],
        spawn: Callable[..., object],
        now: Callable[[], int],
    ) -> None:
        self._engine = engine
        self._hub = hub
        self._store = store
        self._charts = charts
        self._told = told
        self._spawn = spawn
        self._now = now
        self._bars: dict[tuple[Instrument, str], Bars] = {}
        self._judged: dict[tuple[Instrument, str], tuple[int, int]] = {}
        self._seeded: dict[Instrument, int] = {}
        self._checked = 0.0

    def follow(self) -> None:
        """Feed what the alerts watch now, and nothing else."""
        wanted = self._engine.hears()
        channels = []
        for instrument, heard in wanted.items():
            kinds = [Kind.TICKER, Kind.TRADE]
            if any(each.kind in QUOTED for each in heard):
                kinds.append(Kind.QUOTE)
            channels += [Channel(kind, instrument) for kind in kinds]
        self._hub.want(OWNER, channels)
        candles = {
            (instrument, each.detail): None
            for instrument, heard in wanted.items()
            for each in heard
            if each.kind in OF_CANDLES
        }
        self._bars = self._charts.hold(candles)
        self._judged = {key: seen for key, seen in self._judged.items() if key in self._bars}
        self._seed(wanted)

    def check(self, now: float) -> None:
        """Judge what time itself brings; ``now`` is a monotonic second."""
        if now - self._checked < CHECK_INTERVAL:
            return
        self._checked = now
        self._suspend(now)
        self._told(self._engine.tick(self._now()))
        for (instrument, interval), bars in self._bars.items():
            self._judge(instrument, interval, bars)
        for instrument in self._engine.take_begun():
            self._spawn(self._know_minute(instrument), f"running minute of {instrument}")
        for hole in self._engine.take_holes():
            self._spawn(self._fill(hole), f"hole of {hole.instrument}")

    # ------------------------------------------------------------ candles

    def _judge(self, instrument: Instrument, interval: str, bars: Bars) -> None:
        """Let the engine judge candles that have had their last word."""
        seen = (bars.version, len(bars))
        if self._judged.get((instrument, interval)) == seen or not len(bars):
            return
        self._judged[instrument, interval] = seen
        final = len(bars) - (0 if bars.last_is_closed else 1)
        doubted = bars.unsettled
        if doubted is not None:
            final = min(final, int(bars.starts.searchsorted(doubted)))
        if final > 0:
            rows = bars.rows[:, :final]
            self._told(self._engine.closed(instrument, interval, rows, self._now()))

    # ------------------------------------------------------------ what was missed

    async def _fill(self, hole: Hole) -> None:
        """Tell the engine what happened in a hole, as soon as the exchange says."""
        lookback = self._engine.lookback(hole.instrument)
        for wait in WAITS:
            await asyncio.sleep(SETTLING)
            ended = hole.end[0] if hole.end is not None else self._now()
            since = min(hole.span.start, ended - lookback)
            try:
                candles = await self._candles(hole.instrument, since)
            except (FeedError, BadFrame, UsageError) as error:
                log.warning("a hole of %s is not filled yet: %s", hole.instrument, error)
                await asyncio.sleep(wait)
                continue
            self._told(self._engine.fill(hole, candles, self._now()))
            return
        log.error("a hole of %s could not be filled", hole.instrument)
        self._told(self._engine.fill(hole, None, self._now()))

    async def _know_minute(self, instrument: Instrument) -> None:
        """Tell the engine where the price was in this minute before it was watched."""
        await asyncio.sleep(SETTLING)
        try:
            self._engine.know_minute(instrument, await self._candles(instrument, self._now()))
        except (FeedError, BadFrame, UsageError) as error:
            log.info("the running minute of %s is not known: %s", instrument, error)

    def _seed(self, instruments: Collection[Instrument]) -> None:
        """Fetch the past that windows of prices and volumes reach back to."""
        for instrument in self._seeded.keys() - set(instruments):
            del self._seeded[instrument]
        for instrument in instruments:
            lookback = self._engine.lookback(instrument)
            if lookback > self._seeded.get(instrument, 0):
                self._seeded[instrument] = lookback
                self._spawn(self._fetch_past(instrument, lookback), f"past of {instrument}")

    async def _fetch_past(self, instrument: Instrument, lookback: int) -> None:
        try:
            candles = await self._candles(instrument, self._now() - lookback)
        except (FeedError, BadFrame, UsageError) as error:
            log.warning("no past of %s for its alerts: %s", instrument, error)
            self._seeded.pop(instrument, None)
        else:
            self._engine.seed(instrument, candles)

    async def _candles(self, instrument: Instrument, since: int) -> list[Candle]:
        """The candles from a time on until now, in as fine an interval as it takes."""
        stretch = self._now() - since
        wanted = next((each for longest, each in FINEST if stretch <= longest), COARSEST)
        if instrument.exchange not in self._hub.figures:
            raise UsageError(f"{instrument.exchange} is off")
        interval = source_interval(wanted, self._hub.adapter(instrument.exchange).intervals)
        if interval is None:
            raise UsageError(f"{instrument.exchange} has no candles of {wanted}")
        count = min(PAGE, stretch // milliseconds(interval) + 2)

        async def page(limit: int, end: int | None) -> list[Candle]:
            return await self._hub.candles(instrument, interval, end=end, limit=limit)

        candles = await candles_since(page, since, count)
        return [each for each in candles if each.start + milliseconds(interval) > since]

    # ------------------------------------------------------------ what cannot be watched

    def _suspend(self, now: float) -> None:
        for instrument in self._engine.instruments:
            self._engine.suspend(instrument, self._why_not(instrument, now))

    def _why_not(self, instrument: Instrument, now: float) -> str:
        """Why nothing can be heard of an instrument now; nothing if it can."""
        if instrument.exchange not in self._hub.figures:
            return tr(
                "{exchange} is not switched on.", exchange=exchange_title(instrument.exchange)
            )
        state = self._store.states.get(instrument)
        if state is None:
            return ""
        if state.problem:
            return state.problem
        if state.freshness(now) in (Freshness.STALE, Freshness.LOST):
            return tr("No live data; what is missed is made up for when they come back.")
        return ""
