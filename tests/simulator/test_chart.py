"""Candles of every interval agree with the trades and with each other, across the start."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Bar, Match
from tickglass.market.events import Trade
from tickglass.market.instrument import Instrument
from tickglass.market.interval import DAY, HOUR, MINUTE, start_of
from tickglass.simulator.market import Market
from tickglass.simulator.pairs import pairs
from tickglass.simulator.trading import Taken
from tickglass.simulator.view import ExchangeView

from .conftest import EXCHANGE, START, run

BTC = Instrument(EXCHANGE, "BTC", "USDT")
INTERVALS = EXCHANGES[EXCHANGE].intervals


def after(seconds: float, start: int = START, count: int = 4, rate: float = 60.0) -> ExchangeView:
    """A view of a market that has run for a while."""
    market = Market(7, pairs(count), start, rate)
    list(run(market, seconds, step=250))
    return ExchangeView(market, EXCHANGE)


@pytest.fixture(scope="module")
def lived() -> ExchangeView:
    """Has run over several whole minutes and over the full hour at 16:00."""
    return after(400, start=start_of("1h", START) + HOUR - 190_321)


def summary(bars: Sequence[Bar]) -> tuple[float, ...]:
    candles = [bar.candle for bar in bars]
    return (
        candles[0].open,
        max(candle.high for candle in candles),
        min(candle.low for candle in candles),
        candles[-1].close,
        pytest.approx(sum(candle.volume for candle in candles), rel=1e-12),
        pytest.approx(sum(bar.quote_volume for bar in bars), rel=1e-12),
        sum(bar.trades for bar in bars),
    )


@pytest.mark.parametrize(
    ("long", "short", "count"),
    [
        ("5m", "1m", 5), ("1m", "1s", 60), ("15m", "3m", 5), ("1h", "30m", 2), ("4h", "1h", 4),
        ("12h", "2h", 6), ("1d", "6h", 4), ("1d", "8h", 3), ("1w", "1d", 7), ("3d", "1d", 3),
    ],
)  # fmt: skip
def test_a_candle_is_the_sum_of_its_shorter_ones(
    lived: ExchangeView, long: str, short: str, count: int
) -> None:
    for instrument in (lived.instrument(index) for index in range(4)):
        for whole in lived.bars(instrument, long, None, None, 4):
            parts = lived.bars(instrument, short, whole.candle.start, None, count)
            if short == "1s":  # a minute opens with its first trade, an idle second does not
                parts = [bar for bar in parts if bar.trades] or parts
            assert summary([whole]) == summary(parts)


def test_a_month_is_the_sum_of_its_days(lived: ExchangeView) -> None:
    *_, month, running = lived.bars(BTC, "1M", None, None, 3)
    days = lived.bars(BTC, "1d", month.candle.start, running.candle.start - 1, 31)
    assert len(days) == 31
    assert summary([month]) == summary(days)
    assert running.candle.start == start_of("1M", START)


@pytest.mark.parametrize("interval", ["1s", "1m", "5m"])
def test_live_candles_are_what_the_trades_make(interval: str) -> None:
    market = Market(7, pairs(3), START // (5 * MINUTE) * 5 * MINUTE, 400.0)
    view = ExchangeView(market, EXCHANGE)
    trades: dict[int, list[Trade]] = defaultdict(list)
    for each in run(market, 130, step=100):
        match = view.publish(each)
        if isinstance(match, Match) and each.pair == 0:
            for fill in match.fills:
                trades[start_of(interval, fill.time)].append(fill)
    checked = 0
    for bar in view.bars(BTC, interval, market.start, None, 1_000):
        start = bar.candle.start
        own = trades[start]
        if not own:
            assert bar.candle.volume == 0
            continue
        prices = [trade.price for trade in own]
        assert bar.candle.high == max(prices)
        assert bar.candle.low == min(prices)
        assert bar.candle.open == prices[0]
        assert bar.candle.close == prices[-1]
        assert bar.candle.volume == pytest.approx(sum(trade.size for trade in own))
        assert (bar.first_trade, bar.last_trade) == (int(own[0].id), int(own[-1].id))
        bought = sum(trade.size for trade in own if trade.side == "buy")
        assert bar.taker_base == pytest.approx(bought)
        checked += 1
    assert checked > 0


@pytest.mark.parametrize("interval", INTERVALS)
def test_there_is_no_seam_where_the_simulation_starts(lived: ExchangeView, interval: str) -> None:
    bars = lived.bars(BTC, interval, None, None, 500)
    starts = [bar.candle.start for bar in bars]
    assert starts == sorted({*starts})
    assert starts[-1] == start_of(interval, lived.now)
    for before, bar in pairwise(bars):
        if bar.first_trade > 0 and before.last_trade > 0:
            assert bar.first_trade == before.last_trade + 1
        assert abs(bar.candle.open / before.candle.close - 1) < 0.002
    assert [bar.candle.closed for bar in bars] == [True] * (len(bars) - 1) + [False]


def test_the_running_candle_has_its_part_from_before_the_start(lived: ExchangeView) -> None:
    fresh = ExchangeView(Market(7, pairs(4), START, 60.0), EXCHANGE)
    minute = fresh.bars(BTC, "1m", None, None, 1)[0]
    assert minute.candle.start == START // MINUTE * MINUTE
    assert minute.trades > 0
    list(run(fresh.market, 2))
    grown = fresh.bars(BTC, "1m", None, None, 1)[0]
    assert grown.candle.open == minute.candle.open
    assert grown.candle.volume > minute.candle.volume


def test_the_first_live_trade_continues_the_close() -> None:
    market = Market(7, pairs(4), START, 60.0)
    view = ExchangeView(market, EXCHANGE)
    close = view.bars(BTC, "1s", None, None, 1)[0].candle.close
    first = next(each for each in run(market, 60) if isinstance(each, Taken) and each.pair == 0)
    trade = view.publish(first)
    assert isinstance(trade, Match)
    assert trade.fills[0].price == pytest.approx(close, rel=5e-4)
    before = view.bars(BTC, "1m", START // MINUTE * MINUTE, None, 1)[0]
    taken = sum(len(each.fills) for each in market.trading(0).matches)
    assert first.first_trade == before.last_trade + 1 - taken


@settings(max_examples=25, deadline=None)
@given(interval=st.sampled_from(INTERVALS), page=st.integers(1, 70), back=st.integers(0, 500))
def test_paging_back_gives_the_same_as_one_request(interval: str, page: int, back: int) -> None:
    view = LIVED
    end = view.now - back * 977 * MINUTE
    whole = view.bars(BTC, interval, None, end, 150)
    paged: list[Bar] = []
    while len(paged) < len(whole):
        paged = view.bars(BTC, interval, None, end, page) + paged
        end = paged[0].candle.start - 1
    assert paged[-len(whole) :] == whole


LIVED = after(100)


def test_only_start_gives_the_oldest_from_there(lived: ExchangeView) -> None:
    start = lived.now - 10 * DAY
    bars = lived.bars(BTC, "1h", start, None, 5)
    first = start_of("1h", start) + HOUR
    assert [bar.candle.start for bar in bars] == [first + n * HOUR for n in range(5)]
    assert lived.bars(BTC, "1h", first, first + HOUR, 5) == bars[:2]


@pytest.mark.parametrize("interval", INTERVALS)
def test_there_is_nothing_before_the_listing_nor_after_now(
    lived: ExchangeView, interval: str
) -> None:
    oldest = lived.bars(BTC, interval, 0, None, 3)
    assert len(oldest) == 3
    assert lived.bars(BTC, interval, None, oldest[0].candle.start - 1, 10) == []
    assert lived.bars(BTC, interval, lived.now + 1, None, 10) == []
    assert lived.bars(BTC, interval, None, lived.now + DAY, 1)[0].candle.start <= lived.now


def test_daily_candles_reach_three_years_back(lived: ExchangeView) -> None:
    assert len(lived.bars(BTC, "1d", None, None, 5_000)) > 3 * 365


def test_a_quiet_minute_is_flat_at_the_last_price() -> None:
    market = Market(7, pairs(1), START, 200.0)
    view = ExchangeView(market, EXCHANGE)
    list(run(market, 5))
    last = view.day(BTC).ticker.last
    market.now += 10 * MINUTE
    quiet = view.bars(BTC, "1m", None, None, 9)
    assert {(b.candle.open, b.candle.high, b.candle.low, b.candle.close) for b in quiet} == {
        (last,) * 4
    }
    assert {(b.trades, b.first_trade, b.last_trade) for b in quiet} == {(0, -1, -1)}


def test_seconds_are_dropped_after_a_while_and_minutes_are_not() -> None:
    market = Market(7, pairs(1), START, 8.0)
    view = ExchangeView(market, EXCHANGE)
    list(run(market, 3 * 3_600, step=2_000))
    seconds = view.bars(BTC, "1s", 0, None, 100_000)
    assert 1_800 < len(seconds) < 3 * 3_600
    minutes = view.bars(BTC, "1m", START // MINUTE * MINUTE, None, 1_000)
    assert len(minutes) == 181
    assert sum(bar.trades for bar in minutes[1:-1]) > 10_000
