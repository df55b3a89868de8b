"""The field that takes keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tickglass.ui.key_field import KeyField

from .helpers import Heard

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Desk:
    """The field between two buttons."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        self.before, self.field, self.after = QPushButton(), KeyField(), QPushButton()
        column = QVBoxLayout(self.window)
        for part in (self.before, self.field, self.after):
            column.addWidget(part)
        qtbot.addWidget(self.window)
        self.pressed, self.given_up = Heard(), Heard()
        self.field.pressed.connect(self.pressed)
        self.field.given_up.connect(self.given_up)
        self.window.show()
        self.field.setFocus()
        qtbot.waitUntil(self.field.hasFocus)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


@pytest.mark.parametrize(
    ("key", "modifiers", "said"),
    [
        (Qt.Key.Key_K, CTRL, "Ctrl+K"),
        (Qt.Key.Key_K, CTRL | SHIFT, "Ctrl+Shift+K"),
        (Qt.Key.Key_F7, Qt.KeyboardModifier.NoModifier, "F7"),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, "Del"),
        (Qt.Key.Key_Backspace, CTRL, "Ctrl+Backspace"),
        (Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier, ""),
    ],
)
def test_keys_are_said_once(
    desk: Desk, qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifier, said: str
) -> None:
    qtbot.keyClick(desk.field, key, modifiers)
    desk.after.setFocus()
    assert desk.pressed.all == [(said,)]


def test_a_modifier_alone_is_no_key(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(desk.field, Qt.Key.Key_Control, CTRL)
    desk.after.setFocus()
    assert desk.pressed.all == []


def test_escape_gives_up(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(desk.field, Qt.Key.Key_Escape)
    assert (desk.given_up.all, desk.pressed.all) == ([()], [])


def test_the_field_is_no_trap_for_tab(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(desk.field, Qt.Key.Key_Tab)
    assert desk.after.hasFocus()
    desk.field.setFocus()
    qtbot.keyClick(desk.field, Qt.Key.Key_Backtab, SHIFT)
    assert desk.before.hasFocus()
    assert desk.pressed.all == []
