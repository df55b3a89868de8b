"""OKX V5 spot: public market data over two sockets and REST, both ends of the wire.

Longer than most modules because one exchange is one file: tables, the client half, then the
server half that the simulated OKX speaks. Sources: okx.com/docs-v5/en and its changelog
(2026-07 and 2026-08), and recorded frames where they differ.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from ..market.events import BookDelta, BookSnapshot, Candle, Level, Quote, Side, Ticker, Trade
from ..market.instrument import Instrument, Listing, exchange_title
from ..market.interval import milliseconds, next_start
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
    Endpoint,
    Event,
    Exchange,
    Feed,
    Heartbeat,
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
    ServerClosing,
    Tolerance,
    Topic,
    batches,
)
from .wire import OK, UNREADABLE, Millis, Number, Price, T, days, dump, reader, step

# ---------------------------------------------------------------- tables

# Offices often block port 8443, so 443 comes first.
ENDPOINTS = (
    Endpoint("wss://ws.okx.com", "https://openapi.okx.com"),
    Endpoint("wss://ws.okx.com:8443", "https://www.okx.com"),
)

PUBLIC = Lane("/ws/v5/public", 240)
BUSINESS = Lane("/ws/v5/business", 240)  # candles moved there on 2023-06-20
LANES = {
    Kind.TICKER: PUBLIC,
    Kind.TRADE: PUBLIC,
    Kind.QUOTE: PUBLIC,
    Kind.CANDLE: BUSINESS,
    Kind.BOOK: PUBLIC,
}

NAMES = {
    Kind.TICKER: "tickers",
    Kind.TRADE: "trades",
    Kind.QUOTE: "bbo-tbt",
    Kind.BOOK: "books",
}

# Without "utc" the long bars open at midnight of UTC+8.
BARS = {
    "1s": "1s", "1m": "1m", "3m": "3m", "5m": "5m", "15m": "15m", "30m": "30m",
    "1h": "1H", "2h": "2H", "4h": "4H", "6h": "6Hutc", "12h": "12Hutc",
    "1d": "1Dutc", "3d": "3Dutc", "1w": "1Wutc", "1M": "1Mutc",
}  # fmt: skip
INTERVALS = {
    **{bar: interval for interval, bar in BARS.items()},
    **{bar.removesuffix("utc"): interval for interval, bar in BARS.items()},
}

DEPTHS = {"books": 400, "books5": 5, "books50-l2-tbt": 50, "books-l2-tbt": 400}
DEPTH = DEPTHS["books"]
ARGUMENTS = 100  # a request; the documented limit is 64 KB for the list
CANDLES_PER_REQUEST = 300
HISTORY_WEIGHT, HEAVY = 2, 4  # 20 and 10 requests per 2 s instead of 40

TOO_MANY_REQUESTS = 429
TOO_OFTEN = 60014
TOO_MANY = {50011, 50040, 50061}
SERVICE_UPGRADE = "64008"
PING, PONG = "ping", "pong"
PONGS = (PONG, PONG.encode())

# ---------------------------------------------------------------- the wire's types

# Numbers are strings on the wire, empty where there is none.
Count = Annotated[int, msgspec.Meta(ge=0, le=10**18)]
UpdateId = Annotated[int, msgspec.Meta(ge=-1, le=10**18)]
Maybe = Number | Literal[""]


class _Argument(msgspec.Struct, gc=False):
    """Which stream: ``{"channel":"tickers","instId":"BTC-USDT"}``."""

    channel: str
    instId: str = ""


class _Envelope(msgspec.Struct, gc=False):
    """Any frame but "pong": data of a stream, or an answer, which has an ``event``."""

    arg: _Argument | None = None
    action: str = ""
    data: msgspec.Raw = msgspec.Raw()
    event: str = ""
    code: str = ""
    msg: str = ""
    id: int | str | None = None


class _WireTicker(msgspec.Struct, gc=False):
    ts: Millis
    last: Maybe = ""
    bidPx: Maybe = ""
    bidSz: Maybe = ""
    askPx: Maybe = ""
    askSz: Maybe = ""
    open24h: Maybe = ""
    high24h: Maybe = ""
    low24h: Maybe = ""
    vol24h: Maybe = ""
    volCcy24h: Maybe = ""


class _WireDay(_WireTicker, gc=False, kw_only=True):
    """A ticker by REST, which names its instrument."""

    instId: str


class _WireTrade(msgspec.Struct, gc=False):
    """``count`` is not given in frames of 2022, and not in those of single fills."""

    tradeId: Count
    px: Price
    sz: Number
    side: Side
    ts: Millis
    count: Count = 0


class _WireLevel(msgspec.Struct, gc=False, array_like=True):
    """Price, size, a dead "0", the number of orders; only the first two everywhere."""

    price: Price
    size: Number


class _WireBook(msgspec.Struct, gc=False):
    """A whole book, its top or changes of it; frames of 2022 have no sequence."""

    asks: list[_WireLevel]
    bids: list[_WireLevel]
    ts: Millis
    seqId: UpdateId | None = None
    prevSeqId: UpdateId | None = None


class _WireRow(msgspec.Struct, gc=False, array_like=True):
    """A candle; frames of 2022 end after ``quote_volume``, which is of no use to us."""

    start: Millis
    open: Price
    high: Price
    low: Price
    close: Price
    volume: Number
    quote_volume: Maybe = ""
    quote_volume_again: Maybe = ""
    confirm: str = ""


class _WireInstrument(msgspec.Struct):
    instId: str
    baseCcy: str
    quoteCcy: str
    state: str
    tickSz: str = ""
    lotSz: str = ""


class _WireTime(msgspec.Struct):
    ts: Millis


class _WireStatus(msgspec.Struct):
    code: str = "0"
    msg: str = ""


class _WireControl(msgspec.Struct):
    """A control message as the simulated exchange reads it; other keys are borne."""

    op: str
    args: list[dict[str, Any]]
    id: int | str | None = None


_read = reader("okx")
_envelope = msgspec.json.Decoder(_Envelope)
_tickers = msgspec.json.Decoder(list[_WireTicker], strict=False)
_trades = msgspec.json.Decoder(list[_WireTrade], strict=False)
_books = msgspec.json.Decoder(list[_WireBook], strict=False)
_rows = msgspec.json.Decoder(list[_WireRow], strict=False)
_days = msgspec.json.Decoder(list[msgspec.Raw])
_market_day = msgspec.json.Decoder(_WireDay, strict=False)
_instruments = msgspec.json.Decoder(list[_WireInstrument])
_times = msgspec.json.Decoder(list[_WireTime], strict=False)
_status = msgspec.json.Decoder(_WireStatus)
_control = msgspec.json.Decoder(_WireControl)


def _given(value: float | str) -> float | None:
    """Empty text is how OKX says that there is no such value."""
    return None if isinstance(value, str) else value


def _price(value: float | str) -> float | None:
    """A price of 0 is none either: the pair was never traded."""
    return _given(value) or None


def _levels(rows: Iterable[_WireLevel]) -> tuple[Level, ...]:
    return tuple([Level(row.price, row.size) for row in rows])


class _Chain:
    """The numbers of one book's frames, turned into numbers that only rise.

    OKX starts its numbers again in maintenance, which the book's rule would take for old news. So
    what is told is the wire's number plus an offset, 0 until that happens.
    """

    __slots__ = ("_last", "_offset")

    def __init__(self, last: int) -> None:
        self._last = last
        self._offset = 0

    def restart(self, sequence: int) -> int:
        """A snapshot came: it replaces everything told before."""
        self._offset = 0
        self._last = sequence
        return sequence

    def follow(self, previous: int, sequence: int) -> tuple[int, int]:
        """An update came: what it continues, and what it leads to."""
        if previous < self._last:  # a gap behind a restart, which must not look like old news
            self._offset += self._last + 1 - previous
        start = previous + self._offset
        if sequence < previous:
            self._offset = start + 1 - sequence
        self._last = sequence
        return start, sequence + self._offset

    def count(self) -> tuple[int, int]:
        """An update without numbers came."""
        return self.follow(self._last, self._last + 1)


# ---------------------------------------------------------------- the client half


class Okx(Exchange):
    """The client half of OKX spot."""

    name = "okx"
    title = exchange_title("okx")
    endpoints = ENDPOINTS
    limits = Limits(
        control_interval=0.1,
        controls_per_hour=440,  # of 480 subscribe and unsubscribe requests
        connections=2,  # of 3
        connections_window=1.0,
        weight=40,
        weight_window=2.0,
        forbidden_wait=120.0,
    )
    lanes: ClassVar = LANES
    intervals = tuple(BARS)
    candles_per_request = CANDLES_PER_REQUEST
    book_snapshot_joins = True
    row_kinds = (Kind.TICKER, Kind.TRADE)  # the ticker has bid and ask every 100 ms

    def __init__(self, catalogue: Catalogue, *, guess_symbols: bool = False) -> None:
        super().__init__(catalogue, guess_symbols=guess_symbols)
        self._last_id = 0
        self._asked: dict[str, list[Channel]] = {}  # by request, until answered
        self._last_trades: dict[tuple[str, str], int] = {}
        self._chains: dict[tuple[str, str], _Chain] = {}

    def symbol(self, instrument: Instrument) -> str:
        """``BTC-USDT``"""
        return f"{instrument.base}-{instrument.quote_ccy}"

    def subscribe(self, channels: Sequence[Channel]) -> list[str]:
        """Requests that are remembered until they are answered, channel by channel."""
        self.learn(channel.instrument for channel in channels)
        requests = []
        for batch in batches(channels, ARGUMENTS):
            requests.append(self._request("subscribe", batch))
            self._asked[str(self._last_id)] = list(batch)
        return requests

    def unsubscribe(self, channels: Sequence[Channel]) -> list[str]:
        """Requests of as many channels as for ``subscribe``."""
        return [self._request("unsubscribe", batch) for batch in batches(channels, ARGUMENTS)]

    def _request(self, operation: str, channels: Sequence[Channel]) -> str:
        self._last_id += 1
        arguments = [
            {"channel": _channel_name(channel), "instId": self.symbol(channel.instrument)}
            for channel in channels
        ]
        return dump({"id": str(self._last_id), "op": operation, "args": arguments})

    def heartbeat(self) -> Heartbeat:
        """The bare word, below the 30 s of silence after which OKX cuts."""
        return Heartbeat(20.0, PING)

    def decode(self, frame: bytes | str) -> list[Event]:
        """Read a frame; "pong" is not JSON."""
        if frame in PONGS:
            return []
        envelope = _read(_envelope, frame)
        if envelope.event:
            return self._on_answer(envelope)
        argument = envelope.arg
        if argument is None:
            raise BadFrame("okx: neither data nor an answer")
        handler = HANDLERS.get(argument.channel)
        if handler is None:
            raise BadFrame(f"okx: unknown channel {argument.channel[:80]!r}")
        return handler(self, argument, envelope)

    def _on_ticker(self, argument: _Argument, envelope: _Envelope) -> list[Event]:
        """``[{"instId":"BTC-USDT","last":"83805.1","bidPx":"83805","open24h":…,"ts":"179…"}]``

        Of spot ``vol24h`` is in base and ``volCcy24h`` in quote. Bid and ask are empty where a
        side is, and may be crossed in an auction.
        """
        instrument = self.instrument(argument.instId)
        return [_ticker(instrument, wire) for wire in _read(_tickers, envelope.data)]

    def _on_trades(self, argument: _Argument, envelope: _Envelope) -> list[Event]:
        """``[{"tradeId":"830","px":"83805.1","sz":"0.12","side":"buy","ts":…,"count":"3"}]``

        One entry is ``count`` fills, and ``tradeId`` the last of them; ``side`` is the taker's.
        """
        return self._tape(argument, _read(_trades, envelope.data), 0)

    def _on_fills(self, argument: _Argument, envelope: _Envelope) -> list[Event]:
        """``[{"tradeId":"830","px":"83805.1","sz":"0.04","side":"buy","ts":"1795350840231"}]``"""
        return self._tape(argument, _read(_trades, envelope.data), 1)

    def _tape(self, argument: _Argument, wires: list[_WireTrade], count: int) -> list[Event]:
        instrument = self.instrument(argument.instId)
        key = argument.channel, argument.instId
        events: list[Event] = []
        for wire in wires:
            missing = self._missing(key, wire.tradeId, wire.count or count)
            if missing > 0:
                events.append(Lost(missing, frozenset((instrument,))))
            events.append(
                Trade(instrument, wire.ts, str(wire.tradeId), wire.px, wire.sz, wire.side)
            )
        return events

    def _missing(self, key: tuple[str, str], newest: int, count: int) -> int:
        """How many fills came before these ``count`` and after the last that we were told of."""
        last = self._last_trades.get(key)
        if last is None or newest > last:
            self._last_trades[key] = newest
        return newest - count - last if count and last is not None else 0

    def _on_quote(self, argument: _Argument, envelope: _Envelope) -> list[Event]:
        """``[{"asks":[["83805.1","0.99","0","3"]],"bids":[["83805","0.15","0","2"]],"ts":…}]``

        Where a side is empty there is no best bid and ask to speak of.
        """
        instrument = self.instrument(argument.instId)
        return [
            _quote(instrument, wire, wire.bids[0], wire.asks[0])
            for wire in _read(_books, envelope.data)
            if wire.bids and wire.asks
        ]

    def _on_candle(self, argument: _Argument, envelope: _Envelope) -> list[Event]:
        """``[["1795350840000","83800","83810","83799.9","83805.1","2.081",…,…,"0"]]``

        Start, open, high, low, close, base volume, quote volume twice, and "1" when closed.
        """
        instrument = self.instrument(argument.instId)
        interval = INTERVALS[argument.channel.removeprefix("candle")]
        return [
            _candle(instrument, interval, row, row.confirm == "1")
            for row in _read(_rows, envelope.data)
        ]

    def _on_top(self, argument: _Argument, envelope: _Envelope) -> list[Event]:
        """``[{"asks":[…5],"bids":[…5],"instId":"BTC-USDT","ts":"1795350840200","seqId":748}]``"""
        instrument, depth = self.instrument(argument.instId), DEPTHS[argument.channel]
        return [
            _snapshot(instrument, wire, wire.seqId, depth) for wire in _read(_books, envelope.data)
        ]

    def _on_book(self, argument: _Argument, envelope: _Envelope) -> list[Event]:
        """``[{"asks":[["83805.1","0","0","0"]],"bids":[],"ts":…,"prevSeqId":748,"seqId":751}]``

        The envelope's ``action`` is "snapshot" or "update". Ids jump; an update with both the same
        is a sign of life. The checksum is 0 since 2026-06-23 and must not be looked at.
        """
        instrument = self.instrument(argument.instId)
        key = argument.channel, argument.instId
        return [
            self._whole(instrument, wire, key)
            if envelope.action == "snapshot" or wire.prevSeqId == -1
            else self._change(instrument, wire, key)
            for wire in _read(_books, envelope.data)
        ]

    def _whole(self, instrument: Instrument, wire: _WireBook, key: tuple[str, str]) -> BookSnapshot:
        chain = self._chain(key, 0)
        sequence = None if wire.seqId is None else chain.restart(wire.seqId)
        return _snapshot(instrument, wire, sequence, DEPTHS[key[0]])

    def _change(self, instrument: Instrument, wire: _WireBook, key: tuple[str, str]) -> BookDelta:
        chain = self._chain(key, wire.prevSeqId or 0)
        if wire.prevSeqId is None or wire.seqId is None:
            previous, sequence = chain.count()
        else:
            previous, sequence = chain.follow(wire.prevSeqId, wire.seqId)
        bids, asks = _levels(wire.bids), _levels(wire.asks)
        return BookDelta(instrument, wire.ts, previous, sequence, bids, asks)

    def _chain(self, key: tuple[str, str], last: int) -> _Chain:
        chain = self._chains.get(key)
        if chain is None:
            chain = self._chains[key] = _Chain(last)
        return chain

    def _on_answer(self, envelope: _Envelope) -> list[Event]:
        handler = ANSWERS.get(envelope.event)
        if handler is None:
            raise BadFrame(f"okx: unknown event {envelope.event[:80]!r}")
        return handler(self, envelope)

    def _on_subscribed(self, envelope: _Envelope) -> list[Event]:
        """``{"id":"17","event":"subscribe","arg":{"channel":"tickers","instId":…},"connId":…}``

        One comes for every channel of a request. What was traded meanwhile was not lost.
        """
        argument, answered = envelope.arg, _id(envelope)
        if argument is not None:
            self._last_trades.pop((argument.channel, argument.instId), None)
            self._settle(answered, self._named(argument.channel, argument.instId))
        return [Acknowledged(answered)]

    def _on_unsubscribed(self, envelope: _Envelope) -> list[Event]:
        """``{"id":"18","event":"unsubscribe","arg":{…},"connId":"a4d3ae55"}``"""
        return [Acknowledged(_id(envelope))]

    def _on_error(self, envelope: _Envelope) -> list[Event]:
        """``{"id":"19","event":"error","code":"60018","msg":"Wrong URL or channel:tickers,…"}``

        It has no ``arg``: the channel stands in the words, between ``channel:`` and a blank.
        """
        answered, code = _id(envelope), _code(envelope.code)
        named = self._named(*_names(envelope.msg))
        channels = self._refused(answered, named)
        return [Rejected(answered, code, envelope.msg, channels, busy=code == TOO_OFTEN)]

    def _refused(self, request: str, named: Channel | None) -> tuple[Channel, ...]:
        if named is None:
            return tuple(self._asked.pop(request, ()))
        if request and named not in self._asked.get(request, ()):
            return ()
        self._settle(request, named)
        return (named,)

    def _settle(self, request: str, channel: Channel | None) -> None:
        """This channel of a request was answered."""
        asked = self._asked.get(request, [])
        if channel in asked:
            asked.remove(channel)
        if not asked:
            self._asked.pop(request, None)

    def _named(self, channel: str, symbol: str) -> Channel | None:
        instrument = self.catalogue.by_symbol.get(symbol)
        kind, interval = KINDS.get(channel, (None, ""))
        if kind is None or instrument is None:
            return None
        return Channel(kind, instrument, interval)

    def _on_notice(self, envelope: _Envelope) -> list[Event]:
        """``{"event":"notice","code":"64008","msg":"The connection will soon be closed …"}``

        It comes 60 s before the cut.
        """
        return [ServerClosing(envelope.msg)] if envelope.code == SERVICE_UPGRADE else []

    def _on_connections(self, envelope: _Envelope) -> list[Event]:
        """``{"event":"channel-conn-count","channel":"orders","connCount":"2"}``: not ours."""
        return []

    def instruments_request(self) -> Request:
        """Every spot instrument in one reply."""
        return Request("/api/v5/public/instruments", {"instType": "SPOT"}, weight=HEAVY)

    def parse_instruments(self, body: bytes) -> list[Listing]:
        """Left out are test instruments, and those announced so early that they have no name."""
        return [
            self._listing(wire)
            for wire in _rows_of(_instruments, body)
            if wire.state != "test" and wire.baseCcy and wire.quoteCcy
        ]

    def _listing(self, wire: _WireInstrument) -> Listing:
        return Listing(
            Instrument(self.name, wire.baseCcy.upper(), wire.quoteCcy.upper()),
            wire.instId,
            tick_size=step("okx", wire.tickSz),
            lot_size=step("okx", wire.lotSz),
            status="trading" if wire.state == "live" else "halted",
        )

    def market_request(self) -> Request:
        """All spot tickers; there is no stream of them."""
        return Request("/api/v5/market/tickers", {"instType": "SPOT"}, weight=HEAVY)

    def parse_market(self, body: bytes, now: int) -> list[Ticker]:
        """``{"data":[{"instId":"BTC-USDT","last":"83805.1","open24h":…,"ts":"179…"},…]}``"""
        return days(_rows_of(_days, body), self._ticker_of)

    def _ticker_of(self, row: msgspec.Raw) -> Ticker | None:
        wire = _read(_market_day, row)
        instrument = self.catalogue.by_symbol.get(wire.instId)
        return None if instrument is None else _ticker(instrument, wire)

    def candles_request(
        self, instrument: Instrument, interval: str, end: int | None, limit: int, now: int
    ) -> Request:
        """``after`` asks for bars that start before it, and ``candles`` has the newest 1,440."""
        query = {
            "instId": self.symbol(instrument),
            "bar": BARS[interval],
            "limit": str(min(limit, CANDLES_PER_REQUEST)),
        }
        if end is None:
            return Request("/api/v5/market/candles", query)
        query["after"] = str(end)
        return Request("/api/v5/market/history-candles", query, weight=HISTORY_WEIGHT)

    def parse_candles(
        self, body: bytes, instrument: Instrument, interval: str, now: int
    ) -> list[Candle]:
        """Rows are newest first; where they do not say whether they are closed, the clock does."""
        return [
            _candle(instrument, interval, row, _is_closed(row, interval, now))
            for row in reversed(_rows_of(_rows, body))
        ]

    def depth_request(self, instrument: Instrument) -> Request:
        """The same 400 levels that the stream keeps; asked for none, OKX sends one."""
        query = {"instId": self.symbol(instrument), "sz": str(DEPTH)}
        return Request("/api/v5/market/books", query)

    def parse_depth(self, body: bytes, instrument: Instrument) -> BookSnapshot:
        """``{"code":"0","msg":"","data":[{"asks":[…],"bids":[…],"ts":"179…","seqId":748}]}``"""
        wire = _first(_rows_of(_books, body))
        snapshot = _snapshot(instrument, wire, wire.seqId, DEPTH)
        return msgspec.structs.replace(snapshot, joins=True)

    def time_request(self) -> Request:
        """The exchange's clock."""
        return Request("/api/v5/public/time", weight=HEAVY)

    def parse_time(self, body: bytes) -> int:
        """``{"code":"0","msg":"","data":[{"ts":"1795350840423"}]}``"""
        return _first(_rows_of(_times, body)).ts

    @staticmethod
    def complaint(status: int, body: bytes) -> Complaint | None:
        """``{"code":"51001","msg":"Instrument ID … doesn't exist.","data":[]}``, often with 200."""
        try:
            wire = _status.decode(body)
        except UNREADABLE:
            wire = _WireStatus()
        if status == OK and wire.code == "0":
            return None
        code = _code(wire.code)
        too_many = status == TOO_MANY_REQUESTS or code in TOO_MANY
        return Complaint(code or status, wire.msg, too_many)

    def parse_rest(self, path: str, query: Mapping[str, str], body: bytes) -> BookSnapshot | None:
        """Of recorded replies only the book snapshot matters."""
        if path != "/api/v5/market/books" or "instId" not in query:
            return None
        return self.parse_depth(body, self.instrument(query["instId"]))


