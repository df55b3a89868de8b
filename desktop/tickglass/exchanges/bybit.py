"""Bybit spot: public market data of its V5 API over websockets and REST, both ends of the wire.

Longer than most modules because one exchange is one file: tables, the client half, then the
server half that the simulated Bybit speaks. Sources: bybit-exchange/docs ``docs/v5`` (2026-07-24),
and recorded frames where they differ.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, ClassVar, Literal
from uuid import uuid4

import msgspec

from ..market.events import BookDelta, BookSnapshot, Candle, Level, Quote, Side, Ticker, Trade
from ..market.instrument import Instrument, Listing, Status, exchange_title
from ..market.interval import next_start
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
    Heartbeat,
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
    Tolerance,
    Topic,
    batches,
)
from .wire import OK, Millis, Number, Price, WireLevel, days, dump, levels, reader, step

logger = logging.getLogger(__name__)

# ---------------------------------------------------------------- tables

# Only Bybit's own client library names the second domain.
ENDPOINTS = (
    Endpoint("wss://stream.bybit.com", "https://api.bybit.com"),
    Endpoint("wss://stream.bytick.com", "https://api.bytick.com"),
)

PERIODS = {
    "1m": "1", "3m": "3", "5m": "5", "15m": "15", "30m": "30",
    "1h": "60", "2h": "120", "4h": "240", "6h": "360", "12h": "720",
    "1d": "D", "1w": "W", "1M": "M",
}  # fmt: skip
INTERVALS = {period: interval for interval, period in PERIODS.items()}

TOPICS = {
    Kind.TICKER: "tickers",
    Kind.TRADE: "publicTrade",
    Kind.QUOTE: "orderbook.1",
    Kind.CANDLE: "kline.{period}",
    Kind.BOOK: "orderbook.200",
}
DEPTHS = (50, 200, 1_000)

ARGS_PER_REQUEST = 10  # more are refused altogether, on spot
ARGS_LENGTH = 21_000  # characters of all topics of one connection
LANE = Lane("/v5/public/spot", 600)  # as many of the longest topics stay below ARGS_LENGTH

HEARTBEAT = Heartbeat(20.0, '{"req_id":"heartbeat","op":"ping"}')
SNAPSHOT_LEVELS = 200
FORBIDDEN, TOO_MANY_REQUESTS, NOT_FOUND = 403, 429, 404
TOO_MANY_VISITS = (10006, 10018)  # of a user, of an address
TOO_FREQUENT = b"too frequent"  # what a 403 says if it is not about the country

STATUSES: dict[str, Status] = {"Trading": "trading", "Closed": "delisted"}  # others: halted
SIDES: dict[str, Side] = {"Buy": "buy", "Sell": "sell"}

# ---------------------------------------------------------------- the wire's types

MOST = 1e24
Update = Annotated[int, msgspec.Meta(ge=0, le=10**18)]
Text = str | msgspec.UnsetType


class _Envelope(msgspec.Struct, gc=False):
    """Any frame: a push has a topic, the answer to a control message has not."""

    topic: str = ""
    type: str = ""
    data: msgspec.Raw = msgspec.Raw()
    ts: Millis | None = None
    cts: Millis | None = None
    cs: Update | None = None
    success: bool | None = None
    ret_msg: str = ""
    op: str = ""
    req_id: int | str | None = None


class _WireTrade(msgspec.Struct, gc=False):
    i: str
    T: Millis
    p: Price
    v: Number
    S: Literal["Buy", "Sell"]
    BT: bool = False


class _WireTicker(msgspec.Struct, gc=False):
    """A ticker, or what changed in it; a number that there is not is an empty text."""

    lastPrice: Text = msgspec.UNSET
    prevPrice24h: Text = msgspec.UNSET
    highPrice24h: Text = msgspec.UNSET
    lowPrice24h: Text = msgspec.UNSET
    bid1Price: Text = msgspec.UNSET
    ask1Price: Text = msgspec.UNSET
    volume24h: Text = msgspec.UNSET
    turnover24h: Text = msgspec.UNSET


class _WireDay(_WireTicker, gc=False, kw_only=True):
    """A ticker by REST, which names its symbol."""

    symbol: str


class _Days(msgspec.Struct, gc=False):
    rows: list[msgspec.Raw] = msgspec.field(name="list")


class _MarketReply(msgspec.Struct, gc=False):
    result: _Days
    time: Millis | None = None


class _WireBar(msgspec.Struct, gc=False):
    start: Millis
    open: Price
    close: Price
    high: Price
    low: Price
    volume: Number
    confirm: bool


class _WireBook(msgspec.Struct, gc=False):
    """An order book in a frame or a reply; replies have the times inside."""

    b: list[WireLevel]
    a: list[WireLevel]
    u: Update
    ts: Millis | None = None
    cts: Millis | None = None


class _WireLotFilter(msgspec.Struct):
    basePrecision: str = "0"


class _WirePriceFilter(msgspec.Struct):
    tickSize: str = "0"


class _WireSymbol(msgspec.Struct):
    symbol: str
    baseCoin: str
    quoteCoin: str
    status: str
    lotSizeFilter: _WireLotFilter = msgspec.field(default_factory=_WireLotFilter)
    priceFilter: _WirePriceFilter = msgspec.field(default_factory=_WirePriceFilter)


# start ms, O, H, L, C, base volume, quote turnover
_WireRow = tuple[Millis, Price, Price, Price, Price, Number, Number]


class _WireSymbols(msgspec.Struct):
    symbols: list[_WireSymbol] = msgspec.field(name="list")


class _WireRows(msgspec.Struct):
    rows: list[_WireRow] = msgspec.field(name="list")


class _SymbolsReply(msgspec.Struct):
    result: _WireSymbols


class _RowsReply(msgspec.Struct):
    result: _WireRows


class _BookReply(msgspec.Struct):
    result: _WireBook


class _TimeReply(msgspec.Struct):
    time: Millis


class _AnyReply(msgspec.Struct):
    retCode: int = 0
    retMsg: str = ""


class _WireControl(msgspec.Struct):
    """A control message as the simulated exchange reads it; other keys are borne."""

    op: str = ""
    args: list[Any] | None = None
    req_id: int | str | None = None


_read = reader("bybit")
_envelope = msgspec.json.Decoder(_Envelope)
_trades = msgspec.json.Decoder(list[_WireTrade], strict=False)
_ticker = msgspec.json.Decoder(_WireTicker)
_bars = msgspec.json.Decoder(list[_WireBar], strict=False)
_book = msgspec.json.Decoder(_WireBook, strict=False)
_symbols_reply = msgspec.json.Decoder(_SymbolsReply)
_market_reply = msgspec.json.Decoder(_MarketReply)
_market_day = msgspec.json.Decoder(_WireDay)
_rows_reply = msgspec.json.Decoder(_RowsReply, strict=False)
_book_reply = msgspec.json.Decoder(_BookReply, strict=False)
_time_reply = msgspec.json.Decoder(_TimeReply, strict=False)
_any_reply = msgspec.json.Decoder(_AnyReply)
_control = msgspec.json.Decoder(_WireControl)


def _number(text: Text) -> float | None:
    if not isinstance(text, str) or not text:
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise BadFrame(f"bybit: {text[:40]!r} is not a number") from error
    if not 0 <= value <= MOST:
        raise BadFrame(f"bybit: {text[:40]!r} is out of bounds")
    return value


def _price(text: Text) -> float | None:
    """A price of 0 is none."""
    return _number(text) or None


def _engine_time(wire: _Envelope) -> int | None:
    """When it was matched; older frames only tell when they were sent."""
    return wire.ts if wire.cts is None else wire.cts


# ---------------------------------------------------------------- the client half

JUMPS_WATCHED = 20


class _Statistics:
    """What is known of one symbol's last 24 hours: deltas only say what changed."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self._held: _WireTicker | None = None
        self._cross_sequence = 0

    def outdated(self, cross_sequence: int | None) -> bool:
        """Whether a frame is older than the one before it."""
        if cross_sequence is None:
            return False
        older = cross_sequence < self._cross_sequence
        self._cross_sequence = max(cross_sequence, self._cross_sequence)
        return older

    def update(self, wire: _WireTicker, *, whole: bool) -> _WireTicker | None:
        """All that is known now; None as long as there was no snapshot."""
        if whole:
            self._held = wire
        elif self._held is not None:
            self._held = _merged(self._held, wire)
        return self._held


