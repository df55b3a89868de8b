"""Where marks lie on the chart: what is under a pointer, and where one goes that is dragged."""

from __future__ import annotations

from dataclasses import replace
from math import copysign, hypot, radians, tan
from typing import NamedTuple, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt

from ...market.marks import Drawing, Point

REACH = 6.0  # px, within which the pointer is on a mark
CLICK = 4.0  # px, within which a press and its release are one click
STRAIGHT = tan(radians(22.5))  # nearer than this to level or upright, Shift makes a line so
CORNERS_DOWN, CORNERS_UP = Qt.CursorShape.SizeFDiagCursor, Qt.CursorShape.SizeBDiagCursor


class Frame(Protocol):
    """Where times and prices lie on the chart now."""

    area: QRectF
    interval_ms: float

    def x(self, time: float) -> float: ...
    def y(self, price: float) -> float: ...
    def time(self, x: float) -> float: ...
    def price(self, y: float) -> float: ...
    def bars_between(self, first: float, second: float) -> int: ...
    def snap(self, time: float, price: float) -> tuple[float, float]: ...


class Grip(NamedTuple):
    """A mark that is held: by which handle (None: as a whole), from where, and as it was."""

    handle: int | None
    begin: Point
    mark: Drawing


def is_on(drawing: Drawing, place: QPointF, frame: Frame) -> bool:
    """Whether a place is within reach of a mark's lines."""
    return _distance(drawing, place.x(), place.y(), frame) <= REACH


def is_inside(drawing: Drawing, place: QPointF, frame: Frame) -> bool:
    """Whether a place is in a rectangle; one that covers the whole view cannot be held there."""
    if drawing.kind != "rectangle":
        return False
    box = box_of(drawing, frame)
    return box.contains(place) and not box.contains(frame.area)


def handle_at(drawing: Drawing, place: QPointF, frame: Frame) -> int | None:
    """Which handle of a mark is under a place."""
    if len(drawing.points) == 1:
        return 0 if is_on(drawing, place, frame) else None
    for number, point in enumerate(drawing.handles()):
        across, down = place.x() - frame.x(point.time), place.y() - frame.y(point.price)
        if abs(across) + abs(down) <= 2 * REACH:
            return number
    return None


def box_of(drawing: Drawing, frame: Frame) -> QRectF:
    """The pixels that two points span."""
    first, second = (QPointF(frame.x(p.time), frame.y(p.price)) for p in drawing.points)
    return QRectF(first, second).normalized()


def cursor_of(drawing: Drawing, handle: int | None, frame: Frame) -> Qt.CursorShape:
    """The cursor that says how a mark moves if it is taken here."""
    if drawing.kind == "horizontal":
        return Qt.CursorShape.SizeVerCursor
    if drawing.kind == "vertical":
        return Qt.CursorShape.SizeHorCursor
    if handle is None:
        return Qt.CursorShape.SizeAllCursor
    if drawing.kind != "rectangle":
        return Qt.CursorShape.PointingHandCursor
    here, across = drawing.handles()[handle], drawing.handles()[handle ^ 1]
    right = frame.x(here.time) > frame.x(across.time)
    below = frame.y(here.price) > frame.y(across.price)
    return CORNERS_DOWN if right == below else CORNERS_UP


def point_at(
    place: QPointF, keys: Qt.KeyboardModifier, frame: Frame, anchor: Point | None = None
) -> Point:
    """Where the pointer is: on the nearest bar unless Alt is held; straight with Shift."""
    time, price = frame.time(place.x()), frame.price(place.y())
    if not keys & Qt.KeyboardModifier.AltModifier:
        time, price = frame.snap(time, price)
    if anchor is not None and keys & Qt.KeyboardModifier.ShiftModifier:
        return _straight(place, Point(time, price), anchor, frame)
    return Point(time, price)


def dragged(grip: Grip, place: QPointF, keys: Qt.KeyboardModifier, frame: Frame) -> Drawing:
    """A held mark as it is when the pointer has come to a place."""
    if grip.handle is not None:
        anchor = grip.mark.across(grip.handle)
        return grip.mark.with_handle(grip.handle, point_at(place, keys, frame, anchor))
    return _shifted(grip.mark, moved_by(grip, place, frame), keys, frame)


def moved_by(grip: Grip, place: QPointF, frame: Frame) -> QPointF:
    """How far the pointer has come with a mark, px."""
    return place - QPointF(frame.x(grip.begin.time), frame.y(grip.begin.price))


def _shifted(was: Drawing, by: QPointF, keys: Qt.KeyboardModifier, frame: Frame) -> Drawing:
    """Further by pixels, as prices may be logarithms; by whole bars unless Alt is held."""
    time = frame.time(frame.x(was.points[0].time) + by.x()) - was.points[0].time
    if not keys & Qt.KeyboardModifier.AltModifier:
        time = round(time / frame.interval_ms) * frame.interval_ms
    points = [
        Point(p.time + time, frame.price(frame.y(p.price) + by.y()) if by.y() else p.price)
        for p in was.points
    ]
    return replace(was, points=tuple(points))


def _straight(place: QPointF, point: Point, anchor: Point, frame: Frame) -> Point:
    """The point on a level, upright or 45° line from the anchor, whichever is nearest."""
    x, y = frame.x(anchor.time), frame.y(anchor.price)
    across, up = abs(place.x() - x), abs(place.y() - y)
    if up <= across * STRAIGHT:
        return Point(point.time, anchor.price)
    if across <= up * STRAIGHT:
        return Point(anchor.time, point.price)
    away = abs(frame.x(point.time) - x)
    return Point(point.time, frame.price(y + copysign(away, place.y() - y)))


def _distance(drawing: Drawing, x: float, y: float, frame: Frame) -> float:
    """How far a place is from a mark's lines, px; ``REACH`` and more means nothing else."""
    points = [(frame.x(p.time), frame.y(p.price)) for p in drawing.points]
    if drawing.kind == "horizontal":
        return abs(y - points[0][1])
    if drawing.kind == "vertical":
        return abs(x - points[0][0])
    (x1, y1), (x2, y2) = points
    left, right = min(x1, x2) - REACH, max(x1, x2) + REACH
    if drawing.kind == "fibonacci":
        if not left <= x <= max(right, frame.area.right()):
            return REACH + 1
        return min(abs(y - frame.y(price)) for _, price in drawing.levels())
    if not (left <= x <= right and min(y1, y2) - REACH <= y <= max(y1, y2) + REACH):
        return REACH + 1
    if drawing.kind == "trend":
        return _to_segment(x, y, points[0], points[1])
    return min(abs(x - x1), abs(x - x2), abs(y - y1), abs(y - y2))


def _to_segment(
    x: float, y: float, first: tuple[float, float], second: tuple[float, float]
) -> float:
    """How far a place is from a line between two others."""
    along_x, along_y = second[0] - first[0], second[1] - first[1]
    away_x, away_y = x - first[0], y - first[1]
    length = along_x**2 + along_y**2
    share = (away_x * along_x + away_y * along_y) / length if length else 0.0
    share = min(1.0, max(0.0, share))
    return hypot(away_x - along_x * share, away_y - along_y * share)
