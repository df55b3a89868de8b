"""``tickglass replay``: a recording decoded offline."""

from __future__ import annotations

import argparse
import time

from ..exchanges import EXCHANGES
from ..feed.recording import read_recording
from ..feed.replay import Problem, Replay
from ..records import json_line, record, table_line
from ..wiring import known_exchange
from . import headless

SECOND = 1e9


def replay(options: argparse.Namespace) -> int:
    """Print the events of a recording; what cannot be read goes to standard error, counted."""
    entries = read_recording(options.file, _bare_exchange(options))
    pace = _Pace(options.speed)
    unread = broken = 0
    recording = Replay(EXCHANGES)
    for result in recording.run(entries):
        if isinstance(result, Problem):
            unread += result.unread
            broken += not result.unread
            headless.complain(f"line {result.line}: {result.reason}")
            continue
        pace.keep(result.time)
        if options.json:
            row = {**record(result.event, result.book), "line": result.line}
            print(json_line(row))
        else:
            print(table_line(result.event, result.book))
    if unread:
        headless.complain(f"{unread} line{'s' if unread > 1 else ''} could not be read.")
    if broken:
        headless.complain(f"{broken} gap{'s' if broken > 1 else ''} in order books.")
    if recording.unanchored:
        headless.complain(
            f"{recording.unanchored} changes of order books have no snapshot to start from, "
            "so those books are not known."
        )
    return 0


def _bare_exchange(options: argparse.Namespace) -> str | None:
    """The exchange of a file of bare frames: as named, or that of the folder it lies in."""
    if options.exchange is not None:
        return known_exchange(options.exchange).name
    folder = str(options.file.absolute().parent.name)
    return folder if folder in EXCHANGES else None


class _Pace:
    """Holds events back so that they come ``speed`` times as fast as they were recorded."""

    def __init__(self, speed: float | None) -> None:
        self._speed = speed
        self._began: tuple[float, int] | None = None

    def keep(self, recorded: int) -> None:
        """Wait until an event recorded at ``recorded`` (ns) is due."""
        if self._speed is None:
            return
        if self._began is None:
            self._began = (time.monotonic(), recorded)
        start, first = self._began
        due = start + (recorded - first) / SECOND / self._speed
        time.sleep(max(0.0, due - time.monotonic()))
