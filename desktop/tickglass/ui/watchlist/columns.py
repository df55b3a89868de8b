"""The columns of a watchlist: what they are called, how wide they are, which are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import IntEnum

from ...language import mark, tr
from ...market.freshness import Freshness
from ..formats import clock_text, date_text, widest_amount
from ..freshness_marks import word
from ..text import age_text


class Column(IntEnum):
    """The columns in their usual order."""

    PAIR = 0
    EXCHANGE = 1
    LAST = 2
    CHANGE = 3
    BID = 4
    ASK = 5
    SPREAD = 6
    PREMIUM = 7
    HIGH = 8
    LOW = 9
    VOLUME = 10
    BASE_VOLUME = 11
    SPARKLINE = 12
    TIME = 13
    AGE = 14
    FRESHNESS = 15

    @property
    def key(self) -> str:
        """How files call it."""
        return self.name.lower()


COLUMNS = tuple(Column)
TITLES: Mapping[Column, str] = {
    Column.PAIR: mark("Pair"),
    Column.EXCHANGE: mark("Exchange"),
    Column.LAST: mark("Last"),
    Column.CHANGE: mark("24 h"),
    Column.BID: mark("Bid"),
    Column.ASK: mark("Ask"),
    Column.SPREAD: mark("Spread, bp"),
    Column.PREMIUM: mark("Premium, bp"),
    Column.HIGH: mark("24 h high"),
    Column.LOW: mark("24 h low"),
    Column.VOLUME: mark("24 h volume"),
    Column.BASE_VOLUME: mark("Base volume"),
    Column.SPARKLINE: mark("Last day"),
    Column.TIME: mark("Last trade"),
    Column.AGE: mark("Age"),
    Column.FRESHNESS: mark("State"),
}
MEANINGS: Mapping[Column, str] = {
    Column.CHANGE: mark("How far the price has moved since then."),
    Column.SPREAD: mark("From bid to ask, in basis points (hundredths of a per cent)."),
    Column.PREMIUM: mark(
        "Above or below the median of this pair's exchanges in the list, in basis points."
    ),
    Column.VOLUME: mark("Traded within 24 hours, in the quote currency."),
    Column.BASE_VOLUME: mark("Traded within 24 hours, in the base currency."),
    Column.TIME: mark("When the last price was made, in local time."),
    Column.AGE: mark("How long ago anything was heard of the instrument."),
    Column.FRESHNESS: mark("How far the numbers of the row can be trusted."),
}
SPAN_TITLES: Mapping[str, str] = {
    "1h": mark("Last hour"),
    "4h": mark("Last 4 h"),
    "24h": mark("Last day"),
    "7d": mark("Last week"),
}
USUAL = (
    Column.PAIR, Column.EXCHANGE, Column.LAST, Column.CHANGE, Column.BID, Column.ASK, Column.HIGH,
    Column.LOW, Column.VOLUME, Column.SPARKLINE, Column.AGE,
)  # fmt: skip
# What a list that is grouped by pair is looked at for.
COMPARING = (Column.BID, Column.ASK, Column.SPREAD, Column.PREMIUM)
TEXT_COLUMNS = frozenset({Column.PAIR, Column.EXCHANGE, Column.FRESHNESS})
PRICES = frozenset({Column.LAST, Column.BID, Column.ASK, Column.HIGH, Column.LOW})
FLASHING = frozenset({Column.LAST, Column.BID, Column.ASK})
# Where a row says what is wrong with it: in the first of these that is shown.
PROBLEM_COLUMNS = (
    Column.FRESHNESS, Column.SPARKLINE, Column.VOLUME, Column.CHANGE, Column.EXCHANGE, Column.PAIR,
)  # fmt: skip
SAMPLE_MOMENT = datetime(2000, 12, 28, 20, 8, 8)
SAMPLE_AGE = 59 * 60.0  # s
# The widest text that each column should show whole.
SAMPLES: Mapping[Column, str] = {
    Column.PAIR: "● 1MBABYDOGE/USDT",
    Column.EXCHANGE: "Coinbase",
    Column.LAST: "100,000.00",
    Column.CHANGE: "▲ +100.00 %",
    Column.BID: "100,000.00",
    Column.ASK: "100,000.00",
    Column.SPREAD: "+10,000.0",
    Column.PREMIUM: "+10,000.0",
    Column.HIGH: "100,000.00",
    Column.LOW: "100,000.00",
    Column.SPARKLINE: "MMMMMMMM",
}
# Those that are of a language.
SPOKEN_SAMPLES: Mapping[Column, Callable[[], str]] = {
    Column.VOLUME: widest_amount,
    Column.BASE_VOLUME: widest_amount,
    Column.TIME: lambda: max(date_text(SAMPLE_MOMENT), clock_text(SAMPLE_MOMENT, True), key=len),
    Column.AGE: lambda: age_text(SAMPLE_AGE),
    Column.FRESHNESS: lambda: max(map(word, Freshness), key=len),
}

_BY_KEY = {column.key: column for column in COLUMNS}


def sample(column: Column) -> str:
    """The widest text that a column should show whole."""
    spoken = SPOKEN_SAMPLES.get(column)
    return SAMPLES[column] if spoken is None else spoken()


def title(column: Column, basis: str = "", span: str = "") -> str:
    """What a column is called; ``basis`` and ``span`` stand over change and sparkline if given."""
    if column is Column.CHANGE and basis:
        return basis
    if column is Column.SPARKLINE and span in SPAN_TITLES:
        return tr(SPAN_TITLES[span])
    return tr(TITLES[column])


def columns_of(keys: Iterable[str]) -> list[Column]:
    """The columns of a list, left to right; unknown names are passed over, none is the usual.

    The pair is always there: without it a row does not say what it is.
    """
    found = list(dict.fromkeys(_BY_KEY[key] for key in keys if key in _BY_KEY))
    if not found:
        return list(USUAL)
    return found if Column.PAIR in found else [Column.PAIR, *found]


def keys_of(columns: Iterable[Column]) -> list[str]:
    """The names under which columns are kept; none for the usual ones in their order."""
    kept = list(columns)
    return [] if kept == list(USUAL) else [column.key for column in kept]


def with_comparing(columns: Iterable[Column]) -> list[Column]:
    """The same columns with those that compare exchanges, each behind the one before it."""
    kept = list(columns)
    place = 0
    for column in COMPARING:
        if column not in kept:
            kept.insert(place or len(kept), column)
        place = kept.index(column) + 1
    return kept


def problem_column(shown: Iterable[Column]) -> Column:
    """Where a row says what is wrong with it."""
    there = set(shown)
    return next((column for column in PROBLEM_COLUMNS if column in there), Column.PAIR)
