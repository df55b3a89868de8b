"""What a pair did before the simulation started, made when it is asked for.

Days are walked backwards from the price at the start and split into hours, those into minutes,
those into seconds. The same seed gives the same history, in whatever order it is read.
"""

from __future__ import annotations

import math
from functools import lru_cache
from zlib import crc32

import numpy as np

from ..market.interval import DAY, HOUR, MINUTE, SECOND
from .pairs import Pair
from .rows import (
    CLOSE,
    COLUMNS,
    FIRST_TRADE,
    HIGH,
    LOW,
    OPEN,
    QUOTE,
    START,
    TAKER_QUOTE,
    TAKER_VOLUME,
    TRADES,
    VOLUME,
    Floats,
    Rows,
    no_rows,
    split,
)

DAYS = 1_400  # how far the oldest listings reach back
YOUNG_SHARE = 0.2  # pairs listed later
YOUNG_DAYS = (60, 1_000)
WALK_MEMORY = 0.995  # a day; keeps prices within a few multiples over years
VOLUME_SPREAD = 0.3  # standard deviation of the log of a day's trades
DAY_WICK = 0.5  # of the volatility

# Busiest around 14:00 UTC, when Europe and America are both awake.
DAY_SHAPE: Floats = 1.0 + 0.4 * np.cos((np.arange(24) - 14.0) * np.pi / 12)
EVEN: Floats = np.ones(60)
BLOCKS_KEPT = 256  # days of minutes, 127 kB each, over all pairs
HOURS_KEPT = 10_000  # days of hours, 2 kB each


@lru_cache(maxsize=8_192)
def walk(seed: int, currency: str, volatility: float) -> Floats:
    """The log level of a currency ``n`` days before the start: 0 at the start."""
    random = np.random.default_rng([seed, crc32(currency.encode())])
    steps = (volatility * random.standard_normal(DAYS + 1)).tolist()
    levels = [0.0]
    for step in steps:
        levels.append(WALK_MEMORY * levels[-1] + step)
    return np.array(levels)


