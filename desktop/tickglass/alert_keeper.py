"""The history of alerts, reached from the loop: all its work is done in one thread, in order."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from .alerts.history import Delivery, History, HistoryError, Record
from .alerts.watch import Fired
from .language import tr

log = logging.getLogger(__name__)

T = TypeVar("T")


class AlertKeeper:
    """Keeps what fires. ``say`` tells the person once when that no longer works."""

    def __init__(self, path: Path, say: Callable[[str], object]) -> None:
        self._history = History(path)
        self._thread = ThreadPoolExecutor(1, "alert history")
        self._say = say
        self._failed = False
        self._open = False

    async def open(self) -> None:
        """Open the file, and say so if it could not be read or used."""
        try:
            notice = await self._run(self._history.open)
        except HistoryError as error:
            log.error("%s", error)
            self._say(error.sentence)
            return
        self._open = True
        if notice:
            self._say(notice)

    async def do(self, work: Callable[[History], T]) -> T | None:
        """Let the thread do something with the history; None if it cannot."""
        if not self._open:
            return None
        try:
            found = await self._run(lambda: work(self._history))
        except (sqlite3.Error, OSError, HistoryError) as error:
            log.error("history of alerts: %r", error)
            if not self._failed:
                self._say(tr("What alerts did could not be kept: {reason}.", reason=str(error)))
            self._failed = True
            return None
        self._failed = False
        return found

    async def add(self, fired: Fired, title: str, body: str) -> int:
        """Keep what fired; its number, 0 if it could not be kept."""
        return await self.do(lambda history: history.add(fired, title, body)) or 0

    async def told(self, number: int, delivery: Delivery) -> None:
        """Keep how a record was told."""
        if number:
            await self.do(lambda history: history.told(number, delivery))

    async def newest(
        self, limit: int, before: int | None = None, alert: str | None = None
    ) -> list[Record]:
        """The newest records, newest first."""
        older = {} if before is None else {"before": before}
        return await self.do(lambda history: history.newest(limit, alert=alert, **older)) or []

    async def close(self) -> None:
        """Finish what was begun, and let the file go."""
        if self._open:
            await self._run(self._history.close)
            self._open = False
        self._thread.shutdown()

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
