"""The time axis in any zone: round times of the wall clock, and what is written at them."""

from __future__ import annotations

import functools
import math
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from ...language import mark, tr
from ..formats import clock_text

MINUTE, HOUR, DAY = 60, 3_600, 86_400
MONTH, YEAR = 28 * DAY, 365 * DAY  # the shortest: labels that fit there fit everywhere
STEPS = (
    *(1, 5, 15, 30, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE),
    *(HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY),
    *(MONTH, 3 * MONTH, 6 * MONTH, YEAR, 2 * YEAR, 5 * YEAR, 10 * YEAR),
    *(20 * YEAR, 50 * YEAR, 100 * YEAR, 200 * YEAR, 500 * YEAR, 1_000 * YEAR),
)
MONTHS = (
    *(mark("Jan"), mark("Feb"), mark("Mar"), mark("Apr"), mark("May"), mark("Jun")),
    *(mark("Jul"), mark("Aug"), mark("Sep"), mark("Oct"), mark("Nov"), mark("Dec")),
)
WEEKDAYS = (
    *(mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri")),
    *(mark("Sat"), mark("Sun")),
)
HIDDEN_ZONES = ("posix/", "right/", "Etc/GMT")
MS = 1_000
# A chart can be zoomed out beyond what a calendar holds: s UTC, with years of four digits.
EARLIEST = datetime(1000, 1, 1, tzinfo=UTC).timestamp()
LATEST = datetime(8000, 1, 1, tzinfo=UTC).timestamp()


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
        left, right = max(left, EARLIEST), min(right, LATEST)
        found: list[Tick] = []
        before: datetime | None = None
        for seconds in self._round_times(left, right, step):
            if found and seconds - found[-1].time_ms / MS < least:
                continue  # where the clocks change, two round times may be closer than a step
            moment = self._local(seconds)
            text = self._text(moment, before, step)
            if step < DAY and self._comes_again(seconds):
                text = f"{text} {moment.tzname()}"
            found.append(Tick(seconds * MS, text, _says_day(moment, before)))
            before = moment
        return found

    def full(self, ms: float, *, seconds: bool = False) -> str:
        """A moment in words: Sun 22 Nov 2026 14:30 CET; none beyond the calendar."""
        if not EARLIEST <= ms / MS <= LATEST:
            return ""
        moment = self._local(ms / MS)
        clock = clock_text(moment, seconds)
        return tr(
            "{weekday} {day} {year} {clock} {zone}",
            weekday=tr(WEEKDAYS[moment.weekday()]), day=_day(moment), year=moment.year,
            clock=clock, zone=moment.tzname(),
        )  # fmt: skip

    def _local(self, seconds: float) -> datetime:
        moment = datetime.fromtimestamp(seconds, UTC)
        return moment.astimezone(self._zone)

    def _text(self, moment: datetime, before: datetime | None, step: int) -> str:
        new_year = before is None or moment.year != before.year
        if step >= YEAR:
            return f"{moment.year}"
        if step >= MONTH:
            month = tr(MONTHS[moment.month - 1])
            return tr("{month} {year}", month=month, year=moment.year) if new_year else month
        day = _day(moment)
        if before is not None and new_year:
            day = tr("{day} {year}", day=day, year=moment.year)
        if step >= DAY:
            return day
        clock = clock_text(moment, step < MINUTE)
        if not _says_day(moment, before):
            return clock
        return (
            day
            if before is not None and (moment.hour, moment.minute, moment.second) == (0, 0, 0)
            else tr("{day} {clock}", day=day, clock=clock)
        )

    def _round_times(self, left: float, right: float, step: int) -> list[float]:
        """Round times of the wall clock from ``left`` to ``right``, s UTC, ascending."""
        if not right > left:
            return []
        return self._days(left, right, step) if step >= DAY else self._clock(left, right, step)

    def _clock(self, left: float, right: float, step: int) -> list[float]:
        """Times of less than a day: under each offset from UTC those at which it is in force."""
        found = set()
        for offset in {self._offset(each) for each in _daily(left, right)}:
            for number in range(
                math.ceil((left + offset) / step), math.floor((right + offset) / step) + 1
            ):
                seconds = number * step - offset
                if self._offset(seconds) == offset:
                    found.add(seconds)
        return sorted(found)

    def _days(self, left: float, right: float, step: int) -> list[float]:
        """The beginnings of days, months or years; where midnight is left out, what follows it."""
        found = []
        for wall in _round_days(self._local(left), step):
            aware = wall.replace(tzinfo=self._zone) if self._zone else wall.astimezone()
            seconds = aware.timestamp()
            if seconds > right:
                break
            if seconds >= left:
                found.append(seconds)
        return found

    def _offset(self, seconds: float) -> float:
        """How far the wall clock is ahead of UTC, s."""
        offset = self._local(seconds).utcoffset()
        return offset.total_seconds() if offset else 0.0

    def _comes_again(self, seconds: float) -> bool:
        """Whether the wall clock has shown the same before: local times do not tell by ``fold``."""
        back = self._offset(seconds - DAY) - self._offset(seconds)
        return back > 0 and self._offset(seconds - back) - self._offset(seconds) == back


@functools.cache
def zones() -> list[str]:
    """The names of all time zones, sorted."""
    names = zoneinfo.available_timezones()
    return sorted(name for name in names if not name.startswith(HIDDEN_ZONES))


def _says_day(moment: datetime, before: datetime | None) -> bool:
    return before is None or moment.date() != before.date()


def _day(moment: datetime) -> str:
    return tr("{day} {month}", day=moment.day, month=tr(MONTHS[moment.month - 1]))


def _daily(left: float, right: float) -> Iterator[float]:
    """Moments from ``left`` to ``right``, at most a day apart."""
    while left < right:
        yield left
        left += DAY
    yield right


def _round_days(first: datetime, step: int) -> Iterator[datetime]:
    """Round days, months or years, from at or before ``first`` without end."""
    if step >= MONTH:
        months = step // MONTH if step < YEAR else 12 * (step // YEAR)
        number = (first.year * 12 + first.month - 1) // months * months
        while True:
            yield datetime(number // 12, number % 12 + 1, 1)
            number += months
    days = step // DAY
    moment = datetime.fromordinal(first.toordinal() // days * days)
    while True:
        yield moment
        moment += timedelta(days=days)
