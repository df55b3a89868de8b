"""Judges: one condition each, watched over one price.

A judge hears value after value. ``see`` says whether the condition was struck just now;
``holds`` whether it is fulfilled. Of a condition that *is* so, to strike is to become so. A
crossing holds from its strike until the price is back on the other side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from .condition import (
    DayChange,
    Kind,
    Move,
    Moved,
    PriceChannel,
    PriceLevel,
    Spread,
    Steps,
    Trail,
    Unit,
)
from .windows import RollingExtremes

SECOND = 1_000  # ms
PERCENT = 100.0

Points = Sequence[tuple[int, float]]  # times in ms UTC, prices


class Hears(NamedTuple):
    """What a judge listens to: a price, or something made of candles of an interval."""

    kind: str  # last bid ask mid close candles day trade spread silence
    detail: str = ""


class Judge:
    """Watches one condition. The first value after a gap strikes nothing.

    ``edge``: it can only be struck by an event, as crossings are. ``price`` is what it heard last.
    ``memory`` is what must outlive the program. ``lookback``: ms of history that it would like to
    be seeded with.
    """

    edge = False
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

    def fired(self, price: float) -> None:
        """The alert fired at this price."""

    def seed(self, points: Points) -> None:
        """Prices from before the first one seen."""

    def absorb(self, other: Judge) -> None:
        """Take over what a twin learned of a time that this one missed."""

    def _now(self, holds: bool) -> bool:
        """Whether becoming so strikes."""
        struck = holds and not self.holds and not self._quiet
        self.holds, self._quiet = holds, False
        return struck


class IsBeyond(Judge):
    """is above · is below a price."""

    __slots__ = ("_above", "_value")

    def __init__(self, hears: Hears, condition: PriceLevel) -> None:
        super().__init__(hears)
        self._above, self._value = condition.kind is Kind.ABOVE, condition.value

    def see(self, price: float, time: int) -> bool:
        """Strikes as the price becomes so."""
        self.price = price
        holds = price > self._value if self._above else price < self._value
        if holds is self.holds and not self._quiet:
            return False
        return self._now(holds)

    def cleared(self, share: float) -> bool:
        """Back over the value by the band."""
        return _cleared(self.price, self._value, share, up=self._above)

    @property
    def distance(self) -> float | None:
        """To the value; 0 beyond it."""
        return 0.0 if self.holds else _distance(self.price, self._value)


class Crosses(Judge):
    """Crosses a price. Reaching it counts, leaving it does not: 99 → 100 crosses 100 up."""

    edge = True
    __slots__ = ("_down", "_up", "_value")

    def __init__(self, hears: Hears, condition: PriceLevel) -> None:
        super().__init__(hears)
        self._value = condition.value
        self._up = condition.kind is not Kind.CROSSES_DOWN
        self._down = condition.kind is not Kind.CROSSES_UP

    def see(self, price: float, time: int) -> bool:
        """Strikes on a step over, or onto, the value."""
        before, self.price = self.price, price
        value = self._value
        if before is not None and (
            (before < value <= price and self._up) or (before > value >= price and self._down)
        ):
            self.holds = True
            return True
        if self.holds and not (self._up and self._down):
            self.holds = price >= value if self._up else price <= value
        return False

    def cleared(self, share: float) -> bool:
        """Back by the band; away by it, if it strikes both ways."""
        if self._up and self._down:
            return self.price is not None and abs(self.price / self._value - 1) >= share
        return _cleared(self.price, self._value, share, up=self._up)

    @property
    def distance(self) -> float | None:
        """To the value."""
        return _distance(self.price, self._value)


class InChannel(Judge):
    """enters · leaves · is inside · is outside two prices, both inside."""

    __slots__ = ("_high", "_low", "_within", "edge")

    def __init__(self, hears: Hears, condition: PriceChannel) -> None:
        super().__init__(hears)
        self._low, self._high = condition.low, condition.high
        self._within = condition.kind in (Kind.ENTERS, Kind.INSIDE)
        self.edge = condition.kind in (Kind.ENTERS, Kind.LEAVES)

    def see(self, price: float, time: int) -> bool:
        """Strikes as the price becomes so; on the first of all only if it *is* so."""
        first = self.price is None
        was = not first and self._fits(self.price or 0.0)
        self.price = price
        fits = self._fits(price)
        if not self.edge:
            return self._now(fits)
        struck = fits and not was and not first
        self.holds = fits and (struck or self.holds)
        return struck

    def cleared(self, share: float) -> bool:
        """Out of it, or into it, by the band."""
        if self.price is None:
            return False
        if self._within:
            return self.price <= self._low * (1 - share) or self.price >= self._high * (1 + share)
        return self._low * (1 + share) <= self.price <= self._high * (1 - share)

    @property
    def distance(self) -> float | None:
        """To the nearer bound; 0 where it is so."""
        if self.price is None or self._fits(self.price):
            return None if self.price is None else 0.0
        bounds = (_distance(self.price, each) for each in (self._low, self._high))
        return min((each for each in bounds if each is not None), default=None)

    def _fits(self, price: float) -> bool:
        return (self._low <= price <= self._high) is self._within


class MovesWithin(Judge):
    """Moves up · down · either way by an amount within a window."""

    __slots__ = ("_amount", "_down", "_extremes", "_percent", "_up", "lookback")

    def __init__(self, hears: Hears, condition: Move) -> None:
        super().__init__(hears)
        self._percent = condition.unit is Unit.PERCENT
        self._amount = condition.amount / PERCENT if self._percent else condition.amount
        self._up = condition.kind is not Kind.MOVES_DOWN
        self._down = condition.kind is not Kind.MOVES_UP
        self.lookback = condition.window * SECOND
        self._extremes = RollingExtremes(self.lookback)

    def see(self, price: float, time: int) -> bool:
        """Strikes as the way from the window's extreme reaches the amount."""
        self.price = price
        extremes = self._extremes
        extremes.add(time, price)
        low, high = extremes.low, extremes.high
        rise = self._reach(low) if self._up else math.inf
        fall = self._reach(high) if self._down else math.inf
        return self._now(price - low >= rise or high - price >= fall)

    def seed(self, points: Points) -> None:
        """Moves count from these too."""
        self._extremes.put_before(list(points))

    def absorb(self, other: Judge) -> None:
        """Prices of the time that was missed."""
        if isinstance(other, MovesWithin):
            self._extremes = other._extremes

    def cleared(self, share: float) -> bool:
        """The move is smaller than the amount by the band."""
        return self._move() < 1 - share

    @property
    def distance(self) -> float | None:
        """What is left of the way, as a share of the price."""
        if self.price is None or not self.price:
            return None
        return max(0.0, 1 - self._move()) * self._reach(self.price) / self.price

    def _reach(self, price: float) -> float:
        return price * self._amount if self._percent else self._amount

    def _move(self) -> float:
        """The greatest move now as a share of the amount."""
        if self.price is None:
            return 0.0
        low, high = self._extremes.low, self._extremes.high
        rise = (self.price - low) / self._reach(low) if self._up else 0.0
        fall = (high - self.price) / self._reach(high) if self._down else 0.0
        return max(rise, fall)


