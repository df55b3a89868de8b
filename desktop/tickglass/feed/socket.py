"""A websocket that hands over everything that one read brought, at once.

The library's own ``recv`` gives one message per call, through a queue and a future: at thousands of
frames a second that costs as much as decoding them.
"""

from __future__ import annotations

import asyncio
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.frames import Frame, Opcode

MESSAGES = frozenset((Opcode.TEXT, Opcode.BINARY, Opcode.CONT))


class BatchConnection(ClientConnection):
    """For ``connect(create_connection=…)``; read with ``batch``, not with ``recv``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._messages: list[bytes] = []
        self._parts: list[bytes] = []
        self._news = asyncio.Event()

    async def batch(self) -> list[bytes]:
        """The payloads of the messages since last asked, at least one, as they arrived.

        Raises ConnectionClosed, once everything that came before was handed over.
        """
        while not self._messages:
            await self._news.wait()
            self._news.clear()
            if not self._messages and self.connection_lost_waiter.done():
                await self.recv()  # the library knows how it ended, and raises that
        messages, self._messages = self._messages, []
        return messages

    def process_event(self, event: Any) -> None:
        """Keep data frames here; everything else is the library's."""
        if self.response is None or not (isinstance(event, Frame) and event.opcode in MESSAGES):
            super().process_event(event)
            return
        if not event.fin:
            self._parts.append(bytes(event.data))
            return
        data = bytes(event.data)
        if self._parts:
            data = b"".join((*self._parts, data))
            self._parts.clear()
        self._messages.append(data)
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake whoever waits for messages."""
        super().connection_lost(exc)
        self._news.set()
