"""What the messages of all exchanges are made of, and reading them without surprises."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import starmap
from typing import Annotated, Any, Literal, Protocol, TypeVar

import msgspec

from ..market.events import Level, Ticker
from .exchange import BadFrame

# Numbers are strings on most wires; the bounds keep NaN and infinity out.
Number = Annotated[float, msgspec.Meta(ge=0, le=1e24)]
Price = Annotated[float, msgspec.Meta(gt=0, le=1e18)]
Millis = Annotated[int, msgspec.Meta(ge=0, le=10**14)]
WireLevel = tuple[Price, Number]
Maybe = Number | Literal[""] | None  # of a pair that is new or suspended

Data = bytes | str | msgspec.Raw
T = TypeVar("T")

UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
OK = 200  # HTTP


class Reader(Protocol):
    """Reads a message by its decoder; raises BadFrame if it cannot be read."""

    def __call__(self, decoder: msgspec.json.Decoder[T], data: Data) -> T:
        """The message."""


def reader(exchange: str) -> Reader:
    """The reader of one exchange's messages, which names it in its complaints."""

    def read(decoder: msgspec.json.Decoder[T], data: Data) -> T:
        try:
            return decoder.decode(data)
        except UNREADABLE as error:
            raise BadFrame(f"{exchange}: {error}") from error

    return read


def levels(rows: Iterable[tuple[float, float]]) -> tuple[Level, ...]:
    """Rows of price and size as levels."""
    return tuple(starmap(Level, rows))


def step(exchange: str, text: str | None) -> Decimal | None:
    """A tick or lot size; empty and 0 mean that there is none. Raises BadFrame."""
    if not text:
        return None
    try:
        found = Decimal(text)
    except ArithmeticError as error:
        raise BadFrame(f"{exchange}: {text[:40]!r} is not a step") from error
    return found if found.is_finite() and found > 0 else None


def amount(value: float | str | None) -> float | None:
    """A number that may not be told: an empty text and null say that there is none."""
    return None if isinstance(value, str) else value


def days(rows: Iterable[msgspec.Raw], read: Callable[[msgspec.Raw], Ticker | None]) -> list[Ticker]:
    """The tickers of a whole market, without rows that are passed over (None) or unreadable.

    Raises BadFrame where there are rows and none can be read: then the exchange means another form.
    """
    found: list[Ticker | None] = []
    unreadable: BadFrame | None = None
    for row in rows:
        try:
            found.append(read(row))
        except BadFrame as error:
            unreadable = error
    if unreadable is not None and not found:
        raise unreadable
    return [ticker for ticker in found if ticker is not None]


def dump(value: Any) -> str:
    """A value as JSON text."""
    return msgspec.json.encode(value).decode()
