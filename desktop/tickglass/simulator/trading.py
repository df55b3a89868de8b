"""How one pair trades: makers and takers around a fair price, and what that leaves behind.

Prices are whole ticks, sizes whole lots, so that nothing is ever rounded twice.
"""

from __future__ import annotations

from collections import deque
from random import Random
from typing import NamedTuple

from .book import LimitBook
from .live import LiveRows


class Taken(NamedTuple):
    """A taker's order meeting one price: the sizes of its fills, whose trade ids rise by one."""

    pair: int
    time: int
    id: int
    first_trade: int
    price: int
    fills: tuple[int, ...]
    buy: bool


class Touch(NamedTuple):
    """The best bid and ask after an order changed them."""

    pair: int
    time: int
    update_id: int
    bid: int
    bid_size: int
    ask: int
    ask_size: int


Happening = Taken | Touch


class Manner(NamedTuple):
    """How a pair's orders look: level gap in ticks, mean sizes in lots, first ids and price."""

    price: int
    gap: float
    taker_size: float
    first_trade: int


LEVELS_LEAST = 120  # a side, kept by makers who place far away
LEVELS_FIRST = 180
SWEEP_MOST = 8  # prices that one order takes at most
MATCHES_KEPT = 1_000

TAKE, PLACE = 0.22, 0.74  # shares of orders, cumulative; the rest cancels
INFORMED = 0.6  # level gaps between best and fair price that call a taker
REACH = 4.0  # level gaps from the fair price that a taker accepts
NEAR = 0.8  # share of makers at the top
TIGHT = 0.45  # share of those who quote one tick from the other side, while that is fair
NEAR_GAPS, FAR_GAPS = 1.5, 25.0  # mean distance from the fair price
CANCEL_DEPTH = 4.0  # mean levels from the best where orders are withdrawn
LEVELS_USUAL = 250  # a side; with more than these, orders are withdrawn anywhere
MAKER_SIZE = 1.6  # of a taker's, at the top
FAR_SIZE = 4.0
FIRST_UPDATE, FIRST_MATCH = 61_552_048_811, 3_920_114_455


class Trading:
    """One pair's book and trades, driven one order at a time."""

    __slots__ = (
        "_gap", "_index", "_match_id", "_random", "_size", "_top", "book", "live", "matches",
        "next_trade",
    )  # fmt: skip

    def __init__(self, index: int, manner: Manner, random: Random) -> None:
        self._index = index
        self._random = random
        self._gap = manner.gap
        self._size = manner.taker_size
        self._match_id = FIRST_MATCH
        self.next_trade = manner.first_trade
        self.book = LimitBook(FIRST_UPDATE)
        self.live = LiveRows()
        self.matches: deque[Taken] = deque(maxlen=MATCHES_KEPT)
        self._open(manner.price)
        self._top = self._read_top()

    @property
    def touch(self) -> tuple[int, int, int, int]:
        """Best bid, its size, best ask, its size."""
        return self._top

    def order(self, time: int, fair: float, out: list[Happening]) -> int:
        """Let one order happen; what a client could see of it is appended to ``out``.

        Returns how many events that is: fills, and a change of the best bid or ask.
        """
        book, next_trade = self.book, self.next_trade
        bid, ask = book.bids[-1], -book.asks[-1]
        margin = INFORMED * self._gap
        if fair - ask > margin:
            self._take(time, -int(fair), self._draw(2.0), out)
        elif bid - fair > margin:
            self._take(time, int(fair) + 1, self._draw(2.0), out)
        else:
            self._usual(time, fair, bid, ask, out)
        self._refill(book.bids)
        self._refill(book.asks)
        events = self.next_trade - next_trade
        top = self._read_top()
        if top != self._top:
            self._top = top
            out.append(Touch(self._index, time, book.update_id, *top))
            events += 1
        return events

    def _usual(self, time: int, fair: float, bid: int, ask: int, out: list[Happening]) -> None:
        random = self._random
        what, buy = random.random(), random.random() < 0.5
        reach = REACH * self._gap + 1.0
        if what < TAKE and (ask - fair if buy else fair - bid) < reach:
            limit = -int(fair + reach) if buy else max(1, int(fair - reach))
            self._take(time, limit, self._draw(1.0), out)
        elif what < PLACE:
            self._place(fair, bid, ask, buy)
        else:
            self._cancel(self.book.bids if buy else self.book.asks)

    def _place(self, fair: float, bid: int, ask: int, buy: bool) -> None:
        random = self._random
        near = random.random() < NEAR
        away = random.expovariate(1.0) * self._gap * (NEAR_GAPS if near else FAR_GAPS)
        if near and random.random() < TIGHT:
            away = -INFORMED * self._gap
        bid_key, ask_key = min(int(fair - away), ask - 1), -max(int(fair + away) + 1, bid + 1)
        key = max(1, bid_key) if buy else ask_key
        self.book.place(key, self._draw(MAKER_SIZE if near else FAR_SIZE))

    def _cancel(self, side: list[int]) -> None:
        if len(side) > LEVELS_USUAL:
            depth = int(self._random.random() * len(side))
        else:
            depth = int(self._random.expovariate(1.0 / CANCEL_DEPTH))
        self.book.cancel(side[-1 - min(depth, len(side) - 2)])

    def _take(self, time: int, limit: int, size: int, out: list[Happening]) -> None:
        """Take until the key ``limit`` (negative: buying asks) or ``size`` is reached."""
        book = self.book
        side = book.side(limit)
        for _ in range(SWEEP_MOST):
            key = side[-1]
            if size <= 0 or key < limit:
                break
            fills = tuple(book.take(key, size))
            size -= sum(fills)
            self._record(time, key, fills, out)
            self._refill(side)

    def _record(self, time: int, key: int, fills: tuple[int, ...], out: list[Happening]) -> None:
        taken = Taken(self._index, time, self._match_id, self.next_trade, abs(key), fills, key < 0)
        self.live.add(taken)
        self.matches.append(taken)
        self._match_id += 1
        self.next_trade += len(fills)
        out.append(taken)

    def _read_top(self) -> tuple[int, int, int, int]:
        book = self.book
        bid, ask = book.bids[-1], book.asks[-1]
        return bid, sum(book.orders[bid]), -ask, sum(book.orders[ask])

    def _open(self, price: int) -> None:
        self.book.place(max(1, price - 1), self._draw(MAKER_SIZE))
        self.book.place(-(price + 1), self._draw(MAKER_SIZE))
        for _ in range(LEVELS_FIRST):
            self._extend(self.book.bids)
            self._extend(self.book.asks)

    def _refill(self, side: list[int]) -> None:
        while len(side) < LEVELS_LEAST and side[0] != 1:
            self._extend(side)

    def _extend(self, side: list[int]) -> None:
        """A maker rests an order beyond the worst level; no bid goes below one tick."""
        step = 1 + int(self._random.expovariate(1.0) * (self._gap - 1.0))
        worst = side[0]
        self.book.place(worst - step if worst < 0 else max(1, worst - step), self._draw(FAR_SIZE))

    def _draw(self, times: float) -> int:
        """An order size in lots: many small ones, few large."""
        return 1 + int(self._random.expovariate(1.0) ** 2 * 0.5 * self._size * times)
