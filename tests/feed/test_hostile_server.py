"""Exchanges that misbehave on the socket: counted, dropped, redialled, and nothing crashes."""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from websockets.asyncio.server import ServerConnection, serve

from tickglass.exchanges.binance import Binance
from tickglass.exchanges.exchange import Channel, Endpoint, Exchange, Kind
from tickglass.exchanges.kucoin import Kucoin
from tickglass.exchanges.okx import Okx
from tickglass.feed import backoff, connection, speaker, watchdog
from tickglass.feed.hub import Hub
from tickglass.market.events import Trade
from tickglass.market.instrument import Instrument

from .helpers import BTC, Listener, until

NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens
KUCOIN_BTC = Instrument("kucoin", "BTC", "USDT")
GOOD = (
    '{"stream":"btcusdt@trade","data":{"e":"trade","E":1795350840123,"s":"BTCUSDT","t":%d,'
    '"p":"83805.1","q":"0.5","T":1795350840122,"m":true,"M":true}}'
)

Serve = Callable[[ServerConnection], Awaitable[None]]


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_WAIT", 0.05)


@asynccontextmanager
async def feed(
    exchange: type[Exchange], ws: str, rest: str, channel: Channel
) -> AsyncIterator[tuple[Hub, Listener]]:
    listener = Listener()
    endpoints = {exchange.name: [Endpoint(ws, rest)]}
    async with Hub([exchange], endpoints, listener, time.monotonic) as hub:
        hub.want("test", [channel])
        yield hub, listener


@asynccontextmanager
async def exchange_that(serves: Serve) -> AsyncIterator[str]:
    async with serve(serves, "127.0.0.1", 0, max_size=None, compression=None) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def rest_that_says(status: int, body: Any, **headers: str) -> AsyncIterator[str]:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response(body, status=status, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.asyncio
async def test_a_frame_of_fifty_megabytes_is_counted_and_the_connection_dropped() -> None:
    dials = 0

    async def serves(socket: ServerConnection) -> None:
        nonlocal dials
        dials += 1
        if dials == 1:
            await socket.send('{"a":"' + "x" * 50_000_000 + '"}')
        await socket.send(GOOD % dials)
        await socket.wait_closed()

    async with (
        exchange_that(serves) as ws,
        feed(Binance, ws, NOWHERE, Channel(Kind.TRADE, BTC)) as (hub, listener),
    ):
        await until(lambda: listener.of(Trade))
        total = hub.figures["binance"].total
        assert (total.bad_frames, total.reconnects, dials) == (1, 1, 2)


@pytest.mark.asyncio
async def test_a_flood_of_what_cannot_be_read_is_counted_and_the_connection_dropped() -> None:
    dials = 0

    async def serves(socket: ServerConnection) -> None:
        nonlocal dials
        dials += 1
        for _ in range(21 if dials == 1 else 20):
            await socket.send("[" * 10_000)
        await socket.send(GOOD % dials)
        await socket.wait_closed()

    async with (
        exchange_that(serves) as ws,
        feed(Binance, ws, NOWHERE, Channel(Kind.TRADE, BTC)) as (hub, listener),
    ):
        await until(lambda: listener.of(Trade))
        total = hub.figures["binance"].total
        # 20 in ten seconds are borne, the 21st is not.
        assert (total.bad_frames, total.reconnects, dials) == (41, 1, 2)


def ticket(endpoint: str) -> dict[str, Any]:
    server = {"endpoint": endpoint, "pingInterval": 18_000, "pingTimeout": 10_000}
    return {"code": "200000", "data": {"token": "t0ken", "instanceServers": [server]}}


@pytest.mark.asyncio
async def test_an_exchange_that_never_welcomes_is_not_spoken_to_and_redialled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "WELCOME_TIMEOUT", 0.2)
    heard: list[str | bytes] = []

    async def serves(socket: ServerConnection) -> None:
        async for message in socket:
            heard.append(message)

    channel = Channel(Kind.TRADE, KUCOIN_BTC)
    async with (
        exchange_that(serves) as ws,
        rest_that_says(200, ticket(ws + "/")) as rest,
        feed(Kucoin, ws, rest, channel) as (_, listener),
    ):
        await until(lambda: "reconnecting" in listener.states())
        lost = next(each for each in listener.statuses if each.state == "reconnecting")
        assert lost.detail.startswith("No welcome came")
    assert heard == []


@pytest.mark.asyncio
async def test_a_ticket_to_an_unencrypted_address_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    default = Kucoin.endpoints[0].ws
    async with (
        rest_that_says(200, ticket("ws://evil.example/")) as rest,
        feed(Kucoin, default, rest, Channel(Kind.TRADE, KUCOIN_BTC)) as (_, listener),
    ):
        await until(lambda: "reconnecting" in listener.states())
        (lost, *_) = [each for each in listener.statuses if each.state == "reconnecting"]
        assert "cannot be read" in lost.detail


@pytest.mark.asyncio
async def test_too_many_tickets_wait_as_long_as_asked() -> None:
    body = {"code": "429000", "msg": "Too Many Requests"}
    async with rest_that_says(429, body, **{"Retry-After": "7"}) as rest:
        channel = Channel(Kind.TRADE, KUCOIN_BTC)
        async with feed(Kucoin, "ws://127.0.0.1:9", rest, channel) as (_, listener):
            await until(lambda: "refused" in listener.states())
            (refused,) = [each for each in listener.statuses if each.state == "refused"]
            assert "slow down (429); trying again in 7 s." in refused.detail


@pytest.mark.asyncio
async def test_a_refusal_in_a_reply_of_status_200_is_told_in_the_exchanges_words() -> None:
    body = {"code": "400302", "msg": "Our services are currently unavailable in the U.S."}
    async with rest_that_says(200, body) as rest:
        channel = Channel(Kind.TRADE, KUCOIN_BTC)
        async with feed(Kucoin, "ws://127.0.0.1:9", rest, channel) as (_, listener):
            await until(lambda: "refused" in listener.states())
            refused = next(each for each in listener.statuses if each.state == "refused")
            assert "KuCoin refuses the request (400302: Our services" in refused.detail


@pytest.mark.asyncio
async def test_a_channel_refused_for_a_while_is_told_and_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(speaker, "REFUSED_WAIT", 0.2)
    monkeypatch.setattr(watchdog, "WATCH_INTERVAL", 0.05)
    btc = Instrument("okx", "BTC", "USDT")
    asked = 0

    async def serves(socket: ServerConnection) -> None:
        nonlocal asked
        async for message in socket:
            if message == "ping":
                continue
            asked += 1
            if asked == 1:
                refusal = {"event": "error", "code": "64007", "msg": "Try again later."}
                await socket.send(json.dumps({**refusal, "id": json.loads(message)["id"]}))
            else:
                await socket.send(
                    '{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT",'
                    '"tradeId":"7","px":"2","sz":"3","side":"buy","ts":"1795350840231","count":"1"}]}'
                )

    async with (
        exchange_that(serves) as ws,
        feed(Okx, ws, NOWHERE, Channel(Kind.TRADE, btc)) as (_, listener),
    ):
        await until(lambda: listener.of(Trade))
        assert asked == 2
        assert listener.refusals == {btc: ""}, "said, and taken back"
