"""The store: what each event changes, and what it must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.book import Resync
from tickglass.market.events import (
    BookDelta,
    BookSnapshot,
    Candle,
    Level,
    MarketEvent,
    Quote,
    Ticker,
    Trade,
)
from tickglass.market.freshness import Freshness, Link
from tickglass.market.instrument import Instrument
from tickglass.market.store import Store

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("binance", "ETH", "USDT")


def link(arrived: float = 100.0, dial: int = 1) -> Link:
    made = Link("binance", 1)
    made.open(arrived)
    made.dial = dial
    return made


def ticker(
    last: float | None = 10.0,
    time: int | None = 1_000,
    bid: float | None = 9.0,
    ask: float | None = 11.0,
    open: float | None = 8.0,
    high: float | None = 12.0,
    low: float | None = 7.0,
) -> Ticker:
    return Ticker(BTC, time, last, bid, ask, open, high, low, 100.0, 1_000.0)


def trade(price: float, time: int = 1_000, instrument: Instrument = BTC) -> Trade:
    return Trade(instrument, time, "1", price, 1.0, "buy")


def quote(bid: float, ask: float) -> Quote:
    return Quote(BTC, None, bid, 1.0, ask, 1.0)


def snapshot(sequence: int, bid: float = 9.0, ask: float = 11.0) -> BookSnapshot:
    return BookSnapshot(BTC, None, sequence, (Level(bid, 1.0),), (Level(ask, 1.0),), joins=True)


def delta(first: int, last: int, bid: float = 9.5) -> BookDelta:
    return BookDelta(BTC, None, first - 1, last, (Level(bid, 2.0),), ())


# ---------------------------------------------------------------- numbers


def test_nothing_is_known_of_an_instrument_before_its_first_event() -> None:
    state = Store().state(BTC)
    known = (state.last, state.bid, state.ask, state.open, state.high, state.low, state.change)
    assert known == (None,) * 7
    assert state.freshness(100.0) is Freshness.NEVER
    assert state.age(100.0) is None


def test_a_ticker_gives_the_numbers_of_the_day() -> None:
    store = Store()
    assert not store.apply(ticker(), link())
    state = store.states[BTC]
    assert (state.last, state.open, state.high, state.low) == (10.0, 8.0, 12.0, 7.0)
    assert (state.base_volume, state.quote_volume, state.time) == (100.0, 1_000.0, 1_000)
    assert (state.bid, state.ask) == (9.0, 11.0)
    assert state.change == 0.25


def test_a_trade_sets_the_last_price_and_widens_the_days_range() -> None:
    store = Store()
    store.apply(ticker(), link())
    store.apply(trade(13.0, 1_001), link())
    store.apply(trade(6.0, 1_002), link())
    state = store.states[BTC]
    assert (state.last, state.time, state.high, state.low) == (6.0, 1_002, 13.0, 6.0)


def test_a_trade_alone_makes_no_range_of_the_day() -> None:
    store = Store()
    store.apply(trade(13.0), link())
    state = store.states[BTC]
    assert (state.last, state.high, state.low, state.change) == (13.0, None, None, None)


def test_a_ticker_older_than_the_last_trade_leaves_the_price() -> None:
    store = Store()
    store.apply(trade(13.0, time=2_000), link())
    store.apply(ticker(last=10.0, time=1_999), link())
    assert (store.states[BTC].last, store.states[BTC].time) == (13.0, 2_000)
    store.apply(ticker(last=10.0, time=2_000), link())
    assert (store.states[BTC].last, store.states[BTC].time) == (10.0, 2_000)


def test_a_ticker_without_a_last_price_leaves_the_price() -> None:
    store = Store()
    store.apply(trade(13.0), link())
    store.apply(ticker(last=None, time=9_000), link())
    assert (store.states[BTC].last, store.states[BTC].time) == (13.0, 1_000)


@pytest.mark.parametrize(("later", "bid"), [(0.1, 9.9), (10.0, 9.9), (10.1, 9.0)])
def test_bid_and_ask_are_the_quotes_while_it_is_young_and_the_tickers_after(
    later: float, bid: float
) -> None:
    store = Store()
    store.apply(quote(9.9, 10.1), link(100.0))
    store.apply(ticker(bid=9.0, ask=11.0), link(100.0 + later))
    assert store.states[BTC].bid == bid


events = st.one_of(
    st.tuples(st.just("quote"), st.integers(1, 50), st.floats(0, 8)),
    st.tuples(st.just("ticker"), st.integers(1, 50), st.floats(0, 8)),
    st.tuples(st.just("trade"), st.integers(1, 50), st.floats(0, 8)),
)


@given(st.lists(events, max_size=30))
def test_bid_and_ask_never_come_from_a_ticker_while_a_quote_is_young(
    stream: list[tuple[str, int, float]],
) -> None:
    store, now, quoted = Store(), 0.0, None
    told: dict[str, float] = {}
    for kind, price, wait in stream:
        now += wait
        event: MarketEvent
        if kind == "quote":
            event, quoted = quote(price, price + 1), now
            told = {"bid": price, "ask": price + 1}
        elif kind == "ticker":
            event = ticker(bid=price - 0.5, ask=price + 0.5)
            if quoted is None or now - quoted > 10:
                told = {"bid": price - 0.5, "ask": price + 0.5}
        else:
            event = trade(price)
        store.apply(event, link(now))
        state = store.states[BTC]
        assert (state.bid, state.ask) == (told.get("bid"), told.get("ask"))


# ---------------------------------------------------------------- freshness and change


def test_every_kind_of_event_is_news_of_its_instrument() -> None:
    candle = Candle(BTC, "1m", 0, 1, 1, 1, 1, 1, False)
    for event in (ticker(), trade(1.0), quote(1.0, 2.0), candle, snapshot(1), delta(1, 1)):
        store = Store()
        store.apply(event, link(50.0))
        assert store.states[BTC].seen == 50.0
        assert store.take_changed() == {BTC}


def test_freshness_is_judged_over_the_link_of_the_last_event() -> None:
    store, over = Store(), link(100.0)
    store.apply(trade(1.0), over)
    state = store.states[BTC]
    assert state.freshness(105.0) is Freshness.LIVE
    over.up = False
    assert state.freshness(105.0) is Freshness.LOST
    over.open(106.0)
    assert state.freshness(106.0) is Freshness.LOST
    store.apply(trade(1.0), over)
    assert state.freshness(106.0) is Freshness.LIVE
    assert state.age(109.0) == 3.0


def test_what_changed_is_told_once() -> None:
    store = Store()
    store.apply(trade(1.0), link())
    store.apply(trade(2.0), link())
    store.apply(trade(2.0, instrument=ETH), link())
    assert store.take_changed() == {BTC, ETH}
    assert store.take_changed() == set()
    store.apply(trade(3.0), link())
    assert store.take_changed() == {BTC}


def test_the_first_change_after_they_were_taken_wakes_who_shows_them() -> None:
    woken: list[None] = []
    store = Store(lambda: woken.append(None))
    store.apply(trade(10.0), link())
    store.apply(trade(11.0), link())
    assert len(woken) == 1
    store.take_changed()
    store.apply(trade(12.0), link())
    assert len(woken) == 2


def test_arrived_is_the_oldest_event_that_was_not_painted() -> None:
    store = Store()
    store.apply(trade(1.0), link(100.0))
    store.apply(trade(2.0), link(100.5))
    assert store.states[BTC].arrived == 100.0
    store.states[BTC].arrived = None  # painted
    store.apply(trade(3.0), link(101.0))
    assert store.states[BTC].arrived == 101.0


def test_touching_marks_what_is_watched_and_makes_nothing() -> None:
    store = Store()
    store.state(BTC)
    store.touch([BTC, ETH])
    assert store.take_changed() == {BTC}
    assert set(store.states) == {BTC}


# ---------------------------------------------------------------- series


def test_candles_and_trades_reach_the_open_series_only() -> None:
    store = Store()
    minute, hour = store.open_series(BTC, "1m"), store.open_series(BTC, "1h")
    store.apply(Candle(BTC, "1m", 0, 5, 5, 5, 5, 1, False), link())
    store.apply(Candle(BTC, "5m", 0, 6, 6, 6, 6, 1, False), link())
    store.apply(trade(7.0, 30_000), link())
    store.apply(trade(9.0, 40_000, ETH), link())
    assert minute.candle(-1) == Candle(BTC, "1m", 0, 5, 7, 5, 7, 1, False)
    assert len(hour) == 0
    assert set(store.series) == {(BTC, "1m"), (BTC, "1h")}


def test_a_series_is_opened_once_and_gone_after_it_is_closed() -> None:
    store = Store()
    first = store.open_series(BTC, "1m")
    assert store.open_series(BTC, "1m") is first
    store.close_series(BTC, "1m")
    store.close_series(BTC, "1m")
    assert store.series == {}
    assert store.open_series(BTC, "1m") is not first


def test_prices_draw_the_sparkline() -> None:
    store = Store()
    store.apply(ticker(last=10.0, time=0), link())
    store.apply(trade(11.0, 900_000), link())
    assert store.states[BTC].sparkline.prices == [10.0, 11.0]


# ---------------------------------------------------------------- books


def test_a_book_is_live_from_its_snapshot_on() -> None:
    store = Store()
    assert not store.apply(delta(2, 2), link())
    assert store.apply(snapshot(1), link())
    assert store.apply(delta(3, 3, bid=9.7), link())
    assert store.books[BTC].bids.best() == 9.7
    assert not store.apply(delta(3, 3), link())


def test_a_book_starts_anew_on_a_newer_dial() -> None:
    store = Store()
    store.apply(snapshot(1), link(dial=1))
    assert not store.apply(delta(2, 2), link(dial=2))
    assert store.books[BTC].waiting
    assert store.apply(snapshot(1), link(dial=2))
    assert store.books[BTC].sequence == 2


def test_a_book_ignores_an_older_dial() -> None:
    store = Store()
    store.apply(snapshot(1), link(dial=2))
    assert not store.apply(delta(7, 7), link(dial=1))
    assert not store.apply(snapshot(50), link(dial=1))
    assert (store.books[BTC].sequence, store.books[BTC].dial) == (1, 2)
    assert store.resyncs == 0


def test_a_gap_in_a_book_is_counted_and_told() -> None:
    store = Store()
    store.apply(snapshot(1), link())
    with pytest.raises(Resync):
        store.apply(delta(5, 5), link())
    assert store.resyncs == 1
    assert store.books[BTC].waiting
    assert store.take_changed() == {BTC}


def test_books_of_two_instruments_do_not_mix() -> None:
    store = Store()
    store.apply(snapshot(1), link())
    store.apply(BookSnapshot(ETH, None, 90, (Level(1.0, 1.0),), ()), link())
    assert store.apply(delta(2, 2), link())
    assert store.books[ETH].sequence == 90


def test_forgetting_an_instrument_leaves_nothing_of_it() -> None:
    store = Store()
    store.open_series(BTC, "1m")
    store.open_series(BTC, "1h")
    other = store.open_series(ETH, "1m")
    for event in (ticker(), snapshot(1), trade(9.0, instrument=ETH)):
        store.apply(event, link())
    store.forget(BTC)
    store.forget(BTC)
    assert (set(store.states), store.books) == ({ETH}, {})
    assert store.series == {(ETH, "1m"): other}
    assert store.take_changed() == {ETH}
    assert store.state(BTC).last is None
    store.open_series(BTC, "1m")
    store.apply(Candle(BTC, "1m", 0, 5, 5, 5, 5, 1, False), link())
    assert len(store.series[BTC, "1m"]) == 1


# ---------------------------------------------------------------- what only some exchanges tell


def test_a_ticker_fills_in_what_it_knows_and_leaves_the_rest() -> None:
    store = Store()
    store.apply(ticker(), link())
    statistics = Ticker(BTC, None, None, None, None, None, 14.0, None, 200.0, None)
    store.apply(statistics, link())
    state = store.states[BTC]
    assert (state.last, state.time, state.bid, state.ask) == (10.0, 1_000, 9.0, 11.0)
    assert (state.open, state.high, state.low) == (8.0, 14.0, 7.0)
    assert (state.base_volume, state.quote_volume) == (200.0, 1_000.0)


def test_a_statistic_of_zero_is_told_too() -> None:
    store = Store()
    store.apply(ticker(), link())
    store.apply(Ticker(BTC, 1_000, None, None, None, None, None, None, 0.0, 0.0), link())
    assert (store.states[BTC].base_volume, store.states[BTC].quote_volume) == (0.0, 0.0)


def test_a_ticker_without_a_time_is_news_and_draws_nothing() -> None:
    store = Store()
    store.apply(trade(13.0, 900_000), link())
    store.apply(ticker(last=10.0, time=None), link())
    assert (store.states[BTC].last, store.states[BTC].time) == (10.0, None)
    assert store.states[BTC].sparkline.prices == [13.0]


def history(price: float, time: int) -> Trade:
    return Trade(BTC, time, "1", price, 1.0, "buy", history=True)


def test_trades_told_on_subscribing_give_the_price_where_none_is_known() -> None:
    store = Store()
    store.apply(history(5.0, 900), link())
    store.apply(history(6.0, 1_000), link())
    assert (store.states[BTC].last, store.states[BTC].time) == (6.0, 1_000)


def test_history_older_than_the_last_price_changes_nothing_but_is_a_sign_of_life() -> None:
    store = Store()
    store.apply(ticker(), link(100.0))
    series = store.open_series(BTC, "1m")
    series.update(Candle(BTC, "1m", 0, 10, 10, 10, 10, 1, False))
    version = series.version
    store.apply(history(99.0, 999), link(101.0))
    state = store.states[BTC]
    assert (state.last, state.high, state.time, state.seen) == (10.0, 12.0, 1_000, 101.0)
    assert state.sparkline.prices == [10.0]
    assert series.version == version


def test_a_trade_that_overtook_another_gives_the_price_all_the_same() -> None:
    store = Store()
    store.apply(trade(13.0, 2_000), link())
    store.apply(trade(12.0, 1_999), link())
    assert store.states[BTC].last == 12.0


def test_a_book_that_quotes_have_left_behind_asks_for_resync_and_is_counted() -> None:
    for event in (quote(11.0, 12.0), quote(8.0, 9.0), ticker(bid=11.0, ask=None)):
        store = Store()
        store.apply(snapshot(1), link(100.0))  # 9 to 11
        with pytest.raises(Resync, match="stale"):
            store.apply(event, link(101.5))
        assert store.resyncs == 1
        assert store.books[BTC].waiting
        store.apply(event, link(103.0))  # one that waits already is not asked for again
        assert store.resyncs == 1


@pytest.mark.parametrize(
    ("bid", "ask", "later"),
    [
        (11.0, 12.0, 1.4),  # the two come over different streams
        (10.9, 11.0, 60.0),
        (9.0, 9.1, 60.0),
    ],
)
def test_a_book_that_was_heard_of_just_now_or_lies_around_the_quote_is_kept(
    bid: float, ask: float, later: float
) -> None:
    store = Store()
    store.apply(snapshot(1), link(100.0))
    store.apply(quote(bid, ask), link(100.0 + later))
    assert not store.books[BTC].waiting


def test_any_delta_is_news_of_a_book() -> None:
    store = Store()
    store.apply(snapshot(1), link(100.0))
    store.apply(delta(2, 2), link(110.0))
    store.apply(quote(11.0, 12.0), link(111.0))
    assert not store.books[BTC].waiting
