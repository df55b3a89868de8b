"""Every book of a connection gets its snapshot, and another one when it broke."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from tickglass.errors import FeedError, Unreachable
from tickglass.exchanges.binance import Binance
from tickglass.exchanges.exchange import BadFrame, Catalogue, Channel, Kind, Request
from tickglass.feed.books import Books
from tickglass.feed.surroundings import Surroundings
from tickglass.market.events import BookSnapshot
from tickglass.market.instrument import Instrument

from .helpers import BTC, ETH, SOL

really_sleep = asyncio.sleep


class ByStream(Binance):
    """Its snapshots come on subscribing, and at no other time."""

    limits = replace(Binance.limits, snapshot_interval=3.0)
    book_snapshot_by_rest = False
    book_snapshot_joins = False

    def depth_request(self, instrument: Instrument) -> Request:
        return Request("/depth", {"symbol": instrument.base})

    def parse_depth(self, body: bytes, instrument: Instrument) -> BookSnapshot:
        if not body:
            raise BadFrame("nothing in it")
        return BookSnapshot(instrument, None, int(body), (), ())


class Joining(ByStream):
    """As before, but one by REST continues the stream."""

    book_snapshot_joins = True


class ByRest(ByStream):
    """Its snapshots come by REST only."""

    book_snapshot_by_rest = book_snapshot_joins = True


class Stage:
    """The books of a connection, and everything that they ask for and get; it is its clock too."""

    def __init__(self, exchange: type[ByStream]) -> None:
        self.now = 1_000.0
        self.anew: list[Instrument] = []
        self.fetched: list[tuple[float, str]] = []
        self.applied: list[BookSnapshot] = []
        self.recorded: list[tuple[str, str, bytes]] = []
        self.failures: list[Exception | bytes] = []
        self.while_fetching: Callable[[], None] = lambda: None
        unused: Any = None
        around = Surroundings(
            exchange, unused, self, unused, unused, lambda: self.now, unused, unused, unused, self  # type: ignore[arg-type]
        )  # fmt: skip
        self.books = Books(around, exchange(Catalogue()), self, self.applied.append)  # type: ignore[arg-type]

    def begin_anew(self, channel: Channel) -> None:
        assert channel.kind is Kind.BOOK
        self.anew.append(channel.instrument)

    async def get(self, request: Request) -> bytes:
        self.fetched.append((self.now - 1_000, request.query["symbol"]))
        self.while_fetching()
        answer = self.failures.pop(0) if self.failures else b"%d" % len(self.fetched)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def rest(self, exchange: str, target: str, body: bytes) -> None:
        self.recorded.append((exchange, target, body))

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await really_sleep(0)

    @asynccontextmanager
    async def fetching(self) -> AsyncIterator[Books]:
        task = asyncio.create_task(self.books.run())
        try:
            yield self.books
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until(self, fetched: int) -> None:
        """Let it work until so many snapshots were asked for, and the last reply was taken."""
        for _ in range(10_000):
            if len(self.fetched) >= fetched and self.now > 1_000 + self.fetched[-1][0]:
                return
            await really_sleep(0)
        pytest.fail(f"only {self.fetched} were fetched")

    def remind_each_second(self, seconds: int) -> list[int]:
        """The seconds in which a book is asked for anew."""
        moments = []
        for second in range(seconds + 1):
            before = len(self.anew)
            self.books.remind(1_000.0 + second)
            if len(self.anew) > before:
                moments.append(second)
        return moments


@pytest.fixture
def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Stage:
    made = Stage(request.param)
    monkeypatch.setattr(asyncio, "sleep", made.sleep)
    return made


by_stream = pytest.mark.parametrize("stage", [ByStream], indirect=True)
joining = pytest.mark.parametrize("stage", [Joining], indirect=True)
by_rest = pytest.mark.parametrize("stage", [ByRest], indirect=True)


# ---------------------------------------------------------------- over the stream


@by_stream
def test_of_two_subscriptions_the_newer_has_the_greater_number(stage: Stage) -> None:
    assert stage.books.number(BTC) == 0
    stage.books.begin(BTC)
    stage.books.begin(ETH)
    first = stage.books.number(BTC)
    assert 0 < first < stage.books.number(ETH)
    stage.books.end(BTC)
    assert stage.books.number(BTC) == 0
    stage.books.begin(BTC)
    assert stage.books.number(BTC) > stage.books.number(ETH)


@by_stream
def test_a_broken_book_is_subscribed_anew_if_it_is_one_of_ours(stage: Stage) -> None:
    stage.books.begin(BTC)
    assert stage.anew == []
    stage.books.broken(ETH)
    assert stage.anew == []
    stage.books.broken(BTC)
    assert stage.anew == [BTC]
    stage.books.end(BTC)
    stage.books.broken(BTC)
    assert stage.anew == [BTC]


@by_stream
def test_a_snapshot_that_does_not_come_is_asked_for_with_growing_patience(stage: Stage) -> None:
    stage.books.begin(BTC)
    # Waits of 2, 4, 8, 16 and 32 s, then a minute each.
    assert stage.remind_each_second(200) == [2, 6, 14, 30, 62, 122, 182]


@by_stream
@pytest.mark.parametrize("end", ["came", "end"])
def test_what_came_or_is_no_longer_wanted_is_not_asked_for(stage: Stage, end: str) -> None:
    stage.books.begin(BTC)
    stage.books.begin(ETH)
    getattr(stage.books, end)(BTC)
    stage.remind_each_second(100)
    assert set(stage.anew) == {ETH}


@by_stream
def test_a_book_that_breaks_after_it_was_live_is_waited_for_with_little_patience_again(
    stage: Stage,
) -> None:
    stage.books.begin(BTC)
    assert stage.remind_each_second(20) == [2, 6, 14]
    stage.books.came(BTC)
    stage.now += 100
    stage.books.broken(BTC)
    assert stage.remind_each_second(120) == [102, 106, 114]


@by_stream
def test_after_a_lost_frame_the_books_that_wait_are_asked_for_at_once(stage: Stage) -> None:
    stage.books.begin(BTC)
    stage.books.begin(ETH)
    stage.books.came(BTC)
    stage.books.hurry()
    assert stage.anew == [ETH]


@joining
def test_where_it_joins_the_stream_the_third_snapshot_is_fetched_by_rest(stage: Stage) -> None:
    async def run() -> None:
        stage.books.begin(BTC)
        assert stage.remind_each_second(6) == [2]
        async with stage.fetching():
            await stage.until(1)

    asyncio.run(run())
    assert [name for _, name in stage.fetched] == ["BTC"]
    assert stage.applied == [BookSnapshot(BTC, None, 1, (), ())]


# ---------------------------------------------------------------- by REST


def fetched(stage: Stage, count: int, prepare: Callable[[Books], None]) -> list[tuple[float, str]]:
    """The snapshots fetched after ``prepare``: when, and of what."""

    async def run() -> None:
        prepare(stage.books)
        async with stage.fetching():
            await stage.until(count)

    asyncio.run(run())
    return stage.fetched


@by_rest
def test_snapshots_are_fetched_in_their_order_with_a_pause_between(stage: Stage) -> None:
    def begin(books: Books) -> None:
        for instrument in (ETH, BTC, SOL):
            books.begin(instrument)

    assert fetched(stage, 3, begin) == [(0, "ETH"), (3, "BTC"), (6, "SOL")]
    assert [(each.instrument, each.sequence) for each in stage.applied] == [
        (ETH, 1), (BTC, 2), (SOL, 3)
    ]  # fmt: skip
    assert stage.anew == []


@by_rest
def test_a_reply_is_recorded_just_as_it_came(stage: Stage) -> None:
    fetched(stage, 1, lambda books: books.begin(BTC))
    assert stage.recorded == [("binance", "/depth?symbol=BTC", b"1")]


@by_rest
def test_a_broken_book_is_fetched_again_but_waits_only_once(stage: Stage) -> None:
    def break_often(books: Books) -> None:
        books.begin(BTC)
        books.begin(ETH)
        books.broken(BTC)
        books.broken(BTC)
        books.broken(SOL)

    async def run() -> None:
        break_often(stage.books)
        async with stage.fetching() as books:
            await stage.until(2)
            books.begin(SOL)
            books.broken(BTC)
            await stage.until(4)

    asyncio.run(run())
    assert [name for _, name in stage.fetched] == ["BTC", "ETH", "SOL", "BTC"]
    assert stage.anew == []


@by_rest
def test_a_book_that_breaks_while_it_is_fetched_is_fetched_once_more(stage: Stage) -> None:
    def break_once() -> None:
        stage.while_fetching = lambda: None
        stage.books.broken(BTC)

    stage.while_fetching = break_once
    names = [name for _, name in fetched(stage, 2, lambda books: books.begin(BTC))]
    assert names == ["BTC", "BTC"]


@by_rest
@pytest.mark.parametrize("failure", [Unreachable("no"), FeedError("no"), b""])
def test_a_fetch_that_fails_is_tried_again_after_the_others(
    stage: Stage, failure: Exception | bytes
) -> None:
    stage.failures = [failure, failure]

    def begin(books: Books) -> None:
        books.begin(BTC)
        books.begin(ETH)

    assert [name for _, name in fetched(stage, 4, begin)] == ["BTC", "ETH", "BTC", "ETH"]
    assert [each.instrument for each in stage.applied] == [BTC, ETH]


@by_rest
def test_what_is_no_longer_wanted_is_not_fetched(stage: Stage) -> None:
    def begin(books: Books) -> None:
        for instrument in (BTC, ETH, SOL):
            books.begin(instrument)
        books.end(BTC)
        books.end(ETH)

    assert fetched(stage, 1, begin) == [(0, "SOL")]


@by_rest
def test_what_is_wanted_again_is_fetched_again(stage: Stage) -> None:
    def begin(books: Books) -> None:
        books.begin(BTC)
        books.end(BTC)
        books.begin(BTC)

    assert fetched(stage, 1, begin) == [(0, "BTC")]


@by_rest
def test_nobody_is_asked_to_send_what_comes_by_rest(stage: Stage) -> None:
    stage.books.begin(BTC)
    assert stage.remind_each_second(100) == []
