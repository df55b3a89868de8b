"""``tickglass instruments``: what can be watched on an exchange."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Collection

from ..feed.hub import Hub
from ..market.events import MarketEvent, Status
from ..market.freshness import Link
from ..market.instrument import Instrument, Listing
from ..records import json_line
from ..wiring import Wiring, known_exchange
from . import headless


class Nowhere:
    """A sink for a hub that only asks by REST."""

    def apply(self, event: MarketEvent, link: Link) -> None:
        """Nothing is subscribed, so nothing comes."""

    def status(self, status: Status) -> None:
        """There are no connections."""

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        """There are no connections."""

    def refused(self, instrument: Instrument, sentence: str) -> None:
        """Nothing is wanted."""


def instruments(options: argparse.Namespace) -> int:
    """Print an exchange's instruments, one a line."""
    exchange = known_exchange(options.exchange)
    with headless.connected(options) as wiring:
        headless.require(exchange, wiring)
        listings = asyncio.run(_fetch(exchange.name, wiring))
    for listing in sorted(listings):
        print(json_line(_row(listing)) if options.json else _line(listing))
    return 0


async def _fetch(exchange: str, wiring: Wiring) -> list[Listing]:
    async with Hub(wiring.exchanges, wiring.endpoints, Nowhere(), headless.clock) as hub:
        return await hub.listings(exchange)


def _row(listing: Listing) -> dict[str, object]:
    return {
        "exchange": listing.instrument.exchange,
        "pair": listing.instrument.pair,
        "symbol": listing.symbol,
        "tick_size": None if listing.tick_size is None else float(listing.tick_size),
        "lot_size": None if listing.lot_size is None else float(listing.lot_size),
        "status": listing.status,
    }


def _line(listing: Listing) -> str:
    tick = "" if listing.tick_size is None else f"{listing.tick_size.normalize():f}"
    halted = "" if listing.status == "trading" else listing.status
    return f"{listing.instrument!s:28}  {listing.symbol:18}  {tick:>12}  {halted}".rstrip()
