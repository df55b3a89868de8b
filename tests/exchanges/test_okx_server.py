"""What the simulated OKX says, and that our own client reads it back unchanged."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.exchanges.exchange import (
    Acknowledged,
    Bar,
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
    Topic,
)
from tickglass.exchanges.okx import Okx, OkxServer
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
from tickglass.market.interval import MINUTE

BTC = Instrument("okx", "BTC", "USDT")
PEPE = Instrument("okx", "PEPE", "USDT")
LISTINGS = [
    Listing(BTC, "BTC-USDT", Decimal("0.1"), Decimal("0.00001")),
    Listing(PEPE, "PEPE-USDT", Decimal("0.000000001"), Decimal("1")),
]
NOW = 1_795_350_840_000
BARS = 2_000
PUBLIC, BUSINESS = "/ws/v5/public", "/ws/v5/business"


class Market:
    """A market that stands still, with 2,000 minutes behind it and one match of two fills."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now
        self.listings = LISTINGS

    def day(self, instrument: Instrument) -> Day:
        ticker = Ticker(
            instrument, NOW, 110.0, 109.9, 110.1, 100.0, 120.0, 90.0, 5.0, 525.0, 1.0, 2.0
        )
        return Day(ticker, NOW - 86_400_000, 0.5, 1.0, 2.0, 11, 20)

    def quote(self, instrument: Instrument) -> Quote:
        return Quote(instrument, NOW, 109.9, 1.0, 110.1, 2.0, 77)

    def book(self, instrument: Instrument, levels: int) -> BookSnapshot:
        bids = tuple(Level(109.0 - n, 1.0) for n in range(3))[:levels]
        asks = tuple(Level(110.0 + n, 2.0) for n in range(3))[:levels]
        return BookSnapshot(instrument, NOW, 77, bids, asks)

    def bars(
        self, instrument: Instrument, interval: str, start: int | None, end: int | None, limit: int
    ) -> list[Bar]:
        last = NOW if end is None else min(end, NOW)
        starts = range(NOW - (BARS - 1) * MINUTE, last + 1, MINUTE)[-limit:]
        return [bar(instrument, interval, each) for each in starts]

    def matches(self, instrument: Instrument, limit: int) -> list[Match]:
        fills = (
            Trade(instrument, NOW, "19", 110.0, 0.1, "sell"),
            Trade(instrument, NOW, "20", 110.0, 0.2, "sell"),
        )
        return [Match(7, fills)]


def bar(instrument: Instrument, interval: str, start: int) -> Bar:
    candle = Candle(instrument, interval, start, 1.0, 4.0, 0.5, 2.0, 10.0, start < NOW)
    return Bar(candle, 20.0, 3, 5.0, 10.0, 11, 13)


def client() -> Okx:
    return Okx(Catalogue(LISTINGS))


def request(op: str, *arguments: dict[str, str], **more: Any) -> str:
    return json.dumps({"op": op, "args": list(arguments), **more})


def argument(channel: str, symbol: str = "BTC-USDT") -> dict[str, str]:
    return {"channel": channel, "instId": symbol}


def answers(server: OkxServer, text: str) -> list[dict[str, Any]]:
    found = [json.loads(each) for each in server.receive(text)]
    for each in found:
        assert len(each.pop("connId")) == 8
    return found


def lane_of(channel: str) -> str:
    return BUSINESS if channel == "trades-all" or channel.startswith("candle") else PUBLIC


def topic_of(channel: str) -> tuple[OkxServer, Topic]:
    server = OkxServer(Market(), lane_of(channel), {})
    server.receive(request("subscribe", argument(channel)))
    (topic,) = server.topics.values()
    return server, topic


def sent(channel: str, event: Published, *, opening: bool = False) -> str:
    server, topic = topic_of(channel)
    payload = OkxServer.encode(topic, event, Sending(NOW, opening=opening))
    return server.frame(topic, payload)


def read_back(channel: str, event: Published) -> list[Any]:
    return client().decode(sent(channel, event))


def row_sent(channel: str, event: Published) -> Any:
    (row,) = json.loads(sent(channel, event))["data"]
    return row


def rest(path: str, method: str = "GET", **query: str) -> tuple[int, str, Any]:
    reply = OkxServer.answer(Market(), Call(method, path, query))
    body = json.loads(reply.body)
    assert set(body) == {"code", "msg", "data"}
    return reply.status, body["code"], body["data"]


def rest_body(path: str, **query: str) -> bytes:
    return OkxServer.answer(Market(), Call("GET", path, query)).body


# ---------------------------------------------------------------- every event there and back

