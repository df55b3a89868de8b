"""One simulated exchange's view of the simulated market: its instruments, prices as numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal

from ..errors import UsageError
from ..exchanges import EXCHANGES
from ..exchanges.exchange import Bar, Catalogue, Day, Match
from ..market.events import (
    BookDelta,
    BookSnapshot,
    Candle,
    Level,
    Quote,
    Side,
    Ticker,
    Trade,
)
from ..market.instrument import Instrument, Listing
from ..market.interval import next_start
from .market import Market, last_fill
from .pairs import Pair
from .rows import (
    CLOSE,
    FIRST_TRADE,
    HIGH,
    LOW,
    OPEN,
    QUOTE,
    START,
    TAKER_QUOTE,
    TAKER_VOLUME,
    TRADES,
    VOLUME,
)
from .trading import Happening, Taken, Touch

MONEY_DECIMALS = 8


class Quoting:
    """A pair on one exchange: turns ticks and lots into numbers."""

    __slots__ = (
        "_lot",
        "_price_decimals",
        "_size_decimals",
        "_tick",
        "index",
        "instrument",
        "pair",
    )

    def __init__(self, index: int, pair: Pair, instrument: Instrument) -> None:
        self.index = index
        self.pair = pair
        self.instrument = instrument
        self._tick, self._price_decimals = float(pair.tick_size), pair.price_decimals
        self._lot, self._size_decimals = float(pair.lot_size), pair.size_decimals

    def price(self, ticks: int) -> float:
        """A price in quote units."""
        return round(ticks * self._tick, self._price_decimals)

    def size(self, lots: int) -> float:
        """A size or volume in base units."""
        return round(lots * self._lot, self._size_decimals)

    def money(self, amount: int) -> float:
        """A volume of ticks × lots in quote units."""
        exact = Decimal(amount) * self.pair.tick_size * self.pair.lot_size
        return round(float(exact), MONEY_DECIMALS)

    def levels(self, levels: Iterable[tuple[int, int]]) -> tuple[Level, ...]:
        """Levels given as keys and lots."""
        return tuple(Level(self.price(abs(key)), self.size(lots)) for key, lots in levels)


class ExchangeView:
    """What one simulated exchange shows of the market: the contract's MarketView."""

    def __init__(self, market: Market, exchange: str) -> None:
        if exchange not in EXCHANGES:
            known = ", ".join(sorted(EXCHANGES))
            raise UsageError(f"There is no simulated exchange {exchange!r}; there are: {known}.")
        self.market = market
        self.exchange = exchange
        adapter = EXCHANGES[exchange](Catalogue())
        self._quotings = [
            Quoting(index, pair, Instrument(exchange, pair.base, pair.quote_ccy))
            for index, pair in enumerate(market.pairs)
        ]
        self._by_instrument = {each.instrument: each for each in self._quotings}
        self._listings = [
            Listing(
                each.instrument,
                adapter.symbol(each.instrument),
                each.pair.tick_size,
                each.pair.lot_size,
            )
            for each in self._quotings
        ]

    @property
    def now(self) -> int:
        """The market's clock, ms UTC."""
        return self.market.now

    @property
    def listings(self) -> Collection[Listing]:
        """Every instrument of this exchange."""
        return self._listings

    def indexed(self) -> Iterable[tuple[int, Instrument]]:
        """Every instrument with the index of the market's pair."""
        return ((each.index, each.instrument) for each in self._quotings)

    def instrument(self, index: int) -> Instrument:
        """The instrument of the market's pair with this index."""
        return self._quotings[index].instrument

    def publish(self, happening: Happening) -> Match | Quote:
        """What happened in the market, as this exchange tells it."""
        quoting = self._quotings[happening.pair]
        if isinstance(happening, Taken):
            return _match(quoting, happening)
        return _quote(quoting, happening)

    def day(self, instrument: Instrument) -> Day:
        """The last 24 hours, from the whole minute before them."""
        quoting = self._by_instrument[instrument]
        row = self.market.chart(quoting.index).day(self.now)[0].tolist()
        trading = self.market.trading(quoting.index)
        bid, bid_size, ask, ask_size = trading.touch
        ticker = Ticker(
            instrument,
            self.now,
            last=quoting.price(row[CLOSE]),
            bid=quoting.price(bid),
            ask=quoting.price(ask),
            open=quoting.price(row[OPEN]),
            high=quoting.price(row[HIGH]),
            low=quoting.price(row[LOW]),
            base_volume=quoting.size(row[VOLUME]),
            quote_volume=quoting.money(row[QUOTE]),
        )
        return Day(
            ticker,
            open_time=row[START],
            last_size=quoting.size(last_fill(trading)),
            bid_size=quoting.size(bid_size),
            ask_size=quoting.size(ask_size),
            first_trade=row[FIRST_TRADE],
            last_trade=row[FIRST_TRADE] + row[TRADES] - 1,
        )

    def quote(self, instrument: Instrument) -> Quote:
        """Best bid and ask, with the update id of the book as its sequence."""
        quoting = self._by_instrument[instrument]
        trading = self.market.trading(quoting.index)
        touch = Touch(quoting.index, self.now, trading.book.update_id, *trading.touch)
        return _quote(quoting, touch)

    def book(self, instrument: Instrument, levels: int) -> BookSnapshot:
        """The best levels of each side."""
        quoting = self._by_instrument[instrument]
        book = self.market.trading(quoting.index).book
        bids, asks = (
            quoting.levels((key, book.size(key)) for key in side[: -levels - 1 : -1])
            for side in (book.bids, book.asks)
        )
        return BookSnapshot(instrument, self.now, book.update_id, bids, asks)

    def update_id(self, instrument: Instrument) -> int:
        """The update id of the book."""
        return self.market.trading(self._by_instrument[instrument].index).book.update_id

    def delta(self, instrument: Instrument, since: int) -> BookDelta:
        """What changed in the book after the update ``since``; later if that is long ago."""
        quoting = self._by_instrument[instrument]
        book = self.market.trading(quoting.index).book
        previous, keys = book.changed_since(since)
        best_first = sorted(keys, reverse=True)
        bids = quoting.levels((key, book.size(key)) for key in best_first if key > 0)
        asks = quoting.levels((key, book.size(key)) for key in best_first if key < 0)
        return BookDelta(instrument, self.now, previous, book.update_id, bids, asks)

    def bars(
        self, instrument: Instrument, interval: str, start: int | None, end: int | None, limit: int
    ) -> list[Bar]:
        """Candles that start in [start, end], oldest first.

        The oldest ``limit`` from ``start``, or without it the newest ``limit``.
        """
        quoting = self._by_instrument[instrument]
        last = self.now if end is None else end
        rows = self.market.chart(quoting.index).candles(interval, start, last, limit, self.now)
        return [_bar(quoting, interval, row, self.now) for row in rows.tolist()]

    def matches(self, instrument: Instrument, limit: int) -> list[Match]:
        """The newest matches since the market started, oldest first."""
        quoting = self._by_instrument[instrument]
        matches = list(self.market.trading(quoting.index).matches)[-limit:]
        return [_match(quoting, taken) for taken in matches]


