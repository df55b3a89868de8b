"""Several watchlists: what is told of changes, what can be taken back, what comes back later."""

import json

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tickglass.market.instrument import Instrument
from tickglass.market.watchlist import Watchlist
from tickglass.ui.watchlist.arranging import Sort
from tickglass.ui.watchlist.columns import Column

from .helpers import BTC, BTC_OKX, ETH, ETH_OKX, SOL, Heard, Shown, action, shown_lines, submenu


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot, [BTC, ETH], [SOL, BTC], [])


def contents(shown: Shown) -> list[list[Instrument]]:
    return [each.instruments for each in shown.panel.lists]


def test_the_model_of_a_panel_keeps_qts_contract(shown: Shown, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(shown.panel.model)
    tester = QAbstractItemModelTester(
        shown.panel.model, QAbstractItemModelTester.FailureReportingMode.Warning
    )
    shown.panel.activate(1)
    shown.panel.set_grouped(True)
    shown.panel.remove([SOL])
    shown.undo()
    shown.panel.sort(Sort(Column.PAIR, False))
    shown.panel.send([BTC], 0, False)
    shown.panel.close_list(1)
    shown.undo()
    shown.panel.set_lists([])
    assert tester.model().rowCount() == 0


def test_all_instruments_of_all_lists_must_be_fed_each_once(shown: Shown) -> None:
    assert shown.panel.instruments == [BTC, ETH, SOL]


def test_setting_lists_tells_nothing_and_chooses_the_first_row(shown: Shown) -> None:
    assert shown.changed.all == []
    assert (shown.panel.active, shown.panel.current) == (0, BTC)
    shown.panel.set_lists([Watchlist("A", [ETH]), Watchlist("B", [SOL])], 1)
    assert shown.changed.all == []
    assert shown.chosen.all == [(SOL,)]


def test_an_empty_panel_has_one_list_and_nothing_chosen(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    assert [each.name for each in shown.panel.lists] == ["Majors"]
    assert (shown.panel.current, shown.panel.selected, shown.panel.instruments) == (None, [], [])
    shown.flush(100.0)
    assert shown.panel.lines(5, 100.0) == ([], True)


def test_adding_puts_at_the_end_chooses_and_tells(shown: Shown) -> None:
    followed = Heard()
    shown.panel.followed.connect(followed)
    shown.panel.add(SOL)
    assert contents(shown)[0] == [BTC, ETH, SOL]
    assert shown.panel.current == SOL
    assert shown.panel.row_of(SOL) == 2
    assert followed.all == [], "another list had it already"
    shown.panel.add(BTC_OKX)
    assert followed.all == [([BTC_OKX],)]
    before = len(shown.changed.all)
    shown.panel.add(BTC)
    assert (shown.panel.current, contents(shown)[0][0]) == (BTC, BTC)
    assert shown.panel.insert(0, [BTC]) == []
    assert len(shown.changed.all) == before, "nothing changed"


def test_removing_tells_only_what_is_in_no_list_any_more(shown: Shown) -> None:
    gone, followed = Heard(), Heard()
    shown.panel.unfollowed.connect(gone)
    shown.panel.followed.connect(followed)
    shown.panel.remove([BTC, ETH])
    assert gone.all == [([ETH],)]
    assert shown.panel.current is None
    shown.undo()
    assert followed.all == [([ETH],)]
    assert contents(shown)[0] == [BTC, ETH]


def test_one_removed_row_is_told_by_its_pair(shown: Shown) -> None:
    shown.panel.remove([ETH, Instrument("not", "in", "it")])
    assert shown.removed.all[0][0] == "ETH/USDT was removed."
    shown.panel.remove([SOL])
    assert len(shown.removed.all) == 1, "it is not in this list"


def test_removing_several_rows_chooses_the_next_that_stays_and_none_in_passing(
    qtbot: QtBot,
) -> None:
    shown = Shown(qtbot, [BTC, ETH, SOL, BTC_OKX, ETH_OKX])
    shown.panel.choose(ETH)
    shown.chosen.all.clear()
    shown.panel.remove([BTC, ETH, BTC_OKX])
    assert shown.chosen.all == [(SOL,)]
    shown.panel.remove([ETH_OKX, SOL])
    assert shown.chosen.all[-1] == (None,)


def test_rows_go_back_into_a_list_that_was_closed_meanwhile(shown: Shown) -> None:
    shown.panel.remove([ETH])
    taken_out = shown.removed.all[-1][1]
    shown.panel.close_list(0)
    assert callable(taken_out)
    taken_out()
    assert [each.name for each in shown.panel.lists] == ["Alts", "Long shots", "Majors"]
    assert contents(shown)[2] == [BTC, ETH]
    assert shown.panel.current == ETH


def test_an_undo_looks_at_the_list_that_it_is_about(shown: Shown) -> None:
    shown.panel.remove([ETH])
    shown.panel.activate(2)
    shown.undo()
    assert (shown.panel.active, shown.panel.current) == (0, ETH)


def test_closing_the_active_list_looks_at_its_neighbour(shown: Shown) -> None:
    heard = Heard()
    shown.panel.active_changed.connect(heard)
    shown.panel.activate(1)
    shown.panel.close_list(1)
    assert (shown.panel.active, shown.panel.current) == (1, None)
    shown.panel.close_list(1)
    assert (shown.panel.active, shown.panel.current) == (0, BTC)
    assert heard.all == [(1,), (0,)]


def test_choosing_goes_to_the_list_that_has_it(shown: Shown) -> None:
    shown.panel.choose(SOL)
    assert (shown.panel.active, shown.panel.current) == (1, SOL)
    shown.panel.choose(BTC)
    assert shown.panel.active == 1, "it is in this one too"


def test_a_list_is_made_with_a_name_of_its_own(shown: Shown) -> None:
    assert shown.panel.add_list("Alts", [ETH, ETH]) == 3
    assert shown.panel.lists[3] == Watchlist("Alts 2", [ETH])
    assert shown.panel.active == 3
    assert shown.panel.csv_text(3) == "exchange,base,quote\nbinance,ETH,USDT\n"


def test_grouping_belongs_to_a_list_and_shows_what_it_is_for(shown: Shown) -> None:
    shown.panel.set_grouped(True)
    first, second, _ = shown.panel.lists
    assert (first.grouped, second.grouped) == (True, False)
    assert {"spread", "premium"} <= set(first.columns)
    assert shown_lines(shown.panel.model)[0] == "BTC/USDT"
    assert shown.panel.current == BTC
    shown.panel.activate(1)
    assert shown_lines(shown.panel.model)[0] == "Binance SOL/USDT"
    assert shown.panel.view.header.isSectionHidden(Column.SPREAD)
    shown.panel.activate(0)
    shown.panel.set_grouped(False)
    assert shown_lines(shown.panel.model) == ["Binance BTC/USDT", "Binance ETH/USDT"]


def test_the_menu_offers_everything_and_says_what_is_on(shown: Shown) -> None:
    exported, imported, spans, compact = Heard(), Heard(), Heard(), Heard()
    shown.panel.export_wanted.connect(exported)
    shown.panel.import_wanted.connect(imported)
    shown.panel.span_chosen.connect(spans)
    shown.panel.compact_chosen.connect(compact)
    menu = shown.panel.menu()
    action(menu, "Import").trigger()
    action(menu, "Export").trigger()
    assert (imported.all, exported.all) == ([()], [(0,)])
    action(submenu(menu, "Sparkline"), "Last hour").trigger()
    assert (spans.all, shown.panel.span) == ([("1h",)], "1h")
    assert shown.panel.model.title(Column.SPARKLINE) == "Last hour"
    action(menu, "Compact").trigger()
    assert (compact.all, shown.panel.compact) == ([(True,)], True)
    action(menu, "Group by pair").trigger()
    assert shown.panel.lists[0].grouped
    action(submenu(menu, "Columns"), "Base volume").trigger()
    assert "base_volume" in shown.panel.lists[0].columns
    action(submenu(menu, "Sort by"), "Pair").trigger()
    assert shown.panel.model.sorting == Sort(Column.PAIR, False)
    again = shown.panel.menu()
    assert action(again, "Compact").isChecked() and action(again, "Group").isChecked()
    action(submenu(again, "Sort by"), "My own order").trigger()
    assert shown.panel.model.sorting is None
    action(again, "Close").trigger()
    assert len(shown.panel.lists) == 2


def test_everything_has_a_name_for_screen_readers(shown: Shown) -> None:
    panel = shown.panel
    for widget in (panel.view, panel.tabs, panel.add_button, panel.menu_button, panel.view.header):
        assert widget.accessibleName()
    buttons = panel.findChildren(QToolButton, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert {panel.add_button, panel.menu_button} <= set(buttons)


def test_no_action_of_any_menu_is_without_words(shown: Shown) -> None:
    def check(menu: QMenu) -> None:
        for each in menu.actions():
            assert each.isSeparator() or each.text()
            below: QObject | None = each.menu()
            if isinstance(below, QMenu):
                check(below)
            assert isinstance(each, QAction)

    check(shown.panel.menu())
    check(shown.panel.view.menu_for([BTC]))
    check(shown.panel.tabs.menu_for(0))


# ---------------------------------------------------------------- as it was left


def test_a_panel_comes_back_as_it_was_left(qtbot: QtBot) -> None:
    first = Shown(qtbot, [BTC, ETH, SOL], [SOL, BTC, BTC_OKX])
    for instrument, price in ((BTC, 1.0), (ETH, 3.0), (SOL, 2.0)):
        first.feed.trade(price, on=instrument)
    first.panel.sort(Sort(Column.LAST, True))
    first.panel.choose(SOL)
    first.panel.activate(1)
    first.panel.set_grouped(True)
    first.panel.model.collapse("BTC/USDT", True)
    first.panel.choose(SOL)
    first.panel.view.header.resizeSection(Column.LAST, 201)
    first.panel.set_compact(True)
    first.panel.set_span("7d")
    state = json.loads(json.dumps(first.panel.save_state()))

    second = Shown(qtbot)
    second.panel.set_lists(first.panel.lists)
    second.panel.restore_state(state)
    assert (second.panel.active, second.panel.current) == (1, SOL)
    assert shown_lines(second.panel.model) == ["SOL/USDT", "Binance SOL/USDT", "BTC/USDT"]
    assert second.panel.view.header.sectionSize(Column.LAST) == 201
    assert (second.panel.compact, second.panel.span) == (True, "7d")
    second.panel.activate(0)
    assert second.panel.model.order == [ETH, SOL, BTC], "as it was sorted, without any price"
    assert second.panel.lists[0].instruments == [BTC, ETH, SOL]
    assert second.panel.view.header.sorting
    assert second.panel.current == SOL
    second.panel.sort(None)
    assert second.panel.model.order == [BTC, ETH, SOL]


def test_a_folded_pair_that_holds_the_chosen_row_comes_back_folded(qtbot: QtBot) -> None:
    first = Shown(qtbot, [BTC, ETH, BTC_OKX], [SOL])
    first.panel.set_grouped(True)
    first.panel.choose(BTC_OKX)
    click_heading(first, qtbot, 0)
    qtbot.keyClick(first.panel.view, Qt.Key.Key_Left)
    lines = shown_lines(first.panel.model)
    assert lines == ["BTC/USDT", "ETH/USDT", "Binance ETH/USDT"]
    state = json.loads(json.dumps(first.panel.save_state()))

    second = Shown(qtbot)
    second.panel.set_lists(first.panel.lists)
    second.panel.restore_state(state)
    second.panel.choose(BTC_OKX, unfold=False)
    assert shown_lines(second.panel.model) == lines
    assert second.panel.current == BTC_OKX
    assert second.panel.model.collapsed == {"BTC/USDT"}
    second.panel.activate(1)
    second.panel.activate(0)
    assert shown_lines(second.panel.model) == lines, "also when another list was looked at"
    assert second.panel.current == BTC_OKX


def click_heading(shown: Shown, qtbot: QtBot, line: int) -> None:
    viewport = shown.panel.view.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=shown.middle(line))


@pytest.mark.parametrize(
    "state",
    [
        {}, {"active": 99}, {"active": "x", "widths": 5, "lists": 7, "compact": 3, "span": "1y"},
        {"widths": {"last": "wide", "ask": -5, "bid": 10**9, "future": 5}},
        {"lists": [None, 5, {"sort": "nothing"}, {}, {}, {}]},
    ],
)  # fmt: skip
def test_a_state_that_cannot_be_used_changes_nothing(
    shown: Shown, state: dict[str, object]
) -> None:
    before = shown.panel.save_state()
    shown.panel.restore_state(state)
    assert shown.panel.save_state() == before


def test_the_tray_gets_the_first_rows_of_the_active_list_as_they_stand(shown: Shown) -> None:
    shown.panel.activate(1)
    assert [line.split()[0] for line in shown.panel.lines(5, 100.0)[0]] == ["SOL/USDT", "BTC/USDT"]
    shown.panel.sort(Sort(Column.PAIR, False))
    assert [line.split()[0] for line in shown.panel.lines(1, 100.0)[0]] == ["BTC/USDT"]


def test_flashes_can_be_switched_off(shown: Shown) -> None:
    shown.panel.set_flashes(False)
    shown.feed.trade(5.0)
    shown.flush(100.0)
    shown.feed.trade(6.0, 100.1)
    shown.flush(100.1)
    assert shown.panel.model.index(0, 0).data(Qt.ItemDataRole.UserRole).flashes == {}


def test_choosing_a_row_while_ctrl_is_held_leaves_no_other_selected(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [BTC, ETH, SOL])
    shown.panel.choose(BTC)
    handle = shown.panel.window().windowHandle()
    QTest.keyPress(handle, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    try:
        assert QApplication.keyboardModifiers() == Qt.KeyboardModifier.ControlModifier
        shown.panel.choose(SOL)
    finally:
        QTest.keyRelease(handle, Qt.Key.Key_Control)
    assert shown.panel.selected == [SOL]
