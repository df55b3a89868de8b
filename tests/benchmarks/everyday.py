"""What the program costs all day: hidden in the tray, open and idle, and how soon it is there.

Needs Linux. The hidden part needs dbus-daemon and Xvfb too, because without a tray the window does
not hide.
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
import time
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
SETTLED, MEASURED, SPARE = 25, 40, 3  # s; the sparklines of so many are there by then
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
    """Between SETTLED and the end of a run; and the events a second over all of it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = ["version = 1"]
        names = []
        for name in EXCHANGES:
            at = addresses[name]
            settings += [f"[exchanges.{name}]", f"ws = '{at['ws']}'", f"rest = '{at['rest']}'"]
            names += [f"{name}:{each.base}/{each.quote_ccy}" for each in pairs(PAIRS, name)]
        settings += ["[[watchlists]]", "name = 'All'", f"instruments = {names}"]
        (Path(folder) / "settings.toml").write_text("\n".join(settings))
        process = start(folder, options, surroundings, SETTLED + MEASURED + SPARE)
        time.sleep(SETTLED)
        before, began = cpu_seconds(process.pid), time.monotonic()
        time.sleep(MEASURED)
        cpu = (cpu_seconds(process.pid) - before) / (time.monotonic() - began)
        process.wait()
        figures = read_stats(folder)
    return cpu, figures["events"]["total"] / figures["seconds"]


def cpu_seconds(pid: int) -> float:
    """What a process has used so far, all its threads; from /proc/PID/stat (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stats(
    folder: str, options: tuple[str, ...], surroundings: dict[str, str], seconds: int
) -> dict[str, Any]:
    """Run the program and read its figures."""
    assert start(folder, options, surroundings, seconds).wait() == 0
    return read_stats(folder)


def start(
    folder: str, options: tuple[str, ...], surroundings: dict[str, str], seconds: int
) -> subprocess.Popen[bytes]:
    """The program, with files of its own, for so many seconds."""
    command = [sys.executable, "-m", "tickglass", "--config-dir", folder, *options]
    command += ["--for", str(seconds), "--stats", str(Path(folder) / "stats.json")]
    return subprocess.Popen(command, env={**os.environ, **surroundings})


def read_stats(folder: str) -> dict[str, Any]:
    """What a run left behind."""
    figures: dict[str, Any] = json.loads((Path(folder) / "stats.json").read_text())
    return figures


def started() -> None:
    """The demo's start, beside that of an empty window: the median of several, warm.

    Both run compiled, as an installed program does; the first start, compiling, is not counted.
    """
    floor, demo = [], []
    with tempfile.TemporaryDirectory() as compiled:
        surroundings = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled}
        for _ in range(1 + STARTS):
            floor.append(bare(surroundings))
            with tempfile.TemporaryDirectory() as folder:
                demo.append(stats(folder, ("--demo",), surroundings, START_SECONDS))
    del floor[0], demo[0]
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


def bare(surroundings: dict[str, str]) -> dict[str, Any]:
    """What an empty window reports."""
    command = [sys.executable, "-m", "tests.benchmarks.bare_window"]
    environment = {**os.environ, **surroundings}
    told = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env=environment
    ).stdout
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
