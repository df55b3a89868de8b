"""What the simulated Bybit says, and that our own client reads it back unchanged."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.exchanges.bybit import FIRST_UPDATE, Bybit, BybitServer
from tickglass.exchanges.exchange import (
    Acknowledged,
    Bar,
    Call,
    Catalogue,
    Channel,
    Complaint,
    Day,
    Feed,
    Kind,
    Match,
    Published,
    Rejected,
    Sending,
)
from tickglass.market.book import OrderBook
from tickglass.market.events import (
    BookDelta,
    BookSnapshot,
    Candle,
    Level,
    Quote,
    Ticker,
    Trade,
)
from tickglass.market.instrument import Instrument, Listing
from tickglass.market.interval import next_start

BTC = Instrument("bybit", "BTC", "USDT")
ETH = Instrument("bybit", "ETH", "BTC")
OLD = Instrument("bybit", "OLD", "USDT")
LISTED = [
    Listing(BTC, "BTCUSDT", Decimal("0.1"), Decimal("0.000001")),
    Listing(ETH, "ETHBTC", Decimal("0.000001"), Decimal("0.0001")),
]
LISTINGS = [*LISTED, Listing(OLD, "OLDUSDT", status="delisted")]
NOW = 1_795_350_840_123


class Market:
    """A market that moves only when a test moves it."""

    now = NOW
    listings = LISTINGS

    def __init__(self) -> None:
        self.bids = [Level(110.0 - n, 1.0) for n in range(100)]
        self.asks = [Level(110.1 + n, 2.0) for n in range(300)]

    def day(self, instrument: Instrument) -> Day:
        ticker = Ticker(instrument, NOW, 110.0, 109.9, 110.1, 100.0, 120.0, 90.0, 5.0, 525.0)
        return Day(ticker, NOW - 86_400_000, 0.5, 1.0, 2.0, 11, 20)

    def quote(self, instrument: Instrument) -> Quote:
        return Quote(instrument, None, 109.9, 1.0, 110.1, 2.0, 77)

    def book(self, instrument: Instrument, levels: int) -> BookSnapshot:
        bids, asks = tuple(self.bids[:levels]), tuple(self.asks[:levels])
        return BookSnapshot(instrument, NOW, 77, bids, asks)

    def bars(
        self, instrument: Instrument, interval: str, start: int | None, end: int | None, limit: int
    ) -> list[Bar]:
        candles = [
            Candle(instrument, interval, start, 1.0, 4.0, 0.5, 2.0, 10.0, True)
            for start in (NOW - 123 - 60_000, NOW - 123)
        ]
        return [bar(candle) for candle in candles if end is None or candle.start <= end]

    def matches(self, instrument: Instrument, limit: int) -> list[Match]:
        fills = (
            Trade(instrument, NOW, "19", 110.0, 0.2, "sell"),
            Trade(instrument, NOW, "20", 110.0, 0.3, "sell"),
        )
        return [Match(6, (Trade(instrument, NOW - 1, "18", 109.0, 1.0, "buy"),)), Match(7, fills)]


def bar(candle: Candle) -> Bar:
    return Bar(candle, 20.0, 3, 5.0, 10.0, 11, 13)


def server(market: Market | None = None) -> BybitServer:
    return BybitServer(market or Market(), "/v5/public/spot", {})


def client() -> Bybit:
    return Bybit(Catalogue(LISTINGS))


def ask(connection: BybitServer, op: str, *topics: str, **more: Any) -> dict[str, Any]:
    (text,) = connection.receive(json.dumps({"op": op, "args": topics, **more}))
    answer: dict[str, Any] = json.loads(text)
    return answer


def sent(connection: BybitServer, name: str, event: Published, number: int = 0) -> str:
    """The frame of an event of a topic, which is subscribed first if it is not yet."""
    if name not in connection.topics:
        assert ask(connection, "subscribe", name)["success"]
    topic = connection.topics[name]
    return connection.frame(topic, BybitServer.encode(topic, event, Sending(NOW, number=number)))


def read_back(name: str, event: Published, number: int = 0) -> list[Any]:
    return client().decode(sent(server(), name, event, number))


# ---------------------------------------------------------------- events and back

prices = st.integers(1, 10**13).map(lambda units: units / 10**8)
sizes = st.integers(0, 10**14).map(lambda units: units / 10**8)
times = st.integers(0, 2 * 10**12)
sides = st.sampled_from(["buy", "sell"])
levels = st.lists(st.builds(Level, prices, sizes), max_size=5).map(tuple)
trades = st.builds(
    Trade, st.just(BTC), times, st.integers(0, 10**12).map(str), prices, sizes, sides
)
numbers = st.integers(0, 10**9)


@given(numbers, st.lists(trades, min_size=1, max_size=3))
def test_the_fills_of_a_match_are_read_back_as_trades(number: int, fills: list[Trade]) -> None:
    assert read_back("publicTrade.BTCUSDT", Match(number, tuple(fills))) == fills


def test_matches_of_a_while_come_in_one_frame() -> None:
    events = read_back("publicTrade.BTCUSDT", tuple(Market().matches(BTC, 2)))
    assert [event.id for event in events] == ["18", "19", "20"]


@given(st.builds(Quote, st.just(BTC), times, prices, sizes, prices, sizes, numbers), numbers)
def test_a_quote_is_read_back_under_the_number_of_its_frame(quote: Quote, number: int) -> None:
    (event,) = read_back("orderbook.1.BTCUSDT", quote, number)
    assert event == Quote(
        BTC, quote.time, quote.bid, quote.bid_size, quote.ask, quote.ask_size,
        FIRST_UPDATE + number,
    )  # fmt: skip


@given(
    st.builds(
        Ticker, st.just(BTC), times, st.none() | prices, st.none(), st.none(),
        st.none() | prices, prices, prices, sizes, sizes,
    )
)  # fmt: skip
def test_a_ticker_is_read_back_but_for_bid_and_ask(ticker: Ticker) -> None:
    assert read_back("tickers.BTCUSDT", Day(ticker, 0, 1.0, 1.0, 1.0, 1, 2)) == [ticker]


@given(
    st.builds(
        Candle, st.just(BTC), st.just("12h"), times, prices, prices, prices, prices, sizes,
        st.booleans(),
    )
)  # fmt: skip
def test_a_candle_is_read_back(candle: Candle) -> None:
    assert read_back("kline.720.BTCUSDT", bar(candle)) == [candle]


def test_a_new_subscriber_is_told_the_running_candle_only() -> None:
    bars = Market().bars(BTC, "1m", None, None, 2)
    assert read_back("kline.1.BTCUSDT", bars) == [bars[1].candle]


@pytest.mark.parametrize("interval", Bybit.intervals)
def test_a_candle_ends_a_millisecond_before_the_next(interval: str) -> None:
    topic = client().topic(Channel(Kind.CANDLE, BTC, interval))
    start = 1_793_491_200_000  # 2026-11-01
    frame = sent(server(), topic, bar(Candle(BTC, interval, start, 1, 1, 1, 1, 1, False)))
    (row,) = json.loads(frame)["data"]
    assert row["end"] + 1 == next_start(interval, start)


@given(st.builds(BookSnapshot, st.just(BTC), times, numbers, levels, levels), numbers)
def test_a_book_is_read_back_under_the_number_of_its_frame(book: BookSnapshot, number: int) -> None:
    (event,) = read_back("orderbook.1000.BTCUSDT", book, number)
    expected = BookSnapshot(BTC, book.time, FIRST_UPDATE + number, book.bids, book.asks, 1000)
    assert event == expected


@given(st.builds(BookDelta, st.just(BTC), times, numbers, numbers, levels, levels), numbers)
def test_a_delta_is_read_back_under_the_number_of_its_frame(delta: BookDelta, number: int) -> None:
    (event,) = read_back("orderbook.50.BTCUSDT", delta, number)
    sequence = FIRST_UPDATE + number
    assert event == BookDelta(BTC, delta.time, sequence - 1, sequence, delta.bids, delta.asks)


def test_an_event_without_a_time_is_sent_as_of_now() -> None:
    (event,) = read_back("orderbook.1.BTCUSDT", Market().quote(BTC))
    assert event.time == NOW


def test_numbers_are_written_out_without_needless_zeros() -> None:
    fill = Trade(BTC, NOW, "1", 0.00000001, 5.0, "sell")
    (row,) = json.loads(sent(server(), "publicTrade.BTCUSDT", Match(1, (fill,))))["data"]
    assert (row["p"], row["v"], row["S"]) == ("0.00000001", "5", "Sell")


def test_the_index_price_of_a_coin_that_is_no_collateral_is_empty() -> None:
    frame = json.loads(sent(server(), "tickers.ETHBTC", Market().day(ETH)))
    assert frame["data"]["usdIndexPrice"] == ""
    assert frame["data"]["price24hPcnt"] == "0.1"


# ---------------------------------------------------------------- the numbers of a book

BOOK_TOPIC = "orderbook.50.BTCUSDT"


def delta_of(market: Market) -> BookDelta:
    """What the market tells: all of its book, also beyond what the client follows."""
    return BookDelta(BTC, NOW, 76, 77, (Level(1.0, 0.0),), tuple(market.asks))


def followed(connection: BybitServer, adapter: Bybit, market: Market) -> OrderBook:
    """A client's book, begun with the opening."""
    book = OrderBook(BTC)
    (event,) = adapter.decode(sent(connection, BOOK_TOPIC, market.book(BTC, 50)))
    assert isinstance(event, BookSnapshot)
    book.load(event)
    return book