def _match(quoting: Quoting, taken: Taken) -> Match:
    side: Side = "buy" if taken.buy else "sell"
    price, instrument, time = quoting.price(taken.price), quoting.instrument, taken.time
    fills = tuple(
        Trade(instrument, time, str(number), price, quoting.size(lots), side)
        for number, lots in enumerate(taken.fills, taken.first_trade)
    )
    return Match(taken.id, fills)


def _quote(quoting: Quoting, touch: Touch) -> Quote:
    return Quote(
        quoting.instrument,
        touch.time,
        quoting.price(touch.bid),
        quoting.size(touch.bid_size),
        quoting.price(touch.ask),
        quoting.size(touch.ask_size),
        touch.update_id,
    )


def _bar(quoting: Quoting, interval: str, row: list[int], now: int) -> Bar:
    candle = Candle(
        quoting.instrument,
        interval,
        row[START],
        quoting.price(row[OPEN]),
        quoting.price(row[HIGH]),
        quoting.price(row[LOW]),
        quoting.price(row[CLOSE]),
        quoting.size(row[VOLUME]),
        closed=next_start(interval, row[START]) <= now,
    )
    return Bar(
        candle,
        quote_volume=quoting.money(row[QUOTE]),
        trades=row[TRADES],
        taker_base=quoting.size(row[TAKER_VOLUME]),
        taker_quote=quoting.money(row[TAKER_QUOTE]),
        first_trade=row[FIRST_TRADE] if row[TRADES] else -1,
        last_trade=row[FIRST_TRADE] + row[TRADES] - 1 if row[TRADES] else -1,
    )
