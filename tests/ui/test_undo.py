"""Taking back what was removed."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from tickglass.ui.undo import MOST_STEPS, UndoList

from .helpers import Heard


def removal(rows: list[str], row: str) -> Callable[[], None]:
    """Remove a row; return what puts it back where it was."""
    place = rows.index(row)
    rows.remove(row)
    return lambda: rows.insert(place, row)


def test_the_newest_removal_comes_back_first() -> None:
    rows, undo = ["a", "b", "c"], UndoList()
    undo.push("a", removal(rows, "a"))
    undo.push("c", removal(rows, "c"))
    assert rows == ["b"]
    assert undo.undo() == "c"
    assert rows == ["b", "c"]
    assert undo.undo() == "a"
    assert rows == ["a", "b", "c"]
    assert undo.undo() == ""


def test_a_notice_takes_back_its_own_removal_and_only_once() -> None:
    rows, undo = ["a", "b"], UndoList()
    first = undo.push("a", removal(rows, "a"))
    undo.push("b", removal(rows, "b"))
    assert undo.undo(first) == "a"
    assert undo.undo(first) == ""
    assert rows == ["a"]
    assert undo.next_text == "b"


def test_every_change_says_what_comes_next() -> None:
    undo, heard = UndoList(), Heard()
    undo.changed.connect(heard)
    undo.push("a", lambda: None)
    undo.push("b", lambda: None)
    undo.undo()
    undo.clear()
    assert heard.all == [("a",), ("b",), ("a",), ("",)]


def test_what_an_undo_removes_is_not_remembered() -> None:
    undo = UndoList()
    undo.push("outer", lambda: undo.push("inner", lambda: None))
    assert undo.undo() == "outer"
    assert undo.next_text == ""


def test_an_undo_within_an_undo_does_nothing() -> None:
    undo, done = UndoList(), []
    undo.push("first", lambda: done.append("first"))
    undo.push("second", lambda: done.append(undo.undo()))
    undo.undo()
    assert done == [""]
    assert undo.next_text == "first"


def test_a_step_that_fails_is_gone_and_the_next_still_works() -> None:
    rows, undo = ["a"], UndoList()
    undo.push("a", removal(rows, "a"))
    undo.push("broken", lambda: rows.remove("nothing"))
    with pytest.raises(ValueError):
        undo.undo()
    assert undo.undo() == "a"
    assert rows == ["a"]


def test_only_the_last_steps_are_kept() -> None:
    undo = UndoList()
    for number in range(MOST_STEPS + 1):
        undo.push(str(number), lambda: None)
    said = [undo.undo() for _ in range(MOST_STEPS)]
    assert said == [str(number) for number in range(MOST_STEPS, 0, -1)]
    assert undo.undo() == ""


@given(st.lists(st.integers(0, 9), max_size=MOST_STEPS))
def test_undoing_everything_restores_what_there_was(removed: list[int]) -> None:
    before = [str(number) for number in range(10)]
    rows, undo = list(before), UndoList()
    for number in removed:
        if str(number) in rows:
            undo.push(str(number), removal(rows, str(number)))
    while undo.undo():
        pass
    assert rows == before


def test_an_action_says_what_it_would_take_back(qtbot: QtBot) -> None:
    undo, action = UndoList(), QAction()
    undo.follow(action)
    assert (action.text(), action.isEnabled()) == ("Undo", False)
    undo.push("“Rock & roll” removed", lambda: None)
    assert (action.text(), action.isEnabled()) == ("Undo: “Rock && roll” removed", True)
    undo.undo()
    assert (action.text(), action.isEnabled()) == ("Undo", False)
