"""What the messages of all exchanges are made of, and reading them without surprises."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import starmap
from typing import Annotated, Any, Protocol, TypeVar

import msgspec

from ..market.events import Level
from .exchange import BadFrame

# Numbers are strings on most wires; the bounds keep NaN and infinity out.
Number = Annotated[float, msgspec.Meta(ge=0, le=1e24)]
Price = Annotated[float, msgspec.Meta(gt=0, le=1e18)]
Millis = Annotated[int, msgspec.Meta(ge=0, le=10**14)]
WireLevel = tuple[Price, Number]

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


def dump(value: Any) -> str:
    """A value as JSON text."""
    return msgspec.json.encode(value).decode()
