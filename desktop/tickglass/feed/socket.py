"""A websocket that hands over everything that one read brought, at once.

The library's own ``recv`` gives one message per call, through a queue and a future, and its parser
takes each frame through several generators: at thousands of frames a second the two cost more than
decoding. So the frames are cut out here. All but whole messages (the handshake, control frames,
fragments, what is wrong, the end) the library reads, and it is given whole frames only.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.frames import Frame, Opcode
from websockets.protocol import State

MESSAGES = frozenset((Opcode.TEXT, Opcode.BINARY, Opcode.CONT))
END_OF_HANDSHAKE = b"\r\n\r\n"
LONGEST_HANDSHAKE = 64 * 1024  # bytes; the library refuses longer lines by itself
READ_AT_ONCE = 256 * 1024  # bytes; with the read pauses this also limits what comes a second

# RFC 6455, section 5.2
WHOLE = frozenset((0x80 | Opcode.TEXT, 0x80 | Opcode.BINARY))  # the last frame, and the first
LENGTH_IN_2, MASKED = 126, 128  # at the length's place, as 127 is for a length in 8 bytes


class BatchConnection(ClientConnection, asyncio.BufferedProtocol):
    """For ``connect(create_connection=…, compression=None)``; read with ``batch``, not ``recv``.

    ``take``, if set, is offered every batch at once, before a task could be woken for it: if it
    returns True, it has read the batch; what it raises, ``batch`` raises. It reads into a buffer of
    its own, because a new one for each read costs more than the reading.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.take: Callable[[list[bytes]], bool] | None = None
        self._buffer = memoryview(bytearray(READ_AT_ONCE))
        self._messages: list[bytes] = []
        self._parts: list[bytes] = []  # of a message that comes in several frames
        self._held: list[bytes] = []  # the beginning of a frame
        self._lacking = 0  # bytes, until it is worth looking at again
        self._news = asyncio.Event()
        self._error: Exception | None = None

    async def batch(self) -> list[bytes]:
        """The payloads of the messages since last asked, at least one, as they arrived.

        Raises ConnectionClosed, once everything that came before was handed over.
        """
        while not self._messages:
            await self._news.wait()
            self._news.clear()
            if self._error is not None:
                raise self._error
            if not self._messages and self.connection_lost_waiter.done():
                await self.recv()  # the library knows how it ended, and raises that
        messages, self._messages = self._messages, []
        return messages

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the transport shall put what it reads."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take what the transport has read."""
        self.data_received(bytes(self._buffer[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """Cut out what has come, together with what was held of earlier reads."""
        if self._held:
            self._held.append(data)
            self._lacking -= len(data)
            if self._lacking > 0:
                return
            data = b"".join(self._held)
            self._held.clear()
        if self.protocol.state is State.CONNECTING:
            data = self._shake_hands(data)
        if self.protocol.state is State.OPEN:
            data = self._cut(data)
        if data:
            super().data_received(data)
        if self._messages:
            self._offer()

    def _offer(self) -> None:
        """Hand the messages over at once, or leave them for ``batch``."""
        try:
            if self.take is not None and self.take(self._messages):
                self._messages = []
                return
        except Exception as error:  # the transport would only log it
            self.take, self._error, self._messages = None, error, []
        self._news.set()

    def _shake_hands(self, data: bytes) -> bytes:
        """Give the library the answer to the handshake; what is left comes behind it."""
        end = data.find(END_OF_HANDSHAKE) + len(END_OF_HANDSHAKE)
        if end < len(END_OF_HANDSHAKE):
            if len(data) >= LONGEST_HANDSHAKE:
                return data
            self._hold(data, lacking=1)
            return b""
        super().data_received(data[:end])
        return data[end:]

    def _cut(self, data: bytes) -> bytes:
        """Keep messages and hold the beginning of a frame; what is left ends the connection."""
        start, stop, lacking = 0, len(data), 1
        longest = self.protocol.max_message_size or sys.maxsize
        while stop - start >= 2:
            length = data[start + 1]
            body = start + 2
            if length >= LENGTH_IN_2:
                body += 2 if length == LENGTH_IN_2 else 8
                length = int.from_bytes(data[start + 2 : body])  # smaller while bytes are lacking
                if length > longest or data[start + 1] >= MASKED:
                    return data[start:]
            end = body + length
            if end > stop:
                lacking = end - stop
                break
            if data[start] in WHOLE and not self._parts:
                self._messages.append(data[body:end])
            else:
                super().data_received(data[start:end])
                if self.protocol.state is not State.OPEN:
                    return data[end:]
            start = end
        if start < stop:
            self._hold(data[start:], lacking)
        return b""

    def _hold(self, beginning: bytes, lacking: int) -> None:
        self._held.append(beginning)
        self._lacking = lacking

    def process_event(self, event: Any) -> None:
        """Keep the data of fragments here; everything else is the library's."""
        if self.response is None or not (isinstance(event, Frame) and event.opcode in MESSAGES):
            super().process_event(event)
            return
        self._parts.append(bytes(event.data))
        if event.fin:
            self._messages.append(b"".join(self._parts))
            self._parts.clear()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake whoever waits for messages."""
        super().connection_lost(exc)
        self._news.set()
