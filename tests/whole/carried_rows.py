"""A panel of watchlists on a real screen: the pointer carries rows, and what became is printed.

Each argument is one drag: ``2>0`` carries row 2 before row 0, ``0>tab 1`` onto the second list's
tab, a leading ``ctrl `` holds that key. Needs an X display and xdotool.
"""

import json
import subprocess
import sys
import time

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from tickglass.market.instrument import Instrument
from tickglass.market.store import Store
from tickglass.market.watchlist import Watchlist
from tickglass.ui.theme import DARK
from tickglass.ui.watchlist.columns import Column
from tickglass.ui.watchlist.panel import WatchlistPanel

MAJORS = [Instrument("binance", base, "USDT") for base in ("BTC", "ETH", "SOL")]
ALTS = [Instrument("binance", "XRP", "USDT")]
PATIENCE = 20.0  # s


def main() -> None:
    """Show the panel, carry out the drags, print the lists."""
    application = QApplication(sys.argv[:1])
    panel = WatchlistPanel(Store(), DARK, {"binance": "Binance"})
    panel.set_lists([Watchlist("Majors", MAJORS), Watchlist("Alts", ALTS)])
    panel.resize(900, 300)
    panel.show()
    settle(application, 0.5)
    for words in sys.argv[1:]:
        carry(application, panel, words)
    print(json.dumps([[each.base for each in one.instruments] for one in panel.lists]))
    panel.deleteLater()
    settle(application, 0.1)


def carry(application: QApplication, panel: WatchlistPanel, words: str) -> None:
    """One drag, by the pointer of the screen."""
    key, _, way = words.rpartition("ctrl ")
    start, _, end = way.partition(">")
    begin, goal = row(panel, int(start)), place(panel, end)
    held = words.startswith("ctrl ") or bool(key)
    steps = [f"mousemove {begin.x()} {begin.y()}", "mousedown 1"]
    for part in (0.3, 0.6, 0.9, 1.0):
        at = begin + (goal - begin) * part
        steps.append(f"mousemove {at.x()} {at.y()} sleep 0.1")
    steps += ["keydown ctrl sleep 0.1"] if held else []
    steps += [f"mousemove {goal.x() + 1} {goal.y()} sleep 0.2", "mouseup 1 sleep 0.1"]
    steps += ["keyup ctrl"] if held else []
    pointer = subprocess.Popen(["xdotool", *" ".join(steps).split()])
    end_at = time.monotonic() + PATIENCE
    while pointer.poll() is None and time.monotonic() < end_at:
        application.processEvents()
        time.sleep(0.005)
    settle(application, 0.3)


def row(panel: WatchlistPanel, number: int) -> QPoint:
    view = panel.view
    cell = view.visualRect(panel.model.index(number, Column.LAST))
    return view.viewport().mapToGlobal(cell.center())


def place(panel: WatchlistPanel, words: str) -> QPoint:
    if words.startswith("tab "):
        return panel.tabs.mapToGlobal(panel.tabs.tabRect(int(words[4:])).center())
    cell = panel.view.visualRect(panel.model.index(int(words), Column.LAST))
    return panel.view.viewport().mapToGlobal(QPoint(cell.center().x(), cell.top() + 2))


def settle(application: QApplication, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        application.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    main()
