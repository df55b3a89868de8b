"""Coinbase Advanced Trade: public spot market data over websocket and REST, both ends of the wire.

Longer than most modules because one exchange is one file: tables, the client half, then the
server half that the simulated Coinbase speaks. Sources: the Advanced Trade websocket and REST
pages of docs.cdp.coinbase.com, and frames recorded in 2026 where they differ.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import msgspec

from ..market.events import BookDelta, BookSnapshot, Candle, Level, Quote, Side, Ticker, Trade
from ..market.instrument import Instrument, Listing, Status, exchange_title
from ..market.interval import milliseconds, next_start, start_of
from ..market.number import plain
from .exchange import (
    Acknowledged,
    BadFrame,
    Bar,
    Beat,
    Call,
    Catalogue,
    Channel,
    Complaint,
    Day,
    Endpoint,
    Event,
    Exchange,
    Feed,
    Kind,
    Lane,
    Limits,
    Lost,
    MarketView,
    Match,
    Published,
    Rejected,
    Reply,
    Request,
    Sending,
    Server,
    Tolerance,
    Topic,
    batches,
)
from .wire import OK, Data, Maybe, Number, Price, T, amount, days, dump, levels, reader, step

# ---------------------------------------------------------------- tables

ENDPOINTS = (Endpoint("wss://advanced-trade-ws.coinbase.com", "https://api.coinbase.com"),)
REST = "/api/v3/brokerage"

GRANULARITIES = {
    "1m": "ONE_MINUTE",
    "5m": "FIVE_MINUTE",
    "15m": "FIFTEEN_MINUTE",
    "30m": "THIRTY_MINUTE",
    "1h": "ONE_HOUR",
    "2h": "TWO_HOUR",
    "6h": "SIX_HOUR",
    "1d": "ONE_DAY",
}
PUSHED_INTERVAL = "5m"  # the only one that the candles channel has

TICKERS, TRADES, CANDLES, BOOKS = "ticker", "market_trades", "candles", "level2"
BEATS, STATUS = "heartbeats", "status"
BOOK_FRAMES = "l2_data"  # what is subscribed as level2 arrives under this name
STREAMS = {Kind.TICKER: TICKERS, Kind.TRADE: TRADES, Kind.CANDLE: CANDLES, Kind.BOOK: BOOKS}

# Books get connections of their own: beyond 30 of them on one Coinbase refuses, and a slow reader
# of their frames is cut off with all else that the connection carries.
LANE, BOOK_LANE = Lane("", 150), Lane("/", 10)

PRODUCTS_PER_MESSAGE = 50
CANDLES_PER_REQUEST = 300  # a window of 350 or more is refused
PRODUCTS_PER_REQUEST = 1_000
REST_LEVELS = 1_000
SNAPSHOT_LEVELS = 5_000  # a side: BTC-USD has over 40,000 levels, most of them far from any trade
WHOLE_FRAME = 256 * 1024  # larger ones are decoded in pieces, so that no step takes long
PIECE = 48 * 1024

# ---------------------------------------------------------------- the wire's types

Percent = Annotated[float, msgspec.Meta(ge=-100, le=1e15)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=10**11)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Blank = Literal[""]


class _WireTicker(msgspec.Struct, gc=False):
    """Of a quiet product any number may be empty; a ``ticker_batch`` has no best bid and ask."""

    product_id: str
    price: Number | Blank = ""
    volume_24_h: Number | Blank = ""
    low_24_h: Number | Blank = ""
    high_24_h: Number | Blank = ""
    price_percent_chg_24_h: Percent | Blank = ""
    best_bid: Number | Blank = ""
    best_ask: Number | Blank = ""
    best_bid_quantity: Number | Blank = ""
    best_ask_quantity: Number | Blank = ""


class _WireTrade(msgspec.Struct, gc=False):
    product_id: str
    trade_id: Count
    price: Price
    size: Number
    time: Moment
    side: Literal["BUY", "SELL"]


class _WireCandle(msgspec.Struct, gc=False):
    """``product_id`` only on the websocket."""

    start: Seconds
    open: Price
    high: Price
    low: Price
    close: Price
    volume: Number
    product_id: str = ""


class _WireUpdate(msgspec.Struct, gc=False):
    side: Literal["bid", "offer"]
    price_level: Price
    new_quantity: Number


class _WireEvent(msgspec.Struct, gc=False):
    """What a frame of any channel may hold."""

    type: str = ""
    product_id: str = ""
    trades: list[_WireTrade] = []
    tickers: list[_WireTicker] = []
    candles: list[_WireCandle] = []
    updates: list[_WireUpdate] = []
    subscriptions: dict[str, list[str]] = {}


class _WireFrame(msgspec.Struct, gc=False):
    """Any frame; only errors have neither channel nor number."""

    channel: str = ""
    timestamp: Moment | None = None
    sequence_num: Count | None = None
    events: list[_WireEvent] = []
    type: str = ""
    message: str = ""


class _WireProduct(msgspec.Struct):
    product_id: str
    base_currency_id: str
    quote_currency_id: str
    price_increment: str = ""
    quote_increment: str = ""
    base_increment: str = ""
    status: str = ""
    is_disabled: bool = False
    trading_disabled: bool = False
    view_only: bool = False
    product_type: str = "SPOT"
    alias: str = ""


class _WireDay(_WireProduct):
    """A product with its day, whose numbers are empty where hardly anybody trades."""

    price: Maybe = None
    price_percentage_change_24h: Percent | Blank | None = None
    volume_24h: Maybe = None


class _WireProducts(msgspec.Struct):
    products: list[_WireProduct]


class _WireDays(msgspec.Struct):
    products: list[msgspec.Raw]


class _WireCandles(msgspec.Struct):
    candles: list[_WireCandle]


class _WireLevel(msgspec.Struct, gc=False):
    price: Price
    size: Number


class _WireDepth(msgspec.Struct):
    bids: list[_WireLevel]
    asks: list[_WireLevel]
    time: Moment | None = None


class _WirePriceBook(msgspec.Struct):
    pricebook: _WireDepth


class _WireTime(msgspec.Struct):
    epochMillis: Annotated[int, msgspec.Meta(ge=0, le=10**14)]


class _WireError(msgspec.Struct):
    error: str = ""
    message: str = ""
    error_details: str = ""


class _WireControl(msgspec.Struct):
    """A control message as the simulated exchange reads it; other keys are borne."""

    type: str
    channel: Any = None
    product_ids: list[str] = []
    jwt: Any = None


_read = reader("coinbase")
_frame = msgspec.json.Decoder(_WireFrame, strict=False)
_updates = msgspec.json.Decoder(list[_WireUpdate], strict=False)
_control = msgspec.json.Decoder(_WireControl)
_market_day = msgspec.json.Decoder(_WireDay, strict=False)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
TAKER: dict[str, Side] = {"BUY": "sell", "SELL": "buy"}  # by the maker's side, which Coinbase tells


def _read_as(form: type[T], data: bytes) -> T:
    return _read(msgspec.json.Decoder(form, strict=False), data)


def _millis(moment: datetime) -> int:
    millis = (moment - EPOCH) // MILLISECOND
    if millis < 0:
        raise BadFrame(f"coinbase: {moment} is before 1970")
    return millis


def _given(value: float | str) -> float | None:
    """An empty string, and a price of 0, say that there is none."""
    return float(value) if value else None


# ---------------------------------------------------------------- the client half

Held = dict[str, tuple[Instrument, ...]]


class _Asked(NamedTuple):
    """A control message that was not answered yet, and what it asked for by product."""

    stream: str
    channels: dict[str, tuple[Channel, ...]]


class Coinbase(Exchange):
    """The client half of Coinbase Advanced Trade."""

    name = "coinbase"
    title = exchange_title("coinbase")
    endpoints = ENDPOINTS
    limits = Limits(
        control_interval=0.3,  # 8 messages a second and address are borne
        connections=4,
        connections_window=1.0,
        weight=10,
        weight_window=1.0,
        frame_bytes=32 * 1024 * 1024,  # the first BTC-USD book has 5 MB
        forbidden_wait=120.0,
    )
    lanes: ClassVar = {**dict.fromkeys(Kind, LANE), Kind.BOOK: BOOK_LANE}
    intervals = tuple(GRANULARITIES)
    candles_per_request = CANDLES_PER_REQUEST
    row_kinds = (Kind.TICKER, Kind.TRADE)
    needs_listings = True

    def __init__(self, catalogue: Catalogue, *, guess_symbols: bool = False) -> None:
        super().__init__(catalogue, guess_symbols=guess_symbols)
        self._held: dict[str, Held] = {stream: {} for stream in STREAMS.values()}
        self._unasked: Held = {}  # what came without being subscribed: recordings
        self._asked: deque[_Asked] = deque()
        self._expected: int | None = None
        self._books: dict[str, int] = {}  # the number of each book's last frame

    def symbol(self, instrument: Instrument) -> str:
        """``BTC-USD``"""
        return _product(instrument)

    @classmethod
    def carrier(cls, channel: Channel) -> Channel:
        """Quotes come with tickers, and trades build the candles that nobody sends."""
        if channel.kind is Kind.QUOTE:
            return Channel(Kind.TICKER, channel.instrument)
        if channel.kind is Kind.CANDLE and channel.interval != PUSHED_INTERVAL:
            return Channel(Kind.TRADE, channel.instrument)
        return channel

    def opening(self) -> list[str]:
        """Without heartbeats a quiet connection is closed after a minute."""
        self._asked.append(_Asked(BEATS, {}))
        return [dump({"type": "subscribe", "channel": BEATS})]

    def subscribe(self, channels: Sequence[Channel]) -> list[str]:
        """One message per channel of Coinbase and fifty products.

        Asking again for what is subscribed, by itself or by an alias, brings no opening state: it
        is stopped first.
        """
        self.learn(channel.instrument for channel in channels)
        messages: list[str] = []
        for stream, products in self._by_stream(channels).items():
            held = self._held[stream]
            again = [product for product in products if product in held]
            messages += self._messages("unsubscribe", stream, dict.fromkeys(again, ()))
            for product, wanted in products.items():
                instruments = (*held.get(product, ()), *(each.instrument for each in wanted))
                held[product] = tuple(dict.fromkeys(instruments))
            messages += self._messages("subscribe", stream, products)
        return messages

    def unsubscribe(self, channels: Sequence[Channel]) -> list[str]:
        """As ``subscribe``, but a product that an alias still wants goes on."""
        self._forget(channels)
        messages: list[str] = []
        for stream, products in self._by_stream(channels).items():
            idle = [product for product in products if product not in self._held[stream]]
            messages += self._messages("unsubscribe", stream, dict.fromkeys(idle, ()))
        return messages

    def _by_stream(self, channels: Sequence[Channel]) -> dict[str, dict[str, tuple[Channel, ...]]]:
        found: dict[str, dict[str, tuple[Channel, ...]]] = {}
        for channel in channels:
            products = found.setdefault(STREAMS[channel.kind], {})
            product = self._product(channel.instrument)
            products[product] = (*products.get(product, ()), channel)
        return found

    def _product(self, instrument: Instrument) -> str:
        """The product id under which an instrument's data come."""
        return self.catalogue.alias(instrument) or self.symbol(instrument)

    def _messages(
        self, method: str, stream: str, products: Mapping[str, tuple[Channel, ...]]
    ) -> list[str]:
        messages = []
        for batch in batches(list(products), PRODUCTS_PER_MESSAGE):
            self._asked.append(_Asked(stream, {product: products[product] for product in batch}))
            messages.append(dump({"type": method, "channel": stream, "product_ids": batch}))
        return messages

    def _forget(self, channels: Iterable[Channel]) -> None:
        for channel in channels:
            held = self._held[STREAMS[channel.kind]]
            product = self._product(channel.instrument)
            left = tuple(each for each in held.get(product, ()) if each != channel.instrument)
            if left:
                held[product] = left
            else:
                held.pop(product, None)
                if channel.kind is Kind.BOOK:
                    self._books.pop(product, None)

    def decode(self, frame: bytes | str) -> list[Event]:
        """Read a frame, whichever channel it is of.

        One number counts all frames of the connection; at 0 it begins anew.
        """
        pieces = _pieces(frame) if len(frame) > WHOLE_FRAME else ()
        wire = _read(_frame, pieces[0] if pieces else frame)
        if not wire.channel:
            return self._on_error(wire)
        number, expected = wire.sequence_num, self._expected
        if number is None or wire.timestamp is None:
            raise BadFrame("coinbase: a frame without number or time")
        handler = HANDLERS.get(wire.channel)
        if handler is None:
            raise BadFrame(f"coinbase: unknown channel {wire.channel[:80]!r}")
        time, gap = _millis(wire.timestamp), _NO_EVENTS
        if expected is not None and number < expected and number > 0:
            # Late: what has a time of its own is still news, but a book has gone on without it.
            return [] if wire.channel == BOOK_FRAMES else handler(self, wire, time)
        self._expected = number + 1
        if expected is not None and number != expected:
            gap = self._gap(max(number, expected + 1), max(0, number - expected), time)
        if pieces:
            return [*gap, *self._in_pieces(wire, time, pieces[1:])]
        return [*gap, *handler(self, wire, time)] if gap else handler(self, wire, time)

    def _gap(self, number: int, missed: int, time: int) -> list[Event]:
        """Frames are missing: no book of this connection can be continued, by this frame or after.

        An empty change that starts after all that a book can hold says so.
        """
        held = [group for products in self._held.values() for group in [*products.values()]]
        lost = frozenset(each for group in (*held, *self._unasked.values()) for each in group)
        events: list[Event] = [Lost(missed, lost)]
        for product in {**self._books, **dict.fromkeys(self._held[BOOKS])}:
            self._books[product] = number
            for instrument in self._instruments(BOOKS, product):
                events.append(BookDelta(instrument, time, number - 1, number, (), ()))
        return events

    def _instruments(self, stream: str, product: str) -> tuple[Instrument, ...]:
        """Those that were subscribed under this product id: one, or several aliases."""
        return self._held[stream].get(product) or self._unasked.get(product) or self._guess(product)

    def _guess(self, product: str) -> tuple[Instrument, ...]:
        self._unasked[product] = (self.instrument(product),)
        return self._unasked[product]

    def _on_error(self, wire: _WireFrame) -> list[Event]:
        """``{"type":"error","message":"too many L2 streams requested in a single session"}``

        It answers the oldest message without an answer, and is the answer.
        """
        if wire.type != "error":
            raise BadFrame("coinbase: neither data nor an answer")
        asked = self._asked.popleft().channels.values() if self._asked else ()
        channels = tuple(channel for group in asked for channel in group)
        self._forget(channels)
        return [Rejected("", 0, wire.message, channels)]

    def _on_answer(self, wire: _WireFrame, time: int) -> list[Event]:
        """``{"channel":"subscriptions",…,"events":[{"subscriptions":{"ticker":["BTC-USD"]}}]}``

        It lists all that the connection has. Products that do not exist are not in it, and that is
        all that is said of them.
        """
        events: list[Event] = [Acknowledged("")]
        if not self._asked:
            return events
        asked = self._asked.popleft()
        listed = {
            product
            for event in wire.events
            for product in event.subscriptions.get(asked.stream, ())
        }
        for product, channels in asked.channels.items():
            missing = tuple(each for each in channels if self._holds(product, each))
            if missing and product not in listed and not self._asked_again(asked.stream, product):
                self._forget(missing)
                events.append(Rejected("", 0, f"Coinbase does not list {product}", missing))
        return events

    def _asked_again(self, stream: str, product: str) -> bool:
        """Whether a later message is about the same: if an answer was lost, this is of that one."""
        return any(stream == each.stream and product in each.channels for each in self._asked)

    def _holds(self, product: str, channel: Channel) -> bool:
        return channel.instrument in self._held[STREAMS[channel.kind]].get(product, ())

    def _on_sign_of_life(self, wire: _WireFrame, time: int) -> list[Event]:
        """``{"channel":"heartbeats",…,"events":[{"current_time":…,"heartbeat_counter":139651}]}``

        The state of products, on the channel ``status``, is not of interest either.
        """
        return []

    def _on_tickers(self, wire: _WireFrame, time: int) -> list[Event]:
        """``{"channel":"ticker",…,"events":[{"type":"update","tickers":[{"product_id":…,…}]}]}``

        ``{"type":"ticker","product_id":"BTC-USD","price":"83277.2","volume_24_h":"3974.9",
        "low_24_h":"82454","high_24_h":"84727.2","price_percent_chg_24_h":"1.2","best_bid":…,…}``
        """
        return [
            each
            for event in wire.events
            for ticker in event.tickers
            for each in self._tickers(ticker, time)
        ]

    def _tickers(self, wire: _WireTicker, time: int) -> Iterator[Ticker]:
        last, percent = _given(wire.price), wire.price_percent_chg_24_h
        rest = (wire.volume_24_h, wire.low_24_h, wire.high_24_h, wire.best_bid, wire.best_ask)
        if last is None and percent == "" and not any(value != "" for value in rest):
            return
        volume = wire.volume_24_h
        for instrument in self._instruments(TICKERS, wire.product_id):
            yield Ticker(
                instrument,
                time,
                last=last,
                bid=_given(wire.best_bid),
                ask=_given(wire.best_ask),
                open=_open(last, percent),
                high=_given(wire.high_24_h),
                low=_given(wire.low_24_h),
                base_volume=None if volume == "" else float(volume),
                quote_volume=None,
                bid_size=_given(wire.best_bid_quantity),
                ask_size=_given(wire.best_ask_quantity),
            )

    def _on_trades(self, wire: _WireFrame, time: int) -> list[Event]:
        """``{"channel":"market_trades",…,"events":[{"type":"update","trades":[{…}, {…}]}]}``

        ``{"product_id":"BTC-USD","trade_id":"1100253573","price":"83320.66","size":"0.0041608",
        "time":"2026-09-30T02:39:59.416138Z","side":"SELL"}``: newest first, the maker's side.
        """
        found: list[Event] = []
        for event in wire.events:
            history = event.type == "snapshot"
            for trade in sorted(event.trades, key=_trade_id):
                text, at, side = str(trade.trade_id), _millis(trade.time), TAKER[trade.side]
                for each in self._instruments(TRADES, trade.product_id):
                    found.append(Trade(each, at, text, trade.price, trade.size, side, history))
        return found

    def _on_candles(self, wire: _WireFrame, time: int) -> list[Event]:
        """``{"channel":"candles",…,"events":[{"type":"snapshot","candles":[{…}, {…}]}]}``

        ``{"start":"1688998200","high":"1867.72","low":"1865.63","open":"1867.38",
        "close":"1866.81","volume":"0.20269406","product_id":"ETH-USDT"}``
        Only another one after it tells that a candle is closed.
        """
        found: list[Event] = []
        for event in wire.events:
            candles = sorted(event.candles, key=_start)
            newest = {each.product_id: each.start for each in candles}
            for each in candles:
                closed = each.start < newest[each.product_id]
                for instrument in self._instruments(CANDLES, each.product_id):
                    found.append(_candle(each, instrument, PUSHED_INTERVAL, closed=closed))
        return found

    def _on_book(self, wire: _WireFrame, time: int) -> list[Event]:
        """``{"channel":"l2_data",…,"events":[{"type":"update","product_id":"ETH-USD",…}]}``

        ``"updates":[{"side":"bid","event_time":…,"price_level":"2667.24","new_quantity":"0"}]``:
        bids and offers in any order. The event time of a snapshot may be 1970.
        """
        number = wire.sequence_num or 0
        events = wire.events if len(wire.events) == 1 else _merged(wire.events)
        return [each for event in events for each in self._book(event, event.updates, number, time)]

    def _in_pieces(self, wire: _WireFrame, time: int, pieces: Iterable[bytes]) -> list[Event]:
        if wire.channel != BOOK_FRAMES or len(wire.events) != 1:
            raise BadFrame("coinbase: a large frame that is no book")
        updates = (each for piece in pieces for each in _read(_updates, piece))
        return self._book(wire.events[0], updates, wire.sequence_num or 0, time)

    def _book(
        self, event: _WireEvent, updates: Iterable[_WireUpdate], number: int, time: int
    ) -> list[Event]:
        """A snapshot, or what continues the book since its last frame.

        With several products in one request changes may come before the product's own snapshot:
        they continue nothing.
        """
        product = event.product_id
        instruments = self._instruments(BOOKS, product)
        bids: dict[float, float] = {}
        offers: dict[float, float] = {}
        for each in updates:
            (bids if each.side == "bid" else offers)[each.price_level] = each.new_quantity
        previous = self._books.get(product)
        if event.type == "snapshot":
            self._books[product] = number
            best, asks = _best(bids, highest=True), _best(offers, highest=False)
            return [BookSnapshot(each, time, number, best, asks) for each in instruments]
        if previous is None:
            if not self.guess_symbols:
                return []
            previous = number - 1  # of a recording that began in the middle
        self._books[product] = number
        changed, asked = levels(bids.items()), levels(offers.items())
        return [BookDelta(each, time, previous, number, changed, asked) for each in instruments]

    def instruments_request(self) -> Request:
        """All spot products in one page."""
        query = {"product_type": "SPOT", "limit": str(PRODUCTS_PER_REQUEST)}
        return Request(f"{REST}/market/products", query)

    def parse_instruments(self, body: bytes) -> list[Listing]:
        """Futures have no base currency of their own and are passed over."""
        products = _read_as(_WireProducts, body).products
        return [self._listing(wire) for wire in products if wire.product_type == "SPOT"]

    def _listing(self, wire: _WireProduct) -> Listing:
        return Listing(
            self._pair_of(wire),
            wire.product_id,
            tick_size=step("coinbase", wire.price_increment or wire.quote_increment),
            lot_size=step("coinbase", wire.base_increment),
            status=_status(wire),
            alias=wire.alias,
        )

    def _pair_of(self, wire: _WireProduct) -> Instrument:
        return Instrument(self.name, wire.base_currency_id.upper(), wire.quote_currency_id.upper())

    def market_request(self) -> Request:
        """The list of products tells their day, too."""
        return self.instruments_request()

    def parse_market(self, body: bytes, now: int) -> list[Ticker]:
        """``{"products":[{"product_id":"BTC-USD","price":"83277.2","volume_24h":"3974.9",
        "price_percentage_change_24h":"1.2",…},…]}``

        Neither high and low nor the volume in quote; one that mirrors another is left out.
        """
        return days(_read_as(_WireDays, body).products, lambda row: self._ticker_of(row, now))

    def _ticker_of(self, row: msgspec.Raw, time: int) -> Ticker | None:
        wire = _read(_market_day, row)
        if wire.product_type != "SPOT" or wire.alias or _status(wire) != "trading":
            return None
        last = amount(wire.price) or None
        return Ticker(
            self._pair_of(wire), time, last=last, bid=None, ask=None,
            open=_open(last, wire.price_percentage_change_24h), high=None, low=None,
            base_volume=amount(wire.volume_24h), quote_volume=None,
        )  # fmt: skip

    def candles_request(
        self, instrument: Instrument, interval: str, end: int | None, limit: int, now: int
    ) -> Request:
        """Both ends are named, in seconds, and a candle that starts at the end is included."""
        last = now if end is None else end - 1
        newest = start_of(interval, last)
        count = min(limit, CANDLES_PER_REQUEST)
        oldest = newest - (count - 1) * (next_start(interval, newest) - newest)
        query = {
            "start": str(max(0, oldest) // 1000),
            "end": str(last // 1000),
            "granularity": GRANULARITIES[interval],
            "limit": str(count),
        }
        return Request(f"{REST}/market/products/{self._product(instrument)}/candles", query)

    def parse_candles(
        self, body: bytes, instrument: Instrument, interval: str, now: int
    ) -> list[Candle]:
        """Rows are newest first; the one whose end lies ahead is still open."""
        return [
            _candle(
                each, instrument, interval, closed=next_start(interval, each.start * 1000) <= now
            )
            for each in sorted(_read_as(_WireCandles, body).candles, key=_start)
        ]

    def depth_request(self, instrument: Instrument) -> Request:
        """A book without a number, so that the websocket's changes cannot continue it."""
        query = {"product_id": self._product(instrument), "limit": str(REST_LEVELS)}
        return Request(f"{REST}/market/product_book", query)

    def parse_depth(self, body: bytes, instrument: Instrument) -> BookSnapshot:
        """``{"pricebook":{"product_id":…,"bids":[{"price":"1","size":"2"}],"asks":[],"time":…}}``"""
        book = _read_as(_WirePriceBook, body).pricebook
        bids, asks = levels(map(_row, book.bids)), levels(map(_row, book.asks))
        time = None if book.time is None else _millis(book.time)
        return BookSnapshot(instrument, time, None, bids, asks)

    def time_request(self) -> Request:
        """The exchange's clock."""
        return Request(f"{REST}/time")

    def parse_time(self, body: bytes) -> int:
        """``{"iso":…,"epochSeconds":"1795342500","epochMillis":"1795342500123"}``"""
        return _read_as(_WireTime, body).epochMillis

    @staticmethod
    def complaint(status: int, body: bytes) -> Complaint | None:
        """``{"error":"NOT_FOUND","error_details":"…","message":"…"}``, or a line of text."""
        if status == OK:
            return None
        try:
            wire = _read_as(_WireError, body)
        except BadFrame:
            return Complaint(status, "")
        return Complaint(status, wire.message or wire.error_details or wire.error)


Handler = Callable[[Coinbase, _WireFrame, int], list[Event]]

HANDLERS: dict[str, Handler] = {
    "subscriptions": Coinbase._on_answer,
    "heartbeats": Coinbase._on_sign_of_life,
    "status": Coinbase._on_sign_of_life,
    "ticker": Coinbase._on_tickers,
    "ticker_batch": Coinbase._on_tickers,
    "market_trades": Coinbase._on_trades,
    "candles": Coinbase._on_candles,
    BOOK_FRAMES: Coinbase._on_book,
}

_trade_id = attrgetter("trade_id")
_start = attrgetter("start")
_row = attrgetter("price", "size")
_NO_EVENTS: list[Event] = []

UPDATES, UPDATES_END, BETWEEN = b'"updates":[', b"}]}]}", b"},{"


def _pieces(frame: Data) -> tuple[bytes, ...]:
    """A large book frame without its updates, then the updates in pieces; nothing if it is not one.

    The snapshot of BTC-USD has 44,000 levels. Decoded in one go it would stop all other threads.
    """
    text = frame.encode(errors="replace") if isinstance(frame, str) else frame
    start = text.find(UPDATES) + len(UPDATES)
    end = text.rfind(UPDATES_END) + 1
    if start < len(UPDATES) or end <= start or text.find(UPDATES, start, end) >= 0:
        return ()
    pieces = [text[:start] + text[end:]]
    while start < end:
        cut = text.find(BETWEEN, start + PIECE, end)
        stop = end if cut < 0 else cut + 1
        pieces.append(b"[" + text[start:stop] + b"]")
        start = stop + 1
    return tuple(pieces)


def _merged(events: Iterable[_WireEvent]) -> Iterable[_WireEvent]:
    """One event per product: they share the frame's number, so that a second one would be old."""
    merged: dict[str, _WireEvent] = {}
    for event in events:
        earlier = merged.get(event.product_id)
        if earlier is None or event.type == "snapshot":
            merged[event.product_id] = event
        else:
            earlier.updates += event.updates
    return merged.values()


def _best(sizes: dict[float, float], *, highest: bool) -> tuple[Level, ...]:
    prices = sorted(sizes, reverse=highest)
    return levels((price, sizes[price]) for price in prices[:SNAPSHOT_LEVELS] if sizes[price] > 0)


def _open(last: float | None, told: float | str | None) -> float | None:
    """The price of a day ago; Coinbase only says by how many per cent it changed since."""
    percent = amount(told)
    if last is None or percent is None or percent <= -100:
        return None
    return last / (1 + percent / 100)


def _candle(wire: _WireCandle, instrument: Instrument, interval: str, *, closed: bool) -> Candle:
    return Candle(
        instrument, interval, wire.start * 1000,
        wire.open, wire.high, wire.low, wire.close, wire.volume, closed,
    )  # fmt: skip


def _status(wire: _WireProduct) -> Status:
    if wire.is_disabled or wire.status == "delisted":
        return "delisted"
    if wire.status == "online" and not (wire.trading_disabled or wire.view_only):
        return "trading"
    return "halted"


# ---------------------------------------------------------------- the server half

BOOKS_BORNE = 30  # concurrent level2 products of one connection
CANDLES_BORNE = 350
DEFAULT_TRADES = 100
DEFAULT_LEVELS = 50
TRADES_BORNE = 1_000
MOST_DIGITS = 12

# Every channel of one product; periods in seconds.
FORMS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic(TICKERS, Feed.TICKER, None, 0.25, opening=True, on_change=True),
        Topic("ticker_batch", Feed.TICKER, None, 5.0, opening=True, on_change=True),
        Topic(TRADES, Feed.AGGREGATE, None, 0.25, levels=50, opening=True),
        Topic(CANDLES, Feed.CANDLE, None, 1.0, PUSHED_INTERVAL, levels=12, opening=True),
        Topic(BOOKS, Feed.BOOK_DELTAS, None, 0.1, opening=True),
    )
}
HEARTBEATS = Topic(BEATS, Feed.HEARTBEAT, None, 1.0)

