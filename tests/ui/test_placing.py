"""Windows are never put where nobody sees them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tickglass.ui.placing import put_back, saved_place, within

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
