"""The history: everything that fired and how it was told, in an SQLite file that is kept.

It also holds what the engine must know at the next start, so that nothing fires twice and no time
goes unwatched unseen. All calls are made from one thread.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import TickglassError
from ..language import tr
from ..market.instrument import Instrument
from .desk import Range
from .engine import Firing
from .post import Heard, Span
from .roster import Key
from .rows import alert_row
from .watch import Fired, Memory

VERSION = 1
RECORDS_KEPT = 50_000
SPANS_KEPT = 5_000
NO_PRICE = 0.0  # in the file, whose column has never allowed for none
BUSY_TIMEOUT = 5.0  # s, where a script writes

SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS fired (
    id INTEGER PRIMARY KEY, alert TEXT NOT NULL, instrument TEXT NOT NULL, rule TEXT NOT NULL,
    price REAL NOT NULL, value REAL, time INTEGER NOT NULL, seen INTEGER NOT NULL,
    late INTEGER NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS fired_time ON fired (time);
CREATE TABLE IF NOT EXISTS delivery (
    fired INTEGER NOT NULL REFERENCES fired (id) ON DELETE CASCADE,
    way TEXT NOT NULL, worked INTEGER, detail TEXT NOT NULL, time INTEGER NOT NULL,
    PRIMARY KEY (fired, way)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memory (
    alert TEXT, instrument TEXT, told TEXT NOT NULL, PRIMARY KEY (alert, instrument)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS heard (
    instrument TEXT PRIMARY KEY, time INTEGER NOT NULL, price REAL NOT NULL, minute TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS span (
    instrument TEXT, start INTEGER, end INTEGER, filled INTEGER, PRIMARY KEY (instrument, start)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note (key TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = {VERSION};
COMMIT;
"""
ADD = """
INSERT INTO fired (alert, instrument, rule, price, value, time, seen, late, title, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
TOLD = """
INSERT INTO delivery VALUES (?, ?, ?, ?, ?) ON CONFLICT (fired, way)
DO UPDATE SET worked = excluded.worked, detail = excluded.detail, time = excluded.time
"""
NEWEST = "SELECT * FROM fired WHERE id < ? ORDER BY id DESC LIMIT ?"
NEWEST_OF = "SELECT * FROM fired WHERE id < ? AND alert = ? ORDER BY id DESC LIMIT ?"
DELIVERIES = "SELECT * FROM delivery WHERE fired BETWEEN ? AND ? ORDER BY fired, time, way"
WAITING = """
SELECT fired.* FROM fired JOIN delivery ON delivery.fired = fired.id
WHERE delivery.way = ? AND delivery.worked IS NULL ORDER BY fired.id
"""
LAST_FIRED = "SELECT alert, instrument, max(time) AS time, price FROM fired GROUP BY 1, 2"
TRIM = "DELETE FROM fired WHERE id <= (SELECT max(id) FROM fired) - ?"
TRIM_SPANS = """
DELETE FROM span WHERE start <= (SELECT start FROM span ORDER BY start DESC LIMIT 1 OFFSET ?)
"""
LATEST = 2**62


class HistoryError(TickglassError):
    """The history cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One way in which an alert was told: whether it worked, None while it is tried (ms UTC)."""

    way: str
    worked: bool | None
    detail: str
    time: int


@dataclass(frozen=True, slots=True)
class Record:
    """One alert that fired: at which price and exchange time, when that was seen, what was said.

    ``rule`` is the alert as it was, a row of plain values. Times are ms UTC.
    """

    id: int
    alert: str
    instrument: Instrument
    rule: Mapping[str, object]
    price: float | None
    value: float | None
    time: int
    seen: int
    late: bool
    title: str
    body: str
    deliveries: tuple[Delivery, ...] = ()


class History:
    """The file. ``open`` raises HistoryError with a sentence if it cannot be used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None

    def open(self) -> str:
        """Open or make the file; a sentence for the person if a damaged one was set aside."""
        try:
            self._database = self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise self._unusable(error) from error
            return self._begin_anew(error)
        except OSError as error:
            raise self._unusable(error) from error
        return ""

    def close(self) -> None:
        """Let the file go."""
        if self._database is not None:
            self._database.close()
            self._database = None

    # ------------------------------------------------------------ what fired

    def add(self, fired: Fired, title: str, body: str) -> int:
        """Keep what fired before anybody is told; the number of the record."""
        rule = json.dumps(alert_row(fired.alert))
        row = (fired.alert.id, str(fired.instrument), rule, fired.price or NO_PRICE, fired.value,
               fired.time, fired.seen, fired.late, title, body)  # fmt: skip
        with self._open as database:
            number = database.execute(ADD, row).lastrowid or 0
            if number % 1_000 == 0:
                database.execute(TRIM, (RECORDS_KEPT,))
        return number

    def told(self, number: int, delivery: Delivery) -> None:
        """Keep how a record was told in one way, or that it still is tried."""
        worked = None if delivery.worked is None else int(delivery.worked)
        with self._open as database:
            row = (number, delivery.way, worked, delivery.detail, delivery.time)
            database.execute(TOLD, row)

    def newest(self, limit: int, before: int = LATEST, alert: str | None = None) -> list[Record]:
        """The newest records (older than the one numbered ``before``), newest first."""
        database = self._open
        if alert is None:
            rows = database.execute(NEWEST, (before, limit)).fetchall()
        else:
            rows = database.execute(NEWEST_OF, (before, alert, limit)).fetchall()
        return self._records(rows)

    def waiting(self, way: str) -> list[Record]:
        """What still has to be told in one way, oldest first."""
        return self._records(self._open.execute(WAITING, (way,)).fetchall())

    def _records(self, rows: Sequence[sqlite3.Row]) -> list[Record]:
        if not rows:
            return []
        numbers = [row["id"] for row in rows]
        told: dict[int, list[Delivery]] = {}
        for each in self._open.execute(DELIVERIES, (min(numbers), max(numbers))):
            worked = None if each["worked"] is None else bool(each["worked"])
            delivery = Delivery(each["way"], worked, each["detail"], each["time"])
            told.setdefault(each["fired"], []).append(delivery)
        return [
            Record(
                row["id"], row["alert"], Instrument.parse(row["instrument"]),
                json.loads(row["rule"]), row["price"] or None, row["value"],
                row["time"], row["seen"], bool(row["late"]), row["title"], row["body"],
                tuple(told.get(row["id"], ())),
            )
            for row in rows
        ]  # fmt: skip

    # ------------------------------------------------------------ what the engine must know

    def remember(
        self,
        memories: Mapping[Key, Memory],
        heard: Mapping[Instrument, Heard],
        spans: Iterable[tuple[Instrument, Span]] = (),
    ) -> None:
        """Keep what the engine knows, in place of what was kept before."""
        with self._open as database:
            database.execute("DELETE FROM memory")
            database.execute("DELETE FROM heard")
            database.executemany(
                "INSERT INTO memory VALUES (?, ?, ?)",
                (
                    (alert, str(each), _memory_text(told))
                    for (alert, each), told in memories.items()
                ),
            )
            database.executemany(
                "INSERT OR REPLACE INTO heard VALUES (?, ?, ?, ?)",
                ((str(each), it.time, it.price, _range_text(it.minute))
                 for each, it in heard.items()),
            )  # fmt: skip
            database.executemany(
                "INSERT OR REPLACE INTO span VALUES (?, ?, ?, ?)",
                ((str(each), it.start, it.end, it.filled) for each, it in spans),
            )
            database.execute(TRIM_SPANS, (SPANS_KEPT,))

    def recall(self) -> tuple[dict[Key, Memory], dict[Instrument, Heard], dict[Key, Firing]]:
        """What the engine knew, and when each alert fired last, with the price."""
        database = self._open
        memories = {
            (row["alert"], Instrument.parse(row["instrument"])): _memory(row["told"])
            for row in database.execute("SELECT * FROM memory")
        }
        heard = {
            Instrument.parse(row["instrument"]): Heard(
                row["time"], row["price"], _range(row["minute"])
            )
            for row in database.execute("SELECT * FROM heard")
        }
        fired = {
            (row["alert"], Instrument.parse(row["instrument"])): (row["time"], row["price"] or None)
            for row in database.execute(LAST_FIRED)
        }
        return memories, heard, fired

    def note(self, key: str) -> str:
        """A note of an earlier run; nothing if there is none."""
        row = self._open.execute("SELECT text FROM note WHERE key = ?", (key,)).fetchone()
        return str(row["text"]) if row else ""

    def set_note(self, key: str, text: str) -> None:
        """Keep a note for the next run."""
        with self._open as database:
            database.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (key, text))

    def spans(self, instrument: Instrument, limit: int) -> list[Span]:
        """The newest times in which an instrument was not watched, oldest first."""
        rows = self._open.execute(
            "SELECT * FROM span WHERE instrument = ? ORDER BY start DESC LIMIT ?",
            (str(instrument), limit),
        ).fetchall()
        return [
            Span(row["start"], row["end"], None if row["filled"] is None else bool(row["filled"]))
            for row in reversed(rows)
        ]

    # ------------------------------------------------------------ the file

    @property
    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            raise HistoryError("not open", tr("The history of alerts is not open."))
        return self._database

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT, check_same_thread=False)
        try:
            database.row_factory = sqlite3.Row
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")  # what fired must outlive a power cut
            database.execute("PRAGMA foreign_keys = ON")
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise sqlite3.DatabaseError(f"version {version}")
            if version < VERSION:
                database.executescript(SCHEMA)
            if database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("damaged")
        except BaseException:
            database.close()
            raise
        return database

    def _begin_anew(self, why: Exception) -> str:
        """Set a file aside that cannot be read, and begin another."""
        aside = self._path.with_name(f"{self._path.stem}-unreadable{self._path.suffix}")
        number = 1
        while aside.exists():
            number += 1
            aside = self._path.with_name(f"{self._path.stem}-unreadable-{number}.sqlite")
        try:
            self._path.replace(aside)
            for suffix in ("-wal", "-shm"):
                beside = self._path.with_name(self._path.name + suffix)
                if beside.exists():
                    beside.replace(aside.with_name(aside.name + suffix))
            self._database = self._connect()
        except (OSError, sqlite3.DatabaseError) as error:
            raise self._unusable(error) from error
        return tr(
            "The history of alerts could not be read ({reason}); it is kept as {name}, and a new "
            "one is begun.", reason=str(why), name=aside.name,
        )  # fmt: skip

    def _unusable(self, error: Exception) -> HistoryError:
        sentence = tr(
            "The history of alerts cannot be used ({reason}): what fires is told, but not kept.",
            reason=getattr(error, "strerror", None) or str(error),
        )
        return HistoryError(f"{self._path}: {error!r}", sentence)


def _memory_text(memory: Memory) -> str:
    judged = [list(each) for each in memory.judges]
    told = [memory.fired, memory.price, memory.cleared, memory.pending]
    return json.dumps([judged, list(memory.judged), *told])


def _memory(text: str) -> Memory:
    judges, judged, fired, price, cleared, *rest = json.loads(text)
    return Memory(
        tuple(tuple(each) for each in judges),
        tuple((str(interval), int(start)) for interval, start in judged),
        fired, price, bool(cleared), rest[0] if rest else None,
    )  # fmt: skip


def _range_text(minute: Range | None) -> str | None:
    return None if minute is None else json.dumps([minute.start, minute.low, minute.high])


def _range(text: str | None) -> Range | None:
    return Range(*json.loads(text)) if text else None
