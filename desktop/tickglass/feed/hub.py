"""The hub: turns what is wanted into sessions, within each exchange's limits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import UsageError
from ..exchanges.exchange import Catalogue, Channel, Endpoint, Exchange
from ..market.instrument import Listing
from .connection import Sink, Surroundings, Tap
from .duplicates import SeenTrades
from .figures import ExchangeFigures
from .pacing import Budget, Clock
from .rest import Rest
from .route import Route
from .session import Session

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Line:
    """Everything that concerns one exchange, shared by its sessions."""

    exchange: type[Exchange]
    route: Route
    rest: Rest
    catalogue: Catalogue
    dials: Budget
    figures: ExchangeFigures
    around: Surroundings
    sessions: dict[Session, asyncio.Task[None]] = field(default_factory=dict)
    ending: set[asyncio.Task[None]] = field(default_factory=set)

    def end(self, session: Session) -> None:
        """End a session that has nothing left to carry."""
        task = self.sessions.pop(session)
        self.ending.add(task)
        task.add_done_callback(self.ending.discard)
        task.cancel()


class Hub:
    """Feeds of all enabled exchanges.

    Each owner says what it wants; the hub keeps the union of it flowing over as few connections
    as the limits allow. ``async with`` bounds its life: leaving it ends every session.
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
        self._lines = {
            exchange.name: _line(exchange, endpoints.get(exchange.name, ()), sink, clock, tap)
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
        line = self._line(exchange)
        return line.exchange(line.catalogue)

    async def __aenter__(self) -> Hub:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        for line in self._lines.values():
            for session in list(line.sessions):
                line.end(session)
        ending = [task for line in self._lines.values() for task in line.ending]
        await asyncio.gather(*ending, return_exceptions=True)
        for line in self._lines.values():
            await line.rest.close()

    def want(self, owner: str, channels: Iterable[Channel]) -> None:
        """Replace what ``owner`` wants; channels of exchanges that are off are passed over."""
        self._wants[owner] = {each for each in channels if each.instrument.exchange in self._lines}
        wanted: set[Channel] = set().union(*self._wants.values())
        gone = {each.instrument for each in self._wanted} - {each.instrument for each in wanted}
        self._wanted = wanted
        for name, line in self._lines.items():
            self._spread(line, {each for each in wanted if each.instrument.exchange == name})
        for instrument in gone:
            self._line(instrument.exchange).around.seen.forget(instrument)

    async def listings(self, exchange: str) -> list[Listing]:
        """Fetch an exchange's instrument list; the catalogue learns it."""
        adapter = self.adapter(exchange)
        body = await self.rest(exchange).get(adapter.instruments_request())
        listings = await asyncio.to_thread(adapter.parse_instruments, body)
        self.catalogue(exchange).add(listings)
        return listings

    def _line(self, exchange: str) -> Line:
        line = self._lines.get(exchange)
        if line is None:
            raise UsageError(f"{exchange} is not an exchange that is switched on.")
        return line

    def _spread(self, line: Line, wanted: set[Channel]) -> None:
        """Keep channels where they are, give new ones to sessions with room, end empty ones."""
        room = line.exchange.limits.channels_per_connection
        kept = {session: session.channels & wanted for session in line.sessions}
        new = sorted(wanted - set().union(*kept.values()))
        for channels in kept.values():
            free = room - len(channels)
            channels.update(new[:free])
            del new[:free]
        for session, channels in kept.items():
            if not channels:
                line.end(session)
            elif channels != session.channels:
                session.want(channels)
        while new:
            self._begin(line, set(new[:room]))
            del new[:room]

    def _begin(self, line: Line, channels: set[Channel]) -> None:
        used = {session.number for session in line.sessions}
        number = next(n for n in range(1, len(used) + 2) if n not in used)
        session = Session(number, line.around, line.catalogue, line.route, line.dials)
        session.want(channels)
        line.sessions[session] = asyncio.create_task(session.run(), name=session.name)


def _line(
    exchange: type[Exchange],
    endpoints: Sequence[Endpoint],
    sink: Sink,
    clock: Clock,
    tap: Tap | None,
) -> Line:
    route = Route(endpoints or exchange.endpoints)
    rest = Rest(exchange, route, clock)
    figures = ExchangeFigures()
    limits = exchange.limits
    return Line(
        exchange,
        route,
        rest,
        Catalogue(),
        Budget(limits.connections, limits.connections_window, clock),
        figures,
        Surroundings(exchange, sink, rest, figures, SeenTrades(), clock, tap),
    )
