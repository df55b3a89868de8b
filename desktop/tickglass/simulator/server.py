"""The simulated exchanges on sockets: one port each for websockets and REST, loopback only."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import AsyncExitStack
from itertools import chain
from types import TracebackType
from typing import Self

from aiohttp import WSMessage, WSMsgType, web

from ..errors import PortInUse
from ..exchanges import SERVERS
from ..exchanges.exchange import Call, Server, Topic
from .client import CLOSE_TIMEOUT, GOING_AWAY, POLICY_VIOLATION, Client
from .economy import Economy
from .faults import Faults
from .market import Market
from .pairs import pairs
from .publisher import Publisher
from .view import ExchangeView

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
DEFAULT_SEED, DEFAULT_PAIRS, DEFAULT_RATE = 1, 48, 200.0
# s between two advances of the markets: what happens leaves soon after, as from a real exchange,
# and not in bursts; a quiet market costs little.
LONGEST_TICK, SHORTEST_TICK = 0.025, 0.001
EVENTS_A_TICK = 3.0
MOST_MESSAGE = 1 << 20
ENDED = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)
NO_SUCH_PATH, BAD_REQUEST = 404, 400

Endpoints = dict[str, dict[str, str]]


def clock() -> int:
    """The time in ms UTC."""
    return time.time_ns() // 1_000_000


class SimulatedExchange:
    """One exchange: its clients, what they are sent and how they are answered.

    Without ``ticking`` its market stands still until ``step``.
    """

    def __init__(
        self,
        view: ExchangeView,
        server: type[Server],
        faults: Faults,
        clock: Callable[[], int],
        *,
        ticking: bool,
    ) -> None:
        self.view = view
        self.clients: set[Client] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self._server = server
        self._faults = faults
        self._clock = clock
        self._ticking = ticking
        self.publisher = Publisher(view, server, faults)

    def step(self, now: int) -> None:
        """Let the market run until ``now`` (ms) and send everybody what is due."""
        market = self.view.market
        before = market.now
        happenings = market.advance(now)
        self.publisher.push(happenings, before, market.now)
        for client in [*self.clients]:
            self._keep(client, market.now)
            client.flush()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a handshake or a REST request."""
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._open(request)
        if self._faults.slow:
            await asyncio.sleep(self._faults.slow / 1000)
        if self._ticking:  # a reply knows all that has happened, however late the next tick is
            self.step(self._clock())
        call = Call(request.method, request.path, {**request.query}, request.host)
        reply = self._server.answer(self.view, call)
        return web.Response(status=reply.status, body=reply.body, content_type="application/json")

    async def close(self) -> None:
        """End every connection and every task."""
        leaving = [self._leave(client, GOING_AWAY, "") for client in self.clients]
        await asyncio.gather(*self.tasks, *leaving, return_exceptions=True)

    async def _open(self, request: web.Request) -> web.StreamResponse:
        if self._faults.refuse:
            return web.Response(status=self._faults.refuse)
        if not self._server.accepts(request.path):
            return web.Response(status=NO_SUCH_PATH)
        ws = web.WebSocketResponse(
            timeout=CLOSE_TIMEOUT, autoping=False, compress=False, max_msg_size=MOST_MESSAGE
        )
        if not ws.can_prepare(request).ok or request.transport is None:
            return web.Response(status=BAD_REQUEST)
        try:
            await ws.prepare(request)
        except ConnectionResetError:  # the client has left
            return web.Response(status=BAD_REQUEST)
        transport = request.transport
        assert isinstance(transport, asyncio.Transport)
        server = self._server(self.view, request.path, {**request.query})
        client = Client(server, ws, transport, self._faults, self._clock())
        self.clients.add(client)
        self.publisher.subscriptions(self.clients)
        try:
            self._send(client, server.greeting() + self._openings(client, set()))
            await self._receive(client, ws)
        finally:
            self.clients.discard(client)
            self.publisher.subscriptions(self.clients)
        return ws

    async def _receive(self, client: Client, ws: web.WebSocketResponse) -> None:
        while not client.closing:
            message: WSMessage = await ws.receive()
            if message.type in ENDED:
                return
            if client.stalled or client.closing:
                continue
            if not client.count.allows(self._clock() / 1000):
                await self._leave(client, POLICY_VIOLATION, "Too many requests")
            elif message.type is WSMsgType.PING:
                await client.pong(message.data)
            elif message.type is WSMsgType.PONG:
                client.ponged = self._clock()
            elif message.type is WSMsgType.TEXT:
                client.spoken, client.spoke = True, self._clock()
                await self._take(client, message.data)

    async def _take(self, client: Client, text: str) -> None:
        if len(text.encode()) > client.tolerance.bytes:
            return
        server = client.server
        before = set(server.topics.values())
        replies = server.receive(text)
        if len(server.topics) > client.tolerance.topics:
            await self._leave(client, POLICY_VIOLATION, "Too many subscriptions")
            return
        self.publisher.subscriptions(self.clients)
        openings = self._openings(client, before) if server.openings_first else []
        answers = [server.reply(each) for each in replies]
        later = [] if server.openings_first else self._openings(client, before)
        self._send(client, openings + answers + later)

    def _openings(self, client: Client, before: set[Topic]) -> list[str]:
        added = [each for each in client.server.topics.values() if each not in before]
        return self.publisher.openings(client, added)

    def _send(self, client: Client, texts: list[str]) -> None:
        for text in texts:
            client.add(text)
        client.flush()

    def _keep(self, client: Client, now: int) -> None:
        """What a connection's age brings: faults, pings, the end of those that do not read."""
        age = (now - client.since) / 1000
        if client.closing:
            return
        if self._faults.stall and age >= self._faults.stall:
            client.stalled = True
        if self._faults.drop and age >= self._faults.drop:
            client.cut()
        elif reproach := client.reproach(now):
            self._dismiss(client, *reproach)
        elif client.wants_ping(now):
            client.ping(now)

    def _dismiss(self, client: Client, code: int, reason: str) -> None:
        task = asyncio.create_task(self._leave(client, code, reason))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _leave(self, client: Client, code: int, reason: str) -> None:
        if client.stalled:
            client.cut()
        elif not client.closing:
            await client.close(code, reason)