def _merged(held: _WireTicker, change: _WireTicker) -> _WireTicker:
    pairs = zip(msgspec.structs.astuple(held), msgspec.structs.astuple(change), strict=True)
    return _WireTicker(*(old if new is msgspec.UNSET else new for old, new in pairs))


class _Chain:
    """The numbers of one book's frames.

    Bybit does not promise that ``u`` grows by one a frame, though all recordings show it. While it
    does, a jump is a loss; where most frames jump, it tells nothing.
    """

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._last: int | None = None
        self._contiguous = True
        self._jumps: deque[bool] = deque(maxlen=JUMPS_WATCHED)

    def begin(self, update: int) -> int:
        """The sequence of a snapshot."""
        self._last = update
        return update

    def follow(self, update: int) -> tuple[int, int] | None:
        """The previous sequence and the sequence of a delta; None if the numbering began anew."""
        last = self._last
        if last is None:
            self._last = update
            return update - 1, update
        if update <= last or update == 1:
            return None
        self._last = update
        self._watch(jumped=update != last + 1)
        return (update - 1 if self._contiguous else last), update

    def restart(self) -> tuple[int, int]:
        """Numbers that do not continue the book, so that it asks for a snapshot."""
        assert self._last is not None
        last, self._last = self._last, None
        return last + 1, last + 2

    def _watch(self, *, jumped: bool) -> None:
        self._jumps.append(jumped)
        if not jumped or not self._contiguous or len(self._jumps) < JUMPS_WATCHED:
            return
        if sum(self._jumps) * 2 > JUMPS_WATCHED:
            self._contiguous = False
            logger.warning("bybit: %s is not numbered one by one: losses go unseen", self._topic)


