"""Coinbase's own rules: aliases, answers without ids, one counter for all, REST, hostile frames."""

import contextlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.exchanges import coinbase as module
from tickglass.exchanges.coinbase import Coinbase
from tickglass.exchanges.exchange import (
    Acknowledged,
    BadFrame,
    Catalogue,
    Channel,
    Complaint,
    Dial,
    Event,
    Kind,
    Lost,
    Rejected,
)
from tickglass.market.book import OrderBook, Resync
from tickglass.market.events import BookDelta, BookSnapshot, Candle, Level, Ticker, Trade
from tickglass.market.instrument import Instrument, Listing
from tickglass.market.interval import milliseconds

BTC = Instrument("coinbase", "BTC", "USD")
BTC_COIN = Instrument("coinbase", "BTC", "USDC")
ETH = Instrument("coinbase", "ETH", "USD")
NOPE = Instrument("coinbase", "NOPE", "USD")
LISTINGS = [
    Listing(BTC, "BTC-USD"),
    Listing(BTC_COIN, "BTC-USDC", alias="BTC-USD"),
    Listing(ETH, "ETH-USD"),
]
NOW = 1_795_350_840_123
STAMP = "2026-11-22T12:34:00.123456789Z"


def coinbase() -> Coinbase:
    return Coinbase(Catalogue(LISTINGS))


def holding(*channels: Channel) -> Coinbase:
    adapter = coinbase()
    adapter.subscribe(channels)
    return adapter


def tickers(*instruments: Instrument) -> list[Channel]:
    return [Channel(Kind.TICKER, each) for each in instruments]


def books(*instruments: Instrument) -> list[Channel]:
    return [Channel(Kind.BOOK, each) for each in instruments]


def wire(channel: str, number: int, *events: Any) -> str:
    return json.dumps(
        {"channel": channel, "timestamp": STAMP, "sequence_num": number, "events": events},
        separators=(",", ":"),
    )


def beat(number: int) -> str:
    return wire("heartbeats", number, {"current_time": "never read", "heartbeat_counter": number})


def book(number: int, kind: str, *updates: tuple[str, str, str], product: str = "BTC-USD") -> str:
    rows = [
        {"side": side, "event_time": "1970-01-01T00:00:00Z", "price_level": price,
         "new_quantity": size}
        for side, price, size in updates
    ]  # fmt: skip
    return wire("l2_data", number, {"type": kind, "product_id": product, "updates": rows})


def trade(number: int = 0, **other: Any) -> str:
    row = {
        "product_id": "BTC-USD", "trade_id": "5", "price": "2", "size": "3",
        "time": "2026-11-22T12:34:00Z", "side": "BUY",
    }  # fmt: skip
    return wire("market_trades", number, {"type": "update", "trades": [{**row, **other}]})


def ticker(number: int = 0, **other: str) -> str:
    row = {"type": "ticker", "product_id": "BTC-USD", "price": "125"}
    return wire("ticker", number, {"type": "update", "tickers": [{**row, **other}]})


def answer(number: int, **subscriptions: list[str]) -> str:
    return wire("subscriptions", number, {"subscriptions": subscriptions})


def sent(texts: list[str]) -> list[tuple[str, str, list[str]]]:
    found = [json.loads(text) for text in texts]
    return [(each["type"], each["channel"], each.get("product_ids", [])) for each in found]


def instruments(events: list[Event]) -> list[Instrument]:
    return [each.instrument for each in events if isinstance(each, Ticker | Trade | BookSnapshot)]


# ---------------------------------------------------------------- what is asked for


def test_each_channel_of_coinbase_is_asked_for_in_a_message_of_its_own() -> None:
    channels = [
        Channel(Kind.TICKER, BTC),
        Channel(Kind.TRADE, BTC),
        Channel(Kind.CANDLE, BTC, "5m"),
        Channel(Kind.BOOK, BTC),
        Channel(Kind.TICKER, ETH),
    ]
    assert sent(coinbase().subscribe(channels)) == [
        ("subscribe", "ticker", ["BTC-USD", "ETH-USD"]),
        ("subscribe", "market_trades", ["BTC-USD"]),
        ("subscribe", "candles", ["BTC-USD"]),
        ("subscribe", "level2", ["BTC-USD"]),
    ]


