"""Which lines the table has, and in which order."""

from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.instrument import Instrument
from tickglass.ui.watchlist.pair_groups import grouped, kept_order, lines, runs, sorted_order

A1, A2, B1, B2, C1 = (
    Instrument(exchange, base, "USDT")
    for base, exchange in (("A", "okx"), ("A", "bybit"), ("B", "okx"), ("B", "bybit"), ("C", "okx"))
)
ALL = [A1, A2, B1, B2, C1]


def test_pairs_come_in_the_order_of_their_first_row() -> None:
    assert grouped([B1, A1, C1, A2, B2]) == {
        "B/USDT": [B1, B2], "A/USDT": [A1, A2], "C/USDT": [C1],
    }  # fmt: skip


def test_each_pair_has_a_heading_and_a_collapsed_one_nothing_below() -> None:
    assert lines([A1, B1, A2]) == [A1, B1, A2]
    assert lines([A1, B1, A2], by_pair=True) == ["A/USDT", A1, A2, "B/USDT", B1]
    assert lines([A1, B1, A2], by_pair=True, collapsed={"A/USDT"}) == ["A/USDT", "B/USDT", B1]


def test_rows_without_a_value_come_last_whichever_way_is_sorted() -> None:
    values = {A1: 2.0, A2: None, B1: 3.0, B2: None, C1: 1.0}
    assert sorted_order(ALL, values.get, descending=False) == [C1, A1, B1, A2, B2]
    assert sorted_order(ALL, values.get, descending=True) == [B1, A1, C1, A2, B2]


def test_equal_rows_stay_in_the_order_of_the_person() -> None:
    for descending in (False, True):
        assert sorted_order(ALL, lambda _: 1.0, descending=descending) == ALL


def test_a_kept_order_drops_who_left_and_puts_who_came_at_the_end() -> None:
    assert kept_order([C1, B1, A1, B1], [A1, A2, C1]) == [C1, A1, A2]


def test_neighbours_come_as_one_range() -> None:
    assert runs([2, 3, 4, 8]) == [(2, 4), (8, 8)]
    assert runs([]) == []


some = st.lists(st.sampled_from(ALL), unique=True)
values = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@given(some, st.sets(st.sampled_from(["A/USDT", "B/USDT", "C/USDT"])), st.booleans())
def test_grouping_loses_and_doubles_nothing(
    order: list[Instrument], collapsed: set[str], by_pair: bool
) -> None:
    made = lines(order, by_pair=by_pair, collapsed=collapsed)
    assert len(made) == len(set(made))
    rows = [each for each in made if isinstance(each, Instrument)]
    hidden = [each for each in order if by_pair and each.pair in collapsed]
    assert sorted([*rows, *hidden]) == sorted(order)
    heads = [each for each in made if isinstance(each, str)]
    assert sorted(heads) == (sorted({each.pair for each in order}) if by_pair else [])
    for place, line in enumerate(made):
        if by_pair and isinstance(line, Instrument):
            above = made[place - 1]
            assert line.pair == (above if isinstance(above, str) else above.pair)


@given(some, st.lists(values, min_size=5, max_size=5), st.booleans())
def test_sorting_loses_and_doubles_nothing(
    order: list[Instrument], numbers: list[float | None], descending: bool
) -> None:
    of = dict(zip(ALL, numbers, strict=True))
    made = sorted_order(order, of.get, descending=descending)
    assert sorted(made) == sorted(order)
    known = [number for each in made if (number := of[each]) is not None]
    assert known == sorted(known, reverse=descending)


@given(some, some)
def test_a_kept_order_is_a_permutation_of_what_there_is(
    order: list[Instrument], own: list[Instrument]
) -> None:
    assert sorted(kept_order(order, own)) == sorted(own)