MALFORMED = "failure to subscribe"
NOT_ALLOWED = "authentication failure"
TOO_MANY_BOOKS = "too many L2 streams requested in a single session"


class CoinbaseServer(Server):
    """The server half of Coinbase: what one client of the simulated exchange talks to."""

    tolerance = Tolerance(messages=8, window=1.0, first_within=5.0)
    openings_first = True

    def __init__(self, market: MarketView, path: str, query: Mapping[str, str]) -> None:
        super().__init__(market, path, query)
        self._products = _products(market)
        self._has_status = False
        self._next_number = 0

    @staticmethod
    def accepts(path: str) -> bool:
        """The root, and nothing else."""
        return path in ("", "/")

    def receive(self, text: str) -> list[str]:
        """Answer with the whole set of subscriptions, or with an error that has no number."""
        try:
            request = _control.decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return [_error(MALFORMED)]
        if request.type not in ("subscribe", "unsubscribe"):
            return [_error(MALFORMED)]
        channel = request.channel
        if not isinstance(channel, str) or channel not in CHANNELS or request.jwt:
            return [_error(NOT_ALLOWED)]
        added = request.type == "subscribe"
        if channel == STATUS:
            return self._change_status(added=added)
        if channel == BEATS:
            return self._change({BEATS: HEARTBEATS}, added=added)
        if not request.product_ids:
            return [_error(MALFORMED)] if added else self._change(self._all(channel), added=False)
        return self._change(self._topics(channel, request.product_ids), added=added)

    def _topics(self, channel: str, products: Iterable[str]) -> dict[str, Topic]:
        """Unknown products are passed over, and an alias is the product that it stands for."""
        known = (self._products[each] for each in products if each in self._products)
        topics = (_topic(channel, instrument) for instrument in known)
        return {topic.name: topic for topic in topics}

    def _all(self, channel: str) -> dict[str, Topic]:
        named = f"{channel}:"
        return {name: each for name, each in self.topics.items() if name.startswith(named)}

    def _change(self, topics: Mapping[str, Topic], *, added: bool) -> list[str]:
        if added:
            books = [name for name in (*self.topics, *topics) if name.startswith(f"{BOOKS}:")]
            if len(set(books)) > BOOKS_BORNE:
                return [_error(TOO_MANY_BOOKS)]
            self.topics.update(topics)
        else:
            for name in topics:
                self.topics.pop(name, None)
        return [self._subscriptions()]

    def _change_status(self, *, added: bool) -> list[str]:
        opening = [self._status()] if added and not self._has_status else []
        self._has_status = added
        return [*opening, self._subscriptions()]

    def _subscriptions(self) -> str:
        listed: dict[str, list[str]] = {}
        for name in self.topics:
            channel, _, product = name.partition(":")
            listed.setdefault(channel, []).append(product or channel)
        if self._has_status:
            listed[STATUS] = [STATUS]
        return _envelope("subscriptions", self.market.now, {"subscriptions": listed})

    def _status(self) -> str:
        products = [_status_row(each) for each in self.market.listings]
        return _envelope(STATUS, self.market.now, {"type": "snapshot", "products": products})

    def reply(self, answer: str) -> str:
        """Answers are counted with the data, except errors."""
        return self._numbered(answer) if answer.startswith('{"channel"') else answer

    def frame(self, topic: Topic, payload: str) -> str:
        """Only the number differs between clients."""
        return self._numbered(payload)

    def _numbered(self, text: str) -> str:
        head, mark, events = text.partition(EVENTS)
        number = self._next_number
        self._next_number += 1
        return f'{head},"sequence_num":{number}{mark}{events}'

    @staticmethod
    def encode(topic: Topic, event: Published, sending: Sending) -> str:
        """An event as a frame that lacks the number."""
        channel = topic.name.partition(":")[0]
        name = BOOK_FRAMES if channel == BOOKS else channel
        return _envelope(name, sending.now, _payload(topic, event, sending))

    @staticmethod
    def answer(market: MarketView, call: Call) -> Reply:
        """The public REST endpoints that market-data clients use."""
        found = _served(call)
        if found is None:
            # Without "/market" the same paths want a key.
            private = call.path.startswith(f"{REST}/") and "/market/" not in call.path
            return Reply(401, b"Unauthorized\n") if private else Reply(404, b"Not found\n")
        handler, product = found
        query = {**call.query, "product_id": product} if product else call.query
        try:
            return Reply(OK, dump(handler(market, query)).encode())
        except _Complaint as complaint:
            words = str(complaint)
            body = {"error": complaint.error, "error_details": words, "message": words}
            return Reply(complaint.status, dump(body).encode())