def test_at_most_fifty_products_are_asked_for_in_one_message() -> None:
    many = [Instrument("coinbase", f"COIN{n}", "USD") for n in range(120)]
    texts = coinbase().subscribe(tickers(*many))
    assert [len(products) for _, _, products in sent(texts)] == [50, 50, 20]
    asked = [product for _, _, products in sent(texts) for product in products]
    assert asked == [f"COIN{n}-USD" for n in range(120)]


def test_a_connection_opens_with_heartbeats() -> None:
    assert sent(coinbase().opening()) == [("subscribe", "heartbeats", [])]


def test_unsubscribing_names_the_products() -> None:
    adapter = holding(*tickers(BTC, ETH))
    assert sent(adapter.unsubscribe(tickers(ETH))) == [("unsubscribe", "ticker", ["ETH-USD"])]


def test_an_alias_is_asked_for_once_under_the_product_that_it_stands_for() -> None:
    texts = coinbase().subscribe(tickers(BTC, BTC_COIN))
    assert sent(texts) == [("subscribe", "ticker", ["BTC-USD"])]


def test_a_product_that_an_alias_still_wants_goes_on() -> None:
    adapter = holding(*tickers(BTC, BTC_COIN))
    assert adapter.unsubscribe(tickers(BTC)) == []
    assert sent(adapter.unsubscribe(tickers(BTC_COIN))) == [("unsubscribe", "ticker", ["BTC-USD"])]


def test_a_book_asked_for_again_is_stopped_first_because_else_no_snapshot_comes() -> None:
    adapter = holding(*books(BTC))
    assert sent(adapter.subscribe(books(BTC_COIN, ETH))) == [
        ("unsubscribe", "level2", ["BTC-USD"]),
        ("subscribe", "level2", ["BTC-USD", "ETH-USD"]),
    ]


@pytest.mark.parametrize(
    ("channel", "carrier"),
    [
        (Channel(Kind.QUOTE, BTC), Channel(Kind.TICKER, BTC)),
        (Channel(Kind.CANDLE, BTC, "1m"), Channel(Kind.TRADE, BTC)),
        (Channel(Kind.CANDLE, BTC, "5m"), Channel(Kind.CANDLE, BTC, "5m")),
        (Channel(Kind.BOOK, BTC), Channel(Kind.BOOK, BTC)),
    ],
)
def test_what_coinbase_does_not_send_comes_with_another_channel(
    channel: Channel, carrier: Channel
) -> None:
    assert Coinbase.carrier(channel) == carrier


def test_books_are_dialled_apart_from_the_rest() -> None:
    ws = Coinbase.endpoints[0].ws
    lanes = Coinbase.lanes
    assert coinbase().url(Dial(ws, lanes[Kind.TRADE])) == "wss://advanced-trade-ws.coinbase.com"
    assert coinbase().url(Dial(ws, lanes[Kind.BOOK])) == "wss://advanced-trade-ws.coinbase.com/"
    assert lanes[Kind.BOOK].channels <= 30
    assert {lanes[kind] for kind in Kind if kind is not Kind.BOOK} == {lanes[Kind.TICKER]}


def test_no_message_keeps_the_connection_open_but_the_heartbeats() -> None:
    assert coinbase().heartbeat() is None


# ---------------------------------------------------------------- answers and refusals


def test_an_answer_is_an_acknowledgement() -> None:
    adapter = coinbase()
    adapter.opening()
    assert adapter.decode(answer(0, heartbeats=["heartbeats"])) == [Acknowledged("")]


def test_a_product_missing_in_the_answer_is_refused() -> None:
    channels = tickers(BTC, NOPE)
    adapter = holding(*channels)
    refused = Rejected("", 0, "Coinbase does not list NOPE-USD", (channels[1],))
    assert adapter.decode(answer(0, ticker=["BTC-USD"])) == [Acknowledged(""), refused]


