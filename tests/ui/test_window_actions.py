"""Every action of the window: that it is there, has its keys, and does what it says."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QMenu
from pytestqt.qtbot import QtBot

from tickglass.market.change import basis_of
from tickglass.ui.alerts.form import AlertForm
from tickglass.ui.chart_grid import LAYOUTS
from tickglass.ui.window_actions import BASES, GRIDS, LINKED, THEMES

from .desk import WindowDesk, checked, entry
from .helpers import BTC, ETH, SOL

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(qtbot: QtBot) -> WindowDesk:
    made = WindowDesk(qtbot, BTC, ETH)
    made.window.activateWindow()
    qtbot.waitActive(made.window)
    qtbot.keyRelease(made.window, Qt.Key.Key_Control)  # a test before this one may still hold it
    return made


# ---------------------------------------------------------------- the table


def test_every_action_has_a_name_a_text_and_a_group(desk: WindowDesk) -> None:
    for each in desk.window.book:
        assert each.name
        assert each.shown.strip()
        assert each.group


def test_no_two_actions_share_their_usual_keys(desk: WindowDesk) -> None:
    keys = [each.default for each in desk.window.book if each.default]
    assert len(keys) == len(set(keys))


def test_every_layout_of_charts_and_every_link_has_words() -> None:
    assert list(GRIDS) == list(LAYOUTS)
    assert set(LINKED) == {"crosshair", "instrument", "interval"}


@pytest.mark.parametrize(
    ("key", "modifier", "what"),
    [
        (Qt.Key.Key_Q, CTRL, "quit_wanted"),
        (Qt.Key.Key_F, CTRL | SHIFT, "feed_wanted"),
        (Qt.Key.Key_T, CTRL | SHIFT, "setting_chosen"),
    ],
)
def test_keys_say_what_is_wanted(
    key: Qt.Key, modifier: Qt.KeyboardModifier, what: str, desk: WindowDesk, qtbot: QtBot
) -> None:
    before = len(desk.said[what])
    qtbot.keyClick(desk.window, key, modifier)
    assert len(desk.said[what]) == before + 1


def test_the_keys_of_lists_make_name_turn_group_and_close_them(
    desk: WindowDesk, qtbot: QtBot
) -> None:
    lists = desk.window.lists
    qtbot.keyClick(desk.window, Qt.Key.Key_N, CTRL | SHIFT)
    assert len(lists.lists) == 2
    field = QApplication.focusWidget()
    qtbot.keyClicks(field, "Mine")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [each.name for each in lists.lists] == ["Majors", "Mine"]
    qtbot.keyClick(desk.window, Qt.Key.Key_Right, CTRL | ALT)
    assert lists.active == 0, "after the last comes the first"
    qtbot.keyClick(desk.window, Qt.Key.Key_Left, CTRL | ALT)
    assert lists.active == 1
    qtbot.keyClick(desk.window, Qt.Key.Key_G, CTRL)
    assert lists.lists[1].grouped
    desk.action("list.close").trigger()
    assert [each.name for each in lists.lists] == ["Majors"]
    qtbot.keyClick(desk.window, Qt.Key.Key_Z, CTRL)
    assert [each.name for each in lists.lists] == ["Majors", "Mine"]


def test_a_sorted_list_goes_back_to_the_persons_own_order(desk: WindowDesk) -> None:
    model = desk.window.lists.model
    desk.window.lists.view.header.sort_wanted.emit(None)
    desk.action("list.own_order").trigger()
    assert model.sorting is None
    assert desk.window.lists.instruments == [BTC, ETH]


def test_what_is_selected_is_removed_from_the_list_by_name(desk: WindowDesk) -> None:
    desk.window.lists.choose(ETH)
    desk.action("pair.remove").trigger()
    assert desk.window.lists.instruments == [BTC]
    assert desk.action("edit.undo").isEnabled()


def test_nothing_is_removed_from_an_empty_list(qtbot: QtBot) -> None:
    desk = WindowDesk(qtbot)
    desk.action("pair.remove").trigger()
    assert not desk.action("edit.undo").isEnabled()


@pytest.mark.parametrize(("place", "name"), list(enumerate(LAYOUTS)))
def test_a_key_for_each_layout_of_charts(
    place: int, name: str, desk: WindowDesk, qtbot: QtBot
) -> None:
    qtbot.keyClick(desk.window, Qt.Key(Qt.Key.Key_1 + place), CTRL)
    assert desk.window.charts.layout_name == name
    assert len(desk.window.charts.panes) == sum(LAYOUTS[name])


def test_the_keys_of_charts_still_work_after_their_menu_was_open(
    desk: WindowDesk, qtbot: QtBot
) -> None:
    desk.submenu("Charts")
    qtbot.keyClick(desk.window, Qt.Key.Key_2, CTRL)
    assert desk.window.charts.layout_name == "Two side by side"


def test_a_new_alert_is_for_the_chosen_row_and_needs_one(desk: WindowDesk, qtbot: QtBot) -> None:
    desk.window.lists.choose(ETH)
    desk.action("alert.new").trigger()
    (dialog,) = desk.window.findChildren(QDialog, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert isinstance(dialog, AlertForm)
    assert dialog.subject.currentText() == "ETH/USDT on Binance"
    dialog.close()


def test_without_a_row_no_alert_is_asked_for(qtbot: QtBot) -> None:
    desk = WindowDesk(qtbot)
    desk.action("alert.new").trigger()
    assert desk.said["alert_made"] == []


@pytest.mark.parametrize("name", ["start_page", "bundle.export", "view.ticker", "view.together"])
def test_actions_without_keys_are_found_in_the_palette(
    name: str, desk: WindowDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    desk.action(name).triggered.disconnect()
    desk.action(name).triggered.connect(lambda: called.append(name))
    desk.window.palette_box.toggle()
    qtbot.keyClicks(desk.window.palette_box.field, desk.window.book.entry(name).shown.strip("…"))
    qtbot.keyClick(desk.window.palette_box.field, Qt.Key.Key_Return)
    assert called == [name]


# ---------------------------------------------------------------- looks


def test_every_theme_and_basis_is_an_action_that_wishes_for_it(desk: WindowDesk) -> None:
    for value in THEMES:
        desk.action(f"theme.{value}").trigger()
        assert desk.said["setting_chosen"][-1] == ("window.theme", value)
    for value in BASES:
        desk.action(f"change.{value}").trigger()
        assert desk.said["setting_chosen"][-1] == ("window.change_basis", value)


def test_changes_can_be_counted_from_now(desk: WindowDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_700_000_000_000
    monkeypatch.setattr("tickglass.ui.window_actions.wall_ms", lambda: now)
    desk.action("change.now").trigger()
    ((key, value),) = desk.said["setting_chosen"]
    assert key == "window.change_basis"
    start = basis_of(str(value)).start(now + 1, None)
    assert now - start < 60_000, "the file holds whole minutes, or better"


def test_the_menu_of_looks_ticks_what_is_chosen(desk: WindowDesk) -> None:
    desk.window.settings.apply("window.change_basis", "utc")
    menu = desk.submenu("Look")
    assert checked(menu) == ["Theme of the system", "Change since 00:00 UTC"]
    entry(menu, "Dark theme").trigger()
    assert desk.said["setting_chosen"] == [("window.theme", "dark")]


# ---------------------------------------------------------------- menus that change


def test_the_menu_of_charts_ticks_the_layout_and_links_and_changes_them(
    desk: WindowDesk,
) -> None:
    desk.window.charts.choose_layout("Four")
    menu = desk.submenu("Charts")
    assert checked(menu) == ["Four", *LINKED.values()]
    entry(menu, LINKED["interval"]).trigger()
    assert desk.window.charts.links == {"crosshair", "instrument"}
    entry(menu, "Two stacked").trigger()
    assert checked(desk.submenu("Charts"))[0] == "Two stacked"


def test_layouts_are_saved_ticked_switched_and_removed_from_their_menu(
    desk: WindowDesk,
) -> None:
    window = desk.window
    assert [each.text() for each in desk.submenu("Layouts").actions() if each.text()] == [
        "Save the layout as…"
    ]
    window.arrangement.save_layout_as("Day & night")
    window.docks.show("book")
    window.arrangement.save_layout_as("Wall")
    menu = desk.submenu("Layouts")
    assert checked(menu) == ["Wall"]
    entry(menu, "Day && night").trigger()
    assert window.layouts.current == "Day & night"
    assert not window.docks.shown("book")
    removing = entry(desk.submenu("Layouts"), "Remove a layout").menu()
    assert isinstance(removing, QMenu)
    entry(removing, "Wall").trigger()
    assert window.layouts.names == ["Day & night"]
    desk.action("edit.undo").trigger()
    assert window.layouts.names == ["Day & night", "Wall"]


def test_layouts_and_lists_are_found_in_the_palette(desk: WindowDesk, qtbot: QtBot) -> None:
    window = desk.window
    window.lists.add_list("Small", [SOL])
    window.lists.activate(0)
    window.docks.show("tape")
    window.arrangement.save_layout_as("Wall")
    window.docks.show("tape", shown=False)
    for words in ("wall", "small"):
        window.palette_box.toggle()
        qtbot.keyClicks(window.palette_box.field, words)
        qtbot.keyClick(window.palette_box.field, Qt.Key.Key_Return)
    assert window.docks.shown("tape")
    assert window.lists.active == 1


def test_every_entry_of_the_menu_says_something(desk: WindowDesk) -> None:
    for title in ("Views", "Charts", "Layouts", "Look"):
        menu = desk.submenu(title)
        assert all(each.text() or each.isSeparator() for each in menu.actions())
