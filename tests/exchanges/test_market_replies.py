"""Replies about a whole market, read by hand-checked samples of each exchange's shape."""

import pytest

from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import BadFrame, Catalogue, Exchange
from tickglass.market.events import Ticker
from tickglass.market.instrument import Instrument

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
LACKING = {"coinbase": {"high", "low", "quote_volume"}}


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
