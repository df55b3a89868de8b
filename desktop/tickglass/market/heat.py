"""What stood in an order book over the last minutes, as a picture of price and time."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .ladder import Floats, Grid, Levels, Numbers, steps

SAMPLE_MS = 250
KEPT_MS = 15 * 60_000
SAMPLES = KEPT_MS // SAMPLE_MS
STANDS_MS = 4 * SAMPLE_MS  # a sample says nothing of the time after
BUCKETS = 512  # of price in one sample, half of them below the mid
REACH = 0.02  # of the price, that the buckets reach over


class Heat(NamedTuple):
    """``sizes``: price × time, highest price first, base units within each pixel.

    NaN where nothing is known. ``mids`` by time, NaN in a gap.
    """

    sizes: Floats
    mids: Floats


def heat_step(tick: Decimal | None, price: float) -> float:
    """How wide a bucket is: as narrow as lets the buckets reach far enough."""
    choice = steps(tick, price)
    return next((step for step in choice if step * BUCKETS >= price * REACH), choice[-1])


class HeatRecord:
    """A ring of samples, four a second for a quarter of an hour: 7 MB when it is full.

    Times are milliseconds of any clock that does not go back.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.count = 0
        self.peak = 0.0  # the largest bucket of the newest sample
        self._times: Numbers = np.zeros(SAMPLES, np.int64)
        self._ends: Numbers = np.zeros(SAMPLES, np.int64)
        self._firsts: Numbers = np.zeros(SAMPLES, np.int64)  # the number of the first bucket
        self._mids: Floats = np.zeros(SAMPLES)
        self._sizes: npt.NDArray[np.float32] = np.zeros((SAMPLES, BUCKETS), np.float32)

    @property
    def newest(self) -> int | None:
        """When the newest sample was taken; None if there is none."""
        return int(self._times[(self.count - 1) % SAMPLES]) if self.count else None

    @property
    def mid(self) -> float | None:
        """The mid of the newest sample."""
        return float(self._mids[(self.count - 1) % SAMPLES]) if self.count else None

    def due(self, now_ms: int) -> bool:
        """Whether it is time for the next sample."""
        newest = self.newest
        return newest is None or now_ms - newest >= SAMPLE_MS

    def sample(self, now_ms: int, bids: Levels, asks: Levels) -> bool:
        """Take note of the book as it stands, unless it is too soon; whether it was taken."""
        if not self.due(now_ms):
            return False
        if not len(bids.prices) or not len(asks.prices):
            self.interrupt(now_ms)
            return False
        mid = (float(bids.prices.max()) + float(asks.prices.min())) / 2
        self._stretch(now_ms)
        place = self.count % SAMPLES
        first = self.grid.floor_of(mid) - BUCKETS // 2
        self._times[place], self._ends[place] = now_ms, now_ms + STANDS_MS
        self._firsts[place], self._mids[place] = first, mid
        self._sizes[place] = self._row(first, bids) + self._row(first, asks)
        self.peak = float(self._sizes[place].max())
        self.count += 1
        return True

    def interrupt(self, now_ms: int) -> None:
        """From now on nothing is known, until the next sample."""
        self._stretch(now_ms)

    def picture(
        self, start_ms: float, end_ms: float, width: int, low: float, high: float, height: int
    ) -> Heat:
        """The record from one time to another and from one price to another, in pixels.

        Each column shows the last sample that begins before the column ends, if it stands then.
        """
        if not self.count or width <= 0 or height <= 0 or high <= low:
            return Heat(np.full((height, width), np.nan), np.full(width, np.nan))
        places, known = self._samples_at(start_ms, end_ms, width)
        sizes = self._columns(places, low, high, height)
        sizes[~known] = np.nan
        return Heat(sizes.T[::-1], np.where(known, self._mids[places], np.nan))

    def _row(self, first: int, side: Levels) -> Floats:
        buckets = self.grid.floor(side.prices) - first
        inside = (buckets >= 0) & (buckets < BUCKETS)
        return np.bincount(buckets[inside], side.sizes[inside], BUCKETS).astype(np.float64)

    def _stretch(self, now_ms: int) -> None:
        """The newest sample stood until now, if that is not too long."""
        if self.count:
            place = (self.count - 1) % SAMPLES
            self._ends[place] = min(self._ends[place], now_ms)

    def _samples_at(
        self, start_ms: float, end_ms: float, width: int
    ) -> tuple[Numbers, npt.NDArray[np.bool_]]:
        """Of each column the sample, and whether it stands there."""
        held = min(self.count, SAMPLES)
        order = (np.arange(self.count - held, self.count) % SAMPLES).astype(np.int64)
        edges = start_ms + (end_ms - start_ms) / width * np.arange(width + 1)
        rank = np.searchsorted(self._times[order], edges[1:], side="left") - 1
        places = order[np.maximum(rank, 0)]
        return places, (rank >= 0) & (self._ends[places] > edges[:-1])

    def _columns(self, places: Numbers, low: float, high: float, height: int) -> Floats:
        """Of each sample what stands between the edges of each pixel, lowest price first.

        A bucket's size is spread evenly over it, so that none is lost or counted twice.
        """
        sums = np.zeros((len(places), BUCKETS + 1))
        np.cumsum(self._sizes[places], axis=1, dtype=np.float64, out=sums[:, 1:])
        step = float(self.grid.step)
        edges = (low + (high - low) / height * np.arange(height + 1)) / step
        within = np.clip(edges[None, :] - self._firsts[places][:, None], 0, BUCKETS)
        whole = np.minimum(within.astype(np.int64), BUCKETS - 1)
        rows = np.arange(len(places))[:, None]
        below = sums[rows, whole]
        stood = below + (sums[rows, whole + 1] - below) * (within - whole)
        found: Floats = np.diff(stood, axis=1)
        outside = (within[:, 1:] <= 0) | (within[:, :-1] >= BUCKETS)
        found[outside] = np.nan
        return found