def test_a_product_alone_that_is_missing_is_refused_though_its_channel_is_not_listed() -> None:
    adapter = holding(*tickers(NOPE))
    assert adapter.decode(answer(0))[1:] == [
        Rejected("", 0, "Coinbase does not list NOPE-USD", tuple(tickers(NOPE)))
    ]


def test_an_answer_judges_only_what_its_own_message_asked_for() -> None:
    adapter = coinbase()
    adapter.opening()
    adapter.subscribe(tickers(BTC))
    adapter.subscribe(tickers(ETH))
    assert adapter.decode(answer(0, heartbeats=["heartbeats"])) == [Acknowledged("")]
    assert adapter.decode(answer(1, ticker=["BTC-USD"])) == [Acknowledged("")]
    assert adapter.decode(answer(2, ticker=["BTC-USD", "ETH-USD"])) == [Acknowledged("")]


def test_the_answer_to_an_alias_names_the_product_that_it_stands_for() -> None:
    adapter = holding(*books(BTC_COIN))
    assert adapter.decode(answer(0, level2=["BTC-USD"])) == [Acknowledged("")]


def test_what_was_unsubscribed_meanwhile_is_not_refused() -> None:
    adapter = holding(*tickers(BTC))
    adapter.unsubscribe(tickers(BTC))
    assert adapter.decode(answer(0)) == [Acknowledged("")]
    assert adapter.decode(answer(1)) == [Acknowledged("")]


def test_a_lost_answer_does_not_make_the_next_one_refuse() -> None:
    adapter = holding(*books(BTC))
    adapter.unsubscribe(books(BTC))
    adapter.subscribe(books(BTC))
    assert adapter.decode(answer(1)) == [Acknowledged("")]
    assert adapter.decode(answer(2, level2=["BTC-USD"])) == [Acknowledged("")]


def test_more_answers_than_messages_are_borne() -> None:
    assert coinbase().decode(answer(0, ticker=["BTC-USD"])) == [Acknowledged("")]


def test_an_error_refuses_what_the_oldest_unanswered_message_asked_for() -> None:
    adapter = coinbase()
    adapter.opening()
    adapter.subscribe(books(BTC, ETH))
    adapter.subscribe(tickers(ETH))
    adapter.decode(answer(0, heartbeats=["heartbeats"]))
    words = "too many L2 streams requested in a single session"
    refusal = Rejected("", 0, words, tuple(books(BTC, ETH)))
    assert adapter.decode(json.dumps({"type": "error", "message": words})) == [refusal]
    assert adapter.decode(answer(1, ticker=["ETH-USD"])) == [Acknowledged("")]


def test_an_error_that_answers_nothing_refuses_nothing() -> None:
    error = '{"type":"error","message":"authentication failure"}'
    assert coinbase().decode(error) == [Rejected("", 0, "authentication failure")]


def test_what_was_refused_is_asked_for_again_without_being_stopped() -> None:
    adapter = holding(*books(BTC))
    adapter.decode('{"type":"error","message":"failure to subscribe"}')
    assert sent(adapter.subscribe(books(BTC))) == [("subscribe", "level2", ["BTC-USD"])]


# ---------------------------------------------------------------- aliases


@pytest.mark.parametrize("wanted", [(BTC,), (BTC_COIN,), (BTC, BTC_COIN)])
def test_data_go_to_the_aliases_that_are_wanted(wanted: tuple[Instrument, ...]) -> None:
    kinds = [Channel(kind, each) for kind in (Kind.TICKER, Kind.TRADE) for each in wanted]
    adapter = holding(*kinds, *books(*wanted))
    assert instruments(adapter.decode(ticker(0))) == list(wanted)
    assert instruments(adapter.decode(trade(1))) == list(wanted)
    assert instruments(adapter.decode(book(2, "snapshot"))) == list(wanted)


def test_an_alias_that_is_no_longer_wanted_gets_nothing() -> None:
    adapter = holding(*tickers(BTC, BTC_COIN))
    adapter.unsubscribe(tickers(BTC))
    assert instruments(adapter.decode(ticker())) == [BTC_COIN]


