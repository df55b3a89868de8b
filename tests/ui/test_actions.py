"""Actions by name, and the keys that call them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tickglass.ui.actions import ActionBook, collide, is_reserved, normal_keys

from .helpers import Heard

pytestmark = pytest.mark.usefixtures("qapp")  # an action without an application ends the process


def book_of(**keys: str) -> ActionBook:
    """A book with an action for each key."""
    book = ActionBook()
    for name, each in keys.items():
        book.add(name, name.capitalize(), lambda: None, each, "Group")
    return book


def all_keys(book: ActionBook) -> dict[str, str]:
    return {entry.name: book.keys(entry.name) for entry in book}


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A window that is active."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_the_keys_of_an_action_call_it_in_the_window(qtbot: QtBot, window: QWidget) -> None:
    heard, book = Heard(), ActionBook(window)
    book.add("view.book", "Order book", heard, "Ctrl+B")
    book.attach(window)
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert heard.all == [()]
    book.choose_keys("view.book", "F7")
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_F7)
    assert heard.all == [(), ()]


def test_a_checkable_action_says_whether_it_is_on() -> None:
    heard, book = Heard(), ActionBook()
    action = book.add("tape", "Trades", heard, checkable=True, checked=True)
    assert action.isChecked()
    action.trigger()
    action.trigger()
    assert heard.all == [(False,), (True,)]


def test_the_entries_come_by_group_in_the_order_of_adding() -> None:
    book = ActionBook()
    for name, group in (("a", "View"), ("b", "Chart"), ("c", "View")):
        book.add(name, name, lambda: None, group=group)
    groups = {group: [entry.name for entry in each] for group, each in book.groups().items()}
    assert groups == {"View": ["a", "c"], "Chart": ["b"]}
    assert "a" in book and "x" not in book
    assert book.entry("b").action is book.action("b")


@pytest.mark.parametrize(
    ("name", "keys"), [("book", ""), ("new", "Ctrl+B"), ("new", "Ctrl+B, Ctrl+C"), ("new", "nokey")]
)
def test_a_table_of_defaults_that_contradicts_itself_is_an_error(name: str, keys: str) -> None:
    book = book_of(book="Ctrl+B")
    with pytest.raises(ValueError):
        book.add(name, "New", lambda: None, keys)


def test_only_what_differs_from_the_defaults_is_saved() -> None:
    book, heard = book_of(book="Ctrl+B", tape="Ctrl+T"), Heard()
    book.keys_changed.connect(heard)
    book.choose_keys("book", "f7")
    book.choose_keys("book", "Ctrl+B")
    assert heard.all == [({"book": "F7"},), ({},)]
    book.choose_keys("tape", "")
    assert book.chosen_keys == {"tape": ""}


def test_keys_that_are_taken_away_leave_the_other_without() -> None:
    book = book_of(book="Ctrl+B", tape="Ctrl+T")
    assert book.conflict("tape", "ctrl+b") == "book"
    book.choose_keys("tape", "Ctrl+B")
    assert all_keys(book) == {"book": "", "tape": "Ctrl+B"}
    assert book.chosen_keys == {"book": "", "tape": "Ctrl+B"}


def test_keys_that_begin_longer_ones_are_in_their_way() -> None:
    book = book_of(save="Ctrl+K, Ctrl+S", load="Ctrl+K, Ctrl+L", tape="Ctrl+T")
    assert book.conflicts("tape", "Ctrl+K") == ["save", "load"]
    assert book.conflict("tape", "Ctrl+K, Ctrl+X") is None
    assert book.conflict("save", "Ctrl+T, Ctrl+X") == "tape"
    book.choose_keys("tape", "Ctrl+K")
    assert all_keys(book) == {"save": "", "load": "", "tape": "Ctrl+K"}


def test_two_actions_can_swap_their_keys() -> None:
    book = book_of(book="Ctrl+B", tape="Ctrl+T")
    book.set_keys({"book": "Ctrl+T", "tape": "Ctrl+B"})
    assert all_keys(book) == {"book": "Ctrl+T", "tape": "Ctrl+B"}


def test_what_a_person_chose_goes_before_the_default_of_a_newer_version() -> None:
    book = ActionBook()
    book.set_keys({"book": "Ctrl+K"})
    book.add("palette", "Commands", lambda: None, "Ctrl+K")
    book.add("book", "Order book", lambda: None, "Ctrl+B")
    assert all_keys(book) == {"palette": "", "book": "Ctrl+K"}
    book.choose_all({})
    assert all_keys(book) == {"palette": "Ctrl+K", "book": "Ctrl+B"}


def test_saved_keys_that_are_unusable_are_left_out_and_unknown_actions_kept() -> None:
    book = book_of(book="Ctrl+B", tape="Ctrl+T", feed="F9")
    book.set_keys({"book": "rubbish", "tape": 7, "feed": "Esc", "of tomorrow": "ctrl+j"})
    assert all_keys(book) == {"book": "Ctrl+B", "tape": "Ctrl+T", "feed": "F9"}
    assert book.chosen_keys == {"of tomorrow": "Ctrl+J"}


def test_the_same_keys_saved_twice_call_only_one_action() -> None:
    book = book_of(book="Ctrl+B", tape="Ctrl+T")
    book.set_keys({"book": "F7", "tape": "F7"})
    assert all_keys(book) == {"book": "F7", "tape": ""}


@pytest.mark.parametrize("keys", ["Esc", "Tab", "Ctrl+C", "Up", "nokey", "Ctrl+Shift"])
def test_keys_of_fields_and_lists_cannot_be_chosen(keys: str) -> None:
    book = book_of(book="Ctrl+B")
    with pytest.raises(ValueError):
        book.choose_keys("book", keys)
    assert book.keys("book") == "Ctrl+B"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("ctrl+k", "Ctrl+K"), ("", ""), ("  ", ""), ("nokey", None), ("Ctrl+", None),
        ("ctrl+k, ctrl+s", "Ctrl+K, Ctrl+S"), ("Ctrl+,", "Ctrl+,"), ("del", "Del"),
        ("Ctrl+Shift", None),
    ],
)  # fmt: skip
def test_keys_are_read_however_they_are_written(text: str, normal: str | None) -> None:
    assert normal_keys(text) == normal


@given(st.text(max_size=12))
def test_any_text_is_keys_or_not_and_keys_stay_themselves(text: str) -> None:
    normal = normal_keys(text)
    assert normal is None or normal_keys(normal) == normal


def test_a_comma_is_a_key_like_others() -> None:
    assert not collide("Ctrl+,", "Ctrl+., Ctrl+,")
    assert collide("Ctrl+,", "Ctrl+,, Ctrl+K")
    assert not is_reserved("Ctrl+,")


NAMES, KEYS = ("a", "b", "c"), ("F1", "F2", "Ctrl+K", "Ctrl+K, F1", "Ctrl+K, F2", "")


@given(
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(KEYS)),
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(KEYS)), max_size=6),
)
def test_whatever_is_chosen_no_two_actions_share_keys_and_a_restart_changes_nothing(
    saved: dict[str, str], choices: list[tuple[str, str]]
) -> None:
    book, again = book_of(a="F1", b="F2", c=""), book_of(a="F1", b="F2", c="")
    book.set_keys(saved)
    for name, keys in choices:
        book.choose_keys(name, keys)
        assert book.keys(name) == normal_keys(keys)
    given_keys = [keys for keys in all_keys(book).values() if keys]
    for place, keys in enumerate(given_keys):
        assert not any(collide(keys, other) for other in given_keys[place + 1 :])
    again.set_keys(book.chosen_keys)
    assert all_keys(again) == all_keys(book)


def test_an_ampersand_in_a_text_is_shown_as_one() -> None:
    book = ActionBook()
    book.add("lists", "Lists", lambda: None).setText("&Undo: Rock && roll")
    assert book.entry("lists").shown == "Undo: Rock & roll"
    book.retranslate()
    assert book.entry("lists").shown == "Lists"
