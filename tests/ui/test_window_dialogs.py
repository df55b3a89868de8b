"""What the window asks, and what it does with the answers."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.ui.window_dialogs import file_name, plain_name

from .desk import WindowDesk
from .helpers import BTC, ETH, SOL, series_of

Asked = list[tuple[str, str]]
Answer = Callable[[str], Asked]


class Copy(NamedTuple):
    """A backup as the program tells of it."""

    path: Path
    kind: str
    made: datetime


@pytest.fixture
def desk(qtbot: QtBot) -> WindowDesk:
    return WindowDesk(qtbot, BTC, ETH)


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """The person's answer to where; titles and names that were offered are written down."""

    def answer(path: str) -> Asked:
        asked: Asked = []

        def place(parent: Any, title: str, name: str, form: str) -> tuple[str, str]:
            asked.append((title, name))
            return path, form

        monkeypatch.setattr(QFileDialog, "getSaveFileName", place)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", place)
        return asked

    return answer


# ---------------------------------------------------------------- files


def test_a_list_is_exported_under_its_name_with_its_rows(desk: WindowDesk, places: Answer) -> None:
    asked = places("/there/list.csv")
    desk.window.lists.add_list("Mine", [SOL])
    desk.action("list.export").trigger()
    assert asked == [("Export the list", "Mine.csv")]
    ((text, path),) = desk.said["file_wanted"]
    assert path == "/there/list.csv"
    assert "SOL" in str(text)
    assert "BTC" not in str(text)


def test_a_list_with_a_name_that_is_no_file_name_still_offers_one(
    desk: WindowDesk, places: Answer
) -> None:
    asked = places("")
    desk.window.lists.rename_list(0, "BTC/USDT: all")
    desk.action("list.export").trigger()
    assert asked == [("Export the list", "BTC-USDT- all.csv")]


