"""The window under the hands of a person."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QSplitter
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.market.instrument import Instrument, Listing
from tickglass.market.watchlist import Watchlist
from tickglass.ui import main_window
from tickglass.ui.alerts.fields import NumberField
from tickglass.ui.frame_clock import FrameClock, ScreenFigures
from tickglass.ui.main_window import MainWindow
from tickglass.ui.theme import DARK
from tickglass.ui.watchlist.columns import Column

from .helpers import BTC, ETH, SOL, TITLES, Feed
from .test_chart_rows import drag

LISTINGS = [Listing(each, each.base + each.quote_ccy, Decimal("0.01")) for each in (BTC, ETH, SOL)]


class Desk:
    """A window with its feed and clock; everything it says is written down by name."""

    def __init__(self, qtbot: QtBot, *instruments: Instrument) -> None:
        self.feed = Feed()
        self.figures = ScreenFigures()
        self.clock = FrameClock(self.figures)
        self.window = MainWindow(self.feed.store, self.clock, self.figures, TITLES)
        qtbot.addWidget(self.window)
        self.said: dict[str, list[tuple[object, ...]]] = {}
        for name in (
            "followed", "unfollowed", "lists_changed", "chart_wanted", "alert_made",
            "alerts_removed", "setting_chosen", "quit_wanted", "closed", "state_changed",
            "retry_wanted", "layouts_changed", "side_wanted",
        ):  # fmt: skip
            self.said[name] = []
            getattr(self.window, name).connect(self._note(name))
        self.window.set_listings(LISTINGS)
        self.window.set_lists([Watchlist("Majors", list(instruments))])
        self.window.show()

    def _note(self, name: str) -> Callable[..., None]:
        return lambda *words: self.said[name].append(words)

    def action(self, name: str) -> QAction:
        return self.window.book.action(name)

    @property
    def rows(self) -> list[Instrument]:
        return self.window.lists.instruments


@pytest.fixture
def colours(qapp: QApplication) -> Iterator[None]:
    """Undo the theme afterwards."""
    style, before = qapp.style().objectName(), QPalette(qapp.palette())
    yield
    qapp.styleHints().setColorScheme(Qt.ColorScheme.Unknown)
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setPalette(before)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot, BTC, ETH)


# ---------------------------------------------------------------- the list


def test_the_first_of_the_list_is_chosen_and_its_chart_is_asked_for(desk: Desk) -> None:
    assert desk.window.lists.current == BTC
    assert desk.said["chart_wanted"][-1] == (0, BTC, "15m", ())
    assert desk.said["followed"] == [], "the program knows its own list"


def test_a_pair_is_added_through_the_search_field(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClicks(desk.window.search, "sol")
    qtbot.keyClick(desk.window.search, Qt.Key.Key_Return)
    assert desk.rows == [BTC, ETH, SOL]
    assert desk.said["followed"] == [([SOL],)]
    assert desk.window.lists.current == SOL
    assert desk.said["chart_wanted"][-1] == (0, SOL, "15m", ())


def test_adding_what_is_there_only_goes_to_it(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClicks(desk.window.search, "eth")
    qtbot.keyClick(desk.window.search, Qt.Key.Key_Return)
    assert desk.rows == [BTC, ETH]
    assert desk.said["followed"] == []
    assert desk.window.lists.current == ETH


def test_removing_can_be_undone_and_the_row_comes_back_to_its_place(
    desk: Desk, qtbot: QtBot
) -> None:
    qtbot.keyClick(desk.window.lists.view, Qt.Key.Key_Delete)
    assert desk.rows == [ETH]
    assert desk.said["unfollowed"] == [([BTC],)]
    assert desk.window.notices.words.text() == "BTC/USDT was removed."
    qtbot.mouseClick(desk.window.notices.undo, Qt.MouseButton.LeftButton)
    assert desk.rows == [BTC, ETH]
    assert desk.said["followed"] == [([BTC],)]
    assert desk.window.lists.current == BTC
    assert desk.window.notices.isHidden()


def test_undo_is_offered_for_ten_seconds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    now = SimpleNamespace(monotonic=lambda: 500.0, thread_time=time.thread_time, time=time.time)
    monkeypatch.setattr(main_window, "time", now)
    desk.window.lists.remove([BTC])
    desk.window.flush(509.9)
    assert desk.window.notices.isVisible()
    desk.window.flush(510.0)
    assert desk.window.notices.isHidden()


def test_what_was_removed_comes_back_by_key_when_the_notice_is_long_gone(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.window.lists.remove([BTC])
    desk.window.notices.next()
    assert desk.action("edit.undo").text() == "Undo: BTC/USDT was removed."
    desk.action("edit.undo").trigger()
    assert desk.rows == [BTC, ETH]
    assert not desk.action("edit.undo").isEnabled()


def test_undo_does_not_double_what_was_added_again_meanwhile(desk: Desk) -> None:
    desk.window.lists.remove([BTC])
    desk.window.add(BTC)
    assert desk.window.notices.isVisible()
    desk.window.notices.undo.click()
    assert sorted(desk.rows) == [BTC, ETH]


def test_when_the_last_row_goes_the_chart_shows_nothing(qtbot: QtBot) -> None:
    desk = Desk(qtbot, BTC)
    desk.window.lists.remove([BTC])
    assert desk.window.lists.current is None
    assert desk.said["chart_wanted"][-1] == (0, None, "15m", ())
    desk.window.flush(100.0)


def test_a_new_order_is_told(desk: Desk) -> None:
    desk.window.lists.model.move([ETH], BTC)
    ((lists,),) = desk.said["lists_changed"]
    assert [each.instruments for each in lists] == [[ETH, BTC]]  # type: ignore[attr-defined]


# ---------------------------------------------------------------- frames


def test_what_is_painted_is_measured(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: desk.figures.first_paint is not None)
    desk.feed.trade(100.0, time.monotonic())
    desk.window.flush(time.monotonic())
    qtbot.waitUntil(lambda: desk.figures.first_price is not None)
    assert (desk.figures.delay()["p50"] or 0) >= 0.0


def test_the_clock_runs_fast_only_while_the_window_is_shown(desk: Desk) -> None:
    assert desk.clock.interval_ms == 33
    desk.window.hide()
    assert desk.clock.interval_ms == 1_000
    desk.window.show()
    assert desk.clock.interval_ms == 33


def test_a_failure_of_the_chart_offers_to_try_again(desk: Desk, qtbot: QtBot) -> None:
    desk.window.chart_failed(0, "Binance does not answer.")
    qtbot.mouseClick(desk.window.charts.active.chart.retry, Qt.MouseButton.LeftButton)
    assert desk.said["retry_wanted"] == [(0,)]


# ---------------------------------------------------------------- alerts


def test_an_alert_is_made_from_the_menu_of_the_window(desk: Desk, qtbot: QtBot) -> None:
    desk.feed.trade(100.0)
    dialog = desk.window.alerts_of.ask_for(BTC)
    assert dialog is not None
    price = dialog.rows[0].fields["value"]
    assert isinstance(price, NumberField)
    assert price.edit.text() == "100"
    price.edit.selectAll()
    qtbot.keyClicks(price.edit, "120,5")
    save = dialog.buttons.button(QDialogButtonBox.StandardButton.Save)
    qtbot.mouseClick(save, Qt.MouseButton.LeftButton)
    ((alert,),) = desk.said["alert_made"]
    assert isinstance(alert, Alert)
    assert (alert.instrument, alert.kind, alert.level) == (BTC, Kind.CROSSES, 120.5)


def test_alerts_are_seen_in_their_row_and_on_the_chart(desk: Desk) -> None:
    desk.window.set_alerts([Alert("a", BTC, (PriceLevel(Kind.CROSSES, 120.0),))])
    assert desk.window.lists.view.delegate.alerted == {BTC}
    actions = desk.window.lists.view.menu_for([BTC]).actions()
    next(each for each in actions if each.text().startswith("Remove alert")).trigger()
    assert desk.said["alerts_removed"] == [(["a"],)]


# ---------------------------------------------------------------- the menu


def test_a_theme_is_a_wish_and_followed_when_the_program_says_so(desk: Desk, colours: None) -> None:
    desk.action("theme.dark").trigger()
    assert desk.said["setting_chosen"] == [("window.theme", "dark")]
    desk.window.settings.apply("window.theme", "dark")
    assert desk.window.appearance.theme is DARK


def test_quit_is_only_a_wish(desk: Desk) -> None:
    desk.action("quit").trigger()
    assert desk.said["quit_wanted"] == [()]
    assert desk.window.isVisible()


def test_keys_bring_up_and_put_away_views(desk: Desk, qtbot: QtBot) -> None:
    desk.window.activateWindow()
    qtbot.waitActive(desk.window)
    qtbot.keyClick(desk.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.docks.shown("book")
    assert desk.said["side_wanted"][-1] == ([BTC], [], [])
    qtbot.keyClick(desk.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert not desk.window.docks.shown("book")
    assert desk.said["side_wanted"][-1] == ([], [], [])


def test_an_instrument_found_in_the_palette_is_shown_though_it_is_in_no_list(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.action("palette").trigger()
    qtbot.keyClicks(desk.window.palette_box.field, "sol usdt")
    qtbot.keyClick(desk.window.palette_box.field, Qt.Key.Key_Return)
    assert desk.said["chart_wanted"][-1] == (0, SOL, "15m", ())
    assert desk.rows == [BTC, ETH]


# ---------------------------------------------------------------- layouts


def test_a_layout_is_saved_left_chosen_again_and_its_removal_undone(desk: Desk) -> None:
    window = desk.window
    window.docks.show("book")
    window.charts.choose_layout("Two side by side")
    window.arrangement.save_layout_as("Two")
    assert window.notices.words.text() == "The layout “Two” was saved."
    window.docks.show("book", shown=False)
    window.charts.choose_layout("One chart")
    window.arrangement.choose_layout("Two")
    assert window.docks.shown("book")
    assert len(window.charts.panes) == 2
    assert desk.said["side_wanted"][-1] == ([BTC], [], [])
    window.arrangement.remove_layout("Two")
    assert window.layouts.names == []
    desk.action("edit.undo").trigger()
    assert window.layouts.names == ["Two"]
    assert len(desk.said["layouts_changed"]) == 4


def test_a_layout_keeps_where_the_edges_between_its_charts_are(desk: Desk) -> None:
    charts = desk.window.charts
    charts.choose_layout("Two side by side")
    QApplication.processEvents()
    row = charts.rows.widget(0)
    assert isinstance(row, QSplitter)
    drag(row, QPoint(100, 0))
    widths = [pane.width() for pane in charts.panes]
    assert widths[0] > widths[1] + 150
    desk.window.arrangement.save_layout_as("Uneven")
    drag(row, QPoint(-100, 0))
    assert [pane.width() for pane in charts.panes] != widths
    desk.window.arrangement.choose_layout("Uneven")
    QApplication.processEvents()
    assert [pane.width() for pane in charts.panes] == widths


def test_charts_closed_by_choosing_fewer_come_back_from_the_notice(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.action("chart.grid2").trigger()
    charts = desk.window.charts
    assert len(charts.panes) == 2
    charts.panes[1].take_interval("4h")
    desk.action("chart.grid1").trigger()
    assert desk.window.notices.words.text() == "1 chart was closed."
    qtbot.mouseClick(desk.window.notices.undo, Qt.MouseButton.LeftButton)
    assert [pane.interval for pane in charts.panes] == ["15m", "4h"]
    assert desk.said["chart_wanted"][-1] == (charts.panes[1].number, BTC, "4h", ())
    desk.action("chart.grid1").trigger()
    desk.action("edit.undo").trigger()
    assert [pane.interval for pane in charts.panes] == ["15m", "4h"]


# ---------------------------------------------------------------- files, and the first page


def test_a_list_from_a_file_is_a_list_of_its_own(desk: Desk) -> None:
    desk.window.take_list("friends", "exchange,base,quote\nbinance,SOL,USDT\n,,\nrubbish\n")
    assert desk.window.lists.lists[1].instruments == [SOL]
    assert desk.window.lists.active == 1
    assert desk.window.notices.words.text() == "These lines of friends name no pair: 4."


def test_a_file_without_pairs_makes_no_list(desk: Desk) -> None:
    desk.window.take_list("empty", "nothing here")
    assert len(desk.window.lists.lists) == 1
    assert desk.window.notices.words.text() == "There is no pair in empty."


def test_the_first_page_takes_the_place_of_everything_until_it_is_left(desk: Desk) -> None:
    desk.window.show_welcome(returnable=True)
    assert desk.window.welcoming
    assert not desk.window.lists.isVisible()
    desk.window.leave_welcome()
    assert desk.window.lists.isVisible()


def test_simulated_prices_are_named_in_the_title(desk: Desk) -> None:
    desk.window.set_simulated(True)
    assert desk.window.windowTitle() == "Tickglass: simulated prices"
    desk.window.set_simulated(False)
    assert desk.window.windowTitle() == "Tickglass"


# ---------------------------------------------------------------- closing and coming back


def test_closing_is_a_wish_and_ending_closes(desk: Desk) -> None:
    assert not desk.window.close()
    assert desk.said["closed"] == [()]
    assert desk.window.isVisible()
    desk.window.end()
    assert not desk.window.isVisible()
    assert desk.said["closed"] == [()]


def test_the_window_comes_back_as_it_was_left(qtbot: QtBot) -> None:
    first = Desk(qtbot, BTC, ETH)
    first.window.resize(700, 620)
    first.window.lists.choose(ETH)
    first.window.charts.active.choose_interval("4h")
    first.window.lists.view.header.resizeSection(Column.LAST, 201)
    first.window.docks.show("tape")
    state = first.window.arrangement.save_state()
    second = Desk(qtbot, BTC, ETH)
    second.window.arrangement.restore_state(state)
    assert second.window.size() == first.window.size()
    assert second.window.lists.current == ETH
    assert second.window.charts.active.interval == "4h"
    assert second.window.lists.view.header.sectionSize(Column.LAST) == 201
    assert second.window.docks.shown("tape")
    assert second.said["side_wanted"][-1] == ([], [ETH], [])


def test_a_window_of_a_version_without_docks_brings_its_book_along(qtbot: QtBot) -> None:
    desk = Desk(qtbot, BTC)
    desk.window.arrangement.restore_state(
        {"side": {"book": True, "tape": False}, "splitter": "AAAA"}
    )
    assert (desk.window.docks.shown("book"), desk.window.docks.shown("tape")) == (True, False)
    assert desk.said["side_wanted"][-1] == ([BTC], [], [])


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"geometry": None, "docks": 5, "lists": "§§", "instrument": [], "interval": {}},
        {"instrument": "binance:GONE/USDT", "interval": "7m", "geometry": "AAAA"},
    ],
)
def test_an_unusable_state_leaves_the_window_as_it_is(desk: Desk, state: dict[str, object]) -> None:
    before = desk.window.arrangement.save_state()
    desk.window.arrangement.restore_state(state)
    assert desk.window.arrangement.save_state() == before


# ---------------------------------------------------------------- PySide6


def test_setting_texts_does_not_use_up_references_to_none(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for number in range(2_000):
        label.setText(str(number))
    # PySide6 6.12 loses one at each call on Python 3.11, until the interpreter aborts.
    assert sys.getrefcount(None) > before - 1_000


# ---------------------------------------------------------------- windows beside it


def test_feed_panel_and_settings_come_back_where_they_were(qtbot: QtBot) -> None:
    first = Desk(qtbot, BTC)
    opened = (first.window.open_feed(), first.window.dialogs.open_settings())
    places = (QRect(40, 50, 760, 520), QRect(20, 30, 700, 500))
    for window, place in zip(opened, places, strict=True):
        window.setGeometry(place)
    told = len(first.said["state_changed"])
    opened[0].close_button.click()
    assert len(first.said["state_changed"]) == told + 1
    state = json.loads(json.dumps(first.window.arrangement.save_state()))

    second = Desk(qtbot, BTC)
    second.window.arrangement.restore_state(state)
    assert second.window.arrangement.save_state()["windows"] == state["windows"]
    found = (second.window.open_feed(), second.window.dialogs.open_settings())
    assert tuple(each.geometry() for each in found) == places
    found[1].shut.click()
    found[1].setGeometry(0, 0, 600, 400)
    assert second.window.dialogs.open_settings().geometry() == places[1]


def test_nothing_is_told_of_windows_that_close_with_the_program(desk: Desk) -> None:
    desk.window.open_feed()
    QApplication.processEvents()
    told = len(desk.said["state_changed"])
    desk.window.end()
    assert len(desk.said["state_changed"]) == told