Route = Callable[[_Envelope], list[Event]]


class Bybit(Exchange):
    """The client half of Bybit spot."""

    name = "bybit"
    title = exchange_title("bybit")
    endpoints = ENDPOINTS
    limits = Limits(
        control_interval=0.1,
        connections=400,
        connections_window=300.0,
        weight=600,
        weight_window=5.0,
        forbidden_wait=600.0,  # a 403 lifts after ten minutes without a request
    )
    lanes: ClassVar = dict.fromkeys(Kind, LANE)
    intervals = tuple(PERIODS)
    candles_per_request = 1_000

    def __init__(self, catalogue: Catalogue, *, guess_symbols: bool = False) -> None:
        super().__init__(catalogue, guess_symbols=guess_symbols)
        self._last_id = 0
        self._asked: dict[str, dict[str, Channel]] = {}  # by request, by topic
        self._routes: dict[str, Route] = {}

    def symbol(self, instrument: Instrument) -> str:
        """``BTCUSDT``: no separator."""
        return _symbol(instrument)

    def topic(self, channel: Channel) -> str:
        """``kline.60.BTCUSDT``"""
        form = TOPICS[channel.kind]
        if channel.kind is Kind.CANDLE:
            form = form.format(period=PERIODS[channel.interval])
        return f"{form}.{self.symbol(channel.instrument)}"

    def subscribe(self, channels: Sequence[Channel]) -> list[str]:
        """Requests of as many topics as Bybit takes at once."""
        self.learn(channel.instrument for channel in channels)
        requests = []
        for batch in batches(channels, ARGS_PER_REQUEST):
            topics = {self.topic(channel): channel for channel in batch}
            requests.append(self._request("subscribe", topics))
            self._asked[str(self._last_id)] = topics
        return requests

    def unsubscribe(self, channels: Sequence[Channel]) -> list[str]:
        """Requests as those of ``subscribe``."""
        topics = [self.topic(channel) for channel in channels]
        return [self._request("unsubscribe", batch) for batch in batches(topics, ARGS_PER_REQUEST)]

    def _request(self, op: str, topics: Iterable[str]) -> str:
        self._last_id += 1
        return dump({"req_id": str(self._last_id), "op": op, "args": [*topics]})

    def heartbeat(self) -> Heartbeat:
        """A ping as text: without it a quiet connection is cut after ten minutes."""
        return HEARTBEAT

    def decode(self, frame: bytes | str) -> list[Event]:
        """Read a frame: the topic alone says what it is and of which symbol."""
        wire = _read(_envelope, frame)
        if not wire.topic:
            return self._on_answer(wire)
        route = self._routes.get(wire.topic)
        if route is None:
            route = self._routes[wire.topic] = self._route(wire.topic)
        return route(wire)

    def _route(self, topic: str) -> Route:
        head, _, symbol = topic.rpartition(".")
        name, _, form = head.partition(".")
        instrument = self.instrument(symbol)
        if head == "publicTrade":
            return partial(self._on_trades, instrument)
        if head == "tickers":
            return partial(self._on_ticker, _Statistics(instrument))
        if head == "orderbook.1":
            return partial(self._on_quote, instrument)
        if name == "kline" and form in INTERVALS:
            return partial(self._on_candles, instrument, INTERVALS[form])
        if name == "orderbook" and form in map(str, DEPTHS):
            return partial(self._on_book, instrument, int(form), _Chain(topic))
        raise BadFrame(f"bybit: unknown topic {topic[:80]!r}")

    def _on_trades(self, instrument: Instrument, wire: _Envelope) -> list[Event]:
        """``[{"i":"2290000000000000071","T":…,"p":"83805.1","v":"0.0014","S":"Buy","BT":false,…}]``

        ``S`` is the taker's side. Block trades were agreed upon elsewhere and print any price.
        """
        return [
            Trade(instrument, trade.T, trade.i, trade.p, trade.v, SIDES[trade.S])
            for trade in _read(_trades, wire.data)
            if not trade.BT
        ]

    def _on_ticker(self, statistics: _Statistics, wire: _Envelope) -> list[Event]:
        """``{"symbol":"BTCUSDT","lastPrice":"83805.1","prevPrice24h":"82600.2",…}``: no bid or ask.

        Spot sends snapshots only, perpetuals what changed since; ``cs`` beside it never falls.
        """
        change = _read(_ticker, wire.data)
        if statistics.outdated(wire.cs):
            return []
        known = statistics.update(change, whole=wire.type == "snapshot")
        return [_statistics(statistics.instrument, known, wire.ts)] if known else []

    def _on_quote(self, instrument: Instrument, wire: _Envelope) -> list[Event]:
        """``{"s":"BTCUSDT","b":[["83805","0.15"]],"a":[["83805.1","0.99"]],"u":9132001,"seq":…}``

        Always whole, and repeated every 3 s under the same ``u``.
        """
        book = _read(_book, wire.data)
        if not (book.b and book.a):
            return []
        (bid, bid_size), (ask, ask_size) = book.b[0], book.a[0]
        return [Quote(instrument, _engine_time(wire), bid, bid_size, ask, ask_size, book.u)]

    def _on_candles(self, instrument: Instrument, interval: str, wire: _Envelope) -> list[Event]:
        """``[{"start":1795350840000,"interval":"1","open":"83800",…,"confirm":false,…}]``"""
        return [
            Candle(
                instrument, interval, bar.start, bar.open, bar.high, bar.low, bar.close,
                bar.volume, bar.confirm,
            )
            for bar in _read(_bars, wire.data)
        ]  # fmt: skip

    def _on_book(
        self, instrument: Instrument, depth: int, chain: _Chain, wire: _Envelope
    ) -> list[Event]:
        """``{"s":"BTCUSDT","b":[["83804.9","0"]],"a":[],"u":24551002,"seq":115058638880}``

        A snapshot may come at any time. A delta whose number is not above the last one's shows
        that the numbering began anew: what it changes is unknown, so it only breaks the book.
        """
        book, time = _read(_book, wire.data), _engine_time(wire)
        bids, asks = levels(book.b), levels(book.a)
        if wire.type == "snapshot":
            return [BookSnapshot(instrument, time, chain.begin(book.u), bids, asks, depth)]
        if wire.type != "delta":
            raise BadFrame(f"bybit: unknown type {wire.type[:40]!r} of {wire.topic[:80]}")
        numbers = chain.follow(book.u)
        if numbers is None:
            return [BookDelta(instrument, time, *chain.restart(), (), ())]
        return [BookDelta(instrument, time, *numbers, bids, asks)]

    def _on_answer(self, wire: _Envelope) -> list[Event]:
        """``{"success":true,"ret_msg":"subscribe","conn_id":…,"req_id":"1","op":"subscribe"}``

        The wording differs between markets and ``op`` of a pong is ``ping`` on some.
        """
        if "pong" in (wire.ret_msg, wire.op):
            return []
        if wire.success is None:
            raise BadFrame("bybit: neither data nor an answer")
        request = self._request_meant(wire)
        channels = tuple(self._asked.pop(request, {}).values())
        if wire.success or (len(channels) < 2 and "already subscribed" in wire.ret_msg):
            return [Acknowledged(request)]
        return [Rejected(request, 0, wire.ret_msg, channels)]

    def _request_meant(self, wire: _Envelope) -> str:
        """The request that is answered: refusals may leave its id out and name a topic."""
        if wire.req_id not in (None, ""):
            return str(wire.req_id)
        if wire.success:
            return ""
        named = _topics_named(wire.ret_msg)
        holding = [request for request, topics in self._asked.items() if named & topics.keys()]
        if holding:
            return holding[0]
        return next(iter(self._asked)) if len(self._asked) == 1 and not named else ""

    def instruments_request(self) -> Request:
        """All spot symbols come in one page."""
        return Request("/v5/market/instruments-info", {"category": "spot"})

    def parse_instruments(self, body: bytes) -> list[Listing]:
        """The step of a quantity is ``basePrecision`` on spot."""
        return [self._listing(wire) for wire in _read(_symbols_reply, body).result.symbols]

    def _listing(self, wire: _WireSymbol) -> Listing:
        return Listing(
            Instrument(self.name, wire.baseCoin.upper(), wire.quoteCoin.upper()),
            wire.symbol,
            tick_size=step("bybit", wire.priceFilter.tickSize),
            lot_size=step("bybit", wire.lotSizeFilter.basePrecision),
            status=STATUSES.get(wire.status, "halted"),
        )

    def market_request(self) -> Request:
        """All spot tickers; there is no stream of them."""
        return Request("/v5/market/tickers", {"category": "spot"})

    def parse_market(self, body: bytes, now: int) -> list[Ticker]:
        """``{"result":{"list":[{"symbol":"BTCUSDT","lastPrice":"83805.1","prevPrice24h":…},…]},
        "time":179…}``
        """
        reply = _read(_market_reply, body)
        time = now if reply.time is None else reply.time
        return days(reply.result.rows, lambda row: self._ticker_of(row, time))

    def _ticker_of(self, row: msgspec.Raw, time: int) -> Ticker | None:
        wire = _read(_market_day, row)
        instrument = self.catalogue.by_symbol.get(wire.symbol)
        return None if instrument is None else _statistics(instrument, wire, time)

    def candles_request(
        self, instrument: Instrument, interval: str, end: int | None, limit: int, now: int
    ) -> Request:
        """Without a category it would be perpetuals; ``end`` includes a candle that starts then."""
        query = {**self._spot(instrument), "interval": PERIODS[interval], "limit": str(limit)}
        if end is not None:
            query["end"] = str(end - 1)
        return Request("/v5/market/kline", query)

    def parse_candles(
        self, body: bytes, instrument: Instrument, interval: str, now: int
    ) -> list[Candle]:
        """Rows are newest first, and none says whether it is closed."""
        return [
            Candle(
                instrument, interval, start, opened, high, low, close, volume,
                next_start(interval, start) <= now,
            )
            for start, opened, high, low, close, volume, _ in reversed(
                _read(_rows_reply, body).result.rows
            )
        ]  # fmt: skip

    def depth_request(self, instrument: Instrument) -> Request:
        """As many levels as the stream has."""
        query = {**self._spot(instrument), "limit": str(SNAPSHOT_LEVELS)}
        return Request("/v5/market/orderbook", query)

    def parse_depth(self, body: bytes, instrument: Instrument) -> BookSnapshot:
        """``u`` is the number of another stream (of 1,000 levels), so it is left out."""
        book = _read(_book_reply, body).result
        time = book.ts if book.cts is None else book.cts
        return BookSnapshot(instrument, time, None, levels(book.b), levels(book.a))

    def _spot(self, instrument: Instrument) -> dict[str, str]:
        return {"category": "spot", "symbol": self.symbol(instrument)}

    def time_request(self) -> Request:
        """The exchange's clock."""
        return Request("/v5/market/time")

    def parse_time(self, body: bytes) -> int:
        """``{"retCode":0,…,"time":1795350840423}``: every reply has it."""
        return _read(_time_reply, body).time

    @staticmethod
    def complaint(status: int, body: bytes) -> Complaint | None:
        """``{"retCode":10001,"retMsg":"Not supported symbols",…}`` comes with a status of 200.

        A 403 is either a country that is not served, or requests that came too often.
        """
        try:
            wire = _read(_any_reply, body)
        except BadFrame:
            wire = _AnyReply()
        if status == OK and not wire.retCode:
            return None
        too_many = (
            wire.retCode in TOO_MANY_VISITS
            or status == TOO_MANY_REQUESTS
            or (status == FORBIDDEN and TOO_FREQUENT in body.lower())
        )
        return Complaint(wire.retCode or status, wire.retMsg, too_many)


