"""What an exchange shows: numbers on the grid, a ticker that agrees with the candles, a book."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickglass.errors import UsageError
from tickglass.exchanges.exchange import Match
from tickglass.market.book import OrderBook
from tickglass.market.events import Quote
from tickglass.market.interval import DAY, MINUTE
from tickglass.simulator.market import Market
from tickglass.simulator.pairs import pairs
from tickglass.simulator.view import ExchangeView

from .conftest import EXCHANGE, START, run

COUNT = 54


def test_an_unknown_exchange_is_refused_with_those_there_are(market: Market) -> None:
    with pytest.raises(UsageError, match=EXCHANGE):
        ExchangeView(market, "nowhere")


def test_every_pair_is_listed_with_its_steps(view: ExchangeView) -> None:
    listing = next(iter(view.listings))
    assert listing.symbol == "BTCUSDT"
    assert str(listing.instrument) == "binance:BTC/USDT"
    assert (str(listing.tick_size), str(listing.lot_size)) == ("0.01", "0.00001")
    assert len(view.listings) == 12


def test_every_number_is_exactly_what_its_text_says() -> None:
    view = ExchangeView(Market(7, pairs(COUNT), START, 2_000.0), EXCHANGE)
    for each in run(view.market, 2):
        event = view.publish(each)
        if isinstance(event, Match):
            numbers = [n for fill in event.fills for n in (fill.price, fill.size)]
        else:
            numbers = [event.bid, event.bid_size, event.ask, event.ask_size]
        for number in numbers:
            assert number > 0
            assert float(f"{number:.8f}") == number


@pytest.mark.parametrize("index", [0, 5])
def test_the_ticker_is_what_the_minutes_of_the_day_say(index: int) -> None:
    view = ExchangeView(Market(7, pairs(6), START, 300.0), EXCHANGE)
    instrument = view.instrument(index)
    for seconds in (0, 1, 70):
        list(run(view.market, seconds))
        day = view.day(instrument)
        minutes = view.bars(instrument, "1m", day.open_time, None, 2_000)
        candles = [bar.candle for bar in minutes]
        assert 0 <= view.now - DAY - day.open_time < MINUTE
        assert day.ticker.open == candles[0].open
        assert day.ticker.high == max(candle.high for candle in candles)
        assert day.ticker.low == min(candle.low for candle in candles)
        assert day.ticker.last == candles[-1].close
        assert day.ticker.base_volume == pytest.approx(sum(candle.volume for candle in candles))
        assert day.ticker.quote_volume == pytest.approx(sum(bar.quote_volume for bar in minutes))
        assert day.last_trade - day.first_trade + 1 == sum(bar.trades for bar in minutes)


def test_the_ticker_has_the_last_trade_and_the_touch(view: ExchangeView) -> None:
    last = {}
    for each in run(view.market, 5):
        event = view.publish(each)
        if isinstance(event, Match):
            last[event.fills[0].instrument] = event.fills[-1]
    for instrument, fill in last.items():
        day, quote = view.day(instrument), view.quote(instrument)
        assert (day.ticker.last, day.last_size) == (fill.price, fill.size)
        assert day.last_trade == int(fill.id)
        assert (day.ticker.bid, day.ticker.ask) == (quote.bid, quote.ask)
        assert (day.bid_size, day.ask_size) == (quote.bid_size, quote.ask_size)


def test_the_last_quote_published_is_the_top_of_the_book(view: ExchangeView) -> None:
    quotes = {}
    for each in run(view.market, 5):
        event = view.publish(each)
        if isinstance(event, Quote):
            quotes[event.instrument] = event
    for instrument, quote in quotes.items():
        book = view.book(instrument, 1)
        assert (quote.bid, quote.bid_size) == book.bids[0]
        assert (quote.ask, quote.ask_size) == book.asks[0]


def test_the_newest_matches_are_those_published(view: ExchangeView) -> None:
    published = [view.publish(each) for each in run(view.market, 3)]
    btc = view.instrument(0)
    own = [e for e in published if isinstance(e, Match) and e.fills[0].instrument == btc]
    assert view.matches(btc, 20) == own[-20:]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 8), min_size=1, max_size=20), st.integers(0, 2**32))
def test_a_book_kept_by_deltas_is_the_book(steps: list[int], seed: int) -> None:
    view = ExchangeView(Market(seed, pairs(2), START, 2_000.0), EXCHANGE)
    instrument = view.instrument(0)
    book = OrderBook(instrument)
    book.load(view.book(instrument, 5_000))
    for step in steps:
        since = view.update_id(instrument)
        view.market.advance(view.now + step * 25)
        delta = view.delta(instrument, since)
        assert delta.previous == since
        book.update(delta)
        snapshot = view.book(instrument, 5_000)
        assert book.sequence == snapshot.sequence
        assert (book.bids.top(600), book.asks.top(600)) == (snapshot.bids, snapshot.asks)
