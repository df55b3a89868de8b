"""One book from several: who holds what, who is left out and why, and crossings."""

import pytest

from tickglass.market.book import OrderBook
from tickglass.market.events import BookDelta, BookSnapshot, Level
from tickglass.market.instrument import Instrument
from tickglass.market.merged_book import Crossing, Holding, MergedBook, MergedLevel

A, B, C = (Instrument(name, "BTC", "USDT") for name in ("binance", "bybit", "okx"))
Rows = list[tuple[float, float]]


def book(instrument: Instrument, bids: Rows, asks: Rows) -> OrderBook:
    made = OrderBook(instrument)
    rows = [tuple(Level(*each) for each in side) for side in (bids, asks)]
    made.load(BookSnapshot(instrument, 1, 1, rows[0], rows[1]))
    return made


def two() -> dict[Instrument, OrderBook]:
    return {
        A: book(A, [(100, 1), (99, 2)], [(101, 3), (102, 4)]),
        B: book(B, [(99, 5), (98, 6)], [(102, 7), (103, 8)]),
    }


def test_each_level_knows_how_much_each_exchange_holds() -> None:
    merged = MergedBook([A, B])
    assert merged.update(two())
    assert merged.bids(2) == [
        MergedLevel(100, 1, (Holding(A, 1),)),
        MergedLevel(99, 7, (Holding(A, 2), Holding(B, 5))),
    ]
    assert merged.asks(2) == [
        MergedLevel(101, 3, (Holding(A, 3),)),
        MergedLevel(102, 11, (Holding(A, 4), Holding(B, 7))),
    ]
    assert merged.taking_part == (A, B)
    assert merged.left_out == {}


def test_the_best_of_all_says_whose_it_is() -> None:
    merged = MergedBook([A, B])
    merged.update(two())
    assert merged.best_bid() == (100, A)
    assert merged.best_ask() == (101, A)
    assert merged.crossing() is None


def test_a_bid_of_one_above_the_ask_of_another_is_a_crossing() -> None:
    books = two() | {C: book(C, [(103, 1)], [(104, 1)])}
    merged = MergedBook([A, B, C])
    merged.update(books)
    crossing = merged.crossing()
    assert crossing == Crossing(C, A, 103, 101)
    assert crossing is not None
    assert crossing.bps == pytest.approx(2 / 102 * 10_000)


def test_equal_prices_do_not_cross() -> None:
    merged = MergedBook([A, B])
    merged.update({A: book(A, [(100, 1)], [(101, 1)]), B: book(B, [(101, 1)], [(102, 1)])})
    assert merged.crossing() is None


def test_a_book_that_waits_is_stale_or_missing_is_left_out_and_named() -> None:
    waiting = OrderBook(B)
    merged = MergedBook([A, B, C])
    merged.update({A: two()[A], B: waiting}, stale={A})
    assert merged.left_out == {A: "stale", B: "waiting", C: "missing"}
    assert merged.taking_part == ()
    assert merged.bids(5) == []
    assert merged.best_bid() is None
    assert merged.crossing() is None
    assert merged.bid_levels() == []


def test_nothing_changed_until_a_book_hears_something() -> None:
    books = two()
    merged = MergedBook([A, B])
    assert merged.update(books)
    assert not merged.update(books)
    before = merged.bid_levels()
    books[B].update(BookDelta(B, 2, 1, 2, (Level(99.5, 9),), ()))
    books[B].arrived = 5.0
    assert merged.update(books)
    assert merged.bid_levels()[0] is before[0], "the other book is not read again"
    assert 99.5 in merged.bid_levels()[1].prices


def test_leaving_a_book_out_and_taking_it_in_again_are_changes() -> None:
    books = two()
    merged = MergedBook([A, B])
    merged.update(books)
    assert merged.update(books, stale={B})
    assert not merged.update(books, stale={B})
    assert merged.update(books)
    assert merged.taking_part == (A, B)
