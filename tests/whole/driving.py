"""A person at the window, for a test to start: arranges everything, and is killed at work.

``python -m tests.whole.driving FOLDER TASK [OPTION…]``; what is told goes to standard output as
JSON, a line each.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QSplitter, QWidget

import tickglass.app
from tickglass.cli import main
from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Endpoint
from tickglass.market.indicators import Indicator
from tickglass.market.instrument import Instrument
from tickglass.market.marks import Drawing, Point
from tickglass.program import Program
from tickglass.simulator.thread import SimulatorThread
from tickglass.ui.main_window import MainWindow
from tickglass.ui.watchlist.arranging import Sort
from tickglass.ui.watchlist.columns import Column

PATIENCE = 30.0  # s
BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("okx", "ETH", "USDT")
DOGE, EURO = Instrument("okx", "DOGE", "USDT"), Instrument("coinbase", "BTC", "USD")
SIZE, PLACE = (700, 560), (37, 41)  # on the smallest of screens
TICKER_MOVE = QPoint(60, 40)
EDGE_MOVE, WINDOWS = QPoint(40, 0), [[30, 45, 640, 480], [50, 60, 660, 500]]
BOOK_WIDTH, FOLDED = 300, "BTC/USDT"
KEPT_OFF = "kucoin"
CHOSEN_PAIR, LEFT_OUT = ("ADA", "USDT"), ("DOGE", "USDT")
TREND = Drawing("trend", (Point(1.7e12, 0.1), Point(1.8e12, 0.2)))
LIST = "First"


def window() -> MainWindow:
    """The window of this program."""
    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))


def tell(**what: Any) -> None:
    """Say something to the test."""
    print(json.dumps(what), flush=True)


async def until(condition: Callable[[], object], within: float = PATIENCE) -> None:
    """Wait for a condition; fail if it does not come true in time."""
    end = time.monotonic() + within
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        await asyncio.sleep(0.005)


def press(box: QCheckBox | QPushButton) -> None:
    """Press a button with the mouse, where its mark is."""
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))


# ---------------------------------------------------------------- what there is to change


def arrange_lists(own: MainWindow) -> None:
    """Lists: one renamed, in another order, sorted; one grouped and folded; one closed."""
    lists = own.lists
    lists.rename_list(0, "Large")
    lists.model.move([DOGE], BTC)
    lists.set_columns([Column.EXCHANGE, Column.PAIR, Column.LAST, Column.AGE])
    lists.view.header.resizeSection(Column.LAST, 203)
    lists.sort(Sort(Column.PAIR, descending=True))
    lists.add_list("Gone", [BTC])
    lists.close_list(lists.active)
    lists.add_list("Grouped", [BTC, EURO, ETH])
    lists.set_grouped(True)
    lists.choose(BTC)


def arrange_charts(own: MainWindow) -> None:
    """Charts: three of them, each looking different, the second one active."""
    charts = own.charts
    charts.choose_layout("One above two")
    charts.set_link("crosshair", False)
    first, second, third = charts.panes
    first.choose_group("B")
    first.change_look(
        replace(
            first.look,
            style="hollow",
            scale="log",
            volume=False,
            heat=True,
            zone="Asia/Tokyo",
            indicators=(Indicator.make("macd"), Indicator("sma", (33.0,))),
        )
    )
    charts.activate(second)
    charts.choose_instrument(DOGE)
    second.take_interval("4h")
    charts.activate(third)
    third.compare(ETH)
    charts.activate(second)


def arrange_views(own: MainWindow) -> None:
    """Docks and what is chosen in book and tape."""
    side, docks = own.side, own.docks
    docks.show("book")
    docks.show("tape")
    own.workspace.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["book"])
    own.workspace.tabifyDockWidget(docks["lists"], docks["tape"])
    press(side.together)
    side.book.header.view_chosen.emit("depth")
    side.book.header.unit_chosen.emit("quote")
    side.tape.unit.setCurrentIndex(1)
    side.tape.join.click()
    side.tape.least.setText("2500")
    side.tape.least.editingFinished.emit()
    side.tape.strip.chooser.setCurrentIndex(1)


def arrange_windows(own: MainWindow, program: Program) -> None:
    """The ticker and its place, what the palette was used for, layouts, a drawing."""
    own.setting_chosen.emit("ticker.shown", True)
    ticker = own.companions.ticker
    assert ticker is not None
    button, start = Qt.MouseButton.LeftButton, QPoint(1, 1)
    QTest.mousePress(ticker, button, pos=start)
    QTest.mouseMove(ticker, start + TICKER_MOVE)
    QTest.mouseRelease(ticker, button, pos=start)
    own.palette_box.open_palette()
    QTest.keyClicks(own.palette_box.field, "my own order")
    QTest.keyClick(own.palette_box.field, Qt.Key.Key_Return)
    program.keeper.drawings_held.of(DOGE).add(TREND)
    own.charts.marks_changed.emit()
    own.arrangement.save_layout_as("Desk")
    own.arrangement.save_layout_as("Wall")
    own.arrangement.remove_layout("Desk")


def choose_values(own: MainWindow) -> None:
    """Settings that are also shown in the list's own menu."""
    own.setting_chosen.emit("window.rows", "compact")
    own.setting_chosen.emit("window.sparkline", "7d")


