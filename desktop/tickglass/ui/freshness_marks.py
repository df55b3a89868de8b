"""How freshness looks and reads: one mark, one word and one sentence for each, everywhere."""

from __future__ import annotations

from ..language import mark, tr
from ..market.freshness import QUIET_AFTER, Freshness
from .text import age_text

# Told apart by shape alone, so that neither colour nor sharp eyes are needed.
MARKS: dict[Freshness, str] = {
    Freshness.LIVE: "●",
    Freshness.QUIET: "○",
    Freshness.STALE: "◐",
    Freshness.LOST: "✕",
    Freshness.NEVER: "·",
}
WORDS: dict[Freshness, str] = {
    Freshness.LIVE: mark("live"),
    Freshness.QUIET: mark("quiet"),
    Freshness.STALE: mark("stale"),
    Freshness.LOST: mark("lost"),
    Freshness.NEVER: mark("never"),
}
MEANINGS: dict[Freshness, str] = {
    Freshness.LIVE: mark("Live: news within the last {seconds} seconds."),
    Freshness.QUIET: mark("Quiet: connected, but nothing traded lately."),
    Freshness.STALE: mark("Stale: the connection is silent, so this may be old."),
    Freshness.LOST: mark("Lost: not connected, so this is old."),
    Freshness.NEVER: mark("No data yet."),
}
JUST_NOW = 2.0  # s: younger than this is not worth a number


def word(freshness: Freshness) -> str:
    """One word for a state: live, quiet, stale, lost, never."""
    return tr(WORDS[freshness])


def meaning(freshness: Freshness) -> str:
    """What a state means, as a sentence of a legend."""
    return tr(MEANINGS[freshness], seconds=round(QUIET_AFTER))


def sentence(freshness: Freshness, age: float | None) -> str:
    """A state in words, with how long ago the last news came (s); None is unknown."""
    means = meaning(freshness)
    if age is None or freshness is Freshness.NEVER:
        return means
    if age < JUST_NOW:
        return tr("{state} Last heard of just now.", state=means)
    return tr("{state} Last heard of {age} ago.", state=means, age=age_text(age))


def legend() -> list[tuple[str, str, str]]:
    """Mark, word and meaning of every state, the best first."""
    return [(MARKS[each], word(each), meaning(each)) for each in Freshness]
