"""What the chart shows: panes, their scales, and the words of their axes. It draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from ...language import tr
from ...market.candles import CLOSE, HIGH, LOW, VOLUME, Floats
from ...market.indicators import DELTA, Indicator
from ...market.tape import Tape
from ..formats import chosen
from ..text import change_text, price_text, signed
from ..theme import GAP, Theme
from .arrays import Brushwork
from .in_view import JOINED, InView, shape
from .look import Look, zone_of
from .pane import Pane, stack
from .plots import DeltaValues, IndicatorPlot
from .scales import Range, TimeScale
from .source import Bars, Source
from .times import TimeLabels

AXIS_LEAST = 62.0  # px, of the price axis
SHORTENED_FROM = 1e4


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal line with a word at the price axis: an alert, by its id."""

    price: float
    text: str
    id: str = ""


class Scene:
    """One chart; ``times`` is what is in view. ``layout`` follows every change of size."""

    def __init__(self) -> None:
        self.times = TimeScale()
        self.in_view = InView(self.times)
        self.look = Look()
        self.source: Source | None = None
        self.placed = False  # whether the times in view are those of the source
        self.decimals: int | None = None
        self.compared: list[Source] = []
        self.tape: Tape | None = None
        self.levels: Sequence[Level] = ()
        self.moments: Sequence[tuple[int, float]] = ()  # where an alert would have fired
        self.loading_older = False
        self.labels = TimeLabels(None)
        self.panes = [Pane(is_price=True)]
        self.area = QRectF()
        self.size = QRectF()
        self.axis_width = AXIS_LEAST
        self.axis_height = 22.0
        self.time_places: list[tuple[float, float]] = []  # where labels begin and end, px
        self.most_volume = 0.0
        self.brush = Brushwork()
        self._usual_zone: tzinfo | None = None
        self._fitted: tuple[object, ...] = ()
        self._closed: list[Range | None] = []

    # ------------------------------------------------------------ what to show

    @property
    def drawn(self) -> Source | None:
        """What there is to draw now."""
        return self.source if self.placed and self.source is not None and len(self.source) else None

    @property
    def price_pane(self) -> Pane:
        """The pane of the candles."""
        return self.panes[0]

    @property
    def plots(self) -> list[IndicatorPlot]:
        """The indicators, in the order they were chosen."""
        return sorted((plot for pane in self.panes for plot in pane.plots), key=lambda p: p.number)

    @property
    def shifts(self) -> set[int]:
        """How many bars ahead of theirs the bars and the values of indicators are drawn."""
        outputs = (output for plot in self.plots for output in plot.kind.outputs)
        return {0, *(output.shift for output in outputs)}

    def set_font(self, font: QFont) -> None:
        """Write with this type."""
        self.font = font
        self.metrics = QFontMetricsF(font)
        self.axis_height = self.metrics.height() + GAP

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.theme = theme
        for plot in self.plots:
            plot.set_theme(theme)

    def set_look(self, look: Look) -> None:
        """Show these indicators in this style; scales that the person stretched stay so."""
        held = {plot.indicator: (pane, plot) for pane in self.panes for plot in pane.plots}
        self.look = look
        price = self.price_pane
        price.scale.mode = look.scale
        price.plots, self.panes = [], [price]
        for number, indicator in enumerate(look.indicators):
            pane, plot = held.pop(indicator, (None, None))
            plot = plot or self._plot(indicator, number)
            plot.number = number
            plot.set_theme(self.theme)
            if plot.kind.over_price:
                price.plots.append(plot)
            else:
                self.panes.append(pane or Pane(is_price=False, plots=[plot]))
        self._say_times()
        self._fitted = ()
        self.layout(self.size)

    def set_usual_zone(self, zone: tzinfo | None) -> None:
        """The zone of a look that names none; None is that of this machine."""
        self._usual_zone = zone
        self._say_times()

    def _say_times(self) -> None:
        self.labels = TimeLabels(zone_of(self.look.zone) if self.look.zone else self._usual_zone)

    def set_source(self, source: Source | None) -> None:
        """Draw other bars, once ``placed``."""
        self.source, self.placed = source, False
        self.axis_width = AXIS_LEAST
        for pane in self.panes:
            pane.scale.auto = True
            pane.plots = [self._plot(plot.indicator, plot.number) for plot in pane.plots]
        self.set_theme(self.theme)
        self._fitted = ()
        self.layout(self.size)

    def replace_bars(self, bars: Bars) -> None:
        """Draw the same bars, seen as they were, though another object may hold them."""
        if self.source is None or self.source.bars is not bars:
            self.source = Source(bars)

    def _plot(self, indicator: Indicator, number: int) -> IndicatorPlot:
        values = DeltaValues(lambda: self.tape) if indicator.kind == DELTA else None
        return IndicatorPlot(indicator, number, self.brush, values)

    def layout(self, size: QRectF) -> None:
        """Share the widget out: panes, the price axis at the right, the time axis below."""
        self.size = size
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
        for pane in self.panes:
            for plot in pane.plots:
                plot.update(source)
        times = self.times
        key: tuple[object, ...] = (
            source.bars, source.bars.revision, len(source), self.look, self.area.width(),
            times.left, times.right, *(other.version for other in self.compared),
        )  # fmt: skip
        moved, fresh = False, key != self._fitted
        if fresh:
            self._fitted = key
            moved = self._take_base(source)
            self._closed = [self._closed_extent(pane, source) for pane in self.panes]
        for pane, past in zip(self.panes, self._closed, strict=True):
            extent = _joined([each for each in (past, self._live_extent(pane, source)) if each])
            moved |= pane.fit(extent, volume=self.most_volume > 0)
        widened = (moved or fresh) and self._widen_axis()
        return moved or widened

    def _take_base(self, source: Source) -> bool:
        """What counts as 0 % is the first close in view; whether anything is drawn by that."""
        part = self.in_view.part(source)
        if part.stop <= part.start:
            return False
        scale, base = self.price_pane.scale, float(source.rows[CLOSE, part.start])
        moved, scale.base = base != scale.base, base
        volumes = self.in_view.rows_or_bins(source, self.look.style, part)[VOLUME]
        self.most_volume = float(volumes.max()) if self.look.volume else 0.0
        return moved and (scale.mode == "percent" or bool(self.compared))

    def _closed_extent(self, pane: Pane, source: Source) -> Range | None:
        """The least and the greatest in view, but for the newest bar."""
        left, right, most = self.times.left, self.times.right, self.in_view.most
        if not pane.is_price:
            extents = [plot.extent(source, left, right, most) for plot in pane.plots]
            return _joined([each for each in extents if each])
        part = self.in_view.part(source)
        part = slice(part.start, min(part.stop, len(source) - 1))
        found = []
        if part.stop > part.start:
            rows = self.in_view.rows_or_bins(source, self.look.style, part)
            found.append(self._price_extent(rows))
        for other in self.compared:
            prices = self.compared_prices(other)[1]
            if len(prices):
                found.append(Range(float(prices.min()), float(prices.max())))
        return _joined(found)

    def _live_extent(self, pane: Pane, source: Source) -> Range | None:
        newest = len(source) - 1
        if float(source.starts[newest]) > self.times.right:
            return None
        if pane.is_price:
            volume = float(source.rows[VOLUME, newest]) if self.look.volume else 0.0
            self.most_volume = max(self.most_volume, volume)
            return self._price_extent(shape(source, self.look.style)[:, newest:])
        values = [value for plot in pane.plots for _, value, _ in plot.at(newest)]
        return Range(min(values), max(values)) if values else None

    def _price_extent(self, rows: Floats) -> Range:
        closes = self.look.style in JOINED
        low, high = rows[CLOSE if closes else LOW], rows[CLOSE if closes else HIGH]
        return Range(float(low.min()), float(high.max()))

    def _widen_axis(self) -> bool:
        """The axis is as wide as its widest label has been, so that it does not move to and fro."""
        texts = [text for pane in self.panes for _, text in self.price_labels(pane)]
        texts += [self.price_text(self.price_pane, tick) for tick in self.price_pane.scale.shown]
        widest = max((self.metrics.horizontalAdvance(text) for text in texts), default=0.0)
        wanted = round(widest) + 2.0 * GAP
        if wanted <= self.axis_width:
            return False
        self.axis_width = wanted
        self.layout(self.size)
        return True

    # ------------------------------------------------------------ words

    def price_text(self, pane: Pane, value: float) -> str:
        """A value as the axis of a pane writes it."""
        scale = pane.scale
        if not pane.is_price:
            return compact(value)
        if scale.mode == "percent" or self.compared:
            return f"{signed(scale.percent(value), 2)} %"
        return price_text(value, self.decimals)

    def price_labels(self, pane: Pane) -> list[tuple[float, str]]:
        """The values that the axis of a pane names, and how."""
        levels = pane_levels(pane)
        return [(value, self.price_text(pane, value)) for value in levels or pane.scale.ticks()]

    def read_outs(self, pane: Pane, index: int) -> list[tuple[str, QColor]]:
        """The values of a pane's indicators at a bar, each in its colour."""
        found = []
        for plot in pane.plots:
            found.append((tr(plot.indicator.label), QColor(self.theme.muted)))
            found += [
                (self._value_text(pane, value), colour) for _, value, colour in plot.at(index)
            ]
        if pane.is_price:
            for number, other in enumerate(self.compared):
                prices = self.compared_prices(other)[1]
                if len(prices):
                    share = float(prices[-1]) / pane.scale.base - 1
                    words = f"{other.bars.instrument} {change_text(share)}"
                    found.append((words, self.compared_colour(number)))
        return found

    def compared_prices(self, other: Source) -> tuple[Floats, Floats]:
        """Times and prices of another instrument, from where ours were at the left edge."""
        return self.in_view.compared(other, self.price_pane.scale.base)

    def compared_colour(self, number: int) -> QColor:
        """The colour of a compared instrument: from the end of the palette."""
        return QColor(self.theme.lines[-1 - number % len(self.theme.lines)])

    def _value_text(self, pane: Pane, value: float) -> str:
        return price_text(value, self.decimals) if pane.is_price else compact(value)


def pane_levels(pane: Pane) -> list[float]:
    """The values that an indicator's pane is read by, as 30 and 70."""
    if pane.is_price:
        return []
    return [level for plot in pane.plots for level in plot.kind.levels]


def compact(value: float) -> str:
    """A value of an indicator in few figures, with its sign only if it is negative."""
    size = abs(value)
    for unit, letter in chosen().units:
        if size >= max(unit, SHORTENED_FROM):
            return price_text(value / unit, 2) + letter
    return price_text(value, 2 if size >= 1 or size == 0 else None)


def _joined(extents: Sequence[Range]) -> Range | None:
    if not extents:
        return None
    return Range(min(each.low for each in extents), max(each.high for each in extents))
