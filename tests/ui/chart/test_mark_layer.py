"""Drawing on the chart with the mouse: lines, boxes, retracements and the ruler."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from tickglass.market.marks import Marks, Measure
from tickglass.ui.chart.mark_layer import ruler_lines

from ..helpers import WEDNESDAY, Heard, series_of
from .test_chart_view import LEFT, Chart


@pytest.fixture
def chart(qtbot: QtBot) -> Chart:
    """300 minutes of candles from 90 to 110; the newest 120 in view, with marks of its own."""
    made = Chart(qtbot, series_of(0, 300))
    made.view.set_marks(Marks())
    return made


def spot(chart: Chart, minute: float, price: float) -> QPoint:
    """Where the middle of a minute's bar and a price lie."""
    frame = chart.view.frame
    assert frame is not None
    x = frame.x((WEDNESDAY + minute * 60) * 1_000)
    return QPointF(x, frame.y(price)).toPoint()


def click(chart: Chart, qtbot: QtBot, at: QPoint) -> None:
    qtbot.mouseClick(chart.view, LEFT, pos=at)


def made(chart: Chart) -> list[tuple[str, list[tuple[float, float]]]]:
    """Kind and points of each mark, in minutes and rounded prices."""
    return [
        (each.kind, [((p.time / 1_000 - WEDNESDAY) / 60, round(p.price, 1)) for p in each.points])
        for each in chart.view.marks.marks.drawings
    ]


def test_a_click_sets_a_horizontal_line_and_puts_the_tool_down(chart: Chart, qtbot: QtBot) -> None:
    heard = Heard()
    chart.view.marks.changed.connect(heard)
    chart.view.marks.take_tool("horizontal")
    click(chart, qtbot, spot(chart, 250, 97.0))
    ((kind, ((_, price),)),) = made(chart)
    assert (kind, price) == ("horizontal", pytest.approx(97.0, abs=0.1))
    assert (chart.view.marks.tool, heard.all) == ("", [()])
    times = chart.times
    chart.drag(qtbot, spot(chart, 250, 103.0), QPoint(50, 0))
    assert chart.times != times, "the hand drags the picture again"


def test_points_snap_to_the_bar_and_to_its_price_if_one_is_near(chart: Chart, qtbot: QtBot) -> None:
    chart.view.marks.take_tool("trend")
    click(chart, qtbot, spot(chart, 230.3, 109.8))
    chart.move(spot(chart, 260.2, 100.1))
    click(chart, qtbot, spot(chart, 260.2, 100.1))
    assert made(chart) == [("trend", [(230.0, 110.0), (260.0, 100.0)])]


def test_alt_leaves_a_point_where_it_is(chart: Chart, qtbot: QtBot) -> None:
    chart.view.marks.take_tool("horizontal")
    alt = Qt.KeyboardModifier.AltModifier
    qtbot.mouseClick(chart.view, LEFT, alt, pos=spot(chart, 230, 109.8))
    assert made(chart)[0][1][0][1] == pytest.approx(109.8, abs=0.1)


@pytest.mark.parametrize("kind", ["trend", "rectangle", "fibonacci"])
def test_dragging_makes_a_mark_of_two_points(chart: Chart, qtbot: QtBot, kind: str) -> None:
    chart.view.marks.take_tool(kind)
    start, end = spot(chart, 230, 110), spot(chart, 260, 90)
    chart.drag(qtbot, start, end - start)
    assert made(chart) == [(kind, [(230.0, 110.0), (260.0, 90.0)])]
    assert not chart.view.grab().isNull()


def test_shift_keeps_a_line_level(chart: Chart, qtbot: QtBot) -> None:
    chart.view.marks.take_tool("trend")
    click(chart, qtbot, spot(chart, 230, 110))
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(chart.view, LEFT, shift, pos=spot(chart, 280, 105))
    assert made(chart) == [("trend", [(230.0, 110.0), (280.0, 110.0)])]


def test_a_mark_is_dragged_and_that_is_one_step_to_undo(chart: Chart, qtbot: QtBot) -> None:
    chart.view.marks.take_tool("horizontal")
    click(chart, qtbot, spot(chart, 250, 97.0))
    before = made(chart)
    start = spot(chart, 220, before[0][1][0][1])
    chart.drag(qtbot, start, spot(chart, 220, 103.0) - start)
    assert made(chart)[0][1][0][1] == pytest.approx(103.0, abs=0.15)
    qtbot.keyClick(chart.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert made(chart) == before
    qtbot.keyClick(
        chart.view, Qt.Key.Key_Z,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )  # fmt: skip
    assert made(chart)[0][1][0][1] == pytest.approx(103.0, abs=0.15)


def test_one_end_of_a_line_is_dragged_alone(chart: Chart, qtbot: QtBot) -> None:
    chart.view.marks.take_tool("trend")
    start, end = spot(chart, 230, 110), spot(chart, 260, 90)
    chart.drag(qtbot, start, end - start)
    chart.drag(qtbot, end, spot(chart, 280, 105) - end)
    assert made(chart) == [("trend", [(230.0, 110.0), (280.0, 105.0)])]


def test_a_selected_mark_is_deleted_and_comes_back(chart: Chart, qtbot: QtBot) -> None:
    chart.view.marks.take_tool("vertical")
    click(chart, qtbot, spot(chart, 250, 100))
    click(chart, qtbot, spot(chart, 250, 95))
    assert chart.view.marks.selected == 0
    qtbot.keyClick(chart.view, Qt.Key.Key_Delete)
    assert made(chart) == []
    chart.view.marks.undo()
    assert made(chart)[0][0] == "vertical"


def test_escape_puts_the_tool_down_and_drops_what_was_begun(chart: Chart, qtbot: QtBot) -> None:
    chart.view.marks.take_tool("trend")
    click(chart, qtbot, spot(chart, 230, 110))
    qtbot.keyClick(chart.view, Qt.Key.Key_Escape)
    click(chart, qtbot, spot(chart, 260, 90))
    assert (made(chart), chart.view.marks.tool) == ([], "")


def test_the_ruler_measures_and_goes_at_the_next_click(chart: Chart, qtbot: QtBot) -> None:
    chart.view.marks.take_tool("ruler")
    start, end = spot(chart, 230, 100), spot(chart, 267, 110)
    chart.drag(qtbot, start, end - start)
    ruler = chart.view.marks._ruler
    assert ruler is not None
    assert [(p.time / 1_000 - WEDNESDAY) / 60 for p in ruler] == [230.0, 267.0]
    with_ruler = chart.colours()
    click(chart, qtbot, spot(chart, 240, 95))
    assert chart.view.marks._ruler is None
    assert made(chart) == []
    assert with_ruler != chart.colours()


def test_a_measure_is_told_in_two_lines() -> None:
    assert ruler_lines(Measure(1_234.5, 0.0185, 37, 33_300)) == [
        "+1,234.50 (+1.85 %)",
        "37 bars, 9 h 15 min",
    ]
    assert ruler_lines(Measure(-0.00000123, -0.1, -1, -60))[0] == "−0.0000012300 (−10.00 %)"


def test_the_marks_of_another_instrument_take_the_place(chart: Chart, qtbot: QtBot) -> None:
    chart.view.marks.take_tool("horizontal")
    click(chart, qtbot, spot(chart, 250, 97.0))
    first = chart.view.marks.marks
    chart.view.set_marks(Marks())
    assert made(chart) == []
    chart.view.set_marks(first)
    assert len(made(chart)) == 1
