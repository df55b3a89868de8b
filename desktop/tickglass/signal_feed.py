"""What signals need: the last hours of each instrument, and a look at them once a second."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Iterable

from .alerts.signals import Signal, SignalEngine
from .errors import FeedError, UsageError
from .exchanges.exchange import BadFrame
from .feed.hub import Hub
from .market.events import Candle
from .market.instrument import Instrument

log = logging.getLogger(__name__)

CHECK_INTERVAL = 1.0  # s
BETWEEN = 3.0  # s between two requests for the past: nobody waits for it, and each costs 10 ms
RETRY = 60.0  # s until a past that could not be fetched is asked for again
MINUTES = 500  # of the past; one reply


class SignalFeed:
    """``told`` takes what was found; ``now`` is the time, ms UTC."""

    def __init__(
        self,
        engine: SignalEngine,
        hub: Hub,
        told: Callable[[Iterable[Signal]], object],
        spawn: Callable[..., object],
        now: Callable[[], int],
    ) -> None:
        self._engine = engine
        self._hub = hub
        self._told = told
        self._spawn = spawn
        self._now = now
        self._followed: set[Instrument] = set()
        self._unseeded: deque[Instrument] = deque()
        self._failed: set[Instrument] = set()
        self._retry_at = 0.0
        self._seeding = False
        self._checked = 0.0

    def follow(self, instruments: Collection[Instrument]) -> None:
        """Watch these and no others."""
        self._followed = set(instruments)
        self._failed &= self._followed
        self._want_past(self._engine.follow(instruments))

    def gap(self, instruments: Collection[Instrument]) -> None:
        """The feed of these was interrupted."""
        self._want_past(self._engine.gap(instruments))

    def check(self, now: float) -> None:
        """Look for what is out of the ordinary; ``now`` is a monotonic second."""
        if now - self._checked < CHECK_INTERVAL:
            return
        self._checked = now
        found = self._engine.tick(self._now())
        if found:
            self._told(found)
        if not self._failed:
            self._retry_at = now + RETRY
        elif now >= self._retry_at:
            self._want_past(sorted(self._failed))
            self._failed.clear()
        if self._unseeded and not self._seeding:
            self._seeding = True
            self._spawn(self._seed(), "past of signals")

    def _want_past(self, instruments: Iterable[Instrument]) -> None:
        self._unseeded.extend(each for each in instruments if each not in self._unseeded)

    async def _seed(self) -> None:
        """Fetch the last hours of one instrument after the other."""
        try:
            while self._unseeded:
                instrument = self._unseeded.popleft()
                if instrument not in self._followed:
                    continue
                try:
                    candles = await self._candles(instrument)
                except (FeedError, BadFrame, UsageError) as error:
                    log.info("no past of %s for signals: %s", instrument, error)
                    self._failed.add(instrument)
                else:
                    self._engine.seed(instrument, candles)
                await asyncio.sleep(BETWEEN)
        finally:
            self._seeding = False

    async def _candles(self, instrument: Instrument) -> list[Candle]:
        return await self._hub.candles(instrument, "1m", limit=MINUTES)
