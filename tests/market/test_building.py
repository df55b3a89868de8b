"""Candles built from trades: what the trades alone may say, and what the exchange must."""

from collections.abc import Sequence
from itertools import accumulate, groupby

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market import building
from tickglass.market.building import BarBuilder
from tickglass.market.events import Candle, Trade
from tickglass.market.instrument import Instrument
from tickglass.market.interval import next_start, start_of

BTC = Instrument("coinbase", "BTC", "USD")
MINUTE = 60_000
LAG = 1_000  # ms that the exchange's word may be behind its trades


def trade(minute: float, price: float = 10.0, size: float = 1.0, *, history: bool = False) -> Trade:
    return Trade(BTC, round(minute * MINUTE), "1", price, size, "buy", history)


def candle(
    minute: int,
    prices: tuple[float, float, float, float] = (10.0, 10.0, 10.0, 10.0),
    volume: float = 1.0,
    *,
    closed: bool = True,
) -> Candle:
    """A candle of these open, high, low and close."""
    return Candle(BTC, "1m", minute * MINUTE, *prices, volume, closed)


def running(*trades: Trade) -> BarBuilder:
    """A builder that has had the exchange's word in an empty minute 0, then these trades."""
    builder = BarBuilder(BTC, "1m")
    builder.word([], 0)
    for each in trades:
        builder.trade(each)
    return builder


def feed(builder: BarBuilder, *trades: Trade) -> list[Candle]:
    return [candle for each in trades for candle in builder.trade(each)]


# ---------------------------------------------------------------- whole candles


def test_a_trade_moves_its_candle_and_the_first_one_of_the_next_minute_closes_it() -> None:
    told = feed(running(), trade(1, 10, 1), trade(1.2, 12, 2), trade(1.9, 9, 0.5), trade(2.5, 11))
    assert told == [
        candle(1, (10, 10, 10, 10), 1, closed=False),
        candle(1, (10, 12, 10, 12), 3, closed=False),
        candle(1, (10, 12, 9, 9), 3.5, closed=False),
        candle(1, (10, 12, 9, 9), 3.5, closed=True),
        candle(2, (11, 11, 11, 11), 1, closed=False),
    ]


