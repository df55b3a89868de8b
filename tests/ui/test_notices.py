"""What the program has to say, and how it waits for its turn."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tickglass.ui.notices import MOST_WAITING, NoticeBar
from tickglass.ui.theme import GAP


def bar_of(qtbot: QtBot) -> NoticeBar:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    return bar


def test_there_is_no_line_while_there_is_nothing_to_say(qtbot: QtBot) -> None:
    assert bar_of(qtbot).isHidden()


def test_a_sentence_stays_until_it_is_dismissed(qtbot: QtBot) -> None:
    bar = bar_of(qtbot)
    bar.say("Disk full.")
    bar.flush(1e9)
    assert bar.isVisible()
    assert bar.words.text() == "Disk full."
    assert bar.undo.isHidden()
    qtbot.mouseClick(bar.dismiss, Qt.MouseButton.LeftButton)
    assert bar.isHidden()


def test_undo_takes_it_back_once_and_the_line_goes(qtbot: QtBot) -> None:
    bar, undone = bar_of(qtbot), list[int]()
    bar.say("BTC/USDT was removed.", undo=lambda: undone.append(1), until=110.0)
    assert bar.undo.isVisible()
    qtbot.mouseClick(bar.undo, Qt.MouseButton.LeftButton)
    assert (undone, bar.isHidden()) == ([1], True)
    bar.undo.click()
    assert undone == [1]


def test_what_undo_itself_says_is_seen(qtbot: QtBot) -> None:
    bar = bar_of(qtbot)
    bar.say("Removed.", undo=lambda: bar.say("It is back."))
    qtbot.mouseClick(bar.undo, Qt.MouseButton.LeftButton)
    assert bar.isVisible()
    assert bar.words.text() == "It is back."
    assert bar.waiting == 0


def test_the_line_goes_when_its_time_is_over(qtbot: QtBot) -> None:
    bar = bar_of(qtbot)
    bar.say("Removed.", undo=lambda: None, until=110.0)
    bar.flush(109.9)
    assert bar.isVisible()
    bar.flush(110.0)
    assert bar.isHidden()


def test_a_new_sentence_has_neither_the_undo_nor_the_time_of_the_old(qtbot: QtBot) -> None:
    bar, undone = bar_of(qtbot), list[int]()
    bar.say("Removed.", undo=lambda: undone.append(1), until=110.0)
    bar.say("Disk full.")
    bar.flush(200.0)
    assert bar.isVisible()
    assert bar.words.text() == "Disk full."
    assert bar.undo.isHidden()
    bar.undo.click()
    assert undone == []


def test_the_newest_is_seen_and_the_others_wait_with_their_own_undo(qtbot: QtBot) -> None:
    bar, undone = bar_of(qtbot), list[str]()
    bar.say("A was removed.", undo=lambda: undone.append("A"))
    bar.say("B was removed.", undo=lambda: undone.append("B"))
    assert (bar.words.text(), bar.more.text()) == ("B was removed.", "1 more")
    qtbot.mouseClick(bar.undo, Qt.MouseButton.LeftButton)
    assert (bar.words.text(), bar.more.isHidden()) == ("A was removed.", True)
    qtbot.mouseClick(bar.undo, Qt.MouseButton.LeftButton)
    assert (undone, bar.isHidden()) == (["B", "A"], True)


def test_one_that_had_to_wait_keeps_the_time_that_it_had_left(qtbot: QtBot) -> None:
    bar = bar_of(qtbot)
    bar.say("A was removed.", undo=lambda: None, until=110.0)
    bar.flush(104.0)
    bar.say("Saved.", until=112.0)
    bar.flush(112.0)
    assert bar.words.text() == "A was removed.", "six seconds were left when it had to wait"
    bar.flush(117.9)
    assert bar.isVisible()
    bar.flush(118.0)
    assert bar.isHidden()


def test_the_same_sentence_again_does_not_wait_behind_itself(qtbot: QtBot) -> None:
    bar = bar_of(qtbot)
    for sentence in ("Disk full.", "Disk full.", "Offline.", "Disk full."):
        bar.say(sentence)
    assert (bar.words.text(), bar.waiting) == ("Disk full.", 1)


def test_of_many_the_oldest_are_forgotten(qtbot: QtBot) -> None:
    bar = bar_of(qtbot)
    for number in range(MOST_WAITING + 10):
        bar.say(f"Notice {number}.")
    assert bar.waiting == MOST_WAITING
    seen = []
    while bar.isVisible():
        seen.append(bar.words.text())
        bar.dismiss.click()
    assert (seen[0], seen[-1]) == (f"Notice {MOST_WAITING + 9}.", "Notice 9.")


def test_a_button_can_be_called_otherwise(qtbot: QtBot) -> None:
    bar, done = bar_of(qtbot), list[int]()
    bar.say("A new version is there.", undo=lambda: done.append(1), action="Open")
    assert bar.undo.text() == "Open"
    bar.say("Removed.", undo=lambda: None)
    assert bar.undo.text() == "Undo"


def test_escape_dismisses_and_everything_is_reached_by_keys(qtbot: QtBot) -> None:
    bar = bar_of(qtbot)
    bar.say("Removed.", undo=lambda: None)
    bar.activateWindow()
    bar.undo.setFocus()
    qtbot.keyClick(bar.undo, Qt.Key.Key_Tab)
    assert bar.focusWidget() is bar.dismiss
    qtbot.keyClick(bar.dismiss, Qt.Key.Key_Escape)
    assert bar.isHidden()


def test_markup_is_shown_as_it_is_written(qtbot: QtBot) -> None:
    bar = bar_of(qtbot)
    assert bar.words.textFormat() == Qt.TextFormat.PlainText


def test_screen_readers_are_told(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[object, str]] = []
    monkeypatch.setattr(
        QAccessible,
        "updateAccessibility",
        lambda event: told.append((event.type(), event.message())),
    )
    bar_of(qtbot).say("BTC/USDT was removed.")
    assert told == [(QAccessible.Event.Announcement, "BTC/USDT was removed.")]


class Room:
    """A window with a bar that lies over it, above a line at the bottom."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.middle, self.bottom = QWidget(), QLabel("bottom")
        self.chart, self.button = QLabel("chart"), QPushButton("New alert…")
        within = QVBoxLayout(self.middle)
        within.addWidget(self.chart, 1)
        within.addWidget(self.button)
        column = QVBoxLayout(self.window)
        column.addWidget(self.middle, 1)
        column.addWidget(self.bottom)
        self.window.resize(900, 600)
        self.bar = NoticeBar()
        self.bar.float_over(self.window, on=self.chart, above=self.bottom)
        self.window.show()
        qtbot.waitExposed(self.window)

    def place_of(self, widget: QWidget) -> QRect:
        """Where a widget is in the window."""
        return QRect(widget.mapTo(self.window, QPoint(0, 0)), widget.size())


