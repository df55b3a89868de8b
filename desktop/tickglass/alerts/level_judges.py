"""Judges of where a value is: beyond a level, across it, in a channel, a step on, changed."""

from __future__ import annotations

import math
from collections import deque

from .condition import (
    DayChange,
    Kind,
    PriceChannel,
    PriceLevel,
    Spread,
    Steps,
)
from .desk import TRADES_REMEMBERED
from .judge import PERCENT, Hears, Judge, Points, is_back, share_between

STRIKES_REMEMBERED = TRADES_REMEMBERED + 1  # so that one is known from before all those trades


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
        return is_back(self.price, self._value, share, up=self._above)

    @property
    def distance(self) -> float | None:
        """To the value; 0 beyond it."""
        return 0.0 if self.holds else share_between(self.price, self._value)


class EdgeJudge(Judge):
    """What is struck by an event and holds from then on, until the price is back."""

    __slots__ = ()

    @property
    def memory(self) -> tuple[float, ...]:
        """Something if it holds."""
        return (1.0,) if self.edge and self.holds else ()

    @memory.setter
    def memory(self, told: tuple[float, ...]) -> None:
        if self.edge:
            self.holds = bool(told)

    def rewind(self, before: Points, after: Points) -> None:
        """Hold what was struck by then; what was before these prices is taken to hold still."""
        self.forget()
        for time, price in before:
            self.see(price, time)

    def correct(self, other: Judge) -> None:
        """What a late price struck holds, if no younger one was back."""
        if self.edge and other.holds:
            self.holds = True

    def absorb(self, other: Judge, *, fired: bool) -> None:
        """What was struck in the time that was missed holds, if the price is not back."""
        if self.edge and other.holds and self.price is not None and self._is_beyond(self.price):
            self.holds = True

    def _is_beyond(self, price: float) -> bool:
        raise NotImplementedError


class Crosses(EdgeJudge):
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
        self.holds = self.holds and self._is_beyond(price)
        return False

    def _is_beyond(self, price: float) -> bool:
        if self._up and self._down:
            return True
        return price >= self._value if self._up else price <= self._value

    def cleared(self, share: float) -> bool:
        """Back by the band; away by it, if it strikes both ways."""
        if self._up and self._down:
            return self.price is not None and abs(self.price / self._value - 1) >= share
        return is_back(self.price, self._value, share, up=self._up)

    @property
    def distance(self) -> float | None:
        """To the value."""
        return share_between(self.price, self._value)


class InChannel(EdgeJudge):
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
        bounds = (share_between(self.price, each) for each in (self._low, self._high))
        return min((each for each in bounds if each is not None), default=None)

    def _is_beyond(self, price: float) -> bool:
        return self._fits(price)

    def _fits(self, price: float) -> bool:
        return (self._low <= price <= self._high) is self._within


class StepsOf(Judge):
    """Reaches another multiple of an amount than the one it struck at before.

    ``_strikes`` are the latest of them, oldest first: times in ms UTC and multiples.
    """

    edge = True
    __slots__ = ("_amount", "_lately", "_strikes")

    def __init__(self, hears: Hears, condition: Steps) -> None:
        super().__init__(hears)
        self._amount = condition.amount
        self._strikes: deque[tuple[int, int]] = deque(maxlen=STRIKES_REMEMBERED)
        self._lately = False  # whether it struck since values were missed

    @property
    def memory(self) -> tuple[float, ...]:
        """The multiple struck last."""
        return () if self._struck is None else (float(self._struck),)

    @memory.setter
    def memory(self, told: tuple[float, ...]) -> None:
        self._strikes.clear()
        self._strikes.extend((0, int(each)) for each in told)

    def see(self, price: float, time: int) -> bool:
        """Strikes on a step over, or onto, a multiple; of several the last counts."""
        before, self.price = self.price, price
        reached = None if before is None else self._reached(before, price)
        self.holds = reached is not None and reached != self._struck
        if reached is not None and self.holds:
            self._strikes.append((time, reached))
            self._lately = True
        return self.holds

    def forget(self) -> None:
        """Another multiple may be struck in what is missed."""
        super().forget()
        self._lately = False

    def rewind(self, before: Points, after: Points) -> None:
        """Forget the multiples struck since."""
        self.forget()
        while self._strikes and self._strikes[-1][0] > before[-1][0]:
            self._strikes.pop()

    def correct(self, other: Judge) -> None:
        """The multiples struck, were a late price heard in its place."""
        if isinstance(other, StepsOf):
            self._strikes = other._strikes.copy()

    def absorb(self, other: Judge, *, fired: bool) -> None:
        """The multiples struck in the time that was missed."""
        if isinstance(other, StepsOf) and not self._lately:
            self._strikes = other._strikes.copy()

    def cleared(self, share: float) -> bool:
        """Away from the multiple by the band."""
        if self.price is None or self._struck is None:
            return True
        return abs(self.price - self._struck * self._amount) >= share * self.price

    @property
    def _struck(self) -> int | None:
        return self._strikes[-1][1] if self._strikes else None

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
