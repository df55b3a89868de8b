"""Candle history by REST: the first candles of a chart, older ones, and holes filled."""

from __future__ import annotations

import asyncio
import time

from ..market.candles import CandleSeries
from ..market.events import Candle
from ..market.instrument import Instrument
from .hub import Hub

FIRST_BARS = 500


async def fetch_candles(
    hub: Hub, instrument: Instrument, interval: str, *, end: int | None = None, limit: int
) -> list[Candle]:
    """Candles that start before ``end`` (ms), or the newest ones; oldest first."""
    adapter = hub.adapter(instrument.exchange)
    limit = min(limit, adapter.candles_per_request)
    request = adapter.candles_request(instrument, interval, end, limit)
    body = await hub.rest(instrument.exchange).get(request)
    now = round(time.time() * 1000)
    return await asyncio.to_thread(adapter.parse_candles, body, instrument, interval, now)


async def fill(hub: Hub, series: CandleSeries) -> None:
    """Bring a series up to date: its first candles, or those missed since its newest."""
    candles = await fetch_candles(hub, series.instrument, series.interval, limit=FIRST_BARS)
    series.merge(candles)
    if len(candles) < FIRST_BARS:
        series.complete = True
        series.version += 1


async def older(hub: Hub, series: CandleSeries) -> None:
    """Fetch the candles before the oldest held; none means that there are none."""
    first = series.first_start
    if first is None or series.complete:
        return
    limit = hub.adapter(series.instrument.exchange).candles_per_request
    candles = await fetch_candles(hub, series.instrument, series.interval, end=first, limit=limit)
    if candles:
        series.merge(candles)
    else:
        series.complete = True
        series.version += 1