def test_rest_asks_for_the_product_that_an_alias_stands_for() -> None:
    assert coinbase().depth_request(BTC_COIN).query["product_id"] == "BTC-USD"
    request = coinbase().candles_request(BTC_COIN, "1m", NOW, 10, now=NOW)
    assert request.path == "/api/v3/brokerage/market/products/BTC-USD/candles"


# ---------------------------------------------------------------- the counter and the books


def test_the_first_frame_sets_the_counter() -> None:
    adapter = coinbase()
    assert adapter.decode(trade(500))
    assert len(adapter.decode(trade(501))) == 1


def test_a_late_trade_is_news_but_a_late_change_of_a_book_is_not() -> None:
    adapter = holding(*books(BTC))
    adapter.decode(book(7, "snapshot", ("bid", "1", "1")))
    assert len(adapter.decode(trade(6))) == 1
    assert adapter.decode(book(6, "update", ("bid", "1", "2"))) == []
    assert len(adapter.decode(book(8, "update", ("bid", "1", "3")))) == 1


def test_a_count_begun_anew_breaks_the_books() -> None:
    adapter = holding(*books(BTC))
    adapter.decode(book(7, "snapshot", ("bid", "1", "1")))
    assert adapter.decode(beat(0)) == [
        Lost(0, frozenset({BTC})),
        BookDelta(BTC, NOW, 8, 9, (), ()),
    ]
    assert adapter.decode(beat(1)) == []


def test_a_jump_tells_what_may_have_been_lost() -> None:
    adapter = holding(*tickers(BTC), *books(ETH))
    adapter.decode(beat(0))
    lost = adapter.decode(beat(4))
    assert lost == [
        Lost(3, frozenset({BTC, ETH})),
        BookDelta(ETH, NOW, 3, 4, (), ()),
    ]
    assert adapter.decode(beat(5)) == []


def test_frames_of_every_channel_count() -> None:
    adapter = holding(*books(BTC))
    adapter.decode(answer(0, level2=["BTC-USD"]))
    adapter.decode(book(1, "snapshot", ("bid", "1", "1")))
    adapter.decode(beat(2))
    adapter.decode(trade(3))
    delta = BookDelta(BTC, NOW, 1, 4, (Level(1.0, 2.0),), ())
    assert adapter.decode(book(4, "update", ("bid", "1", "2"))) == [delta]


def test_gap_in_sequence_asks_for_resync_of_every_book() -> None:
    adapter = holding(*books(BTC, ETH))
    held = {}
    for number, instrument in enumerate((BTC, ETH)):
        product = adapter.symbol(instrument)
        (snapshot,) = adapter.decode(book(number, "snapshot", ("bid", "1", "1"), product=product))
        held[instrument] = OrderBook(instrument)
        held[instrument].load(snapshot)  # type: ignore[arg-type]
    lost, *deltas = adapter.decode(beat(3))
    assert lost == Lost(1, frozenset({BTC, ETH}))
    for delta in deltas:
        assert isinstance(delta, BookDelta)
        with pytest.raises(Resync):
            held.pop(delta.instrument).update(delta)
    assert held == {}


def test_a_book_is_live_again_after_its_new_snapshot() -> None:
    adapter = holding(*books(BTC))
    live = OrderBook(BTC)
    frames = [
        book(0, "snapshot", ("bid", "1", "1"), ("offer", "3", "1")),
        book(1, "update", ("bid", "2", "5")),
        book(5, "update", ("bid", "2", "0")),
        book(6, "update", ("bid", "1", "7")),
        book(7, "snapshot", ("bid", "1", "9"), ("offer", "4", "1")),
        book(8, "update", ("offer", "4", "0.00000000"), ("offer", "5", "2")),
    ]
    resyncs = 0
    for frame in frames:
        for event in adapter.decode(frame):
            try:
                if isinstance(event, BookSnapshot):
                    live.load(event)
                elif isinstance(event, BookDelta):
                    live.update(event)
            except Resync:
                resyncs += 1
    assert resyncs == 1
    assert (live.bids.top(9), live.asks.top(9)) == ((Level(1.0, 9.0),), (Level(5.0, 2.0),))
    assert live.sequence == 8


