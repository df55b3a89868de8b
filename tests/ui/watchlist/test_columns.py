"""Which columns a list shows."""

from tickglass.ui.watchlist.columns import (
    COLUMNS,
    TITLES,
    USUAL,
    Column,
    columns_of,
    keys_of,
    problem_column,
    sample,
    title,
    with_comparing,
)


def test_every_column_has_a_title_and_a_sample() -> None:
    assert set(TITLES) == {each for each in COLUMNS if sample(each)}
    assert len(set(TITLES.values())) == len(COLUMNS)


def test_no_names_are_the_usual_columns_and_back() -> None:
    assert columns_of([]) == list(USUAL)
    assert keys_of(USUAL) == []


def test_columns_are_kept_by_name_in_their_order() -> None:
    chosen = [Column.LAST, Column.PAIR, Column.SPREAD]
    assert keys_of(chosen) == ["last", "pair", "spread"]
    assert columns_of(keys_of(chosen)) == chosen


def test_unknown_and_doubled_names_are_passed_over_and_the_pair_never_lacks() -> None:
    assert columns_of(["last", "of_the_future", "last"]) == [Column.PAIR, Column.LAST]
    assert columns_of(["nothing", "known"]) == list(USUAL)


def test_comparing_puts_spread_and_premium_behind_bid_and_ask() -> None:
    P, L, B, A = Column.PAIR, Column.LAST, Column.BID, Column.ASK
    S, M = Column.SPREAD, Column.PREMIUM
    assert with_comparing([P, B, A, L]) == [P, B, A, S, M, L]
    assert with_comparing([P, L]) == [P, L, B, A, S, M]
    assert with_comparing([P, M, B, A, S]) == [P, M, B, A, S]


def test_a_problem_is_told_where_it_can_be_seen() -> None:
    assert problem_column(COLUMNS) is Column.FRESHNESS
    assert problem_column(USUAL) is Column.SPARKLINE
    assert problem_column([Column.PAIR, Column.EXCHANGE]) is Column.EXCHANGE
    assert problem_column([Column.PAIR, Column.BID]) is Column.PAIR


def test_change_and_sparkline_are_called_after_what_was_chosen() -> None:
    assert title(Column.CHANGE) == "24 h"
    assert title(Column.CHANGE, basis="Since 00:00 UTC") == "Since 00:00 UTC"
    assert title(Column.SPARKLINE, span="7d") == "Last week"
