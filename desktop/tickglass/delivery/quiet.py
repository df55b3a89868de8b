"""Quiet hours: from a time of day to another, past midnight too."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo


def time_of_day(text: str) -> time | None:
    """A time of day as ``22:30``; None if it is none."""
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError:
        return None


def quiet_until(start: str, end: str, now: int, zone: tzinfo | None = None) -> int | None:
    """When the quiet hours end that it is now, ms UTC; None if it is none of them.

    ``start`` and ``end`` are times of day in ``zone`` (that of this computer if None); where one
    is missing or both are the same there are no quiet hours.
    """
    begins, ends = time_of_day(start), time_of_day(end)
    if begins is None or ends is None or begins == ends:
        return None
    local = datetime.fromtimestamp(now / 1000, zone)
    clock = local.time()
    quiet = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    if not quiet:
        return None
    day = local.date() + timedelta(days=1 if clock >= ends else 0)
    over = datetime.combine(day, ends, zone)
    return round(over.timestamp() * 1000)
