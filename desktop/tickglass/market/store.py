"""The state of every instrument that is watched: changed by each event, read at each frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .book import OrderBook, Resync
from .candles import CandleSeries
from .events import BookDelta, BookSnapshot, Candle, MarketEvent, Quote, Ticker, Trade
from .freshness import QUIET_AFTER, Freshness, Link, freshness
from .instrument import Instrument
from .sparkline import Sparkline
from .tape import Tape

STATISTICS = ("open", "high", "low", "base_volume", "quote_volume")


class InstrumentState:
    """The latest of everything about one instrument; None where nothing is known yet.

    ``seen`` is the monotonic second of the last event, ``arrived`` that of the oldest event not
    painted yet, ``quoted`` that of the last best bid and ask; ``problem`` is a sentence when the
    exchange does not quote it. Where ``anchored``, changes count from the price ``anchor``.
    """

    __slots__ = (
        "anchor", "anchored", "arrived", "ask", "base_volume", "bid", "high", "instrument", "last",
        "link", "low", "open", "problem", "quote_volume", "quoted", "seen", "sparkline", "time",
    )  # fmt: skip

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.last: float | None = None
        self.bid: float | None = None
        self.ask: float | None = None
        self.open: float | None = None
        self.high: float | None = None
        self.low: float | None = None
        self.base_volume: float | None = None
        self.quote_volume: float | None = None
        self.time: int | None = None
        self.seen: float | None = None
        self.arrived: float | None = None
        self.quoted: float | None = None
        self.link: Link | None = None
        self.problem = ""
        self.anchor: float | None = None
        self.anchored = False
        self.sparkline = Sparkline()

    @property
    def change(self) -> float | None:
        """last / open − 1 over the exchange's 24 h window, or since the anchor."""
        since = self.anchor if self.anchored else self.open
        if self.last is None or not since:
            return None
        return self.last / since - 1

    def freshness(self, now: float) -> Freshness:
        """How far the numbers here can be trusted at monotonic second ``now``."""
        return freshness(now, self.link, self.seen)

    def age(self, now: float) -> float | None:
        """Seconds since anything was heard of this instrument."""
        return None if self.seen is None else max(0.0, now - self.seen)


