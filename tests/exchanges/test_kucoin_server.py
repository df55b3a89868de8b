"""What the simulated KuCoin says, and that our own client reads it back unchanged."""

import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.exchanges.exchange import (
    Bar,
    Call,
    Catalogue,
    Channel,
    Day,
    Dial,
    Feed,
    Kind,
    Match,
    Published,
    Sending,
    Welcome,
)
from tickglass.exchanges.kucoin import LANE, Kucoin, KucoinServer
from tickglass.market.events import BookDelta, BookSnapshot, Candle, Level, Quote, Ticker, Trade
from tickglass.market.instrument import Instrument, Listing

BTC = Instrument("kucoin", "BTC", "USDT")
ETH = Instrument("kucoin", "ETH", "BTC")
LISTINGS = [
    Listing(BTC, "BTC-USDT", Decimal("0.1"), Decimal("0.00000001")),
    Listing(ETH, "ETH-BTC", Decimal("0.00001"), Decimal("0.0001")),
]
NOW = 1_795_350_840_000
DAY = 86_400_000
TOKEN = f"{NOW}.simulated=="


class Market:
    """A market that stands still."""

    listings = LISTINGS

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def day(self, instrument: Instrument) -> Day:
        ticker = Ticker(instrument, NOW, 110.0, 109.9, 110.1, 96.0, 120.0, 90.0, 5.0, 525.0)
        return Day(ticker, NOW - DAY, 0.5, 1.0, 2.0, 11, 20)

    def quote(self, instrument: Instrument) -> Quote:
        return Quote(instrument, None, 109.9, 1.0, 110.1, 2.0, 77)

    def book(self, instrument: Instrument, levels: int) -> BookSnapshot:
        bids = tuple(Level(1000.0 - n, 1.0) for n in range(200))[:levels]
        asks = tuple(Level(1001.0 + n, 2.0) for n in range(200))[:levels]
        return BookSnapshot(instrument, NOW, 77, bids, asks)

    def bars(
        self, instrument: Instrument, interval: str, start: int | None, end: int | None, limit: int
    ) -> list[Bar]:
        """Minutes 1 to 3 of the epoch, the second without trades."""
        assert start is None
        return [
            Bar(
                Candle(instrument, interval, minute * 60_000, 1.0, 4.0, 0.5, 2.0, 10.0, True),
                20.0, 0 if minute == 2 else 3, 5.0, 10.0, 11, 13,
            )
            for minute in (1, 2, 3)
            if end is None or minute * 60_000 <= end
        ]  # fmt: skip

    def matches(self, instrument: Instrument, limit: int) -> list[Match]:
        fills = tuple(
            Trade(instrument, NOW, str(number), 110.0, 0.2, "sell") for number in range(150)
        )
        return [Match(7, fills)]


def server(token: str = TOKEN, now: int = NOW) -> KucoinServer:
    return KucoinServer(Market(now), "/", {"token": token, "connectId": "c0ffee"})


def subscription(topic: str, verb: str = "subscribe", **more: Any) -> str:
    return json.dumps({"id": "5", "type": verb, "topic": topic, "response": True} | more)


def tell(connection: KucoinServer, text: str) -> list[Any]:
    return [json.loads(each) for each in connection.receive(text)]


def error(code: int, text: str) -> list[Any]:
    return [{"id": "5", "type": "error", "code": code, "data": text}]


def client() -> Kucoin:
    return Kucoin(Catalogue(LISTINGS))


def frame(topic: str, event: Published, sending: Sending = Sending(NOW)) -> str:  # noqa: B008
    connection = server()
    connection.receive(subscription(topic))
    (each,) = connection.topics.values()
    return connection.frame(each, KucoinServer.encode(each, event, sending))


def read_back(topic: str, event: Published) -> list[Any]:
    return client().decode(frame(topic, event))


def call(path: str, method: str = "GET", **query: str) -> Any:
    reply = KucoinServer.answer(Market(), Call(method, path, query, "127.0.0.1:9000"))
    assert reply.status == 200
    return json.loads(reply.body)


def body(path: str, **query: str) -> bytes:
    return KucoinServer.answer(Market(), Call("GET", path, query)).body


# ---------------------------------------------------------------- connecting


def test_the_ticket_leads_back_to_the_address_that_the_client_called() -> None:
    (instance,) = call("/api/v1/bullet-public", "POST")["data"]["instanceServers"]
    assert instance["endpoint"] == "ws://127.0.0.1:9000/"
    assert (instance["pingInterval"], instance["pingTimeout"]) == (18_000, 10_000)


