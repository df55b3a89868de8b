"""The tabs of the lists under the hands of a person."""

from typing import Any

import pytest
from PySide6.QtCore import QLibraryInfo, QMimeData, QPoint, QPointF, Qt, QVersionNumber
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from tickglass.ui.watchlist.dragging import packed
from tickglass.ui.watchlist.tabs import LONGEST_NAME

from .helpers import BTC, COPY, ETH, MOVE, SOL, Heard, Shown, action

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NO_KEY = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    made = Shown(qtbot, [BTC, ETH], [SOL], [])
    QApplication.processEvents()
    return made


def tab(shown: Shown, place: int) -> QPoint:
    return shown.panel.tabs.tabRect(place).center()


def editor(shown: Shown) -> QLineEdit:
    found = shown.panel.tabs.findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


def names(shown: Shown) -> list[str]:
    return [each.name for each in shown.panel.lists]


def test_a_click_looks_at_another_list(shown: Shown, qtbot: QtBot) -> None:
    heard = Heard()
    shown.panel.active_changed.connect(heard)
    qtbot.mouseClick(shown.panel.tabs, LEFT, pos=tab(shown, 1))
    assert (heard.all, shown.panel.active, shown.panel.current) == ([(1,)], 1, SOL)
    qtbot.mouseClick(shown.panel.tabs, LEFT, pos=tab(shown, 2))
    assert shown.panel.current is None
    assert shown.changed.all == []


def test_each_list_remembers_what_was_chosen_in_it(shown: Shown, qtbot: QtBot) -> None:
    shown.panel.choose(ETH)
    qtbot.mouseClick(shown.panel.tabs, LEFT, pos=tab(shown, 1))
    qtbot.mouseClick(shown.panel.tabs, LEFT, pos=tab(shown, 0))
    assert shown.panel.current == ETH


