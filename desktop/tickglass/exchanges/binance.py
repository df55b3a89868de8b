"""Binance spot: public market data over combined streams and REST, both ends of the wire.

Longer than most modules because one exchange is one file: tables, the client half, then the
server half that the simulated Binance speaks. Sources: binance-spot-api-docs
``web-socket-streams.md`` and ``rest-api.md`` (2026-07-21), and recorded frames where they differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, NoReturn

import msgspec

from ..market.events import BookDelta, BookSnapshot, Candle, Level, Quote, Side, Ticker, Trade
from ..market.instrument import Instrument, Listing, exchange_title
from ..market.interval import next_start
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
    MarketView,
    Match,
    Published,
    Rejected,
    Reply,
    Request,
    Sending,
    Server,
    ServerClosing,
    Tolerance,
    Topic,
)
from .wire import (
    OK,
    Data,
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

# The market-data-only hosts serve the same streams and answer where the first pair refuses
# (HTTP 451 in restricted regions): faqs/market_data_only.md.
ENDPOINTS = (
    Endpoint("wss://stream.binance.com:443", "https://api.binance.com"),
    Endpoint("wss://data-stream.binance.vision", "https://data-api.binance.vision"),
)

INTERVALS = (
    *("1s", "1m", "3m", "5m", "15m", "30m"),
    *("1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"),
)

STREAMS = {
    Kind.TICKER: "ticker",
    Kind.TRADE: "trade",
    Kind.QUOTE: "bookTicker",
    Kind.CANDLE: "kline_{interval}",
    Kind.BOOK: "depth@100ms",
}

CONTROL_BYTES = 4_000  # above 4,096 with the header a request is dropped in silence
# Combined streams: bare payloads of depth and book tickers cannot be routed.
LANE = Lane("/stream", 1_024)
MARKET_LANE = Lane("/stream", 0, whole_market=True)
MARKET_STREAM = "!miniTicker@arr"  # !ticker@arr was switched off on 2026-03-26

SNAPSHOT_LEVELS = 1_000
SNAPSHOT_WEIGHT = 50

# ---------------------------------------------------------------- the wire's types


class _Envelope(msgspec.Struct, gc=False):
    """Any frame: combined data, a bare event, or the answer to a control message."""

    stream: str = ""
    data: msgspec.Raw = msgspec.Raw()
    e: str = ""
    u: int = -1
    result: Any = msgspec.UNSET
    error: Any = msgspec.UNSET
    code: int | None = None
    msg: str = ""
    id: int | str | None = None


class _WireTrade(msgspec.Struct, gc=False):
    s: str
    t: int
    p: Price
    q: Number
    T: Millis
    m: bool


class _WireAggregate(msgspec.Struct, gc=False):
    s: str
    a: int
    p: Price
    q: Number
    T: Millis
    m: bool


class _WireTicker(msgspec.Struct, gc=False):
    """24hrTicker, and 24hrMiniTicker, which has no bid and ask."""

    E: Millis
    s: str
    c: Number
    o: Number
    h: Number
    l: Number  # noqa: E741 - the exchange's name
    v: Number
    q: Number
    b: Number = 0.0
    a: Number = 0.0


class _WireDay(msgspec.Struct, gc=False):
    """24 hours of one symbol by REST."""

    symbol: str
    openPrice: Maybe = None
    highPrice: Maybe = None
    lowPrice: Maybe = None
    lastPrice: Maybe = None
    volume: Maybe = None
    quoteVolume: Maybe = None
    closeTime: Millis | None = None


class _WireQuote(msgspec.Struct, gc=False):
    u: int
    s: str
    b: Number
    B: Number
    a: Number
    A: Number


class _WireBar(msgspec.Struct, gc=False):
    t: Millis
    s: str
    i: str
    o: Price
    c: Price
    h: Price
    l: Price  # noqa: E741 - the exchange's name
    v: Number
    x: bool


class _WireCandle(msgspec.Struct, gc=False):
    k: _WireBar


class _WireDelta(msgspec.Struct, gc=False):
    E: Millis
    s: str
    U: int
    u: int
    b: list[WireLevel]
    a: list[WireLevel]


class _WireDepth(msgspec.Struct, gc=False):
    lastUpdateId: int
    bids: list[WireLevel]
    asks: list[WireLevel]


class _WireFilter(msgspec.Struct):
    filterType: str
    tickSize: str = "0"
    stepSize: str = "0"


class _WireSymbol(msgspec.Struct):
    symbol: str
    status: str
    baseAsset: str
    quoteAsset: str
    filters: list[_WireFilter] = []


class _WireExchangeInfo(msgspec.Struct):
    symbols: list[_WireSymbol]


class _WireTime(msgspec.Struct):
    serverTime: Millis


class _WireError(msgspec.Struct):
    code: int = 0
    msg: str = ""


# open ms, O, H, L, C, base volume, close ms, quote volume, trades, taker base, taker quote, ignore
_WireRow = tuple[
    Millis, Price, Price, Price, Price, Number, Millis, Number, int, Number, Number, str
]


class _WireControl(msgspec.Struct):
    """A control message as the simulated exchange reads it; other keys are borne."""

    method: str
    params: list[Any] = []
    id: int | str | None = None


_read = reader("binance")
_envelope = msgspec.json.Decoder(_Envelope)
_trade = msgspec.json.Decoder(_WireTrade, strict=False)
_aggregate = msgspec.json.Decoder(_WireAggregate, strict=False)
_ticker = msgspec.json.Decoder(_WireTicker, strict=False)
_tickers = msgspec.json.Decoder(list[_WireTicker], strict=False)
_quote = msgspec.json.Decoder(_WireQuote, strict=False)
_candle = msgspec.json.Decoder(_WireCandle, strict=False)
_delta = msgspec.json.Decoder(_WireDelta, strict=False)
_depth = msgspec.json.Decoder(_WireDepth, strict=False)
_control = msgspec.json.Decoder(_WireControl)
_market_day = msgspec.json.Decoder(_WireDay, strict=False)


def _read_as(form: type[T], data: bytes) -> T:
    return _read(msgspec.json.Decoder(form, strict=False), data)


def _given(value: float | str | None) -> float | None:
    """A price of 0 is how Binance says that there is none."""
    return amount(value) or None


def _taker(buyer_is_maker: bool) -> Side:
    return "sell" if buyer_is_maker else "buy"


# ---------------------------------------------------------------- the client half


class Binance(Exchange):
    """The client half of Binance spot."""

    name = "binance"
    title = exchange_title("binance")
    endpoints = ENDPOINTS
    limits = Limits(
        # The window is strict: 5/s with bursts still tripped it, and pongs count.
        control_interval=0.3,
        connections=300,
        connections_window=300.0,
        lifetime=23 * 3600.0,  # cut at 24 h
        weight=6_000,
        weight_window=60.0,
    )
    lanes: ClassVar = dict.fromkeys(Kind, LANE)
    market_lane = MARKET_LANE
    intervals = INTERVALS
    candles_per_request = 1_000
    book_snapshot_by_rest = True

    def __init__(self, catalogue: Catalogue, *, guess_symbols: bool = False) -> None:
        super().__init__(catalogue, guess_symbols=guess_symbols)
        self._last_id = 0

    def symbol(self, instrument: Instrument) -> str:
        """``BTCUSDT``: no separator."""
        return f"{instrument.base}{instrument.quote_ccy}"

    def stream(self, channel: Channel) -> str:
        """``btcusdt@kline_1m``: the symbol in lower case, the rest keeps its case."""
        form = STREAMS[channel.kind].format(interval=channel.interval)
        return f"{self.symbol(channel.instrument).lower()}@{form}"

    def subscribe(self, channels: Sequence[Channel]) -> list[str]:
        """SUBSCRIBE requests below the size that Binance drops in silence."""
        self.learn(channel.instrument for channel in channels)
        return self._requests("SUBSCRIBE", channels)

    def unsubscribe(self, channels: Sequence[Channel]) -> list[str]:
        """UNSUBSCRIBE requests, as ``subscribe``."""
        return self._requests("UNSUBSCRIBE", channels)

    def subscribe_market(self) -> list[str]:
        """Every second the symbols that changed, without bid and ask."""
        return [self._next_request("SUBSCRIBE", [MARKET_STREAM])]

    def _requests(self, method: str, channels: Sequence[Channel]) -> list[str]:
        requests: list[str] = []
        batch: list[str] = []
        for stream in map(self.stream, channels):
            size = len(self._request(method, [*batch, stream]).encode())
            if batch and size > CONTROL_BYTES:
                requests.append(self._next_request(method, batch))
                batch = []
            batch.append(stream)
        if batch:
            requests.append(self._next_request(method, batch))
        return requests

    def _next_request(self, method: str, streams: list[str]) -> str:
        self._last_id += 1
        return self._request(method, streams)

    def _request(self, method: str, streams: list[str]) -> str:
        message = {"method": method, "params": streams, "id": self._last_id}
        return msgspec.json.encode(message).decode()

    def decode(self, frame: bytes | str) -> list[Event]:
        """Read a frame, in the combined envelope or bare."""
        envelope = _read(_envelope, frame)
        stream = envelope.stream
        if stream:
            return _handler(stream)(self, stream, envelope.data)
        if envelope.e:
            return _bare_handler(envelope.e)(self, "", frame)
        if envelope.u >= 0:
            return self._on_quote("", frame)
        return [_answer(envelope)]

    def _on_trade(self, stream: str, data: Data) -> list[Event]:
        """``{"e":"trade","E":…,"s":"BTCUSDT","t":571,"p":"83805.1","q":"0.001","T":…,"m":true}``

        ``m``: the buyer was the maker, so the taker sold.
        """
        wire = _read(_trade, data)
        instrument = self.instrument(wire.s)
        return [Trade(instrument, wire.T, str(wire.t), wire.p, wire.q, _taker(wire.m))]

    def _on_aggregate(self, stream: str, data: Data) -> list[Event]:
        """``{"e":"aggTrade","s":"BTCUSDT","a":39,"p":"83805.1","q":"0.05","f":…,"l":…,"T":…,…}``"""
        wire = _read(_aggregate, data)
        instrument = self.instrument(wire.s)
        return [Trade(instrument, wire.T, str(wire.a), wire.p, wire.q, _taker(wire.m))]

    def _on_ticker(self, stream: str, data: Data) -> list[Event]:
        """``{"e":"24hrTicker","E":…,"s":"BTCUSDT","c":"83805.1","o":"82600.2","h":…,"l":…,…}``"""
        return [self._ticker(_read(_ticker, data))]

    def _on_tickers(self, stream: str, data: Data) -> list[Event]:
        """``[{"e":"24hrMiniTicker",…}, …]``: only the symbols that changed.

        The array names every symbol there is; those that nobody told us of are passed over.
        """
        known = self.catalogue.by_symbol
        wires = _read(_tickers, data)
        return [self._ticker(wire) for wire in wires if self.guess_symbols or wire.s in known]

    def _ticker(self, wire: _WireTicker) -> Ticker:
        return Ticker(
            self.instrument(wire.s),
            wire.E,
            last=_given(wire.c),
            bid=_given(wire.b),
            ask=_given(wire.a),
            open=_given(wire.o),
            high=_given(wire.h),
            low=_given(wire.l),
            base_volume=wire.v,
            quote_volume=wire.q,
        )

    def _on_quote(self, stream: str, data: Data) -> list[Event]:
        """``{"u":615,"s":"BTCUSDT","b":"83805.0","B":"2.1","a":"83805.1","A":"0.9"}``: no time.

        One side of an empty book has price 0: then there is no best bid and ask to speak of.
        """
        wire = _read(_quote, data)
        instrument = self.instrument(wire.s)
        if not (wire.b and wire.a):
            return []
        return [Quote(instrument, None, wire.b, wire.B, wire.a, wire.A, wire.u)]

    def _on_candle(self, stream: str, data: Data) -> list[Event]:
        """``{"e":"kline","s":"BTCUSDT","k":{"t":…,"i":"1m","o":…,"c":…,"h":…,"l":…,"x":false,…}}``"""
        bar = _read(_candle, data).k
        instrument = self.instrument(bar.s)
        return [Candle(instrument, bar.i, bar.t, bar.o, bar.h, bar.l, bar.c, bar.v, bar.x)]

    def _on_delta(self, stream: str, data: Data) -> list[Event]:
        """``{"e":"depthUpdate","E":…,"s":"BTCUSDT","U":11,"u":14,"b":[["83805.0","1.9"]],"a":[]}``

        U and u are the first and last update in the frame, so it continues a book at U - 1.
        """
        wire = _read(_delta, data)
        instrument = self.instrument(wire.s)
        bids, asks = levels(wire.b), levels(wire.a)
        return [BookDelta(instrument, wire.E, wire.U - 1, wire.u, bids, asks)]

    def _on_depth(self, stream: str, data: Data) -> list[Event]:
        """``{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[["0.0026","100"]]}``

        Only the stream's name says which symbol it is.
        """
        symbol = stream.partition("@")[0].upper()
        return [_snapshot(_read(_depth, data), self.instrument(symbol))]

    def _on_shutdown(self, stream: str, data: Data) -> list[Event]:
        """``{"e":"serverShutdown","E":…}``: unasked, without a promised lead time."""
        return [ServerClosing("the server is about to restart")]

    def _on_other(self, stream: str, data: Data) -> NoReturn:
        raise BadFrame(f"binance: unknown stream {stream[:80]!r}")

    def instruments_request(self) -> Request:
        """All symbols, without the permission sets that make up most of the reply."""
        return Request("/api/v3/exchangeInfo", {"showPermissionSets": "false"}, weight=20)

    def parse_instruments(self, body: bytes) -> list[Listing]:
        """Filters are found by name: any may be absent, in any order."""
        return [self._listing(wire) for wire in _read_as(_WireExchangeInfo, body).symbols]

    def _listing(self, wire: _WireSymbol) -> Listing:
        steps = {each.filterType: each for each in wire.filters}
        price, lot = steps.get("PRICE_FILTER"), steps.get("LOT_SIZE")
        return Listing(
            Instrument(self.name, wire.baseAsset.upper(), wire.quoteAsset.upper()),
            wire.symbol,
            tick_size=step("binance", price.tickSize) if price else None,
            lot_size=step("binance", lot.stepSize) if lot else None,
            status="trading" if wire.status == "TRADING" else "halted",
        )

    def market_request(self) -> Request:
        """The small form has all that a list of movers needs; of all symbols it weighs 80."""
        return Request("/api/v3/ticker/24hr", {"type": "MINI"}, weight=80)

    def parse_market(self, body: bytes, now: int) -> list[Ticker]:
        """``[{"symbol":"BTCUSDT","openPrice":"82600.2","highPrice":…,"lowPrice":…,
        "lastPrice":"83805.1","volume":"21874.5","quoteVolume":…,"closeTime":179…}, …]``
        """
        return days(_read_as(list[msgspec.Raw], body), self._ticker_of)

    def _ticker_of(self, row: msgspec.Raw) -> Ticker | None:
        wire = _read(_market_day, row)
        instrument = self.catalogue.by_symbol.get(wire.symbol)
        return None if instrument is None else Ticker(
            instrument, wire.closeTime, last=_given(wire.lastPrice), bid=None, ask=None,
            open=_given(wire.openPrice), high=_given(wire.highPrice), low=_given(wire.lowPrice),
            base_volume=amount(wire.volume), quote_volume=amount(wire.quoteVolume),
        )  # fmt: skip

    def candles_request(
        self, instrument: Instrument, interval: str, end: int | None, limit: int, now: int
    ) -> Request:
        """``endTime`` includes the candle that starts then, so one ms less is asked."""
        query = {"symbol": self.symbol(instrument), "interval": interval, "limit": str(limit)}
        if end is not None:
            query["endTime"] = str(end - 1)
        return Request("/api/v3/klines", query, weight=2)

    def parse_candles(
        self, body: bytes, instrument: Instrument, interval: str, now: int
    ) -> list[Candle]:
        """Rows are oldest first; the one whose end lies ahead is still open."""
        rows = _read_as(list[_WireRow], body)
        return [
            Candle(instrument, interval, start, opened, high, low, close, volume, end < now)
            for start, opened, high, low, close, volume, end, *_ in rows
        ]

    def depth_request(self, instrument: Instrument) -> Request:
        """A snapshot of the best 1,000 levels."""
        query = {"symbol": self.symbol(instrument), "limit": str(SNAPSHOT_LEVELS)}
        return Request("/api/v3/depth", query, weight=SNAPSHOT_WEIGHT)

    def parse_depth(self, body: bytes, instrument: Instrument) -> BookSnapshot:
        """The same shape as a partial depth frame."""
        return _snapshot(_read(_depth, body), instrument, joins=True)

    def time_request(self) -> Request:
        """The exchange's clock."""
        return Request("/api/v3/time")

    def parse_time(self, body: bytes) -> int:
        """``{"serverTime": 1795350840000}``"""
        return _read_as(_WireTime, body).serverTime

    @staticmethod
    def complaint(status: int, body: bytes) -> Complaint | None:
        """``{"code": -1121, "msg": "Invalid symbol."}``, or a page of a proxy on the way."""
        if status == OK:
            return None
        try:
            wire = _read_as(_WireError, body)
        except BadFrame:
            return Complaint(status, "")
        return Complaint(wire.code or status, wire.msg)

    def parse_rest(self, path: str, query: Mapping[str, str], body: bytes) -> BookSnapshot | None:
        """Of recorded replies only the book snapshot matters."""
        if path != "/api/v3/depth" or "symbol" not in query:
            return None
        return self.parse_depth(body, self.instrument(query["symbol"]))