def _statistics(instrument: Instrument, wire: _WireTicker, time: int | None) -> Ticker:
    return Ticker(
        instrument,
        time,
        last=_price(wire.lastPrice),
        bid=_price(wire.bid1Price),
        ask=_price(wire.ask1Price),
        open=_price(wire.prevPrice24h),
        high=_price(wire.highPrice24h),
        low=_price(wire.lowPrice24h),
        base_volume=_number(wire.volume24h),
        quote_volume=_number(wire.turnover24h),
    )


def _topics_named(words: str) -> set[str]:
    """``Invalid symbol :[tickers.NOPEUSDT]``, ``error:handler not found,topic:tickers.NOPEUSDT``"""
    for mark in "[],:":
        words = words.replace(mark, " ")
    return {word for word in words.split() if "." in word}


# ---------------------------------------------------------------- the server half

FIRST_UPDATE = 24_551_000  # any but 1, which means that the service was restarted
ROWS_LIMIT, DEFAULT_ROWS = 1_000, 200
LEVELS_LIMIT, DEFAULT_LEVELS = 1_000, 1
TRADES_LIMIT = 60
PARAMETER_ERROR, NO_ROUTE = 10001, 10017

# Every topic of one symbol, by what precedes the symbol; periods in seconds.
FORMS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic("publicTrade", Feed.AGGREGATE, None),
        Topic("tickers", Feed.TICKER, None, 0.1, opening=True, on_change=True),
        Topic("orderbook.1", Feed.QUOTE, None, 0.02, opening=True, on_change=True),
        *(
            Topic(
                f"orderbook.{levels}", Feed.BOOK_DELTAS, None, period, levels=levels, opening=True
            )
            for levels, period in zip(DEPTHS, (0.1, 0.1, 0.2), strict=True)
        ),
        *(
            Topic(f"kline.{period}", Feed.CANDLE, None, 1.0, interval, opening=True)
            for interval, period in PERIODS.items()
        ),
    )
}