def test_our_client_is_welcomed_with_the_ticket_that_it_was_given() -> None:
    ticket = KucoinServer.answer(Market(), Call("POST", "/api/v1/bullet-public", {}, "h")).body
    parts = urlsplit(client().url(Dial("ws://h", LANE, 1, ticket)))
    assert KucoinServer.accepts(parts.path)
    query = {name: value for name, (value,) in parse_qs(parts.query).items()}
    (text,) = KucoinServer(Market(), parts.path, query).greeting()
    assert json.loads(text) == {"id": query["connectId"], "type": "welcome"}
    assert client().decode(text) == [Welcome()]


def test_a_client_without_an_id_is_welcomed_under_one_of_ours() -> None:
    (text,) = KucoinServer(Market(), "/", {"token": TOKEN}).greeting()
    assert json.loads(text)["type"] == "welcome"
    assert json.loads(text)["id"]


@pytest.mark.parametrize(
    ("token", "now", "words"),
    [
        ("", NOW, "token is invalid"),
        ("forged", NOW, "token is invalid"),
        ("x.simulated==", NOW, "token is invalid"),
        ("9" * 5_000 + ".simulated==", NOW, "token is invalid"),
        (TOKEN, NOW - 1, "token is invalid"),
        (TOKEN, NOW + DAY, "token is expired"),
    ],
)
def test_a_bad_token_is_told_instead_of_the_welcome_and_ever_after(
    token: str, now: int, words: str
) -> None:
    connection = server(token, now)
    (greeting,) = connection.greeting()
    assert json.loads(greeting) == {"id": "c0ffee", "type": "error", "code": 401, "data": words}
    assert tell(connection, subscription("/market/match:BTC-USDT")) == error(401, words)
    assert connection.topics == {}


def test_a_token_lives_a_day() -> None:
    (greeting,) = server(now=NOW + DAY - 1).greeting()
    assert json.loads(greeting)["type"] == "welcome"


@pytest.mark.parametrize("path", ["/", "/endpoint"])
def test_both_forms_of_address_are_taken(path: str) -> None:
    assert KucoinServer.accepts(path)
    assert not KucoinServer.accepts(f"{path}/other")


def test_a_client_that_says_nothing_for_a_minute_is_not_borne() -> None:
    tolerance = KucoinServer.tolerance
    assert (tolerance.messages, tolerance.window, tolerance.silence) == (100, 10.0, 60.0)


# ---------------------------------------------------------------- messages


def test_what_our_client_asks_for_is_what_it_gets() -> None:
    kinds = [Channel(kind, BTC) for kind in (Kind.TICKER, Kind.TRADE, Kind.QUOTE, Kind.BOOK)]
    connection = server()
    for text in client().subscribe([*kinds, Channel(Kind.CANDLE, BTC, "1M")]):
        assert tell(connection, text) == [{"id": json.loads(text)["id"], "type": "ack"}]
    assert {name: (each.feed, each.period) for name, each in connection.topics.items()} == {
        "/market/snapshot:BTC-USDT": (Feed.TICKER, 2.0),
        "/market/ticker:BTC-USDT": (Feed.TICKER, 0.1),
        "/market/match:BTC-USDT": (Feed.TRADE, 0.0),
        "/spotMarket/level1:BTC-USDT": (Feed.QUOTE, 0.05),
        "/market/candles:BTC-USDT_1month": (Feed.CANDLE, 1.0),
        "/spotMarket/level2Depth50:BTC-USDT": (Feed.BOOK_TOP, 0.1),
    }
    assert connection.topics["/market/candles:BTC-USDT_1month"].interval == "1M"
    assert connection.topics["/spotMarket/level2Depth50:BTC-USDT"].levels == 50
    assert {each.instrument for each in connection.topics.values()} == {BTC}


def test_what_is_unsubscribed_is_gone_from_the_same_topics() -> None:
    connection = server()
    topics = connection.topics
    connection.receive(subscription("/market/match:BTC-USDT,ETH-BTC"))
    connection.receive(subscription("/market/match:BTC-USDT", "unsubscribe"))
    assert list(topics) == ["/market/match:ETH-BTC"]


def test_the_same_subscription_of_two_clients_is_the_same_topic() -> None:
    first, second = server(), server()
    first.receive(subscription("/market/match:ETH-BTC,BTC-USDT"))
    second.receive(subscription("/market/match: BTC-USDT", id=9, surplus=[1]))
    assert set(first.topics.values()) > set(second.topics.values())


