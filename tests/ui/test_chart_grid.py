"""Several charts: layouts, the active one, and groups that move together."""

import json
from dataclasses import replace
from datetime import UTC

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QSplitter
from pytestqt.qtbot import QtBot

from tickglass.market.freshness import Freshness
from tickglass.market.indicators import Indicator
from tickglass.market.instrument import Instrument
from tickglass.ui.chart.chart_view import LOADING
from tickglass.ui.chart_grid import LAYOUTS, ChartGrid
from tickglass.ui.theme import DARK

from .helpers import BTC, ETH, SOL, TITLES, Heard, series_of
from .test_chart_rows import drag

MIXED = ("1m", "4h", "15m", "1d")


@pytest.fixture
def grid(qtbot: QtBot) -> ChartGrid:
    made = ChartGrid(DARK, TITLES)
    qtbot.addWidget(made)
    made.resize(1_000, 700)
    made.show()
    made.choose_instrument(BTC)
    return made


def shown(grid: ChartGrid) -> list[tuple[Instrument | None, str]]:
    return [(pane.instrument, pane.interval) for pane in grid.panes]


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_has_its_charts_all_in_view(grid: ChartGrid, name: str) -> None:
    grid.choose_layout(name)
    QApplication.processEvents()
    assert len(grid.panes) == sum(LAYOUTS[name])
    assert all(pane.isVisible() and pane.width() > 100 for pane in grid.panes)
    assert [grid.rows.widget(row).count() for row in range(grid.rows.count())] == [  # type: ignore[attr-defined]
        *LAYOUTS[name]
    ]


def test_new_charts_begin_with_what_the_active_one_shows(grid: ChartGrid) -> None:
    heard = Heard()
    grid.wanted.connect(heard)
    grid.active.choose_interval("1h")
    grid.choose_layout("Two side by side")
    assert shown(grid) == [(BTC, "1h"), (BTC, "1h")]
    assert heard.all == [(grid.panes[1].number, BTC, "1h", ())]


def test_charts_that_go_want_nothing_any_more(grid: ChartGrid) -> None:
    grid.choose_layout("Four")
    heard = Heard()
    grid.wanted.connect(heard)
    numbers = [pane.number for pane in grid.panes]
    grid.choose_layout("One chart")
    assert heard.all == [(number, None, "15m", ()) for number in numbers[1:]]


def test_an_instrument_goes_to_the_active_chart_only(grid: ChartGrid) -> None:
    grid.choose_layout("Two side by side")
    grid.activate(grid.panes[1])
    grid.choose_instrument(ETH)
    assert shown(grid) == [(BTC, "15m"), (ETH, "15m")]


def test_linked_charts_share_instrument_interval_and_crosshair(grid: ChartGrid) -> None:
    grid.choose_layout("Three side by side")
    for pane in grid.panes[:2]:
        pane.choose_group("A")
    grid.choose_instrument(ETH)
    assert [each[0] for each in shown(grid)] == [ETH, ETH, BTC]
    grid.panes[0].take_interval("4h")
    assert [each[1] for each in shown(grid)] == ["4h", "4h", "15m"]
    for pane in grid.panes:
        pane.show_series(series_of(0, 50), 2)
        pane.flush(105.0, Freshness.LIVE)
    grid.panes[0].crosshair_moved.emit(5_000.0)
    assert [pane.chart.overlay.linked for pane in grid.panes] == [None, 5_000.0, None]


def test_a_link_can_be_let_go(grid: ChartGrid) -> None:
    grid.choose_layout("Two side by side")
    for pane in grid.panes:
        pane.choose_group("A")
    grid.set_link("instrument", False)
    grid.choose_instrument(ETH)
    assert [each[0] for each in shown(grid)] == [ETH, BTC]


