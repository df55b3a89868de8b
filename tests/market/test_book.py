"""Order books: kept from a snapshot and deltas, and never trusted after a gap."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market import book as book_module
from tickglass.market.book import BookSide, OrderBook, Resync
from tickglass.market.events import BookDelta, BookSnapshot, Level
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")

Rows = list[tuple[float, float]]


def levels(rows: Rows) -> tuple[Level, ...]:
    return tuple(Level(price, size) for price, size in rows)


def snapshot(sequence: int | None, bids: Rows, asks: Rows, time: int | None = None) -> BookSnapshot:
    return BookSnapshot(BTC, time, sequence, levels(bids), levels(asks), joins=True)


def delta(first: int, last: int, bids: Rows, asks: Rows, time: int | None = None) -> BookDelta:
    """A depthUpdate of Binance with U = ``first`` and u = ``last``."""
    return BookDelta(BTC, time, first - 1, last, levels(bids), levels(asks))


def live_book() -> OrderBook:
    """A book at update 160: bids 99 and 98, asks 101 and 102."""
    book = OrderBook(BTC)
    book.load(snapshot(160, [(99, 1), (98, 2)], [(101, 3), (102, 4)], time=1_000))
    return book


def held(book: OrderBook) -> tuple[Rows, Rows]:
    return (
        [(price, size) for price, size in book.bids.top(100)],
        [(price, size) for price, size in book.asks.top(100)],
    )


# ---------------------------------------------------------------- one side


def test_bids_are_read_from_the_highest_and_asks_from_the_lowest() -> None:
    book = live_book()
    assert book.bids.top(20) == (Level(99, 1), Level(98, 2))
    assert book.asks.top(20) == (Level(101, 3), Level(102, 4))
    assert (book.bids.best(), book.asks.best()) == (99, 101)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_top_gives_no_more_levels_than_asked_for(count: int) -> None:
    book = live_book()
    assert book.bids.top(count) == (Level(99, 1), Level(98, 2))[:count]
    assert book.asks.top(count) == (Level(101, 3), Level(102, 4))[:count]


def test_an_empty_side_has_no_best() -> None:
    side = BookSide(best_is_highest=True)
    assert side.best() is None
    assert side.top(20) == ()
    assert len(side) == 0


def test_a_size_of_zero_removes_and_removing_what_is_not_held_is_normal() -> None:
    book = live_book()
    assert book.update(delta(161, 161, [(99, 0), (97.5, 0)], [(101, 0)]))
    assert held(book) == ([(98, 2)], [(102, 4)])


def test_a_level_of_size_zero_in_a_snapshot_is_not_held() -> None:
    book = OrderBook(BTC)
    book.load(snapshot(1, [(99, 0), (98, 2)], []))
    assert held(book) == ([(98, 2)], [])


@pytest.mark.parametrize("best_is_highest", [True, False])
def test_the_levels_furthest_from_the_price_go_first_when_there_are_too_many(
    best_is_highest: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_module, "LEVELS_KEPT", 3)
    side = BookSide(best_is_highest=best_is_highest)
    side.load(levels([(float(price), 1.0) for price in (5, 3, 1, 2, 4)]))
    best: tuple[float, ...] = (5, 4, 3) if best_is_highest else (1, 2, 3)
    assert [level.price for level in side.top(9)] == list(best)
    side.update(levels([(6.0, 1.0), (0.5, 1.0)]))
    best = (6, 5, 4) if best_is_highest else (0.5, 1, 2)
    assert [level.price for level in side.top(9)] == list(best)
    assert set(side.sizes) == set(best)
    assert len(side) == 3


def test_no_more_than_five_thousand_levels_are_held() -> None:
    side = BookSide(best_is_highest=False)
    side.load(levels([(float(price), 1.0) for price in range(1, 6_000)]))
    assert len(side) == 5_000
    assert side.best() == 1.0
    assert side.top(6_000)[-1].price == 5_000.0


prices = st.integers(1, 30).map(float)
sizes = st.sampled_from([0.0, 0.5, 1.0, 7.0])
rows = st.tuples(prices, sizes)
changes = st.lists(rows, max_size=8)
# A snapshot names each price once.
loads = st.lists(rows, max_size=8, unique_by=lambda row: row[0])


@given(loads, st.lists(changes, max_size=6), st.booleans())
def test_a_side_is_what_a_plain_dict_would_be(
    loaded: Rows, updates: list[Rows], best_is_highest: bool
) -> None:
    side = BookSide(best_is_highest=best_is_highest)
    side.load(levels(loaded))
    plain = dict(loaded)
    for update in updates:
        side.update(levels(update))
        plain.update(update)
    expected = sorted(
        ((price, size) for price, size in plain.items() if size), reverse=best_is_highest
    )
    assert [tuple(level) for level in side.top(100)] == expected
    assert len(side) == len(expected)


# ---------------------------------------------------------------- Binance's procedure, step by step


def test_a_book_waits_for_its_snapshot_and_keeps_the_deltas_meanwhile() -> None:
    book = OrderBook(BTC)
    assert book.waiting
    assert not book.update(delta(161, 162, [(99, 5)], []))
    assert held(book) == ([], [])
    assert book.load(snapshot(160, [(99, 1)], [(101, 1)]))
    assert not book.waiting
    assert held(book) == ([(99, 5)], [(101, 1)])
    assert book.sequence == 162


def test_a_snapshot_older_than_the_first_kept_delta_is_refused_and_the_next_one_is_tried() -> None:
    book = OrderBook(BTC)
    book.update(delta(165, 166, [(99, 5)], []))
    with pytest.raises(Resync, match="older than the first delta"):
        book.load(snapshot(160, [(99, 1)], [(101, 1)]))
    assert book.waiting
    assert held(book) == ([], [])
    assert book.load(snapshot(164, [(99, 1)], [(101, 1)]))
    assert held(book) == ([(99, 5)], [(101, 1)])


def test_kept_deltas_that_the_snapshot_holds_already_are_dropped() -> None:
    book = OrderBook(BTC)
    book.update(delta(150, 155, [(99, 7)], []))
    book.update(delta(156, 160, [(98, 7)], []))
    book.update(delta(161, 163, [(97, 7)], []))
    book.load(snapshot(160, [(99, 1)], [(101, 1)]))
    assert held(book) == ([(99, 1), (97, 7)], [(101, 1)])
    assert book.sequence == 163


def test_the_first_kept_delta_may_reach_back_behind_the_snapshot() -> None:
    book = OrderBook(BTC)
    book.update(delta(158, 163, [(99, 7)], []))
    book.load(snapshot(160, [(99, 1)], [(101, 1)]))
    assert held(book) == ([(99, 7)], [(101, 1)])
    assert book.sequence == 163


def test_a_gap_among_the_kept_deltas_keeps_what_follows_the_gap() -> None:
    book = OrderBook(BTC)
    book.update(delta(161, 162, [], []))
    book.update(delta(170, 171, [(99, 7)], []))
    book.update(delta(172, 173, [(98, 7)], []))
    with pytest.raises(Resync):
        book.load(snapshot(160, [(99, 1)], [(101, 1)]))
    assert book.load(snapshot(170, [(99, 1)], [(101, 1)]))
    assert held(book) == ([(99, 7), (98, 7)], [(101, 1)])


def test_a_delta_that_continues_the_book_is_applied() -> None:
    book = live_book()
    assert book.update(delta(161, 164, [(99.5, 1)], [(101, 2)], time=1_100))
    assert held(book) == ([(99.5, 1), (99, 1), (98, 2)], [(101, 2), (102, 4)])
    assert (book.sequence, book.time) == (164, 1_100)


@pytest.mark.parametrize(("first", "last"), [(150, 155), (159, 160), (160, 160)])
def test_a_delta_seen_already_changes_nothing(first: int, last: int) -> None:
    book = live_book()
    assert not book.update(delta(first, last, [(99, 9)], [(101, 0)], time=2_000))
    assert held(book) == ([(99, 1), (98, 2)], [(101, 3), (102, 4)])
    assert (book.sequence, book.time) == (160, 1_000)


def test_a_gap_in_sequence_asks_for_resync_and_leaves_no_book() -> None:
    book = live_book()
    with pytest.raises(Resync) as caught:
        book.update(delta(162, 163, [(99, 9)], []))
    assert caught.value.instrument == BTC
    assert caught.value.reason == "gap: held 160, got 162"
    assert book.waiting
    assert held(book) == ([], [])
    assert (book.sequence, book.time) == (None, None)


def test_the_delta_after_the_gap_is_kept_for_the_next_snapshot() -> None:
    book = live_book()
    with pytest.raises(Resync):
        book.update(delta(162, 163, [(99, 9)], []))
    assert not book.update(delta(164, 165, [(98, 9)], []))
    assert book.load(snapshot(162, [(99, 1), (98, 1)], [(101, 1)]))
    assert held(book) == ([(99, 9), (98, 9)], [(101, 1)])


@pytest.mark.parametrize("bid", [101.0, 101.5, 200.0])
def test_a_best_bid_that_reaches_the_best_ask_asks_for_resync(bid: float) -> None:
    book = live_book()
    with pytest.raises(Resync, match="crossed"):
        book.update(delta(161, 161, [(bid, 1)], []))
    assert book.waiting
    assert held(book) == ([], [])


def test_a_bid_may_pass_an_ask_that_goes_in_the_same_delta() -> None:
    book = live_book()
    assert book.update(delta(161, 161, [(101, 1)], [(101, 0)]))
    assert (book.bids.best(), book.asks.best()) == (101, 102)


def test_a_crossed_snapshot_asks_for_resync() -> None:
    book = OrderBook(BTC)
    with pytest.raises(Resync, match="crossed"):
        book.load(snapshot(160, [(101, 1)], [(101, 1)]))
    assert book.waiting


def test_a_book_with_one_empty_side_is_not_crossed() -> None:
    book = OrderBook(BTC)
    assert book.load(snapshot(160, [(101, 1)], []))
    assert book.update(delta(161, 161, [(101, 0)], [(3, 1)]))
    assert held(book) == ([], [(3, 1)])


def test_a_new_snapshot_replaces_a_live_book_even_if_its_number_is_lower() -> None:
    book = live_book()
    assert book.load(snapshot(7, [(9, 1)], [(10, 1)]))
    assert held(book) == ([(9, 1)], [(10, 1)])
    assert book.update(delta(8, 8, [(9, 2)], []))


def test_after_a_snapshot_without_a_number_the_first_delta_gives_it() -> None:
    book = OrderBook(BTC)
    book.load(snapshot(None, [(99, 1)], [(101, 1)]))
    assert book.update(delta(500, 505, [(99, 2)], []))
    with pytest.raises(Resync, match="gap"):
        book.update(delta(507, 508, [], []))


def test_dropping_a_book_forgets_the_kept_deltas_too() -> None:
    book = OrderBook(BTC)
    book.update(delta(200, 201, [(99, 7)], []))
    book.drop()
    assert book.load(snapshot(160, [(99, 1)], [(101, 1)]))
    assert held(book) == ([(99, 1)], [(101, 1)])


def test_waiting_in_vain_asks_for_resync_and_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book_module, "DELTAS_KEPT_WAITING", 3)
    book = OrderBook(BTC)
    for number in (1, 2, 3):
        assert not book.update(delta(number, number, [], []))
    with pytest.raises(Resync, match="no snapshot"):
        book.update(delta(4, 4, [], []))
    assert book.waiting
    assert not book.update(delta(5, 5, [(99, 7)], []))
    assert book.load(snapshot(4, [(99, 1)], [(101, 1)]))
    assert held(book) == ([(99, 7)], [(101, 1)])


# ------------------------------------------------------ against the procedure, told plainly


@dataclass
class Told:
    """Steps 1 to 8 of Binance's procedure on plain dicts. ``local`` None: waiting."""

    local: int | None = None
    bids: dict[float, float] = field(default_factory=dict)
    asks: dict[float, float] = field(default_factory=dict)
    buffer: list[BookDelta] = field(default_factory=list)

    def on_snapshot(self, event: BookSnapshot) -> bool:
        """Whether the snapshot was good; else start over with what is buffered from there on."""
        assert event.sequence is not None
        self.local = event.sequence
        self.bids, self.asks = dict(event.bids), dict(event.asks)
        while self.buffer:
            if self.buffer[0].previous + 1 > self.local + 1:
                self.local = None
                return False
            self.set_levels(self.buffer.pop(0))
        return self.uncrossed()

    def on_delta(self, event: BookDelta) -> bool:
        if self.local is None:
            self.buffer.append(event)
            return True
        if event.previous + 1 > self.local + 1:
            self.local, self.buffer = None, [event]
            return False
        self.set_levels(event)
        return self.uncrossed()

    def set_levels(self, event: BookDelta) -> None:
        assert self.local is not None
        if event.sequence > self.local:
            self.bids.update(event.bids)
            self.asks.update(event.asks)
            self.local = event.sequence

    def uncrossed(self) -> bool:
        bids = [price for price, size in self.bids.items() if size]
        asks = [price for price, size in self.asks.items() if size]
        if bids and asks and max(bids) >= min(asks):
            self.local, self.buffer = None, []
            return False
        return True

    def shown(self) -> tuple[Rows, Rows]:
        if self.local is None:
            return [], []
        return (
            sorted((row for row in self.bids.items() if row[1]), reverse=True),
            sorted(row for row in self.asks.items() if row[1]),
        )


