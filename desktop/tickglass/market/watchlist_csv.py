"""Watchlists as CSV: exchange, base, quote; and what other programs write, read as it comes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..errors import UsageError
from .instrument import Instrument

HEADER = ("exchange", "base", "quote")
MOST = 10_000  # instruments taken from one file
MOST_UNREAD = 100  # lines remembered that could not be read
LONGEST = 40  # letters of an exchange, a base or a quote
DELIMITERS = ",;\t|"
# How other programs head the same columns.
EXCHANGE_NAMES = {"exchange", "market", "venue", "platform", "source"}
BASE_NAMES = {"base", "base currency", "base asset", "base ccy", "basecurrency", "coin", "asset"}
QUOTE_NAMES = {"quote", "quote currency", "quote asset", "quote ccy", "quotecurrency", "counter"}
PAIR_NAMES = {"pair", "symbol", "instrument", "ticker", "product", "product id", "trading pair"}
# The quotes by which a symbol without a separator is told apart, the longest first: BTCUSDT.
QUOTES = (
    "FDUSD", "USDT", "USDC", "TUSD", "BUSD", "USDE", "USD1", "DAI", "EURC", "USD", "EUR", "GBP",
    "TRY", "BRL", "JPY", "AUD", "BTC", "ETH", "BNB", "KCS",
)  # fmt: skip
SECTION = "###"  # begins a heading in lists of instruments that charting sites write


class Columns(NamedTuple):
    """Where a file holds what; None where it does not."""

    exchange: int | None = None
    base: int | None = None
    quote: int | None = None
    pair: int | None = None


class Imported(NamedTuple):
    """What a file held: instruments without doubles, and the lines that name none (from 1)."""

    instruments: list[Instrument]
    unread: list[tuple[int, str]]


def watchlist_csv(instruments: Iterable[Instrument]) -> str:
    """Instruments as CSV text with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(instruments)
    return text.getvalue()


def read_watchlist(text: str, exchange: str = "") -> Imported:
    """Read instruments from CSV text in any common shape.

    Headers may be missing or in other words; a pair may stand in one cell (BTC/USDT, BTC-USDT,
    BINANCE:BTCUSDT) and a whole list on one line. ``exchange`` is taken where none is told.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    found: dict[Instrument, None] = {}
    unread: list[tuple[int, str]] = []
    columns: Columns | None = None
    for number, line in enumerate(lines, start=1):
        cells = _cells(line, _delimiter(lines))
        if not any(cells):
            continue
        if columns is None:
            columns = _header(cells)
            if columns is not None:
                continue
            columns = Columns(0, 1, 2)
        read = _row(cells, columns, exchange)
        if not read and len(unread) < MOST_UNREAD:
            unread.append((number, line.strip()))
        found.update(dict.fromkeys(read))
        if len(found) >= MOST:
            break
    return Imported(list(found)[:MOST], unread)


def _delimiter(lines: Sequence[str]) -> str:
    first = next((line for line in lines if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return [line.strip()]
    return [cell.strip() for cell in cells]


def _header(cells: Sequence[str]) -> Columns | None:
    """What the cells head, if they are a header: each says at most one thing."""
    names = [cell.casefold().replace("_", " ").replace("-", " ") for cell in cells]
    found = Columns(
        *(
            next((place for place, name in enumerate(names) if name in known), None)
            for known in (EXCHANGE_NAMES, BASE_NAMES, QUOTE_NAMES, PAIR_NAMES)
        )
    )
    has_pair = found.pair is not None or (found.base is not None and found.quote is not None)
    return found if has_pair else None


def _row(cells: Sequence[str], columns: Columns, exchange: str) -> list[Instrument]:
    told = _cell(cells, columns.exchange) or exchange
    base, quote = _cell(cells, columns.base), _cell(cells, columns.quote)
    if base and quote and ":" not in told + base + quote:
        made = _instrument(told, base, quote)
        if made is not None:
            return [made]
    if columns.pair is not None:
        read = [_pair(_cell(cells, columns.pair), told)]
    elif len(cells) == 2 and ":" not in cells[0]:
        read = [_pair(cells[1], cells[0])]
    else:
        read = [_pair(cell, exchange) for cell in cells if not cell.startswith(SECTION)]
    return [each for each in read if each is not None]


def _cell(cells: Sequence[str], place: int | None) -> str:
    return "" if place is None or place >= len(cells) else cells[place]


def _pair(text: str, exchange: str) -> Instrument | None:
    """An instrument from one cell; its own exchange goes before the one given."""
    own, colon, rest = text.partition(":")
    symbol = (rest if colon else text).strip().upper()
    for separator in "/-_ ":
        base, found, quote = symbol.partition(separator)
        if found:
            return _instrument(own if colon else exchange, base, quote)
    for quote in QUOTES:
        if symbol.endswith(quote) and symbol != quote:
            return _instrument(own if colon else exchange, symbol.removesuffix(quote), quote)
    return None


def _instrument(exchange: str, base: str, quote: str) -> Instrument | None:
    parts = [part.strip() for part in (exchange, base, quote)]
    if any(not part or len(part) > LONGEST or not part.isprintable() for part in parts):
        return None
    try:
        return Instrument.parse(f"{parts[0]}:{parts[1]}/{parts[2]}")
    except UsageError:
        return None
