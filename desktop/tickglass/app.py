"""The composition root: the Qt application, the loop, the program in it, and the way out.

Everything that means quit only sets an event; ``_main`` then stops the feed, saves, hides the tray
and returns, and that ends the loop. Nothing else may end it: Qt's own quit leaves the loop before
anything could be cleaned up.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import math
import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, suppress
from types import TracebackType
from typing import Any

os.environ["QT_API"] = "pyside6"  # qasync guesses a binding, preferring PyQt

# PySide6 comes before qasync, which takes the binding that is there.
from PySide6.QtCore import QEvent, QLocale
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from .alert_requests import RAISE
from .bundle import complete_import
from .delivery.native import make_notifier
from .delivery.remote import Keyring, Remote
from .delivery.sound import Sounds
from .exchanges import EXCHANGES
from .instance import Instance, ask
from .language import speak
from .logs import log_to
from .market.store import Store
from .paths import Paths, find_paths
from .program import Begun, Program
from .settings import SettingsFile
from .ui import formats
from .ui.frame_clock import FrameClock, ScreenFigures
from .ui.main_window import MainWindow
from .ui.qt_texts import speak_qt
from .ui.resources import icon_file, program_icon, resource
from .ui.tray import Tray
from .wiring import Wiring, embedded_exchanges, wire

log = logging.getLogger(__name__)

APP_ID = "io.github.tickglass.tickglass"
THREADS = 4
NOTIFICATION_ICON = 64  # px


class Application(QApplication):
    """Turns Qt's wish to quit (Cmd-Q, the end of the session) into ours.

    An event filter could do the same, but Qt would call it for every event of every widget.
    """

    quit_wanted: Callable[[], None] | None = None

    def event(self, event: QEvent) -> bool:
        """Swallow quit events after having taken note of them."""
        if event.type() == QEvent.Type.Quit and self.quit_wanted is not None:
            self.quit_wanted()
            return True
        return super().event(event)


def run_window(options: argparse.Namespace) -> int:
    """Open the window and stay until the person quits; the exit status.

    If a window of these files is open already, it is raised instead.
    """
    paths = find_paths(options.config_dir)
    instance = Instance(paths)
    if not instance.claim():
        ask(paths, {"about": RAISE})
        return 0
    try:
        return _open(options, paths, instance)
    finally:
        instance.release()


def _open(options: argparse.Namespace, paths: Paths, instance: Instance) -> int:
    with log_to(paths.log):
        _name_process()
        application = Application(sys.argv[:1])
        application.setApplicationName("Tickglass")
        application.setDesktopFileName(APP_ID)
        application.setWindowIcon(program_icon())
        application.setQuitOnLastWindowClosed(False)
        loop = QEventLoop(application)
        loop.set_default_executor(ThreadPoolExecutor(THREADS, "tickglass"))
        asyncio.set_event_loop(loop)
        with loop:
            loop.run_until_complete(_main(application, loop, options, paths, instance))
    return 0


def _name_process() -> None:
    """Windows files taskbar buttons and toasts under this name instead of Python's."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(APP_ID)


async def _main(
    application: Application,
    loop: QEventLoop,
    options: argparse.Namespace,
    paths: Paths,
    instance: Instance,
) -> None:
    stop = asyncio.Event()
    _catch_errors(loop)
    _stop_on_signals(loop, stop)
    application.quit_wanted = stop.set
    begun = Begun(minimized=options.minimized)
    with Demo() as demo:
        anew: Begun | None = begun
        while anew is not None:
            stop.clear()
            began = time.monotonic()
            anew = await _run(application, stop, options, paths, instance, demo, anew)
            if options.seconds is not None:
                options.seconds = max(0.0, options.seconds - (time.monotonic() - began))
        await asyncio.to_thread(demo.close)


class Demo(ExitStack):
    """The embedded exchanges: started when they are first wanted, and then there until the end."""

    def __init__(self) -> None:
        super().__init__()
        self.wiring: Wiring | None = None

    async def simulate(self) -> Wiring:
        """How they are reached."""
        if self.wiring is None:
            self.wiring = await asyncio.to_thread(self.enter_context, embedded_exchanges())
        return self.wiring


async def _run(
    application: Application,
    stop: asyncio.Event,
    options: argparse.Namespace,
    paths: Paths,
    instance: Instance,
    demo: Demo,
    begun: Begun,
) -> Begun | None:
    """Run the program until the person quits, or wants it to begin anew: then that is returned."""
    imported = complete_import(paths)
    file = SettingsFile(paths)
    settings = file.load()
    wanted = QLocale.system().uiLanguages()
    language = speak(settings.window.language, resource("translations"), wanted)
    formats.use(language)
    speak_qt(application, language)
    notifier = make_notifier(icon_file(NOTIFICATION_ICON), APP_ID)
    screen = ScreenFigures()
    frames = FrameClock(screen)
    store = Store(frames.wake)
    titles = {name: exchange.title for name, exchange in EXCHANGES.items()}
    window = MainWindow(store, frames, screen, titles)
    tray = Tray()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(notifier.close)
        program = Program(
            settings, file, paths, store, window, tray, frames, screen, notifier,
            Sounds(resource("sounds")), Remote(Keyring()), stop.set,
        )  # fmt: skip
        stack.push_async_callback(program.close)
        program.show(minimized=begun.minimized, welcome=file.first_start and not options.demo)
        simulated = options.demo or demo.wiring is not None
        if simulated:
            wiring, _ = await asyncio.gather(demo.simulate(), program.alerting.open())
        else:
            wiring = wire(settings)
            await program.alerting.open()
        hub = await stack.enter_async_context(program.make_hub(wiring))
        stack.push_async_callback(program.end_tasks)  # before the hub they ask goes
        program.start(hub, wiring, demo.simulate)
        stack.push_async_callback(instance.close)
        await instance.listen(program.answer)
        for notice in (imported, begun.notice):
            if notice:
                window.notify_person(notice)
        if begun.settings_open:
            window.dialogs.open_settings()
        gc.freeze()  # what is here stays: looking through it again and again costs frames
        await _stay(stop, program, options)
    gc.unfreeze()
    return program.anew


async def _stay(stop: asyncio.Event, program: Program, options: argparse.Namespace) -> None:
    """Wait for the wish to quit, or for the time given; then leave the picture and figures."""
    end = math.inf if options.seconds is None else time.monotonic() + options.seconds
    # Again and again: Qt's timers may come a twentieth of the time early.
    while not stop.is_set() and (left := end - time.monotonic()) > 0:
        with suppress(TimeoutError):
            async with asyncio.timeout(None if left == math.inf else left):
                await stop.wait()
    if program.anew is None:
        program.leave(options.screenshot, options.stats)


def _stop_on_signals(loop: QEventLoop, stop: asyncio.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except (NotImplementedError, AttributeError):
            # Windows: the handler runs when Python next does, at the latest at the next frame.
            signal.signal(number, lambda *_: stop.set())


def _catch_errors(loop: QEventLoop) -> None:
    """One reporter for what no task or slot caught: the log, with everything known."""

    def from_python(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        log.critical("uncaught", exc_info=(kind, error, trace))

    def from_loop(_loop: object, context: dict[str, Any]) -> None:
        error = context.get("exception")
        # Windows reports a peer that vanished by a traceback from the proactor (cpython 83191).
        level = logging.DEBUG if isinstance(error, ConnectionResetError) else logging.CRITICAL
        log.log(level, "uncaught: %s", context.get("message"), exc_info=error)

    sys.excepthook = from_python
    loop.set_exception_handler(from_loop)