prices = st.integers(1, 10**13).map(lambda units: units / 10**8)
sizes = st.integers(0, 10**14).map(lambda units: units / 10**8)
times = st.integers(0, 2 * 10**12)
ids = st.integers(0, 10**12)
sides = st.sampled_from(["buy", "sell"])
levels = st.lists(st.builds(Level, prices, sizes), max_size=5).map(tuple)
trades = st.builds(Trade, st.just(BTC), times, ids.map(str), prices, sizes, sides)


@given(trades)
def test_a_fill_is_read_back(fill: Trade) -> None:
    assert read_back("trades-all", fill) == [fill]


@given(trades)
def test_a_match_of_one_fill_is_read_back(fill: Trade) -> None:
    assert read_back("trades", Match(5, (fill,))) == [fill]


def test_a_match_is_one_trade_under_the_id_of_its_last_fill() -> None:
    (match,) = Market().matches(BTC, 1)
    assert row_sent("trades", match) == {
        "instId": "BTC-USDT", "tradeId": "20", "px": "110", "sz": "0.3", "side": "sell",
        "ts": str(NOW), "count": "2", "source": "0", "seqId": 7,
    }  # fmt: skip


def test_matches_that_follow_each_other_leave_no_gap() -> None:
    fills = [Trade(BTC, NOW, str(number), 1.0, 1.0, "buy") for number in range(1, 5)]
    adapter = client()
    events = [
        *adapter.decode(sent("trades", Match(1, tuple(fills[:1])))),
        *adapter.decode(sent("trades", Match(2, tuple(fills[1:])))),
    ]
    assert [(event.id, event.size) for event in events] == [("1", 1.0), ("4", 3.0)]


@given(
    st.builds(
        Ticker, st.just(BTC), times, prices, prices, prices, prices, prices, prices, sizes, sizes,
        sizes, sizes,
    )
)  # fmt: skip
def test_a_ticker_is_read_back(ticker: Ticker) -> None:
    day = Day(ticker, 0, 1.0, ticker.bid_size, ticker.ask_size, 1, 2)
    assert read_back("tickers", day) == [ticker]


def test_a_ticker_of_an_empty_market_is_read_back() -> None:
    nothing = Ticker(BTC, 5, None, None, None, None, None, None, 0.0, 0.0, 0.0, 0.0)
    assert read_back("tickers", Day(nothing, 0, 0.0, 0.0, 0.0, 1, 0)) == [nothing]


@given(st.builds(Quote, st.just(BTC), times, prices, sizes, prices, sizes, ids))
def test_a_quote_is_read_back(quote: Quote) -> None:
    assert read_back("bbo-tbt", quote) == [quote]


@given(
    st.builds(
        Candle, st.just(BTC), st.just("1M"), times, prices, prices, prices, prices, sizes,
        st.booleans(),
    )
)  # fmt: skip
def test_a_candle_is_read_back(candle: Candle) -> None:
    assert read_back("candle1Mutc", Bar(candle, 1.0, 1, 1.0, 1.0, 1, 1)) == [candle]


def test_the_opening_of_a_candle_channel_is_read_back() -> None:
    (event,) = client().decode(sent("candle1m", [bar(BTC, "1m", NOW)], opening=True))
    assert event == bar(BTC, "1m", NOW).candle


@given(
    st.builds(BookDelta, st.just(BTC), times, st.just(50), st.integers(50, 10**9), levels, levels)
)
def test_a_delta_is_read_back(delta: BookDelta) -> None:
    assert read_back("books", delta) == [delta]


@given(st.builds(BookSnapshot, st.just(BTC), times, ids, levels, levels, st.just(400)))
def test_a_book_is_read_back(book: BookSnapshot) -> None:
    assert read_back("books", book) == [book]


@given(st.builds(BookSnapshot, st.just(BTC), times, ids, levels, levels, st.just(5)))
def test_five_levels_are_read_back(book: BookSnapshot) -> None:
    assert read_back("books5", book) == [book]


# ---------------------------------------------------------------- the shapes on the wire


def test_a_book_opens_with_a_snapshot_and_a_dead_checksum() -> None:
    book = BookSnapshot(BTC, NOW, 77, (Level(109.0, 1.0),), ())
    assert json.loads(sent("books", book, opening=True)) == {
        "arg": {"channel": "books", "instId": "BTC-USDT"},
        "action": "snapshot",
        "data": [
            {
                "asks": [],
                "bids": [["109", "1", "0", "1"]],
                "ts": str(NOW),
                "checksum": 0,
                "prevSeqId": -1,
                "seqId": 77,
            }
        ],
    }


