"""What a window that nobody sees leaves undone, and how it catches up."""

from pytestqt.qtbot import QtBot

from tickglass.market.events import Trade
from tickglass.market.freshness import Link
from tickglass.market.instrument import Instrument
from tickglass.market.store import Store
from tickglass.market.watchlist import Watchlist
from tickglass.ui.frame_clock import HIDDEN_MS, FrameClock, ScreenFigures
from tickglass.ui.main_window import MainWindow
from tickglass.ui.watchlist.columns import Column

BTC = Instrument("binance", "BTC", "USDT")


def trade(store: Store, link: Link, price: float, arrived: float) -> None:
    link.arrived = link.heard = arrived
    store.apply(Trade(BTC, 1, str(price), price, 1.0, "buy"), link)


def test_what_came_while_hidden_is_shown_at_once_and_was_not_waited_for(qtbot: QtBot) -> None:
    store, figures = Store(), ScreenFigures()
    clock = FrameClock(figures)
    window = MainWindow(store, clock, figures, {"binance": "Binance"})
    qtbot.addWidget(window)
    window.set_lists([Watchlist("Majors", [BTC])])
    link = Link("binance", 1)
    link.open(100.0)
    window.show()
    trade(store, link, 5.0, 100.0)
    window.flush(100.0)
    window.hide()
    assert clock.interval_ms == HIDDEN_MS
    trade(store, link, 7.0, 101.0)
    window.show()
    assert clock.interval_ms < HIDDEN_MS
    assert store.state(BTC).arrived is None
    window.flush(500.0)
    assert window.lists.model.index(0, Column.LAST).data() == "7.0000"
    clock.stop()
