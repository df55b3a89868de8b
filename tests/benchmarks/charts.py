"""Pan and zoom over 500,000 candles with three indicators, beside finplot and plain pyqtgraph.

Milliseconds of a step with its painting, software rendering, each chart in a process of its own.
Beside it, of our chart, what one trade more costs to paint: the painting alone, and the whole turn
of the loop with the change of the series in it.

The plain pyqtgraph example has no indicators and 20,000 candles: with all of them one frame takes
many seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from tickglass.market.candles import CLOSE
from tickglass.market.events import Trade
from tickglass.market.freshness import Freshness
from tickglass.market.indicators import Indicator
from tickglass.ui.chart.chart_view import ChartView
from tickglass.ui.chart.look import Look
from tickglass.ui.theme import DARK, Theme, apply_theme

from .chart_data import COUNT, MINUTE, SIZE, VIEWS, measure, tell
from .own_chart import BTC, KINDS, TRADES, filled

CLIENTS = {
    "tickglass": "tests.benchmarks.own_chart",
    "finplot": "tests.benchmarks.peers.finplot_chart",
    "pyqtgraph example": "tests.benchmarks.peers.pyqtgraph_candles",
}
BINDINGS = {"finplot": "PyQt6", "pyqtgraph example": "PySide6"}
PATIENCE = 180.0  # s
TARGET, TRADE_TARGET = 16.0, 1.0  # ms
PAINTING = "painting"  # the word for measuring that alone
WARM_UP = 20  # trades


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
    tell_painting()


def tell_painting() -> None:
    """Print what one trade more costs a chart of all candles."""
    found = figures("one trade more", "tests.benchmarks.charts", PAINTING)
    if found is None:
        return
    painting, turn = found["painting"], found["turn"]
    print(
        f"  one trade more: painting p50 {painting['p50']:.2f} ms, p99 {painting['p99']:.2f} ms; "
        f"target at most {TRADE_TARGET:.0f}: {yes(painting['p50'] <= TRADE_TARGET)}; "
        f"the whole turn {turn['p50']:.2f} / {turn['p99']:.2f}"
    )


def measure_painting() -> None:
    """Measure, in a process of its own, what one trade more costs; tell it as JSON."""
    application = QApplication([])
    apply_theme(application, DARK)
    series, view = filled(), TimedChart(DARK)
    view.set_look(Look(indicators=tuple(Indicator.make(kind) for kind in KINDS)))
    view.resize(*SIZE)
    view.show()
    view.show_series(series, 2)
    view.flush(None, Freshness.LIVE)
    newest, last = int(series.starts[-1]) + MINUTE, float(series.rows[CLOSE, -1])

    def trade(number: int) -> None:
        price = last * (1 + number % 7 / 100_000)
        series.trade(Trade(BTC, newest, str(number), price, 1.0, "buy"))
        view.flush(price, Freshness.LIVE, newest + number * 100)
        application.processEvents()

    for number in range(WARM_UP):
        trade(number)
    view.taken.clear()
    turn = measure(trade, TRADES)
    tell({"painting": percentiles(view.taken), "turn": turn})


class TimedChart(ChartView):
    """A chart that notes the milliseconds of every painting in ``taken``."""

    def __init__(self, theme: Theme) -> None:
        self.taken: list[float] = []
        super().__init__(theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and note how long it took."""
        began = time.perf_counter()
        super().paintEvent(event)
        self.taken.append((time.perf_counter() - began) * 1_000)


def percentiles(taken: list[float]) -> dict[str, float]:
    """The middle, and what one in a hundred is above."""
    ordered = sorted(taken)
    return {"p50": ordered[len(ordered) // 2], "p99": ordered[int(len(ordered) * 0.99)]}


def figures(name: str, module: str, *words: str) -> dict[str, Any] | None:
    """What a chart's process measured; None if its library is not installed or it fails."""
    environment = {**os.environ, "PYQTGRAPH_QT_LIB": BINDINGS.get(name, "")}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        result = subprocess.run(
            [sys.executable, "-m", module, *words],
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
    measure_painting() if PAINTING in sys.argv else main()