def test_old_candles_are_not_left_under_another_interval(grid: ChartGrid) -> None:
    pane = grid.active
    pane.show_series(series_of(0, 50), 2)
    pane.flush(105.0, Freshness.LIVE)
    pane.take_interval("1s")
    assert pane.chart.source is None
    assert pane.chart.notice.text() == LOADING
    pane.fail("Coinbase has no candles of 1s.")
    pane.flush(106.0, Freshness.LIVE)
    assert pane.chart.notice.text() == "Coinbase has no candles of 1s."


def test_one_chart_can_have_all_the_room(grid: ChartGrid) -> None:
    grid.choose_layout("Four")
    QApplication.processEvents()
    pane = grid.panes[2]
    before = pane.size()
    pane.maximise_wanted.emit()
    QApplication.processEvents()
    assert [each.isVisible() for each in grid.panes] == [False, False, True, False]
    assert pane.height() > 1.8 * before.height()
    pane.maximise_wanted.emit()
    QApplication.processEvents()
    assert all(each.isVisible() for each in grid.panes)


def test_everything_is_remembered(grid: ChartGrid, qtbot: QtBot) -> None:
    grid.choose_layout("Two stacked")
    grid.activate(grid.panes[1])
    grid.choose_instrument(ETH)
    grid.panes[1].choose_interval("1d")
    grid.set_link("crosshair", False)
    other = ChartGrid(DARK, TITLES)
    qtbot.addWidget(other)
    other.restore_state(grid.save_state())
    assert shown(other) == [(BTC, "15m"), (ETH, "1d")]
    assert other.active is other.panes[1]
    assert other.links == {"instrument", "interval"}


@pytest.mark.parametrize(
    "rubbish",
    [{}, {"layout": 5, "charts": 3, "active": 99, "links": "all"}, {"charts": [1, {}, None]}],
)
def test_rubbish_is_passed_over(grid: ChartGrid, rubbish: dict[str, object]) -> None:
    grid.restore_state(rubbish)
    assert len(grid.panes) == 1
    assert grid.active is grid.panes[0]


def test_comparing_leaves_the_candles_on_the_screen_while_others_are_fetched(
    grid: ChartGrid,
) -> None:
    pane = grid.active
    pane.choose_interval("1m")
    series = series_of(0, 50)
    grid.show_chart(pane.number, series, ())
    pane.flush(105.0, Freshness.LIVE)
    heard = Heard()
    grid.wanted.connect(heard)
    pane.compare(ETH)
    assert heard.all == [(pane.number, BTC, "1m", (ETH,))]
    assert pane.chart.scene.drawn is not None
    assert pane.chart.notice.isHidden()
    marks = pane.chart.marks.marks
    grid.marks_of = lambda _: marks
    grid.show_chart(pane.number, series, ())
    assert pane.chart.scene.drawn is not None


def test_a_halted_instrument_says_so_wherever_it_is_shown(grid: ChartGrid) -> None:
    grid.choose_layout("Two side by side")
    grid.set_halted([BTC])
    for pane in grid.panes:
        pane.choose_interval("1m")
        grid.show_chart(pane.number, series_of(0, 50), ())
        pane.flush(105.0, Freshness.QUIET)
    assert [pane.chart.tag_lines[1] for pane in grid.panes] == ["halted", "halted"]
    grid.set_halted([ETH])
    assert [pane.chart.tag_lines for pane in grid.panes] == [["105.00"], ["105.00"]]


def test_a_mark_made_in_one_chart_is_drawn_in_another_of_the_same_instrument_only(
    grid: ChartGrid,
) -> None:
    grid.choose_layout("Three side by side")
    grid.activate(grid.panes[2])
    grid.choose_instrument(ETH)
    for pane in grid.panes:
        pane.chart.grab()
    kept = [pane.chart._background for pane in grid.panes]
    grid.panes[0].marks_changed.emit()
    assert [
        pane.chart._background is each for pane, each in zip(grid.panes, kept, strict=True)
    ] == [True, False, True]