def test_a_frame_lost_on_the_way_is_seen_and_a_new_snapshot_mends_it() -> None:
    market, adapter = Market(), client()
    connection = server(market)
    book = followed(connection, adapter, market)
    sent(connection, BOOK_TOPIC, delta_of(market), 1)
    (delta,) = adapter.decode(sent(connection, BOOK_TOPIC, delta_of(market), 2))
    assert isinstance(delta, BookDelta)
    assert book.sequence == FIRST_UPDATE
    assert delta.previous == FIRST_UPDATE + 1
    ask(connection, "unsubscribe", BOOK_TOPIC)
    (snapshot,) = adapter.decode(sent(connection, BOOK_TOPIC, market.book(BTC, 50), 2))
    assert isinstance(snapshot, BookSnapshot)
    assert snapshot.sequence == FIRST_UPDATE + 2


# ---------------------------------------------------------------- control messages


@pytest.mark.parametrize("path", ["/v5/public/spot", "/v5/public/spot/"])
def test_the_spot_socket_is_taken(path: str) -> None:
    assert BybitServer.accepts(path)


@pytest.mark.parametrize("path", ["/", "/v5/public/linear", "/v5/public", "/v5/private"])
def test_other_paths_are_no_websocket(path: str) -> None:
    assert not BybitServer.accepts(path)


