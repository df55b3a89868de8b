"""Asking for movers while somebody looks, and not longer."""

import asyncio
from collections.abc import Coroutine
from typing import Any, cast

import pytest

from tickglass import movers_feed
from tickglass.errors import Unreachable
from tickglass.feed.hub import Hub
from tickglass.movers_feed import MoversFeed

from .feed.helpers import until


class FakeHub:
    """Answers with the exchange's name, or not at all."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken = False

    async def market(self, exchange: str) -> list[str]:
        self.asked.append(exchange)
        await asyncio.sleep(0)
        if self.broken:
            raise Unreachable("no network", "Nobody answers.")
        return [exchange]


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