Handler = Callable[[Binance, str, Data], list[Event]]

# By what follows the symbol in a stream's name; a family ends in "*".
HANDLERS: dict[str, Handler] = {
    "trade": Binance._on_trade,
    "aggTrade": Binance._on_aggregate,
    "ticker": Binance._on_ticker,
    "miniTicker": Binance._on_ticker,
    "bookTicker": Binance._on_quote,
    "kline": Binance._on_candle,
    "depth": Binance._on_delta,
    "depth5": Binance._on_depth,
    "depth10": Binance._on_depth,
    "depth20": Binance._on_depth,
    "!ticker@arr": Binance._on_tickers,
    MARKET_STREAM: Binance._on_tickers,
    "!bookTicker": Binance._on_quote,
    "!serverShutdown": Binance._on_shutdown,
}

# By the event type of a frame without envelope.
BARE_HANDLERS: dict[str, Handler] = {
    "trade": Binance._on_trade,
    "aggTrade": Binance._on_aggregate,
    "24hrTicker": Binance._on_ticker,
    "24hrMiniTicker": Binance._on_ticker,
    "kline": Binance._on_candle,
    "depthUpdate": Binance._on_delta,
    "serverShutdown": Binance._on_shutdown,
}


@lru_cache(maxsize=4_096)
def _handler(stream: str) -> Handler:
    if stream.startswith("!"):
        return HANDLERS.get(stream, Binance._on_other)
    form = stream.partition("@")[2]
    return HANDLERS.get(re.split("[_@]", form, maxsplit=1)[0], Binance._on_other)


