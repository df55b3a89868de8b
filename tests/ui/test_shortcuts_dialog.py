"""The list of keys, and changing them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from tickglass.ui.actions import ActionBook
from tickglass.ui.shortcuts_dialog import FixedKeys, ShortcutsDialog

from .helpers import Heard

CTRL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """A book of three actions and the dialog that shows it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.book, self.saved = ActionBook(self.window), Heard()
        self.book.add("book", "Order book", lambda: None, "Ctrl+B", "View")
        self.book.add("tape", "Trades", lambda: None, "Ctrl+T", "View")
        self.book.add("alert", "New alert…", lambda: None, "", "Alerts")
        self.book.keys_changed.connect(self.saved)
        self.window.show()
        self.dialog = ShortcutsDialog(
            self.window, self.book, [FixedKeys("Chart", "Move along the bars", "Left, Right")]
        )
        self.dialog.show()
        qtbot.waitUntil(self.dialog.filter.hasFocus)

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """What can be read, line by line."""
        tree, found = self.dialog.tree, []
        for place in range(tree.topLevelItemCount()):
            group = tree.topLevelItem(place)
            if group is not None and not group.isHidden():
                found.append((group.text(0),))
                found += [texts(group.child(row)) for row in range(group.childCount())]
        return [row for row in found if row]

    def choose(self, text: str) -> None:
        match = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
        self.dialog.tree.setCurrentItem(self.dialog.tree.findItems(text, match)[0])

    def press(self, key: Qt.Key, *, ctrl: bool = False) -> None:
        """Press a key in the field for new keys."""
        self.dialog.field.setFocus()
        more = CTRL if ctrl else Qt.KeyboardModifier.NoModifier
        self.qtbot.keyClick(self.dialog.field, key, more)


def texts(item: QTreeWidgetItem | None) -> tuple[str, ...]:
    if item is None or item.isHidden():
        return ()
    return tuple(item.text(column) for column in range(3))


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_every_action_stands_there_by_group_with_its_keys(desk: Desk) -> None:
    assert desk.rows == [
        ("View",), ("Order book", "Ctrl+B", ""), ("Trades", "Ctrl+T", ""),
        ("Alerts",), ("New alert…", "", ""),
        ("Chart",), ("Move along the bars", "Left, Right", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("trad", [("View",), ("Trades", "Ctrl+T", "")]),
        ("ctrl+b", [("View",), ("Order book", "Ctrl+B", "")]),
        ("alerts", [("Alerts",), ("New alert…", "", "")]),
        ("bars", [("Chart",), ("Move along the bars", "Left, Right", "")]),
        ("xyz", []),
    ],
)
def test_the_filter_finds_names_groups_and_keys(
    desk: Desk, qtbot: QtBot, typed: str, left: list[tuple[str, ...]]
) -> None:
    qtbot.keyClicks(desk.dialog.filter, typed)
    assert desk.rows == left
    if not left:
        assert desk.dialog.sentence.text() == "No action matches “xyz”."
    desk.dialog.filter.clear()
    assert len(desk.rows) == 7


