"""Keeps the day of all instruments of an exchange, while somebody looks.

Where an exchange streams its whole market, the stream is merged into what REST told at the start;
elsewhere, and while the stream is silent, REST is asked again and again.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Sequence

from .errors import FeedError, UsageError
from .exchanges.exchange import BadFrame
from .feed.hub import Hub
from .market.events import Ticker
from .market.instrument import Instrument

log = logging.getLogger(__name__)

INTERVAL = 10.0  # s; the exchanges' own pages ask for no more than one request in five
RETRY = 30.0
LIVE_INTERVAL = 1.0  # s between two showings of what streamed
SILENCE = 30.0  # s without a word of the stream: refused, cut off, or no longer served
SEED_AGAIN = 300.0  # s: a stream does not say what is gone

Show = Callable[[str, Sequence[Ticker]], object]
Fail = Callable[[str, str], object]


class MoversFeed:
    """``show(exchange, tickers)`` and ``fail(exchange, sentence)`` are told what came of it."""

    def __init__(self, hub: Hub, show: Show, fail: Fail, spawn: Callable[..., object]) -> None:
        self._hub = hub
        self._show = show
        self._fail = fail
        self._spawn = spawn
        self._day: MarketDay | None = None

    def want(self, exchange: str | None) -> None:
        """Follow another exchange, or none."""
        left = self._day
        if left is not None:
            if left.exchange == exchange:
                return
            self._hub.watch_market(left.exchange, None)
        self._day = MarketDay(exchange) if exchange is not None else None
        if self._day is not None:
            self._hub.watch_market(self._day.exchange, self._day)
            self._spawn(self._follow(self._day), "movers")

    async def _follow(self, day: MarketDay) -> None:
        due = -math.inf
        while day is self._day:
            now = time.monotonic()
            if now >= due and day.needs_seed(now):
                due = now + await self._seed(day)
            if day is self._day and day.changed:
                day.changed = False
                self._show(day.exchange, day.tickers)
            await asyncio.sleep(LIVE_INTERVAL)

    async def _seed(self, day: MarketDay) -> float:
        """Ask REST once; seconds until it may be asked again."""
        try:
            day.seed(await self._hub.market(day.exchange), time.monotonic())
        except (FeedError, BadFrame, UsageError) as error:
            log.info("no movers of %s: %s", day.exchange, error)
            if day is self._day and not day.streams(time.monotonic()):
                self._fail(day.exchange, error.sentence)
            return RETRY
        return INTERVAL


class MarketDay:
    """What is known of the day of one exchange: of no instrument that REST did not tell of."""

    def __init__(self, exchange: str) -> None:
        self.exchange = exchange
        self.changed = False
        self._days: dict[Instrument, Ticker] = {}
        self._seeded = self._heard = -math.inf
        self._cut = self._torn = False

    @property
    def tickers(self) -> list[Ticker]:
        """The day of every instrument."""
        return list(self._days.values())

    def streams(self, now: float) -> bool:
        """Whether the stream keeps what is known current, at a monotonic second."""
        return self._seeded > -math.inf and now - self._heard <= SILENCE

    def needs_seed(self, now: float) -> bool:
        """Whether REST must be asked at this monotonic second."""
        return self._torn or not self.streams(now) or now - self._seeded > SEED_AGAIN

    def seed(self, tickers: Sequence[Ticker], now: float) -> None:
        """Take all that REST told, but what the stream told later."""
        days = self._days
        self._days = {each.instrument: _later(days.get(each.instrument), each) for each in tickers}
        self._seeded, self._torn, self.changed = now, False, True

    def ticker(self, ticker: Ticker) -> None:
        """Take what the stream told."""
        self._heard = time.monotonic()
        if self._cut:
            self._cut, self._torn = False, True  # it does not repeat what was missed
        held = self._days.get(ticker.instrument)
        if held is not None:
            self._days[ticker.instrument] = _later(held, ticker)
            self.changed = True

    def interrupted(self) -> None:
        """REST must be asked as soon as the stream resumes."""
        self._cut = True


def _later(held: Ticker | None, told: Ticker) -> Ticker:
    """What was told, unless what is held was true later; REST may come from a cache."""
    if held is None or held.time is None or told.time is None or held.time <= told.time:
        return told
    return held
