"""Rolling windows over prices and volumes, in slots, so that they stay small at any rate.

A slot leaves the window as a whole: the window is longer than asked by less than one slot.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

PRICE_SLOTS = 200  # of a window: it is at most half a per cent longer than asked
VOLUME_SLOTS = 10


class RollingExtremes:
    """The lowest and highest price of the last ``window`` ms; at most one entry a slot.

    A price of time t counts until its slot, ``t // slot``, lies ``PRICE_SLOTS`` slots back.
    """

    __slots__ = ("_highs", "_lows", "slot")

    def __init__(self, window: int) -> None:
        self.slot = max(1, window // PRICE_SLOTS)
        self._lows: deque[tuple[int, float]] = deque()  # rising
        self._highs: deque[tuple[int, float]] = deque()  # falling

    @property
    def low(self) -> float:
        """The lowest price held."""
        return self._lows[0][1]

    @property
    def high(self) -> float:
        """The highest price held."""
        return self._highs[0][1]

    def add(self, time: int, price: float) -> None:
        """Take a price that is not older than the one before, and drop what is too old."""
        slot = time // self.slot
        lows, highs = self._lows, self._highs
        while lows and lows[-1][1] >= price:
            lows.pop()
        if not lows or lows[-1][0] != slot:  # a lower price of this slot is held already
            lows.append((slot, price))
        while highs and highs[-1][1] <= price:
            highs.pop()
        if not highs or highs[-1][0] != slot:
            highs.append((slot, price))
        oldest = slot - PRICE_SLOTS
        while lows[0][0] < oldest:
            lows.popleft()
        while highs[0][0] < oldest:
            highs.popleft()

    def insert(self, time: int, price: float) -> None:
        """Take a price that may be older than those held."""
        self._hold({*self._lows, *self._highs, (time // self.slot, price)})

    def merge(self, other: RollingExtremes) -> None:
        """Take in what another one of the same window holds."""
        self._hold({*self._lows, *self._highs, *other._lows, *other._highs})

    def until(self, points: Sequence[tuple[int, float]]) -> RollingExtremes:
        """As it was at the last of some prices, oldest first, as far as is known."""
        found = RollingExtremes(self.slot * PRICE_SLOTS)
        begin = points[0][0] // self.slot if points else 0
        for slot, price in sorted({*self._lows, *self._highs}):
            if slot < begin:
                found.add(slot * self.slot, price)
        for time, price in points:
            found.add(time, price)
        return found

    def _hold(self, prices: Iterable[tuple[int, float]]) -> None:
        """Hold these and no others: slots and prices."""
        self._lows.clear()
        self._highs.clear()
        for slot, price in sorted(prices):
            self.add(slot * self.slot, price)

    def put_before(self, points: Iterable[tuple[int, float]]) -> None:
        """Take in prices that lie in no later slot than everything held."""
        held = {*self._lows, *self._highs}
        first = min(held)[0] if held else None
        told = {(time // self.slot, price) for time, price in points}
        self._hold(held | {each for each in told if first is None or each[0] <= first})


class RollingVolume:
    """The volume of the last window and of so many windows before it, in slots of a tenth.

    The last window is the slot of the newest trade and the nine before it.
    """

    __slots__ = ("_first", "_live", "_newest", "_sums", "_total", "_windows", "recent", "slot")

    def __init__(self, window: int, windows: int) -> None:
        self.slot = max(1, window // VOLUME_SLOTS)
        self._windows = windows
        self._sums = [0.0] * (VOLUME_SLOTS * (windows + 1))  # by slot number, modulo
        self._newest: int | None = None
        self._first: int | None = None  # the first slot that is known whole
        self._live: int | None = None  # the slot of the first trade
        self.recent = self._total = 0.0

    def add(self, time: int, size: float) -> None:
        """Count a trade; one older than the last window is not counted."""
        slot = time // self.slot
        newest = self._newest
        if self._live is None:
            self._live = slot
            if self._first is None:
                self._first = slot + 1
        if newest is None or slot > newest:
            self._advance(slot)
        elif slot <= newest - VOLUME_SLOTS:
            return
        self._sums[slot % len(self._sums)] += size
        self.recent += size
        self._total += size

    def seed(self, volumes: Iterable[tuple[int, int, float]]) -> None:
        """Count what was traded before the first trade: times from and to in ms, and volumes.

        They adjoin each other and reach up to that trade; each is spread evenly over its time.
        """
        told = [(start // self.slot, (end - 1) // self.slot, end - start, size)
                for start, end, size in volumes if end > start]  # fmt: skip
        if not told:
            return
        first, last = min(each[0] for each in told), max(each[1] for each in told)
        if self._live is not None:
            last = min(last, self._live - 1)
        self._advance(last if self._newest is None else self._newest)
        oldest = (self._newest or 0) - len(self._sums) + 1
        for begins, ends, length, size in told:
            share = size * self.slot / max(self.slot, length)
            for slot in range(max(begins, oldest), min(ends, last) + 1):
                self._sums[slot % len(self._sums)] += share
        if last >= first:
            self._first = first
        self._add_up()

    def recent_at(self, time: int) -> float:
        """The volume of the window that ends then, ms; what is newer counts too."""
        if self._newest is not None and time // self.slot > self._newest:
            self._advance(time // self.slot)
        return self.recent

    def forget(self) -> None:
        """Volumes were missed: hold none, until seeded or watched anew."""
        self._sums = [0.0] * len(self._sums)
        self._newest = self._first = self._live = None
        self.recent = self._total = 0.0

    @property
    def ready(self) -> bool:
        """Whether every window of the average was watched."""
        if self._newest is None or self._first is None:
            return False
        return self._newest - self._first >= len(self._sums) - 1

    @property
    def ratio(self) -> float | None:
        """The last window as a multiple of the average before; None before that is known."""
        before = (self._total - self.recent) / self._windows
        return self.recent / before if before > 0 and self.ready else None

    def _advance(self, slot: int) -> None:
        """Let the newest slot be this one."""
        count = len(self._sums)
        if self._newest is None:
            self._newest = slot
        for passed in range(max(self._newest + 1, slot - count + 1), slot + 1):
            self._sums[passed % count] = 0.0
        self._newest = max(self._newest, slot)
        self._add_up()

    def _add_up(self) -> None:
        """Anew at each slot: what is only ever added to and taken from drifts."""
        newest, count = self._newest or 0, len(self._sums)
        self.recent = sum(self._sums[(newest - back) % count] for back in range(VOLUME_SLOTS))
        self._total = sum(self._sums)
