"""Judges: one condition each, watched over one price.

A judge hears value after value. ``see`` says whether the condition was struck just now;
``holds`` whether it is fulfilled. Of a condition that *is* so, to strike is to become so. A
crossing holds from its strike until the price is back on the other side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

SECOND = 1_000  # ms
PERCENT = 100.0

Points = Sequence[tuple[int, float]]  # times in ms UTC, prices


class Hears(NamedTuple):
    """What a judge listens to: a price, or something made of candles of an interval."""

    kind: str  # last bid ask mid close candles day trade spread silence
    detail: str = ""


class Judge:
    """Watches one condition. The first value after a gap strikes nothing.

    ``edge``: it can only be struck by an event, as crossings are. ``anew``: what it measures begins
    anew when the alert fires. ``price`` is what it heard last.
    ``memory`` is what must outlive the program. ``lookback``: ms of history that it would like to
    be seeded with.
    """

    edge = anew = False
    lookback = 0

    __slots__ = ("_quiet", "hears", "holds", "price")

    def __init__(self, hears: Hears) -> None:
        self.hears = hears
        self.holds = False
        self.price: float | None = None
        self._quiet = False

    @property
    def memory(self) -> tuple[float, ...]:
        """Nothing."""
        return ()

    @memory.setter
    def memory(self, told: tuple[float, ...]) -> None:
        pass

    @property
    def distance(self) -> float | None:
        """How far the price is from striking, as a share of the price; None if unknown."""
        raise NotImplementedError

    def see(self, value: Any, time: int) -> bool:
        """Take a value of a time in ms UTC; whether it struck."""
        raise NotImplementedError

    def cleared(self, share: float) -> bool:
        """Whether the value is back from the condition by a share of it (the re-arm band)."""
        raise NotImplementedError

    def forget(self) -> None:
        """Values were missed: the next one strikes nothing."""
        self.price = None
        self._quiet = True

    def rewind(self, before: Points, after: Points) -> None:
        """Know only what was known before a late price: those around it, oldest first."""
        self.forget()

    def learn(self, time: int, price: float) -> None:
        """Know a price that came late; younger ones are known already."""

    def correct(self, other: Judge) -> None:
        """Know what a twin of an event's judge knows that heard a late price in its place."""

    def fired(self, price: float) -> None:
        """The alert fired at this price."""

    def seed(self, points: Points) -> None:
        """Prices from before the first one seen."""

    def settle(self) -> None:
        """What is so now became so before, and strikes nothing any more."""

    def absorb(self, other: Judge, *, fired: bool) -> None:
        """Take over what a twin learned of a time that this one missed, and if it fired then."""

    def _now(self, holds: bool) -> bool:
        """Whether becoming so strikes."""
        struck = holds and not self.holds and not self._quiet
        self.holds, self._quiet = holds, False
        return struck


def is_back(price: float | None, level: float | None, share: float, *, up: bool) -> bool:
    """Whether a price is back from a level by a share of it; ``up``: it had to rise to it."""
    if price is None or level is None:
        return False
    return price <= level * (1 - share) if up else price >= level * (1 + share)


def share_between(price: float | None, level: float | None) -> float | None:
    """How far a level is from a price, as a share of the price; None if either is unknown."""
    return abs(level - price) / price if price and level is not None else None