def test_what_our_client_asks_for_is_what_it_gets() -> None:
    kinds = [Channel(kind, BTC) for kind in Kind if kind is not Kind.CANDLE]
    connection, adapter = server(), client()
    (text,) = adapter.subscribe([*kinds, Channel(Kind.CANDLE, BTC, "1M")])
    (reply,) = connection.receive(text)
    assert adapter.decode(reply) == [Acknowledged("1")]
    assert {
        (topic.name, topic.feed, topic.period, topic.opening)
        for topic in connection.topics.values()
    } == {
        ("tickers.BTCUSDT", Feed.TICKER, 0.1, True),
        ("publicTrade.BTCUSDT", Feed.AGGREGATE, 0.0, False),
        ("orderbook.1.BTCUSDT", Feed.QUOTE, 0.02, True),
        ("kline.M.BTCUSDT", Feed.CANDLE, 1.0, True),
        ("orderbook.200.BTCUSDT", Feed.BOOK_DELTAS, 0.1, True),
    }


def test_equal_subscriptions_of_two_clients_are_the_same_topic() -> None:
    topics = set()
    for connection in (server(), server()):
        ask(connection, "subscribe", "orderbook.1000.ETHBTC")
        topics |= {*connection.topics.values()}
    (topic,) = topics
    assert (topic.instrument, topic.levels) == (ETH, 1000)


def test_the_answer_to_a_subscription_has_the_shape_of_spot() -> None:
    answer = ask(server(), "subscribe", "tickers.BTCUSDT", req_id="s-1")
    assert answer.pop("conn_id")
    assert answer == {"success": True, "ret_msg": "subscribe", "req_id": "s-1", "op": "subscribe"}


def test_a_request_without_an_id_is_answered_without_one() -> None:
    assert "req_id" not in ask(server(), "subscribe", "tickers.BTCUSDT")


def test_a_number_as_id_and_unknown_keys_are_borne() -> None:
    assert ask(server(), "subscribe", "tickers.BTCUSDT", req_id=7, more=[])["req_id"] == "7"


def test_unsubscribing_stops_a_topic() -> None:
    connection = server()
    ask(connection, "subscribe", "tickers.BTCUSDT", "publicTrade.BTCUSDT")
    answer = ask(connection, "unsubscribe", "tickers.BTCUSDT", "never.had", req_id="u")
    assert (answer["success"], answer["op"], answer["req_id"]) == (True, "unsubscribe", "u")
    assert set(connection.topics) == {"publicTrade.BTCUSDT"}


