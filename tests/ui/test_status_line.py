"""The line of the exchanges' states."""

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tickglass.ui.status_line import BADNESS, StatusLine

from .helpers import TITLES


def line_of(qtbot: QtBot) -> StatusLine:
    line = StatusLine(TITLES)
    qtbot.addWidget(line)
    return line


def texts(line: StatusLine) -> list[str]:
    return [label.text() for label in line.findChildren(QLabel)]


def test_a_state_is_shown_at_the_frame_and_not_before(qtbot: QtBot) -> None:
    line = line_of(qtbot)
    line.set("binance", 1, "connecting", "")
    assert texts(line) == []
    line.flush(100.0)
    assert texts(line) == ["◌ Binance: connecting"]
    line.set("binance", 1, "live", "")
    assert texts(line) == ["◌ Binance: connecting"]
    line.flush(100.1)
    assert texts(line) == ["● Binance: live"]


def test_a_sentence_takes_the_place_of_the_word_and_stays_on_hover(qtbot: QtBot) -> None:
    line = line_of(qtbot)
    line.set("binance", 1, "reconnecting", "Binance: trying again in 5 s.")
    line.flush(100.0)
    (label,) = line.findChildren(QLabel)
    assert label.text() == "◌ Binance: trying again in 5 s."
    assert "Binance: reconnecting. Binance: trying again in 5 s." in label.toolTip()


@pytest.mark.parametrize(("better", "worse"), list(itertools.pairwise(BADNESS[1:])))
@pytest.mark.parametrize("worse_first", [True, False])
def test_the_worst_connection_is_shown(
    qtbot: QtBot, better: str, worse: str, worse_first: bool
) -> None:
    line = line_of(qtbot)
    states = [(1, better, ""), (2, worse, "Oh no.")]
    for connection, state, detail in reversed(states) if worse_first else states:
        line.set("binance", connection, state, detail)
    line.flush(100.0)
    ((shown,),) = [texts(line)]
    assert shown.endswith("Oh no.")


def test_a_connection_that_is_closed_no_longer_counts(qtbot: QtBot) -> None:
    line = line_of(qtbot)
    line.set("binance", 1, "live", "")
    line.set("binance", 2, "failed", "Oh no.")
    line.set("binance", 2, "closed", "")
    line.flush(100.0)
    assert texts(line) == ["● Binance: live"]
    line.set("binance", 1, "closed", "")
    line.flush(100.1)
    assert texts(line) == ["○ Binance: closed"]


def test_every_exchange_has_its_own_word(qtbot: QtBot) -> None:
    line = line_of(qtbot)
    line.set("binance", 1, "live", "")
    line.set("okx", 1, "stale", "")
    line.flush(100.0)
    assert texts(line) == ["● Binance: live", "◐ Okx: stale"]
    names = [label.accessibleName() for label in line.findChildren(QLabel)]
    assert names == ["State of Binance", "State of Okx"]


def test_exchanges_stand_in_their_order_whoever_connects_first(qtbot: QtBot) -> None:
    line = StatusLine({"binance": "Binance", "okx": "OKX", "kucoin": "KuCoin"})
    qtbot.addWidget(line)
    for moment, name in enumerate(("kucoin", "binance", "okx")):
        line.set(name, 1, "live", "")
        line.flush(100.0 + moment)
    row = line.layout()
    assert row is not None
    shown = [row.itemAt(place).widget() for place in range(3)]
    assert [label.text() for label in shown if isinstance(label, QLabel)] == [
        "● Binance: live", "● OKX: live", "● KuCoin: live",
    ]  # fmt: skip


def test_what_an_exchange_says_is_never_markup(qtbot: QtBot) -> None:
    line = line_of(qtbot)
    line.set("binance", 1, "refused", "<img src='http://evil'> & <b>no</b>")
    line.flush(100.0)
    (label,) = line.findChildren(QLabel)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert "&lt;b&gt;no&lt;/b&gt;" in label.toolTip()
    assert "<img" not in label.toolTip()
