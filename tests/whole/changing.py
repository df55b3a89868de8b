"""A window that changes everything that is kept, or says what it finds: for a test to start.

``python changing.py FOLDER change`` stays until it is ended; ``find`` prints JSON and quits.
"""

import asyncio
import json
import sys
from typing import Any

from PySide6.QtWidgets import QApplication

import tickglass.app
from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.cli import main
from tickglass.market.instrument import Instrument
from tickglass.market.marks import Drawing, Point
from tickglass.options import Value
from tickglass.program import Program
from tickglass.ui.main_window import MainWindow
from tickglass.ui.watchlist.columns import Column

BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("okx", "ETH", "USDT")
# Each different from how it is at first.
CHOSEN: dict[str, Value] = {
    "window.theme": "dark",
    "window.palette": "red-up",
    "window.motion": "reduced",
    "window.rows": "compact",
    "window.change_basis": "2026-01-02T03:04Z",
    "window.sparkline": "7d",
    "window.prices_flash": False,
    "window.language": "de",
    "window.zone": "Asia/Tokyo",
    "window.close_to_tray": True,
    "ticker.shown": True,
    "ticker.instruments": (BTC, ETH),
    "ticker.size": "large",
    "ticker.opacity": 55,
    "ticker.vertical": True,
    "board.instruments": (ETH,),
    "exchanges.okx.enabled": False,
    "exchanges.okx.ws": "wss://ws.example.org",
    "exchanges.okx.rest": "https://rest.example.org",
}
LIST, LAYOUT, KEYS = "Mine – 币", "Wall", "Ctrl+Alt+9"
COLUMNS = [Column.PAIR, Column.LAST, Column.SPREAD]
ALERT = Alert("boat", BTC, (PriceLevel(Kind.CROSSES_UP, 1_000_000.0),))
DRAWING = Drawing("horizontal", (Point(1_700_000_000_000.0, 100.5),))
SIZE = (780, 560)  # on any screen


def window() -> MainWindow:
    """The window of this program."""
    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))


def change(program: Program) -> None:
    """Change everything, each by the way that a person's hand takes."""
    own = window()
    dialog = own.dialogs.open_settings()
    for key, value in CHOSEN.items():
        editor = dialog.rows[key].editor
        editor.show_value(value)
        editor.edited.emit(value)
    dialog.close()
    own.lists.activate(own.lists.add_list(LIST, [BTC, ETH]))
    own.lists.set_columns(COLUMNS)
    own.lists.set_grouped(True)
    own.alert_made.emit(ALERT)
    own.book.choose_keys(next(iter(own.book)).name, KEYS)
    program.keeper.drawings_held.of(BTC).add(DRAWING)
    own.charts.marks_changed.emit()
    own.resize(*SIZE)
    own.arrangement.save_layout_as(LAYOUT)
    own.state_changed.emit()


def find(program: Program) -> dict[str, Any]:
    """What is there, as the window shows it."""
    own = window()
    rows = own.dialogs.open_settings().rows
    lists = own.lists.lists
    return {
        "values": {key: str(rows[key].value) for key in CHOSEN},
        "lists": [[each.name, list(map(str, each.instruments))] for each in lists],
        "looks": [[each.columns, each.grouped] for each in lists],
        "alerts": [each.id for each in program.alerting.engine.alerts],
        "keys": own.book.chosen_keys,
        "drawings": [each.to_row() for each in program.keeper.drawings_held.of(BTC).drawings],
        "layouts": own.layouts.names,
        "size": [own.width(), own.height()],
        "notices": [*program._file.notices, *program.keeper.notices()],
    }


async def stay(stop: asyncio.Event, program: Program, options: object) -> None:
    """In place of waiting: change and be ended, or find and quit."""
    if sys.argv[2] == "change":
        change(program)
        print("changed", flush=True)
        await stop.wait()
    else:
        print(json.dumps(find(program)), flush=True)


if __name__ == "__main__":
    tickglass.app._stay = stay  # type: ignore[assignment]
    folder, task = sys.argv[1:]
    sys.exit(main(["--demo", "--config-dir", folder]))
