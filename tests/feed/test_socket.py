"""A websocket that hands over everything that one read brought."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK

from tickglass.feed.socket import BatchConnection

Serve = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def dialled(serves: Serve) -> AsyncIterator[BatchConnection]:
    async with serve(serves, "127.0.0.1", 0, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(
            f"ws://127.0.0.1:{port}", create_connection=BatchConnection, compression=None
        ) as socket:
            assert isinstance(socket, BatchConnection)
            yield socket


async def gather(socket: BatchConnection, count: int) -> list[bytes]:
    found: list[bytes] = []
    while len(found) < count:
        found += await socket.batch()
    return found


@pytest.mark.asyncio
async def test_messages_come_whole_and_in_order() -> None:
    async def serves(socket: ServerConnection) -> None:
        await socket.send("one")
        await socket.send(b"two")
        await socket.send(["thr", "e", "e"])  # in three frames
        await socket.send("")
        await socket.wait_closed()

    async with dialled(serves) as socket:
        assert await gather(socket, 4) == [b"one", b"two", b"three", b""]


@pytest.mark.asyncio
async def test_what_came_at_once_is_handed_over_at_once() -> None:
    sent = asyncio.Event()

    async def serves(socket: ServerConnection) -> None:
        for number in range(500):
            await socket.send(str(number))
        sent.set()
        await socket.wait_closed()

    async with dialled(serves) as socket:
        socket.transport.pause_reading()
        await sent.wait()
        socket.transport.resume_reading()
        batch = await socket.batch()
        assert len(batch) > 100
        assert batch + await gather(socket, 500 - len(batch)) == [
            str(number).encode() for number in range(500)
        ]


@pytest.mark.asyncio
async def test_what_came_before_the_end_is_not_lost() -> None:
    async def serves(socket: ServerConnection) -> None:
        await socket.send("last words")
        await socket.close(1008, "slow down")

    async with dialled(serves) as socket:
        await socket.wait_closed()
        assert await socket.batch() == [b"last words"]
        with pytest.raises(ConnectionClosedError) as caught:
            await socket.batch()
        assert caught.value.rcvd is not None
        assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (1008, "slow down")


@pytest.mark.asyncio
async def test_whoever_waits_learns_of_the_end() -> None:
    async def serves(socket: ServerConnection) -> None:
        await socket.close()

    async with dialled(serves) as socket:
        with pytest.raises(ConnectionClosedOK):
            await socket.batch()


@pytest.mark.asyncio
async def test_pings_are_still_answered_and_pongs_still_come() -> None:
    answered = asyncio.Event()

    async def serves(socket: ServerConnection) -> None:
        await (await socket.ping())
        answered.set()
        await socket.wait_closed()

    async with dialled(serves) as socket:
        await answered.wait()
        await (await socket.ping())
