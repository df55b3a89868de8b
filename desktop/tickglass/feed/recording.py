"""Recordings: raw ws frames as they arrived, to be decoded later. The format is a contract.

JSON Lines, gzip if the name ends in ``.gz``. The first line is ``{"tickglass_recording":1}``.
"""

from __future__ import annotations

import base64
import binascii
import gzip
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self, cast
from zlib import error as ZlibError

import msgspec

from ..errors import RecordingError
from ..language import tr
from ..market.instrument import Instrument, Listing

FORMAT = 1
LINE_LIMIT = 64 * 1024 * 1024  # characters; Coinbase's book snapshots are some 5 MB


class _Line(msgspec.Struct):
    """Any line of a recording; which one it is, its keys tell."""

    tickglass_recording: int | None = None
    t: int = 0
    exchange: str = ""
    connection: int = 0
    frame: str | None = None
    frame_base64: str | None = None
    instruments: list[_Symbol] | None = None
    rest: str | None = None
    body: str = ""


class _Symbol(msgspec.Struct):
    symbol: str
    base: str
    quote: str


class Frame(msgspec.Struct, frozen=True):
    """A ws frame. ``time`` is ns UTC; ``line`` counts from 1."""

    line: int
    time: int
    exchange: str
    connection: int
    frame: bytes


class Instruments(msgspec.Struct, frozen=True):
    """Which symbols are which instruments."""

    line: int
    exchange: str
    listings: list[Listing]


class RestReply(msgspec.Struct, frozen=True):
    """A reply that was fetched by REST; ``target`` is its path and query."""

    line: int
    time: int
    exchange: str
    target: str
    body: bytes


class Unreadable(msgspec.Struct, frozen=True):
    """A line that could not be read, and why."""

    line: int
    reason: str


Entry = Frame | Instruments | RestReply | Unreadable

_decoder = msgspec.json.Decoder(_Line)


class Recorder:
    """Writes everything that arrives to a file; a Tap for the hub."""

    def __init__(self, path: Path, now: Callable[[], int]) -> None:
        self._now = now
        self.frames = 0
        try:
            self._file = _open(path, "wb")
        except OSError as error:
            raise RecordingError(
                f"{path}: {error}",
                tr("{path} cannot be written: {why}.", path=path, why=error.strerror),
            ) from error
        self._write({"tickglass_recording": FORMAT})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def frame(self, exchange: str, connection: int, frame: bytes) -> None:
        """Record a ws frame; one that is not UTF-8 is kept in base64."""
        self.frames += 1
        line = {"t": self._now(), "exchange": exchange, "connection": connection}
        try:
            self._write({**line, "frame": frame.decode()})
        except UnicodeDecodeError:
            self._write({**line, "frame_base64": base64.b64encode(frame).decode()})

    def rest(self, exchange: str, target: str, body: bytes) -> None:
        """Record a REST reply."""
        text = body.decode(errors="replace")
        self._write({"t": self._now(), "exchange": exchange, "rest": target, "body": text})

    def instruments(self, exchange: str, listings: Iterable[Listing]) -> None:
        """Record which symbols are which instruments."""
        rows = [
            {
                "symbol": each.symbol,
                "base": each.instrument.base,
                "quote": each.instrument.quote_ccy,
            }
            for each in listings
        ]
        self._write({"t": self._now(), "exchange": exchange, "instruments": rows})

    def _write(self, line: dict[str, object]) -> None:
        self._file.write(msgspec.json.encode(line) + b"\n")


def read_recording(path: Path, bare_exchange: str | None = None) -> Iterator[Entry]:
    """The entries of a recording, in their order.

    A file without the first line of a recording is read as bare frames, one a line, of
    ``bare_exchange``. Raises RecordingError if the file cannot be read as either.
    """
    try:
        with _open(path, "rb") as file:
            yield from _entries(path, file, bare_exchange)
    except (OSError, EOFError, ZlibError) as error:
        raise RecordingError(
            f"{path}: {error}",
            tr(
                "{path} cannot be read: {why}.",
                path=path,
                why=getattr(error, "strerror", None) or error,
            ),
        ) from error


def _open(path: Path, mode: Literal["rb", "wb"]) -> IO[bytes]:
    if path.suffix == ".gz":
        return cast(IO[bytes], gzip.open(path, mode))
    return path.open(mode)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := file.readline(LINE_LIMIT):
        number += 1
        if line.strip():
            yield number, line


def _entries(path: Path, file: IO[bytes], bare_exchange: str | None) -> Iterator[Entry]:
    lines = _lines(file)
    number, first = next(lines, (1, b""))
    if _is_header(first):
        for number, line in lines:
            yield _entry(number, line)
    elif bare_exchange is not None:
        yield Frame(number, 0, bare_exchange, 1, first.strip())
        for number, line in lines:
            yield Frame(number, 0, bare_exchange, 1, line.strip())
    else:
        raise RecordingError(
            f"{path}: no header",
            tr(
                "{path} is not a Tickglass recording; name the exchange with --exchange "
                "to read it as bare frames.",
                path=path,
            ),
        )


def _is_header(line: bytes) -> bool:
    try:
        return _decoder.decode(line).tickglass_recording is not None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _entry(number: int, line: bytes) -> Entry:
    try:
        return _interpret(number, _decoder.decode(line))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, binascii.Error) as error:
        return Unreadable(number, str(error))


def _interpret(number: int, line: _Line) -> Entry:
    if line.frame is not None:
        return Frame(number, line.t, line.exchange, line.connection, line.frame.encode())
    if line.frame_base64 is not None:
        frame = base64.b64decode(line.frame_base64, validate=True)
        return Frame(number, line.t, line.exchange, line.connection, frame)
    if line.instruments is not None:
        return Instruments(
            number, line.exchange, [_listing(line.exchange, each) for each in line.instruments]
        )
    if line.rest is not None:
        return RestReply(number, line.t, line.exchange, line.rest, line.body.encode())
    return Unreadable(number, "neither a frame nor a reply nor instruments")


def _listing(exchange: str, row: _Symbol) -> Listing:
    return Listing(Instrument(exchange, row.base.upper(), row.quote.upper()), row.symbol)