class Store:
    """All instruments, candle series and books that somebody watches.

    ``apply`` is called for every event and only changes state; once per screen frame the window
    takes the set of what changed. ``wake`` is called at the first change after that.
    """

    def __init__(self, wake: Callable[[], object] = lambda: None) -> None:
        self._wake = wake
        self.states: dict[Instrument, InstrumentState] = {}
        self.series: dict[tuple[Instrument, str], CandleSeries] = {}
        self.books: dict[Instrument, OrderBook] = {}
        self.tapes: dict[Instrument, Tape] = {}
        self.resyncs = 0
        self._resyncs_of: dict[Instrument, int] = {}
        self._anchored = False
        self._changed: set[Instrument] = set()
        self._series_of: dict[Instrument, list[CandleSeries]] = {}

    def state(self, instrument: Instrument) -> InstrumentState:
        """The state of an instrument, made on first use."""
        state = self.states.get(instrument)
        if state is None:
            state = self.states[instrument] = InstrumentState(instrument)
            state.anchored = self._anchored
        return state

    def resyncs_of(self, instrument: Instrument) -> int:
        """How often the order book of an instrument had to be fetched anew."""
        return self._resyncs_of.get(instrument, 0)

    def recall(
        self, instrument: Instrument, price: float, time: int, now_ms: int, now: float
    ) -> None:
        """Know a price of an earlier run: it is lost until something new is heard.

        ``time`` and ``now_ms`` are ms UTC, ``now`` the same moment as a monotonic second.
        """
        state = self.state(instrument)
        if state.last is None:
            state.last, state.time = price, time
            state.seen = now - max(0, now_ms - time) / 1000
            self._changed.add(instrument)

    # ------------------------------------------------------------ what changes count from

    def count_from_anchors(self, anchored: bool) -> None:
        """Whether changes count from anchors instead of the exchanges' 24 hours."""
        self._anchored = anchored
        for state in self.states.values():
            state.anchored = anchored
        self.touch(self.states)

    def set_anchor(self, instrument: Instrument, price: float) -> None:
        """The price that changes of an instrument count from."""
        self.state(instrument).anchor = price
        self.touch([instrument])

    def forget_anchors(self) -> None:
        """No price is known that changes count from: there are none until one is."""
        for state in self.states.values():
            state.anchor = None
        self.touch(self.states)

    # ------------------------------------------------------------ what is kept

    def forget(self, instrument: Instrument) -> None:
        """Drop everything about an instrument that nobody watches any more."""
        self.states.pop(instrument, None)
        self.books.pop(instrument, None)
        self._resyncs_of.pop(instrument, None)
        self._changed.discard(instrument)
        for series in self._series_of.pop(instrument, []):
            del self.series[instrument, series.interval]

    def open_series(self, instrument: Instrument, interval: str) -> CandleSeries:
        """The candle series of an instrument, kept up to date until it is closed."""
        key = (instrument, interval)
        if key not in self.series:
            self.series[key] = CandleSeries(instrument, interval)
            self._series_of.setdefault(instrument, []).append(self.series[key])
        return self.series[key]

    def close_series(self, instrument: Instrument, interval: str) -> None:
        """Stop keeping a candle series."""
        series = self.series.pop((instrument, interval), None)
        if series is not None:
            self._series_of[instrument].remove(series)

    def apply(self, event: MarketEvent, link: Link) -> bool:
        """Change the state by one event that came over ``link``; True if a book changed.

        Raises Resync when an order book can no longer be trusted.
        """
        match event:
            case Trade():
                self._trade(event, link)
            case Quote():
                state = self._touch(event.instrument, link)
                state.bid, state.ask, state.quoted = event.bid, event.ask, link.arrived
                self._check_book(event, link)
            case Ticker():
                self._ticker(event, link)
            case Candle():
                self._touch(event.instrument, link)
                series = self.series.get((event.instrument, event.interval))
                if series is not None:
                    series.update(event)
            case BookSnapshot() | BookDelta():
                self._touch(event.instrument, link)
                return self._book(event, link.dial, link.arrived)
        return False

    def interrupted(self, instruments: Iterable[Instrument]) -> None:
        """The feed of these was cut: their freshness changed, and trades may be missing."""
        for instrument in instruments:
            if instrument in self.tapes:
                self.tapes[instrument].interrupted()
        self.touch(instruments)

    def touch(self, instruments: Iterable[Instrument]) -> None:
        """Mark instruments as changed although no event came: their freshness or history did."""
        self._wake()
        self._changed.update(each for each in instruments if each in self.states)

    def take_changed(self) -> set[Instrument]:
        """What changed since this was last asked."""
        changed, self._changed = self._changed, set()
        return changed

    def _touch(self, instrument: Instrument, link: Link) -> InstrumentState:
        state = self.states.get(instrument) or self.state(instrument)
        state.link = link
        state.seen = link.arrived
        if state.arrived is None:
            state.arrived = link.arrived
        if not self._changed:
            self._wake()
        self._changed.add(instrument)
        return state

    def _trade(self, trade: Trade, link: Link) -> None:
        state = self._touch(trade.instrument, link)
        tape = self.tapes.get(trade.instrument)
        if tape is not None:
            tape.add(trade)
        if trade.history and state.time is not None and trade.time < state.time:
            return
        state.last, state.time = trade.price, trade.time
        if state.high is not None and trade.price > state.high:
            state.high = trade.price
        if state.low is not None and trade.price < state.low:
            state.low = trade.price
        state.sparkline.add(trade.time, trade.price)
        for series in self._series_of.get(trade.instrument, ()):
            series.trade(trade)

    def _ticker(self, ticker: Ticker, link: Link) -> None:
        state = self._touch(ticker.instrument, link)
        newest = state.time is None or ticker.time is None or ticker.time >= state.time
        if newest and ticker.last is not None:
            state.last, state.time = ticker.last, ticker.time
            if ticker.time is not None:
                state.sparkline.add(ticker.time, ticker.last)
        # A quote stream is fresher than the ticker's bid and ask, which only fill its gaps.
        if state.quoted is None or link.arrived - state.quoted > QUIET_AFTER:
            state.bid, state.ask = ticker.bid or state.bid, ticker.ask or state.ask
        for name in STATISTICS:  # some exchanges tell them on another stream
            told = getattr(ticker, name)
            if told is not None:
                setattr(state, name, told)
        self._check_book(ticker, link)

    def _check_book(self, event: Quote | Ticker, link: Link) -> None:
        book = self.books.get(event.instrument)
        if book is not None:
            try:
                book.check(event.bid, event.ask, link.arrived)
            except Resync:
                self._count_resync(event.instrument)
                raise

    def _book(self, event: BookSnapshot | BookDelta, dial: int, arrived: float) -> bool:
        """A book is built from one subscription; a newer one starts it anew."""
        book = self.books.get(event.instrument)
        if book is None or book.dial < dial:
            book = self.books[event.instrument] = OrderBook(event.instrument, dial)
        elif book.dial > dial:
            return False
        book.arrived = arrived
        try:
            return book.load(event) if isinstance(event, BookSnapshot) else book.update(event)
        except Resync:
            self._count_resync(event.instrument)
            raise

    def _count_resync(self, instrument: Instrument) -> None:
        self.resyncs += 1
        self._resyncs_of[instrument] = self._resyncs_of.get(instrument, 0) + 1
