"""What the wire does not bring: quotes and candles made here, and holes that REST fills."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tickglass.errors import FeedError, Unreachable
from tickglass.exchanges.binance import Binance
from tickglass.exchanges.coinbase import Coinbase
from tickglass.exchanges.exchange import BadFrame, Channel, Exchange, Kind
from tickglass.feed.completing import Completing
from tickglass.market.events import Candle, MarketEvent, Quote, Status, Ticker, Trade
from tickglass.market.freshness import Link
from tickglass.market.instrument import Instrument

from .helpers import Listener

BTC = Instrument("coinbase", "BTC", "USD")
ETH = Instrument("coinbase", "ETH", "USD")
MINUTE = 60_000
START = 1_795_361_100_000  # a whole five minutes: minute 0 here
BUILT = Channel(Kind.CANDLE, BTC, "1m")  # from trades
PUSHED = Channel(Kind.CANDLE, BTC, "5m")  # by the exchange


class Stage:
    """A completing sink of an exchange that pushes neither quotes nor minutes, and its clock.

    What it spawns is run by ``fill``. The exchange answers with ``candles``, after the failures.
    """

    def __init__(self, *wanted: Channel, exchange: type[Exchange] = Coinbase) -> None:
        self.now = float(START)
        self.listener = Listener()
        self.link = Link("coinbase", 1)
        self.candles: list[Candle] = []
        self.failures: list[Exception] = []
        self.while_fetching: Callable[[], None] = lambda: None
        self.asked: list[tuple[Instrument, str, int]] = []
        self.slept: list[float] = []
        self.spawned: list[Coroutine[Any, Any, None]] = []
        self.sink = Completing(
            exchange,
            self.listener,
            self.fetch,
            lambda work, name: self.spawned.append(work),
            lambda: int(self.now),
        )
        self.sink.want(wanted)

    async def fetch(
        self, instrument: Instrument, interval: str, limit: int, end: int | None
    ) -> list[Candle]:
        self.asked.append((instrument, interval, limit))
        self.while_fetching()
        if self.failures:
            raise self.failures.pop(0)
        return [each for each in self.candles if end is None or each.start < end][-limit:]

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds * 1000

    def tell(self, *events: MarketEvent) -> list[MarketEvent]:
        """Apply events; what was handed on because of them."""
        before = len(self.listener.events)
        for event in events:
            self.sink.apply(event, self.link)
        return self.listener.events[before:]

    def fill(self) -> list[MarketEvent]:
        """Run what was spawned; what was handed on meanwhile."""
        before = len(self.listener.events)
        spawned, self.spawned = self.spawned, []
        assert spawned, "nothing was to be fetched"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncio, "sleep", self.sleep)
            for work in spawned:
                asyncio.run(work)
        return self.listener.events[before:]


def trade(minute: float, price: float = 10.0, instrument: Instrument = BTC) -> Trade:
    return Trade(instrument, START + round(minute * MINUTE), "1", price, 1.0, "buy")


def candle(
    minute: int,
    price: float = 10.0,
    volume: float = 1.0,
    *,
    closed: bool = True,
    interval: str = "1m",
) -> Candle:
    start = START + minute * MINUTE
    return Candle(BTC, interval, start, price, price, price, price, volume, closed)


def five(minute: int, *, closed: bool = False) -> Candle:
    return candle(minute, closed=closed, interval="5m")


def ticker(
    instrument: Instrument = BTC, bid: float | None = 9.0, size: float | None = 2.0
) -> Ticker:
    return Ticker(instrument, 5, 10.0, bid, 11.0, None, None, None, None, None, size, 3.0)


# ---------------------------------------------------------------- quotes


def test_a_quote_follows_a_ticker_where_it_is_wanted() -> None:
    stage = Stage(Channel(Kind.QUOTE, BTC), Channel(Kind.TICKER, BTC), Channel(Kind.TICKER, ETH))
    assert stage.tell(ticker()) == [ticker(), Quote(BTC, 5, 9.0, 2.0, 11.0, 3.0)]
    assert stage.tell(ticker(ETH)) == [ticker(ETH)]
    stage.sink.want([Channel(Kind.TICKER, BTC)])
    assert stage.tell(ticker()) == [ticker()]


@pytest.mark.parametrize(("bid", "size"), [(None, 2.0), (0.0, 2.0), (9.0, None)])
def test_a_ticker_that_knows_only_half_of_it_makes_no_quote(
    bid: float | None, size: float | None
) -> None:
    stage = Stage(Channel(Kind.QUOTE, BTC))
    assert stage.tell(ticker(bid=bid, size=size)) == [ticker(bid=bid, size=size)]


def test_where_the_exchange_has_quotes_none_is_made() -> None:
    stage = Stage(Channel(Kind.QUOTE, BTC), exchange=Binance)
    assert stage.tell(ticker()) == [ticker()]


# ---------------------------------------------------------------- candles from trades


def built(*trades: Trade) -> Stage:
    """A stage that has had the exchange's word in minute 0, then these trades."""
    stage = Stage(BUILT)
    stage.tell(trade(0.1))
    stage.now = START + 0.2 * MINUTE
    stage.candles = [candle(-1), candle(0, closed=False)]
    stage.fill()
    stage.tell(*trades)
    return stage


