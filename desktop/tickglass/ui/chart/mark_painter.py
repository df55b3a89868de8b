"""Drawing marks: lines, boxes, retracements, the ruler, and the handles of the selected one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from ...language import tr, trn
from ...market.marks import Drawing, Measure, Point, measure
from ..text import change_text, exact_text, price_text
from ..theme import GAP, GAP_SMALL, Theme
from .mark_shapes import Frame, box_of

HANDLE = 3.0  # px, half the side
FILL_ALPHA = 28  # of 255
FILL_ALPHA_HELD = 48
LINE, LINE_HELD = 1, 2  # px
OUTSIDE = 2.0  # px beyond the area that are drawn too, so that no edge shows


class MarkPainter:
    """Draws marks onto one picture; ``write`` turns a price into words."""

    def __init__(
        self, painter: QPainter, frame: Frame, theme: Theme, write: Callable[[float], str]
    ) -> None:
        self._painter = painter
        self._frame = frame
        self._theme = theme
        self._write = write
        self._room = frame.area.adjusted(-OUTSIDE, -OUTSIDE, OUTSIDE, OUTSIDE)

    def draw(self, drawing: Drawing, *, strong: bool = False, filled: bool = True) -> None:
        """Draw a mark in the colour of marks; a strong one is in hand or under the pointer.

        Without its filling it can be drawn over itself.
        """
        painter, frame, area = self._painter, self._frame, self._frame.area
        points = [QPointF(frame.x(p.time), frame.y(p.price)) for p in drawing.points]
        if not self._seen(drawing.kind, points):
            return
        colour = QColor(self._theme.lines[1])
        painter.setPen(QPen(colour, LINE_HELD if strong else LINE))
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
            alpha = FILL_ALPHA_HELD if strong else FILL_ALPHA
            self._box(box_of(drawing, frame), colour, alpha if filled else 0)
        else:
            self._levels(drawing)

    def handles(self, drawing: Drawing) -> None:
        """Draw the squares that a selected mark is held by."""
        painter, frame = self._painter, self._frame
        painter.setPen(QPen(QColor(self._theme.text), 1))
        painter.setBrush(QColor(self._theme.panel))
        for point in drawing.handles():
            x, y = frame.x(point.time), frame.y(point.price)
            if drawing.kind == "horizontal":
                x = frame.area.center().x()
            elif drawing.kind == "vertical":
                y = frame.area.center().y()
            if self._room.contains(QPointF(x, y)):  # else whole pixels beyond 2**31 wrap
                side = 2 * HANDLE
                painter.drawRect(QRectF(round(x) - HANDLE, round(y) - HANDLE, side, side))

    def ruler(self, first: Point, second: Point) -> None:
        """Draw what lies between two points, and its measure."""
        painter, frame = self._painter, self._frame
        found = measure(first, second, frame.bars_between(first.time, second.time))
        colour = QColor(self._theme.up if found.change >= 0 else self._theme.down)
        box = QRectF(
            QPointF(frame.x(first.time), frame.y(first.price)),
            QPointF(frame.x(second.time), frame.y(second.price)),
        ).normalized()
        painter.setPen(QPen(colour, LINE))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._box(box, colour, FILL_ALPHA)
        lines = ruler_lines(found)
        place = self._beside(box, lines)
        painter.fillRect(place, colour)
        painter.setPen(QColor(self._theme.panel))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "\n".join(lines))

    def _beside(self, box: QRectF, lines: Sequence[str]) -> QRectF:
        """Room for words above a box, or below it where there is none above."""
        area, metrics = self._frame.area, QFontMetricsF(self._painter.font())
        width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * GAP
        height = metrics.height() * len(lines) + GAP
        top = box.top() - height - GAP_SMALL
        if top < area.top():
            top = min(box.bottom() + GAP_SMALL, area.bottom() - height)
        left = min(max(box.center().x() - width / 2, area.left()), area.right() - width)
        return QRectF(round(left), round(top), width, height)

    def _seen(self, kind: str, points: list[QPointF]) -> bool:
        """Whether any of a mark can be in view."""
        room, xs, ys = self._room, [p.x() for p in points], [p.y() for p in points]
        high = kind != "vertical" and (min(ys) > room.bottom() or max(ys) < room.top())
        late = kind != "horizontal" and min(xs) > room.right()
        early = kind not in ("horizontal", "fibonacci") and max(xs) < room.left()
        return not (high or late or early)

    def _box(self, box: QRectF, colour: QColor, alpha: int) -> None:
        pale = QColor(colour)
        pale.setAlpha(alpha)
        box = box.intersected(self._room)  # else whole pixels beyond 2**31 wrap
        self._painter.fillRect(box, pale)
        self._painter.drawRect(box.toAlignedRect())

    def _levels(self, drawing: Drawing) -> None:
        left = min(self._frame.x(point.time) for point in drawing.points)
        for share, price in drawing.levels():
            y = round(self._frame.y(price))
            self._painter.drawLine(QPointF(left, y), QPointF(self._frame.area.right(), y))
            words = f"{exact_text(round(share * 100, 4))} %  {self._write(price)}"
            self._painter.drawText(QPointF(left + GAP_SMALL, y - GAP_SMALL / 2), words)


def ruler_lines(found: Measure) -> list[str]:
    """A measure in two lines: +1,234.50 (+1.85 %) and 37 bars, 9 h 15 min."""
    sign = "+" if found.change > 0 else ""
    change = sign + price_text(found.change, 2 if abs(found.change) >= 1 else None)
    back = "−" if found.bars < 0 else ""
    bars = back + trn("{count} bar", "{count} bars", abs(found.bars))
    return [
        f"{change} ({change_text(found.share)})",
        tr("{bars}, {span}", bars=bars, span=found.span),
    ]
