"""A pane of the chart: an area with a scale of its own, and what is drawn in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QRectF

from .plots import IndicatorPlot
from .scales import PriceScale, Range

PRICE_WEIGHT, INDICATOR_WEIGHT = 3.2, 1.0  # shares of the height
LEAST_PRICE_HEIGHT = 80.0  # px
LEAST_INDICATOR_HEIGHT = 40.0
ABOVE, BELOW = 0.08, 0.08  # room in a pane, of the range shown
BELOW_WITH_VOLUME = 0.16


@dataclass
class Pane:
    """``area`` is in pixels of the chart; the first pane is that of the price.

    ``labels`` are the heights at which its axis has labels.
    """

    is_price: bool
    plots: list[IndicatorPlot] = field(default_factory=list)
    scale: PriceScale = field(default_factory=PriceScale)
    area: QRectF = field(default_factory=QRectF)
    labels: list[float] = field(default_factory=list)

    def place(self, area: QRectF) -> None:
        """Lie there from now on."""
        self.area = area
        self.scale.top, self.scale.height = area.top(), max(1.0, area.height())

    def fit(self, extent: Range | None, *, volume: bool) -> bool:
        """Show this range, unless the person has stretched the scale; whether that changed it."""
        if extent is None or not self.scale.auto:
            return False
        below = BELOW_WITH_VOLUME if self.is_price and volume else BELOW
        return self.scale.fit(extent.low, extent.high, ABOVE, below)


def stack(panes: list[Pane], area: QRectF) -> None:
    """Share an area out among panes, from top to bottom."""
    indicators = len(panes) - 1
    weights = PRICE_WEIGHT + indicators * INDICATOR_WEIGHT
    each = max(LEAST_INDICATOR_HEIGHT, area.height() * INDICATOR_WEIGHT / weights)
    if indicators and area.height() - each * indicators < LEAST_PRICE_HEIGHT:
        each = max(1.0, (area.height() - LEAST_PRICE_HEIGHT) / indicators)
    top = area.top()
    for number, pane in enumerate(panes):
        height = area.height() - each * indicators if number == 0 else each
        pane.place(QRectF(area.left(), round(top), area.width(), round(max(1.0, height))))
        top += height