def test_trades_become_candles_from_the_exchanges_word_on_which_is_asked_for_at_once() -> None:
    stage = Stage(BUILT)
    assert stage.tell(trade(0.1), trade(0.3, 12)) == [trade(0.1), trade(0.3, 12)]
    stage.now = START + 0.2 * MINUTE
    stage.candles = [candle(-1), candle(0, closed=False)]
    first, second = stage.fill()
    assert first == candle(0, closed=False)
    assert (second.high, second.volume) == (12, 2)  # type: ignore[union-attr]
    assert (stage.asked, stage.slept) == ([(BTC, "1m", 3)], [0])
    assert stage.tell(trade(0.9, 9))[1].close == 9  # type: ignore[union-attr]
    assert stage.spawned == []


def test_a_candle_half_seen_is_asked_for_when_it_has_ended_and_the_exchange_has_settled() -> None:
    stage = built()
    stage.now = START + 1.01 * MINUTE
    assert stage.tell(trade(1.01))[1:] == [candle(1, closed=False)]
    stage.candles = [candle(-1), candle(0, volume=7), candle(1, closed=False)]
    assert stage.fill() == [candle(0, volume=7)]
    assert stage.slept[1:] == [1.5]
    assert stage.tell(trade(2))[1:] == [candle(1), candle(2, closed=False)]
    assert stage.spawned == []


def test_a_channel_is_fetched_once_at_a_time() -> None:
    stage = Stage(BUILT)
    stage.tell(trade(0.1), trade(0.2), trade(0.3))
    stage.fill()
    assert len(stage.asked) == 1


def test_an_interruption_of_trades_is_filled_by_the_next_trade() -> None:
    stage = built(trade(0.5))
    stage.sink.interrupted({BTC})
    assert stage.spawned == []
    stage.now = START + 5.5 * MINUTE
    assert stage.tell(trade(5.5)) == [trade(5.5)]
    stage.candles = [candle(minute, volume=4) for minute in range(-3, 5)]
    stage.candles.append(candle(5, closed=False))
    assert stage.fill() == [*stage.candles[3:8], candle(5, closed=False)]
    assert stage.asked[1:] == [(BTC, "1m", 8)]  # the 5 that began since, and 3 to spare


def test_a_word_asked_for_before_an_interruption_does_not_count() -> None:
    stage = Stage(BUILT)
    stage.tell(trade(0.1))
    stage.now = START + 0.9 * MINUTE

    def interrupted_and_traded() -> None:
        stage.sink.interrupted({BTC})  # the trade of 1.1 was missed
        stage.tell(trade(1.2))

    stage.while_fetching = interrupted_and_traded
    stage.candles = [candle(-1), candle(0, closed=False)]
    assert stage.fill() == [trade(1.2)]
    stage.while_fetching = lambda: None
    stage.now = START + 2.01 * MINUTE
    assert stage.tell(trade(2.0)) == [trade(2.0)]  # not a closed minute 1 without the missed one
    stage.candles = [candle(0), candle(1, volume=2), candle(2, closed=False)]
    assert stage.fill()[-1] == candle(2, closed=False)


def test_an_interruption_of_other_instruments_harms_no_candle() -> None:
    stage = built(trade(0.5))
    stage.sink.interrupted({ETH})
    stage.tell(trade(0.6))
    assert stage.spawned == []
    assert stage.listener.interruptions == [{ETH}]


