"""How far our clock is from an exchange's."""

from __future__ import annotations

import time
from typing import NamedTuple

from ..exchanges.exchange import Exchange
from .rest import Rest

MEASUREMENTS = 3


class Skew(NamedTuple):
    """``skew`` is how far our clock is ahead, ``round_trip`` how long asking took; both ms."""

    skew: float
    round_trip: float


async def measure_skew(adapter: Exchange, rest: Rest) -> Skew:
    """Ask for the exchange's clock, and judge by the reply that came quickest.

    The first one pays for the connection and does not count. Raises what ``Rest.get`` raises, and
    BadFrame.
    """
    await rest.get(adapter.time_request())
    found = [await _ask(adapter, rest) for _ in range(MEASUREMENTS)]
    return min(found, key=lambda each: each.round_trip)


async def _ask(adapter: Exchange, rest: Rest) -> Skew:
    sent, began = time.time() * 1000, time.monotonic()
    body = await rest.get(adapter.time_request())
    round_trip = (time.monotonic() - began) * 1000
    return Skew(sent + round_trip / 2 - adapter.parse_time(body), round_trip)
