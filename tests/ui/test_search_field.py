"""The search field under the fingers of a person."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
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
    return [field.suggestions.item(row).text() for row in range(field.suggestions.count())]


@pytest.fixture
def taken(field: SearchField) -> Heard:
    heard = Heard()
    field.taken.connect(heard)
    return heard


def test_typing_shows_what_matches(field: SearchField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "et")
    assert suggested(field) == ["ETH/USDT    Binance"]
    assert field.suggestions.currentRow() == 0
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
        rows.append(field.suggestions.currentRow())
    assert rows == [0, 1, 2, 2, 1]
    qtbot.keyClick(field, Qt.Key.Key_Enter)
    assert taken.all == [(ETH,)]


def test_a_click_takes_what_it_hits(field: SearchField, taken: Heard, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "usdt")
    line = field.suggestions.visualItemRect(field.suggestions.item(2)).center()
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
    line = field.suggestions.visualItemRect(field.suggestions.item(0)).center()
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
    assert suggested(field) == ["BTC/USDT    Binance"]


def test_a_pair_that_is_not_traded_says_so(field: SearchField, qtbot: QtBot) -> None:
    field.set_listings([Listing(BTC, "BTCUSDT", status="halted")])
    qtbot.keyClicks(field, "btc")
    assert suggested(field) == ["BTC/USDT    Binance (halted)"]


def test_the_list_is_no_higher_than_ten_lines(field: SearchField, qtbot: QtBot) -> None:
    coins = [Instrument("binance", f"COIN{number}", "USDT") for number in range(30)]
    field.set_listings([Listing(each, each.base) for each in coins])
    qtbot.keyClicks(field, "coin")
    assert field.suggestions.count() == 30
    line = field.suggestions.sizeHintForRow(0)
    assert 10 * line <= field.suggestions.height() < 11 * line
    assert field.suggestions.width() == field.width()


def test_the_list_goes_with_the_focus(field: SearchField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "btc")
    assert suggested(field)
    field.clearFocus()
    assert suggested(field) == []
