"""Indicators as lines, bars and bands in a pane."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ...market.candles import CLOSE, OPEN, Flags, Floats, Places
from ...market.indicators import DELTA, KINDS, Indicator, IndicatorValues
from ...market.tape import Tape
from ..theme import Theme
from .arrays import Brushwork
from .bars import mixed
from .scales import PriceScale, Range, TimeScale, bin_edges, visible
from .source import BinCache, Source

AREA_STRENGTH = 0.1  # of the colour, on the ground
HISTOGRAM_STRENGTH = 0.65  # of the colour, on the ground
HISTOGRAM_SHARE = 0.6  # of the space that a bar has
CANDLES_OF_A_TAPE = 1_500  # more than a day of minutes
PAIRS = {"band_top": "band_bottom", "cloud_a": "cloud_b"}  # roles with an area between them


@dataclass(frozen=True, slots=True)
class Line:
    """One output ready to be drawn: its name, role and colour, and points in view (times, ms)."""

    name: str
    role: str
    colour: QColor
    times: Floats
    values: Floats


class Values(Protocol):
    """Computes an indicator's outputs: an array each, as long as the series."""

    @property
    def values(self) -> list[Floats]: ...
    def update(self, series: Source) -> None: ...


class DeltaValues:
    """How much more was bought than sold in each candle, and summed up, as far as trades are known.

    ``tape`` gives the tape of the instrument, None where no trades are heard.
    """

    def __init__(self, tape: Callable[[], Tape | None]) -> None:
        self._tape = tape
        self._key: tuple[object, ...] = ()
        self.values: list[Floats] = [np.empty(0), np.empty(0)]

    def update(self, series: Source) -> None:
        """Ask the tape for the newest candles: it knows a day at most."""
        tape, count = self._tape(), len(series)
        key = (tape, None if tape is None else tape.version, count, series.last_start)
        if key == self._key:
            return
        self._key = key
        self.values = [np.full(count, np.nan), np.full(count, np.nan)]
        if tape is not None and count:
            found = tape.delta_by_candle(series.starts[-CANDLES_OF_A_TAPE:])
            begin = count - len(found.delta)
            self.values[0][begin:], self.values[1][begin:] = found.delta, found.cumulative