def _bare_handler(event: str) -> Handler:
    return BARE_HANDLERS.get(event, Binance._on_other)


def _answer(envelope: _Envelope) -> Event:
    """Both error shapes, flat and wrapped, and the plain acknowledgement."""
    answer_to = "" if envelope.id is None else str(envelope.id)
    if envelope.error is not msgspec.UNSET:
        error = envelope.error if isinstance(envelope.error, dict) else {}
        code = error.get("code")
        return Rejected(answer_to, code if isinstance(code, int) else 0, str(error.get("msg", "")))
    if envelope.code is not None:
        return Rejected(answer_to, envelope.code, envelope.msg)
    if envelope.result is not msgspec.UNSET:
        return Acknowledged(answer_to)
    raise BadFrame("binance: neither data nor an answer")


def _snapshot(wire: _WireDepth, instrument: Instrument, *, joins: bool = False) -> BookSnapshot:
    bids, asks = levels(wire.bids), levels(wire.asks)
    return BookSnapshot(instrument, None, wire.lastUpdateId, bids, asks, joins=joins)


# ---------------------------------------------------------------- the server half

PARTIAL_LEVELS = (5, 10, 20)
DEPTH_LIMITS = 5_000
ROWS_LIMIT = 1_000
DEFAULT_ROWS = 500
DEFAULT_LEVELS = 100

