"""Rows add up exactly and split into parts that add up to them again."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tickglass.simulator.rows import (
    CLOSE,
    COLUMNS,
    FIRST_TRADE,
    HIGH,
    LOW,
    OPEN,
    QUOTE,
    START,
    SUMS,
    TAKER_VOLUME,
    TRADES,
    VOLUME,
    Rows,
    add_up,
    split,
)


def row(start: int, opened: int, high: int, low: int, close: int, trades: int = 1) -> list[int]:
    volume = trades * 10
    return [start, opened, high, low, close, volume, volume * close, trades, 4, 4 * close, 70]


def table(*rows: list[int]) -> Rows:
    return np.array(rows, dtype=np.int64)


def test_rows_add_up_by_their_starts() -> None:
    rows = table(row(0, 5, 9, 4, 6), row(10, 6, 8, 2, 3), row(20, 3, 4, 3, 4))
    total = add_up(rows, [0, 20])
    assert total[0, : CLOSE + 1].tolist() == [0, 5, 9, 2, 3]
    assert total[0, SUMS].tolist() == (rows[0, SUMS] + rows[1, SUMS]).tolist()
    assert total[1].tolist() == rows[2].tolist()


def test_two_rows_of_the_same_start_are_one() -> None:
    rows = table(row(0, 5, 9, 4, 6), row(0, 6, 11, 6, 7))
    assert add_up(rows, [0])[0, : CLOSE + 1].tolist() == [0, 5, 11, 4, 7]


def test_a_row_without_trades_has_no_say_in_the_price_of_a_longer_one() -> None:
    rows = table(row(0, 9, 9, 9, 9, trades=0), row(10, 5, 6, 4, 5), row(20, 5, 5, 5, 5, trades=0))
    assert add_up(rows, [0])[0, : CLOSE + 1].tolist() == [0, 5, 6, 4, 5]
    assert add_up(rows[:1], [0])[0, : CLOSE + 1].tolist() == [0, 9, 9, 9, 9]


def test_a_start_without_rows_is_flat_at_the_close_before() -> None:
    total = add_up(table(row(0, 5, 9, 4, 6, trades=3), row(30, 7, 7, 7, 7)), [10, 20, 30])
    assert total[:2, OPEN : CLOSE + 1].tolist() == [[6] * 4] * 2
    assert total[:2, SUMS].sum() == 0
    assert total[:2, FIRST_TRADE].tolist() == [73, 73]
    assert total[2, OPEN] == 7


parents = st.builds(
    lambda prices, opened, close, trades, size, seed: (prices, opened, close, trades, size, seed),
    st.tuples(st.integers(1, 10**7), st.integers(0, 10**5)),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(0, 10**6),
    st.integers(1, 10**6),
    st.integers(0, 99),
)


@settings(max_examples=150, deadline=None)
@given(parents, st.integers(1, 60))
def test_parts_add_up_to_the_row_they_were_split_from(
    given_parent: tuple[tuple[int, int], float, float, int, int, int], parts: int
) -> None:
    (low, reach), opened, close, trades, size, seed = given_parent
    if trades == 0:
        reach = 0
    volume = trades * size
    middle = low + reach // 2
    parent = np.zeros((1, COLUMNS), dtype=np.int64)
    parent[0, [START, FIRST_TRADE, TRADES, VOLUME]] = [6_000, 500, trades, volume]
    parent[0, OPEN : CLOSE + 1] = [
        low + int(opened * reach),
        low + reach,
        low,
        low + int(close * reach),
    ]
    parent[0, QUOTE] = volume * middle
    parent[0, TAKER_VOLUME] = volume // 2
    found = split(parent, 10, np.ones(parts), np.random.default_rng(seed))
    assert found[:, START].tolist() == [6_000 + 10 * part for part in range(parts)]
    assert add_up(found, [6_000]).tolist() == parent.tolist()
    assert (found[:, LOW] <= found[:, [OPEN, CLOSE]].min(axis=1)).all()
    assert (found[:, HIGH] >= found[:, [OPEN, CLOSE]].max(axis=1)).all()
    assert (found[1:, OPEN] == found[:-1, CLOSE]).all()
    assert (found[:, VOLUME] >= found[:, TRADES]).all()
    assert (found[:, SUMS] >= 0).all()
    idle = found[found[:, TRADES] == 0]
    assert (idle[:, HIGH] == idle[:, LOW]).all()
    assert idle[:, VOLUME].sum() == 0
