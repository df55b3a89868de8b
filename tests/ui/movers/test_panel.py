"""The movers panel under the hands of a person."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tickglass.market.events import Ticker
from tickglass.market.instrument import Instrument
from tickglass.ui.movers.model import Column
from tickglass.ui.movers.panel import MoversPanel
from tickglass.ui.theme import DARK, LIGHT

from ..helpers import Heard

TITLES = {"binance": "Binance", "okx": "OKX"}


def ticker(base: str, last: float, worth: float = 1e6, quote: str = "USDT") -> Ticker:
    """One that opened at 100."""
    instrument = Instrument("binance", base, quote)
    return Ticker(instrument, 1, last, None, None, 100.0, None, None, None, worth)


DAY = [
    ticker("UP", 110.0), ticker("MORE", 125.0), ticker("DOWN", 80.0, 5e6),
    ticker("TINY", 999.0, 5.0),
    ticker("UP", 101.0, quote="BTC"), ticker("B", 102.0, quote="BTC"),
]  # fmt: skip


@pytest.fixture
def panel(qtbot: QtBot) -> MoversPanel:
    made = MoversPanel(DARK, TITLES)
    qtbot.addWidget(made)
    made.tester = QAbstractItemModelTester(made.model)  # type: ignore[attr-defined]
    made.resize(360, 400)
    made.show()
    return made


def pairs(panel: MoversPanel) -> list[str]:
    return [panel.model.index(row, Column.PAIR).data() for row in range(panel.model.rowCount())]


def test_nothing_is_asked_for_until_somebody_looks(panel: MoversPanel) -> None:
    heard = Heard()
    panel.wanted.connect(heard)
    panel.set_shown(True)
    panel.set_shown(True)
    panel.exchange.setCurrentIndex(1)
    panel.set_shown(False)
    assert heard.all == [("binance",), ("okx",), (None,)]


def test_gainers_of_the_commonest_quote_stand_first(panel: MoversPanel) -> None:
    panel.show_tickers("binance", DAY)
    assert pairs(panel) == ["MORE", "UP"]
    row = [panel.model.index(0, column).data() for column in Column]
    assert row == ["MORE", "125.00", "▲ +25.00 %", "1.00 M"]


def test_another_kind_quote_or_volume_shows_at_once(panel: MoversPanel) -> None:
    panel.show_tickers("binance", DAY)
    panel.kind.setCurrentIndex(1)
    assert pairs(panel) == ["DOWN"]
    panel.kind.setCurrentIndex(0)
    panel.least.setCurrentIndex(0)
    assert pairs(panel) == ["TINY", "MORE", "UP"]
    panel.quote.setCurrentIndex(1)
    panel.quote.activated.emit(1)
    assert pairs(panel) == ["B", "UP"]


def test_rows_do_not_change_under_the_pointer(panel: MoversPanel) -> None:
    panel.show_tickers("binance", DAY)
    QApplication.sendEvent(panel, QEvent(QEvent.Type.Enter))
    panel.show_tickers("binance", [ticker("OTHER", 150.0), ticker("UP", 101.0)])
    assert pairs(panel) == ["MORE", "UP"]
    QApplication.sendEvent(panel, QEvent(QEvent.Type.Leave))
    assert pairs(panel) == ["OTHER", "UP"]


def test_a_click_opens_the_chart_a_double_click_adds(panel: MoversPanel, qtbot: QtBot) -> None:
    chosen, added = Heard(), Heard()
    panel.chosen.connect(chosen)
    panel.add_wanted.connect(added)
    panel.show_tickers("binance", DAY)
    more = Instrument("binance", "MORE", "USDT")
    place = panel.view.visualRect(panel.model.index(0, 0)).center()
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.all == [(more,)]
    qtbot.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert added.all == [(more,)]
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    qtbot.keyClick(panel.view, Qt.Key.Key_Insert)
    assert (chosen.all[-1], added.all[-1], len(added.all)) == ((more,), (more,), 2)
    for action in panel.menu_for(more).actions():
        action.trigger()
    assert (len(chosen.all), len(added.all)) == (3, 3)


def test_how_old_it_is_is_said_and_what_another_exchange_said_is_not_shown(
    panel: MoversPanel,
) -> None:
    panel.set_shown(True)
    assert panel.note.text() == "Waiting for the exchange…"
    panel.flush(100.0)
    panel.show_tickers("okx", DAY)
    assert pairs(panel) == []
    panel.show_tickers("binance", DAY)
    panel.flush(101.5)
    assert panel.note.text() == "6 instruments, now."
    panel.flush(112.0)
    assert panel.note.text() == "6 instruments, 12 s ago."
    panel.flush(150.0)
    assert panel.note.text() == "Stale: 50 s old."
    panel.fail("binance", "Binance does not answer.")
    panel.flush(151.5)
    assert panel.note.text() == "Binance does not answer."


def test_what_was_chosen_is_remembered(panel: MoversPanel, qtbot: QtBot) -> None:
    panel.show_tickers("binance", DAY)
    panel.quote.setCurrentIndex(1)
    panel.quote.activated.emit(1)
    panel.kind.setCurrentIndex(2)
    other = MoversPanel(LIGHT, TITLES)
    qtbot.addWidget(other)
    other.restore_state(panel.save_state())
    other.show_tickers("binance", DAY)
    assert pairs(other) == pairs(panel) == ["UP", "B"]


@pytest.mark.parametrize("state", [{}, {"exchange": 5, "kind": [], "least": "x", "quote": 3}])
def test_rubbish_changes_nothing(panel: MoversPanel, state: dict[str, object]) -> None:
    before = panel.save_state()
    panel.restore_state(state)
    assert panel.save_state() == before
