"""KuCoin spot: public market data over the classic websocket and REST, both ends of the wire.

Longer than most modules because one exchange is one file: tables, the client half, then the
server half that the simulated KuCoin speaks. Sources: kucoin.com/docs-new (2026), the specs of
kucoin-universal-sdk 1.3.2 (2026-09-15), and recorded frames where they differ.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Generic, Literal, NamedTuple
from urllib.parse import urlencode

import msgspec

from ..market.events import BookDelta, BookSnapshot, Candle, Level, Quote, Side, Ticker, Trade
from ..market.instrument import Instrument, Listing, exchange_title
from ..market.interval import DAY, milliseconds, next_start
from ..market.number import plain
from .exchange import (
    Acknowledged,
    BadFrame,
    Bar,
    Call,
    Catalogue,
    Channel,
    Complaint,
    Day,
    Dial,
    Endpoint,
    Event,
    Exchange,
    Feed,
    Heartbeat,
    Kind,
    Lane,
    Limits,
    MarketView,
    Published,
    Rejected,
    Reply,
    Request,
    Sending,
    Server,
    ServerClosing,
    Tolerance,
    Topic,
    Welcome,
    batches,
)
from .wire import (
    OK,
    Maybe,
    Millis,
    Number,
    Price,
    T,
    WireLevel,
    amount,
    days,
    dump,
    levels,
    reader,
    step,
)

# ---------------------------------------------------------------- tables

ENDPOINTS = (Endpoint("wss://ws-api-spot.kucoin.com", "https://api.kucoin.com"),)

# How KuCoin calls the intervals.
TYPES = {
    "1m": "1min", "3m": "3min", "5m": "5min", "15m": "15min", "30m": "30min",
    "1h": "1hour", "2h": "2hour", "4h": "4hour", "6h": "6hour", "8h": "8hour", "12h": "12hour",
    "1d": "1day", "1w": "1week", "1M": "1month",
}  # fmt: skip
INTERVALS = {type_: interval for interval, type_ in TYPES.items()}
LONGEST_MONTH = 31 * DAY

SNAPSHOT = "/market/snapshot"  # 24 h statistics, every 2 s
TICKER = "/market/ticker"  # last price, best bid and ask, every 100 ms
MATCH = "/market/match"
CANDLES = "/market/candles"
LEVEL1 = "/spotMarket/level1"
LEVEL2 = "/market/level2"  # every change; KuCoin gives the snapshot for it to key holders only
DEPTHS = {"/spotMarket/level2Depth5": 5, "/spotMarket/level2Depth50": 50}
ALL = "all"

PATHS = {
    Kind.TICKER: (SNAPSHOT, TICKER),
    Kind.TRADE: (MATCH,),
    Kind.QUOTE: (LEVEL1,),
    Kind.CANDLE: (CANDLES,),
    Kind.BOOK: ("/spotMarket/level2Depth50",),
}

# The documentation says 300 topics a connection in one place and 400 in another; a ticker is two.
LANE = Lane("/", 130)
MARKET_LANE = Lane("/", 0, whole_market=True)
SECTIONS_ASKED = 100  # far below the topics of a connection; a few are usual
SYMBOLS_PER_MESSAGE = 90  # 100 are allowed

SNAPSHOT_PATH = "/api/v1/market/orderbook/level2_100"
SNAPSHOT_LEVELS = 100
PING_INTERVAL = 18_000  # ms, where no ticket says
PING_EARLY = 0.8  # of the interval: the exchange counts from our last message
SUCCESS = "200000"
TOO_MANY = 429000
TOO_MANY_STATUS = 429

# Of the error frames.
INVALID, BAD_TOKEN, SERVER_ERROR, BUSY = 400, 401, 500, 509

# ---------------------------------------------------------------- the wire's types

# Numbers are strings on the wire, but in snapshots.
Seconds = Annotated[int, msgspec.Meta(ge=0, le=10**11)]
Rate = Annotated[float, msgspec.Meta(ge=-1, le=1e15)]
Nanos = Annotated[int, msgspec.Meta(ge=0, le=9 * 10**18)]
Sequence_ = Annotated[int, msgspec.Meta(ge=0, le=9 * 10**18)]


class _Envelope(msgspec.Struct, gc=False):
    """Any frame."""

    type: str
    topic: str = ""
    subject: str = ""
    data: msgspec.Raw = msgspec.Raw()
    id: int | str | None = None
    code: int = 0


class _WireMatch(msgspec.Struct, gc=False):
    price: Price
    size: Number
    side: Side
    time: Nanos
    tradeId: str


class _WireTicker(msgspec.Struct, gc=False):
    """``Time`` in one of the documentation's examples."""

    price: Number | None = None
    bestBid: Number | None = None
    bestAsk: Number | None = None
    time: Millis | None = None
    Time: Millis | None = None


class _WireDay(msgspec.Struct, gc=False):
    """A suspended or new pair may lack any of the numbers."""

    symbol: str
    datetime: Millis | None = None
    lastTradedPrice: Number | None = None
    buy: Number | None = None
    sell: Number | None = None
    open: Number | None = None
    high: Number | None = None
    low: Number | None = None
    vol: Number | None = None
    volValue: Number | None = None


class _WirePair(msgspec.Struct, gc=False):
    """24 hours of a pair by REST; one that is suspended or new may lack any of the numbers."""

    symbol: str
    last: Maybe = None
    changeRate: Rate | Literal[""] | None = None
    buy: Maybe = None
    sell: Maybe = None
    high: Maybe = None
    low: Maybe = None
    vol: Maybe = None
    volValue: Maybe = None


class _WireMarket(msgspec.Struct, gc=False):
    time: Millis
    ticker: list[msgspec.Raw]


class _WireSnapshot(msgspec.Struct, gc=False):
    data: _WireDay


class _WireTop(msgspec.Struct, array_like=True, gc=False):
    """A price and a size, or nothing where a side is empty."""

    price: Number = 0.0
    size: Number = 0.0


class _WireQuote(msgspec.Struct, gc=False):
    asks: _WireTop
    bids: _WireTop
    timestamp: Millis