def drag(own: MainWindow) -> None:
    """What a hand on an edge does, of which no button tells."""
    own.resize(*SIZE)
    own.move(*PLACE)
    own.docks.resize({"book": BOOK_WIDTH}, Qt.Orientation.Horizontal)
    fold(own)
    row = own.charts.rows.widget(1)
    assert isinstance(row, QSplitter)
    handle = row.handle(1)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(1, 9))
    QTest.mouseMove(handle, QPoint(1, 9) + EDGE_MOVE)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(1, 9))
    for window, place in zip(windows(own), WINDOWS, strict=True):
        window.setGeometry(*place)


def fold(own: MainWindow) -> None:
    """Fold the pair that holds the chosen row."""
    view = own.lists.view
    heading = own.lists.model.line_of(FOLDED)
    assert heading is not None
    view.setCurrentIndex(own.lists.model.index(heading, Column.PAIR))
    QTest.keyClick(view, Qt.Key.Key_Left)


def windows(own: MainWindow) -> tuple[QWidget, QWidget]:
    """The feed panel and the settings, open."""
    return own.open_feed(), own.dialogs.open_settings()


def told(own: MainWindow, program: Program) -> dict[str, Any]:
    """Everything that can be seen of it, so that two windows can be compared."""
    state = own.arrangement.save_state()
    state.pop("geometry")
    state.pop("docks")
    docks = own.docks
    return {
        "state": state,
        "size": [own.width(), own.height()],
        "place": [own.x(), own.y()],
        "docks": {
            name: [docks.shown(name), own.workspace.dockWidgetArea(docks[name]).name]
            for name in docks.names
        },
        "book": docks["book"].width(),
        "charts": own.charts.rows.edges.of(own.charts.layout_name),
        "windows": [list(each.geometry().getRect()) for each in windows(own)],
        "tabs": [each.objectName() for each in own.workspace.tabifiedDockWidgets(docks["lists"])],
        "lists": [
            [each.name, list(map(str, each.instruments)), each.columns, each.grouped]
            for each in own.lists.lists
        ],
        "chosen": str(own.lists.current),
        "layouts": [own.layouts.names, own.layouts.current],
        "drawings": [each.to_row() for each in program.keeper.drawings_held.of(DOGE).drawings],
        "compact": own.lists.compact,
        "span": own.lists.span,
        "ticker": own.companions.ticker is not None and own.companions.ticker.isVisible(),
        "values": {key: str(value) for key, value in program.settings.values().items()},
        "alerts": [each.id for each in program.alerting.engine.alerts],
        "notices": [*program._file.notices, *program.keeper.notices()],
    }


# ---------------------------------------------------------------- tasks


