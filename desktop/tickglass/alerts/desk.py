"""The desk of an instrument: which prints and quotes are believed, and in which order.

A trade that came twice is dropped, one that came late is told apart. A print far from the price
before it and from the quotes is held until the next print or quote lies nearer to it than to the
price before: a single bad print never counts. Crossed quotes are not believed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from operator import itemgetter

from ..market.events import Quote, Ticker, Trade
from ..market.interval import MINUTE

FAR = 0.03  # share of the price: a print farther away needs a second one, or a quote
QUOTE_GOOD_FOR = 10_000  # ms
TRADES_REMEMBERED = 256

Point = tuple[int, float]  # time in ms UTC, price


@dataclass(slots=True)
class Range:
    """The lowest and highest believed price of the minute that began at ``start``."""

    start: int
    low: float
    high: float

    def add(self, time: int, price: float) -> None:
        """Let a price widen it, or begin another minute."""
        if time - self.start >= MINUTE:
            self.start, self.low, self.high = time // MINUTE * MINUTE, price, price
        elif price < self.low:
            self.low = price
        elif price > self.high:
            self.high = price


@dataclass(slots=True)
class Late:
    """A trade that came after younger ones, and the prices known before and after it."""

    before: tuple[Point, ...]
    trade: Trade
    after: tuple[Point, ...]


@dataclass(slots=True)
class Desk:
    """What is believed of an instrument now; None where nothing is.

    ``heard`` is when anything at all was heard last, ``time`` the newest trade's time, ``quoted``
    when bid and ask were believed last, ``streamed`` when a quote (not a ticker) was, all ms UTC.
    ``begun``: the first price came, in the midst of a minute.
    ``suspects`` counts prints that nobody confirmed, ``late`` trades that came after younger ones.
    """

    last: float | None = None
    bid: float | None = None
    ask: float | None = None
    change: float | None = None
    open: float | None = None
    time: int = 0
    heard: int = 0
    quoted: int = -1
    streamed: int = -QUOTE_GOOD_FOR - 1
    held: Point | None = None
    minute: Range | None = None
    begun: bool = False
    suspects: int = 0
    late: int = 0
    ids: deque[str] = field(default_factory=lambda: deque(maxlen=TRADES_REMEMBERED))
    believed: deque[Point] = field(default_factory=lambda: deque(maxlen=TRADES_REMEMBERED))

    @property
    def mid(self) -> float | None:
        """The middle of bid and ask."""
        return None if self.bid is None or self.ask is None else (self.bid + self.ask) / 2

    def trade(self, trade: Trade, now: int) -> tuple[Point, ...] | Late:
        """The prices that are believed because of a trade, oldest first; at most two."""
        self.heard = now
        time, price = trade.time, trade.price
        if time <= self.time:
            known = self._known(trade)
            if known is not None:
                return known
        self.ids.append(trade.id)
        self.time = max(time, self.time)
        last = self.last
        if self.held is None and (last is None or abs(price - last) <= FAR * last):
            return (self._believe(time, price),)
        return self._weigh(time, price, now)

    def quote(self, quote: Quote | Ticker, now: int) -> tuple[Point, ...] | None:
        """Take a best bid and ask; the print that they confirm, if one was held.

        None if they are not believed.
        """
        self.heard = now
        if quote.__class__ is Quote:
            self.streamed = now
        bid, ask = quote.bid, quote.ask
        if bid is None or ask is None or not 0 < bid < ask:
            return None
        self.bid, self.ask, self.quoted = bid, ask, now
        held, last = self.held, self.last
        if held is None or last is None:
            return ()
        middle = (bid + ask) / 2
        if abs(middle - held[1]) < abs(middle - last):
            self.held = None
            return (self._believe(*held),)
        return ()

    def begin(self, time: int, price: float) -> Point:
        """Believe a price where none is known."""
        return self._believe(time, price)

    def interrupted(self) -> None:
        """What was believed may not be so any more."""
        self.last = self.bid = self.ask = self.held = None
        self.believed.clear()

    def _known(self, trade: Trade) -> tuple[Point, ...] | Late | None:
        """What to do with a trade not younger than the newest; None if it is merely as old."""
        if trade.id in self.ids:
            return ()
        if trade.time == self.time:
            return None
        self.late += 1
        self.ids.append(trade.id)
        known = sorted(self.believed, key=itemgetter(0))  # a ticker may be younger than trades
        before = tuple(each for each in known if each[0] <= trade.time)
        if not before:
            return ()
        if abs(trade.price - before[-1][1]) > FAR * before[-1][1]:
            self.suspects += 1  # nothing that comes now can confirm it
            return ()
        after = tuple(each for each in known if each[0] > trade.time)
        self.believed.clear()
        self.believed.extend((*before, (trade.time, trade.price), *after))
        return Late(before, trade, after)

    def _weigh(self, time: int, price: float, now: int) -> tuple[Point, ...]:
        """Judge a print that is far away, or the one that comes after such a print."""
        held, last = self.held, self.last
        if held is not None and last is not None:
            self.held = None
            if abs(price - held[1]) < abs(price - last):
                return (self._believe(*held), self._believe(time, price))
            self.suspects += 1
            if abs(price - last) <= FAR * last:
                return (self._believe(time, price),)
        if self._quotes_agree(price, now):
            return (self._believe(time, price),)
        self.held = (time, price)
        return ()

    def _quotes_agree(self, price: float, now: int) -> bool:
        if self.bid is None or self.ask is None or now - self.quoted > QUOTE_GOOD_FOR:
            return False
        return self.bid * (1 - FAR) <= price <= self.ask * (1 + FAR)

    def _believe(self, time: int, price: float) -> Point:
        self.last = price
        self.believed.append((time, price))
        if self.minute is None:
            self.minute = Range(time // MINUTE * MINUTE, price, price)
            self.begun = True
        else:
            self.minute.add(time, price)
        return (time, price)
