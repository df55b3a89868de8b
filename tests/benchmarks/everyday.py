"""What the program costs all day: hidden in the tray, open and idle, and how soon it is there.

The hidden part needs dbus-daemon and Xvfb, because without a tray the window does not hide.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tickglass.simulator.pairs import pairs

from ..session_bus import session_bus
from ..whole.shell import Shell
from .simulated import EXCHANGES, Addresses, served

PAIRS = 40  # on each of five exchanges
RATE = 45  # trades and quotes a second on each exchange: each instrument once a second
SHORT, LONG = 25, 55  # s; the sparklines of so many are there by then
STARTS = 7
START_SECONDS = 5
HIDDEN, IDLE = 0.02, 0.01  # of a core
FIRST_PAINT, FIRST_PRICE, MEMORY = 1_000.0, 1_500.0, 180.0  # ms, ms, MB


def main() -> None:
    """Measure and print."""
    if shutil.which("dbus-daemon") and shutil.which("Xvfb"):
        share, events = asyncio.run(hidden())
        print(f"hidden in the tray, {PAIRS * 5} instruments, {events:.0f} events/s")
        tell(share * 100, "% of a core", HIDDEN * 100)
    else:
        print("hidden in the tray: not measured, dbus-daemon or Xvfb is missing")
    print("open and idle: nothing ticks")
    tell(idle() * 100, "% of a core", IDLE * 100)
    started()


def tell(value: float, words: str, most: float) -> None:
    """A figure and what was asked of it."""
    met = "met" if value <= most else "missed"
    print(f"  {value:7.2f} {words} (target at most {most:g}: {met})")


async def hidden() -> tuple[float, float]:
    """The share of a core, and the events a second."""
    command = ("tests.benchmarks.even_simulator", str(PAIRS), str(RATE))
    with (
        served(*command) as addresses, display() as screen,
        tempfile.TemporaryDirectory() as place, session_bus(Path(place)) as bus,
    ):  # fmt: skip
        surroundings = {
            "DISPLAY": screen, "DBUS_SESSION_BUS_ADDRESS": bus, "QT_QPA_PLATFORM": "xcb",
        }  # fmt: skip
        async with Shell(bus):
            return await asyncio.to_thread(
                share_of_a_core, addresses, ("--minimized",), surroundings
            )


def idle() -> float:
    """The share of a core of an open window to which nothing is sent."""
    with served("tests.benchmarks.even_simulator", str(PAIRS), "0") as addresses:
        return share_of_a_core(addresses, (), {})[0]


def share_of_a_core(
    addresses: Addresses, options: tuple[str, ...], surroundings: dict[str, str]
) -> tuple[float, float]:
    """Of the time between the end of a short run and that of a long one; events a second."""
    short, long = (run(addresses, options, surroundings, each) for each in (SHORT, LONG))
    seconds = long["seconds"] - short["seconds"]
    cpu = (long["cpu_seconds"] - short["cpu_seconds"]) / seconds
    return cpu, (long["events"]["total"] - short["events"]["total"]) / seconds


def run(
    addresses: Addresses, options: tuple[str, ...], surroundings: dict[str, str], seconds: int
) -> dict[str, Any]:
    """The figures of a window that runs for a while."""
    with tempfile.TemporaryDirectory() as folder:
        settings = ["version = 1"]
        names = []
        for name in EXCHANGES:
            at = addresses[name]
            settings += [f"[exchanges.{name}]", f"ws = '{at['ws']}'", f"rest = '{at['rest']}'"]
            names += [f"{name}:{each.base}/{each.quote_ccy}" for each in pairs(PAIRS, name)]
        settings += ["[[watchlists]]", "name = 'All'", f"instruments = {names}"]
        (Path(folder) / "settings.toml").write_text("\n".join(settings))
        return stats(folder, options, surroundings, seconds)


def stats(
    folder: str, options: tuple[str, ...], surroundings: dict[str, str], seconds: int
) -> dict[str, Any]:
    """Run the program and read its figures."""
    file = Path(folder) / "stats.json"
    command = [sys.executable, "-m", "tickglass", "--config-dir", folder, *options]
    command += ["--for", str(seconds), "--stats", str(file)]
    subprocess.run(command, check=True, env={**os.environ, **surroundings})
    figures: dict[str, Any] = json.loads(file.read_text())
    return figures


def started() -> None:
    """The demo's start, beside that of an empty window: the median of several, warm."""
    floor, demo = [], []
    for _ in range(STARTS):
        floor.append(bare())
        with tempfile.TemporaryDirectory() as folder:
            demo.append(stats(folder, ("--demo",), {}, START_SECONDS))
    painted = statistics.median(each["painted_ms"] for each in floor)
    memory = statistics.median(each["rss_mb"] for each in floor)
    print(f"start of the demo, median of {STARTS}")
    print(f"  an empty window with Qt and numpy: painted after {painted:.0f} ms, {memory:.0f} MB")
    for key, words, most in (
        ("window_painted", "ms to the first paint", FIRST_PAINT),
        ("first_price", "ms to the first price", FIRST_PRICE),
    ):
        tell(statistics.median(each["startup_ms"][key] for each in demo), words, most)
    tell(statistics.median(each["max_rss_mb"] for each in demo), "MB at most", MEMORY)


def bare() -> dict[str, Any]:
    """What an empty window reports."""
    command = [sys.executable, "-m", "tests.benchmarks.bare_window"]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    figures: dict[str, Any] = json.loads(told)
    return figures


@contextmanager
def display() -> Iterator[str]:
    """A virtual X display."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as number:
            yield f":{number.readline().strip()}"
        server.terminate()


if __name__ == "__main__":
    main()
