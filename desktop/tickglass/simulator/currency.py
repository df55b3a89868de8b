"""The worth of a currency over time: stochastic volatility, trends that come and go, bursts."""

from __future__ import annotations

import math
from random import Random
from typing import NamedTuple

from ..market.interval import DAY, MINUTE


class Mood(NamedTuple):
    """How a currency behaves for a while.

    ``minutes`` are the bounds of its length; ``drift`` is the mean log return a day, as a
    multiple of the volatility, of random sign; ``activity`` multiplies the number of orders.
    """

    share: float
    minutes: tuple[float, float]
    drift: float
    activity: float


CALM = Mood(0.56, (3.0, 15.0), 0.0, 1.0)
TREND = Mood(0.36, (5.0, 40.0), 8.0, 1.3)
BURST = Mood(0.08, (1.0, 4.0), 120.0, 5.0)
MOODS = (CALM, TREND, BURST)

WILDNESS_MEMORY = 0.7  # share of log wildness kept from one mood to the next
WILDNESS_SPREAD = 0.35
PULL = 0.15  # share of the way back to the start that a day pulls


class Currency:
    """One currency's level, 1 at the start, moving as a price does.

    ``volatility`` is the standard deviation of a day's log return.
    """

    __slots__ = (
        "_drift",
        "_random",
        "_wildness",
        "level",
        "mood",
        "mood_end",
        "time",
        "volatility",
    )

    def __init__(self, random: Random, volatility: float, time: int) -> None:
        self.level = 1.0
        self.volatility = volatility
        self.time = time
        self.mood = CALM
        self.mood_end = time + int(random.uniform(0.2, 1.0) * CALM.minutes[1] * MINUTE)
        self._random = random
        self._drift = 0.0
        self._wildness = 1.0

    def at(self, time: int) -> float:
        """The level at a time (ms) not before the last one asked."""
        passed = (time - self.time) / DAY
        if passed > 0:
            self.time = time
            spread = self.volatility * self._wildness * math.sqrt(passed)
            drift = (self._drift + PULL * (1.0 - self.level)) * passed
            self.level *= math.exp(drift + self._random.gauss(0.0, spread))
        return self.level

    def turn(self, time: int) -> None:
        """Change the mood if its time is over."""
        if time < self.mood_end:
            return
        self.at(time)
        random = self._random
        self.mood = random.choices(MOODS, weights=[mood.share for mood in MOODS])[0]
        self.mood_end = time + int(random.uniform(*self.mood.minutes) * MINUTE)
        self._drift = random.choice((-1.0, 1.0)) * self.mood.drift * self.volatility
        log = WILDNESS_MEMORY * math.log(self._wildness) + random.gauss(0.0, WILDNESS_SPREAD)
        self._wildness = math.exp(log)
