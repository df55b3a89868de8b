"""Notifications where there is no session bus: Windows and macOS, by desktop-notifier.

It is loaded when it is first needed. What it cannot do (macOS shows nothing from a program that is
not signed) is left to the tray's own message.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .desktop import APP_NAME, Action, BusNotifier, Notifier
from .message import Message

log = logging.getLogger(__name__)

SYSTEMS = ("win32", "darwin")
ABOUTS_REMEMBERED = 100


def make_notifier(icon: Path | None, desktop_entry: str, system: str = sys.platform) -> Notifier:
    """The way in which this system shows messages."""
    return NativeNotifier(icon) if system in SYSTEMS else BusNotifier(icon, desktop_entry)


class NativeNotifier:
    """Shows messages through the notification centre of Windows or macOS."""

    def __init__(self, icon: Path | None, load: Callable[[], Any] | None = None) -> None:
        self._icon = icon
        self._load = load or _load
        self._library: Any = None
        self._centre: Any = None
        self._usable = True
        self._about: dict[str, str] = {}

    async def show(
        self, message: Message, actions: Sequence[Action], urgent: bool = False, about: str = ""
    ) -> bool:
        """Show a message; False if this system does not let the program show any."""
        if not self._usable:
            return False
        try:
            return await self._show(message, actions, urgent, about)
        except Exception as error:  # what a system's bridge raises is not to be foreseen
            log.warning("the notification centre cannot be used: %r", error)
            self._usable = False
            return False

    async def close(self) -> None:
        """Let go of the notification centre."""
        self._centre = None

    async def _show(
        self, message: Message, actions: Sequence[Action], urgent: bool, about: str
    ) -> bool:
        if not await self._open():
            return False
        library = self._library
        if about in self._about:
            await self._centre.clear(self._about.pop(about))
        taken: list[bool] = []
        bubble = await self._centre.send(
            message.title,
            message.body,
            urgency=library.Urgency.Critical if urgent else library.Urgency.Normal,
            buttons=[library.Button(each.text, each.do, each.name) for each in actions],
            on_clicked=actions[0].do if actions else None,
            on_dispatched=lambda: taken.append(True),
        )
        if about and taken:
            self._about[about] = bubble
            if len(self._about) > ABOUTS_REMEMBERED:
                del self._about[next(iter(self._about))]
        return bool(taken)

    async def _open(self) -> bool:
        """Whether the centre is there and shows anything: a stand-in of the library does not."""
        if self._centre is None:
            self._library = self._load()
            icon = self._library.Icon(path=self._icon) if self._icon else None
            self._centre = self._library.DesktopNotifier(app_name=APP_NAME, app_icon=icon)
            self._usable = bool(await self._centre.get_capabilities())
        return self._usable and bool(await self._centre.has_authorisation() or await self._ask())

    async def _ask(self) -> bool:
        return bool(await self._centre.request_authorisation())


def _load() -> Any:
    import desktop_notifier

    return desktop_notifier
