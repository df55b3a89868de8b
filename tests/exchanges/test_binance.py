"""Binance's own rules: control messages, errors, symbols, REST, hostile frames."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.exchanges.binance import Binance
from tickglass.exchanges.exchange import (
    Acknowledged,
    BadFrame,
    Catalogue,
    Channel,
    Complaint,
    Kind,
    Rejected,
    ServerClosing,
)
from tickglass.market.events import BookDelta, Level, Quote, Ticker, Trade
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("binance", "ETH", "USDT")


def binance(*instruments: Instrument) -> Binance:
    adapter = Binance(Catalogue())
    adapter.learn(instruments or (BTC,))
    return adapter


def test_subscribe_names_the_streams_in_lower_case() -> None:
    channels = [
        Channel(Kind.TICKER, BTC),
        Channel(Kind.TRADE, BTC),
        Channel(Kind.QUOTE, BTC),
        Channel(Kind.CANDLE, BTC, "1M"),
        Channel(Kind.BOOK, BTC),
    ]
    (text,) = binance().subscribe(channels)
    assert json.loads(text) == {
        "method": "SUBSCRIBE",
        "params": [
            "btcusdt@ticker",
            "btcusdt@trade",
            "btcusdt@bookTicker",
            "btcusdt@kline_1M",
            "btcusdt@depth@100ms",
        ],
        "id": 1,
    }


def test_unsubscribe_uses_the_next_id() -> None:
    adapter = binance()
    adapter.subscribe([Channel(Kind.TRADE, BTC)])
    (text,) = adapter.unsubscribe([Channel(Kind.TRADE, BTC)])
    assert json.loads(text) == {"method": "UNSUBSCRIBE", "params": ["btcusdt@trade"], "id": 2}


def test_a_thousand_channels_are_asked_for_in_requests_below_the_size_dropped_in_silence() -> None:
    channels = [
        Channel(Kind.TICKER, Instrument("binance", f"COIN{n}", "USDT")) for n in range(1_000)
    ]
    texts = binance().subscribe(channels)
    assert all(len(text.encode()) <= 4_000 for text in texts)
    asked = [stream for text in texts for stream in json.loads(text)["params"]]
    assert asked == [f"coin{n}usdt@ticker" for n in range(1_000)]
    assert [json.loads(text)["id"] for text in texts] == list(range(1, len(texts) + 1))


def test_data_that_comes_before_the_acknowledgement_is_read() -> None:
    adapter = Binance(Catalogue())
    adapter.subscribe([Channel(Kind.TRADE, BTC)])
    frame = b'{"e":"trade","E":2,"s":"BTCUSDT","t":1,"p":"1","q":"1","T":1,"m":true,"M":true}'
    assert adapter.decode(frame) == [Trade(BTC, 1, "1", 1.0, 1.0, "sell")]


@pytest.mark.parametrize(
    ("frame", "answer"),
    [
        ('{"result":null,"id":1}', Acknowledged("1")),
        ('{"result":["a"],"id":"x"}', Acknowledged("x")),
        ('{"code":2,"msg":"Invalid request","id":6}', Rejected("6", 2, "Invalid request")),
        ('{"error":{"code":2,"msg":"invalid stream"},"id":7}', Rejected("7", 2, "invalid stream")),
        ('{"error":"what","id":null}', Rejected("", 0, "")),
    ],
)
def test_acknowledgements_and_both_error_shapes_are_told_apart(frame: str, answer: Any) -> None:
    assert binance().decode(frame) == [answer]


@pytest.mark.parametrize(
    "frame",
    [
        '{"e":"serverShutdown","E":1795348800123}',
        '{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1795348800123}}',
    ],
)
def test_an_announced_shutdown_is_seen_in_both_forms(frame: str) -> None:
    (event,) = binance().decode(frame)
    assert isinstance(event, ServerClosing)


def test_a_delta_continues_the_book_before_its_first_update() -> None:
    frame = (
        b'{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":9,"s":"BTCUSDT",'
        b'"U":157,"u":160,"b":[["0.0024","10"],["0.0023","0.00000000"]],"a":[]}}'
    )
    assert binance().decode(frame) == [
        BookDelta(BTC, 9, 156, 160, (Level(0.0024, 10.0), Level(0.0023, 0.0)), ())
    ]


def test_an_array_of_all_markets_gives_only_those_we_know() -> None:
    rows = [
        {"E": 1, "s": symbol, "c": "1", "o": "1", "h": "1", "l": "1", "v": "1", "q": "1"}
        for symbol in ("BTCUSDT", "NOBODYUSDT")
    ]
    frame = json.dumps({"stream": "!miniTicker@arr", "data": rows})
    assert [event.instrument for event in binance().decode(frame)] == [BTC]


HOSTILE = [
    b"",
    b"not json",
    b"\xff\xfe",
    b"null",
    b"[]",
    b"{}",
    b'{"stream":"btcusdt@trade"}',
    b'{"stream":"btcusdt@trade","data":null}',
    b'{"stream":"btcusdt@nothing","data":{}}',
    b'{"stream":5,"data":{}}',
    b'{"e":"unheardOf"}',
    b'{"stream":"btcusdt@trade","data":{"s":"BTCUSDT","t":1,"p":"NaN","q":"1","T":1,"m":true}}',
    b'{"stream":"btcusdt@trade","data":{"s":"BTCUSDT","t":1,"p":"1e400","q":"1","T":1,"m":true}}',
    b'{"stream":"btcusdt@trade","data":{"s":"BTCUSDT","t":1,"p":"-1","q":"1","T":1,"m":true}}',
    b'{"stream":"btcusdt@trade","data":{"s":"BTCUSDT","t":1,"p":"0","q":"1","T":1,"m":true}}',
    b'{"stream":"btcusdt@trade","data":{"s":"BTCUSDT","t":1,"p":"1","q":"inf","T":1,"m":true}}',
    b'{"stream":"btcusdt@trade","data":{"s":"BTCUSDT","t":1,"p":"1","q":"1","T":-1,"m":true}}',
    b'{"stream":"x@trade","data":{"s":"XXX","t":1,"p":"1","q":"1","T":1,"m":true}}',
    b'{"stream":"btcusdt@depth","data":{"E":1,"s":"BTCUSDT","U":1,"u":1,"b":[["1"]],"a":[]}}',
    b'{"data":' + b"[" * 50_000,
    b'{"stream":"btcusdt@trade","data":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
]


@pytest.mark.parametrize("frame", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_frame_is_a_bad_frame_and_nothing_else(frame: bytes) -> None:
    with pytest.raises(BadFrame):
        binance().decode(frame)


@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise_anything_but_bad_frame(frame: bytes) -> None:
    try:
        events = binance().decode(frame)
    except BadFrame:
        return
    assert isinstance(events, list)


def test_unknown_fields_are_borne() -> None:
    frame = (
        b'{"stream":"btcusdt@bookTicker","data":{"u":1,"s":"BTCUSDT","b":"1","B":"1","a":"2",'
        b'"A":"1","ps":"BTC","new":{"deep":[1]}},"more":true}'
    )
    assert binance().decode(frame) == [Quote(BTC, None, 1.0, 1.0, 2.0, 1.0, 1)]


def test_instruments_take_their_steps_by_the_filters_name() -> None:
    body = json.dumps(
        {
            "symbols": [
                {
                    "symbol": "PEPEUSDT",
                    "status": "TRADING",
                    "baseAsset": "PEPE",
                    "quoteAsset": "USDT",
                    "filters": [
                        {"filterType": "LOT_SIZE", "stepSize": "1.00000000"},
                        {"filterType": "SOMETHING_NEW", "x": 1},
                        {"filterType": "PRICE_FILTER", "tickSize": "0.00000001"},
                    ],
                },
                {
                    "symbol": "币安USDT",
                    "status": "CANCEL_ONLY",
                    "baseAsset": "币安",
                    "quoteAsset": "USDT",
                    "filters": [{"filterType": "PRICE_FILTER", "tickSize": "0.00000000"}],
                },
            ]
        }
    ).encode()
    pepe, unicode_coin = binance().parse_instruments(body)
    assert pepe.instrument == Instrument("binance", "PEPE", "USDT")
    assert (pepe.tick_size, pepe.price_decimals) == (Decimal("1E-8"), 8)
    assert (pepe.lot_size, pepe.status) == (Decimal("1.00000000"), "trading")
    assert unicode_coin.instrument.base == "币安"
    assert (unicode_coin.tick_size, unicode_coin.status) == (None, "halted")


def test_candles_are_asked_for_before_an_end_that_is_left_out() -> None:
    request = binance().candles_request(BTC, "1m", 1795350840000, 1000, now=0)
    assert request.target == (
        "/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=1000&endTime=1795350839999"
    )
    assert request.weight == 2


def test_the_last_candle_of_a_reply_is_open_while_its_end_lies_ahead() -> None:
    rows = [
        [60_000, "1", "4", "0.5", "2", "10", 119_999, "20", 3, "5", "10", "0"],
        [120_000, "2", "3", "2", "3", "1", 179_999, "3", 1, "1", "3", "0"],
    ]
    first, last = binance().parse_candles(json.dumps(rows).encode(), BTC, "1m", now=150_000)
    assert (first.start, first.open, first.high, first.low, first.close) == (60_000, 1, 4, 0.5, 2)
    assert (first.volume, first.closed, last.start, last.closed) == (10, True, 120_000, False)


def test_a_refusal_gives_the_exchanges_own_words() -> None:
    body = b'{"code":-1121,"msg":"Invalid symbol."}'
    assert Binance.complaint(400, body) == Complaint(-1121, "Invalid symbol.")
    assert Binance.complaint(502, b"<html>") == Complaint(502, "")
    assert Binance.complaint(200, body) is None


def test_recorded_session_says_what_a_reader_of_the_frames_says(recorded_frames: Path) -> None:
    """Values read off the frames by eye."""
    lines = (recorded_frames / "binance" / "session.fastmm2026.jsonl").read_bytes().splitlines()
    adapter = binance()
    events = [event for line in lines for event in adapter.decode(line)]
    assert len(events) == 23
    assert events[0] == Trade(BTC, 1789295134225, "388510", 76745.19, 0.00065, "buy")
    assert events[1] == Quote(BTC, None, 76745.18, 8.74206, 76745.19, 12.06313, 1801512)
    assert events[3] == BookDelta(BTC, 1789295135813, 1801512, 1801513, (Level(76743.86, 0.0),), ())
    assert events[7] == Trade(BTC, 1789295137364, "388511", 76745.18, 0.00065, "sell")
    assert events[-1] == Trade(BTC, 1789295141698, "388516", 76745.19, 0.00179, "buy")


def test_every_recorded_frame_of_binance_is_read(recorded_frames: Path) -> None:
    adapter = Binance(Catalogue(), guess_symbols=True)
    files = sorted((recorded_frames / "binance").glob("*.jsonl"))
    assert len(files) == 20
    for file in files:
        for line in file.read_bytes().splitlines():
            assert adapter.decode(line), (file.name, line)


def test_recorded_production_ticker_of_2022_is_read_whole(recorded_frames: Path) -> None:
    line = (recorded_frames / "binance" / "ticker.cmp.jsonl").read_bytes()
    assert binance(ETH).decode(line) == [
        Ticker(
            ETH, 1653812650349, last=1792.84, bid=1792.83, ask=1792.84, open=1764.61,
            high=1808.98, low=1748.94, base_volume=471703.5311, quote_volume=840180761.513581,
        )
    ]  # fmt: skip


def test_the_whole_market_is_one_stream() -> None:
    (message,) = Binance(Catalogue()).subscribe_market()
    assert json.loads(message) == {"method": "SUBSCRIBE", "params": ["!miniTicker@arr"], "id": 1}


def test_only_a_connection_for_the_whole_market_opens_with_it() -> None:
    adapter = Binance(Catalogue())
    assert adapter.opening() == []
    adapter.whole_market = True
    assert "!miniTicker@arr" in adapter.opening()[0]
