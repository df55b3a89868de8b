"""The day of all instruments of an exchange, while somebody looks at its movers.

Where an exchange has a stream of that (Binance: ``!miniTicker@arr``), the whole is asked for once
and what changes comes live. The others have none that tells a day's change: they are asked again
and again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from .errors import FeedError, UsageError
from .exchanges.exchange import BadFrame
from .feed.hub import Hub
from .market.events import Ticker
from .market.instrument import Instrument

log = logging.getLogger(__name__)

INTERVAL = 10.0  # s; the exchanges' own pages ask for no more than one request in five
RETRY = 30.0
LIVE_INTERVAL = 1.0  # s between two looks at what came on a stream
SILENCE = 30.0  # s after which a stream that says nothing is not waited for any longer

Show = Callable[[str, Sequence[Ticker]], object]
Fail = Callable[[str, str], object]


class MoversFeed:
    """``show(exchange, tickers)`` and ``fail(exchange, sentence)`` are told what came of it."""

    def __init__(self, hub: Hub, show: Show, fail: Fail, spawn: Callable[..., object]) -> None:
        self._hub = hub
        self._show = show
        self._fail = fail
        self._spawn = spawn
        self._wanted: str | None = None
        self._round = 0
        self._day: dict[Instrument, Ticker] = {}
        self._changed = False

    def want(self, exchange: str | None) -> None:
        """Follow another exchange, or none."""
        if exchange == self._wanted:
            return
        if self._wanted is not None:
            self._hub.follow_market(self._wanted, None)
        self._wanted = exchange
        self._round += 1
        self._day.clear()
        if exchange is not None:
            self._spawn(self._follow(exchange, self._round), "movers")

    async def _follow(self, exchange: str, turn: int) -> None:
        streamed = self._hub.follow_market(exchange, self._hear)
        while turn == self._round:
            wait = RETRY
            if await self._ask(exchange, turn):
                wait = INTERVAL
                while streamed and turn == self._round and await self._live(exchange, turn):
                    pass
            if turn == self._round:
                await asyncio.sleep(wait)

    async def _ask(self, exchange: str, turn: int) -> bool:
        """Fetch the whole day; False if that failed."""
        try:
            tickers = await self._hub.market(exchange)
        except (FeedError, BadFrame, UsageError) as error:
            log.info("no movers of %s: %s", exchange, error)
            if turn == self._round:
                self._fail(exchange, error.sentence)
            return False
        if turn == self._round:
            self._day = {each.instrument: each for each in tickers}
            self._changed = False
            self._show(exchange, tickers)
        return True

    async def _live(self, exchange: str, turn: int) -> bool:
        """Show what comes on the stream; False once it is silent."""
        for _ in range(round(SILENCE / LIVE_INTERVAL)):
            await asyncio.sleep(LIVE_INTERVAL)
            if turn != self._round:
                return False
            if self._changed:
                self._changed = False
                self._show(exchange, list(self._day.values()))
                return True
        log.info("the stream of the market of %s is silent", exchange)
        return False

    def _hear(self, ticker: Ticker) -> None:
        """Take one ticker of the stream; those that are not listed are passed over."""
        if ticker.instrument in self._day:
            self._day[ticker.instrument] = ticker
            self._changed = True
