"""The watchlist's table under the hands of a person."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.market.instrument import Instrument
from tickglass.ui.theme import DARK, LIGHT
from tickglass.ui.watchlist.arranging import Sort
from tickglass.ui.watchlist.columns import COLUMNS, USUAL, Column
from tickglass.ui.watchlist.header import WIDEST_SPARKLINE

from .helpers import BTC, BTC_OKX, ETH, SOL, Heard, Shown, action, shown_lines, submenu

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot, [BTC, ETH, SOL])


def click(shown: Shown, qtbot: QtBot, place: int, *modifiers: Qt.KeyboardModifier) -> None:
    held = modifiers[0] if modifiers else Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(shown.panel.view.viewport(), LEFT, held, shown.middle(place))


# ---------------------------------------------------------------- choosing


def test_a_click_chooses_the_row(shown: Shown, qtbot: QtBot) -> None:
    click(shown, qtbot, 1)
    assert shown.chosen.all == [(ETH,)]
    assert (shown.panel.current, shown.panel.selected) == (ETH, [ETH])


def test_the_arrow_keys_go_from_row_to_row(shown: Shown, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(shown.panel.view, key)
    assert shown.chosen.all == [(ETH,), (SOL,), (ETH,)]


def test_ctrl_and_shift_select_several(shown: Shown, qtbot: QtBot) -> None:
    click(shown, qtbot, 0)
    click(shown, qtbot, 2, CONTROL)
    assert shown.panel.selected == [BTC, SOL]
    click(shown, qtbot, 0)
    click(shown, qtbot, 2, SHIFT)
    assert shown.panel.selected == [BTC, ETH, SOL]
    qtbot.keyClick(shown.panel.view, Qt.Key.Key_A, CONTROL)
    assert shown.panel.selected == [BTC, ETH, SOL]


def test_choosing_what_is_not_in_the_list_changes_nothing(shown: Shown) -> None:
    shown.panel.choose(ETH)
    shown.panel.choose(Instrument("binance", "NOT", "HERE"))
    assert shown.panel.current == ETH


# ---------------------------------------------------------------- removing, copying, alerts


def test_delete_removes_all_that_is_selected_and_can_be_taken_back(
    shown: Shown, qtbot: QtBot
) -> None:
    click(shown, qtbot, 0)
    click(shown, qtbot, 2, CONTROL)
    qtbot.keyClick(shown.panel.view, Qt.Key.Key_Delete)
    assert shown.order == [ETH]
    assert shown.removed.all[0][0] == "2 rows were removed."
    shown.undo()
    assert shown.order == [BTC, ETH, SOL]
    assert shown.panel.current == BTC


def test_the_delete_key_in_an_empty_list_does_nothing(qtbot: QtBot) -> None:
    empty = Shown(qtbot, [])
    qtbot.keyClick(empty.panel.view, Qt.Key.Key_Delete)
    assert (empty.removed.all, empty.changed.all) == ([], [])


def test_ctrl_c_copies_the_selected_rows_as_the_columns_stand(shown: Shown, qtbot: QtBot) -> None:
    shown.panel.set_columns([Column.LAST, Column.PAIR, Column.SPARKLINE, Column.CHANGE])
    shown.panel.set_decimals({BTC: 1, ETH: 2})
    shown.feed.ticker(123_456.7, 100_000.0)
    shown.flush(100.0)
    click(shown, qtbot, 0)
    click(shown, qtbot, 1, CONTROL)
    qtbot.keyClick(shown.panel.view, Qt.Key.Key_C, CONTROL)
    assert QApplication.clipboard().text() == (
        "Last\tPair\t24 h\n123456.7\tBTC/USDT\t▲ +23.46 %\n\tETH/USDT\t—\n".replace("—", "")
    )


def test_the_rows_menu_copies_the_price_without_separators(shown: Shown) -> None:
    QApplication.clipboard().setText("before")
    copy = action(shown.panel.view.menu_for([BTC]), "Copy price")
    copy.trigger()
    assert QApplication.clipboard().text() == "before", "there is no price yet"
    shown.panel.set_decimals({BTC: 2})
    shown.feed.trade(123_456.7)
    copy.trigger()
    assert QApplication.clipboard().text() == "123456.70"


def test_the_rows_menu_asks_for_alerts_on_all_and_removes_all(shown: Shown) -> None:
    alert = Heard()
    shown.panel.alert_wanted.connect(alert)
    menu = shown.panel.view.menu_for([BTC, SOL])
    assert not [each for each in menu.actions() if each.text() == "Copy price"]
    action(menu, "Alert when").trigger()
    assert alert.all == [([BTC, SOL],)]
    action(menu, "Remove 2 rows").trigger()
    assert shown.order == [ETH]


def test_the_rows_menu_lists_their_alerts_and_removes_the_one_picked(shown: Shown) -> None:
    armed = Alert("first", BTC, (PriceLevel(Kind.CROSSES_UP, 100_000.0),))
    fired = Alert("second", BTC, (PriceLevel(Kind.CROSSES, 90_000.0),), fired=1)
    other = Alert("third", ETH, (PriceLevel(Kind.CROSSES, 4_000.0),))
    shown.panel.set_alerts([armed, fired, other])
    assert shown.panel.view.delegate.alerted == {BTC, ETH}
    heard = Heard()
    shown.panel.alert_removed.connect(heard)
    menu = shown.panel.view.menu_for([BTC])
    texts = [each.text() for each in menu.actions() if "emove" in each.text()]
    assert texts == [
        "Remove alert: BTC/USDT on Binance crosses 100,000.00 up",
        "Remove fired alert: BTC/USDT on Binance crosses 90,000.00",
        "Remove from the list",
    ]
    action(menu, "Remove fired").trigger()
    assert heard.all == [("second",)]


@pytest.mark.parametrize(("place", "instrument"), [(1, ETH), (2, SOL)])
def test_a_right_click_opens_the_menu_of_the_row_under_it(
    shown: Shown, qtbot: QtBot, place: int, instrument: Instrument
) -> None:
    spot = shown.middle(place)
    viewport = shown.panel.view.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.RightButton, pos=spot)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(viewport, QContextMenuEvent(reason, spot, viewport.mapToGlobal(spot)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action(menu, "Remove from the list").trigger()
    menu.close()
    assert instrument not in shown.order
    assert len(shown.order) == 2


# ---------------------------------------------------------------- order


def test_alt_and_the_arrows_move_the_selected_rows(shown: Shown, qtbot: QtBot) -> None:
    click(shown, qtbot, 0)
    qtbot.keyClick(shown.panel.view, Qt.Key.Key_Down, ALT)
    assert shown.order == [ETH, BTC, SOL]
    assert shown.panel.current == BTC
    qtbot.keyClick(shown.panel.view, Qt.Key.Key_Down, ALT)
    qtbot.keyClick(shown.panel.view, Qt.Key.Key_Down, ALT)
    assert shown.order == [ETH, SOL, BTC]
    qtbot.keyClick(shown.panel.view, Qt.Key.Key_Up, ALT)
    assert shown.order == [ETH, BTC, SOL]
    assert len(shown.changed.all) == 3, "told once each time that something moved"


def header_click(shown: Shown, qtbot: QtBot, column: Column) -> None:
    header = shown.panel.view.header
    x = header.sectionViewportPosition(column) + header.sectionSize(column) // 2
    qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(x, header.height() // 2))


def test_clicks_on_a_title_sort_turn_round_and_go_back_to_the_own_order(
    shown: Shown, qtbot: QtBot
) -> None:
    for instrument, price in ((BTC, 3.0), (ETH, 9.0), (SOL, 6.0)):
        shown.feed.trade(price, on=instrument)
    shown.flush(100.0)
    model, header = shown.panel.model, shown.panel.view.header
    header_click(shown, qtbot, Column.LAST)
    assert (model.order, shown.order) == ([ETH, SOL, BTC], [BTC, ETH, SOL])
    assert header.sorting
    header_click(shown, qtbot, Column.LAST)
    assert model.order == [BTC, SOL, ETH]
    header_click(shown, qtbot, Column.LAST)
    assert model.order == [BTC, ETH, SOL]
    assert not header.sorting
    header_click(shown, qtbot, Column.PAIR)
    assert model.order == [BTC, ETH, SOL], "names begin with A"
    assert header.sorting == Sort(Column.PAIR, False)
    spoken = model.headerData(
        Column.PAIR, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole
    )
    assert spoken == "Pair, sorted upwards"
    assert shown.changed.all == [], "a sort changes no list"


def test_moving_rows_while_sorted_makes_that_order_the_own_one(shown: Shown, qtbot: QtBot) -> None:
    header_click(shown, qtbot, Column.PAIR)
    header_click(shown, qtbot, Column.PAIR)
    assert shown.panel.model.order == [SOL, ETH, BTC]
    shown.panel.choose(BTC)
    qtbot.keyClick(shown.panel.view, Qt.Key.Key_Up, ALT)
    assert shown.order == [SOL, BTC, ETH]
    assert not shown.panel.view.header.sorting


# ---------------------------------------------------------------- columns


def test_every_column_shows_its_title_whole(shown: Shown) -> None:
    shown.panel.set_columns(COLUMNS)
    header = shown.panel.view.header
    for column in COLUMNS:
        title = shown.panel.model.headerData(column, Qt.Orientation.Horizontal)
        assert header.sectionSize(column) >= header.fontMetrics().horizontalAdvance(title)


def test_a_longer_title_of_the_change_is_shown_whole(shown: Shown) -> None:
    words = "Since 22 Nov 2023, 14:35 local time"
    shown.panel.set_basis_title(words)
    header = shown.panel.view.header
    assert shown.panel.model.title(Column.CHANGE) == words
    width = header.sectionSize(Column.CHANGE)
    assert width >= header.fontMetrics().horizontalAdvance(words)
    shown.panel.set_basis_title("24 h")
    assert header.sectionSize(Column.CHANGE) == width, "what stands there does not move again"


def test_the_headers_menu_shows_hides_and_moves_columns(shown: Shown) -> None:
    header = shown.panel.view.header

    def menu_of(column: Column) -> QMenu:
        return header.menu_at(QPoint(header.sectionViewportPosition(column) + 2, 5))

    action(menu_of(Column.BID), "Hide Bid").trigger()
    assert Column.BID not in header.shown and header.isSectionHidden(Column.BID)
    action(menu_of(Column.LAST), "Spread").trigger()
    assert header.shown[:6] == [
        Column.PAIR, Column.EXCHANGE, Column.LAST, Column.CHANGE, Column.ASK, Column.SPREAD,
    ]  # fmt: skip
    action(menu_of(Column.LAST), "Move left").trigger()
    assert header.visualIndex(Column.LAST) == 1
    action(menu_of(Column.LAST), "Move right").trigger()
    assert header.visualIndex(Column.LAST) == 2
    assert shown.panel.lists[0].columns[:3] == ["pair", "exchange", "last"]
    assert not [each for each in menu_of(Column.PAIR).actions() if "Hide" in each.text()]
    action(menu_of(Column.LAST), "Usual columns").trigger()
    assert header.shown == list(USUAL)
    assert shown.panel.lists[0].columns == []
    assert len(shown.changed.all) == 5


def test_a_dragged_title_takes_its_column_along(shown: Shown) -> None:
    header = shown.panel.view.header
    header.moveSection(header.visualIndex(Column.LAST), 0)
    assert header.shown[:3] == [Column.LAST, Column.PAIR, Column.EXCHANGE]
    assert shown.panel.lists[0].columns[:2] == ["last", "pair"]


def test_a_widened_column_is_told_but_what_the_window_does_is_not(shown: Shown) -> None:
    heard = Heard()
    shown.panel.state_changed.connect(heard)
    shown.panel.resize(1_400, 500)
    QApplication.processEvents()
    assert heard.all == []
    shown.panel.view.header.resizeSection(Column.LAST, 222)
    assert len(heard.all) == 1


# ---------------------------------------------------------------- groups


@pytest.fixture
def groups(qtbot: QtBot) -> Shown:
    made = Shown(qtbot, [BTC, ETH, BTC_OKX])
    made.panel.set_grouped(True)
    return made


def test_a_click_on_the_mark_of_a_heading_folds_it(groups: Shown, qtbot: QtBot) -> None:
    rect: QRect = groups.panel.view.visualRect(groups.panel.model.index(0, Column.PAIR))
    spot = QPoint(rect.left() + 8, rect.center().y())
    qtbot.mouseClick(groups.panel.view.viewport(), LEFT, pos=spot)
    assert shown_lines(groups.panel.model) == ["BTC/USDT", "ETH/USDT", "Binance ETH/USDT"]
    assert groups.panel.current == BTC, "what was chosen stays chosen"
    qtbot.mouseClick(groups.panel.view.viewport(), LEFT, pos=spot)
    assert groups.panel.model.rowCount() == 5


def test_left_right_and_enter_fold_the_chosen_heading(groups: Shown, qtbot: QtBot) -> None:
    view = groups.panel.view
    click(groups, qtbot, 0)
    assert groups.panel.selected == [BTC, BTC_OKX], "a heading stands for all of its pair"
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert groups.panel.model.rowCount() == 3
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert groups.panel.model.rowCount() == 5
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert groups.panel.model.rowCount() == 3


def test_a_double_click_on_a_heading_folds_it(groups: Shown, qtbot: QtBot) -> None:
    spot = groups.middle(0)
    qtbot.mouseDClick(groups.panel.view.viewport(), LEFT, pos=spot)
    assert groups.panel.model.rowCount() == 3


def test_choosing_a_row_of_a_folded_pair_opens_it(groups: Shown) -> None:
    groups.panel.model.collapse("BTC/USDT", True)
    groups.panel.choose(BTC_OKX)
    assert groups.panel.current == BTC_OKX
    assert groups.panel.model.rowCount() == 5


def test_a_folded_pair_stays_folded_while_its_row_is_chosen_again(groups: Shown) -> None:
    groups.panel.model.collapse("BTC/USDT", True)
    groups.panel.choose(BTC_OKX, unfold=False)
    assert groups.panel.current == BTC_OKX
    assert groups.chosen.all[-1] == (BTC_OKX,)
    assert groups.panel.model.rowCount() == 3
    assert groups.panel.view.currentIndex().row() == 0, "its heading"
    groups.panel.choose(ETH, unfold=False)
    assert groups.panel.current == ETH
    assert groups.panel.view.currentIndex().row() == 2


# ---------------------------------------------------------------- looks


@pytest.mark.parametrize("width", [1_250, 1_400, 2_560])
def test_sparklines_take_the_room_that_is_left_but_not_without_end(
    shown: Shown, width: int
) -> None:
    header = shown.panel.view.header
    shown.panel.resize(width, 400)
    QApplication.processEvents()
    others = sum(header.sectionSize(each) for each in USUAL if each is not Column.SPARKLINE)
    room = header.viewport().width() - others
    assert header.sectionSize(Column.SPARKLINE) == min(room, WIDEST_SPARKLINE)


def test_lines_and_the_chosen_row_reach_to_the_right_edge(shown: Shown, qtbot: QtBot) -> None:
    shown.panel.resize(2_560, 400)
    click(shown, qtbot, 1)
    QApplication.processEvents()
    view = shown.panel.view
    image, ratio = view.viewport().grab().toImage(), view.devicePixelRatio()
    right = view.viewport().width() - 5

    def colour(row: int, from_bottom: int) -> str:
        rect = view.visualRect(shown.panel.model.index(row, Column.PAIR))
        return image.pixelColor(
            round(right * ratio), round((rect.bottom() - from_bottom) * ratio)
        ).name()

    assert right > view.header.length()
    assert [colour(row, 8) for row in range(3)] == [DARK.panel, DARK.selection, DARK.panel]
    assert [colour(row, 0) for row in range(3)] == [DARK.grid] * 3


def painted_colours(shown: Shown) -> set[str]:
    """The colours across the middle of the table."""
    image = shown.panel.view.viewport().grab().toImage()
    middle = image.height() // 2
    return {
        image.pixelColor(x, y).name()
        for y in range(middle - 8, middle + 8)
        for x in range(image.width())
    }


def test_only_an_empty_list_says_how_to_fill_it(qtbot: QtBot) -> None:
    assert len(painted_colours(Shown(qtbot, []))) > 1
    assert len(painted_colours(Shown(qtbot, [BTC]))) == 1


def test_a_change_of_theme_reaches_the_rows(shown: Shown, qtbot: QtBot) -> None:
    click(shown, qtbot, 2)
    place = shown.middle(0)
    before = shown.panel.view.viewport().grab().toImage().pixelColor(place.x(), 3).name()
    shown.panel.set_theme(LIGHT)
    after = shown.panel.view.viewport().grab().toImage().pixelColor(place.x(), 3).name()
    assert (before, after) == (DARK.panel, LIGHT.panel)


def test_compact_rows_are_lower(shown: Shown) -> None:
    before = shown.panel.view.rowHeight(0)
    shown.panel.set_compact(True)
    assert shown.panel.view.rowHeight(0) < before
    shown.panel.set_compact(False)
    assert shown.panel.view.rowHeight(0) == before


def test_only_the_rows_in_sight_are_brought_up_to_date(qtbot: QtBot) -> None:
    many = [Instrument("binance", f"C{number}", "USDT") for number in range(300)]
    shown = Shown(qtbot, many)
    for each in many:
        shown.feed.trade(5.0, on=each)
    assert 5 < len(shown.flush(100.0)) < 40
    shown.feed.trade(7.0, 100.1, on=many[299])
    assert shown.flush(100.1) == []
    shown.panel.view.scrollToBottom()
    assert shown.panel.model.text(299, Column.LAST) == "7.0000"
    shown.panel.view.viewport().grab()
    row = shown.panel.model.index(299, 0).data(Qt.ItemDataRole.UserRole)
    assert (row.texts[Column.LAST], row.flashes) == ("7.0000", {})


def test_a_hidden_table_costs_no_texts(shown: Shown) -> None:
    shown.panel.hide()
    shown.feed.trade(5.0)
    assert shown.flush(100.0) == []
    assert shown.panel.lines(1, 100.0)[0] == ["BTC/USDT   5.0000   —"]
    shown.panel.show()
    shown.flush(100.1)
    assert shown.panel.model.index(0, 0).data(Qt.ItemDataRole.UserRole).texts[2] == "5.0000"


def test_the_other_lists_are_offered_to_move_and_copy_to(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [BTC, ETH], [SOL])
    menu = shown.panel.view.menu_for([ETH])
    offered = [each.text() for each in submenu(menu, "Move to").actions() if each.text()]
    assert offered == ["Alts", "A new list"]
    action(submenu(menu, "Copy to"), "Alts").trigger()
    assert [each.instruments for each in shown.panel.lists] == [[BTC, ETH], [SOL, ETH]]
    action(submenu(menu, "Move to"), "A new list").trigger()
    assert [each.instruments for each in shown.panel.lists] == [[BTC], [SOL, ETH], [ETH]]


def test_the_arrow_of_a_sort_stands_beside_the_title(shown: Shown, qtbot: QtBot) -> None:
    header = shown.panel.view.header

    def left_part(column: Column) -> object:
        rect = QRect(header.sectionViewportPosition(column) + 2, 2, 24, header.height() - 6)
        return header.viewport().grab(rect).toImage()

    before, other = left_part(Column.LAST), left_part(Column.BID)
    header_click(shown, qtbot, Column.LAST)
    shown.panel.view.setFocus()
    down = left_part(Column.LAST)
    header_click(shown, qtbot, Column.LAST)
    up = left_part(Column.LAST)
    assert down != before and up != before and up != down
    assert left_part(Column.BID) == other
