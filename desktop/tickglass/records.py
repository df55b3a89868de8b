"""Events as JSON records and as lines for people: what ``watch`` and ``replay`` print."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from .market.book import OrderBook
from .market.events import (
    BookDelta,
    BookSnapshot,
    Candle,
    Level,
    MarketEvent,
    Quote,
    Status,
    Ticker,
    Trade,
)
from .market.number import plain

BOOK_LEVELS = 20
SMALLEST_PLAIN = 1e-4  # below and above these Python and JSON writers use exponents
LARGEST_PLAIN = 1e15


def _number(value: float | None) -> Any:
    if value is None or value == 0 or SMALLEST_PLAIN <= abs(value) < LARGEST_PLAIN:
        return value
    return msgspec.Raw(plain(value).encode())


def _levels(levels: tuple[Level, ...]) -> list[list[Any]]:
    return [[_number(price), _number(size)] for price, size in levels]


def record(event: MarketEvent | Status, book: OrderBook | None = None) -> dict[str, Any]:
    """The record of an event. For book events ``book`` is the book after the event."""
    match event:
        case Status():
            return {
                "type": "status", "exchange": event.exchange, "connection": event.connection,
                "state": event.state, "detail": event.detail,
            }  # fmt: skip
        case Ticker():
            return {**_head("ticker", event), "time": event.time, "last": _number(event.last),
                "bid": _number(event.bid), "ask": _number(event.ask), "open": _number(event.open),
                "high": _number(event.high), "low": _number(event.low),
                "base_volume": _number(event.base_volume),
                "quote_volume": _number(event.quote_volume), "change": _number(event.change),
            }  # fmt: skip
        case Trade():
            return {**_head("trade", event), "time": event.time, "id": event.id,
                "price": _number(event.price), "size": _number(event.size), "side": event.side,
            }  # fmt: skip
        case Candle():
            return {**_head("candle", event), "interval": event.interval, "start": event.start,
                "open": _number(event.open), "high": _number(event.high),
                "low": _number(event.low), "close": _number(event.close),
                "volume": _number(event.volume), "closed": event.closed,
            }  # fmt: skip
        case Quote():
            return {**_head("quote", event), "time": event.time,
                "bid": _number(event.bid), "bid_size": _number(event.bid_size),
                "ask": _number(event.ask), "ask_size": _number(event.ask_size),
            }  # fmt: skip
        case BookSnapshot() | BookDelta():
            assert book is not None
            return {**_head("book", event), "time": book.time, "sequence": book.sequence,
                "bids": _levels(book.bids.top(BOOK_LEVELS)),
                "asks": _levels(book.asks.top(BOOK_LEVELS)),
            }  # fmt: skip


def _head(kind: str, event: MarketEvent) -> dict[str, Any]:
    return {"type": kind, "exchange": event.instrument.exchange, "pair": event.instrument.pair}


def json_line(values: dict[str, Any]) -> str:
    """A record as one line of JSON."""
    return msgspec.json.encode(values).decode()


def table_line(event: MarketEvent | Status, book: OrderBook | None = None) -> str:
    """An event as one line for people."""
    if isinstance(event, Status):
        where = f"{event.exchange} {event.connection}"
        return f"{'':12}  {where:24}  {event.state:7}  {event.detail}".rstrip()
    kind, time, text = _columns(event, book)
    return f"{_clock(time):12}  {event.instrument!s:24}  {kind:7}  {text}"


def _columns(event: MarketEvent, book: OrderBook | None) -> tuple[str, int | None, str]:
    match event:
        case Ticker():
            change = "" if event.change is None else f"  {event.change * 100:+.2f} %"
            text = f"{_plain(event.last)}{change}  {_plain(event.bid)} / {_plain(event.ask)}"
            return "ticker", event.time, text
        case Trade():
            return (
                "trade",
                event.time,
                f"{event.side:4} {_plain(event.size)} @ {_plain(event.price)}",
            )
        case Candle():
            prices = "  ".join(
                f"{name} {_plain(price)}"
                for name, price in zip(
                    "OHLC", (event.open, event.high, event.low, event.close), strict=True
                )
            )
            end = "  closed" if event.closed else ""
            return f"{event.interval}", event.start, f"{prices}  V {_plain(event.volume)}{end}"
        case Quote():
            bid, ask = _plain(event.bid), _plain(event.ask)
            text = f"{bid} ({_plain(event.bid_size)}) / {ask} ({_plain(event.ask_size)})"
            return "quote", event.time, text
        case BookSnapshot() | BookDelta():
            assert book is not None
            best = f"{_plain(book.bids.best())} / {_plain(book.asks.best())}"
            return "book", book.time, f"{best}  {len(book.bids)} + {len(book.asks)} levels"


def _plain(value: float | None) -> str:
    return "–" if value is None else plain(value)


def _clock(time: int | None) -> str:
    if time is None:
        return ""
    return f"{datetime.fromtimestamp(time / 1000, UTC):%H:%M:%S.%f}"[:12]
