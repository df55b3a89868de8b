"""The log file: written by a thread of its own, so that a slow disk never holds up a price."""

from __future__ import annotations

import logging
import logging.handlers
import queue
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FILE_BYTES = 1_000_000
FILES_KEPT = 3
LINES_WAITING = 10_000


class LogFile(logging.handlers.RotatingFileHandler):
    """A disk that is full or gone costs lines of the log, never the program."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Do without the line."""

    def close(self) -> None:
        """Close the file, whatever the disk says to what is still to be written."""
        with suppress(OSError):
            super().close()


@contextmanager
def log_to(folder: Path) -> Iterator[None]:
    """Log to ``tickglass.log`` in a folder; where that cannot be written, to standard error."""
    handler = _file(folder)
    handler.setFormatter(logging.Formatter(LINE))
    waiting: queue.Queue[object] = queue.Queue(LINES_WAITING)
    entrance = logging.handlers.QueueHandler(waiting)
    listener = logging.handlers.QueueListener(waiting, handler)
    root = logging.getLogger()
    root.addHandler(entrance)
    root.setLevel(logging.INFO)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    listener.start()
    try:
        yield
    finally:
        root.removeHandler(entrance)
        listener.stop()
        handler.close()


def _file(folder: Path) -> logging.Handler:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return LogFile(
            folder / "tickglass.log", maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
        )
    except OSError:
        return logging.StreamHandler()
