"""Drawing on the chart with the mouse: lines, boxes, retracements and the ruler."""

import math

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tickglass.market.marks import Drawing, Marks, Measure, Point
from tickglass.ui.chart.mark_layer import MarkLayer
from tickglass.ui.chart.mark_painter import ruler_lines
from tickglass.ui.theme import DARK

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


# ---------------------------------------------------------------- on a frame of its own

PLAIN = Qt.KeyboardModifier.NoModifier
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class Plain:
    """800 pixels of 100 seconds, bars of 1 s; 400 pixels of prices 0 to 400, or 1 to 10,000."""

    area = QRectF(0, 0, 800, 400)
    interval_ms = 1_000.0

    def __init__(self, log: bool = False) -> None:
        self.log = log

    def x(self, time: float) -> float:
        return time / 125

    def time(self, x: float) -> float:
        return x * 125

    def y(self, price: float) -> float:
        return 400 - 100 * math.log10(max(price, 1e-18)) if self.log else 400 - price

    def price(self, y: float) -> float:
        return float(10 ** ((400 - y) / 100)) if self.log else 400 - y

    def bars_between(self, first: float, second: float) -> int:
        return round((second - first) / 1_000)

    def snap(self, time: float, price: float) -> tuple[float, float]:
        return round(time / 1_000) * 1_000.0, price


def level(price: float) -> Drawing:
    return Drawing("horizontal", (Point(0.0, price),))


def layer_of(*drawings: Drawing) -> MarkLayer:
    layer = MarkLayer()
    layer.set_marks(Marks(drawings))
    return layer


def press_key(layer: MarkLayer, key: Qt.Key, keys: Qt.KeyboardModifier = PLAIN) -> None:
    layer.key(QKeyEvent(QEvent.Type.KeyPress, key, keys))


def grip(layer: MarkLayer, start: QPointF, by: QPointF, frame: Plain) -> None:
    """Take hold and drag, and do not let go."""
    assert layer.press(start, PLAIN, frame)
    layer.move(start + by, PLAIN, frame, held=True)


@pytest.mark.parametrize(
    ("key", "keys", "left"),
    [(Qt.Key.Key_Escape, PLAIN, [200.0]), (Qt.Key.Key_Z, CTRL, [200.0]),
     (Qt.Key.Key_Delete, PLAIN, [])],
)  # fmt: skip
def test_a_key_while_a_mark_is_dragged_lets_it_go(
    key: Qt.Key, keys: Qt.KeyboardModifier, left: list[float]
) -> None:
    frame, layer = Plain(), layer_of(level(200.0))
    grip(layer, QPointF(100, 200), QPointF(0, 50), frame)
    press_key(layer, key, keys)
    layer.move(QPointF(100, 300), PLAIN, frame, held=True)
    layer.release(QPointF(100, 300))
    assert [each.points[0].price for each in layer.marks.drawings] == left


def test_a_mark_just_added_is_not_lost_by_undoing_while_it_is_dragged() -> None:
    frame, layer = Plain(), layer_of()
    layer.take_tool("horizontal")
    layer.press(QPointF(100, 200), PLAIN, frame)
    layer.release(QPointF(100, 200))
    grip(layer, QPointF(100, 200), QPointF(0, 50), frame)
    press_key(layer, Qt.Key.Key_Z, CTRL)
    layer.release(QPointF(100, 250))
    assert [each.points[0].price for each in layer.marks.drawings] == [200.0]


def test_marks_are_as_they_were_until_the_drag_ends() -> None:
    frame, layer = Plain(), layer_of(level(200.0))
    before = layer.marks.version, layer.marks.drawings
    grip(layer, QPointF(100, 200), QPointF(0, 50), frame)
    assert (layer.marks.version, layer.marks.drawings) == before
    layer.release(QPointF(100, 250))
    assert [each.points[0].price for each in layer.marks.drawings] == [150.0]


def test_a_trembling_click_moves_nothing() -> None:
    frame, layer = Plain(), layer_of(level(200.0))
    grip(layer, QPointF(100, 200), QPointF(1, 2), frame)
    layer.release(QPointF(101, 202))
    assert [each.points[0].price for each in layer.marks.drawings] == [200.0]


def test_delete_removes_the_selected_mark_though_another_chart_removed_one_before_it() -> None:
    frame, layer = Plain(), layer_of(level(50.0), level(101.0), level(300.0))
    layer.press(QPointF(100, 299), PLAIN, frame)
    layer.release(QPointF(100, 299))
    layer.marks.remove(0)
    assert layer.selected == 0
    press_key(layer, Qt.Key.Key_Delete)
    assert [each.points[0].price for each in layer.marks.drawings] == [300.0]


