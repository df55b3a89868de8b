"""The last hours as bars of a minute, worked out by hand."""

import numpy as np
import pytest

from tickglass.alerts.minutes import KEPT, Minutes
from tickglass.market.events import Candle
from tickglass.market.instrument import Instrument
from tickglass.market.interval import MINUTE

BTC = Instrument("binance", "BTC", "USDT")


def minutes(*bars: tuple[float, float, float, float]) -> Minutes:
    """Bars of these open, high, low and close and a volume of 1 from minute 0 on."""
    made = Minutes()
    for place, (opened, high, low, close) in enumerate(bars):
        made.begin(place * MINUTE, opened)
        made.close(high, low, close, 1.0)
    return made


def candle(minute: int, price: float) -> Candle:
    return Candle(BTC, "1m", minute * MINUTE, price, price, price, price, 2.0, True)


def starts(made: Minutes) -> list[int]:
    return [int(start) // MINUTE for start in made.rows[0]]


def test_without_bars_there_is_no_newest_one() -> None:
    made = Minutes()
    assert (len(made), made.newest) == (0, -1)
    assert made.folded(5).shape == (6, 0)
    assert made.usual_move(1, 60) is None


def test_the_oldest_bar_goes_when_too_many_come() -> None:
    made = minutes(*[(1.0, 1.0, 1.0, 1.0)] * KEPT)
    made.begin(KEPT * MINUTE, 2.0)
    assert len(made) == KEPT
    assert (starts(made)[0], starts(made)[-1]) == (1, KEPT)
    assert made.rows[4, -1] == 2.0


def test_candles_are_put_in_their_place_but_the_newest_bar_is_the_trades() -> None:
    made = Minutes()
    made.begin(3 * MINUTE, 30.0)
    made.begin(5 * MINUTE, 50.0)
    made.fill([candle(4, 4.0), candle(3, 3.0), candle(5, 5.0), candle(2, 2.0)])
    assert starts(made) == [2, 3, 4, 5]
    assert made.rows[4].tolist() == [2.0, 3.0, 4.0, 50.0]


def test_of_more_candles_than_are_kept_the_newest_stay() -> None:
    made = Minutes()
    made.fill(candle(place, 1.0) for place in range(KEPT + 5))
    assert (starts(made)[0], len(made)) == (5, KEPT)


def test_folded_bars_are_whole_and_made_of_closed_minutes() -> None:
    bars = [(10, 11, 9, 10.5), (10.5, 14, 10, 13), (13, 13, 8, 9), (9, 10, 9, 10), (10, 99, 1, 50)]
    made = minutes(*bars)  # minutes 0 to 4; the last one is open
    expected = [[0, 10, 14, 9, 13, 2], [2 * MINUTE, 13, 13, 8, 10, 2]]
    assert made.folded(2).T.tolist() == expected
    assert made.folded(3).T.tolist() == [[0, 10, 14, 8, 9, 3]], "minutes 3 and 4 are not whole"


def test_the_usual_move_is_the_mean_way_of_a_minute_times_the_root_of_the_minutes() -> None:
    made = minutes(*[(100.0, 101.0, 99.0, 100.0)] * 20, (100.0, 150.0, 50.0, 100.0))
    assert made.usual_move(4, 60) == pytest.approx(0.02 * 2), "the open bar does not count"
    assert made.usual_move(1, 84) is None, "less than a quarter of what it is measured by"
    assert np.isclose(made.usual_move(1, 80) or 0.0, 0.02)
