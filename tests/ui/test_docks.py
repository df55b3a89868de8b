"""Views in docks: shown, put away, moved, and found again as they were left."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from tickglass.ui.docks import Docks


class Window(QMainWindow):
    """A window with two views around its middle."""

    def __init__(self) -> None:
        super().__init__()
        self.setCentralWidget(QLabel("charts"))
        self.docks = Docks(self)
        self.docks.add("book", "Order book", QLabel("book"), "right")
        self.docks.add("tape", "Trades", QLabel("tape"), "right", shown=False)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def test_a_view_is_shown_or_not_as_it_was_added(window: Window) -> None:
    assert (window.docks.shown("book"), window.docks.shown("tape")) == (True, False)
    assert window.docks["book"].windowTitle() == "Order book"


def test_toggling_says_what_came_and_went(window: Window) -> None:
    spy = QSignalSpy(window.docks.toggled)
    window.docks.toggle("tape")
    window.docks.action("book").trigger()
    assert [spy.at(number) for number in range(spy.count())] == [["tape", True], ["book", False]]


def test_hiding_the_window_hides_no_view(window: Window) -> None:
    spy = QSignalSpy(window.docks.toggled)
    window.hide()
    assert window.docks.shown("book")
    assert spy.count() == 0


def test_a_view_behind_a_tab_is_brought_to_the_front(window: Window, qtbot: QtBot) -> None:
    window.docks.show("tape")
    window.tabifyDockWidget(window.docks["book"], window.docks["tape"])
    window.docks.show("book")
    qtbot.waitUntil(lambda: in_front(window, "book"))
    assert not in_front(window, "tape")
    assert window.docks.shown("tape")


def test_views_are_stacked_only_where_they_share_an_area(window: Window) -> None:
    window.docks.show("tape")
    window.docks.stack("book", "tape")
    assert window.tabifiedDockWidgets(window.docks["book"]) == [window.docks["tape"]]
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, window.docks["tape"])
    window.docks.stack("book", "tape")
    assert window.tabifiedDockWidgets(window.docks["book"]) == []


def in_front(window: Window, name: str) -> bool:
    """Qt moves what is behind a tab out of the picture."""
    return window.docks[name].geometry().right() >= 0


def test_an_arrangement_is_found_again(window: Window, qtbot: QtBot) -> None:
    window.docks.show("tape")
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, window.docks["book"])
    state = window.docks.save_state()
    other = Window()
    qtbot.addWidget(other)
    other.resize(800, 600)
    other.show()
    assert other.docks.restore_state(state)
    assert other.dockWidgetArea(other.docks["book"]) == Qt.DockWidgetArea.LeftDockWidgetArea
    assert other.docks.shown("tape")


@pytest.mark.parametrize("state", [None, "", "rubbish", 5, "AAAA"])
def test_rubbish_changes_nothing(window: Window, state: object) -> None:
    assert not window.docks.restore_state(state)
    assert (window.docks.shown("book"), window.docks.shown("tape")) == (True, False)


# ---------------------------------------------------------------- room


def test_views_on_the_right_reach_from_top_to_bottom(window: Window, qtbot: QtBot) -> None:
    for name, area in (("above", "top"), ("below", "bottom")):
        window.docks.add(name, name, QLabel(name), area)
    qtbot.waitUntil(lambda: window.docks["book"].height() == window.height())
    assert window.docks["above"].geometry().right() < window.docks["book"].x()


def test_an_arrangement_of_an_earlier_version_gives_them_the_corners_too(window: Window) -> None:
    corner = Qt.Corner.TopRightCorner
    window.setCorner(corner, Qt.DockWidgetArea.TopDockWidgetArea)
    before = window.docks.save_state()
    assert window.docks.restore_state(before)
    assert window.corner(corner) == Qt.DockWidgetArea.RightDockWidgetArea


def test_heights_are_shared_only_by_views_below_each_other(window: Window, qtbot: QtBot) -> None:
    docks = window.docks
    docks.share({"book": 100, "tape": 400})
    docks.show("tape")
    docks.share({"book": 400, "tape": 180})
    qtbot.waitUntil(lambda: docks["book"].height() > 1.8 * docks["tape"].height())
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, docks["tape"])
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, docks["book"])
    QApplication.processEvents()
    before = docks["book"].height()
    docks.share({"book": 500, "tape": 500})
    QApplication.processEvents()
    assert docks["book"].height() == before
