"""The chart's pane: its interval buttons, before and after the chart itself is loaded."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert, Condition
from tickglass.market.freshness import Freshness
from tickglass.ui.chart_pane import BUTTONS, OTHERS, ChartPane
from tickglass.ui.theme import DARK

from .helpers import BTC, ETH, Heard, series_of


@pytest.fixture
def pane(qtbot: QtBot) -> ChartPane:
    made = ChartPane(DARK)
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    return made


def button(pane: ChartPane, words: str) -> QToolButton:
    return next(each for each in pane.findChildren(QToolButton) if each.text() == words)


def pressed(pane: ChartPane) -> list[str]:
    return [each.text() for each in pane.findChildren(QToolButton) if each.isChecked()]


def test_a_quarter_of_an_hour_is_chosen_at_first(pane: ChartPane) -> None:
    assert (pane.interval, pressed(pane)) == ("15m", ["15m"])


@pytest.mark.parametrize("interval", BUTTONS)
def test_a_click_chooses_an_interval(pane: ChartPane, qtbot: QtBot, interval: str) -> None:
    heard = Heard()
    pane.interval_chosen.connect(lambda: heard(pane.interval))
    qtbot.mouseClick(button(pane, interval), Qt.MouseButton.LeftButton)
    assert heard.all == [(interval,)]
    assert pressed(pane) == [interval]


def test_the_menu_has_the_other_intervals_and_shows_the_chosen_one(
    pane: ChartPane, qtbot: QtBot
) -> None:
    heard = Heard()
    pane.interval_chosen.connect(lambda: heard(pane.interval))
    more = button(pane, "more")
    actions = more.menu().actions()
    assert tuple(each.text() for each in actions) == OTHERS
    actions[-1].trigger()
    assert (heard.all, more.text(), pressed(pane)) == ([("1M",)], "1M", [])
    qtbot.mouseClick(button(pane, "1h"), Qt.MouseButton.LeftButton)
    assert (more.text(), pressed(pane)) == ("more", ["1h"])


def test_an_interval_that_is_restored_asks_for_nothing_and_an_unknown_one_is_ignored(
    pane: ChartPane,
) -> None:
    heard = Heard()
    pane.interval_chosen.connect(lambda: heard())
    pane.choose_interval("4h")
    pane.choose_interval("7m")
    assert (pane.interval, pressed(pane), heard.all) == ("4h", ["4h"], [])


def test_before_the_chart_is_loaded_everything_may_be_asked_of_the_pane(pane: ChartPane) -> None:
    pane.show_series(series_of(0, 5), 2)
    pane.show_nothing()
    pane.fail("No.")
    pane.older_loaded()
    pane.set_alerts([])
    pane.set_decimals(2)
    pane.set_theme(DARK)
    pane.flush(1.0, Freshness.LIVE)
    assert pane.chart is None


def test_the_loaded_chart_shows_what_it_is_told(pane: ChartPane) -> None:
    loaded, older, retry = Heard(), Heard(), Heard()
    pane.loaded.connect(lambda: loaded())
    pane.older_wanted.connect(lambda: older())
    pane.retry_wanted.connect(lambda: retry())
    pane.load()
    assert pane.chart is not None
    assert len(loaded.all) == 1
    pane.show_series(series_of(0, 50), 3)
    pane.flush(101.0, Freshness.LIVE)
    assert pane.chart.tag.text() == "101.000"
    assert len(older.all) == 1
    pane.fail("No.")
    pane.chart.retry.click()
    assert len(retry.all) == 1


def test_only_alerts_on_the_instrument_are_drawn(pane: ChartPane) -> None:
    pane.load()
    pane.instrument = BTC
    assert pane.chart is not None
    before = len(pane.chart.plot.getPlotItem().items)
    crosses = Condition.CROSSES
    pane.set_alerts([Alert("a", BTC, crosses, 1.0), Alert("b", ETH, crosses, 2.0)])
    assert len(pane.chart.plot.getPlotItem().items) == before + 1
