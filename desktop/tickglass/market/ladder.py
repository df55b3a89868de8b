"""An order book as a ladder: its levels summed in equal steps of price, from the touch outward."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .book import BookSide
from .instrument import decimals

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

FINE, COARSE = (1, 2, 5), (10, 25, 50)  # ticks a step; the coarse ones also × 10, × 100, …
COARSEST = 0.01  # of the price
BEST = 0.00004  # of the price: somewhat less than half a basis point
MOST_STEPS = 16
DIGITS = 5  # significant digits of a price whose tick the exchange does not tell …
FEWEST_DECIMALS, MOST_DECIMALS = 2, 18  # … but at least two decimals
LEVELS_LOOKED_AT = 50  # to find a tick
MOST_ROWS = 2_000  # a side; rows beyond are far from any price that trades
ON_TICK = 0.01  # ticks; floats of whole ticks lie much nearer
BASIS_POINT = 10_000


class Levels(NamedTuple):
    """Prices and their sizes in base, in no special order."""

    prices: Floats
    sizes: Floats


class Row(NamedTuple):
    """One step of price; sizes in base, ``bid_total`` and ``ask_total`` from the touch to here."""

    price: float
    bid: float = 0.0
    ask: float = 0.0
    bid_total: float = 0.0
    ask_total: float = 0.0


NO_LEVELS = Levels(np.empty(0), np.empty(0))


def levels_of(side: BookSide) -> Levels:
    """Everything on one side of a book."""
    count = len(side.sizes)
    return Levels(
        np.fromiter(side.sizes, np.float64, count),
        np.fromiter(side.sizes.values(), np.float64, count),
    )


def levels(pairs: Iterable[tuple[float, float]]) -> Levels:
    """Levels from pairs of price and size."""
    table = np.array([tuple(each) for each in pairs], np.float64).reshape(-1, 2)
    return Levels(table[:, 0].copy(), table[:, 1].copy())


def tick_of(prices: Iterable[float]) -> Decimal:
    """A tick for an exchange that does not tell its own: that of the longest of these prices."""
    found = (decimals(Decimal(repr(price))) for price in prices)
    return Decimal(1).scaleb(-min(MOST_DECIMALS, max(found, default=FEWEST_DECIMALS)))


def tick_seen(*sides: BookSide) -> Decimal:
    """The same from what a book holds near the touch."""
    return tick_of(level.price for side in sides for level in side.top(LEVELS_LOOKED_AT))


def steps(tick: Decimal | None, price: float) -> list[float]:
    """The steps that suit a price, finest first: 1, 2, 5, 10, 25, 50, 100, … ticks."""
    least = _tick(tick, price)
    found = [float(least)]
    for power in range(MOST_DECIMALS + DIGITS):
        for ticks in (*FINE, *COARSE) if power == 0 else COARSE:
            step = float(least * ticks * 10**power)
            if step > price * COARSEST:
                return found[-MOST_STEPS:]
            if step > found[-1]:
                found.append(step)
    return found[-MOST_STEPS:]


def best_step(tick: Decimal | None, price: float) -> float:
    """The step to begin with: the finest of about half a basis point or more."""
    choice = steps(tick, price)
    return next((step for step in choice if step >= price * BEST), choice[-1])


def _tick(tick: Decimal | None, price: float) -> Decimal:
    if tick is not None and tick > 0:
        return tick
    if price <= 0 or not math.isfinite(price):
        return Decimal(1).scaleb(-FEWEST_DECIMALS)
    wanted = DIGITS - 1 - math.floor(math.log10(price))
    return Decimal(1).scaleb(-min(MOST_DECIMALS, max(FEWEST_DECIMALS, wanted)))


class Grid:
    """Numbers the steps of price: step ``n`` is the price n × step.

    Prices become whole ticks before they are divided, so that 0.3 lies on a step of 0.1.
    """

    def __init__(self, tick: Decimal, step: float) -> None:
        self.ticks = max(1, round(Decimal(repr(step)) / tick))
        self.step = tick * self.ticks
        self._tick = tick.as_integer_ratio()
        self._step = self.step.as_integer_ratio()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Grid) and (self.ticks, self.step) == (other.ticks, other.step)

    def __hash__(self) -> int:
        return hash((self.ticks, self.step))

    @property
    def decimals(self) -> int:
        """How many decimals show a price on this grid."""
        return decimals(self.step)

    def price(self, number: int) -> float:
        """The price of a step, exact to the last bit."""
        up, down = self._step
        return number * up / down

    def prices(self, numbers: Numbers) -> Floats:
        """The prices of many steps."""
        up, down = self._step
        return np.asarray(numbers * float(up) / float(down), np.float64)

    def floor(self, prices: Floats) -> Numbers:
        """The step at or below each price."""
        exact, ticks, between = self._ticks_of(prices)
        found: Numbers = np.where(between, np.floor(exact), ticks).astype(np.int64) // self.ticks
        return found

    def ceil(self, prices: Floats) -> Numbers:
        """The step at or above each price."""
        exact, ticks, between = self._ticks_of(prices)
        whole = np.where(between, np.ceil(exact), ticks).astype(np.int64)
        found: Numbers = -(-whole // self.ticks)
        return found

    def floor_of(self, price: float) -> int:
        """The step at or below one price."""
        return int(self.floor(np.array([price]))[0])

    def ceil_of(self, price: float) -> int:
        """The step at or above one price."""
        return int(self.ceil(np.array([price]))[0])

    def _ticks_of(self, prices: Floats) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
        up, down = self._tick
        exact = prices * float(down) / float(up)
        ticks = np.rint(exact)
        return exact, ticks, np.abs(exact - ticks) > ON_TICK


class Half:
    """One side of a ladder. Place 0 is the touch, place 1 one step further from the other side.

    ``sizes`` and ``totals`` (from the touch to there) are in base; ``shares`` has a row for each
    source that the side is made of.
    """

    def __init__(self, grid: Grid, sources: Sequence[Levels], *, bids: bool) -> None:
        self.grid = grid
        self.bids = bids
        numbers = [(grid.floor if bids else grid.ceil)(each.prices) for each in sources]
        ends = [int(each.max() if bids else each.min()) for each in numbers if len(each)]
        self.touch: int | None = (max if bids else min)(ends) if ends else None
        self._parts = [
            self._part(number, each) for number, each in zip(numbers, sources, strict=True)
        ]
        length = max((int(part[0].max()) + 1 for part in self._parts if len(part[0])), default=0)
        self.shares: Floats = np.zeros((len(sources), length))
        for share, (places, _, sizes) in zip(self.shares, self._parts, strict=True):
            share[:] = np.bincount(places, sizes, length)
        self.sizes: Floats = self.shares.sum(axis=0) if len(sources) != 1 else self.shares[0]
        self.totals: Floats = np.cumsum(self.sizes)

    def __len__(self) -> int:
        return len(self.sizes)

    @cached_property
    def worths(self) -> Floats:
        """The sizes in quote, each level at its own price."""
        found = np.zeros(len(self))
        for places, prices, sizes in self._parts:
            found += np.bincount(places, prices * sizes, len(self))
        return found

    @cached_property
    def total_worths(self) -> Floats:
        """``worths`` from the touch to each place."""
        return np.cumsum(self.worths)

    def number(self, place: int) -> int:
        """The number on the grid of a place; 0 for an empty side."""
        return 0 if self.touch is None else self.touch - place if self.bids else self.touch + place

    def place(self, number: int) -> int:
        """The place of a number on the grid; negative beyond the touch."""
        return (
            0 if self.touch is None else self.touch - number if self.bids else number - self.touch
        )

    def price(self, place: int) -> float:
        """The price of a place."""
        return self.grid.price(self.number(place))

    def _part(self, numbers: Numbers, source: Levels) -> tuple[Numbers, Floats, Floats]:
        if self.touch is None:
            return np.empty(0, np.int64), source.prices, source.sizes
        places = self.touch - numbers if self.bids else numbers - self.touch
        near = places < MOST_ROWS
        return places[near], source.prices[near], source.sizes[near]


class Ladder:
    """Both sides of one book, or of several that are shown as one.

    ``best_bid`` and ``best_ask`` are the best prices themselves, not steps.
    """

    def __init__(self, grid: Grid, bids: Sequence[Levels], asks: Sequence[Levels]) -> None:
        self.grid = grid
        self.bids = Half(grid, bids, bids=True)
        self.asks = Half(grid, asks, bids=False)
        highest = [float(each.prices.max()) for each in bids if len(each.prices)]
        lowest = [float(each.prices.min()) for each in asks if len(each.prices)]
        self.best_bid: float | None = max(highest, default=None)
        self.best_ask: float | None = min(lowest, default=None)

    @cached_property
    def spread(self) -> float | None:
        """Best ask − best bid, in quote; negative if books are crossed. None: a side is empty."""
        if self.best_bid is None or self.best_ask is None:
            return None
        return float(Decimal(repr(self.best_ask)) - Decimal(repr(self.best_bid)))

    @cached_property
    def mid(self) -> float | None:
        """Half way between best bid and best ask."""
        if self.best_bid is None or self.best_ask is None:
            return None
        return (self.best_bid + self.best_ask) / 2

    @property
    def spread_bps(self) -> float | None:
        """The spread in basis points of the mid."""
        if self.spread is None or not self.mid:
            return None
        return self.spread / self.mid * BASIS_POINT

    def imbalance(self, rows: int = MOST_ROWS) -> float | None:
        """(bids − asks) / (bids + asks) over so many rows a side: +1 if there are only bids."""
        bids, asks = (float(side.sizes[:rows].sum()) for side in (self.bids, self.asks))
        return (bids - asks) / (bids + asks) if bids + asks > 0 else None

    def rows(self, count: int) -> list[Row]:
        """So many rows a side, from the highest ask down to the lowest bid."""
        asks, bids = self.asks, self.bids
        above = [
            Row(
                asks.price(place), ask=float(asks.sizes[place]), ask_total=float(asks.totals[place])
            )
            for place in range(min(count, len(asks)))
        ]
        below = [
            Row(
                bids.price(place), bid=float(bids.sizes[place]), bid_total=float(bids.totals[place])
            )
            for place in range(min(count, len(bids)))
        ]
        return above[::-1] + below