def test_a_frame_that_cannot_be_read_is_missing_afterwards() -> None:
    adapter = holding(*books(BTC))
    adapter.decode(book(0, "snapshot", ("bid", "1", "1")))
    with pytest.raises(BadFrame):
        adapter.decode(book(1, "update", ("bid", "1", "nan")))
    assert adapter.decode(beat(2)) == [
        Lost(1, frozenset({BTC})),
        BookDelta(BTC, NOW, 1, 2, (), ()),
    ]


def test_changes_before_the_books_own_snapshot_are_dropped() -> None:
    adapter = holding(*books(BTC, ETH))
    adapter.decode(book(0, "snapshot", ("bid", "1", "1")))
    assert adapter.decode(book(1, "update", ("bid", "1", "1"), product="ETH-USD")) == []


def test_changes_after_unsubscribing_are_dropped() -> None:
    adapter = holding(*books(BTC))
    adapter.decode(book(0, "snapshot", ("bid", "1", "1")))
    adapter.unsubscribe(books(BTC))
    assert adapter.decode(book(1, "update", ("bid", "1", "2"))) == []


def test_two_changes_of_one_product_in_a_frame_are_one() -> None:
    adapter = holding(*books(BTC))
    adapter.decode(book(0, "snapshot"))
    first = json.loads(book(1, "update", ("bid", "1", "1"), ("bid", "2", "2")))
    first["events"] += json.loads(book(1, "update", ("bid", "1", "0"), ("offer", "3", "3")))[
        "events"
    ]
    bids, asks = (Level(1.0, 0.0), Level(2.0, 2.0)), (Level(3.0, 3.0),)
    assert adapter.decode(json.dumps(first)) == [BookDelta(BTC, NOW, 0, 1, bids, asks)]


def large_book(levels: int) -> str:
    """Bids from 100,000 down and offers from 100,001 up in steps of 0.01, in that order."""
    bids = [("bid", f"{100_000 - n / 100:.2f}", f"{n + 1}") for n in range(levels)]
    offers = [("offer", f"{100_001 + n / 100:.2f}", f"{n + 1}") for n in range(levels)]
    return book(0, "snapshot", *bids, *offers)


def test_a_large_book_read_in_pieces_keeps_its_best_levels() -> None:
    frame = large_book(6_000)
    assert len(frame) > module.WHOLE_FRAME
    for form in (frame, frame.encode()):
        (snapshot,) = coinbase().decode(form)
        assert isinstance(snapshot, BookSnapshot)
        assert (len(snapshot.bids), len(snapshot.asks)) == (5_000, 5_000)
        assert snapshot.bids[:2] == (Level(100_000.0, 1.0), Level(99_999.99, 2.0))
        assert snapshot.bids[-1] == Level(99_950.01, 5_000.0)
        assert snapshot.asks[-1] == Level(100_050.99, 5_000.0)


def test_pieces_and_the_whole_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = large_book(2_000)
    whole = coinbase().decode(json.dumps(json.loads(frame)))  # spaces: not taken apart
    monkeypatch.setattr(module, "PIECE", 1_000)
    assert coinbase().decode(frame) == whole


@pytest.mark.parametrize(
    ("found", "put"),
    [
        ('"side":"offer"', '"side":"ask"'),
        ('"price_level":"100030.00"', '"price_level":"nan"'),
        ('"channel":"l2_data"', '"channel":"ticker"'),
        ("},{", "},,{"),
    ],
)
def test_a_large_frame_with_one_fault_is_a_bad_frame(found: str, put: str) -> None:
    frame = large_book(4_000)
    assert found in frame
    with pytest.raises(BadFrame):
        coinbase().decode(frame.replace(found, put, 1))


@pytest.mark.parametrize("text", ['"updates":[', "x", "}]}]}", '"updates":[}]}]}', "\ud800"])
def test_a_large_frame_of_rubbish_is_a_bad_frame(text: str) -> None:
    with pytest.raises(BadFrame):
        coinbase().decode(text * 300_000)


