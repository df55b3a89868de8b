"""The command palette under the fingers of a person."""

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tickglass.market.instrument import Instrument, Listing
from tickglass.ui.actions import ActionBook
from tickglass.ui.palette import MOST_LATELY, CommandPalette
from tickglass.ui.palette_entries import PaletteEntry

from .helpers import BTC, ETH, SOL, TITLES, Heard

BOOK_COIN = Instrument("binance", "BOOK", "USDT")
CTRL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """A window with a field, an action for some things, and a palette over it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        self.window.resize(900, 600)
        self.behind = QLineEdit()
        column = QVBoxLayout(self.window)
        column.addWidget(self.behind)
        column.addStretch(1)
        qtbot.addWidget(self.window)
        self.book, self.ran = ActionBook(self.window), Heard()
        for name, text, keys, group in (
            ("book", "Order book", "Ctrl+B", "View"),
            ("feed", "Feed…", "Ctrl+Shift+F", "View"),
            ("alert", "New alert…", "", "Alerts"),
        ):
            self.book.add(name, text, lambda name=name: self.ran(name), keys, group)
        self.palette = CommandPalette(self.window, self.book, TITLES)
        self.palette.set_listings([Listing(each, "") for each in (BTC, ETH, SOL, BOOK_COIN)])
        self.book.add("palette", "Commands", self.palette.toggle, "Ctrl+K")
        self.book.attach(self.window)
        self.window.show()
        self.window.activateWindow()
        self.behind.setFocus()
        qtbot.waitUntil(self.behind.hasFocus)

    @property
    def lines(self) -> list[str]:
        return [line.spoken for line in self.palette.list.lines.lines]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def type_in(desk: Desk, qtbot: QtBot, text: str) -> None:
    desk.palette.open_palette()
    qtbot.keyClicks(desk.palette.field, text)


def test_ctrl_k_opens_it_and_escape_gives_the_focus_back(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(desk.behind, Qt.Key.Key_K, CTRL)
    assert desk.palette.isVisible() and desk.palette.field.hasFocus()
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_Escape)
    assert not desk.palette.isVisible()
    assert desk.behind.hasFocus()


def test_ctrl_k_again_closes_it(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(desk.behind, Qt.Key.Key_K, CTRL)
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_K, CTRL)
    assert not desk.palette.isVisible()
    assert desk.behind.hasFocus()


def test_without_a_word_it_lists_every_action_with_group_and_keys(desk: Desk) -> None:
    desk.palette.open_palette()
    assert desk.lines == [
        "Order book, View, Ctrl+B", "Feed…, View, Ctrl+Shift+F", "New alert…, Alerts",
        "Commands, Ctrl+K",
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["order", "book ord", "ob", "ORDER BOOK", "view book"])
def test_an_action_is_found_by_words_in_any_order_and_initials_and_run_by_enter(
    desk: Desk, qtbot: QtBot, typed: str
) -> None:
    type_in(desk, qtbot, typed)
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert desk.ran.all == [("book",)]
    assert not desk.palette.isVisible()
    assert desk.behind.hasFocus()


def test_actions_and_instruments_stand_in_one_list_by_how_well_they_match(
    desk: Desk, qtbot: QtBot
) -> None:
    type_in(desk, qtbot, "book")
    assert desk.lines == ["BOOK/USDT, Binance", "Order book, View, Ctrl+B"]
    type_in(desk, qtbot, "bo")
    assert desk.lines == ["Order book, View, Ctrl+B", "BOOK/USDT, Binance"]


def test_enter_on_an_instrument_shows_it(desk: Desk, qtbot: QtBot) -> None:
    chosen, added = Heard(), Heard()
    desk.palette.instrument_chosen.connect(chosen)
    desk.palette.instrument_added.connect(added)
    type_in(desk, qtbot, "eth")
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert (chosen.all, added.all) == ([(ETH,)], [])
    assert isinstance(chosen.all[0][0], Instrument)


def test_ctrl_enter_adds_instruments_and_stays(desk: Desk, qtbot: QtBot) -> None:
    chosen, added = Heard(), Heard()
    desk.palette.instrument_chosen.connect(chosen)
    desk.palette.instrument_added.connect(added)
    type_in(desk, qtbot, "eth")
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_Return, CTRL)
    assert desk.lines == ["ETH/USDT, Binance, added"]
    qtbot.keyClicks(desk.palette.field, "sol")
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_Enter, CTRL)
    assert (chosen.all, added.all) == ([], [(ETH,), (SOL,)])
    assert desk.palette.isVisible()


def test_a_click_takes_a_line(desk: Desk, qtbot: QtBot) -> None:
    desk.palette.open_palette()
    place = desk.palette.list.visualRect(desk.palette.list.lines.index(1)).center()
    qtbot.mouseClick(desk.palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.ran.all == [("feed",)]


def test_a_press_beside_it_closes_it(desk: Desk, qtbot: QtBot) -> None:
    desk.palette.open_palette()
    qtbot.mouseClick(desk.palette.hint, Qt.MouseButton.LeftButton)
    assert desk.palette.isVisible()
    qtbot.mouseClick(desk.window, Qt.MouseButton.LeftButton, pos=QPoint(5, 590))
    assert not desk.palette.isVisible()


def test_it_goes_with_the_focus(desk: Desk) -> None:
    desk.palette.open_palette()
    desk.behind.setFocus()
    assert not desk.palette.isVisible()
    assert desk.behind.hasFocus()


def test_arrows_and_tab_move_in_the_list(desk: Desk, qtbot: QtBot) -> None:
    desk.palette.open_palette()
    rows = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Up):
        qtbot.keyClick(desk.palette.field, key)
        rows.append(desk.palette.list.current_row)
    assert rows == [1, 2, 1, 0]
    assert desk.palette.field.hasFocus()


def test_what_was_used_lately_stands_first_also_after_a_restart(desk: Desk, qtbot: QtBot) -> None:
    heard = Heard()
    desk.palette.lately_changed.connect(heard)
    for typed in ("sol", "feed"):
        type_in(desk, qtbot, typed)
        qtbot.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert len(heard.all) == 2
    saved = json.loads(json.dumps(desk.palette.save_state()))
    desk.palette.restore_state([])
    desk.palette.restore_state(saved)
    desk.palette.open_palette()
    assert desk.lines[:3] == [
        "Feed…, View, Ctrl+Shift+F", "SOL/USDT, Binance", "Order book, View, Ctrl+B",
    ]  # fmt: skip
    assert len(desk.lines) == 5, "nothing stands there twice"
    qtbot.keyClicks(desk.palette.field, "usdt")
    assert desk.lines[0] == "SOL/USDT, Binance"


def test_what_was_used_lately_is_bounded_and_rubbish_is_left_out(desk: Desk) -> None:
    desk.palette.restore_state([f"action:{number}" for number in range(MOST_LATELY + 5)])
    assert len(desk.palette.save_state()) == MOST_LATELY
    for rubbish in (None, "text", {"a": 1}, 7):
        desk.palette.restore_state(rubbish)
        assert desk.palette.save_state() == []
    desk.palette.restore_state(
        [1, "action:feed", None, "instrument:gone:A/B", "instrument:rubbish", ""]
    )
    desk.palette.open_palette()
    assert desk.lines[:2] == ["Feed…, View, Ctrl+Shift+F", "Order book, View, Ctrl+B"]


def test_states_are_said_and_what_is_not_possible_now_cannot_be_taken(
    desk: Desk, qtbot: QtBot
) -> None:
    heard = Heard()
    desk.book.add("tape", "Trades", heard, "Ctrl+T", "View", checkable=True, checked=True)
    desk.book.action("feed").setEnabled(False)
    desk.book.action("alert").setVisible(False)
    desk.palette.open_palette()
    assert desk.lines == [
        "Order book, View, Ctrl+B", "Feed…, View, not now  ·  Ctrl+Shift+F", "Commands, Ctrl+K",
        "Trades, View, on  ·  Ctrl+T",
    ]  # fmt: skip
    qtbot.keyClicks(desk.palette.field, "feed")
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert desk.ran.all == []
    assert desk.palette.isVisible()
    type_in(desk, qtbot, "trades")
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert heard.all == [(False,)]


def test_other_entries_are_asked_for_each_time_it_opens(desk: Desk, qtbot: QtBot) -> None:
    heard, names = Heard(), ["Four charts"]
    desk.palette.add_entries(
        lambda: [
            PaletteEntry(f"layout:{name}", name, lambda name=name: heard(name), "Layout")
            for name in names
        ]
    )
    type_in(desk, qtbot, "layout")
    assert desk.lines == ["Four charts, Layout"]
    names.append("Night")
    type_in(desk, qtbot, "nig")
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert heard.all == [("Night",)]
    assert desk.palette.save_state() == ["layout:Night"]


def test_it_says_when_nothing_matches(desk: Desk, qtbot: QtBot) -> None:
    type_in(desk, qtbot, " xyz ")
    assert desk.lines == ["Nothing matches “xyz”."]
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert desk.palette.isVisible()


def test_instruments_that_come_while_it_is_open_are_found(desk: Desk, qtbot: QtBot) -> None:
    desk.palette.set_listings([])
    type_in(desk, qtbot, "eth")
    assert desk.lines == ["Nothing matches “eth”."]
    desk.palette.set_listings([Listing(ETH, "")])
    assert desk.lines == ["ETH/USDT, Binance"]


@pytest.mark.parametrize("size", [(900, 600), (2560, 1440), (300, 220)])
def test_it_lies_within_the_window_whatever_its_size(desk: Desk, size: tuple[int, int]) -> None:
    desk.palette.open_palette()
    desk.window.resize(*size)
    QApplication.processEvents()
    assert desk.window.rect().contains(desk.palette.geometry())
    centre = desk.palette.geometry().center().x()
    assert abs(centre - desk.window.rect().center().x()) <= 1


def test_the_focus_is_not_given_to_what_is_gone(desk: Desk, qtbot: QtBot) -> None:
    desk.palette.open_palette()
    with qtbot.waitSignal(desk.behind.destroyed):
        desk.behind.deleteLater()
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_Escape)
    assert not desk.palette.isVisible()


def test_the_list_is_a_sound_model(desk: Desk, qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    type_in(desk, qtbot, "o")
    qtmodeltester.check(desk.palette.list.lines)
