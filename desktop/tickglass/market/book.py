"""An order book kept from a snapshot and deltas, and the one rule that tells when it broke."""

from __future__ import annotations

from bisect import bisect_left, insort

from .events import BookDelta, BookSnapshot, Level
from .instrument import Instrument

DELTAS_KEPT_WAITING = 2_000  # 100 ms deltas: over three minutes of waiting for a snapshot
LEFT_BEHIND_AFTER = 1.5  # s without news of a book that the market has left
LEVELS_KEPT = 5_000  # a side; levels beyond are far from any price that trades


class Resync(Exception):
    """The book of an instrument can no longer be trusted: fetch a fresh snapshot."""

    def __init__(self, instrument: Instrument, reason: str) -> None:
        super().__init__(f"{instrument}: {reason}")
        self.instrument = instrument
        self.reason = reason


class BookSide:
    """The levels of one side, best first when read."""

    def __init__(self, *, best_is_highest: bool) -> None:
        self.best_is_highest = best_is_highest
        self.sizes: dict[float, float] = {}
        self.most = LEVELS_KEPT
        self._prices: list[float] = []  # ascending

    def __len__(self) -> int:
        return len(self._prices)

    def load(self, levels: tuple[Level, ...]) -> None:
        """Replace everything by these levels; zero sizes are left out."""
        self.sizes = {price: size for price, size in levels if size > 0}
        self._prices = sorted(self.sizes)
        self._trim()

    def update(self, levels: tuple[Level, ...]) -> None:
        """Set the size at each price; size 0 removes, and removing what is not held is normal."""
        for price, size in levels:
            if size > 0:
                if price not in self.sizes:
                    insort(self._prices, price)
                self.sizes[price] = size
            elif self.sizes.pop(price, None) is not None:
                del self._prices[bisect_left(self._prices, price)]
        self._trim()

    def best(self) -> float | None:
        """The best price, or None if the side is empty."""
        if not self._prices:
            return None
        return self._prices[-1] if self.best_is_highest else self._prices[0]

    def top(self, count: int) -> tuple[Level, ...]:
        """The best ``count`` levels, best first."""
        prices = self._prices[: -count - 1 : -1] if self.best_is_highest else self._prices[:count]
        return tuple(Level(price, self.sizes[price]) for price in prices)

    def _trim(self) -> None:
        excess = len(self._prices) - self.most
        if excess <= 0:
            return
        worst = slice(0, excess) if self.best_is_highest else slice(self.most, None)
        for price in self._prices[worst]:
            del self.sizes[price]
        del self._prices[worst]


class OrderBook:
    """One instrument's order book.

    It waits until a snapshot comes, keeping the deltas that arrive meanwhile in case it joins them;
    from then on every delta must continue it. A delta that does not, or a book whose best bid
    reaches its best ask, raises Resync and makes it wait again. ``dial`` numbers the subscription
    that it is built from, ``arrived`` is the monotonic second of its last news.
    """

    def __init__(self, instrument: Instrument, dial: int = 0) -> None:
        self.instrument = instrument
        self.dial = dial
        self.bids = BookSide(best_is_highest=True)
        self.asks = BookSide(best_is_highest=False)
        self.time: int | None = None
        self.sequence: int | None = None
        self.waiting = True
        self.arrived = 0.0
        self._kept: list[BookDelta] = []

    @property
    def kept(self) -> int:
        """How many deltas wait for a snapshot."""
        return len(self._kept)

    def load(self, snapshot: BookSnapshot) -> bool:
        """Start from a snapshot, then catch up with the deltas kept; True if the book is live."""
        self.bids.most = self.asks.most = min(snapshot.depth or LEVELS_KEPT, LEVELS_KEPT)
        self.bids.load(snapshot.bids)
        self.asks.load(snapshot.asks)
        self.time, self.sequence = snapshot.time, snapshot.sequence
        self.waiting = False
        kept, self._kept = self._kept if snapshot.joins else [], []
        for index, delta in enumerate(kept):
            if not self._continues(delta):
                self.drop()
                self._kept = kept[index:]
                raise Resync(self.instrument, "the snapshot is older than the first delta kept")
            self._apply(delta)
        self._check_crossed()
        return True

    def update(self, delta: BookDelta) -> bool:
        """Apply a delta; True if it changed the book, False if it was kept or a duplicate."""
        if self.waiting:
            if len(self._kept) >= DELTAS_KEPT_WAITING:
                self._kept.clear()
                raise Resync(self.instrument, "no snapshot came")
            self._kept.append(delta)
            return False
        if not self._continues(delta):
            held = self.sequence
            self.drop()
            self._kept.append(delta)
            raise Resync(self.instrument, f"gap: held {held}, got {delta.previous + 1}")
        changed = self._apply(delta)
        self._check_crossed()
        return changed

    def check(self, bid: float | None, ask: float | None, now: float) -> None:
        """Compare with a best bid and ask told elsewhere; raises Resync if the book is left behind.

        Only if it had no news for a while: the two come over different streams.
        """
        if self.waiting or now - self.arrived < LEFT_BEHIND_AFTER:
            return
        own_bid, own_ask = self.bids.best(), self.asks.best()
        below = ask is not None and own_bid is not None and ask <= own_bid
        above = bid is not None and own_ask is not None and bid >= own_ask
        if below or above:
            self.drop()
            raise Resync(self.instrument, f"stale: {own_bid} to {own_ask}, quoted {bid} to {ask}")

    def drop(self) -> None:
        """Forget everything and wait for a snapshot."""
        self.bids.load(())
        self.asks.load(())
        self.time = self.sequence = None
        self.waiting = True
        self._kept = []

    def _continues(self, delta: BookDelta) -> bool:
        return self.sequence is None or delta.previous <= self.sequence

    def _apply(self, delta: BookDelta) -> bool:
        if self.sequence is not None and delta.sequence <= self.sequence:
            return False
        self.bids.update(delta.bids)
        self.asks.update(delta.asks)
        self.time, self.sequence = delta.time, delta.sequence
        return bool(delta.bids or delta.asks)

    def _check_crossed(self) -> None:
        bid, ask = self.bids.best(), self.asks.best()
        if bid is not None and ask is not None and bid >= ask:
            self.drop()
            raise Resync(self.instrument, f"crossed: bid {bid} is not below ask {ask}")
