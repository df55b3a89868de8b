"""Edges between charts: dragged, kept, and passed over where they cannot be."""

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from tickglass.ui.chart_grid import LAYOUTS
from tickglass.ui.chart_rows import ChartRows

SIZE = (1_000, 800)


def drag(splitter: QSplitter, by: QPoint) -> None:
    """Take hold of the first edge, and let it go elsewhere."""
    handle = splitter.handle(1)
    start, button = handle.rect().center(), Qt.MouseButton.LeftButton
    QTest.mousePress(handle, button, pos=start)
    QTest.mouseMove(handle, start + by)
    QTest.mouseRelease(handle, button, pos=handle.rect().center())
    QApplication.processEvents()


def make(qtbot: QtBot, layout: str) -> ChartRows:
    made = ChartRows(LAYOUTS)
    qtbot.addWidget(made)
    made.resize(*SIZE)
    arrange(made, layout)
    made.show()
    QApplication.processEvents()
    return made


def arrange(rows: ChartRows, layout: str) -> None:
    charts: list[QWidget] = [QLabel(str(number)) for number in range(sum(LAYOUTS[layout]))]
    rows.arrange(layout, charts)
    QApplication.processEvents()


def sizes(rows: ChartRows) -> list[list[int]]:
    inner = [rows.widget(place) for place in range(rows.count())]
    return [rows.sizes(), *(each.sizes() for each in inner if isinstance(each, QSplitter))]


def test_nobody_having_dragged_all_charts_are_of_one_size(qtbot: QtBot) -> None:
    heights, above, below = sizes(make(qtbot, "Four"))
    for pair in (heights, above, below):
        assert abs(pair[0] - pair[1]) <= 1


def test_dragged_edges_are_told_and_come_back(qtbot: QtBot) -> None:
    rows = make(qtbot, "One above two")
    spy = QSignalSpy(rows.dragged)
    below = rows.widget(1)
    assert isinstance(below, QSplitter)
    drag(rows, QPoint(0, 150))
    drag(below, QPoint(-200, 0))
    assert spy.count() >= 2
    left = sizes(rows)
    assert left[0][0] == pytest.approx(550, abs=10)
    assert left[2][0] == pytest.approx(300, abs=10)
    kept = json.loads(json.dumps(rows.edges.save_state()))
    assert kept == {"One above two": left}

    other = ChartRows(LAYOUTS)
    qtbot.addWidget(other)
    other.edges.restore_state(kept)
    arrange(other, "One above two")  # before it is shown, as at the start of the program
    assert other.edges.save_state() == kept, "also if it never is"
    other.resize(*SIZE)
    other.show()
    QApplication.processEvents()
    assert sizes(other) == left


def test_a_smaller_window_keeps_the_proportions(qtbot: QtBot) -> None:
    rows = make(qtbot, "Two stacked")
    drag(rows, QPoint(0, 200))
    other = make(qtbot, "One chart")
    other.edges.restore_state(rows.edges.save_state())
    other.resize(500, 400)
    arrange(other, "Two stacked")
    above, below = other.sizes()
    assert above / below == pytest.approx(3.0, rel=0.05)


def test_each_layout_has_its_own_edges(qtbot: QtBot) -> None:
    rows = make(qtbot, "Two stacked")
    drag(rows, QPoint(0, 200))
    left = sizes(rows)
    arrange(rows, "Four")
    assert abs(rows.sizes()[0] - rows.sizes()[1]) <= 1
    arrange(rows, "Two stacked")
    assert sizes(rows) == left


@pytest.mark.parametrize(
    "rubbish",
    [
        None, 5, [], {"Two stacked": 7}, {"Two stacked": [1, 2, 3]}, {"Nine": [[1], [1]]},
        {"Two stacked": [[1, 2, 3], [1], [1]]}, {"Two stacked": [[0, 5], [1], [1]]},
        {"Two stacked": [[1.5, 2], [1], [1]]}, {"Two stacked": [[True, 2], [1], [1]]},
        {"Two stacked": [[10**9, 1], [1], [1]]}, {"Two stacked": [["1", "2"], [1], [1]]},
    ],
)  # fmt: skip
def test_sizes_that_cannot_be_are_passed_over(qtbot: QtBot, rubbish: object) -> None:
    rows = make(qtbot, "One chart")
    rows.edges.restore_state(rubbish)
    arrange(rows, "Two stacked")
    assert abs(rows.sizes()[0] - rows.sizes()[1]) <= 1
    assert rows.edges.save_state() == {}


def test_only_the_row_of_one_chart_is_shown(qtbot: QtBot) -> None:
    rows = make(qtbot, "Two stacked")
    inner = [rows.widget(place) for place in range(2)]
    chart = inner[1].findChildren(QLabel)[0]
    rows.show_only(chart)
    assert [each.isVisible() for each in inner] == [False, True]
    rows.show_only(None)
    assert [each.isVisible() for each in inner] == [True, True]
