"""The way of an event into the program."""

from collections.abc import Collection, Iterable

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.alerts.engine import AlertEngine
from tickglass.alerts.signals import SignalEngine
from tickglass.alerts.watch import Fired
from tickglass.intake import Intake
from tickglass.market.events import Status, Trade
from tickglass.market.freshness import Link
from tickglass.market.instrument import Instrument
from tickglass.market.store import Store

BTC = Instrument("binance", "BTC", "USDT")


class Desk:
    """An intake with everything around it."""

    def __init__(self) -> None:
        self.store = Store()
        self.engine = AlertEngine([Alert("a", BTC, (PriceLevel(Kind.CROSSES_UP, 100.0),))])
        self.signals = SignalEngine()
        self.signals.follow([BTC])
        self.found: list[Fired] = []
        self.statuses: list[Status] = []
        self.intake = Intake(self.store, self, self.statuses.append, lambda: 1)
        self.link = Link("binance", 1)
        self.link.open(1.0)

    def fired(self, found: Iterable[Fired]) -> None:
        self.found += found

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        self.engine.gap(instruments)

    def trade(self, price: float, time: int = 1) -> None:
        self.intake.apply(Trade(BTC, time, str(time), price, 1.0, "buy"), self.link)


def test_every_trade_is_tested_and_shown() -> None:
    desk = Desk()
    desk.trade(99.0, 1)
    desk.trade(101.0, 2)
    desk.trade(98.0, 3)
    assert [(fired.price, fired.time) for fired in desk.found] == [(101.0, 2)]
    assert desk.store.state(BTC).last == 98.0


def test_a_crossing_over_a_gap_is_no_crossing() -> None:
    desk = Desk()
    desk.trade(99.0, 1)
    desk.intake.interrupted({BTC})
    desk.trade(101.0, 2)
    assert desk.found == []
    desk.trade(99.0, 3)
    desk.trade(100.0, 4)
    assert [fired.time for fired in desk.found] == [4]


def test_an_interruption_is_shown_at_the_next_frame() -> None:
    desk = Desk()
    desk.trade(99.0)
    desk.store.take_changed()
    desk.intake.interrupted({BTC, Instrument("binance", "ETH", "USDT")})
    assert desk.store.take_changed() == {BTC}


def test_statuses_are_handed_on() -> None:
    desk = Desk()
    status = Status("binance", 1, "live")
    desk.intake.status(status)
    assert desk.statuses == [status]
