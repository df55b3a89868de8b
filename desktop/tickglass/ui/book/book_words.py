"""What the book's panel says: how far to trust the book, its figures, and who is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ...language import mark, tr, trn
from ...market.freshness import Freshness
from ...market.instrument import Instrument
from ...market.ladder import Ladder
from ...market.merged_book import LeftOut, MergedBook
from ..formats import number_text
from ..freshness_marks import JUST_NOW, MARKS, sentence, word
from ..text import age_text, exchange_title, signed
from .ladder_rows import SPREAD_DECIMALS, spread_text

WAITING = mark("Waiting for the book's snapshot…")
NO_BOOK = mark("No book chosen.")
EMPTY = mark("Nobody bids or asks.")
NONE_TRUSTED = mark("No exchange's book can be trusted now.")
WAITS_MARK, PARTLY_MARK = "…", "◔"
LEFT_OUT_WORDS: dict[LeftOut, str] = {
    "missing": mark("{name} (no book yet)"),
    "waiting": mark("{name} (waiting)"),
    "stale": mark("{name} (stale)"),
}


class Trust(NamedTuple):
    """How far a book is to be trusted: a mark and words told apart without colour, and why."""

    mark: str
    words: str
    sentence: str
    good: bool


def trust_of(freshness: Freshness, age: float | None, *, waits: bool) -> Trust:
    """Of one book; ``age`` in seconds, ``waits`` if there is none to show yet."""
    words = tr("waiting") if waits else word(freshness)
    if age is not None and age >= JUST_NOW:
        words = f"{words} · {age_text(age)}"
    shape = WAITS_MARK if waits else MARKS[freshness]
    return Trust(shape, words, sentence(freshness, age), freshness.trusted and not waits)


def trust_of_merged(freshness: Freshness, age: float | None, used: int, count: int) -> Trust:
    """Of several books together, of which so many are used."""
    said = sentence(freshness, age)
    if used == count:
        return Trust(MARKS[freshness], word(freshness), said, True)
    words = trn("{used} of {count} book", "{used} of {count} books", count, used=used)
    return Trust(PARTLY_MARK if used else WAITS_MARK, words, said, False)


def title_text(instruments: Sequence[Instrument], titles: Mapping[str, str]) -> str:
    """BTC/USDT · Binance, OKX."""
    names = [exchange_title(titles, each.exchange) for each in instruments]
    return f"{instruments[0].pair} · {', '.join(names)}" if instruments else ""


def figures_text(
    ladder: Ladder | None, depth: int, decimals: int | None, resyncs: int, *, spread: bool
) -> str:
    """Imbalance of the best ``depth`` rows, how often the book was rebuilt, perhaps the spread."""
    words = []
    share = ladder.imbalance(max(1, depth)) if ladder else None
    if share is not None:
        words.append(tr("Imbalance {percent} %", percent=signed(share * 100, 0)))
    words.append(trn("{count} resync", "{count} resyncs", resyncs))
    if spread and ladder is not None and ladder.spread is not None:
        words.append(spread_text(ladder, decimals))
    return " · ".join(words)


def crossing_text(merged: MergedBook, titles: Mapping[str, str]) -> str:
    """That one exchange bids above another's ask, and by how much; empty if none does."""
    crossing = merged.crossing()
    if crossing is None:
        return ""
    return tr(
        "Crossed by {bps} bps: {bidding} bids above {asking}'s ask",
        bps=number_text(crossing.bps, SPREAD_DECIMALS),
        bidding=exchange_title(titles, crossing.bidding.exchange),
        asking=exchange_title(titles, crossing.asking.exchange),
    )


def left_out_text(merged: MergedBook, titles: Mapping[str, str]) -> str:
    """Whose books are not used, and why; empty if all are."""
    names = [
        tr(LEFT_OUT_WORDS[why], name=exchange_title(titles, each.exchange))
        for each, why in merged.left_out.items()
    ]
    return tr("Without {names}", names=", ".join(names)) if names else ""