class BybitServer(Server):
    """The server half of Bybit spot: what one client of the simulated exchange talks to."""

    tolerance = Tolerance(silence=600.0)

    def __init__(self, market: MarketView, path: str, query: Mapping[str, str]) -> None:
        super().__init__(market, path, query)
        self._by_symbol = {each.symbol: each.instrument for each in market.listings}
        self._connection = str(uuid4())

    @staticmethod
    def accepts(path: str) -> bool:
        """One socket, and it is spot's."""
        return path.rstrip("/") == LANE.path

    def receive(self, text: str) -> list[str]:
        """Each request has one answer, whatever it asks for."""
        try:
            request = _control.decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            request = _WireControl()
        match request.op:
            case "ping":
                return [self._answer(request, "pong")]
            case "subscribe":
                return [self._subscribe(request)]
            case "unsubscribe":
                return [self._unsubscribe(request)]
        return [self._answer(request, "error:invalid op", success=False)]

    def _subscribe(self, request: _WireControl) -> str:
        """One topic that cannot be had spoils the whole request."""
        names = [str(name) for name in request.args or ()]
        if len(names) > ARGS_PER_REQUEST:
            return self._answer(request, f"args size >{ARGS_PER_REQUEST}", success=False, id=False)
        strange = [name for name in names if name.rpartition(".")[2] not in self._by_symbol]
        if strange:
            words = f"Invalid symbol :[{' '.join(strange)}]"
            return self._answer(request, words, success=False, id=False)
        refusal = next(filter(None, map(self._refusal, names)), "")
        if refusal or self._length(names) > ARGS_LENGTH:
            # Nobody wrote down the words for too long a list.
            words = refusal or f"error:args length >{ARGS_LENGTH}"
            return self._answer(request, words, success=False)
        self.topics.update({name: self._topic(name) for name in names})
        return self._answer(request, request.op)

    def _unsubscribe(self, request: _WireControl) -> str:
        for name in map(str, request.args or ()):
            self.topics.pop(name, None)
        return self._answer(request, request.op)

    def _refusal(self, name: str) -> str:
        if name.rpartition(".")[0] not in FORMS:
            return f"error:handler not found,topic:{name}"
        return f"error:already subscribed,topic:{name}" if name in self.topics else ""

    def _length(self, names: Iterable[str]) -> int:
        return sum(map(len, {*self.topics, *names}))

    def _topic(self, name: str) -> Topic:
        form, _, symbol = name.rpartition(".")
        return FORMS[form]._replace(name=name, instrument=self._by_symbol[symbol])

    def _answer(
        self, request: _WireControl, words: str, *, success: bool = True, id: bool = True
    ) -> str:
        """Some refusals do not say which request they are about."""
        answer: dict[str, Any] = {
            "success": success, "ret_msg": words, "conn_id": self._connection
        }  # fmt: skip
        if id and request.req_id is not None:
            answer["req_id"] = str(request.req_id)
        return dump({**answer, "op": request.op})

    def frame(self, topic: Topic, payload: str) -> str:
        """All clients get the same."""
        return payload

    @staticmethod
    def encode(topic: Topic, event: Published, sending: Sending) -> str:
        """An event as a frame of its topic."""
        return dump(_frame(topic, event, sending))

    @staticmethod
    def answer(market: MarketView, call: Call) -> Reply:
        """The public REST endpoints that market-data clients use."""
        handler = ENDPOINTS_SERVED.get(call.path)
        if handler is None or call.method != "GET":
            return _reply(market, {}, NO_ROUTE, "Route not found.", status=NOT_FOUND)
        try:
            return _reply(market, handler(market, call.query))
        except _Complaint as complaint:
            return _reply(market, {}, PARAMETER_ERROR, str(complaint))