class _WireRow(msgspec.Struct, array_like=True, gc=False):
    """Of a candle: the close comes before the high and the low. The turnover follows."""

    start: Seconds
    open: Price
    close: Price
    high: Price
    low: Price
    volume: Number


class _WireCandle(msgspec.Struct, gc=False):
    candles: _WireRow


class _WireDepth(msgspec.Struct, gc=False):
    asks: list[WireLevel]
    bids: list[WireLevel]
    timestamp: Millis


class _WireChange(msgspec.Struct, array_like=True, gc=False):
    """The sequence of the change follows."""

    price: Number
    size: Number


class _WireChanges(msgspec.Struct, gc=False):
    asks: list[_WireChange]
    bids: list[_WireChange]


class _WireDelta(msgspec.Struct, gc=False):
    changes: _WireChanges
    sequenceStart: Sequence_
    sequenceEnd: Sequence_
    time: Millis | None = None


class _WireBook(msgspec.Struct):
    time: Millis
    bids: list[WireLevel]
    asks: list[WireLevel]
    sequence: Sequence_ | None = None


class _WireSymbol(msgspec.Struct):
    symbol: str
    baseCurrency: str
    quoteCurrency: str
    enableTrading: bool
    name: str = ""
    market: str = ""
    priceIncrement: str | None = None
    baseIncrement: str | None = None


class _WireInstance(msgspec.Struct):
    endpoint: str
    pingInterval: Annotated[int, msgspec.Meta(ge=1_000, le=3_600_000)] = PING_INTERVAL


class _WireTicket(msgspec.Struct):
    token: Annotated[str, msgspec.Meta(min_length=1)]
    instanceServers: Annotated[list[_WireInstance], msgspec.Meta(min_length=1)]


class _Reply(msgspec.Struct, Generic[T]):
    """The envelope of every REST reply that succeeded."""

    data: T


class _WireStatus(msgspec.Struct):
    code: int | Annotated[str, msgspec.Meta(max_length=18)] = SUCCESS
    msg: str = ""


class _WireControl(msgspec.Struct):
    """A client's message as the simulated exchange reads it; other keys are borne."""

    type: str = ""
    topic: str = ""
    id: int | str | None = None
    response: bool = False
    privateChannel: bool = False


_read = reader("kucoin")
_envelope = msgspec.json.Decoder(_Envelope, strict=False)
_words = msgspec.json.Decoder(str)
_match = msgspec.json.Decoder(_WireMatch, strict=False)
_ticker = msgspec.json.Decoder(_WireTicker, strict=False)
_snapshot = msgspec.json.Decoder(_WireSnapshot, strict=False)
_quote = msgspec.json.Decoder(_WireQuote, strict=False)
_candle = msgspec.json.Decoder(_WireCandle, strict=False)
_depth = msgspec.json.Decoder(_WireDepth, strict=False)
_delta = msgspec.json.Decoder(_WireDelta, strict=False)
_ticket = msgspec.json.Decoder(_Reply[_WireTicket], strict=False)
_days = msgspec.json.Decoder(_Reply[_WireMarket], strict=False)
_pair = msgspec.json.Decoder(_WirePair, strict=False)
_symbols = msgspec.json.Decoder(_Reply[list[_WireSymbol]])
_rows = msgspec.json.Decoder(_Reply[list[_WireRow]], strict=False)
_book = msgspec.json.Decoder(_Reply[_WireBook], strict=False)
_clock = msgspec.json.Decoder(_Reply[Millis])
_status = msgspec.json.Decoder(_WireStatus)
_control = msgspec.json.Decoder(_WireControl)


def _changes(rows: Iterable[_WireChange]) -> tuple[Level, ...]:
    """A row of price 0 only moves the sequence."""
    return tuple(Level(row.price, row.size) for row in rows if row.price)


# ---------------------------------------------------------------- the client half


