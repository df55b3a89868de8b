"""Gets every order book of one connection its snapshot, and another one when it broke."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from ..errors import FeedError
from ..exchanges.exchange import BadFrame, Channel, Exchange, Kind
from ..market.events import BookSnapshot
from ..market.instrument import Instrument
from .speaker import Speaker
from .surroundings import Surroundings

log = logging.getLogger(__name__)

PATIENCE = 2.0  # s for a snapshot to come by itself; doubled each time it does not
MOST_PATIENCE = 60.0
ASKS_BEFORE_REST = 2  # where the exchange may have stopped sending snapshots


@dataclass(slots=True)
class Waiting:
    """A book that waits for a snapshot since it was asked for the how many-th time."""

    due: float
    patience: float
    asked: int = 1


class Books:
    """The books of one connection. ``number`` says of two subscriptions which is the newer."""

    def __init__(
        self,
        around: Surroundings,
        adapter: Exchange,
        speaker: Speaker,
        apply: Callable[[BookSnapshot], None],
    ) -> None:
        self._around = around
        self._adapter = adapter
        self._speaker = speaker
        self._apply = apply
        self._numbers: dict[Instrument, int] = {}
        self._waiting: dict[Instrument, Waiting] = {}
        self._queue: asyncio.Queue[Instrument] = asyncio.Queue()
        self._queued: set[Instrument] = set()

    def number(self, instrument: Instrument) -> int:
        """The number of the subscription that this book is built from."""
        return self._numbers.get(instrument, 0)

    def begin(self, instrument: Instrument) -> None:
        """A book was subscribed: its snapshot is to come."""
        self._numbers[instrument] = next(self._around.subscriptions)
        self._wait(instrument)
        if self._adapter.book_snapshot_by_rest:
            self._fetch(instrument)

    def end(self, instrument: Instrument) -> None:
        """A book is no longer wanted."""
        self._numbers.pop(instrument, None)
        self._waiting.pop(instrument, None)

    def broken(self, instrument: Instrument) -> None:
        """A book can no longer be trusted: start it anew."""
        if instrument not in self._numbers:
            return
        self._wait(instrument)
        if self._adapter.book_snapshot_by_rest:
            self._fetch(instrument)
        else:
            self._speaker.begin_anew(Channel(Kind.BOOK, instrument))

    def hurry(self) -> None:
        """A frame was lost: it may have been a snapshot that a book waits for."""
        for instrument in self._waiting:
            self._speaker.begin_anew(Channel(Kind.BOOK, instrument))

    def came(self, instrument: Instrument) -> None:
        """A snapshot came."""
        self._waiting.pop(instrument, None)

    def remind(self, now: float) -> None:
        """Ask again for the snapshots that did not come."""
        if self._adapter.book_snapshot_by_rest:
            return
        for instrument, waiting in self._waiting.items():
            if now >= waiting.due:
                log.info("no snapshot of %s after %.0f s", instrument, waiting.patience)
                self._ask_again(instrument, waiting, now)

    async def run(self) -> None:
        """Fetch snapshots one at a time, with a pause: they are the dearest request."""
        while True:
            instrument = await self._queue.get()
            self._queued.discard(instrument)
            if instrument not in self._numbers:
                continue
            try:
                self._apply(await self._snapshot(instrument))
            except (FeedError, BadFrame) as error:
                log.warning("no book snapshot of %s: %s", instrument, error)
                self._fetch(instrument)
            await asyncio.sleep(self._adapter.limits.snapshot_interval)

    def _wait(self, instrument: Instrument) -> None:
        self._waiting[instrument] = Waiting(self._around.clock() + PATIENCE, PATIENCE)

    def _ask_again(self, instrument: Instrument, waiting: Waiting, now: float) -> None:
        waiting.patience = min(2 * waiting.patience, MOST_PATIENCE)
        waiting.due = now + waiting.patience
        waiting.asked += 1
        if self._adapter.book_snapshot_joins and waiting.asked > ASKS_BEFORE_REST:
            self._fetch(instrument)
        else:
            self._speaker.begin_anew(Channel(Kind.BOOK, instrument))

    def _fetch(self, instrument: Instrument) -> None:
        if instrument not in self._queued:
            self._queued.add(instrument)
            self._queue.put_nowait(instrument)

    async def _snapshot(self, instrument: Instrument) -> BookSnapshot:
        request = self._adapter.depth_request(instrument)
        body = await self._around.rest.get(request)
        if self._around.tap is not None:
            self._around.tap.rest(self._adapter.name, request.target, body)
        return self._adapter.parse_depth(body, instrument)
