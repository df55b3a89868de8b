"""Candles as files for other programs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .errors import UsageError
from .files import write_atomically
from .language import tr
from .market.candles import FIELDS, START, Floats
from .market.instrument import Instrument
from .market.number import plain

MS = 1_000
PARQUET_COMMAND = "pip install 'tickglass[parquet]'"


def csv_text(instrument: Instrument, interval: str, rows: Floats) -> str:
    """Candles as CSV: their instrument and interval, the start as ISO 8601 UTC, plain numbers."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("instrument", "interval", *FIELDS))
    for start, *values in rows.T.tolist():
        moment = datetime.fromtimestamp(start / MS, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        writer.writerow((instrument, interval, moment, *map(_number, values)))
    return text.getvalue()


def parquet_table(instrument: Instrument, interval: str, rows: Floats) -> Any:
    """Candles as a table of pyarrow; raises UsageError where that is not installed."""
    try:
        import pyarrow
    except ImportError as error:
        sentence = tr("Parquet needs the extra: {command}.", command=PARQUET_COMMAND)
        raise UsageError(sentence) from error
    columns = {
        "start": pyarrow.array(rows[START].astype("int64"), pyarrow.timestamp("ms", tz="UTC"))
    }
    for place, name in enumerate(FIELDS[1:], start=1):
        columns[name] = pyarrow.array(rows[place])
    table = pyarrow.table(columns)
    about = {"instrument": str(instrument), "interval": interval}
    return table.replace_schema_metadata(about)


def write_csv(path: Path, instrument: Instrument, interval: str, rows: Floats) -> None:
    """Write candles whole or not at all; raises OSError."""
    write_atomically(path, csv_text(instrument, interval, rows))


def write_parquet(path: Path, instrument: Instrument, interval: str, rows: Floats) -> None:
    """As ``write_csv``; raises UsageError without pyarrow."""
    table = parquet_table(instrument, interval, rows)
    from pyarrow import parquet

    beside = path.with_name(f".{path.name}.part")
    try:
        parquet.write_table(table, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _number(value: float) -> str:
    return str(plain(value))
