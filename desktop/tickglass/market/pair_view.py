"""The same pair on several exchanges: where it is dearest and cheapest, and by how much."""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

from .instrument import Instrument

BASIS_POINTS = 10_000


class Venue(NamedTuple):
    """What one exchange says of a pair now; None where it says nothing that can be trusted."""

    instrument: Instrument
    last: float | None
    bid: float | None
    ask: float | None


class PairView(NamedTuple):
    """A pair over its exchanges; None where nobody says it.

    ``premiums`` are shares of the median of the last prices (0.001 is ten basis points), of the
    exchanges with a price, and empty unless there are at least two of them.
    """

    best_bid: float | None
    bid_at: Instrument | None
    best_ask: float | None
    ask_at: Instrument | None
    median: float | None
    premiums: dict[Instrument, float]

    @property
    def spread(self) -> float | None:
        """From the best bid to the best ask as a share of their middle; below zero if crossed."""
        return spread_share(self.best_bid, self.best_ask)


def pair_view(venues: Iterable[Venue]) -> PairView:
    """Look at one pair across exchanges; of equal prices the first exchange has the best."""
    listed = list(venues)
    bids = [(each.bid, each.instrument) for each in listed if _usable(each.bid)]
    asks = [(each.ask, each.instrument) for each in listed if _usable(each.ask)]
    lasts = {each.instrument: each.last for each in listed if _usable(each.last)}
    bid, bid_at = max(bids, key=_price, default=(None, None))
    ask, ask_at = min(asks, key=_price, default=(None, None))
    middle = median(price for price in lasts.values() if price is not None) if lasts else None
    premiums = {}
    if middle is not None and len(lasts) > 1:
        premiums = {each: price / middle - 1 for each, price in lasts.items() if price is not None}
    return PairView(bid, bid_at, ask, ask_at, middle, premiums)


def spread_share(bid: float | None, ask: float | None) -> float | None:
    """From bid to ask as a share of their middle; None unless both are prices."""
    if bid is None or ask is None or not (_usable(bid) and _usable(ask)):
        return None
    return (ask - bid) / ((ask + bid) / 2)


def _usable(price: float | None) -> bool:
    return price is not None and price > 0 and math.isfinite(price)


def _price(offer: tuple[float | None, Instrument]) -> float:
    return offer[0] or 0.0
