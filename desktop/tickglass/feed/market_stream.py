"""The stream of a whole market: on a connection of its own, past the store and the alerts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Protocol

from ..errors import FeedError
from ..exchanges.exchange import BadFrame
from ..market.events import MarketEvent, Status, Ticker
from ..market.freshness import Link
from ..market.instrument import Instrument
from .pacing import Clock
from .session import Session
from .surroundings import Sink

log = logging.getLogger(__name__)

SILENCE = 30.0  # s without a ticker on a connection that stands: refused, or no longer served
RETRY = 300.0  # s until it is asked for again after that
UNLISTED_RETRY = 30.0  # s until it is asked for again where the listings did not come
CHECK_INTERVAL = 1.0


class MarketWatcher(Protocol):
    """Who wants to know the day of every instrument as it changes."""

    def ticker(self, ticker: Ticker) -> None:
        """Take the day of one instrument."""

    def interrupted(self) -> None:
        """Learn that tickers may have been missed."""


class MarketStream:
    """Keeps a watcher told of the tickers that one exchange streams of all its instruments.

    ``listed`` is awaited before each beginning, as symbols that nobody listed are passed over;
    ``make`` makes a session for the stream. A stream that is refused or acknowledged and then
    silent ends its connection, and is asked for again much later.
    """

    def __init__(
        self,
        watcher: MarketWatcher,
        listed: Callable[[], Awaitable[object]],
        make: Callable[[Sink], Session],
        clock: Clock,
    ) -> None:
        self._watcher = watcher
        self._listed = listed
        self._make = make
        self._clock = clock
        self._heard = 0.0

    async def run(self) -> None:
        """Stream until cancelled."""
        while True:
            wait = RETRY
            try:
                await self._listed()
                await self._serve()
            except (FeedError, BadFrame) as error:
                log.info("no market stream: %s", error)
                wait = UNLISTED_RETRY
            await asyncio.sleep(wait)

    def apply(self, event: MarketEvent, link: Link) -> None:
        """Hand a ticker on; the stream has nothing else."""
        if isinstance(event, Ticker):
            self._heard = self._clock()
            self._watcher.ticker(event)

    def status(self, status: Status) -> None:
        """Nobody need know of it: its connection is in the figures."""

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        """Hand it on."""
        self._watcher.interrupted()

    def refused(self, instrument: Instrument, sentence: str) -> None:
        """The stream names no instruments when it is asked for."""

    async def _serve(self) -> None:
        """Keep a session until it is silent for too long."""
        session = self._make(self)
        task = asyncio.create_task(session.run(), name=f"{session.name} of the market")
        try:
            while not task.done() and not self._is_silent(session.link):
                await asyncio.wait({task}, timeout=CHECK_INTERVAL)
            log.info("%s: nothing comes of the market stream", session.name)
        finally:
            task.cancel()
            await asyncio.wait({task})
            self._watcher.interrupted()

    def _is_silent(self, link: Link) -> bool:
        return link.up and self._clock() - max(self._heard, link.since) > SILENCE