def test_a_double_click_renames_in_place(shown: Shown, qtbot: QtBot) -> None:
    qtbot.mouseDClick(shown.panel.tabs, LEFT, pos=tab(shown, 1))
    field = editor(shown)
    assert (field.text(), field.selectedText()) == ("Alts", "Alts")
    qtbot.keyClicks(field, "  Small & fast ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert names(shown) == ["Majors", "Small & fast", "Long shots"]
    assert shown.panel.tabs.tabText(1) == "Small && fast"
    assert len(shown.changed.all) == 1


@pytest.mark.parametrize("typed", ["", "   ", "Alts"])
def test_no_name_or_the_same_name_changes_nothing(shown: Shown, qtbot: QtBot, typed: str) -> None:
    field = shown.panel.tabs.rename(1)
    field.setText(typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (names(shown), shown.changed.all) == (["Majors", "Alts", "Long shots"], [])


def test_escape_leaves_a_name_as_it_was(shown: Shown, qtbot: QtBot) -> None:
    shown.panel.tabs.setFocus()
    qtbot.keyClick(shown.panel.tabs, Qt.Key.Key_F2)
    field = editor(shown)
    qtbot.keyClicks(field, "Other")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert names(shown)[0] == "Majors"


def test_a_name_that_is_taken_gets_a_number_and_a_long_one_is_cut(
    shown: Shown, qtbot: QtBot
) -> None:
    field = shown.panel.tabs.rename(1)
    field.setText("Majors")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert names(shown)[1] == "Majors 2"
    field = shown.panel.tabs.rename(2)
    field.selectAll()
    qtbot.keyClicks(field, "x" * (LONGEST_NAME + 5))
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert names(shown)[2] == "x" * LONGEST_NAME


def test_the_plus_makes_a_list_and_asks_for_its_name(shown: Shown, qtbot: QtBot) -> None:
    qtbot.mouseClick(shown.panel.add_button, LEFT)
    assert shown.panel.active == 3
    qtbot.keyClicks(editor(shown), "Fresh")
    qtbot.keyClick(editor(shown), Qt.Key.Key_Return)
    assert names(shown)[3] == "Fresh"


@pytest.mark.parametrize("place", [0, 1])
def test_the_middle_button_closes_a_list_and_that_can_be_taken_back(
    shown: Shown, qtbot: QtBot, place: int
) -> None:
    before = shown.panel.lists
    qtbot.mouseClick(shown.panel.tabs, MIDDLE, pos=tab(shown, place))
    assert names(shown) == [each.name for n, each in enumerate(before) if n != place]
    assert shown.removed.all[0][0] == f"The list {before[place].name} was closed."
    shown.undo()
    assert shown.panel.lists == before
    assert shown.panel.active == place


def test_the_last_list_cannot_be_closed(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [BTC])
    assert not action(shown.panel.tabs.menu_for(0), "Close").isEnabled()
    qtbot.keyClick(shown.panel.tabs, Qt.Key.Key_Delete)
    shown.panel.close_list(0)
    assert names(shown) == ["Majors"]
    assert shown.removed.all == []


def test_the_menu_of_a_tab_renames_exports_and_closes_it(shown: Shown) -> None:
    exported = Heard()
    shown.panel.export_wanted.connect(exported)
    menu = shown.panel.tabs.menu_for(1)
    action(menu, "Export").trigger()
    assert exported.all == [(1,)]
    action(menu, "Rename").trigger()
    assert editor(shown).text() == "Alts"
    action(menu, "Close").trigger()
    assert names(shown) == ["Majors", "Long shots"]


def test_a_dragged_tab_takes_its_list_along_and_stays_active(shown: Shown, qtbot: QtBot) -> None:
    heard = Heard()
    shown.panel.active_changed.connect(heard)
    shown.panel.tabs.moveTab(0, 2)
    assert names(shown) == ["Alts", "Long shots", "Majors"]
    assert (shown.panel.active, shown.panel.tabs.currentIndex()) == (2, 2)
    assert shown.panel.current == BTC
    shown.panel.tabs.moveTab(0, 1)
    assert names(shown) == ["Long shots", "Alts", "Majors"]
    assert shown.panel.active == 2
    assert [each.name for each in shown.changed.all[-1][0]] == names(shown)


def test_ctrl_with_the_page_keys_goes_from_list_to_list_and_round(
    shown: Shown, qtbot: QtBot
) -> None:
    shown.panel.activateWindow()
    shown.panel.view.setFocus()
    seen = []
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
        qtbot.keyClick(shown.panel.view, key, Qt.KeyboardModifier.ControlModifier)
        seen.append(shown.panel.active)
    assert seen == [1, 2, 0, 2]


def test_ctrl_and_the_arrows_move_a_tab_and_arrows_go_through_them(
    shown: Shown, qtbot: QtBot
) -> None:
    qtbot.keyClick(shown.panel.tabs, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert names(shown) == ["Alts", "Majors", "Long shots"]
    shown.panel.activate(0)
    qtbot.keyClick(shown.panel.tabs, Qt.Key.Key_Right)
    assert shown.panel.active == 1


# Qt 6.12 asks for fractions of a pixel, where versions before it knew none.
DRAGGED_OVER: Any = QPointF if QLibraryInfo.version() >= QVersionNumber(6, 12) else QPoint


def drag(shown: Shown, place: int, data: QMimeData, action: Qt.DropAction = MOVE) -> bool:
    """Drag something over a tab; whether it may fall there."""
    spot = DRAGGED_OVER(tab(shown, place))
    both = MOVE | COPY
    QApplication.sendEvent(shown.panel.tabs, QDragEnterEvent(spot, both, data, LEFT, NO_KEY))
    over = QDragMoveEvent(spot, both, data, LEFT, NO_KEY)
    over.setDropAction(action)
    QApplication.sendEvent(shown.panel.tabs, over)
    return over.isAccepted()


def drop(shown: Shown, place: int, data: QMimeData, action: Qt.DropAction = MOVE) -> None:
    drag(shown, place, data, action)  # only what was dragged in before can be dropped
    event = QDropEvent(QPointF(tab(shown, place)), action, data, LEFT, NO_KEY)
    QApplication.sendEvent(shown.panel.tabs, event)


def contents(shown: Shown) -> list[list[object]]:
    return [list(each.instruments) for each in shown.panel.lists]


def test_rows_dropped_onto_a_tab_move_there_and_that_can_be_taken_back(shown: Shown) -> None:
    assert drag(shown, 1, packed([BTC]))
    drop(shown, 1, packed([BTC]))
    assert contents(shown) == [[ETH], [SOL, BTC], []]
    assert shown.panel.current == ETH
    assert shown.removed.all[0][0] == "BTC/USDT was moved to Alts."
    shown.undo()
    assert contents(shown) == [[BTC, ETH], [SOL], []]


def test_with_ctrl_they_are_copied(shown: Shown) -> None:
    drop(shown, 1, packed([BTC, ETH]), COPY)
    assert contents(shown) == [[BTC, ETH], [SOL, BTC, ETH], []]
    assert shown.removed.all == [], "nothing was removed"


def test_rows_cannot_fall_onto_their_own_tab_nor_anything_else_onto_any(shown: Shown) -> None:
    assert not drag(shown, 0, packed([BTC]))
    drop(shown, 0, packed([BTC]))
    text = QMimeData()
    text.setText("binance:BTC/USDT")
    assert not drag(shown, 1, text)
    drop(shown, 1, text)
    assert contents(shown) == [[BTC, ETH], [SOL], []]


def test_the_tab_under_dragged_rows_has_a_ring_until_they_leave(shown: Shown) -> None:
    plain = shown.panel.tabs.grab().toImage()
    drag(shown, 1, packed([BTC]))
    assert shown.panel.tabs.grab().toImage() != plain
    QApplication.sendEvent(shown.panel.tabs, QDragLeaveEvent())
    assert shown.panel.tabs.grab().toImage() == plain
