"""Addresses that alerts are sent to, kept and tried by a person."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tickglass.ui.alerts.targets import TargetsDialog

from ..helpers import Heard

LEFT = Qt.MouseButton.LeftButton


class Asked:
    def __init__(self, qtbot: QtBot, *names: str) -> None:
        self.parent = QWidget()
        qtbot.addWidget(self.parent)
        self.dialog = TargetsDialog(self.parent, names, names[1:])
        self.kept, self.forgotten, self.tried, self.all = Heard(), Heard(), Heard(), Heard()
        self.dialog.all_wanted.connect(lambda *told: self.all(*told))
        self.dialog.keep_wanted.connect(lambda *told: self.kept(*told))
        self.dialog.forget_wanted.connect(lambda name: self.forgotten(name))
        self.dialog.test_wanted.connect(lambda name: self.tried(name))
        self.dialog.show()


@pytest.fixture
def asked(qtbot: QtBot) -> Asked:
    return Asked(qtbot, "phone", "team")


def test_a_name_and_an_address_are_kept_and_the_address_is_not_shown(
    asked: Asked, qtbot: QtBot
) -> None:
    dialog = asked.dialog
    assert dialog.address.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClicks(dialog.name, "hook")
    qtbot.keyClicks(dialog.address, "json://example.com/hook")
    qtbot.mouseClick(dialog.keep, LEFT)
    assert asked.kept.all == [("hook", "json://example.com/hook")]
    assert not dialog.keep.isEnabled()
    dialog.say("hook is kept in the keyring.")
    assert dialog.address.text() == ""
    assert dialog.keep.isEnabled()


def test_what_failed_is_said_and_nothing_typed_is_lost(asked: Asked, qtbot: QtBot) -> None:
    dialog = asked.dialog
    qtbot.keyClicks(dialog.name, "hook")
    qtbot.keyClicks(dialog.address, "nonsense")
    qtbot.keyClick(dialog.address, Qt.Key.Key_Return)
    dialog.say("That is no address.", failed=True)
    assert dialog.said.text() == "That is no address."
    assert dialog.address.text() == "nonsense"
    assert asked.tried.all == []


def test_without_a_name_or_an_address_nothing_is_kept(asked: Asked, qtbot: QtBot) -> None:
    qtbot.mouseClick(asked.dialog.keep, LEFT)
    assert asked.kept.all == []
    assert asked.dialog.said.text() == "Write a name and an address."


def test_the_chosen_one_is_tried_and_removed(asked: Asked, qtbot: QtBot) -> None:
    dialog = asked.dialog
    dialog.names.setCurrentRow(0)
    qtbot.mouseClick(dialog.test, LEFT)
    qtbot.mouseClick(dialog.forget, LEFT)
    assert (asked.tried.all, asked.forgotten.all) == ([("phone",)], [("phone",)])
    dialog.set_names([], [])
    assert not dialog.test.isEnabled()
    assert not dialog.forget.isEnabled()


def test_those_that_get_every_alert_have_a_tick_that_the_keyboard_changes(
    asked: Asked, qtbot: QtBot
) -> None:
    names = asked.dialog.names
    ticked = [names.item(row).checkState() is Qt.CheckState.Checked for row in range(2)]
    assert ticked == [False, True]
    names.setFocus()
    names.setCurrentRow(0)
    qtbot.keyClick(names, Qt.Key.Key_Space)
    names.setCurrentRow(1)
    qtbot.keyClick(names, Qt.Key.Key_Space)
    assert asked.all.all == [("phone", True), ("team", False)]
    asked.dialog.set_names(["phone", "team", "hook"], ["phone"])
    assert names.currentItem().text() == "team"
    assert len(asked.all.all) == 2, "what is shown is no wish"
