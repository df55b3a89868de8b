"""Finding instruments by what people type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..market.instrument import Listing

MOST_FOUND = 50
MAJOR_QUOTES = ("USDT", "USDC", "USD", "EUR", "BTC")


class Finder:
    """Ranks listings against a query; keeps their searchable texts ready."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        self._entries = [
            (listing, f"{base}{quote}".casefold(), base.casefold(), exchange)
            for listing in listings
            for exchange, base, quote in [listing.instrument]
        ]

    def find(self, query: str) -> list[Listing]:
        """The best matches first: the pair or base exactly, its beginning, then any part.

        Words may come with any separator; a word that names an exchange narrows to it.
        """
        words = "".join(" " if sign in ":/-_," else sign for sign in query).casefold().split()
        if not words:
            return []
        found = []
        for entry in self._entries:
            rank = _rank(words, entry[1], entry[2], entry[3])
            if rank is not None:
                found.append((rank, _quote_rank(entry[0]), len(entry[2]), entry[2], entry[0]))
        found.sort(key=lambda item: item[:4])
        return [item[4] for item in found[:MOST_FOUND]]


def _rank(words: Sequence[str], pair: str, base: str, exchange: str) -> int | None:
    rest = [word for word in words if word != exchange]
    if not rest:
        return 4
    if not all(word in pair or exchange.startswith(word) for word in rest):
        return None
    joined = "".join(rest)
    if joined == pair:
        return 0
    if rest[0] == base:
        return 1
    if pair.startswith(joined) or base.startswith(rest[0]):
        return 2
    return 3


def _quote_rank(listing: Listing) -> int:
    quote_ccy = listing.instrument.quote_ccy
    return MAJOR_QUOTES.index(quote_ccy) if quote_ccy in MAJOR_QUOTES else len(MAJOR_QUOTES)