def test_an_update_continues_the_number_told_before_and_removes_with_zero() -> None:
    frame = json.loads(sent("books", BookDelta(BTC, NOW, 77, 81, (), (Level(110.0, 0.0),))))
    (row,) = frame["data"]
    assert (frame["action"], row["prevSeqId"], row["seqId"]) == ("update", 77, 81)
    assert row["asks"] == [["110", "0", "0", "0"]]


def test_five_levels_carry_their_symbol_and_no_action() -> None:
    frame = json.loads(sent("books5", Market().book(BTC, 5)))
    assert "action" not in frame
    assert (frame["data"][0]["instId"], "prevSeqId" in frame["data"][0]) == ("BTC-USDT", False)


def test_a_candle_is_nine_texts() -> None:
    row = row_sent("candle1m", bar(BTC, "1m", NOW))
    assert row == [str(NOW), "1", "4", "0.5", "2", "10", "20", "20", "0"]


def test_a_ticker_has_base_and_quote_volume_where_they_belong() -> None:
    row = row_sent("tickers", Market().day(BTC))
    assert (row["vol24h"], row["volCcy24h"], row["lastSz"]) == ("5", "525", "0.5")


def test_small_numbers_are_written_out() -> None:
    fill = Trade(BTC, NOW, "1", 0.000004312, 10_000_000.0, "buy")
    row = row_sent("trades-all", fill)
    assert (row["px"], row["sz"]) == ("0.000004312", "10000000")


# ---------------------------------------------------------------- control messages


@pytest.mark.parametrize("path", [PUBLIC, BUSINESS, PUBLIC + "/"])
def test_both_paths_are_taken(path: str) -> None:
    assert OkxServer.accepts(path)


@pytest.mark.parametrize("path", ["/", "/ws/v5", "/ws/v5/private", "/ws/v5/publicx"])
def test_other_paths_are_no_websocket(path: str) -> None:
    assert not OkxServer.accepts(path)


@pytest.mark.parametrize("path", [PUBLIC, BUSINESS])
def test_what_our_client_asks_for_is_what_it_gets(path: str) -> None:
    candle = Channel(Kind.CANDLE, BTC, "1d")
    channels = [Channel(kind, BTC) for kind in Kind if kind is not Kind.CANDLE]
    wanted = [each for each in [*channels, candle] if Okx.lanes[each.kind].path == path]
    server, adapter = OkxServer(Market(), path, {}), client()
    (text,) = adapter.subscribe(wanted)
    events = [event for reply in server.receive(text) for event in adapter.decode(reply)]
    assert events == [Acknowledged("1")] * len(wanted)
    expected = {
        PUBLIC: {
            (Feed.TICKER, 0.1, 0),
            (Feed.AGGREGATE, 0.0, 0),
            (Feed.QUOTE, 0.0, 0),
            (Feed.BOOK_DELTAS, 0.1, 400),
        },
        BUSINESS: {(Feed.CANDLE, 0.5, 0)},
    }
    found = {(topic.feed, topic.period, topic.levels) for topic in server.topics.values()}
    assert found == expected[path]
    for text in adapter.unsubscribe(wanted):
        server.receive(text)
    assert server.topics == {}


def test_equal_subscriptions_of_two_clients_are_one_topic() -> None:
    assert topic_of("candle1Dutc")[1] == topic_of("candle1Dutc")[1]
    assert topic_of("books")[1].instrument == BTC
    assert len({topic_of("books")[1], topic_of("books")[1], topic_of("books5")[1]}) == 2


def test_every_argument_is_answered_and_a_bad_one_harms_no_other() -> None:
    server = OkxServer(Market(), PUBLIC, {})
    wanted = [argument("tickers"), argument("tickers", "NOPE-USDT"), argument("books", "PEPE-USDT")]
    first, second, third = answers(server, request("subscribe", *wanted, id="sub17"))
    assert first == {"id": "sub17", "event": "subscribe", "arg": argument("tickers")}
    assert (second["event"], second["code"], second["id"]) == ("error", "60018", "sub17")
    assert "channel:tickers,instId:NOPE-USDT doesn't exist" in second["msg"]
    assert third["arg"] == argument("books", "PEPE-USDT")
    assert list(server.topics) == ["tickers:BTC-USDT", "books:PEPE-USDT"]


