"""Which books and tapes the store holds, and what feeds them."""

from hypothesis import given
from hypothesis import strategies as st

from tickglass.exchanges.exchange import Channel, Kind
from tickglass.market.book import OrderBook
from tickglass.market.instrument import Instrument
from tickglass.market.store import Store
from tickglass.side_feed import arrange

BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("binance", "ETH", "USDT")
OKX, BYBIT = Instrument("okx", "BTC", "USDT"), Instrument("bybit", "BTC", "USDT")
ALL = [BTC, ETH, OKX, BYBIT]


def test_a_book_is_fed_by_its_deltas_and_the_quote_and_a_tape_by_trades() -> None:
    wanted = arrange(Store(), [BTC], [ETH], [OKX])
    assert set(wanted) == {
        Channel(Kind.BOOK, BTC), Channel(Kind.QUOTE, BTC),
        Channel(Kind.TRADE, ETH), Channel(Kind.TRADE, OKX),
    }  # fmt: skip


def test_nothing_shown_wants_nothing_and_holds_nothing() -> None:
    store = Store()
    arrange(store, [BTC], [BTC], [ETH])
    store.books[BTC] = OrderBook(BTC)
    assert arrange(store, [], [], []) == []
    assert store.books == {}
    assert store.tapes == {}


def test_books_that_stay_keep_what_they_hold() -> None:
    store = Store()
    kept, store.books[ETH] = OrderBook(BTC), OrderBook(ETH)
    store.books[BTC] = kept
    arrange(store, [BTC, OKX], [], [])
    assert store.books == {BTC: kept}


def test_what_is_shown_together_is_on_one_tape_and_what_is_counted_on_its_own() -> None:
    store = Store()
    arrange(store, [], [BTC, OKX], [ETH, BYBIT])
    assert store.tapes[BTC] is store.tapes[OKX]
    assert len({id(each) for each in store.tapes.values()}) == 3


def test_the_same_question_again_keeps_every_tape() -> None:
    store = Store()
    arrange(store, [], [BTC, OKX], [ETH])
    before = dict(store.tapes)
    arrange(store, [BTC], [OKX, BTC], [ETH])
    assert all(store.tapes[each] is tape for each, tape in before.items())


def test_a_tape_shared_with_one_that_is_not_shown_any_more_begins_anew() -> None:
    store = Store()
    arrange(store, [], [BTC, OKX], [])
    shared = store.tapes[BTC]
    arrange(store, [], [BTC], [])
    assert store.tapes[BTC] is not shared
    assert OKX not in store.tapes


def test_what_a_chart_counted_goes_on_when_it_is_shown_alone() -> None:
    store = Store()
    arrange(store, [], [], [BTC])
    counted = store.tapes[BTC]
    arrange(store, [], [BTC], [])
    assert store.tapes[BTC] is counted
    arrange(store, [], [], [BTC])
    assert store.tapes[BTC] is counted


def test_what_was_printed_together_is_not_counted_as_one_instruments() -> None:
    store = Store()
    arrange(store, [], [BTC, OKX], [])
    shared = store.tapes[BTC]
    arrange(store, [], [], [BTC, OKX])
    assert store.tapes[BTC] is not shared
    assert store.tapes[OKX] is not store.tapes[BTC]


few = st.lists(st.sampled_from(ALL), unique=True)


@given(st.lists(st.tuples(few, few, few), min_size=1, max_size=5))
def test_whatever_was_held_before_exactly_what_is_wanted_is_held(
    steps: list[tuple[list[Instrument], list[Instrument], list[Instrument]]],
) -> None:
    store = Store()
    for books, taped, every in steps:
        counted = [each for each in every if each not in taped]
        wanted = arrange(store, books, taped, counted)
        store.books |= {each: OrderBook(each) for each in books if each not in store.books}
        assert set(store.books) == set(books)
        assert set(store.tapes) == {*taped, *counted}
        assert len({id(store.tapes[each]) for each in taped}) == min(1, len(taped))
        own = [id(store.tapes[each]) for each in counted]
        assert len(set(own)) == len(own)
        assert not set(own) & {id(store.tapes[each]) for each in taped}
        assert {each.instrument for each in wanted} == {*books, *taped, *counted}
