"""Candles of longer intervals made from shorter ones."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from .candles import CLOSE, HIGH, LOW, OPEN, START, VOLUME, CandleSeries, Floats, Places
from .events import Candle
from .instrument import Instrument
from .interval import DAY, FIRST_MONDAY, milliseconds, next_start, start_of

FIELDS = 6


def source_interval(wanted: str, offered: Collection[str]) -> str | None:
    """The longest interval offered that fills ``wanted`` exactly; itself, if it is offered.

    Weeks and months are filled by days and less, never by weeks or by several days.
    """
    if wanted in offered:
        return wanted
    fitting = [each for each in offered if _fills(each, wanted)]
    return max(fitting, key=milliseconds, default=None)


def _fills(part: str, whole: str) -> bool:
    length, total = milliseconds(part), milliseconds(whole)
    if part[-1] in "wM" or length >= total:
        return False
    if whole[-1] in "wM":
        return DAY % length == 0
    return total % length == 0


class FoldedSeries:
    """Candles of ``interval`` folded from those of a source, read as a CandleSeries is.

    The oldest is left out while candles before it may still come, unless it is whole.
    """

    def __init__(self, source: CandleSeries, interval: str) -> None:
        self.interval = interval
        self._source = source
        self._rows: Floats = np.empty((FIELDS, 0))
        self._key: tuple[object, ...] = ()
        self._version: object = None
        self._from = 0  # index in the source of the first candle of the newest bar

    def __len__(self) -> int:
        return int(self.rows.shape[1])

    @property
    def instrument(self) -> Instrument:
        """Whose candles they are."""
        return self._source.instrument

    @property
    def version(self) -> int:
        """Rises with every change."""
        return self._source.version

    @property
    def revision(self) -> int:
        """Rises with every change but those of the newest candle of the source."""
        return self._source.revision

    @property
    def rewritten(self) -> int:
        """Rises if a candle before the newest two changed."""
        return self._source.rewritten

    @property
    def complete(self) -> bool:
        """Whether the exchange has no older candles."""
        return self._source.complete

    @property
    def rows(self) -> Floats:
        """6 × len, as of a CandleSeries; valid until the next change."""
        source = self._source
        key = (source.revision, len(source), source.complete)
        if key != self._key:
            self._key = key
            self._fold()
        elif source.version != self._version and self._rows.shape[1]:
            self._rows[:, -1] = _join(source.rows[:, self._from :], self._rows[START, -1])
        self._version = source.version
        return self._rows

    @property
    def starts(self) -> Floats:
        """The start of every candle, ms UTC, ascending."""
        starts: Floats = self.rows[START]
        return starts

    @property
    def first_start(self) -> int | None:
        """The start of the oldest candle."""
        rows = self.rows
        return int(rows[START, 0]) if rows.shape[1] else None

    @property
    def last_start(self) -> int | None:
        """The start of the newest candle."""
        rows = self.rows
        return int(rows[START, -1]) if rows.shape[1] else None

    @property
    def last_is_closed(self) -> bool:
        """Whether the newest candle is final: its last part is."""
        last, part = self.last_start, self._source.last_start
        if last is None or part is None or not self._source.last_is_closed:
            return False
        return next_start(self._source.interval, part) >= next_start(self.interval, last)

    def candle(self, index: int) -> Candle:
        """The candle at an index (negative counts from the end), as a value."""
        start, opened, high, low, close, volume = self.rows[:, index].tolist()
        newest = index in (-1, len(self) - 1)
        return Candle(
            self.instrument, self.interval, int(start), opened, high, low, close, volume,
            not newest or self.last_is_closed,
        )  # fmt: skip

    def _fold(self) -> None:
        rows = self._source.rows
        self._rows, self._from = np.empty((FIELDS, 0)), 0
        if not rows.shape[1]:
            return
        bars = self._bars_of(rows[START])
        edges = np.flatnonzero(np.concatenate(([True], bars[1:] != bars[:-1])))
        whole = self._source.complete or rows[START, 0] == bars[0]
        if not whole:
            edges = edges[1:]
        if len(edges):
            begin = int(edges[0])
            self._rows = _fold_at(rows[:, begin:], edges - begin, bars[edges])
            self._from = int(edges[-1])

    def _bars_of(self, starts: Floats) -> Floats:
        """The start of the longer candle that each belongs to."""
        if self.interval.endswith("M"):
            days, places = np.unique(starts // DAY, return_inverse=True)
            months = [start_of(self.interval, int(day) * DAY) for day in days]
            return np.array(months, dtype=np.float64)[places]
        length = milliseconds(self.interval)
        origin = FIRST_MONDAY if self.interval.endswith("w") else 0
        return np.floor((starts - origin) / length) * length + origin


def _fold_at(rows: Floats, edges: Places, starts: Floats) -> Floats:
    """Join the columns from each edge to the next."""
    ends = np.append(edges[1:], rows.shape[1]) - 1
    return np.stack((
        starts, rows[OPEN, edges], np.maximum.reduceat(rows[HIGH], edges),
        np.minimum.reduceat(rows[LOW], edges), rows[CLOSE, ends],
        np.add.reduceat(rows[VOLUME], edges),
    ))  # fmt: skip


def _join(rows: Floats, start: float) -> list[float]:
    """One candle of several."""
    return [
        start, float(rows[OPEN, 0]), float(rows[HIGH].max()), float(rows[LOW].min()),
        float(rows[CLOSE, -1]), float(rows[VOLUME].sum()),
    ]  # fmt: skip