def test_a_minute_without_trades_has_no_candle() -> None:
    told = feed(running(), trade(1), trade(4))
    assert [(each.start // MINUTE, each.closed) for each in told] == [
        (1, False), (1, True), (4, False)
    ]  # fmt: skip


def test_volumes_add_up_without_a_tail_of_noise() -> None:
    told = feed(running(), *(trade(1, size=0.1) for _ in range(3)))
    assert told[-1].volume == 0.3


def test_a_late_trade_changes_nothing() -> None:
    builder = running(trade(1), trade(2))
    assert feed(builder, trade(1.9, 99), trade(0.5, 99)) == []
    assert feed(builder, trade(2.1, 11))[-1] == candle(2, (10, 11, 10, 11), 2, closed=False)


def test_a_trade_late_for_a_candle_that_the_exchange_closed_changes_nothing() -> None:
    builder = BarBuilder(BTC, "1m")
    builder.word([candle(1)], 2 * MINUTE)
    assert feed(builder, trade(1.99, 99)) == []


def test_history_is_passed_over_before_and_after_the_exchanges_word() -> None:
    builder = BarBuilder(BTC, "1m")
    assert feed(builder, trade(1.5, 99, history=True)) == []
    assert builder.word([candle(1, closed=False)], MINUTE) == [candle(1, closed=False)]
    assert feed(builder, trade(1.6, 99, history=True)) == []


# ---------------------------------------------------------------- the exchange's word


def test_before_the_exchanges_word_nothing_is_told() -> None:
    builder = BarBuilder(BTC, "1m")
    assert builder.owing == 0
    assert feed(builder, trade(1), trade(2), trade(3)) == []
    assert builder.owing == 0


def test_the_running_candle_goes_on_from_the_exchanges_word_and_the_trades_kept_after_it() -> None:
    builder = BarBuilder(BTC, "1m")
    feed(builder, trade(1.2, 12), trade(1.6, 8))
    told = builder.word(
        [candle(0), candle(1, (11, 12, 11, 12), 5, closed=False)], int(1.5 * MINUTE)
    )
    assert told == [
        candle(1, (11, 12, 11, 12), 5, closed=False),
        candle(1, (11, 12, 8, 8), 6, closed=False),
    ]
    assert builder.owing is None


def test_a_candle_half_of_which_was_seen_is_owed_until_the_exchange_closes_it() -> None:
    builder = BarBuilder(BTC, "1m")
    builder.word([candle(1, volume=5, closed=False)], MINUTE)
    told = feed(builder, trade(1.5), trade(2.5))
    assert told == [candle(1, volume=6, closed=False), candle(2, closed=False)]
    assert builder.owing == MINUTE
    exchanges = [candle(0), candle(1, volume=7), candle(2, closed=False)]
    assert builder.word(exchanges, int(2.6 * MINUTE)) == [candle(1, volume=7)]
    assert builder.owing is None


def test_the_word_on_an_owed_candle_does_not_touch_the_one_being_built() -> None:
    builder = BarBuilder(BTC, "1m")
    builder.word([candle(1, closed=False)], MINUTE)
    feed(builder, trade(2.1, 10), trade(2.2, 12))
    builder.word([candle(1), candle(2, volume=1, closed=False)], int(2.15 * MINUTE))
    assert feed(builder, trade(2.3, 11))[-1] == candle(2, (10, 12, 10, 11), 3, closed=False)
    assert feed(builder, trade(3))[0] == candle(2, (10, 12, 10, 11), 3)


def test_an_interrupted_candle_is_closed_by_the_exchange_alone() -> None:
    builder = running(trade(1))
    builder.interrupt()
    assert builder.owing == MINUTE
    assert feed(builder, trade(2.5)) == []
    exchanges = [candle(0), candle(1, volume=9), candle(2, closed=False)]
    told = builder.word(exchanges, int(2.6 * MINUTE))
    assert told == [candle(1, volume=9), candle(2, closed=False)]
    assert [each.closed for each in feed(builder, trade(3))] == [False]
    assert builder.owing == 2 * MINUTE


def test_a_candle_that_began_after_the_interruption_needs_no_word() -> None:
    builder = running(trade(1))
    builder.interrupt()
    feed(builder, trade(1.5), trade(2.5))
    exchanges = [candle(0), candle(1, volume=9), candle(2, volume=7, closed=False)]
    told = builder.word(exchanges, int(2.6 * MINUTE))
    assert told == [candle(1, volume=9), candle(2, closed=False)]
    assert feed(builder, trade(3)) == [candle(2), candle(3, closed=False)]
    assert builder.owing is None


def test_an_interruption_between_two_candles_is_owed_from_the_last_known() -> None:
    builder = BarBuilder(BTC, "1m")
    builder.word([candle(1)], 2 * MINUTE)
    builder.interrupt()
    assert builder.owing == MINUTE
    told = builder.word([candle(1, volume=2), candle(2), candle(3, closed=False)], 3 * MINUTE)
    assert told == [candle(1, volume=2), candle(2), candle(3, closed=False)]


def test_a_minute_that_began_before_the_word_came_is_made_of_all_that_was_heard_of_it() -> None:
    builder = BarBuilder(BTC, "1m")
    feed(builder, trade(1.5), trade(2.001), trade(2.002))
    lagging = [candle(0), candle(1, volume=4, closed=False)]
    builder.word(lagging, int(2.0015 * MINUTE))  # asked for between the two, and holds neither
    assert feed(builder, trade(2.5), trade(3))[-2:] == [
        candle(2, volume=3), candle(3, closed=False)
    ]  # fmt: skip


def test_a_candle_that_has_just_ended_is_owed_until_the_exchange_calls_it_closed() -> None:
    builder = running(trade(1))
    builder.interrupt()
    feed(builder, trade(2.001))
    just_ended = [candle(1, volume=3, closed=False), candle(2, closed=False)]
    assert builder.word(just_ended, int(2.002 * MINUTE)) == [candle(2, closed=False)]
    assert builder.owing == MINUTE
    told = builder.word([candle(1, volume=4), candle(2, volume=1, closed=False)], int(2.1 * MINUTE))
    assert told == [candle(1, volume=4)]
    assert builder.owing is None


def test_a_trade_that_comes_after_its_candle_was_closed_asks_the_exchange() -> None:
    builder = running(trade(1), trade(2))
    assert builder.owing is None
    assert feed(builder, trade(1.99, 99)) == []
    assert builder.owing == MINUTE
    corrected = candle(1, (10, 99, 10, 99), 2)
    assert builder.word([corrected, candle(2, closed=False)], int(2.1 * MINUTE)) == [corrected]


def test_a_second_interruption_keeps_what_was_owed_since_the_first() -> None:
    builder = running(trade(1))
    builder.interrupt()
    feed(builder, trade(5))
    builder.interrupt()
    assert builder.owing == MINUTE


def test_trades_kept_before_an_interruption_are_forgotten() -> None:
    builder = BarBuilder(BTC, "1m")
    feed(builder, trade(3, 99))
    builder.interrupt()
    assert builder.word([candle(1, closed=False)], MINUTE) == [candle(1, closed=False)]


def test_the_trades_kept_are_bounded_and_the_newest_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "TRADES_KEPT", 3)
    builder = BarBuilder(BTC, "1m")
    feed(builder, *(trade(1, price) for price in (1, 2, 3, 4, 5)))
    assert [each.close for each in builder.word([], 0)] == [3, 4, 5]


# ---------------------------------------------------------------- any trades, any gaps


