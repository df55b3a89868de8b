"""A text that is cut short where there is no room for it."""

from pytestqt.qtbot import QtBot

from tickglass.ui.elided_label import ElidedLabel

SENTENCE = "Binance refuses connections from this region (451)."


def test_it_shows_what_there_is_room_for(qtbot: QtBot) -> None:
    label = ElidedLabel(SENTENCE)
    qtbot.addWidget(label)
    label.resize(2_000, 20)
    assert label.shown == SENTENCE
    label.resize(120, 20)
    assert label.shown.endswith("…")
    assert SENTENCE.startswith(label.shown[:-1])
    assert label.text() == SENTENCE, "what is read aloud is whole"


def test_a_stub_of_a_sentence_is_not_shown(qtbot: QtBot) -> None:
    label = ElidedLabel(SENTENCE, least=90)
    qtbot.addWidget(label)
    label.resize(89, 20)
    assert label.shown == ""


def test_markup_is_shown_as_it_is_written(qtbot: QtBot) -> None:
    label = ElidedLabel("<b>no</b>")
    qtbot.addWidget(label)
    label.resize(500, 20)
    assert label.shown == "<b>no</b>"