def test_a_number_for_an_id_comes_back_as_text() -> None:
    answer = tell(server(), subscription("/market/match:BTC-USDT", id=1))
    assert answer == [{"id": "1", "type": "ack"}]


def test_who_wants_no_answer_gets_none() -> None:
    connection = server()
    assert tell(connection, subscription("/market/match:BTC-USDT", response=False)) == []
    assert list(connection.topics) == ["/market/match:BTC-USDT"]


def test_a_ping_is_answered_in_microseconds() -> None:
    pong = {"id": "3", "type": "pong", "timestamp": NOW * 1000}
    assert tell(server(), '{"id": "3", "type": "ping"}') == [pong]


def test_an_unknown_symbol_is_acknowledged_and_silent() -> None:
    connection = server()
    answer = tell(connection, subscription("/market/match:NOPE-USDT,BTC-USDT"))
    assert answer == [{"id": "5", "type": "ack"}]
    assert list(connection.topics) == ["/market/match:BTC-USDT"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (subscription(""), 406, "topic is required"),
        (subscription("/market/nothing:BTC-USDT"), 404, "topic does not exist"),
        (subscription("/market/candles:BTC-USDT_7min"), 404, "topic does not exist"),
        (subscription("/market/match"), 400, "topic is invalid"),
        (subscription("/market/match:BTC-USDT,"), 400, "topic is invalid"),
        (subscription("/account/balance", privateChannel=True), 403, "login is required"),
        (subscription("/market/match:BTC-USDT", "openTunnel"), 415, "type is not supported"),
        (
            subscription("/market/match:" + ",".join(f"C{n}-USDT" for n in range(101))),
            509,
            "exceed max subscription count limitation of 100 per time",
        ),
    ],
)
def test_a_bad_message_gets_kucoins_own_code(text: str, code: int, words: str) -> None:
    connection = server()
    assert tell(connection, text) == error(code, words)
    assert connection.topics == {}


@pytest.mark.parametrize("text", ["{not json", "[]", '{"id":"5","type":7}', "[" * 50_000])
def test_what_is_no_message_is_told_so_under_an_id_of_ours(text: str) -> None:
    (answer,) = tell(server(), text)
    assert (answer["type"], answer["code"]) == ("error", 400)
    assert answer["id"] not in ("", "5")


def test_a_connection_bears_four_hundred_topics() -> None:
    many = [Listing(Instrument("kucoin", f"C{n}", "USDT"), f"C{n}-USDT") for n in range(401)]
    market = Market()
    market.listings = many
    connection = KucoinServer(market, "/", {"token": TOKEN})
    for first in range(0, 400, 100):
        names = ",".join(each.symbol for each in many[first : first + 100])
        assert tell(connection, subscription(f"/market/match:{names}"))[0]["type"] == "ack"
    assert len(connection.topics) == 400
    words = "exceed max subscription count limitation of 400 per session"
    assert tell(connection, subscription("/market/match:C400-USDT")) == error(509, words)
    assert tell(connection, subscription("/market/match:C0-USDT"))[0]["type"] == "ack"
    assert len(connection.topics) == 400


# ---------------------------------------------------------------- frames

prices = st.integers(1, 10**13).map(lambda units: units / 10**8)
sizes = st.integers(0, 10**14).map(lambda units: units / 10**8)
times = st.integers(0, 2 * 10**12)
sides = st.sampled_from(["buy", "sell"])
levels = st.lists(st.builds(Level, prices, sizes), max_size=5).map(tuple)
btc = st.just(BTC)


@given(st.builds(Trade, btc, times, st.integers(0, 10**12).map(str), prices, sizes, sides))
def test_a_trade_is_read_back(trade: Trade) -> None:
    assert read_back("/market/match:BTC-USDT", trade) == [trade]


@given(st.builds(Quote, btc, times, prices, sizes, prices, sizes))
def test_a_quote_is_read_back(quote: Quote) -> None:
    assert read_back("/spotMarket/level1:BTC-USDT", quote) == [quote]


@given(st.builds(Ticker, btc, times, prices, prices, prices, prices, prices, prices, sizes, sizes))
def test_the_statistics_of_a_day_are_read_back(ticker: Ticker) -> None:
    day = Day(ticker, 0, 1.0, 1.0, 1.0, 1, 2)
    assert read_back("/market/snapshot:BTC-USDT", day) == [ticker]
    brief = Ticker(
        BTC, ticker.time, ticker.last, ticker.bid, ticker.ask, None, None, None, None, None
    )
    assert read_back("/market/ticker:BTC-USDT", day) == [brief]


