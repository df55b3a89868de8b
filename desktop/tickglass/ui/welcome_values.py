"""What the first page offers, as plain values; it needs no Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..language import mark, tr
from ..market.instrument import Instrument, Listing
from .formats import number_text

ReachState = Literal["checking", "reachable", "fallback", "refused", "unreachable"]
Pair = tuple[str, str]  # base, quote currency

COINS = ("BTC", "ETH", "SOL", "XRP", "BNB", "DOGE", "ADA", "TRX", "LINK", "AVAX", "LTC", "PEPE")
QUOTES = ("USDT", "USD")
POPULAR: tuple[Pair, ...] = tuple((coin, quote) for coin in COINS for quote in QUOTES)
CHOSEN_AT_FIRST: frozenset[Pair] = frozenset(
    [*((coin, "USDT") for coin in ("BTC", "ETH", "SOL", "XRP", "DOGE")), ("BTC", "USD")]
)
ASSUMED_QUOTE = "USDT"  # what an exchange surely has before it has said what it lists

REACH_MARKS: Mapping[ReachState, str] = {
    "checking": "◌",
    "reachable": "●",
    "fallback": "◆",
    "refused": "⚠",
    "unreachable": "✕",
}
REACH_WORDS: Mapping[ReachState, str] = {
    "checking": mark("checking"),
    "reachable": mark("reachable"),
    "fallback": mark("reachable by another way"),
    "refused": mark("refused"),
    "unreachable": mark("not reachable"),
}
LEFT_OUT = mark("It is left out; tick it to use it all the same.")


@dataclass(frozen=True, slots=True)
class Reachability:
    """How an exchange answers: round trip and how far our clock is ahead in ms, and a sentence.

    ``host`` is the one that answered, or the one that was asked first.
    """

    exchange: str
    state: ReachState
    milliseconds: float | None = None
    sentence: str = ""
    host: str = ""
    skew: float | None = None

    @property
    def usable(self) -> bool:
        """Whether prices can come from there."""
        return self.state in ("reachable", "fallback")

    @property
    def failed(self) -> bool:
        """Whether it was asked and no prices can come from there."""
        return self.state in ("refused", "unreachable")


def reach_text(found: Reachability, *, left_out: bool = False) -> str:
    """How an exchange answers, as one line; and that it was left out for that."""
    if found.state == "checking":
        return tr("Asking …")
    if found.state == "reachable" and found.milliseconds is not None:
        words = tr("Reachable, {milliseconds} ms.", milliseconds=number_text(found.milliseconds, 0))
        return tr("{first} {second}", first=words, second=found.sentence).strip()
    words = found.sentence or tr(REACH_WORDS[found.state])
    return tr("{first} {second}", first=words, second=tr(LEFT_OUT)) if left_out else words


def nothing_reachable(found: Iterable[Reachability]) -> bool:
    """Whether every exchange was asked and none can be used."""
    known = list(found)
    return bool(known) and all(each.failed for each in known)


class Offer:
    """Which pairs exist where, as far as the exchanges have said what they list."""

    def __init__(self, listings: Iterable[Listing] = ()) -> None:
        self._instruments: set[Instrument] = set()
        self._known: set[str] = set()
        for listing in listings:
            self._known.add(listing.instrument.exchange)
            if listing.status == "trading":
                self._instruments.add(listing.instrument)

    def knows(self, exchange: str) -> bool:
        """Whether an exchange has said what it lists."""
        return exchange in self._known

    def where(self, pair: Pair, exchanges: Sequence[str]) -> list[str]:
        """On which of the exchanges a pair surely is, in their order."""
        return [each for each in exchanges if Instrument(each, *pair) in self._instruments]

    def instruments(self, pairs: Collection[Pair], exchanges: Sequence[str]) -> list[Instrument]:
        """What a list of these pairs on these exchanges holds, pair by pair.

        Of an exchange that has not said yet what it lists, the pairs in dollars of the kind that
        all exchanges have.
        """
        return [
            Instrument(exchange, *pair)
            for pair in POPULAR
            if pair in pairs
            for exchange in exchanges
            if Instrument(exchange, *pair) in self._instruments
            or (pair[1] == ASSUMED_QUOTE and not self.knows(exchange))
        ]
