"""What the simulated Coinbase says, and that our own client reads it back unchanged."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.exchanges.coinbase import Coinbase, CoinbaseServer
from tickglass.exchanges.exchange import (
    Acknowledged,
    Bar,
    Beat,
    Call,
    Catalogue,
    Channel,
    Day,
    Feed,
    Kind,
    Match,
    Published,
    Rejected,
    Sending,
)
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

BTC = Instrument("coinbase", "BTC", "USD")
BTC_COIN = Instrument("coinbase", "BTC", "USDC")
DOLLARS = Instrument("coinbase", "USDT", "USDC")
COINS = [Instrument("coinbase", f"COIN{n}", "USD") for n in range(31)]
LISTINGS = [
    Listing(BTC, "BTC-USD", Decimal("0.01"), Decimal("0.00001")),
    Listing(BTC_COIN, "BTC-USDC", Decimal("0.01"), Decimal("0.00001")),
    Listing(DOLLARS, "USDT-USDC", Decimal("0.0001"), Decimal("1"), status="halted"),
    *(Listing(each, f"{each.base}-USD") for each in COINS),
]
NOW = 1_795_350_840_123
HOUR = 3_600_000
API = "/api/v3/brokerage"
FILLS = (
    Trade(BTC, NOW - 2, "19", 110.0, 0.2, "sell"),
    Trade(BTC, NOW - 1, "20", 110.5, 0.3, "buy"),
)


class Market:
    """A market that stands still."""

    now = NOW
    listings = LISTINGS

    def day(self, instrument: Instrument) -> Day:
        ticker = Ticker(instrument, NOW, 125.0, 124.9, 125.1, 100.0, 130.0, 90.0, 5.0, 525.0)
        return Day(ticker, NOW - 24 * HOUR, 0.5, 1.0, 2.0, 11, 20)

    def quote(self, instrument: Instrument) -> Quote:
        return Quote(instrument, None, 99.0, 1.0, 101.0, 2.0, 77)

    def book(self, instrument: Instrument, levels: int) -> BookSnapshot:
        bids = tuple(Level(99.0 - n, 1.0) for n in range(3))[:levels]
        asks = tuple(Level(101.0 + n, 2.0) for n in range(3))[:levels]
        return BookSnapshot(instrument, NOW, 77, bids, asks)

    def bars(
        self, instrument: Instrument, interval: str, start: int | None, end: int | None, limit: int
    ) -> list[Bar]:
        assert (start, end) == (NOW - NOW % HOUR - HOUR, NOW - NOW % HOUR)
        return [bar(instrument, interval, start), bar(instrument, interval, end)]

    def matches(self, instrument: Instrument, limit: int) -> list[Match]:
        return [Match(7, FILLS[:1]), Match(8, FILLS[1:])][-limit:]


def bar(instrument: Instrument, interval: str, start: int | None) -> Bar:
    candle = Candle(instrument, interval, start or 0, 1.0, 4.0, 0.5, 2.0, 10.0, False)
    return Bar(candle, 20.0, 3, 5.0, 10.0, 11, 13)


def server() -> CoinbaseServer:
    return CoinbaseServer(Market(), "/", {})


def client() -> Coinbase:
    return Coinbase(Catalogue(LISTINGS))


def tell(connection: CoinbaseServer, kind: str, channel: Any, *products: str, **more: Any) -> Any:
    message = {"type": kind, "channel": channel, "product_ids": products, **more}
    return [json.loads(connection.reply(each)) for each in connection.receive(json.dumps(message))]


def sent(connection: CoinbaseServer, event: Published, *, opening: bool = False) -> str:
    (topic,) = connection.topics.values()
    payload = CoinbaseServer.encode(topic, event, Sending(NOW, opening=opening))
    return connection.frame(topic, payload)


def read_back(channel: str, event: Published, *, opening: bool = False) -> list[Any]:
    connection = server()
    tell(connection, "subscribe", channel, "BTC-USD")
    return client().decode(sent(connection, event, opening=opening))


def rest(path: str, method: str = "GET", **query: str) -> tuple[int, bytes]:
    reply = CoinbaseServer.answer(Market(), Call(method, path, query))
    return reply.status, reply.body


def asked(path: str, **query: str) -> Any:
    status, body = rest(f"{API}{path}", **query)
    assert status == 200
    return json.loads(body)


prices = st.integers(1, 10**13).map(lambda units: units / 10**8)
sizes = st.integers(0, 10**14).map(lambda units: units / 10**8)
times = st.integers(0, 2 * 10**12)
levels = st.lists(st.builds(Level, prices, sizes), max_size=5, unique_by=lambda each: each.price)
fills = st.builds(
    Trade,
    st.just(BTC),
    times,
    st.integers(0, 10**12).map(str),
    prices,
    sizes,
    st.sampled_from(["buy", "sell"]),
)
ratios = st.integers(10_000, 10_000_000).map(lambda units: units / 10_000)
matches = st.lists(fills, max_size=5, unique_by=lambda each: each.id).map(
    lambda found: [Match(7, (each,)) for each in found]
)


# ---------------------------------------------------------------- data, read back


@given(matches)
def test_the_fills_of_a_period_are_read_back(period: list[Match]) -> None:
    expected = [fill for match in period for fill in match.fills]
    assert read_back("market_trades", period) == sorted(expected, key=lambda each: int(each.id))


def test_a_match_by_itself_is_read_back() -> None:
    assert read_back("market_trades", Match(7, FILLS)) == list(FILLS)


def test_the_opening_of_trades_is_history() -> None:
    events = read_back("market_trades", [Match(7, FILLS)], opening=True)
    assert [(each.id, each.history) for each in events] == [("19", True), ("20", True)]


def test_trades_are_sent_newest_first_with_the_makers_side() -> None:
    connection = server()
    tell(connection, "subscribe", "market_trades", "BTC-USD")
    (event,) = json.loads(sent(connection, [Match(7, FILLS)]))["events"]
    assert event == {
        "type": "update",
        "trades": [
            {"product_id": "BTC-USD", "trade_id": "20", "price": "110.5", "size": "0.3",
             "time": "2026-11-22T12:34:00.122000Z", "side": "SELL"},
            {"product_id": "BTC-USD", "trade_id": "19", "price": "110", "size": "0.2",
             "time": "2026-11-22T12:34:00.121000Z", "side": "BUY"},
        ],
    }  # fmt: skip


@given(ratios, ratios, sizes)
def test_a_ticker_is_read_back_without_what_coinbase_does_not_say(
    last: float, opened: float, volume: float
) -> None:
    ticker = Ticker(BTC, NOW, last, 1.0, 2.0, opened, 4.0, 0.5, volume, 7.0)
    (event,) = read_back("ticker", Day(ticker, 0, 0.5, 1.0, 2.0, 11, 20))
    given = Ticker(BTC, NOW, last, 1.0, 2.0, event.open, 4.0, 0.5, volume, None, 1.0, 2.0)
    assert event == given
    assert event.open == pytest.approx(opened, rel=1e-9)


def test_a_pair_that_never_traded_has_empty_numbers() -> None:
    ticker = Ticker(BTC, NOW, None, None, None, None, None, None, 0.0, 0.0)
    expected = Ticker(BTC, NOW, None, None, None, None, None, None, 0.0, None)
    assert read_back("ticker", Day(ticker, 0, 0.0, 0.0, 0.0, 0, 0)) == [expected]


def test_a_batch_of_tickers_has_no_bid_and_ask() -> None:
    (event,) = read_back("ticker_batch", Market().day(BTC), opening=True)
    assert (event.last, event.open, event.bid, event.ask) == (125.0, 100.0, None, None)


def test_a_candle_is_read_back() -> None:
    (event,) = read_back("candles", bar(BTC, "5m", 300_000))
    assert event == Candle(BTC, "5m", 300_000, 1.0, 4.0, 0.5, 2.0, 10.0, False)


def test_the_opening_of_candles_closes_all_but_the_newest() -> None:
    past = [bar(BTC, "5m", 300_000), bar(BTC, "5m", 600_000)]
    events = read_back("candles", past, opening=True)
    assert [(each.start, each.closed) for each in events] == [(300_000, True), (600_000, False)]


@given(levels, levels)
def test_a_book_and_a_change_to_it_are_read_back(bids: list[Level], asks: list[Level]) -> None:
    connection, reader = server(), client()
    tell(connection, "subscribe", "level2", "BTC-USD")
    whole = [Level(1.0, 1.0)]
    first = BookSnapshot(BTC, NOW, 7, tuple(whole), tuple(asks))
    (snapshot,) = reader.decode(sent(connection, first, opening=True))
    held = tuple(sorted(each for each in asks if each.size))
    assert snapshot == BookSnapshot(BTC, NOW, 1, (Level(1.0, 1.0),), held)
    (delta,) = reader.decode(sent(connection, BookDelta(BTC, NOW, 7, 9, tuple(bids), tuple(asks))))
    assert delta == BookDelta(BTC, NOW, 1, 2, tuple(bids), tuple(asks))


def test_a_book_is_sent_as_l2_data_with_bids_and_offers() -> None:
    connection = server()
    tell(connection, "subscribe", "level2", "BTC-USD")
    frame = json.loads(sent(connection, Market().book(BTC, 1), opening=True))
    assert frame == {
        "channel": "l2_data",
        "timestamp": "2026-11-22T12:34:00.123000Z",
        "sequence_num": 1,
        "events": [
            {
                "type": "snapshot",
                "product_id": "BTC-USD",
                "updates": [
                    {"side": "bid", "event_time": "2026-11-22T12:34:00.123000Z",
                     "price_level": "99", "new_quantity": "1"},
                    {"side": "offer", "event_time": "2026-11-22T12:34:00.123000Z",
                     "price_level": "101", "new_quantity": "2"},
                ],
            }
        ],
    }  # fmt: skip


def test_a_heartbeat_counts() -> None:
    connection = server()
    tell(connection, "subscribe", "heartbeats")
    frame = sent(connection, Beat(17))
    assert json.loads(frame)["events"][0]["heartbeat_counter"] == 17
    assert client().decode(frame) == []


# ---------------------------------------------------------------- control messages


def test_an_answer_lists_the_whole_set() -> None:
    connection = server()
    tell(connection, "subscribe", "heartbeats")
    tell(connection, "subscribe", "ticker", "BTC-USD", "COIN1-USD")
    (answer,) = tell(connection, "subscribe", "level2", "BTC-USD")
    assert answer["channel"] == "subscriptions"
    assert answer["events"] == [
        {
            "subscriptions": {
                "heartbeats": ["heartbeats"],
                "ticker": ["BTC-USD", "COIN1-USD"],
                "level2": ["BTC-USD"],
            }
        }
    ]
    assert [topic.feed for topic in connection.topics.values()] == [
        Feed.HEARTBEAT, Feed.TICKER, Feed.TICKER, Feed.BOOK_DELTAS,
    ]  # fmt: skip


def test_equal_wishes_of_two_clients_are_one_topic() -> None:
    one, two = server(), server()
    tell(one, "subscribe", "level2", "BTC-USD")
    tell(two, "subscribe", "level2", "BTC-USDC")
    assert one.topics == two.topics
    assert len({*one.topics.values(), *two.topics.values()}) == 1


def test_an_alias_brings_the_product_that_it_stands_for() -> None:
    connection = server()
    (answer,) = tell(connection, "subscribe", "ticker", "BTC-USDC", "USDT-USDC")
    assert answer["events"] == [{"subscriptions": {"ticker": ["BTC-USD", "USDT-USDC"]}}]
    assert [topic.instrument for topic in connection.topics.values()] == [BTC, DOLLARS]


def test_unsubscribing_leaves_the_rest() -> None:
    connection = server()
    tell(connection, "subscribe", "ticker", "BTC-USD", "COIN1-USD")
    (answer,) = tell(connection, "unsubscribe", "ticker", "BTC-USD")
    assert answer["events"] == [{"subscriptions": {"ticker": ["COIN1-USD"]}}]


def test_unsubscribing_without_products_drops_the_channel() -> None:
    connection = server()
    tell(connection, "subscribe", "ticker", "BTC-USD")
    tell(connection, "subscribe", "ticker_batch", "BTC-USD")
    (answer,) = tell(connection, "unsubscribe", "ticker")
    assert answer["events"] == [{"subscriptions": {"ticker_batch": ["BTC-USD"]}}]
    (answer,) = tell(connection, "unsubscribe", "ticker_batch")
    assert answer["events"] == [{"subscriptions": {}}]


def test_an_unknown_product_is_missing_in_the_answer() -> None:
    connection, reader = server(), client()
    nope = Channel(Kind.TICKER, Instrument("coinbase", "NOPE", "USD"))
    (text,) = reader.subscribe([nope])
    (answer,) = connection.receive(text)
    assert reader.decode(connection.reply(answer)) == [
        Acknowledged(""),
        Rejected("", 0, "Coinbase does not list NOPE-USD", (nope,)),
    ]
    assert connection.topics == {}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("", "failure to subscribe"),
        ("[]", "failure to subscribe"),
        ("[" * 10_000, "failure to subscribe"),
        ('{"channel":"ticker"}', "failure to subscribe"),
        ('{"type":"hello","channel":"ticker"}', "failure to subscribe"),
        ('{"type":"subscribe","channel":"ticker"}', "failure to subscribe"),
        ('{"type":"subscribe","channel":"ticker","product_ids":"A"}', "failure to subscribe"),
        ('{"type":"subscribe","channel":"tickers","product_ids":["A"]}', "authentication failure"),
        ('{"type":"subscribe","channel":["ticker"],"product_ids":[]}', "authentication failure"),
        ('{"type":"subscribe","channel":"user","product_ids":["A"]}', "authentication failure"),
        ('{"type":"subscribe","channel":"heartbeats","jwt":"x"}', "authentication failure"),
    ],
)
def test_an_error_has_neither_channel_nor_number(message: str, words: str) -> None:
    connection = server()
    answers = [connection.reply(each) for each in connection.receive(message)]
    assert [json.loads(each) for each in answers] == [{"type": "error", "message": words}]
    assert client().decode(answers[0]) == [Rejected("", 0, words)]
    assert connection.topics == {}


def test_thirty_books_are_borne_and_no_more() -> None:
    connection = server()
    products = [f"COIN{n}-USD" for n in range(31)]
    tell(connection, "subscribe", "level2", *products[:30])
    assert tell(connection, "subscribe", "level2", products[0])[0]["channel"] == "subscriptions"
    refusal = {"type": "error", "message": "too many L2 streams requested in a single session"}
    assert tell(connection, "subscribe", "level2", products[30]) == [refusal]
    assert len(connection.topics) == 30
    tell(connection, "unsubscribe", "level2", products[0])
    tell(connection, "subscribe", "level2", products[30])
    assert f"level2:{products[30]}" in connection.topics


def test_all_frames_of_a_connection_are_counted_by_one_counter() -> None:
    connection = server()
    tell(connection, "subscribe", "heartbeats")
    numbers = [json.loads(sent(connection, Beat(n)))["sequence_num"] for n in range(2)]
    (answer,) = tell(connection, "subscribe", "ticker", "BTC-USD")
    tell(connection, "subscribe", "nothing")
    assert (*numbers, answer["sequence_num"]) == (1, 2, 3)
    assert tell(connection, "unsubscribe", "ticker")[0]["sequence_num"] == 4


def test_the_state_of_products_is_told_before_the_answer() -> None:
    connection = server()
    state, answer = tell(connection, "subscribe", "status", "BTC-USD")
    assert (state["channel"], state["sequence_num"], answer["sequence_num"]) == ("status", 0, 1)
    assert answer["events"] == [{"subscriptions": {"status": ["status"]}}]
    rows = {each["id"]: each["status"] for each in state["events"][0]["products"]}
    assert (rows["BTC-USD"], rows["USDT-USDC"]) == ("online", "offline")
    assert tell(connection, "unsubscribe", "status")[0]["events"] == [{"subscriptions": {}}]


@pytest.mark.parametrize(("path", "accepted"), [("", True), ("/", True), ("/ws", False)])
def test_only_the_root_is_a_websocket(path: str, accepted: bool) -> None:
    assert CoinbaseServer.accepts(path) is accepted


# ---------------------------------------------------------------- REST


def test_products_are_read_back_with_their_aliases() -> None:
    status, body = rest(f"{API}/market/products", product_type="SPOT", limit="1000")
    assert status == 200
    btc, coin, dollars, *_ = client().parse_instruments(body)
    assert btc == LISTINGS[0]
    assert coin == LISTINGS[1]._replace(alias="BTC-USD")
    assert dollars == LISTINGS[2]
    assert json.loads(body)["products"][0]["alias_to"] == ["BTC-USDC"]


def test_products_come_in_pages_and_futures_do_not_exist() -> None:
    page = asked("/market/products", limit="2", offset="1")
    assert [each["product_id"] for each in page["products"]] == ["BTC-USDC", "USDT-USDC"]
    assert asked("/market/products", product_type="FUTURE") == {"products": [], "num_products": 0}


def test_one_product_has_the_day_of_what_it_stands_for() -> None:
    row = asked("/market/products/BTC-USDC")
    assert (row["product_id"], row["price"], row["price_percentage_change_24h"]) == (
        "BTC-USDC", "125", "25",
    )  # fmt: skip


def test_candles_are_served_newest_first_and_read_back() -> None:
    request = client().candles_request(BTC, "1h", NOW + HOUR, 2, now=NOW)
    query = {**request.query, "start": str((NOW - NOW % HOUR - HOUR) // 1000)}
    query["end"] = str((NOW - NOW % HOUR) // 1000)
    status, body = rest(request.path, **query)
    assert status == 200
    starts = [int(each["start"]) * 1000 for each in json.loads(body)["candles"]]
    assert starts == [NOW - NOW % HOUR, NOW - NOW % HOUR - HOUR]
    candles = client().parse_candles(body, BTC, "1h", NOW)
    assert [(each.start, each.closed) for each in candles] == [
        (starts[1], True), (starts[0], False),
    ]  # fmt: skip
    assert candles[0] == Candle(BTC, "1h", starts[1], 1.0, 4.0, 0.5, 2.0, 10.0, True)


def test_a_book_is_served_and_read_back() -> None:
    request = client().depth_request(BTC)
    status, body = rest(request.path, **request.query)
    bids, asks = Market().book(BTC, 3).bids, Market().book(BTC, 3).asks
    assert status == 200
    assert client().parse_depth(body, BTC) == BookSnapshot(BTC, NOW, None, bids, asks)
    assert (
        len(asked("/market/product_book", product_id="BTC-USD", limit="1")["pricebook"]["bids"])
        == 1
    )


def test_trades_are_served_newest_first_with_the_touch() -> None:
    reply = asked("/market/products/BTC-USD/ticker", limit="1")
    assert (reply["best_bid"], reply["best_ask"]) == ("99", "101")
    assert [(each["trade_id"], each["side"]) for each in reply["trades"]] == [("20", "SELL")]


def test_the_clock_is_served_and_read_back() -> None:
    request = client().time_request()
    status, body = rest(request.path)
    assert (status, client().parse_time(body)) == (200, NOW)
    assert json.loads(body)["iso"] == "2026-11-22T12:34:00.123Z"


@pytest.mark.parametrize(
    "path", ["/v2/time", "/v2/currencies", "/v2/currencies/crypto", "/v2/exchange-rates"]
)
def test_what_other_clients_ask_on_starting_is_answered(path: str) -> None:
    status, body = rest(path)
    assert status == 200
    assert json.loads(body)["data"]


WINDOW = {"granularity": "ONE_HOUR", "start": "0", "end": "3600"}


@pytest.mark.parametrize(
    ("path", "query", "status", "words"),
    [
        ("/products/NOPE-USD", {}, 404, "valid product_id is required"),
        ("/product_book", {}, 404, "valid product_id is required"),
        ("/products/NOPE-USD/candles", WINDOW, 404, "valid product_id is required"),
        ("/products", {"limit": "1001"}, 400, "limit must be at most 1000"),
        ("/products", {"limit": "-1"}, 400, "limit is invalid"),
        ("/products/BTC-USD/candles", {**WINDOW, "start": ""}, 400, "start is invalid"),
        ("/products/BTC-USD/candles", {**WINDOW, "end": "9" * 20}, 400, "end is invalid"),
        ("/products/BTC-USD/candles", {**WINDOW, "granularity": "1h"}, 400,
         "granularity is invalid"),
        ("/products/BTC-USD/candles", {**WINDOW, "end": str(350 * 3600)}, 400,
         "number of candles requested should be less than 350"),
    ],
)  # fmt: skip
def test_a_request_is_refused_in_words_that_the_client_reads(
    path: str, query: dict[str, str], status: int, words: str
) -> None:
    answered, body = rest(f"{API}/market{path}", **query)
    complaint = Coinbase.complaint(answered, body)
    assert complaint is not None
    assert (answered, complaint.text) == (status, words)


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        (f"{API}/products", "GET", 401),
        (f"{API}/market/products/BTC-USD/fees", "GET", 404),
        (f"{API}/market/products/", "GET", 404),
        (f"{API}/time", "POST", 401),
        ("/elsewhere", "GET", 404),
    ],
)
def test_other_paths_want_a_key_or_do_not_exist(path: str, method: str, status: int) -> None:
    assert rest(path, method)[0] == status