def side_rows(lowest: int, highest: int) -> st.SearchStrategy[Rows]:
    row = st.tuples(st.integers(lowest, highest).map(float), sizes)
    return st.lists(row, max_size=4, unique_by=lambda row: row[0])


# How far the first number of a delta lies from the one expected, and how many updates it holds:
# most continue, some overlap, are old, or leave a gap.
steps = st.tuples(
    st.booleans().filter(bool) | st.booleans(),
    st.sampled_from([0, 0, 0, 0, 0, -1, -3, 2]),
    st.integers(1, 4),
    side_rows(1, 20),
    side_rows(20, 40),
)


@given(st.lists(steps, max_size=25))
def test_any_stream_gives_the_book_of_the_procedure_told_plainly(
    stream: list[tuple[bool, int, int, Rows, Rows]],
) -> None:
    book, told, number = OrderBook(BTC), Told(), 100
    for is_delta, off, count, bids, asks in stream:
        event: BookDelta | BookSnapshot
        if is_delta:
            first = number + 1 + off
            event = delta(first, first + count - 1, bids, asks)
            number = max(number, event.sequence)
            good = told.on_delta(event)
        else:
            event = snapshot(number + off, bids, asks)
            good = told.on_snapshot(event)
        try:
            book.update(event) if isinstance(event, BookDelta) else book.load(event)
        except Resync:
            assert not good
        else:
            assert good
        assert held(book) == told.shown()
        assert book.waiting == (told.local is None)


def test_a_snapshot_of_the_stream_forgets_what_came_before_it() -> None:
    book = OrderBook(BTC)
    assert not book.update(BookDelta(BTC, 1, 899, 900, levels([(5.0, 1.0)]), ()))
    # The exchange has begun its numbers anew: 7 is newer than 900.
    assert book.load(BookSnapshot(BTC, 2, 7, levels([(1.0, 2.0)]), levels([(3.0, 4.0)])))
    assert (book.sequence, book.bids.best(), book.kept) == (7, 1.0, 0)
