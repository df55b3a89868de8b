"""Marking the chart: the tool in hand, the mark in hand, and what hands do with them.

Marks that rest are part of the chart's background. What moves under the hands is drawn over it:
the selected mark, the one under the pointer, the one being made, and the ruler.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter

from ...market.marks import KINDS, Drawing, Marks, Point
from ..theme import Theme
from .mark_painter import MarkPainter
from .mark_shapes import (
    CLICK,
    Frame,
    Grip,
    cursor_of,
    dragged,
    handle_at,
    is_inside,
    is_on,
    moved_by,
    point_at,
)

RULER = "ruler"
TOOLS = (*KINDS, RULER)

Write = Callable[[float], str]


class MarkLayer(QObject):
    """Holds the marks of what is shown.

    ``changed``: they are others now. ``repaint_wanted``: those at rest must be drawn anew;
    ``live_repaint_wanted``: only what is drawn over them.
    """

    changed = Signal()
    repaint_wanted = Signal()
    live_repaint_wanted = Signal()
    tool_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tool = ""
        self._selected: Drawing | None = None
        self._hovered: Drawing | None = None
        self._marks = Marks()
        self._draft: Drawing | None = None
        self._ruler: tuple[Point, Point] | None = None
        self._pressed: QPointF | None = None
        self._grip: Grip | None = None
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

    @property
    def hovered(self) -> int | None:
        """Where the mark under the pointer is among the marks."""
        return self._marks.place(self._hovered)

    def set_marks(self, marks: Marks) -> None:
        """Show the marks of another instrument; the same ones stay as they are."""
        if marks is self._marks:
            return
        self._marks = marks
        self._selected = self._hovered = self._draft = self._ruler = None
        self._grip = self._moved = None
        self.repaint_wanted.emit()

    def take_tool(self, tool: str) -> None:
        """Have a tool in hand; the one that is there already is put down."""
        self.tool = tool if tool in TOOLS and tool != self.tool else ""
        self._draft = self._ruler = self._hovered = None
        self.tool_changed.emit(self.tool)
        self.live_repaint_wanted.emit()

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
        if self._grip is None and self._draft is None:
            return False
        self._grip = self._moved = self._draft = None
        self.live_repaint_wanted.emit()
        return True

    def _changed(self) -> None:
        self._selected = self._hovered = None
        self.changed.emit()
        self.repaint_wanted.emit()

    # ------------------------------------------------------------ the hands

    def press(self, place: QPointF, keys: Qt.KeyboardModifier, frame: Frame) -> bool:
        """The left button went down; whether that is ours."""
        self._pressed = place
        if self.tool:
            self._press_tool(point_at(place, keys, frame, self._anchor()))
            return True
        found = self.at(place, frame)
        self._ruler = None
        self._select(None if found is None else self._marks.drawings[found])
        if self._selected is None:
            return False
        point = Point(frame.time(place.x()), frame.price(place.y()))
        self._grip = Grip(handle_at(self._selected, place, frame), point, self._selected)
        return True

    def move(self, place: QPointF, keys: Qt.KeyboardModifier, frame: Frame, *, held: bool) -> bool:
        """The pointer moved, with the left button held or not; whether that is ours."""
        if self._stretching:
            self._stretch(point_at(place, keys, frame, self._anchor()))
            return True
        if self._grip is not None and held:
            self._drag(self._grip, place, keys, frame)
            return True
        return False

    def hover(self, place: QPointF | None, frame: Frame | None) -> Qt.CursorShape | None:
        """Note which mark the pointer is on; the cursor that says how it would move, if any."""
        if self._grip is not None and frame is not None:
            return cursor_of(self._moved or self._grip.mark, self._grip.handle, frame)
        free = place is not None and frame is not None and not self.tool
        number = self.at(place, frame) if free and place is not None and frame is not None else None
        hovered = None if number is None else self._marks.drawings[number]
        if hovered is not self._hovered:
            self._hovered = hovered
            self.live_repaint_wanted.emit()
        if hovered is None or place is None or frame is None:
            return None
        return cursor_of(hovered, handle_at(hovered, place, frame), frame)

    def release(self, place: QPointF) -> bool:
        """The left button went up; a drag ends a two-point mark, a click waits for another."""
        pressed, self._pressed = self._pressed, None
        if self._grip is not None:
            self._drop(self._grip)
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
            self._escape()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        else:
            return False
        return True

    def at(self, place: QPointF, frame: Frame) -> int | None:
        """The mark under a place, the topmost first; lines before the inside of a rectangle."""
        drawings = self._marks.drawings
        for is_there in (is_on, is_inside):
            for number in range(len(drawings) - 1, -1, -1):
                if is_there(drawings[number], place, frame):
                    return number
        return None

    @property
    def _busy(self) -> bool:
        return bool(self.tool or self.selected is not None or self._ruler)

    @property
    def _stretching(self) -> bool:
        """Whether a mark or the ruler has its first point and follows the pointer."""
        return self._draft is not None or (self._ruler is not None and self.tool == RULER)

    def _escape(self) -> None:
        self._let_go()
        self._ruler = None
        self._select(None)
        if self.tool:
            self.take_tool("")

    def _select(self, drawing: Drawing | None) -> None:
        """The selected mark leaves the background, and goes back to it when another is."""
        if drawing is not self._selected:
            self._selected = drawing
            self.repaint_wanted.emit()
        self.live_repaint_wanted.emit()

    def _press_tool(self, point: Point) -> None:
        if self._stretching:
            self._stretch(point)
            self._finish()
        elif self.tool == RULER:
            self._ruler = (point, point)
        elif KINDS[self.tool] == 1:
            self._marks.add(Drawing(self.tool, (point,)))
            self._put_down()
        else:
            self._draft = Drawing(self.tool, (point, point))
        self.live_repaint_wanted.emit()

    def _stretch(self, point: Point) -> None:
        if self._draft is not None:
            self._draft = self._draft.with_point(1, point)
        elif self._ruler is not None:
            self._ruler = (self._ruler[0], point)
        self.live_repaint_wanted.emit()

    def _finish(self) -> None:
        """The second point is set: a draft becomes a mark; the ruler stays until the next click."""
        draft, self._draft = self._draft, None
        if draft is None:
            self.tool = ""
            self.tool_changed.emit("")
            self.live_repaint_wanted.emit()
            return
        if draft.points[0] != draft.points[1]:
            self._marks.add(draft)
        self._put_down()

    def _put_down(self) -> None:
        self.tool = ""
        self.tool_changed.emit("")
        self._changed()

    def _drag(self, grip: Grip, place: QPointF, keys: Qt.KeyboardModifier, frame: Frame) -> None:
        """Show it there already; one step to undo is made of it when it is let go."""
        if self._moved is None and moved_by(grip, place, frame).manhattanLength() <= CLICK:
            return
        self._moved = dragged(grip, place, keys, frame)
        self.live_repaint_wanted.emit()

    def _drop(self, grip: Grip) -> None:
        moved, self._grip, self._moved = self._moved, None, None
        number = self._marks.place(grip.mark)
        if number is not None and moved is not None and moved != grip.mark:
            self._marks.change(number, moved)
            self._selected = self._hovered = moved
            self.changed.emit()
        self.live_repaint_wanted.emit()

    def _anchor(self) -> Point | None:
        if self._draft is not None:
            return self._draft.points[0]
        return self._ruler[0] if self._ruler is not None else None

    # ------------------------------------------------------------ painting

    def paint(self, painter: QPainter, frame: Frame, theme: Theme, write: Write) -> None:
        """Draw the marks at rest; ``write`` turns a price into words."""
        brush = MarkPainter(painter, frame, theme, write)
        for each in self._marks.drawings:
            if each is not self._selected:
                brush.draw(each)

    @property
    def is_live(self) -> bool:
        """Whether anything is to be drawn over the marks at rest."""
        lifted = (self._selected, self._hovered, self._draft, self._ruler)
        return any(each is not None for each in lifted)

    def paint_live(self, painter: QPainter, frame: Frame, theme: Theme, write: Write) -> None:
        """Draw what moves under the hands over all else."""
        brush = MarkPainter(painter, frame, theme, write)
        if self.hovered is not None and self._hovered is not self._selected:
            assert self._hovered is not None
            brush.draw(self._hovered, strong=True, filled=False)
        if self._selected is not None and self.selected is not None:
            selected = self._moved or self._selected
            brush.draw(selected, strong=True)
            brush.handles(selected)
        if self._draft is not None:
            brush.draw(self._draft)
        if self._ruler is not None:
            brush.ruler(*self._ruler)
