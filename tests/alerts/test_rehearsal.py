"""How often an alert would have fired, worked out by hand on a few candles."""

import numpy as np
import pytest

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import (
    Condition,
    DayChange,
    EmaCross,
    Kind,
    Move,
    NoData,
    PriceLevel,
    Source,
    Spread,
    Steps,
    TakerSide,
    VolumeSpike,
)
from tickglass.alerts.rehearsal import MOST_MOMENTS, Rehearsal, fitting_interval, rehearse
from tickglass.market.candles import Floats
from tickglass.market.instrument import Instrument
from tickglass.market.interval import DAY, MINUTE

BTC = Instrument("binance", "BTC", "USDT")
BEGIN = 1_795_348_800_000


def candles(*rows: tuple[float, float, float, float, float], length: int = MINUTE) -> Floats:
    """Candles one after the other: open, high, low, close, volume."""
    return np.array(
        [(BEGIN + length * place, *row) for place, row in enumerate(rows)], dtype=float
    ).T


def tried(condition: Condition, rows: Floats, interval: str = "1m", **terms: object) -> Rehearsal:
    return rehearse(Alert("a", BTC, (condition,), **terms), BTC, rows, interval)  # type: ignore[arg-type]


# 98 → 101 crosses 100 within the first candle; the second falls back and rises again.
ROWS = candles(
    (98.0, 101.0, 97.0, 100.5, 1.0), (100.5, 101.0, 99.0, 100.8, 1.0),
    (100.8, 101.0, 100.6, 100.9, 1.0),
)  # fmt: skip


def test_once_counts_every_time_it_would_have_fired() -> None:
    found = tried(PriceLevel(Kind.CROSSES_UP, 100.0), ROWS)
    assert found.moments == ((BEGIN, 101.0), (BEGIN + MINUTE, 101.0))
    assert (found.count, found.since, found.until) == (2, BEGIN, BEGIN + 3 * MINUTE)


def test_cooldown_and_band_hold_it_back_as_they_would_have() -> None:
    level = PriceLevel(Kind.CROSSES_UP, 100.0)
    assert tried(level, ROWS, cooldown=300).count == 1
    assert tried(level, ROWS, rearm=0.5).count == 2  # 99 is one per cent below
    assert tried(level, ROWS, rearm=2.0).count == 1


def test_the_close_of_longer_candles_is_folded_from_the_chart_s() -> None:
    rows = candles(*((100.0 + place,) * 4 + (1.0,) for place in range(12)))
    found = tried(PriceLevel(Kind.CROSSES_UP, 105.0, Source.CLOSE, "5m"), rows)
    # Candles of five minutes close at 104, 109 (and one that is not whole yet).
    assert found.moments == ((BEGIN + 10 * MINUTE, 109.0),)


def test_at_candle_closes_only_closes_count() -> None:
    found = tried(PriceLevel(Kind.CROSSES_UP, 100.9), ROWS, trigger=Trigger.CLOSE, interval="1m")
    assert found.moments == ((BEGIN + 3 * MINUTE, 100.9),)


def test_moves_steps_and_days_are_tried() -> None:
    rising = candles(*((100.0 + place,) * 4 + (1.0,) for place in range(10)))
    assert tried(Move(Kind.MOVES_UP, 5.0, window=600), rising).moments == (
        (BEGIN + 5 * MINUTE, 105.0),
    )
    assert tried(Steps(5.0), rising).count == 1
    days = candles(*((100.0,) * 4 + (1.0,), (107.0,) * 4 + (1.0,)), length=DAY)
    assert tried(DayChange(Kind.DAY_ABOVE, 6.0), days, "1d").count == 1


