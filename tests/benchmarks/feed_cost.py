"""The window at 3,000 events/s on one connection: smoothness, and feed CPU per event.

Our feed cost is everything the process does but painting. Start-up is taken out by running for a
short and a long time and dividing the differences. Beside it: a plain ``websockets`` loop and
picows on uvloop, which keep one price per symbol and paint nothing, on the same server.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .simulated import served

RATE = 3_000
SHORT, LONG = 10, 30
PEERS = ("plain_websockets", "picows_uvloop")
TICKGLASS = (sys.executable, "-m", "tickglass")


def main() -> None:
    """Measure and print."""
    options = ("--exchange", "binance", "--rate", str(RATE), "--seed", "3")
    with served("tickglass", "simulate", *options) as addresses:
        report(addresses["binance"])


def report(address: dict[str, str]) -> None:
    """Run ours and the peers, one after the other, on one server."""
    short, long = window(address, SHORT), window(address, LONG)
    events = long["events"]["total"] - short["events"]["total"]
    cpu = long["cpu_seconds"] - short["cpu_seconds"]
    painting = long["screen"]["cpu_seconds"] - short["screen"]["cpu_seconds"]
    screen, feed = long["screen"], cpu - painting
    print(f"window at {long['events']['total'] / long['seconds']:.0f} events/s on one connection")
    print(f"  {screen['fps']:.1f} fps, largest gap {screen['gap_ms_max']:.0f} ms")
    print(f"  screen frame {spread(screen, 'frame_ms_p50', 'frame_ms_p99')}")
    print(f"  delay from socket to pixel {spread(long['delay_ms'], 'p50', 'p99')}")
    print(f"  painting {painting / (LONG - SHORT):.0%} of a core, feed {feed / (LONG - SHORT):.0%}")
    print("CPU per event, feed only")
    print(f"  {'tickglass':18} {feed / events * 1e6:6.1f} µs")
    for peer in PEERS:
        cost = run_peer(peer, address)
        print(f"  {peer:18} {cost['cpu_seconds'] / cost['events']['binance'] * 1e6:6.1f} µs")


def spread(figures: dict[str, float], usual: str, worst: str) -> str:
    """Median and 99th percentile in words."""
    return f"p50 {figures[usual]:.1f} ms, p99 {figures[worst]:.1f} ms"


def window(address: dict[str, str], seconds: int) -> dict[str, Any]:
    """The figures of a window that watches every pair for a while."""
    with tempfile.TemporaryDirectory() as folder:
        config, stats = Path(folder) / "config", Path(folder) / "stats.json"
        config.mkdir()
        (config / "settings.toml").write_text(settings(address))
        subprocess.run(
            [*TICKGLASS, "--config-dir", config, "--for", str(seconds), "--stats", stats],
            check=True,
        )
        figures: dict[str, Any] = json.loads(stats.read_text())
        return figures


def settings(address: dict[str, str]) -> str:
    """Settings that watch every pair of the simulated Binance."""
    pairs = subprocess.run(
        [*TICKGLASS, "instruments", "binance", "--json", "--config-dir", make_config(address)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = [f"binance:{json.loads(line)['pair']}" for line in pairs.splitlines()]
    return f"{exchange(address)}\n[[watchlists]]\nname = 'All'\ninstruments = {names}\n"


def exchange(address: dict[str, str]) -> str:
    """The part of the settings that points at the simulated Binance."""
    return f"version = 1\n[exchanges.binance]\nws = '{address['ws']}'\nrest = '{address['rest']}'\n"


def make_config(address: dict[str, str]) -> str:
    """A folder with settings that point at the simulated Binance."""
    folder = tempfile.mkdtemp(prefix="tickglass-bench-")
    (Path(folder) / "settings.toml").write_text(exchange(address))
    return folder


def run_peer(name: str, address: dict[str, str]) -> dict[str, Any]:
    """The cost that a rival client reports."""
    module = f"tests.benchmarks.peers.{name}"
    command = [sys.executable, "-m", module, address["ws"], address["rest"], str(LONG - SHORT)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    cost: dict[str, Any] = json.loads(result.stdout)
    return cost


if __name__ == "__main__":
    main()
