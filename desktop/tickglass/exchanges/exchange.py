"""The contract that every exchange fulfils: wire formats in both directions, no sockets.

The client half (``Exchange``) turns what is wanted into URLs and messages, and frames into
events. The server half (``Server``) is what the simulated exchange of the same name speaks. Both
stand in one file per exchange, so that protocol knowledge is written down once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, NamedTuple, Protocol, TypeVar

from ..errors import TickglassError
from ..market.events import BookDelta, BookSnapshot, Candle, MarketEvent, Quote, Ticker, Trade
from ..market.instrument import Instrument, Listing


class BadFrame(TickglassError):
    """A frame or reply that is not what the exchange's documentation says."""


class Kind(StrEnum):
    """What one can subscribe to, the same word on every exchange."""

    TICKER = "ticker"
    TRADE = "trade"
    QUOTE = "quote"
    CANDLE = "candle"
    BOOK = "book"


class Channel(NamedTuple):
    """One stream of one instrument; ``interval`` is set for candles only."""

    kind: Kind
    instrument: Instrument
    interval: str = ""

    def __str__(self) -> str:
        kind = f"{self.kind}:{self.interval}" if self.interval else str(self.kind)
        return f"{self.instrument} {kind}"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One place where an exchange answers; paths are appended to ``ws`` and ``rest``."""

    ws: str
    rest: str


class Lane(NamedTuple):
    """A sort of connection: the path it is dialled at and the most channels that it carries.

    ``whole_market``: it carries no channels but the tickers of all instruments.
    """

    path: str
    channels: int
    whole_market: bool = False


class Dial(NamedTuple):
    """An attempt to connect: under which endpoint's ``ws``, in which lane, the how many-th.

    ``ticket`` is the reply to the adapter's ``ticket_request``.
    """

    ws: str
    lane: Lane
    number: int = 1
    ticket: bytes = b""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an exchange allows a client, and how long it lives. Seconds and bytes."""

    control_interval: float  # least time between two control messages
    connections: int  # dials per ``connections_window``
    connections_window: float
    weight: int  # of REST requests per ``weight_window``
    weight_window: float
    controls_per_hour: int | None = None  # control messages on one connection
    lifetime: float | None = None  # redial before the exchange cuts us off
    frame_bytes: int = 4 * 1024 * 1024
    snapshot_interval: float = 1.0  # least time between two book snapshots by REST
    forbidden_wait: float = 120.0  # after being told that we send too much, without a time


@dataclass(frozen=True, slots=True)
class Request:
    """A REST request: GET unless said otherwise. ``weight`` counts against the minute's limit."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    weight: int = 1
    method: str = "GET"

    @property
    def target(self) -> str:
        """Path and query as recordings write them."""
        query = "&".join(f"{name}={value}" for name, value in self.query.items())
        return f"{self.path}?{query}" if query else self.path


class Heartbeat(NamedTuple):
    """A message that keeps the connection open, sent every ``interval`` seconds."""

    interval: float
    text: str


class Welcome(NamedTuple):
    """The exchange is ready to be spoken to."""


class Acknowledged(NamedTuple):
    """The exchange took a control message."""

    id: str


class Rejected(NamedTuple):
    """The exchange refused a control message, or complains of us; ``text`` is its own words.

    ``channels`` do not flow because of it. Of several, one may have spoilt the others: they are
    asked for again one by one. ``busy``: it was our haste, and all may be asked for again later.
    """

    id: str
    code: int
    text: str
    channels: tuple[Channel, ...] = ()
    busy: bool = False


class Lost(NamedTuple):
    """``missed`` frames or trades never came; what these instruments did meanwhile is not known."""

    missed: int
    instruments: frozenset[Instrument]


class ServerClosing(NamedTuple):
    """The exchange announces that it will close this connection: dial a new one now."""

    reason: str


Control = Welcome | Acknowledged | Rejected | Lost | ServerClosing
Event = MarketEvent | Control


class Complaint(NamedTuple):
    """What a REST reply has to say against the request, in the exchange's own code and words."""

    code: int
    text: str
    too_many: bool = False  # it came too soon, whatever the HTTP status


class Catalogue:
    """Which symbol is which instrument on one exchange.

    Filled by the instrument list where it was fetched, and by every subscription before that.
    ``sections`` are the parts into which an exchange divides its market, where it streams by them.
    """

    def __init__(self, listings: Iterable[Listing] = ()) -> None:
        self.listings: dict[Instrument, Listing] = {}
        self.by_symbol: dict[str, Instrument] = {}
        self.sections: frozenset[str] = frozenset()
        self.add(listings)

    def alias(self, instrument: Instrument) -> str:
        """The symbol under which this instrument's data come, if it is not its own; else empty."""
        listing = self.listings.get(instrument)
        return listing.alias if listing else ""

    def add(self, listings: Iterable[Listing]) -> None:
        """Learn from the exchange's instrument list."""
        for listing in listings:
            self.listings[listing.instrument] = listing
            self.by_symbol[listing.symbol] = listing.instrument


