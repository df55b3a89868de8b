"""The whole window under load: a table of 50 rows, a chart, the order book and the tape.

CPU is that of the process, painting and feed together, without its start: a short run is taken off
a long one. The second part shows what three more charts cost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from tickglass.simulator.pairs import pairs

from .simulated import served

ROWS = 50
SHORT, LONG = 8, 24  # s
BESIDE = {"book": True, "tape": True}
ONE = ("One chart", 1)
FOUR = ("Four", 4)


class Target(NamedTuple):
    """What is asked at an event rate."""

    rate: int
    fps: float
    cpu: float  # of a core
    frame_ms: float | None
    gap_ms: float | None


TARGETS = (Target(3_000, 28.0, 0.30, 16.0, 100.0), Target(10_000, 25.0, 0.60, None, None))
MORE_CHARTS = 0.10  # of a core


def main() -> None:
    """Measure and print."""
    for target in TARGETS:
        figures = run(target.rate, ONE, BESIDE)
        events, screen = figures["events"], figures["screen"]
        print(f"table of {ROWS} rows, chart, book and tape at {events:.0f} events/s")
        told = [
            ("fps", screen["fps"], screen["fps"] >= target.fps, f"at least {target.fps:.0f}"),
            ("of a core", figures["cpu"], figures["cpu"] <= target.cpu, f"at most {target.cpu}"),
        ]
        if target.frame_ms is not None and target.gap_ms is not None:
            frame, gap = screen["frame_ms_p99"], screen["gap_ms_max"]
            told += [
                ("ms a frame, p99", frame, frame <= target.frame_ms, f"at most {target.frame_ms}"),
                ("ms largest gap", gap, gap <= target.gap_ms, f"at most {target.gap_ms}"),
            ]
        for words, value, met, asked in told:
            print(f"  {value:7.2f} {words} (target {asked}: {'met' if met else 'missed'})")
    one, four = (run(3_000, layout, {})["cpu"] for layout in (ONE, FOUR))
    met = "met" if four - one <= MORE_CHARTS else "missed"
    print(f"four charts: {four:.2f} of a core, one: {one:.2f} (target at most 0.10 more: {met})")


def run(rate: int, layout: tuple[str, int], side: dict[str, bool]) -> dict[str, Any]:
    """What the window did between the end of a short run and that of a long one."""
    options = ("--exchange", "binance", "--rate", str(rate), "--pairs", str(ROWS), "--seed", "3")
    with served("tickglass", "simulate", *options) as addresses:
        address = addresses["binance"]
        short, long = (window(address, layout, side, seconds) for seconds in (SHORT, LONG))
    seconds = long["seconds"] - short["seconds"]
    return {
        "cpu": (long["cpu_seconds"] - short["cpu_seconds"]) / seconds,
        "events": (long["events"]["total"] - short["events"]["total"]) / seconds,
        "screen": long["screen"],
    }


def window(
    address: dict[str, str], layout: tuple[str, int], side: dict[str, bool], seconds: int
) -> dict[str, Any]:
    """The figures of a window that runs for a while."""
    names = [f"binance:{pair.base}/{pair.quote_ccy}" for pair in pairs(ROWS, "binance")]
    name, count = layout
    charts = [{"instrument": each, "interval": "1m", "look": {}} for each in names[:count]]
    with tempfile.TemporaryDirectory() as folder:
        config, stats = Path(folder), Path(folder) / "stats.json"
        (config / "settings.toml").write_text(
            "version = 1\n[exchanges.binance]\n"
            f"ws = '{address['ws']}'\nrest = '{address['rest']}'\n"
            f"[[watchlists]]\nname = 'All'\ninstruments = {names}\n"
        )
        (config / "window.json").write_text(
            json.dumps({
                "instrument": names[0],
                "charts": {"layout": name, "charts": charts, "active": 0},
                "side": side,
            })
        )  # fmt: skip
        command = [sys.executable, "-m", "tickglass", "--config-dir", folder]
        command += ["--for", str(seconds), "--stats", str(stats)]
        subprocess.run(command, check=True, env=dict(os.environ))
        figures: dict[str, Any] = json.loads(stats.read_text())
        return figures


if __name__ == "__main__":
    main()
