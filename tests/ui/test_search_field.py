"""The search field under the fingers of a person."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tickglass.market.instrument import Instrument, Listing
from tickglass.ui.search_field import SearchField

from .helpers import BTC, ETH, SOL, TITLES, Heard

LISTINGS = [Listing(each, each.base + each.quote_ccy) for each in (BTC, ETH, SOL)]


@pytest.fixture
def field(qtbot: QtBot) -> Iterator[SearchField]:
    """A field that knows three pairs, on the screen."""
    window = QWidget()
    made = SearchField(TITLES, window)
    QVBoxLayout(window).addWidget(made)
    made.set_listings(LISTINGS)
    qtbot.addWidget(window)
    window.show()
    made.setFocus()
    yield made


def suggested(field: SearchField) -> list[str]:
    """The lines of the list, if it can be seen."""
    if not field.suggestions.isVisible():
        return []
    return [line.spoken for line in field.suggestions.lines.lines]


def middle(field: SearchField, row: int) -> QPoint:
    """Where a line of the list is."""
    return field.suggestions.visualRect(field.suggestions.lines.index(row)).center()


@pytest.fixture
def taken(field: SearchField) -> Heard:
    heard = Heard()
    field.taken.connect(heard)
    return heard


def test_typing_shows_what_matches(field: SearchField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "et")
    assert suggested(field) == ["ETH/USDT, Binance"]
    assert field.suggestions.current_row == 0
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert suggested(field) == []


def test_enter_takes_the_first_and_empties_the_field(
    field: SearchField, taken: Heard, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field, "btc")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert taken.all == [(BTC,)]
    assert isinstance(taken.all[0][0], Instrument)
    assert (field.text(), suggested(field)) == ("", [])


def test_the_arrows_choose_another_and_stop_at_the_ends(
    field: SearchField, taken: Heard, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field, "usdt")
    assert [line.split("/")[0] for line in suggested(field)] == ["BTC", "ETH", "SOL"]
    rows = []
    for key in (
        Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Down, Qt.Key.Key_Up,
    ):  # fmt: skip
        qtbot.keyClick(field, key)
        rows.append(field.suggestions.current_row)
    assert rows == [0, 1, 2, 2, 1]
    qtbot.keyClick(field, Qt.Key.Key_Enter)
    assert taken.all == [(ETH,)]


def test_a_click_takes_what_it_hits(field: SearchField, taken: Heard, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "usdt")
    line = middle(field, 2)
    qtbot.mouseClick(field.suggestions.viewport(), Qt.MouseButton.LeftButton, pos=line)
    assert taken.all == [(SOL,)]
    assert suggested(field) == []


def test_escape_clears_the_field_and_takes_nothing(
    field: SearchField, taken: Heard, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field, "btc")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), suggested(field)) == ("", [])
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert taken.all == []


def test_no_match_says_so_and_cannot_be_taken(
    field: SearchField, taken: Heard, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field, " xyz")
    assert suggested(field) == ["No instrument matches “xyz”."]
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    line = middle(field, 0)
    qtbot.mouseClick(field.suggestions.viewport(), Qt.MouseButton.LeftButton, pos=line)
    assert taken.all == []
    assert field.text() == " xyz"


def test_before_the_list_of_pairs_is_there_it_says_loading_and_then_answers(
    qtbot: QtBot,
) -> None:
    field = SearchField(TITLES)
    qtbot.addWidget(field)
    field.show()
    qtbot.keyClicks(field, "btc")
    assert suggested(field) == ["Loading the list of pairs…"]
    field.set_listings(LISTINGS)
    assert suggested(field) == ["BTC/USDT, Binance"]


def test_a_pair_that_is_not_traded_says_so(field: SearchField, qtbot: QtBot) -> None:
    field.set_listings([Listing(BTC, "BTCUSDT", status="halted")])
    qtbot.keyClicks(field, "btc")
    assert suggested(field) == ["BTC/USDT, Binance, halted"]


def test_the_list_is_no_higher_than_ten_lines(field: SearchField, qtbot: QtBot) -> None:
    coins = [Instrument("binance", f"COIN{number}", "USDT") for number in range(30)]
    field.set_listings([Listing(each, each.base) for each in coins])
    qtbot.keyClicks(field, "coin")
    assert field.suggestions.lines.rowCount() == 30
    line = field.suggestions.sizeHintForRow(0)
    assert 10 * line <= field.suggestions.height() < 11 * line
    assert field.suggestions.width() == field.width()


def test_the_list_goes_with_the_focus(field: SearchField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "btc")
    assert suggested(field)
    field.clearFocus()
    assert suggested(field) == []


def test_the_price_step_stands_beside_the_pair_with_all_its_decimals(
    field: SearchField, qtbot: QtBot
) -> None:
    field.set_listings([Listing(BTC, "BTCUSDT", Decimal("0.00000001"))])
    qtbot.keyClicks(field, "btc")
    assert suggested(field) == ["BTC/USDT, Binance, step 0.00000001"]


def test_what_is_in_the_list_already_says_so(field: SearchField, qtbot: QtBot) -> None:
    field.set_listed([ETH])
    qtbot.keyClicks(field, "usdt")
    assert [line.endswith("in the list") for line in suggested(field)] == [False, True, False]


def test_ctrl_enter_adds_several_one_after_the_other(
    field: SearchField, taken: Heard, qtbot: QtBot
) -> None:
    more = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClicks(field, "usdt")
    qtbot.keyClick(field, Qt.Key.Key_Return, more)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Return, more)
    assert taken.all == [(BTC,), (ETH,)]
    assert [line.endswith("added") for line in suggested(field)] == [True, True, False]
    qtbot.keyClicks(field, "sol")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert taken.all[2:] == [(SOL,)]
    assert suggested(field) == []


def test_ctrl_and_a_click_add_and_leave_the_list_open(
    field: SearchField, taken: Heard, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field, "usdt")
    qtbot.mouseClick(
        field.suggestions.viewport(), Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ControlModifier, middle(field, 1),
    )  # fmt: skip
    assert taken.all == [(ETH,)]
    assert len(suggested(field)) == 3


def test_where_one_is_wanted_ctrl_enter_is_enter(qtbot: QtBot) -> None:
    field, heard = SearchField(TITLES, several=False), Heard()
    qtbot.addWidget(field)
    field.set_listings(LISTINGS)
    field.taken.connect(heard)
    field.show()
    qtbot.keyClicks(field, "btc")
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (heard.all, suggested(field), field.text()) == ([(BTC,)], [], "")


def test_down_brings_the_list_back(field: SearchField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "eth")
    field.suggestions.hide()
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert suggested(field) == ["ETH/USDT, Binance"]


@pytest.mark.parametrize(("typed", "undone"), [("", 1), ("x", 0)])
def test_undo_is_the_windows_while_there_is_no_typing_to_take_back(
    field: SearchField, qtbot: QtBot, typed: str, undone: int
) -> None:
    heard = Heard()
    undo = QAction(field.window())
    undo.setShortcut("Ctrl+Z")
    undo.triggered.connect(heard)
    field.window().addAction(undo)
    field.window().activateWindow()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, typed)
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(heard.all) == undone


def test_the_list_is_a_sound_model(
    field: SearchField, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    qtbot.keyClicks(field, "usdt")
    qtmodeltester.check(field.suggestions.lines)
