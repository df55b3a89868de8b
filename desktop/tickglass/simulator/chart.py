"""The candles of one pair: history and live rows as one, in every interval."""

from __future__ import annotations

import numpy as np

from ..market.interval import DAY, HOUR, MINUTE, SECOND, milliseconds, next_start, start_of
from .history import History
from .live import LiveRows
from .rows import START, Rows, add_up, no_rows


class Chart:
    """Every candle of a pair, from its listing to now.

    Minutes are the base: any longer candle is the sum of its minutes, and has no row of its own.
    """

    def __init__(self, history: History, live: LiveRows) -> None:
        self._history = history
        self._live = live
        self._seam: Rows | None = None
        self._day = no_rows()
        self._day_minute = -1

    def candles(self, interval: str, first: int | None, last: int, limit: int, now: int) -> Rows:
        """At most ``limit`` candles that start in [first, last].

        The oldest from ``first`` on, or without it the newest; none starts after ``now``.
        """
        length = milliseconds(interval)
        start = start_of(interval, self._listed(length))
        if first is not None and first > start:
            start = start_of(interval, first)
            start = start if start == first else next_start(interval, start)
        starts = _starts(interval, start, min(last, now))
        starts = starts[-limit:] if first is None else starts[:limit]
        if not starts:
            return no_rows()
        end = min(next_start(interval, starts[-1]), now + 1)
        return add_up(self._base(length, starts[0], end), starts)

    def minutes(self, first: int, last: int) -> Rows:
        """The rows of the minutes that start in [first, last), without holes."""
        seam = self._history.end_minute
        old = self._history.minutes(first, min(last, seam))
        if last <= seam:
            return old
        first = max(first, seam)
        known = self._join(self._at_seam(), self._live.minutes.rows(first), last)
        return np.concatenate((old, add_up(known, range(first, last, MINUTE))))

    def day(self, now: int) -> Rows:
        """One row of the last 24 hours, which begin on a whole minute."""
        first, minute = (now - DAY) // MINUTE * MINUTE, now // MINUTE * MINUTE
        if self._day_minute != minute:
            self._day_minute = minute
            self._day = add_up(self.minutes(first, minute), [max(first, self._history.listed)])
        return add_up(
            np.concatenate((self._day, self.minutes(minute, now + 1))), self._day[:, START]
        )

    def _at_seam(self) -> Rows:
        """The last whole minute of history, and what it has of the one that runs at its end."""
        if self._seam is None:
            end = self._history.end_minute
            self._seam = self._history.minutes(end - MINUTE, end + MINUTE)
        return self._seam

    def _listed(self, length: int) -> int:
        """When candles begin; seconds are not kept for long once the market runs."""
        seconds = self._live.seconds
        return seconds.first if length == SECOND and seconds.dropped else self._history.listed

    def _base(self, length: int, first: int, last: int) -> Rows:
        """Rows, with one before ``first`` where there is one, that candles add up from."""
        history = self._history
        if length >= HOUR:
            old = history.days() if length >= DAY else history.hours(first, last)
            old = old[old[:, START] < min(history.today, last)]
            return np.concatenate((old, self.minutes(max(first, history.today), last)))
        if length >= MINUTE:
            return self.minutes(first, last)
        live = self._live.seconds.rows(first)
        return self._join(history.seconds(min(first, history.end) - SECOND, last), live, last)

    @staticmethod
    def _join(old: Rows, live: Rows, last: int) -> Rows:
        return np.concatenate((old, live[live[:, START] < last]))


def _starts(interval: str, first: int, last: int) -> range | list[int]:
    if not interval.endswith("M"):
        return range(first, last + 1, milliseconds(interval))
    starts = []
    while first <= last:
        starts.append(first)
        first = next_start(interval, first)
    return starts