def test_our_client_reads_which_channel_was_refused() -> None:
    server, adapter = OkxServer(Market(), PUBLIC, {}), client()
    nope = Channel(Kind.TICKER, Instrument("okx", "NOPE", "USDT"))
    (text,) = adapter.subscribe([Channel(Kind.TRADE, BTC), nope])
    _, error = (event for reply in server.receive(text) for event in adapter.decode(reply))
    assert isinstance(error, Rejected)
    assert (error.code, error.channels, error.busy) == (60018, (nope,), False)


@pytest.mark.parametrize(
    ("path", "channel", "code"),
    [
        (PUBLIC, "candle1m", "60018"),
        (PUBLIC, "trades-all", "60018"),
        (BUSINESS, "tickers", "60018"),
        (BUSINESS, "candle7m", "60018"),
        (PUBLIC, "nothing", "60018"),
        (PUBLIC, "books-l2-tbt", "64003"),
    ],
)
def test_a_channel_that_is_not_to_be_had_is_refused(path: str, channel: str, code: str) -> None:
    server = OkxServer(Market(), path, {})
    (answer,) = answers(server, request("subscribe", argument(channel)))
    assert (answer["event"], answer["code"], "id" in answer) == ("error", code, False)
    assert server.topics == {}


def test_the_bare_word_is_answered_with_the_bare_word() -> None:
    assert OkxServer(Market(), PUBLIC, {}).receive("ping") == ["pong"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"op": "ping"}', "60012"),
        ("{not json", "60012"),
        ("[" * 50_000, "60012"),
        ('"ping"', "60012"),
        ('{"op":"subscribe"}', "60012"),
        ('{"op":"subscribe","args":["tickers:BTC-USDT"]}', "60012"),
        (
            '{"op":"subscribe","args":[{"channel":"tickers","instId":"BTC-USDT"}],"id":"a-b"}',
            "60012",
        ),
        ('{"op":"subscribe","args":[]}', "60013"),
        ('{"op":"order","args":[{}]}', "60019"),
        ('{"op":"subscribe","args":[{"channel":5,"instId":[]}]}', "60018"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_code(text: str, code: str) -> None:
    (answer,) = answers(OkxServer(Market(), PUBLIC, {}), text)
    assert (answer["event"], answer["code"]) == ("error", code)


def test_ids_and_arguments_come_back_as_they_were_sent() -> None:
    wanted = {**argument("tickers"), "extra": "yes"}
    server = OkxServer(Market(), PUBLIC, {})
    (answer,) = answers(server, request("subscribe", wanted, id=5, more=1))
    assert answer == {"id": 5, "event": "subscribe", "arg": wanted}


def test_the_channel_asked_for_again_is_only_acknowledged_again() -> None:
    server, topic = topic_of("books")
    (answer,) = answers(server, request("subscribe", argument("books")))
    assert (answer["event"], list(server.topics.values())) == ("subscribe", [topic])


def test_the_481st_request_of_an_hour_is_too_often() -> None:
    market = Market()
    server, text = OkxServer(market, PUBLIC, {}), request("subscribe", argument("tickers"))
    codes = [answers(server, text)[0].get("code") for _ in range(481)]
    assert (set(codes[:480]), codes[480]) == ({None}, "60014")
    market.now += 3_600_000
    assert answers(server, text)[0]["event"] == "subscribe"


def test_the_instruments_are_told_on_asking_and_the_status_is_silent() -> None:
    server = OkxServer(Market(), PUBLIC, {})
    wanted = {"channel": "instruments", "instType": "SPOT"}
    acknowledged, listed = map(json.loads, server.receive(request("subscribe", wanted)))
    assert (acknowledged["event"], listed["arg"]) == ("subscribe", wanted)
    assert [row["instId"] for row in listed["data"]] == ["BTC-USDT", "PEPE-USDT"]
    assert len(server.receive(request("subscribe", {"channel": "status"}))) == 1
    assert len(server.receive(request("unsubscribe", wanted))) == 1
    assert server.topics == {}


# ---------------------------------------------------------------- REST


def test_rest_is_read_back_by_our_client() -> None:
    adapter = client()
    instruments = adapter.instruments_request()
    assert adapter.parse_instruments(rest_body(instruments.path, **instruments.query)) == LISTINGS
    depth = adapter.depth_request(BTC)
    book = adapter.parse_depth(rest_body(depth.path, **depth.query), BTC)
    assert (book.sequence, len(book.bids), book.asks[0]) == (77, 3, Level(110.0, 2.0))
    assert adapter.parse_time(rest_body(adapter.time_request().path)) == NOW


def page(end: int | None, limit: int, bar: str = "1m") -> list[Candle]:
    wanted = client().candles_request(BTC, bar, end, limit, now=NOW)
    body = rest_body(wanted.path, **wanted.query)
    assert Okx.complaint(200, body) is None
    return client().parse_candles(body, BTC, bar, NOW)


def test_candles_are_paged_back_without_a_gap() -> None:
    newest = page(None, 300)
    assert [newest[0].start, newest[-1].start] == [NOW - 299 * MINUTE, NOW]
    assert [candle.closed for candle in newest[-2:]] == [True, False]
    older = page(newest[0].start, 300)
    assert [older[0].start, older[-1].start] == [NOW - 599 * MINUTE, NOW - 300 * MINUTE]
    assert newest[-2] == bar(BTC, "1m", NOW - MINUTE).candle


def test_rows_come_newest_first_a_hundred_unless_told() -> None:
    _, _, rows = rest("/api/v5/market/candles", instId="BTC-USDT")
    assert (len(rows), rows[0][0], rows[1][0]) == (100, str(NOW), str(NOW - MINUTE))


def test_before_is_newer_and_after_is_older() -> None:
    query = {"before": str(NOW - 5 * MINUTE), "after": str(NOW - MINUTE), "bar": "1m"}
    _, _, rows = rest("/api/v5/market/candles", instId="BTC-USDT", **query)
    assert [int(row[0]) for row in rows] == [NOW - n * MINUTE for n in (2, 3, 4)]


def test_only_the_history_goes_back_beyond_1440_bars() -> None:
    query = {"instId": "BTC-USDT", "after": str(NOW - 1_438 * MINUTE)}
    _, _, recent = rest("/api/v5/market/candles", **query)
    _, _, history = rest("/api/v5/market/history-candles", **query)
    assert ([int(row[0]) for row in recent], len(history)) == ([NOW - 1_439 * MINUTE], 100)


def test_a_book_has_one_level_unless_more_are_asked_for() -> None:
    _, _, (book,) = rest("/api/v5/market/books", instId="BTC-USDT")
    assert book["bids"] == [["109", "1", "0", "1"]]
    _, _, (book,) = rest("/api/v5/market/books", instId="BTC-USDT", sz="400")
    assert len(book["bids"]) == 3


def test_trades_by_rest_are_single_fills_newest_first() -> None:
    _, _, rows = rest("/api/v5/market/trades", instId="BTC-USDT")
    assert [(row["tradeId"], row["sz"]) for row in rows] == [("20", "0.2"), ("19", "0.1")]
    assert len(rest("/api/v5/market/trades", instId="BTC-USDT", limit="1")[2]) == 1


def test_tickers_come_for_one_and_for_all() -> None:
    _, _, (row,) = rest("/api/v5/market/ticker", instId="PEPE-USDT")
    _, _, rows = rest("/api/v5/market/tickers", instType="SPOT")
    assert ([each["instId"] for each in rows], rows[1]) == (["BTC-USDT", "PEPE-USDT"], row)


def test_there_are_no_swaps_and_no_maintenance() -> None:
    assert rest("/api/v5/public/instruments", instType="SWAP") == (200, "0", [])
    assert rest("/api/v5/system/status") == (200, "0", [])


def test_one_instrument_has_its_steps_in_plain_digits() -> None:
    _, _, (row,) = rest("/api/v5/public/instruments", instType="SPOT", instId="PEPE-USDT")
    assert (row["tickSz"], row["lotSz"], row["state"]) == ("0.000000001", "1", "live")


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("market/candles", {"instId": "NOPE-USDT"}, 200, "51001"),
        ("market/candles", {}, 400, "50014"),
        ("market/candles", {"instId": "BTC-USDT", "bar": "7m"}, 400, "51000"),
        ("market/candles", {"instId": "BTC-USDT", "after": "x"}, 400, "51000"),
        ("market/books", {"instId": "BTC-USDT", "sz": "-1"}, 400, "51000"),
        ("market/books", {"instId": "BTC-USDT", "sz": "9" * 5_000}, 400, "51000"),
        ("public/instruments", {}, 400, "50014"),
        ("public/instruments", {"instType": "STOCK"}, 400, "51000"),
        ("nothing", {}, 404, "404"),
    ],
)
def test_bad_requests_get_okx_own_code(
    path: str, query: dict[str, str], status: int, code: str
) -> None:
    found, told, rows = rest(f"/api/v5/{path}", **query)
    assert (found, told, rows) == (status, code, [])
    complaint = Okx.complaint(status, rest_body(f"/api/v5/{path}", **query))
    assert complaint is not None
    assert complaint.code == int(code)


def test_only_get_is_answered() -> None:
    assert rest("/api/v5/public/time", method="POST")[0] == 404
