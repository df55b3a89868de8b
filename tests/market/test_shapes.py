"""Heikin-Ashi: as the rule says, and the same whether computed at once or as bars come."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market import shapes
from tickglass.market.candles import CLOSE, OPEN, CandleSeries, Floats
from tickglass.market.events import Candle
from tickglass.market.folding import FoldedSeries
from tickglass.market.instrument import Instrument
from tickglass.market.shapes import HeikinAshi, heikin_ashi

BTC = Instrument("binance", "BTC", "USDT")
MINUTE = 60_000


def test_three_candles_worked_out_by_hand() -> None:
    rows = np.array([
        [0.0, 10.0, 14.0, 8.0, 12.0, 1.0],
        [1.0, 12.0, 20.0, 11.0, 17.0, 2.0],
        [2.0, 17.0, 18.0, 9.0, 10.0, 3.0],
    ]).T  # fmt: skip
    # Closes: 44/4 = 11, 60/4 = 15, 54/4 = 13.5. Opens: 22/2 = 11, (11+11)/2 = 11, (11+15)/2 = 13.
    assert heikin_ashi(rows).T.tolist() == [
        [0.0, 11.0, 14.0, 8.0, 11.0, 1.0],
        [1.0, 11.0, 20.0, 11.0, 15.0, 2.0],
        [2.0, 13.0, 18.0, 9.0, 13.5, 3.0],
    ]
    assert heikin_ashi(rows[:, :0]).shape == (6, 0)


def plain_loop(rows: Floats) -> list[float]:
    opens = [(rows[OPEN, 0] + rows[CLOSE, 0]) / 2]
    for column in rows.T[:-1]:
        opens.append((opens[-1] + column[OPEN : CLOSE + 1].sum() / 4) / 2)
    return opens


@given(st.integers(1, 400), st.integers(0, 2**32 - 1), st.sampled_from([1e-5, 1.0, 1e5]))
def test_bodies_begin_where_a_plain_loop_says(count: int, seed: int, scale: float) -> None:
    random = np.random.default_rng(seed)
    rows = np.sort(random.uniform(0.1, 2.0, (6, count)), axis=0)[[0, 2, 4, 1, 3, 5]] * scale
    np.testing.assert_allclose(heikin_ashi(rows)[OPEN], plain_loop(rows), rtol=1e-13)


def test_another_series_as_long_and_as_often_changed_is_another() -> None:
    shape = HeikinAshi()
    for price in (10.0, 500.0):
        series = CandleSeries(BTC, "1m")
        series.merge([Candle(BTC, "1m", 0, price, price, price, price, 1.0, True)])
        assert shape.rows(series)[CLOSE].tolist() == [price]


def test_a_new_candle_does_not_shape_the_old_ones_again(monkeypatch: pytest.MonkeyPatch) -> None:
    series, shape = CandleSeries(BTC, "1m"), HeikinAshi()
    series.merge([
        Candle(BTC, "1m", number * MINUTE, 10.0, 12.0 + number % 3, 9.0, 11.0, 1.0, True)
        for number in range(2_000)
    ])  # fmt: skip
    shape.rows(series)
    monkeypatch.setattr(shapes, "heikin_ashi", None)
    for number in range(2_000, 4_000):
        series.update(Candle(BTC, "1m", number * MINUTE, 11.0, 13.0, 9.0, 12.0, 1.0, False))
        shape.rows(series)
    np.testing.assert_allclose(shape.rows(series), heikin_ashi(series.rows), rtol=1e-12)


def test_it_follows_a_folded_series_whose_oldest_is_let_in() -> None:
    series, shape = CandleSeries(BTC, "5m"), HeikinAshi()
    series.merge([
        Candle(BTC, "5m", number * 5 * MINUTE, 10.0 + number, 20.0, 5.0, 11.0, 1.0, True)
        for number in range(1, 9)
    ])  # fmt: skip
    folded = FoldedSeries(series, "10m")
    assert shape.rows(folded).shape == (6, 4)
    series.complete = True
    series.version += 1
    np.testing.assert_allclose(shape.rows(folded), heikin_ashi(folded.rows), rtol=1e-12)
    assert shape.rows(folded).shape == (6, 5)


steps = st.tuples(st.integers(0, 12), st.integers(5, 50), st.booleans())


@given(st.lists(steps, min_size=1, max_size=40))
def test_it_follows_the_series(given_steps: list[tuple[int, int, bool]]) -> None:
    series, shape = CandleSeries(BTC, "1m"), HeikinAshi()
    for minute, price, closed in given_steps:
        candle = Candle(
            BTC, "1m", minute * MINUTE, price, price + 2.0, price - 2.0, price + 1.0, 1.0, closed
        )
        series.update(candle)
        np.testing.assert_allclose(shape.rows(series), heikin_ashi(series.rows), rtol=1e-12)
