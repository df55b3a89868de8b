"""The limit order book keeps its levels, its update ids and what changed."""

from hypothesis import given
from hypothesis import strategies as st

from tickglass.simulator.book import CHANGES_KEPT, LEVELS_MOST, LimitBook


def book_with(*orders: tuple[int, int]) -> LimitBook:
    book = LimitBook(100)
    for key, size in orders:
        book.place(key, size)
    return book


def test_the_best_level_of_both_sides_is_the_last_key() -> None:
    book = book_with((98, 1), (99, 1), (-101, 1), (-102, 1))
    assert book.bids[-1] == 99
    assert -book.asks[-1] == 101


def test_a_level_has_the_size_of_its_orders() -> None:
    assert book_with((99, 3), (99, 4)).size(99) == 7
    assert book_with((99, 3)).size(98) == 0


def test_a_taker_fills_the_oldest_order_first_and_leaves_the_rest() -> None:
    book = book_with((99, 3), (99, 4))
    assert book.take(99, 5) == [3, 2]
    assert book.size(99) == 2


def test_a_level_without_orders_is_gone() -> None:
    book = book_with((99, 3), (98, 1))
    assert book.take(99, 50) == [3]
    assert book.bids == [98]


def test_cancelling_takes_the_newest_order() -> None:
    book = book_with((99, 3), (99, 4))
    book.cancel(99)
    assert book.size(99) == 3
    book.cancel(99)
    assert book.bids == []


def test_a_side_never_has_more_levels_than_it_may() -> None:
    book = book_with(*((key, 1) for key in range(1, LEVELS_MOST + 10)))
    assert len(book.bids) == LEVELS_MOST
    assert book.bids[0] == 10


def test_every_change_of_a_level_has_its_update_id() -> None:
    book = book_with((99, 3), (-101, 1))
    assert book.update_id == 102
    assert book.changed_since(101) == (101, {-101})
    assert book.changed_since(100) == (100, {99, -101})
    assert book.changed_since(102) == (102, set())


def test_what_changed_too_long_ago_starts_later_than_asked() -> None:
    book = book_with(*((99, 1) for _ in range(CHANGES_KEPT + 5)))
    assert book.changed_since(100) == (105, {99})


orders = st.lists(
    st.tuples(st.sampled_from(["place", "cancel", "take"]), st.integers(1, 30), st.integers(1, 9))
)


@given(orders, st.integers(0, 10))
def test_the_changes_since_an_id_turn_the_old_book_into_the_new(
    todo: list[tuple[str, int, int]], cut: int
) -> None:
    book = LimitBook()
    old: dict[int, int] = {}
    since = 0
    for number, (what, key, size) in enumerate(todo):
        if number == cut:
            old = {each: book.size(each) for each in book.orders}
            since = book.update_id
        if what == "place":
            book.place(key, size)
        elif key in book.orders:
            book.cancel(key) if what == "cancel" else book.take(key, size)
    _, changed = book.changed_since(since)
    patched = old | {key: book.size(key) for key in changed}
    assert {key: size for key, size in patched.items() if size} == {
        key: book.size(key) for key in book.orders
    }
    assert book.bids == sorted(book.orders)
