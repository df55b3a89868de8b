"""The views around the charts: how they share the room, and what is fed of them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from .desk import WindowDesk
from .helpers import BTC, ETH


@pytest.fixture
def desk(qtbot: QtBot) -> WindowDesk:
    return WindowDesk(qtbot, BTC, ETH)


def test_book_and_tape_share_the_whole_height_and_the_book_has_more(
    desk: WindowDesk, qtbot: QtBot
) -> None:
    docks = desk.window.docks
    desk.window.resize(1240, 800)
    docks.show("book")
    docks.show("tape")
    room = desk.window.workspace.height()
    qtbot.waitUntil(lambda: docks["book"].height() > 0.6 * room)
    assert docks["tape"].height() > 0.3 * room
    assert docks["lists"].geometry().right() < docks["book"].x()
    docks.resize({"book": 300, "tape": 400}, Qt.Orientation.Vertical)
    QApplication.processEvents()
    left = docks["book"].height()
    assert left < 0.5 * room
    state = desk.window.arrangement.save_state()
    docks.show("tape", shown=False)
    desk.window.arrangement.restore_state(state)
    QApplication.processEvents()
    assert docks["book"].height() == left, "as a hand left it"


def test_a_layout_that_is_gone_changes_nothing(desk: WindowDesk) -> None:
    before = desk.window.arrangement.save_layout()
    desk.window.arrangement.choose_layout("gone")
    assert desk.window.arrangement.save_layout() == before


def test_what_book_and_tape_need_is_asked_for_once(desk: WindowDesk) -> None:
    asked = desk.said["side_wanted"]
    asked.clear()
    desk.window.docks.show("book")
    desk.window.views.ask_side()
    desk.window.views.show_parts()
    assert asked == [([BTC], [], [])]
    desk.window.docks.show("tape")
    desk.window.docks.show("book", shown=False)
    assert asked[-1] == ([], [BTC], [])


def test_movers_and_alerts_work_only_where_somebody_sees_them(desk: WindowDesk) -> None:
    window = desk.window
    assert not window.movers.asked
    window.docks.show("movers")
    assert window.movers.asked
    window.hide()
    assert not window.movers.asked
    window.show()
    assert window.movers.asked
    window.docks.show("movers", shown=False)
    assert not window.movers.asked


def test_in_a_low_window_book_and_tape_lie_one_over_the_other(desk: WindowDesk) -> None:
    docks = desk.window.docks
    desk.window.resize(900, 600)
    docks.show("book")
    docks.show("tape")
    assert desk.window.workspace.tabifiedDockWidgets(docks["book"]) == [docks["tape"]]
