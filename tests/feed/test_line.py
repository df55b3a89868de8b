"""One exchange's line: candles by REST are judged by the time at which they were asked for."""

import json
import time

import pytest

from tickglass.exchanges.binance import Binance
from tickglass.exchanges.coinbase import Coinbase
from tickglass.exchanges.exchange import Channel, Endpoint, Kind, Request
from tickglass.feed.line import Line
from tickglass.feed.pacing import Turns
from tickglass.market.instrument import Instrument

from .helpers import Listener

BTC = Instrument("coinbase", "BTC", "USD")
MINUTE_0 = 1_795_361_160  # s


def rows(*minutes: int) -> bytes:
    """A reply with a candle of these minutes, newest first as Coinbase has them."""
    each = '{"start":"%d","low":"9","high":"12","open":"10","close":"11","volume":"3"}'
    found = ",".join(each % (MINUTE_0 + 60 * minute) for minute in minutes)
    return f'{{"candles":[{found}]}}'.encode()


async def candles(
    monkeypatch: pytest.MonkeyPatch, body: bytes, asked: float = 59.9
) -> list[tuple[int, bool]]:
    """Minutes and whether they are closed, asked for at a second of minute 0 and read after it."""
    endpoint = Endpoint("ws://127.0.0.1", "http://127.0.0.1")
    line = Line(Coinbase, [endpoint], Listener(), time.monotonic, None, Turns())
    clock = iter([MINUTE_0 + asked, MINUTE_0 + 60.1])

    async def reply(request: Request) -> bytes:
        return body

    monkeypatch.setattr(line, "now", lambda: round(next(clock) * 1000))
    monkeypatch.setattr(line.rest, "get", reply)
    found = await line.candles(BTC, "1m", 10)
    await line.close()
    return [((each.start // 1000 - MINUTE_0) // 60, each.closed) for each in found]


@pytest.mark.asyncio
async def test_a_candle_that_ends_while_the_reply_is_on_its_way_is_still_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await candles(monkeypatch, rows(0, -1)) == [(-1, True), (0, False)]


@pytest.mark.asyncio
async def test_a_candle_that_has_just_ended_may_lack_trades_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await candles(monkeypatch, rows(0, -1), 0.9) == [(-1, False), (0, False)]
    assert await candles(monkeypatch, rows(0, -1), 1.1) == [(-1, True), (0, False)]
    assert await candles(monkeypatch, rows(1, 0, -1)) == [(-1, True), (0, False), (1, False)]


@pytest.mark.asyncio
async def test_where_our_clock_is_slow_the_newest_candle_says_what_has_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = await candles(monkeypatch, rows(3, 2, 1, 0))
    assert found == [(0, True), (1, True), (2, False), (3, False)]


@pytest.mark.asyncio
async def test_what_an_exchange_no_longer_lists_is_told_when_the_list_is_fetched_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listener = Listener()
    endpoint = Endpoint("ws://127.0.0.1:9", "http://127.0.0.1:9")
    line = Line(Binance, [endpoint], listener, time.monotonic, None, Turns())
    coin = Instrument("binance", "COIN", "USDT")
    replies = [[coin], [], [coin]]

    async def reply(request: Request) -> bytes:
        rows = [
            {"symbol": "COINUSDT", "status": "TRADING", "baseAsset": "COIN", "quoteAsset": "USDT"}
            for _ in replies.pop(0)
        ]
        return json.dumps({"symbols": rows}).encode()

    monkeypatch.setattr(line.rest, "get", reply)
    monkeypatch.setattr(line, "_learn", idle)
    line.want({Channel(Kind.TRADE, coin)})
    told = []
    for _ in range(3):
        await line._fetch_listings()
        told.append(listener.refusals.get(coin))
    assert told == [None, "Binance does not list COIN/USDT.", ""]
    await line.close()


async def idle() -> None:
    """In the place of learning by the clock."""
