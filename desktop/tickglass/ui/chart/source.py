"""What a chart draws: bars of an instrument, whether the exchange sends them or they are built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from ...market.candles import Floats, Places
from ...market.instrument import Instrument
from ...market.interval import milliseconds
from ...market.shapes import HeikinAshi


class Bars(Protocol):
    """A candle series, or one folded from smaller candles."""

    @property
    def instrument(self) -> Instrument: ...
    @property
    def interval(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def revision(self) -> int: ...
    @property
    def rewritten(self) -> int: ...
    @property
    def complete(self) -> bool: ...
    @property
    def rows(self) -> Floats: ...
    @property
    def starts(self) -> Floats: ...
    @property
    def first_start(self) -> int | None: ...
    @property
    def last_start(self) -> int | None: ...
    def __len__(self) -> int: ...


SIZES_KEPT = 6


class BinCache:
    """Arrays of bins by their size, as long as ``key`` stays: panning and zooming back are free."""

    def __init__(self) -> None:
        self._key: object = None
        self._kept: dict[int, Floats] = {}

    def get(self, key: object, size: int, make: Callable[[Places], Floats], count: int) -> Floats:
        """What ``make`` makes of where the bins of ``count`` bars begin."""
        if key != self._key:
            self._key = key
            self._kept.clear()
        found = self._kept.get(size)
        if found is None:
            if len(self._kept) >= SIZES_KEPT:
                del self._kept[next(iter(self._kept))]
            found = self._kept[size] = make(np.arange(0, count, size, dtype=np.intp))
        return found


class Source:
    """Bars with what drawing them needs; ``length`` is that of a bar, ms.

    ``shown`` are the rows to draw as bars: the candles themselves, or their Heikin-Ashi shape.
    Indicators are always those of the candles.
    """

    def __init__(self, bars: Bars) -> None:
        self.bars = bars
        self.length = float(milliseconds(bars.interval))
        self._shape = HeikinAshi()

    def __len__(self) -> int:
        return len(self.bars)

    @property
    def version(self) -> int:
        """Rises with every change."""
        return self.bars.version

    @property
    def rewritten(self) -> int:
        """Rises if a bar before the newest two changed."""
        return self.bars.rewritten

    @property
    def rows(self) -> Floats:
        """The candles."""
        return self.bars.rows

    @property
    def starts(self) -> Floats:
        """Their starts, ms UTC."""
        return self.bars.starts

    @property
    def first_start(self) -> int | None:
        """The start of the oldest."""
        return self.bars.first_start

    @property
    def last_start(self) -> int | None:
        """The start of the newest."""
        return self.bars.last_start

    def shown(self, *, heikin_ashi: bool) -> Floats:
        """The rows to draw."""
        return self._shape.rows(self.bars) if heikin_ashi else self.bars.rows