# The quote currencies that a recording without an instrument list is split by, longest first so
# that BTCFDUSD is not read as BTCFD/USD.
KNOWN_QUOTES = sorted(
    (
        "USDT", "USDC", "FDUSD", "TUSD", "BUSD", "USD1", "USDE", "USD", "DAI", "EUR", "GBP", "JPY",
        "TRY", "BRL", "AUD", "RUB", "UAH", "ZAR", "PLN", "ARS", "MXN", "IDR", "NGN", "RON", "CZK",
        "COP", "BTC", "ETH", "BNB", "SOL", "XRP", "TRX", "DOGE", "DOT", "EURI", "AEUR", "BIDR",
        "IDRT", "PAX", "VAI", "XUSD", "BFUSD", "KCS", "OKB", "BRZ", "BTCB", "SGD", "AED", "KZT",
    ),
    key=len,
    reverse=True,
)  # fmt: skip


def split_symbol(exchange: str, symbol: str) -> Instrument | None:
    """Guess the instrument of an unlisted symbol by the known quote currencies.

    Only for recordings without an instrument list: suffixes overlap, so a guess can be wrong.
    """
    for mark in "-/_":
        base, found, quote_ccy = symbol.partition(mark)
        if found and base and quote_ccy:
            return Instrument(exchange, base.upper(), quote_ccy.upper())
    upper = symbol.upper()
    for quote_ccy in KNOWN_QUOTES:
        if upper.endswith(quote_ccy) and len(upper) > len(quote_ccy):
            return Instrument(exchange, upper[: -len(quote_ccy)], quote_ccy)
    return None


