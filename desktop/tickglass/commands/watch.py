"""``tickglass watch``: live events on standard output."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Collection, Sequence

from ..errors import TickglassError
from ..exchanges.exchange import Channel
from ..feed.hub import Hub
from ..market.book import OrderBook
from ..market.events import BookDelta, BookSnapshot, MarketEvent, Status
from ..market.freshness import Link
from ..market.instrument import Instrument
from ..market.store import Store
from ..records import json_line, record, table_line
from ..wiring import Wiring
from . import headless


def watch(options: argparse.Namespace) -> int:
    """Print events until the time, the count or the person's patience is over."""
    with headless.connected(options) as wiring:
        instruments = headless.parse_instruments(options.instruments, wiring)
        channels = headless.parse_channels(options.channel, instruments)
        return asyncio.run(_watch(options, wiring, channels))


class Printer:
    """A sink that prints what was asked for. ``problem`` is why nothing comes, if so.

    ``unlisted`` says what will never come.
    """

    def __init__(
        self,
        channels: Collection[Channel],
        as_json: bool,
        count: int | None,
        stop: Callable[[], None],
    ) -> None:
        self._channels = set(channels)
        self._as_json = as_json
        self._left = count
        self._stop = stop
        self._store = Store()
        self.printed = 0
        self.problem = ""
        self.unlisted = ""

    def apply(self, event: MarketEvent, link: Link) -> None:
        """Print an event; of book events, the book after them."""
        changed = self._store.apply(event, link)
        if self._left == 0 or headless.channel_of(event) not in self._channels:
            return
        if isinstance(event, BookSnapshot | BookDelta):
            if changed:
                self._print(event, self._store.books[event.instrument])
        else:
            self._print(event)

    def status(self, status: Status) -> None:
        """Print what became of a connection; people get it only when something is wrong."""
        if status.state in ("reconnecting", "refused", "failed"):
            self.problem = status.detail
        if self._as_json:
            print(json_line(record(status)), flush=True)
        elif status.detail:
            headless.complain(status.detail)

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        """Nothing to do: the status tells."""

    def refused(self, instrument: Instrument, sentence: str) -> None:
        """Give up: what was asked for will never come."""
        if sentence:
            self.unlisted = sentence
            self._stop()

    def _print(self, event: MarketEvent, book: OrderBook | None = None) -> None:
        line = json_line(record(event, book)) if self._as_json else table_line(event, book)
        print(line, flush=True)
        self.printed += 1
        if self._left is not None:
            self._left -= 1
            if self._left == 0:
                self._stop()


async def _watch(
    options: argparse.Namespace,
    wiring: Wiring,
    channels: Sequence[Channel],
) -> int:
    stop = asyncio.Event()
    headless.stop_on_signals(stop)
    printer = Printer(channels, options.json, options.count, stop.set)
    async with Hub(wiring.exchanges, wiring.endpoints, printer, headless.clock) as hub:
        hub.want("watch", channels)
        await headless.wait_for(stop, options.seconds)
    if printer.unlisted:
        raise TickglassError(printer.unlisted)
    if not printer.printed and printer.problem:
        raise TickglassError(f"Nothing came. {printer.problem}")
    return 0