class Kucoin(Exchange):
    """The client half of KuCoin spot."""

    name = "kucoin"
    title = exchange_title("kucoin")
    endpoints = ENDPOINTS
    limits = Limits(
        control_interval=0.15,  # 100 messages in 10 s, pings included
        connections=30,
        connections_window=60.0,
        weight=2_000,
        weight_window=30.0,
        forbidden_wait=120.0,
    )
    lanes: ClassVar = dict.fromkeys(Kind, LANE)
    market_lane = MARKET_LANE
    intervals = tuple(TYPES)
    candles_per_request = 1_500
    row_kinds = (Kind.TICKER, Kind.TRADE)
    greets = True

    def __init__(self, catalogue: Catalogue, *, guess_symbols: bool = False) -> None:
        super().__init__(catalogue, guess_symbols=guess_symbols)
        self._last_id = 0
        self._asked: dict[str, tuple[Channel, ...]] = {}  # by the id of a subscription under way
        self._ping_interval = PING_INTERVAL

    def symbol(self, instrument: Instrument) -> str:
        """``BTC-USDT``; a renamed coin keeps the symbol that it was first listed under."""
        listing = self.catalogue.listings.get(instrument)
        return listing.symbol if listing else f"{instrument.base}-{instrument.quote_ccy}"

    def ticket_request(self) -> Request:
        """A token, for every connection anew: it lives 24 h."""
        return Request("/api/v1/bullet-public", method="POST", weight=10)

    def url(self, dial: Dial) -> str:
        """The server that the ticket names, unless the person set another; token and an id."""
        ticket = _read(_ticket, dial.ticket).data
        servers = ticket.instanceServers
        server = servers[(dial.number - 1) % len(servers)]
        self._ping_interval = server.pingInterval
        query = urlencode({"token": ticket.token, "connectId": secrets.token_hex(8)})
        if dial.ws != ENDPOINTS[0].ws:
            return f"{dial.ws}{dial.lane.path}?{query}"
        if not server.endpoint.startswith("wss://"):
            raise BadFrame(f"kucoin: {server.endpoint[:80]!r} is not an endpoint")
        return f"{server.endpoint}?{query}"

    def heartbeat(self) -> Heartbeat:
        """Protocol pings do not count, nor do data that flow."""
        return Heartbeat(self._ping_interval / 1000 * PING_EARLY, '{"id":"ping","type":"ping"}')

    def subscribe(self, channels: Sequence[Channel]) -> list[str]:
        """Symbols of one path share a message; a ticker is asked for under two paths."""
        self.learn(channel.instrument for channel in channels)
        messages = []
        for path, batch in _batches(channels):
            messages.append(self._message("subscribe", self._topics(path, batch)))
            self._asked[str(self._last_id)] = tuple(batch)
        return messages

    def unsubscribe(self, channels: Sequence[Channel]) -> list[str]:
        """As ``subscribe``."""
        return [
            self._message("unsubscribe", self._topics(path, batch))
            for path, batch in _batches(channels)
        ]

    def subscribe_market(self) -> list[str]:
        """Every two seconds the symbols that changed, of each market by which symbols are listed.

        ``/market/ticker:all`` has neither a change nor a volume.
        """
        sections = sorted(self.catalogue.sections)[:SECTIONS_ASKED]
        return [self._message("subscribe", f"{SNAPSHOT}:{section}") for section in sections]

    def _message(self, verb: str, topic: str) -> str:
        self._last_id += 1
        return dump(
            {
                "id": str(self._last_id), "type": verb,
                "topic": topic,
                "privateChannel": False, "response": True,
            }
        )  # fmt: skip

    def _topics(self, path: str, channels: Sequence[Channel]) -> str:
        return f"{path}:{','.join(map(self._topic, channels))}"

    def _topic(self, channel: Channel) -> str:
        """What follows the colon: ``BTC-USDT``, or of candles ``BTC-USDT_1min``."""
        symbol = self.symbol(channel.instrument)
        return f"{symbol}_{TYPES[channel.interval]}" if channel.interval else symbol

    def decode(self, frame: bytes | str) -> list[Event]:
        """Read a frame."""
        envelope = _read(_envelope, frame)
        if envelope.type == "message":
            route = _route(envelope.topic)
            return route.handler(self, route, envelope)
        answer = ANSWERS.get(envelope.type)
        if answer is None:
            raise BadFrame(f"kucoin: unknown type {envelope.type[:80]!r}")
        return answer(self, envelope)

    def _on_match(self, route: _Route, envelope: _Envelope) -> list[Event]:
        """``{"topic":"/market/match:BTC-USDT","data":{"price":"83805.1","size":"0.001",
        "side":"buy","time":"1795342501033000000","tradeId":"1106",…},…}``

        ``side`` is the taker's, ``time`` in nanoseconds.
        """
        wire = _read(_match, envelope.data)
        instrument = self.instrument(route.symbol)
        time_ms = wire.time // 1_000_000
        return [Trade(instrument, time_ms, wire.tradeId, wire.price, wire.size, wire.side)]

    def _on_ticker(self, route: _Route, envelope: _Envelope) -> list[Event]:
        """``{"topic":"/market/ticker:BTC-USDT","subject":"trade.ticker","data":{"price":"83805.1",
        "size":"0.001","bestAsk":"83805.1","bestBid":"83805","time":1795342501136,…},…}``

        Of ``/market/ticker:all`` the subject is the symbol.
        """
        everything = route.symbol == ALL
        symbol = envelope.subject if everything else route.symbol
        if everything and not self._is_known(symbol):
            return []
        wire = _read(_ticker, envelope.data)
        return [
            Ticker(
                self.instrument(symbol),
                wire.Time if wire.time is None else wire.time,
                last=wire.price or None,
                bid=wire.bestBid or None,
                ask=wire.bestAsk or None,
                open=None,
                high=None,
                low=None,
                base_volume=None,
                quote_volume=None,
            )
        ]

    def _on_snapshot(self, route: _Route, envelope: _Envelope) -> list[Event]:
        """``{"topic":"/market/snapshot:BTC-USDT","data":{"sequence":"14","data":{"symbol":
        "BTC-USDT","lastTradedPrice":83805.1,"buy":83805,"sell":83805.1,"open":83000,"high":…,
        "low":…,"vol":2310.4,"volValue":2.1E8,"datetime":1795342500000,…}},…}``

        The topic of a whole market, ``/market/snapshot:USDS``, brings all its symbols.
        """
        wire = _read(_snapshot, envelope.data).data
        if wire.symbol != route.symbol and not self._is_known(wire.symbol):
            return []
        return [
            Ticker(
                self.instrument(wire.symbol),
                wire.datetime,
                last=wire.lastTradedPrice or None,
                bid=wire.buy or None,
                ask=wire.sell or None,
                open=wire.open or None,
                high=wire.high or None,
                low=wire.low or None,
                base_volume=wire.vol,
                quote_volume=wire.volValue,
            )
        ]

    def _is_known(self, symbol: str) -> bool:
        """Topics of many symbols name those that nobody told us of, too."""
        return self.guess_symbols or symbol in self.catalogue.by_symbol

    def _on_quote(self, route: _Route, envelope: _Envelope) -> list[Event]:
        """``{"topic":"/spotMarket/level1:BTC-USDT","data":{"asks":["83805.1","0.35"],
        "bids":["83805","1.2"],"timestamp":1795342501120},…}``

        Where a side is empty there is no best bid and ask to speak of.
        """
        wire = _read(_quote, envelope.data)
        bid, ask = wire.bids, wire.asks
        instrument = self.instrument(route.symbol)
        if not (bid.price and ask.price):
            return []
        return [Quote(instrument, wire.timestamp, bid.price, bid.size, ask.price, ask.size)]

    def _on_candle(self, route: _Route, envelope: _Envelope) -> list[Event]:
        """``{"topic":"/market/candles:BTC-USDT_1min","subject":"trade.candles.update","data":
        {"candles":["1795342500","83800","83805.1","83810","83799","4.2","351981"],…},…}``

        start (s), open, close, high, low, volume, turnover. No frame says that a candle ended.
        """
        row = _read(_candle, envelope.data).candles
        return [_candle_of(row, self.instrument(route.symbol), route.interval, closed=False)]

    def _on_depth(self, route: _Route, envelope: _Envelope) -> list[Event]:
        """``{"topic":"/spotMarket/level2Depth50:BTC-USDT","data":{"asks":[["83805.1","0.35"]],
        "bids":[["83805","1.2"]],"timestamp":1795342501120},…}``: the whole of it, every time.
        """
        wire = _read(_depth, envelope.data)
        instrument = self.instrument(route.symbol)
        bids, asks = levels(wire.bids), levels(wire.asks)
        return [BookSnapshot(instrument, wire.timestamp, None, bids, asks, DEPTHS[route.path])]

    def _on_delta(self, route: _Route, envelope: _Envelope) -> list[Event]:
        """``{"topic":"/market/level2:BTC-USDT","data":{"changes":{"asks":[["83805.1","0","11"]],
        "bids":[]},"sequenceStart":11,"sequenceEnd":12,"time":1795342501100,…},…}``

        Without ``time`` before 2022.
        """
        wire = _read(_delta, envelope.data)
        instrument = self.instrument(route.symbol)
        bids, asks = _changes(wire.changes.bids), _changes(wire.changes.asks)
        previous = wire.sequenceStart - 1
        return [BookDelta(instrument, wire.time, previous, wire.sequenceEnd, bids, asks)]

    def _on_welcome(self, envelope: _Envelope) -> list[Event]:
        """``{"id":"c0ffee","type":"welcome"}``: what is sent before may be lost."""
        return [Welcome()]

    def _on_pong(self, envelope: _Envelope) -> list[Event]:
        """``{"id":"ping","type":"pong","timestamp":1795342500226553}``"""
        return []

    def _on_acknowledgement(self, envelope: _Envelope) -> list[Event]:
        """``{"id":"101","type":"ack"}``, for symbols that do not exist as well."""
        answer_to = _id(envelope.id)
        self._asked.pop(answer_to, None)
        return [Acknowledged(answer_to)]

    def _on_error(self, envelope: _Envelope) -> list[Event]:
        """``{"id":"102","type":"error","code":404,"data":"topic does not exist"}``

        The connection ends after a complaint of the token, or of pings that did not come.
        """
        text = _said(envelope.data)
        code, answer_to = envelope.code, _id(envelope.id)
        if code == BAD_TOKEN or (code == INVALID and "ping timeout" in text):
            return [ServerClosing(text)]
        busy = code == SERVER_ERROR or (code == BUSY and "max subscription count" not in text)
        return [Rejected(answer_to, code, text, self._asked.pop(answer_to, ()), busy)]

    def instruments_request(self) -> Request:
        """All symbols."""
        return Request("/api/v2/symbols", weight=4)

    def parse_instruments(self, body: bytes) -> list[Listing]:
        """Those suspended are listed too; each names its market, by which all are streamed."""
        wires = _read(_symbols, body).data
        self.catalogue.sections = frozenset(wire.market for wire in wires if wire.market)
        return [self._listing(wire) for wire in wires]

    def _listing(self, wire: _WireSymbol) -> Listing:
        """The name follows a coin that is renamed; symbol and currencies never change."""
        base, dash, quote_ccy = wire.name.partition("-")
        if not (base and dash and quote_ccy):
            base, quote_ccy = wire.baseCurrency, wire.quoteCurrency
        return Listing(
            Instrument(self.name, base.upper(), quote_ccy.upper()),
            wire.symbol,
            tick_size=step("kucoin", wire.priceIncrement),
            lot_size=step("kucoin", wire.baseIncrement),
            status="trading" if wire.enableTrading else "halted",
        )

    def market_request(self) -> Request:
        """All pairs, in a reply that KuCoin makes anew every two seconds."""
        return Request("/api/v1/market/allTickers", weight=15)

    def parse_market(self, body: bytes, now: int) -> list[Ticker]:
        """``{"data":{"time":179…,"ticker":[{"symbol":"BTC-USDT","last":"83805.1",
        "changeRate":"0.0145","high":…,"low":…,"vol":…,"volValue":…,"buy":…,"sell":…},…]}}``

        The price of a day ago follows from the last one and how much it changed.
        """
        market = _read(_days, body).data
        return days(market.ticker, lambda row: self._ticker_of(row, market.time))

    def _ticker_of(self, row: msgspec.Raw, time: int) -> Ticker | None:
        wire = _read(_pair, row)
        instrument = self.catalogue.by_symbol.get(wire.symbol)
        return None if instrument is None else _day_of(instrument, wire, time)

    def candles_request(
        self, instrument: Instrument, interval: str, end: int | None, limit: int, now: int
    ) -> Request:
        """Both ends are always said: without them the reply was empty.

        ``endAt`` a second before the end leaves out the candle that starts then, whether or not
        ``endAt`` itself is included. A month counts as the longest, so some may be too many.
        """
        length = LONGEST_MONTH if interval.endswith("M") else milliseconds(interval)
        last = now + length if end is None else end - 1_000
        # The newest page reaches past the present: the candle that runs is one of them.
        first = max(0, last - (limit + (end is None)) * length)
        query = {
            "symbol": self.symbol(instrument), "type": TYPES[interval],
            "startAt": str(first // 1000), "endAt": str(last // 1000),
        }  # fmt: skip
        return Request("/api/v1/market/candles", query, weight=3)

    def parse_candles(
        self, body: bytes, instrument: Instrument, interval: str, now: int
    ) -> list[Candle]:
        """Rows are newest first; the newest is open while its end lies ahead."""
        return [
            _candle_of(
                row, instrument, interval, closed=next_start(interval, row.start * 1000) <= now
            )
            for row in reversed(_read(_rows, body).data)
        ]

    def depth_request(self, instrument: Instrument) -> Request:
        """The best 100 levels: more is for key holders."""
        return Request(SNAPSHOT_PATH, {"symbol": self.symbol(instrument)}, weight=4)

    def parse_depth(self, body: bytes, instrument: Instrument) -> BookSnapshot:
        """``{"code":"200000","data":{"time":…,"sequence":"14","bids":[["1","2"]],"asks":[…]}}``"""
        wire = _read(_book, body).data
        bids, asks = levels(wire.bids), levels(wire.asks)
        return BookSnapshot(instrument, wire.time, wire.sequence, bids, asks, SNAPSHOT_LEVELS)

    def time_request(self) -> Request:
        """The exchange's clock."""
        return Request("/api/v1/timestamp", weight=3)

    def parse_time(self, body: bytes) -> int:
        """``{"code":"200000","data":1795342500123}``"""
        return _read(_clock, body).data

    @staticmethod
    def complaint(status: int, body: bytes) -> Complaint | None:
        """``{"code":"400100","msg":"…"}``, often with a status of 200, or a proxy's page."""
        try:
            wire = _read(_status, body)
        except BadFrame:
            wire = _WireStatus()
        said = str(wire.code)
        if status == OK and said == SUCCESS:
            return None
        code = int(said) if said.isdecimal() and said != SUCCESS else status
        return Complaint(code, wire.msg, code == TOO_MANY or status == TOO_MANY_STATUS)

    def parse_rest(self, path: str, query: Mapping[str, str], body: bytes) -> BookSnapshot | None:
        """Of recorded replies only the book snapshot matters."""
        if path != SNAPSHOT_PATH or "symbol" not in query:
            return None
        return self.parse_depth(body, self.instrument(query["symbol"]))


class _Route(NamedTuple):
    """What a topic says: who reads it, its path, its symbol and the interval of its candles."""

    handler: Handler
    path: str
    symbol: str
    interval: str = ""


Handler = Callable[[Kucoin, _Route, _Envelope], list[Event]]

HANDLERS: dict[str, Handler] = {
    MATCH: Kucoin._on_match,
    TICKER: Kucoin._on_ticker,
    SNAPSHOT: Kucoin._on_snapshot,
    LEVEL1: Kucoin._on_quote,
    LEVEL2: Kucoin._on_delta,
    CANDLES: Kucoin._on_candle,
    **dict.fromkeys(DEPTHS, Kucoin._on_depth),
}

# By the type of a frame that is not data.
ANSWERS: dict[str, Callable[[Kucoin, _Envelope], list[Event]]] = {
    "welcome": Kucoin._on_welcome,
    "pong": Kucoin._on_pong,
    "ack": Kucoin._on_acknowledgement,
    "error": Kucoin._on_error,
}


@lru_cache(maxsize=8_192)
def _route(topic: str) -> _Route:
    path, _, symbol = topic.partition(":")
    symbol = symbol.strip()
    handler = HANDLERS.get(path)
    if handler is None:
        raise BadFrame(f"kucoin: unknown topic {topic[:80]!r}")
    if path != CANDLES:
        return _Route(handler, path, symbol)
    symbol, _, type_ = symbol.rpartition("_")
    if type_ not in INTERVALS:
        raise BadFrame(f"kucoin: unknown candles {topic[:80]!r}")
    return _Route(handler, path, symbol, INTERVALS[type_])


def _batches(channels: Sequence[Channel]) -> Iterable[tuple[str, Sequence[Channel]]]:
    """The channels by path, each path in groups that one message may name."""
    by_path: dict[str, list[Channel]] = {}
    for channel in channels:
        for path in PATHS[channel.kind]:
            by_path.setdefault(path, []).append(channel)
    for path, wanted in by_path.items():
        for batch in batches(wanted, SYMBOLS_PER_MESSAGE):
            yield path, batch


def _candle_of(row: _WireRow, instrument: Instrument, interval: str, *, closed: bool) -> Candle:
    start = row.start * 1000
    prices = (row.open, row.high, row.low, row.close)
    return Candle(instrument, interval, start, *prices, row.volume, closed)


def _id(answer_to: int | str | None) -> str:
    return "" if answer_to is None else str(answer_to)


def _said(data: msgspec.Raw) -> str:
    """The words of an error; where they are no text, as they came."""
    try:
        return _words.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return bytes(data)[:200].decode(errors="replace")


def _day_of(instrument: Instrument, wire: _WirePair, time: int) -> Ticker:
    last = amount(wire.last) or None
    return Ticker(
        instrument, time, last=last, bid=amount(wire.buy) or None, ask=amount(wire.sell) or None,
        open=_open(last, amount(wire.changeRate)), high=amount(wire.high) or None,
        low=amount(wire.low) or None, base_volume=amount(wire.vol),
        quote_volume=amount(wire.volValue),
    )  # fmt: skip


def _open(last: float | None, rate: float | None) -> float | None:
    """The price of a day ago; KuCoin only says which share of it was gained since."""
    return None if last is None or rate is None or rate <= -1 else last / (1 + rate)


# ---------------------------------------------------------------- the server half

SYMBOLS_LIMIT = 100  # in one message
TOPICS_LIMIT = 400  # of one connection
TOKEN_LIFE = DAY
TOKEN_END = "simulated=="  # after the time of issue, with signs that must be escaped in a URL
PING_TIMEOUT = 10_000
ROWS_LIMIT = 1_500
HISTORIES = 100
FULL_BOOK = 5_000
FEE = "0.001"

# By the path of a topic; periods in seconds.
FORMS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic(SNAPSHOT, Feed.TICKER, None, 2.0, on_change=True),
        Topic(TICKER, Feed.TICKER, None, 0.1, on_change=True),
        Topic(MATCH, Feed.TRADE, None),
        Topic(LEVEL1, Feed.QUOTE, None, 0.05, on_change=True),
        Topic(LEVEL2, Feed.BOOK_DELTAS, None, 0.1, on_change=True),
        Topic(CANDLES, Feed.CANDLE, None, 1.0, on_change=True),
        *(
            Topic(path, Feed.BOOK_TOP, None, 0.1, levels=levels, on_change=True)
            for path, levels in DEPTHS.items()
        ),
    )
}

