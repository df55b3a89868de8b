"""The time axis in any zone: round times of the wall clock, and what is written at them."""

from __future__ import annotations

import functools
import zoneinfo
from collections.abc import Iterator
from datetime import MAXYEAR, UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

MINUTE, HOUR, DAY = 60, 3_600, 86_400
MONTH, YEAR = 30 * DAY, 365 * DAY
STEPS = (
    *(1, 5, 15, 30, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE),
    *(HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY),
    *(MONTH, 3 * MONTH, 6 * MONTH, YEAR, 2 * YEAR, 5 * YEAR, 10 * YEAR),
)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
HIDDEN_ZONES = ("posix/", "right/", "Etc/GMT")
MS = 1_000


class Tick(NamedTuple):
    """A place on the axis, ms UTC, and its label; ``strong`` where it says the day."""

    time_ms: float
    text: str
    strong: bool


class TimeLabels:
    """Labels in a zone; None is the zone of this machine."""

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone

    def ticks(
        self, left_ms: float, right_ms: float, width_px: float, label_px: float
    ) -> list[Tick]:
        """Round times of the wall clock in view, far enough apart for labels of that width."""
        left, right = left_ms / MS, right_ms / MS
        if not right > left or width_px < label_px:
            return []
        least = (right - left) * label_px / width_px
        step = next((each for each in STEPS if each >= least), STEPS[-1])
        found: list[Tick] = []
        before: datetime | None = None
        for seconds in self._round_times(left, right, step):
            if found and seconds - found[-1].time_ms / MS < least:
                continue  # where the clocks change, two round times may be closer than a step
            moment = self._local(seconds)
            found.append(
                Tick(seconds * MS, self._text(moment, before, step), _says_day(moment, before))
            )
            before = moment
        return found

    def full(self, ms: float, *, seconds: bool = False) -> str:
        """A moment in words: Sun 22 Nov 2026 14:30 CET."""
        moment = self._local(ms / MS)
        clock = f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"
        day = f"{WEEKDAYS[moment.weekday()]} {_day(moment)} {moment.year}"
        return f"{day} {clock} {moment.tzname()}"

    def _local(self, seconds: float) -> datetime:
        moment = datetime.fromtimestamp(seconds, UTC)
        return moment.astimezone(self._zone)

    def _text(self, moment: datetime, before: datetime | None, step: int) -> str:
        new_year = before is None or moment.year != before.year
        if step >= YEAR:
            return f"{moment.year}"
        if step >= MONTH:
            return (
                f"{MONTHS[moment.month - 1]} {moment.year}"
                if new_year
                else MONTHS[moment.month - 1]
            )
        day = f"{_day(moment)} {moment.year}" if before is not None and new_year else _day(moment)
        if step >= DAY:
            return day
        clock = f"{moment:%H:%M:%S}" if step < MINUTE else f"{moment:%H:%M}"
        if moment.fold:  # the hour that comes a second time
            clock = f"{clock} {moment.tzname()}"
        if not _says_day(moment, before):
            return clock
        return (
            day
            if before is not None and (moment.hour, moment.minute) == (0, 0)
            else f"{day} {clock}"
        )

    def _round_times(self, left: float, right: float, step: int) -> Iterator[float]:
        """Round times of the wall clock from ``left`` to ``right``, s UTC, ascending."""
        last = left - 1.0
        for wall in _wall_clock(self._local(left - step), step):
            times = [self._seconds(wall, fold) for fold in (0, 1)]
            for seconds in times:
                if seconds is not None and max(left, last) <= seconds <= right and seconds != last:
                    last = seconds
                    yield seconds
            if times[0] is not None and times[0] > right:
                return

    def _seconds(self, wall: datetime, fold: int) -> float | None:
        """When the wall clock shows that for the first or second time; None where it never does."""
        aware = wall.replace(fold=fold)
        aware = aware.replace(tzinfo=self._zone) if self._zone else aware.astimezone()
        seconds = aware.timestamp()
        back = self._local(seconds)
        shows = back.replace(tzinfo=None, fold=0) == wall
        return seconds if shows and back.fold == fold else None


@functools.cache
def zones() -> list[str]:
    """The names of all time zones, sorted."""
    names = zoneinfo.available_timezones()
    return sorted(name for name in names if not name.startswith(HIDDEN_ZONES))


def _says_day(moment: datetime, before: datetime | None) -> bool:
    return before is None or moment.date() != before.date()


def _day(moment: datetime) -> str:
    return f"{moment.day} {MONTHS[moment.month - 1]}"


def _wall_clock(first: datetime, step: int) -> Iterator[datetime]:
    """Round times of a wall clock, from at or before ``first`` without end."""
    first = first.replace(tzinfo=None, fold=0)
    if step >= MONTH:
        months = step // MONTH if step < YEAR else 12 * (step // YEAR)
        number = (first.year * 12 + first.month - 1) // months * months
        while number < 12 * MAXYEAR:
            yield datetime(number // 12, number % 12 + 1, 1)
            number += months
        return
    if step >= DAY:
        days = step // DAY
        moment = datetime.fromordinal(first.toordinal() // days * days)
    else:
        midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
        moment = midnight + (first - midnight) // timedelta(seconds=step) * timedelta(seconds=step)
    while True:
        yield moment
        moment += timedelta(seconds=step)
