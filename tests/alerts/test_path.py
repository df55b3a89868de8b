"""The way that a price took through candles, worked out by hand."""

from tickglass.alerts.desk import Range
from tickglass.alerts.path import way, way_before, way_through
from tickglass.market.events import Candle
from tickglass.market.instrument import Instrument
from tickglass.market.interval import MINUTE

BTC = Instrument("binance", "BTC", "USDT")


def candle(minute: int, opened: float, high: float, low: float, close: float) -> Candle:
    return Candle(BTC, "1m", minute * MINUTE, opened, high, low, close, 1.0, True)


RISING, FALLING = candle(1, 10, 13, 9, 12), candle(2, 12, 14, 8, 9)


def test_one_that_rose_was_at_its_low_first_and_one_that_fell_at_its_high() -> None:
    assert way(RISING) == [(MINUTE, 10), (MINUTE, 9), (MINUTE, 13), (2 * MINUTE - 1, 12)]
    assert [price for _, price in way(FALLING)] == [12, 14, 8, 9]


def test_a_whole_candle_of_the_hole_is_gone_through_and_the_end_comes_last() -> None:
    end = (3 * MINUTE + 500, 11.0)
    points = way_through([FALLING, RISING], None, MINUTE, end, None)
    assert points == [*way(RISING), *way(FALLING), end]


def test_candles_outside_the_hole_tell_nothing() -> None:
    before, after = candle(0, 1, 1, 1, 1), candle(4, 2, 2, 2, 2)
    end = (2 * MINUTE, 12.0)
    assert way_through([before, RISING, after], None, MINUTE, end, None) == [*way(RISING), end]


def test_of_a_minute_that_was_partly_watched_only_what_lies_beyond_is_new() -> None:
    watched = Range(MINUTE, 9.5, 13.0)  # its high was seen, its low of 9 was not
    start, end = MINUTE + 30_000, (2 * MINUTE + 1, 12.0)
    points = way_through([RISING], watched, start, end, None)
    assert points == [(start, 9), (2 * MINUTE - 1, 12), end]


def test_where_the_hole_ends_within_a_minute_its_close_is_yet_to_come() -> None:
    seen = Range(2 * MINUTE, 9.0, 12.0)  # since the hole
    end = (2 * MINUTE + 20_000, 9.5)
    points = way_through([FALLING], None, 2 * MINUTE, end, seen)
    assert points == [(2 * MINUTE, 14), (2 * MINUTE, 8), end]


def test_before_a_hole_count_whole_candles_and_what_was_watched_of_its_minute() -> None:
    watched = Range(2 * MINUTE, 11.0, 12.5)
    start = 2 * MINUTE + 30_000
    points = way_before([FALLING, RISING], watched, start)
    assert points == [*way(RISING), (2 * MINUTE, 11.0), (2 * MINUTE, 12.5)]
    assert way_before([RISING], None, start) == way(RISING)
