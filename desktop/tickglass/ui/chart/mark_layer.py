"""Marking the chart: the tool in hand, the marks in the picture, and what hands do with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import copysign, radians, tan
from typing import Protocol

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QKeySequence, QPainter, QPen

from ...market.marks import KINDS, Drawing, Marks, Measure, Point, measure
from ..text import change_text, price_text
from ..theme import GAP, GAP_SMALL, Theme

REACH = 6.0  # px, within which the pointer is on a mark
CLICK = 4.0  # px, within which a press and its release are one click
HANDLE = 3.0  # px, half the side
FILL_ALPHA = 28  # of 255
OUTSIDE = 2.0  # px beyond the area that are drawn too, so that no edge shows
STRAIGHT = tan(radians(22.5))  # nearer than this to level or upright, Shift makes a line so
RULER = "ruler"
TOOLS = (*KINDS, RULER)


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


class MarkLayer(QObject):
    """Holds the marks of what is shown. ``changed``: they are others now; ``repaint_wanted``."""

    changed = Signal()
    repaint_wanted = Signal()
    tool_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tool = ""
        self._selected: Drawing | None = None
        self._marks = Marks()
        self._draft: Drawing | None = None
        self._ruler: tuple[Point, Point] | None = None
        self._pressed: QPointF | None = None
        self._held: tuple[int | None, Point, Drawing] | None = None  # handle, from, the mark
        self._moved: Drawing | None = None  # the mark in hand, where it is now

    # ------------------------------------------------------------ what is there

    @property
    def marks(self) -> Marks:
        """The marks shown."""
        return self._marks

    @property
    def selected(self) -> int | None:
        """Where the selected mark is among the marks, which other charts change too."""
        return self._marks.place(self._selected)

    def set_marks(self, marks: Marks) -> None:
        """Show the marks of another instrument."""
        self._marks = marks
        self._selected = self._draft = self._held = self._moved = self._ruler = None
        self.repaint_wanted.emit()

    def take_tool(self, tool: str) -> None:
        """Have a tool in hand; the one that is there already is put down."""
        self.tool = tool if tool in TOOLS and tool != self.tool else ""
        self._draft = self._ruler = None
        self.tool_changed.emit(self.tool)
        self.repaint_wanted.emit()

    def undo(self) -> None:
        """Take the last change back; what is in hand is only let go."""
        if self._let_go():
            return
        if self._marks.undo():
            self._changed()

    def redo(self) -> None:
        """Do it again."""
        self._let_go()
        if self._marks.redo():
            self._changed()

    def clear(self) -> None:
        """Remove all marks; that can be undone."""
        self._let_go()
        self._marks.clear()
        self._changed()

    def _let_go(self) -> bool:
        """Leave the mark in hand where it was, or forget the one begun; whether there was one."""
        if self._held is None and self._draft is None:
            return False
        self._held = self._moved = self._draft = None
        self.repaint_wanted.emit()
        return True

    def _changed(self) -> None:
        self._selected = None
        self.changed.emit()
        self.repaint_wanted.emit()

    # ------------------------------------------------------------ the hands

    def press(self, place: QPointF, keys: Qt.KeyboardModifier, frame: Frame) -> bool:
        """The left button went down; whether that is ours."""
        self._pressed = place
        if self.tool:
            return self._press_tool(self._point(place, keys, frame, self._anchor()))
        found = self.at(place, frame)
        if self._ruler is not None or self.selected != found:
            self.repaint_wanted.emit()
        self._ruler = self._selected = None
        if found is None:
            return False
        drawing = self._selected = self._marks.drawings[found]
        point = Point(frame.time(place.x()), frame.price(place.y()))
        self._held = (self._handle_at(drawing, place, frame), point, drawing)
        return True

    def move(self, place: QPointF, keys: Qt.KeyboardModifier, frame: Frame, *, held: bool) -> bool:
        """The pointer moved, with the left button held or not; whether that is ours."""
        if self._draft is not None or (self._ruler is not None and self.tool == RULER):
            self._stretch(self._point(place, keys, frame, self._anchor()))
            return True
        if self._held is not None and held:
            self._drag(place, keys, frame)
            return True
        return False

    def release(self, place: QPointF) -> bool:
        """The left button went up; a drag ends a two-point mark, a click waits for another."""
        pressed, self._pressed = self._pressed, None
        if self._held is not None:
            self._drop()
            return True
        far = pressed is not None and (place - pressed).manhattanLength() > CLICK
        if far and (self._draft is not None or self._ruler is not None):
            self._finish()
            return True
        return bool(self.tool)

    def key(self, event: QKeyEvent) -> bool:
        """Delete, Escape, undo and redo; whether the key was one of ours."""
        selected = self.selected
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and selected is not None:
            self._let_go()
            self._marks.remove(selected)
            self._changed()
        elif event.key() == Qt.Key.Key_Escape and self._busy:
            self._let_go()
            self._ruler = self._selected = None
            if self.tool:
                self.take_tool("")
            self.repaint_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        else:
            return False
        return True

    @property
    def _busy(self) -> bool:
        return bool(self.tool or self.selected is not None or self._ruler)

    def _press_tool(self, point: Point) -> bool:
        if self._draft is not None or (self._ruler is not None and self.tool == RULER):
            self._stretch(point)
            self._finish()
        elif self.tool == RULER:
            self._ruler = (point, point)
        elif KINDS[self.tool] == 1:
            self._marks.add(Drawing(self.tool, (point,)))
            self._put_down()
        else:
            self._draft = Drawing(self.tool, (point, point))
        self.repaint_wanted.emit()
        return True

    def _stretch(self, point: Point) -> None:
        if self._draft is not None:
            self._draft = self._draft.with_point(1, point)
        elif self._ruler is not None:
            self._ruler = (self._ruler[0], point)
        self.repaint_wanted.emit()

    def _finish(self) -> None:
        """The second point is set: a draft becomes a mark; the ruler stays until the next click."""
        draft, self._draft = self._draft, None
        if draft is None:
            self.tool = ""
            self.tool_changed.emit("")
            self.repaint_wanted.emit()
            return
        if draft.points[0] != draft.points[1]:
            self._marks.add(draft)
        self._put_down()

    def _put_down(self) -> None:
        self.tool = ""
        self.tool_changed.emit("")
        self._changed()

    def _drag(self, place: QPointF, keys: Qt.KeyboardModifier, frame: Frame) -> None:
        """Show it there already; one step to undo is made of it when it is let go."""
        assert self._held is not None
        handle, begin, was = self._held
        by = place - QPointF(frame.x(begin.time), frame.y(begin.price))
        if self._moved is None and by.manhattanLength() <= CLICK:
            return
        if handle is None:
            self._moved = self._shifted(was, by, keys, frame)
        else:
            other = was.points[1 - handle] if len(was.points) == 2 else None
            self._moved = was.with_point(handle, self._point(place, keys, frame, other))
        self.repaint_wanted.emit()

    def _shifted(
        self, was: Drawing, by: QPointF, keys: Qt.KeyboardModifier, frame: Frame
    ) -> Drawing:
        """Further by pixels, as prices may be logarithms; by whole bars unless Alt is held."""
        first = frame.x(was.points[0].time)
        time = frame.time(first + by.x()) - was.points[0].time
        if not keys & Qt.KeyboardModifier.AltModifier:
            time = round(time / frame.interval_ms) * frame.interval_ms
        points = [
            Point(p.time + time, frame.price(frame.y(p.price) + by.y()) if by.y() else p.price)
            for p in was.points
        ]
        return replace(was, points=tuple(points))

    def _drop(self) -> None:
        assert self._held is not None
        was, moved = self._held[2], self._moved
        self._held = self._moved = None
        number = self._marks.place(was)
        if number is not None and moved is not None and moved != was:
            self._marks.change(number, moved)
            self._selected = moved
            self.changed.emit()
        self.repaint_wanted.emit()

    def _anchor(self) -> Point | None:
        if self._draft is not None:
            return self._draft.points[0]
        return self._ruler[0] if self._ruler is not None else None

    def _point(
        self, place: QPointF, keys: Qt.KeyboardModifier, frame: Frame, anchor: Point | None = None
    ) -> Point:
        """Where the pointer is: on the nearest bar unless Alt is held; straight with Shift."""
        time, price = frame.time(place.x()), frame.price(place.y())
        if not keys & Qt.KeyboardModifier.AltModifier:
            time, price = frame.snap(time, price)
        if anchor is not None and keys & Qt.KeyboardModifier.ShiftModifier:
            return self._straight(QPointF(place), Point(time, price), anchor, frame)
        return Point(time, price)

    def _straight(self, place: QPointF, point: Point, anchor: Point, frame: Frame) -> Point:
        """The point on a level, upright or 45° line from the anchor, whichever is nearest."""
        x, y = frame.x(anchor.time), frame.y(anchor.price)
        across, up = abs(place.x() - x), abs(place.y() - y)
        if up <= across * STRAIGHT:
            return Point(point.time, anchor.price)
        if across <= up * STRAIGHT:
            return Point(anchor.time, point.price)
        away = abs(frame.x(point.time) - x)
        return Point(point.time, frame.price(y + copysign(away, place.y() - y)))

    # ------------------------------------------------------------ what is where

    def at(self, place: QPointF, frame: Frame) -> int | None:
        """The mark under a place, the topmost first."""
        for number in range(len(self._marks.drawings) - 1, -1, -1):
            if self._distance(self._marks.drawings[number], place, frame) <= REACH:
                return number
        return None

    def _distance(self, drawing: Drawing, place: QPointF, frame: Frame) -> float:
        points = [QPointF(frame.x(p.time), frame.y(p.price)) for p in drawing.points]
        if drawing.kind == "horizontal":
            return abs(place.y() - points[0].y())
        if drawing.kind == "vertical":
            return abs(place.x() - points[0].x())
        if drawing.kind == "trend":
            return _to_segment(place, points[0], points[1])
        box = QRectF(points[0], points[1]).normalized()
        if drawing.kind == "rectangle":
            corners = (box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft())
            sides = zip(corners, (*corners[1:], corners[0]), strict=True)
            return min(_to_segment(place, a, b) for a, b in sides)
        if not box.left() - REACH <= place.x() <= max(box.right(), frame.area.right()):
            return REACH + 1
        return min(abs(place.y() - frame.y(price)) for _, price in drawing.levels())

    def _handle_at(self, drawing: Drawing, place: QPointF, frame: Frame) -> int | None:
        if len(drawing.points) == 1:
            return 0
        for number, point in enumerate(drawing.points):
            away = place - QPointF(frame.x(point.time), frame.y(point.price))
            if away.manhattanLength() <= 2 * REACH:
                return number
        return None

    # ------------------------------------------------------------ painting

    def paint(
        self, painter: QPainter, frame: Frame, theme: Theme, write: Callable[[float], str]
    ) -> None:
        """Draw every mark; ``write`` turns a price into words."""
        brush = MarkPainter(painter, frame, theme, write)
        held = None if self._held is None else self._held[2]
        for each in self._marks.drawings:
            drawing = self._moved or each if each is held else each
            brush.draw(drawing)
            if each is self._selected:
                brush.handles(drawing)
        if self._draft is not None:
            brush.draw(self._draft)
        if self._ruler is not None:
            brush.ruler(*self._ruler)


class MarkPainter:
    """Draws marks onto one picture."""

    def __init__(
        self, painter: QPainter, frame: Frame, theme: Theme, write: Callable[[float], str]
    ) -> None:
        self._painter = painter
        self._frame = frame
        self._theme = theme
        self._write = write
        self._room = frame.area.adjusted(-OUTSIDE, -OUTSIDE, OUTSIDE, OUTSIDE)

    def draw(self, drawing: Drawing) -> None:
        """Draw a mark in the colour of marks."""
        painter, frame, area = self._painter, self._frame, self._frame.area
        points = [QPointF(frame.x(p.time), frame.y(p.price)) for p in drawing.points]
        if not self._seen(drawing.kind, points):
            return
        colour = QColor(self._theme.lines[1])
        painter.setPen(QPen(colour, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if drawing.kind == "horizontal":
            y = round(points[0].y())
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            words = self._write(drawing.points[0].price)
            painter.drawText(QPointF(area.left() + GAP, y - GAP_SMALL), words)
        elif drawing.kind == "vertical":
            x = round(points[0].x())
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        elif drawing.kind == "trend":
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            painter.drawLine(points[0], points[1])
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        elif drawing.kind == "rectangle":
            self._box(QRectF(points[0], points[1]).normalized(), colour)
        else:
            self._levels(drawing)

    def _seen(self, kind: str, points: list[QPointF]) -> bool:
        """Whether any of a mark can be in view."""
        room, xs, ys = self._room, [p.x() for p in points], [p.y() for p in points]
        high = kind != "vertical" and (min(ys) > room.bottom() or max(ys) < room.top())
        late = kind != "horizontal" and min(xs) > room.right()
        early = kind not in ("horizontal", "fibonacci") and max(xs) < room.left()
        return not (high or late or early)

    def handles(self, drawing: Drawing) -> None:
        """Draw the squares that a selected mark is held by."""
        painter, frame = self._painter, self._frame
        painter.setPen(QPen(QColor(self._theme.text), 1))
        painter.setBrush(QColor(self._theme.panel))
        for point in drawing.points:
            x, y = frame.x(point.time), frame.y(point.price)
            if drawing.kind == "horizontal":
                x = frame.area.center().x()
            elif drawing.kind == "vertical":
                y = frame.area.center().y()
            painter.drawRect(QRectF(round(x) - HANDLE, round(y) - HANDLE, 2 * HANDLE, 2 * HANDLE))

    def ruler(self, first: Point, second: Point) -> None:
        """Draw what lies between two points, and its measure."""
        painter, frame, area = self._painter, self._frame, self._frame.area
        found = measure(first, second, frame.bars_between(first.time, second.time))
        colour = QColor(self._theme.up if found.change >= 0 else self._theme.down)
        box = QRectF(
            QPointF(frame.x(first.time), frame.y(first.price)),
            QPointF(frame.x(second.time), frame.y(second.price)),
        ).normalized()
        painter.setPen(QPen(colour, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._box(box, colour)
        lines, metrics = ruler_lines(found), QFontMetricsF(painter.font())
        width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * GAP
        height = metrics.height() * len(lines) + GAP
        top = box.top() - height - GAP_SMALL
        if top < area.top():
            top = min(box.bottom() + GAP_SMALL, area.bottom() - height)
        left = min(max(box.center().x() - width / 2, area.left()), area.right() - width)
        place = QRectF(round(left), round(top), width, height)
        painter.fillRect(place, colour)
        painter.setPen(QColor(self._theme.panel))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "\n".join(lines))

    def _box(self, box: QRectF, colour: QColor) -> None:
        pale = QColor(colour)
        pale.setAlpha(FILL_ALPHA)
        box = box.intersected(self._room)  # else whole pixels beyond 2**31 wrap
        self._painter.fillRect(box, pale)
        self._painter.drawRect(box.toAlignedRect())

    def _levels(self, drawing: Drawing) -> None:
        left = min(self._frame.x(point.time) for point in drawing.points)
        for share, price in drawing.levels():
            y = round(self._frame.y(price))
            self._painter.drawLine(QPointF(left, y), QPointF(self._frame.area.right(), y))
            words = f"{share * 100:g} %  {self._write(price)}"
            self._painter.drawText(QPointF(left + GAP_SMALL, y - GAP_SMALL / 2), words)


def ruler_lines(found: Measure) -> list[str]:
    """A measure in two lines: +1,234.50 (+1.85 %) and 37 bars, 9 h 15 min."""
    sign = "+" if found.change > 0 else ""
    change = sign + price_text(found.change, 2 if abs(found.change) >= 1 else None)
    bars = "1 bar" if abs(found.bars) == 1 else f"{found.bars} bars"
    return [f"{change} ({change_text(found.share)})", f"{bars}, {found.span}"]


def _to_segment(place: QPointF, first: QPointF, second: QPointF) -> float:
    """How far a place is from a line between two others."""
    along = second - first
    length = along.x() ** 2 + along.y() ** 2
    away = place - first
    share = (away.x() * along.x() + away.y() * along.y()) / length if length else 0.0
    nearest = first + along * min(1.0, max(0.0, share))
    rest = place - nearest
    return float((rest.x() ** 2 + rest.y() ** 2) ** 0.5)
