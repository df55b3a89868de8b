"""Feeding the order book and the tape beside the charts, and the trades that charts count."""

from __future__ import annotations

from collections.abc import Sequence

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
    same = {each: held[each] for each in (*taped, *counted) if each in held}
    together = held.get(taped[0]) if taped else None
    if together is None or set(taped) != {each for each in held if held[each] is together}:
        together = Tape()
    store.tapes = {each: same.get(each) or Tape() for each in counted}
    store.tapes |= dict.fromkeys(taped, together)
    for instrument in store.books.keys() - set(books):
        del store.books[instrument]
    wanted = [Channel(kind, each) for each in books for kind in BOOK_KINDS]
    return wanted + [Channel(Kind.TRADE, each) for each in (*taped, *counted)]
