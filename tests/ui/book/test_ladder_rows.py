"""What each row of the ladder says."""

import pytest

from tickglass.market.ladder import Grid, Ladder, levels
from tickglass.ui.book.ladder_rows import LadderRows, Scale, Scroll, short_names

from .helpers import ASKS, BIDS, TICK, ladder, long_ladder


@pytest.fixture
def rows() -> LadderRows:
    made = LadderRows()
    made.currencies, made.decimals = ("BTC", "USDT"), 1
    made.show(ladder(), 100.2)
    made.fit(-4, 5)
    return made


def test_asks_lie_above_the_spread_and_bids_below(rows: LadderRows) -> None:
    texts = [(rows.line(at, 100).kind, rows.line(at, 100).price) for at in (2, 1, -1, -2)]
    assert texts == [("ask", "100.3"), ("ask", "100.2"), ("bid", "100.0"), ("bid", "99.9")]
    assert rows.line(2, 100).size == "5.00"
    assert rows.line(-3, 100).size == "", "nobody bids 99.8"
    assert rows.line(6, 100).kind == "empty", "the book ends at 100.6"


def test_the_row_between_says_spread_basis_points_and_mid(rows: LadderRows) -> None:
    line = rows.line(0, 100)
    assert line.kind == "spread"
    assert line.price == "Spread 0.2 · 19.98 bps · 100.1"  # 0.2 / 100.1
    assert not line.warns


def test_crossed_books_say_so() -> None:
    rows = LadderRows()
    rows.decimals = 1
    rows.show(ladder([(100.4, 1.0)], [(100.2, 1.0)]), None)
    line = rows.line(0, 100)
    assert line.price == "Crossed 0.2 · 19.94 bps · 100.3"
    assert line.warns


def test_a_side_without_orders_leaves_the_spread_open() -> None:
    rows = LadderRows()
    rows.show(ladder(BIDS, []), 99.0)
    assert rows.line(0, 100).price == "One side is empty"
    assert rows.line(1, 100).kind == "empty"


def test_the_longest_bar_has_room_and_the_others_follow(rows: LadderRows) -> None:
    # The largest size in view is 7, and room is 1.2 times that; the largest total is 15.
    assert rows.line(5, 120).bar == 100
    assert rows.line(5, 120).total_bar == 100
    assert rows.line(1, 120).bar == round(3 / 8.4 * 120)
    assert rows.line(-2, 120).total_bar == round(3 / 18 * 120)
    assert rows.line(-3, 120).bar == 0


def test_bars_keep_their_scale_until_sizes_change_much() -> None:
    scale = Scale()
    scale.follow(10.0)
    assert scale.most == 12.0
    for size in (11.9, 5.0):
        scale.follow(size)
        assert scale.most == 12.0
    scale.follow(4.0)
    assert scale.most == pytest.approx(4.8)
    assert scale.pixels(0.001, 100) == 1, "the smallest order can be seen"
    assert scale.pixels(99.0, 100) == 100
    assert Scale().pixels(1.0, 100) == 0


@pytest.mark.parametrize(
    ("last", "position"), [(100.2, 1), (100.25, 2), (100.1, 0), (100.0, -1), (99.95, -2)]
)
def test_the_last_price_is_marked_where_it_was_traded(last: float, position: int) -> None:
    rows = LadderRows()
    rows.show(ladder(), last)
    assert [at for at in range(-5, 6) if rows.line(at, 100).last] == [position]


def test_sizes_can_be_read_in_quote(rows: LadderRows) -> None:
    rows.unit = "quote"
    assert rows.line(1, 100).size == "301"  # 3 × 100.2 = 300.6
    assert rows.seen_text(-2, 2) == "Bids 300 · asks 802 USDT"  # 100 + 199.8, 300.6 + 501.5


def test_the_read_out_sums_from_the_touch_to_the_pointer(rows: LadderRows) -> None:
    rows.hovered = 2
    assert rows.read_out(-4, 5) == "8.00 BTC · 802 USDT · +0.200 %"
    assert [rows.line(at, 100).lit for at in (3, 2, 1, 0, -1)] == [False, True, True, False, False]
    rows.hovered = -2
    assert rows.read_out(-4, 5) == "3.00 BTC · 300 USDT · −0.200 %"
    rows.hovered = None
    assert rows.read_out(-4, 5) == "Bids 7.00 · asks 15.0 BTC"


def test_each_level_of_several_books_is_marked_with_its_holders() -> None:
    rows = LadderRows()
    rows.currencies = ("BTC", "USDT")
    sources = [levels(BIDS), levels([(99.9, 9.0)])]
    rows.show(Ladder(Grid(TICK, 0.1), sources, [levels(ASKS), levels([])]), None)
    assert [rows.line(at, 100).marks for at in (-1, -2, 1)] == [0b01, 0b11, 0b01]
    assert rows.held_texts(-2, ["Binance", "OKX"]) == ["OKX 9.00 BTC", "Binance 2.00 BTC"]
    assert rows.held_texts(0, ["Binance", "OKX"]) == []


def test_a_single_book_needs_no_marks(rows: LadderRows) -> None:
    assert rows.line(-1, 100).marks == 0


def test_without_a_book_there_is_nothing_to_say() -> None:
    rows = LadderRows()
    rows.fit(-3, 3)
    assert rows.line(0, 100).kind == "empty"
    assert rows.read_out(-3, 3) == ""
    assert rows.price(1) is None


def test_names_are_shortened_as_far_as_they_differ() -> None:
    assert short_names(["Binance", "Bybit", "OKX"]) == ["Bi", "By", "O"]
    assert short_names(["OKX", "OKX"]) == ["OKX", "OKX"]
    assert short_names([]) == []


def test_a_scrolled_ladder_stays_at_its_price_while_the_market_moves() -> None:
    first, second = long_ladder(), long_ladder(shift=3)
    scroll = Scroll()
    scroll.move(first, 10)
    price = first.asks.price(scroll.middle - 1)
    scroll.follow(second)
    assert scroll.scrolled
    assert scroll.middle == 7
    assert second.asks.price(scroll.middle - 1) == price


def test_a_price_that_the_market_has_passed_is_found_on_the_other_side() -> None:
    scroll = Scroll()
    scroll.move(long_ladder(), 3)  # 100.4
    scroll.follow(long_ladder(shift=10))
    assert scroll.middle == -7  # the best bid is 101.0
    assert scroll.scrolled


def test_scrolling_back_to_the_spread_follows_it_again() -> None:
    scroll, book = Scroll(), long_ladder()
    scroll.move(book, 5)
    scroll.move(book, -5)
    assert not scroll.scrolled


def test_nobody_scrolls_past_the_end_of_the_book() -> None:
    scroll, book = Scroll(), ladder()
    scroll.move(book, 1_000)
    assert scroll.middle == len(book.asks)
    scroll.move(book, -1_000)
    assert scroll.middle == -len(book.bids)


def test_another_step_of_price_returns_to_the_spread() -> None:
    scroll = Scroll()
    scroll.move(ladder(), 2)
    scroll.follow(ladder(step=0.5))
    assert not scroll.scrolled
