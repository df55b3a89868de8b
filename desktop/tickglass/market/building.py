"""Candles built from trades, for intervals that an exchange does not send."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from .events import Candle, Trade
from .instrument import Instrument
from .interval import start_of

TRADES_KEPT = 5_000  # while the exchange's word on the running candle is awaited


@dataclass(slots=True)
class Bar:
    """A candle being built; ``whole`` if every trade of it was seen."""

    start: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    whole: bool

    def add(self, trade: Trade) -> None:
        """Let a trade move it."""
        self.high = max(self.high, trade.price)
        self.low = min(self.low, trade.price)
        self.close = trade.price
        self.volume += trade.size


class BarBuilder:
    """Builds the candles of one instrument and interval from its trades.

    Where trades were missed (at the beginning, after an interruption, one that comes late) it needs
    the exchange's word from REST: then ``owing`` is the start of the oldest candle in question, 0
    before the first trade is known. Only a candle that began while it listened is whole.
    """

    def __init__(self, instrument: Instrument, interval: str) -> None:
        self.instrument = instrument
        self.interval = interval
        self.owing: int | None = 0
        self.interruptions = 0
        self._begun = False  # whether trades can be placed: the running candle is known
        self._bar: Bar | None = None
        self._kept: deque[Trade] = deque(maxlen=TRADES_KEPT)
        self._last_start = 0
        self._joined = 0  # the start of the candle in whose midst listening began
        self._ended = -1  # the start of the candle that trades alone closed last

    def interrupt(self) -> None:
        """Trades may have been missed; a word asked for before does not know of them."""
        self.interruptions += 1
        if self._bar is not None:
            self._owe(self._bar.start)
            self._bar = None
        elif self.owing is None:
            self.owing = self._last_start
        self._begun = False
        self._kept.clear()

    def trade(self, trade: Trade) -> list[Candle]:
        """What a trade changes: the candle that it ends, if all of it was seen, and its own."""
        if trade.history:
            return []
        if not self._begun:
            self._kept.append(trade)
            return []
        start = start_of(self.interval, trade.time)
        bar = self._bar
        if bar is not None and start == bar.start:
            bar.add(trade)
            return [self._candle(bar, closed=False)]
        if start <= self._last_start:
            if start == self._ended:
                self._owe(start)
            return []  # its candle is the exchange's to correct
        ended = self._end()
        price, whole = trade.price, start > self._joined
        self._bar = Bar(start, price, price, price, price, trade.size, whole)
        self._last_start = start
        return [*ended, self._candle(self._bar, closed=False)]

    def word(self, candles: Iterable[Candle], until: int) -> list[Candle]:
        """Take the exchange's own candles, oldest first; the running one was asked for at a time.

        Gives those that were owing and are closed, and what the trades kept meanwhile make.
        """
        known = list(candles)
        owing, self.owing = self.owing, None
        begun = [] if self._begun else self._begin(known, until)
        asked = [each for each in known if owing and each.start >= owing]
        for each in asked:
            if not each.closed and each.start < self._last_start:
                self._owe(each.start)  # it has ended, and may lack trades yet
        return [each for each in asked if each.closed] + begun

    def _begin(self, known: list[Candle], until: int) -> list[Candle]:
        """Go on from the candle in whose midst listening began; younger ones were heard whole."""
        self._begun = True
        kept = list(self._kept)
        self._kept.clear()
        listening = kept[0].time if kept else max([until, *(each.start for each in known)])
        self._joined = start_of(self.interval, listening)
        base = next((each for each in reversed(known) if each.start <= self._joined), None)
        told = []
        if base is not None:
            self._last_start = base.start
        if base is not None and not base.closed:
            prices = (base.open, base.high, base.low, base.close)
            self._bar = Bar(base.start, *prices, base.volume, whole=False)
            told.append(base)
        for trade in kept:
            if trade.time > until or start_of(self.interval, trade.time) > self._joined:
                told += self.trade(trade)
        return told

    def _end(self) -> list[Candle]:
        bar = self._bar
        if bar is None:
            return []
        if bar.whole:
            self._ended = bar.start
            return [self._candle(bar, closed=True)]
        self._owe(bar.start)
        return []

    def _owe(self, start: int) -> None:
        self.owing = min(self.owing or start, start)

    def _candle(self, bar: Bar, *, closed: bool) -> Candle:
        volume = round(bar.volume, 12)  # sums of decimals pick up a tail of noise
        return Candle(
            self.instrument, self.interval, bar.start,
            bar.open, bar.high, bar.low, bar.close, volume, closed,
        )  # fmt: skip
