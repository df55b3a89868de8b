"""Asks an exchange again and again for the day of all its instruments, while somebody looks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from .errors import FeedError, UsageError
from .exchanges.exchange import BadFrame
from .feed.hub import Hub
from .market.events import Ticker

log = logging.getLogger(__name__)

INTERVAL = 10.0  # s; the exchanges' own pages ask for no more than one request in five
RETRY = 30.0

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

    def want(self, exchange: str | None) -> None:
        """Follow another exchange, or none."""
        if exchange != self._wanted:
            self._wanted = exchange
            self._round += 1
            if exchange is not None:
                self._spawn(self._follow(exchange, self._round), "movers")

    async def _follow(self, exchange: str, turn: int) -> None:
        while turn == self._round:
            wait = INTERVAL
            try:
                tickers = await self._hub.market(exchange)
                if turn == self._round:
                    self._show(exchange, tickers)
            except (FeedError, BadFrame, UsageError) as error:
                log.info("no movers of %s: %s", exchange, error)
                wait = RETRY
                if turn == self._round:
                    self._fail(exchange, error.sentence)
            await asyncio.sleep(wait)