class IndicatorPlot:
    """An indicator of one series, kept up to date and drawn."""

    def __init__(
        self, indicator: Indicator, number: int, brushwork: Brushwork, values: Values | None = None
    ) -> None:
        self.indicator = indicator
        self.kind = KINDS[indicator.kind]
        self.number = number
        self._values: Values = values or IndicatorValues(indicator)
        self._brush = brushwork
        self._colours: list[QColor] = []
        self._kept_key: tuple[object, ...] = ()
        self._kept: list[Line] = []
        self._bins = [BinCache() for _ in self.kind.outputs]

    @property
    def has_areas(self) -> bool:
        """Whether something between its lines is filled."""
        return any(output.role in PAIRS for output in self.kind.outputs)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme: each output its own, beginning at this plot's number."""
        self._theme = theme
        self._kept_key = ()
        palette = theme.lines
        taken = 0
        self._colours = []
        for output in self.kind.outputs:
            fixed = {"trend_up": theme.up, "trend_down": theme.down}.get(output.role)
            self._colours.append(QColor(fixed or palette[(self.number + taken) % len(palette)]))
            if fixed is None and output.role not in PAIRS.values():
                taken += 1

    def update(self, source: Source) -> None:
        """Bring the values up to date with the series."""
        self._values.update(source)
        if self.indicator.kind == DELTA:
            self._kept_key = ()  # it may learn of older candles without any of them changing

    def at(self, index: int) -> Iterator[tuple[str, float, QColor]]:
        """Name, value and colour of each output at a bar; nothing where there is none."""
        for output, values, colour in zip(
            self.kind.outputs, self._values.values, self._colours, strict=True
        ):
            place = index - output.shift
            if 0 <= place < len(values) and np.isfinite(values[place]):
                yield output.name, float(values[place]), colour

    def extent(self, source: Source, left: float, right: float, most: int) -> Range | None:
        """The least and greatest value in view but for the newest bar's; None if there is none."""
        if self.kind.bounds is not None:
            return Range(*self.kind.bounds)
        lines = self.lines(source, left, right, most, closed(source))
        found = [each.values[np.isfinite(each.values)] for each in lines]
        found = [each for each in found if len(each)]
        if not found:
            return None
        return Range(
            min(float(each.min()) for each in found), max(float(each.max()) for each in found)
        )

    def lines(
        self, source: Source, left: float, right: float, most: int, which: slice
    ) -> list[Line]:
        """The outputs in view, at most about ``most`` bins each; of ``which`` bars only.

        Those of closed bars are kept: they are asked for to find the range, and again to be drawn.
        """
        if which.stop is None:
            return self._lines(source, left, right, most, which)
        bars = source.bars
        key = (bars, bars.revision, left, right, most, which.start, which.stop, len(self._colours))
        if key != self._kept_key:
            self._kept_key, self._kept = key, self._lines(source, left, right, most, which)
        return self._kept

    def _lines(
        self, source: Source, left: float, right: float, most: int, which: slice
    ) -> list[Line]:
        made = []
        seen: dict[int, slice] = {}
        for number, (output, values, colour) in enumerate(
            zip(self.kind.outputs, self._values.values, self._colours, strict=True)
        ):
            shift = output.shift * source.length
            if output.shift not in seen:
                seen[output.shift] = visible(source.starts, left - shift, right - shift)
            part = seen[output.shift]
            part = slice(max(0, part.start - 1), min(len(values), part.stop + 1))
            # A histogram's bars stand alone; a line's newest point needs the one before it.
            begin = which.start + (output.role == "histogram" and which.stop is None)
            part = slice(max(part.start, begin), min(part.stop, which.stop or len(values)))
            if part.stop <= part.start:
                continue
            times, points = self._points(number, source, values, part, most)
            made.append(
                Line(output.name, output.role, colour, times + (shift + source.length / 2), points)
            )
        return made

    def _points(
        self, number: int, source: Source, values: Floats, part: slice, most: int
    ) -> tuple[Floats, Floats]:
        """Points of an output: all of them, or the extremes of each bin where they are too many."""
        size, edges = bin_edges(part, most)
        if size == 1:
            return source.starts[part], values[part]
        count = len(source) - 1
        key = (source.bars, source.bars.revision, count)
        found = self._bins[number].get(key, size, lambda all: _extremes(values[:count], all), count)
        begin = int(edges[0]) // size
        points = found[:, begin : begin + len(edges)].T.ravel()
        return np.repeat(source.starts[edges], 2), points

    def paint(
        self,
        painter: QPainter,
        lines: list[Line],
        source: Source,
        times: TimeScale,
        scale: PriceScale,
    ) -> None:
        """Draw these lines."""
        for line in lines:
            if line.role == "histogram":
                self._histogram(painter, line, source, times, scale)
                continue
            # Smooth where there is room; lines as dense as pixels cost much and gain nothing.
            smooth = len(line.times) <= times.width
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=smooth)
            painter.setPen(QPen(line.colour, 1))
            self._brush.path(painter, times.xs(line.times), scale.ys(line.values))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def paint_areas(
        self, painter: QPainter, lines: list[Line], times: TimeScale, scale: PriceScale
    ) -> None:
        """Fill what lies between the lines of a pair; bars are drawn over it."""
        by_role = {line.role: line for line in lines}
        for upper, lower in PAIRS.items():
            if upper in by_role and lower in by_role:
                self._between(painter, by_role[upper], by_role[lower], times, scale)

    def _histogram(
        self, painter: QPainter, line: Line, source: Source, times: TimeScale, scale: PriceScale
    ) -> None:
        defined = np.isfinite(line.values)
        xs, values = np.round(times.xs(line.times[defined])), line.values[defined]
        ys, zero = np.round(scale.ys(values)), round(scale.y(0.0))
        width = max(1.0, float(round(source.length / times.span * times.width * HISTOGRAM_SHARE)))
        rising = self._rising(source, line.times[defined], values)
        painter.setPen(Qt.PenStyle.NoPen)
        for chosen, colour in ((rising, self._theme.up), (~rising, self._theme.down)):
            painter.setBrush(mixed(QColor(colour), QColor(self._theme.panel), HISTOGRAM_STRENGTH))
            top = np.minimum(ys, zero)[chosen]
            height = np.maximum(1.0, np.abs(ys - zero)[chosen])
            self._brush.rects(painter, xs[chosen] - width // 2, top, width, height)

    def _rising(self, source: Source, times: Floats, values: Floats) -> Flags:
        """Volume has the colour of its candle, all else that of its sign."""
        if self.indicator.kind != "volume":
            return values >= 0
        places = np.searchsorted(source.starts, times, side="right") - 1
        rows = source.rows
        rising: Flags = rows[CLOSE, places] >= rows[OPEN, places]
        return rising

    def _between(
        self, painter: QPainter, upper: Line, lower: Line, times: TimeScale, scale: PriceScale
    ) -> None:
        """One rectangle a step, opaque: a polygon, or a transparent one, costs many times more."""
        count = min(len(upper.values), len(lower.values))
        tops, bottoms = scale.ys(upper.values[:count]), scale.ys(lower.values[:count])
        defined = np.isfinite(tops) & np.isfinite(bottoms)
        if count < 2 or not defined.any():
            return
        edges = np.round(times.xs(upper.times[:count]))
        top, bottom = np.minimum(tops, bottoms), np.maximum(tops, bottoms)
        if len(upper.times) > times.width:
            widths = np.diff(edges, append=edges[-1])
        elif count == 2:
            edges, widths, top, bottom, defined = _step(edges, top, bottom, defined)
        else:  # few steps: let them slope, column by column
            edges, widths, top, bottom, defined = _columns(edges, top, bottom, defined)
        drawn = defined & (widths > 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(upper.colour, QColor(self._theme.panel), AREA_STRENGTH))
        height = bottom[drawn] - top[drawn]
        self._brush.rects(painter, edges[drawn], top[drawn], widths[drawn], height)


def _columns(
    xs: Floats, tops: Floats, bottoms: Floats, defined: Flags
) -> tuple[Floats, Floats, Floats, Floats, Flags]:
    """The same between its points: one column of pixels after the other."""
    columns = np.arange(xs[0], max(xs[-1], xs[0] + 1.0))
    places = np.clip(np.searchsorted(xs, columns, side="right") - 1, 0, len(xs) - 2)
    whole = defined[places] & defined[places + 1]
    top, bottom = np.interp(columns, xs, tops), np.interp(columns, xs, bottoms)
    return columns, np.ones(len(columns)), top, bottom, whole & np.isfinite(top + bottom)


def _step(
    xs: Floats, tops: Floats, bottoms: Floats, defined: Flags
) -> tuple[Floats, Floats, Floats, Floats, Flags]:
    """The same of two points: the newest step, drawn with every trade."""
    columns = np.arange(xs[0], max(xs[1], xs[0] + 1.0))
    shares = (columns - xs[0]) / max(xs[1] - xs[0], 1.0)
    top = tops[0] + (tops[1] - tops[0]) * shares
    bottom = bottoms[0] + (bottoms[1] - bottoms[0]) * shares
    whole = np.full(len(columns), bool(defined.all()))
    return columns, np.ones(len(columns)), top, bottom, whole


def closed(source: Source) -> slice:
    """All bars but the newest."""
    return slice(0, max(0, len(source) - 1))


def _extremes(values: Floats, edges: Places) -> Floats:
    """The least and the greatest value of each bin, 2 × bins."""
    return np.stack((np.fmin.reduceat(values, edges), np.fmax.reduceat(values, edges)))
