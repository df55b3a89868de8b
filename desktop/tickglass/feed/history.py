"""Candle history by REST: the first candles of a chart, older ones, and holes filled."""

from __future__ import annotations

from ..market.candles import CandleSeries
from ..market.events import Candle
from ..market.interval import next_start
from .hub import Hub
from .paging import candles_since

FIRST_BARS = 500


async def fill(hub: Hub, series: CandleSeries) -> None:
    """Bring a series up to date: its first candles, or those missed since the newest known whole.

    If that is further back than replies reach, what was held is dropped: no hole stays unseen.
    """
    newest = series.last_start
    since = newest if series.unsettled is None else series.unsettled

    async def page(limit: int, end: int | None) -> list[Candle]:
        return await hub.candles(series.instrument, series.interval, end=end, limit=limit)

    candles = await candles_since(page, since, FIRST_BARS)
    if since is not None and candles and candles[0].start > next_start(series.interval, since):
        series.clear()
    series.merge(candles)
    if candles and newest is not None:
        series.settle(min(newest, candles[-1].start))


async def older(hub: Hub, series: CandleSeries) -> list[Candle]:
    """Fetch the candles before the oldest held; none means that there are none."""
    first = series.first_start
    if first is None or series.complete:
        return []
    limit = hub.adapter(series.instrument.exchange).candles_per_request
    candles = await hub.candles(series.instrument, series.interval, end=first, limit=limit)
    if candles:
        series.merge(candles)
    else:
        series.complete = True
        series.version += 1
    return candles
