"""Records: the contract's lines, key for key, and no exponent anywhere."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.book import OrderBook
from tickglass.market.events import (
    BookDelta,
    BookSnapshot,
    Candle,
    Level,
    MarketEvent,
    Quote,
    Status,
    Ticker,
    Trade,
)
from tickglass.market.instrument import Instrument
from tickglass.market.number import plain
from tickglass.records import json_line, record, table_line


def on(exchange: str) -> Instrument:
    return Instrument(exchange, "BTC", "USDT")


def book_of(bids: list[tuple[float, float]], asks: list[tuple[float, float]]) -> OrderBook:
    book = OrderBook(on("kucoin"))
    bid_levels = tuple(Level(*row) for row in bids)
    ask_levels = tuple(Level(*row) for row in asks)
    book.load(BookSnapshot(on("kucoin"), 1795348800150, 123, bid_levels, ask_levels))
    return book


DELTA = BookDelta(on("kucoin"), 1795348800150, 122, 123, (), ())
NOTHING_GIVEN = Ticker(on("okx"), None, None, None, None, None, None, None, None, None)

# The lines of the contract, letter for letter; the ticker's change is 99/66 − 1 here.
LINES = [
    (
        Ticker(on("okx"), 1795348800123, 99000.0, 67012.4, 67012.6, 66000.0, 67500.0, 65800.0,
               1234.5, 82000000.0),
        '{"type":"ticker","exchange":"okx","pair":"BTC/USDT","time":1795348800123,'
        '"last":99000.0,"bid":67012.4,"ask":67012.6,"open":66000.0,"high":67500.0,"low":65800.0,'
        '"base_volume":1234.5,"quote_volume":82000000.0,"change":0.5}',
    ),
    (
        NOTHING_GIVEN,
        '{"type":"ticker","exchange":"okx","pair":"BTC/USDT","time":null,'
        '"last":null,"bid":null,"ask":null,"open":null,"high":null,"low":null,'
        '"base_volume":null,"quote_volume":null,"change":null}',
    ),
    (
        Trade(on("binance"), 1795348800125, "4100000001", 67012.5, 0.002, "buy"),
        '{"type":"trade","exchange":"binance","pair":"BTC/USDT","time":1795348800125,'
        '"id":"4100000001","price":67012.5,"size":0.002,"side":"buy"}',
    ),
    (
        Candle(on("bybit"), "1m", 1795348800000, 67000.0, 67020.0, 66990.0, 67012.5, 12.5, False),
        '{"type":"candle","exchange":"bybit","pair":"BTC/USDT","interval":"1m",'
        '"start":1795348800000,"open":67000.0,"high":67020.0,"low":66990.0,"close":67012.5,'
        '"volume":12.5,"closed":false}',
    ),
    (
        DELTA,
        '{"type":"book","exchange":"kucoin","pair":"BTC/USDT","time":1795348800150,'
        '"sequence":123,"bids":[[67012.4,0.5]],"asks":[[67012.6,0.3]]}',
    ),
    (
        Quote(on("binance"), 1795348800150, 67012.4, 0.5, 67012.6, 0.3, sequence=9),
        '{"type":"quote","exchange":"binance","pair":"BTC/USDT","time":1795348800150,'
        '"bid":67012.4,"bid_size":0.5,"ask":67012.6,"ask_size":0.3}',
    ),
    (
        Status("binance", 1, "connecting"),
        '{"type":"status","exchange":"binance","connection":1,"state":"connecting","detail":""}',
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "line"), LINES, ids=[f"{type(event).__name__}" for event, _ in LINES]
)
def test_a_record_is_the_contracts_line(event: MarketEvent | Status, line: str) -> None:
    book = book_of([(67012.4, 0.5)], [(67012.6, 0.3)])
    assert json_line(record(event, book)) == line


def test_a_quote_without_a_time_says_null() -> None:
    line = json_line(record(Quote(on("binance"), None, 1.5, 2.0, 1.75, 3.0)))
    assert '"time":null' in line


def test_change_is_last_over_open_less_one_whatever_the_exchange_says() -> None:
    ticker = Ticker(on("okx"), 1, 67012.5, None, None, 66000.0, None, None, None, None)
    assert record(ticker)["change"] == pytest.approx(0.01534, abs=5e-6)


def test_a_book_shows_the_best_twenty_levels_of_each_side_best_first() -> None:
    book = book_of(
        [(float(price), 1.0) for price in range(1, 31)],
        [(float(price), 2.0) for price in range(31, 61)],
    )
    row = record(DELTA, book)
    assert row["bids"] == [[float(price), 1.0] for price in range(30, 10, -1)]
    assert row["asks"] == [[float(price), 2.0] for price in range(31, 51)]


def test_an_empty_side_is_an_empty_list() -> None:
    row = record(DELTA, book_of([], []))
    assert (row["bids"], row["asks"]) == ([], [])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.00001234, "0.00001234"),
        (1e-8, "0.00000001"),
        (1.5e-18, "0.0000000000000000015"),
        (0.0001, "0.0001"),
        (0.00009999, "0.00009999"),
        (1.23e16, "12300000000000000"),
        (1e15, "1000000000000000"),
        (123456789012345.0, "123456789012345.0"),
        (1e22, "10000000000000000000000"),
        (67012.5, "67012.5"),
        (100000.0, "100000.0"),
    ],
)
def test_a_number_in_a_record_never_has_an_exponent(value: float, text: str) -> None:
    line = json_line(record(Trade(on("binance"), 1, "1", value, value, "buy")))
    assert f'"price":{text},"size":{text},' in line


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.00001234, "0.00001234"), (1e-8, "0.00000001"), (1.23e16, "12300000000000000"),
     (100000.0, "100000"), (67012.50, "67012.5"), (0.0, "0"), (120.0, "120")],
)  # fmt: skip
def test_a_number_for_people_has_no_digits_that_were_never_there(value: float, text: str) -> None:
    assert plain(value) == text


numbers = st.floats(1e-18, 1e18) | st.floats(1e-9, 1e-3) | st.integers(0, 10**17).map(float)
maybe = st.none() | numbers
times = st.integers(0, 10**14)
rows = st.lists(st.tuples(numbers.filter(bool), numbers.filter(bool)), max_size=3)
events: st.SearchStrategy[MarketEvent] = st.one_of(
    st.builds(Ticker, st.just(on("okx")), st.none() | times, *[maybe] * 8),
    st.builds(
        Trade, st.just(on("okx")), times, st.text(max_size=5), numbers, numbers,
        st.sampled_from(["buy", "sell"]),
    ),
    st.builds(Quote, st.just(on("okx")), st.none() | times, *[numbers] * 4),
    st.builds(
        Candle, st.just(on("okx")), st.just("1m"), times, *[numbers] * 5, st.booleans()
    ),
)  # fmt: skip

NAMES = {
    Ticker: ("last", "bid", "ask", "open", "high", "low", "base_volume", "quote_volume", "change"),
    Trade: ("price", "size"),
    Quote: ("bid", "bid_size", "ask", "ask_size"),
    Candle: ("open", "high", "low", "close", "volume"),
}


@given(events)
def test_reading_a_record_back_gives_the_very_same_numbers(event: MarketEvent) -> None:
    line = json_line(record(event))
    assert not re.search(r"\d[eE][+-]?\d", re.sub(r'"[^"]*"', "", line))
    row: dict[str, Any] = json.loads(line, parse_int=float)
    for name in NAMES[type(event)]:
        assert row[name] == getattr(event, name)


@given(rows, rows)
def test_reading_a_book_back_gives_the_very_same_levels(
    bids: list[tuple[float, float]], asks: list[tuple[float, float]]
) -> None:
    book = OrderBook(on("kucoin"))
    book.bids.load(tuple(Level(*row) for row in bids))
    book.asks.load(tuple(Level(*row) for row in asks))
    row = json.loads(json_line(record(DELTA, book)), parse_int=float)
    assert row["bids"] == [[*level] for level in sorted(dict(bids).items(), reverse=True)]
    assert row["asks"] == [[*level] for level in sorted(dict(asks).items())]


@given(numbers)
def test_a_plain_number_is_the_number(value: float) -> None:
    assert re.fullmatch(r"\d+(\.\d*[1-9])?", plain(value))
    assert Decimal(plain(value)) == Decimal(repr(value))


# ---------------------------------------------------------------- lines for people


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            Ticker(on("okx"), 1795348800123, 99000.0, 98999.5, None, 66000.0, None, None, 1.0, 1.0),
            "12:00:00.123  okx:BTC/USDT              ticker   99000  +50.00 %  98999.5 / –",
        ),
        (NOTHING_GIVEN, "              okx:BTC/USDT              ticker   –  – / –"),
        (
            Trade(on("binance"), 1795348800005, "1", 0.00001234, 1e-8, "buy"),
            "12:00:00.005  binance:BTC/USDT          trade    buy  0.00000001 @ 0.00001234",
        ),
        (
            Candle(on("bybit"), "1m", 1795348800000, 1.0, 2.0, 0.5, 1.5, 1.23e16, True),
            "12:00:00.000  bybit:BTC/USDT            1m       "
            "O 1  H 2  L 0.5  C 1.5  V 12300000000000000  closed",
        ),
        (
            Quote(on("binance"), None, 1.5, 2.0, 1.75, 3.0),
            "              binance:BTC/USDT          quote    1.5 (2) / 1.75 (3)",
        ),
        (
            DELTA,
            "12:00:00.150  kucoin:BTC/USDT           book     67012.4 / 67012.6  2 + 1 levels",
        ),
        (
            Status("binance", 2, "refused", "Not from here."),
            "              binance 2                 refused  Not from here.",
        ),
        (Status("binance", 2, "live"), "              binance 2                 live"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_event_for_people_is_one_line_in_columns(event: MarketEvent | Status, line: str) -> None:
    book = book_of([(67012.4, 0.5), (67012.0, 1.0)], [(67012.6, 0.3)])
    assert table_line(event, book) == line


@given(events)
def test_a_line_for_people_never_shows_an_exponent(event: MarketEvent) -> None:
    line = table_line(event)
    assert not re.search(r"\d[eE][+-]?\d", line)
    assert "\n" not in line


@pytest.mark.parametrize("millis", [0, 1, 57, 100, 123, 249, 501, 999])
def test_the_clock_of_a_line_shows_every_millisecond_as_it_is(millis: int) -> None:
    trade = Trade(on("okx"), 1795348800000 + millis, "1", 1.0, 1.0, "sell")
    assert table_line(trade).startswith(f"12:00:00.{millis:03}  ")
