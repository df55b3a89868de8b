"""What the wire does not bring: quotes and candles made from other channels, and holes filled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable
from typing import Any

from ..errors import FeedError
from ..exchanges.exchange import BadFrame, Channel, Exchange, Kind
from ..market.building import BarBuilder
from ..market.events import Candle, MarketEvent, Quote, Status, Ticker, Trade
from ..market.freshness import Link
from ..market.instrument import Instrument
from ..market.interval import next_start
from .paging import candles_since
from .surroundings import Sink

log = logging.getLogger(__name__)

SETTLING = 1.5  # s until a candle that has ended is asked for; more than REST may lag
RETRIES = 3
FEWEST = 3  # candles asked for

# At most so many candles by REST that start before a time (ms, or the newest), oldest first.
Fetch = Callable[[Instrument, str, int, int | None], Awaitable[list[Candle]]]
Spawn = Callable[[Coroutine[Any, Any, None], str], object]


class Completing:
    """A sink that hands everything on and adds what follows from it.

    ``want`` says which channels there are; ``now`` is the exchange's time, ms UTC. Quotes come from
    tickers where an exchange has nothing better, candles from trades where it does not send that
    interval. After an interruption the candles that were missed are fetched as soon as the channel
    speaks again.
    """

    def __init__(
        self,
        exchange: type[Exchange],
        sink: Sink,
        fetch: Fetch,
        spawn: Spawn,
        now: Callable[[], int],
    ) -> None:
        self._exchange = exchange
        self._sink = sink
        self._fetch = fetch
        self._spawn = spawn
        self._now = now
        self._quoted: set[Instrument] = set()
        self._builders: dict[Instrument, list[BarBuilder]] = {}
        self._filling: set[Channel] = set()
        self._newest: dict[Channel, int] = {}  # the start of the newest candle of each channel
        self._torn: set[Channel] = set()
        self._silent: set[Channel] = set()  # torn, and not heard again yet
        self._heard: dict[Channel, int] = {}  # the start of the candle that was heard of last
        self._doubted: dict[Channel, int] = {}  # the start of the candle in doubt

    def want(self, channels: Iterable[Channel]) -> None:
        """Know these channels and no others."""
        wanted = set(channels)
        made = {each for each in wanted if self._exchange.carrier(each) != each}
        self._quoted = {each.instrument for each in made if each.kind is Kind.QUOTE}
        old = {
            Channel(Kind.CANDLE, builder.instrument, builder.interval): builder
            for builders in self._builders.values()
            for builder in builders
        }
        self._builders = {}
        for channel in made:
            if channel.kind is Kind.CANDLE:
                builder = old.get(channel) or BarBuilder(channel.instrument, channel.interval)
                self._builders.setdefault(channel.instrument, []).append(builder)
        self._newest = {each: at for each, at in self._newest.items() if each in wanted}
        self._torn &= wanted
        self._silent &= wanted
        self._heard = {each: at for each, at in self._heard.items() if each in wanted}
        self._doubted = {each: at for each, at in self._doubted.items() if each in wanted}

    def apply(self, event: MarketEvent, link: Link) -> None:
        """Hand an event on, then what follows from it."""
        self._sink.apply(event, link)
        kind = event.__class__
        if kind is Trade:
            if self._builders:
                self._build(event, link)  # type: ignore[arg-type]
        elif kind is Candle:
            self._follow(event, link)  # type: ignore[arg-type]
        elif kind is Ticker and event.instrument in self._quoted:
            self._quote(event, link)  # type: ignore[arg-type]

    def status(self, status: Status) -> None:
        """Hand it on."""
        self._sink.status(status)

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        """Remember which candles may have a hole now."""
        cut = {each for each in self._newest if each.instrument in instruments}
        self._torn |= cut
        self._silent |= cut
        for instrument in instruments:
            for builder in self._builders.get(instrument, ()):
                builder.interrupt()
        self._sink.interrupted(instruments)

    def doubt(self, instruments: Collection[Instrument]) -> None:
        """A frame could not be read: what it said of a candle is asked for once that has ended."""
        for channel, heard in self._heard.items():
            if channel.instrument in instruments:
                self._doubted.setdefault(channel, heard)

    def refused(self, instrument: Instrument, sentence: str) -> None:
        """Hand it on."""
        self._sink.refused(instrument, sentence)

    def _quote(self, ticker: Ticker, link: Link) -> None:
        bid, ask, bid_size, ask_size = ticker.bid, ticker.ask, ticker.bid_size, ticker.ask_size
        if bid and ask and bid_size is not None and ask_size is not None:
            quote = Quote(ticker.instrument, ticker.time, bid, bid_size, ask, ask_size)
            self._sink.apply(quote, link)

    def _build(self, trade: Trade, link: Link) -> None:
        for builder in self._builders.get(trade.instrument, ()):
            for candle in builder.trade(trade):
                self._sink.apply(candle, link)
            if builder.owing is not None:
                self._begin_filling(
                    Channel(Kind.CANDLE, builder.instrument, builder.interval), link, builder
                )

    def _follow(self, candle: Candle, link: Link) -> None:
        channel = Channel(Kind.CANDLE, candle.instrument, candle.interval)
        self._silent.discard(channel)
        newest = self._newest.get(channel, 0)
        self._heard[channel] = max(candle.start, self._heard.get(channel, 0))
        if candle.start > self._doubted.get(channel, candle.start):
            del self._doubted[channel]
            self._torn.add(channel)
        if channel in self._torn:
            self._begin_filling(channel, link, None)
        elif candle.start > newest:
            self._newest[channel] = candle.start

    def _begin_filling(self, channel: Channel, link: Link, builder: BarBuilder | None) -> None:
        if channel not in self._filling:
            self._filling.add(channel)
            self._spawn(self._fill(channel, link, builder), f"{channel} filling")

    async def _fill(self, channel: Channel, link: Link, builder: BarBuilder | None) -> None:
        """Fetch what a channel lacks; what still lacks something after that asks again."""
        try:
            for attempt in range(RETRIES):
                try:
                    first_word = builder is not None and not builder.owing and not attempt
                    await asyncio.sleep(0 if first_word else SETTLING)
                    await self._fill_once(channel, link, builder)
                    return
                except (FeedError, BadFrame) as error:
                    log.info("%s not filled: %s", channel, error)
                    self._torn.add(channel)
        finally:
            self._filling.discard(channel)

    async def _fill_once(self, channel: Channel, link: Link, builder: BarBuilder | None) -> None:
        since = (builder.owing or 0) if builder else self._newest.get(channel, 0)
        if channel not in self._silent:  # else more will be missing when it speaks again
            self._torn.discard(channel)
        asked = self._now()
        interruptions = builder.interruptions if builder else 0
        limit = _bars_since(channel.interval, since, asked)

        async def page(limit: int, end: int | None) -> list[Candle]:
            return await self._fetch(channel.instrument, channel.interval, limit, end)

        candles = await candles_since(
            page, since or None, min(limit, self._exchange.candles_per_request)
        )
        if builder is not None:
            if builder.interruptions == interruptions:  # else the next trade asks again
                for candle in builder.word(candles, asked):
                    self._sink.apply(candle, link)
            return
        for candle in candles:
            if candle.closed and candle.start >= since:
                self._sink.apply(candle, link)
                self._newest[channel] = max(self._newest.get(channel, 0), candle.start)


def _bars_since(interval: str, start: int, now: int) -> int:
    """How many candles began between two times, ms, with some to spare."""
    if not start:
        return FEWEST
    step = next_start(interval, start) - start
    return max(FEWEST, (now - start) // step + FEWEST)
