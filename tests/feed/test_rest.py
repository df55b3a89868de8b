"""REST against a small server of our own that answers as told."""

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from tickglass.errors import BadReply, Refused, Unreachable
from tickglass.exchanges.binance import Binance
from tickglass.exchanges.bybit import Bybit
from tickglass.exchanges.exchange import Endpoint, Request
from tickglass.exchanges.exchange import Exchange as Adapter
from tickglass.exchanges.okx import Okx
from tickglass.feed import rest as rest_module
from tickglass.feed.rest import Rest
from tickglass.feed.route import Route

ASK = Request("/api/v3/time", {"symbol": "BTCUSDT"})


class Exchange:
    """Answers every request with the same reply and remembers what was asked."""

    def __init__(self) -> None:
        self.status, self.body, self.headers = 200, b"{}", dict[str, str]()
        self.asked: list[str] = []
        self.host = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        return web.Response(status=self.status, body=self.body, headers=self.headers)


async def listening(exchange: Exchange) -> AsyncIterator[Exchange]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", exchange.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    exchange.host = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield exchange
    await runner.cleanup()


@pytest_asyncio.fixture
async def first() -> AsyncIterator[Exchange]:
    async for exchange in listening(Exchange()):
        yield exchange


@pytest_asyncio.fixture
async def second() -> AsyncIterator[Exchange]:
    async for exchange in listening(Exchange()):
        yield exchange


def client(*hosts: str, exchange: type[Adapter] = Binance) -> Rest:
    route = Route([Endpoint("ws://127.0.0.1", host) for host in hosts])
    return Rest(exchange, route, time.monotonic)


@pytest.mark.asyncio
async def test_a_reply_is_its_body(first: Exchange) -> None:
    first.body = b'{"serverTime":5}'
    rest = client(first.host)
    assert await rest.get(ASK) == b'{"serverTime":5}'
    assert first.asked == ["/api/v3/time?symbol=BTCUSDT"]
    await rest.close()


@pytest.mark.asyncio
async def test_a_refusal_carries_the_exchanges_own_words(first: Exchange) -> None:
    first.status, first.body = 400, b'{"code":-1121,"msg":"Invalid symbol."}'
    rest = client(first.host)
    with pytest.raises(Refused) as caught:
        await rest.get(ASK)
    assert caught.value.sentence == "Binance refuses the request (400: Invalid symbol)."
    assert "-1121" in str(caught.value)
    await rest.close()


@pytest.mark.asyncio
async def test_429_blocks_further_requests_for_as_long_as_asked(first: Exchange) -> None:
    first.status, first.headers = 429, {"Retry-After": "7"}
    rest = client(first.host)
    with pytest.raises(Refused) as caught:
        await rest.get(ASK)
    assert (caught.value.status, caught.value.retry_after) == (429, 7.0)
    first.status = 200
    with pytest.raises(Refused, match="wait 7 s more"):
        await rest.get(ASK)
    assert len(first.asked) == 1
    await rest.close()


@pytest.mark.asyncio
@pytest.mark.parametrize("status", [451, 403])
async def test_a_blocked_host_is_left_for_the_next_one(
    first: Exchange, second: Exchange, status: int
) -> None:
    first.status, second.body = status, b"[]"
    rest = client(first.host, second.host)
    assert await rest.get(ASK) == b"[]"
    assert (len(first.asked), len(second.asked)) == (1, 1)
    assert await rest.get(ASK) == b"[]"
    assert (len(first.asked), len(second.asked)) == (1, 2)
    await rest.close()


@pytest.mark.asyncio
async def test_hosts_that_all_refuse_end_in_one_refusal(first: Exchange, second: Exchange) -> None:
    first.status = second.status = 451
    rest = client(first.host, second.host)
    with pytest.raises(Refused):
        await rest.get(ASK)
    assert (len(first.asked), len(second.asked)) == (1, 1)
    await rest.close()


@pytest.mark.asyncio
async def test_nobody_listening_is_unreachable() -> None:
    rest = client("http://127.0.0.1:9")
    with pytest.raises(Unreachable) as caught:
        await rest.get(ASK)
    assert caught.value.sentence == "Binance cannot be reached."
    await rest.close()


@pytest.mark.asyncio
async def test_an_endless_reply_is_cut_off(
    first: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest_module, "BODY_LIMIT", 1_000)
    first.body = b"x" * 2_000
    rest = client(first.host)
    with pytest.raises(BadReply):
        await rest.get(ASK)
    await rest.close()


@pytest.mark.asyncio
async def test_a_server_out_of_order_is_unreachable(first: Exchange) -> None:
    first.status, first.body = 503, b"<html>"
    rest = client(first.host)
    with pytest.raises(Unreachable, match="503"):
        await rest.get(ASK)
    await rest.close()


@pytest.mark.asyncio
async def test_bybits_403_for_haste_stops_every_request_and_turns_to_no_other_host(
    first: Exchange, second: Exchange
) -> None:
    first.status, first.body = 403, b"access too frequent"
    rest = client(first.host, second.host, exchange=Bybit)
    with pytest.raises(Refused) as caught:
        await rest.get(ASK)
    assert caught.value.status == 429
    first.status = 200
    with pytest.raises(Refused, match="wait 600 s more"):
        await rest.get(ASK)
    assert (len(first.asked), len(second.asked)) == (1, 0)
    await rest.close()


@pytest.mark.asyncio
async def test_a_complaint_of_haste_in_a_good_reply_waits_a_little(first: Exchange) -> None:
    first.body = b'{"code":"50011","msg":"Too Many Requests","data":[]}'
    rest = client(first.host, exchange=Okx)
    with pytest.raises(Refused) as caught:
        await rest.get(ASK)
    assert caught.value.status == 429
    with pytest.raises(Refused, match="wait 2 s more"):
        await rest.get(ASK)
    await rest.close()


@pytest.mark.asyncio
async def test_a_complaint_in_a_good_reply_is_a_refusal_in_the_exchanges_words(
    first: Exchange,
) -> None:
    first.body = b'{"code":"51001","msg":"Instrument ID does not exist.","data":[]}'
    rest = client(first.host, exchange=Okx)
    with pytest.raises(Refused) as caught:
        await rest.get(ASK)
    assert caught.value.sentence == (
        "OKX refuses the request (51001: Instrument ID does not exist)."
    )
    await rest.close()