Json = dict[str, Any]
CHANNELS = frozenset({*FORMS, BEATS, STATUS})
EVENTS = ',"events":'


class _Complaint(Exception):
    """A REST request that Coinbase would refuse."""

    def __init__(self, words: str, status: int = 400, error: str = "INVALID_ARGUMENT") -> None:
        super().__init__(words)
        self.status = status
        self.error = error


def _error(words: str) -> str:
    return dump({"type": "error", "message": words})


def _envelope(channel: str, now: int, event: Json) -> str:
    return dump({"channel": channel, "timestamp": _iso(now, "microseconds"), "events": [event]})


def _iso(millis: int, form: str = "milliseconds") -> str:
    moment = EPOCH + timedelta(milliseconds=millis)
    return moment.isoformat(timespec=form).removesuffix("+00:00") + "Z"


def _number(value: float | None) -> str:
    return "" if value is None else plain(value)


def _product(instrument: Instrument) -> str:
    return f"{instrument.base}-{instrument.quote_ccy}"


def _topic(channel: str, instrument: Instrument) -> Topic:
    return FORMS[channel]._replace(name=f"{channel}:{_product(instrument)}", instrument=instrument)


def _products(market: MarketView) -> dict[str, Instrument]:
    """The instrument whose data a product id brings: of ``BTC-USDC`` those of ``BTC-USD``."""
    own = {each.instrument for each in market.listings}
    return {each.symbol: _canonical(each.instrument, own) for each in market.listings}