def test_a_line_keeps_its_slope_on_a_scale_of_logarithms() -> None:
    line = Drawing("trend", (Point(10_000, 10.0), Point(90_000, 1_000.0)))
    frame, layer = Plain(log=True), layer_of(line)
    grip(layer, QPointF(400, 200), QPointF(0, 100), frame)  # a tenth of every price
    layer.release(QPointF(400, 300))
    first, second = layer.marks.drawings[0].points
    assert first == (10_000, pytest.approx(1.0))
    assert second == (90_000, pytest.approx(100.0))


def test_a_whole_line_moves_by_whole_bars_unless_alt_is_held() -> None:
    line = Drawing("trend", (Point(10_000, 100.0), Point(90_000, 300.0)))
    frame, layer = Plain(), layer_of(line)
    grip(layer, QPointF(400, 200), QPointF(13, 0), frame)  # 1.6 bars
    layer.release(QPointF(413, 200))
    assert layer.marks.drawings[0].points == ((12_000, 100.0), (92_000, 300.0))
    layer.press(QPointF(416, 200), ALT, frame)
    layer.move(QPointF(429, 200), ALT, frame, held=True)
    layer.release(QPointF(429, 200))
    assert layer.marks.drawings[0].points == ((13_625, 100.0), (93_625, 300.0))


@pytest.mark.parametrize(
    ("end", "point"),
    [(QPointF(500, 290), (62_000, 100.0)), (QPointF(110, 100), (12_000, 300.0)),
     (QPointF(296, 130), (37_000, 300.0)), (QPointF(296, 390), (37_000, -100.0))],
)  # fmt: skip
def test_shift_makes_a_line_level_upright_or_oblique(
    end: QPointF, point: tuple[float, float]
) -> None:
    frame, layer = Plain(), layer_of()
    layer.take_tool("trend")
    layer.press(QPointF(96, 300), PLAIN, frame)
    layer.release(QPointF(96, 300))
    layer.press(end, SHIFT, frame)
    time, price = layer.marks.drawings[0].points[1]
    assert (time, price) == (pytest.approx(point[0], abs=500), pytest.approx(point[1]))


def painted(drawing: Drawing) -> QImage:
    image = QImage(800, 400, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(DARK.panel))
    painter = QPainter(image)
    layer_of(drawing).paint(painter, Plain(), DARK, str)
    painter.end()
    return image


@pytest.mark.parametrize("far", [1e3, 1e10, 1e15])
def test_the_near_edge_of_a_rectangle_is_seen_however_far_the_others_are(far: float) -> None:
    image = painted(Drawing("rectangle", (Point(12_500, 200.0), Point(far * 125, far))))
    edge, inside, outside = (image.pixelColor(x, 100).name() for x in (100, 300, 50))
    assert edge == DARK.lines[1]
    assert outside == DARK.panel
    assert inside not in (edge, outside)


@pytest.mark.parametrize("kind", ["trend", "rectangle", "fibonacci"])
def test_nothing_is_drawn_of_what_is_out_of_view(kind: str) -> None:
    empty = painted(Drawing(kind, (Point(200_000, 100.0), Point(300_000, 300.0))))
    assert empty == painted(level(-50.0))


# ---------------------------------------------------------------- rectangles, hovering, dragging

BOX = Drawing("rectangle", (Point(25_000, 300.0), Point(50_000, 100.0)))  # px 200–400, 100–300


@pytest.mark.parametrize(
    ("corner", "points"),
    [
        (QPointF(200, 100), ((12_000, 350.0), (50_000, 100.0))),
        (QPointF(400, 300), ((25_000, 300.0), (37_000, 150.0))),
        (QPointF(200, 300), ((12_000, 300.0), (50_000, 150.0))),
        (QPointF(400, 100), ((25_000, 350.0), (37_000, 100.0))),
    ],
)
def test_each_corner_of_a_rectangle_is_dragged_alone(
    corner: QPointF, points: tuple[tuple[float, float], ...]
) -> None:
    frame, layer = Plain(), layer_of(BOX)
    grip(layer, corner, QPointF(-104, -50), frame)  # 13 bars back, 50 higher
    layer.release(corner)
    assert layer.marks.drawings[0].points == points


@pytest.mark.parametrize("place", [QPointF(300, 200), QPointF(300, 101), QPointF(399, 250)])
def test_a_rectangle_is_moved_by_its_inside_and_its_edges(place: QPointF) -> None:
    frame, layer = Plain(), layer_of(BOX)
    grip(layer, place, QPointF(80, 20), frame)
    layer.release(place)
    assert layer.marks.drawings[0].points == ((35_000, 280.0), (60_000, 80.0))


def test_a_line_in_a_rectangle_is_taken_before_the_rectangle() -> None:
    layer = layer_of(level(200.0), BOX)
    assert layer.at(QPointF(300, 203), Plain()) == 0
    assert layer.at(QPointF(300, 250), Plain()) == 1


