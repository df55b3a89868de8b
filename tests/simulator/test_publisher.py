"""Topics get what happened: at once, or by their period, each encoded once for all its clients."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, ClassVar, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.exchanges import EXCHANGES, SERVERS
from tickglass.exchanges.exchange import (
    BadFrame,
    Beat,
    Call,
    Catalogue,
    Event,
    Feed,
    MarketView,
    Published,
    Reply,
    Sending,
    Server,
    Topic,
)
from tickglass.market.book import OrderBook
from tickglass.market.events import BookDelta, BookSnapshot, Candle, Level, Quote, Ticker, Trade
from tickglass.market.instrument import Instrument
from tickglass.market.interval import MINUTE
from tickglass.simulator.faults import Faults
from tickglass.simulator.market import Market
from tickglass.simulator.pairs import pairs
from tickglass.simulator.publisher import Publisher, difference
from tickglass.simulator.trading import Happening, Taken, Touch
from tickglass.simulator.view import ExchangeView

from .conftest import EXCHANGE, STEP


class Reader:
    """Stands in for a client's connection: keeps the frames that it would be sent."""

    def __init__(self, view: ExchangeView, *streams: str) -> None:
        query = {"streams": "/".join(streams)}
        self.server: Server = SERVERS[EXCHANGE](view, "/stream", query)
        self.exchange = EXCHANGES[EXCHANGE](Catalogue(view.listings))
        self.frames: list[str] = []

    def add(self, text: str) -> None:
        self.frames.append(text)

    def events(self) -> list[Event]:
        return [event for frame in self.frames for event in self.exchange.decode(frame)]


class Stage:
    """A publisher with readers, on the market's clock."""

    def __init__(self, start: int, rate: float = 1_000.0) -> None:
        self.market = Market(7, pairs(6), start, rate)
        self.view = ExchangeView(self.market, EXCHANGE)
        self.faults = Faults()
        self.publisher = Publisher(self.view, SERVERS[EXCHANGE], self.faults)
        self.readers: list[Reader] = []

    def join(self, *streams: str) -> Reader:
        reader = Reader(self.view, *streams)
        self.readers.append(reader)
        self.publisher.subscriptions(self.readers)  # type: ignore[arg-type]
        return reader

    def run(self, seconds: float) -> list[Happening]:
        happened = []
        end = self.market.now + int(seconds * 1_000)
        while self.market.now < end:
            before = self.market.now
            step = self.market.advance(min(end, before + STEP))
            happened += step
            self.publisher.push(step, before, self.market.now)
        return happened


WHOLE_MINUTE = 1_795_361_160_000


@pytest.fixture
def stage() -> Stage:
    return Stage(WHOLE_MINUTE)


def test_every_fill_and_every_quote_of_the_pair_arrives_in_order(stage: Stage) -> None:
    reader = stage.join("btcusdt@trade", "btcusdt@bookTicker")
    happened = [each for each in stage.run(1) if each.pair == 0]
    events = reader.events()
    ids = [trade for e in happened if isinstance(e, Taken) for trade in range(
        e.first_trade, e.first_trade + len(e.fills))]  # fmt: skip
    assert [int(event.id) for event in events if isinstance(event, Trade)] == ids
    updates = [each.update_id for each in happened if isinstance(each, Touch)]
    assert [event.sequence for event in events if isinstance(event, Quote)] == updates
    assert len(events) == len(ids) + len(updates) > 20


def test_an_aggregate_is_one_trade_a_price(stage: Stage) -> None:
    reader = stage.join("btcusdt@aggTrade")
    taken = [each for each in stage.run(1) if each.pair == 0 and isinstance(each, Taken)]
    assert [int(event.id) for event in reader.events()] == [each.id for each in taken]  # type: ignore[union-attr]


def test_tickers_come_once_a_second(stage: Stage) -> None:
    reader = stage.join("btcusdt@ticker")
    stage.run(3.5)
    times = [event.time for event in reader.events() if isinstance(event, Ticker)]
    assert [(time or 0) - WHOLE_MINUTE for time in times] == [1_000, 2_000, 3_000]


