"""Sparklines: one close for each quarter of an hour of the last day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.events import Candle
from tickglass.market.instrument import Instrument
from tickglass.market.interval import milliseconds
from tickglass.market.sparkline import SPANS, Sparkline

BTC = Instrument("binance", "BTC", "USDT")
QUARTER = 15 * 60_000
DAY = 24 * 60 * 60_000


def closes(*points: tuple[int, float]) -> list[Candle]:
    return [
        Candle(BTC, "15m", quarter * QUARTER, 1, 1, 1, close, 1, True) for quarter, close in points
    ]


def sparkline(*points: tuple[int, float]) -> Sparkline:
    made = Sparkline()
    for quarter, price in points:
        made.add(quarter * QUARTER, price)
    return made


def test_prices_of_one_quarter_move_its_point_and_the_next_begins_another() -> None:
    line = Sparkline()
    line.add(0, 10.0)
    line.add(QUARTER - 1, 11.0)
    line.add(QUARTER, 12.0)
    assert line.prices == [11.0, 12.0]


def test_a_price_from_an_earlier_quarter_is_passed_over() -> None:
    line = sparkline((5, 10.0))
    version = line.version
    line.add(5 * QUARTER - 1, 99.0)
    assert (line.prices, line.version) == ([10.0], version)


def test_history_goes_before_and_what_came_live_is_kept() -> None:
    line = sparkline((3, 13.5))
    line.seed(closes((3, 13.0), (1, 11.0), (2, 12.0)))
    assert line.prices == [11.0, 12.0, 13.5]


def test_a_day_is_ninety_six_points_and_the_oldest_go() -> None:
    line = sparkline(*((quarter, float(quarter)) for quarter in range(100)))
    assert SPANS["24h"].points * QUARTER == DAY
    assert line.prices == [float(quarter) for quarter in range(4, 100)]


def test_of_longer_history_the_last_day_is_kept() -> None:
    line = Sparkline()
    line.seed(closes(*((quarter, float(quarter)) for quarter in range(200))))
    assert line.prices == [float(quarter) for quarter in range(104, 200)]


def test_what_is_older_than_a_day_goes_when_the_feed_comes_back() -> None:
    line = sparkline(*((quarter, float(quarter)) for quarter in range(96)))
    line.add(185 * QUARTER, 7.0)
    assert line.prices == [90.0, 91.0, 92.0, 93.0, 94.0, 95.0, 7.0]
    line.add(1_000 * QUARTER, 8.0)
    assert line.prices == [8.0]


def test_history_from_before_the_last_day_is_not_shown_beside_live_prices() -> None:
    line = sparkline((500, 5.0))
    line.seed(closes((1, 1.0), (404, 4.0), (405, 4.5)))
    assert line.prices == [4.5, 5.0]


def test_every_change_raises_the_version() -> None:
    line = Sparkline()
    seen = [line.version]
    line.add(0, 1.0)
    seen.append(line.version)
    line.add(0, 2.0)
    seen.append(line.version)
    line.seed(closes((0, 1.0)))
    seen.append(line.version)
    assert seen == sorted(set(seen))


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 99).map(float)), max_size=150))
def test_points_are_the_last_price_of_each_quarter_within_a_day_of_the_newest(
    points: list[tuple[int, float]],
) -> None:
    expected: dict[int, float] = {}
    for quarter, price in points:
        if quarter >= max(expected, default=0):
            expected[quarter] = price
    newest = max(expected, default=0)
    line = sparkline(*points)
    assert line.prices == [
        price for quarter, price in sorted(expected.items()) if quarter > newest - 96
    ]


@pytest.mark.parametrize(("span", "hours"), [("1h", 1), ("4h", 4), ("24h", 24), ("7d", 168)])
def test_a_span_is_as_long_as_it_is_called(span: str, hours: int) -> None:
    interval, points = SPANS[span]
    assert milliseconds(interval) * points == hours * 60 * 60_000
    line = Sparkline(span)
    for minute in range(0, hours * 60 * 3, 1 if hours < 24 else 15):
        line.add(minute * 60_000, float(minute))
    assert len(line.prices) == points


def test_another_span_begins_empty_and_takes_its_own_history() -> None:
    line = sparkline((1, 10.0), (2, 11.0))
    version = line.version
    line.choose("1h")
    assert (line.span, line.prices) == ("1h", [])
    assert line.version > version, "what is painted must change"
    line.add(60_000, 5.0)
    line.seed([Candle(BTC, "1m", 0, 1, 1, 1, 4.0, 1, True)])
    assert line.prices == [4.0, 5.0]


def test_the_span_that_is_shown_already_keeps_its_points() -> None:
    line = sparkline((1, 10.0))
    line.choose("24h")
    assert line.prices == [10.0]
    with pytest.raises(KeyError):
        line.choose("2h")
