"""The system's proxies are used for everything but this machine."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from tickglass.exchanges.binance import Binance
from tickglass.exchanges.exchange import Channel, Endpoint, Kind
from tickglass.feed import connection
from tickglass.feed.hub import Hub
from tickglass.feed.route import proxy
from tickglass.market.events import Trade

from .helpers import BTC, Listener, simulator, until

# A name that only the proxy knows: whoever asked the system for it would fail.
HOST = "exchange.invalid"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    writer.close()


async def pass_on(client: Streams, first: bytes, port: int) -> None:
    """Join a client with the simulator until both have hung up."""
    there = await asyncio.open_connection("127.0.0.1", port)
    there[1].write(first)
    try:
        await asyncio.gather(relay(client[0], there[1]), relay(there[0], client[1]))
    except OSError:
        pass  # one of the two hung up in the middle of a frame
    finally:
        there[1].close()
        client[1].close()


class HttpProxy:
    """CONNECT for websockets, absolute addresses for plain requests. Notes what it was asked."""

    scheme = "http"

    def __init__(self, port: int) -> None:
        self.asked: list[str] = []
        self._port = port

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target = head.decode().split(" ")[:2]
        self.asked.append(f"{method} {target}")
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            head = b""
        await pass_on((reader, writer), head, self._port)


class SocksProxy:
    """SOCKS 5 without a password (RFC 1928), names only. Notes which it was asked for."""

    scheme = "socks5h"

    def __init__(self, port: int) -> None:
        self.asked: list[str] = []
        self._port = port

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x00")
        *_, kind, length = await reader.readexactly(5)
        name = await reader.readexactly(length)
        await reader.readexactly(2)
        assert kind == 3  # a name, not an address
        self.asked.append(name.decode())
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        await pass_on((reader, writer), b"", self._port)


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[int]:
    tasks: set[asyncio.Task[None]] = set()

    async def kept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        await serve(reader, writer)

    async with await asyncio.start_server(kept, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", [HttpProxy, SocksProxy])
async def test_the_feed_goes_through_the_systems_proxy(
    kind: type[HttpProxy] | type[SocksProxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Plain addresses are for this machine only; here the point is the way, not the lock.
    monkeypatch.setattr(connection, "check_address", lambda *_: None)
    listener = Listener()
    async with simulator() as server:
        port = int(server.endpoints["binance"]["ws"].rpartition(":")[2])
        there = kind(port)
        async with listening(there.serve) as proxy_port:
            monkeypatch.setenv("all_proxy", f"{there.scheme}://127.0.0.1:{proxy_port}")
            endpoint = Endpoint(f"ws://{HOST}", f"http://{HOST}")
            async with Hub([Binance], {"binance": [endpoint]}, listener, time.monotonic) as hub:
                hub.want("test", [Channel(Kind.TRADE, BTC)])
                await until(lambda: listener.of(Trade))
                assert await hub.listings("binance")
    assert all(HOST in each for each in there.asked)
    assert len(there.asked) >= 2


def test_this_machine_needs_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    assert proxy("wss://127.0.0.1:8080") is None
    assert proxy("https://localhost/api") is None
    assert proxy("wss://stream.binance.com") == "http://proxy.example:3128"


def test_hosts_that_the_system_excepts_are_reached_directly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "stream.binance.com")
    assert proxy("wss://stream.binance.com") is None
    assert proxy("wss://ws.okx.com") == "http://proxy.example:3128"


def test_a_proxy_for_websockets_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("wss_proxy", "socks5h://other.example:1080")
    assert proxy("wss://ws.okx.com") == "socks5h://other.example:1080"
    assert proxy("https://openapi.okx.com") == "http://proxy.example:3128"