def aggregate(trades: Sequence[Trade], interval: str) -> list[Candle]:
    """The candles of trades, told plainly; the last is still open."""
    grouped = groupby(trades, key=lambda each: start_of(interval, each.time))
    groups = [(start, list(its)) for start, its in grouped]
    return [
        Candle(
            BTC,
            interval,
            start,
            its[0].price,
            max(each.price for each in its),
            min(each.price for each in its),
            its[-1].price,
            round(sum(each.size for each in its), 9),
            closed=number < len(groups),
        )
        for number, (start, its) in enumerate(groups, 1)
    ]


steps = st.lists(
    st.tuples(
        st.sampled_from([1, 900, 7_000, 31_000, 61_000, 200_000]),  # ms since the trade before
        st.integers(1, 50),  # price
        st.integers(1, 9),  # size in tenths
        st.sampled_from(["seen", "seen", "seen", "missed"]),
    ),
    min_size=1,
    max_size=60,
)
delays = st.lists(st.integers(0, 4), max_size=20)  # trades until the exchange's word comes


@given(steps, delays, st.sampled_from(["1m", "5m"]))
def test_closed_candles_are_those_of_all_trades_whatever_was_missed_and_however_late_the_word(
    steps: list[tuple[int, int, int, str]], delays: list[int], interval: str
) -> None:
    times = accumulate((step[0] for step in steps), initial=10 * MINUTE)
    next(times)
    all_trades = [
        Trade(BTC, time, "1", float(price), tenths / 10, "buy")
        for time, (_, price, tenths, _) in zip(times, steps, strict=True)
    ]
    builder, told = BarBuilder(BTC, interval), list[Candle]()
    known_from, wait = None, None
    for count, (now, step) in enumerate(zip(all_trades, steps, strict=True), 1):
        if step[3] == "missed":
            builder.interrupt()
            continue
        told += builder.trade(now)
        if builder.owing is None:
            continue
        if wait is None:
            wait = delays.pop() if delays else 0
        if wait:
            wait -= 1
            continue
        wait = None
        told += builder.word(aggregate(all_trades[:count], interval), now.time)
        if known_from is None:
            known_from = start_of(interval, now.time)
    if known_from is None:
        return
    end = Trade(BTC, next_start(interval, start_of(interval, now.time)), "1", 1.0, 1.0, "buy")
    told += builder.trade(end)
    if builder.owing is not None:
        told += builder.word(aggregate([*all_trades, end], interval), end.time)
    closed = {each.start: each for each in told if each.closed}
    expected = aggregate([*all_trades, end], interval)[:-1]
    wrong = [each for each in told if each.closed and each not in expected]
    assert not wrong
    assert [each for each in expected if each.start >= known_from] == [
        closed[start] for start in sorted(closed) if start >= known_from
    ]


@given(steps, st.data())
def test_a_word_that_splits_the_trades_anywhere_gives_every_candle_from_the_running_one_on(
    steps: list[tuple[int, int, int, str]], data: st.DataObject
) -> None:
    times = list(accumulate(step[0] for step in steps))
    trades = [
        Trade(BTC, 10 * MINUTE + time, "1", float(price), tenths / 10, "buy")
        for time, (_, price, tenths, _) in zip(times, steps, strict=True)
    ]
    joined = data.draw(st.integers(0, len(trades) - 1))
    held = data.draw(st.integers(max(1, joined), len(trades)))  # trades that the word holds
    came = data.draw(st.integers(held, len(trades)))  # trades told when it came
    after = trades[held].time if held < len(trades) else trades[-1].time + 200_000
    # When it was asked for: the word may lag, and may hold what happened after the question.
    latest = min(after, trades[held - 1].time + 5 * MINUTE) + LAG - 1
    until = data.draw(st.integers(trades[held - 1].time - LAG, latest))
    builder = BarBuilder(BTC, "1m")
    told = feed(builder, *trades[joined:came])
    told += builder.word(said(trades[:held], until), until)
    for count in range(came, len(trades) + 1):
        if builder.owing is not None:
            asked = trades[count - 1].time
            told += builder.word(said(trades[:count], asked), asked)
        told += feed(builder, *trades[count : count + 1])
    settled = trades[-1].time + MINUTE + LAG
    if builder.owing is not None:
        told += builder.word(said(trades, settled), settled)
    running = trades[-1].time // MINUTE * MINUTE
    listened = max(until, trades[min(joined, came - 1)].time)
    expected = [each for each in aggregate(trades, "1m") if each.start < running]
    closed = {each.start: each for each in told if each.closed and each.start < running}
    assert all(each in expected for each in told if each.closed and each.start < running)
    assert [each for each in expected if each.start > listened] == [
        closed[start] for start in sorted(closed) if start > listened
    ]


def said(trades: Sequence[Trade], asked: int) -> list[Candle]:
    """The exchange's word: what has just ended may lack trades, and is not called closed."""
    return [
        msgspec.structs.replace(each, closed=next_start("1m", each.start) <= asked - LAG)
        for each in aggregate(trades, "1m")
    ]
