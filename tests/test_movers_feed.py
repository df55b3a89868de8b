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
from tickglass.movers_feed import MarketDay, MoversFeed

from .feed.helpers import until

BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("binance", "ETH", "USDT")


def ticker(instrument: Instrument, last: float, time: int = 1) -> Ticker:
    return Ticker(instrument, time, last, None, None, 90.0, None, None, None, 5.0)


class FakeHub:
    """Answers with the exchange's own Bitcoin, or not at all."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken = False
        self.listed = [BTC]
        self.watchers: dict[str, Any] = {}

    def watch_market(self, exchange: str, watcher: Any) -> None:
        self.watchers[exchange] = watcher

    async def market(self, exchange: str) -> list[Ticker]:
        self.asked.append(exchange)
        await asyncio.sleep(0)
        if self.broken:
            raise Unreachable("no network", "Nobody answers.")
        return [ticker(each, 100.0) for each in self.listed]


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


async def streaming() -> Desk:
    """Binance is looked at, was asked once, and its stream spoke."""
    desk = Desk()
    desk.feed.want("binance")
    await until(lambda: desk.shown)
    desk.hub.watchers["binance"].ticker(ticker(BTC, 110.0))
    await until(lambda: len(desk.shown) >= 2)
    return desk


async def leave(desk: Desk) -> None:
    desk.feed.want(None)
    await asyncio.gather(*desk.tasks)


@pytest.mark.asyncio
async def test_what_streams_is_shown_and_nothing_is_asked_while_it_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(movers_feed, "SILENCE", 60.0)
    monkeypatch.setattr(movers_feed, "INTERVAL", 0.0)
    desk = await streaming()
    asked = len(desk.hub.asked)
    for round_ in range(5):
        shown = len(desk.shown)
        desk.hub.watchers["binance"].ticker(ticker(BTC, 111.0 + round_))
        await until(lambda shown=shown: len(desk.shown) > shown)
    assert desk.shown[-1] == ("binance", [ticker(BTC, 115.0)])
    assert len(desk.hub.asked) == asked
    await leave(desk)
    assert desk.hub.watchers == {"binance": None}


@pytest.mark.asyncio
async def test_a_stream_that_falls_silent_is_made_up_for_by_asking() -> None:
    desk = await streaming()
    asked = len(desk.hub.asked)
    await until(lambda: len(desk.hub.asked) >= asked + 3)
    await leave(desk)


@pytest.mark.asyncio
async def test_when_a_cut_stream_resumes_it_is_asked_what_was_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(movers_feed, "SILENCE", 60.0)
    desk = await streaming()
    await until(lambda: desk.hub.asked)
    asked = len(desk.hub.asked)
    desk.hub.watchers["binance"].interrupted()
    desk.hub.watchers["binance"].ticker(ticker(BTC, 112.0))
    await until(lambda: len(desk.hub.asked) == asked + 1)
    await leave(desk)


@pytest.mark.asyncio
async def test_a_failure_to_ask_is_not_told_while_the_stream_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(movers_feed, "SILENCE", 60.0)
    monkeypatch.setattr(movers_feed, "SEED_AGAIN", 0.0)
    desk = await streaming()
    desk.hub.broken = True
    asked = len(desk.hub.asked)
    await until(lambda: len(desk.hub.asked) > asked + 1)
    assert desk.failed == []
    await leave(desk)


def test_a_seed_drops_what_is_gone_and_keeps_what_the_stream_told_later() -> None:
    day = MarketDay("binance")
    day.seed([ticker(BTC, 100.0, 5), ticker(ETH, 10.0, 5)], 0.0)
    day.ticker(ticker(BTC, 110.0, 9))
    day.ticker(ticker(BTC, 105.0, 7))  # late
    day.seed([ticker(BTC, 103.0, 8)], 1.0)  # from a cache
    assert day.tickers == [ticker(BTC, 110.0, 9)]
    day.seed([ticker(BTC, 104.0, 9)], 2.0)
    assert day.tickers == [ticker(BTC, 104.0, 9)]


def test_it_never_holds_what_was_not_asked_for() -> None:
    day = MarketDay("binance")
    day.ticker(ticker(ETH, 10.0))
    day.seed([ticker(BTC, 100.0)], 0.0)
    day.ticker(ticker(ETH, 11.0))
    assert day.tickers == [ticker(BTC, 100.0)]
