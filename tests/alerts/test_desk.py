"""What a desk believes: no bad print, no crossed quote, nothing twice."""

from tickglass.alerts.desk import FAR, QUOTE_GOOD_FOR, Desk, Late, Range
from tickglass.market.events import Quote, Trade
from tickglass.market.instrument import Instrument
from tickglass.market.interval import MINUTE

BTC = Instrument("binance", "BTC", "USDT")
NOW = 1_795_348_800_000


def trade(second: float, price: float, number: int | None = None) -> Trade:
    at = NOW + round(second * 1_000)
    return Trade(BTC, at, str(at if number is None else number), price, 1.0, "buy")


def quote(bid: float, ask: float, second: float = 0.0) -> Quote:
    return Quote(BTC, NOW + round(second * 1_000), bid, 1.0, ask, 1.0)


def heard(desk: Desk, *trades: Trade) -> list[float]:
    """The prices believed because of these."""
    found = [desk.trade(each, each.time) for each in trades]
    return [price for points in found if not isinstance(points, Late) for _, price in points]


def test_a_print_far_away_waits_for_one_that_lies_nearer_to_it() -> None:
    far = 100.0 * (1 + FAR) + 0.01
    assert heard(Desk(), trade(0, 100.0), trade(1, far)) == [100.0]
    assert heard(Desk(), trade(0, 100.0), trade(1, far), trade(2, 102.9)) == [100.0, far, 102.9]
    assert heard(Desk(), trade(0, 100.0), trade(1, 103.0)) == [100.0, 103.0], "not too far"


def test_a_bad_print_is_counted_and_forgotten() -> None:
    desk = Desk()
    assert heard(desk, trade(0, 100.0), trade(1, 50.0), trade(2, 100.2)) == [100.0, 100.2]
    assert (desk.suspects, desk.last) == (1, 100.2)


def test_quotes_around_a_far_print_confirm_it_while_they_are_fresh() -> None:
    desk = Desk()
    heard(desk, trade(0, 100.0))
    desk.quote(quote(109.0, 111.0), NOW)
    assert heard(desk, trade(1, 110.0)) == [110.0]
    stale = Desk()
    heard(stale, trade(0, 100.0))
    stale.quote(quote(109.0, 111.0), NOW)
    late = trade(1 + QUOTE_GOOD_FOR / 1_000, 110.0)
    assert heard(stale, late) == []


def test_a_quote_that_comes_after_it_confirms_a_held_print() -> None:
    desk = Desk()
    heard(desk, trade(0, 100.0), trade(1, 110.0))
    assert desk.quote(quote(99.0, 101.0), NOW + 1_500) == ()
    assert desk.quote(quote(109.0, 111.0), NOW + 2_000) == ((NOW + 1_000, 110.0),)
    assert desk.last == 110.0


def test_crossed_and_empty_quotes_are_not_believed() -> None:
    desk = Desk()
    assert desk.quote(quote(100.0, 101.0), NOW) == ()
    assert desk.quote(quote(101.0, 100.5), NOW) is None
    assert desk.quote(quote(0.0, 100.5), NOW) is None
    assert (desk.bid, desk.ask, desk.mid) == (100.0, 101.0, 100.5)


def test_a_trade_that_comes_twice_is_nothing_new() -> None:
    desk = Desk()
    first = trade(1, 101.0, 7)
    assert heard(desk, trade(0, 100.0, 6), first, first) == [100.0, 101.0]
    assert desk.late == 0


def test_trades_of_one_millisecond_come_one_after_the_other() -> None:
    assert heard(Desk(), trade(0, 100.0, 1), trade(0, 101.0, 2)) == [100.0, 101.0]


def test_a_late_trade_is_told_with_what_was_known_before_and_after_it() -> None:
    desk = Desk()
    heard(desk, trade(0, 100.0), trade(2, 102.0))
    late = trade(1, 101.0)
    found = desk.trade(late, NOW + 3_000)
    assert found == Late(((NOW, 100.0),), late, ((NOW + 2_000, 102.0),))
    assert (desk.last, desk.late) == (102.0, 1)
    assert list(desk.believed) == [(NOW, 100.0), (NOW + 1_000, 101.0), (NOW + 2_000, 102.0)]


def test_a_late_trade_far_from_the_one_before_it_is_a_suspect() -> None:
    desk = Desk()
    heard(desk, trade(0, 100.0), trade(2, 102.0))
    assert desk.trade(trade(1, 90.0), NOW + 3_000) == ()
    assert desk.suspects == 1


def test_after_an_interruption_nothing_of_before_is_compared_with() -> None:
    desk = Desk()
    heard(desk, trade(0, 100.0), trade(1, 110.0))
    desk.quote(quote(99.0, 101.0), NOW)
    desk.interrupted()
    assert (desk.last, desk.mid, desk.held) == (None, None, None)
    assert heard(desk, trade(5, 150.0)) == [150.0]
    assert desk.trade(trade(3, 149.0), NOW + 5_000) == (), "it belongs to the hole"


def test_the_range_of_the_minute_begins_anew_with_the_next() -> None:
    desk = Desk()
    heard(desk, trade(1, 100.0), trade(2, 101.0), trade(59, 99.5))
    assert desk.minute == Range(NOW, 99.5, 101.0)
    assert desk.begun
    heard(desk, trade(61, 100.2))
    assert desk.minute == Range(NOW + MINUTE, 100.2, 100.2)
