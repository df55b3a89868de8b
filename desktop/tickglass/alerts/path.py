"""The way a price took, as far as candles tell: open, the extremes, close.

Which extreme came first is not in a candle. As usual, a candle that rose is taken to have been at
its low first, one that fell at its high first. Times of extremes are the candle's start.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..market.events import Candle
from ..market.interval import next_start
from .desk import Point, Range


def way(candle: Candle) -> list[Point]:
    """The four prices of a candle in their likely order."""
    first, second = _extremes(candle)
    start, end = candle.start, next_start(candle.interval, candle.start) - 1
    return [(start, candle.open), (start, first), (start, second), (end, candle.close)]


def way_through(
    candles: Sequence[Candle], before: Range | None, start: int, end: Point, after: Range | None
) -> list[Point]:
    """The prices from ``start`` to the point ``end`` that nobody watched, oldest first.

    ``before`` and ``after`` are the ranges of the minutes at both ends as far as they were watched:
    of those candles only what lies beyond the range is new.
    """
    points: list[Point] = []
    for candle in sorted(candles, key=lambda each: each.start):
        closes = next_start(candle.interval, candle.start)
        if closes <= start or candle.start > end[0]:
            continue
        seen = [each for each in (before, after) if each and candle.start <= each.start < closes]
        if not seen:
            points += way(candle)
            continue
        points += [
            (max(candle.start, start), price)
            for price in _extremes(candle)
            if all(price < each.low or price > each.high for each in seen)
        ]
        if closes <= end[0]:
            points.append((closes - 1, candle.close))
    return [*(each for each in points if each[0] <= end[0]), end]


def way_before(candles: Sequence[Candle], known: Range | None, start: int) -> list[Point]:
    """The prices up to ``start``, oldest first; of its minute only the range that was watched."""
    points = [
        point
        for candle in sorted(candles, key=lambda each: each.start)
        if next_start(candle.interval, candle.start) <= start
        for point in way(candle)
    ]
    if known is not None and known.start <= start:
        points += [(known.start, known.low), (known.start, known.high)]
    return points


def _extremes(candle: Candle) -> tuple[float, float]:
    rose = candle.close >= candle.open
    return (candle.low, candle.high) if rose else (candle.high, candle.low)
