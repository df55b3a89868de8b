"""Starting Tickglass and the simulated exchanges as processes, and waiting for what they do."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

TICKGLASS = (sys.executable, "-m", "tickglass")
PATIENCE = 30.0
QUIT_WITHIN = 2.0


def wait_until(condition: Callable[[], object], within: float = PATIENCE) -> None:
    """Wait for a condition; fail if it does not come true in time."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.02)


class Running:
    """A Tickglass window in a process of its own."""

    def __init__(self, config: Path, *options: str, **environment: str) -> None:
        self.config = config
        self.errors = config.parent / "stderr.txt"
        with self.errors.open("w") as stderr:
            self.process = subprocess.Popen(
                [*TICKGLASS, "--config-dir", str(config), *options],
                stderr=stderr,
                env={**os.environ, **environment},
            )

    def log(self) -> str:
        """The log file so far."""
        file = self.config / "log" / "tickglass.log"
        return file.read_text() if file.exists() else ""

    def wait_for_prices(self) -> None:
        """Wait until the feed is live."""
        wait_until(lambda: self.process.poll() is not None or "dialling" in self.log())
        assert self.process.poll() is None, self.errors.read_text()

    def quits_in_time(self) -> bool:
        """Whether the process ends by itself, in order and within two seconds."""
        began = time.monotonic()
        status = self.process.wait(PATIENCE)
        return status == 0 and time.monotonic() - began < QUIT_WITHIN

    def complaints(self) -> str:
        """What it wrote to standard error, and what the log holds of errors."""
        bad = [
            line for line in self.log().splitlines() if " ERROR " in line or " CRITICAL " in line
        ]
        return self.errors.read_text() + "\n".join(bad)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.process.send_signal(number)


@contextmanager
def running(config: Path, *options: str, **environment: str) -> Iterator[Running]:
    """A window that is ended at the latest with the context."""
    config.mkdir(parents=True, exist_ok=True)
    window = Running(config, *options, **environment)
    try:
        yield window
    finally:
        if window.process.poll() is None:
            window.process.kill()
            window.process.wait()


@contextmanager
def simulated(*options: str) -> Iterator[dict[str, str]]:
    """A simulated Binance in a process of its own: its addresses."""
    process = subprocess.Popen(
        [*TICKGLASS, "simulate", "--exchange", "binance", *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        addresses: dict[str, dict[str, str]] = json.loads(_line(process.stdout))
        yield addresses["binance"]
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        if process.stdout is not None:
            process.stdout.close()


def _line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline()


def write_settings(config: Path, address: dict[str, str], more: str = "") -> None:
    """Settings that point at a simulated Binance."""
    config.mkdir(parents=True, exist_ok=True)
    (config / "settings.toml").write_text(
        f"version = 1\n[exchanges.binance]\nws = '{address['ws']}'\nrest = '{address['rest']}'\n"
        f"{more}\n"
    )


def last_price(config: Path, pair: str) -> float:
    """The last price that ``tickglass watch`` prints."""
    result = subprocess.run(
        [*TICKGLASS, "watch", f"binance:{pair}", "--json", "--count", "1", "--channel", "trade",
         "--config-dir", str(config), "--for", "20"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    records = [json.loads(line) for line in result.stdout.splitlines()]
    return float(next(each["price"] for each in records if each["type"] == "trade"))


def history(config: Path) -> list[dict[str, Any]]:
    """Everything that fired, oldest first, each with the ways in which it was told."""
    file = config / "data" / "alerts.sqlite"
    if not file.exists():
        return []
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)) as database:
        database.row_factory = sqlite3.Row
        try:
            records = [dict(row) for row in database.execute("SELECT * FROM fired ORDER BY id")]
            told = [dict(row) for row in database.execute("SELECT * FROM delivery")]
        except sqlite3.OperationalError:  # it is being made just now
            return []
    for record in records:
        record["told"] = {
            each["way"]: (each["worked"], each["detail"])
            for each in told
            if each["fired"] == record["id"]
        }
    return records