def die() -> None:
    """End as at a power cut: nothing of the program runs any more."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


async def saved(program: Program) -> float:
    """Wait until nothing is being saved any more; how long that took, ms."""
    began = time.monotonic()
    keeper = program.keeper
    savers = (keeper.settings, keeper.window, keeper.layouts, keeper.drawings)
    await until(lambda: all(each._task is None or each._task.done() for each in savers))
    return round((time.monotonic() - began) * 1000, 1)


async def arrange(program: Program) -> None:
    """Change everything, each time until it is saved; be killed then."""
    own = window()
    await until(lambda: own.listings)
    waited = []
    for step in (
        lambda: arrange_charts(own),
        lambda: arrange_lists(own),
        lambda: arrange_views(own),
        lambda: arrange_windows(own, program),
        lambda: choose_values(own),
    ):
        step()
        waited.append(await saved(program))
    written = program.keeper.window._written
    drag(own)
    await until(lambda: program.keeper.window._written != written)
    found = told(own, program)
    tell(waited=waited, rested=await saved(program), **found)
    die()


async def choose(program: Program) -> None:
    """Only choose settings; be killed as soon as they are saved."""
    own = window()
    own.state_changed.emit()  # how the window was before is on the disk
    await saved(program)
    choose_values(own)
    tell(waited=[await saved(program)], compact=own.lists.compact, span=own.lists.span)
    die()


async def look(program: Program) -> None:
    """Say how everything is, as soon as it is there and again when prices flow."""
    own = window()
    tell(**told(own, program))
    await until(lambda: own.listings and own.store.state(BTC).last is not None)
    await asyncio.sleep(0.3)
    tell(**told(own, program))


async def begin(program: Program) -> None:
    """Answer the first page with the mouse, and be killed once that is saved."""
    own = window()
    page = own.welcome
    tell(welcoming=own.welcoming, returnable=page.back.isVisible())
    await until(lambda: "kucoin" in {each.instrument.exchange for each in own.listings})
    await until(lambda: page.exchanges.answers["okx"].text().startswith("OKX refuses"))
    press(page.exchanges.boxes[KEPT_OFF])
    press(page.pairs.tiles[CHOSEN_PAIR].box)
    press(page.pairs.tiles[LEFT_OUT].box)
    page.name.setFocus()
    page.name.selectAll()
    QTest.keyClicks(page.name, LIST)
    press(page.start)
    tell(welcoming=own.welcoming, waited=await saved(program))
    die()


async def greet(program: Program) -> None:
    """Say whether the first page is shown, and what there is."""
    own = window()
    await asyncio.sleep(0.2)
    tell(
        welcoming=own.welcoming,
        lists=[[each.name, list(map(str, each.instruments))] for each in own.lists.lists],
        exchanges=[name for name, each in program.settings.exchanges.items() if each.enabled],
        chart=str(own.charts.active.instrument),
        title=own.windowTitle(),
    )


async def demo(program: Program) -> None:
    """Choose the simulated prices on the first page; wait for one, and quit."""
    own = window()
    press(own.welcome.demo)
    await until(lambda: not own.welcoming)
    await until(lambda: own.store.state(BTC).last is not None)
    await greet(program)


TASKS = {each.__name__: each for each in (arrange, choose, look, begin, greet, demo)}


async def stay(stop: asyncio.Event, program: Program, options: object) -> None:
    """In place of waiting: do the task, and quit."""
    try:
        await TASKS[sys.argv[2]](program)
    except BaseException as error:
        tell(failed=repr(error))
        raise


def run() -> int:
    """The program, with a person at it; without --demo its hosts are simulated ones."""
    tickglass.app._stay = stay  # type: ignore[assignment]
    arguments = ["--config-dir", sys.argv[1], *sys.argv[3:]]
    if "--demo" in arguments:
        return main(arguments)
    from tickglass.simulator.faults import Faults

    open_ = SimulatorThread([name for name in EXCHANGES if name != "okx"], rate=50.0)
    refusing = SimulatorThread(["okx"], rate=1.0, faults=Faults(refuse=451))
    try:
        for name, at in (open_.start() | refusing.start()).items():
            EXCHANGES[name].endpoints = (Endpoint(at["ws"], at["rest"]),)
        return main(arguments)
    finally:
        open_.stop()
        refusing.stop()


if __name__ == "__main__":
    sys.exit(run())
