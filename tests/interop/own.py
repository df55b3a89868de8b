"""What our client half received, as plain values that other clients' can be looked up in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from tickglass.exchanges.exchange import Kind
from tickglass.market.events import (
    BookDelta,
    BookSnapshot,
    Candle,
    MarketEvent,
    Quote,
    Ticker,
    Trade,
)
from tickglass.market.freshness import Link

from ..feed.helpers import Listener

HISTORY = "history"
LEVELS = 5  # of a book's side that are compared

Value = tuple[Any, ...]


def trade(id: object, price: Any, size: Any, side: str) -> Value:
    """A trade; ``side`` in any case, the taker's."""
    return str(id), float(price), float(size), side.lower()


def ticker(last: Any, high: Any, low: Any) -> Value:
    """The last price and the range of the day."""
    return float(last), float(high), float(low)


def quote(bid: Any, ask: Any) -> Value:
    """The best prices."""
    return float(bid), float(ask)


def book(sequence: Any, bids: Iterable[Sequence[Any]], asks: Iterable[Sequence[Any]]) -> Value:
    """The best levels of both sides, best first; ``sequence`` is None where there is none."""
    return None if sequence is None else int(sequence), _levels(bids), _levels(asks)


def candle(start: Any, *values: Any) -> Value:
    """Start (ms), open, high, low, close and volume."""
    return int(start), *(float(value) for value in values)


def _levels(levels: Iterable[Sequence[Any]]) -> Value:
    return tuple((float(price), float(size)) for price, size, *_ in islice(levels, LEVELS))


class Own(Listener):
    """A listening sink that keeps every value that it was told, by channel."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, set[Value]] = defaultdict(set)

    def apply(self, event: MarketEvent, link: Link) -> None:
        """Take an event; of book events keep the book after them."""
        super().apply(event, link)
        match event:
            case Trade():
                each = trade(event.id, event.price, event.size, event.side)
                self.values[Kind.TRADE].add(each)
            case Ticker():
                self._ticker(event)
            case Quote():
                self.values[Kind.QUOTE].add(quote(event.bid, event.ask))
            case Candle():
                self.values[Kind.CANDLE].add(row(event))
            case BookSnapshot() | BookDelta():
                self._book(event)

    def _ticker(self, event: Ticker) -> None:
        if event.last is not None and event.high is not None and event.low is not None:
            self.values[Kind.TICKER].add(ticker(event.last, event.high, event.low))
        if event.bid is not None and event.ask is not None:
            self.values[Kind.QUOTE].add(quote(event.bid, event.ask))

    def _book(self, event: BookSnapshot | BookDelta) -> None:
        if not self.has_book(event.instrument):
            return
        held = self.store.books[event.instrument]
        best = held.bids.top(LEVELS), held.asks.top(LEVELS)
        self.values[Kind.BOOK] |= {book(held.sequence, *best), book(None, *best)}


def row(event: Candle) -> Value:
    """A candle of ours."""
    prices = event.open, event.high, event.low, event.close
    return candle(event.start, *prices, event.volume)


class RawBook:
    """The book of a client that hands messages on as they came."""

    def __init__(self) -> None:
        self._sides: dict[bool, dict[float, float]] = {True: {}, False: {}}

    def clear(self) -> None:
        """Forget everything: a snapshot follows."""
        for side in self._sides.values():
            side.clear()

    def change(self, is_bid: bool, price: Any, size: Any) -> None:
        """Set one level; no size removes it."""
        side = self._sides[is_bid]
        if float(size):
            side[float(price)] = float(size)
        else:
            side.pop(float(price), None)

    def value(self, sequence: Any = None) -> Value:
        """What is compared."""
        bids = sorted(self._sides[True].items(), reverse=True)
        return book(sequence, bids, sorted(self._sides[False].items()))
