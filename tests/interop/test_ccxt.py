"""ccxt and ccxt.pro read the simulated Binance as they read the real one."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from . import market
from .market import patient

ccxtpro = pytest.importorskip("ccxt.pro")

pytestmark = [
    pytest.mark.interop,
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("default"),  # other people's warnings are not ours
]

PAIR, SYMBOL = "BTC/USDT", "BTCUSDT"


@pytest_asyncio.fixture
async def exchange(endpoint: dict[str, str]) -> AsyncIterator[Any]:
    client = ccxtpro.binance(
        {"options": {"defaultType": "spot", "fetchMarkets": {"types": ["spot"]}}}
    )
    client.urls["api"]["public"] = endpoint["rest"] + "/api/v3"
    client.urls["api"]["ws"]["spot"] = endpoint["ws"] + "/ws"
    client.options["fetchCurrencies"] = False
    client.has["fetchCurrencies"] = False
    await client.load_markets()
    yield client
    await client.close()


@patient
async def test_markets_have_their_steps(exchange: Any) -> None:
    assert len(exchange.markets) == 48
    precision = exchange.markets[PAIR]["precision"]
    assert (precision["price"], precision["amount"]) == (0.01, 0.00001)


@patient
async def test_tickers_agree(exchange: Any, endpoint: dict[str, str]) -> None:
    seen = await exchange.watch_ticker(PAIR)
    fetched = await exchange.fetch_ticker(PAIR)
    own = market.get(endpoint["rest"], f"/api/v3/ticker/24hr?symbol={SYMBOL}")
    for ticker in (seen, fetched):
        assert ticker["symbol"] == PAIR
        assert ticker["low"] <= ticker["last"] <= ticker["high"]
        assert ticker["open"] == pytest.approx(float(own["openPrice"]), rel=1e-3)
        assert ticker["last"] == pytest.approx(float(own["lastPrice"]), rel=1e-2)
        assert ticker["percentage"] == pytest.approx(
            (ticker["last"] / ticker["open"] - 1) * 100, abs=2e-3
        )


@patient
async def test_trades_agree(exchange: Any, endpoint: dict[str, str]) -> None:
    seen: dict[int, tuple[float, float, bool]] = {}
    while len(seen) < 30:
        for trade in await exchange.watch_trades(PAIR):
            seen[int(trade["id"])] = (trade["price"], trade["amount"], trade["side"] == "sell")
    own = market.trades(endpoint["rest"], SYMBOL)
    assert {number: own.get(number) for number in seen} == seen


@patient
async def test_candles_agree(exchange: Any, endpoint: dict[str, str]) -> None:
    fetched = await exchange.fetch_ohlcv(PAIR, "1m", limit=1000)
    assert len(fetched) == 1000
    for row in fetched[:3] + fetched[-4:-1]:
        assert row[1:] == market.candle(endpoint["rest"], SYMBOL, "1m", row[0])
    seen: dict[int, list[float]] = {}
    while len(seen) < 4:
        for start, *values in await exchange.watch_ohlcv(PAIR, "1s"):
            seen[start] = values
    for start in sorted(seen)[1:-1]:  # the first and the last were not seen whole
        assert seen[start] == market.candle(endpoint["rest"], SYMBOL, "1s", start)


@patient
async def test_older_candles_follow_without_a_hole(exchange: Any) -> None:
    newest = await exchange.fetch_ohlcv(PAIR, "1h", limit=1000)
    older = await exchange.fetch_ohlcv(PAIR, "1h", limit=1000, params={"until": newest[0][0] - 1})
    assert newest[0][0] - older[-1][0] == 3_600_000
    assert len(older) == 1000


@patient
async def test_the_book_is_kept_from_snapshot_and_deltas(
    exchange: Any, endpoint: dict[str, str]
) -> None:
    for _ in range(20):
        book = await exchange.watch_order_book(PAIR)
    market.check_book(book["bids"], book["asks"], 100)
    nonce = book["nonce"]
    sizes = {price: size for price, size in [*book["bids"], *book["asks"]]}
    own = market.get(endpoint["rest"], f"/api/v3/depth?symbol={SYMBOL}&limit=5000")
    assert own["lastUpdateId"] >= nonce
    levels = {float(price): float(size) for price, size in [*own["bids"], *own["asks"]]}
    same = sum(levels.get(price) == size for price, size in sizes.items())
    assert same > 0.8 * len(sizes)


@patient
async def test_an_unknown_symbol_is_refused_by_the_exchange(exchange: Any) -> None:
    with pytest.raises(Exception, match="Invalid symbol"):
        await exchange.public_get_depth({"symbol": "NOPE"})
