"""Qt speaks the language of the program."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from tickglass.ui.qt_texts import speak_qt


@pytest.fixture(autouse=True)
def _english(qapp: QApplication) -> Iterator[None]:
    yield
    speak_qt(qapp, "en")


def cancel_of(qtbot: QtBot) -> str:
    """What the button of a dialog says that closes it."""
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    return box.button(QDialogButtonBox.StandardButton.Cancel).text().replace("&", "")


@pytest.mark.parametrize(
    ("language", "text"), [("de", "Abbrechen"), ("de_AT", "Abbrechen"), ("zh_CN", "取消")]
)
def test_the_buttons_of_dialogs_speak_the_language(
    qapp: QApplication, qtbot: QtBot, language: str, text: str
) -> None:
    assert speak_qt(qapp, language)
    assert cancel_of(qtbot) == text


def test_going_back_to_english_leaves_nothing_behind(qapp: QApplication, qtbot: QtBot) -> None:
    speak_qt(qapp, "de")
    speak_qt(qapp, "en")
    assert cancel_of(qtbot) == "Cancel"
