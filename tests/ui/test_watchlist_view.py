"""The watchlist's table under the hands of a person."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert, Condition
from tickglass.market.instrument import Instrument
from tickglass.ui.theme import DARK, LIGHT
from tickglass.ui.watchlist_model import Column, WatchlistModel
from tickglass.ui.watchlist_view import WatchlistView

from .helpers import BTC, ETH, SOL, TITLES, Feed, Heard


class Shown:
    """A table of three rows on the screen."""

    def __init__(self, qtbot: QtBot, *instruments: Instrument) -> None:
        self.feed = Feed()
        self.model = WatchlistModel(self.feed.store, TITLES)
        self.model.insert(0, instruments)
        self.view = WatchlistView(self.model, DARK, TITLES)
        qtbot.addWidget(self.view)
        self.view.resize(1_000, 300)
        self.view.show()

    def middle(self, row: int) -> QPoint:
        return self.view.visualRect(self.model.index(row, Column.LAST)).center()


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot, BTC, ETH, SOL)


def action(menu: QMenu, words: str) -> QAction:
    return next(each for each in menu.actions() if words in each.text())


def test_a_click_chooses_the_row(shown: Shown, qtbot: QtBot) -> None:
    heard = Heard()
    shown.view.chosen.connect(heard)
    qtbot.mouseClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=shown.middle(1))
    assert heard.all == [(ETH,)]
    assert shown.view.current == ETH
    assert len(shown.view.selectionModel().selectedRows()) == 1


def test_the_arrow_keys_go_from_row_to_row(shown: Shown, qtbot: QtBot) -> None:
    shown.view.choose(BTC)
    heard = Heard()
    shown.view.chosen.connect(heard)
    qtbot.keyClick(shown.view, Qt.Key.Key_Down)
    qtbot.keyClick(shown.view, Qt.Key.Key_Down)
    qtbot.keyClick(shown.view, Qt.Key.Key_Up)
    assert heard.all == [(ETH,), (SOL,), (ETH,)]


def test_choosing_what_is_not_in_the_list_changes_nothing(shown: Shown) -> None:
    shown.view.choose(ETH)
    shown.view.choose(Instrument("binance", "NOT", "HERE"))
    assert shown.view.current == ETH


def test_the_delete_key_asks_to_remove_the_chosen_row(shown: Shown, qtbot: QtBot) -> None:
    heard = Heard()
    shown.view.remove_wanted.connect(heard)
    shown.view.choose(ETH)
    qtbot.keyClick(shown.view, Qt.Key.Key_Delete)
    assert heard.all == [(ETH,)]
    assert shown.model.rowCount() == 3, "the window removes it, not the table"


def test_the_delete_key_in_an_empty_list_asks_for_nothing(qtbot: QtBot) -> None:
    empty, heard = Shown(qtbot), Heard()
    empty.view.remove_wanted.connect(heard)
    qtbot.keyClick(empty.view, Qt.Key.Key_Delete)
    assert heard.all == []


def test_the_rows_menu_asks_for_an_alert_and_for_removal(shown: Shown) -> None:
    alert, removed = Heard(), Heard()
    shown.view.alert_wanted.connect(alert)
    shown.view.remove_wanted.connect(removed)
    menu = shown.view.menu_for(ETH)
    action(menu, "Alert when").trigger()
    assert (alert.all, removed.all) == ([(ETH,)], [])
    action(menu, "Remove from the list").trigger()
    assert removed.all == [(ETH,)]


def test_the_rows_menu_copies_the_price_without_separators(shown: Shown) -> None:
    QApplication.clipboard().setText("before")
    copy = action(shown.view.menu_for(BTC), "Copy price")
    copy.trigger()
    assert QApplication.clipboard().text() == "before", "there is no price yet"
    shown.model.set_decimals({BTC: 2})
    shown.feed.trade(123_456.7)
    copy.trigger()
    assert QApplication.clipboard().text() == "123456.70"


def test_the_rows_menu_lists_its_alerts_and_removes_the_one_picked(shown: Shown) -> None:
    armed = Alert("first", BTC, Condition.CROSSES_UP, 100_000.0)
    fired = Alert("second", BTC, Condition.CROSSES, 90_000.0, fired=1)
    other = Alert("third", ETH, Condition.CROSSES, 4_000.0)
    shown.view.set_alerts([armed, fired, other])
    heard = Heard()
    shown.view.alert_removed.connect(heard)
    menu = shown.view.menu_for(BTC)
    texts = [each.text() for each in menu.actions() if "emove" in each.text()]
    assert texts == [
        "Remove alert: BTC/USDT on Binance crosses up 100,000.00",
        "Remove fired alert: BTC/USDT on Binance crosses 90,000.00",
        "Remove from the list",
    ]
    action(menu, "Remove fired").trigger()
    assert heard.all == [("second",)]


def test_only_armed_alerts_mark_their_row(shown: Shown) -> None:
    armed = Alert("first", ETH, Condition.CROSSES, 100.0)
    shown.view.set_alerts([armed, Alert("second", BTC, Condition.CROSSES, 1.0, fired=1)])
    assert shown.view.delegate.alerted == {ETH}


@pytest.mark.parametrize(("row", "words"), [(1, "ETH"), (2, "SOL")])
def test_a_right_click_opens_the_menu_of_the_row_under_it(
    shown: Shown, qtbot: QtBot, row: int, words: str
) -> None:
    heard = Heard()
    shown.view.remove_wanted.connect(heard)
    place = shown.middle(row)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, place, shown.view.viewport().mapToGlobal(place)
    )
    QApplication.sendEvent(shown.view.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action(menu, "Remove from the list").trigger()
    menu.close()
    assert [str(each[0]) for each in heard.all] == [f"binance:{words}/USDT"]


def painted_colours(shown: Shown) -> set[str]:
    """The colours across the middle of the table."""
    image = shown.view.viewport().grab().toImage()
    middle = image.height() // 2
    return {
        image.pixelColor(x, y).name()
        for y in range(middle - 8, middle + 8)
        for x in range(image.width())
    }


def test_only_an_empty_list_says_how_to_fill_it(qtbot: QtBot) -> None:
    assert len(painted_colours(Shown(qtbot))) > 1
    assert len(painted_colours(Shown(qtbot, BTC))) == 1


def test_a_change_of_theme_reaches_the_rows(shown: Shown) -> None:
    place = shown.middle(0)
    before = shown.view.viewport().grab().toImage().pixelColor(place.x(), 3).name()
    shown.view.set_theme(LIGHT)
    after = shown.view.viewport().grab().toImage().pixelColor(place.x(), 3).name()
    assert (before, after) == (DARK.panel, LIGHT.panel)


def test_every_column_shows_its_title_whole(shown: Shown) -> None:
    header = shown.view.horizontalHeader()
    for column in Column:
        title = shown.model.headerData(column, Qt.Orientation.Horizontal)
        assert header.sectionSize(column) >= header.fontMetrics().horizontalAdvance(title)
