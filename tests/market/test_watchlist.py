"""Watchlists as values: what comes in, what goes out, what stands where."""

from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.instrument import Instrument
from tickglass.market.watchlist import Watchlist, moved, united

A, B, C, D, E = (Instrument("binance", letter, "USDT") for letter in "ABCDE")
ALL = [A, B, C, D, E]


def test_what_is_in_a_list_already_is_not_put_in_again() -> None:
    watchlist = Watchlist("Mine", [A, B])
    assert watchlist.insert(1, [C, A, C, D]) == [C, D]
    assert watchlist.instruments == [A, C, D, B]


def test_what_was_taken_out_goes_back_where_it_stood() -> None:
    watchlist = Watchlist("Mine", list(ALL))
    places = watchlist.remove([D, A])
    assert (places, watchlist.instruments) == ([(0, A), (3, D)], [B, C, E])
    watchlist.put_back(places)
    assert watchlist.instruments == ALL


def test_what_is_back_already_stays_where_it_is() -> None:
    watchlist = Watchlist("Mine", [B, A])
    watchlist.put_back([(0, A), (9, C)])
    assert watchlist.instruments == [B, A, C]


def test_a_copy_does_not_change_with_the_list() -> None:
    watchlist = Watchlist("Mine", [A], ["pair"], True)
    copy = watchlist.copy()
    assert copy == watchlist
    watchlist.insert(0, [B])
    watchlist.columns.append("last")
    assert copy == Watchlist("Mine", [A], ["pair"], True)


def test_lists_together_name_each_instrument_once() -> None:
    assert united([Watchlist("1", [B, A]), Watchlist("2"), Watchlist("3", [A, C])]) == [B, A, C]


def test_rows_move_together_before_another_or_to_the_end() -> None:
    assert moved(ALL, [D, B], A) == [B, D, A, C, E]
    assert moved(ALL, [A, B], E) == [C, D, A, B, E]
    assert moved(ALL, [A, C], None) == [B, D, E, A, C]


def test_rows_dropped_on_one_of_themselves_go_before_the_next_that_stays() -> None:
    assert moved(ALL, [B, C], B) == ALL
    assert moved(ALL, [A, C], C) == [B, A, C, D, E]
    assert moved(ALL, [D, E], E) == ALL


some = st.lists(st.sampled_from(ALL), unique=True)


@given(st.permutations(ALL), some, st.none() | st.sampled_from(ALL))
def test_moving_loses_and_doubles_nothing_and_keeps_both_orders(
    order: list[Instrument], going: list[Instrument], before: Instrument | None
) -> None:
    made = moved(order, going, before)
    assert sorted(made) == sorted(ALL)
    assert [each for each in made if each in going] == [each for each in order if each in going]
    staying = [each for each in order if each not in going]
    assert [each for each in made if each not in going] == staying
    places = [made.index(each) for each in going]
    assert not places or max(places) - min(places) == len(places) - 1, "they stand together"
    if before is not None and before not in going and going:
        assert made.index(before) == max(places) + 1


@given(st.permutations(ALL), some)
def test_taking_out_and_putting_back_is_nothing(
    order: list[Instrument], going: list[Instrument]
) -> None:
    watchlist = Watchlist("Mine", list(order))
    watchlist.put_back(watchlist.remove(going))
    assert watchlist.instruments == order
