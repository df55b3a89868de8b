"""The list under a field: its lines, its keys, its painting."""

from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tickglass.market.instrument import Listing
from tickglass.ui.suggestions import Suggestion, SuggestionList, suggestion_of
from tickglass.ui.theme import DARK, apply_theme

from .helpers import BTC, TITLES, Heard

LINES = [
    Suggestion("One", "first", "right", target=1),
    Suggestion("Two", enabled=False, target=2),
    *(Suggestion(f"Line {number}", target=number) for number in range(3, 31)),
]


@pytest.fixture
def shown(qtbot: QtBot) -> SuggestionList:
    field = QLineEdit()
    qtbot.addWidget(field)
    made = SuggestionList(field, field)
    field.resize(400, 300)
    made.resize(400, 300)
    field.show()
    made.suggest(LINES)
    return made


def press(suggestions: SuggestionList, key: Qt.Key, *, ctrl: bool = False) -> bool:
    more = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    return suggestions.handles(QKeyEvent(QEvent.Type.KeyPress, key, more))


@pytest.mark.parametrize(
    ("listing", "spoken", "warns"),
    [
        (Listing(BTC, "B", Decimal("0.00000001")), "BTC/USDT, Binance, step 0.00000001", False),
        (Listing(BTC, "B", Decimal("5")), "BTC/USDT, Binance, step 5", False),
        (Listing(BTC, "B"), "BTC/USDT, Binance", False),
        (Listing(BTC, "B", Decimal("1"), status="delisted"), "BTC/USDT, Binance, delisted", True),
    ],
)
def test_a_line_says_pair_exchange_and_step_or_state(
    listing: Listing, spoken: str, warns: bool
) -> None:
    line = suggestion_of(listing, TITLES)
    assert (line.spoken, line.warns) == (spoken, warns)


def test_a_screen_reader_reads_the_whole_line(shown: SuggestionList) -> None:
    index = shown.lines.index(0)
    assert index.data() == "One"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "One, first, right"


def test_keys_move_and_take_and_others_are_left(shown: SuggestionList) -> None:
    heard = Heard()
    shown.taken.connect(heard)
    rows = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_Down, Qt.Key.Key_PageUp):
        assert press(shown, key)
        rows.append(shown.current_row)
    assert rows == [0, 10, 11, 1]
    assert press(shown, Qt.Key.Key_Return)
    assert heard.all == [], "what is not possible now cannot be taken"
    press(shown, Qt.Key.Key_Down)
    press(shown, Qt.Key.Key_Enter, ctrl=True)
    assert heard.all == [(3, True)]
    assert not press(shown, Qt.Key.Key_A)


def test_a_sentence_cannot_be_chosen_or_taken(shown: SuggestionList) -> None:
    heard = Heard()
    shown.taken.connect(heard)
    shown.suggest([Suggestion("Nothing matches.")])
    assert shown.current_row == -1
    press(shown, Qt.Key.Key_Down)
    press(shown, Qt.Key.Key_Return)
    assert (shown.current_row, heard.all) == (-1, [])


def test_new_lines_begin_at_the_top(shown: SuggestionList) -> None:
    shown.choose(29)
    shown.suggest(LINES)
    assert shown.current_row == 0
    assert shown.verticalScrollBar().value() == 0


def test_the_chosen_line_and_a_warning_are_seen(shown: SuggestionList) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apply_theme(application, DARK)
    shown.suggest([Suggestion("WWWW", "WWWW", "WWWW", 1, warns=True), Suggestion("WWWW", target=2)])
    image = shown.viewport().grab().toImage()
    first = shown.visualRect(shown.lines.index(0))
    colours = {
        image.pixelColor(x, y).name() for x in range(first.width()) for y in range(first.height())
    }
    assert {DARK.selection, DARK.warning, DARK.text, DARK.muted} <= colours


def test_the_lines_are_a_sound_model(shown: SuggestionList, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(shown.lines)
    shown.lines.set_right(0, "added")
    assert shown.lines.lines[0].right == "added"