# ---------------------------------------------------------------- what frames say


def test_recent_trades_are_history_and_new_ones_are_not() -> None:
    adapter = coinbase()
    (old,) = adapter.decode(trade(0).replace('"update"', '"snapshot"'))
    (new,) = adapter.decode(trade(1))
    assert (old, new) == (
        Trade(BTC, 1_795_350_840_000, "5", 2.0, 3.0, "sell", history=True),
        Trade(BTC, 1_795_350_840_000, "5", 2.0, 3.0, "sell"),
    )


def test_the_time_of_a_trade_is_cut_to_the_millisecond() -> None:
    (event,) = coinbase().decode(trade(time="2026-11-22T12:34:00.998999Z"))
    assert isinstance(event, Trade)
    assert event.time == 1_795_350_840_998


@pytest.mark.parametrize("percent", ["-100", ""])
def test_no_open_is_worked_out_of_a_total_loss_or_of_nothing(percent: str) -> None:
    (event,) = coinbase().decode(ticker(price_percent_chg_24_h=percent))
    assert isinstance(event, Ticker)
    assert (event.last, event.open, event.change) == (125.0, None, None)


def test_a_product_nobody_told_us_of_is_guessed_for_recordings_only() -> None:
    frame = ticker(product_id="SOL-EUR")
    with pytest.raises(BadFrame, match="SOL-EUR"):
        coinbase().decode(frame)
    (event,) = Coinbase(Catalogue(), guess_symbols=True).decode(frame)
    assert instruments([event]) == [Instrument("coinbase", "SOL", "EUR")]


def test_a_gap_in_a_recording_names_what_it_holds() -> None:
    adapter = Coinbase(Catalogue(), guess_symbols=True)
    adapter.decode(ticker(0))
    assert adapter.decode(beat(2)) == [Lost(1, frozenset({BTC}))]


GOOD = {
    "ticker": ticker(price="1", best_bid="1", price_percent_chg_24_h="1"),
    "trade": trade(),
    "book": book(0, "snapshot", ("bid", "1", "1")),
}


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "[]",
        "null",
        '"text"',
        "7",
        "{}",
        "{",
        b"\xff\xfe",
        "[" * 10_000,
        '{"events":' + "[" * 10_000,
        '{"type":"welcome"}',
        '{"channel":"ticker","events":[]}',
        '{"channel":"ticker","timestamp":"2026-11-22T12:34:00Z","events":[]}',
        '{"channel":"ticker","sequence_num":1,"events":[]}',
        '{"channel":"ticker","timestamp":"yesterday","sequence_num":1,"events":[]}',
        '{"channel":"ticker","timestamp":"2026-11-22T12:34:00","sequence_num":1,"events":[]}',
        '{"channel":"ticker","timestamp":"1969-12-31T23:59:59Z","sequence_num":1,"events":[]}',
        '{"channel":"ticker","timestamp":"2026-11-22T12:34:00Z","sequence_num":-1,"events":[]}',
        '{"channel":"ticker","timestamp":"2026-11-22T12:34:00Z","sequence_num":1,"events":{}}',
        wire("user", 0),
        wire("subscriptions", 0, {"subscriptions": ["ticker"]}),
        wire("candles", 0, {"candles": [{"start": "1", "open": "1"}]}),
        trade(side="buy"),
        trade(price="0"),
        trade(price=None),
        trade(size="-1"),
        trade(trade_id="seven"),
        trade(trade_id="9" * 5_000),
        trade(time="0001-01-01T00:00:00Z"),
        trade(time="0001-01-01T00:00:00+23:59"),
        trade(product_id=""),
        trade(product_id="DOGE-USD"),
        ticker(price="lots"),
        ticker(price_percent_chg_24_h="-101"),
        book(0, "snapshot", ("ask", "1", "1")),
        book(0, "snapshot", ("bid", "0", "1")),
        *(GOOD["ticker"].replace('"1"', f'"{bad}"', 1) for bad in ("nan", "inf", "-1", "1e400")),
        *(GOOD["trade"].replace('"2"', f'"{bad}"') for bad in ("nan", "-inf", "-2", "1e300")),
        *(GOOD["book"].replace('"1"', f'"{bad}"', 1) for bad in ("NaN", "Infinity", "-1", "")),
    ],
)
def test_what_cannot_be_read_is_a_bad_frame(frame: str | bytes) -> None:
    with pytest.raises(BadFrame):
        coinbase().decode(frame)


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60)))
def test_any_text_is_read_or_a_bad_frame(frame: bytes | str) -> None:
    with contextlib.suppress(BadFrame):
        coinbase().decode(frame)


