"""What the lists hold is fed, described by its exchange, and judged."""

import asyncio
from collections.abc import Collection, Coroutine, Iterable, Sequence
from typing import Any, cast

import pytest

from tickglass import watching
from tickglass.anchors import Anchors
from tickglass.charts import ChartFeeds
from tickglass.errors import Unreachable, UsageError
from tickglass.exchanges.exchange import Channel, Kind
from tickglass.feed.hub import Hub
from tickglass.market.instrument import Instrument, Listing
from tickglass.market.store import Store
from tickglass.watching import CHECK_INTERVAL, OWNER, Watching, problems

from .feed.helpers import until

BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("binance", "ETH", "USDT")
OKX = Instrument("okx", "BTC", "USDT")
ELSEWHERE = Instrument("nowhere", "BTC", "USDT")


def listed(instrument: Instrument, status: str = "trading") -> Listing:
    return Listing(instrument, instrument.base + instrument.quote_ccy, status=cast(Any, status))


class Exchanges:
    """In place of a hub: says what is told, as soon as ``answer`` lets it."""

    def __init__(self) -> None:
        self.figures: dict[str, object] = {"binance": object(), "okx": object()}
        self.wanted: dict[str, list[Channel]] = {}
        self.lists: dict[str, list[Listing] | Exception] = {
            "binance": [listed(BTC), listed(ETH)],
            "okx": [listed(OKX)],
        }
        self.answer = asyncio.Event()
        self.answer.set()
        self.asked: list[str] = []

    def want(self, owner: str, channels: Iterable[Channel]) -> None:
        self.wanted[owner] = list(channels)

    async def listings(self, exchange: str) -> list[Listing]:
        self.asked.append(exchange)
        await self.answer.wait()
        found = self.lists[exchange]
        if isinstance(found, Exception):
            raise found
        return found


class Notes:
    """In place of charts and anchors: what they are asked for."""

    def __init__(self) -> None:
        self.seeded: list[tuple[list[Instrument], str]] = []
        self.followed: list[list[Instrument]] = []
        self.checked: list[float] = []

    async def seed_sparklines(self, instruments: Sequence[Instrument], span: str) -> None:
        self.seeded.append((list(instruments), span))

    def follow(self, instruments: Sequence[Instrument]) -> None:
        self.followed.append(list(instruments))

    def check(self, now: float) -> None:
        self.checked.append(now)


class Desk:
    """Watching with everything around it; what the window is told is written down."""

    def __init__(self) -> None:
        self.hub, self.store, self.notes = Exchanges(), Store(), Notes()
        self.shown: list[list[Instrument]] = []
        self.halted: list[set[Instrument]] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.watching = Watching(
            cast(Hub, self.hub), self.store,
            cast(ChartFeeds, self.notes), cast(Anchors, self.notes),
            self._show, self._halt, self._spawn,
        )  # fmt: skip
        self.watching.span = "24h"

    def _show(self, listings: Sequence[Listing]) -> None:
        self.shown.append([each.instrument for each in listings])

    def _halt(self, halted: Collection[Instrument]) -> None:
        self.halted.append(set(halted))

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def settled(self) -> None:
        """Until nothing is being fetched any more."""
        while self.tasks:
            await asyncio.gather(*self.tasks)

    def problem(self, instrument: Instrument) -> str:
        return self.store.state(instrument).problem

    async def listings_change(self, exchange: str, *listings: Listing) -> None:
        """The exchange lists something else, and somebody looks again."""
        self.hub.lists[exchange] = list(listings)
        self.watching.check(self.watching._checked + CHECK_INTERVAL)
        await self.settled()


@pytest.mark.asyncio
async def test_what_is_followed_is_fed_with_the_channels_of_its_exchange() -> None:
    desk = Desk()
    desk.watching.follow([BTC, OKX, ELSEWHERE])
    kinds = {each.instrument: set[Kind]() for each in desk.hub.wanted[OWNER]}
    for channel in desk.hub.wanted[OWNER]:
        kinds[channel.instrument].add(channel.kind)
    assert set(kinds) == {BTC, OKX}, "an exchange that nobody knows feeds nothing"
    assert all({Kind.TICKER, Kind.TRADE} <= each for each in kinds.values())
    assert desk.notes.followed == [[BTC, OKX, ELSEWHERE]]
    await desk.settled()


@pytest.mark.asyncio
async def test_only_what_is_new_gets_its_sparkline_seeded() -> None:
    desk = Desk()
    desk.watching.follow([BTC])
    desk.watching.follow([ETH, BTC])
    desk.watching.follow([BTC])
    await desk.settled()
    assert desk.notes.seeded == [([BTC], "24h"), ([ETH], "24h")]
    assert {each.instrument for each in desk.hub.wanted[OWNER]} == {BTC}


@pytest.mark.asyncio
async def test_another_span_seeds_all_sparklines_anew() -> None:
    desk = Desk()
    desk.watching.follow([BTC, ETH])
    desk.watching.choose_span("7d")
    await desk.settled()
    assert desk.notes.seeded[-1] == ([BTC, ETH], "7d")


