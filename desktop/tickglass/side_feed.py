"""Feeding the order book and the tape beside the charts, and the trades that charts count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .exchanges.exchange import Channel, Kind
from .market.instrument import Instrument
from .market.store import Store
from .market.tape import Tape

OWNER = "side"
BOOK_KINDS = (Kind.BOOK, Kind.QUOTE)  # the quote tells when a book was left behind


def arrange(
    store: Store,
    books: Sequence[Instrument],
    taped: Sequence[Instrument],
    counted: Sequence[Instrument],
) -> list[Channel]:
    """Let the store hold these books and tapes and no others; the channels that feed them.

    One tape is of all that are shown together, and one of each whose trades are only counted. What
    was heard before stays where it can.
    """
    held = store.tapes
    together = _of_these(held, taped)
    store.tapes = {each: _of_these(held, [each]) for each in counted}
    store.tapes |= dict.fromkeys(taped, together)
    for instrument in store.books.keys() - set(books):
        del store.books[instrument]
    wanted = [Channel(kind, each) for each in books for kind in BOOK_KINDS]
    return wanted + [Channel(Kind.TRADE, each) for each in (*taped, *counted)]


def _of_these(held: Mapping[Instrument, Tape], instruments: Sequence[Instrument]) -> Tape:
    """The tape that is of exactly these, or an empty one: what others printed cannot be undone."""
    tape = held.get(instruments[0]) if instruments else None
    if tape is None or {each for each in held if held[each] is tape} != set(instruments):
        return Tape()
    return tape
