"""The contract that every exchange fulfils: wire formats in both directions, no sockets.

The client half (``Exchange``) turns what is wanted into URLs and messages, and frames into
events. The server half (``Server``) is what the simulated exchange of the same name speaks. Both
stand in one file per exchange, so that protocol knowledge is written down once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, NamedTuple, Protocol

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


@dataclass(frozen=True, slots=True)
class Limits:
    """What an exchange allows a client, and how long it lives. Seconds and bytes."""

    channels_per_connection: int
    control_interval: float  # least time between two control messages
    control_bytes: int  # longest control message
    connections: int  # dials per ``connections_window``
    connections_window: float
    lifetime: float | None = None  # redial before the exchange cuts us off
    frame_bytes: int = 4 * 1024 * 1024
    weight_per_minute: int = 1_000  # of REST requests
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


class Acknowledged(NamedTuple):
    """The exchange took a control message."""

    id: str


class Rejected(NamedTuple):
    """The exchange refused a control message, or complains of us; ``text`` is its own words."""

    id: str
    code: int
    text: str


class ServerClosing(NamedTuple):
    """The exchange announces that it will close this connection: dial a new one now."""

    reason: str


Control = Acknowledged | Rejected | ServerClosing
Event = MarketEvent | Control


class Catalogue:
    """Which symbol is which instrument on one exchange.

    Filled by the instrument list where it was fetched, and by every subscription before that.
    """

    def __init__(self, listings: Iterable[Listing] = ()) -> None:
        self.listings: dict[Instrument, Listing] = {}
        self.by_symbol: dict[str, Instrument] = {}
        self.add(listings)

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
    """

    name: ClassVar[str]
    title: ClassVar[str]
    endpoints: ClassVar[tuple[Endpoint, ...]]  # in the order they are tried
    limits: ClassVar[Limits]
    intervals: ClassVar[tuple[str, ...]]
    candles_per_request: ClassVar[int]
    book_snapshot_by_rest: ClassVar[bool]

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

    @abstractmethod
    def url(self, ws: str) -> str:
        """The address to dial under an endpoint's ``ws``."""

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
        """The message that keeps a connection open, or None where protocol pings do."""
        return None

    @abstractmethod
    def instruments_request(self) -> Request:
        """Ask which instruments there are."""

    @abstractmethod
    def parse_instruments(self, body: bytes) -> list[Listing]:
        """Read the reply to ``instruments_request``."""

    @abstractmethod
    def candles_request(
        self, instrument: Instrument, interval: str, end: int | None, limit: int
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
    def parse_refusal(status: int, body: bytes) -> tuple[int, str]:
        """The exchange's own code and words in a refused reply."""

    def parse_rest(self, path: str, query: Mapping[str, str], body: bytes) -> BookSnapshot | None:
        """A recorded REST reply as an event, if it is a book snapshot."""
        return None


class Feed(StrEnum):
    """The forms in which a simulated exchange publishes: more than our own client asks for."""

    TRADE = "trade"
    AGGREGATE = "aggregate"
    TICKER = "ticker"
    MINI_TICKER = "mini_ticker"
    QUOTE = "quote"
    CANDLE = "candle"
    BOOK_TOP = "book_top"
    BOOK_DELTAS = "book_deltas"


class Topic(NamedTuple):
    """What a client asked a simulated exchange for, by the exchange's own name for it.

    ``instrument`` None means all of them in one frame; ``period`` (s) 0 means at once.
    """

    name: str
    feed: Feed
    instrument: Instrument | None
    period: float = 0.0
    interval: str = ""
    levels: int = 0


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


Published = Match | Trade | Day | Sequence[Day] | Bar | Quote | BookSnapshot | BookDelta


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


class Reply(NamedTuple):
    """A simulated exchange's answer to a REST request."""

    status: int
    body: bytes


class Server(ABC):
    """The server half: one instance per client connection of a simulated exchange.

    ``topics`` is what this client gets; it changes with what the client sends.
    """

    def __init__(self, market: MarketView, path: str, query: Mapping[str, str]) -> None:
        self.market = market
        self.topics: dict[str, Topic] = {}

    @staticmethod
    @abstractmethod
    def accepts(path: str) -> bool:
        """Whether this path is a websocket of the exchange."""

    @abstractmethod
    def greeting(self) -> list[str]:
        """Frames sent as soon as the connection stands."""

    @abstractmethod
    def receive(self, text: str) -> list[str]:
        """Take a client's message, change ``topics``, and answer."""

    @abstractmethod
    def frame(self, topic: Topic, payload: str) -> str:
        """The frame in which this client gets a payload of ``encode``."""

    @staticmethod
    @abstractmethod
    def encode(topic: Topic, event: Published, now: int) -> str:
        """An event in the exchange's format; ``now`` is the time of sending, ms.

        A topic of all instruments gets the sequence of their days.
        """

    @staticmethod
    @abstractmethod
    def answer(market: MarketView, method: str, path: str, query: Mapping[str, str]) -> Reply:
        """Answer a REST request."""
