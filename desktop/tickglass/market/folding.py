"""Candles of longer intervals made from shorter ones."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from .candles import (
    CLOSE,
    FIELDS,
    HIGH,
    LOW,
    OPEN,
    START,
    VOLUME,
    CandleSeries,
    Floats,
    Places,
)
from .events import Candle
from .instrument import Instrument
from .interval import DAY, FIRST_MONDAY, milliseconds, next_start, start_of

FIRST_CAPACITY = 1_024


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
        self._held: Floats = np.empty((len(FIELDS), FIRST_CAPACITY))
        self._count = 0
        self._seen = (-1, -1, -1)  # rewritten, revision and version of what is folded
        self._known = 0  # candles of the source that are folded
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
        return 2 * self._source.revision + self._source.complete

    @property
    def rewritten(self) -> int:
        """Rises if a candle before the newest two changed, or an oldest was let in."""
        return 2 * self._source.rewritten + self._source.complete

    @property
    def complete(self) -> bool:
        """Whether the exchange has no older candles."""
        return self._source.complete

    @property
    def rows(self) -> Floats:
        """6 × len, as of a CandleSeries; valid until the next change."""
        seen = (self.rewritten, self.revision, self.version)
        if seen[0] != self._seen[0]:
            self._fold_from(0)
        elif seen[1] != self._seen[1]:
            self._fold_from(max(0, self._known - 2))  # the newest two may have changed
        elif seen[2] != self._seen[2] and self._count:
            newest = self._held[:, self._count - 1]
            newest[:] = _join(self._source.rows[:, self._from :], newest[START])
        self._seen, self._known = seen, len(self._source)
        return self._held[:, : self._count]

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

    @property
    def unsettled(self) -> int | None:
        """The start of the oldest candle of which a part was never closed."""
        doubted = self._source.unsettled
        return None if doubted is None else start_of(self.interval, doubted)

    def candle(self, index: int) -> Candle:
        """The candle at an index (negative counts from the end), as a value."""
        start, opened, high, low, close, volume = self.rows[:, index].tolist()
        closed = self._is_closed(int(start))
        return Candle(
            self.instrument, self.interval, int(start), opened, high, low, close, volume, closed
        )

    def _is_closed(self, start: int) -> bool:
        if start == self.last_start:
            return self.last_is_closed
        after = int(np.searchsorted(self._source.starts, next_start(self.interval, start)))
        return self._source.candle(after - 1).closed

    def _fold_from(self, index: int) -> None:
        """Fold anew from the bar on that holds a candle of the source."""
        rows = self._source.rows
        if not rows.shape[1]:
            self._count = self._from = 0
            return
        begin = self._beginning(rows[START], index)
        bars = self._bars_of(rows[START, begin:])
        edges = np.flatnonzero(np.concatenate(([True], bars[1:] != bars[:-1])))
        if begin == 0 and not self._source.complete and rows[START, 0] != bars[0]:
            edges = edges[1:]
        kept = int(np.searchsorted(self._held[START, : self._count], bars[0])) if begin else 0
        if len(edges):
            first = int(edges[0])
            self._put(kept, _fold_at(rows[:, begin + first :], edges - first, bars[edges]))
            self._from = begin + int(edges[-1])
        else:
            self._count = self._from = 0

    def _beginning(self, starts: Floats, index: int) -> int:
        """The first candle of the source in the same bar."""
        if index == 0:
            return 0
        return int(np.searchsorted(starts, start_of(self.interval, int(starts[index]))))

    def _put(self, kept: int, folded: Floats) -> None:
        """Hold these behind the first few, with space for more."""
        end = kept + folded.shape[1]
        if end > self._held.shape[1]:
            grown = np.empty((len(FIELDS), end + max(FIRST_CAPACITY, end // 2)))
            grown[:, :kept] = self._held[:, :kept]
            self._held = grown
        self._held[:, kept:end] = folded
        self._count = end

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
    """Join the columns from each edge to the next.

    A candle without trades stands at the close before it: it says nothing of the longer candle it
    belongs to, unless nothing in that was traded. The newest may have trades yet to be counted.
    """
    last = rows.shape[1] - 1
    ends = np.append(edges[1:], last + 1) - 1
    traded = rows[VOLUME] > 0.0
    traded[-1] = True
    places = np.arange(last + 1)
    following = np.minimum.accumulate(np.where(traded, places, last)[::-1])[::-1]
    first = following[edges]
    empty = first > ends
    opens = np.where(empty, edges, first)
    counted = traded | np.repeat(empty, ends - edges + 1)
    return np.stack((
        starts, rows[OPEN, opens],
        np.maximum.reduceat(np.where(counted, rows[HIGH], -np.inf), edges),
        np.minimum.reduceat(np.where(counted, rows[LOW], np.inf), edges),
        rows[CLOSE, ends], np.add.reduceat(rows[VOLUME], edges),
    ))  # fmt: skip


def _join(rows: Floats, start: float) -> Floats:
    """One candle of several."""
    whole: Floats = _fold_at(rows, np.array([0]), np.array([start]))[:, 0]
    return whole
