"""Asking for movers while somebody looks, and not longer."""

import asyncio
from collections.abc import Coroutine
from typing import Any, cast

import pytest

from tickglass import movers_feed
from tickglass.errors import Unreachable
from tickglass.feed.hub import Hub
from tickglass.market.events import Ticker
from tickglass.market.instrument import Instrument
from tickglass.movers_feed import MoversFeed

from .feed.helpers import until

BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("binance", "ETH", "USDT")


def ticker(instrument: Instrument, last: float) -> Ticker:
    return Ticker(instrument, 1, last, None, None, 90.0, None, None, None, 5.0)


TICKER_OF = {name: ticker(Instrument(name, "BTC", "USDT"), 1.0) for name in ("okx", "binance")}


class FakeHub:
    """Answers with the exchange's name, or not at all."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken = False
        self.streamed = False
        self.listener: Any = None

    def follow_market(self, exchange: str, listener: Any) -> bool:
        self.listener = listener
        return self.streamed

    async def market(self, exchange: str) -> list[str]:
        self.asked.append(exchange)
        await asyncio.sleep(0)
        if self.broken:
            raise Unreachable("no network", "Nobody answers.")
        return [ticker(BTC, 100.0)] if self.streamed else [TICKER_OF[exchange]]


class Desk:
    def __init__(self) -> None:
        self.hub = FakeHub()
        self.shown: list[tuple[str, Any]] = []
        self.failed: list[tuple[str, str]] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.feed = MoversFeed(
            cast(Hub, self.hub),
            lambda *told: self.shown.append(told),
            lambda *told: self.failed.append(told),
            self.spawn,
        )

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self.tasks.append(asyncio.create_task(work, name=name))


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movers_feed, "INTERVAL", 0.01)
    monkeypatch.setattr(movers_feed, "RETRY", 0.01)
    monkeypatch.setattr(movers_feed, "LIVE_INTERVAL", 0.01)
    monkeypatch.setattr(movers_feed, "SILENCE", 0.05)


@pytest.mark.asyncio
async def test_it_is_asked_again_and_again_until_nobody_looks() -> None:
    desk = Desk()
    desk.feed.want("okx")
    await until(lambda: len(desk.shown) >= 3)
    desk.feed.want(None)
    await asyncio.gather(*desk.tasks)
    assert set(desk.hub.asked) == {"okx"}


@pytest.mark.asyncio
async def test_what_comes_of_an_exchange_left_meanwhile_is_not_shown() -> None:
    desk = Desk()
    desk.feed.want("okx")
    desk.feed.want("binance")
    desk.feed.want("binance")
    await until(lambda: desk.shown)
    assert {exchange for exchange, _ in desk.shown} == {"binance"}
    assert len(desk.tasks) == 2
    desk.feed.want(None)
    await asyncio.gather(*desk.tasks)


@pytest.mark.asyncio
async def test_a_failure_is_one_sentence_and_tried_again() -> None:
    desk = Desk()
    desk.hub.broken = True
    desk.feed.want("okx")
    await until(lambda: desk.failed)
    assert desk.failed[0] == ("okx", "Nobody answers.")
    desk.hub.broken = False
    await until(lambda: desk.shown)
    desk.feed.want(None)
    await asyncio.gather(*desk.tasks)


@pytest.mark.asyncio
async def test_where_there_is_a_stream_it_is_asked_once_and_the_rest_comes_live() -> None:
    desk = Desk()
    desk.hub.streamed = True
    desk.feed.want("binance")
    await until(lambda: desk.shown)
    desk.hub.listener(ticker(BTC, 110.0))
    desk.hub.listener(ticker(ETH, 5.0))  # nobody listed it
    await until(lambda: len(desk.shown) == 2)
    assert desk.hub.asked == ["binance"]
    assert desk.shown[1] == ("binance", [ticker(BTC, 110.0)])
    desk.feed.want(None)
    await asyncio.gather(*desk.tasks)
    assert desk.hub.listener is None


@pytest.mark.asyncio
async def test_a_stream_that_falls_silent_is_made_up_for_by_asking() -> None:
    desk = Desk()
    desk.hub.streamed = True
    desk.feed.want("binance")
    await until(lambda: len(desk.hub.asked) >= 2)
    desk.feed.want(None)
    await asyncio.gather(*desk.tasks)
