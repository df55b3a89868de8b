"""The price of every watched instrument at the moment that changes are counted from."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from datetime import tzinfo

from .errors import FeedError
from .exchanges.exchange import BadFrame
from .feed.hub import Hub
from .market.change import Basis
from .market.events import Candle
from .market.instrument import Instrument
from .market.interval import MINUTE
from .market.store import Store

log = logging.getLogger(__name__)

INTERVAL = "1m"
CHECK_INTERVAL = 5.0  # s between looks whether a new day has begun
RETRY = 60.0  # s until one that could not be fetched is asked for again


class Anchors:
    """Fetches them one after the other; without one there is no change, never a wrong one.

    ``now`` is the time, ms UTC.
    """

    def __init__(
        self, hub: Hub, store: Store, spawn: Callable[..., object], now: Callable[[], int]
    ) -> None:
        self._hub = hub
        self._store = store
        self._spawn = spawn
        self._now = now
        self._basis = Basis()
        self._zone: tzinfo | None = None
        self._instruments: list[Instrument] = []
        self._start = 0
        self._checked = self._failed = 0.0
        self._missing: set[Instrument] = set()

    def choose(self, basis: Basis, zone: tzinfo | None) -> None:
        """Count changes from there, from now on."""
        self._basis, self._zone = basis, zone
        self._store.count_from_anchors(not basis.rolling)
        self._begin()

    def follow(self, instruments: Sequence[Instrument]) -> None:
        """Fetch for these and no others."""
        new = set(instruments) - set(self._instruments)
        self._instruments = list(instruments)
        if not self._basis.rolling:
            self._fetch([each for each in instruments if each in new])

    def check(self, now: float) -> None:
        """A new day begins a new count; ``now`` is a monotonic second."""
        if self._basis.rolling or now - self._checked < CHECK_INTERVAL:
            return
        self._checked = now
        if self._basis.start(self._now(), self._zone) != self._start:
            self._begin()
        elif self._missing and now - self._failed >= RETRY:
            self._failed = now
            self._fetch([each for each in self._instruments if each in self._missing])

    def _begin(self) -> None:
        self._start = self._basis.start(self._now(), self._zone)
        self._store.forget_anchors()
        if not self._basis.rolling:
            self._fetch(self._instruments)

    def _fetch(self, instruments: Collection[Instrument]) -> None:
        if instruments:
            self._missing.update(instruments)
            self._spawn(self._fetch_all(list(instruments), self._start), "anchors")

    async def _fetch_all(self, instruments: Sequence[Instrument], start: int) -> None:
        for instrument in instruments:
            if start != self._start:  # something else is counted from meanwhile
                return
            if instrument.exchange not in self._hub.figures:
                continue
            try:
                candles = await self._hub.candles(
                    instrument, INTERVAL, end=start // MINUTE * MINUTE + MINUTE, limit=1
                )
            except (FeedError, BadFrame) as error:
                log.info("no price of %s at %d: %s", instrument, start, error)
                continue
            if not candles or candles[-1].closed or _began_at(candles[-1], start):
                self._missing.discard(instrument)  # else what is told may not be the last word
            if start == self._start and instrument in self._store.states and candles:
                self._store.set_anchor(instrument, _price_at(candles[-1], start))
            await asyncio.sleep(0)


def _price_at(candle: Candle, start: int) -> float:
    """What a minute begins with, or what the last one before it ended with."""
    return candle.open if _began_at(candle, start) else candle.close


def _began_at(candle: Candle, start: int) -> bool:
    return candle.start == start // MINUTE * MINUTE
