"""Feeding charts and sparklines: history by REST, joined to what comes live."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import Protocol

from .errors import FeedError
from .exchanges.exchange import BadFrame, Channel, Kind
from .feed.history import fill, older
from .feed.hub import Hub
from .market import sparkline
from .market.candles import CandleSeries
from .market.instrument import Instrument
from .market.store import Store

log = logging.getLogger(__name__)

OWNER = "chart"


class ChartView(Protocol):
    """What shows the chart: told what to show and how the loading goes."""

    def show_series(self, series: CandleSeries) -> None:
        """Show a series; it may still be empty."""

    def chart_failed(self, sentence: str) -> None:
        """Say why there are no candles."""

    def older_loaded(self) -> None:
        """Older candles came, or there are none."""


class ChartFeed:
    """Keeps the one open chart's series filled, and seeds the sparklines."""

    def __init__(
        self, hub: Hub, store: Store, view: ChartView, spawn: Callable[..., object]
    ) -> None:
        self._hub = hub
        self._store = store
        self._view = view
        self._spawn = spawn
        self._series: CandleSeries | None = None

    def open(self, instrument: Instrument, interval: str) -> None:
        """Show another chart; the one before is closed."""
        self.close()
        self._series = self._store.open_series(instrument, interval)
        self._hub.want(OWNER, [Channel(Kind.CANDLE, instrument, interval)])
        self._view.show_series(self._series)
        self.fill()

    def close(self) -> None:
        """Show no chart."""
        if self._series is not None:
            self._store.close_series(self._series.instrument, self._series.interval)
            self._series = None
            self._hub.want(OWNER, [])

    def fill(self) -> None:
        """Fetch what the open chart lacks: everything, or what was missed while disconnected."""
        if self._series is not None:
            self._spawn(self._fill(self._series), "chart history")

    def older(self) -> None:
        """Fetch candles before the oldest of the open chart."""
        if self._series is not None:
            self._spawn(self._older(self._series), "older candles")

    async def seed_sparklines(self, instruments: Collection[Instrument]) -> None:
        """Give each instrument the course of its last day, one request after the other."""
        for instrument in instruments:
            try:
                candles = await self._hub.candles(
                    instrument, sparkline.SPAN_INTERVAL, limit=sparkline.POINTS
                )
            except (FeedError, BadFrame) as error:
                log.info("no sparkline of %s: %s", instrument, error)
                continue
            if instrument in self._store.states:
                self._store.state(instrument).sparkline.seed(candles)
                self._store.touch([instrument])
            await asyncio.sleep(0)

    async def _fill(self, series: CandleSeries) -> None:
        try:
            await fill(self._hub, series)
        except (FeedError, BadFrame) as error:
            log.warning("no candles of %s: %s", series.instrument, error)
            if series is self._series and not len(series):
                self._view.chart_failed(f"No candles: {error.sentence}")

    async def _older(self, series: CandleSeries) -> None:
        try:
            await older(self._hub, series)
        except (FeedError, BadFrame) as error:
            log.warning("no older candles of %s: %s", series.instrument, error)
        finally:
            if series is self._series:
                self._view.older_loaded()