@pytest.mark.parametrize(
    ("name", "plain"), [("..", "-"), (" a\nb. ", "a-b"), ("币", "币"), ("C:\\x", "C--x")]
)
def test_the_name_of_a_list_becomes_that_of_a_file_on_any_system(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_a_list_is_imported_from_the_file_that_was_chosen(desk: WindowDesk, places: Answer) -> None:
    places("/there/friends.csv")
    desk.action("list.import").trigger()
    assert desk.said["list_import_wanted"] == [("/there/friends.csv",)]


def test_everything_goes_out_and_in_as_one_file(desk: WindowDesk, places: Answer) -> None:
    asked = places("/there/all.tickglass.zip")
    desk.action("bundle.export").trigger()
    desk.action("bundle.import").trigger()
    assert asked[0] == ("Export everything", "tickglass.tickglass.zip")
    assert desk.said["bundle_export_wanted"] == [("/there/all.tickglass.zip",)]
    assert desk.said["bundle_import_wanted"] == [("/there/all.tickglass.zip",)]


def test_who_chooses_no_file_wants_nothing(desk: WindowDesk, places: Answer) -> None:
    asked = places("")
    desk.window.show_chart(0, series_of(0, 5), [])
    for name in ("list.export", "list.import", "bundle.export", "bundle.import", "chart.csv",
                 "chart.picture"):  # fmt: skip
        desk.action(name).trigger()
    assert len(asked) == 6
    wanted = ("file_wanted", "list_import_wanted", "bundle_export_wanted", "bundle_import_wanted",
              "export_wanted")  # fmt: skip
    assert all(desk.said[name] == [] for name in wanted)
    assert not desk.window.notices.isVisible()


def test_the_candles_of_the_active_chart_are_exported_under_its_name(
    desk: WindowDesk, places: Answer
) -> None:
    asked = places("/there/candles.csv")
    bars = series_of(0, 5)
    desk.window.show_chart(0, bars, [])
    desk.action("chart.csv").trigger()
    assert asked == [("Export the candles", "binance-BTC-USDT-15m.csv")]
    assert desk.said["export_wanted"] == [(bars, "csv", "/there/candles.csv")]


def test_without_candles_no_file_is_asked_for(desk: WindowDesk, places: Answer) -> None:
    asked = places("/there/candles.csv")
    desk.window.lists.remove([BTC, ETH])
    desk.action("chart.csv").trigger()
    assert asked == []


def test_a_picture_of_the_chart_is_saved(desk: WindowDesk, places: Answer, tmp_path: Path) -> None:
    path = tmp_path / "chart.png"
    places(str(path))
    desk.window.show_chart(0, series_of(0, 5), [])
    desk.action("chart.picture").trigger()
    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_picture_that_cannot_be_saved_is_told(
    desk: WindowDesk, places: Answer, tmp_path: Path
) -> None:
    path = tmp_path / "gone" / "chart.png"
    places(str(path))
    desk.window.show_chart(0, series_of(0, 5), [])
    desk.action("chart.picture").trigger()
    said = desk.window.notices.words.text()
    assert said == f"The picture could not be saved as {path}."


def test_a_chart_without_an_instrument_has_a_plain_file_name() -> None:
    assert file_name(None, "1m", "png") == "chart.png"
    assert file_name(ETH, "4h", "parquet") == "binance-ETH-USDT-4h.parquet"


# ---------------------------------------------------------------- questions


@pytest.mark.parametrize(
    ("typed", "taken", "names"),
    [("Wall", True, ["Wall"]), ("  ", True, []), ("Wall", False, [])],
)
def test_a_layout_is_saved_under_the_name_that_is_given(
    typed: str,
    taken: bool,
    names: list[str],
    desk: WindowDesk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *words, **more: (typed, taken))
    desk.action("layout.save").trigger()
    assert desk.window.layouts.names == names
    assert len(desk.said["layouts_changed"]) == len(names)


def test_the_name_of_the_layout_in_use_is_offered_again(
    desk: WindowDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []

    def ask(parent: Any, title: str, label: str, text: str) -> tuple[str, bool]:
        offered.append(text)
        return "Wall", True

    monkeypatch.setattr(QInputDialog, "getText", ask)
    desk.action("layout.save").trigger()
    desk.action("layout.save").trigger()
    assert offered == ["", "Wall"]
    assert desk.window.layouts.names == ["Wall"]


def test_an_alert_is_asked_for_at_the_price_on_the_chart(desk: WindowDesk) -> None:
    desk.feed.trade(100.0)
    desk.window.charts.active.alert_wanted.emit(120.5)
    dialog = desk.window.alerts_of.ask_at(BTC, 120.5)
    assert dialog is not None
    assert dialog.rows[0].condition() == PriceLevel(Kind.CROSSES, 120.5)
    dialog.buttons.button(QDialogButtonBox.StandardButton.Save).click()
    ((alert,),) = desk.said["alert_made"]
    assert isinstance(alert, Alert)
    assert (alert.instrument, alert.level) == (BTC, 120.5)


def test_without_an_instrument_there_is_nothing_to_be_alerted_of(desk: WindowDesk) -> None:
    assert desk.window.alerts_of.ask_for(None) is None


def test_an_instrument_is_compared_with_the_chart_from_which_it_was_asked(
    desk: WindowDesk,
) -> None:
    pane = desk.window.charts.active
    dialog = desk.window.dialogs.compare_with(pane)
    dialog.taken.emit(SOL)
    assert pane.look.compared == (SOL,)
    dialog.close()


# ---------------------------------------------------------------- the settings window


def test_there_is_one_settings_window_and_it_is_told_the_values_and_asks_for_backups(
    desk: WindowDesk, qtbot: QtBot
) -> None:
    first = desk.window.dialogs.open_settings()
    qtbot.addWidget(first)
    first.close()
    desk.window.settings.values["window.rows"] = "compact"
    desk.action("settings").trigger()
    second = desk.window.dialogs.settings
    assert second is first
    assert first.isVisible()
    assert first.rows["window.rows"].value == "compact"
    assert len(desk.said["backups_wanted"]) == 2


def test_what_is_chosen_in_the_settings_window_is_a_wish(desk: WindowDesk, qtbot: QtBot) -> None:
    dialog = desk.window.dialogs.open_settings()
    qtbot.addWidget(dialog)
    dialog.changed.emit("window.theme", "dark")
    assert desk.said["setting_chosen"] == [("window.theme", "dark")]


def test_backups_are_listed_and_one_can_be_wanted_back(desk: WindowDesk, qtbot: QtBot) -> None:
    dialog = desk.window.dialogs.open_settings()
    qtbot.addWidget(dialog)
    copy = Copy(Path("/x/settings-2026-11-22.toml"), "day", datetime(2026, 11, 22))
    desk.window.dialogs.show_backups([copy])
    dialog.restore_wanted.emit(copy.path)
    assert desk.said["restore_wanted"] == [(copy.path,)]


def test_backups_that_come_before_the_settings_window_are_nobodys(desk: WindowDesk) -> None:
    desk.window.dialogs.show_backups([])
    assert desk.window.dialogs.settings is None


def test_everything_as_one_file_is_offered_in_the_settings_window_too(
    desk: WindowDesk, qtbot: QtBot, places: Answer
) -> None:
    places("/there/all.zip")
    dialog = desk.window.dialogs.open_settings()
    qtbot.addWidget(dialog)
    dialog.export_wanted.emit()
    dialog.import_wanted.emit()
    assert desk.said["bundle_export_wanted"] == desk.said["bundle_import_wanted"]
    assert len(desk.said["bundle_export_wanted"]) == 1


def test_what_was_reset_in_the_settings_window_can_be_undone(
    desk: WindowDesk, qtbot: QtBot
) -> None:
    dialog = desk.window.dialogs.open_settings()
    qtbot.addWidget(dialog)
    undone: list[bool] = []
    dialog.removed.emit("Theme was reset.", lambda: undone.append(True))
    desk.action("edit.undo").trigger()
    assert undone == [True]


def test_keys_chosen_in_the_list_of_shortcuts_are_kept(desk: WindowDesk) -> None:
    dialog = desk.window.dialogs.open_shortcuts()
    desk.window.book.choose_keys("view.book", "Ctrl+Alt+9")
    assert desk.said["keys_changed"] == [({"view.book": "Ctrl+Alt+9"},)]
    dialog.close()
