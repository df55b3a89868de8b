"""Trying alerts before they are kept: on a chart's candles, or on those that the exchange has."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from .alerts.alert import Alert
from .alerts.condition import Spread
from .alerts.judging import elsewhere
from .alerts.rehearsal import TRIED_ON, Rehearsal, fitting_interval, rehearse, why_not
from .errors import FeedError, UsageError
from .exchanges.exchange import BadFrame
from .feed.hub import Hub
from .feed.paging import candles_since
from .language import tr
from .market.candles import START, CandleSeries, Floats
from .market.events import Candle
from .market.folding import source_interval
from .market.instrument import Instrument, exchange_title
from .market.interval import milliseconds, next_start

BARS_TRIED = 1_440  # a day of minutes, two weeks of quarters of an hour
MOST_KEPT = 8  # series
GOOD_FOR = 60.0  # s that fetched candles serve again, while the person goes on choosing


class Shown(NamedTuple):
    """The candles of a chart that is open: rows as of a series, and their interval."""

    rows: Floats
    interval: str


class Fetched(NamedTuple):
    """What an exchange sent, at a monotonic second."""

    shown: Shown
    at: float


class Rehearsals:
    """Fetches what a chart does not show. ``clock`` is monotonic, ``now`` the time in ms UTC."""

    def __init__(self, hub: Hub, clock: Callable[[], float], now: Callable[[], int]) -> None:
        self._hub = hub
        self._clock = clock
        self._now = now
        self._fetched: OrderedDict[tuple[Instrument, str], Fetched] = OrderedDict()
        self._fetching = asyncio.Lock()  # who comes meanwhile finds what the first one fetched

    async def rehearse(
        self, alert: Alert, instrument: Instrument, shown: Shown | None
    ) -> Rehearsal:
        """Find out how often an alert would have fired; ``reason`` says why that is not known."""
        if shown is not None and not why_not(alert, shown.interval):
            return await asyncio.to_thread(rehearse, alert, instrument, *self._over(shown))
        wanted = fitting_interval(alert)
        if wanted is None:
            return Rehearsal(instrument, reason=why_not(alert, TRIED_ON[-1]))
        try:
            candles = await self._candles(instrument, wanted)
            others = {
                each.other: (await self._candles(elsewhere(instrument, each.other), wanted)).rows
                for each in alert.conditions
                if isinstance(each, Spread)
            }
        except (FeedError, BadFrame, UsageError) as error:
            return Rehearsal(instrument, reason=error.sentence)
        return await asyncio.to_thread(rehearse, alert, instrument, *self._over(candles), others)

    def _over(self, shown: Shown) -> Shown:
        """Without the candle that is still running: nobody knows how it ends."""
        rows, interval = shown
        running = rows.shape[1] and next_start(interval, int(rows[START, -1])) > self._now()
        return Shown(rows[:, :-1], interval) if running else shown

    async def _candles(self, instrument: Instrument, wanted: str) -> Shown:
        """Candles of an interval, or shorter ones where the exchange has none of it."""
        async with self._fetching:
            held = self._fetched.pop((instrument, wanted), None)
            if held is None or self._clock() - held.at >= GOOD_FOR:
                held = Fetched(await self._fetch(instrument, wanted), self._clock())
            self._fetched[instrument, wanted] = held
            if len(self._fetched) > MOST_KEPT:
                self._fetched.popitem(last=False)
            return held.shown

    async def _fetch(self, instrument: Instrument, wanted: str) -> Shown:
        title = exchange_title(instrument.exchange)
        if instrument.exchange not in self._hub.figures:
            raise UsageError(tr("{exchange} is not switched on.", exchange=title))
        interval = source_interval(wanted, self._hub.adapter(instrument.exchange).intervals)
        if interval is None:
            sentence = tr(
                "{exchange} has no candles of {interval}.", exchange=title, interval=wanted
            )
            raise UsageError(sentence)

        async def page(limit: int, end: int | None) -> list[Candle]:
            return await self._hub.candles(instrument, interval, end=end, limit=limit)

        since = self._now() - BARS_TRIED * milliseconds(wanted)
        series = CandleSeries(instrument, interval)
        series.merge(await candles_since(page, since, BARS_TRIED))
        return Shown(series.rows, interval)
