"""The chart as a widget: it follows the market and the person's hands; ``Scene`` draws it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget

from ...alerts.alert import Alert
from ...market.candles import CLOSE, HIGH, LOW, OPEN, START, VOLUME
from ...market.freshness import Freshness
from ...market.interval import next_start
from ...market.marks import Marks
from ..text import amount_text, change_text, price_text
from ..theme import ALERT_MARK, GAP, GAP_SMALL, Theme, tabular
from .look import Look
from .mark_layer import MarkLayer
from .pane import Pane
from .price_frame import PriceFrame
from .scene import Level, Scene
from .source import Bars, Source

BARS_SHOWN = 120
BARS_MARGIN = 6  # free space right of the newest bar
BARS_LEAST, BARS_MOST = 5, 1_000_000
OLDER_WITHIN = 30  # bars from the oldest at which more are asked for
LOADING, EMPTY = "Loading candles…", "Choose a pair to see its chart."
PER_PIXEL = 1.006  # by which a drag of one pixel stretches a scale
PER_WHEEL = 1.0015  # by which an eighth of a degree of the wheel does
WHEEL_STEP = 120  # eighths of a degree of one notch
PAN_SHARE = 0.1  # of the view, by an arrow key or a notch sideways
KEY_ZOOM = 1.25
MINUTE, DAY = 60_000, 86_400_000
UNTIL_MOST = 3 * DAY  # ms; the end of a longer bar is not counted down to


class ChartView(QWidget):
    """Shows bars. ``flush`` repaints only if something it shows has changed.

    ``crosshair_moved`` tells the time under the pointer, None when it leaves.
    """

    older_wanted = Signal()
    retry_wanted = Signal()
    crosshair_moved = Signal(object)
    marks_changed = Signal()
    menu_wanted = Signal(object, object)  # price | None, where on the screen
    activated = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.scene = Scene()
        self._shown: tuple[object, ...] = ()
        self._revision: tuple[object, ...] = ()
        self._last_start: int | None = None
        self._asked = False
        self._background: QPixmap | None = None
        self._live = QRegion()
        self._pointer: QPointF | None = None
        self._linked: float | None = None  # a time that another chart's pointer is at
        self._marking = False  # whether the button that is held draws or moves a mark
        self._dragged: tuple[str, Pane | None] | None = None
        self._drag_from = QPointF()
        self._price: float | None = None
        self._freshness = Freshness.NEVER
        self._until = ""
        self._alerts: list[Alert] = []
        self.marks = MarkLayer(self)
        self.notice = QLabel(EMPTY, self)
        self.retry = QPushButton("Try again", self)
        self.latest = QToolButton(self)
        self._build()
        self.set_theme(theme)
        self._say(EMPTY)

    # ------------------------------------------------------------ what to show

    @property
    def source(self) -> Source | None:
        """What is shown."""
        return self.scene.source

    def show_series(self, bars: Bars | None, decimals: int | None = None) -> None:
        """Show other bars, or none; there may not be any yet."""
        self.scene.set_source(None if bars is None else Source(bars))
        self.scene.decimals = decimals
        self._shown, self._revision, self._last_start, self._asked = (), (), None, False
        self.scene.loading_older = False
        self._price = None
        self._say(EMPTY if bars is None else LOADING)
        self.redraw()

    def wait(self) -> None:
        """Show nothing while other bars are asked for: those here are not what is wanted."""
        self.show_series(None)
        self._say(LOADING)

    def set_look(self, look: Look) -> None:
        """Draw it like this from now on."""
        self.scene.set_look(look)
        self.redraw()

    def set_compared(self, bars: Sequence[Bars]) -> None:
        """Draw these beside it, in per cent."""
        self.scene.compared = [Source(each) for each in bars]
        self.redraw()

    def set_decimals(self, decimals: int | None) -> None:
        """The decimals of the instrument's prices became known."""
        if decimals != self.scene.decimals:
            self.scene.decimals = decimals
            self.set_alerts(self._alerts)

    def fail(self, sentence: str) -> None:
        """Say why there are no candles, and offer to try again."""
        self._say(sentence, retry=True)

    def set_marks(self, marks: Marks) -> None:
        """Show what was drawn on this instrument."""
        self.marks.set_marks(marks)

    def older_loaded(self) -> None:
        """The older candles asked for are there, or there are none."""
        self._asked = self.scene.loading_older = False
        self.redraw()

    def set_alerts(self, alerts: Sequence[Alert]) -> None:
        """Levels of the armed alerts on this instrument, as thin dashed lines."""
        self._alerts = list(alerts)
        self.scene.levels = [
            Level(each.value, f"{ALERT_MARK} {price_text(each.value, self.scene.decimals)}")
            for each in alerts
            if each.armed
        ]
        self.redraw()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.scene.set_font(tabular(self.font()))
        self.scene.set_theme(theme)
        self.notice.setStyleSheet(f"color: {theme.muted}; background: transparent;")
        self.redraw()

    # ------------------------------------------------------------ once per frame

    def flush(self, price: float | None, freshness: Freshness, now_ms: int = 0) -> None:
        """Show what changed since the last frame; ``now_ms`` is the exchange's time."""
        source = self.source
        if source is None or not len(source):
            return
        self._until = self._countdown(source, now_ms)
        tape = self.scene.tape
        versions = (
            source.version, 0 if tape is None else tape.version,
            *(each.version for each in self.scene.compared),
        )  # fmt: skip
        shown = (versions, price, freshness, self._until)
        if shown == self._shown:
            return
        self._shown, self._price, self._freshness = shown, price, freshness
        first = self._last_start is None
        self._follow(source)
        if first:
            self._say("")
            self._go_to_end(BARS_SHOWN * source.length)
        bars = source.bars
        revision = (bars.revision, len(source), bars.first_start, bars.complete, *versions[2:])
        if revision != self._revision:
            self._revision = revision
            self.redraw()
        elif self.scene.fit():
            self.redraw()
        else:
            self._update_live()

    def show_latest(self) -> None:
        """Go to the newest bars, as near or far as the person looks."""
        self._go_to_end(self.scene.times.span)

    def show_crosshair(self, time: float | None) -> None:
        """Mark the time that the pointer of another chart is at."""
        if time != self._linked:
            self._linked = time
            self.update()

    @property
    def following(self) -> bool:
        """Whether the newest bar is in view at the right edge."""
        if self._last_start is None or self.source is None:
            return True
        return self.scene.times.right >= self._last_start + self.source.length

    @property
    def frame(self) -> PriceFrame | None:
        """The price pane as marks see it."""
        return None if self.source is None else PriceFrame(self.scene, self.source)

    @property
    def auto_prices(self) -> bool:
        """Whether the price range follows the bars."""
        return self.scene.price_pane.scale.auto

    def set_auto_prices(self, auto: bool) -> None:
        """Let the price range follow the bars, or keep it as it is."""
        self.scene.price_pane.scale.auto = auto
        self._on_view()

    def picture(self, title: str) -> QPixmap:
        """The chart as it looks now, under a line that says what it is."""
        shot, scene = self.grab(), self.scene
        ratio = shot.devicePixelRatio()
        line = round(scene.metrics.height() + GAP)
        made = QPixmap(shot.width(), shot.height() + round(line * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(QColor(scene.theme.panel))
        painter = QPainter(made)
        painter.setFont(scene.font)
        painter.setPen(QColor(scene.theme.text))
        painter.drawText(QPointF(GAP, GAP_SMALL + scene.metrics.ascent()), title)
        painter.drawPixmap(0, line, shot)
        painter.end()
        return made

    def redraw(self) -> None:
        """Draw everything anew at the next painting."""
        self._background = None
        self.update()

    def _go_to_end(self, span: float) -> None:
        if self._last_start is not None and self.source is not None:
            times = self.scene.times
            self.scene.placed = True
            times.right = self._last_start + (1 + BARS_MARGIN) * self.source.length
            times.left = times.right - span
            self._on_view()

    def _follow(self, source: Source) -> None:
        """Move on with a new bar, if the person was looking at the newest."""
        last = source.last_start
        assert last is not None
        before, follow = self._last_start, self.following
        self._last_start = last
        if before is not None and last > before and follow:
            self.scene.times.left += last - before
            self.scene.times.right += last - before

    def _on_view(self) -> None:
        """The person sees other times now: ask for what is missing."""
        self.latest.setVisible(not self.following and self._last_start is not None)
        self._ask_for_older()
        self.scene.fit()
        self.redraw()

    def _ask_for_older(self) -> None:
        source = self.source
        if source is None or source.first_start is None or self._last_start is None:
            return
        near = self.scene.times.left < source.first_start + OLDER_WITHIN * source.length
        if near and not self._asked and not source.bars.complete:
            self._asked = self.scene.loading_older = True
            self.older_wanted.emit()

    def _countdown(self, source: Source, now_ms: int) -> str:
        """How long until the bar closes: 4:07, 3:12:45; nothing for bars of weeks."""
        last = source.last_start
        if not now_ms or last is None:
            return ""
        left = next_start(source.bars.interval, last) - now_ms
        if not 0 <= left <= UNTIL_MOST:
            return ""
        seconds = -(-left // 1000)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the background, then draw over it what is alive."""
        background = self._background
        if background is None:
            background = self._background = self._draw_background()
        painter = QPainter(self)
        painter.setFont(self.scene.font)
        painter.drawPixmap(0, 0, background)  # Qt clips what is drawn to the region
        self._paint_over(painter)
        painter.end()

    def _draw_background(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        self.scene.fit()
        painter = QPainter(pixmap)
        self.scene.paint_background(painter)
        painter.end()
        self._live = self._live_region()
        return pixmap

    def _paint_over(self, painter: QPainter) -> None:
        source = self.scene.drawn
        if source is None:
            return
        self.scene.paint_live(painter)
        self._paint_last(painter, source)
        self._paint_crosshair(painter)
        self._paint_read_outs(painter, source)

    def _paint_last(self, painter: QPainter, source: Source) -> None:
        """The last price: its line, and at the axis the price, its freshness, the countdown."""
        pane, price = self.scene.price_pane, self._last_price(source)
        y = round(pane.scale.y(price))
        if not pane.area.top() <= y <= pane.area.bottom():
            return
        colour = self._last_colour(source)
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(pane.area.left(), y), QPointF(pane.area.right(), y))
        self.scene.paint_tag(painter, pane, price, self.tag_lines, colour)

    @property
    def tag_lines(self) -> list[str]:
        """What stands at the price axis beside the last price."""
        source = self.source
        if source is None or not len(source):
            return []
        price = self._last_price(source)
        words = self.scene.price_text(self.scene.price_pane, price)
        if not self._freshness.trusted:
            return [words, str(self._freshness)]
        return [words, self._until] if self._until else [words]

    def _last_price(self, source: Source) -> float:
        return float(source.rows[CLOSE, -1]) if self._price is None else self._price

    def _last_colour(self, source: Source) -> QColor:
        theme = self.scene.theme
        if not self._freshness.trusted:
            return QColor(theme.dimmed)
        rising = source.rows[CLOSE, -1] >= source.rows[OPEN, -1]
        return QColor(theme.up if rising else theme.down)

    def _paint_crosshair(self, painter: QPainter) -> None:
        scene, theme = self.scene, self.scene.theme
        area = scene.area
        time = self._linked
        if self._pointer is not None:
            time = self._snapped_time(self._pointer.x())
        if time is None or not scene.times.left <= time <= scene.times.right:
            return
        painter.setPen(QPen(QColor(theme.crosshair), 1, Qt.PenStyle.DashLine))
        x = round(scene.times.x(time))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        self._paint_time_tag(painter, x, time)
        pane = None if self._pointer is None else self._pane_at(self._pointer)
        if pane is not None and self._pointer is not None:
            y = round(self._pointer.y())
            painter.setPen(QPen(QColor(theme.crosshair), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            price = pane.scale.price(y)
            words = scene.price_text(pane, price)
            scene.paint_tag(painter, pane, price, [words], QColor(theme.crosshair))

    def _paint_time_tag(self, painter: QPainter, x: float, middle: float) -> None:
        scene = self.scene
        assert self.source is not None
        start = round(middle - self.source.length / 2)
        words = scene.labels.full(start, seconds=self.source.length < MINUTE)
        width = scene.metrics.horizontalAdvance(words) + 2 * GAP
        left = min(max(0.0, x - width / 2), scene.area.right() - width)
        place = QRectF(left, scene.area.bottom() + 1, width, scene.axis_height - 1)
        painter.fillRect(place, QColor(scene.theme.crosshair))
        painter.setPen(QColor(scene.theme.panel))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_read_outs(self, painter: QPainter, source: Source) -> None:
        """In each pane's corner: the candle under the pointer, or the newest, and the values."""
        index = self._index_at_pointer(source)
        metrics = self.scene.metrics
        for pane in self.scene.panes:
            y = pane.area.top() + GAP_SMALL + metrics.ascent()
            if pane.is_price:
                painter.setPen(QColor(self.scene.theme.muted))
                room = pane.area.width() - 2 * GAP
                words = metrics.elidedText(self.describe(index), Qt.TextElideMode.ElideRight, room)
                painter.drawText(QPointF(pane.area.left() + GAP, y), words)
                y += metrics.height()
            x = pane.area.left() + GAP
            for words, colour in self.scene.read_outs(pane, index):
                width = metrics.horizontalAdvance(words)
                if x + width > pane.area.right() and x > pane.area.left() + GAP:
                    x, y = pane.area.left() + GAP, y + metrics.height()
                painter.setPen(colour)
                painter.drawText(QPointF(x, y), words)
                x += width + GAP

    def describe(self, index: int) -> str:
        """A bar in words: its prices, change and volume."""
        source = self.source
        assert source is not None
        row = source.rows[:, index]
        opened, high, low, close = (
            price_text(float(row[n]), self.scene.decimals) for n in (OPEN, HIGH, LOW, CLOSE)
        )
        change = change_text(float(row[CLOSE] / row[OPEN] - 1) if row[OPEN] else None)
        bars = source.bars
        name = f"{bars.instrument.pair} · {bars.interval}"
        volume = amount_text(float(row[VOLUME]))
        return f"{name}   O {opened}  H {high}  L {low}  C {close}  {change}   Vol {volume}"

    def _update_live(self) -> None:
        before, self._live = self._live, self._live_region()
        self.update(before.united(self._live))

    def _live_region(self) -> QRegion:
        """What a trade may change: the newest bar, the last price's line, and the read-outs."""
        scene, source = self.scene, self.scene.drawn
        if source is None:
            return QRegion()
        width, area = self.width(), scene.area
        left = int(min(max(0.0, scene.live_left()), area.right())) - 1
        region = QRegion(QRect(left, 0, round(area.right()) - left + 1, round(area.bottom())))
        y = round(min(max(0.0, scene.price_pane.scale.y(self._last_price(source))), self.height()))
        high = round(scene.metrics.height() * 2.5)
        band = QRect(0, y - 1, width, 3)
        tag = QRect(round(area.right()), y - high, round(scene.axis_width) + 1, 2 * high)
        region = region.united(band).united(tag)
        for pane in scene.panes:
            rows = 2 if pane.is_price and not scene.plots else 3
            top, height = round(pane.area.top()), round(scene.metrics.height() * rows)
            region = region.united(QRect(0, top, width, height))
        return region

    def _index_at_pointer(self, source: Source) -> int:
        newest = len(source) - 1
        time = self._linked if self._pointer is None else self.scene.times.time(self._pointer.x())
        if time is None:
            return newest
        index = int(np.searchsorted(source.starts, time, side="right")) - 1
        return max(0, min(index, newest))

    def _snapped_time(self, x: float) -> float:
        """The middle of the bar at a pixel."""
        source = self.source
        assert source is not None
        time = self.scene.times.time(x)
        index = int(np.searchsorted(source.starts, time, side="right")) - 1
        start = float(source.rows[START, max(0, index)])
        return start + (max(0.0, time - start) // source.length + 0.5) * source.length

    def _pane_at(self, place: QPointF) -> Pane | None:
        return next((pane for pane in self.scene.panes if pane.area.contains(place)), None)

    # ------------------------------------------------------------ what the person does

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a mark, the picture or an axis."""
        self.activated.emit()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() != Qt.MouseButton.LeftButton or self.source is None:
            return
        place = event.position()
        frame = self._frame_at(place)
        if frame is not None and self.marks.press(place, event.modifiers(), frame):
            self._marking = True
            return
        self._drag_from = place
        self._dragged = self._handle_at(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held; without that, the crosshair follows."""
        place = event.position()
        held = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if self.frame is not None:
            self.marks.move(place, event.modifiers(), self.frame, held=held and self._marking)
        if self._dragged is not None:
            self._drag(place - self._drag_from)
            self._drag_from = place
        inside = self.scene.area.contains(place) and self._last_start is not None
        self._pointer = place if inside else None
        self.crosshair_moved.emit(self.scene.times.time(place.x()) if inside else None)
        self.setCursor(self._cursor_at(place))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._marking:
            self.marks.release(event.position())
        self._dragged, self._marking = None, False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the price axis: follow the prices again; on the time axis: back to the newest bars."""
        part, pane = self._handle_at(event.position())
        if part == "prices" and pane is not None:
            pane.scale.auto = True
            self._on_view()
        elif part == "times" and self.source is not None:
            self._go_to_end(BARS_SHOWN * self.source.length)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer; sideways, or with Shift, move through time."""
        if self.source is None or self._last_start is None:
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
        key, width = event.key(), self.scene.area.width()
        if self.marks.key(event):
            return
        if self.source is None or self._last_start is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._pan(PAN_SHARE * width * (1 if key == Qt.Key.Key_Left else -1))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(1 / KEY_ZOOM, self.scene.area.right())
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Minus):
            self._zoom(KEY_ZOOM, self.scene.area.right())
        elif key == Qt.Key.Key_End:
            self.show_latest()
        elif key == Qt.Key.Key_Home and self.source.first_start is not None:
            self._pan(
                self.scene.times.x(self.scene.times.left)
                - self.scene.times.x(self.source.first_start)
            )
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A menu about the price under the pointer."""
        place = QPointF(event.pos())
        inside = self.scene.price_pane.area.contains(place) and self._last_start is not None
        price = self.scene.price_pane.scale.price(place.y()) if inside else None
        self.menu_wanted.emit(price, event.globalPos())

    def _frame_at(self, place: QPointF) -> PriceFrame | None:
        """The price pane, if a point lies in it."""
        inside = self.scene.drawn is not None and self.scene.price_pane.area.contains(place)
        return self.frame if inside else None

    def _paint_marks(self, painter: QPainter) -> None:
        frame = self.frame
        if frame is not None:
            decimals = self.scene.decimals
            self.marks.paint(
                painter, frame, self.scene.theme, lambda price: price_text(price, decimals)
            )

    def _handle_at(self, place: QPointF) -> tuple[str, Pane | None]:
        """What lies under a point: the picture, a pane's prices, or the times."""
        area = self.scene.area
        if place.y() > area.bottom():
            return "times", None
        level = QPointF(area.left() + 1, place.y())
        return ("prices" if place.x() > area.right() else "picture"), self._pane_at(level)

    def _cursor_at(self, place: QPointF) -> Qt.CursorShape:
        part, _ = self._handle_at(place)
        if part == "prices":
            return Qt.CursorShape.SizeVerCursor
        return Qt.CursorShape.SizeHorCursor if part == "times" else Qt.CursorShape.CrossCursor

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

    # ------------------------------------------------------------ Qt's events

    def leaveEvent(self, event: QEvent) -> None:
        """Without a pointer there is no crosshair, and the newest bar is read out."""
        self._pointer = None
        self.crosshair_moved.emit(None)
        self.update()
        super().leaveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer takes over from that of another chart."""
        self._linked = None
        super().enterEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new size out; the newest bars stay at the right edge."""
        super().resizeEvent(event)
        self.scene.layout(QRectF(self.rect()))
        self._place()
        self.redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Another font or another screen means another picture."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.DevicePixelRatioChange):
            self.scene.set_font(tabular(self.font()))
            self.redraw()
        super().changeEvent(event)

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Chart")
        self.scene.paint_marks = self._paint_marks
        self.marks.repaint_wanted.connect(self.redraw)
        self.latest.setText("→ latest")
        self.latest.clicked.connect(self.show_latest)
        self.latest.hide()
        self.retry.clicked.connect(self._try_again)
        self.notice.setTextFormat(Qt.TextFormat.PlainText)
        self.notice.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _try_again(self) -> None:
        self._say(LOADING)
        self.retry_wanted.emit()

    def _say(self, words: str, *, retry: bool = False) -> None:
        self.notice.setText(words)
        self.notice.setVisible(bool(words))
        self.retry.setVisible(retry)
        if words:
            self.latest.hide()
        self._place()

    def _place(self) -> None:
        self.notice.adjustSize()
        self.notice.move(
            (self.width() - self.notice.width()) // 2, self.height() // 2 - self.notice.height()
        )
        self.retry.adjustSize()
        self.retry.move((self.width() - self.retry.width()) // 2, self.height() // 2 + GAP)
        self.latest.adjustSize()
        right = round(self.scene.area.right()) - GAP
        bottom = round(self.scene.area.bottom()) - GAP
        self.latest.move(right - self.latest.width(), bottom - self.latest.height())
