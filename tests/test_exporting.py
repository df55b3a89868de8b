"""Candles as files: every figure comes back, and half a file is never left."""

from pathlib import Path

import numpy as np
import pytest

from tickglass.exporting import csv_text, write_csv, write_parquet
from tickglass.market.instrument import Instrument

PEPE = Instrument("kucoin", "PEPE", "USDT")
ROWS = np.array([
    [1_795_348_800_000.0, 0.00001234, 0.0000125, 0.0000123, 0.0000124, 1_000_000.5],
    [1_795_348_860_000.0, 0.0000124, 0.0000124, 0.00001, 0.00001, 0.0],
]).T  # fmt: skip


def test_csv_has_a_line_a_candle_with_plain_numbers_and_times_in_utc() -> None:
    assert csv_text(PEPE, "1m", ROWS) == (
        "instrument,interval,start,open,high,low,close,volume\n"
        "kucoin:PEPE/USDT,1m,2026-11-22T12:00:00Z,"
        "0.00001234,0.0000125,0.0000123,0.0000124,1000000.5\n"
        "kucoin:PEPE/USDT,1m,2026-11-22T12:01:00Z,0.0000124,0.0000124,0.00001,0.00001,0\n"
    )


def test_csv_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "candles.csv"
    write_csv(path, PEPE, "1m", ROWS)
    assert path.read_text() == csv_text(PEPE, "1m", ROWS)
    with pytest.raises(OSError):
        write_csv(tmp_path / "candles.csv" / "inside", PEPE, "1m", ROWS)
    assert [each.name for each in tmp_path.iterdir()] == ["candles.csv"]


def test_parquet_holds_the_same_figures_and_says_whose_they_are(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "candles.parquet"
    write_parquet(path, PEPE, "1m", ROWS)
    table = parquet.read_table(path)
    assert table.column_names == ["start", "open", "high", "low", "close", "volume"]
    assert table["close"].to_pylist() == [0.0000124, 0.00001]
    assert table["start"].to_pylist()[1].isoformat() == "2026-11-22T12:01:00+00:00"
    assert table.schema.metadata[b"instrument"] == b"kucoin:PEPE/USDT"
    assert [each.name for each in tmp_path.iterdir()] == ["candles.parquet"]