@given(st.sampled_from(sorted(GOOD)), st.integers(0, 250), st.characters())
def test_any_damage_is_read_or_a_bad_frame(name: str, at: int, put: str) -> None:
    frame = GOOD[name]
    with contextlib.suppress(BadFrame):
        coinbase().decode(frame[:at] + put + frame[at + 1 :])


# ---------------------------------------------------------------- REST


def product(**other: Any) -> dict[str, Any]:
    return {
        "product_id": "BTC-USD", "base_currency_id": "BTC", "quote_currency_id": "USD",
        "price_increment": "0.01", "quote_increment": "0.05", "base_increment": "0.00000001",
        "status": "online", "is_disabled": False, "trading_disabled": False, "view_only": False,
        "product_type": "SPOT", "alias": "", "alias_to": ["BTC-USDC"], "price": "", **other,
    }  # fmt: skip


def listings(*products: dict[str, Any]) -> list[Listing]:
    return coinbase().parse_instruments(json.dumps({"products": products}).encode())


def test_all_spot_products_are_asked_for_on_one_page() -> None:
    request = coinbase().instruments_request()
    assert request.target == "/api/v3/brokerage/market/products?product_type=SPOT&limit=1000"


def test_a_listing_has_its_steps_and_the_product_that_it_stands_for() -> None:
    alias = product(product_id="BTC-USDC", quote_currency_id="USDC", alias="BTC-USD")
    assert listings(product(), alias) == [
        Listing(BTC, "BTC-USD", Decimal("0.01"), Decimal("0.00000001")),
        Listing(BTC_COIN, "BTC-USDC", Decimal("0.01"), Decimal("0.00000001"), alias="BTC-USD"),
    ]


def test_futures_are_not_listed() -> None:
    assert listings(product(product_id="BIT-26DEC25-CDE", product_type="FUTURE")) == []


def test_steps_that_are_not_given_are_none() -> None:
    (listing,) = listings(product(price_increment="", quote_increment="", base_increment="0"))
    assert (listing.tick_size, listing.lot_size) == (None, None)


def test_the_quote_increment_is_the_step_where_no_other_is_given() -> None:
    (listing,) = listings(product(price_increment=""))
    assert listing.tick_size == Decimal("0.05")


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({}, "trading"),
        ({"trading_disabled": True}, "halted"),
        ({"view_only": True}, "halted"),
        ({"status": "offline"}, "halted"),
        ({"is_disabled": True}, "delisted"),
        ({"status": "delisted"}, "delisted"),
    ],
)
def test_only_what_can_be_traded_is_trading(other: dict[str, Any], status: str) -> None:
    assert listings(product(**other))[0].status == status


def test_candles_are_asked_for_by_both_ends_the_last_one_excluded() -> None:
    # 12:34:00.123: the open minute began at 12:34:00, nine before it make ten.
    request = coinbase().candles_request(BTC, "1m", NOW, 10, now=NOW)
    assert request.query == {
        "start": str(1_795_350_840 - 540),
        "end": "1795350840",
        "granularity": "ONE_MINUTE",
        "limit": "10",
    }
    before = coinbase().candles_request(BTC, "1m", 1_795_350_840_000, 1, now=NOW)
    assert (before.query["start"], before.query["end"]) == ("1795350780", "1795350839")


