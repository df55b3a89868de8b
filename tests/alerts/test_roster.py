"""The roster: what is watched when alerts and lists come, change and go."""

from dataclasses import replace

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import EmaCross, Kind, PriceLevel, Spread
from tickglass.alerts.judge import Hears
from tickglass.alerts.roster import Roster
from tickglass.market.instrument import Instrument

BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("binance", "ETH", "USDT")
OKX = Instrument("okx", "BTC", "USDT")
ABOVE = PriceLevel(Kind.ABOVE, 100.0)


def test_only_what_alerts_need_is_fed() -> None:
    roster = Roster([Alert("a", BTC, (ABOVE,)), Alert("b", ETH, (EmaCross("1h"),))])
    assert roster.hears() == {BTC: {Hears("last")}, ETH: {Hears("candles", "1h")}}
    roster.remove("a")
    assert roster.instruments == {ETH}


def test_a_spread_needs_the_middle_of_both_sides() -> None:
    roster = Roster([Alert("a", BTC, (Spread("okx", 1.0),))])
    assert Hears("mid") in roster.hears()[BTC]
    assert Hears("mid") in roster.hears()[OKX]


def test_an_alert_over_a_list_follows_the_list() -> None:
    roster = Roster([Alert("a", None, (ABOVE,), watchlist="Majors")], {"Majors": [BTC]})
    assert [each.instrument for each in roster.standings(0)] == [BTC]
    roster.set_lists({"Majors": [ETH, ETH, OKX]})
    assert [each.instrument for each in roster.standings(0)] == [ETH, OKX]
    roster.set_lists({})
    assert roster.instruments == set()


def test_under_other_terms_it_goes_on_and_under_other_conditions_it_begins_anew() -> None:
    alert = Alert("a", BTC, (ABOVE,), Trigger.EVERY)
    roster = Roster([alert])
    held = roster._watches["a", BTC]
    roster.add(replace(alert, cooldown=60))
    assert roster._watches["a", BTC] is held
    roster.add(replace(alert, conditions=(PriceLevel(Kind.ABOVE, 101.0),)))
    assert roster._watches["a", BTC] is not held


def test_an_alert_that_is_spent_is_kept_and_not_fed() -> None:
    roster = Roster([Alert("a", BTC, (ABOVE,), fired=1)])
    assert [each.id for each in roster.alerts] == ["a"]
    assert roster.hears() == {}
