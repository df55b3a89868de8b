"""Closed candles of charts seen before, in an SQLite file that may be deleted at any time."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from ..market.events import Candle
from ..market.instrument import Instrument
from ..market.interval import next_start

log = logging.getLogger(__name__)

VERSION = 1
ROWS_KEPT = 2_000_000  # some 150 MB
ROWS_BETWEEN_TRIMS = 50_000  # so many fewer are left, as counting them all takes a while
BUSY_TRIES, BUSY_WAIT = 5, 0.05  # s, longer each time
BUSY_TIMEOUT = 2.0  # s, where another window writes

SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS series (
    id INTEGER PRIMARY KEY, instrument TEXT, interval TEXT, used INTEGER,
    UNIQUE (instrument, interval)
);
CREATE TABLE IF NOT EXISTS candle (
    series INTEGER, start INTEGER, open REAL, high REAL, low REAL, close REAL, volume REAL,
    PRIMARY KEY (series, start)
) WITHOUT ROWID;
PRAGMA user_version = {VERSION};
COMMIT;
"""
PUT = "INSERT OR REPLACE INTO candle VALUES (?, ?, ?, ?, ?, ?, ?)"
GET = """
SELECT start, open, high, low, close, volume FROM candle
WHERE series = ? AND start < ? ORDER BY start DESC LIMIT ?
"""
DROP_OLDEST = """
DELETE FROM candle WHERE series = ?1 AND start IN
(SELECT start FROM candle WHERE series = ?1 ORDER BY start LIMIT ?2)
"""
LATEST = 2**62
ERROR_CLASS = 0xFF  # SQLite's extended codes carry the plain one in the lowest byte
OTHERS_WRITE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

T = TypeVar("T")


