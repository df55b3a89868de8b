"""One exchange's line: candles by REST are judged by the time at which they were asked for."""

import time

import pytest

from tickglass.exchanges.coinbase import Coinbase
from tickglass.exchanges.exchange import Endpoint, Request
from tickglass.feed.line import Line
from tickglass.market.instrument import Instrument

from .helpers import Listener

BTC = Instrument("coinbase", "BTC", "USD")
MINUTE_0 = 1_795_361_160  # s
BODY = (
    b'{"candles":[{"start":"1795361160","low":"9","high":"12","open":"10","close":"11",'
    b'"volume":"3"}]}'
)


@pytest.mark.asyncio
async def test_a_candle_that_ends_while_the_reply_is_on_its_way_is_still_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = Line(Coinbase, [Endpoint("ws://127.0.0.1", "http://127.0.0.1")], Listener(),
                time.monotonic, None)  # fmt: skip
    clock = iter([MINUTE_0 + 59.9, MINUTE_0 + 60.1])

    async def reply(request: Request) -> bytes:
        return BODY

    monkeypatch.setattr(line, "now", lambda: round(next(clock) * 1000))
    monkeypatch.setattr(line.rest, "get", reply)
    (candle,) = await line.candles(BTC, "1m", 10)
    assert not candle.closed
    await line.close()
