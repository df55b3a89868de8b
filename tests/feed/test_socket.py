"""A websocket that hands over everything that one read brought."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK
from websockets.frames import Close, Frame
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from tickglass.feed.socket import BatchConnection

from .helpers import until

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


@pytest.mark.asyncio
async def test_a_batch_is_offered_first_and_kept_if_it_is_not_taken() -> None:
    offered: list[list[bytes]] = []

    def take(batch: list[bytes]) -> bool:
        offered.append(list(batch))
        return batch == [b"taken"]

    async def serves(socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send("taken")
        await socket.recv()
        await socket.send("left")
        await socket.wait_closed()

    async with dialled(serves) as socket:
        socket.take = take
        await socket.send("go")
        await until(lambda: offered == [[b"taken"]])
        await socket.send("go on")
        assert await socket.batch() == [b"left"]
        assert offered == [[b"taken"], [b"left"]]


@pytest.mark.asyncio
async def test_what_taking_raises_is_raised_to_the_reader_and_nothing_is_offered_again() -> None:
    offered = 0

    def take(batch: list[bytes]) -> bool:
        nonlocal offered
        offered += 1
        raise ValueError("unreadable")

    async def serves(socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send("one")
        await socket.send("two")
        await socket.wait_closed()

    async with dialled(serves) as socket:
        socket.take = take
        await socket.send("go")
        with pytest.raises(ValueError, match="unreadable"):
            await socket.batch()
        assert offered == 1


class Wire(asyncio.Transport):
    """A transport to nowhere that keeps what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """There is no buffer."""

    def is_closing(self) -> bool:
        return False

    def write_eof(self) -> None:
        """Nobody reads."""


def shaken(max_size: int | None = None) -> tuple[BatchConnection, Wire, ServerProtocol, bytes]:
    """A connection that has asked, what it writes to, who answers, and the answer."""
    client = ClientProtocol(parse_uri("ws://localhost/"), max_size=max_size)
    connection = BatchConnection(client)
    wire = Wire()
    connection.connection_made(wire)
    client.send_request(client.connect())
    server = ServerProtocol()
    server.receive_data(b"".join(client.data_to_send()))
    (request,) = server.events_received()
    assert isinstance(request, Request)
    server.send_response(server.accept(request))
    return connection, wire, server, b"".join(server.data_to_send())


lengths = st.one_of(st.integers(0, 200), st.sampled_from([125, 126, 127, 65535, 65536, 70000]))


@st.composite
def sayings(draw: st.DrawFn) -> list[tuple[str, list[bytes]]]:
    """Messages whole or in parts, and pings between them and between the parts."""
    letters = st.sampled_from([b"a", b"\x81", b"\r\n\r\n"])
    body = st.builds(lambda letter, length: (letter * length)[:length], letters, lengths)
    kinds = st.sampled_from(["whole", "parts", "parts with pings", "ping"])
    return draw(st.lists(st.tuples(kinds, st.lists(body, min_size=1, max_size=3)), max_size=6))


def say(server: ServerProtocol, kind: str, bodies: list[bytes]) -> bytes | None:
    """Speak as the library does; the message that must arrive."""
    if kind == "ping":
        server.send_ping(bodies[0][:100])
        return None
    if kind == "whole":
        server.send_binary(bodies[0])
        return bodies[0]
    server.send_binary(bodies[0], fin=False)
    for body in bodies[1:]:
        if kind == "parts with pings":
            server.send_ping(b"?")
        server.send_continuation(body, fin=False)
    server.send_continuation(b"", fin=True)
    return b"".join(bodies)


@settings(deadline=None)
@given(sayings(), st.lists(st.integers(0, 300_000), max_size=8))
def test_however_the_bytes_are_cut_the_same_messages_come(
    said: list[tuple[str, list[bytes]]], cuts: list[int]
) -> None:
    async def check() -> None:
        connection, wire, server, stream = shaken()
        expected = [message for each in said if (message := say(server, *each)) is not None]
        stream += b"".join(server.data_to_send())
        places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
        for start, stop in pairwise(places):
            connection.data_received(stream[start:stop])
        assert connection.protocol.state is State.OPEN
        assert (await asyncio.wait_for(connection.batch(), 5) if expected else []) == expected
        server.receive_data(wire.written)
        pongs = [event for event in server.events_received() if isinstance(event, Frame)]
        assert len(pongs) == sum(
            1 if kind == "ping" else len(bodies) - 1 for kind, bodies in said if "ping" in kind
        )

    asyncio.run(check())


def test_byte_by_byte_is_as_good() -> None:
    async def check() -> None:
        connection, _, server, stream = shaken()
        for length in (0, 125, 126, 65536):
            server.send_text(b"x" * length)
        stream += b"".join(server.data_to_send())
        for byte in stream:
            connection.data_received(bytes([byte]))
        assert [len(each) for each in await connection.batch()] == [0, 125, 126, 65536]

    asyncio.run(check())


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        pytest.param(b"\x82\x7e\x03\xe9", 1009, id="announced larger than borne"),
        pytest.param(b"\x82\x7f" + b"\xff" * 8, 1009, id="announced larger than there is"),
        pytest.param(b"\x82\x81abcdx", 1002, id="masked"),
        pytest.param(b"\x82\xfe\x00\x01", 1002, id="masked with a longer length"),
        pytest.param(b"\xc2\x00", 1002, id="an extension nobody agreed upon"),
        pytest.param(b"\x83\x00", 1002, id="an unknown kind"),
        pytest.param(b"\x80\x00", 1002, id="a continuation of nothing"),
        pytest.param(b"\x01\x00\x82\x00", 1002, id="a message inside another"),
        pytest.param(b"\x02\x7e\x03\xe8" + b"a" * 1000 + b"\x80\x01", 1009, id="large in parts"),
    ],
)
@pytest.mark.parametrize("one_by_one", [False, True])
def test_a_wrong_frame_ends_the_connection_after_what_was_right(
    frame: bytes, code: int, one_by_one: bool
) -> None:
    async def check() -> None:
        connection, _, server, stream = shaken(max_size=1000)
        server.send_text(b"right")
        stream += b"".join(server.data_to_send()) + frame + b"\x81\x05wrong"
        for part in [bytes([byte]) for byte in stream] if one_by_one else [stream]:
            connection.data_received(part)
        assert connection.protocol.state is State.CLOSING
        assert connection.protocol.close_sent is not None
        assert connection.protocol.close_sent.code == code
        assert await connection.batch() == [b"right"]

    asyncio.run(check())


def test_a_close_frame_cut_in_two_is_answered() -> None:
    async def check() -> None:
        connection, wire, server, stream = shaken()
        server.send_close(1001, "maintenance")
        stream += b"".join(server.data_to_send())
        connection.data_received(stream[:-3])
        assert connection.protocol.state is State.OPEN
        connection.data_received(stream[-3:])
        server.receive_data(wire.written)
        assert server.close_rcvd == Close(1001, "maintenance")

    asyncio.run(check())


def test_an_answer_without_an_end_is_given_up() -> None:
    async def check() -> None:
        connection, _, _, _ = shaken()
        connection.data_received(b"HTTP/1.1 101 " + b"x" * 70_000)
        assert connection.protocol.handshake_exc is not None

    asyncio.run(check())
