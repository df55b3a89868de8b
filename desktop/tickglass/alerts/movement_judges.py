"""Judges of how far a price went: within a time, from its extreme, since the alert fired."""

from __future__ import annotations

import math

from .condition import (
    Kind,
    Move,
    Moved,
    Trail,
    Unit,
)
from .judge import PERCENT, SECOND, Hears, Judge, Points, is_back, share_between
from .windows import RollingExtremes


class MovementJudge(Judge):
    """What is so depends on prices before: where some were missed, it is judged anew."""

    __slots__ = ()

    def _is_so(self, price: float) -> bool:
        raise NotImplementedError

    def settle(self) -> None:
        """It is so as far as prices from before say."""
        self.holds = self.price is not None and self._is_so(self.price)

    def _go_on(self, other: Judge) -> None:
        """Hold what a twin held at the end of a time that was missed, if it is still so."""
        self.holds = other.holds and self.price is not None and self._is_so(self.price)


class MovesWithin(MovementJudge):
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
        self._extremes.add(time, price)
        return self._now(self._is_so(price))

    def _is_so(self, price: float) -> bool:
        low, high = self._extremes.low, self._extremes.high
        rise = self._reach(low) if self._up else math.inf
        fall = self._reach(high) if self._down else math.inf
        return price - low >= rise or high - price >= fall

    def rewind(self, before: Points, after: Points) -> None:
        """Moves count from what came before only."""
        self.forget()
        self._extremes = self._extremes.until(before)

    def learn(self, time: int, price: float) -> None:
        """Moves count from it too."""
        self._extremes.insert(time, price)

    def seed(self, points: Points) -> None:
        """Moves count from these too."""
        self._extremes.put_before(points)

    def absorb(self, other: Judge, *, fired: bool) -> None:
        """Prices of the time that was missed."""
        if isinstance(other, MovesWithin):
            self._extremes.merge(other._extremes)
            self._go_on(other)

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


class Trails(MovementJudge):
    """Is so many per cent below its high · above its low since armed, or since it fired.

    ``_lately`` is the high or low since values were missed.
    """

    anew = True
    __slots__ = ("_extreme", "_high", "_lately", "_share")

    def __init__(self, hears: Hears, condition: Trail) -> None:
        super().__init__(hears)
        self._high = condition.kind is Kind.TRAILS_HIGH
        self._share = condition.percent / PERCENT
        self._extreme: float | None = None
        self._lately: float | None = None

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
        self._lately = price if self._lately is None else self._beyond(self._lately, price)
        extreme = self._extreme
        if extreme is None or (price > extreme if self._high else price < extreme):
            self._extreme = price
            return self._now(False)
        return self._now(self._is_so(price))

    def _is_so(self, price: float) -> bool:
        level = self.level
        if level is None or price == self._extreme:
            return False
        return price <= level if self._high else price >= level

    def forget(self) -> None:
        """What is reached from now on may be less than what was missed."""
        super().forget()
        self._lately = None

    def rewind(self, before: Points, after: Points) -> None:
        """Trails from what was reached before; of that no more is known than these prices."""
        self.forget()
        if any(price == self._extreme for _, price in after):
            prices = [price for _, price in before]
            self._extreme = max(prices) if self._high else min(prices)

    def learn(self, time: int, price: float) -> None:
        """Trails from it, if it is beyond what was reached."""
        if self._extreme is not None:
            self._extreme = self._beyond(self._extreme, price)

    def fired(self, price: float) -> None:
        """Trails from here."""
        self._extreme = self._lately = price
        self.holds = False

    def absorb(self, other: Judge, *, fired: bool) -> None:
        """Highs and lows of the time that was missed; if it fired then, they count from there."""
        if not isinstance(other, Trails) or other._extreme is None:
            return
        mine = self._lately if fired else self._extreme
        self._extreme = other._extreme if mine is None else self._beyond(mine, other._extreme)
        self._go_on(other)

    def cleared(self, share: float) -> bool:
        """Nearer to the extreme than that by the band."""
        return is_back(self.price, self.level, share, up=not self._high)

    @property
    def distance(self) -> float | None:
        """To where it strikes."""
        return share_between(self.price, self.level)

    def _beyond(self, one: float, other: float) -> float:
        return max(one, other) if self._high else min(one, other)


class HasMoved(MovementJudge):
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
        return self._now(self._is_so(price))

    def _is_so(self, price: float) -> bool:
        return self._anchor is not None and abs(price - self._anchor) >= self._reach

    def fired(self, price: float) -> None:
        """Counts from here."""
        self._anchor, self.holds = price, False

    def absorb(self, other: Judge, *, fired: bool) -> None:
        """The price where it fired in the time that was missed."""
        if isinstance(other, HasMoved) and (fired or self._anchor is None):
            self._anchor = other._anchor
            self._go_on(other)

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
