"""The simulated exchange on its socket: handshakes, REST, limits, faults, and a clean end."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType, web

from tickglass.errors import PortInUse
from tickglass.exchanges.binance import BinanceServer
from tickglass.simulator import client as client_module
from tickglass.simulator import server as server_module
from tickglass.simulator.faults import Faults
from tickglass.simulator.market import Market
from tickglass.simulator.pairs import pairs
from tickglass.simulator.server import Simulator, serve

from .conftest import EXCHANGE, START

pytestmark = pytest.mark.asyncio
SILENCE = 0.05  # s; long enough for loopback


class Bench:
    """A simulator whose clock only moves when told, and a client of it."""

    def __init__(self, simulator: Simulator, session: aiohttp.ClientSession) -> None:
        self.simulator = simulator
        self.session = session
        self.now = START
        self.endpoint = simulator.endpoints[EXCHANGE]

    async def connect(
        self, path: str = "/stream", **options: Any
    ) -> aiohttp.ClientWebSocketResponse:
        return await self.session.ws_connect(self.endpoint["ws"] + path, **options)

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.session.get(self.endpoint["rest"] + path) as response:
            return response.status, await response.json()

    async def step(self, seconds: float, by: float = 0.025) -> None:
        for _ in range(round(seconds / by)):
            self.now += round(by * 1_000)
            self.simulator.step(self.now)
            await asyncio.sleep(0)


@asynccontextmanager
async def bench(*faults: str, rate: float = 500.0) -> AsyncIterator[Bench]:
    market = Market(7, pairs(6), START, rate)
    made: list[Bench] = []
    simulator = Simulator(
        {EXCHANGE: market},
        faults=Faults.parse(faults),
        clock=lambda: made[0].now if made else START,
        ticking=False,
    )
    async with simulator, aiohttp.ClientSession() as session:
        made.append(Bench(simulator, session))
        yield made[0]
    assert not simulator.exchanges[EXCHANGE].clients


async def silent(ws: aiohttp.ClientWebSocketResponse) -> bool:
    try:
        async with asyncio.timeout(SILENCE):
            await ws.receive()
    except TimeoutError:
        return True
    return False


async def test_a_client_that_leaves_before_the_handshake_is_answered_is_no_error(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leave(self: web.WebSocketResponse, request: web.Request) -> None:
        assert request.transport is not None
        request.transport.abort()
        await prepare(self, request)

    prepare = web.WebSocketResponse.prepare
    monkeypatch.setattr(web.WebSocketResponse, "prepare", leave)
    async with bench() as b:
        with pytest.raises(aiohttp.ClientError):
            await b.connect()
    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == []


async def test_it_listens_on_loopback_only() -> None:
    async with bench() as b:
        assert b.endpoint["ws"].startswith("ws://127.0.0.1:")
        assert b.endpoint["rest"].startswith("http://127.0.0.1:")


async def test_a_reply_knows_what_has_happened_since_the_last_tick(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_module, "LONGEST_TICK", 3_600.0)
    monkeypatch.setattr(server_module, "SHORTEST_TICK", 3_600.0)
    now = START
    market = Market(7, pairs(6), START, 500.0)
    async with Simulator({EXCHANGE: market}, clock=lambda: now) as simulator:
        await asyncio.sleep(0)  # the only tick of this hour
        now += 4_000
        async with aiohttp.ClientSession() as session:
            at = simulator.endpoints[EXCHANGE]["rest"] + "/api/v3/trades?symbol=BTCUSDT&limit=1000"
            async with session.get(at) as response:
                trades = await response.json()
        assert market.now == now
        assert trades[-1]["time"] > START + 3_000


async def test_a_subscriber_is_acknowledged_and_gets_its_frames() -> None:
    async with bench() as b:
        ws = await b.connect()
        await ws.send_json({"method": "SUBSCRIBE", "params": ["btcusdt@trade"], "id": 5})
        assert await ws.receive_json() == {"result": None, "id": 5}
        await b.step(1)
        frame = await ws.receive_json()
        assert frame["stream"] == "btcusdt@trade"
        await ws.close()


async def test_streams_in_the_address_need_no_message() -> None:
    async with bench() as b:
        raw = await b.connect("/ws/btcusdt@bookTicker")
        combined = await b.connect("/stream?streams=ethusdt@trade/btcusdt@trade")
        await b.step(1)
        assert (await raw.receive_json())["s"] == "BTCUSDT"
        assert (await combined.receive_json())["stream"] in {"ethusdt@trade", "btcusdt@trade"}
        await raw.close()
        await combined.close()


async def test_no_frame_is_compressed() -> None:
    async with bench() as b:
        ws = await b.connect(compress=15)
        assert not ws.compress
        await ws.close()


async def test_an_unknown_websocket_path_is_not_found() -> None:
    async with bench() as b:
        with pytest.raises(aiohttp.WSServerHandshakeError) as raised:
            await b.connect("/v5/public")
        assert raised.value.status == 404


async def test_rest_answers_from_the_same_market() -> None:
    async with bench() as b:
        await b.step(2)
        _, book = await b.get("/api/v3/depth?symbol=BTCUSDT&limit=5")
        view = b.simulator.exchanges[EXCHANGE].view
        assert float(book["bids"][0][0]) == view.quote(view.instrument(0)).bid
        status, reply = await b.get("/api/v3/depth?symbol=NOPE")
        assert (status, reply["code"]) == (400, -1121)


async def test_the_sixth_message_in_a_second_closes_the_connection() -> None:
    async with bench() as b:
        ws = await b.connect()
        for number in range(6):
            await ws.send_json({"method": "LIST_SUBSCRIPTIONS", "id": number})
        for _ in range(5):
            await ws.receive_json()
        message = await ws.receive()
        assert (message.type, message.data, message.extra) == (
            WSMsgType.CLOSE, 1008, "Too many requests"
        )  # fmt: skip


async def test_a_message_too_long_is_ignored_in_silence() -> None:
    async with bench() as b:
        ws = await b.connect()
        request = {"method": "SUBSCRIBE", "params": ["btcusdt@trade"], "id": "x" * 4_100}
        await ws.send_json(request)
        await ws.send_json({"method": "LIST_SUBSCRIPTIONS", "id": 2})
        assert await ws.receive_json() == {"result": [], "id": 2}
        await ws.close()


async def test_more_streams_than_allowed_close_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert BinanceServer.tolerance.topics == 1_024
    monkeypatch.setattr(BinanceServer, "tolerance", BinanceServer.tolerance._replace(topics=3))
    async with bench() as b:
        ws = await b.connect("/stream?streams=btcusdt@trade/btcusdt@depth/btcusdt@ticker")
        await ws.send_json({"method": "SUBSCRIBE", "params": ["btcusdt@trade"], "id": 1})
        assert await ws.receive_json() == {"result": None, "id": 1}
        await ws.send_json({"method": "SUBSCRIBE", "params": ["ethusdt@trade"], "id": 2})
        assert (await ws.receive())[:2] == (WSMsgType.CLOSE, 1008)


async def test_a_client_is_pinged_every_twenty_seconds_and_its_own_pings_are_answered() -> None:
    async with bench() as b:
        ws = await b.connect(autoping=False)
        await ws.ping(b"hello")
        assert (await ws.receive())[:2] == (WSMsgType.PONG, b"hello")
        await b.step(41, by=1)
        kinds = [(await ws.receive()).type for _ in range(2)]
        assert kinds == [WSMsgType.PING] * 2
        assert await silent(ws)


async def test_a_client_that_never_answers_pings_is_closed_after_a_minute() -> None:
    async with bench() as b:
        ws = await b.connect(autoping=False)
        await b.step(61, by=1)
        kinds = []
        while not kinds or kinds[-1] is WSMsgType.PING:
            kinds.append((await ws.receive()).type)
        assert kinds[-1] is WSMsgType.CLOSE
        assert ws.close_code == 1008


async def test_a_client_that_does_not_read_is_closed_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client_module, "MOST_UNSENT", 100_000)
    async with bench(rate=2_000.0) as b:
        names = [f"{each.symbol.lower()}@bookTicker" for each in
                 b.simulator.exchanges[EXCHANGE].view.listings]  # fmt: skip
        path = "/stream?streams=" + "/".join(names)
        lazy = await b.connect(path)
        transport = lazy._conn.transport  # type: ignore[union-attr]
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        eager = await b.connect(path)
        exchange = b.simulator.exchanges[EXCHANGE]
        assert len(exchange.clients) == 2
        read = 0
        for _ in range(600):
            if len(exchange.clients) == 1:
                break
            await b.step(0.5, by=0.5)
            while not await eager.receive() or read % 100:
                read += 1
            read += 1
        assert len(exchange.clients) == 1
        assert eager.close_code is None
        transport.abort()
        await eager.close()


async def test_dropped_connections_end_without_a_close_frame() -> None:
    async with bench("drop=2") as b:
        ws = await b.connect()
        await b.step(1.9)
        assert len(b.simulator.exchanges[EXCHANGE].clients) == 1
        await b.step(0.2)
        assert (await ws.receive()).type in {WSMsgType.CLOSED, WSMsgType.ERROR, WSMsgType.CLOSE}
        assert ws.close_code == 1006


async def test_a_stalled_connection_stays_open_and_silent_for_good() -> None:
    async with bench("stall=1") as b:
        ws = await b.connect("/ws/btcusdt@bookTicker", autoping=False)
        await b.step(0.5)
        assert (await ws.receive()).type is WSMsgType.TEXT
        await b.step(0.5)
        b.simulator.faults.stall = 0
        while not await silent(ws):
            pass
        await ws.ping()
        await b.step(30, by=1)
        assert await silent(ws)
        assert not ws.closed
        fresh = await b.connect("/ws/btcusdt@bookTicker")
        await b.step(0.5)
        assert (await fresh.receive()).type is WSMsgType.TEXT
        await fresh.close()


async def test_refused_handshakes_have_the_status_and_rest_still_answers() -> None:
    async with bench("refuse=451") as b:
        with pytest.raises(aiohttp.WSServerHandshakeError) as raised:
            await b.connect()
        assert raised.value.status == 451
        assert (await b.get("/api/v3/ping"))[0] == 200
        b.simulator.faults.refuse = 0
        await (await b.connect()).close()


async def test_slow_frames_and_replies_come_later_and_in_order() -> None:
    async with bench("slow=60") as b:
        loop = asyncio.get_running_loop()
        ws = await b.connect()
        begun = loop.time()
        await ws.send_json({"method": "SUBSCRIBE", "params": ["btcusdt@trade"], "id": 1})
        assert (await ws.receive_json())["id"] == 1
        assert loop.time() - begun >= 0.055
        await b.step(2)
        b.simulator.faults.slow = 0
        await b.step(1)
        ids = [(await ws.receive_json())["data"]["t"] for _ in range(50)]
        assert ids == sorted({*ids})
        begun = loop.time()
        b.simulator.faults.slow = 60
        await b.get("/api/v3/ping")
        assert loop.time() - begun >= 0.055
        await ws.close()


async def test_a_taken_port_is_one_clear_sentence_and_leaves_nothing_open() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse) as raised:
            async with Simulator({EXCHANGE: Market(7, pairs(2), START, 1.0)}, port):
                raise AssertionError("it listened")
    assert str(port) in raised.value.sentence
    assert raised.value.sentence.count(".") == 1


async def test_it_ticks_by_itself_and_ends_with_its_context() -> None:
    before = asyncio.all_tasks()
    market = Market(7, pairs(2), START, 500.0)
    ticks = iter(range(START, START + 10**9, 50))
    async with (
        Simulator({EXCHANGE: market}, clock=lambda: next(ticks)) as simulator,
        aiohttp.ClientSession() as session,
        session.ws_connect(simulator.endpoints[EXCHANGE]["ws"] + "/ws/btcusdt@trade") as ws,
    ):
        assert (await ws.receive()).type is WSMsgType.TEXT
    assert asyncio.all_tasks() == before


async def test_ending_tells_the_clients_and_takes_less_than_a_second() -> None:
    loop = asyncio.get_running_loop()
    async with aiohttp.ClientSession() as session:
        market = Market(7, pairs(2), START, 500.0)
        async with Simulator({EXCHANGE: market}, ticking=False) as simulator:
            ws = await session.ws_connect(simulator.endpoints[EXCHANGE]["ws"] + "/stream")
            reading = asyncio.create_task(ws.receive())
            await asyncio.sleep(0)
            begun = loop.time()
        assert loop.time() - begun < 1.0
        await reading
        assert ws.close_code == 1001


async def test_serve_prints_its_endpoints_first(capsys: pytest.CaptureFixture[str]) -> None:
    task = asyncio.create_task(serve([EXCHANGE], seed=7, pair_count=2, rate=1.0))
    line = ""
    while not line:
        await asyncio.sleep(0.01)
        line = capsys.readouterr().out
    endpoints = json.loads(line)
    async with (
        aiohttp.ClientSession() as session,
        session.get(endpoints[EXCHANGE]["rest"] + "/api/v3/exchangeInfo") as response,
    ):
        assert len((await response.json())["symbols"]) == 2
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
