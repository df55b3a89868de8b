"""Finding instruments, and anything else with a name, by what people type."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from ..market.instrument import Listing

MOST_FOUND = 50
MAJOR_QUOTES = ("USDT", "USDC", "USD", "EUR", "BTC")
SEPARATORS = dict.fromkeys(map(ord, ":/-_,.&"), " ")
EXACT, BASE, PREFIX, QUOTE, PART, EXCHANGE = range(6)  # how well an instrument matches
TEXT_EXACT, TEXT_START, TEXT_WORDS, TEXT_PART = EXACT, BASE, PREFIX, PART  # the same, of a text


def folded(text: str) -> str:
    """A text without case, accents and width, as it is compared."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def words_of(query: str) -> list[str]:
    """The words of what was typed, folded; the signs between them do not matter."""
    return folded(query).translate(SEPARATORS).split()


class _Entry(NamedTuple):
    pair: str
    base: str
    quote_ccy: str
    exchange: str
    title: str
    listing: Listing


class Finder:
    """Ranks listings against a query; makes their searchable texts when it is first asked.

    The order among equals is made once: great quote currencies, short bases, alphabet, exchange.
    """

    def __init__(
        self, listings: Iterable[Listing], titles: Mapping[str, str] | None = None
    ) -> None:
        self._listings = tuple(listings)
        self._titles = titles or {}

    @cached_property
    def _entries(self) -> list[_Entry]:
        names = {key: folded(title).replace(" ", "") for key, title in self._titles.items()}
        entries = []
        for listing in self._listings:
            exchange, base, quote_ccy = listing.instrument
            base, quote_ccy, title = folded(base), folded(quote_ccy), names.get(exchange, exchange)
            entries.append(_Entry(base + quote_ccy, base, quote_ccy, exchange, title, listing))
        return sorted(entries, key=_order)

    def prepare(self) -> None:
        """Make the searchable texts now, rather than at the first question."""
        _ = self._entries

    def find(self, query: str, most: int = MOST_FOUND) -> list[Listing]:
        """The best matches first: exact, then beginnings, then parts of base, quote or exchange.

        Words may come in any order, with any separator; a word that names an exchange narrows to
        it.
        """
        return [listing for _, listing in self.ranked(query, most)]

    def ranked(self, query: str, most: int = MOST_FOUND) -> list[tuple[int, Listing]]:
        """As ``find``, each with how well it matches: 0 (``EXACT``) to 5 (``EXCHANGE``)."""
        words = words_of(query)
        if not words:
            return []
        found: list[tuple[int, Listing]] = []
        seen: set[int] = set()
        matching = self._matching(words)
        for rank, layer in enumerate(_layers(words, matching)):
            for entry in layer:
                if id(entry) not in seen:
                    seen.add(id(entry))
                    found.append((rank, entry.listing))
                    if len(found) == most:
                        return found
        return found

    def _matching(self, words: Sequence[str]) -> list[_Entry]:
        """What holds every word: in its pair, or at the beginning of its exchange."""
        left = self._entries
        for word in words:
            left = [
                entry
                for entry in left
                if word in entry.pair
                or entry.exchange.startswith(word)
                or entry.title.startswith(word)
            ]
        return left


def _layers(words: Sequence[str], entries: Sequence[_Entry]) -> Iterator[Iterable[_Entry]]:
    """The entries of each rank, the best first; made lazily, an entry may come again."""
    named = {each.exchange for each in entries if each.exchange in words or each.title in words}
    if named:
        entries = [each for each in entries if each.exchange in named]
        names = named | {each.title for each in entries}
        words = [word for word in words if word not in names]
    if words:
        joined, first = "".join(words), words[0]
        yield (each for each in entries if each.pair == joined)
        yield (each for each in entries if each.base == first)
        yield (
            each for each in entries if each.pair.startswith(joined) or each.base.startswith(first)
        )
        yield (each for each in entries if each.quote_ccy in words)
        yield (each for each in entries if any(word in each.pair for word in words))
    else:
        yield from ((),) * EXCHANGE
    yield entries


def _order(entry: _Entry) -> tuple[int, int, str, str, str]:
    written = entry.listing.instrument.quote_ccy
    rank = MAJOR_QUOTES.index(written) if written in MAJOR_QUOTES else len(MAJOR_QUOTES)
    return rank, len(entry.base), entry.base, entry.quote_ccy, entry.exchange


def text_rank(words: Sequence[str], text: str) -> int | None:
    """How well the words of ``words_of`` match a folded text, 0 the best; None if they do not.

    They may stand in any order, begin its words, be its initials (``ob`` for order book), or stand
    anywhere in it.
    """
    if not words:
        return None
    said = text.translate(SEPARATORS)
    own = said.split()
    joined = " ".join(words)
    if own == list(words):
        return TEXT_EXACT
    if " ".join(own).startswith(joined):
        return TEXT_START
    if all(any(each.startswith(word) for each in own) for word in words):
        return TEXT_WORDS
    if len(words) == 1 and "".join(each[0] for each in own).startswith(words[0]):
        return TEXT_WORDS
    return TEXT_PART if all(word in said for word in words) else None