@pytest.mark.asyncio
async def test_what_is_listed_is_shown_for_each_exchange_as_it_comes() -> None:
    desk = Desk()
    desk.watching.learn(["binance", "okx"])
    await desk.settled()
    assert [set(each) for each in desk.shown] == [{BTC, ETH}, {BTC, ETH, OKX}]


@pytest.mark.asyncio
async def test_an_exchange_out_of_reach_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LISTINGS_RETRY", 0.0)
    desk = Desk()
    good, desk.hub.lists["binance"] = desk.hub.lists["binance"], Unreachable("no route")
    desk.watching.learn(["binance"])
    await until(lambda: len(desk.hub.asked) > 2)
    desk.hub.lists["binance"] = good
    await desk.settled()
    assert set(desk.shown[-1]) == {BTC, ETH}


@pytest.mark.asyncio
async def test_an_exchange_that_was_switched_off_is_not_asked_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "LISTINGS_RETRY", 0.0)
    desk = Desk()
    desk.hub.lists["binance"] = Unreachable("no route")
    desk.watching.learn(["binance"])
    await until(lambda: desk.hub.asked)
    del desk.hub.figures["binance"]
    await desk.settled()
    assert desk.shown == [[]]


@pytest.mark.asyncio
async def test_what_is_off_is_not_found_any_more() -> None:
    desk = Desk()
    desk.watching.learn(["binance", "okx"])
    await desk.settled()
    desk.watching.forget("okx")
    assert set(desk.shown[-1]) == {BTC, ETH}
    count = len(desk.shown)
    desk.watching.forget("okx")
    assert len(desk.shown) == count, "there is nothing new to say"


@pytest.mark.asyncio
async def test_a_list_that_comes_after_its_exchange_was_switched_off_is_not_shown() -> None:
    desk = Desk()
    desk.hub.answer.clear()
    desk.watching.learn(["okx"])
    await until(lambda: desk.hub.asked)
    desk.watching.forget("okx")
    del desk.hub.figures["okx"]
    desk.hub.answer.set()
    await desk.settled()
    assert desk.shown[-1] == []


# ---------------------------------------------------------------- halted and gone


def test_only_exchanges_that_told_what_they_list_are_judged() -> None:
    found = problems([BTC, ETH, OKX], {"binance": [listed(BTC, "halted")]})
    assert found == {BTC: "Trading is halted.", ETH: "No longer listed on Binance."}


@pytest.mark.asyncio
async def test_a_halt_is_said_at_the_row_and_the_chart_and_taken_back() -> None:
    desk = Desk()
    desk.watching.follow([BTC, ETH])
    desk.watching.learn(["binance"])
    await desk.settled()
    assert desk.problem(BTC) == ""
    await desk.listings_change("binance", listed(BTC, "halted"), listed(ETH))
    assert desk.problem(BTC) == "Trading is halted."
    assert desk.halted[-1] == {BTC}
    assert BTC in desk.store.take_changed()
    await desk.listings_change("binance", listed(BTC), listed(ETH))
    assert desk.problem(BTC) == ""
    assert desk.halted[-1] == set()


@pytest.mark.asyncio
async def test_what_another_said_of_an_instrument_is_not_taken_back_with_a_halt() -> None:
    desk = Desk()
    desk.watching.follow([BTC])
    desk.hub.lists["binance"] = [listed(BTC, "halted")]
    desk.watching.learn(["binance"])
    await desk.settled()
    desk.store.state(BTC).problem = "Binance does not know BTCUSDT."
    await desk.listings_change("binance", listed(BTC))
    assert desk.problem(BTC) == "Binance does not know BTCUSDT."


@pytest.mark.asyncio
async def test_a_halt_is_forgotten_with_its_exchange() -> None:
    desk = Desk()
    desk.hub.lists["binance"] = [listed(BTC, "halted")]
    desk.watching.follow([BTC])
    desk.watching.learn(["binance"])
    await desk.settled()
    assert desk.problem(BTC)
    desk.watching.forget("binance")
    assert desk.problem(BTC) == ""


@pytest.mark.asyncio
async def test_lists_are_looked_at_again_once_a_minute_and_told_only_if_they_changed() -> None:
    desk = Desk()
    desk.watching.learn(["binance"])
    await desk.settled()
    desk.watching.check(1_000.0)
    desk.watching.check(1_000.0 + CHECK_INTERVAL - 1)
    await desk.settled()
    assert desk.hub.asked == ["binance"] * 2
    assert len(desk.shown) == 1, "it was the same list"
    assert desk.notes.checked == [1_000.0, 1_000.0 + CHECK_INTERVAL - 1]


@pytest.mark.asyncio
@pytest.mark.parametrize("error", [Unreachable("no route"), UsageError("off")])
async def test_a_second_look_that_fails_leaves_what_was_known(error: Exception) -> None:
    desk = Desk()
    desk.watching.learn(["binance", "okx"])
    await desk.settled()
    desk.hub.lists["binance"] = error
    desk.watching.check(1_000.0)
    await desk.settled()
    assert set(desk.shown[-1]) == {BTC, ETH, OKX}
