"""Pan and zoom over 500,000 candles with three indicators, beside finplot and plain pyqtgraph.

Milliseconds of a step with its painting, software rendering, each chart in a process of its own.
The plain pyqtgraph example has no indicators and 20,000 candles: with all of them one frame takes
many seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from .chart_data import COUNT, VIEWS

CLIENTS = {
    "tickglass": "tests.benchmarks.own_chart",
    "finplot": "tests.benchmarks.peers.finplot_chart",
    "pyqtgraph example": "tests.benchmarks.peers.pyqtgraph_candles",
}
BINDINGS = {"finplot": "PyQt6", "pyqtgraph example": "PySide6"}
PATIENCE = 180.0  # s
TARGET, TRADE_TARGET = 16.0, 1.0  # ms


def main() -> None:
    """Measure and print."""
    found = {name: figures(name, module) for name, module in CLIENTS.items()}
    print(f"charts of {COUNT:,} candles, three indicators; ms a step, p50 / p99")
    columns = [f"{what} {bars}" for bars in VIEWS for what in ("pan", "zoom")]
    print("  " + " " * 20 + "".join(f"{column:>18}" for column in columns))
    for name, one in found.items():
        print(f"  {name:20}" + "".join(f"{cell(one, column):>18}" for column in columns))
    ours = found["tickglass"]
    if ours is not None:
        worst = max(ours[column]["p99"] for column in columns)
        print(f"  target: p99 at most {TARGET:.0f} ms: {worst:.1f}, {yes(worst <= TARGET)}")
        trade = ours["trade"]
        print(
            f"  one trade more: p50 {trade['p50']:.2f} ms, p99 {trade['p99']:.2f} ms; "
            f"target at most {TRADE_TARGET:.0f}: {yes(trade['p50'] <= TRADE_TARGET)}"
        )


def figures(name: str, module: str) -> dict[str, Any] | None:
    """What a chart's process measured; None if its library is not installed or it fails."""
    environment = {**os.environ, "PYQTGRAPH_QT_LIB": BINDINGS.get(name, "")}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        result = subprocess.run(
            [sys.executable, "-m", module],
            check=True, capture_output=True, text=True, env=environment, timeout=PATIENCE,
        )  # fmt: skip
    except subprocess.SubprocessError as error:
        print(f"  {name}: {error}")
        return None
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


def cell(one: dict[str, Any] | None, column: str) -> str:
    """A cell of the table."""
    return "—" if one is None else f"{one[column]['p50']:.1f} / {one[column]['p99']:.1f}"


def yes(met: bool) -> str:
    """Whether a target is met, in a word."""
    return "met" if met else "missed"


if __name__ == "__main__":
    main()
