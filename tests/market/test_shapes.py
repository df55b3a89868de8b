"""Heikin-Ashi: as the rule says, and the same whether computed at once or as bars come."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.candles import CandleSeries
from tickglass.market.events import Candle
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
