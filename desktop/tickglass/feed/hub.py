"""The hub: turns what is wanted into feeds of the exchanges in use."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from ..errors import UsageError
from ..exchanges.exchange import Catalogue, Channel, Endpoint, Exchange
from ..language import tr
from ..market.events import Candle, Ticker
from ..market.instrument import Instrument, Listing
from .figures import ExchangeFigures
from .line import Line, instruments_of
from .market_stream import MarketWatcher
from .pacing import SEEN, UNSEEN, Clock, Turns
from .rest import Rest
from .surroundings import Sink, Tap


class Hub:
    """Feeds of all enabled exchanges.

    Each owner says what it wants; the hub keeps the union of it flowing. ``async with`` bounds its
    life: leaving it ends every session.
    """

    def __init__(
        self,
        exchanges: Iterable[type[Exchange]],
        endpoints: Mapping[str, Sequence[Endpoint]],
        sink: Sink,
        clock: Clock,
        tap: Tap | None = None,
    ) -> None:
        self._wants: dict[str, set[Channel]] = {}
        self._wanted: set[Channel] = set()
        self._watchers: dict[str, MarketWatcher] = {}
        self._turns = Turns()
        self._sink, self._clock, self._tap = sink, clock, tap
        self._lines = {
            exchange.name: self._make_line(exchange, endpoints.get(exchange.name, ()))
            for exchange in exchanges
        }

    @property
    def figures(self) -> dict[str, ExchangeFigures]:
        """The counters by exchange."""
        return {name: line.figures for name, line in self._lines.items()}

    def rest(self, exchange: str) -> Rest:
        """The REST side of an exchange."""
        return self._line(exchange).rest

    def catalogue(self, exchange: str) -> Catalogue:
        """What is known of an exchange's instruments."""
        return self._line(exchange).catalogue

    def adapter(self, exchange: str) -> Exchange:
        """A client half for requests outside any connection."""
        return self._line(exchange).adapter

    async def __aenter__(self) -> Hub:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await asyncio.gather(*(line.close() for line in self._lines.values()))

    def set_seen(self, seen: bool) -> None:
        """Whether anybody looks: else reading may wait a little, and costs less."""
        self._turns.pace = SEEN if seen else UNSEEN

    async def switch_on(self, exchange: type[Exchange], endpoints: Sequence[Endpoint]) -> None:
        """Feed an exchange from now on, over these hosts; what is wanted of it begins to flow."""
        await self.switch_off(exchange.name)
        line = self._lines[exchange.name] = self._make_line(exchange, endpoints)
        line.watch_market(self._watchers.get(exchange.name))
        self._spread()

    async def switch_off(self, exchange: str) -> None:
        """End everything of an exchange; what is wanted of it is remembered."""
        line = self._lines.pop(exchange, None)
        if line is not None:
            self._wanted = {each for each in self._wanted if each.instrument.exchange != exchange}
            await line.close()

    def want(self, owner: str, channels: Iterable[Channel]) -> None:
        """Replace what ``owner`` wants; channels of exchanges that are off are passed over."""
        self._wants[owner] = set(channels)
        self._spread()

    def _make_line(self, exchange: type[Exchange], endpoints: Sequence[Endpoint]) -> Line:
        return Line(exchange, endpoints, self._sink, self._clock, self._tap, self._turns)

    def _spread(self) -> None:
        """Let each exchange's line keep flowing what is wanted of it."""
        everything: set[Channel] = set().union(*self._wants.values())
        wanted = {each for each in everything if each.instrument.exchange in self._lines}
        changed = {each.instrument.exchange for each in wanted ^ self._wanted}
        gone = instruments_of(self._wanted) - instruments_of(wanted)
        self._wanted = wanted
        for name in changed:
            self._lines[name].want({each for each in wanted if each.instrument.exchange == name})
        for instrument in gone:
            self._line(instrument.exchange).seen.forget(instrument)

    async def listings(self, exchange: str) -> list[Listing]:
        """An exchange's instruments: fetched once, then known."""
        return await self._line(exchange).listings()

    async def market(self, exchange: str) -> list[Ticker]:
        """The day of every instrument that an exchange lists."""
        return await self._line(exchange).market()

    def watch_market(self, exchange: str, watcher: MarketWatcher | None) -> None:
        """Tell this watcher and no other of an exchange's stream of its whole market.

        Nothing comes where there is no such stream, or while the exchange is off.
        """
        if watcher is None:
            self._watchers.pop(exchange, None)
        else:
            self._watchers[exchange] = watcher
        if exchange in self._lines:
            self._lines[exchange].watch_market(watcher)

    async def candles(
        self, instrument: Instrument, interval: str, *, end: int | None = None, limit: int
    ) -> list[Candle]:
        """Candles that start before ``end`` (ms), or the newest ones; oldest first."""
        return await self._line(instrument.exchange).candles(instrument, interval, limit, end)

    def _line(self, exchange: str) -> Line:
        line = self._lines.get(exchange)
        if line is None:
            sentence = tr("{exchange} is not an exchange that is switched on.", exchange=exchange)
            raise UsageError(sentence)
        return line