def _canonical(instrument: Instrument, listed: Container[Instrument]) -> Instrument:
    dollars = instrument._replace(quote_ccy="USD")
    return dollars if instrument.quote_ccy == "USDC" and dollars in listed else instrument


def _aliases(instrument: Instrument, listed: Container[Instrument]) -> list[str]:
    """The other product ids that bring this instrument's data."""
    coins = instrument._replace(quote_ccy="USDC")
    return [_product(coins)] if instrument.quote_ccy == "USD" and coins in listed else []


def _payload(topic: Topic, event: Published, sending: Sending) -> Json:
    channel, _, product = topic.name.partition(":")
    kind = {"type": "snapshot" if sending.opening else "update"}
    match event:
        case Beat():
            return _beat(event, sending.now)
        case Day():
            best = _best_of(event) if channel == TICKERS else {}
            return {**kind, "tickers": [{**_ticker_row(product, event), **best}]}
        case Bar():
            return {**kind, "candles": [{**_candle_row(event), "product_id": product}]}
        case BookSnapshot() | BookDelta():
            return {**kind, "product_id": product, "updates": _update_rows(event, sending.now)}
        case Match():
            return {**kind, "trades": _trade_rows([event])}
    assert not isinstance(event, Trade | Quote)
    if channel == CANDLES:
        bars = [each for each in event if isinstance(each, Bar)]
        rows = [{**_candle_row(bar), "product_id": product} for bar in reversed(bars)]
        return {**kind, "candles": rows}
    return {**kind, "trades": _trade_rows([each for each in event if isinstance(each, Match)])}


