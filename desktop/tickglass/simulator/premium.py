"""By how much one exchange's prices differ from the others': a little, in slow waves."""

from __future__ import annotations

import math
from random import Random

from ..market.interval import MINUTE

# Amplitude (share of the price) and minutes of each wave that the premium is made of.
WAVES = ((2.0e-4, 23.0), (1.2e-4, 5.3), (0.6e-4, 0.9))
PAIRS_APART = 2.4  # radians between the waves of two neighbouring pairs


class Premium:
    """Slow waves; at ``start`` (ms) there is none, so that history joins."""

    def __init__(self, random: Random, start: int) -> None:
        self._start = start
        self._waves = [
            (size, 2 * math.pi / (minutes * MINUTE), random.uniform(0, 2 * math.pi))
            for size, minutes in WAVES
        ]

    def at(self, time: int, index: int) -> float:
        """The factor on the price of the market's pair ``index`` at a time, ms."""
        passed, apart = time - self._start, index * PAIRS_APART
        return 1.0 + sum(
            size * (math.sin(pace * passed + phase + apart) - math.sin(phase + apart))
            for size, pace, phase in self._waves
        )
