"""Windows are never put where nobody sees them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tickglass.ui.placing import Places, put_back, saved_place, within

from .helpers import Heard

LEFT, RIGHT = QRect(0, 0, 1920, 1080), QRect(1920, 0, 1280, 800)


@pytest.mark.parametrize(
    ("place", "screens", "expected"),
    [
        (QRect(100, 100, 800, 600), [LEFT, RIGHT], QRect(100, 100, 800, 600)),
        (QRect(2000, 100, 800, 600), [LEFT, RIGHT], QRect(2000, 100, 800, 600)),
        # its screen was taken away
        (QRect(2000, 100, 800, 600), [LEFT], QRect(1120, 100, 800, 600)),
        # larger than the screen that is left
        (QRect(4000, 0, 2560, 1440), [RIGHT], QRect(1920, 0, 1280, 800)),
        # its title bar is above the screen
        (QRect(100, -500, 800, 600), [LEFT], QRect(100, 0, 800, 600)),
        # a corner that can be grasped is enough
        (QRect(1850, 500, 800, 600), [LEFT], QRect(1850, 500, 800, 600)),
        (QRect(1900, 500, 800, 600), [LEFT], QRect(1120, 480, 800, 600)),
    ],
)
def test_a_place_without_a_screen_is_moved_to_the_nearest(
    place: QRect, screens: list[QRect], expected: QRect
) -> None:
    assert within(place, screens) == expected


numbers = st.integers(-5_000, 5_000)


@given(numbers, numbers, st.integers(100, 4_000), st.integers(100, 4_000))
def test_wherever_it_was_its_top_can_be_grasped(left: int, top: int, wide: int, high: int) -> None:
    place = within(QRect(left, top, wide, high), [LEFT, RIGHT])
    grip = QRect(place.left(), place.top(), place.width(), 60)
    seen = [screen.intersected(grip) for screen in (LEFT, RIGHT)]
    assert any(each.width() >= 60 and each.height() >= 30 for each in seen)


def test_a_window_comes_back_to_its_size(qtbot: QtBot) -> None:
    first, second = QWidget(), QWidget()
    qtbot.addWidget(first)
    qtbot.addWidget(second)
    first.setGeometry(50, 60, 320, 240)
    assert put_back(second, saved_place(first))
    assert second.size() == first.size()


@pytest.mark.parametrize("place", [None, "", "rubbish", 7])
def test_rubbish_moves_nothing(qtbot: QtBot, place: object) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(200, 100)
    assert not put_back(window, place)
    assert (window.width(), window.height()) == (200, 100)


# ---------------------------------------------------------------- windows beside the main one


def shown_at(qtbot: QtBot, places: Places, where: QRect | None = None) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    places.put("feed", window)
    window.show()
    if where is not None:
        window.setGeometry(where)
    QApplication.processEvents()
    return window


def test_a_window_that_is_closed_is_opened_where_it_was(qtbot: QtBot) -> None:
    places, heard = Places(["feed"]), Heard()
    places.changed.connect(heard)
    window = shown_at(qtbot, places, QRect(50, 60, 320, 240))
    window.close()
    assert len(heard.all) == 1
    window.setGeometry(0, 0, 100, 100)  # as a window manager may
    places.put("feed", window)
    window.show()
    assert window.geometry() == QRect(50, 60, 320, 240)


def test_places_come_back_in_another_run(qtbot: QtBot) -> None:
    first, second = Places(["feed"]), Places(["feed"])
    shown_at(qtbot, first, QRect(50, 60, 320, 240))
    state = json.loads(json.dumps(first.save_state()))
    second.restore_state(state)
    assert second.save_state() == state, "also while the window was not opened"
    assert shown_at(qtbot, second).geometry() == QRect(50, 60, 320, 240)


def test_a_window_that_is_open_is_moved_at_once(qtbot: QtBot) -> None:
    first, second = Places(["feed"]), Places(["feed"])
    shown_at(qtbot, first, QRect(50, 60, 320, 240))
    window = shown_at(qtbot, second, QRect(0, 0, 200, 100))
    second.restore_state(first.save_state())
    assert window.geometry() == QRect(50, 60, 320, 240)


def test_a_place_on_a_screen_that_is_gone_becomes_one_that_is_there(qtbot: QtBot) -> None:
    places = Places(["feed"])
    shown_at(qtbot, places, QRect(9_000, 8_000, 320, 240)).close()
    window = shown_at(qtbot, places)
    assert QGuiApplication.primaryScreen().geometry().contains(window.geometry())


@pytest.mark.parametrize("place", [None, "", "rubbish", 7, [1]])
def test_a_place_that_says_nothing_moves_no_window(qtbot: QtBot, place: object) -> None:
    places = Places(["feed"])
    places.restore_state({"feed": place, "unknown": "AAAA"})
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(10, 20, 200, 100)
    places.put("feed", window)
    assert window.geometry() == QRect(10, 20, 200, 100)
    assert set(places.save_state()) <= {"feed"}