# Every stream of one symbol, by what follows the symbol; periods in seconds.
FORMS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic("trade", Feed.TRADE, None),
        Topic("aggTrade", Feed.AGGREGATE, None),
        Topic("ticker", Feed.TICKER, None, 1.0),
        Topic("miniTicker", Feed.MINI_TICKER, None, 1.0),
        Topic("bookTicker", Feed.QUOTE, None),
        Topic("depth", Feed.BOOK_DELTAS, None, 1.0),
        Topic("depth@1000ms", Feed.BOOK_DELTAS, None, 1.0),
        Topic("depth@100ms", Feed.BOOK_DELTAS, None, 0.1),
        *(
            Topic(
                f"kline_{interval}", Feed.CANDLE, None, 1.0 if interval == "1s" else 2.0, interval
            )
            for interval in INTERVALS
        ),
        *(
            Topic(f"depth{levels}{speed}", Feed.BOOK_TOP, None, period, levels=levels)
            for levels in PARTIAL_LEVELS
            for speed, period in (("", 1.0), ("@1000ms", 1.0), ("@100ms", 0.1))
        ),
    )
}
ALL_MINI_TICKERS = Topic(MARKET_STREAM, Feed.MINI_TICKER, None, 1.0)

METHODS = "`SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`"
INVALID_JSON, INVALID_REQUEST, NOT_BOOLEAN, UNKNOWN_PROPERTY = 3, 2, 1, 0