@pytest.mark.parametrize("more", [{}, {"req_id": "100001"}])
def test_a_ping_is_answered_and_keeps_its_op(more: dict[str, str]) -> None:
    (text,) = server().receive(json.dumps({"op": "ping", **more}))
    answer = json.loads(text)
    assert answer.pop("conn_id")
    assert answer == {"success": True, "ret_msg": "pong", **more, "op": "ping"}


def test_the_heartbeat_of_our_client_is_answered() -> None:
    adapter = client()
    (text,) = server().receive(adapter.heartbeat().text)
    assert adapter.decode(text) == []


def test_more_than_ten_topics_are_refused_without_an_id() -> None:
    connection = server()
    names = [f"kline.{period}.BTCUSDT" for period in (1, 3, 5, 15, 30, 60, 120, 240, 360, 720, "D")]
    answer = ask(connection, "subscribe", *names, req_id="s-1")
    assert (answer["success"], answer["ret_msg"]) == (False, "args size >10")
    assert "req_id" not in answer
    assert not connection.topics


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tickers.NOPEUSDT", "Invalid symbol :[tickers.NOPEUSDT]"),
        ("tickers.btcusdt", "Invalid symbol :[tickers.btcusdt]"),
        ("orderbook.7.BTCUSDT", "error:handler not found,topic:orderbook.7.BTCUSDT"),
        ("kline.7.BTCUSDT", "error:handler not found,topic:kline.7.BTCUSDT"),
        ("publicTrade.ETHBTC", "error:already subscribed,topic:publicTrade.ETHBTC"),
    ],
)
def test_one_bad_topic_spoils_the_whole_request(name: str, words: str) -> None:
    connection = server()
    ask(connection, "subscribe", "publicTrade.ETHBTC")
    answer = ask(connection, "subscribe", "tickers.BTCUSDT", name)
    assert (answer["success"], answer["ret_msg"]) == (False, words)
    assert set(connection.topics) == {"publicTrade.ETHBTC"}


def test_our_client_knows_which_request_a_bad_symbol_has_spoilt() -> None:
    connection, adapter = server(), client()
    bad = Instrument("bybit", "NOPE", "USDT")
    asked = [Channel(Kind.TICKER, BTC), Channel(Kind.TICKER, bad)]
    (text,) = adapter.subscribe(asked)
    (reply,) = connection.receive(text)
    (event,) = adapter.decode(reply)
    assert event == Rejected("1", 0, "Invalid symbol :[tickers.NOPEUSDT]", tuple(asked))


def test_more_characters_of_topics_than_a_connection_may_have_are_refused() -> None:
    market = Market()
    coins = [Instrument("bybit", f"{'X' * 981}{n:03}", "USDT") for n in range(21)]
    market.listings = [Listing(each, f"{each.base}USDT") for each in coins]
    connection = server(market)
    names = [f"publicTrade.{each.base}USDT" for each in coins]
    assert {len(name) for name in names} == {1_000}
    assert ask(connection, "subscribe", *names[:10])["success"]
    assert ask(connection, "subscribe", *names[10:20])["success"]
    assert ask(connection, "subscribe", names[20])["success"]
    assert not ask(connection, "subscribe", f"tickers.{coins[0].base}USDT")["success"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "5", '{"op":5}', '{"op":"nothing"}', "[" * 50_000, "\ud800"]
)
def test_what_is_no_request_is_told_so(text: str) -> None:
    (answer,) = server().receive(text)
    assert json.loads(answer)["ret_msg"] == "error:invalid op"


@pytest.mark.parametrize("args", [None, [5], [{}], [None]])
def test_arguments_that_are_no_topics_are_no_topics(args: Any) -> None:
    connection = server()
    connection.receive(json.dumps({"op": "subscribe", "args": args}))
    assert not connection.topics


# ---------------------------------------------------------------- REST


def answer(path: str, method: str = "GET", **query: str) -> tuple[int, Any]:
    reply = BybitServer.answer(Market(), Call(method, path, query))
    return reply.status, json.loads(reply.body)


def result(path: str, **query: str) -> Any:
    status, body = answer(path, **{"category": "spot", **query})
    assert (status, body["retCode"], body["time"]) == (200, 0, NOW)
    return body["result"]


