"""A post knows what was not watched, and what was believed before."""

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import Kind, NoData, PriceLevel, Source
from tickglass.alerts.desk import Range
from tickglass.alerts.judge import Hears
from tickglass.alerts.judging import judges_of, second_of
from tickglass.alerts.post import QUOTE_FRESH, Heard, Post, Span
from tickglass.alerts.watch import Watch
from tickglass.market.events import Candle, Quote, Trade
from tickglass.market.instrument import Instrument
from tickglass.market.interval import MINUTE

BTC = Instrument("binance", "BTC", "USDT")
NOW = 1_795_348_800_000
UP = Alert("a", BTC, (PriceLevel(Kind.CROSSES_UP, 100.0),), Trigger.EVERY)
BID = Alert("b", BTC, (PriceLevel(Kind.ABOVE, 100.0, Source.BID),), Trigger.EVERY)


def post(*alerts: Alert) -> Post:
    made = Post(BTC, NOW)
    made.index([Watch(each, BTC, judges_of(each), second_of(each)) for each in alerts], [])
    return made


def believe(at: Post, second: float, price: float) -> list[float | None]:
    """Let a trade be believed and told; the prices at which something fired."""
    time = NOW + round(second * 1_000)
    points = at.desk.trade(Trade(BTC, time, str(time), price, 1.0, "buy"), time)
    assert isinstance(points, tuple)
    return [each.price for point in points for each in at.tell_price(*point, time)]


def quoted(at: Post, second: float, bid: float, ask: float) -> None:
    time = NOW + round(second * 1_000)
    at.desk.quote(Quote(BTC, time, bid, 1.0, ask, 1.0), time)


def test_each_judge_hears_only_what_it_is_about() -> None:
    at = post(UP, BID, Alert("c", BTC, (NoData(60),)))
    assert at.hears == {Hears("last"), Hears("bid"), Hears("silence")}
    assert believe(at, 0, 99.0) == []
    assert at.tell(Hears("bid"), 101.0, NOW, NOW)[0].alert == BID
    assert believe(at, 1, 101.0) == [101.0]


def test_the_price_to_compare_with_is_the_mid_while_it_is_fresh() -> None:
    at = post(UP)
    assert at.price is None
    believe(at, 0, 99.0)
    assert at.price == 99.0
    quoted(at, 1, 99.5, 100.5)
    assert at.price == 100.0
    believe(at, 2 + QUOTE_FRESH / 1_000, 99.25)
    assert at.price == 99.25


def test_where_nothing_was_believed_nothing_new_is_missed() -> None:
    at = post(UP)
    at.interrupted()
    assert (at.hole, at.heard, list(at.spans)) == (None, None, [])


def test_a_hole_keeps_what_was_believed_before_it_and_ends_with_the_next_price() -> None:
    at = post(UP)
    believe(at, 10, 99.0)
    at.interrupted()
    at.interrupted()  # cut twice: one hole
    known = Heard(NOW + 10_000, 99.0, Range(NOW, 99.0, 99.0))
    assert at.heard == known
    assert list(at.spans) == [Span(NOW + 10_000)]
    assert believe(at, 70, 101.0) == [], "nobody saw how it came there"
    hole = at.close_hole(NOW + 70_000, 101.0)
    assert hole is not None
    assert (hole.known, hole.end) == (known, (NOW + 70_000, 101.0))
    assert hole.after == Range(NOW + MINUTE, 101.0, 101.0)
    assert (at.hole, at.unfilled) == (None, [hole])
    assert at.close_hole(NOW + 71_000, 101.0) is None
    assert at.heard == known, "until it is filled"


def test_a_price_from_before_the_hole_ends_it_at_its_start() -> None:
    at = post(UP)
    believe(at, 10, 99.0)
    at.interrupted()
    hole = at.close_hole(NOW + 5_000, 99.5)  # a ticker may tell of an earlier trade
    assert hole is not None
    assert hole.end == (NOW + 10_000, 99.5)


def test_a_new_start_is_a_hole_since_what_an_earlier_run_heard() -> None:
    at = post(UP)
    known = Heard(NOW - 3_600_000, 99.0, None)
    at.resume(known)
    assert at.hole is not None
    assert (at.hole.known, len(at.hole.twins)) == (known, 1)
    assert believe(at, 0, 101.0) == []


def test_the_twins_of_a_hole_are_those_that_prices_can_be_told_to() -> None:
    at = post(UP, Alert("c", BTC, (NoData(60),)))
    believe(at, 0, 99.0)
    at.interrupted()
    assert at.hole is not None
    assert [each.alert for each in at.hole.twins] == [UP]


def test_what_candles_hold_of_a_minute_was_watched() -> None:
    at = post(UP)
    believe(at, 30, 99.0)
    told = Candle(BTC, "1m", NOW, 99.5, 103.0, 98.0, 99.0, 1.0, False)
    at.know([told, Candle(BTC, "5m", NOW, 1.0, 900.0, 1.0, 1.0, 1.0, False)])
    assert at.desk.minute == Range(NOW, 98.0, 103.0)


def test_of_what_has_no_last_price_now_the_one_before_the_hole_is_named() -> None:
    at = post(Alert("c", BTC, (NoData(60),)), UP)
    believe(at, 0, 99.0)
    at.interrupted()
    (fired,) = at.tell(Hears("silence"), 60_000.0, NOW + 60_000, NOW + 60_000)
    assert (fired.alert.id, fired.price) == ("c", 99.0)