def test_charts_without_a_zone_of_their_own_follow_the_usual_one(qtbot: QtBot) -> None:
    grid = ChartGrid(DARK, TITLES)
    qtbot.addWidget(grid)
    grid.choose_layout("Two side by side")
    first, second = grid.panes
    second.set_look(replace(second.look, zone="Asia/Tokyo"))
    grid.set_zone(UTC)
    noon = 1_795_348_800_000  # 2026-11-22 12:00 UTC
    assert first.chart.scene.labels.full(noon).endswith("12:00 UTC")
    assert second.chart.scene.labels.full(noon).endswith("21:00 JST")
    grid.choose_layout("Three side by side")
    assert grid.panes[2].chart.scene.labels.full(noon).endswith("12:00 UTC")


# ---------------------------------------------------------------- edges, and charts that went


def test_dragged_edges_are_remembered_with_the_charts(grid: ChartGrid, qtbot: QtBot) -> None:
    grid.choose_layout("Two side by side")
    QApplication.processEvents()
    heard = Heard()
    grid.state_changed.connect(heard)
    row = grid.rows.widget(0)
    assert isinstance(row, QSplitter)
    drag(row, QPoint(150, 0))
    assert heard.all
    left = [pane.width() for pane in grid.panes]
    assert left[0] > left[1] + 250
    other = ChartGrid(DARK, TITLES)
    qtbot.addWidget(other)
    other.restore_state(json.loads(json.dumps(grid.save_state())))
    other.resize(grid.size())
    other.show()
    QApplication.processEvents()
    assert [pane.width() for pane in other.panes] == left
    other.maximise(other.panes[1])
    assert other.save_state() == grid.save_state()


def test_charts_that_a_smaller_layout_lets_go_can_be_brought_back(grid: ChartGrid) -> None:
    grid.choose_layout("Four")
    for pane, instrument, interval in zip(grid.panes, (BTC, ETH, SOL, ETH), MIXED, strict=True):
        grid.activate(pane)
        grid.choose_instrument(instrument)
        pane.take_interval(interval)
    grid.panes[2].choose_group("B")
    grid.panes[3].compare(BTC)
    grid.panes[3].change_look(
        replace(grid.panes[3].look, style="hollow", indicators=(Indicator.make("macd"),))
    )
    removed, wanted = Heard(), Heard()
    grid.removed.connect(removed)
    before = grid.save_state()
    grid.choose_layout("Two side by side")
    ((words, undo),) = removed.all
    assert words == "2 charts were closed."
    assert callable(undo)
    grid.wanted.connect(wanted)
    undo()
    assert grid.save_state() == before
    assert wanted.all[-2:] == [
        (grid.panes[2].number, SOL, MIXED[2], ()),
        (grid.panes[3].number, ETH, MIXED[3], (BTC,)),
    ]
    assert grid.active is grid.panes[3]
    assert len(removed.all) == 1


def test_what_was_done_to_the_charts_that_stayed_stays(grid: ChartGrid) -> None:
    grid.choose_layout("Two side by side")
    grid.panes[1].take_interval("1d")
    removed = Heard()
    grid.removed.connect(removed)
    grid.choose_layout("One chart")
    assert removed.all[0][0] == "1 chart was closed."
    grid.choose_instrument(ETH)
    removed.all[0][1]()  # type: ignore[operator]
    assert shown(grid) == [(ETH, "15m"), (BTC, "1d")]


def test_charts_come_back_into_a_layout_that_has_room_by_now(grid: ChartGrid) -> None:
    grid.choose_layout("Two side by side")
    grid.panes[1].take_interval("1d")
    removed = Heard()
    grid.removed.connect(removed)
    grid.choose_layout("One chart")
    grid.choose_layout("Three side by side")
    removed.all[0][1]()  # type: ignore[operator]
    assert grid.layout_name == "Three side by side"
    assert shown(grid) == [(BTC, "15m"), (BTC, "1d"), (BTC, "15m")]


def test_more_charts_and_restoring_offer_nothing_to_undo(grid: ChartGrid) -> None:
    removed = Heard()
    grid.removed.connect(removed)
    one = grid.save_state()
    grid.choose_layout("Four")
    grid.restore_state(one)
    assert len(grid.panes) == 1
    assert removed.all == []