# The markets that topics of many symbols are named by, by the quote currency.
MARKETS = {"USDT": "USDS", "USDC": "USDS", "BTC": "BTC", "KCS": "KCS"}
OTHER_MARKET = "ALTS"


class KucoinServer(Server):
    """The server half of KuCoin spot: what one client of the simulated exchange talks to."""

    tolerance = Tolerance(messages=100, window=10.0, topics=TOPICS_LIMIT, silence=60.0)

    def __init__(self, market: MarketView, path: str, query: Mapping[str, str]) -> None:
        super().__init__(market, path, query)
        self._by_symbol = {each.symbol: each.instrument for each in market.listings}
        self._connection = query.get("connectId", f"{market.now:x}")
        self._refusal = _token_fault(query.get("token", ""), market.now)

    @staticmethod
    def accepts(path: str) -> bool:
        """Endpoints have had both forms."""
        return path in ("", "/", "/endpoint")

    def greeting(self) -> list[str]:
        """The welcome, or what is wrong with the token."""
        if self._refusal:
            return [_error(self._connection, BAD_TOKEN, self._refusal)]
        return [dump({"id": self._connection, "type": "welcome"})]

    def receive(self, text: str) -> list[str]:
        """Every message has a type; what is no JSON is answered under an id of ours."""
        try:
            request = _control.decode(text)
        except (msgspec.DecodeError, RecursionError) as error:
            return [_error(f"{self.market.now:x}", INVALID, str(error))]
        answer_to = _id(request.id)
        if self._refusal:
            return [_error(answer_to, BAD_TOKEN, self._refusal)]
        if request.type == "ping":
            pong = {"id": answer_to, "type": "pong", "timestamp": self.market.now * 1000}
            return [dump(pong)]
        if request.type not in ("subscribe", "unsubscribe"):
            return [_error(answer_to, 415, "type is not supported")]
        try:
            self._change(request)
        except _Complaint as complaint:
            return [_error(answer_to, complaint.code, str(complaint))]
        return [dump({"id": answer_to, "type": "ack"})] if request.response else []

    def _change(self, request: _WireControl) -> None:
        topics = {topic.name: topic for topic in self._named(request)}
        if request.type == "unsubscribe":
            for name in topics:
                self.topics.pop(name, None)
            return
        if len({_wire_topic(name) for name in self.topics | topics}) > TOPICS_LIMIT:
            raise _Complaint(BUSY, _limitation(f"{TOPICS_LIMIT} per session"))
        self.topics.update(topics)

    def _named(self, request: _WireControl) -> list[Topic]:
        """The topics that a message names, ``/market/match:A,B``."""
        if not request.topic:
            raise _Complaint(406, "topic is required")
        if request.privateChannel:
            raise _Complaint(403, "login is required")
        path, _, names = request.topic.partition(":")
        if path not in FORMS:
            raise _Complaint(404, "topic does not exist")
        symbols = [name.strip() for name in names.split(",")]
        if not all(symbols):
            raise _Complaint(INVALID, "topic is invalid")
        if len(symbols) > SYMBOLS_LIMIT:
            raise _Complaint(BUSY, _limitation(f"{SYMBOLS_LIMIT} per time"))
        return [topic for symbol in symbols for topic in self._topics(FORMS[path], symbol)]

    def _topics(self, form: Topic, symbol: str) -> Iterable[Topic]:
        """One topic, or one for each symbol of a market; none of what does not exist."""
        name = f"{form.name}:{symbol}"
        if form.name == CANDLES:
            symbol, _, type_ = symbol.rpartition("_")
            if type_ not in INTERVALS:
                raise _Complaint(404, "topic does not exist")
            form = form._replace(interval=INTERVALS[type_])
        instrument = self._by_symbol.get(symbol)
        if instrument is not None:
            yield form._replace(name=name, instrument=instrument)
            return
        for member, each in self._by_symbol.items():
            if _has_topic_of(form.name, symbol, each):
                yield form._replace(name=f"{name}:{member}", instrument=each)

    def frame(self, topic: Topic, payload: str) -> str:
        """All clients get the same."""
        return payload

    @staticmethod
    def encode(topic: Topic, event: Published, sending: Sending) -> str:
        """An event as the frame of its topic."""
        subject, data = _payload(topic, event, sending)
        wire = _wire_topic(topic.name)
        if wire == f"{TICKER}:{ALL}" and topic.instrument is not None:
            subject = _symbol(topic.instrument)
        return dump({"topic": wire, "type": "message", "subject": subject, "data": data})

    @staticmethod
    def answer(market: MarketView, call: Call) -> Reply:
        """The public REST endpoints that market-data clients use; complaints come with 200."""
        handler = ENDPOINTS_SERVED.get((call.method, call.path))
        if handler is None:
            return Reply(404, dump({"code": "404000", "msg": "Url Not Found"}).encode())
        try:
            body = {"code": SUCCESS, "data": handler(market, call)}
        except _Complaint as complaint:
            body = {"code": str(complaint.code), "msg": str(complaint)}
        return Reply(OK, dump(body).encode())


