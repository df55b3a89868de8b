"""The figures of ``--stats``: what the program did and what it cost. Their names are a contract."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import __version__
from .feed.figures import Counts, ExchangeFigures

KIBI, MEBI = 1_024, 1_048_576
STAT_FILE, MEMORY_FILE = Path("/proc/self/stat"), Path("/proc/self/statm")
START_FIELD = 19  # of what follows the command's name: field 22, in clock ticks since the boot


def process_age() -> float:
    """Seconds since this process began, the interpreter's own start-up included where known."""
    try:
        fields = STAT_FILE.read_text().rpartition(")")[2].split()
        ticks = int(fields[START_FIELD])
    except (OSError, ValueError, IndexError):
        return time.process_time()
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def rss_mb() -> float | None:
    """The memory this process holds now, in MiB; None where the system does not tell cheaply."""
    try:
        pages = int(MEMORY_FILE.read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return round(pages * os.sysconf("SC_PAGE_SIZE") / MEBI, 1)


def max_rss_mb() -> float | None:
    """The most memory this process ever held, in MiB; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (MEBI if sys.platform == "darwin" else KIBI), 1)


def figures(
    *,
    seconds: float,
    window_painted: float | None,
    first_price: float | None,
    feeds: Mapping[str, ExchangeFigures],
    screen: Mapping[str, float | None],
    delay: Mapping[str, float | None],
    fired: int,
) -> dict[str, Any]:
    """One object of everything; times of start-up in ms since the process began."""
    sums = {name: feed.total for name, feed in feeds.items()}
    total = Counts()
    for each in sums.values():
        total.add(each)
    events: dict[str, Any] = {"total": total.events.total()}
    events.update({name: each.by_type() for name, each in sums.items()})
    return {
        "version": __version__,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(time.process_time(), 3),
        "max_rss_mb": max_rss_mb(),
        "startup_ms": {"window_painted": window_painted, "first_price": first_price},
        "events": events,
        "bad_frames": total.bad_frames,
        "reconnects": total.reconnects,
        "resyncs": total.resyncs,
        "dropped": total.dropped,
        "screen": dict(screen),
        "delay_ms": dict(delay),
        "alerts": {"fired": fired},
    }