class BinanceServer(Server):
    """The server half of Binance spot: what one client of the simulated exchange talks to."""

    # web-socket-streams.md "General WSS information"; 4,096 bytes with the 8 of the header.
    tolerance = Tolerance(
        messages=5, window=1.0, bytes=4_088, topics=LANE.channels, ping_interval=20.0
    )

    def __init__(self, market: MarketView, path: str, query: Mapping[str, str]) -> None:
        super().__init__(market, path, query)
        self.combined = path.rstrip("/").endswith("/stream")
        self._by_lower = {each.symbol.lower(): each.instrument for each in market.listings}
        named = query.get("streams", "") if self.combined else path.partition("/ws")[2]
        for name in filter(None, named.split("/")):
            self._add(name)

    @staticmethod
    def accepts(path: str) -> bool:
        """``/stream?streams=a/b``, ``/ws/a/b``, and both bare."""
        return path.rstrip("/") == "/stream" or path.rstrip("/") == "/ws" or path.startswith("/ws/")

    def receive(self, text: str) -> list[str]:
        """Requests are answered in the wrapped error shape, as live servers do."""
        try:
            request = _control.decode(text)
        except msgspec.ValidationError as error:
            return [_error(None, INVALID_REQUEST, f"Invalid request: {error}")]
        except (msgspec.DecodeError, RecursionError):
            return [_error(None, INVALID_JSON, "Invalid JSON: expected value at line 1 column 1")]
        match request.method:
            case "SUBSCRIBE" | "UNSUBSCRIBE":
                return [self._change(request)]
            case "LIST_SUBSCRIPTIONS":
                return [_result(request.id, list(self.topics))]
            case "SET_PROPERTY" | "GET_PROPERTY":
                return [self._property(request)]
        unknown = f"Invalid request: unknown variant `{request.method}`, expected one of {METHODS}"
        return [_error(request.id, INVALID_REQUEST, unknown)]

    def _change(self, request: _WireControl) -> str:
        names = request.params
        if not names or not all(isinstance(name, str) and _is_stream(name) for name in names):
            return _error(request.id, INVALID_REQUEST, "Invalid request: invalid stream")
        for name in names:
            if request.method == "SUBSCRIBE":
                self._add(name)
            else:
                self.topics.pop(name, None)
        return _result(request.id, None)

    def _property(self, request: _WireControl) -> str:
        if request.params[:1] != ["combined"]:
            return _error(request.id, UNKNOWN_PROPERTY, "Invalid property name")
        if request.method == "GET_PROPERTY":
            return _result(request.id, self.combined)
        if len(request.params) != 2 or not isinstance(request.params[1], bool):
            return _error(request.id, NOT_BOOLEAN, "Invalid value type: expected Boolean")
        self.combined = request.params[1]
        return _result(request.id, None)

    def _add(self, name: str) -> None:
        """A well-formed stream of an unknown symbol is acknowledged and stays silent."""
        topic = self._topic(name)
        if topic is not None:
            self.topics[name] = topic

    def _topic(self, name: str) -> Topic | None:
        if name == ALL_MINI_TICKERS.name:
            return ALL_MINI_TICKERS
        symbol, _, form = name.partition("@")
        instrument, topic = self._by_lower.get(symbol), FORMS.get(form)
        if instrument is None or topic is None:
            return None
        return topic._replace(name=name, instrument=instrument)

    def frame(self, topic: Topic, payload: str) -> str:
        """Combined clients get the envelope, the others the bare payload."""
        return f'{{"stream":"{topic.name}","data":{payload}}}' if self.combined else payload

    @staticmethod
    def encode(topic: Topic, event: Published, sending: Sending) -> str:
        """An event as the payload of its stream."""
        return dump(_payload(topic, event, sending.now))

    @staticmethod
    def answer(market: MarketView, call: Call) -> Reply:
        """The public REST endpoints that market-data clients use."""
        handler = ENDPOINTS_SERVED.get(call.path)
        if handler is None or call.method != "GET":
            return Reply(404, b"<html><body><h2>404 Not found</h2></body></html>")
        try:
            return Reply(OK, dump(handler(market, call.query)).encode())
        except _Complaint as complaint:
            return Reply(400, dump({"code": complaint.code, "msg": str(complaint)}).encode())