def _beat(beat: Beat, now: int) -> Json:
    """The time in the words of Go, which nobody should read."""
    clock = _iso(now, "microseconds").replace("T", " ").removesuffix("Z")
    current = f"{clock} +0000 UTC m=+{beat.number}.000000001"
    return {"current_time": current, "heartbeat_counter": beat.number}


def _ticker_row(product: str, day: Day) -> Json:
    ticker = day.ticker
    high, low = _number(ticker.high), _number(ticker.low)
    return {
        "type": "ticker", "product_id": product, "price": _number(ticker.last),
        "volume_24_h": _number(ticker.base_volume), "low_24_h": low, "high_24_h": high,
        "low_52_w": low, "high_52_w": high, "price_percent_chg_24_h": _percent(ticker),
    }  # fmt: skip


def _best_of(day: Day) -> Json:
    return {
        "best_bid": _number(day.ticker.bid), "best_ask": _number(day.ticker.ask),
        "best_bid_quantity": _number(day.bid_size), "best_ask_quantity": _number(day.ask_size),
    }  # fmt: skip


def _percent(ticker: Ticker) -> str:
    return "" if ticker.change is None else plain(ticker.change * 100)


def _trade_rows(matches: Sequence[Match]) -> list[Json]:
    """Newest first, with the maker's side."""
    fills = [fill for match in matches for fill in match.fills]
    return [
        {"product_id": _product(fill.instrument), "trade_id": fill.id,
         "price": _number(fill.price), "size": _number(fill.size),
         "time": _iso(fill.time, "microseconds"), "side": MAKER[fill.side]}
        for fill in reversed(fills)
    ]  # fmt: skip