Json = dict[str, Any]


class _Complaint(Exception):
    """A REST request with a parameter that Bybit would refuse, with its words."""


def _symbol(instrument: Instrument) -> str:
    return f"{instrument.base}{instrument.quote_ccy}"


def _plain(value: float | None) -> str:
    """Without trailing zeros, as spot writes numbers."""
    return "" if value is None else plain(value)


def _rows(levels: Iterable[Level]) -> list[list[str]]:
    return [[plain(price), plain(size)] for price, size in levels]


def _frame(topic: Topic, event: Published, sending: Sending) -> Json:
    match event:
        case Day():
            return _ticker_frame(topic, event, sending)
        case Match():
            return _trades_frame(topic, [event], sending)
        case Bar():
            return _candles_frame(topic, [event], sending)
        case Quote():
            bids = (Level(event.bid, event.bid_size),)
            asks = (Level(event.ask, event.ask_size),)
            book = BookSnapshot(event.instrument, event.time, event.sequence, bids, asks)
            return _book_frame(topic, book, sending)
        case BookSnapshot() | BookDelta():
            return _book_frame(topic, event, sending)
    assert not isinstance(event, Beat | Trade)
    if topic.feed is Feed.CANDLE:
        newest = [bar for bar in event if isinstance(bar, Bar)][-1:]
        return _candles_frame(topic, newest, sending)
    return _trades_frame(topic, [match for match in event if isinstance(match, Match)], sending)