def test_wanting_more_leaves_the_candle_being_built_as_it_is() -> None:
    stage = built()
    stage.sink.want([BUILT, PUSHED, Channel(Kind.CANDLE, ETH, "1m")])
    assert stage.tell(trade(0.9, 12))[1].high == 12  # type: ignore[union-attr]
    assert stage.spawned == []


def test_what_is_no_longer_wanted_is_no_longer_built() -> None:
    stage = built()
    stage.sink.want([PUSHED])
    assert stage.tell(trade(1)) == [trade(1)]
    stage.sink.want([BUILT])
    stage.tell(trade(2))
    stage.fill()
    assert len(stage.asked) == 2


def test_no_more_candles_are_asked_for_than_the_exchange_gives() -> None:
    stage = built(trade(0.5))
    stage.sink.interrupted({BTC})
    stage.now = START + 10_000 * MINUTE
    stage.tell(trade(10_000))
    stage.fill()
    assert stage.asked[-1] == (BTC, "1m", Coinbase.candles_per_request)


@pytest.mark.parametrize("failure", [Unreachable("no"), FeedError("no"), BadFrame("no")])
def test_a_fetch_that_fails_is_tried_again_after_a_while(failure: Exception) -> None:
    stage = Stage(BUILT)
    stage.tell(trade(0.1))
    stage.failures = [failure, failure]
    stage.candles = [candle(0, closed=False)]
    assert stage.fill()[0] == candle(0, closed=False)
    assert stage.slept == [0, 1.5, 1.5]
    assert len(stage.asked) == 3


def test_after_three_failures_the_next_trade_asks_again() -> None:
    stage = Stage(BUILT)
    stage.tell(trade(0.1))
    stage.failures = [Unreachable("no")] * 3
    assert stage.fill() == []
    stage.candles = [candle(0, closed=False)]
    stage.tell(trade(0.2))
    assert stage.fill()[0] == candle(0, closed=False)


# ---------------------------------------------------------------- candles that are pushed


def pushed(*candles: Candle) -> Stage:
    stage = Stage(PUSHED)
    stage.now = START + MINUTE
    stage.tell(*candles)
    return stage


def test_pushed_candles_are_handed_on_and_nothing_is_fetched() -> None:
    stage = Stage(PUSHED)
    events = [five(0), five(0, closed=True), five(5)]
    assert stage.tell(*events, trade(5)) == [*events, trade(5)]
    assert stage.spawned == []


def test_closed_candles_missed_in_an_interruption_are_fetched_once_the_channel_speaks() -> None:
    stage = pushed(five(-5), five(0))
    stage.sink.interrupted({BTC})
    stage.tell(trade(16))
    assert stage.spawned == []
    stage.now = START + 16 * MINUTE
    stage.tell(five(15), five(15))
    stage.candles = [five(minute, closed=True) for minute in (-10, -5, 0, 5, 10)]
    stage.candles.append(five(15))
    assert stage.fill() == stage.candles[2:5]
    assert stage.asked == [(BTC, "5m", 6)]  # the 3 that began since, and 3 to spare
    assert stage.slept == [1.5]
    stage.tell(five(15), five(20))
    assert stage.spawned == []


def test_a_channel_that_never_spoke_has_nothing_to_fill() -> None:
    stage = Stage(PUSHED)
    stage.sink.interrupted({BTC})
    stage.tell(five(15))
    assert stage.spawned == []


def test_an_interruption_while_the_hole_is_being_filled_is_filled_too() -> None:
    stage = pushed(five(0))
    stage.sink.interrupted({BTC})
    stage.tell(five(5))
    stage.while_fetching = lambda: stage.sink.interrupted({BTC})
    stage.candles = [five(0, closed=True), five(5)]
    assert stage.fill() == [five(0, closed=True)]
    stage.while_fetching = lambda: None
    stage.tell(five(10))
    stage.candles = [five(0, closed=True), five(5, closed=True), five(10)]
    assert five(5, closed=True) in stage.fill()
    stage.tell(five(10))
    assert stage.spawned == []


def test_a_cut_before_the_hole_is_filled_leaves_the_rest_of_it_to_be_filled() -> None:
    """The fetch comes while nothing is heard: what is missed after it must be asked for too."""
    stage = pushed(five(0))
    stage.sink.interrupted({BTC})
    stage.tell(five(5))
    stage.sink.interrupted({BTC})  # cut again while the exchange is given time to settle
    stage.candles = [five(0, closed=True), five(5)]
    assert stage.fill() == [five(0, closed=True)]
    stage.tell(five(15))  # the first word after the second cut
    stage.candles = [five(minute, closed=True) for minute in (0, 5, 10)]
    stage.candles.append(five(15))
    assert stage.fill() == stage.candles[:3]
    stage.tell(five(15), five(20))
    assert stage.spawned == []


