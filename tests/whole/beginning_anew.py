"""A person who changes the language again and again, for a test to start.

``python -m tests.whole.beginning_anew FOLDER [OPTION…]``: each time the program has begun anew it
says, as a line of JSON, what there is of windows, tasks and timers, and what was left behind.
"""

import asyncio
import gc
import os
import sys
import threading
from contextlib import suppress
from itertools import cycle

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

import tickglass.app
from tickglass.cli import main
from tickglass.market.store import Store
from tickglass.program import Program
from tickglass.ui.main_window import MainWindow

from .driving import BTC, tell, until

TIMES = 6
LANGUAGES = cycle(("de", "zh_CN", "en"))
runs = 0


def window() -> MainWindow:
    """The only window of the program."""
    (found,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)]
    return found


def left_behind() -> dict[str, int]:
    """How many there are of what each run makes anew."""
    gc.unfreeze()
    gc.collect()
    counted = (Program, Store, MainWindow, QTimer, QSystemTrayIcon)
    found = [each for each in gc.get_objects() if isinstance(each, counted)]
    return {kind.__name__: sum(type(each) is kind for each in found) for kind in counted}


def sockets() -> int:
    """How many sockets are open."""
    found = 0
    for each in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            found += os.readlink(f"/proc/self/fd/{each}").startswith("socket")
    return found


async def stay(stop: asyncio.Event, program: Program, options: object) -> None:
    """In place of waiting: see that prices flow, and choose another language."""
    global runs
    runs += 1
    own = window()
    await until(lambda: own.store.state(BTC).last is not None and own.listings)
    own.dialogs.open_settings()
    tell(
        title=own.book.action("settings").text(),
        language=program.settings.window.language,
        tasks=len(asyncio.all_tasks()),
        sockets=sockets(),
        threads=threading.active_count(),
        windows=sum(each.isVisible() for each in QApplication.topLevelWidgets()),
        price=own.store.state(BTC).last is not None,
        **left_behind(),
    )  # fmt: skip
    if runs < TIMES:
        own.setting_chosen.emit("window.language", next(LANGUAGES))
        await until(lambda: stop.is_set())


if __name__ == "__main__":
    tickglass.app._stay = stay  # type: ignore[assignment]
    sys.exit(main(["--config-dir", *sys.argv[1:]]))
