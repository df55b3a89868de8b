"""KuCoin's own rules: tickets, topics, errors, symbols, books, REST, hostile frames."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.exchanges.exchange import (
    Acknowledged,
    BadFrame,
    Catalogue,
    Channel,
    Complaint,
    Dial,
    Kind,
    Lane,
    Rejected,
    ServerClosing,
    Welcome,
)
from tickglass.exchanges.kucoin import ENDPOINTS, Kucoin
from tickglass.market.book import OrderBook, Resync
from tickglass.market.events import BookDelta, BookSnapshot, Candle, Level, Ticker, Trade
from tickglass.market.instrument import Instrument, Listing

BTC = Instrument("kucoin", "BTC", "USDT")
ETH = Instrument("kucoin", "ETH", "BTC")
GALA = Instrument("kucoin", "GALA", "USDT")
DAY_START = 1_795_305_600_000  # 2026-11-22 00:00 UTC


def kucoin(*instruments: Instrument) -> Kucoin:
    adapter = Kucoin(Catalogue())
    adapter.learn(instruments or (BTC,))
    return adapter


def message(topic: str, data: Any, subject: str = "s") -> str:
    return json.dumps({"type": "message", "topic": topic, "subject": subject, "data": data})


def match(**changes: Any) -> str:
    data = {"price": "1", "size": "1", "side": "buy", "time": "1000000", "tradeId": "7"}
    return message("/market/match:BTC-USDT", data | changes)


def change(first: int, last: int, bids: Any = (), asks: Any = (), **more: Any) -> str:
    data = {
        "changes": {"bids": list(bids), "asks": list(asks)}, "symbol": "BTC-USDT",
        "sequenceStart": first, "sequenceEnd": last,
    }  # fmt: skip
    return message("/market/level2:BTC-USDT", data | more)


def coins(count: int) -> list[Instrument]:
    return [Instrument("kucoin", f"COIN{n}", "USDT") for n in range(count)]


def ticket(*endpoints: str, token: str = "a=b.c", **more: Any) -> bytes:
    servers = [{"endpoint": each, "protocol": "websocket", **more} for each in endpoints]
    data = {"token": token, "instanceServers": servers}
    return json.dumps({"code": "200000", "data": data}).encode()


def reply(data: Any) -> bytes:
    return json.dumps({"code": "200000", "data": data}).encode()


# ---------------------------------------------------------------- connecting


def test_every_connection_asks_for_a_ticket_by_post() -> None:
    request = kucoin().ticket_request()
    assert (request.method, request.target) == ("POST", "/api/v1/bullet-public")
    assert request.weight == 10


def address(dial: Dial) -> tuple[str, dict[str, list[str]]]:
    parts = urlsplit(kucoin().url(dial))
    return f"{parts.scheme}://{parts.netloc}{parts.path}", parse_qs(parts.query)


def test_the_ticket_says_where_to_dial_and_attempts_take_its_servers_in_turn() -> None:
    body = ticket("wss://one.example/", "wss://two.example/endpoint")
    lane = Lane("/", 130)
    places = [address(Dial(ENDPOINTS[0].ws, lane, n, body))[0] for n in (1, 2, 3)]
    assert places == ["wss://one.example/", "wss://two.example/endpoint", "wss://one.example/"]


def test_another_host_is_dialled_whatever_the_ticket_says() -> None:
    dial = Dial("ws://127.0.0.1:9000", Lane("/", 130), 1, ticket("wss://one.example/"))
    place, query = address(dial)
    assert place == "ws://127.0.0.1:9000/"
    assert query["token"] == ["a=b.c"]


def test_no_two_connections_have_the_same_id() -> None:
    dial = Dial(ENDPOINTS[0].ws, Lane("/", 130), 1, ticket("wss://one.example/"))
    assert address(dial)[1]["connectId"] != address(dial)[1]["connectId"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"code":"400302","msg":"not here"}',
        ticket(),
        ticket("wss://one.example/", token=""),
        ticket("https://one.example/"),
        ticket("wss://one.example/", pingInterval=0),
    ],
)
def test_a_ticket_that_is_none_is_a_bad_frame(body: bytes) -> None:
    with pytest.raises(BadFrame):
        kucoin().url(Dial(ENDPOINTS[0].ws, Lane("/", 130), 1, body))


def test_pings_come_in_four_fifths_of_the_tickets_interval() -> None:
    adapter = kucoin()
    assert adapter.heartbeat().interval == pytest.approx(14.4)
    body = ticket("wss://one.example/", pingInterval=50_000)
    adapter.url(Dial(ENDPOINTS[0].ws, Lane("/", 130), 1, body))
    assert adapter.heartbeat().interval == pytest.approx(40.0)
    assert json.loads(adapter.heartbeat().text)["type"] == "ping"


def test_nothing_is_sent_before_the_welcome() -> None:
    assert Kucoin.greets
    assert kucoin().opening() == []
    assert kucoin().decode('{"id":"c0ffee","type":"welcome"}') == [Welcome()]


# ---------------------------------------------------------------- subscribing


def test_a_ticker_is_asked_for_under_two_paths_and_the_others_under_one() -> None:
    channels = [
        Channel(Kind.TICKER, BTC),
        Channel(Kind.TRADE, BTC),
        Channel(Kind.QUOTE, BTC),
        Channel(Kind.CANDLE, BTC, "1h"),
        Channel(Kind.CANDLE, ETH, "1M"),
        Channel(Kind.BOOK, BTC),
        Channel(Kind.TICKER, ETH),
    ]
    texts = [json.loads(text) for text in kucoin().subscribe(channels)]
    assert [text["topic"] for text in texts] == [
        "/market/snapshot:BTC-USDT,ETH-BTC",
        "/market/ticker:BTC-USDT,ETH-BTC",
        "/market/match:BTC-USDT",
        "/spotMarket/level1:BTC-USDT",
        "/market/candles:BTC-USDT_1hour,ETH-BTC_1month",
        "/spotMarket/level2Depth50:BTC-USDT",
    ]
    assert texts[0] == {
        "id": "1", "type": "subscribe", "topic": "/market/snapshot:BTC-USDT,ETH-BTC",
        "privateChannel": False, "response": True,
    }  # fmt: skip
    assert [text["id"] for text in texts] == ["1", "2", "3", "4", "5", "6"]


def test_a_message_names_at_most_ninety_symbols() -> None:
    channels = [Channel(Kind.TRADE, each) for each in coins(200)]
    topics = [json.loads(text)["topic"] for text in kucoin().subscribe(channels)]
    symbols = [topic.removeprefix("/market/match:").split(",") for topic in topics]
    assert [len(each) for each in symbols] == [90, 90, 20]
    assert [name for each in symbols for name in each] == [f"COIN{n}-USDT" for n in range(200)]


def test_a_full_lane_of_tickers_stays_below_the_topics_of_a_connection() -> None:
    lane = Kucoin.lanes[Kind.TICKER]
    texts = kucoin().subscribe([Channel(Kind.TICKER, each) for each in coins(lane.channels)])
    assert sum(len(json.loads(text)["topic"].split(",")) for text in texts) <= 280


def test_unsubscribing_uses_the_next_id() -> None:
    adapter = kucoin()
    adapter.subscribe([Channel(Kind.TRADE, BTC)])
    (text,) = adapter.unsubscribe([Channel(Kind.TRADE, BTC)])
    told = json.loads(text)
    assert (told["id"], told["type"]) == ("2", "unsubscribe")


def test_data_that_come_before_the_acknowledgement_are_read() -> None:
    adapter = Kucoin(Catalogue())
    adapter.subscribe([Channel(Kind.TRADE, BTC)])
    assert adapter.decode(match()) == [Trade(BTC, 1, "7", 1.0, 1.0, "buy")]


def test_an_acknowledgement_ends_what_was_asked() -> None:
    adapter = kucoin()
    adapter.subscribe([Channel(Kind.TRADE, BTC)])
    assert adapter.decode('{"id":"1","type":"ack"}') == [Acknowledged("1")]
    (event,) = adapter.decode('{"id":"1","type":"error","code":404,"data":"no"}')
    assert event == Rejected("1", 404, "no")


def test_a_pong_says_nothing() -> None:
    assert kucoin().decode('{"id":"ping","type":"pong","timestamp":1795342500226553}') == []


@pytest.mark.parametrize(
    ("code", "text", "busy"),
    [
        (404, "topic does not exist", False),
        (400, "topic is invalid", False),
        (403, "login is required", False),
        (406, "topic is required", False),
        (415, "type is not supported", False),
        (500, "server error", True),
        (509, "exceed max permits per second", True),
        (509, "service busy", True),
        (509, "exceed max subscription count limitation of 100 per time", False),
        (509, "exceed max subscription count limitation of 400 per session", False),
    ],
)
def test_an_error_names_the_channels_that_do_not_flow(code: int, text: str, busy: bool) -> None:
    adapter = kucoin()
    channels = (Channel(Kind.TRADE, BTC), Channel(Kind.TRADE, ETH))
    adapter.subscribe(channels)
    frame = json.dumps({"id": "1", "type": "error", "code": code, "data": text})
    assert adapter.decode(frame) == [Rejected("1", code, text, channels, busy)]


def test_the_error_of_one_path_of_a_ticker_is_its_tickers() -> None:
    adapter = kucoin()
    adapter.subscribe([Channel(Kind.TICKER, BTC)])
    (event,) = adapter.decode('{"id":"2","type":"error","code":404,"data":"no"}')
    assert isinstance(event, Rejected)
    assert event.channels == (Channel(Kind.TICKER, BTC),)


@pytest.mark.parametrize(
    ("code", "text"),
    [(401, "token is expired"), (401, "token is invalid"), (400, "ping timeout")],
)
def test_some_errors_announce_the_end_of_the_connection(code: int, text: str) -> None:
    frame = json.dumps({"id": "x", "type": "error", "code": code, "data": text})
    assert kucoin().decode(frame) == [ServerClosing(text)]


def test_an_error_that_nobody_asked_for_has_no_channels() -> None:
    frame = '{"id":77,"type":"error","code":"400","data":{"odd":1}}'
    assert kucoin().decode(frame) == [Rejected("77", 400, '{"odd":1}')]
    assert kucoin().decode('{"type":"error"}') == [Rejected("", 0, "")]


# ---------------------------------------------------------------- frames


def test_a_delta_continues_the_book_before_its_first_update() -> None:
    frame = change(11, 14, [["2", "0", "11"], ["1.5", "4", "14"]], [["3", "1", "12"]], time=9)
    bids = (Level(2.0, 0.0), Level(1.5, 4.0))
    assert kucoin().decode(frame) == [BookDelta(BTC, 9, 10, 14, bids, (Level(3.0, 1.0),))]


def test_a_row_of_price_zero_only_moves_the_sequence_and_old_deltas_have_no_time() -> None:
    frame = change(15, 15, [["0", "0", "15"]])
    assert kucoin().decode(frame) == [BookDelta(BTC, None, 14, 15, (), ())]


def test_a_gap_in_the_sequence_asks_for_resync() -> None:
    adapter, book = kucoin(), OrderBook(BTC)
    body = reply({"time": 5, "sequence": "10", "bids": [["2", "1"]], "asks": [["3", "1"]]})
    book.load(adapter.parse_depth(body, BTC))

    def apply(frame: str) -> bool:
        (delta,) = adapter.decode(frame)
        assert isinstance(delta, BookDelta)
        return book.update(delta)

    assert not apply(change(9, 10, [["2", "9", "10"]]))  # before the snapshot
    assert apply(change(10, 12, [["2", "0", "11"], ["1", "4", "12"]]))  # overlaps it
    assert (book.bids.top(5), book.sequence) == ((Level(1.0, 4.0),), 12)
    with pytest.raises(Resync):
        apply(change(14, 14, [["1", "5", "14"]]))


def test_every_frame_of_fifty_levels_replaces_the_book() -> None:
    adapter, book = kucoin(), OrderBook(BTC)
    for time, bid in ((1, "2"), (2, "1")):
        data = {"asks": [["3", "1"]], "bids": [[bid, "1"]], "timestamp": time}
        (event,) = adapter.decode(message("/spotMarket/level2Depth50:BTC-USDT", data))
        assert isinstance(event, BookSnapshot)
        assert (event.sequence, event.depth) == (None, 50)
        book.load(event)
    assert (book.time, book.bids.top(5)) == (2, (Level(1.0, 1.0),))


def test_topics_of_many_symbols_pass_over_those_we_do_not_know() -> None:
    adapter = kucoin()
    assert adapter.decode(message("/market/ticker:all", {"price": "1"}, "NOBODY-USDT")) == []
    day = {"data": {"symbol": "NOBODY-USDT", "lastTradedPrice": 1}}
    assert adapter.decode(message("/market/snapshot:USDS", day)) == []
    with pytest.raises(BadFrame):
        adapter.decode(message("/market/snapshot:NOBODY-USDT", day))


def test_a_candle_that_runs_is_never_told_closed() -> None:
    row = ["1795305600", "2", "3", "4", "1", "5", "6"]
    frame = message("/market/candles:BTC-USDT_1day", {"candles": row, "time": 1})
    candle = Candle(BTC, "1d", DAY_START, 2.0, 4.0, 1.0, 3.0, 5.0, closed=False)
    assert kucoin().decode(frame) == [candle]


HOSTILE = [
    "",
    "not json",
    "null",
    "[]",
    "{}",
    '{"type":5}',
    '{"type":"notice"}',
    '{"type":"message"}',
    '{"type":"message","topic":"/market/match:BTC-USDT"}',
    message("/market/match:BTC-USDT", None),
    message("/market/nothing:BTC-USDT", {}),
    message("/market/match:", {}),
    message("/market/candles:BTC-USDT", {"candles": ["1", "1", "1", "1", "1", "1", "1"]}),
    message("/market/candles:BTC-USDT_7min", {"candles": ["1", "1", "1", "1", "1", "1", "1"]}),
    message("/market/candles:BTC-USDT_1min", {"candles": ["1", "1", "1", "1"]}),
    message("/market/match:NOBODY-USDT", json.loads(match())["data"]),
    match(price="NaN"),
    match(price="1e400"),
    match(price="-1"),
    match(price="0"),
    match(price=""),
    match(size="inf"),
    match(side="both"),
    match(time="-1"),
    match(time="9" * 30),
    match(tradeId=None),
    change(-5, 1),
    change(1, 1, [["1"]]),
    change(1, 1, [["nan", "1", "1"]]),
    message("/market/ticker:BTC-USDT", {"price": "1e99"}),
    message("/market/snapshot:BTC-USDT", {"symbol": "BTC-USDT"}),
    message("/spotMarket/level1:BTC-USDT", {"asks": [["1", "1"]], "bids": [], "timestamp": 1}),
    message("/spotMarket/level2Depth5:BTC-USDT", {"asks": [["1"]], "bids": [], "timestamp": 1}),
    '{"type":"ack","id":' + "9" * 5_000 + "}",
    '{"type":"message","topic":"/market/match:BTC-USDT","data":' + "[" * 50_000,
    '{"type":"message","topic":"/market/match:BTC-USDT","data":'
    + "[" * 10_000
    + "]" * 10_000
    + "}",
]


@pytest.mark.parametrize("frame", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_frame_is_a_bad_frame_and_nothing_else(frame: str) -> None:
    with pytest.raises(BadFrame):
        kucoin().decode(frame.encode())


@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise_anything_but_bad_frame(frame: bytes) -> None:
    try:
        events = kucoin().decode(frame)
    except BadFrame:
        return
    assert isinstance(events, list)


@given(st.recursive(st.none() | st.text() | st.integers(), st.lists))
def test_no_data_of_a_topic_raise_anything_but_bad_frame(data: Any) -> None:
    with pytest.raises(BadFrame):
        kucoin().decode(message("/market/match:BTC-USDT", data))


# ---------------------------------------------------------------- REST


def symbol_row(symbol: str, name: str, **changes: Any) -> dict[str, Any]:
    base, quote_ccy = symbol.split("-")
    return {
        "symbol": symbol, "name": name, "baseCurrency": base, "quoteCurrency": quote_ccy,
        "baseIncrement": "0.0001", "priceIncrement": "0.00000100", "enableTrading": True,
        "callauctionPriceFloor": None,
    } | changes  # fmt: skip


def test_a_renamed_coin_is_shown_by_its_name_and_asked_for_by_its_symbol() -> None:
    adapter = kucoin()
    listings = adapter.parse_instruments(reply([symbol_row("GALAX-USDT", "GALA-USDT")]))
    assert listings == [Listing(GALA, "GALAX-USDT", Decimal("0.000001"), Decimal("0.0001"))]
    assert adapter.symbol(GALA) == "GALA-USDT"
    adapter.catalogue.add(listings)
    assert adapter.symbol(GALA) == "GALAX-USDT"
    data = {"price": "1", "time": 1}
    (event,) = adapter.decode(message("/market/ticker:GALAX-USDT", data))
    assert isinstance(event, Ticker)
    assert event.instrument == GALA


def test_what_is_not_traded_is_halted_and_a_step_of_zero_is_none() -> None:
    row = symbol_row("ETH-BTC", "", enableTrading=False, priceIncrement="0", baseIncrement=None)
    (listing,) = kucoin().parse_instruments(reply([row]))
    assert listing == Listing(ETH, "ETH-BTC", None, None, "halted")


def test_a_step_that_is_no_number_is_a_bad_frame() -> None:
    body = reply([symbol_row("ETH-BTC", "ETH-BTC", priceIncrement="dear")])
    with pytest.raises(BadFrame):
        kucoin().parse_instruments(body)


def test_candles_are_asked_for_between_two_ends_the_later_left_out() -> None:
    request = kucoin().candles_request(BTC, "1h", DAY_START, 24, now=0)
    # 24 hours before the end, less the second that leaves the end out on either reading
    assert request.target == (
        "/api/v1/market/candles?symbol=BTC-USDT&type=1hour&startAt=1795219199&endAt=1795305599"
    )


def test_the_newest_candles_are_asked_for_past_the_present() -> None:
    query = kucoin().candles_request(BTC, "1m", None, 10, now=1_795_305_630_500).query
    assert (query["startAt"], query["endAt"]) == ("1795305030", "1795305690")


def test_candles_before_the_epoch_are_asked_for_from_the_epoch() -> None:
    query = kucoin().candles_request(BTC, "1M", DAY_START, 1500, now=0).query
    assert (query["type"], query["startAt"]) == ("1month", "0")


def test_candles_come_newest_first_and_only_the_newest_is_open() -> None:
    rows = [
        ["120", "2", "3", "4", "1", "5", "10"],
        ["60", "1", "2", "2.5", "0.5", "7", "9"],
    ]
    first, last = kucoin().parse_candles(reply(rows), BTC, "1m", now=179_999)
    assert first == Candle(BTC, "1m", 60_000, 1.0, 2.5, 0.5, 2.0, 7.0, closed=True)
    assert last == Candle(BTC, "1m", 120_000, 2.0, 4.0, 1.0, 3.0, 5.0, closed=False)
    assert kucoin().parse_candles(reply(rows), BTC, "1m", now=180_000)[1].closed
    assert kucoin().parse_candles(reply([]), BTC, "1m", now=0) == []


def test_depth_is_a_hundred_levels_with_a_sequence() -> None:
    request = kucoin().depth_request(BTC)
    assert request.target == "/api/v1/market/orderbook/level2_100?symbol=BTC-USDT"
    body = reply({"time": 5, "sequence": "10", "bids": [["2", "1"]], "asks": []})
    book = BookSnapshot(BTC, 5, 10, (Level(2.0, 1.0),), (), 100)
    assert kucoin().parse_depth(body, BTC) == book
    assert kucoin().parse_rest(request.path, request.query, body) == book
    assert kucoin().parse_rest("/api/v1/timestamp", {}, body) is None


def test_the_time_is_in_milliseconds() -> None:
    assert kucoin().time_request().target == "/api/v1/timestamp"
    assert kucoin().parse_time(reply(1795342500123)) == 1795342500123


@pytest.mark.parametrize("body", [b"", b"{}", reply("soon"), reply(None), reply({"a": []})])
def test_a_reply_that_is_none_is_a_bad_frame(body: bytes) -> None:
    adapter = kucoin()
    for parse in (
        adapter.parse_time,
        adapter.parse_instruments,
        lambda body: adapter.parse_depth(body, BTC),
        lambda body: adapter.parse_candles(body, BTC, "1m", 0),
    ):
        with pytest.raises(BadFrame):
            parse(body)


@pytest.mark.parametrize(
    ("status", "body", "complaint"),
    [
        (200, b'{"code":"200000","data":1}', None),
        (200, b'{"code":"400302","msg":"not here"}', Complaint(400302, "not here")),
        (200, b'{"code":900001,"msg":"no such"}', Complaint(900001, "no such")),
        (429, b'{"code":"429000","msg":"slow"}', Complaint(429000, "slow", too_many=True)),
        (200, b'{"code":"429000","msg":"slow"}', Complaint(429000, "slow", too_many=True)),
        (429, b"<html>", Complaint(429, "", too_many=True)),
        (502, b"<html>", Complaint(502, "")),
        (500, b'{"code":"200000"}', Complaint(500, "")),
        (403, b'{"code":"odd","msg":"no"}', Complaint(403, "no")),
    ],
)
def test_a_complaint_comes_with_every_status(
    status: int, body: bytes, complaint: Complaint | None
) -> None:
    assert Kucoin.complaint(status, body) == complaint


# ---------------------------------------------------------------- recorded frames


def test_every_recorded_frame_of_kucoin_is_read(recorded_frames: Path) -> None:
    files = sorted((recorded_frames / "kucoin").glob("*.jsonl"))
    assert len(files) == 23
    for file in files:
        adapter = Kucoin(Catalogue(), guess_symbols=True)
        for line in file.read_bytes().splitlines():
            assert adapter.decode(line), (file.name, line)


def test_a_recorded_trade_says_what_a_reader_of_the_frame_says(recorded_frames: Path) -> None:
    """Values read off the frame by eye."""
    (line,) = (recorded_frames / "kucoin" / "trade.live2026.jsonl").read_bytes().splitlines()
    trade = Trade(BTC, 1785141195448, "23715934308417536", 65215.6, 0.04915634, "sell")
    assert kucoin().decode(line) == [trade]


def test_the_whole_market_is_asked_for_by_the_markets_that_symbols_are_listed_under() -> None:
    adapter = Kucoin(Catalogue())
    assert adapter.subscribe_market() == []
    row = {"symbol": "A-B", "baseCurrency": "A", "quoteCurrency": "B", "enableTrading": True}
    rows = [row | {"market": market} for market in ("USDS", "BTC", "", "USDS")]
    adapter.parse_instruments(json.dumps({"code": "200000", "data": rows}).encode())
    topics = [json.loads(message)["topic"] for message in adapter.subscribe_market()]
    assert topics == ["/market/snapshot:BTC", "/market/snapshot:USDS"]


def test_however_many_markets_are_listed_few_are_asked_for() -> None:
    catalogue = Catalogue()
    catalogue.sections = frozenset(map(str, range(5_000)))
    assert len(Kucoin(catalogue).subscribe_market()) == 100