def test_the_first_that_matches_is_chosen(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClicks(desk.dialog.filter, "trad")
    assert desk.dialog.caption.text() == "Keys of “Trades”"


def test_enter_and_new_keys_change_an_action_at_once(desk: Desk, qtbot: QtBot) -> None:
    desk.choose("Trades")
    desk.dialog.tree.setFocus()
    qtbot.keyClick(desk.dialog.tree, Qt.Key.Key_Return)
    assert desk.dialog.field.hasFocus()
    desk.press(Qt.Key.Key_F7)
    assert desk.book.action("tape").shortcut().toString() == "F7"
    assert desk.saved.all == [({"tape": "F7"},)]
    assert ("Trades", "F7", "Ctrl+T") in desk.rows
    assert desk.dialog.sentence.text() == "“Trades” is called with F7 now."
    assert desk.dialog.tree.hasFocus()


def test_a_conflict_is_said_before_the_keys_are_taken(desk: Desk, qtbot: QtBot) -> None:
    desk.choose("Trades")
    desk.press(Qt.Key.Key_B, ctrl=True)
    sentence = "Ctrl+B already calls “Order book”, which would be left without keys."
    assert desk.dialog.sentence.text() == sentence
    assert desk.book.keys("tape") == "Ctrl+T"
    assert desk.saved.all == []
    qtbot.mouseClick(desk.dialog.answer, Qt.MouseButton.LeftButton)
    assert (desk.book.keys("tape"), desk.book.keys("book")) == ("Ctrl+B", "")
    assert not desk.dialog.answer.isVisible()
    assert ("Order book", "", "Ctrl+B") in desk.rows


def test_keys_of_fields_and_lists_are_refused_with_a_sentence(desk: Desk) -> None:
    desk.choose("Trades")
    desk.press(Qt.Key.Key_C, ctrl=True)
    sentence = "Ctrl+C belongs to fields, lists and menus. Choose other keys."
    assert desk.dialog.sentence.text() == sentence
    assert desk.saved.all == []
    assert desk.dialog.field.keySequence().toString() == "Ctrl+T"


def test_backspace_takes_the_keys_away(desk: Desk) -> None:
    desk.choose("Trades")
    desk.press(Qt.Key.Key_Backspace)
    assert desk.saved.all == [({"tape": ""},)]
    assert desk.dialog.sentence.text() == "“Trades” has no keys now."


def test_escape_gives_up_and_only_then_closes(desk: Desk, qtbot: QtBot) -> None:
    desk.choose("Trades")
    desk.press(Qt.Key.Key_Escape)
    assert desk.dialog.isVisible()
    assert desk.dialog.tree.hasFocus()
    with qtbot.waitSignal(desk.dialog.finished):
        qtbot.keyClick(desk.dialog.tree, Qt.Key.Key_Escape)
    assert desk.saved.all == []


def test_tab_leaves_the_field_for_new_keys(desk: Desk) -> None:
    desk.choose("Trades")
    desk.press(Qt.Key.Key_F7)
    desk.press(Qt.Key.Key_Tab)
    assert desk.dialog.reset.hasFocus()
    assert desk.book.keys("tape") == "F7"


def test_one_action_is_reset(desk: Desk, qtbot: QtBot) -> None:
    desk.book.choose_keys("tape", "F7")
    desk.choose("Order book")
    assert not desk.dialog.reset.isEnabled()
    desk.choose("Trades")
    qtbot.mouseClick(desk.dialog.reset, Qt.MouseButton.LeftButton)
    assert desk.book.keys("tape") == "Ctrl+T"
    assert desk.saved.all[-1] == ({},)


def test_a_reset_that_meets_other_keys_says_so_first(desk: Desk, qtbot: QtBot) -> None:
    desk.book.choose_keys("tape", "Ctrl+B")
    desk.choose("Order book")
    qtbot.mouseClick(desk.dialog.reset, Qt.MouseButton.LeftButton)
    assert "“Trades”" in desk.dialog.sentence.text()
    assert desk.book.keys("tape") == "Ctrl+B"


def test_all_are_reset_and_that_can_be_undone(desk: Desk, qtbot: QtBot) -> None:
    desk.book.choose_keys("tape", "F7")
    desk.book.choose_keys("alert", "F8")
    qtbot.mouseClick(desk.dialog.reset_all, Qt.MouseButton.LeftButton)
    assert desk.saved.all[-1] == ({},)
    assert desk.book.keys("tape") == "Ctrl+T"
    qtbot.mouseClick(desk.dialog.answer, Qt.MouseButton.LeftButton)
    assert desk.saved.all[-1] == ({"tape": "F7", "alert": "F8"},)
    assert desk.book.keys("alert") == "F8"


def test_another_choice_drops_a_question_that_stands(desk: Desk) -> None:
    desk.choose("Trades")
    desk.press(Qt.Key.Key_B, ctrl=True)
    desk.choose("New alert…")
    assert not desk.dialog.answer.isVisible()


def test_keys_of_a_view_cannot_be_changed(desk: Desk) -> None:
    desk.choose("Move along the bars")
    assert not desk.dialog.field.isEnabled()
    assert not desk.dialog.reset.isEnabled()
    desk.dialog.choose("F7")
    assert desk.saved.all == []


def test_keys_changed_elsewhere_are_seen(desk: Desk) -> None:
    desk.book.choose_keys("book", "F9")
    assert ("Order book", "F9", "Ctrl+B") in desk.rows


def test_the_book_outlives_the_dialog(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.dialog.destroyed):
        desk.dialog.close()
    desk.book.choose_keys("book", "F9")
    assert desk.book.keys("book") == "F9"


def test_everything_has_a_name(desk: Desk) -> None:
    dialog = desk.dialog
    for part in (dialog.filter, dialog.tree, dialog.field):
        assert part.accessibleName()
