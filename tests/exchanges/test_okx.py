"""OKX's own rules: control messages, errors, the book's chain, symbols, REST, hostile frames."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

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
    Event,
    Heartbeat,
    Kind,
    Lost,
    Rejected,
    ServerClosing,
)
from tickglass.exchanges.okx import Okx
from tickglass.market.book import OrderBook, Resync
from tickglass.market.events import BookDelta, BookSnapshot, Level, Quote, Ticker, Trade
from tickglass.market.instrument import Instrument

BTC = Instrument("okx", "BTC", "USDT")
NOPE = Instrument("okx", "NOPE", "USDT")
TICKER, TRADE = Channel(Kind.TICKER, BTC), Channel(Kind.TRADE, BTC)
NOPE_TICKER = Channel(Kind.TICKER, NOPE)
WRONG = (
    "Wrong URL or channel:tickers,instId:NOPE-USDT doesn't exist. Please use the correct URL, "
    "channel and parameters referring to API document."
)


def okx(*instruments: Instrument) -> Okx:
    adapter = Okx(Catalogue())
    adapter.learn(instruments or (BTC,))
    return adapter


def push(channel: str, row: Any, action: str = "") -> str:
    frame = {"arg": {"channel": channel, "instId": "BTC-USDT"}, "data": [row]}
    return json.dumps({**frame, "action": action} if action else frame)


def group(last: int, count: int | None = 1, channel: str = "trades") -> str:
    row = {"tradeId": str(last), "px": "10", "sz": "2", "side": "buy", "ts": "5"}
    return push(channel, row if count is None else {**row, "count": str(count)})


def trade(last: int) -> Trade:
    return Trade(BTC, 5, str(last), 10.0, 2.0, "buy")


def lost(missed: int) -> Lost:
    return Lost(missed, frozenset({BTC}))


def tape(*frames: str) -> list[Event]:
    adapter = okx()
    return [event for frame in frames for event in adapter.decode(frame)]


def levels(**changes: str) -> list[list[str]]:
    return [[price.removeprefix("at"), size, "0", "1"] for price, size in changes.items()]


def snapshot(sequence: int) -> str:
    row = {"asks": levels(at11="1"), "bids": levels(at10="1"), "ts": "5"}
    return push("books", {**row, "prevSeqId": -1, "seqId": sequence, "checksum": 0}, "snapshot")


def update(previous: int, sequence: int, bids: list[list[str]] | None = None) -> str:
    row = {"asks": [], "bids": bids or [], "ts": "6", "checksum": 0}
    return push("books", {**row, "prevSeqId": previous, "seqId": sequence}, "update")


def apply(book: OrderBook, events: list[Any]) -> None:
    for event in events:
        if isinstance(event, BookSnapshot):
            book.load(event)
        else:
            book.update(event)


def kept_book(*frames: str) -> OrderBook:
    adapter, book = okx(), OrderBook(BTC)
    for frame in frames:
        apply(book, adapter.decode(frame))
    return book


def refusal(words: str, code: str = "60018", **more: str) -> str:
    return json.dumps({"event": "error", "code": code, "msg": words, "connId": "a4", **more})


def reply(*rows: Any) -> bytes:
    return json.dumps({"code": "0", "msg": "", "data": rows}).encode()


# ---------------------------------------------------------------- what is sent


def test_subscribe_names_the_channels_of_the_public_lane() -> None:
    kinds = (Kind.TICKER, Kind.TRADE, Kind.QUOTE, Kind.BOOK)
    (text,) = okx().subscribe([Channel(kind, BTC) for kind in kinds])
    assert json.loads(text) == {
        "id": "1",
        "op": "subscribe",
        "args": [
            {"channel": "tickers", "instId": "BTC-USDT"},
            {"channel": "trades", "instId": "BTC-USDT"},
            {"channel": "bbo-tbt", "instId": "BTC-USDT"},
            {"channel": "books", "instId": "BTC-USDT"},
        ],
    }


def test_bars_from_six_hours_on_are_asked_for_in_utc() -> None:
    (text,) = okx().subscribe([Channel(Kind.CANDLE, BTC, each) for each in Okx.intervals])
    assert [each["channel"] for each in json.loads(text)["args"]] == [
        *("candle1s", "candle1m", "candle3m", "candle5m", "candle15m", "candle30m"),
        *("candle1H", "candle2H", "candle4H", "candle6Hutc", "candle12Hutc"),
        *("candle1Dutc", "candle3Dutc", "candle1Wutc", "candle1Mutc"),
    ]


def test_unsubscribe_uses_the_next_id() -> None:
    adapter = okx()
    adapter.subscribe([TRADE])
    (text,) = adapter.unsubscribe([TRADE])
    arguments = [{"channel": "trades", "instId": "BTC-USDT"}]
    assert json.loads(text) == {"id": "2", "op": "unsubscribe", "args": arguments}


def test_many_channels_are_asked_for_a_hundred_at_a_time() -> None:
    coins = [Instrument("okx", f"COIN{n}", "USDT") for n in range(240)]
    texts = okx().subscribe([Channel(Kind.TICKER, coin) for coin in coins])
    requests = [json.loads(text) for text in texts]
    assert [len(request["args"]) for request in requests] == [100, 100, 40]
    asked = [each["instId"] for request in requests for each in request["args"]]
    assert asked == [f"COIN{n}-USDT" for n in range(240)]
    assert all(request["id"].isalnum() for request in requests)
    assert all(len(text) < 64 * 1024 for text in texts)


def test_candles_come_over_the_business_path_and_the_rest_over_the_public_one() -> None:
    first, second = Okx.endpoints
    urls = {kind: okx().url(Dial(first.ws, Okx.lanes[kind])) for kind in Kind}
    assert urls.pop(Kind.CANDLE) == "wss://ws.okx.com/ws/v5/business"
    assert set(urls.values()) == {"wss://ws.okx.com/ws/v5/public"}
    assert second.ws == "wss://ws.okx.com:8443"


def test_the_heartbeat_is_a_bare_word_within_thirty_seconds() -> None:
    assert okx().heartbeat() == Heartbeat(20.0, "ping")


@pytest.mark.parametrize("frame", ["pong", b"pong"])
def test_a_pong_says_nothing(frame: bytes | str) -> None:
    assert okx().decode(frame) == []


# ---------------------------------------------------------------- answers


def test_every_channel_of_a_request_is_acknowledged_by_itself() -> None:
    frame = (
        '{"id":"1","event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USDT"},'
        '"connId":"a4d3ae55"}'
    )
    assert okx().decode(frame) == [Acknowledged("1")]
    assert okx().decode(frame.replace("subscribe", "unsubscribe")) == [Acknowledged("1")]


def test_an_acknowledgement_of_a_request_without_id_has_none() -> None:
    frame = '{"event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USDT"},"connId":"7"}'
    assert okx().decode(frame) == [Acknowledged("")]


def test_an_error_names_its_channel_in_words_only() -> None:
    adapter = okx()
    adapter.subscribe([TICKER, NOPE_TICKER])
    assert adapter.decode(refusal(WRONG, id="1")) == [
        Rejected("1", 60018, WRONG, (NOPE_TICKER,)),
    ]


def test_an_error_without_id_is_read_by_its_words() -> None:
    words = "Subscribe failed, wrong URL or channel:candle1Dutc,instId:BTC-USDT doesn't exist."
    assert okx().decode(refusal(words)) == [
        Rejected("", 60018, words, (Channel(Kind.CANDLE, BTC, "1d"),))
    ]


def test_an_error_that_names_nothing_is_of_the_channels_not_yet_acknowledged() -> None:
    adapter = okx()
    adapter.subscribe([TICKER, TRADE])
    adapter.decode('{"id":"1","event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USDT"}}')
    assert adapter.decode(refusal("Invalid args", "60013", id="1")) == [
        Rejected("1", 60013, "Invalid args", (TRADE,))
    ]
    assert adapter.decode(refusal("Invalid args", "60013", id="1"))[0].channels == ()


def test_a_refused_channel_is_not_blamed_for_the_next_error() -> None:
    adapter = okx()
    adapter.subscribe([TICKER, NOPE_TICKER])
    adapter.decode(refusal(WRONG, id="1"))
    assert adapter.decode(refusal("Internal", "64007", id="1"))[0].channels == (TICKER,)


def test_haste_is_told_from_other_refusals() -> None:
    adapter = okx()
    adapter.subscribe([TICKER])
    assert adapter.decode(refusal("Requests too frequent", "60014", id="1")) == [
        Rejected("1", 60014, "Requests too frequent", (TICKER,), busy=True)
    ]


def test_a_refused_unsubscription_stops_no_channel() -> None:
    adapter = okx(NOPE)
    adapter.unsubscribe([NOPE_TICKER])
    assert adapter.decode(refusal(WRONG, id="1")) == [Rejected("1", 60018, WRONG)]


@pytest.mark.parametrize(
    "words",
    ["", 'Invalid request: {"op": "ping"}', "channel:,instId:", "channel:orders,instId:BTC-USDT "],
)
def test_an_error_of_nothing_that_we_know_is_of_no_channel(words: str) -> None:
    assert okx().decode(refusal(words, "60012")) == [Rejected("", 60012, words)]


def test_an_error_code_that_is_no_number_is_none() -> None:
    assert okx().decode(refusal("?", "x"))[0].code == 0


def test_an_upgrade_is_announced_before_the_cut() -> None:
    words = "The connection will soon be closed for a service upgrade. Please reconnect."
    assert okx().decode(json.dumps({"event": "notice", "code": "64008", "msg": words})) == [
        ServerClosing(words)
    ]


@pytest.mark.parametrize(
    "frame",
    [
        '{"event":"notice","code":"64999","msg":"good morning"}',
        '{"event":"channel-conn-count","channel":"orders","connCount":"2","connId":"a4"}',
    ],
)
def test_other_notices_say_nothing(frame: str) -> None:
    assert okx().decode(frame) == []


# ---------------------------------------------------------------- trades


def test_groups_that_follow_each_other_lost_nothing() -> None:
    assert tape(group(10), group(13, 3), group(14)) == [trade(10), trade(13), trade(14)]


def test_a_gap_in_trade_ids_is_told_before_the_trade_behind_it() -> None:
    # 10 was the last; 14 to 15 came; 11, 12 and 13 did not.
    assert tape(group(10), group(15, 2)) == [trade(10), lost(3), trade(15)]


def test_single_fills_are_counted_too() -> None:
    frames = [group(last, None, "trades-all") for last in (10, 11, 13)]
    assert tape(*frames) == [trade(10), trade(11), lost(1), trade(13)]


def test_groups_without_count_cannot_tell_what_is_missing() -> None:
    assert tape(group(10, None), group(20, None)) == [trade(10), trade(20)]


def test_an_old_trade_again_is_no_gap() -> None:
    assert tape(group(10), group(8), group(11)) == [trade(10), trade(8), trade(11)]


def test_what_was_traded_before_subscribing_again_was_not_lost() -> None:
    answer = '{"id":"2","event":"subscribe","arg":{"channel":"trades","instId":"BTC-USDT"}}'
    assert tape(group(10), answer, group(50)) == [trade(10), Acknowledged("2"), trade(50)]


# ---------------------------------------------------------------- books


def test_updates_continue_the_book_although_ids_jump() -> None:
    book = kept_book(snapshot(100), update(100, 141, levels(at10="3")), update(141, 160))
    assert (book.sequence, book.bids.top(2)) == (160, (Level(10.0, 3.0),))


def test_a_snapshot_has_the_depth_that_the_stream_follows() -> None:
    assert okx().decode(snapshot(100)) == [
        BookSnapshot(BTC, 5, 100, (Level(10.0, 1.0),), (Level(11.0, 1.0),), 400)
    ]


def test_an_update_is_a_delta_between_two_numbers() -> None:
    assert okx().decode(update(100, 141, levels(at10="0"))) == [
        BookDelta(BTC, 6, 100, 141, (Level(10.0, 0.0),), ())
    ]


@pytest.mark.parametrize("previous", [150, 120], ids=["ahead", "behind"])
def test_a_gap_in_the_sequence_asks_for_a_resync(previous: int) -> None:
    with pytest.raises(Resync):
        kept_book(snapshot(100), update(100, 141), update(previous, 170))


def test_a_sign_of_life_changes_nothing() -> None:
    book = kept_book(snapshot(100), update(100, 100), update(100, 130, levels(at10="2")))
    assert (book.sequence, book.bids.top(1)) == (130, (Level(10.0, 2.0),))


def test_a_maintenance_reset_goes_on_in_rising_numbers() -> None:
    adapter = okx()
    frames = (snapshot(100), update(100, 7), update(7, 9), update(9, 2), update(2, 12))
    events = [event for frame in frames for event in adapter.decode(frame)]
    # 7 is told as 101, so 9 as 103; 2 is told as 104, so 12 as 114.
    assert [(each.previous, each.sequence) for each in events[1:]] == [
        (100, 101),
        (101, 103),
        (103, 104),
        (104, 114),
    ]


def test_every_update_after_a_reset_reaches_the_book() -> None:
    book = kept_book(
        snapshot(100),
        update(100, 7, levels(at10="2")),
        update(7, 7),
        update(7, 9, levels(at9="4")),
    )
    assert book.bids.top(2) == (Level(10.0, 2.0), Level(9.0, 4.0))


@pytest.mark.parametrize("previous", [8, 20], ids=["small", "larger"])
def test_a_gap_behind_a_reset_asks_for_a_resync(previous: int) -> None:
    with pytest.raises(Resync):
        kept_book(snapshot(100), update(100, 7), update(7, 12), update(previous, 30))


def test_a_reset_that_was_lost_asks_for_a_resync() -> None:
    with pytest.raises(Resync):
        kept_book(snapshot(100), update(7, 9))


def test_a_snapshot_ends_a_resync_although_its_numbers_start_low() -> None:
    adapter, book = okx(), OrderBook(BTC)
    apply(book, adapter.decode(snapshot(100)))
    with pytest.raises(Resync):
        apply(book, adapter.decode(update(7, 9)))
    apply(book, adapter.decode(update(9, 12)))
    assert book.waiting
    apply(book, adapter.decode(snapshot(12)))
    apply(book, adapter.decode(update(12, 15, levels(at10="6"))))
    assert (book.waiting, book.bids.top(1)) == (False, (Level(10.0, 6.0),))


def test_a_snapshot_with_higher_numbers_is_told_as_it_is() -> None:
    adapter = okx()
    for frame in (snapshot(100), update(100, 7)):
        adapter.decode(frame)
    (book,) = adapter.decode(snapshot(5_000))
    (delta,) = adapter.decode(update(5_000, 5_001))
    assert (book.sequence, delta.previous, delta.sequence) == (5_000, 5_000, 5_001)


def test_a_checksum_is_not_looked_at() -> None:
    book = kept_book(snapshot(100).replace('"checksum": 0', '"checksum": 99'), update(100, 101))
    assert book.sequence == 101


def test_books_of_2022_without_numbers_are_counted() -> None:
    row = {"asks": [], "bids": levels(at9="4"), "ts": "7", "checksum": 5}
    frames = [push("books-l2-tbt", row, action) for action in ("snapshot", "update", "update")]
    book = kept_book(*frames)
    assert (book.sequence, book.bids.top(1)) == (2, (Level(9.0, 4.0),))


def test_five_levels_have_no_chain() -> None:
    row = {"asks": levels(at11="1"), "bids": levels(at10="1"), "instId": "BTC-USDT", "ts": "5"}
    (book,) = okx().decode(push("books5", {**row, "seqId": 9}))
    assert (book.sequence, book.depth, book.asks) == (9, 5, (Level(11.0, 1.0),))


# ---------------------------------------------------------------- hostile frames

ROW = {"tradeId": "1", "px": "1", "sz": "1", "side": "buy", "ts": "1", "count": "1"}
HOSTILE: list[bytes | str] = [
    b"",
    b"not json",
    b"ping",
    b"\xff\xfe",
    "\ud800",
    b"null",
    b"[]",
    b"{}",
    b"5",
    b'{"data":[]}',
    b'{"arg":{"channel":"trades","instId":"BTC-USDT"}}',
    b'{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":null}',
    b'{"arg":{"channel":"trades","instId":"NOPE-USDT"},"data":[]}',
    b'{"arg":{"channel":"trades"},"data":[]}',
    b'{"arg":{"channel":"orders","instId":"BTC-USDT"},"data":[]}',
    b'{"arg":{"channel":"candle7m","instId":"BTC-USDT"},"data":[]}',
    b'{"arg":{"channel":5,"instId":"BTC-USDT"},"data":[]}',
    b'{"event":"unheardOf"}',
    b'{"event":"error","code":60018,"msg":null}',
    *(push("trades", {**ROW, "px": price}) for price in ("NaN", "inf", "1e400", "-1", "0", "", {})),
    *(push("trades", {**ROW, "sz": size}) for size in ("NaN", "-inf", "-1", "", None)),
    *(push("trades", {**ROW, "ts": time}) for time in ("-1", "9" * 30, "", "x")),
    *(push("trades", {**ROW, "tradeId": number}) for number in ("x", "9" * 5_000, "-1")),
    push("trades", {**ROW, "side": "BUY"}),
    push("tickers", {"ts": "1", "last": "NaN"}),
    push("tickers", {"ts": "1", "bidPx": "-1"}),
    push("tickers", {"ts": ""}),
    push("candle1m", ["1", "1", "1", "1"]),
    push("candle1m", ["1", "1", "1", "1", "NaN", "1", "1", "1", "0"]),
    push("books", {"asks": [["1"]], "bids": [], "ts": "1", "prevSeqId": 1, "seqId": 2}, "update"),
    push("books", {"asks": [], "bids": [], "ts": "1", "prevSeqId": 1, "seqId": -9}, "update"),
    push("books", {"asks": [], "bids": [], "ts": "1", "prevSeqId": 1, "seqId": 10**40}, "update"),
    push("bbo-tbt", {"asks": [["inf", "1"]], "bids": [["1", "1"]], "ts": "1"}),
    b'{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":' + b"[" * 50_000,
    b'{"data":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    b'{"new":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
]


@pytest.mark.parametrize("frame", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_frame_is_a_bad_frame_and_nothing_else(frame: bytes | str) -> None:
    with pytest.raises(BadFrame):
        okx().decode(frame)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_frame_at_all_raises_anything_but_bad_frame(frame: bytes | str) -> None:
    try:
        events = okx().decode(frame)
    except BadFrame:
        return
    assert isinstance(events, list)


def test_unknown_fields_and_longer_rows_are_borne() -> None:
    row = {"asks": [["2", "1", "0", "3", "new"]], "bids": [["1", "1"]], "ts": "5", "new": [{}]}
    frame = push("bbo-tbt", row).replace('"BTC-USDT"', '"BTC-USDT", "more": {"deep": 1}')
    assert okx().decode(frame) == [Quote(BTC, 5, 1.0, 1.0, 2.0, 1.0)]


# ---------------------------------------------------------------- REST


def listing(**changes: str) -> dict[str, Any]:
    row = {"instId": "BTC-USDT", "baseCcy": "BTC", "quoteCcy": "USDT", "state": "live"}
    return {**row, "tickSz": "0.1", "lotSz": "0.00000001", "instIdCode": None, **changes}


def test_instruments_have_their_steps_and_states() -> None:
    body = reply(
        listing(),
        listing(instId="NEW-USDT", baseCcy="NEW", state="preopen", tickSz="", lotSz=""),
        listing(instId="OFF-USDT", baseCcy="OFF", state="suspend"),
    )
    btc, new, off = okx().parse_instruments(body)
    assert (btc.instrument, btc.symbol, btc.status) == (BTC, "BTC-USDT", "trading")
    assert (btc.tick_size, btc.lot_size) == (Decimal("0.1"), Decimal("1E-8"))
    assert (new.status, new.tick_size, new.lot_size) == ("halted", None, None)
    assert off.status == "halted"


def test_test_instruments_and_those_without_a_name_are_left_out() -> None:
    body = reply(listing(state="test"), listing(baseCcy="", quoteCcy="", state="preopen"))
    assert okx().parse_instruments(body) == []


@pytest.mark.parametrize("step", ["NaN", "x", "0", "-1", "1e99999999999999999999"])
def test_a_step_that_is_none_is_not_taken_for_one(step: str) -> None:
    try:
        (btc,) = okx().parse_instruments(reply(listing(tickSz=step)))
    except BadFrame:
        return
    assert btc.tick_size is None


def test_a_symbol_is_base_dash_quote() -> None:
    assert okx().symbol(BTC) == "BTC-USDT"
    guessing = Okx(Catalogue(), guess_symbols=True)
    assert guessing.instrument("ETH-BTC") == Instrument("okx", "ETH", "BTC")
    with pytest.raises(BadFrame):
        okx().instrument("ETH-BTC")


def test_the_newest_candles_are_asked_for_where_they_come_first() -> None:
    request = okx().candles_request(BTC, "1d", None, 1_000, now=0)
    assert request.target == "/api/v5/market/candles?instId=BTC-USDT&bar=1Dutc&limit=300"


def test_candles_before_an_end_are_asked_for_with_after() -> None:
    request = okx().candles_request(BTC, "1m", 1_795_350_840_000, 100, now=0)
    assert request.target == (
        "/api/v5/market/history-candles?instId=BTC-USDT&bar=1m&limit=100&after=1795350840000"
    )


def candles(*rows: list[str], now: int = 150_000) -> list[tuple[int, float, bool]]:
    found = okx().parse_candles(reply(*rows), BTC, "1m", now)
    return [(candle.start, candle.close, candle.closed) for candle in found]


def test_candles_come_newest_first_and_are_turned_round() -> None:
    newest = ["120000", "2", "3", "2", "3", "1", "3", "3", "0"]
    older = ["60000", "1", "4", "0.5", "2", "10", "20", "20", "1"]
    assert candles(newest, older) == [(60_000, 2.0, True), (120_000, 3.0, False)]
    (candle,) = okx().parse_candles(reply(older), BTC, "1m", 150_000)
    prices = (candle.open, candle.high, candle.low, candle.close, candle.volume)
    assert prices == (1.0, 4.0, 0.5, 2.0, 10.0)


def test_rows_that_do_not_say_so_are_closed_by_the_clock() -> None:
    rows = [[start, "1", "1", "1", "1", "1", "1"] for start in ("120000", "60000")]
    assert [closed for *_, closed in candles(*rows)] == [True, False]
    assert [closed for *_, closed in candles(*rows, now=180_000)] == [True, True]


def test_a_book_is_asked_for_with_all_levels() -> None:
    assert okx().depth_request(BTC).target == "/api/v5/market/books?instId=BTC-USDT&sz=400"


def test_a_book_by_rest_has_its_number() -> None:
    row = {"asks": levels(at11="1"), "bids": levels(at10="2"), "ts": "5", "seqId": 77}
    book = BookSnapshot(BTC, 5, 77, (Level(10.0, 2.0),), (Level(11.0, 1.0),), 400, True)
    assert okx().parse_depth(reply(row), BTC) == book
    recorded = {"instId": "BTC-USDT", "sz": "400"}
    assert okx().parse_rest("/api/v5/market/books", recorded, reply(row)) == book
    assert okx().parse_rest("/api/v5/public/time", {}, reply()) is None


def test_the_clock_is_milliseconds_in_a_text() -> None:
    assert okx().time_request().target == "/api/v5/public/time"
    assert okx().parse_time(b'{"code":"0","msg":"","data":[{"ts":"1795350840423"}]}') == (
        1_795_350_840_423
    )


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"data":[]}', b'{"data":{}}', b"[]"])
def test_a_reply_that_cannot_be_read_is_a_bad_frame(body: bytes) -> None:
    for parse in (okx().parse_time, lambda body: okx().parse_depth(body, BTC)):
        with pytest.raises(BadFrame):
            parse(body)


@pytest.mark.parametrize(
    ("status", "body", "complaint"),
    [
        (200, b'{"code":"0","msg":"","data":[]}', None),
        (200, b'{"code":"51001","msg":"No.","data":[]}', Complaint(51001, "No.")),
        (200, b'{"code":"50011","msg":"Slow.","data":[]}', Complaint(50011, "Slow.", True)),
        (200, b'{"code":"50040","msg":"Slow.","data":[]}', Complaint(50040, "Slow.", True)),
        (429, b'{"code":"50011","msg":"Slow."}', Complaint(50011, "Slow.", True)),
        (429, b"", Complaint(429, "", True)),
        (403, b"<html>", Complaint(403, "")),
        (400, b'{"code":"51000","msg":"bar","data":[]}', Complaint(51000, "bar")),
        (500, b'{"code":"x","msg":"?"}', Complaint(500, "?")),
        (502, b"[" * 50_000, Complaint(502, "")),
    ],
)
def test_complaints_come_with_any_status(
    status: int, body: bytes, complaint: Complaint | None
) -> None:
    assert Okx.complaint(status, body) == complaint


# ---------------------------------------------------------------- recorded frames


def test_every_recorded_frame_of_okx_is_read(recorded_frames: Path) -> None:
    adapter = Okx(Catalogue(), guess_symbols=True)
    files = sorted((recorded_frames / "okx").glob("*.jsonl"))
    assert len(files) == 19
    for file in files:
        for line in file.read_bytes().splitlines():
            assert adapter.decode(line), (file.name, line)


def test_recorded_session_says_what_a_reader_of_the_frames_says(recorded_frames: Path) -> None:
    """Values read off the frames by eye."""
    lines = (recorded_frames / "okx" / "session.live2026.jsonl").read_bytes().splitlines()
    adapter = okx()
    events = [event for line in lines for event in adapter.decode(line)]
    assert len(events) == 6
    assert events[0] == Acknowledged("")
    assert events[1].channels == (Channel(Kind.CANDLE, BTC, "1m"),)
    assert events[2] == Ticker(
        BTC, 1790358564077, last=83766.8, bid=83774.1, ask=83774.2, open=84180.1,
        high=85258.8, low=83174.7, base_volume=5449.95415651, quote_volume=458903124.056360828,
        bid_size=0.65302934, ask_size=0.25697131,
    )  # fmt: skip
    assert events[4] == Trade(BTC, 1790358565298, "1062992715", 83772.6, 0.0000178, "buy")
    assert (events[5].sequence, len(events[5].asks)) == (81625379489, 5)
