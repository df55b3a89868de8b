"""The axes and what lies along them: grid, times, prices, levels, the beginning of history."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ...language import mark, tr
from ..theme import GAP, GAP_SMALL
from .pane import Pane
from .scene import Scene, pane_levels
from .source import Source
from .times import Tick

RHOMB = 5  # px from its middle to a corner
TIME_LABEL_PIXELS = 84  # the least distance between two labels, however narrow they are
END_TEXT = mark("The history begins here")
LOADING_OLDER = mark("Loading older candles…")


def paint_times(painter: QPainter, scene: Scene) -> None:
    """The grid of times and their labels below."""
    area, theme = scene.area, scene.theme
    painter.setPen(QPen(QColor(theme.grid), 1))
    ticks = scene.labels.ticks(scene.times.left, scene.times.right, area.width(), TIME_LABEL_PIXELS)
    for tick in ticks:
        x = round(scene.times.x(tick.time_ms))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.drawLine(QPointF(0, area.bottom()), QPointF(scene.size.right(), area.bottom()))
    scene.time_places = []
    if scene.drawn is None:
        return
    room = scene.size.bottom() - area.bottom()
    labels = apart(scene, ticks)
    scene.time_places = [(left, left + width) for _, left, width in labels]
    for tick, left, width in labels:
        painter.setPen(QColor(theme.text if tick.strong else theme.muted))
        place = QRectF(left, area.bottom(), width + 1, room)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, tick.text)


def apart(scene: Scene, ticks: Sequence[Tick]) -> list[tuple[Tick, float, float]]:
    """Labels with left edge and width, px, none over another; one that says the day comes first."""
    kept: list[tuple[Tick, float, float]] = []
    end = scene.size.right()
    for tick in ticks:
        width = scene.metrics.horizontalAdvance(tick.text)
        left = scene.times.x(tick.time_ms) - width / 2
        if tick.strong:
            left = max(0.0, min(left, end - width))
        if left < 0 or left + width > end:
            continue
        if kept and left < kept[-1][1] + kept[-1][2] + GAP_SMALL:
            if not tick.strong or kept[-1][0].strong:
                continue
            kept.pop()
        kept.append((tick, left, width))
    return kept


def paint_prices(painter: QPainter, scene: Scene, pane: Pane) -> None:
    """A pane's grid of prices and their labels at the right."""
    area, theme, right = pane.area, scene.theme, scene.area.right()
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.drawLine(QPointF(right, area.top()), QPointF(right, area.bottom()))
    if not pane.is_price:
        painter.drawLine(QPointF(0, area.top()), QPointF(scene.size.right(), area.top()))
    pane.labels = []
    if scene.drawn is None:
        return
    labels = scene.price_labels(pane)
    _across(painter, pane, [value for value, _ in labels], right, QPen(QColor(theme.grid), 1))
    dotted = QPen(QColor(theme.muted), 1, Qt.PenStyle.DotLine)
    _across(painter, pane, pane_levels(pane), right, dotted)
    half = scene.metrics.height() / 2
    painter.setPen(QColor(theme.muted))
    for value, text in labels:
        middle = pane.scale.y(value)
        if area.top() + half <= middle <= area.bottom() - half:
            place = QRectF(right + GAP, middle - half, scene.axis_width - GAP, 2 * half)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            pane.labels.append(middle)


def _across(
    painter: QPainter, pane: Pane, values: Sequence[float], right: float, pen: QPen
) -> None:
    painter.setPen(pen)
    for value in values:
        y = round(pane.scale.y(value))
        painter.drawLine(QPointF(0, y), QPointF(right, y))