def _ticker_frame(topic: Topic, day: Day, sending: Sending) -> Json:
    ticker = day.ticker
    data = {"symbol": _symbol(ticker.instrument), **_statistics_row(ticker)}
    return {
        "topic": topic.name, "ts": sending.now if ticker.time is None else ticker.time,
        "type": "snapshot", "cs": day.last_trade, "data": data,
    }  # fmt: skip


def _statistics_row(ticker: Ticker) -> Json:
    index = ticker.last if ticker.instrument.quote_ccy.startswith("USD") else None
    return {
        "lastPrice": _plain(ticker.last), "highPrice24h": _plain(ticker.high),
        "lowPrice24h": _plain(ticker.low), "prevPrice24h": _plain(ticker.open),
        "volume24h": _plain(ticker.base_volume), "turnover24h": _plain(ticker.quote_volume),
        "price24hPcnt": plain(round(ticker.change or 0.0, 4)), "usdIndexPrice": _plain(index),
    }  # fmt: skip


def _trades_frame(topic: Topic, matches: Sequence[Match], sending: Sending) -> Json:
    data = [
        {"i": fill.id, "T": fill.time, "p": plain(fill.price), "v": plain(fill.size),
         "S": fill.side.title(), "seq": match.id, "s": _symbol(fill.instrument), "BT": False,
         "RPI": False}
        for match in matches
        for fill in match.fills
    ]  # fmt: skip
    return {"topic": topic.name, "ts": sending.now, "type": "snapshot", "data": data}


def _candles_frame(topic: Topic, bars: Sequence[Bar], sending: Sending) -> Json:
    data = [_bar(bar, sending.now) for bar in bars]
    return {"topic": topic.name, "ts": sending.now, "type": "snapshot", "data": data}


def _bar(bar: Bar, now: int) -> Json:
    candle = bar.candle
    return {
        "start": candle.start, "end": next_start(candle.interval, candle.start) - 1,
        "interval": PERIODS[candle.interval], "open": plain(candle.open),
        "close": plain(candle.close), "high": plain(candle.high), "low": plain(candle.low),
        "volume": plain(candle.volume), "turnover": plain(bar.quote_volume),
        "confirm": candle.closed, "timestamp": now,
    }  # fmt: skip


def _book_frame(topic: Topic, book: BookSnapshot | BookDelta, sending: Sending) -> Json:
    """``u`` counts the frames of this topic, ``seq`` is the same on all of them."""
    data = {
        "s": _symbol(book.instrument), "b": _rows(book.bids), "a": _rows(book.asks),
        "u": FIRST_UPDATE + sending.number, "seq": book.sequence,
    }  # fmt: skip
    return {
        "topic": topic.name, "ts": sending.now,
        "type": "snapshot" if isinstance(book, BookSnapshot) else "delta", "data": data,
        "cts": sending.now if book.time is None else book.time,
    }  # fmt: skip


# ---------------------------------------------------------------- REST, served


def _reply(
    market: MarketView, result: Json, code: int = 0, words: str = "OK", status: int = OK
) -> Reply:
    body = {
        "retCode": code, "retMsg": words, "result": result, "retExtInfo": {}, "time": market.now
    }  # fmt: skip
    return Reply(status, dump(body).encode())


def _category(query: Mapping[str, str], default: str = "") -> str:
    category = query.get("category", default)
    if category not in ("spot", "linear", "inverse", "option"):
        raise _Complaint("params error: Category is invalid")
    return category


def _listed(market: MarketView, query: Mapping[str, str], category: str) -> list[Listing]:
    """``symbol=A``, or all; nothing but spot is simulated."""
    listed = [each for each in market.listings if category == "spot" and each.status == "trading"]
    if "symbol" not in query:
        return listed
    return [_known(listed, query["symbol"])]


def _known(listed: Iterable[Listing], symbol: str) -> Listing:
    for listing in listed:
        if listing.symbol == symbol:
            return listing
    raise _Complaint("Not supported symbols")


def _instrument(market: MarketView, query: Mapping[str, str], category: str) -> Instrument:
    listed = _listed(market, {}, category)
    return _known(listed, query.get("symbol", "")).instrument


def _whole(query: Mapping[str, str], name: str) -> int | None:
    if not query.get(name):
        return None
    if not query[name].isdecimal():
        raise _Complaint(f"params error: {name} is invalid")
    return int(query[name])


def _limit(query: Mapping[str, str], default: int, most: int) -> int:
    return max(1, min(most, _whole(query, "limit") or default))