class _Complaint(Exception):
    """A request that KuCoin would refuse, with its code and words."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


def _limitation(most: str) -> str:
    return f"exceed max subscription count limitation of {most}"


def _error(answer_to: str, code: int, words: str) -> str:
    return dump({"id": answer_to, "type": "error", "code": code, "data": words})


def _token(now: int) -> str:
    return f"{now}.{TOKEN_END}"


def _token_fault(token: str, now: int) -> str:
    """What is wrong with a token, or empty."""
    issued, _, end = token.partition(".")
    if end != TOKEN_END or not (issued.isdecimal() and len(issued) < 20) or int(issued) > now:
        return "token is invalid"
    return "token is expired" if now - int(issued) >= TOKEN_LIFE else ""


def _wire_topic(name: str) -> str:
    """The topic of a market is many here, ``/market/ticker:all:BTC-USDT``, and one on the wire."""
    return ":".join(name.split(":")[:2])


def _market(instrument: Instrument) -> str:
    return MARKETS.get(instrument.quote_ccy, OTHER_MARKET)


def _has_topic_of(path: str, name: str, instrument: Instrument) -> bool:
    """Whether a topic of many symbols has this one among them."""
    return (path == TICKER and name == ALL) or (path == SNAPSHOT and name == _market(instrument))


def _symbol(instrument: Instrument) -> str:
    return f"{instrument.base}-{instrument.quote_ccy}"


def _text(value: float | None) -> str:
    return plain(value or 0.0)


def _pairs(levels: Iterable[Level]) -> list[list[str]]:
    return [[plain(price), plain(size)] for price, size in levels]


def _pushed(levels: Iterable[Level], sequence: int) -> list[list[str]]:
    return [[plain(price), plain(size), str(sequence)] for price, size in levels]


def _payload(topic: Topic, event: Published, sending: Sending) -> tuple[str, dict[str, Any]]:
    """Subject and data."""
    match event:
        case Trade():
            return "trade.l3match", _match_payload(event)
        case Day() if _wire_topic(topic.name).startswith(SNAPSHOT):
            return "trade.snapshot", _snapshot_payload(event)
        case Day():
            return "trade.ticker", _ticker_payload(event)
        case Bar():
            verb = "add" if sending.fresh else "update"
            return f"trade.candles.{verb}", _candle_payload(event, sending.now)
        case Quote():
            return "level1", {
                "asks": [plain(event.ask), plain(event.ask_size)],
                "bids": [plain(event.bid), plain(event.bid_size)],
                "timestamp": sending.now if event.time is None else event.time,
            }
        case BookSnapshot():
            return "level2", {
                "asks": _pairs(event.asks), "bids": _pairs(event.bids),
                "timestamp": sending.now if event.time is None else event.time,
            }  # fmt: skip
        case BookDelta():
            return "trade.l2update", _delta_payload(event, sending.now)
    raise AssertionError(f"KuCoin has no topic of {type(event).__name__}")


def _match_payload(trade: Trade) -> dict[str, Any]:
    """The ids of the orders are invented, the same for the same trade."""
    number = int(trade.id) * 2
    return {
        "makerOrderId": f"{number:024x}", "takerOrderId": f"{number + 1:024x}",
        "price": plain(trade.price), "size": plain(trade.size), "side": trade.side,
        "sequence": trade.id, "symbol": _symbol(trade.instrument),
        "time": str(trade.time * 1_000_000), "tradeId": trade.id, "type": "match",
    }  # fmt: skip


def _ticker_payload(day: Day) -> dict[str, Any]:
    ticker = day.ticker
    return {
        "sequence": str(day.last_trade), "price": _text(ticker.last), "size": plain(day.last_size),
        "bestAsk": _text(ticker.ask), "bestAskSize": plain(day.ask_size),
        "bestBid": _text(ticker.bid), "bestBidSize": plain(day.bid_size), "time": ticker.time,
    }  # fmt: skip


def _change(ticker: Ticker) -> tuple[float, float]:
    """The absolute change, and the fraction with four decimals."""
    difference = (ticker.last or 0.0) - (ticker.open or 0.0)
    return round(difference, 8), round(ticker.change or 0.0, 4)


def _average(ticker: Ticker) -> float | None:
    if not ticker.base_volume or ticker.quote_volume is None:
        return ticker.last
    return round(ticker.quote_volume / ticker.base_volume, 8)


def _snapshot_payload(day: Day) -> dict[str, Any]:
    ticker = day.ticker
    change, rate = _change(ticker)
    symbol, market = _symbol(ticker.instrument), _market(ticker.instrument)
    statistics = {
        "changePrice": change, "changeRate": rate, "high": ticker.high, "low": ticker.low,
        "open": ticker.open, "vol": ticker.base_volume, "volValue": ticker.quote_volume,
    }  # fmt: skip
    body = {
        "symbol": symbol, "symbolCode": symbol, "baseCurrency": ticker.instrument.base,
        "quoteCurrency": ticker.instrument.quote_ccy, "market": market, "markets": [market],
        "trading": True, "lastTradedPrice": ticker.last, "close": ticker.last,
        "lastSize": day.last_size, "buy": ticker.bid, "bidSize": day.bid_size,
        "sell": ticker.ask, "askSize": day.ask_size, **statistics,
        "averagePrice": _average(ticker), "datetime": ticker.time,
        "makerFeeRate": float(FEE), "takerFeeRate": float(FEE),
        "makerCoefficient": 1.0, "takerCoefficient": 1.0, "marginTrade": False,
        "board": 0, "mark": 0, "sort": 100, "siteTypes": ["global"],
        "marketChange24h": statistics,
    }  # fmt: skip
    return {"sequence": str(day.last_trade), "data": body}


def _row(bar: Bar) -> list[str]:
    candle = bar.candle
    prices = (candle.open, candle.close, candle.high, candle.low)
    volumes = (candle.volume, bar.quote_volume)
    return [str(candle.start // 1000), *map(plain, prices), *map(plain, volumes)]


def _candle_payload(bar: Bar, now: int) -> dict[str, Any]:
    symbol = _symbol(bar.candle.instrument)
    return {"symbol": symbol, "candles": _row(bar), "time": now * 1_000_000}


def _delta_payload(delta: BookDelta, now: int) -> dict[str, Any]:
    last = delta.sequence
    return {
        "changes": {"asks": _pushed(delta.asks, last), "bids": _pushed(delta.bids, last)},
        "sequenceStart": delta.previous + 1, "sequenceEnd": last,
        "symbol": _symbol(delta.instrument), "time": now if delta.time is None else delta.time,
    }  # fmt: skip


# ---------------------------------------------------------------- REST, served


def _rest_ticket(market: MarketView, call: Call) -> Any:
    """The endpoint as this client sees us."""
    server = {
        "endpoint": f"ws://{call.host}/", "encrypt": False, "protocol": "websocket",
        "pingInterval": PING_INTERVAL, "pingTimeout": PING_TIMEOUT,
    }  # fmt: skip
    return {"token": _token(market.now), "instanceServers": [server]}


def _rest_time(market: MarketView, call: Call) -> Any:
    return market.now


def _rest_status(market: MarketView, call: Call) -> Any:
    return {"status": "open", "msg": ""}


def _rest_symbols(market: MarketView, call: Call) -> Any:
    """All, or those of one market."""
    wanted = call.query.get("market", "")
    return [
        _symbol_row(each) for each in market.listings if wanted in ("", _market(each.instrument))
    ]


def _symbol_row(listing: Listing) -> dict[str, Any]:
    instrument = listing.instrument
    tick, lot = (
        f"{step or Decimal('0.00000001'):f}" for step in (listing.tick_size, listing.lot_size)
    )
    return {
        "symbol": listing.symbol, "name": _symbol(instrument),
        "baseCurrency": instrument.base, "quoteCurrency": instrument.quote_ccy,
        "feeCurrency": instrument.quote_ccy, "market": _market(instrument),
        "baseMinSize": lot, "quoteMinSize": "0.1", "baseMaxSize": "10000000000",
        "quoteMaxSize": "99999999", "baseIncrement": lot, "quoteIncrement": "0.000001",
        "priceIncrement": tick, "priceLimitRate": "0.1", "minFunds": "0.1",
        "isMarginEnabled": False, "enableTrading": listing.status == "trading",
        "feeCategory": 1, "makerFeeCoefficient": "1.00", "takerFeeCoefficient": "1.00",
        "st": False, "callauctionIsEnabled": False, "callauctionPriceFloor": None,
        "callauctionPriceCeiling": None, "tradingStartTime": None,
    }  # fmt: skip


def _rest_currencies(market: MarketView, call: Call) -> Any:
    pairs = [(each.instrument.base, each.instrument.quote_ccy) for each in market.listings]
    return [_currency_row(name) for name in dict.fromkeys(name for pair in pairs for name in pair)]


def _currency_row(name: str) -> dict[str, Any]:
    chain = {
        "chainName": name, "chainId": name.lower(), "withdrawalMinSize": "0",
        "depositMinSize": None, "withdrawFeeRate": "0", "withdrawalMinFee": "0",
        "isWithdrawEnabled": False, "isDepositEnabled": False, "confirms": 1, "preConfirms": 1,
        "withdrawPrecision": 8, "maxWithdraw": None, "maxDeposit": None, "needTag": False,
        "contractAddress": "",
    }  # fmt: skip
    return {
        "currency": name, "name": name, "fullName": name, "precision": 8, "confirms": None,
        "contractAddress": None, "isMarginEnabled": False, "isDebitEnabled": False,
        "chains": [chain],
    }  # fmt: skip


def _instrument(market: MarketView, call: Call) -> Instrument:
    symbol = call.query.get("symbol", "")
    for listing in market.listings:
        if listing.symbol == symbol:
            return listing.instrument
    raise _Complaint(900001, "symbol not exists")


def _statistics(day: Day) -> dict[str, Any]:
    """What the statistics of one pair and of all have in common."""
    ticker = day.ticker
    change, rate = _change(ticker)
    return {
        "symbol": _symbol(ticker.instrument), "buy": _text(ticker.bid), "sell": _text(ticker.ask),
        "changeRate": plain(rate), "changePrice": plain(change), "high": _text(ticker.high),
        "low": _text(ticker.low), "vol": _text(ticker.base_volume),
        "volValue": _text(ticker.quote_volume), "last": _text(ticker.last),
        "averagePrice": _text(_average(ticker)), "takerFeeRate": FEE, "makerFeeRate": FEE,
        "takerCoefficient": "1", "makerCoefficient": "1",
    }  # fmt: skip


def _rest_day(market: MarketView, call: Call) -> Any:
    return {"time": market.now, **_statistics(market.day(_instrument(market, call)))}


def _rest_days(market: MarketView, call: Call) -> Any:
    days = [market.day(each.instrument) for each in market.listings]
    rows = [
        {
            **_statistics(day), "symbolName": _symbol(day.ticker.instrument),
            "bestBidSize": plain(day.bid_size), "bestAskSize": plain(day.ask_size),
        }
        for day in days
    ]  # fmt: skip
    return {"time": market.now, "ticker": rows}


def _rest_ticker(market: MarketView, call: Call) -> Any:
    return _ticker_payload(market.day(_instrument(market, call)))


def _seconds(call: Call, name: str) -> int | None:
    """A time of the query in ms; 0 is as if it were not said."""
    text = call.query.get(name, "0")
    if not (text.isdecimal() and len(text) < 12):
        raise _Complaint(400100, f"{name} is invalid")
    return int(text) * 1000 or None


def _rest_candles(market: MarketView, call: Call) -> Any:
    """The newest of the range, newest first; without trades there is no candle."""
    instrument, type_ = _instrument(market, call), call.query.get("type", "")
    if type_ not in INTERVALS:
        raise _Complaint(400100, "Incorrect candlestick type.")
    start, end = _seconds(call, "startAt") or 0, _seconds(call, "endAt")
    bars = market.bars(instrument, INTERVALS[type_], None, end, ROWS_LIMIT)
    return [_row(bar) for bar in reversed(bars) if bar.candle.start >= start and bar.trades]


def _rest_book(market: MarketView, call: Call, levels: int) -> Any:
    book = market.book(_instrument(market, call), levels)
    return {
        "time": market.now, "sequence": str(book.sequence),
        "bids": _pairs(book.bids), "asks": _pairs(book.asks),
    }  # fmt: skip


def _rest_book_of_20(market: MarketView, call: Call) -> Any:
    return _rest_book(market, call, 20)


def _rest_book_of_100(market: MarketView, call: Call) -> Any:
    return _rest_book(market, call, SNAPSHOT_LEVELS)


def _rest_full_book(market: MarketView, call: Call) -> Any:
    """For key holders at KuCoin; any key will do here, and none."""
    return _rest_book(market, call, FULL_BOOK)


def _rest_histories(market: MarketView, call: Call) -> Any:
    matches = market.matches(_instrument(market, call), HISTORIES)
    fills = [fill for match in matches for fill in match.fills][-HISTORIES:]
    return [
        {
            "sequence": fill.id, "price": plain(fill.price), "size": plain(fill.size),
            "side": fill.side, "time": fill.time * 1_000_000,
        }
        for fill in fills
    ]  # fmt: skip


Served = Callable[[MarketView, Call], Any]
ENDPOINTS_SERVED: dict[tuple[str, str], Served] = {
    ("POST", "/api/v1/bullet-public"): _rest_ticket,
    ("GET", "/api/v1/timestamp"): _rest_time,
    ("GET", "/api/v1/status"): _rest_status,
    ("GET", "/api/v1/symbols"): _rest_symbols,
    ("GET", "/api/v2/symbols"): _rest_symbols,
    ("GET", "/api/v3/currencies"): _rest_currencies,
    ("GET", "/api/v1/market/allTickers"): _rest_days,
    ("GET", "/api/v1/market/stats"): _rest_day,
    ("GET", "/api/v1/market/candles"): _rest_candles,
    ("GET", "/api/v1/market/orderbook/level1"): _rest_ticker,
    ("GET", "/api/v1/market/orderbook/level2_20"): _rest_book_of_20,
    ("GET", SNAPSHOT_PATH): _rest_book_of_100,
    ("GET", "/api/v3/market/orderbook/level2"): _rest_full_book,
    ("GET", "/api/v1/market/histories"): _rest_histories,
}
