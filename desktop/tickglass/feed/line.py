"""Everything that concerns one exchange: its sessions, its REST side, what it lists, its clock."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec

from ..errors import FeedError
from ..exchanges.exchange import BadFrame, Catalogue, Channel, Endpoint, Exchange, Kind, Lane
from ..language import tr
from ..market.events import Candle, Ticker
from ..market.instrument import Instrument, Listing
from ..market.interval import next_start
from .completing import Completing
from .duplicates import SeenTrades
from .figures import ExchangeFigures
from .market_stream import MarketStream, MarketWatcher
from .pacing import Budget, Clock, Turns
from .rest import Rest
from .route import Route
from .session import Session
from .skew import measure_skew
from .surroundings import Sink, Surroundings, Tap

log = logging.getLogger(__name__)

LEARN_AGAIN = 1800.0  # s between two looks at what an exchange lists and at its clock
LEARN_RETRY = 30.0
# s after its end that a candle by REST may still lack trades: it is as good as open until then.
REST_LAGS = 1.0
MOVING_TIME = 5.0  # s that a connection which is no longer needed goes on for the one taking over


class Line:
    """The feed of one exchange. ``close`` ends everything that it runs."""

    def __init__(
        self,
        exchange: type[Exchange],
        endpoints: Sequence[Endpoint],
        sink: Sink,
        clock: Clock,
        tap: Tap | None,
        turns: Turns,
    ) -> None:
        self.exchange = exchange
        self.route = Route(endpoints or exchange.endpoints)
        self.rest = Rest(exchange, self.route, clock)
        self.catalogue = Catalogue()
        self.figures = ExchangeFigures()
        self.seen = SeenTrades()
        self.sessions: dict[Session, asyncio.Task[None]] = {}
        self._sink = Completing(exchange, sink, self.candles, self.spawn, self.now)
        self._around = Surroundings(
            exchange,
            self._sink,
            self.rest,
            self.figures,
            self.seen,
            clock,
            self._ready,
            self._sink.doubt,
            turns,
            tap,
        )
        limits = exchange.limits
        self._dials = Budget(limits.connections, limits.connections_window, clock)
        self._ending: dict[asyncio.Task[None], int] = {}
        self._market_stream: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._learning: asyncio.Task[None] | None = None
        self._listing = asyncio.Lock()
        self._listings: list[Listing] | None = None
        self._wanted: set[Channel] = set()
        self._refused: set[Instrument] = set()

    @property
    def adapter(self) -> Exchange:
        """A client half for requests outside any connection."""
        return self.exchange(self.catalogue)

    def now(self) -> int:
        """The exchange's time as far as we know it, ms UTC."""
        return round(time.time() * 1000 - (self.figures.skew or 0.0))

    async def candles(
        self, instrument: Instrument, interval: str, limit: int, end: int | None = None
    ) -> list[Candle]:
        """Candles that start before ``end`` (ms), or the newest ones; oldest first.

        One that ended just before it was asked for is not called closed: it may lack trades. Where
        our clock is slow, the newest candle says how late it is at least.
        """
        adapter = self.adapter
        limit = min(limit, adapter.candles_per_request)
        now = self.now()
        request = adapter.candles_request(instrument, interval, end, limit, now)
        body = await self.rest.get(request)
        final = now - round(REST_LAGS * 1000)
        candles = await asyncio.to_thread(adapter.parse_candles, body, instrument, interval, final)
        if candles:
            final = max(final, candles[-1].start - round(REST_LAGS * 1000))
        return [_closed_by(final, each) for each in candles]

    async def market(self) -> list[Ticker]:
        """The day of every instrument that the exchange lists."""
        await self.listings()
        adapter = self.adapter
        body = await self.rest.get(adapter.market_request())
        return await asyncio.to_thread(adapter.parse_market, body, self.now())

    def watch_market(self, watcher: MarketWatcher | None) -> None:
        """Tell this watcher and no other of the stream of the whole market, if there is one."""
        if self._market_stream is not None:
            self._market_stream.cancel()
            self._market_stream = None
        lane = self.exchange.market_lane
        if watcher is None or lane is None:
            return
        make = partial(self._market_session, lane)
        stream = MarketStream(watcher, self.listings, make, self._around.clock)
        self._market_stream = self.spawn(stream.run(), f"{self.exchange.name} market")

    async def listings(self) -> list[Listing]:
        """What the exchange lists: fetched once, then known."""
        async with self._listing:
            return self._listings if self._listings is not None else await self._fetch_listings()

    def want(self, wanted: set[Channel]) -> None:
        """Keep these channels flowing, over as few connections as the limits allow."""
        self._wanted = wanted
        self._sink.want(wanted)
        if wanted and self._learning is None:
            self._learning = self.spawn(self._learn(), f"{self.exchange.name} learning")
        self._tell_unlisted()
        flowing = {
            self.exchange.carrier(each) for each in wanted if each.instrument not in self._refused
        }
        for lane in set(self.exchange.lanes.values()):
            kinds = {kind for kind, its in self.exchange.lanes.items() if its == lane}
            self._spread(lane, {each for each in flowing if each.kind in kinds})

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run work until it ends or the line does."""
        task = asyncio.create_task(self._guard(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # a task ended before it began never ran it
        return task

    async def close(self) -> None:
        """End every session and task."""
        for session in list(self.sessions):
            self._end(session)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._ending, *self._tasks, return_exceptions=True)
        await self.rest.close()

    # ------------------------------------------------------------ sessions

    def _spread(self, lane: Lane, wanted: set[Channel]) -> None:
        """Keep channels where they are, give new ones to sessions with room, end empty ones."""
        kept = {
            session: session.channels & wanted for session in self.sessions if session.lane == lane
        }
        new = sorted(wanted - set().union(*kept.values()))
        for channels in kept.values():
            free = lane.channels - len(channels)
            channels.update(new[:free])
            del new[:free]
        if not new:
            self._draw_together(lane, kept)
        for session, channels in kept.items():
            if not channels:
                self._end(session)
            elif channels != session.channels:
                session.want(channels)
        while new:
            self._begin(lane, set(new[: lane.channels]))
            del new[: lane.channels]

    def _draw_together(self, lane: Lane, kept: dict[Session, set[Channel]]) -> None:
        """Let the others take over the smallest session if they have room for all of it.

        Not where it carries books: each would have to begin anew.
        """
        if len(kept) < 2:
            return
        smallest = min(kept, key=lambda session: len(kept[session]))
        channels = kept[smallest]
        others = [each for session, each in kept.items() if session is not smallest]
        room = sum(lane.channels - len(each) for each in others)
        if room < len(channels) or any(each.kind is Kind.BOOK for each in channels):
            return
        moving = sorted(channels)
        for each in others:
            free = lane.channels - len(each)
            each.update(moving[:free])
            del moving[:free]
        del kept[smallest]
        self._retire(smallest)

    def _retire(self, session: Session) -> None:
        """Let a session go on for a moment, until those taking over have their data."""
        task = self.sessions.pop(session)
        self._ending[task] = session.number
        task.add_done_callback(self._ended)

        async def end() -> None:
            try:
                await asyncio.sleep(MOVING_TIME)
            finally:
                task.cancel()

        self.spawn(end(), f"{session.name} retiring")

    def _begin(self, lane: Lane, channels: set[Channel]) -> None:
        session = self._make_session(lane, self._around)
        session.want(channels)
        self.sessions[session] = asyncio.create_task(session.run(), name=session.name)

    def _market_session(self, lane: Lane, sink: Sink) -> Session:
        """A session past the store, the alerts and any recording: nobody wants its instruments."""
        return self._make_session(lane, replace(self._around, sink=sink, tap=None))

    def _make_session(self, lane: Lane, around: Surroundings) -> Session:
        used = {session.number for session in self.sessions} | self.figures.connections.keys()
        number = next(n for n in range(1, len(used) + 2) if n not in used)
        return Session(number, lane, around, self.catalogue, self.route, self._dials)

    def _end(self, session: Session) -> None:
        """End a session that has nothing left to carry."""
        task = self.sessions.pop(session)
        self._ending[task] = session.number
        task.add_done_callback(self._ended)
        task.cancel()

    def _ended(self, task: asyncio.Task[None]) -> None:
        number = self._ending.pop(task, None)
        if number is not None:
            self.figures.end(number)  # a task ended before it began left its figures

    # ------------------------------------------------------------ what there is, and the time

    async def _ready(self) -> None:
        """Awaited before a session dials: some cannot subscribe without knowing the listings."""
        if self.exchange.needs_listings:
            try:
                await self.listings()
            except (FeedError, BadFrame) as error:
                log.warning("%s: going on without listings: %s", self.exchange.name, error)

    async def _learn(self) -> None:
        """Learn what the exchange lists and how its clock stands, again and again."""
        while True:
            try:
                async with self._listing:
                    await self._fetch_listings()
                self.figures.skew = (await measure_skew(self.adapter, self.rest)).skew
                wait = LEARN_AGAIN
            except (FeedError, BadFrame) as error:
                log.warning("%s: not learnt: %s", self.exchange.name, error)
                wait = LEARN_RETRY
            await asyncio.sleep(wait)

    async def _fetch_listings(self) -> list[Listing]:
        adapter = self.adapter
        body = await self.rest.get(adapter.instruments_request())
        listings = await asyncio.to_thread(adapter.parse_instruments, body)
        self._listings = listings
        self.catalogue.add(listings)
        self.want(self._wanted)
        return listings

    def _tell_unlisted(self) -> None:
        """Say of which wanted instruments nothing will come: exchanges ack them and stay silent."""
        if self._listings is None:
            return
        title, wanted = self.exchange.title, {each.instrument for each in self._wanted}
        listed = {each.instrument for each in self._listings if each.status != "delisted"}
        gone = wanted - listed
        for instrument in sorted(gone - self._refused):
            sentence = tr("{exchange} does not list {pair}.", exchange=title, pair=instrument.pair)
            self._sink.refused(instrument, sentence)
        for instrument in sorted((self._refused & wanted) - gone):
            self._sink.refused(instrument, "")
        self._refused = gone

    async def _guard(self, work: Coroutine[Any, Any, None], name: str) -> None:
        try:
            await work
        except Exception:  # the top of a task: one that breaks must not pass unseen
            log.exception("%s failed", name)


def _closed_by(final: int, candle: Candle) -> Candle:
    if candle.closed or next_start(candle.interval, candle.start) > final:
        return candle
    return msgspec.structs.replace(candle, closed=True)


def instruments_of(channels: Iterable[Channel]) -> set[Instrument]:
    """The instruments of channels, each once."""
    return {each.instrument for each in channels}