def test_a_rectangle_around_the_whole_view_leaves_the_picture_to_the_hand() -> None:
    around = Drawing("rectangle", (Point(-1_000, -10.0), Point(200_000, 500.0)))
    assert layer_of(around).at(QPointF(300, 200), Plain()) is None


CURSORS = [
    (BOX, QPointF(300, 200), Qt.CursorShape.SizeAllCursor),
    (BOX, QPointF(200, 100), Qt.CursorShape.SizeFDiagCursor),
    (BOX, QPointF(400, 300), Qt.CursorShape.SizeFDiagCursor),
    (BOX, QPointF(200, 300), Qt.CursorShape.SizeBDiagCursor),
    (BOX, QPointF(400, 100), Qt.CursorShape.SizeBDiagCursor),
    (BOX, QPointF(600, 200), None),
    (level(200.0), QPointF(600, 202), Qt.CursorShape.SizeVerCursor),
    (Drawing("vertical", (Point(25_000, 1.0),)), QPointF(203, 9), Qt.CursorShape.SizeHorCursor),
    (Drawing("trend", BOX.points), QPointF(300, 200), Qt.CursorShape.SizeAllCursor),
    (Drawing("trend", BOX.points), QPointF(202, 101), Qt.CursorShape.PointingHandCursor),
]


@pytest.mark.parametrize(("drawing", "place", "cursor"), CURSORS)
def test_the_cursor_says_how_a_mark_would_move(
    drawing: Drawing, place: QPointF, cursor: Qt.CursorShape | None
) -> None:
    layer = layer_of(drawing)
    assert layer.hover(place, Plain()) == cursor
    assert layer.hovered == (None if cursor is None else 0)


def test_hovering_highlights_without_drawing_the_marks_at_rest_anew() -> None:
    layer = layer_of(BOX)
    whole, live = Heard(), Heard()
    layer.repaint_wanted.connect(whole)
    layer.live_repaint_wanted.connect(live)
    layer.hover(QPointF(300, 200), Plain())
    layer.hover(QPointF(310, 200), Plain())
    layer.hover(QPointF(600, 200), Plain())
    assert (len(whole.all), len(live.all)) == (0, 2), "once when it comes, once when it goes"


def test_with_a_tool_in_hand_nothing_is_highlighted() -> None:
    layer = layer_of(BOX)
    layer.take_tool("trend")
    assert layer.hover(QPointF(300, 200), Plain()) is None
    assert layer.hovered is None


def test_the_pointer_over_a_mark_shows_its_cursor_and_off_it_the_cross(chart: Chart) -> None:
    view = chart.view
    view.set_marks(Marks([Drawing("horizontal", (Point(0.0, 100.0),))]))
    chart.move(spot(chart, 250, 100))
    assert view.cursor().shape() == Qt.CursorShape.SizeVerCursor
    chart.move(spot(chart, 250, 106))
    assert view.cursor().shape() == Qt.CursorShape.CrossCursor


def test_dragging_a_mark_leaves_the_background_as_it_is(chart: Chart, qtbot: QtBot) -> None:
    view = chart.view
    drawing = Drawing("horizontal", (Point(0.0, 100.0),))
    view.set_marks(Marks([drawing]))
    view.repaint()
    start = spot(chart, 250, 100)
    qtbot.mousePress(view, LEFT, pos=start)
    view.repaint()
    lifted = view._background
    assert lifted is not None
    for step in range(1, 20):
        chart.move(start + QPoint(0, step), LEFT)
        view.repaint()
    assert view._background is lifted
    at = QColor(DARK.lines[1]).name()
    image = view.grab().toImage()
    left = round(view.scene.area.left()) + 200
    assert image.pixelColor(left, start.y() + 18).name() == at, "above the crosshair"
    assert image.pixelColor(left, start.y()).name() != at, "it is not where it was as well"
    qtbot.mouseRelease(view, LEFT, pos=start + QPoint(0, 19))
    view.repaint()
    assert view._background is lifted
    assert view.marks.selected == 0
    assert view.marks.marks.drawings[0].points[0].price < 100.0
    assert view.grab().toImage().pixelColor(left, start.y() + 18).name() == at


def test_escape_in_a_drag_puts_the_mark_back_where_it_is_seen(chart: Chart, qtbot: QtBot) -> None:
    view = chart.view
    view.set_marks(Marks([Drawing("horizontal", (Point(0.0, 100.0),))]))
    start = spot(chart, 250, 100)
    qtbot.mousePress(view, LEFT, pos=start)
    chart.move(start + QPoint(0, 30), LEFT)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    qtbot.mouseRelease(view, LEFT, pos=start + QPoint(0, 30))
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    image = view.grab().toImage()
    left = round(view.scene.area.left()) + 200
    assert image.pixelColor(left, start.y()).name() == DARK.lines[1]