class History:
    """The rows of one pair before ``start`` (ms).

    ``volatilities`` are those of base and quote currency; ``trades`` and ``size`` a usual day's
    trades and the lots of one; ``next_trade`` the id of the first trade to come.
    """

    def __init__(
        self,
        seed: int,
        pair: Pair,
        start: int,
        volatilities: tuple[float, float],
        trades: float,
        size: float,
        next_trade: int,
    ) -> None:
        self._key = [seed, crc32(f"{pair.base}/{pair.quote_ccy}".encode())]
        self._seed, self._pair, self._volatilities = seed, pair, volatilities
        self._trades, self._size, self._next_trade = trades, size, next_trade
        self.end = start // SECOND * SECOND
        self.end_minute = start // MINUTE * MINUTE
        self.today = start // DAY * DAY
        self.listed = self.today - self._age() * DAY
        self._days: Rows | None = None

    def days(self) -> Rows:
        """A row a day since the listing, the last for what today had before the start."""
        if self._days is None:
            self._days = self._make_days()
        return self._days

    def minutes(self, first: int, last: int) -> Rows:
        """The rows of the minutes that start in [first, last), without holes."""
        first, last = max(first, self.listed), min(last, self.end)
        if first >= last:
            return no_rows()
        days = range(first // DAY * DAY, last, DAY)
        blocks = [_day_minutes(self, day) for day in days]
        return _between(np.concatenate((no_rows(), *blocks)), first, last)

    def seconds(self, first: int, last: int) -> Rows:
        """The rows of the seconds that start in [first, last), without holes."""
        first, last = max(first, self.listed), min(last, self.end)
        blocks = [self._hour(hour) for hour in range(first // HOUR * HOUR, last, HOUR)]
        return _between(np.concatenate((no_rows(), *blocks)), first, last)

    def hours(self, first: int, last: int) -> Rows:
        """The rows of the hours that start in [first, last), without holes."""
        first, last = max(first, self.listed), min(last, self.end)
        blocks = [_day_hours(self, day) for day in range(first // DAY * DAY, last, DAY)]
        return _between(np.concatenate((no_rows(), *blocks)), first, last)

    def make_hours(self, day: int) -> Rows:
        """Split a day."""
        row = _between(self.days(), day, day + DAY)
        return self._split(row, DAY, HOUR, DAY_SHAPE, self._random(day // DAY, HOUR))

    def make_minutes(self, day: int) -> Rows:
        """Split the hours of a day."""
        hours = self.hours(day, day + DAY)
        return self._split(hours, HOUR, MINUTE, EVEN, self._random(day // DAY, MINUTE))

    def _hour(self, hour: int) -> Rows:
        minutes = self.minutes(hour, hour + HOUR)
        return self._split(minutes, MINUTE, SECOND, EVEN, self._random(hour // HOUR, SECOND))

    def _split(
        self, rows: Rows, length: int, step: int, shape: Floats, random: np.random.Generator
    ) -> Rows:
        """Split rows of ``length`` ms; the one that runs at the end has only its begun parts."""
        whole = rows[:, START] + length <= self.end
        parts = split(rows[whole], step, shape, random)
        if whole.all():
            return parts
        running = rows[~whole]
        passed = (self.end - int(running[0, START])) / step
        begun = shape[: math.ceil(passed)].copy()
        begun[-1] *= 1.0 - len(begun) + passed
        return np.concatenate((parts, split(running, step, begun, random)))

    def _make_days(self) -> Rows:
        random = self._random(0, DAY)
        count = (self.today - self.listed) // DAY + 1
        share = np.ones(count)
        share[-1] = (self.end - self.today) / DAY
        rows = np.zeros((count, COLUMNS), dtype=np.int64)
        rows[:, START] = self.listed + DAY * np.arange(count)
        self._days_prices(rows, share, random)
        busy = np.exp(VOLUME_SPREAD * random.standard_normal(count)) * share
        rows[:, TRADES] = np.maximum(self._trades * busy, share > 0)
        extra = (self._size - 1.0) * np.exp(0.1 * random.standard_normal(count))
        rows[:, VOLUME] = rows[:, TRADES] * (1.0 + extra)
        rows[:, QUOTE] = rows[:, VOLUME] * rows[:, OPEN : CLOSE + 1].mean(axis=1)
        bought = random.uniform(0.45, 0.55, count)
        rows[:, TAKER_VOLUME] = rows[:, VOLUME] * bought
        rows[:, TAKER_QUOTE] = rows[:, QUOTE] * bought
        after = np.cumsum(rows[::-1, TRADES])[::-1]
        rows[:, FIRST_TRADE] = self._next_trade - after
        return rows if share[-1] > 0 else rows[:-1]

    def _days_prices(self, rows: Rows, share: Floats, random: np.random.Generator) -> None:
        count = len(rows)
        base, quote = (
            walk(self._seed, currency, volatility)
            for currency, volatility in zip(self._pair[:2], self._volatilities, strict=True)
        )
        levels = np.exp(base - quote)[: count + 1][::-1]
        prices = np.maximum(np.rint(self._pair.price_ticks * levels), 1.0)
        if share[-1] == 0.0:
            prices[:-1] = prices[1:].copy()
        opened, close = prices[:-1], prices[1:]
        spread = max(self._volatilities) * DAY_WICK * np.sqrt(share)
        reach = np.exp(np.abs(random.standard_normal((2, count))) * spread)
        rows[:, OPEN], rows[:, CLOSE] = opened, close
        rows[:, HIGH] = np.maximum(opened, close) * reach[0]
        rows[:, LOW] = np.maximum(np.ceil(np.minimum(opened, close) / reach[1]), 1.0)

    def _age(self) -> int:
        """Days since the listing."""
        random = self._random(1, DAY)
        young = random.random() < YOUNG_SHARE
        return int(random.integers(*YOUNG_DAYS)) if young else DAYS - int(random.integers(100))

    def _random(self, index: int, step: int) -> np.random.Generator:
        return np.random.default_rng([*self._key, step, index])


@lru_cache(maxsize=HOURS_KEPT)
def _day_hours(history: History, day: int) -> Rows:
    return history.make_hours(day)


@lru_cache(maxsize=BLOCKS_KEPT)
def _day_minutes(history: History, day: int) -> Rows:
    return history.make_minutes(day)


def _between(rows: Rows, first: int, last: int) -> Rows:
    begin, end = np.searchsorted(rows[:, START], (first, last))
    return rows[begin:end]