class Simulator:
    """Markets served by simulated exchanges, each on a port of this computer.

    ``port`` 0 finds free ones, any other is the first exchange's and the next ones follow.
    Without ``ticking`` the market stands still until ``step``.
    """

    def __init__(
        self,
        markets: Mapping[str, Market],
        port: int = 0,
        faults: Faults | None = None,
        *,
        clock: Callable[[], int] = clock,
        ticking: bool = True,
    ) -> None:
        self.markets = markets
        self.faults = faults or Faults()
        self.endpoints: Endpoints = {}
        self._port = port
        self._clock = clock
        self._ticking = ticking
        self._stack = AsyncExitStack()
        self.exchanges = {
            name: SimulatedExchange(
                ExchangeView(market, name), SERVERS[name], self.faults, self._clock, ticking=ticking
            )
            for name, market in markets.items()
        }

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            for offset, (name, exchange) in enumerate(self.exchanges.items()):
                port = self._port + offset if self._port else 0
                listening = await _listen(exchange, port, stack)
                self.endpoints[name] = {
                    "ws": f"ws://{HOST}:{listening}",
                    "rest": f"http://{HOST}:{listening}",
                }
            if self._ticking:
                ticker = asyncio.create_task(self._tick())
                stack.push_async_callback(_cancelled, ticker)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    def step(self, now: int) -> None:
        """Let the markets run until ``now`` (ms) and send what is due."""
        for exchange in self.exchanges.values():
            exchange.step(now)

    async def _tick(self) -> None:
        """Step at whole multiples of the tick; those missed are not made up for."""
        loop = asyncio.get_running_loop()
        rate = sum(market.rate for market in self.markets.values())
        tick = min(LONGEST_TICK, max(SHORTEST_TICK, EVENTS_A_TICK / max(rate, 1.0)))
        due = loop.time()
        while True:
            try:
                self.step(self._clock())
            except Exception:
                logger.exception("the simulated market failed")
            due += tick * max(1, -((due - loop.time()) // tick))
            await asyncio.sleep(due - loop.time())


async def _listen(exchange: SimulatedExchange, port: int, stack: AsyncExitStack) -> int:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", exchange.answer)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.2)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    stack.push_async_callback(exchange.close)
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError as error:
        raise PortInUse(
            f"cannot listen on {HOST}:{port}: {error}",
            f"Port {port} is taken by another program; choose another one with --port.",
        ) from error
    listening: int = runner.addresses[0][1]
    return listening


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def simulator(
    exchanges: Collection[str] = tuple(SERVERS),
    port: int = 0,
    seed: int = DEFAULT_SEED,
    pair_count: int = DEFAULT_PAIRS,
    rate: float = DEFAULT_RATE,
    faults: Faults | None = None,
) -> Simulator:
    """A simulator that starts now: ``rate`` in events a second over all the exchanges."""
    return Simulator(markets(exchanges, seed, pair_count, rate, clock()), port, faults)


def markets(
    exchanges: Collection[str], seed: int, pair_count: int, rate: float, start: int
) -> dict[str, Market]:
    """A market for each exchange, of one economy; ``pair_count`` is of pairs on each."""
    known = {name: pairs(pair_count, name) for name in exchanges}
    economy = Economy(seed, chain.from_iterable(known.values()), start)
    share = rate / max(1, len(known))
    return {
        name: Market(seed, listed, start, share, economy, name) for name, listed in known.items()
    }


async def serve(
    exchanges: Collection[str] = tuple(SERVERS),
    port: int = 0,
    seed: int = DEFAULT_SEED,
    pair_count: int = DEFAULT_PAIRS,
    rate: float = DEFAULT_RATE,
    faults: Faults | None = None,
) -> None:
    """Print the endpoints as one line of JSON to standard output, then serve until cancelled."""
    async with simulator(exchanges, port, seed, pair_count, rate, faults) as running:
        sys.stdout.write(json.dumps(running.endpoints) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