class Exchange(ABC):
    """The client half: one instance per connection, so nothing needs resetting.

    Methods that write messages return texts in the order they must be sent; each fits the limits.
    ``lanes`` says over which sort of connection each kind of channel comes, ``row_kinds`` which
    kinds keep a row of a table current. ``market_lane`` is over which the day of all instruments
    streams, each told again when it changed; None where the documentation has no such stream.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    endpoints: ClassVar[tuple[Endpoint, ...]]  # in the order they are tried
    limits: ClassVar[Limits]
    lanes: ClassVar[Mapping[Kind, Lane]]
    market_lane: ClassVar[Lane | None] = None
    intervals: ClassVar[tuple[str, ...]]
    candles_per_request: ClassVar[int]
    row_kinds: ClassVar[tuple[Kind, ...]] = (Kind.TICKER, Kind.TRADE, Kind.QUOTE)
    book_snapshot_by_rest: ClassVar[bool] = False  # else it comes on subscribing
    book_snapshot_joins: ClassVar[bool] = False  # one by REST carries the numbers of the stream
    greets: ClassVar[bool] = False  # nothing may be sent before its Welcome
    needs_listings: ClassVar[bool] = False  # to know which symbol stands for which

    whole_market = False  # whether this connection is one of ``market_lane``

    def __init__(self, catalogue: Catalogue, *, guess_symbols: bool = False) -> None:
        self.catalogue = catalogue
        self.guess_symbols = guess_symbols

    def instrument(self, symbol: str) -> Instrument:
        """The instrument of a symbol on the wire; raises BadFrame if nobody told us of it."""
        instrument = self.catalogue.by_symbol.get(symbol)
        if instrument is None and self.guess_symbols:
            instrument = split_symbol(self.name, symbol)
            if instrument is not None:
                self.catalogue.by_symbol[symbol] = instrument
        if instrument is None:
            raise BadFrame(f"{self.name}: unknown symbol {symbol!r}")
        return instrument

    def learn(self, instruments: Iterable[Instrument]) -> None:
        """Remember the symbols of instruments about to be subscribed, before any list is here."""
        for instrument in instruments:
            self.catalogue.by_symbol.setdefault(self.symbol(instrument), instrument)

    @abstractmethod
    def symbol(self, instrument: Instrument) -> str:
        """The exchange's spelling of an instrument."""

    @classmethod
    def carrier(cls, channel: Channel) -> Channel:
        """The channel on the wire that carries this one: trades carry candles that nobody sends."""
        return channel

    def ticket_request(self) -> Request | None:
        """What must be asked by REST before every dial."""
        return None

    def url(self, dial: Dial) -> str:
        """The address to dial."""
        return dial.ws + dial.lane.path

    def opening(self) -> list[str]:
        """Messages sent before any other on a new connection."""
        return self.subscribe_market() if self.whole_market else []

    def subscribe_market(self) -> list[str]:
        """Messages that start the stream of ``market_lane``; it stops with its connection.

        Its tickers are whole, and symbols that nobody listed are passed over.
        """
        return []

    @abstractmethod
    def subscribe(self, channels: Sequence[Channel]) -> list[str]:
        """Messages that start these channels."""

    @abstractmethod
    def unsubscribe(self, channels: Sequence[Channel]) -> list[str]:
        """Messages that stop these channels."""

    @abstractmethod
    def decode(self, frame: bytes | str) -> list[Event]:
        """What a ws frame says; raises BadFrame if it cannot be read."""

    def heartbeat(self) -> Heartbeat | None:
        """The message that keeps a connection open and is answered; None where pings do."""
        return None

    @abstractmethod
    def instruments_request(self) -> Request:
        """Ask which instruments there are."""

    @abstractmethod
    def parse_instruments(self, body: bytes) -> list[Listing]:
        """Read the reply to ``instruments_request``."""

    @abstractmethod
    def market_request(self) -> Request:
        """Ask for the day of every instrument at once."""

    @abstractmethod
    def parse_market(self, body: bytes, now: int) -> list[Ticker]:
        """Read the reply to ``market_request``; ``now`` (ms) dates a reply without a time.

        Rows that nobody listed or that cannot be read are passed over, and what is not told is
        None. ``open`` follows from the last price where only the change is told. Raises BadFrame
        if it is no such reply, or none of its rows can be read.
        """

    @abstractmethod
    def candles_request(
        self, instrument: Instrument, interval: str, end: int | None, limit: int, now: int
    ) -> Request:
        """Ask for the newest ``limit`` candles, or for those that start before ``end`` (ms)."""

    @abstractmethod
    def parse_candles(
        self, body: bytes, instrument: Instrument, interval: str, now: int
    ) -> list[Candle]:
        """Read the reply to ``candles_request``, oldest first; ``now`` (ms) tells the open bar."""

    @abstractmethod
    def depth_request(self, instrument: Instrument) -> Request:
        """Ask for a book snapshot."""

    @abstractmethod
    def parse_depth(self, body: bytes, instrument: Instrument) -> BookSnapshot:
        """Read the reply to ``depth_request``."""

    @abstractmethod
    def time_request(self) -> Request:
        """Ask for the exchange's clock."""

    @abstractmethod
    def parse_time(self, body: bytes) -> int:
        """Read the reply to ``time_request``: ms UTC."""

    @staticmethod
    @abstractmethod
    def complaint(status: int, body: bytes) -> Complaint | None:
        """What is wrong with a reply; None if nothing is. Some complain with a status of 200."""

    def parse_rest(self, path: str, query: Mapping[str, str], body: bytes) -> BookSnapshot | None:
        """A recorded REST reply as an event, if it is a book snapshot."""
        return None


Item = TypeVar("Item")


def batches(items: Sequence[Item], most: int) -> Iterator[Sequence[Item]]:
    """The items in groups of at most ``most``."""
    return (items[first : first + most] for first in range(0, len(items), most))


class Feed(StrEnum):
    """The forms in which a simulated exchange publishes: more than our own client asks for."""

    TRADE = "trade"  # every fill by itself
    AGGREGATE = "aggregate"  # every match
    TICKER = "ticker"
    MINI_TICKER = "mini_ticker"
    QUOTE = "quote"
    CANDLE = "candle"
    BOOK_TOP = "book_top"
    BOOK_DELTAS = "book_deltas"
    HEARTBEAT = "heartbeat"


class Topic(NamedTuple):
    """What a client asked a simulated exchange for, by the exchange's own name for it.

    ``instrument`` None means all of them in one frame; ``period`` (s) 0 means at once. ``levels``
    0 is the whole book. With ``opening`` a new subscriber is first told how things stand; with
    ``on_change`` nothing is sent of what did not change.
    """

    name: str
    feed: Feed
    instrument: Instrument | None
    period: float = 0.0
    interval: str = ""
    levels: int = 0
    opening: bool = False
    on_change: bool = False


class Sending(NamedTuple):
    """How an event is being sent.

    ``now`` is the time, ms. ``opening``: to a new subscriber. ``number`` counts the topic's frames,
    this one included (an opening is not counted). ``fresh``: this candle was not sent before.
    """

    now: int
    opening: bool = False
    number: int = 0
    fresh: bool = False