def test_the_array_has_only_pairs_that_traded() -> None:
    stage = Stage(WHOLE_MINUTE, rate=3.0)
    reader = stage.join("!miniTicker@arr")
    happened = stage.run(1)
    traded = {stage.view.instrument(e.pair) for e in happened if isinstance(e, Taken)}
    assert {event.instrument for event in reader.events()} == traded  # type: ignore[union-attr]
    assert 0 < len(traded) < 6


def test_a_candle_is_closed_once_and_the_next_one_follows(stage: Stage) -> None:
    stage.run(50)
    reader = stage.join("btcusdt@kline_1m")
    stage.run(14)
    candles = [event for event in reader.events() if isinstance(event, Candle)]
    first, second = WHOLE_MINUTE, WHOLE_MINUTE + MINUTE
    assert [(c.start, c.closed) for c in candles] == [
        *[(first, False)] * 4, (first, True), *[(second, False)] * 3
    ]  # fmt: skip


def test_deltas_keep_a_book_that_started_from_a_snapshot(stage: Stage) -> None:
    reader = stage.join("btcusdt@depth@100ms")
    instrument = stage.view.instrument(0)
    stage.run(0.35)
    book = OrderBook(instrument)
    book.load(stage.view.book(instrument, 1_000))
    stage.run(5.05)
    for event in reader.events():
        assert isinstance(event, BookDelta)
        book.update(event)
    now = stage.view.book(instrument, 1_000)
    assert (book.sequence, book.bids.top(500)) == (now.sequence, now.bids)


def test_the_top_of_the_book_has_its_levels(stage: Stage) -> None:
    reader = stage.join("btcusdt@depth5@100ms")
    stage.run(1)
    tops = [event for event in reader.events() if isinstance(event, BookSnapshot)]
    assert len(tops) == 10
    assert {len(top.bids) for top in tops} == {5}


