"""Intervals: how long a candle is, and where it starts.

Sources for the starts: exchanges count fixed intervals from the epoch (UTC), weeks from Monday,
months from the first (binance web-socket-streams.md "Kline/Candlestick", UTC).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK, "M": 30 * DAY}
FIRST_MONDAY = 4 * DAY  # 1970-01-05; the epoch was a Thursday


@lru_cache(maxsize=64)
def milliseconds(interval: str) -> int:
    """The length of an interval in ms; a month counts as 30 days. Raises ValueError if unknown."""
    count, unit = interval[:-1], interval[-1:]
    if unit not in UNITS or not (count.isascii() and count.isdigit()) or int(count) == 0:
        raise ValueError(f"{interval!r} is not an interval")
    return int(count) * UNITS[unit]


def start_of(interval: str, time: int) -> int:
    """The start, in ms UTC, of the candle of this interval that holds ``time``."""
    if interval.endswith("M"):
        moment = datetime.fromtimestamp(time / 1000, UTC)
        return round(datetime(moment.year, moment.month, 1, tzinfo=UTC).timestamp() * 1000)
    length = milliseconds(interval)
    origin = FIRST_MONDAY if interval.endswith("w") else 0
    return (time - origin) // length * length + origin


def start_from(interval: str, known: int, time: int) -> int:
    """As ``start_of``, counted from the start of a known candle: some weeks begin on Thursdays."""
    if interval.endswith("M"):
        return start_of(interval, time)
    length = milliseconds(interval)
    return known + (time - known) // length * length


def next_start(interval: str, start: int) -> int:
    """The start of the candle after the one that starts at ``start``."""
    if interval.endswith("M"):
        return start_of(interval, start + 32 * DAY)
    return start + milliseconds(interval)