class Trails(Judge):
    """Is so many per cent below its high · above its low since armed, or since it fired."""

    __slots__ = ("_extreme", "_high", "_share")

    def __init__(self, hears: Hears, condition: Trail) -> None:
        super().__init__(hears)
        self._high = condition.kind is Kind.TRAILS_HIGH
        self._share = condition.percent / PERCENT
        self._extreme: float | None = None

    @property
    def memory(self) -> tuple[float, ...]:
        """The high or low so far."""
        return () if self._extreme is None else (self._extreme,)

    @memory.setter
    def memory(self, told: tuple[float, ...]) -> None:
        self._extreme = told[0] if told else None

    @property
    def level(self) -> float | None:
        """The price at which it strikes."""
        if self._extreme is None:
            return None
        return self._extreme * (1 - self._share if self._high else 1 + self._share)

    def see(self, price: float, time: int) -> bool:
        """Strikes as the price is that far from the extreme."""
        self.price = price
        extreme = self._extreme
        if extreme is None or (price > extreme if self._high else price < extreme):
            self._extreme = price
            return self._now(False)
        level = self.level or 0.0
        return self._now(price <= level if self._high else price >= level)

    def fired(self, price: float) -> None:
        """Trails from here."""
        self._extreme, self.holds = price, False

    def absorb(self, other: Judge) -> None:
        """Highs and lows of the time that was missed."""
        if isinstance(other, Trails) and other._extreme is not None:
            mine = other._extreme if self._extreme is None else self._extreme
            self._extreme = (max if self._high else min)(mine, other._extreme)

    def cleared(self, share: float) -> bool:
        """Nearer to the extreme than that by the band."""
        return _cleared(self.price, self.level, share, up=not self._high)

    @property
    def distance(self) -> float | None:
        """To where it strikes."""
        return _distance(self.price, self.level)


