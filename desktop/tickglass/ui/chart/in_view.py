"""What of the bars is in view: single ones, or bins of them where they are closer than pixels."""

from __future__ import annotations

import numpy as np

from ...market.candles import CLOSE, Floats
from .bars import Bars, BarStyle
from .scales import TimeScale, bin_edges, binned, visible
from .source import BinCache, Source

BODY = 0.7  # of the space that a bar has
JOINED: tuple[BarStyle, ...] = ("line", "area")  # a path leads to the newest bar


class InView:
    """Cuts out of a source what ``times`` show; a bin is at least a pixel wide."""

    def __init__(self, times: TimeScale) -> None:
        self.times = times
        self._bins = BinCache()

    @property
    def most(self) -> int:
        """As many bars as there are pixels."""
        return max(1, int(self.times.width))

    def part(self, source: Source) -> slice:
        """Where the bars in view are among all."""
        return visible(source.starts, self.times.left, self.times.right)

    def rows_or_bins(self, source: Source, style: BarStyle, part: slice) -> Floats:
        """The bars of a part, or the bins that it touches where they are drawn so."""
        rows, (size, edges) = shape(source, style), bin_edges(part, self.most)
        if size == 1:
            return rows[:, part]
        begin = int(edges[0]) // size
        return self._all_bins(source, style, rows, size)[:, begin : begin + len(edges)]

    def live_edges(self, source: Source, shift: int) -> tuple[float, float]:
        """The pixels between which a trade may change what is drawn ``shift`` bars ahead."""
        if len(source) < 2:
            return self.times.x0, self.times.x0 + self.times.width
        size, _ = bin_edges(self.part(source), self.most)
        ahead = shift * source.length
        left = float(source.starts[-min(len(source), size + 2)])
        right = float(source.starts[-1]) + (size + 1) * source.length
        return self.times.x(left + ahead), self.times.x(right + ahead)

    def bars(self, source: Source, style: BarStyle, *, newest: int = 0) -> Bars | None:
        """So many of the newest bars, if they are in view; with 0 all others, in view as well.

        The newest moves with every trade, and is not among the others.
        """
        part = self.part(source)
        size, edges = bin_edges(part, self.most)
        at_end = part.stop == len(source)
        stop = int(part.stop)
        if newest:
            edges = edges[-newest:] if at_end else edges[:0]
        elif at_end and len(edges):
            stop, edges = int(edges[-1]), edges[:-1]
        if not len(edges):
            return None
        rows = shape(source, style)
        first = int(edges[0])
        if size == 1:
            drawn = rows[:, first:stop]
        elif newest:
            drawn = binned(rows, edges, stop)
        else:
            begin = first // size
            drawn = self._all_bins(source, style, rows, size)[:, begin : begin + len(edges)]
        pixels = self.times.width / self.times.span * source.length * size
        xs = np.round(self.times.xs(drawn[0] + source.length * size / 2))
        width = float(max(1, round(pixels * BODY) | 1))
        return Bars(drawn, xs, width, float(rows[CLOSE, first - 1]) if first else None)

    def compared(self, other: Source, base: float) -> tuple[Floats, Floats]:
        """Times and prices of another instrument, moved to the price ``base`` at the left edge."""
        part = self.part(other)
        closes = other.rows[CLOSE, part]
        if not len(closes) or not closes[0]:
            return np.empty(0), np.empty(0)
        return other.starts[part] + other.length / 2, closes * (base / float(closes[0]))

    def _all_bins(self, source: Source, style: BarStyle, rows: Floats, size: int) -> Floats:
        """Every bar, so many in a bin; that of the newest bar is not up to date."""
        count = len(source)
        key = (source.bars, source.bars.revision, count, style == "heikin-ashi")
        return self._bins.get(key, size, lambda edges: binned(rows, edges, count), count)


def shape(source: Source, style: BarStyle) -> Floats:
    """The rows that a style draws."""
    return source.shown(heikin_ashi=style == "heikin-ashi")