@given(
    st.builds(
        Candle, btc, st.just("5m"), st.integers(0, 10**9).map(lambda s: s * 1000), prices, prices,
        prices, prices, sizes, st.just(False),
    )
)  # fmt: skip
def test_a_candle_is_read_back(candle: Candle) -> None:
    bar = Bar(candle, 1.0, 1, 1.0, 1.0, 1, 1)
    assert read_back("/market/candles:BTC-USDT_5min", bar) == [candle]


@given(st.builds(BookDelta, btc, times, st.integers(0, 10**15), st.integers(0, 10**15), levels,
                 levels))  # fmt: skip
def test_a_delta_is_read_back(delta: BookDelta) -> None:
    assert read_back("/market/level2:BTC-USDT", delta) == [delta]


@given(st.builds(BookSnapshot, btc, times, st.none(), levels, levels, st.just(5)))
def test_the_best_levels_are_read_back(book: BookSnapshot) -> None:
    assert read_back("/spotMarket/level2Depth5:BTC-USDT", book) == [book]


def test_a_trade_looks_as_it_does_on_the_wire() -> None:
    trade = Trade(BTC, NOW, "19", 110.0, 0.00000001, "sell")
    assert json.loads(frame("/market/match:BTC-USDT", trade)) == {
        "topic": "/market/match:BTC-USDT", "type": "message", "subject": "trade.l3match",
        "data": {
            "makerOrderId": "000000000000000000000026", "takerOrderId": "000000000000000000000027",
            "price": "110", "size": "0.00000001", "side": "sell", "sequence": "19",
            "symbol": "BTC-USDT", "time": "1795350840000000000", "tradeId": "19", "type": "match",
        },
    }  # fmt: skip


def test_the_first_sending_of_a_candle_is_told_apart() -> None:
    bar = Market().bars(BTC, "1m", None, None, 3)[0]
    for fresh, subject in ((True, "trade.candles.add"), (False, "trade.candles.update")):
        text = frame("/market/candles:BTC-USDT_1min", bar, Sending(NOW, fresh=fresh))
        told = json.loads(text)
        assert told["subject"] == subject
        assert told["data"]["candles"] == ["60", "1", "2", "4", "0.5", "10", "20"]
        assert told["data"]["time"] == NOW * 1_000_000


def test_a_delta_goes_from_the_update_after_the_last_one() -> None:
    delta = BookDelta(BTC, NOW, 10, 14, (Level(109.0, 0.0),), ())
    data = json.loads(frame("/market/level2:BTC-USDT", delta))["data"]
    assert (data["sequenceStart"], data["sequenceEnd"]) == (11, 14)
    assert data["changes"] == {"asks": [], "bids": [["109", "0", "14"]]}


def test_a_snapshot_has_numbers_two_deep() -> None:
    told = json.loads(frame("/market/snapshot:BTC-USDT", Market().day(BTC)))["data"]["data"]
    assert (told["symbol"], told["lastTradedPrice"], told["market"]) == ("BTC-USDT", 110.0, "USDS")
    assert (told["changePrice"], told["changeRate"]) == (14.0, 0.1458)  # 14 / 96 = 0.14583…


@pytest.mark.parametrize(
    ("topic", "members"),
    [
        ("/market/ticker:all", [BTC, ETH]),
        ("/market/snapshot:USDS", [BTC]),
        ("/market/snapshot:BTC", [ETH]),
    ],
)
def test_a_topic_of_many_symbols_brings_each_in_a_frame(
    topic: str, members: list[Instrument]
) -> None:
    connection = server()
    connection.receive(subscription(topic))
    found = []
    for each in connection.topics.values():
        assert each.instrument is not None
        text = KucoinServer.encode(each, Market().day(each.instrument), Sending(NOW))
        assert json.loads(text)["topic"] == topic
        found += [event.instrument for event in client().decode(text) if isinstance(event, Ticker)]
    assert found == members
    connection.receive(subscription(topic, "unsubscribe"))
    assert connection.topics == {}


def test_the_subject_of_all_tickers_is_the_symbol() -> None:
    connection = server()
    connection.receive(subscription("/market/ticker:all"))
    texts = [
        KucoinServer.encode(each, Market().day(each.instrument or BTC), Sending(NOW))
        for each in connection.topics.values()
    ]
    assert [json.loads(text)["subject"] for text in texts] == ["BTC-USDT", "ETH-BTC"]