def test_a_topic_is_encoded_once_for_all_clients(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 0
    encode = SERVERS[EXCHANGE].encode

    def counting(topic: Topic, event: Published, sending: Sending) -> str:
        nonlocal count
        count += 1
        return encode(topic, event, sending)

    monkeypatch.setattr(SERVERS[EXCHANGE], "encode", staticmethod(counting))
    stage.publisher = Publisher(stage.view, SERVERS[EXCHANGE], stage.faults)
    readers = [stage.join("ethusdt@trade") for _ in range(3)]
    stage.run(1)
    assert count == len(readers[0].frames) > 0
    assert readers[0].frames == readers[1].frames == readers[2].frames


def test_a_topic_that_nobody_has_any_more_is_not_sent(stage: Stage) -> None:
    reader = stage.join("btcusdt@trade")
    stage.run(0.5)
    before = len(reader.frames)
    reader.server.topics.clear()
    stage.publisher.subscriptions(stage.readers)  # type: ignore[arg-type]
    stage.run(0.5)
    assert len(reader.frames) == before


def test_lost_deltas_leave_gaps(stage: Stage) -> None:
    reader = stage.join("btcusdt@depth@100ms")
    stage.faults.gap = 0.5
    stage.run(10)
    deltas = [event for event in reader.events() if isinstance(event, BookDelta)]
    gaps = sum(after.previous > before.sequence for before, after in pairwise(deltas))
    assert 25 < len(deltas) < 75
    assert gaps > 10


def test_garbage_cannot_be_read(stage: Stage) -> None:
    reader = stage.join("btcusdt@bookTicker")
    stage.faults.garbage = 0.3
    stage.run(5)
    bad = 0
    for frame in reader.frames:
        try:
            reader.exchange.decode(frame)
        except BadFrame:
            bad += 1
    assert 0.2 < bad / len(reader.frames) < 0.4


# ---------------------------------------------------------------- any exchange's topics


class Told(NamedTuple):
    """A frame before it is written: what of, what, and how it was sent."""

    topic: Topic
    event: Any  # as published
    sending: Sending


class Noting(Server):
    """A server half whose frames are numbers of what was told."""

    told: ClassVar[list[Told]] = []

    @staticmethod
    def encode(topic: Topic, event: Published, sending: Sending) -> str:
        Noting.told.append(Told(topic, event, sending))
        return str(len(Noting.told) - 1)

    def frame(self, topic: Topic, payload: str) -> str:
        return payload

    @staticmethod
    def accepts(path: str) -> bool:
        return True

    def receive(self, text: str) -> list[str]:
        return []

    @staticmethod
    def answer(market: MarketView, call: Call) -> Reply:
        return Reply(404, b"")


class Guest:
    """Stands in for a client's connection that has these topics."""

    def __init__(self, view: ExchangeView, *topics: Topic) -> None:
        self.server = Noting(view, "/", {})
        self.server.topics = {topic.name: topic for topic in topics}
        self.frames: list[str] = []

    def add(self, text: str) -> None:
        self.frames.append(text)

    @property
    def told(self) -> list[Told]:
        return [Noting.told[int(frame)] for frame in self.frames]

    def events(self) -> list[Any]:
        return [each.event for each in self.told]

    def numbers(self) -> list[int]:
        return [each.sending.number for each in self.told]


class Hall(Stage):
    """A stage for guests; pair 0 is BTC/USDT, ``BTC`` here."""

    def __init__(self, rate: float = 1_000.0) -> None:
        super().__init__(WHOLE_MINUTE, rate)
        Noting.told.clear()
        self.publisher = Publisher(self.view, Noting, self.faults)
        self.guests: list[Guest] = []

    def seat(self, *topics: Topic) -> Guest:
        guest = Guest(self.view, *topics)
        self.guests.append(guest)
        self.renew()
        return guest

    def renew(self) -> None:
        self.publisher.subscriptions(self.guests)  # type: ignore[arg-type]

    def open(self, guest: Guest) -> list[Told]:
        frames = self.publisher.openings(guest, guest.server.topics.values())  # type: ignore[arg-type]
        return [Noting.told[int(frame)] for frame in frames]


BTC = Instrument(EXCHANGE, "BTC", "USDT")
DELTAS = Topic("book", Feed.BOOK_DELTAS, BTC, 0.1, opening=True)
WINDOW = Topic("book5", Feed.BOOK_DELTAS, BTC, 0.1, levels=5, opening=True)


def test_a_new_subscriber_is_told_how_things_stand_where_the_topic_says_so() -> None:
    hall = Hall()
    hall.run(61)
    guest = hall.seat(
        Topic("trades", Feed.TRADE, BTC, levels=3, opening=True),
        Topic("ticker", Feed.TICKER, BTC, 0.1, opening=True),
        Topic("candles", Feed.CANDLE, BTC, 1.0, "1m", levels=2, opening=True),
        Topic("candle", Feed.CANDLE, BTC, 1.0, "1m", opening=True),
        Topic("top", Feed.BOOK_TOP, BTC, 0.1, levels=5, opening=True),
        Topic("quote", Feed.QUOTE, BTC, opening=True),
        DELTAS,
        Topic("silent", Feed.QUOTE, BTC),
        Topic("all", Feed.MINI_TICKER, None, 1.0, opening=True),
    )
    view = hall.view
    told = {each.topic.name: each.event for each in hall.open(guest)}
    assert told == {
        "trades": tuple(view.matches(BTC, 3)),
        "ticker": view.day(BTC),
        "candles": tuple(view.bars(BTC, "1m", None, None, 2)),
        "candle": tuple(view.bars(BTC, "1m", None, None, 1)),
        "top": view.book(BTC, 5),
        "quote": view.quote(BTC),
        "book": view.book(BTC, 500),
    }
    assert len(told["trades"]) == 3
    assert [bar.candle.closed for bar in told["candles"]] == [True, False]


def test_an_opening_is_marked_and_not_counted() -> None:
    hall = Hall()
    first = hall.seat(DELTAS)
    assert [each.sending for each in hall.open(first)] == [Sending(WHOLE_MINUTE, True, 0)]
    hall.run(0.5)
    late = hall.seat(DELTAS)
    assert [each.sending for each in hall.open(late)] == [Sending(WHOLE_MINUTE + 500, True, 5)]
    hall.run(0.2)
    assert first.numbers() == [1, 2, 3, 4, 5, 6, 7]
    assert late.numbers() == [6, 7]
    assert not any(each.sending.opening for each in first.told)


def test_frames_are_numbered_on_while_nobody_listens_to_them() -> None:
    hall = Hall()
    hall.run(0.5)
    topic = Topic("ticker", Feed.TICKER, BTC, 0.1)
    guest = hall.seat(topic)
    hall.run(0.3)
    guest.server.topics.clear()
    hall.renew()
    hall.run(0.3)
    guest.server.topics["ticker"] = topic
    hall.renew()
    hall.run(0.2)
    assert guest.numbers() == [1, 2, 3, 4, 5]


def follow(opening: BookSnapshot, deltas: Sequence[BookDelta]) -> OrderBook:
    """The book that a client would hold, which raises Resync at a gap."""
    book = OrderBook(opening.instrument)
    book.load(opening)
    for delta in deltas:
        assert delta.previous == book.sequence
        book.update(delta)
    return book


@pytest.mark.parametrize("topic", [DELTAS, WINDOW])
def test_every_clients_book_starts_from_its_own_opening_and_stays_whole(topic: Topic) -> None:
    hall, books = Hall(), list[tuple[Guest, BookSnapshot]]()
    for pause in (0.0, 0.35, 0.31, 0.0, 0.2):  # some between two pushes
        hall.run(pause)
        guest = hall.seat(topic)
        (told,) = hall.open(guest)
        books.append((guest, told.event))
    hall.run(3.14)  # up to a push
    now = hall.view.book(BTC, topic.levels or 500)
    for guest, opening in books:
        book = follow(opening, guest.events())
        assert (book.bids.top(500), book.asks.top(500)) == (now.bids, now.asks)
        assert book.sequence == now.sequence


def test_clients_told_at_the_same_moment_share_a_frame_and_others_do_not() -> None:
    hall = Hall()
    early = [hall.seat(DELTAS) for _ in range(2)]
    hall.run(0.15)
    late = hall.seat(DELTAS)
    hall.run(0.1)
    assert early[0].frames == early[1].frames
    assert len(late.frames) == 1
    assert late.frames[0] != early[0].frames[-1]
    hall.run(0.1)
    assert late.frames[-1] == early[0].frames[-1]


def test_a_book_of_some_levels_is_told_of_those_alone() -> None:
    hall = Hall()
    guest = hall.seat(WINDOW)
    (opening,) = hall.open(guest)
    removed = 0
    book = follow(opening.event, ())
    hall.run(5)
    for delta in guest.events():
        removed += sum(not size for _, size in delta.bids + delta.asks)
        book.update(delta)
        assert (len(book.bids), len(book.asks)) == (5, 5)
    assert removed > 20


sides = st.dictionaries(st.integers(1, 20).map(float), st.sampled_from([0.5, 1.0, 2.0]))


def levels_of(side: dict[float, float]) -> tuple[Level, ...]:
    return tuple(Level(*each) for each in side.items())


@given(sides, sides, sides, sides)
def test_a_difference_makes_one_book_into_another_and_tells_no_level_in_vain(
    bids: dict[float, float],
    asks: dict[float, float],
    new_bids: dict[float, float],
    new_asks: dict[float, float],
) -> None:
    old = BookSnapshot(BTC, 1, 10, levels_of(bids), levels_of(asks))
    new = BookSnapshot(BTC, 2, 14, levels_of(new_bids), levels_of(new_asks))
    delta = difference(old, new)
    assert (delta.instrument, delta.time, delta.previous, delta.sequence) == (BTC, 2, 10, 14)
    for before, after, changes in ((bids, new_bids, delta.bids), (asks, new_asks, delta.asks)):
        held = dict(before)
        for price, size in changes:
            assert held.get(price, 0.0) != size
            held[price] = size
        assert {price: size for price, size in held.items() if size} == after
        assert len({price for price, _ in changes}) == len(changes)


def periods(happened: Sequence[Happening], period: int) -> set[int]:
    """The ends of the periods, ms, in which BTC/USDT changed."""
    return {-(-each.time // period) * period for each in happened if each.pair == 0}


def test_of_what_did_not_change_nothing_is_sent_where_the_topic_says_so() -> None:
    hall = Hall(rate=6.0)
    changing = hall.seat(Topic("some", Feed.TICKER, BTC, 0.1, on_change=True))
    regular = hall.seat(Topic("every", Feed.TICKER, BTC, 0.1))
    happened = hall.run(10)
    sent = [each.sending.now for each in changing.told]
    assert sent == sorted(periods(happened, 100))
    assert 5 < len(sent) < 60
    assert len(regular.frames) == 100


@pytest.mark.parametrize("feed", [Feed.BOOK_TOP, Feed.BOOK_DELTAS])
def test_books_are_told_of_changes_that_no_trade_and_no_quote_shows(feed: Feed) -> None:
    hall = Hall(rate=12.0)
    guest = hall.seat(Topic("book", feed, BTC, 0.1, on_change=True))
    changed, shown = set[int](), set[int]()
    for _ in range(300):
        before = hall.view.update_id(BTC)
        shown |= periods(hall.run(0.1), 100)
        if hall.view.update_id(BTC) != before:
            changed.add(hall.market.now)
    assert [each.sending.now for each in guest.told] == sorted(changed)
    assert len(shown) < len(changed) < 300


@pytest.mark.parametrize("feed", [Feed.TRADE, Feed.AGGREGATE])
def test_trades_sent_together_are_all_there_in_order_and_a_quiet_period_sends_none(
    feed: Feed,
) -> None:
    hall = Hall(rate=12.0)
    guest = hall.seat(Topic("trades", feed, BTC, 0.25))
    happened = hall.run(10)
    taken = [each for each in happened if each.pair == 0 and isinstance(each, Taken)]
    assert [match.id for batch in guest.events() for match in batch] == [each.id for each in taken]
    assert [each.sending.now for each in guest.told] == sorted(periods(taken, 250))
    assert 3 < len(guest.frames) < len(taken)


def test_trades_that_wait_are_kept_when_somebody_else_comes_or_goes() -> None:
    hall = Hall()
    guest = hall.seat(Topic("trades", Feed.TRADE, BTC, 1.0))
    happened = hall.run(0.5)
    hall.seat(Topic("ticker", Feed.TICKER, BTC, 1.0))
    happened += hall.run(0.5)
    (batch,) = guest.events()
    assert [match.id for match in batch] == [
        each.id for each in happened if each.pair == 0 and isinstance(each, Taken)
    ]


def test_a_change_is_told_although_somebody_else_came_after_it() -> None:
    hall = Hall()
    guest = hall.seat(Topic("some", Feed.TICKER, BTC, 1.0, on_change=True))
    assert periods(hall.run(0.5), 1_000)
    hall.seat(Topic("others", Feed.TICKER, BTC, 0.1, on_change=True))
    hall.market.rate = 0.0
    assert hall.run(1.5) == []
    assert [each.sending.now - WHOLE_MINUTE for each in guest.told] == [1_000]


def test_a_heartbeat_comes_every_second_with_the_second_as_its_number() -> None:
    hall = Hall(rate=1.0)
    guest = hall.seat(Topic("beats", Feed.HEARTBEAT, None, 1.0))
    hall.run(3.5)
    second = WHOLE_MINUTE // 1000
    assert guest.events() == [Beat(second + 1), Beat(second + 2), Beat(second + 3)]
    assert guest.numbers() == [1, 2, 3]


def test_the_first_sending_of_a_candle_is_marked() -> None:
    hall = Hall()
    hall.run(57.5)
    guest = hall.seat(Topic("candle", Feed.CANDLE, BTC, 1.0, "1m"))
    hall.run(4)
    assert [(each.event.candle.closed, each.sending.fresh) for each in guest.told] == [
        (False, False), (False, False), (True, False), (False, True), (False, False)
    ]  # fmt: skip


def test_lost_and_spoilt_frames_are_counted_and_lost_ones_keep_their_number() -> None:
    hall = Hall()
    guests = [hall.seat(DELTAS) for _ in range(2)]
    hall.run(0.2)
    hall.faults.gap = 1.0
    hall.run(0.3)
    hall.faults.gap = 0.0
    hall.run(0.2)
    assert guests[0].numbers() == guests[1].numbers() == [1, 2, 6, 7]
    assert (hall.publisher.lost, hall.publisher.spoilt) == (6, 0)
    hall.faults.garbage = 1.0
    hall.run(0.1)
    assert (hall.publisher.lost, hall.publisher.spoilt) == (6, 2)
