"""From a key to the first result over 10,000 instruments, beside other ways to search.

Milliseconds of every key while pairs, currencies and exchanges are typed letter by letter. The
field and the palette are measured to the painted list. The rivals search only: rapidfuzz (where it
is installed) ranks by similarity; SQLite's FTS5 finds beginnings of words.
"""

from __future__ import annotations

import importlib
import os
import random
import sqlite3
import string
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tickglass.market.instrument import Instrument, Listing
from tickglass.ui.actions import ActionBook
from tickglass.ui.palette import CommandPalette
from tickglass.ui.search import MOST_FOUND, Finder
from tickglass.ui.search_field import SearchField
from tickglass.ui.theme import DARK, apply_theme

from .charts import yes

TITLES = {
    "binance": "Binance", "bybit": "Bybit", "okx": "OKX", "coinbase": "Coinbase",
    "kucoin": "KuCoin",
}  # fmt: skip
QUOTES = ("USDT", "USDC", "BTC", "EUR")
COINS, SEED, ACTIONS = 530, 7, 100
WINDOW = (900, 600)  # px
TARGET = 50.0  # ms, p99
Texts = Sequence[tuple[str, str]]


def main() -> None:
    """Measure and print."""
    listings = made_listings()
    texts = [(each.instrument.pair, TITLES[each.instrument.exchange]) for each in listings]
    queries = list(typed_queries(listings))
    print(
        f"search over {len(listings):,} instruments of {len(TITLES)} exchanges, "
        f"{len(queries):,} keys; ms a key, p50 / p99 / worst"
    )
    finder = Finder(listings, TITLES)
    show("tickglass, search only", timed(finder.find, queries))
    field, palette = in_the_window(listings, queries)
    for name, figures in (("tickglass, key to painted list", field),
                          ("tickglass palette, key to painted list", palette)):  # fmt: skip
        show(name, figures)
        print(f"    target: p99 at most {TARGET:.0f} ms: {yes(quantile(figures, 0.99) <= TARGET)}")
    rapid = rapidfuzz_search(texts)
    if rapid is None:
        print("  rapidfuzz.process.extract: not installed")
    else:
        show("rapidfuzz.process.extract", timed(rapid, queries))
    show("SQLite FTS5, beginnings of words", timed(fts5_search(texts), queries))


def made_listings() -> list[Listing]:
    """The same invented coins on every exchange, and a few that everyone knows."""
    chance = random.Random(SEED)
    names = {"BTC", "ETH", "SOL", "XRP", "DOGE"}
    while len(names) < COINS:
        names.add("".join(chance.choices(string.ascii_uppercase, k=chance.randint(2, 7))))
    return [
        Listing(Instrument(exchange, base, quote), base + quote, Decimal("0.0001"))
        for exchange in TITLES
        for base in sorted(names)
        for quote in QUOTES
        if base != quote
    ]


def typed_queries(listings: Sequence[Listing]) -> Iterator[str]:
    """What stands in the field after each key while people look for this and that."""
    chance = random.Random(SEED)
    wanted = ["btc", "eth/usdt", "usdt", "okx", "kucoin eur", "binance btc usdc", "nothing here"]
    for listing in chance.sample(listings, 60):
        exchange, base, quote = listing.instrument
        wanted.append(chance.choice((base, f"{base}{quote}", f"{base}/{quote} {exchange}")).lower())
    for text in wanted:
        yield from (text[:end] for end in range(1, len(text) + 1))


def in_the_window(
    listings: Sequence[Listing], queries: Sequence[str]
) -> tuple[list[float], list[float]]:
    """Milliseconds a key of the field and of the palette, to the painted list."""
    found = QApplication.instance() or QApplication([])
    assert isinstance(found, QApplication)
    apply_theme(found, DARK)
    window = QWidget()
    window.resize(*WINDOW)
    book = ActionBook(window)
    for number in range(ACTIONS):
        book.add(f"action.{number}", f"Do the thing number {number}", window.update, group="Things")
    field = SearchField(TITLES, window)
    field.resize(WINDOW[0], field.sizeHint().height())
    field.set_listings(listings)
    palette = CommandPalette(window, book, TITLES)
    palette.set_listings(listings)
    window.show()
    field.setFocus()
    figures = typed(field, field.suggestions, queries)
    began = time.perf_counter()
    palette.open_palette()
    palette.repaint()
    QApplication.processEvents()
    print(
        f"  opening the palette for the first time: {(time.perf_counter() - began) * 1_000:.0f} ms"
    )
    return figures, typed(palette.field, palette.list, queries)


def typed(field: QLineEdit, shown: QWidget, queries: Sequence[str]) -> list[float]:
    """Milliseconds from each key to the list that is painted for it."""
    figures = []
    for query in queries:
        field.setText(query[:-1])
        began = time.perf_counter()
        QTest.keyClick(field, query[-1])
        shown.repaint()
        QApplication.processEvents()
        figures.append((time.perf_counter() - began) * 1_000)
    return figures


def rapidfuzz_search(texts: Texts) -> Callable[[str], object] | None:
    """The fifty most similar of rapidfuzz; None if it is not installed."""
    try:
        process = importlib.import_module("rapidfuzz.process")
        utils = importlib.import_module("rapidfuzz.utils")
    except ImportError:
        return None
    choices = [utils.default_process(" ".join(each)) for each in texts]
    return lambda query: process.extract(utils.default_process(query), choices, limit=MOST_FOUND)


def fts5_search(texts: Texts) -> Callable[[str], object]:
    """The fifty best of a full-text index in memory whose words begin as typed."""
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table listed using fts5(pair, exchange, prefix='1 2 3')")
    database.executemany("insert into listed values (?, ?)", texts)

    def search(query: str) -> object:
        words = " ".join(f'"{word}"*' for word in query.replace("/", " ").split())
        asked = "select pair, exchange from listed where listed match ? order by rank limit ?"
        return database.execute(asked, (words, MOST_FOUND)).fetchall()

    return search


def timed(search: Callable[[str], object], queries: Sequence[str]) -> list[float]:
    """Milliseconds of each query."""
    figures = []
    for query in queries:
        began = time.perf_counter()
        search(query)
        figures.append((time.perf_counter() - began) * 1_000)
    return figures


def show(name: str, figures: Sequence[float]) -> None:
    """One line of the table."""
    middle, high = quantile(figures, 0.5), quantile(figures, 0.99)
    print(f"  {name:42}{middle:8.2f} / {high:6.2f} / {max(figures):6.2f}")


def quantile(figures: Sequence[float], share: float) -> float:
    """The figure below which that share of all lies."""
    return sorted(figures)[min(len(figures) - 1, int(len(figures) * share))]


if __name__ == "__main__":
    main()