# ---------------------------------------------------------------- REST


def test_rest_is_read_back_by_our_client() -> None:
    adapter = client()
    assert adapter.parse_instruments(body("/api/v2/symbols")) == LISTINGS
    assert adapter.parse_time(body("/api/v1/timestamp")) == NOW
    request = adapter.depth_request(BTC)
    book = adapter.parse_depth(body(request.path, **request.query), BTC)
    assert (book.sequence, len(book.bids), len(book.asks)) == (77, 100, 100)
    assert (book.bids[0], book.asks[0]) == (Level(1000.0, 1.0), Level(1001.0, 2.0))
    request = adapter.candles_request(BTC, "1m", 180_000, 3, now=NOW)
    (candle,) = adapter.parse_candles(body(request.path, **request.query), BTC, "1m", NOW)
    assert candle == Candle(BTC, "1m", 60_000, 1.0, 4.0, 0.5, 2.0, 10.0, True)


def test_candles_come_newest_first_without_those_without_trades() -> None:
    candles = "/api/v1/market/candles"
    row = ["1", "2", "4", "0.5", "10", "20"]
    data = call(candles, symbol="BTC-USDT", type="1min")["data"]
    assert data == [["180", *row], ["60", *row]]
    data = call(candles, symbol="BTC-USDT", type="1min", startAt="61", endAt="999")["data"]
    assert data == [["180", *row]]


def test_day_statistics_come_for_one_and_for_all() -> None:
    data = call("/api/v1/market/stats", symbol="BTC-USDT")["data"]
    assert (data["last"], data["changePrice"], data["changeRate"]) == ("110", "14", "0.1458")
    assert (data["vol"], data["volValue"], data["averagePrice"]) == ("5", "525", "105")
    rows = call("/api/v1/market/allTickers")["data"]["ticker"]
    assert [row["symbol"] for row in rows] == ["BTC-USDT", "ETH-BTC"]
    data = call("/api/v1/market/orderbook/level1", symbol="BTC-USDT")["data"]
    assert (data["bestBid"], data["bestAsk"], data["price"]) == ("109.9", "110.1", "110")


def test_histories_are_the_last_hundred_fills_in_nanoseconds() -> None:
    data = call("/api/v1/market/histories", symbol="BTC-USDT")["data"]
    assert (len(data), data[-1]["sequence"], data[-1]["time"]) == (100, "149", NOW * 1_000_000)


def test_books_come_in_three_depths() -> None:
    for name, count in (("v1/{}_20", 20), ("v1/{}_100", 100), ("v3/{}", 200)):
        path = f"/api/{name.format('market/orderbook/level2')}"
        data = call(path, symbol="BTC-USDT")["data"]
        assert (len(data["bids"]), data["sequence"]) == (count, "77")


def test_what_other_clients_ask_for_at_the_start_is_there() -> None:
    assert call("/api/v1/status")["data"]["status"] == "open"
    assert call("/api/v1/symbols", market="BTC")["data"][0]["symbol"] == "ETH-BTC"
    rows = call("/api/v3/currencies")["data"]
    assert [row["currency"] for row in rows] == ["BTC", "USDT", "ETH"]


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("market/stats", {}, "900001"),
        ("market/orderbook/level2_20", {"symbol": "NOPE-USDT"}, "900001"),
        ("market/candles", {"symbol": "BTC-USDT", "type": "7min"}, "400100"),
        ("market/candles", {"symbol": "BTC-USDT", "type": "1min", "endAt": "soon"}, "400100"),
    ],
)
def test_bad_requests_get_a_code_under_a_good_status(
    path: str, query: dict[str, str], code: str
) -> None:
    reply = KucoinServer.answer(Market(), Call("GET", f"/api/v1/{path}", query))
    assert (reply.status, json.loads(reply.body)["code"]) == (200, code)
    complaint = Kucoin.complaint(reply.status, reply.body)
    assert complaint is not None
    assert (str(complaint.code), complaint.too_many) == (code, False)
    assert complaint.text


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/v1/nothing"), ("GET", "/api/v1/bullet-public")]
)
def test_an_unknown_path_is_not_found(method: str, path: str) -> None:
    reply = KucoinServer.answer(Market(), Call(method, path, {}))
    assert (reply.status, json.loads(reply.body)["code"]) == (404, "404000")
