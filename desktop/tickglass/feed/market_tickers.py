"""The day of a whole market, told on one stream: taken out before it reaches anybody else."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ..market.events import MarketEvent, Status, Ticker
from ..market.freshness import Link
from ..market.instrument import Instrument
from .surroundings import Sink

Listener = Callable[[Ticker], object]


class MarketTickers:
    """A sink that gives the tickers of a whole market to ``listener`` and hands on all else.

    They have neither bid nor ask, as those of single instruments do.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.listener: Listener | None = None

    def apply(self, event: MarketEvent, link: Link) -> None:
        """Take one event."""
        if self.listener is not None and event.__class__ is Ticker:
            ticker: Ticker = event
            if ticker.bid is None and ticker.ask is None:
                self.listener(ticker)
                return
        self._sink.apply(event, link)

    def status(self, status: Status) -> None:
        """Hand it on."""
        self._sink.status(status)

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        """Hand it on."""
        self._sink.interrupted(instruments)

    def refused(self, instrument: Instrument, sentence: str) -> None:
        """Hand it on."""
        self._sink.refused(instrument, sentence)
