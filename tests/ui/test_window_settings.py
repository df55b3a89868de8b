"""What each setting does to the windows the moment it is chosen."""

from collections.abc import Iterator
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tickglass.options import OPTIONS
from tickglass.settings import Settings
from tickglass.ui.theme import DARK, LIGHT
from tickglass.ui.window_settings import zone_of

from .desk import WindowDesk
from .helpers import BTC, ETH


@pytest.fixture
def desk(qtbot: QtBot) -> WindowDesk:
    return WindowDesk(qtbot, BTC, ETH)


@pytest.fixture
def colours(qapp: QApplication) -> Iterator[None]:
    """Undo the theme afterwards."""
    style, before = qapp.style().objectName(), QPalette(qapp.palette())
    yield
    qapp.styleHints().setColorScheme(Qt.ColorScheme.Unknown)
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setPalette(before)


def test_the_theme_is_used_by_everything(desk: WindowDesk, colours: None) -> None:
    for name, theme in (("dark", DARK), ("light", LIGHT)):
        desk.window.settings.apply("window.theme", name)
        assert desk.window.appearance.theme is theme
        assert desk.window.charts._theme is theme


def test_the_palette_turns_up_and_down_round(desk: WindowDesk, colours: None) -> None:
    settings = desk.window.settings
    settings.apply("window.theme", "dark")
    settings.apply("window.palette", "red-up")
    theme = desk.window.appearance.theme
    assert (theme.up, theme.down) == (DARK.down, DARK.up)
    settings.apply("window.palette", "standard")
    assert desk.window.appearance.theme is DARK


def test_rows_and_sparklines_follow(desk: WindowDesk) -> None:
    settings, lists = desk.window.settings, desk.window.lists
    before = lists.view.rowHeight(0)
    settings.apply("window.rows", "compact")
    assert lists.compact
    assert lists.view.rowHeight(0) < before
    settings.apply("window.rows", "comfortable")
    assert lists.view.rowHeight(0) == before
    settings.apply("window.sparkline", "1h")
    assert lists.span == "1h"


@pytest.mark.parametrize(
    ("flash", "motion", "flashes"),
    [(True, "full", True), (True, "reduced", False), (False, "full", False)],
)
@pytest.mark.parametrize("motion_first", [True, False])
def test_prices_flash_if_that_is_wanted_and_motion_is_not_reduced(
    flash: bool, motion: str, flashes: bool, motion_first: bool, desk: WindowDesk
) -> None:
    choices: list[tuple[str, bool | str]] = [
        ("window.motion", motion), ("window.prices_flash", flash),
    ]  # fmt: skip
    for key, value in choices if motion_first else reversed(choices):
        desk.window.settings.apply(key, value)
    assert desk.window.lists.model.flashes is flashes


@pytest.mark.parametrize(
    ("name", "zone"), [("local", None), ("UTC", UTC), ("Asia/Tokyo", ZoneInfo("Asia/Tokyo"))]
)
def test_times_are_told_in_the_zone(name: str, zone: object, desk: WindowDesk) -> None:
    desk.window.settings.apply("window.zone", name)
    assert desk.window.settings.zone == zone == zone_of(name)


def test_the_ticker_comes_with_its_look_and_goes(desk: WindowDesk, qtbot: QtBot) -> None:
    settings, companions = desk.window.settings, desk.window.companions
    settings.apply("ticker.vertical", True)
    settings.apply("ticker.opacity", 60)
    assert companions.ticker is None, "it is made when it is wanted"
    settings.apply("ticker.shown", True)
    assert companions.ticker is not None
    qtbot.addWidget(companions.ticker)
    assert companions.ticker.isVisible()
    assert (companions.ticker.look.vertical, companions.ticker.look.opacity) == (True, 60)
    settings.apply("ticker.size", "large")
    assert companions.ticker.look.size == "large"
    settings.apply("ticker.shown", False)
    assert not companions.ticker.isVisible()


def test_at_the_start_all_are_followed_but_the_ticker_waits_for_the_window(
    desk: WindowDesk, colours: None
) -> None:
    values = Settings.first().values() | {
        "window.theme": "dark", "window.palette": "red-up", "window.rows": "compact",
        "window.sparkline": "4h", "window.zone": "UTC", "ticker.shown": True,
    }  # fmt: skip
    desk.window.settings.set_all(values)
    window = desk.window
    assert window.appearance.theme.up == DARK.down
    assert (window.lists.compact, window.lists.span) == (True, "4h")
    assert window.settings.zone is UTC
    assert window.companions.ticker is None


def test_the_settings_window_shows_what_was_chosen_elsewhere(
    desk: WindowDesk, qtbot: QtBot
) -> None:
    dialog = desk.window.dialogs.open_settings()
    qtbot.addWidget(dialog)
    desk.window.settings.apply("window.rows", "compact")
    assert dialog.rows["window.rows"].value == "compact"
    assert desk.said["setting_chosen"] == []


def test_a_list_changed_from_its_own_menu_is_a_wish_for_the_setting(desk: WindowDesk) -> None:
    menu = desk.window.lists.menu()
    menu.compact_wanted.emit(True)
    menu.span_wanted.emit("7d")
    assert desk.said["setting_chosen"] == [("window.rows", "compact"), ("window.sparkline", "7d")]


def test_what_the_state_of_the_window_says_does_not_go_before_the_settings(
    desk: WindowDesk,
) -> None:
    state = desk.window.arrangement.save_state()
    desk.window.settings.apply("window.rows", "compact")
    desk.window.settings.apply("window.sparkline", "7d")
    desk.window.arrangement.restore_state(state)
    assert (desk.window.lists.compact, desk.window.lists.span) == (True, "7d")


def test_every_setting_has_a_value_at_first(desk: WindowDesk) -> None:
    assert {option.key for option in OPTIONS} <= set(desk.window.settings.values)
