"""The market keeps its pace, repeats itself with the same seed, and spreads activity by volume."""

from collections import Counter

import pytest

from tickglass.simulator.market import Market
from tickglass.simulator.pairs import pairs
from tickglass.simulator.trading import Happening, Taken, Touch

from .conftest import START, run


def events(happening: Happening) -> int:
    """As a client of trades and quotes counts."""
    return len(happening.fills) if isinstance(happening, Taken) else 1


@pytest.mark.parametrize(("count", "rate"), [(1, 20.0), (48, 200.0), (48, 3_000.0), (300, 500.0)])
def test_the_rate_is_kept_over_twenty_seconds(count: int, rate: float) -> None:
    market = Market(3, pairs(count), START, rate)
    delivered = sum(map(events, run(market, 20)))
    assert delivered / 20 == pytest.approx(rate, rel=0.1)


def test_the_same_seed_gives_the_same_events() -> None:
    first, second, other = (
        list(run(Market(seed, pairs(12), START, 500.0), 3)) for seed in (7, 7, 8)
    )
    assert first == second
    assert first != other


def test_reading_does_not_change_what_happens() -> None:
    untouched = Market(7, pairs(12), START, 500.0)
    read = Market(7, pairs(12), START, 500.0)
    for index in reversed(range(12)):
        read.chart(index).day(START)
        read.chart(index).candles("1s", None, START, 1_000, START)
    assert list(run(untouched, 2)) == list(run(read, 2))


def test_times_never_go_back_and_stay_within_the_step(market: Market) -> None:
    last = market.now
    for _ in range(200):
        before = market.now
        for happening in market.advance(before + 25):
            assert before < happening.time <= before + 25
            assert happening.time >= last
            last = happening.time


def test_a_clock_that_stands_or_goes_back_brings_nothing(market: Market) -> None:
    list(run(market, 1))
    assert market.advance(market.now) == []
    assert market.advance(market.now - 5_000) == []


def test_a_long_pause_is_not_made_up_for(market: Market) -> None:
    assert sum(map(events, market.advance(START + 3_600_000))) < 6_000


def test_bitcoin_is_the_busiest_and_everything_trades() -> None:
    market = Market(7, pairs(48), START, 1_000.0)
    count = Counter(each.pair for each in run(market, 20) for _ in range(events(each)))
    assert count.most_common(1)[0][0] == 0
    assert count[0] > 0.1 * count.total()
    assert len(count) == 48


def test_trade_and_match_ids_rise_by_one(market: Market) -> None:
    next_trade: dict[int, int] = {}
    match: dict[int, int] = {}
    several = 0
    for each in run(market, 10):
        if isinstance(each, Taken):
            assert each.first_trade == next_trade.get(each.pair, each.first_trade)
            assert each.id == match.get(each.pair, each.id - 1) + 1
            next_trade[each.pair] = each.first_trade + len(each.fills)
            match[each.pair] = each.id
            several += len(each.fills) > 1
    assert several > 50


def test_the_book_is_never_crossed_and_deep_enough(market: Market) -> None:
    for each in run(market, 20):
        if isinstance(each, Touch):
            assert each.bid < each.ask
            assert min(each.bid_size, each.ask_size) > 0
    for index in range(12):
        book = market.trading(index).book
        assert book.bids[-1] < -book.asks[-1]
        assert all(100 <= len(side) <= 500 for side in (book.bids, book.asks))
        assert book.bids[0] >= 1


def test_trades_print_within_the_quotes_before_them(market: Market) -> None:
    touches: dict[int, Touch] = {}
    checked = 0
    for each in run(market, 10):
        if isinstance(each, Touch):
            touches[each.pair] = each
        elif each.pair in touches:
            touch = touches[each.pair]
            assert each.price >= touch.ask if each.buy else each.price <= touch.bid
            checked += 1
    assert checked > 1_000


def test_the_spread_stays_lifelike() -> None:
    market = Market(7, pairs(48), START, 1_000.0)
    spreads = [
        (each.ask - each.bid) / each.ask - 1 / each.ask
        for each in run(market, 20)
        if isinstance(each, Touch) and each.pair == 0
    ]
    assert sorted(spreads)[len(spreads) // 2] < 1e-4
    assert max(spreads) < 2e-3


def test_live_volume_is_about_what_history_had() -> None:
    market = Market(7, pairs(10), START, 1_000.0)
    traded = sum(sum(e.fills) for e in run(market, 60) if isinstance(e, Taken) and e.pair == 0)
    day = market.chart(0).candles("1d", None, START, 2, START)[0]
    assert 0.3 < traded * 1_440 / day[5] < 3.0


def test_nothing_happens_in_a_halted_pair_until_it_goes_on() -> None:
    market = Market(7, pairs(4, "binance"), START, 200.0)
    market.halt(0)
    assert {each.pair for each in market.advance(START + 5_000)} == {1, 2, 3}
    market.halt(0, halted=False)
    assert 0 in {each.pair for each in market.advance(START + 10_000)}
