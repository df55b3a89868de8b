"""The feed panel under the hands of a person."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tickglass.market.watchlist import Watchlist
from tickglass.ui.feed_panel import FeedPanel
from tickglass.ui.feed_values import FeedReport, FeedRow
from tickglass.ui.frame_clock import FrameClock, ScreenFigures
from tickglass.ui.main_window import MainWindow
from tickglass.ui.status_parts import StateButton

from .helpers import BTC, TITLES, Feed
from .test_feed_values import ROW, TOTALS

LONG = "Binance refuses connections from this region (451): using its market-data host."


def report(*connections: FeedRow) -> FeedReport:
    row = replace(ROW, name="binance", connections=connections, counted={"trade": 7})
    return FeedReport((row,), replace(ROW, name="All exchanges"), TOTALS)


class Desk:
    """A window whose panel is told the current ``report`` whenever it asks."""

    def __init__(self, qtbot: QtBot) -> None:
        figures = ScreenFigures()
        clock = FrameClock(figures)
        self.window = MainWindow(Feed().store, clock, figures, TITLES)
        qtbot.addWidget(self.window)
        self.report = report(ROW)
        self.asked = 0
        self.window.feed_wanted.connect(self._tell)
        self.window.set_lists([Watchlist("Majors", [BTC])])
        self.window.show()
        self.window.activateWindow()

    def _tell(self) -> None:
        self.asked += 1
        self.window.show_feed(self.report)

    @property
    def panel(self) -> FeedPanel:
        assert self.window.feed is not None
        return self.window.feed

    def tell(self, new: FeedReport) -> None:
        self.report = new
        self.panel.report_wanted.emit()

    def texts(self, below: bool = False) -> list[str]:
        """The first row, or the first below it."""
        model = self.panel.model
        parent = model.index(0, 0) if below else model.index(-1, -1)
        return [model.index(0, column, parent).data() for column in range(model.columnCount())]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def click_status(desk: Desk, qtbot: QtBot) -> None:
    desk.window.status.set("binance", 1, "live", "")
    desk.window.status.flush(100.0)
    (label,) = desk.window.status.findChildren(StateButton)
    qtbot.mouseClick(label, Qt.MouseButton.LeftButton)


def press_keys(desk: Desk, qtbot: QtBot) -> None:
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(desk.window, Qt.Key.Key_F, keys)


@pytest.mark.parametrize("way", [click_status, press_keys])
def test_it_opens_by_a_click_on_the_status_line_and_by_its_keys(
    desk: Desk, qtbot: QtBot, way: Callable[[Desk, QtBot], None]
) -> None:
    assert desk.window.feed is None, "it costs nothing before it is wanted"
    way(desk, qtbot)
    qtbot.waitUntil(lambda: desk.window.feed is not None and desk.panel.isVisible())
    assert not desk.panel.isModal()
    assert desk.texts()[:4] == ["Binance", "● live", "3 min", "1,200"]
    assert desk.texts(below=True)[0] == "Connection 1"


def test_a_click_that_ends_elsewhere_opens_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.window.status.set("binance", 1, "live", "")
    desk.window.status.flush(100.0)
    (label,) = desk.window.status.findChildren(StateButton)
    qtbot.mousePress(label, Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(label, Qt.MouseButton.LeftButton, pos=QPoint(-50, -50))
    assert desk.window.feed is None


def test_it_shows_what_has_changed(desk: Desk) -> None:
    desk.window.open_feed()
    desk.tell(report(replace(ROW, state="stale", events=3.0)))
    assert desk.texts(below=True)[1:5] == ["◐ stale", "3 min", "1,200", "3.0"]


def test_a_connection_that_ended_disappears_and_the_others_stay_where_they_are(desk: Desk) -> None:
    desk.window.open_feed()
    desk.tell(report(ROW, replace(ROW, name="2")))
    exchange = desk.panel.model.index(0, 0)
    assert desk.panel.model.rowCount(exchange) == 2
    assert desk.panel.table.isExpanded(exchange)
    desk.tell(report(replace(ROW, name="2")))
    assert desk.panel.model.rowCount(exchange) == 1
    assert desk.texts(below=True)[0] == "Connection 2"


def test_what_a_person_has_folded_stays_folded(desk: Desk) -> None:
    desk.window.open_feed()
    exchange = desk.panel.model.index(0, 0)
    desk.panel.table.collapse(exchange)
    desk.tell(report(replace(ROW, events=9.0)))
    assert not desk.panel.table.isExpanded(exchange)


def test_a_long_sentence_is_shown_whole_and_as_plain_text(desk: Desk) -> None:
    desk.window.open_feed()
    desk.tell(report(replace(ROW, detail=f"<b>{LONG}</b>")))
    assert desk.panel.sentences.toPlainText() == f"Binance, connection 1: <b>{LONG}</b>"


def test_it_asks_while_it_is_seen_and_never_after(desk: Desk, qtbot: QtBot) -> None:
    desk.window.open_feed()
    assert desk.asked == 1, "at once, not after a second"
    assert desk.panel.running
    qtbot.mouseClick(desk.panel.close_button, Qt.MouseButton.LeftButton)
    assert not desk.panel.isVisible()
    assert not desk.panel.running
    desk.window.open_feed()
    assert desk.asked == 2
    desk.window.hide()
    assert not desk.panel.isVisible()
    assert not desk.panel.running


def test_copying_takes_all_of_it(desk: Desk, qtbot: QtBot) -> None:
    desk.window.open_feed()
    QApplication.clipboard().clear()
    qtbot.keyClick(desk.panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    by_key = QApplication.clipboard().text()
    assert by_key.startswith("Exchange\tState\tSince")
    assert "Binance\t● live" in by_key
    QApplication.clipboard().clear()
    qtbot.mouseClick(desk.panel.copy_button, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == by_key


def test_events_by_type_are_told_on_hover(desk: Desk) -> None:
    desk.window.open_feed()
    hints = [desk.panel.model.item(0, column).toolTip() for column in range(12)]
    assert [hint for hint in hints if hint] == ["7 trade"]


def test_everything_has_a_name_for_those_who_listen(desk: Desk) -> None:
    desk.window.open_feed()
    assert desk.panel.table.accessibleName() == "Connections"
    assert desk.panel.sentences.accessibleName() == "What connections say"
    values = desk.panel.totals.values
    assert values["CPU, of one core"].accessibleName() == "CPU, of one core: 5.0 %"