def test_rest_is_read_back_by_our_client() -> None:
    adapter = client()

    def body(request: Any) -> bytes:
        reply = BybitServer.answer(Market(), Call("GET", request.path, request.query))
        assert Bybit.complaint(reply.status, reply.body) is None
        return reply.body

    assert adapter.parse_instruments(body(adapter.instruments_request())) == LISTED
    candles = adapter.parse_candles(
        body(adapter.candles_request(BTC, "1m", None, 2, now=NOW)), BTC, "1m", NOW
    )
    assert [(each.start, each.closed) for each in candles] == [
        (NOW - 123 - 60_000, True),
        (NOW - 123, False),
    ]
    book = adapter.parse_depth(body(adapter.depth_request(BTC)), BTC)
    assert (len(book.bids), len(book.asks), book.asks[0]) == (100, 200, Level(110.1, 2.0))
    assert adapter.parse_time(body(adapter.time_request())) == NOW


def test_candles_are_paged_back_by_our_client() -> None:
    request = client().candles_request(BTC, "1m", NOW - 123, 2, now=NOW)
    (row,) = result("/v5/market/kline", **request.query)["list"]
    assert row == [str(NOW - 123 - 60_000), "1", "4", "0.5", "2", "10", "20"]


def test_candles_are_given_newest_first() -> None:
    rows = result("/v5/market/kline", symbol="BTCUSDT", interval="60")["list"]
    assert [row[0] for row in rows] == [str(NOW - 123), str(NOW - 123 - 60_000)]


@pytest.mark.parametrize(
    ("limit", "bids", "asks"), [({}, 1, 1), ({"limit": "150"}, 100, 150), ({"limit": "0"}, 1, 1)]
)
def test_the_book_has_one_level_unless_more_are_asked_for(
    limit: dict[str, str], bids: int, asks: int
) -> None:
    book = result("/v5/market/orderbook", symbol="BTCUSDT", **limit)
    assert (len(book["b"]), len(book["a"]), book["seq"]) == (bids, asks, 77)


def test_tickers_by_rest_have_bid_and_ask() -> None:
    rows = result("/v5/market/tickers")["list"]
    assert [row["symbol"] for row in rows] == ["BTCUSDT", "ETHBTC"]
    (row,) = result("/v5/market/tickers", symbol="ETHBTC")["list"]
    assert (row["symbol"], row["bid1Price"], row["ask1Size"]) == ("ETHBTC", "109.9", "2")
    assert (row["lastPrice"], row["price24hPcnt"]) == ("110", "0.1")


def test_trades_by_rest_are_newest_first() -> None:
    rows = result("/v5/market/recent-trade", symbol="BTCUSDT", limit="2")["list"]
    assert [(row["execId"], row["side"], row["time"]) for row in rows] == [
        ("20", "Sell", str(NOW)),
        ("19", "Sell", str(NOW)),
    ]


def test_the_time_is_given_in_seconds_and_nanoseconds_as_text() -> None:
    assert result("/v5/market/time") == {
        "timeSecond": "1795350840",
        "timeNano": "1795350840123000000",
    }


def test_there_are_no_perpetuals() -> None:
    for category in ("linear", "inverse"):
        _, body = answer("/v5/market/instruments-info", category=category, limit="1000")
        assert body["result"] == {"category": category, "list": [], "nextPageCursor": ""}


def test_no_maintenance_is_announced() -> None:
    assert result("/v5/system/status") == {"list": []}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v5/market/kline", {"category": "spot", "symbol": "NOPE", "interval": "1"}),
        ("/v5/market/kline", {"category": "spot", "symbol": "OLDUSDT", "interval": "1"}),
        ("/v5/market/kline", {"category": "spot", "symbol": "BTCUSDT", "interval": "1m"}),
        ("/v5/market/kline", {"category": "spot", "symbol": "BTCUSDT"}),
        ("/v5/market/kline", {"symbol": "BTCUSDT", "interval": "1"}),
        ("/v5/market/kline", {"category": "x", "symbol": "BTCUSDT", "interval": "1"}),
        ("/v5/market/orderbook", {"category": "spot"}),
        ("/v5/market/orderbook", {"category": "spot", "symbol": "BTCUSDT", "limit": "many"}),
        ("/v5/market/tickers", {"symbol": "BTCUSDT"}),
        ("/v5/market/tickers", {"category": "spot", "symbol": "NOPE"}),
    ],
)
def test_bad_parameters_are_a_complaint_with_a_status_of_200(
    path: str, query: dict[str, str]
) -> None:
    reply = BybitServer.answer(Market(), Call("GET", path, query))
    complaint = Bybit.complaint(reply.status, reply.body)
    assert isinstance(complaint, Complaint)
    assert (reply.status, complaint.code, complaint.too_many) == (200, 10001, False)


def test_an_unknown_path_is_not_found() -> None:
    for status, body in (answer("/v5/market/nothing"), answer("/v5/market/time", method="POST")):
        assert (status, body["retCode"]) == (404, 10017)
