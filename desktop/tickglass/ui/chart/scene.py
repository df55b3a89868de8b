"""What the chart looks like: panes, scales and the order in which things are drawn.

Two layers. The background has all that changes only with the view or a new bar: grid, labels, bars,
indicators. The newest bar moves with every trade and is drawn over it, alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from ...market.candles import CLOSE, HIGH, LOW, VOLUME, Floats
from ...market.indicators import DELTA, Indicator
from ...market.tape import Tape
from ..text import change_text, price_text, signed
from ..theme import GAP, GAP_SMALL, Theme
from .arrays import Brushwork
from .bars import BarPainter, Bars
from .look import Look, zone_of
from .pane import Pane, stack
from .plots import DeltaValues, IndicatorPlot, closed
from .scales import Range, TimeScale, bin_edges, binned, visible
from .source import BinCache, Source
from .times import TimeLabels

BODY = 0.7  # of the space that a bar has
TIME_LABEL_PIXELS = 84  # the least distance between two labels
AXIS_LEAST = 62.0  # px, of the price axis
END_TEXT = "The history begins here"
LOADING_OLDER = "Loading older candles…"


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal line with a word at the price axis: an alert."""

    price: float
    text: str


class Scene:
    """Draws one chart; ``times`` is what is in view. ``layout`` follows every change of size."""

    def __init__(self) -> None:
        self.times = TimeScale()
        self.look = Look()
        self.source: Source | None = None
        self.placed = False  # whether the times in view are those of the source
        self.decimals: int | None = None
        self.compared: list[Source] = []
        self.tape: Tape | None = None
        self.levels: Sequence[Level] = ()
        self.loading_older = False
        self.labels = TimeLabels(None)
        self.panes = [Pane(is_price=True)]
        self.area = QRectF()
        self.axis_width = AXIS_LEAST
        self.axis_height = 22.0
        self.paint_marks: Callable[[QPainter], None] | None = None
        self._brush = Brushwork()
        self._bars = BarPainter(self._brush)
        self._size = QRectF()
        self._most_volume = 0.0
        self._fitted: tuple[object, ...] = ()
        self._closed: list[Range | None] = []
        self._bins = BinCache()

    # ------------------------------------------------------------ what to draw

    @property
    def drawn(self) -> Source | None:
        """What there is to draw now."""
        return self.source if self.placed and self.source is not None and len(self.source) else None

    @property
    def price_pane(self) -> Pane:
        """The pane of the candles."""
        return self.panes[0]

    def set_font(self, font: QFont) -> None:
        """Write with this type."""
        self.font = font
        self.metrics = QFontMetricsF(font)
        self.axis_height = self.metrics.height() + GAP

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.theme = theme
        self._bars.set_theme(theme)
        for plot in self.plots:
            plot.set_theme(theme)

    @property
    def plots(self) -> list[IndicatorPlot]:
        """The indicators, in the order they were chosen."""
        return sorted((plot for pane in self.panes for plot in pane.plots), key=lambda p: p.number)

    def set_look(self, look: Look) -> None:
        """Show these indicators in this style; scales that the person stretched stay so."""
        held = {plot.indicator: plot for plot in self.plots}
        self.look = look
        price = self.price_pane
        price.scale.mode = look.scale
        price.plots, self.panes = [], [price]
        for number, indicator in enumerate(look.indicators):
            plot = held.pop(indicator, None) or self._plot(indicator, number)
            plot.number = number
            plot.set_theme(self.theme)
            if plot.kind.over_price:
                price.plots.append(plot)
            else:
                self.panes.append(Pane(is_price=False, plots=[plot]))
        self.labels = TimeLabels(zone_of(look.zone))
        self.layout(self._size)

    def set_source(self, source: Source | None) -> None:
        """Draw other bars, once ``placed``."""
        self.source, self.placed = source, False
        self.axis_width = AXIS_LEAST
        for pane in self.panes:
            pane.scale.auto = True
            pane.plots = [self._plot(plot.indicator, plot.number) for plot in pane.plots]
        self.set_theme(self.theme)

    def _plot(self, indicator: Indicator, number: int) -> IndicatorPlot:
        values = DeltaValues(lambda: self.tape) if indicator.kind == DELTA else None
        return IndicatorPlot(indicator, number, self._brush, values)

    def layout(self, size: QRectF) -> None:
        """Share the widget out: panes, the price axis at the right, the time axis below."""
        self._size = size
        self.area = QRectF(
            size.left(), size.top(),
            max(1.0, size.width() - self.axis_width), max(1.0, size.height() - self.axis_height),
        )  # fmt: skip
        self.times.x0, self.times.width = self.area.left(), self.area.width()
        stack(self.panes, self.area)

    # ------------------------------------------------------------ scales

    def fit(self) -> bool:
        """Let every pane show what is in view; whether any scale moved.

        Only the newest bar is looked at anew while nothing else has changed.
        """
        source = self.drawn
        if source is None:
            return False
        for plot in self.plots:
            plot.update(source)
        times = self.times
        key: tuple[object, ...] = (
            source.bars, source.bars.revision, len(source), self.look, self.area.width(),
            times.left, times.right, *(other.version for other in self.compared),
        )  # fmt: skip
        moved = False
        if key != self._fitted:
            self._fitted = key
            moved = self._take_base(source)
            self._closed = [self._closed_extent(pane, source) for pane in self.panes]
        for pane, past in zip(self.panes, self._closed, strict=True):
            extent = _joined([each for each in (past, self._live_extent(pane, source)) if each])
            moved |= pane.fit(extent, volume=self._most_volume > 0)
        return moved and (self._widen_axis() or True)

    def _take_base(self, source: Source) -> bool:
        """What counts as 0 % is the first close in view; whether anything is drawn by that."""
        part = self._part(source)
        if part.stop <= part.start:
            return False
        scale, base = self.price_pane.scale, float(source.rows[CLOSE, part.start])
        moved, scale.base = base != scale.base, base
        volumes = self._rows_or_bins(source, part)[VOLUME]
        self._most_volume = float(volumes.max()) if self.look.volume else 0.0
        return moved and (scale.mode == "percent" or bool(self.compared))

    def _closed_extent(self, pane: Pane, source: Source) -> Range | None:
        """The least and the greatest in view, but for the newest bar."""
        left, right = self.times.left, self.times.right
        if not pane.is_price:
            return _joined([
                extent
                for plot in pane.plots
                if (extent := plot.extent(source, left, right, self._most))
            ])  # fmt: skip
        part = self._part(source)
        part = slice(part.start, min(part.stop, len(source) - 1))
        found = []
        if part.stop > part.start:
            found.append(self._price_extent(self._rows_or_bins(source, part)))
        for other in self.compared:
            prices = self._compared_prices(other)[1]
            if len(prices):
                found.append(Range(float(prices.min()), float(prices.max())))
        return _joined(found)

    def _live_extent(self, pane: Pane, source: Source) -> Range | None:
        newest = len(source) - 1
        if float(source.starts[newest]) > self.times.right:
            return None
        if pane.is_price:
            self._most_volume = max(self._most_volume, self._volume(source, newest))
            return self._price_extent(self._shown(source)[:, newest:])
        values = [value for plot in pane.plots for _, value, _ in plot.at(newest)]
        return Range(min(values), max(values)) if values else None

    def _rows_or_bins(self, source: Source, part: slice) -> Floats:
        """The bars of a part, or the bins that it touches where they are drawn so."""
        rows, (size, edges) = self._shown(source), bin_edges(part, self._most)
        if size == 1:
            return rows[:, part]
        begin = int(edges[0]) // size
        return self._all_bins(source, rows, size)[:, begin : begin + len(edges)]

    def _volume(self, source: Source, index: int) -> float:
        return float(source.rows[VOLUME, index]) if self.look.volume else 0.0

    def _price_extent(self, rows: Floats) -> Range:
        closes = self.look.style in ("line", "area")
        low, high = rows[CLOSE if closes else LOW], rows[CLOSE if closes else HIGH]
        return Range(float(low.min()), float(high.max()))

    def _shown(self, source: Source) -> Floats:
        return source.shown(heikin_ashi=self.look.style == "heikin-ashi")

    def _widen_axis(self) -> bool:
        """The axis is as wide as its widest label has been, so that it does not move to and fro."""
        texts = [text for pane in self.panes for _, text in self._price_labels(pane)]
        texts += [self.price_text(self.price_pane, tick) for tick in self.price_pane.scale.shown]
        widest = max((self.metrics.horizontalAdvance(text) for text in texts), default=0.0)
        wanted = round(widest) + 2.0 * GAP
        if wanted <= self.axis_width:
            return False
        self.axis_width = wanted
        self.layout(self._size)
        return True

    @property
    def _most(self) -> int:
        return max(1, int(self.area.width()))

    def _part(self, source: Source) -> slice:
        return visible(source.starts, self.times.left, self.times.right)

    # ------------------------------------------------------------ words

    def price_text(self, pane: Pane, value: float) -> str:
        """A value as the axis of a pane writes it."""
        scale = pane.scale
        if not pane.is_price:
            return compact(value)
        if scale.mode == "percent" or self.compared:
            return f"{signed(scale.percent(value), 2)} %"
        return price_text(value, self.decimals)

    def _price_labels(self, pane: Pane) -> list[tuple[float, str]]:
        levels = [level for plot in pane.plots for level in plot.kind.levels]
        values = levels if levels and not pane.is_price else pane.scale.ticks()
        return [(value, self.price_text(pane, value)) for value in values]

    # ------------------------------------------------------------ the background

    def paint_background(self, painter: QPainter) -> None:
        """Everything but what moves with every trade."""
        painter.setFont(self.font)
        painter.fillRect(self._size, QColor(self.theme.panel))
        self._paint_times(painter)
        for pane in self.panes:
            self._paint_prices(painter, pane)
        source = self.drawn
        if source is None:
            return
        self._paint_panes(painter, source, live=False)
        painter.save()
        painter.setClipRect(self.price_pane.area)
        self._paint_end(painter, source)
        self._paint_levels(painter)
        if self.paint_marks is not None:
            self.paint_marks(painter)
        painter.restore()

    def paint_live(self, painter: QPainter) -> None:
        """The newest bar, and the ends of the lines that lead to it."""
        source = self.drawn
        if source is not None:
            self._paint_panes(painter, source, live=True)

    def _paint_panes(self, painter: QPainter, source: Source, *, live: bool) -> None:
        for pane in self.panes:
            painter.save()
            painter.setClipRect(pane.area)
            self._paint_pane(painter, pane, source, live=live)
            painter.restore()

    def _all_bins(self, source: Source, rows: Floats, size: int) -> Floats:
        """Every bar, so many in a bin; that of the newest bar is not up to date."""
        count = len(source)
        key = (source.bars, source.bars.revision, count, self.look.style == "heikin-ashi")
        return self._bins.get(key, size, lambda edges: binned(rows, edges, count), count)

    def live_left(self) -> float:
        """The pixel from which on everything may move with a trade."""
        source = self.drawn
        if source is None or len(source) < 2:
            return self.area.left()
        size, _ = bin_edges(self._part(source), self._most)
        return self.times.x(float(source.starts[-min(len(source), size + 2)]))

    def _paint_pane(self, painter: QPainter, pane: Pane, source: Source, *, live: bool) -> None:
        which = slice(max(0, len(source) - 2), None) if live else closed(source)
        left, right = self.times.left, self.times.right
        plots = [(plot, plot.lines(source, left, right, self._most, which)) for plot in pane.plots]
        for plot, lines in plots:
            plot.paint_areas(painter, lines, self.times, pane.scale)
        if pane.is_price:
            self._paint_bars(painter, pane, source, live=live)
        for plot, lines in plots:
            plot.paint(painter, lines, source, self.times, pane.scale)

    def _paint_bars(self, painter: QPainter, pane: Pane, source: Source, *, live: bool) -> None:
        bars = self._visible_bars(source, live=live)
        if bars is not None:
            bottom, room = pane.area.bottom(), pane.area.height()
            self._bars.volume(painter, bars, self._most_volume, bottom, room)
            style = "candles" if self.look.style == "heikin-ashi" else self.look.style
            self._bars.paint(painter, bars, pane.scale, style)
        if not live:
            for number, other in enumerate(self.compared):
                self._paint_compared(painter, pane, other, number)

    def _visible_bars(self, source: Source, *, live: bool) -> Bars | None:
        """The bars in view: the newest if it is alive (a path leads to it), else all the others."""
        part = self._part(source)
        size, edges = bin_edges(part, self._most)
        newest = part.stop == len(source)
        stop = int(part.stop)
        if live:
            joined = 2 if self.look.style in ("line", "area") else 1
            edges = edges[-joined:] if newest else edges[:0]
        elif newest and len(edges):
            stop, edges = int(edges[-1]), edges[:-1]
        if not len(edges):
            return None
        rows = self._shown(source)
        first = int(edges[0])
        if size == 1:
            drawn = rows[:, first:stop]
        elif live:
            drawn = binned(rows, edges, stop)
        else:
            begin = first // size
            drawn = self._all_bins(source, rows, size)[:, begin : begin + len(edges)]
        pixels = self.times.width / self.times.span * source.length * size
        xs = np.round(self.times.xs(drawn[0] + source.length * size / 2))
        width = float(max(1, round(pixels * BODY) | 1))
        return Bars(drawn, xs, width, float(rows[CLOSE, first - 1]) if first else None)

    def _compared_prices(self, other: Source) -> tuple[Floats, Floats]:
        """Times and prices of another instrument, moved to where ours were at the left edge."""
        part = visible(other.starts, self.times.left, self.times.right)
        closes = other.rows[CLOSE, part]
        if not len(closes) or not closes[0]:
            return np.empty(0), np.empty(0)
        times = other.starts[part] + other.length / 2
        return times, closes * (self.price_pane.scale.base / float(closes[0]))

    def _paint_compared(self, painter: QPainter, pane: Pane, other: Source, number: int) -> None:
        times, prices = self._compared_prices(other)
        if len(times) > 1:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            painter.setPen(QPen(self.compared_colour(number), 1))
            self._brush.path(painter, self.times.xs(times), pane.scale.ys(prices))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def compared_colour(self, number: int) -> QColor:
        """The colour of a compared instrument: from the end of the palette."""
        return QColor(self.theme.lines[-1 - number % len(self.theme.lines)])

    def _paint_times(self, painter: QPainter) -> None:
        area, bottom = self.area, self._size.bottom()
        grid, muted, text = (
            QColor(self.theme.grid), QColor(self.theme.muted), QColor(self.theme.text),
        )  # fmt: skip
        painter.setPen(QPen(grid, 1))
        ticks = self.labels.ticks(
            self.times.left, self.times.right, area.width(), TIME_LABEL_PIXELS
        )
        for tick in ticks:
            x = round(self.times.x(tick.time_ms))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setPen(QPen(QColor(self.theme.border), 1))
        painter.drawLine(QPointF(0, area.bottom()), QPointF(self._size.right(), area.bottom()))
        for tick in ticks if self.drawn is not None else ():
            width = self.metrics.horizontalAdvance(tick.text)
            left = self.times.x(tick.time_ms) - width / 2
            if left < 0 or left + width > self._size.right():
                continue
            painter.setPen(text if tick.strong else muted)
            place = QRectF(left, area.bottom(), width + 1, bottom - area.bottom())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, tick.text)

    def _paint_prices(self, painter: QPainter, pane: Pane) -> None:
        area = pane.area
        right = self.area.right()
        painter.setPen(QPen(QColor(self.theme.border), 1))
        painter.drawLine(QPointF(right, area.top()), QPointF(right, area.bottom()))
        if not pane.is_price:
            painter.drawLine(QPointF(0, area.top()), QPointF(self._size.right(), area.top()))
        if self.drawn is None:
            return
        half = self.metrics.height() / 2
        levels = [level for plot in pane.plots for level in plot.kind.levels]
        labels = self._price_labels(pane)
        for value, _ in labels:
            y = round(pane.scale.y(value))
            painter.setPen(QPen(QColor(self.theme.grid), 1))
            painter.drawLine(QPointF(0, y), QPointF(right, y))
        for value in levels if not pane.is_price else ():
            y = round(pane.scale.y(value))
            painter.setPen(QPen(QColor(self.theme.muted), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(0, y), QPointF(right, y))
        painter.setPen(QColor(self.theme.muted))
        for value, text in labels:
            middle = pane.scale.y(value)
            if area.top() + half <= middle <= area.bottom() - half:
                place = QRectF(right + GAP, middle - half, self.axis_width - GAP, 2 * half)
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_end(self, painter: QPainter, source: Source) -> None:
        """Where the history begins, or that more of it is on its way."""
        first = source.first_start
        words = END_TEXT if source.bars.complete else LOADING_OLDER if self.loading_older else ""
        if not words or first is None or self.times.left > first:
            return
        x = self.times.x(first)
        area = self.price_pane.area
        painter.setPen(QPen(QColor(self.theme.muted), 1, Qt.PenStyle.DashLine))
        if source.bars.complete:
            painter.drawLine(QPointF(round(x), area.top()), QPointF(round(x), area.bottom()))
        width = self.metrics.horizontalAdvance(words)
        left, top = x - width - GAP, area.center().y()
        if left < area.left() + GAP:  # no room before the first bar: below all of them
            left, top = area.left() + GAP, area.bottom() - self.metrics.height() - GAP_SMALL
        place = QRectF(left, top, width + 1, self.metrics.height())
        painter.fillRect(place, QColor(self.theme.panel))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_levels(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self.theme.accent), 1, Qt.PenStyle.DashLine))
        area = self.price_pane.area
        for level in self.levels:
            y = round(self.price_pane.scale.y(level.price))
            if area.top() <= y <= area.bottom():
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
                width = self.metrics.horizontalAdvance(level.text)
                place = QPointF(area.right() - width - GAP, y - GAP_SMALL)
                painter.drawText(place, level.text)

    # ------------------------------------------------------------ over everything

    def paint_tag(
        self, painter: QPainter, pane: Pane, price: float, lines: Sequence[str], colour: QColor
    ) -> QRectF:
        """Words on the price axis where a price lies; the place they take."""
        height = self.metrics.height() * len(lines) + 2
        y = pane.scale.y(price)
        top = y - self.metrics.height() / 2 - 1
        top = min(max(top, pane.area.top()), pane.area.bottom() - height)
        place = QRectF(self.area.right() + 1, round(top), self.axis_width - 1, height)
        painter.fillRect(place, colour)
        painter.setPen(QColor(self.theme.panel))
        inside = place.adjusted(GAP - 1, 1, 0, -1)
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, "\n".join(lines))
        return place

    def read_outs(self, pane: Pane, index: int) -> list[tuple[str, QColor]]:
        """The values of a pane's indicators at a bar, each in its colour."""
        found = []
        for plot in pane.plots:
            found.append((plot.indicator.label, QColor(self.theme.muted)))
            found += [
                (self._value_text(pane, value), colour) for _, value, colour in plot.at(index)
            ]
        if pane.is_price:
            for number, other in enumerate(self.compared):
                prices = self._compared_prices(other)[1]
                if len(prices):
                    share = float(prices[-1]) / pane.scale.base - 1
                    words = f"{other.bars.instrument} {change_text(share)}"
                    found.append((words, self.compared_colour(number)))
        return found

    def _value_text(self, pane: Pane, value: float) -> str:
        return price_text(value, self.decimals) if pane.is_price else compact(value)


def compact(value: float) -> str:
    """A value of an indicator in few figures, with its sign only if it is negative."""
    size = abs(value)
    for unit, letter in ((1e9, "B"), (1e6, "M"), (1e4, "K")):
        if size >= unit:
            return price_text(value / (1e3 if letter == "K" else unit), 2) + letter
    return price_text(value, 2 if size >= 1 or size == 0 else None)


def _joined(extents: Sequence[Range]) -> Range | None:
    if not extents:
        return None
    return Range(min(each.low for each in extents), max(each.high for each in extents))