def _candle_row(bar: Bar) -> Json:
    candle = bar.candle
    return {
        "start": str(candle.start // 1000), "high": _number(candle.high),
        "low": _number(candle.low), "open": _number(candle.open),
        "close": _number(candle.close), "volume": _number(candle.volume),
    }  # fmt: skip


def _update_rows(book: BookSnapshot | BookDelta, now: int) -> list[Json]:
    time = _iso(now if book.time is None else book.time, "microseconds")
    sides = (("bid", book.bids), ("offer", book.asks))
    return [
        {"side": side, "event_time": time,
         "price_level": _number(price), "new_quantity": _number(size)}
        for side, levels in sides
        for price, size in levels
    ]  # fmt: skip


def _status_row(listing: Listing) -> Json:
    base, quote_ccy = listing.instrument.base, listing.instrument.quote_ccy
    return {
        "product_type": "SPOT", "id": listing.symbol, "base_currency": base,
        "quote_currency": quote_ccy, "base_increment": str(listing.lot_size or 1),
        "quote_increment": str(listing.tick_size or 1), "display_name": f"{base}/{quote_ccy}",
        "status": _state(listing), "status_message": "", "min_market_funds": "1",
    }  # fmt: skip


def _state(listing: Listing) -> str:
    return {"trading": "online", "halted": "offline", "delisted": "delisted"}[listing.status]


# ---------------------------------------------------------------- REST, served


def _served(call: Call) -> tuple[Served, str] | None:
    """Who answers, and for which product if the path names it."""
    if call.method != "GET":
        return None
    if call.path in ENDPOINTS_SERVED:
        return ENDPOINTS_SERVED[call.path], ""
    before, found, rest = call.path.partition(PRODUCTS_PATH)
    product, _, form = rest.partition("/")
    handler = PRODUCT_ENDPOINTS_SERVED.get(form)
    return (handler, product) if found and not before and product and handler else None


def _instrument(market: MarketView, query: Mapping[str, str]) -> Instrument:
    instrument = _products(market).get(query.get("product_id", ""))
    if instrument is None:
        raise _Complaint("valid product_id is required", 404, "NOT_FOUND")
    return instrument


def _whole(query: Mapping[str, str], name: str, default: int | None = None) -> int:
    text = query.get(name, "")
    if not text and default is not None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise _Complaint(f"{name} is invalid")
    return int(text)


def _rest_time(market: MarketView, query: Mapping[str, str]) -> Json:
    now = market.now
    return {"iso": _iso(now), "epochSeconds": str(now // 1000), "epochMillis": str(now)}


def _rest_products(market: MarketView, query: Mapping[str, str]) -> Json:
    limit, offset = _whole(query, "limit", PRODUCTS_PER_REQUEST), _whole(query, "offset", 0)
    if limit > PRODUCTS_PER_REQUEST:
        raise _Complaint("limit must be at most 1000")
    spot = query.get("product_type", "SPOT") in ("SPOT", "UNKNOWN_PRODUCT_TYPE")
    listings = list(market.listings) if spot else []
    rows = [_product_row(market, each) for each in listings[offset:][: limit or None]]
    return {"products": rows, "num_products": len(rows)}


def _rest_product(market: MarketView, query: Mapping[str, str]) -> Json:
    _instrument(market, query)
    found = [each for each in market.listings if each.symbol == query["product_id"]]
    return _product_row(market, found[0])


def _product_row(market: MarketView, listing: Listing) -> Json:
    listed = {each.instrument for each in market.listings}
    canonical = _canonical(listing.instrument, listed)
    day = market.day(canonical)
    base, quote_ccy = listing.instrument.base, listing.instrument.quote_ccy
    tick, lot = str(listing.tick_size or 1), str(listing.lot_size or 1)
    return {
        "product_id": listing.symbol, "price": _number(day.ticker.last),
        "price_percentage_change_24h": _percent(day.ticker),
        "volume_24h": _number(day.ticker.base_volume), "volume_percentage_change_24h": "0",
        "base_increment": lot, "quote_increment": tick, "price_increment": tick,
        "base_min_size": lot, "base_max_size": "1000000000",
        "quote_min_size": "1", "quote_max_size": "150000000",
        "base_name": base, "quote_name": quote_ccy, "watched": False, "new": False,
        "is_disabled": listing.status == "delisted", "status": _state(listing),
        "cancel_only": False, "limit_only": False, "post_only": False,
        "trading_disabled": listing.status != "trading", "auction_mode": False, "view_only": False,
        "product_type": "SPOT", "base_currency_id": base, "quote_currency_id": quote_ccy,
        "base_display_symbol": base, "quote_display_symbol": quote_ccy, "mid_market_price": "",
        "alias": _product(canonical) if canonical != listing.instrument else "",
        "alias_to": _aliases(listing.instrument, listed), "display_name": listing.symbol,
        "approximate_quote_24h_volume": _number(day.ticker.quote_volume),
    }  # fmt: skip


def _rest_candles(market: MarketView, query: Mapping[str, str]) -> Json:
    instrument = _instrument(market, query)
    interval = INTERVAL_OF.get(query.get("granularity", ""))
    if interval is None:
        raise _Complaint("granularity is invalid")
    start, end = _whole(query, "start") * 1000, _whole(query, "end") * 1000
    if end - start >= CANDLES_BORNE * milliseconds(interval):
        raise _Complaint("number of candles requested should be less than 350")
    limit = max(1, min(_whole(query, "limit", CANDLES_BORNE), CANDLES_BORNE))
    bars = market.bars(instrument, interval, start, end, CANDLES_BORNE)
    return {"candles": [_candle_row(bar) for bar in reversed(bars[-limit:])]}


def _rest_trades(market: MarketView, query: Mapping[str, str]) -> Json:
    instrument = _instrument(market, query)
    limit = max(1, min(_whole(query, "limit", DEFAULT_TRADES), TRADES_BORNE))
    rows = _trade_rows(market.matches(instrument, limit))[:limit]
    quote = market.quote(instrument)
    return {
        "trades": [{**row, "bid": "", "ask": ""} for row in rows],
        "best_bid": _number(quote.bid), "best_ask": _number(quote.ask),
    }  # fmt: skip


def _rest_book(market: MarketView, query: Mapping[str, str]) -> Json:
    instrument = _instrument(market, query)
    levels = max(1, min(_whole(query, "limit", DEFAULT_LEVELS), REST_LEVELS))
    book = market.book(instrument, levels)
    return {
        "pricebook": {
            "product_id": _product(instrument), "bids": _rest_rows(book.bids),
            "asks": _rest_rows(book.asks), "time": _iso(market.now, "microseconds"),
        },
        **_middle(market.quote(instrument)),
    }  # fmt: skip


def _rest_rows(levels: Iterable[Level]) -> list[dict[str, str]]:
    return [{"price": _number(price), "size": _number(size)} for price, size in levels]


def _middle(quote: Quote) -> dict[str, str]:
    middle, spread = (quote.bid + quote.ask) / 2, quote.ask - quote.bid
    return {
        "last": _number(middle), "mid_market": _number(middle),
        "spread_bps": f"{spread / middle * 10_000:.8f}", "spread_absolute": f"{spread:.8f}",
    }  # fmt: skip


# What clients of the older "Sign in with Coinbase" API ask on starting.


def _old_time(market: MarketView, query: Mapping[str, str]) -> Json:
    return {"data": {"epoch": market.now // 1000, "iso": _iso(market.now)}}


def _old_currencies(market: MarketView, query: Mapping[str, str]) -> Json:
    return {"data": [{"id": each, "name": each, "min_size": "0.01"} for each in FIAT]}


def _old_coins(market: MarketView, query: Mapping[str, str]) -> Json:
    found = {code for each in market.listings for code in each.instrument[1:]}
    coins = sorted(found - set(FIAT))
    return {"data": [{"asset_id": f"asset-{each}", "code": each, "name": each} for each in coins]}


def _old_rates(market: MarketView, query: Mapping[str, str]) -> Json:
    return {"data": {"currency": "USD", "rates": {"USD": "1"}}}


FIAT = ("USD", "EUR", "GBP", "TRY", "BRL", "JPY")
MAKER: dict[Side, str] = {taker: maker for maker, taker in TAKER.items()}
INTERVAL_OF = {name: interval for interval, name in GRANULARITIES.items()}

Served = Callable[[MarketView, Mapping[str, str]], Json]
ENDPOINTS_SERVED: dict[str, Served] = {
    f"{REST}/time": _rest_time,
    f"{REST}/market/products": _rest_products,
    f"{REST}/market/product_book": _rest_book,
    "/v2/time": _old_time,
    "/v2/currencies": _old_currencies,
    "/v2/currencies/crypto": _old_coins,
    "/v2/exchange-rates": _old_rates,
}
# By what follows the product in the path.
PRODUCTS_PATH = f"{REST}/market/products/"
PRODUCT_ENDPOINTS_SERVED: dict[str, Served] = {
    "": _rest_product,
    "candles": _rest_candles,
    "ticker": _rest_trades,
}
