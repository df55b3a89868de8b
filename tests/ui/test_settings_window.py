"""The settings window under the hands of a person."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tickglass.market.instrument import Instrument
from tickglass.options import OPTIONS, Value, exchange_options
from tickglass.settings import Settings
from tickglass.ui.settings_editor import ChoiceEditor, NumberEditor, SwitchEditor
from tickglass.ui.settings_editors import (
    AddressEditor,
    BasisEditor,
    InstrumentsEditor,
    ZoneEditor,
)
from tickglass.ui.settings_rows import OptionRow
from tickglass.ui.settings_window import SettingsWindow

from .conftest import set_zone
from .helpers import Heard

TITLES = {"binance": "Binance", "okx": "OKX"}
BTC = Instrument("binance", "BTC", "USDT")
FIRST = Settings.first().values()
Enter = Qt.Key.Key_Return


class Entry(NamedTuple):
    path: Path
    kind: str
    made: datetime


BACKUPS = [
    Entry(Path("/x/settings-2026-11-22.toml"), "day", datetime(2026, 11, 22)),
    Entry(Path("/x/settings-2026-11-21-120000.toml"), "moment", datetime(2026, 11, 21, 12)),
    Entry(Path("/x/before-import-2026-11-20-120500.zip"), "bundle", datetime(2026, 11, 20, 12, 5)),
]


class Desk:
    """A window that is shown; everything it says is written down."""

    def __init__(self, qtbot: QtBot) -> None:
        self.bot = qtbot
        self.window = SettingsWindow(TITLES)
        qtbot.addWidget(self.window)
        self.changed, self.removed = Heard(), Heard()
        self.window.changed.connect(self.changed)
        self.window.removed.connect(self.removed)
        self.window.set_values(FIRST)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitActive(self.window)

    def row(self, key: str) -> OptionRow:
        return self.window.rows[key]

    def shown(self) -> list[str]:
        return [key for key, row in self.window.rows.items() if row.isVisible()]

    def open(self, key: str) -> OptionRow:
        """Bring a setting into sight by searching for it."""
        self.window.search.setText(key)
        assert self.row(key).isVisible()
        return self.row(key)

    def press(self, widget: QWidget, *keys: Qt.Key) -> None:
        for key in keys:
            self.bot.keyClick(widget, key)

    def type(self, widget: QWidget, text: str) -> None:
        widget.setFocus()
        self.bot.keyClicks(widget, text)

    def click(self, widget: QWidget) -> None:
        self.bot.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_every_setting_has_a_row_that_shows_its_value(desk: Desk) -> None:
    options = [*OPTIONS, *(each for name in TITLES for each in exchange_options(name))]
    assert list(desk.window.rows) == [option.key for option in options]
    for option in options:
        assert desk.row(option.key).value == option.default


def test_showing_values_says_nothing(desk: Desk) -> None:
    other: dict[str, Value] = {
        "window.theme": "dark", "window.close_to_tray": True, "window.zone": "Europe/Berlin",
        "window.change_basis": "2026-11-20T12:00Z", "ticker.opacity": 40,
        "ticker.instruments": (BTC,), "exchanges.okx.ws": "wss://x", "unknown.key": 1,
    }  # fmt: skip
    desk.window.set_values(other)
    assert desk.changed.all == []
    del other["unknown.key"]
    assert {key: desk.row(key).value for key in other} == other


# ---------------------------------------------------------------- choosing


def test_a_switch_is_said_at_once(desk: Desk) -> None:
    editor = desk.open("window.close_to_tray").editor
    assert isinstance(editor, SwitchEditor)
    desk.press(editor.box, Qt.Key.Key_Space)
    desk.press(editor.box, Qt.Key.Key_Space)
    assert desk.changed.all == [("window.close_to_tray", True), ("window.close_to_tray", False)]


def test_a_choice_is_said_at_once(desk: Desk) -> None:
    editor = desk.open("window.theme").editor
    assert isinstance(editor, ChoiceEditor)
    desk.press(editor.list, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert desk.changed.all == [("window.theme", "light"), ("window.theme", "dark")]


def test_a_number_is_said_when_it_is_whole(desk: Desk) -> None:
    editor = desk.open("ticker.opacity").editor
    assert isinstance(editor, NumberEditor)
    editor.field.selectAll()
    desk.type(editor.field, "45")
    assert desk.changed.all == []
    desk.press(editor.field, Enter)
    assert desk.changed.all == [("ticker.opacity", 45)]
    assert desk.window.isVisible()  # Enter closes nothing


def test_instruments_are_said_when_the_field_is_left_and_bad_ones_are_told(desk: Desk) -> None:
    row = desk.open("ticker.instruments")
    assert isinstance(row.editor, InstrumentsEditor)
    field = row.editor.field
    desk.type(field, "BTCUSDT")
    desk.window.search.setFocus()
    assert row.problem.text().startswith("'BTCUSDT' is not an instrument;")
    assert desk.changed.all == []
    field.setPlainText("binance:btc/usdt")
    field.setFocus()
    desk.press(field, Qt.Key.Key_Tab)
    assert desk.changed.all == [("ticker.instruments", (BTC,))]
    assert not row.problem.isVisible()
    assert field.toPlainText() == "binance:BTC/USDT"


def test_a_zone_is_found_by_a_part_of_its_name_and_a_wrong_one_is_told(desk: Desk) -> None:
    row = desk.open("window.zone")
    assert isinstance(row.editor, ZoneEditor)
    field = row.editor.list.lineEdit()
    assert field is not None
    field.selectAll()
    desk.type(field, "Mars")
    desk.press(field, Enter)
    assert row.problem.text() == "There is no time zone of this name."
    assert desk.changed.all == []
    field.selectAll()
    desk.type(field, "europe/berlin")
    desk.press(field, Enter)
    assert desk.changed.all == [("window.zone", "Europe/Berlin")]
    assert row.problem.text() == ""
    completer = row.editor.list.completer()
    assert completer is not None
    completer.setCompletionPrefix("berl")
    assert completer.currentCompletion() == "Europe/Berlin"


def test_a_moment_is_told_in_utc(desk: Desk, zone: pytest.MonkeyPatch) -> None:
    set_zone(zone, "Asia/Tokyo")
    row = desk.open("window.change_basis")
    assert isinstance(row.editor, BasisEditor)
    assert not row.editor.moment.isVisible()
    desk.window.set_value("window.change_basis", "2026-11-20T12:00Z")
    assert row.editor.moment.isVisible()
    assert row.editor.moment.dateTime().toString("yyyy-MM-dd HH:mm") == "2026-11-20 21:00"
    row.editor.moment.setDateTime(row.editor.moment.dateTime().addSecs(-3600))
    assert desk.changed.all == [("window.change_basis", "2026-11-20T11:00Z")]
    row.editor.list.setCurrentIndex(row.editor.list.findData("utc"))
    assert desk.changed.all[-1] == ("window.change_basis", "utc")
    assert not row.editor.moment.isVisible()


def test_an_address_is_taken_when_it_is_right_and_else_one_sentence_says_why(desk: Desk) -> None:
    row = desk.open("exchanges.okx.ws")
    assert isinstance(row.editor, AddressEditor)
    field = row.editor.field
    desk.type(field, "ws://example.org")
    assert row.problem.text() == ""  # nobody is interrupted while typing
    desk.press(field, Enter)
    assert row.problem.text() == (
        "ws:// is not encrypted and accepted for this machine only; write wss://."
    )
    assert row.problem.isVisible()
    assert field.accessibleDescription() == row.problem.text()
    assert desk.changed.all == []
    field.clear()
    desk.type(field, "wss://example.org")
    assert row.problem.text() == ""
    desk.press(field, Enter)
    assert desk.changed.all == [("exchanges.okx.ws", "wss://example.org")]
    field.selectAll()
    desk.press(field, Qt.Key.Key_Backspace)
    assert desk.changed.all[-1] == ("exchanges.okx.ws", None)


def test_the_wheel_over_a_field_without_the_keyboard_chooses_nothing(desk: Desk) -> None:
    desk.window.show_group("Look")
    editor = desk.row("window.theme").editor
    assert isinstance(editor, ChoiceEditor)
    desk.window.search.setFocus()
    event = QWheelEvent(
        QPointF(5, 5), QPointF(editor.list.mapToGlobal(QPoint(5, 5))), QPoint(), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(editor.list, event)
    assert desk.changed.all == []
    assert editor.value == "system"


# ---------------------------------------------------------------- searching


def test_a_search_finds_words_of_title_help_choice_and_key_in_all_groups(desk: Desk) -> None:
    for text, expected in {
        "opacity": "ticker.opacity",
        "shines": None,
        "lights up": "window.prices_flash",
        "Deutsch": "window.language",
        "red DOWN": "window.palette",
        "close_to_tray": "window.close_to_tray",
        "okx requests": "exchanges.okx.rest",
    }.items():
        desk.window.search.setText(text)
        assert desk.shown() == ([] if expected is None else [expected]), text
        assert desk.window.nothing.isVisible() == (expected is None)


def test_backups_and_keys_are_found_too(desk: Desk) -> None:
    desk.window.search.setText("backup")
    assert desk.window.backups.isVisible()
    assert desk.shown() == []
    desk.window.search.setText("keyboard")
    assert desk.window.shortcuts.isVisible()


def test_escape_ends_the_search_and_then_closes(desk: Desk) -> None:
    desk.window.search.setText("theme")
    desk.press(desk.window.search, Qt.Key.Key_Escape)
    assert desk.window.search.text() == ""
    assert desk.shown() == [each.key for each in OPTIONS if each.group == "Look"]
    desk.press(desk.window.search, Qt.Key.Key_Escape)
    assert not desk.window.isVisible()


def test_a_group_is_chosen_by_keyboard_and_ends_the_search(desk: Desk) -> None:
    desk.window.search.setText("theme")
    desk.window.groups.setFocus()
    desk.press(desk.window.groups, Qt.Key.Key_Down)
    assert desk.window.search.text() == ""
    assert desk.shown() == [each.key for each in OPTIONS if each.group == "Prices"]
    desk.bot.keyClick(desk.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.search.hasFocus()


def test_a_click_on_the_group_that_is_chosen_already_ends_the_search(desk: Desk) -> None:
    desk.window.search.setText("opacity")
    place = desk.window.groups.visualItemRect(desk.window.groups.item(0)).center()
    desk.bot.mouseClick(
        desk.window.groups.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier(), place
    )
    assert desk.window.search.text() == ""
    assert desk.row("window.theme").isVisible()


# ---------------------------------------------------------------- back to the beginning


def test_one_setting_is_reset_and_that_can_be_undone(desk: Desk) -> None:
    row = desk.open("window.theme")
    assert not row.reset.isVisible()
    desk.window.set_value("window.theme", "dark")
    row.reset.setFocus()
    desk.press(row.reset, Qt.Key.Key_Space)
    assert desk.changed.all == [("window.theme", "system")]
    assert not row.reset.isVisible()
    assert isinstance(row.editor, ChoiceEditor)
    assert row.editor.list.hasFocus()  # not lost with the button
    ((text, undo),) = desk.removed.all
    assert text == "1 setting was reset"
    assert callable(undo)
    undo()
    assert desk.changed.all[-1] == ("window.theme", "dark")
    assert row.value == "dark"


def test_all_settings_are_reset_and_that_can_be_undone(desk: Desk) -> None:
    assert not desk.window.reset_all.isEnabled()
    before: dict[str, Value] = {
        "window.theme": "dark", "ticker.opacity": 40, "exchanges.okx.enabled": False,
        "board.instruments": (BTC,),
    }  # fmt: skip
    desk.window.set_values(before)
    assert desk.window.reset_all.isEnabled()
    desk.click(desk.window.reset_all)
    assert dict(desk.changed.all) == {  # type: ignore[arg-type]
        "window.theme": "system", "ticker.opacity": 100, "exchanges.okx.enabled": True,
        "board.instruments": (),
    }  # fmt: skip
    assert not desk.window.reset_all.isEnabled()
    ((text, undo),) = desk.removed.all
    assert text == "4 settings were reset"
    assert callable(undo)
    undo()
    assert {key: desk.row(key).value for key in before} == before
    assert dict(desk.changed.all[-4:]) == before  # type: ignore[arg-type]


# ---------------------------------------------------------------- backups, one file, keys


def test_a_backup_is_chosen_and_wanted(desk: Desk) -> None:
    window = desk.window
    window.show_group("Backups")
    assert window.backups.words.text().startswith("There are no backups yet")
    assert not window.backups.list.isVisible()
    window.set_backups(BACKUPS)
    texts = [window.backups.list.item(place).text() for place in range(3)]
    assert texts[0].endswith(": settings as that day began")
    assert texts[1].endswith(": settings that others took the place of")
    assert texts[2].endswith(": everything, before an import")
    assert not window.backups.restore.isEnabled()
    window.backups.list.setCurrentRow(1)
    with desk.bot.waitSignal(window.restore_wanted) as heard:
        desk.click(window.backups.restore)
    assert heard.args == [BACKUPS[1].path]
    window.set_backups([])
    assert not window.backups.restore.isVisible()


def test_the_buttons_say_what_they_are_for(desk: Desk) -> None:
    window = desk.window
    for button, signal in (
        (window.one_file.export, window.export_wanted),
        (window.one_file.take, window.import_wanted),
        (window.shortcuts, window.shortcuts_wanted),
    ):
        with desk.bot.waitSignal(signal):
            button.click()
    window.shut.click()
    assert not window.isVisible()


# ---------------------------------------------------------------- access


def focusable(window: SettingsWindow) -> Iterator[QWidget]:
    for kind in (QAbstractButton, QComboBox, QSpinBox, QLineEdit, QPlainTextEdit, QListWidget):
        for widget in window.findChildren(kind):
            own = not widget.objectName().startswith("qt_") and widget.isVisible()
            if own and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                yield widget


def test_whatever_takes_the_keyboard_says_what_it_is(desk: Desk) -> None:
    desk.window.set_backups(BACKUPS)
    for group in range(desk.window.groups.count()):
        desk.window.groups.setCurrentRow(group)
        for widget in focusable(desk.window):
            spoken = QAccessible.queryAccessibleInterface(widget)
            assert spoken.text(QAccessible.Text.Name), widget


def test_the_keyboard_goes_through_a_page_from_top_to_bottom(desk: Desk) -> None:
    desk.window.show_group("Look")
    desk.window.groups.setFocus()
    heights = []
    for _ in range(4):
        desk.bot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert isinstance(focused, QComboBox)
        heights.append(focused.mapTo(desk.window, QPoint()).y())
    assert heights == sorted(heights)