def test_a_hole_in_what_is_no_longer_wanted_is_forgotten() -> None:
    stage = pushed(five(0))
    stage.sink.interrupted({BTC})
    stage.sink.want([])
    stage.sink.want([PUSHED])
    stage.tell(five(15))
    assert stage.spawned == []


def test_a_doubted_candle_is_fetched_when_it_has_ended() -> None:
    stage = pushed(five(0))
    stage.sink.doubt({BTC})
    stage.tell(five(0), five(0, closed=True))
    assert stage.spawned == []
    stage.now = START + 5 * MINUTE
    stage.tell(five(5))
    stage.candles = [five(-5, closed=True), candle(0, 10, 7, interval="5m"), five(5)]
    assert stage.fill() == [candle(0, 10, 7, interval="5m")]
    stage.tell(five(10))
    assert stage.spawned == []


def test_a_fetch_before_the_doubted_candle_has_ended_leaves_the_doubt() -> None:
    stage = pushed(five(0))
    stage.sink.interrupted({BTC})
    stage.tell(five(5))
    stage.sink.doubt({BTC})  # of the candle that runs, while the hole before it is to be filled
    stage.candles = [five(0, closed=True), five(5)]
    assert stage.fill() == [five(0, closed=True)]
    stage.tell(five(10))
    stage.candles = [five(0, closed=True), candle(5, 10, 7, interval="5m"), five(10)]
    assert candle(5, 10, 7, interval="5m") in stage.fill()
    stage.tell(five(10), five(15))
    assert stage.spawned == []


def test_a_doubt_of_other_instruments_fetches_nothing() -> None:
    stage = pushed(five(0))
    stage.sink.doubt({ETH})
    stage.tell(five(5))
    assert stage.spawned == []


def test_a_hole_that_three_fetches_did_not_fill_is_fetched_when_the_channel_speaks_again() -> None:
    stage = pushed(five(0))
    stage.sink.interrupted({BTC})
    stage.tell(five(10))
    stage.failures = [Unreachable("no")] * 3
    assert stage.fill() == []
    assert stage.slept == [1.5, 1.5, 1.5]
    stage.candles = [five(0, closed=True), five(5, closed=True), five(10)]
    stage.tell(five(10))
    assert stage.fill() == [five(0, closed=True), five(5, closed=True)]


def test_an_interruption_of_other_instruments_leaves_no_hole() -> None:
    stage = pushed(five(0))
    stage.sink.interrupted({ETH})
    stage.tell(five(5))
    assert stage.spawned == []


def test_a_second_hole_is_filled_from_where_the_first_one_ended() -> None:
    stage = pushed(five(0))
    stage.sink.interrupted({BTC})
    stage.now = START + 100 * MINUTE
    stage.tell(five(100))
    stage.candles = [five(minute, closed=True) for minute in range(0, 100, 5)]
    assert stage.fill() == stage.candles
    stage.sink.interrupted({BTC})
    stage.now = START + 105 * MINUTE
    stage.tell(five(105))
    stage.candles.append(five(100, closed=True))
    assert stage.fill() == stage.candles[-2:]
    assert stage.asked == [(BTC, "5m", 23), (BTC, "5m", 5)]


@pytest.mark.parametrize("what", ["interrupted", "doubt"])
def test_what_is_wanted_again_begins_without_a_past(what: str) -> None:
    stage = pushed(five(0))
    if what == "doubt":
        stage.sink.doubt({BTC})
    stage.sink.want([])
    stage.sink.want([PUSHED])
    if what == "interrupted":
        stage.sink.interrupted({BTC})
    stage.tell(five(15))
    assert stage.spawned == []


# ---------------------------------------------------------------- handing on


def test_states_interruptions_and_refusals_are_handed_on() -> None:
    stage = Stage()
    status = Status("coinbase", 1, "live")
    stage.sink.status(status)
    stage.sink.interrupted({BTC})
    stage.sink.refused(ETH, "No.")
    assert stage.listener.statuses == [status]
    assert stage.listener.interruptions == [{BTC}]
    assert stage.listener.refusals == {ETH: "No."}
