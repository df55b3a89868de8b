"""Topics get what happened: at once, or by their period, each encoded once for all its clients."""

from itertools import pairwise

import pytest

from tickglass.exchanges import EXCHANGES, SERVERS
from tickglass.exchanges.exchange import BadFrame, Catalogue, Event, Published, Server, Topic
from tickglass.market.book import OrderBook
from tickglass.market.events import BookDelta, BookSnapshot, Candle, Quote, Ticker, Trade
from tickglass.market.interval import MINUTE
from tickglass.simulator.faults import Faults
from tickglass.simulator.market import Market
from tickglass.simulator.pairs import pairs
from tickglass.simulator.publisher import Publisher
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

    def counting(topic: Topic, event: Published, now: int) -> str:
        nonlocal count
        count += 1
        return encode(topic, event, now)

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