class StepsOf(Judge):
    """Reaches another multiple of an amount than the one it struck at before."""

    edge = True
    __slots__ = ("_amount", "_struck")

    def __init__(self, hears: Hears, condition: Steps) -> None:
        super().__init__(hears)
        self._amount = condition.amount
        self._struck: int | None = None

    @property
    def memory(self) -> tuple[float, ...]:
        """The multiple struck last."""
        return () if self._struck is None else (float(self._struck),)

    @memory.setter
    def memory(self, told: tuple[float, ...]) -> None:
        self._struck = int(told[0]) if told else None

    def see(self, price: float, time: int) -> bool:
        """Strikes on a step over, or onto, a multiple; of several the last counts."""
        before, self.price = self.price, price
        reached = None if before is None else self._reached(before, price)
        self.holds = reached is not None and reached != self._struck
        if self.holds:
            self._struck = reached
        return self.holds

    def absorb(self, other: Judge) -> None:
        """The multiple struck in the time that was missed."""
        if isinstance(other, StepsOf) and self._struck is None:
            self._struck = other._struck

    def cleared(self, share: float) -> bool:
        """Away from the multiple by the band."""
        if self.price is None or self._struck is None:
            return True
        return abs(self.price - self._struck * self._amount) >= share * self.price

    @property
    def distance(self) -> float | None:
        """To the nearer multiple that would strike."""
        if not self.price:
            return None
        below = math.floor(self.price / self._amount)
        near = [each for each in (below, below + 1) if each > 0 and each != self._struck]
        ways = [abs(self.price - each * self._amount) / self.price for each in near]
        return min(ways, default=None)

    def _reached(self, before: float, price: float) -> int | None:
        if price > before:
            multiple = math.floor(price / self._amount)
            return multiple if multiple * self._amount > before else None
        if price < before:
            multiple = math.ceil(price / self._amount)
            return multiple if multiple * self._amount < before else None
        return None


class HasMoved(Judge):
    """Has moved by an amount since the alert fired last, or was armed."""

    __slots__ = ("_amount", "_anchor", "_percent")

    def __init__(self, hears: Hears, condition: Moved) -> None:
        super().__init__(hears)
        self._percent = condition.unit is Unit.PERCENT
        self._amount = condition.amount / PERCENT if self._percent else condition.amount
        self._anchor: float | None = None

    @property
    def memory(self) -> tuple[float, ...]:
        """The price that it counts from."""
        return () if self._anchor is None else (self._anchor,)

    @memory.setter
    def memory(self, told: tuple[float, ...]) -> None:
        self._anchor = told[0] if told else None

    def see(self, price: float, time: int) -> bool:
        """Strikes as the price is that far away."""
        self.price = price
        if self._anchor is None:
            self._anchor = price
        return self._now(abs(price - self._anchor) >= self._reach)

    def fired(self, price: float) -> None:
        """Counts from here."""
        self._anchor, self.holds = price, False

    def absorb(self, other: Judge) -> None:
        """The price where it fired in the time that was missed."""
        if isinstance(other, HasMoved) and other._anchor is not None:
            self._anchor = other._anchor

    def cleared(self, share: float) -> bool:
        """It counts from where it fired: it is always back."""
        return True

    @property
    def distance(self) -> float | None:
        """What is left of the way."""
        if not self.price or self._anchor is None:
            return None
        return max(0.0, self._reach - abs(self.price - self._anchor)) / self.price

    @property
    def _reach(self) -> float:
        return (self._anchor or 0.0) * self._amount if self._percent else self._amount


class IsChanged(Judge):
    """The change of the last 24 hours, or from elsewhere, is beyond so many per cent.

    Hears shares (0.01 is one per cent). A gap changes nothing: what it hears is so.
    """

    __slots__ = ("_above", "_both", "_share")

    def __init__(self, hears: Hears, condition: DayChange | Spread) -> None:
        super().__init__(hears)
        self._both = condition.kind is Kind.SPREAD
        self._above = condition.kind is not Kind.DAY_BELOW
        self._share = condition.percent / PERCENT

    def see(self, share: float, time: int) -> bool:
        """Strikes as it becomes so."""
        self.price = share
        if self._both:
            return self._now(abs(share) >= self._share)
        return self._now(share > self._share if self._above else share < self._share)

    def forget(self) -> None:
        """Nothing was missed that counts."""

    def cleared(self, share: float) -> bool:
        """Back by a share of the threshold."""
        if self.price is None:
            return False
        value = abs(self.price) if self._both else self.price
        band = abs(self._share) * share
        return value <= self._share - band if self._above else value >= self._share + band

    @property
    def distance(self) -> float | None:
        """The share that is missing."""
        if self.price is None:
            return None
        value = abs(self.price) if self._both else self.price
        return max(0.0, self._share - value if self._above else value - self._share)


def _cleared(price: float | None, level: float | None, share: float, *, up: bool) -> bool:
    if price is None or level is None:
        return False
    return price <= level * (1 - share) if up else price >= level * (1 + share)


def _distance(price: float | None, level: float | None) -> float | None:
    return abs(level - price) / price if price and level is not None else None
