"""A session: keeps one connection to an exchange alive, whatever becomes of each dial."""

from __future__ import annotations

import asyncio
import logging

from ..exchanges.exchange import Catalogue, Channel, Lane
from ..language import tr
from ..market.events import ConnectionState, Status
from ..market.freshness import Link
from .backoff import Backoff
from .connection import Connection
from .failure import Failure, failure
from .pacing import Budget
from .route import Route
from .surroundings import Surroundings
from .watchdog import Slept

log = logging.getLogger(__name__)

FULL_STOPS = ".。"  # of a sentence that goes on
SUCCESSOR_TIMEOUT = 30.0  # s until a successor must send data before the old one goes

Running = asyncio.Task[None]


class Session:
    """Dials in one lane, redials with growing waits, and replaces a connection before it is cut.

    ``dials`` is the exchange's budget of dials, shared by its sessions.
    """

    def __init__(
        self,
        number: int,
        lane: Lane,
        around: Surroundings,
        catalogue: Catalogue,
        route: Route,
        dials: Budget,
    ) -> None:
        self.number = number
        self.lane = lane
        self.channels: set[Channel] = set()
        self._figures = around.figures.begin(number)
        self._around = around
        self._catalogue = catalogue
        self._route = route
        self._dials = dials
        self._backoff = Backoff()
        self._connections: dict[Connection, Running] = {}
        self.link = Link(around.exchange.name, number)

    @property
    def name(self) -> str:
        """For logs and tasks: ``binance 1``."""
        return f"{self._around.exchange.name} {self.number}"

    def want(self, channels: set[Channel]) -> None:
        """Want these channels and no others, on the connections there are and on those to come."""
        self.channels = set(channels)
        self._figures.channels = len(channels)
        for connection in self._connections:
            connection.change(self.channels)

    async def run(self) -> None:
        """Serve until cancelled; returns early only if something unexpected happened."""
        try:
            self._tell("connecting")
            await self._around.ready()
            while await self._after(await self._serve()):
                self._tell("connecting")
        finally:
            self.link.up = False
            self._tell("closed")
            self._around.figures.end(self.number)

    async def _serve(self) -> BaseException:
        """Keep a connection up, replacing it when it asks, until one breaks; the reason why."""
        try:
            connection = await self._dial()
            while True:
                task = self._connections[connection]
                await _first(task, connection.renewal)
                if task.done():
                    if connection.settled.is_set():
                        self._backoff.reset()
                    return _reason(task)
                connection = await self._renew(connection)
        finally:
            for each in list(self._connections):
                await self._end(each)

    async def _renew(self, old: Connection) -> Connection:
        """Bring up a successor; the old connection goes only when the new one sends data."""
        new = await self._dial()
        await _first(self._connections[new], new.settled, within=SUCCESSOR_TIMEOUT)
        if new.settled.is_set() and not self._connections[new].done():
            await self._end(old)
            return new
        await self._end(new)
        old.renewal.clear()
        await asyncio.wait({self._connections[old]}, timeout=self._backoff.next())
        return old

    async def _dial(self) -> Connection:
        await self._dials.spend()
        adapter = self._around.exchange(self._catalogue)
        adapter.whole_market = self.lane.whole_market
        connection = Connection(
            self._around, self.lane, adapter, self.link, self._figures, self.channels
        )
        run = connection.run(self._route.endpoint)
        task = asyncio.create_task(run, name=f"{self.name} connection")
        self._connections[connection] = task
        return connection

    async def _end(self, connection: Connection) -> None:
        task = self._connections[connection]
        task.cancel()
        await asyncio.wait({task})
        del self._connections[connection]  # not before: who cancels this finds it still to be ended
        _reason(task)  # read, so that asyncio does not call it forgotten

    async def _after(self, error: BaseException) -> bool:
        """Report why a connection broke and wait; False if the session must end."""
        around, title = self._around, self._around.exchange.title
        self.link.up = False
        around.sink.interrupted({channel.instrument for channel in self.channels})
        answer = failure(title, error, around.exchange.limits.forbidden_wait)
        if answer is None:
            log.error("%s failed", self.name, exc_info=error)
            self._tell(
                "failed",
                tr("{exchange} stopped by an error in Tickglass; see the log.", exchange=title),
            )
            return False
        self._figures.counts.reconnects += 1
        wait = self._wait(error, answer)
        self._figures.note = self._explain(answer, 0.0) if self._route.is_fallback else ""
        self._tell(answer.state, self._explain(answer, wait))
        log.info("%s lost (%r); redialling in %.1f s", self.name, error, wait)
        await asyncio.sleep(wait)
        return True

    def _wait(self, error: BaseException, answer: Failure) -> float:
        if isinstance(error, Slept):
            return 0.0
        if answer.other_host and self._route.leave(self._route.endpoint):
            return 0.0
        return max(answer.wait, self._backoff.next())

    def _explain(self, answer: Failure, wait: float) -> str:
        reason = answer.sentence.rstrip(FULL_STOPS)
        if wait:
            return tr("{reason}; trying again in {seconds} s.", reason=reason, seconds=round(wait))
        if self._route.is_fallback:
            return tr("{reason}: using its market-data host.", reason=reason)
        return tr("{reason}.", reason=reason)

    def _tell(self, state: ConnectionState, detail: str = "") -> None:
        name = self._around.exchange.name
        self._figures.enter(state, self._around.clock(), detail)
        self._around.sink.status(Status(name, self.number, state, detail))


async def _first(task: Running, event: asyncio.Event, within: float | None = None) -> None:
    """Wait until the task ends, the event is set or ``within`` seconds have gone."""
    waiter = asyncio.create_task(event.wait())
    try:
        await asyncio.wait({task, waiter}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiter.cancel()


def _reason(task: Running) -> BaseException:
    """The error that ended a task; of a group of errors, the first."""
    if task.cancelled():
        return asyncio.CancelledError()
    error = task.exception() or EOFError("the connection ended")
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
