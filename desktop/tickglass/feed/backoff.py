"""How long to wait before dialling again."""

from __future__ import annotations

import random

FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
JITTER = 0.25  # share of the wait, either way: five exchanges must not redial as one


class Backoff:
    """Waits of 1 s doubling to 60 s, each a random quarter longer or shorter.

    Only market data resets it: a server that accepts and closes at once would otherwise be
    dialled in a tight loop.
    """

    def __init__(self, chance: random.Random | None = None) -> None:
        self._chance = chance or random.Random()
        self._wait = FIRST_WAIT

    def next(self) -> float:
        """The next wait in seconds; the one after will be twice as long."""
        wait, self._wait = self._wait, min(LONGEST_WAIT, self._wait * 2)
        return wait * self._chance.uniform(1 - JITTER, 1 + JITTER)

    def reset(self) -> None:
        """Start over: data came."""
        self._wait = FIRST_WAIT
