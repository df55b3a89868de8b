"""One client's connection to a simulated exchange."""

from __future__ import annotations

import asyncio

from aiohttp import web

from ..exchanges.exchange import Server
from .faults import Faults
from .limits import MessageCount
from .wire import PING_FRAME, text_frame

MOST_UNSENT = 4 * 1024 * 1024  # bytes waiting for a client that does not read
NORMAL, POLICY_VIOLATION, GOING_AWAY = 1000, 1008, 1001
PONGS_MISSED = 3  # after which a client is gone
CLOSE_TIMEOUT = 0.4  # s for a client to answer our close


class Client:
    """A client and what it still has to be sent. Times are ms of the simulator's clock."""

    def __init__(
        self,
        server: Server,
        ws: web.WebSocketResponse,
        transport: asyncio.Transport,
        faults: Faults,
        now: int,
    ) -> None:
        self.server = server
        self.tolerance = server.tolerance
        self.count = MessageCount(server.tolerance)
        self.since = self.pinged = self.ponged = self.spoke = now
        self.spoken = False
        self.stalled = False
        self.closing = False
        self._ws = ws
        self._transport = transport
        self._faults = faults
        self._waiting: list[bytes] = []
        self._late: set[asyncio.TimerHandle] = set()

    @property
    def overdue(self) -> bool:
        """Whether the client leaves so much unread that it must go."""
        return self._transport.get_write_buffer_size() > MOST_UNSENT

    def reproach(self, now: int) -> tuple[int, str] | None:
        """Why the exchange closes this connection: a code and its words."""
        borne = self.tolerance
        if self.overdue:
            return POLICY_VIOLATION, "Too slow"
        if self.stalled:
            return None
        if borne.ping_interval and now - self.ponged >= PONGS_MISSED * borne.ping_interval * 1000:
            return POLICY_VIOLATION, "Pong timeout"
        if borne.first_within and not self.spoken and now - self.since >= borne.first_within * 1000:
            return NORMAL, "Nothing was asked for"
        if borne.silence and now - self.spoke >= borne.silence * 1000:
            return NORMAL, "Bye"
        return None

    def wants_ping(self, now: int) -> bool:
        """Whether the exchange asks for a sign of life now."""
        interval = self.tolerance.ping_interval
        return bool(interval) and now - self.pinged >= interval * 1000

    def add(self, text: str) -> None:
        """Let a frame wait for the next ``flush``."""
        self._waiting.append(text_frame(text))

    def ping(self, now: int) -> None:
        """Ask for a sign of life."""
        self.pinged = now
        self._waiting.append(PING_FRAME)

    def flush(self) -> None:
        """Hand everything that waits to the socket in one write, or later if the fault says so."""
        if not self._waiting:
            return
        data = b"".join(self._waiting)
        self._waiting.clear()
        delay = self._faults.slow / 1000
        if delay > 0 or self._late:
            self._write_later(delay, data)
        else:
            self._write(data)

    async def pong(self, payload: bytes) -> None:
        """Answer a client's ping."""
        await self._ws.pong(payload)

    def cut(self) -> None:
        """End the connection without a word."""
        self.closing = True
        self._forget()
        self._transport.abort()

    async def close(self, code: int, reason: str) -> None:
        """End the connection politely, and without waiting long for the client's answer."""
        self.closing = True
        self._forget()
        try:
            async with asyncio.timeout(2 * CLOSE_TIMEOUT):
                await self._ws.close(code=code, message=reason.encode(), drain=False)
        except TimeoutError:
            pass
        finally:
            if self._transport.get_write_buffer_size():
                self._transport.abort()
            else:
                self._transport.close()

    def _write_later(self, delay: float, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        last = max((handle.when() for handle in self._late), default=0.0)
        handle = loop.call_at(max(last, loop.time() + delay), self._write_late, data)
        self._late.add(handle)

    def _write_late(self, data: bytes) -> None:
        now = asyncio.get_running_loop().time()
        self._late = {handle for handle in self._late if handle.when() > now}
        self._write(data)

    def _write(self, data: bytes) -> None:
        if not self.closing and not self.stalled and not self._transport.is_closing():
            self._transport.write(data)

    def _forget(self) -> None:
        for handle in self._late:
            handle.cancel()
        self._late.clear()
        self._waiting.clear()
