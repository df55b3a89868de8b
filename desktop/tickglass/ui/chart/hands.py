"""What hands do with the chart: pan, zoom, stretch, mark, and point."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QKeyEvent, QMouseEvent, QWheelEvent

from ..theme import Theme
from .canvas import ChartCanvas
from .overlay import pane_at
from .pane import Pane
from .price_frame import PriceFrame

BARS_SHOWN = BARS_AROUND = 120
BARS_MARGIN = 6  # free space right of the newest bar
BARS_LEAST, BARS_MOST = 5, 1_000_000
PER_PIXEL = 1.006  # by which a drag of one pixel stretches a scale
PER_WHEEL = 1.0015  # by which an eighth of a degree of the wheel does
WHEEL_STEP = 120  # eighths of a degree of one notch
PAN_SHARE = 0.1  # of the view, by an arrow key or a notch sideways
KEY_ZOOM = 1.25
LEFT = Qt.MouseButton.LeftButton
ZOOM_KEYS = {
    Qt.Key.Key_Up: 1 / KEY_ZOOM, Qt.Key.Key_Plus: 1 / KEY_ZOOM, Qt.Key.Key_Equal: 1 / KEY_ZOOM,
    Qt.Key.Key_Down: KEY_ZOOM, Qt.Key.Key_Minus: KEY_ZOOM,
}  # fmt: skip
PAN_KEYS = {Qt.Key.Key_Left: PAN_SHARE, Qt.Key.Key_Right: -PAN_SHARE}


class ChartHands(ChartCanvas):
    """A canvas that follows mouse, wheel and keys.

    ``crosshair_moved`` tells the time under the pointer, None when it leaves.
    """

    crosshair_moved = Signal(object)
    menu_wanted = Signal(object, object)  # price | None, where on the screen
    activated = Signal()
    alert_moved = Signal(str, float)  # its id, its new price
    alert_opened = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.wanted_time: float | None = None  # where to go once there are bars
        self._marking = False  # whether the button that is held draws or moves a mark
        self._dragged: tuple[str, Pane | None] | None = None
        self._drag_from = QPointF()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # ------------------------------------------------------------ through time

    def show_latest(self) -> None:
        """Go to the newest bars, as near or far as the person looks."""
        self._go_to_end(self.scene.times.span)

    def go_to(self, time: float) -> None:
        """Bring a moment, ms UTC, into the middle; once there are bars, if there are none yet."""
        self.wanted_time = None
        source = self.source
        if source is None or source.last_start is None:
            self.wanted_time = time
            return
        times = self.scene.times
        span = times.span if self.scene.placed else BARS_AROUND * source.length
        self.scene.placed = True
        end = source.last_start + (1 + BARS_MARGIN) * source.length
        times.right = min(end, time + span / 2)
        times.left = times.right - span
        self._on_view()

    def _go_to_end(self, span: float) -> None:
        source = self.source
        if source is not None and source.last_start is not None:
            times = self.scene.times
            self.scene.placed = True
            times.right = source.last_start + (1 + BARS_MARGIN) * source.length
            times.left = times.right - span
            self._on_view()

    def _on_view(self) -> None:
        """The person sees other times now."""
        self.scene.fit()
        self.redraw()

    def _pan(self, pixels: float) -> None:
        self.scene.times.pan(pixels)
        self._keep_in_reach()
        self._on_view()

    def _zoom(self, factor: float, x: float) -> None:
        if self.source is not None:
            length = self.source.length
            self.scene.times.zoom(factor, x, BARS_LEAST * length, BARS_MOST * length)
            self._keep_in_reach()
            self._on_view()

    def _keep_in_reach(self) -> None:
        """Some bars stay in view, however far one drags."""
        source, times = self.source, self.scene.times
        if source is None or source.first_start is None or source.last_start is None:
            return
        least = BARS_LEAST * source.length
        span = times.span
        times.left = min(
            max(times.left, source.first_start - span + least),
            source.last_start - least + source.length,
        )
        times.right = times.left + span

    # ------------------------------------------------------------ mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a mark, the picture or an axis."""
        self.activated.emit()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() != LEFT or self.source is None:
            return
        place = event.position()
        frame = self._frame_at(place)
        if frame is not None and self.marks.press(place, event.modifiers(), frame):
            self._marking = True
            return
        if self.overlay.lines.press(place):
            return
        self._drag_from = place
        self._dragged = self._handle_at(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held; without that, the crosshair follows."""
        place = event.position()
        held = bool(event.buttons() & LEFT)
        if self.frame is not None:
            self.marks.move(place, event.modifiers(), self.frame, held=held and self._marking)
        if self.overlay.lines.held is not None:
            self.overlay.lines.move(place)
        if self._dragged is not None:
            self._drag(place - self._drag_from)
            self._drag_from = place
        inside = self.scene.area.contains(place) and self.scene.drawn is not None
        self._point(place if inside else None)
        self._show_cursor(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() != LEFT:
            return
        if self._marking:
            self.marks.release(event.position())
        moved = self.overlay.lines.release()
        if moved is not None:
            self.alert_moved.emit(*moved)
        self.update()
        self._dragged, self._marking = None, False
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the price axis: follow the prices again; on the time axis: back to the newest bars."""
        line = self.overlay.lines.near(event.position())
        if line is not None:
            self.overlay.lines.cancel()
            self.alert_opened.emit(line.id)
            return
        part, pane = self._handle_at(event.position())
        if part == "prices" and pane is not None:
            pane.scale.auto = True
            self._on_view()
        elif part == "times" and self.source is not None:
            self._go_to_end(BARS_SHOWN * self.source.length)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer; sideways, or with Shift, move through time."""
        if self.scene.drawn is None:
            return
        event.accept()
        delta = event.angleDelta()
        part, pane = self._handle_at(event.position())
        sideways = delta.x() or (
            delta.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0
        )
        if part == "prices" and pane is not None:
            pane.scale.stretch(PER_WHEEL ** -delta.y())
            self.redraw()
        elif sideways:
            self._pan(sideways / WHEEL_STEP * PAN_SHARE * self.scene.area.width())
        else:
            self._zoom(PER_WHEEL ** -delta.y(), event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move and zoom, Home and End go to the oldest and the newest."""
        key, area = Qt.Key(event.key()), self.scene.area
        if key == Qt.Key.Key_Escape and self.overlay.lines.cancel():
            self.update()
            return
        if self.marks.key(event):
            return
        if self.scene.drawn is None:
            super().keyPressEvent(event)
        elif key in PAN_KEYS:
            self._pan(PAN_KEYS[key] * area.width())
        elif key in ZOOM_KEYS:
            self._zoom(ZOOM_KEYS[key], area.right())
        elif key == Qt.Key.Key_End:
            self.show_latest()
        elif key == Qt.Key.Key_Home:
            self._go_to_begin()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A menu about the price under the pointer."""
        place = QPointF(event.pos())
        pane = self.scene.price_pane
        inside = pane.area.contains(place) and self.scene.drawn is not None
        self.menu_wanted.emit(pane.scale.price(place.y()) if inside else None, event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        """Without a pointer there is no crosshair, and the newest bar is read out."""
        self.marks.hover(None, None)
        self._point(None)
        super().leaveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer takes over from that of another chart."""
        self.overlay.linked = None
        super().enterEvent(event)

    # ------------------------------------------------------------ inside

    def _go_to_begin(self) -> None:
        first, times = None if self.source is None else self.source.first_start, self.scene.times
        if first is not None:
            self._pan(times.x(times.left) - times.x(first))

    def _point(self, place: QPointF | None) -> None:
        """Have the crosshair there."""
        self.overlay.pointer = place
        self.overlay.touch()
        self.crosshair_moved.emit(None if place is None else self.scene.times.time(place.x()))
        self.update()

    def _drag(self, by: QPointF) -> None:
        assert self._dragged is not None
        part, pane = self._dragged
        if part == "times":
            self._zoom(PER_PIXEL ** -by.x(), self.scene.area.right())
        elif part == "prices" and pane is not None:
            pane.scale.stretch(PER_PIXEL ** by.y())
            self.redraw()
        else:
            if pane is not None and not pane.scale.auto:
                pane.scale.pan(by.y())
            self._pan(by.x())

    def _frame_at(self, place: QPointF) -> PriceFrame | None:
        """The price pane, if a point lies in it."""
        inside = self.scene.drawn is not None and self.scene.price_pane.area.contains(place)
        return self.frame if inside else None

    def _handle_at(self, place: QPointF) -> tuple[str, Pane | None]:
        """What lies under a point: the picture, a pane's prices, or the times."""
        area = self.scene.area
        if place.y() > area.bottom():
            return "times", None
        level = QPointF(area.left() + 1, place.y())
        part = "prices" if place.x() > area.right() else "picture"
        return part, pane_at(self.scene, level)

    def _show_cursor(self, place: QPointF) -> None:
        """Say by the cursor what a press here would take hold of."""
        frame = self.frame if self._marking else self._frame_at(place)
        over_picture = None if self._dragged is not None else place
        wanted = self.marks.hover(over_picture, frame) or self._cursor_at(place)
        if wanted != self.cursor().shape():
            self.setCursor(wanted)

    def _cursor_at(self, place: QPointF) -> Qt.CursorShape:
        if self.overlay.lines.held is not None or self.overlay.lines.near(place) is not None:
            return Qt.CursorShape.SizeVerCursor
        part, _ = self._handle_at(place)
        if part == "prices":
            return Qt.CursorShape.SizeVerCursor
        return Qt.CursorShape.SizeHorCursor if part == "times" else Qt.CursorShape.CrossCursor
