"""The line of what the program has to say."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tickglass.ui.notices import NoticeBar


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
    assert bar.undo.isHidden()
    bar.undo.click()
    assert undone == []


def test_markup_is_shown_as_it_is_written(qtbot: QtBot) -> None:
    bar = bar_of(qtbot)
    assert bar.words.textFormat() == Qt.TextFormat.PlainText
