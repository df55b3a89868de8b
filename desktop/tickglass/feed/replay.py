"""Replay: a recording decoded offline, by the same code that decodes the live feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from ..exchanges.exchange import BadFrame, Catalogue, Exchange
from ..market.book import OrderBook, Resync
from ..market.events import BookDelta, BookSnapshot, MarketEvent
from ..market.freshness import Link
from ..market.instrument import Instrument
from ..market.store import Store
from .recording import Entry, Frame, Instruments, RestReply, Unreadable

MARKET_EVENTS = MarketEvent.__args__


class Replayed(NamedTuple):
    """An event of a recording; ``book`` is the book after it if it changed one."""

    line: int
    time: int
    event: MarketEvent
    book: OrderBook | None = None


class Problem(NamedTuple):
    """Something was wrong with a line: it could not be read, or what it said broke a book."""

    line: int
    reason: str
    unread: bool = True


class Replay:
    """Decodes the entries of a recording. Every exchange and connection has its own adapter."""

    def __init__(self, exchanges: Mapping[str, type[Exchange]]) -> None:
        self._exchanges = exchanges
        self._catalogues: dict[str, Catalogue] = {}
        self._adapters: dict[tuple[str, int], Exchange] = {}
        self._store = Store()
        self._links: dict[str, Link] = {}
        self._anchored: set[Instrument] = set()

    @property
    def unanchored(self) -> int:
        """Changes of books for which no snapshot ever came: of such a book nothing is known."""
        books = self._store.books.items()
        return sum(book.kept for instrument, book in books if instrument not in self._anchored)

    def run(self, entries: Iterable[Entry]) -> Iterator[Replayed | Problem]:
        """What each entry says; entries that say nothing of the market give nothing."""
        for entry in entries:
            try:
                yield from self._take(entry)
            except BadFrame as error:
                yield Problem(entry.line, str(error))

    def _take(self, entry: Entry) -> Iterator[Replayed | Problem]:
        match entry:
            case Unreadable():
                yield Problem(entry.line, entry.reason)
            case Instruments():
                self._catalogue(entry.exchange).add(entry.listings)
            case RestReply():
                yield from self._take_reply(entry)
            case Frame():
                adapter = self._adapter(entry.exchange, entry.connection)
                for event in adapter.decode(entry.frame):
                    if isinstance(event, MARKET_EVENTS):
                        yield from self._apply(entry.line, entry.time, event)

    def _take_reply(self, reply: RestReply) -> Iterator[Problem]:
        """A snapshot lays the ground for the frames after it; it is no frame itself."""
        parts = urlsplit(reply.target)
        adapter = self._adapter(reply.exchange, 0)
        snapshot = adapter.parse_rest(parts.path, dict(parse_qsl(parts.query)), reply.body)
        if snapshot is not None:
            for result in self._apply(reply.line, reply.time, snapshot):
                if isinstance(result, Problem):
                    yield result

    def _apply(self, line: int, time: int, event: MarketEvent) -> Iterator[Replayed | Problem]:
        if isinstance(event, BookSnapshot):
            self._anchored.add(event.instrument)
        try:
            changed = self._store.apply(event, self._link(event.instrument.exchange))
        except Resync as problem:
            yield Problem(line, str(problem), unread=False)
            return
        if not isinstance(event, BookSnapshot | BookDelta):
            yield Replayed(line, time, event)
        elif changed:
            yield Replayed(line, time, event, self._store.books[event.instrument])

    def _catalogue(self, exchange: str) -> Catalogue:
        return self._catalogues.setdefault(exchange, Catalogue())

    def _link(self, exchange: str) -> Link:
        return self._links.setdefault(exchange, Link(exchange, 1))

    def _adapter(self, name: str, connection: int) -> Exchange:
        key = (name, connection)
        if key not in self._adapters:
            if name not in self._exchanges:
                raise BadFrame(f"unknown exchange {name!r}")
            adapter = self._exchanges[name](self._catalogue(name), guess_symbols=True)
            self._adapters[key] = adapter
        return self._adapters[key]
