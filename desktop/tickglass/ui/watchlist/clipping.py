"""What is copied of a watchlist: rows as a table for a spreadsheet, or a plain price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..text import NOTHING, plain_number, plain_price
from .columns import PRICES, Column
from .model import WatchlistModel

SEPARATORS = str.maketrans({"\t": " ", "\n": " ", "\r": " "})
# A sparkline has no text; everything else is copied as it reads, prices as plain numbers.
UNREADABLE = frozenset({Column.SPARKLINE})


def rows_text(model: WatchlistModel, places: Iterable[int], columns: Sequence[Column]) -> str:
    """Lines of the table as tab-separated text with a header, as the columns stand."""
    copied = [column for column in columns if column not in UNREADABLE]
    rows = [[model.title(column) for column in copied]]
    for place in sorted(places):
        rows.append([_plain(model.text(place, column), column) for column in copied])
    return "".join("\t".join(cell.translate(SEPARATORS) for cell in row) + "\n" for row in rows)


def _plain(text: str, column: Column) -> str:
    if text == NOTHING:
        return ""
    return plain_number(text) if column in PRICES else text


def price_of(model: WatchlistModel, place: int) -> str:
    """The last price of a line as it is typed elsewhere; empty if there is none."""
    instruments = model.instruments_at([place])
    price = model.price(instruments[0]) if instruments else None
    return "" if price is None else plain_price(*price)