class Tolerance(NamedTuple):
    """What a simulated exchange bears of one connection before it closes it. Seconds.

    ``messages`` per ``window``, pings and pongs counted; messages of more than ``bytes`` are
    ignored in silence; at most ``topics`` may be subscribed. 0 switches the others off:
    ``ping_interval`` of the protocol pings it sends and wants answered, ``silence`` of the client
    that it bears, and ``first_within`` until the first message.
    """

    messages: int = 1_000_000
    window: float = 1.0
    bytes: int = 1 << 20
    topics: int = 1_000_000
    ping_interval: float = 0.0
    silence: float = 0.0
    first_within: float = 0.0


class Match(NamedTuple):
    """One taker order meeting one price: the fills, and the id under which they are one trade."""

    id: int
    fills: tuple[Trade, ...]

    @property
    def aggregate(self) -> Trade:
        """The fills as one trade."""
        first = self.fills[0]
        size = sum(fill.size for fill in self.fills)
        return Trade(first.instrument, first.time, str(self.id), first.price, size, first.side)


class Beat(NamedTuple):
    """A sign of life."""

    number: int


@dataclass(frozen=True, slots=True)
class Day:
    """A 24 h ticker with what some exchanges add to it. ``bid_size`` and the rest in base."""

    ticker: Ticker
    open_time: int
    last_size: float
    bid_size: float
    ask_size: float
    first_trade: int
    last_trade: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A candle with what some exchanges add to it: volumes of the takers who bought."""

    candle: Candle
    quote_volume: float
    trades: int
    taker_base: float
    taker_quote: float
    first_trade: int
    last_trade: int


Published = (
    Match
    | Trade
    | Day
    | Bar
    | Quote
    | BookSnapshot
    | BookDelta
    | Beat
    | Sequence[Day]  # of a topic of all instruments
    | Sequence[Bar]  # the opening of a candle topic, oldest first
    | Sequence[Match]  # the opening of a topic of trades, and a period's matches; oldest first
)


class MarketView(Protocol):
    """What a simulated exchange may ask the simulated market."""

    @property
    def now(self) -> int:
        """The market's clock, ms UTC."""

    @property
    def listings(self) -> Collection[Listing]:
        """Every instrument of this exchange."""

    def day(self, instrument: Instrument) -> Day:
        """The last 24 hours."""

    def quote(self, instrument: Instrument) -> Quote:
        """Best bid and ask, with the update id of the book as its sequence."""

    def book(self, instrument: Instrument, levels: int) -> BookSnapshot:
        """The best levels of each side."""

    def bars(
        self, instrument: Instrument, interval: str, start: int | None, end: int | None, limit: int
    ) -> list[Bar]:
        """Candles that start in [start, end], oldest first.

        With ``start`` the oldest ``limit`` from there, else the newest ``limit``.
        """

    def matches(self, instrument: Instrument, limit: int) -> list[Match]:
        """The newest matches, oldest first."""


class Call(NamedTuple):
    """A REST request to a simulated exchange; ``host`` is how the client addressed it."""

    method: str
    path: str
    query: Mapping[str, str]
    host: str = "127.0.0.1"


class Reply(NamedTuple):
    """A simulated exchange's answer to a REST request."""

    status: int
    body: bytes


class Server(ABC):
    """The server half: one instance per client connection of a simulated exchange.

    ``topics`` is what this client gets; it changes with what the client sends.
    """

    tolerance: ClassVar[Tolerance] = Tolerance()
    openings_first: ClassVar[bool] = False  # the openings of topics come before the answer

    def __init__(self, market: MarketView, path: str, query: Mapping[str, str]) -> None:
        self.market = market
        self.topics: dict[str, Topic] = {}

    @staticmethod
    @abstractmethod
    def accepts(path: str) -> bool:
        """Whether this path is a websocket of the exchange."""

    def greeting(self) -> list[str]:
        """Frames sent as soon as the connection stands."""
        return []

    @abstractmethod
    def receive(self, text: str) -> list[str]:
        """Take a client's message, change ``topics``, and answer."""

    def reply(self, answer: str) -> str:
        """The frame of an answer of ``receive``, made when it is its turn to be sent."""
        return answer

    @abstractmethod
    def frame(self, topic: Topic, payload: str) -> str:
        """The frame in which this client gets a payload of ``encode``.

        Called once for every frame, those that a fault loses on the way included.
        """

    @staticmethod
    @abstractmethod
    def encode(topic: Topic, event: Published, sending: Sending) -> str:
        """An event in the exchange's format."""

    @staticmethod
    @abstractmethod
    def answer(market: MarketView, call: Call) -> Reply:
        """Answer a REST request."""