def test_candles_without_an_end_are_asked_for_until_now() -> None:
    request = coinbase().candles_request(BTC, "6h", None, 2, now=NOW)
    assert (request.query["start"], request.query["end"]) == ("1795327200", "1795350840")


@pytest.mark.parametrize("interval", Coinbase.intervals)
def test_no_window_of_candles_is_refused_for_its_width(interval: str) -> None:
    request = coinbase().candles_request(BTC, interval, NOW, 1_000, now=NOW)
    width = int(request.query["end"]) - int(request.query["start"])
    length = milliseconds(interval) // 1_000
    assert 299 * length <= width < 300 * length
    assert request.query["limit"] == "300"


def test_candles_are_read_oldest_first_and_the_one_under_way_is_open() -> None:
    rows = [
        {"start": "1795350840", "low": "9", "high": "12", "open": "10", "close": "11",
         "volume": "3"},
        {"start": "1795350780", "low": "8", "high": "10", "open": "9", "close": "10",
         "volume": "0"},
    ]  # fmt: skip
    body = json.dumps({"candles": rows}).encode()
    expected = [
        Candle(BTC, "1m", 1_795_350_780_000, 9.0, 10.0, 8.0, 10.0, 0.0, True),
        Candle(BTC, "1m", 1_795_350_840_000, 10.0, 12.0, 9.0, 11.0, 3.0, False),
    ]
    assert coinbase().parse_candles(body, BTC, "1m", NOW) == expected
    assert coinbase().parse_candles(body, BTC, "1m", 1_795_350_900_000)[1].closed
    assert not coinbase().parse_candles(body, BTC, "1m", 1_795_350_899_999)[1].closed


def test_a_book_by_rest_has_no_number() -> None:
    book = {
        "product_id": "BTC-USD",
        "bids": [{"price": "10", "size": "1"}, {"price": "9", "size": "2"}],
        "asks": [{"price": "11", "size": "3"}], "time": "2026-11-22T12:34:00.123999Z",
    }  # fmt: skip
    body = json.dumps({"pricebook": book, "last": "10.5"}).encode()
    bids, asks = (Level(10.0, 1.0), Level(9.0, 2.0)), (Level(11.0, 3.0),)
    assert coinbase().parse_depth(body, BTC) == BookSnapshot(BTC, NOW, None, bids, asks)
    request = coinbase().depth_request(BTC)
    assert request.target == "/api/v3/brokerage/market/product_book?product_id=BTC-USD&limit=1000"


def test_the_clock_is_read_in_milliseconds() -> None:
    body = (
        b'{"iso":"2026-11-22T12:34:00Z","epochSeconds":"1795350840","epochMillis":"1795350840123"}'
    )
    assert coinbase().time_request().target == "/api/v3/brokerage/time"
    assert coinbase().parse_time(body) == NOW


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"products":1}', b"[" * 10_000])
def test_a_reply_that_cannot_be_read_is_a_bad_frame(body: bytes) -> None:
    adapter = coinbase()
    readers = (
        adapter.parse_instruments,
        adapter.parse_time,
        lambda reply: adapter.parse_depth(reply, BTC),
        lambda reply: adapter.parse_candles(reply, BTC, "1m", NOW),
    )
    for reader in readers:
        with pytest.raises(BadFrame):
            reader(body)


def test_a_step_that_is_no_number_is_a_bad_frame() -> None:
    with pytest.raises(BadFrame, match="step"):
        listings(product(price_increment="a cent"))


@pytest.mark.parametrize(
    ("status", "body", "complaint"),
    [
        (200, b"{}", None),
        (
            404,
            b'{"error":"NOT_FOUND","error_details":"more","message":"no such product"}',
            Complaint(404, "no such product"),
        ),
        (400, b'{"error":"INVALID_ARGUMENT"}', Complaint(400, "INVALID_ARGUMENT")),
        (401, b"Unauthorized\n", Complaint(401, "")),
        (429, b"", Complaint(429, "")),
    ],
)
def test_a_refused_request_says_why(status: int, body: bytes, complaint: Complaint | None) -> None:
    assert Coinbase.complaint(status, body) == complaint
