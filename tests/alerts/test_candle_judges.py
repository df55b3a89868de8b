"""Judges of volumes, closed candles and silence, each heard alone."""

from collections.abc import Sequence

import numpy as np
import pytest

from tickglass.alerts.candle_judges import Silence, Turns, VolumeSpikes, turned
from tickglass.alerts.condition import (
    Direction,
    EmaCross,
    Extreme,
    Kind,
    MacdCross,
    NoData,
    RsiLeaves,
    TakerSide,
    Turning,
    VolumeSpike,
)
from tickglass.market.candles import Floats
from tickglass.market.events import Side, Trade
from tickglass.market.instrument import Instrument
from tickglass.market.interval import MINUTE

BTC = Instrument("binance", "BTC", "USDT")


def rows(closes: Sequence[float]) -> Floats:
    """Candles of a minute around these closes."""
    found = [
        (place * MINUTE, close, close, close, close, 1.0) for place, close in enumerate(closes)
    ]
    return np.array(found).reshape(-1, 6).T


def trade(second: float, size: float, side: Side = "buy") -> Trade:
    return Trade(BTC, round(second * 1_000), f"{second}", 100.0, size, side)


def heard(judge: VolumeSpikes, *trades: Trade) -> list[bool]:
    return [judge.see(each, each.time) for each in trades]


CALM = [trade(second, 1.0) for second in range(40)]  # 10 in each window of 10 s


def test_a_spike_is_so_many_times_the_average_of_the_windows_before() -> None:
    judge = VolumeSpikes(VolumeSpike(times=3.0, window=10, windows=2))
    assert not any(heard(judge, *CALM))
    assert heard(judge, trade(40, 5.0)) == [False]
    assert heard(judge, trade(41, 50.0)) == [True]
    assert heard(judge, trade(42, 1.0)) == [False], "it is so still"


def test_only_the_side_that_was_asked_for_counts() -> None:
    judge = VolumeSpikes(VolumeSpike(3.0, 10, 2, TakerSide.SELL))
    sold = [trade(second, 1.0, "sell") for second in range(40)]
    assert not any(heard(judge, *sold, trade(40, 100.0, "buy")))
    assert heard(judge, trade(41, 100.0, "sell")) == [True]


def test_a_spike_is_over_when_the_volume_is_below_by_the_band() -> None:
    judge = VolumeSpikes(VolumeSpike(times=3.0, window=10, windows=2))
    heard(judge, *CALM, trade(40, 50.0))
    assert not judge.cleared(0.1)
    heard(judge, *(trade(second, 1.0) for second in range(52, 75)))
    assert judge.cleared(0.1)


def test_silence_strikes_once_when_it_is_long_enough() -> None:
    judge = Silence(NoData(60))
    assert [judge.see(silent, 0) for silent in (59_999, 60_000, 61_000)] == [False, True, False]
    assert not judge.cleared(0.0)
    judge.forget()
    assert [judge.see(silent, 0) for silent in (10, 60_000)] == [False, True]


def test_a_new_high_is_beyond_the_highs_of_the_candles_before() -> None:
    high = Extreme(Kind.NEW_HIGH, "1m", 3)
    assert not turned(high, rows([9, 5, 6, 7])), "9 is the first of the three"
    assert turned(high, rows([99, 5, 6, 7, 8])), "99 was before those three"
    assert not turned(high, rows([5, 6, 7, 7])), "as high is not higher"
    assert not turned(high, rows([5, 6, 7])), "too few"
    low = Extreme(Kind.NEW_LOW, "1m", 2)
    assert turned(low, rows([5, 6, 4.9]))
    assert not turned(low, rows([5, 6, 5.1]))


def test_the_fast_average_crosses_the_slow_one_as_the_price_turns() -> None:
    falling = [100.0 - place for place in range(30)]
    cross = EmaCross("1m", Direction.EITHER, 2, 5)
    assert not turned(cross, rows(falling))
    assert turned(cross, rows([*falling, 90.0]))
    assert turned(EmaCross("1m", Direction.UP, 2, 5), rows([*falling, 90.0]))
    assert not turned(EmaCross("1m", Direction.DOWN, 2, 5), rows([*falling, 90.0]))


def test_macd_crosses_its_signal_as_a_fall_ends() -> None:
    falling = [100.0 - place**1.5 / 10 for place in range(40)]
    up = MacdCross("1m", Direction.UP, 3, 6, 3)
    assert not turned(up, rows(falling))
    assert turned(up, rows([*falling, falling[-1] + 20]))


@pytest.mark.parametrize("direction", [Direction.EITHER, Direction.UP])
def test_rsi_comes_back_over_its_lower_extreme(direction: Direction) -> None:
    falling = [100.0 - place for place in range(20)]  # nothing but losses: 0
    back = RsiLeaves("1m", direction, 5)
    assert not turned(back, rows(falling))
    assert turned(back, rows([*falling, falling[-1] + 5]))
    assert not turned(RsiLeaves("1m", Direction.DOWN, 5), rows([*falling, falling[-1] + 5]))


@pytest.mark.parametrize(
    "condition", [EmaCross("1m"), MacdCross("1m"), RsiLeaves("1m"), Extreme(Kind.NEW_LOW, "1m")]
)
def test_where_nothing_can_be_said_yet_nothing_turns(condition: Turning) -> None:
    assert not turned(condition, rows([]))
    assert not turned(condition, rows([1.0]))


def test_a_turn_holds_until_the_next_candle_closes() -> None:
    judge = Turns(Extreme(Kind.NEW_HIGH, "1m", 2))
    assert judge.see(rows([1, 2, 3]), 0)
    assert judge.holds
    assert not judge.see(rows([1, 2, 3, 2]), 0)
    assert judge.cleared(0.0)