# The channels that can be subscribed, and what they are to us.
KINDS: dict[str, tuple[Kind, str]] = {
    **{name: (kind, "") for kind, name in NAMES.items()},
    **{f"candle{bar}": (Kind.CANDLE, interval) for interval, bar in BARS.items()},
}

Handler = Callable[[Okx, _Argument, _Envelope], list[Event]]
HANDLERS: dict[str, Handler] = {
    "tickers": Okx._on_ticker,
    "trades": Okx._on_trades,
    "trades-all": Okx._on_fills,
    "bbo-tbt": Okx._on_quote,
    "books": Okx._on_book,
    "books50-l2-tbt": Okx._on_book,
    "books-l2-tbt": Okx._on_book,
    "books5": Okx._on_top,
    **{f"candle{bar}": Okx._on_candle for bar in INTERVALS},
}

ANSWERS: dict[str, Callable[[Okx, _Envelope], list[Event]]] = {
    "subscribe": Okx._on_subscribed,
    "unsubscribe": Okx._on_unsubscribed,
    "error": Okx._on_error,
    "notice": Okx._on_notice,
    "channel-conn-count": Okx._on_connections,
    "channel-conn-count-error": Okx._on_connections,
}


def _channel_name(channel: Channel) -> str:
    if channel.kind is Kind.CANDLE:
        return f"candle{BARS[channel.interval]}"
    return NAMES[channel.kind]