Json = dict[str, Any] | list[Any]


class _Complaint(Exception):
    """A REST request that Binance would refuse, with its code and words."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


def _is_stream(name: str) -> bool:
    return name.startswith("!") or bool(re.fullmatch(r"[^@/\s]+@[^/\s]+", name))


def _result(answer_to: int | str | None, result: Any) -> str:
    return dump({"result": result, "id": answer_to})


def _error(answer_to: int | str | None, code: int, words: str) -> str:
    return dump({"error": {"code": code, "msg": words}, "id": answer_to})


def _number(value: float | None) -> str:
    """Eight decimals, as Binance pads every number."""
    return f"{value or 0.0:.8f}"


def _symbol(instrument: Instrument) -> str:
    return f"{instrument.base}{instrument.quote_ccy}"


def _rows(levels: Iterable[Level]) -> list[list[str]]:
    return [[_number(price), _number(size)] for price, size in levels]


def _payload(topic: Topic, event: Published, now: int) -> Json:
    match event:
        case Match():
            return _match_payload(event, now)
        case Trade():
            return {
                "e": "trade", "E": now, "s": _symbol(event.instrument), "t": int(event.id),
                "p": _number(event.price), "q": _number(event.size), "T": event.time,
                "m": event.side == "sell", "M": True,
            }  # fmt: skip
        case Day():
            return _day(event) if topic.feed is Feed.TICKER else _mini_day(event)
        case Bar():
            return _bar_payload(event, now)
        case Quote():
            return {
                "u": event.sequence, "s": _symbol(event.instrument),
                "b": _number(event.bid), "B": _number(event.bid_size),
                "a": _number(event.ask), "A": _number(event.ask_size),
            }  # fmt: skip
        case BookSnapshot():
            return _depth_payload(event)
        case BookDelta():
            return {
                "e": "depthUpdate", "E": event.time, "s": _symbol(event.instrument),
                "U": event.previous + 1, "u": event.sequence,
                "b": _rows(event.bids), "a": _rows(event.asks),
            }  # fmt: skip
    assert not isinstance(event, Beat)
    return [_mini_day(day) for day in event if isinstance(day, Day)]


def _match_payload(match: Match, now: int) -> Json:
    trade = match.aggregate
    return {
        "e": "aggTrade", "E": now, "s": _symbol(trade.instrument), **_aggregate_row(match)
    }  # fmt: skip


def _aggregate_row(match: Match) -> dict[str, Any]:
    trade = match.aggregate
    return {
        "a": match.id, "p": _number(trade.price), "q": _number(trade.size),
        "f": int(match.fills[0].id), "l": int(match.fills[-1].id), "T": trade.time,
        "m": trade.side == "sell", "M": True,
    }  # fmt: skip


def _change(ticker: Ticker) -> tuple[str, str]:
    """The absolute change, and the change in percent with three decimals."""
    difference = (ticker.last or 0.0) - (ticker.open or 0.0)
    return _signed(difference), f"{(ticker.change or 0.0) * 100:.3f}"


def _signed(value: float) -> str:
    return f"{value:.8f}"


def _average(ticker: Ticker) -> float | None:
    if not ticker.base_volume or ticker.quote_volume is None:
        return ticker.last
    return ticker.quote_volume / ticker.base_volume


def _day(day: Day) -> Json:
    ticker = day.ticker
    change, percent = _change(ticker)
    return {
        "e": "24hrTicker", "E": ticker.time, "s": _symbol(ticker.instrument),
        "p": change, "P": percent, "w": _number(_average(ticker)), "x": _number(ticker.open),
        "c": _number(ticker.last), "Q": _number(day.last_size),
        "b": _number(ticker.bid), "B": _number(day.bid_size),
        "a": _number(ticker.ask), "A": _number(day.ask_size),
        "o": _number(ticker.open), "h": _number(ticker.high), "l": _number(ticker.low),
        "v": _number(ticker.base_volume), "q": _number(ticker.quote_volume),
        "O": day.open_time, "C": ticker.time, "F": day.first_trade, "L": day.last_trade,
        "n": day.last_trade - day.first_trade + 1,
    }  # fmt: skip


def _mini_day(day: Day) -> dict[str, Any]:
    ticker = day.ticker
    return {
        "e": "24hrMiniTicker", "E": ticker.time, "s": _symbol(ticker.instrument),
        "c": _number(ticker.last), "o": _number(ticker.open), "h": _number(ticker.high),
        "l": _number(ticker.low), "v": _number(ticker.base_volume),
        "q": _number(ticker.quote_volume),
    }  # fmt: skip


def _bar_end(candle: Candle) -> int:
    return next_start(candle.interval, candle.start) - 1


def _bar_payload(bar: Bar, now: int) -> Json:
    candle = bar.candle
    symbol = _symbol(candle.instrument)
    body = {
        "t": candle.start, "T": _bar_end(candle), "s": symbol, "i": candle.interval,
        "f": bar.first_trade, "L": bar.last_trade, "o": _number(candle.open),
        "c": _number(candle.close), "h": _number(candle.high), "l": _number(candle.low),
        "v": _number(candle.volume), "n": bar.trades, "x": candle.closed,
        "q": _number(bar.quote_volume), "V": _number(bar.taker_base),
        "Q": _number(bar.taker_quote), "B": "0",
    }  # fmt: skip
    return {"e": "kline", "E": now, "s": symbol, "k": body}


def _depth_payload(book: BookSnapshot) -> Json:
    return {"lastUpdateId": book.sequence, "bids": _rows(book.bids), "asks": _rows(book.asks)}


# ---------------------------------------------------------------- REST, served


def _instrument(market: MarketView, query: Mapping[str, str]) -> Instrument:
    if "symbol" not in query:
        raise _Complaint(-1102, "Mandatory parameter 'symbol' was not sent, was empty/null.")
    return _known(market, query["symbol"])


def _known(market: MarketView, symbol: str) -> Instrument:
    for listing in market.listings:
        if listing.symbol == symbol:
            return listing.instrument
    raise _Complaint(-1121, "Invalid symbol.")


def _instruments(market: MarketView, query: Mapping[str, str]) -> list[Instrument]:
    """``symbol=A``, ``symbols=["A","B"]``, or all."""
    if "symbol" in query:
        return [_instrument(market, query)]
    if "symbols" not in query:
        return [listing.instrument for listing in market.listings]
    try:
        symbols = msgspec.json.decode(query["symbols"], type=list[str])
    except msgspec.DecodeError as error:
        raise _Complaint(-1100, "Illegal characters found in parameter 'symbols'.") from error
    return [_known(market, symbol) for symbol in symbols]


def _whole(query: Mapping[str, str], name: str, default: int | None = None) -> int | None:
    if name not in query:
        return default
    if not query[name].isdecimal():
        raise _Complaint(-1100, f"Illegal characters found in parameter '{name}'.")
    return int(query[name])


def _limit(query: Mapping[str, str], default: int, most: int) -> int:
    return max(1, min(most, _whole(query, "limit") or default))


def _one_or_all(query: Mapping[str, str], rows: list[Json]) -> Json:
    return rows[0] if "symbol" in query else rows


def _rest_ping(market: MarketView, query: Mapping[str, str]) -> Json:
    return {}


def _rest_time(market: MarketView, query: Mapping[str, str]) -> Json:
    return {"serverTime": market.now}


def _rest_info(market: MarketView, query: Mapping[str, str]) -> Json:
    wanted = set(_instruments(market, query))
    return {
        "timezone": "UTC", "serverTime": market.now,
        "rateLimits": [{
            "rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1,
            "limit": Binance.limits.weight,
        }],
        "exchangeFilters": [],
        "symbols": [_info(each) for each in market.listings if each.instrument in wanted],
    }  # fmt: skip


def _info(listing: Listing) -> Json:
    base, quote_ccy = listing.instrument.base, listing.instrument.quote_ccy
    tick, lot = _number(float(listing.tick_size or 0)), _number(float(listing.lot_size or 0))
    filters = [
        {"filterType": "PRICE_FILTER", "minPrice": tick, "maxPrice": "1000000.00000000",
         "tickSize": tick},
        {"filterType": "LOT_SIZE", "minQty": lot, "maxQty": "900000000.00000000", "stepSize": lot},
        {"filterType": "NOTIONAL", "minNotional": "5.00000000", "applyMinToMarket": True,
         "maxNotional": "9000000.00000000", "applyMaxToMarket": False, "avgPriceMins": 5},
    ]  # fmt: skip
    return {
        "symbol": listing.symbol, "status": "TRADING" if listing.status == "trading" else "BREAK",
        "baseAsset": base, "baseAssetPrecision": 8, "quoteAsset": quote_ccy, "quotePrecision": 8,
        "quoteAssetPrecision": 8, "baseCommissionPrecision": 8, "quoteCommissionPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET"], "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False, "filters": filters, "permissions": [],
        "permissionSets": [["SPOT"]],
    }  # fmt: skip


def _rest_klines(market: MarketView, query: Mapping[str, str]) -> Json:
    instrument = _instrument(market, query)
    interval = query.get("interval", "")
    if interval not in INTERVALS:
        raise _Complaint(-1120, "Invalid interval.")
    start, end = _whole(query, "startTime"), _whole(query, "endTime")
    limit = _limit(query, DEFAULT_ROWS, ROWS_LIMIT)
    return [_kline_row(bar) for bar in market.bars(instrument, interval, start, end, limit)]


def _kline_row(bar: Bar) -> list[Any]:
    candle = bar.candle
    return [
        candle.start, _number(candle.open), _number(candle.high), _number(candle.low),
        _number(candle.close), _number(candle.volume), _bar_end(candle),
        _number(bar.quote_volume), bar.trades, _number(bar.taker_base),
        _number(bar.taker_quote), "0",
    ]  # fmt: skip


def _rest_depth(market: MarketView, query: Mapping[str, str]) -> Json:
    levels = _limit(query, DEFAULT_LEVELS, DEPTH_LIMITS)
    return _depth_payload(market.book(_instrument(market, query), levels))


def _rest_trades(market: MarketView, query: Mapping[str, str]) -> Json:
    limit = _limit(query, DEFAULT_ROWS, ROWS_LIMIT)
    matches = market.matches(_instrument(market, query), limit)
    fills = [fill for match in matches for fill in match.fills][-limit:]
    return [
        {"id": int(fill.id), "price": _number(fill.price), "qty": _number(fill.size),
         "quoteQty": _number(fill.price * fill.size), "time": fill.time,
         "isBuyerMaker": fill.side == "sell", "isBestMatch": True}
        for fill in fills
    ]  # fmt: skip


def _rest_aggregates(market: MarketView, query: Mapping[str, str]) -> Json:
    limit = _limit(query, DEFAULT_ROWS, ROWS_LIMIT)
    matches = market.matches(_instrument(market, query), limit)
    first = _whole(query, "fromId")
    return [_aggregate_row(match) for match in matches if first is None or match.id >= first]


def _rest_day(market: MarketView, query: Mapping[str, str]) -> Json:
    form = _rest_mini_day if query.get("type") == "MINI" else _rest_full_day
    return _one_or_all(query, [form(market.day(each)) for each in _instruments(market, query)])


def _rest_mini_day(day: Day) -> Json:
    ticker = day.ticker
    return {
        "symbol": _symbol(ticker.instrument), "openPrice": _number(ticker.open),
        "highPrice": _number(ticker.high), "lowPrice": _number(ticker.low),
        "lastPrice": _number(ticker.last), "volume": _number(ticker.base_volume),
        "quoteVolume": _number(ticker.quote_volume), "openTime": day.open_time,
        "closeTime": ticker.time, "firstId": day.first_trade, "lastId": day.last_trade,
        "count": day.last_trade - day.first_trade + 1,
    }  # fmt: skip


def _rest_full_day(day: Day) -> Json:
    ticker = day.ticker
    change, percent = _change(ticker)
    more = {
        "priceChange": change, "priceChangePercent": percent,
        "weightedAvgPrice": _number(_average(ticker)), "prevClosePrice": _number(ticker.open),
        "lastQty": _number(day.last_size), "bidPrice": _number(ticker.bid),
        "bidQty": _number(day.bid_size), "askPrice": _number(ticker.ask),
        "askQty": _number(day.ask_size),
    }  # fmt: skip
    mini = _rest_mini_day(day)
    assert isinstance(mini, dict)
    return {**mini, **more}


def _rest_price(market: MarketView, query: Mapping[str, str]) -> Json:
    rows: list[Json] = [
        {"symbol": _symbol(each), "price": _number(market.day(each).ticker.last)}
        for each in _instruments(market, query)
    ]
    return _one_or_all(query, rows)


def _rest_quote(market: MarketView, query: Mapping[str, str]) -> Json:
    return _one_or_all(query, [_quote_row(market, each) for each in _instruments(market, query)])


def _quote_row(market: MarketView, instrument: Instrument) -> Json:
    quote = market.quote(instrument)
    return {
        "symbol": _symbol(instrument), "bidPrice": _number(quote.bid),
        "bidQty": _number(quote.bid_size), "askPrice": _number(quote.ask),
        "askQty": _number(quote.ask_size),
    }  # fmt: skip


Served = Callable[[MarketView, Mapping[str, str]], Json]
ENDPOINTS_SERVED: dict[str, Served] = {
    "/api/v3/ping": _rest_ping,
    "/api/v3/time": _rest_time,
    "/api/v3/exchangeInfo": _rest_info,
    "/api/v3/klines": _rest_klines,
    "/api/v3/uiKlines": _rest_klines,
    "/api/v3/depth": _rest_depth,
    "/api/v3/trades": _rest_trades,
    "/api/v3/aggTrades": _rest_aggregates,
    "/api/v3/ticker/24hr": _rest_day,
    "/api/v3/ticker/price": _rest_price,
    "/api/v3/ticker/bookTicker": _rest_quote,
}
