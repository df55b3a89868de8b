"""The limit order book of one pair: resting orders by price, and which levels changed lately.

Inside, a level is one integer ``key``: the price in ticks for a bid, its negative for an ask. So
both sides are ascending lists whose last key is the best. Sizes are whole lots.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from itertools import islice

CHANGES_KEPT = 5_000  # level changes; a delta since an older update id has a gap
LEVELS_MOST = 500  # a side; worse levels fall away


class LimitBook:
    """Resting orders of both sides; ``update_id`` rises by one with every change of a level."""

    __slots__ = ("asks", "bids", "changes", "orders", "update_id")

    def __init__(self, update_id: int = 0) -> None:
        self.bids: list[int] = []
        self.asks: list[int] = []
        self.orders: dict[int, list[int]] = {}  # by key, oldest first
        self.update_id = update_id
        self.changes: deque[int] = deque(maxlen=CHANGES_KEPT)

    def side(self, key: int) -> list[int]:
        """The side that a key belongs to."""
        return self.bids if key > 0 else self.asks

    def size(self, key: int) -> int:
        """The size resting at a level; 0 if there is none."""
        return sum(self.orders.get(key, ()))

    def place(self, key: int, size: int) -> None:
        """Rest an order; the caller sees to it that it does not cross."""
        orders = self.orders.get(key)
        if orders is None:
            side = self.bids if key > 0 else self.asks
            insort(side, key)
            self.orders[key] = [size]
            if len(side) > LEVELS_MOST:
                self._drop(side[0])
        else:
            orders.append(size)
        self._changed(key)

    def cancel(self, key: int) -> None:
        """Withdraw the newest order of a level."""
        orders = self.orders[key]
        if len(orders) == 1:
            self._drop(key)
        else:
            orders.pop()
            self._changed(key)

    def take(self, key: int, size: int) -> list[int]:
        """Fill a taker's order of at most ``size`` at one level: the fills, oldest order first."""
        orders = self.orders[key]
        fills: list[int] = []
        while size and orders:
            fill = min(size, orders[0])
            fills.append(fill)
            size -= fill
            if fill == orders[0]:
                del orders[0]
            else:
                orders[0] -= fill
        if orders:
            self._changed(key)
        else:
            self._drop(key)
        return fills

    def changed_since(self, update_id: int) -> tuple[int, set[int]]:
        """The keys of the levels that changed after ``update_id``, and the id they start from.

        The start is later than asked where the changes go back no further.
        """
        count = min(self.update_id - update_id, len(self.changes))
        return self.update_id - count, set(islice(reversed(self.changes), count))

    def _drop(self, key: int) -> None:
        side = self.bids if key > 0 else self.asks
        del side[bisect_left(side, key)]
        del self.orders[key]
        self._changed(key)

    def _changed(self, key: int) -> None:
        self.update_id += 1
        self.changes.append(key)