class CandleCache:
    """All its work is done in one thread. It never raises: without a disk it knows nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, "candle cache")
        self._database: sqlite3.Connection | None = None
        self._broken = False
        self._rows_at_most: int | None = None  # None: not yet counted

    async def load(self, instrument: Instrument, interval: str, limit: int) -> list[Candle]:
        """The newest ``limit`` candles without a hole between them, oldest first."""
        return await self.load_before(instrument, interval, LATEST, limit)

    async def load_before(
        self, instrument: Instrument, interval: str, start: int, limit: int
    ) -> list[Candle]:
        """As ``load``, of those that start before a time, ms."""
        return await self._do(lambda: self._load(instrument, interval, start, limit), [])

    async def store(self, candles: Sequence[Candle]) -> None:
        """Remember the closed ones of these, all of one series."""
        closed = [each for each in candles if each.closed]
        if closed:
            await self._do(lambda: self._store(closed), None)

    async def close(self) -> None:
        """Write what is left and let the file go."""
        await self._do(self._close, None)
        self._broken = True
        self._thread.shutdown()

    # ------------------------------------------------------------ in the thread

    async def _do(self, work: Callable[[], T], otherwise: T) -> T:
        if self._broken:
            return otherwise
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._guarded, work, otherwise)

    def _guarded(self, work: Callable[[], T], otherwise: T) -> T:
        for attempt in range(BUSY_TRIES):
            if self._broken:
                break
            try:
                return work()
            except (sqlite3.DatabaseError, OSError) as error:
                self._give_up(error)
                if not _is_busy(error):
                    break
                time.sleep(BUSY_WAIT * (attempt + 1))  # in the cache's own thread
        return otherwise

    def _give_up(self, error: Exception) -> None:
        """Damage is set aside and begun anew; a full or read-only disk ends the cache.

        Where only another window writes for long, the next call may have more luck.
        """
        self._close_quietly()
        self._rows_at_most = None
        if _is_busy(error):
            log.info("the candle cache is busy: %s", error)
            return
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(
            error, sqlite3.OperationalError
        ):
            try:
                self._set_aside("damaged")
            except OSError as problem:
                error = problem
            else:
                log.warning("the candle cache was damaged (%s) and is begun anew", error)
                return
        log.warning("no candle cache: %s", error)
        self._broken = True

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = self._connect()
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
            if version not in (0, VERSION):
                self._close_quietly()
                self._set_aside(f"version-{version}")
                self._database = self._connect()
                version = 0
            if version == 0:
                self._database.executescript(SCHEMA)
        return self._database

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT, check_same_thread=False)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.DatabaseError:
            database.close()
            raise
        return database

    def _set_aside(self, why: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            file = self._path.with_name(self._path.name + suffix)
            if file.exists():
                file.replace(file.with_name(f"{self._path.stem}-{why}{self._path.suffix}{suffix}"))

    def _series(self, instrument: Instrument, interval: str) -> int:
        """The number of a series, which counts as used now."""
        database = self._open()
        row = (str(instrument), interval, int(time.time()))
        with database:
            database.execute(
                "INSERT INTO series (instrument, interval, used) VALUES (?, ?, ?) "
                "ON CONFLICT (instrument, interval) DO UPDATE SET used = excluded.used",
                row,
            )
        found = database.execute(
            "SELECT id FROM series WHERE instrument = ? AND interval = ?", row[:2]
        ).fetchone()
        return int(found[0])

    def _load(self, instrument: Instrument, interval: str, start: int, limit: int) -> list[Candle]:
        series = self._series(instrument, interval)
        rows = self._open().execute(GET, (series, start, limit)).fetchall()
        newest_first = (_candle(instrument, interval, row) for row in rows)
        return list(reversed(list(_without_hole(newest_first))))

    def _store(self, candles: Sequence[Candle]) -> None:
        first = candles[0]
        series = self._series(first.instrument, first.interval)
        rows = [(series, c.start, c.open, c.high, c.low, c.close, c.volume) for c in candles]
        database = self._open()
        with database:
            database.executemany(PUT, rows)
        if self._rows_at_most is not None:
            self._rows_at_most += len(rows)
        if self._rows_at_most is None or self._rows_at_most > ROWS_KEPT:
            self._rows_at_most = self._trim(database)

    def _trim(self, database: sqlite3.Connection) -> int:
        """Where there are too many rows, drop the series not looked at for longest; what is left.

        Of the last series the oldest candles go.
        """
        counts = database.execute(
            "SELECT series.id, count(candle.start) FROM series LEFT JOIN candle "
            "ON candle.series = series.id GROUP BY series.id ORDER BY series.used"
        ).fetchall()
        wanted = ROWS_KEPT - ROWS_BETWEEN_TRIMS
        left = sum(int(count) for _, count in counts)
        for series, count in counts[:-1]:
            if left <= wanted:
                return left
            with database:
                database.execute("DELETE FROM candle WHERE series = ?", (series,))
                database.execute("DELETE FROM series WHERE id = ?", (series,))
            left -= int(count)
        if left > wanted:
            with database:
                database.execute(DROP_OLDEST, (counts[-1][0], left - wanted))
        return min(left, wanted)

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _close_quietly(self) -> None:
        try:
            self._close()
        except sqlite3.DatabaseError:
            self._database = None


def _is_busy(error: Exception) -> bool:
    """Whether another window writes at this moment; changing to WAL does not wait for it."""
    return getattr(error, "sqlite_errorcode", 0) & ERROR_CLASS in OTHERS_WRITE


def _candle(instrument: Instrument, interval: str, row: Sequence[float]) -> Candle:
    start, opened, high, low, close, volume = row
    return Candle(instrument, interval, int(start), opened, high, low, close, volume, True)


def _without_hole(newest_first: Iterable[Candle]) -> Iterable[Candle]:
    """Candles back to the first hole."""
    after: Candle | None = None
    for candle in newest_first:
        if after is not None and next_start(candle.interval, candle.start) != after.start:
            return
        yield candle
        after = candle