def test_nothing_moves_when_there_is_something_to_say(qtbot: QtBot) -> None:
    room = Room(qtbot)
    before = (room.middle.geometry(), room.bottom.geometry())
    room.bar.say("Disk full.")
    assert room.bar.isVisible()
    assert (room.middle.geometry(), room.bottom.geometry()) == before
    assert not room.bar.geometry().intersects(room.bottom.geometry())
    assert room.window.rect().contains(room.bar.geometry())


def test_it_keeps_its_place_when_the_window_changes_and_wraps_what_is_long(qtbot: QtBot) -> None:
    room = Room(qtbot)
    room.bar.say("The settings could not be saved (no space left on the device). " * 3)
    for size in ((400, 300), (1_200, 700)):
        room.window.resize(*size)
        qtbot.waitUntil(lambda: room.bar.geometry().bottom() < room.bottom.geometry().top())
        assert room.window.rect().contains(room.bar.geometry())
        words = room.bar.words
        assert words.height() >= words.heightForWidth(words.width())


def test_what_can_be_clicked_below_the_chart_stays_free(qtbot: QtBot) -> None:
    room = Room(qtbot)
    room.bar.say("BTC/USDT crossed 60,000 up.")
    assert room.bar.isVisible()
    assert room.place_of(room.chart).contains(room.bar.geometry())
    assert not room.place_of(room.button).intersects(room.bar.geometry())


def test_without_a_chart_or_on_a_narrow_one_it_lies_above_the_bottom_line(qtbot: QtBot) -> None:
    room = Room(qtbot)
    room.bar.say("BTC/USDT crossed 60,000 up.")
    for change in (lambda: room.chart.setMaximumWidth(200), room.chart.hide):
        change()
        qtbot.waitUntil(lambda: room.bar.geometry().bottom() == room.bottom.geometry().top() - GAP)
        assert room.window.rect().contains(room.bar.geometry())
    room.chart.setMaximumWidth(2_000)
    room.chart.show()
    qtbot.waitUntil(lambda: room.place_of(room.chart).contains(room.bar.geometry()))