def test_a_volume_spike_of_candles_is_found() -> None:
    rows = candles(*((100.0,) * 4 + (50.0 if place == 15 else 1.0,) for place in range(20)))
    found = tried(VolumeSpike(3.0, 60, 10), rows)
    assert found.count == 1
    assert found.moments[0][0] == BEGIN + 15 * MINUTE


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (NoData(60), "data were missing"),
        (Spread("okx", 1.0), "other exchange"),
        (VolumeSpike(side=TakerSide.BUY), "Which side"),
        (PriceLevel(Kind.ABOVE, 1.0, Source.MID), "Bids and asks"),
        (Move(Kind.MOVES, 1.0, window=30), "longer than the window"),
        (PriceLevel(Kind.ABOVE, 1.0, Source.CLOSE, "90m"), ""),
    ],
)
def test_what_candles_cannot_tell_is_said(condition: Condition, words: str) -> None:
    found = tried(condition, ROWS)
    assert words in found.reason
    assert bool(found.reason) is bool(words)


def test_without_candles_there_is_nothing_to_try_it_on() -> None:
    assert "no candles" in tried(PriceLevel(Kind.ABOVE, 1.0), ROWS[:, :0]).reason


def test_many_moments_are_counted_and_the_newest_are_named() -> None:
    saw = candles(*((99.0, 101.0, 99.0, 99.0, 1.0),) * (MOST_MOMENTS + 500))
    found = tried(PriceLevel(Kind.CROSSES_UP, 100.0), saw)
    assert found.count == MOST_MOMENTS + 500
    assert len(found.moments) == MOST_MOMENTS
    assert found.moments[-1][0] == BEGIN + (MOST_MOMENTS + 499) * MINUTE


def test_a_spread_is_tried_at_the_closes_that_both_exchanges_have() -> None:
    here = candles(*((price,) * 4 + (1.0,) for price in (100.0, 102.0, 100.0, 103.0, 97.0)))
    there = candles(*((100.0,) * 4 + (1.0,),) * 5)[:, [0, 1, 2, 4]]  # its fourth minute is missing
    alert = Alert("a", BTC, (Spread("okx", 1.5),))
    found = rehearse(alert, BTC, here, "1m", {"okx": there})
    # 2 % after the second minute, back to none after the third, and −3 % after the fifth.
    assert found.moments == ((BEGIN + 2 * MINUTE - 1, 102.0), (BEGIN + 5 * MINUTE - 1, 97.0))
    assert "other exchange" in rehearse(alert, BTC, here, "5m", {"okx": there}).reason
    assert "other exchange" in rehearse(alert, BTC, here, "1m", {"kucoin": there}).reason


@pytest.mark.parametrize(
    ("condition", "terms", "interval"),
    [
        (PriceLevel(Kind.CROSSES, 1.0), {}, "15m"),
        (Move(Kind.MOVES, 1.0, window=DAY // 1_000), {}, "15m"),
        (Move(Kind.MOVES, 1.0, window=300), {}, "5m"),
        (Move(Kind.MOVES, 1.0, window=60), {}, "1m"),
        (Move(Kind.MOVES, 1.0, window=10), {}, None),
        (Spread("okx", 1.0), {}, "1m"),
        (EmaCross(interval="4h"), {}, "4h"),
        (EmaCross(interval="30m"), {}, "15m"),
        (PriceLevel(Kind.ABOVE, 1.0, Source.CLOSE, "1d"), {}, "1d"),
        (PriceLevel(Kind.ABOVE, 1.0), {"trigger": Trigger.CLOSE, "interval": "1h"}, "1h"),
        (PriceLevel(Kind.ABOVE, 1.0, Source.BID), {}, None),
        (NoData(60), {}, None),
    ],
)
def test_the_longest_candles_that_can_tell_are_asked_for(
    condition: Condition, terms: dict[str, object], interval: str | None
) -> None:
    alert = Alert("a", BTC, (condition,), **terms)  # type: ignore[arg-type]
    assert fitting_interval(alert) == interval


def test_joined_conditions_are_tried_on_what_suits_all_of_them() -> None:
    both = (EmaCross(interval="1h"), Move(Kind.MOVES, 1.0, window=300))
    assert fitting_interval(Alert("a", BTC, both)) == "5m"