def _id(envelope: _Envelope) -> str:
    return "" if envelope.id is None else str(envelope.id)


def _code(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _names(words: str) -> tuple[str, str]:
    """``… channel:tickers,instId:NOPE-USDT doesn't exist. …`` names a channel and a symbol."""
    channel = words.partition("channel:")[2].partition(",")[0]
    symbol = words.partition("instId:")[2].partition(" ")[0]
    return channel, symbol


def _ticker(instrument: Instrument, wire: _WireTicker) -> Ticker:
    return Ticker(
        instrument,
        wire.ts,
        last=_price(wire.last),
        bid=_price(wire.bidPx),
        ask=_price(wire.askPx),
        open=_price(wire.open24h),
        high=_price(wire.high24h),
        low=_price(wire.low24h),
        base_volume=_given(wire.vol24h),
        quote_volume=_given(wire.volCcy24h),
        bid_size=_given(wire.bidSz),
        ask_size=_given(wire.askSz),
    )


def _quote(instrument: Instrument, wire: _WireBook, bid: _WireLevel, ask: _WireLevel) -> Quote:
    return Quote(instrument, wire.ts, bid.price, bid.size, ask.price, ask.size, wire.seqId)


def _snapshot(
    instrument: Instrument, wire: _WireBook, sequence: int | None, depth: int
) -> BookSnapshot:
    bids, asks = _levels(wire.bids), _levels(wire.asks)
    return BookSnapshot(instrument, wire.ts, sequence, bids, asks, depth)


def _candle(instrument: Instrument, interval: str, row: _WireRow, closed: bool) -> Candle:
    return Candle(
        instrument, interval, row.start, row.open, row.high, row.low, row.close, row.volume, closed
    )


def _is_closed(row: _WireRow, interval: str, now: int) -> bool:
    if row.confirm:
        return row.confirm == "1"
    return next_start(interval, row.start) <= now


class _Reply(msgspec.Struct):
    """The envelope of every REST reply."""

    data: msgspec.Raw


_reply = msgspec.json.Decoder(_Reply)


def _rows_of(decoder: msgspec.json.Decoder[list[T]], body: bytes) -> list[T]:
    return _read(decoder, _read(_reply, body).data)


def _first(rows: list[T]) -> T:
    if not rows:
        raise BadFrame("okx: a reply without data")
    return rows[0]


# ---------------------------------------------------------------- the server half

LEVELS_MOST = 400
ROWS_DEFAULT = 100
TRADES_MOST = 500
RECENT_BARS = 1_440
REQUESTS_PER_HOUR = 480
HOUR = 3_600_000
ID_LENGTH = 32
WHOLE_DIGITS = 15
INSTRUMENT_TYPES = ("SPOT", "MARGIN", "SWAP", "FUTURES", "OPTION")

# Every stream of one instrument, by the path and the channel; periods in seconds.
FORMS: dict[tuple[str, str], Topic] = {
    (lane.path, topic.name): topic
    for lane, topic in (
        (PUBLIC, Topic("tickers", Feed.TICKER, None, 0.1, opening=True, on_change=True)),
        (PUBLIC, Topic("trades", Feed.AGGREGATE, None)),
        (BUSINESS, Topic("trades-all", Feed.TRADE, None)),
        (PUBLIC, Topic("bbo-tbt", Feed.QUOTE, None, opening=True)),
        (PUBLIC, Topic("books", Feed.BOOK_DELTAS, None, 0.1, levels=DEPTH, opening=True)),
        (
            PUBLIC,
            Topic("books5", Feed.BOOK_TOP, None, 0.1, levels=5, opening=True, on_change=True),
        ),
        *(
            (BUSINESS, Topic(f"candle{bar}", Feed.CANDLE, None, 0.5, interval, opening=True))
            for bar, interval in INTERVALS.items()
        ),
    )
}
PAID = ("books50-l2-tbt", "books-l2-tbt")
# Channels that belong to no instrument; nothing ever changes in them.
STILL = ("instruments", "status")

NO_CHANNEL, NO_ARGUMENTS, NO_OPERATION, NOT_REQUEST, NOT_PAID = (
    "60018", "60013", "60019", "60012", "64003",
)  # fmt: skip


class OkxServer(Server):
    """The server half of OKX spot: what one client of the simulated exchange talks to.

    The name of a topic is ``tickers:BTC-USDT``.
    """

    # docs "Connect" and "Subscribe": the list of channels has at most 64 KB. What it cuts for in
    # the long run is that nothing is pushed for 30 s, which does not happen here.
    tolerance = Tolerance(bytes=1 << 16, first_within=30.0)

    def __init__(self, market: MarketView, path: str, query: Mapping[str, str]) -> None:
        super().__init__(market, path, query)
        self._path = path.rstrip("/")
        self._instruments = {each.symbol: each.instrument for each in market.listings}
        self._connection = f"{id(self) & 0xFFFFFFFF:08x}"
        self._requests: deque[int] = deque()  # when the last ones came, ms

    @staticmethod
    def accepts(path: str) -> bool:
        """``/ws/v5/public`` and ``/ws/v5/business``."""
        return path.rstrip("/") in (PUBLIC.path, BUSINESS.path)

    def receive(self, text: str) -> list[str]:
        """The bare word is a ping; a JSON ping is refused as anything without arguments is."""
        if text == PING:
            return [PONG]
        try:
            request = _control.decode(text)
        except UNREADABLE:
            return [self._error(None, NOT_REQUEST, f"Invalid request: {text}")]
        if not _is_id(request.id):
            return [self._error(None, NOT_REQUEST, f"Invalid request: {text}")]
        if request.op not in ("subscribe", "unsubscribe"):
            return [self._error(request.id, NO_OPERATION, f"Invalid op: {request.op}")]
        if not request.args:
            return [self._error(request.id, NO_ARGUMENTS, "Invalid args")]
        if self._is_too_often():
            return [self._error(request.id, str(TOO_OFTEN), "Requests too frequent")]
        return [answer for each in request.args for answer in self._change(request, each)]

    def _is_too_often(self) -> bool:
        now = self.market.now
        while self._requests and self._requests[0] <= now - HOUR:
            self._requests.popleft()
        self._requests.append(now)
        return len(self._requests) > REQUESTS_PER_HOUR

    def _change(self, request: _WireControl, argument: dict[str, Any]) -> list[str]:
        """Every argument is answered by itself; asked for again, it is acknowledged again."""
        channel, symbol = str(argument.get("channel", "")), str(argument.get("instId", ""))
        if channel in STILL:
            return self._still(request, argument, channel)
        if channel in PAID:
            words = "Your trading fee tier doesn't meet the requirement to access this channel"
            return [self._error(request.id, NOT_PAID, words)]
        form, instrument = FORMS.get((self._path, channel)), self._instruments.get(symbol)
        if form is None or instrument is None:
            return [self._error(request.id, NO_CHANNEL, _wrong(channel, symbol))]
        name = f"{channel}:{symbol}"
        if request.op == "subscribe":
            self.topics[name] = form._replace(name=name, instrument=instrument)
        else:
            self.topics.pop(name, None)
        return [self._acknowledge(request, argument)]

    def _still(self, request: _WireControl, argument: dict[str, Any], channel: str) -> list[str]:
        answers = [self._acknowledge(request, argument)]
        if channel == "instruments" and request.op == "subscribe":
            rows = [_instrument_row(each) for each in self.market.listings]
            answers.append(dump({"arg": argument, "data": rows}))
        return answers

    def _acknowledge(self, request: _WireControl, argument: dict[str, Any]) -> str:
        answer = {"event": request.op, "arg": argument, "connId": self._connection}
        return dump(_answering(request.id, answer))

    def _error(self, request: int | str | None, code: str, words: str) -> str:
        answer = {"event": "error", "code": code, "msg": words, "connId": self._connection}
        return dump(_answering(request, answer))

    def frame(self, topic: Topic, payload: str) -> str:
        """All clients get the same."""
        return payload

    @staticmethod
    def encode(topic: Topic, event: Published, sending: Sending) -> str:
        """An event as the whole frame of its channel."""
        channel, _, symbol = topic.name.partition(":")
        argument = {"channel": channel, "instId": symbol}
        if isinstance(event, BookDelta):
            return dump({"arg": argument, "action": "update", "data": [_delta_row(event)]})
        if isinstance(event, BookSnapshot) and topic.feed is Feed.BOOK_DELTAS:
            return dump({"arg": argument, "action": "snapshot", "data": [_whole_row(event)]})
        return dump({"arg": argument, "data": _data(event, symbol)})

    @staticmethod
    def answer(market: MarketView, call: Call) -> Reply:
        """The public REST endpoints that market-data clients use."""
        handler = ENDPOINTS_SERVED.get(call.path)
        if handler is None or call.method != "GET":
            return Reply(404, _reply_body("404", "Not Found", []))
        try:
            return Reply(OK, _reply_body("0", "", handler(market, call.query)))
        except _Complaint as complaint:
            return Reply(complaint.status, _reply_body(complaint.code, str(complaint), []))


Row = dict[str, Any] | list[str]


class _Complaint(Exception):
    """A REST request that OKX would refuse, with the HTTP status, its code and its words."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.code = code


def _reply_body(code: str, words: str, rows: Sequence[Row]) -> bytes:
    return msgspec.json.encode({"code": code, "msg": words, "data": rows})


def _is_id(value: int | str | None) -> bool:
    """Up to 32 letters and digits, if any."""
    text = str(value)
    return value is None or (text.isascii() and text.isalnum() and len(text) <= ID_LENGTH)


def _answering(request: int | str | None, answer: dict[str, Any]) -> dict[str, Any]:
    """With the request's id, where it had one."""
    return answer if request is None else {"id": request, **answer}


def _wrong(channel: str, symbol: str) -> str:
    return (
        f"Wrong URL or channel:{channel},instId:{symbol} doesn't exist. Please use the correct "
        "URL, channel and parameters referring to API document."
    )


def _number(value: float | None) -> str:
    """Plain digits without the noise of sums, and empty where there is no value."""
    if value is None:
        return ""
    text = repr(round(value, 12))
    return plain(value) if "e" in text else text.removesuffix(".0")


def _symbol(instrument: Instrument) -> str:
    return f"{instrument.base}-{instrument.quote_ccy}"


def _level_rows(levels: Iterable[Level]) -> list[list[str]]:
    """Price, size, a dead "0", and the number of orders, which the market does not count."""
    return [[_number(price), _number(size), "0", "1" if size else "0"] for price, size in levels]


def _data(event: Published, symbol: str) -> list[Row]:
    match event:
        case Match():
            return [_group_row(event, symbol)]
        case Trade():
            return [_fill_row(event, symbol)]
        case Day():
            return [_day_row(event)]
        case Bar():
            return [_bar_row(event)]
        case Quote():
            return [_quote_row(event)]
        case BookSnapshot():
            return [{**_book_row(event), "instId": symbol}]
    assert isinstance(event, Sequence)
    return [_bar_row(each) for each in event if isinstance(each, Bar)]


def _fill_row(fill: Trade, symbol: str) -> dict[str, Any]:
    return {
        "instId": symbol, "tradeId": fill.id, "px": _number(fill.price), "sz": _number(fill.size),
        "side": fill.side, "source": "0", "ts": str(fill.time),
    }  # fmt: skip


def _group_row(match: Match, symbol: str) -> dict[str, Any]:
    """Its id is that of the last fill. The market numbers trades but not their place in a book."""
    row = _fill_row(match.aggregate, symbol)
    count = str(len(match.fills))
    return {**row, "tradeId": match.fills[-1].id, "count": count, "seqId": match.id}


def _day_row(day: Day) -> dict[str, Any]:
    ticker = day.ticker
    opened = _number(ticker.open)
    return {
        "instType": "SPOT", "instId": _symbol(ticker.instrument), "last": _number(ticker.last),
        "lastSz": _number(day.last_size), "askPx": _number(ticker.ask),
        "askSz": _number(day.ask_size), "bidPx": _number(ticker.bid),
        "bidSz": _number(day.bid_size), "open24h": opened, "high24h": _number(ticker.high),
        "low24h": _number(ticker.low), "volCcy24h": _number(ticker.quote_volume),
        "vol24h": _number(ticker.base_volume), "sodUtc0": opened, "sodUtc8": opened,
        "ts": str(ticker.time),
    }  # fmt: skip


def _bar_row(bar: Bar) -> list[str]:
    candle, money = bar.candle, _number(bar.quote_volume)
    prices = (candle.open, candle.high, candle.low, candle.close)
    volumes = (_number(candle.volume), money, money)
    return [str(candle.start), *map(_number, prices), *volumes, "1" if candle.closed else "0"]


def _quote_row(quote: Quote) -> dict[str, Any]:
    return {
        "asks": _level_rows([Level(quote.ask, quote.ask_size)]),
        "bids": _level_rows([Level(quote.bid, quote.bid_size)]),
        "ts": str(quote.time), "seqId": quote.sequence,
    }  # fmt: skip


def _book_row(book: BookSnapshot | BookDelta) -> dict[str, Any]:
    return {
        "asks": _level_rows(book.asks), "bids": _level_rows(book.bids), "ts": str(book.time),
        "seqId": book.sequence,
    }  # fmt: skip


def _whole_row(book: BookSnapshot) -> dict[str, Any]:
    return {**_book_row(book), "checksum": 0, "prevSeqId": -1}


def _delta_row(delta: BookDelta) -> dict[str, Any]:
    return {**_book_row(delta), "checksum": 0, "prevSeqId": delta.previous}


# ---------------------------------------------------------------- REST, served

Query = Mapping[str, str]


def _needed(query: Query, name: str) -> str:
    if not query.get(name):
        raise _Complaint(400, "50014", f"Parameter {name} can not be empty")
    return query[name]


def _wrong_parameter(name: str) -> _Complaint:
    return _Complaint(400, "51000", f"Parameter {name} error")


def _whole(query: Query, name: str) -> int | None:
    text = query.get(name, "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > WHOLE_DIGITS:
        raise _wrong_parameter(name)
    return int(text)


def _limit(query: Query, name: str, default: int, most: int) -> int:
    return max(1, min(most, _whole(query, name) or default))


def _known(market: MarketView, query: Query) -> Instrument:
    symbol = _needed(query, "instId")
    for listing in market.listings:
        if listing.symbol == symbol:
            return listing.instrument
    words = "Instrument ID, Instrument ID code, or Spread ID doesn't exist."
    raise _Complaint(OK, "51001", words)


def _listings(market: MarketView, query: Query) -> list[Listing]:
    """Those of ``instType``, of which only SPOT has any, and of ``instId`` where it is given."""
    kind, symbol = _needed(query, "instType"), query.get("instId", "")
    if kind not in INSTRUMENT_TYPES:
        raise _wrong_parameter("instType")
    if kind != "SPOT":
        return []
    return [each for each in market.listings if symbol in ("", each.symbol)]


def _rest_time(market: MarketView, query: Query) -> list[Row]:
    return [{"ts": str(market.now)}]


def _rest_status(market: MarketView, query: Query) -> list[Row]:
    """No maintenance is planned."""
    return []


def _rest_instruments(market: MarketView, query: Query) -> list[Row]:
    return [_instrument_row(each) for each in _listings(market, query)]


def _instrument_row(listing: Listing) -> Row:
    base, quote_ccy = listing.instrument.base, listing.instrument.quote_ccy
    empty = (
        *("alias", "auctionEndTime", "contTdSwTime", "ctMult", "ctType", "ctVal", "ctValCcy"),
        *("expTime", "instFamily", "openType", "optType", "preMktSwTime", "settleCcy", "stk"),
        "uly",
    )
    return {
        **dict.fromkeys(empty, ""), "baseCcy": base, "quoteCcy": quote_ccy, "category": "1",
        "futureSettlement": False, "groupId": "1", "instCategory": "1", "instIdCode": None,
        "instId": listing.symbol, "instType": "SPOT", "lever": "", "listTime": "1548133413000",
        "lotSz": _step_text(listing.lot_size), "minSz": _step_text(listing.lot_size),
        "tickSz": _step_text(listing.tick_size), "maxLmtAmt": "20000000",
        "maxLmtSz": "9999999999", "maxMktAmt": "1000000", "maxMktSz": "1000000",
        "ruleType": "normal", "state": "live" if listing.status == "trading" else "suspend",
        "tradeQuoteCcyList": [quote_ccy], "upcChg": [],
    }  # fmt: skip


def _step_text(step: Decimal | None) -> str:
    return "" if step is None else f"{step:f}"


def _rest_tickers(market: MarketView, query: Query) -> list[Row]:
    return [_day_row(market.day(each.instrument)) for each in _listings(market, query)]


def _rest_ticker(market: MarketView, query: Query) -> list[Row]:
    return [_day_row(market.day(_known(market, query)))]


def _rest_candles(market: MarketView, query: Query) -> list[Row]:
    """Only the newest 1,440 bars."""
    bars = _bars(market, query)
    if not bars:
        return []
    oldest = market.now - RECENT_BARS * milliseconds(bars[0].candle.interval)
    return [_bar_row(bar) for bar in bars if bar.candle.start > oldest]


def _rest_history_candles(market: MarketView, query: Query) -> list[Row]:
    return [_bar_row(bar) for bar in _bars(market, query)]


def _bars(market: MarketView, query: Query) -> list[Bar]:
    """Newest first. ``after`` gives older bars, ``before`` newer ones, neither its own."""
    instrument = _known(market, query)
    interval = INTERVALS.get(query.get("bar") or "1m")
    if interval is None:
        raise _wrong_parameter("bar")
    after, before = _whole(query, "after"), _whole(query, "before")
    limit = _limit(query, "limit", ROWS_DEFAULT, CANDLES_PER_REQUEST)
    end = None if after is None else after - 1
    bars = market.bars(instrument, interval, None, end, limit)
    return [bar for bar in reversed(bars) if before is None or bar.candle.start > before]


def _rest_book(market: MarketView, query: Query) -> list[Row]:
    levels = _limit(query, "sz", 1, LEVELS_MOST)
    return [_book_row(market.book(_known(market, query), levels))]


def _rest_trades(market: MarketView, query: Query) -> list[Row]:
    """Single fills, newest first."""
    instrument = _known(market, query)
    limit = _limit(query, "limit", ROWS_DEFAULT, TRADES_MOST)
    matches = reversed(market.matches(instrument, limit))
    fills = (fill for match in matches for fill in reversed(match.fills))
    symbol = _symbol(instrument)
    return [_fill_row(fill, symbol) for fill in itertools.islice(fills, limit)]


Served = Callable[[MarketView, Query], list[Row]]
ENDPOINTS_SERVED: dict[str, Served] = {
    "/api/v5/public/time": _rest_time,
    "/api/v5/public/instruments": _rest_instruments,
    "/api/v5/system/status": _rest_status,
    "/api/v5/market/tickers": _rest_tickers,
    "/api/v5/market/ticker": _rest_ticker,
    "/api/v5/market/candles": _rest_candles,
    "/api/v5/market/history-candles": _rest_history_candles,
    "/api/v5/market/books": _rest_book,
    "/api/v5/market/trades": _rest_trades,
}