def _rest_time(market: MarketView, query: Mapping[str, str]) -> Json:
    return {"timeSecond": str(market.now // 1000), "timeNano": f"{market.now}000000"}


def _rest_instruments(market: MarketView, query: Mapping[str, str]) -> Json:
    category = _category(query)
    rows = [_info(each) for each in _listed(market, query, category)]
    cursor = {} if category == "spot" else {"nextPageCursor": ""}
    return {"category": category, "list": rows, **cursor}


def _info(listing: Listing) -> Json:
    lot = format(listing.lot_size or 0, "f")
    return {
        "symbol": listing.symbol, "baseCoin": listing.instrument.base,
        "quoteCoin": listing.instrument.quote_ccy, "innovation": "0", "status": "Trading",
        "marginTrading": "none", "stTag": "0",
        "lotSizeFilter": {
            "basePrecision": lot, "quotePrecision": "0.00000001", "minOrderQty": lot,
            "maxOrderQty": "900000000", "minOrderAmt": "5", "maxOrderAmt": "9000000",
            "maxLimitOrderQty": "900000000", "maxMarketOrderQty": "450000000",
            "postOnlyMaxLimitOrderSize": "900000000",
        },
        "priceFilter": {"tickSize": format(listing.tick_size or 0, "f")},
        "riskParameters": {"priceLimitRatioX": "0.005", "priceLimitRatioY": "0.01"},
        "symbolType": "",
    }  # fmt: skip


def _rest_candles(market: MarketView, query: Mapping[str, str]) -> Json:
    """Without a category it is about perpetuals."""
    category = _category(query, "linear")
    instrument = _instrument(market, query, category)
    interval = INTERVALS.get(query.get("interval", ""))
    if interval is None:
        raise _Complaint("Invalid period!")
    start, end = _whole(query, "start"), _whole(query, "end")
    bars = market.bars(instrument, interval, start, end, _limit(query, DEFAULT_ROWS, ROWS_LIMIT))
    rows = [_candle_row(bar) for bar in reversed(bars)]
    return {"symbol": _symbol(instrument), "category": category, "list": rows}


def _candle_row(bar: Bar) -> list[str]:
    candle = bar.candle
    return [
        str(candle.start), plain(candle.open), plain(candle.high), plain(candle.low),
        plain(candle.close), plain(candle.volume), plain(bar.quote_volume),
    ]  # fmt: skip


def _rest_book(market: MarketView, query: Mapping[str, str]) -> Json:
    instrument = _instrument(market, query, _category(query))
    book = market.book(instrument, _limit(query, DEFAULT_LEVELS, LEVELS_LIMIT))
    return {
        "s": _symbol(instrument), "a": _rows(book.asks), "b": _rows(book.bids),
        "ts": market.now, "u": book.sequence, "seq": book.sequence,
        "cts": market.now if book.time is None else book.time,
    }  # fmt: skip


def _rest_tickers(market: MarketView, query: Mapping[str, str]) -> Json:
    category = _category(query)
    rows = [_ticker_row(market.day(each.instrument)) for each in _listed(market, query, category)]
    return {"category": category, "list": rows}


def _ticker_row(day: Day) -> Json:
    ticker = day.ticker
    return {
        "symbol": _symbol(ticker.instrument), "bid1Price": _plain(ticker.bid),
        "bid1Size": plain(day.bid_size), "ask1Price": _plain(ticker.ask),
        "ask1Size": plain(day.ask_size), **_statistics_row(ticker),
    }  # fmt: skip


def _rest_trades(market: MarketView, query: Mapping[str, str]) -> Json:
    category = _category(query)
    instrument = _instrument(market, query, category)
    limit = _limit(query, TRADES_LIMIT, TRADES_LIMIT)
    rows = [
        {"execId": fill.id, "symbol": _symbol(instrument), "price": plain(fill.price),
         "size": plain(fill.size), "side": fill.side.title(), "time": str(fill.time),
         "isBlockTrade": False, "isRPITrade": False, "seq": str(match.id)}
        for match in reversed(market.matches(instrument, limit))
        for fill in reversed(match.fills)
    ]  # fmt: skip
    return {"category": category, "list": rows[:limit]}


def _rest_status(market: MarketView, query: Mapping[str, str]) -> Json:
    return {"list": []}


Served = Callable[[MarketView, Mapping[str, str]], Json]
ENDPOINTS_SERVED: dict[str, Served] = {
    "/v5/market/time": _rest_time,
    "/v5/market/instruments-info": _rest_instruments,
    "/v5/market/kline": _rest_candles,
    "/v5/market/orderbook": _rest_book,
    "/v5/market/tickers": _rest_tickers,
    "/v5/market/recent-trade": _rest_trades,
    "/v5/system/status": _rest_status,
}
