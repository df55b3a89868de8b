"""Which instruments of an exchange rose, fell or were traded most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from .events import Ticker
from .instrument import Instrument

Kind = Literal["gainers", "losers", "volume"]

MOST = 50


class Mover(NamedTuple):
    """An instrument's day: ``change`` as a share, ``worth`` what was traded, in the quote."""

    instrument: Instrument
    last: float
    change: float
    worth: float


def movers(
    tickers: Iterable[Ticker], kind: Kind, quote_ccy: str, least_worth: float = 0.0
) -> list[Mover]:
    """The first of them in that order, ``MOST`` at most; only one quote currency compares.

    What was traded for less than ``least_worth`` is left out: in a market of nobody a single trade
    makes any change.
    """
    found = [
        mover
        for ticker in tickers
        if ticker.instrument.quote_ccy == quote_ccy and (mover := _mover(ticker)) is not None
    ]
    found = [each for each in found if each.worth >= least_worth]
    if kind == "gainers":
        ordered = sorted((each for each in found if each.change > 0), key=lambda each: -each.change)
    elif kind == "losers":
        ordered = sorted((each for each in found if each.change < 0), key=lambda each: each.change)
    else:
        ordered = sorted(found, key=lambda each: -each.worth)
    return ordered[:MOST]


def quotes(tickers: Sequence[Ticker], least: int = 2) -> list[str]:
    """The currencies in which at least so many instruments are quoted, the commonest first."""
    counted = Counter(ticker.instrument.quote_ccy for ticker in tickers)
    return [name for name, count in counted.most_common() if count >= least]


def _mover(ticker: Ticker) -> Mover | None:
    last, opened = ticker.last, ticker.open
    if not last or not opened:
        return None
    worth = ticker.quote_volume
    if worth is None:  # not told by every exchange: about what it must have been
        worth = (ticker.base_volume or 0.0) * last
    return Mover(ticker.instrument, last, last / opened - 1, worth)