def paint_end(painter: QPainter, scene: Scene, source: Source) -> None:
    """Where the history begins, or that more of it is on its way."""
    first, complete = source.first_start, source.bars.complete
    words = END_TEXT if complete else LOADING_OLDER if scene.loading_older else ""
    if not words or first is None or scene.times.left > first:
        return
    words = tr(words)
    x, area = scene.times.x(first), scene.price_pane.area
    painter.setPen(QPen(QColor(scene.theme.muted), 1, Qt.PenStyle.DashLine))
    if complete:
        painter.drawLine(QPointF(round(x), area.top()), QPointF(round(x), area.bottom()))
    width, height = scene.metrics.horizontalAdvance(words), scene.metrics.height()
    left, top = x - width - GAP, area.center().y()
    if left < area.left() + GAP:  # no room before the first bar: below all of them
        left, top = area.left() + GAP, area.bottom() - height - GAP_SMALL
    place = QRectF(left, top, width + 1, height)
    painter.fillRect(place, QColor(scene.theme.panel))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


def paint_levels(painter: QPainter, scene: Scene) -> None:
    """The levels of alerts, each with its word at the right."""
    painter.setPen(QPen(QColor(scene.theme.accent), 1, Qt.PenStyle.DashLine))
    area = scene.price_pane.area
    for level in scene.levels:
        y = round(scene.price_pane.scale.y(level.price))
        if area.top() <= y <= area.bottom():
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            width = scene.metrics.horizontalAdvance(level.text)
            place = QPointF(area.right() - width - GAP, y - GAP_SMALL)
            painter.drawText(place, level.text)


def paint_moments(painter: QPainter, scene: Scene, source: Source) -> None:
    """Where an alert would have fired: a small rhomb at each time and price in view."""
    area = scene.price_pane.area
    painter.setPen(QPen(QColor(scene.theme.panel), 1))
    painter.setBrush(QColor(scene.theme.warning))
    for time, price in scene.moments:
        start = time // source.length * source.length  # near enough to a bar's start for a mark
        x = round(scene.times.x(start + source.length / 2))
        if area.left() <= x <= area.right():
            y = round(scene.price_pane.scale.y(price))
            corners = ((x, y - RHOMB), (x + RHOMB, y), (x, y + RHOMB), (x - RHOMB, y))
            painter.drawPolygon([QPointF(*each) for each in corners])
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_tag(
    painter: QPainter, scene: Scene, pane: Pane, y: float, lines: Sequence[str], colour: QColor
) -> None:
    """Words on the price axis at a height of a pane; labels that it would cut are wiped out."""
    line, room = scene.metrics.height(), scene.axis_width - 1
    height = line * len(lines) + 2
    top = min(max(y - line / 2 - 1, pane.area.top()), pane.area.bottom() - height)
    place = QRectF(scene.area.right() + 1, round(top), room, height)
    for middle in pane.labels:
        if place.top() - line / 2 < middle < place.bottom() + line / 2:
            left = scene.area.right() + GAP
            label = QRectF(left, middle - line / 2, scene.size.right() - left, line)
            painter.fillRect(label, QColor(scene.theme.panel))
    painter.fillRect(place, colour)
    painter.setPen(QColor(scene.theme.panel))
    inside = place.adjusted(GAP - 1, 1, 0, -1)
    fitting = [cut(scene, each, inside.width()) for each in lines]
    painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, "\n".join(fitting))


def paint_time_tag(painter: QPainter, scene: Scene, x: float, words: str) -> None:
    """Words on the time axis below a place; labels that they would cut are wiped out."""
    width = scene.metrics.horizontalAdvance(words) + 2 * GAP
    left = min(max(0.0, x - width / 2), scene.area.right() - width)
    place = QRectF(left, scene.area.bottom() + 1, width, scene.axis_height - 1)
    for begin, end in scene.time_places:
        if begin < place.right() and end > place.left():
            label = QRectF(begin, place.top(), end - begin + 1, place.height())
            painter.fillRect(label, QColor(scene.theme.panel))
    painter.fillRect(place, QColor(scene.theme.crosshair))
    painter.setPen(QColor(scene.theme.panel))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


def cut(scene: Scene, words: str, room: float) -> str:
    """Words as they fit into so many pixels."""
    if scene.metrics.horizontalAdvance(words) <= room:
        return words
    return scene.metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
