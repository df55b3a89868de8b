"""How buying outweighs selling: over a window, since the opening, and candle by candle."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .interval import MINUTE, SECOND

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

SECONDS_KEPT = 660  # a little more than the ten minutes that are known to the second
MINUTES_KEPT = 1_442  # the same of a day
LONGEST_TO_THE_SECOND = 600  # s
BREAKS_KEPT = 64
FIGURES = 12  # of the largest trade that count: sums of decimals pick up a tail of noise
MOST_DECIMALS = 18


class CandleDeltas(NamedTuple):
    """Of every candle: its delta, the cumulative one at its end, and if all of it was heard.

    NaN where nothing is known.
    """

    delta: Floats
    cumulative: Floats
    whole: Flags


class _Break:
    """From ``at`` until ``resumed`` (ms UTC, None: not yet) trades may have been missed.

    ``total`` is the cumulative delta that ended; the others are what stood in the running bucket.
    """

    __slots__ = ("at", "held", "resumed", "total")

    def __init__(self, at: float, total: float = 0.0, held: dict[int, float] | None = None) -> None:
        self.at = at
        self.resumed: int | None = None
        self.total = total
        self.held = held or {}  # by the length of a bucket


class _Buckets:
    """Sums by time; the oldest go when there are too many."""

    __slots__ = ("floor", "length", "most", "nets")

    def __init__(self, length: int, most: int) -> None:
        self.length = length
        self.most = most
        self.nets: dict[int, float] = {}
        self.floor = 0  # ms; what was before is forgotten

    def add(self, time: int, amount: float) -> None:
        key = time // self.length
        if key in self.nets:
            self.nets[key] += amount
            return
        self.nets[key] = amount
        if len(self.nets) > self.most:
            oldest = min(self.nets)
            del self.nets[oldest]
            self.floor = max(self.floor, (oldest + 1) * self.length)

    def since(self, time: int, broken: _Break) -> float:
        """The sum of the whole buckets after ``time``, without what was before the break."""
        first = time // self.length + 1
        total = 0.0
        if broken.held and broken.at >= first * self.length:
            first = int(broken.at) // self.length
            total = -broken.held[self.length] if first in self.nets else 0.0
        return total + sum(net for key, net in self.nets.items() if key >= first)


class Delta:
    """Buy volume − sell volume, in base or in quote as it is counted.

    Over a window, since the opening, and by candle: kept by the second for ten minutes and by the
    minute for a day. A gap lets everything but the deltas by candle begin anew.
    """

    def __init__(self) -> None:
        self._sum = 0.0
        self._largest = 0.0
        self._decimals = MOST_DECIMALS
        self._seconds = _Buckets(SECOND, SECONDS_KEPT)
        self._minutes = _Buckets(MINUTE, MINUTES_KEPT)
        # The time before the opening is the first gap; of many, the oldest counts as that.
        self._breaks = deque([_Break(-np.inf)], BREAKS_KEPT)

    @property
    def cumulative(self) -> float:
        """Everything counted from ``since`` on."""
        return round(self._sum, self._decimals)

    @property
    def since(self) -> int | None:
        """The time of the first trade counted, ms UTC; None as long as there is none."""
        return self._breaks[-1].resumed

    @property
    def broken_at(self) -> int | None:
        """The time of the last trade before the last gap, ms UTC; None if there was none."""
        broken = self._breaks[-1]
        return int(broken.at) if broken.held else None

    def count(self, counted: Sequence[tuple[int, float]]) -> None:
        """Count trades: their time, ms UTC, and their amount, negative where it was sold."""
        self._judge_noise(max((abs(amount) for _, amount in counted), default=0.0))
        broken = self._breaks[-1]
        if broken.resumed is None and counted:
            broken.resumed = counted[0][0]
        nets: dict[int, float] = {}
        for time, amount in counted:
            second = time // SECOND
            nets[second] = nets.get(second, 0.0) + amount
        for second, net in nets.items():
            self._sum += net
            self._seconds.add(second * SECOND, net)
            self._minutes.add(second * SECOND, net)

    def _judge_noise(self, largest: float) -> None:
        """Keep the decimals that mean something beside the largest trade that came."""
        if largest > self._largest and math.isfinite(largest):
            self._largest = largest
            magnitude = math.floor(math.log10(largest))
            self._decimals = max(0, min(MOST_DECIMALS, FIGURES - 1 - magnitude))

    def interrupt(self, at: int) -> None:
        """Trades after ``at`` may have been missed: count anew from the next one on."""
        if self.since is None:
            return
        parts = (self._seconds, self._minutes)
        held = {part.length: part.nets.get(at // part.length, 0.0) for part in parts}
        self._breaks.append(_Break(at, self._sum, held))
        self._sum = 0.0

    def over(self, window_s: int, now_ms: int) -> float:
        """Over the last so many seconds, at most since ``since``.

        To the second up to ten minutes, to the minute beyond: the bucket in which the window
        begins is left out.
        """
        part = self._seconds if window_s <= LONGEST_TO_THE_SECOND else self._minutes
        found = part.since(now_ms - window_s * SECOND, self._breaks[-1])
        return round(found, self._decimals)

    def by_candle(self, starts: Sequence[float] | Floats) -> CandleDeltas:
        """For candles that start then (ms UTC, ascending); the last one is still open.

        Candles of whole minutes are known for a day, shorter ones for ten minutes.
        """
        edges = np.asarray(starts, dtype=np.float64)
        ends = np.append(edges[1:], np.inf)[: len(edges)]
        part = self._seconds if np.any(edges % MINUTE) else self._minutes
        known, whole = self._judge(edges, ends, part.floor)
        keys = np.array(sorted(part.nets), dtype=np.int64)
        if not len(keys) or not len(edges):
            nothing = np.full(len(edges), np.nan)
            return CandleDeltas(nothing, nothing.copy(), np.zeros(len(edges), dtype=np.bool_))
        times, nets = keys * part.length, np.array([part.nets[key] for key in keys.tolist()])
        candle = np.searchsorted(edges, times, side="right") - 1
        inside = candle >= 0
        counts = np.bincount(candle[inside], nets[inside], minlength=len(edges))
        delta: Floats = counts.astype(np.float64)
        last = np.searchsorted(times, ends) - 1
        sums = self._sums(times, nets, part.length)
        cumulative: Floats = np.where(last >= 0, sums[last], 0.0)
        delta[~known] = cumulative[~known] = np.nan
        digits = self._decimals
        return CandleDeltas(delta.round(digits), cumulative.round(digits), whole & known)

    def _judge(self, starts: Floats, ends: Floats, floor: int) -> tuple[Flags, Flags]:
        """Which candles are known at all, and which entirely."""
        gaps = [(-np.inf, float(floor))]
        for broken in self._breaks:
            at = -np.inf if broken is self._breaks[0] else broken.at
            gaps.append((at, np.inf if broken.resumed is None else float(broken.resumed)))
        known = np.ones(len(starts), dtype=np.bool_)
        whole = known.copy()
        for at, resumed in gaps:
            whole &= (starts >= resumed) | (ends <= at)
            known &= (starts <= at) | (ends > resumed)
        return known, whole

    def _sums(self, times: Numbers, nets: Floats, length: int) -> Floats:
        """The cumulative delta at the end of every bucket: each part ends as it was counted."""
        raw = np.cumsum(nets)
        sums = raw.copy()
        begun = 0
        for broken in self._breaks:
            if not broken.held:
                continue
            # The bucket in which it broke is the next part's if that began in it too.
            shared = broken.resumed is not None and broken.resumed // length == broken.at // length
            start = (int(broken.at) // length + (not shared)) * length
            index = int(np.searchsorted(times, start))
            before = float(raw[index - 1]) if index else 0.0
            if shared and index < len(times) and times[index] == start:
                before += broken.held[length]
            sums[begun:index] += broken.total - before
            begun = index
        sums[begun:] += self._sum - raw[-1]
        return sums
