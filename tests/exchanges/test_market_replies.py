"""Replies about a whole market, read by hand-checked samples of each exchange's shape."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import BadFrame, Catalogue, Exchange
from tickglass.market.events import Ticker
from tickglass.market.instrument import Instrument

from .test_hostile_frames import variants

NOW = 1_795_350_840_000
REPLIES = {
    "binance": b"""[{"symbol":"ABCUSDT","openPrice":"2.00","highPrice":"3.10","lowPrice":"1.90",
        "lastPrice":"2.50","volume":"1000.0","quoteVolume":"2400.0","openTime":1,
        "closeTime":1795350840000,"firstId":1,"lastId":9,"count":9},
        {"symbol":"NOBODY","openPrice":"1","highPrice":"1","lowPrice":"1","lastPrice":"1",
        "volume":"1","quoteVolume":"1"}]""",
    "bybit": b"""{"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[
        {"symbol":"ABCUSDT","bid1Price":"2.49","bid1Size":"1","ask1Price":"2.51","ask1Size":"1",
        "lastPrice":"2.50","prevPrice24h":"2.00","price24hPcnt":"0.25","highPrice24h":"3.10",
        "lowPrice24h":"1.90","turnover24h":"2400.0","volume24h":"1000.0","usdIndexPrice":""},
        {"symbol":"NOBODY","lastPrice":"1"}]},"time":1795350840000}""",
    "okx": b"""{"code":"0","msg":"","data":[{"instType":"SPOT","instId":"ABC-USDT","last":"2.50",
        "lastSz":"1","askPx":"2.51","askSz":"1","bidPx":"2.49","bidSz":"1","open24h":"2.00",
        "high24h":"3.10","low24h":"1.90","volCcy24h":"2400.0","vol24h":"1000.0",
        "ts":"1795350840000","sodUtc0":"1","sodUtc8":"1"},
        {"instId":"NO-BODY","last":"1","ts":"1795350840000"}]}""",
    "coinbase": b"""{"products":[{"product_id":"ABC-USDT","price":"2.50",
        "price_percentage_change_24h":"25","volume_24h":"1000.0","base_currency_id":"ABC",
        "quote_currency_id":"USDT","status":"online","product_type":"SPOT","alias":""},
        {"product_id":"ABC-USDC","price":"2.50","price_percentage_change_24h":"25",
        "volume_24h":"1","base_currency_id":"ABC","quote_currency_id":"USDC","status":"online",
        "product_type":"SPOT","alias":"ABC-USD"},
        {"product_id":"OLD-USD","price":"","price_percentage_change_24h":"","volume_24h":"",
        "base_currency_id":"OLD","quote_currency_id":"USD","status":"delisted",
        "is_disabled":true,"trading_disabled":true,"product_type":"SPOT","alias":""}],
        "num_products":3}""",
    "kucoin": b"""{"code":"200000","data":{"time":1795350840000,"ticker":[{"symbol":"ABC-USDT",
        "symbolName":"ABC-USDT","buy":"2.49","bestBidSize":"1","sell":"2.51","bestAskSize":"1",
        "changeRate":"0.25","changePrice":"0.5","high":"3.10","low":"1.90","vol":"1000.0",
        "volValue":"2400.0","last":"2.50"},
        {"symbol":"NO-BODY","last":null,"changeRate":null}]}}""",
}
# What an exchange may say of a pair that nobody has traded, as a row of the replies above.
EMPTY = {
    "binance": b"""{"symbol":"ABCUSDT","openPrice":"0.00000000","highPrice":"0.00000000",
        "lowPrice":"","lastPrice":"0.00000000","volume":"","quoteVolume":null}""",
    "bybit": b"""{"symbol":"ABCUSDT","bid1Price":"","bid1Size":"","ask1Price":"0","ask1Size":"0",
        "lastPrice":"","prevPrice24h":"0","price24hPcnt":"","highPrice24h":"","lowPrice24h":"",
        "turnover24h":"","volume24h":"","usdIndexPrice":""}""",
    "okx": b"""{"instType":"SPOT","instId":"ABC-USDT","last":"","lastSz":"0","askPx":"","askSz":"",
        "bidPx":"0","bidSz":"","open24h":"","high24h":"0","low24h":"","volCcy24h":"","vol24h":"",
        "ts":"1795350840000"}""",
    "coinbase": b"""{"product_id":"ABC-USDT","price":"","price_percentage_change_24h":"",
        "volume_24h":null,"base_currency_id":"ABC","quote_currency_id":"USDT","status":"online",
        "product_type":"SPOT","alias":""}""",
    "kucoin": b"""{"symbol":"ABC-USDT","buy":null,"sell":"","changeRate":"","high":"0","low":null,
        "vol":"","volValue":null,"last":null}""",
}
# One that nobody could make sense of.
MALFORMED = {
    "binance": b'{"symbol":"ABCUSDT","openPrice":"1","lastPrice":"much","volume":"1"}',
    "bybit": b'{"symbol":"ABCUSDT","lastPrice":"much","prevPrice24h":"1"}',
    "okx": b'{"instId":"ABC-USDT","last":"much","ts":"1795350840000"}',
    "coinbase": b"""{"product_id":"ABC-USDT","price":"much","base_currency_id":"ABC",
        "quote_currency_id":"USDT","status":"online","product_type":"SPOT"}""",
    "kucoin": b'{"symbol":"ABC-USDT","last":"much","changeRate":"0.1"}',
}
AROUND = {
    "binance": b"[%b]",
    "bybit": b'{"retCode":0,"result":{"category":"spot","list":[%b]},"time":1795350840000}',
    "okx": b'{"code":"0","msg":"","data":[%b]}',
    "coinbase": b'{"products":[%b],"num_products":1}',
    "kucoin": b'{"code":"200000","data":{"time":1795350840000,"ticker":[%b]}}',
}
WEIGHTS = {"binance": 80, "bybit": 1, "okx": 4, "coinbase": 1, "kucoin": 15}
LACKING = {"coinbase": {"high", "low", "quote_volume"}}


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def reply(name: str, *rows: bytes) -> bytes:
    return AROUND[name] % b",".join(rows)


def adapter(name: str) -> Exchange:
    made = EXCHANGES[name](Catalogue())
    made.guess_symbols = False
    made.learn([Instrument(name, "ABC", "USDT")])
    return made


@pytest.mark.parametrize("name", sorted(REPLIES))
def test_the_day_of_each_listed_instrument_is_read(name: str) -> None:
    (ticker,) = adapter(name).parse_market(REPLIES[name], NOW)
    assert isinstance(ticker, Ticker)
    assert ticker.instrument == Instrument(name, "ABC", "USDT")
    assert (ticker.time, ticker.last, ticker.base_volume) == (NOW, 2.5, 1000.0)
    assert ticker.open == pytest.approx(2.0)
    told = {"high": 3.1, "low": 1.9, "quote_volume": 2400.0}
    for field, value in told.items():
        lacks = field in LACKING.get(name, ())
        assert getattr(ticker, field) == (None if lacks else value)


@pytest.mark.parametrize("name", sorted(REPLIES))
@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b'[{"symbol":5}]', b'{"data":7}'])
def test_what_is_no_such_reply_is_a_bad_frame(name: str, body: bytes) -> None:
    with pytest.raises(BadFrame):
        adapter(name).parse_market(body, NOW)


@pytest.mark.parametrize("name", sorted(REPLIES))
def test_a_reply_with_any_part_spoilt_is_read_or_refused(name: str) -> None:
    for variant in variants(json.loads(REPLIES[name])):
        try:
            tickers = adapter(name).parse_market(json.dumps(variant).encode(), NOW)
        except BadFrame:
            continue
        assert all(isinstance(each, Ticker) for each in tickers)


@pytest.mark.parametrize("name", sorted(EMPTY))
def test_of_a_pair_that_nobody_traded_no_number_is_made_up(name: str) -> None:
    (ticker,) = adapter(name).parse_market(reply(name, EMPTY[name]), NOW)
    assert ticker.instrument == Instrument(name, "ABC", "USDT")
    told = msgspec.structs.asdict(ticker)
    del told["instrument"], told["time"]
    assert set(told.values()) == {None}


@pytest.mark.parametrize("name", sorted(MALFORMED))
def test_a_malformed_row_takes_no_other_with_it(name: str) -> None:
    body = reply(name, MALFORMED[name], EMPTY[name], b"7", b"null", b"[]")
    assert len(adapter(name).parse_market(body, NOW)) == 1


@pytest.mark.parametrize("name", sorted(AROUND))
@given(before=st.lists(JUNK, max_size=4), after=st.lists(JUNK, max_size=4))
def test_whatever_stands_around_a_row_it_is_read(
    name: str, before: list[object], after: list[object]
) -> None:
    rows = [*map(msgspec.json.encode, before), EMPTY[name], *map(msgspec.json.encode, after)]
    (ticker,) = adapter(name).parse_market(reply(name, *rows), NOW)
    assert ticker.instrument.base == "ABC"


@pytest.mark.parametrize("name", sorted(MALFORMED))
def test_a_reply_of_malformed_rows_alone_is_a_bad_frame(name: str) -> None:
    with pytest.raises(BadFrame, match=f"^{name}: "):
        adapter(name).parse_market(reply(name, MALFORMED[name], b"7"), NOW)


@pytest.mark.parametrize("name", sorted(AROUND))
def test_a_market_of_nothing_is_no_error(name: str) -> None:
    assert adapter(name).parse_market(reply(name), NOW) == []


@pytest.mark.parametrize("name", sorted(WEIGHTS))
def test_the_request_counts_what_the_exchange_charges_for_it(name: str) -> None:
    assert adapter(name).market_request().weight == WEIGHTS[name]


@pytest.mark.parametrize(
    ("name", "field", "lost"),
    [("coinbase", b'"price_percentage_change_24h":"%b"', b"-100"),
     ("kucoin", b'"changeRate":"%b"', b"-1")],
)  # fmt: skip
def test_what_lost_all_its_worth_has_no_price_of_a_day_ago(
    name: str, field: bytes, lost: bytes
) -> None:
    body = REPLIES[name].replace(field % (b"25" if name == "coinbase" else b"0.25"), field % lost)
    (ticker,) = adapter(name).parse_market(body, NOW)
    assert (ticker.last, ticker.open) == (2.5, None)


def test_bybit_without_a_time_of_its_own_is_dated_by_the_clock_handed_in() -> None:
    body = reply("bybit", EMPTY["bybit"]).replace(b',"time":1795350840000', b"")
    assert [each.time for each in adapter("bybit").parse_market(body, NOW + 5)] == [NOW + 5]


def test_bybit_and_kucoin_tell_when_they_said_it() -> None:
    for name in ("bybit", "kucoin"):
        (ticker,) = adapter(name).parse_market(reply(name, EMPTY[name]), NOW + 5)
        assert ticker.time == NOW


def test_a_price_that_cannot_be_read_costs_no_listing_of_coinbase() -> None:
    listings = adapter("coinbase").parse_instruments(reply("coinbase", MALFORMED["coinbase"]))
    assert [each.symbol for each in listings] == ["ABC-USDT"]
