"""Bybit's own rules: control messages, refusals, the numbering of books, REST, hostile frames."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.exchanges.bybit import Bybit
from tickglass.exchanges.exchange import (
    Acknowledged,
    BadFrame,
    Catalogue,
    Channel,
    Complaint,
    Dial,
    Kind,
    Rejected,
)
from tickglass.market.book import OrderBook, Resync
from tickglass.market.events import BookDelta, BookSnapshot, Candle, Level, Quote, Ticker, Trade
from tickglass.market.instrument import Instrument

BTC = Instrument("bybit", "BTC", "USDT")
ETH = Instrument("bybit", "ETH", "USDT")
COINS = [Instrument("bybit", f"COIN{n}", "USDT") for n in range(25)]


def bybit(*instruments: Instrument) -> Bybit:
    adapter = Bybit(Catalogue())
    adapter.learn(instruments or (BTC,))
    return adapter


def trades(*instruments: Instrument) -> list[Channel]:
    return [Channel(Kind.TRADE, each) for each in instruments]


# ---------------------------------------------------------------- control messages


def test_every_kind_has_its_topic_in_upper_case() -> None:
    channels = [
        Channel(Kind.TICKER, BTC),
        Channel(Kind.TRADE, BTC),
        Channel(Kind.QUOTE, BTC),
        Channel(Kind.CANDLE, BTC, "4h"),
        Channel(Kind.BOOK, BTC),
    ]
    (text,) = bybit().subscribe(channels)
    assert json.loads(text) == {
        "req_id": "1",
        "op": "subscribe",
        "args": [
            "tickers.BTCUSDT",
            "publicTrade.BTCUSDT",
            "orderbook.1.BTCUSDT",
            "kline.240.BTCUSDT",
            "orderbook.200.BTCUSDT",
        ],
    }


@pytest.mark.parametrize(
    ("interval", "period"), [("1m", "1"), ("12h", "720"), ("1d", "D"), ("1w", "W"), ("1M", "M")]
)
def test_an_interval_is_written_in_minutes_or_as_a_letter(interval: str, period: str) -> None:
    assert bybit().topic(Channel(Kind.CANDLE, BTC, interval)) == f"kline.{period}.BTCUSDT"


def test_a_request_names_ten_topics_at_most_and_each_has_its_own_id() -> None:
    requests = [json.loads(text) for text in bybit().subscribe(trades(*COINS))]
    assert [len(request["args"]) for request in requests] == [10, 10, 5]
    assert [request["req_id"] for request in requests] == ["1", "2", "3"]
    asked = [topic for request in requests for topic in request["args"]]
    assert asked == [f"publicTrade.COIN{n}USDT" for n in range(25)]


def test_a_full_connection_stays_below_the_characters_that_it_may_ask_for() -> None:
    longest = Instrument("bybit", "1000000BABYDOGE", "USDT")
    topic = bybit().topic(Channel(Kind.BOOK, longest))
    assert len(topic) * Bybit.lanes[Kind.BOOK].channels <= 21_000


def test_unsubscribe_is_batched_too_and_uses_the_next_id() -> None:
    adapter = bybit()
    adapter.subscribe(trades(BTC))
    first, second = map(json.loads, adapter.unsubscribe(trades(*COINS[:11])))
    assert (first["op"], first["req_id"], len(first["args"])) == ("unsubscribe", "2", 10)
    assert second == {"req_id": "3", "op": "unsubscribe", "args": ["publicTrade.COIN10USDT"]}


def test_all_kinds_come_over_one_spot_connection() -> None:
    dial = Dial("wss://stream.bybit.com", Bybit.lanes[Kind.BOOK])
    assert bybit().url(dial) == "wss://stream.bybit.com/v5/public/spot"
    assert {Bybit.lanes[kind] for kind in Kind} == {dial.lane}


def test_the_heartbeat_is_a_ping_in_json_every_twenty_seconds() -> None:
    heartbeat = bybit().heartbeat()
    assert heartbeat.interval == 20.0
    assert json.loads(heartbeat.text)["op"] == "ping"


@pytest.mark.parametrize(
    "frame",
    [
        '{"success":true,"ret_msg":"subscribe","conn_id":"c","req_id":"1","op":"subscribe"}',
        '{"success":true,"ret_msg":"","conn_id":"c","req_id":"1","op":"subscribe"}',
        '{"success":true,"ret_msg":"","conn_id":"c","req_id":1,"op":"unsubscribe"}',
    ],
)
def test_an_answer_is_known_by_success_and_id_whatever_its_words(frame: str) -> None:
    assert bybit().decode(frame) == [Acknowledged("1")]


def test_an_answer_without_an_id_is_borne() -> None:
    frame = '{"success":true,"ret_msg":"subscribe","conn_id":"c","op":"subscribe"}'
    assert bybit().decode(frame) == [Acknowledged("")]


def refusal(words: str, **more: Any) -> str:
    return json.dumps({"success": False, "ret_msg": words, "op": "subscribe", **more})


def test_a_refused_request_gives_back_all_its_channels() -> None:
    adapter = bybit()
    adapter.subscribe(trades(BTC, ETH))
    words = "Invalid symbol :[publicTrade.ETHUSDT]"
    expected = Rejected("1", 0, words, tuple(trades(BTC, ETH)))
    assert adapter.decode(refusal(words, req_id="1")) == [expected]


@pytest.mark.parametrize(
    "words",
    [
        "Invalid symbol :[publicTrade.COIN13USDT]",
        "Invalid symbol :[publicTrade.COIN12USDT publicTrade.COIN13USDT]",
        "Invalid symbol :[publicTrade.NOBODYUSDT,publicTrade.COIN13USDT]",
        "error:handler not found,topic:publicTrade.COIN13USDT",
    ],
)
@pytest.mark.parametrize("more", [{}, {"req_id": ""}])
def test_a_refusal_without_an_id_is_found_by_the_topic_that_it_names(
    words: str, more: dict[str, str]
) -> None:
    adapter = bybit()
    adapter.subscribe(trades(*COINS))
    expected = Rejected("2", 0, words, tuple(trades(*COINS[10:20])))
    assert adapter.decode(refusal(words, **more)) == [expected]


def test_a_refusal_without_id_and_topic_is_of_the_only_request_there_is() -> None:
    adapter = bybit()
    adapter.subscribe(trades(BTC))
    expected = Rejected("1", 0, "args size >10", tuple(trades(BTC)))
    assert adapter.decode(refusal("args size >10")) == [expected]


def test_a_refusal_without_id_and_topic_of_several_requests_blames_none() -> None:
    adapter = bybit()
    adapter.subscribe(trades(*COINS))
    assert adapter.decode(refusal("args size >10")) == [Rejected("", 0, "args size >10")]


def test_an_answered_request_is_forgotten() -> None:
    adapter = bybit()
    adapter.subscribe(trades(BTC))
    adapter.decode('{"success":true,"ret_msg":"subscribe","req_id":"1","op":"subscribe"}')
    words = "Invalid symbol :[publicTrade.BTCUSDT]"
    assert adapter.decode(refusal(words)) == [Rejected("", 0, words)]


ALREADY = "error:already subscribed,topic:publicTrade.BTCUSDT"


def test_already_subscribed_is_as_good_as_acknowledged() -> None:
    adapter = bybit()
    adapter.subscribe(trades(BTC))
    assert adapter.decode(refusal(ALREADY, req_id="1")) == [Acknowledged("1")]


def test_already_subscribed_among_others_has_spoilt_the_others() -> None:
    adapter = bybit()
    adapter.subscribe(trades(BTC, ETH))
    expected = Rejected("1", 0, ALREADY, tuple(trades(BTC, ETH)))
    assert adapter.decode(refusal(ALREADY, req_id="1")) == [expected]


# ---------------------------------------------------------------- tickers


def ticker_frame(kind: str, cross_sequence: int, ts: int, **data: str) -> str:
    return json.dumps(
        {"topic": "tickers.BTCUSDT", "type": kind, "cs": cross_sequence, "ts": ts, "data": data}
    )


def test_an_older_ticker_is_dropped_and_one_of_the_same_age_is_not() -> None:
    adapter = bybit()
    times = []
    for ts, cross_sequence in enumerate((7, 6, 7, 8)):
        frame = ticker_frame("snapshot", cross_sequence, ts, lastPrice="1")
        times.append([event.time for event in adapter.decode(frame)])
    assert times == [[0], [], [2], [3]]


def test_what_a_delta_leaves_out_has_not_changed() -> None:
    adapter = bybit()
    adapter.decode(ticker_frame("snapshot", 1, 10, lastPrice="100", bid1Price="99"))
    (ticker,) = adapter.decode(ticker_frame("delta", 2, 20, bid1Price="98", prevPrice24h="80"))
    assert ticker == Ticker(BTC, 20, 100.0, 98.0, None, 80.0, None, None, None, None)


def test_a_delta_can_take_a_price_away() -> None:
    adapter = bybit()
    adapter.decode(ticker_frame("snapshot", 1, 10, lastPrice="100", bid1Price="99"))
    (ticker,) = adapter.decode(ticker_frame("delta", 2, 20, bid1Price=""))
    assert (ticker.last, ticker.bid) == (100.0, None)


def test_a_new_snapshot_forgets_what_was_merged() -> None:
    adapter = bybit()
    adapter.decode(ticker_frame("snapshot", 1, 10, lastPrice="100", bid1Price="99"))
    (ticker,) = adapter.decode(ticker_frame("snapshot", 2, 20, lastPrice="101"))
    assert (ticker.last, ticker.bid) == (101.0, None)


# ---------------------------------------------------------------- order books


def book_frame(kind: str, update: int, price: str = "100", depth: int = 200) -> str:
    data = {"s": "BTCUSDT", "b": [[price, "1"]], "a": [], "u": update, "seq": 7}
    topic = f"orderbook.{depth}.BTCUSDT"
    return json.dumps({"topic": topic, "type": kind, "ts": 9, "cts": 8, "data": data})


def decode_one(adapter: Bybit, frame: str) -> Any:
    (event,) = adapter.decode(frame)
    return event


@pytest.mark.parametrize("depth", [50, 200, 1000])
def test_a_snapshot_tells_how_deep_the_book_is_followed(depth: int) -> None:
    bids = (Level(100.0, 1.0),)
    event = decode_one(bybit(), book_frame("snapshot", 5, depth=depth))
    assert event == BookSnapshot(BTC, 8, 5, bids, (), depth)


def test_a_delta_continues_the_number_before_it() -> None:
    adapter = bybit()
    adapter.decode(book_frame("snapshot", 5))
    event = decode_one(adapter, book_frame("delta", 6))
    assert event == BookDelta(BTC, 8, 5, 6, (Level(100.0, 1.0),), ())


def test_a_delta_before_any_snapshot_is_passed_on() -> None:
    event = decode_one(bybit(), book_frame("delta", 6))
    assert (event.previous, event.sequence, event.bids) == (5, 6, (Level(100.0, 1.0),))


def test_gap_in_sequence_asks_for_resync() -> None:
    adapter, book = bybit(), OrderBook(BTC)
    book.load(decode_one(adapter, book_frame("snapshot", 5)))
    with pytest.raises(Resync):
        book.update(decode_one(adapter, book_frame("delta", 7)))


def test_a_snapshot_in_the_middle_replaces_the_book_and_its_numbering() -> None:
    adapter, book = bybit(), OrderBook(BTC)
    book.load(decode_one(adapter, book_frame("snapshot", 5_000)))
    book.load(decode_one(adapter, book_frame("snapshot", 1, "90")))
    assert book.update(decode_one(adapter, book_frame("delta", 2, "91")))
    assert book.bids.top(9) == (Level(91.0, 1.0), Level(90.0, 1.0))


@pytest.mark.parametrize("update", [1, 4, 5])
def test_a_number_that_is_not_above_the_last_asks_for_resync(update: int) -> None:
    adapter, book = bybit(), OrderBook(BTC)
    book.load(decode_one(adapter, book_frame("snapshot", 5)))
    delta = decode_one(adapter, book_frame("delta", update))
    assert delta == BookDelta(BTC, 8, 6, 7, (), ())
    with pytest.raises(Resync):
        book.update(delta)


def test_the_book_recovers_with_a_snapshot_of_the_numbering_begun_anew() -> None:
    adapter, book = bybit(), OrderBook(BTC)
    book.load(decode_one(adapter, book_frame("snapshot", 5_000)))
    with pytest.raises(Resync):
        book.update(decode_one(adapter, book_frame("delta", 1)))
    assert not book.update(decode_one(adapter, book_frame("delta", 2)))
    assert book.load(decode_one(adapter, book_frame("snapshot", 3, "90")))
    assert book.update(decode_one(adapter, book_frame("delta", 4, "91")))
    assert book.bids.top(9) == (Level(91.0, 1.0), Level(90.0, 1.0))


def previous_numbers(adapter: Bybit, updates: list[int]) -> list[int]:
    return [decode_one(adapter, book_frame("delta", update)).previous for update in updates]


def test_a_book_that_jumps_most_of_the_time_is_not_numbered_one_by_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    adapter = bybit()
    adapter.decode(book_frame("snapshot", 10))
    assert previous_numbers(adapter, [*range(12, 50, 2)]) == [*range(11, 49, 2)]
    assert previous_numbers(adapter, [50, 60, 61]) == [48, 50, 60]
    assert [record.getMessage() for record in caplog.records] == [
        "bybit: orderbook.200.BTCUSDT is not numbered one by one: losses go unseen"
    ]


def test_a_book_that_jumps_half_of_the_time_still_tells_of_losses() -> None:
    adapter = bybit()
    adapter.decode(book_frame("snapshot", 0))
    updates = [number for first in range(2, 62, 3) for number in (first, first + 1)]
    assert previous_numbers(adapter, updates) == [number - 1 for number in updates]


def test_each_depth_is_a_chain_of_its_own() -> None:
    adapter = bybit()
    adapter.decode(book_frame("snapshot", 500, depth=50))
    adapter.decode(book_frame("snapshot", 5, depth=200))
    assert decode_one(adapter, book_frame("delta", 6, depth=200)).sequence == 6


def test_a_quote_repeated_under_its_number_is_a_quote() -> None:
    frame = (
        '{"topic":"orderbook.1.BTCUSDT","ts":9,"type":"snapshot","data":{"s":"BTCUSDT",'
        '"b":[["100","1"]],"a":[["101","2"]],"u":5,"seq":7},"cts":8}'
    )
    adapter = bybit()
    expected = [Quote(BTC, 8, 100.0, 1.0, 101.0, 2.0, 5)]
    assert [adapter.decode(frame), adapter.decode(frame)] == [expected, expected]


# ---------------------------------------------------------------- hostile frames


def trade_frame(topic: str = "publicTrade.BTCUSDT", **change: Any) -> bytes:
    trade = {"i": "1", "T": 1, "p": "1", "v": "1", "S": "Buy", "BT": False, **change}
    return json.dumps({"topic": topic, "ts": 2, "type": "snapshot", "data": [trade]}).encode()


def test_unknown_fields_are_borne() -> None:
    frame = trade_frame(new={"deep": [1]})
    assert bybit().decode(frame) == [Trade(BTC, 1, "1", 1.0, 1.0, "buy")]


HOSTILE = [
    b"",
    b"not json",
    b"\xff\xfe",
    b'{"topic":"\xff"}',
    "\ud800",
    b"null",
    b"[]",
    b"{}",
    b'{"op":"subscribe"}',
    b'{"success":"yes"}',
    b'{"topic":5,"data":[]}',
    b'{"topic":"publicTrade.BTCUSDT"}',
    b'{"topic":"publicTrade.BTCUSDT","data":null}',
    b'{"topic":"publicTrade.BTCUSDT","ts":"x","data":[]}',
    b'{"topic":"publicTrade.BTCUSDT","data":{}}',
    trade_frame("publicTrade.NOBODY"),
    trade_frame("liquidation.BTCUSDT"),
    trade_frame("publicTrade.1.BTCUSDT"),
    trade_frame("BTCUSDT"),
    trade_frame("kline.7.BTCUSDT"),
    trade_frame("kline.BTCUSDT"),
    trade_frame("orderbook.500.BTCUSDT"),
    trade_frame("orderbook.full.BTCUSDT"),
    trade_frame("orderbook.rpi.BTCUSDT"),
    trade_frame("system.status"),
    trade_frame(p="NaN"),
    trade_frame(p="1e400"),
    trade_frame(p="-1"),
    trade_frame(p="0"),
    trade_frame(p=""),
    trade_frame(p="one"),
    trade_frame(v="inf"),
    trade_frame(T=-1),
    trade_frame(S="Neither"),
    trade_frame(i=2290000001225843671),
    ticker_frame("snapshot", 1, 1, lastPrice="NaN").encode(),
    ticker_frame("snapshot", 1, 1, lastPrice="-1").encode(),
    ticker_frame("snapshot", 1, 1, lastPrice="one").encode(),
    ticker_frame("snapshot", 1, 1, volume24h="1e999").encode(),
    ticker_frame("snapshot", -1, 1, lastPrice="1").encode(),
    book_frame("partial", 5).encode(),
    book_frame("snapshot", -5).encode(),
    b'{"topic":"orderbook.200.BTCUSDT","type":"delta","data":{"b":[["1"]],"a":[],"u":1}}',
    b'{"data":' + b"[" * 50_000,
    b'{"topic":"publicTrade.BTCUSDT","data":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
]


@pytest.mark.parametrize("frame", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_frame_is_a_bad_frame_and_nothing_else(frame: bytes | str) -> None:
    with pytest.raises(BadFrame):
        bybit().decode(frame)


@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise_anything_but_bad_frame(frame: bytes) -> None:
    try:
        events = bybit().decode(frame)
    except BadFrame:
        return
    assert isinstance(events, list)


# ---------------------------------------------------------------- REST


def reply(result: Any, **more: Any) -> bytes:
    return json.dumps(
        {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": 99, **more}
    ).encode()


def listed(symbol: str, base: str, status: str, lot: str, tick: str) -> dict[str, Any]:
    return {
        "symbol": symbol, "baseCoin": base, "quoteCoin": "USDT", "status": status,
        "lotSizeFilter": {"basePrecision": lot, "minOrderQty": "5"},
        "priceFilter": {"tickSize": tick}, "symbolType": "",
    }  # fmt: skip


def test_instruments_are_spot_ones_with_their_steps() -> None:
    assert bybit().instruments_request().target == "/v5/market/instruments-info?category=spot"
    rows = [
        listed("PEPEUSDT", "PEPE", "Trading", "1", "0.0000000001"),
        listed("SOONUSDT", "SOON", "PreLaunch", "0.10", "0"),
        listed("GONEUSDT", "GONE", "Closed", "0.01", "0.01"),
    ]
    pepe, soon, gone = bybit().parse_instruments(reply({"category": "spot", "list": rows}))
    assert (pepe.instrument, pepe.symbol) == (Instrument("bybit", "PEPE", "USDT"), "PEPEUSDT")
    assert (pepe.tick_size, pepe.price_decimals) == (Decimal("1E-10"), 10)
    assert (pepe.lot_size, pepe.status) == (Decimal("1"), "trading")
    assert (soon.tick_size, soon.lot_size, soon.status) == (None, Decimal("0.10"), "halted")
    assert gone.status == "delisted"


def test_an_instrument_whose_step_is_no_number_is_a_bad_frame() -> None:
    rows = [listed("PEPEUSDT", "PEPE", "Trading", "1", "small")]
    with pytest.raises(BadFrame):
        bybit().parse_instruments(reply({"list": rows}))


def test_candles_are_asked_for_before_an_end_that_is_left_out() -> None:
    request = bybit().candles_request(BTC, "1d", 1795305600000, 1000, now=0)
    assert request.target == (
        "/v5/market/kline?category=spot&symbol=BTCUSDT&interval=D&limit=1000&end=1795305599999"
    )


def test_the_newest_candles_are_asked_for_without_an_end() -> None:
    request = bybit().candles_request(BTC, "1m", None, 5, now=0)
    assert request.target == "/v5/market/kline?category=spot&symbol=BTCUSDT&interval=1&limit=5"


CANDLE_ROWS = [
    ["120000", "2", "3", "2", "3", "1", "3"],
    ["60000", "1", "4", "0.5", "2", "10", "20"],
]


@pytest.mark.parametrize(("now", "closed"), [(179_999, False), (180_000, True)])
def test_candles_come_oldest_first_and_the_clock_tells_the_open_one(now: int, closed: bool) -> None:
    body = reply({"symbol": "BTCUSDT", "category": "spot", "list": CANDLE_ROWS})
    assert bybit().parse_candles(body, BTC, "1m", now) == [
        Candle(BTC, "1m", 60_000, 1.0, 4.0, 0.5, 2.0, 10.0, True),
        Candle(BTC, "1m", 120_000, 2.0, 3.0, 2.0, 3.0, 1.0, closed),
    ]


def test_the_book_by_rest_has_no_number_of_the_stream() -> None:
    target = "/v5/market/orderbook?category=spot&symbol=BTCUSDT&limit=200"
    assert bybit().depth_request(BTC).target == target
    body = reply(
        {"s": "BTCUSDT", "a": [["101", "2"]], "b": [["100", "1"]], "ts": 9, "u": 5, "cts": 8}
    )
    book = bybit().parse_depth(body, BTC)
    assert book == BookSnapshot(BTC, 8, None, (Level(100.0, 1.0),), (Level(101.0, 2.0),))


def test_the_clock_is_read_in_milliseconds() -> None:
    assert bybit().time_request().target == "/v5/market/time"
    result = {"timeSecond": "1795350840", "timeNano": "1795350840423213947"}
    assert bybit().parse_time(reply(result, time=1795350840423)) == 1795350840423


@pytest.mark.parametrize("body", [b"", b"<html>", b"null", b"{}", reply({}), reply(None)])
def test_a_reply_without_a_result_is_a_bad_frame(body: bytes) -> None:
    adapter = bybit()
    for parse in (
        lambda: adapter.parse_instruments(body),
        lambda: adapter.parse_candles(body, BTC, "1m", 0),
        lambda: adapter.parse_depth(body, BTC),
    ):
        with pytest.raises(BadFrame):
            parse()


@pytest.mark.parametrize(
    ("status", "body", "complaint"),
    [
        (200, reply({}), None),
        (
            200,
            b'{"retCode":10001,"retMsg":"Not supported symbols","result":{}}',
            Complaint(10001, "Not supported symbols"),
        ),
        (
            200,
            b'{"retCode":10006,"retMsg":"Too many visits!","result":{}}',
            Complaint(10006, "Too many visits!", too_many=True),
        ),
        (403, b"403, access too frequent", Complaint(403, "", too_many=True)),
        (
            403,
            b'{"retCode":10018,"retMsg":"Access too frequent."}',
            Complaint(10018, "Access too frequent.", too_many=True),
        ),
        (403, b"<html>blocked from your country</html>", Complaint(403, "")),
        (429, b"", Complaint(429, "", too_many=True)),
        (404, b'{"retCode":10017,"retMsg":"No route"}', Complaint(10017, "No route")),
        (502, b"<html>", Complaint(502, "")),
    ],
)  # fmt: skip
def test_a_complaint_is_told_by_status_and_by_code(
    status: int, body: bytes, complaint: Complaint | None
) -> None:
    assert Bybit.complaint(status, body) == complaint


# ---------------------------------------------------------------- recorded frames


def test_recorded_session_says_what_a_reader_of_the_frames_says(recorded_frames: Path) -> None:
    """Values read off the frames by eye."""
    lines = (recorded_frames / "bybit" / "session.fastmm2026.jsonl").read_bytes().splitlines()
    adapter = bybit()
    events = [adapter.decode(line) for line in lines]
    assert len(events) == 43
    assert events[0] == [Acknowledged("sub1")]
    assert isinstance(events[1][0], BookSnapshot)
    assert (events[1][0].sequence, events[1][0].depth) == (3734358, 50)
    assert events[2] == [
        Quote(BTC, 1789299655598, 77140.5, 0.216593, 77140.6, 0.324006, 1980705)
    ]  # fmt: skip
    assert events[3] == []
    assert events[6] == [
        Trade(BTC, 1789299660688, "2100000000188691524", 77140.5, 0.00389, "sell")
    ]  # fmt: skip
    assert events[7] == [
        BookDelta(BTC, 1789299660688, 3734359, 3734360, (Level(77140.5, 0.212703),), ())
    ]  # fmt: skip


def test_a_book_kept_from_the_recorded_session_never_breaks(recorded_frames: Path) -> None:
    lines = (recorded_frames / "bybit" / "depth.fastmm2026.jsonl").read_bytes().splitlines()
    adapter, book = bybit(), OrderBook(BTC)
    first, *deltas = [event for line in lines for event in adapter.decode(line)]
    assert isinstance(first, BookSnapshot)
    book.load(first)
    for delta in deltas:
        assert isinstance(delta, BookDelta)
        assert book.update(delta)
    assert book.sequence == 3734358 + len(deltas)


def test_every_recorded_frame_of_bybit_is_read(recorded_frames: Path) -> None:
    files = sorted((recorded_frames / "bybit").glob("*.jsonl"))
    assert len(files) == 14
    for file in files:
        adapter = Bybit(Catalogue(), guess_symbols=True)
        for line in file.read_bytes().splitlines():
            assert adapter.decode(line) or b"pong" in line, (file.name, line)
