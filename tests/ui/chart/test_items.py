"""What the chart draws: exactly the candles in view, summed where pixels are fewer."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.candles import CandleSeries
from tickglass.ui.chart.items import binned, visible_rows

from ..helpers import BTC, WEDNESDAY, candle

minutes = st.lists(st.integers(0, 60), unique=True, max_size=30)


def held(numbers: list[int]) -> CandleSeries:
    series = CandleSeries(BTC, "1m")
    series.merge([candle(number) for number in numbers])
    return series


# Quarters of a second are exact in floating point, epoch seconds and all.
quarters = st.integers(-480, 16_000).map(lambda number: number / 4)


@given(minutes, quarters, quarters.filter(lambda width: width >= 0))
def test_the_visible_rows_are_those_that_a_plain_loop_finds(
    numbers: list[int], left: float, width: float
) -> None:
    right = left + width
    rows = visible_rows(held(numbers), WEDNESDAY + left, WEDNESDAY + right)
    starts = sorted(60.0 * number for number in numbers)
    # The candle under the left edge began before it: the last one that did.
    under = [start for start in starts if start <= left][-1:]
    expected = under + [start for start in starts if left < start <= right]
    assert [start / 1_000 - WEDNESDAY for start in rows[0]] == expected


def test_visible_rows_are_not_copied() -> None:
    series = held([0, 1, 2])
    assert np.shares_memory(visible_rows(series, WEDNESDAY, WEDNESDAY + 60), series.rows)


prices = st.integers(1, 1_000).map(float)
one_row = st.tuples(prices, prices, prices, prices, prices)


@given(st.lists(one_row, min_size=1, max_size=60), st.integers(1, 70))
def test_binned_candles_are_those_of_a_plain_loop(
    given_rows: list[tuple[float, ...]], bins: int
) -> None:
    columns = [(float(start), *row) for start, row in enumerate(given_rows)]
    rows = np.array(columns).T
    found = binned(rows, bins)
    count = len(columns)
    if count <= bins:
        assert found is rows
        return
    expected = []
    for number in range(bins):
        part = columns[number * count // bins : (number + 1) * count // bins]
        assert part, "no bin is empty"
        expected.append((
            part[0][0],
            part[0][1],
            max(row[2] for row in part),
            min(row[3] for row in part),
            part[-1][4],
            sum(row[5] for row in part),
        ))  # fmt: skip
    assert found.T.tolist() == [list(row) for row in expected]


@given(st.lists(one_row, min_size=1, max_size=200), st.integers(1, 50))
def test_binning_loses_neither_volume_nor_extremes(
    given_rows: list[tuple[float, ...]], bins: int
) -> None:
    rows = np.array([(float(start), *row) for start, row in enumerate(given_rows)]).T
    found = binned(rows, bins)
    assert found.shape == (6, min(bins, rows.shape[1]))
    assert found[2].max() == rows[2].max()
    assert found[3].min() == rows[3].min()
    assert found[5].sum() == rows[5].sum()
    assert (found[1, 0], found[4, -1]) == (rows[1, 0], rows[4, -1])
