"""What is drawn over the bars: the last price, the crosshair, and what they are in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QRegion

from ...language import mark, tr
from ...market.candles import CLOSE, HIGH, LOW, OPEN, START, VOLUME
from ...market.freshness import Freshness
from ...market.interval import next_start
from ..freshness_marks import word
from ..text import amount_text, change_text, price_text
from ..theme import GAP, GAP_SMALL
from .alert_lines import AlertLines
from .axes import cut, paint_tag, paint_time_tag
from .pane import Pane
from .scene import Scene
from .source import Source

MINUTE, DAY = 60_000, 86_400_000
UNTIL_MOST = 3 * DAY  # ms; the end of a longer bar is not counted down to
TAG_LINES = 3.5  # heights of a line up and down, within which a tag may change anything
HALTED = mark("halted")


@dataclass(slots=True)
class Words:
    """Words of a read-out, where they stand, and how far they reach, px."""

    place: QPointF
    text: str
    colour: QColor
    width: float


class Overlay:
    """Knows the last price and the pointer, and draws them over a scene.

    ``linked`` is a time that another chart's pointer is at. ``touch`` must follow every change of
    what the read-outs say.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.pointer: QPointF | None = None
        self.linked: float | None = None
        self.halted = False
        self.price: float | None = None
        self.freshness = Freshness.NEVER
        self.until: str | None = None
        self.lines = AlertLines(scene)
        self._words: list[Words] | None = None

    def show_last(self, price: float | None, freshness: Freshness, until: str | None) -> None:
        """Take the last price, how far it can be trusted, and how long the newest bar still has."""
        self.price, self.freshness, self.until = price, freshness, until
        self.touch()

    def touch(self) -> None:
        """What the read-outs say has changed."""
        self._words = None

    # ------------------------------------------------------------ words

    @property
    def tag_lines(self) -> list[str]:
        """What stands at the price axis beside the last price.

        A state that is not the usual one takes the place of the countdown. Where nobody trades,
        that is said once the newest bar is over.
        """
        source = self.scene.source
        if source is None or not len(source):
            return []
        words = self.scene.price_text(self.scene.price_pane, self._last_price(source))
        if not self.freshness.trusted:
            return [words, word(self.freshness)]
        if self.halted:
            return [words, tr(HALTED)]
        if self.freshness is Freshness.QUIET and self.until == "":
            return [words, word(self.freshness)]
        return [words, self.until] if self.until else [words]

    def describe(self, index: int) -> str:
        """A bar in words: its prices, change and volume."""
        source = self.scene.source
        assert source is not None
        row = source.rows[:, index]
        opened, high, low, close = (
            price_text(float(row[n]), self.scene.decimals) for n in (OPEN, HIGH, LOW, CLOSE)
        )
        change = change_text(float(row[CLOSE] / row[OPEN] - 1) if row[OPEN] else None)
        return tr(
            "{name}   O {open}  H {high}  L {low}  C {close}  {change}   Vol {volume}",
            name=_name(source), open=opened, high=high, low=low, close=close, change=change,
            volume=amount_text(float(row[VOLUME])),
        )  # fmt: skip

    def index_at_pointer(self, source: Source) -> int:
        """The bar under the pointer, here or in a linked chart; else the newest."""
        newest = len(source) - 1
        time = self._pointed_time()
        if time is None:
            return newest
        index = int(np.searchsorted(source.starts, time, side="right")) - 1
        return max(0, min(index, newest))

    def snapped_time(self, x: float) -> float:
        """The middle of the bar at a pixel, also where the exchange had none to send."""
        source = self.scene.source
        assert source is not None
        time = self.scene.times.time(x)
        index = int(np.searchsorted(source.starts, time, side="right")) - 1
        start = float(source.rows[START, max(0, index)])
        return start + (max(0.0, time - start) // source.length + 0.5) * source.length

    def _pointed_time(self) -> float | None:
        return self.linked if self.pointer is None else self.scene.times.time(self.pointer.x())

    def _summary(self, source: Source, index: int) -> str:
        """The bar in words, or that the pointer is at a time in which nobody traded."""
        time = self._pointed_time()
        if time is None or index >= len(source) - 1:
            return self.describe(index)
        start = int(source.starts[index])
        if start <= time < next_start(source.bars.interval, start):
            return self.describe(index)
        return tr("{name}   No trades at this time", name=_name(source))

    def _read_outs(self, source: Source) -> list[Words]:
        """In each pane's corner: the candle under the pointer, or the newest, and the values."""
        if self._words is None:
            index = self.index_at_pointer(source)
            self._words = [
                each for pane in self.scene.panes for each in self._of_pane(pane, source, index)
            ]
        return self._words

    def _of_pane(self, pane: Pane, source: Source, index: int) -> list[Words]:
        scene, metrics = self.scene, self.scene.metrics
        left, found = pane.area.left() + GAP, []
        x, y = left, pane.area.top() + GAP_SMALL + metrics.ascent()
        if pane.is_price:
            words = cut(scene, self._summary(source, index), pane.area.width() - 2 * GAP)
            width = metrics.horizontalAdvance(words)
            found.append(Words(QPointF(x, y), words, QColor(scene.theme.muted), width))
            y += metrics.height()
        for words, colour in scene.read_outs(pane, index):
            width = metrics.horizontalAdvance(words)
            if x + width > pane.area.right() and x > left:
                x, y = left, y + metrics.height()
            found.append(Words(QPointF(x, y), words, colour, width))
            x += width + GAP
        return found

    # ------------------------------------------------------------ painting

    def paint(self, painter: QPainter, source: Source) -> None:
        """Draw all of it."""
        self._paint_last(painter, source)
        self.lines.paint(painter)
        self._paint_crosshair(painter, source)
        for each in self._read_outs(source):
            painter.setPen(each.colour)
            painter.drawText(each.place, each.text)

    def region(self, source: Source) -> QRegion:
        """What a trade may change: the newest bar, the last price's line, and the read-outs."""
        scene = self.scene
        area, width = scene.area, round(scene.size.width())
        region = QRegion()
        for shift in scene.shifts:
            begin, end = scene.in_view.live_edges(source, shift)
            left = int(min(max(area.left(), begin), area.right())) - 1
            right = int(min(max(area.left(), end), area.right())) + 1
            region = region.united(QRect(left, 0, right - left + 1, round(area.bottom())))
        y = scene.price_pane.scale.y(self._last_price(source))
        y = round(min(max(0.0, y), scene.size.height()))
        high = round(scene.metrics.height() * TAG_LINES)
        tag = QRect(round(area.right()), y - high, round(scene.axis_width) + 1, 2 * high)
        region = region.united(QRect(0, y - 1, width, 3)).united(tag)
        for row in self._rows(source):
            region = region.united(row)
        return region

    def _rows(self, source: Source) -> list[QRect]:
        """The places of the read-outs, a row as a whole."""
        up, high = self.scene.metrics.ascent() + 1, round(self.scene.metrics.height()) + 3
        ends: dict[float, float] = {}
        for each in self._read_outs(source):
            ends[each.place.y()] = each.place.x() + each.width
        left = int(self.scene.area.left() + GAP) - 1
        return [QRect(left, int(y - up), round(end) - left + 2, high) for y, end in ends.items()]

    def _last_price(self, source: Source) -> float:
        return float(source.rows[CLOSE, -1]) if self.price is None else self.price

    def _last_colour(self, source: Source) -> QColor:
        theme = self.scene.theme
        if not self.freshness.trusted or self.halted:
            return QColor(theme.dimmed)
        rising = source.rows[CLOSE, -1] >= source.rows[OPEN, -1]
        return QColor(theme.up if rising else theme.down)

    def _paint_last(self, painter: QPainter, source: Source) -> None:
        """The last price: its line, and at the axis the price, its freshness, the countdown."""
        pane, price = self.scene.price_pane, self._last_price(source)
        y = round(pane.scale.y(price))
        if not pane.area.top() <= y <= pane.area.bottom():
            return
        colour = self._last_colour(source)
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(pane.area.left(), y), QPointF(pane.area.right(), y))
        paint_tag(painter, self.scene, pane, y, self.tag_lines, colour)

    def _paint_crosshair(self, painter: QPainter, source: Source) -> None:
        scene, pointer = self.scene, self.pointer
        area, colour = scene.area, QColor(scene.theme.crosshair)
        time = self.linked if pointer is None else self.snapped_time(pointer.x())
        if time is None or not scene.times.left <= time <= scene.times.right:
            return
        pen = QPen(colour, 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        x = round(scene.times.x(time))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        start = round(time - source.length / 2)
        words = scene.labels.full(start, seconds=source.length < MINUTE)
        paint_time_tag(painter, scene, x, words)
        pane = None if pointer is None else pane_at(scene, pointer)
        if pane is not None and pointer is not None:
            y = round(pointer.y())
            painter.setPen(pen)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            words = scene.price_text(pane, pane.scale.price(y))
            paint_tag(painter, scene, pane, y, [words], colour)


def countdown(source: Source, now_ms: int) -> str | None:
    """How long until the bar closes: 4:07, 3:12:45; "" if it is over.

    None for bars of weeks, and where the time is not known.
    """
    last = source.last_start
    if not now_ms or last is None:
        return None
    left = next_start(source.bars.interval, last) - now_ms
    if left > UNTIL_MOST:
        return None
    if left < 0:
        return ""
    minutes, seconds = divmod(-(-left // 1_000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def pane_at(scene: Scene, place: QPointF) -> Pane | None:
    """The pane that a point lies in."""
    return next((pane for pane in scene.panes if pane.area.contains(place)), None)


def _name(source: Source) -> str:
    return f"{source.bars.instrument.pair} · {source.bars.interval}"
