"""Drawings: values that come back whole, and changes that can be undone."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.errors import UsageError
from tickglass.market.marks import KINDS, MOST_MARKS, Drawing, Marks, Point, measure

numbers = st.floats(-1e15, 1e15)
points = st.builds(Point, numbers, numbers)


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    kind = draw(st.sampled_from(sorted(KINDS)))
    return Drawing(kind, tuple(draw(points) for _ in range(KINDS[kind])))


def line(price: float) -> Drawing:
    return Drawing("horizontal", (Point(0.0, price),))


@given(drawings())
def test_a_drawing_comes_back_from_its_row(drawing: Drawing) -> None:
    assert Drawing.from_row(drawing.to_row()) == drawing


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"kind": "circle", "points": [[1, 2]]},
        {"kind": "trend", "points": [[1, 2]]},
        {"kind": "horizontal", "points": [[1]]},
        {"kind": "horizontal", "points": [["soon", 2]]},
        {"kind": "horizontal", "points": [[1, math.nan]]},
        {"kind": "horizontal", "points": 7},
    ],
)
def test_a_row_that_cannot_be_is_refused_in_a_sentence(row: dict[str, object]) -> None:
    with pytest.raises(UsageError) as caught:
        Drawing.from_row(row)
    assert caught.value.sentence.endswith(".")


def test_a_retracement_counts_back_from_its_second_point() -> None:
    drawing = Drawing("fibonacci", (Point(0, 100.0), Point(1, 200.0)))
    assert [(share, round(price, 6)) for share, price in drawing.levels()] == [
        (0.0, 200.0), (0.236, 176.4), (0.382, 161.8), (0.5, 150.0),
        (0.618, 138.2), (0.786, 121.4), (1.0, 100.0),
    ]  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from(["add", "change", "remove", "clear"]), st.integers(0, 9)),
        max_size=30,
    )
)
def test_every_change_can_be_undone_and_done_again(
    changes: list[tuple[str, int]],
) -> None:
    marks = Marks()
    states = [marks.drawings]
    for what, number in changes:
        if what == "add":
            marks.add(line(float(number)))
        elif what == "clear":
            marks.clear()
        elif marks.drawings:
            place = number % len(marks.drawings)
            marks.remove(place) if what == "remove" else marks.change(place, line(-1.0 - number))
        if marks.drawings != states[-1]:
            states.append(marks.drawings)
    for state in reversed(states[:-1]):
        assert marks.undo()
        assert marks.drawings == state
    assert not marks.undo()
    for state in states[1:]:
        assert marks.redo()
        assert marks.drawings == state
    assert not marks.redo()


def test_a_new_change_forgets_what_was_undone() -> None:
    marks = Marks()
    marks.add(line(1.0))
    marks.undo()
    marks.add(line(2.0))
    assert not marks.redo()


def test_there_are_never_too_many() -> None:
    marks = Marks()
    for number in range(MOST_MARKS + 5):
        marks.add(line(float(number)))
    assert len(marks.drawings) == MOST_MARKS
    assert marks.drawings[-1] == line(float(MOST_MARKS + 4))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(37, "37 s"), (90, "1 min 30 s"), (33_300, "9 h 15 min"), (3_600, "1 h"), (273_600, "3 d 4 h"),
     (-7_200, "−2 h")],
)  # fmt: skip
def test_a_measure_says_how_long(seconds: float, words: str) -> None:
    found = measure(Point(0, 200.0), Point(seconds * 1_000, 250.0), 37)
    assert (found.change, found.share, found.bars, found.span) == (50.0, 0.25, 37, words)


def test_a_rectangle_is_held_by_four_corners_and_the_one_across_stays() -> None:
    box = Drawing("rectangle", (Point(10, 1.0), Point(20, 3.0)))
    assert box.handles() == ((10, 1.0), (20, 3.0), (10, 3.0), (20, 1.0))
    for number in range(4):
        moved = box.with_handle(number, Point(50, 9.0))
        assert moved.handles()[number] == (50, 9.0)
        assert box.across(number) in moved.handles()
        assert moved.handles()[number ^ 1] == box.handles()[number ^ 1]


def test_other_marks_are_held_by_their_points() -> None:
    trend = Drawing("trend", (Point(10, 1.0), Point(20, 3.0)))
    assert trend.handles() == trend.points
    assert trend.across(0) == (20, 3.0)
    level = Drawing("horizontal", (Point(10, 1.0),))
    assert (level.handles(), level.across(0)) == (level.points, None)
