"""What the simulated Binance says, and that our own client reads it back unchanged."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.exchanges.binance import Binance, BinanceServer
from tickglass.exchanges.exchange import (
    Bar,
    Call,
    Catalogue,
    Channel,
    Day,
    Feed,
    Kind,
    Match,
    Published,
    Sending,
    Topic,
)
from tickglass.market.events import (
    BookDelta,
    BookSnapshot,
    Candle,
    Level,
    MarketEvent,
    Quote,
    Ticker,
    Trade,
)
from tickglass.market.instrument import Instrument, Listing

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("binance", "ETH", "USDT")
LISTINGS = [
    Listing(BTC, "BTCUSDT", Decimal("0.01"), Decimal("0.00001")),
    Listing(ETH, "ETHUSDT", Decimal("0.01"), Decimal("0.0001")),
]
NOW = 1_795_350_840_000


class Market:
    """A market that stands still."""

    now = NOW
    listings = LISTINGS

    def day(self, instrument: Instrument) -> Day:
        ticker = Ticker(instrument, NOW, 110.0, 109.9, 110.1, 100.0, 120.0, 90.0, 5.0, 525.0)
        return Day(ticker, NOW - 86_400_000, 0.5, 1.0, 2.0, 11, 20)

    def quote(self, instrument: Instrument) -> Quote:
        return Quote(instrument, None, 109.9, 1.0, 110.1, 2.0, 77)

    def book(self, instrument: Instrument, levels: int) -> BookSnapshot:
        bids = tuple(Level(109.9 - n, 1.0) for n in range(3))[:levels]
        asks = tuple(Level(110.1 + n, 2.0) for n in range(3))[:levels]
        return BookSnapshot(instrument, NOW, 77, bids, asks)

    def bars(
        self, instrument: Instrument, interval: str, start: int | None, end: int | None, limit: int
    ) -> list[Bar]:
        candle = Candle(instrument, interval, 60_000, 1.0, 4.0, 0.5, 2.0, 10.0, True)
        return [Bar(candle, 20.0, 3, 5.0, 10.0, 11, 13)]

    def matches(self, instrument: Instrument, limit: int) -> list[Match]:
        fills = (
            Trade(instrument, NOW, "19", 110.0, 0.2, "sell"),
            Trade(instrument, NOW, "20", 110.0, 0.3, "sell"),
        )
        return [Match(7, fills)]


def server(path: str = "/stream", **query: str) -> BinanceServer:
    return BinanceServer(Market(), path, query)


def answer(path: str, method: str = "GET", **query: str) -> tuple[int, Any]:
    reply = BinanceServer.answer(Market(), Call(method, path, query))
    return reply.status, json.loads(reply.body) if reply.body.startswith((b"{", b"[")) else None


def client() -> Binance:
    return Binance(Catalogue(LISTINGS))


def read_back(form: str, event: Published, path: str = "/stream") -> list[Any]:
    connection = server(path)
    connection.receive(json.dumps({"method": "SUBSCRIBE", "params": [f"btcusdt@{form}"], "id": 1}))
    (topic,) = connection.topics.values()
    payload = BinanceServer.encode(topic, event, Sending(NOW))
    return client().decode(connection.frame(topic, payload))


prices = st.integers(1, 10**13).map(lambda units: units / 10**8)
sizes = st.integers(0, 10**14).map(lambda units: units / 10**8)
times = st.integers(0, 2 * 10**12)
sides = st.sampled_from(["buy", "sell"])
levels = st.lists(st.builds(Level, prices, sizes), max_size=5).map(tuple)
trades = st.builds(
    Trade, st.just(BTC), times, st.integers(0, 10**12).map(str), prices, sizes, sides
)


@given(trades, st.sampled_from(["/stream", "/ws"]))
def test_a_trade_is_read_back(trade: Trade, path: str) -> None:
    assert read_back("trade", trade, path) == [trade]


@given(st.integers(0, 10**12), trades)
def test_an_aggregate_is_read_back_as_one_trade(number: int, trade: Trade) -> None:
    match = Match(number, (trade,))
    assert read_back("aggTrade", match) == [match.aggregate]


def test_an_aggregate_sums_its_fills() -> None:
    (match,) = Market().matches(BTC, 1)
    assert match.aggregate == Trade(BTC, NOW, "7", 110.0, 0.5, "sell")


@given(st.builds(Quote, st.just(BTC), st.none(), prices, sizes, prices, sizes, st.integers(0)))
def test_a_quote_is_read_back(quote: Quote) -> None:
    assert read_back("bookTicker", quote) == [quote]


@given(
    st.builds(
        Ticker, st.just(BTC), times, prices, prices, prices, prices, prices, prices, sizes, sizes
    )
)
def test_a_ticker_is_read_back(ticker: Ticker) -> None:
    assert read_back("ticker", Day(ticker, 0, 1.0, 1.0, 1.0, 1, 2)) == [ticker]


@given(
    st.builds(
        Candle, st.just(BTC), st.just("5m"), times, prices, prices, prices, prices, sizes,
        st.booleans(),
    )
)  # fmt: skip
def test_a_candle_is_read_back(candle: Candle) -> None:
    assert read_back("kline_5m", Bar(candle, 1.0, 1, 1.0, 1.0, 1, 1)) == [candle]


@given(st.builds(BookDelta, st.just(BTC), times, st.integers(0), st.integers(0), levels, levels))
def test_a_delta_is_read_back(delta: BookDelta) -> None:
    assert read_back("depth@100ms", delta) == [delta]


@given(st.builds(BookSnapshot, st.just(BTC), st.none(), st.integers(0), levels, levels))
def test_a_partial_book_is_read_back(book: BookSnapshot) -> None:
    assert read_back("depth20", book) == [book]


def test_mini_tickers_of_all_markets_are_read_back_without_bid_and_ask() -> None:
    connection = server(streams="!miniTicker@arr")
    (topic,) = connection.topics.values()
    days = [Market().day(BTC), Market().day(ETH)]
    frame = connection.frame(topic, BinanceServer.encode(topic, days, Sending(NOW)))
    events: list[MarketEvent] = client().decode(frame)
    assert [(event.instrument, event.last, event.bid) for event in events] == [
        (BTC, 110.0, None),
        (ETH, 110.0, None),
    ]


@pytest.mark.parametrize("path", ["/ws", "/ws/", "/ws/btcusdt@trade", "/ws/0", "/stream"])
def test_every_form_of_address_is_taken(path: str) -> None:
    assert BinanceServer.accepts(path)


@pytest.mark.parametrize("path", ["/", "/other", "/wsx", "/streams"])
def test_other_paths_are_no_websocket(path: str) -> None:
    assert not BinanceServer.accepts(path)


def test_streams_named_in_the_address_are_subscribed() -> None:
    assert set(server("/ws/btcusdt@trade/ethusdt@kline_1m").topics) == {
        "btcusdt@trade",
        "ethusdt@kline_1m",
    }
    assert set(server("/stream", streams="btcusdt@depth5@100ms").topics) == {"btcusdt@depth5@100ms"}


def test_what_our_client_asks_for_is_what_it_gets() -> None:
    kinds = [Channel(kind, BTC) for kind in (Kind.TICKER, Kind.TRADE, Kind.QUOTE, Kind.BOOK)]
    connection = server()
    for text in client().subscribe([*kinds, Channel(Kind.CANDLE, BTC, "1M")]):
        assert [json.loads(reply) for reply in connection.receive(text)] == [
            {"result": None, "id": 1}
        ]
    assert {(topic.feed, topic.period) for topic in connection.topics.values()} == {
        (Feed.TICKER, 1.0),
        (Feed.TRADE, 0.0),
        (Feed.QUOTE, 0.0),
        (Feed.BOOK_DELTAS, 0.1),
        (Feed.CANDLE, 2.0),
    }


@pytest.mark.parametrize(
    ("request_", "reply"),
    [
        ({"method": "SUBSCRIBE", "params": ["nosuch@trade"], "id": 1}, {"result": None, "id": 1}),
        ({"method": "LIST_SUBSCRIPTIONS", "id": 3}, {"result": ["btcusdt@trade"], "id": 3}),
        ({"method": "GET_PROPERTY", "params": ["combined"], "id": 5}, {"result": True, "id": 5}),
        (
            {"method": "SUBSCRIBE", "params": ["no form"], "id": 7},
            {"error": {"code": 2, "msg": "Invalid request: invalid stream"}, "id": 7},
        ),
    ],
)
def test_control_messages_are_answered(request_: dict[str, Any], reply: dict[str, Any]) -> None:
    connection = server(streams="btcusdt@trade")
    assert [json.loads(text) for text in connection.receive(json.dumps(request_))] == [reply]


def test_what_is_not_json_is_told_so() -> None:
    (text,) = server().receive("{not json")
    assert json.loads(text)["error"]["code"] == 3


def test_a_client_can_leave_the_envelope_away() -> None:
    connection = server(streams="btcusdt@trade")
    connection.receive('{"method":"SET_PROPERTY","params":["combined",false],"id":1}')
    topic = Topic("btcusdt@trade", Feed.TRADE, BTC)
    assert connection.frame(topic, '{"e":"trade"}') == '{"e":"trade"}'


def test_rest_is_read_back_by_our_client() -> None:
    adapter = client()
    reply = BinanceServer.answer(Market(), Call("GET", "/api/v3/exchangeInfo", {}))
    assert adapter.parse_instruments(reply.body) == LISTINGS
    query = {"symbol": "BTCUSDT", "interval": "1m"}
    reply = BinanceServer.answer(Market(), Call("GET", "/api/v3/klines", query))
    (candle,) = adapter.parse_candles(reply.body, BTC, "1m", NOW)
    assert candle == Candle(BTC, "1m", 60_000, 1.0, 4.0, 0.5, 2.0, 10.0, True)
    reply = BinanceServer.answer(Market(), Call("GET", "/api/v3/depth", {"symbol": "BTCUSDT"}))
    book = adapter.parse_depth(reply.body, BTC)
    assert (book.sequence, book.bids[0], book.asks[0]) == (77, Level(109.9, 1.0), Level(110.1, 2.0))
    reply = BinanceServer.answer(Market(), Call("GET", "/api/v3/time", {}))
    assert adapter.parse_time(reply.body) == NOW


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/api/v3/klines", {"symbol": "NOPE", "interval": "1m"}, -1121),
        ("/api/v3/klines", {"symbol": "BTCUSDT", "interval": "7m"}, -1120),
        ("/api/v3/klines", {"interval": "1m"}, -1102),
        ("/api/v3/klines", {"symbol": "BTCUSDT", "interval": "1m", "limit": "x"}, -1100),
        ("/api/v3/ticker/24hr", {"symbols": "BTCUSDT"}, -1100),
    ],
)
def test_bad_requests_get_binances_own_code(path: str, query: dict[str, str], code: int) -> None:
    status, body = answer(path, **query)
    assert (status, body["code"]) == (400, code)


def test_day_statistics_come_full_and_short_one_and_all() -> None:
    status, day = answer("/api/v3/ticker/24hr", symbol="BTCUSDT")
    assert (status, day["priceChangePercent"], day["count"]) == (200, "10.000", 10)
    _, days = answer("/api/v3/ticker/24hr", symbols='["BTCUSDT","ETHUSDT"]', type="MINI")
    assert [row["symbol"] for row in days] == ["BTCUSDT", "ETHUSDT"]
    assert "priceChange" not in days[0]


def test_an_unknown_path_is_not_found() -> None:
    assert answer("/api/v3/nothing")[0] == 404
    assert answer("/api/v3/time", method="POST")[0] == 404
