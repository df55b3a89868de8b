"""Desktop notifications over the session bus.

Qt's own tray message sends nothing where there is no tray, and cannot have actions; so on Linux
and the BSDs the notification server is spoken to directly.
Source: Desktop Notifications Specification 1.3, org.freedesktop.Notifications.
"""

from __future__ import annotations

import asyncio
import html
import logging
import math
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from .message import Message

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus

log = logging.getLogger(__name__)

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
WATCHER = "org.kde.StatusNotifierWatcher"
BUS = "org.freedesktop.DBus"
BUS_PATH = "/org/freedesktop/DBus"
APP_NAME = "Tickglass"
DEFAULT_ACTION = "default"  # what a click on the bubble itself invokes
NORMAL, CRITICAL = 1, 2  # urgencies of the specification
SERVER_DECIDES = -1  # how long a bubble stays
CALL_TIMEOUT = 5.0
BUBBLES_REMEMBERED = 100  # some servers never say that one was closed
STARTED_AGAIN = 300.0  # s until the bus may start a server again that it could not


class Action(NamedTuple):
    """A button of a bubble: its name, what stands on it, and what it does."""

    name: str
    text: str
    do: Callable[[], object]


class Notifier(Protocol):
    """A way to show a message on the desktop."""

    async def show(
        self, message: Message, actions: Sequence[Action], urgent: bool = False, about: str = ""
    ) -> bool:
        """Show a message; True if somebody took it. The first action is a click on the bubble.

        Where ``about`` is given, it takes the place of an earlier bubble about the same.
        """

    async def close(self) -> None:
        """Let go of what is held."""


class Capabilities(NamedTuple):
    """Whether the desktop has a tray and shows notifications; None where only Qt can tell."""

    tray: bool | None
    notifications: bool | None
    detail: str


class BusNotifier:
    """Shows messages through the notification server of the session."""

    def __init__(
        self,
        icon: Path | None,
        desktop_entry: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._icon = icon
        self._desktop_entry = desktop_entry
        self._monotonic = monotonic
        self._start_from = -math.inf
        self._bus: MessageBus | None = None
        self._clicks: dict[int, dict[str, Callable[[], object]]] = {}
        self._about: dict[str, int] = {}
        self._opening = asyncio.Lock()
        self._markup: bool | None = None  # not known as long as no server has said it

    async def show(
        self, message: Message, actions: Sequence[Action], urgent: bool = False, about: str = ""
    ) -> bool:
        """Show a message; False if there is no bus or nobody shows notifications on it."""
        bus = await self._open()
        if bus is None or not await self._may_answer(bus):
            return False
        arguments = [
            APP_NAME, self._about.get(about, 0), str(self._icon) if self._icon else "",
            message.title, await self._body(bus, message), _buttons(actions),
            self._hints(urgent), SERVER_DECIDES,
        ]  # fmt: skip
        reply = await _call(bus, NAME, PATH, NAME, "Notify", "susssasa{sv}i", arguments)
        if not reply:
            self._start_from = self._monotonic() + STARTED_AGAIN
            return False
        self._remember(reply[0], actions, about)
        return True

    async def close(self) -> None:
        """Disconnect from the bus."""
        if self._bus is not None:
            self._bus.disconnect()
            self._bus = None

    async def _may_answer(self, bus: MessageBus) -> bool:
        """Whether to ask: each question lets the bus start a server, even one that cannot run."""
        if self._monotonic() >= self._start_from:
            return True
        owned = await _call(bus, BUS, BUS_PATH, BUS, "NameHasOwner", "s", [NAME])
        return bool(owned and owned[0])

    def _hints(self, urgent: bool) -> dict[str, Any]:
        from dbus_fast import Variant

        return {
            "desktop-entry": Variant("s", self._desktop_entry),
            "urgency": Variant("y", CRITICAL if urgent else NORMAL),
            "suppress-sound": Variant("b", True),  # the program plays its own
        }

    async def _body(self, bus: MessageBus, message: Message) -> str:
        """The body as the server reads it: markup, unless it says that it shows none."""
        if self._markup is None:
            found = await _call(bus, NAME, PATH, NAME, "GetCapabilities", "", [])
            self._markup = "body-markup" in found[0] if found else None
        plain = self._markup is False
        return message.body if plain else html.escape(message.body, quote=False)

    def _remember(self, bubble: int, actions: Sequence[Action], about: str) -> None:
        self._forget(bubble)
        self._clicks[bubble] = {each.name: each.do for each in actions}
        if actions:
            self._clicks[bubble][DEFAULT_ACTION] = actions[0].do
        if about:
            self._about[about] = bubble
        if len(self._clicks) > BUBBLES_REMEMBERED:
            self._forget(next(iter(self._clicks)))

    def _forget(self, bubble: int) -> None:
        self._clicks.pop(bubble, None)
        self._about = {about: each for about, each in self._about.items() if each != bubble}

    async def _open(self) -> MessageBus | None:
        async with self._opening:
            if self._bus is None or not self._bus.connected:
                self._bus = await _connect()
                self._begin_with_another_server()
                if self._bus is not None:
                    await self._listen(self._bus)
            return self._bus

    async def _listen(self, bus: MessageBus) -> None:
        for rule in (
            f"type='signal',sender='{NAME}',interface='{NAME}',path='{PATH}'",
            f"type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{NAME}'",
        ):
            await _call(bus, BUS, BUS_PATH, BUS, "AddMatch", "s", [rule])
        bus.add_message_handler(self._on_message)

    def _begin_with_another_server(self) -> None:
        """Its bubbles are numbered anew and it may read the body otherwise."""
        self._clicks.clear()
        self._about.clear()
        self._markup = None

    def _on_message(self, message: Any) -> None:
        if message.interface == BUS and message.member == "NameOwnerChanged":
            if message.body[0] == NAME:
                self._begin_with_another_server()
        elif message.interface != NAME or not message.body:
            return
        elif message.member == "ActionInvoked":
            click = self._clicks.get(message.body[0], {}).get(message.body[1])
            if click is not None:
                click()
        elif message.member == "NotificationClosed":
            self._forget(message.body[0])


def _buttons(actions: Sequence[Action]) -> list[str]:
    """Names and texts in turn, as the specification has them; a click does what comes first."""
    buttons = [DEFAULT_ACTION, actions[0].text] if actions else []
    for each in actions:
        buttons += [each.name, each.text]
    return buttons


async def capabilities() -> Capabilities:
    """Ask the session bus for a tray host and a notification server."""
    if not _has_bus():
        return Capabilities(None, None, "")
    bus = await _connect()
    if bus is None:
        return Capabilities(False, False, "There is no session bus.")
    try:
        host = await _call(bus, WATCHER, "/StatusNotifierWatcher",
            "org.freedesktop.DBus.Properties", "Get", "ss",
            [WATCHER, "IsStatusNotifierHostRegistered"])  # fmt: skip
        server = await _call(bus, NAME, PATH, NAME, "GetServerInformation", "", [])
    finally:
        bus.disconnect()
    tray = bool(host) and bool(host[0].value)
    detail = f"shown by {server[0]} {server[2]}" if server else ""
    return Capabilities(tray, bool(server), detail)


def _has_bus() -> bool:
    return sys.platform not in ("win32", "darwin")


async def _connect() -> MessageBus | None:
    if not _has_bus() or "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        return None
    from dbus_fast.aio import MessageBus
    from dbus_fast.errors import InvalidAddressError

    try:
        async with asyncio.timeout(CALL_TIMEOUT):
            return await MessageBus().connect()
    except (OSError, EOFError, TimeoutError, InvalidAddressError) as error:
        log.warning("no session bus: %r", error)
        return None


async def _call(
    bus: MessageBus,
    destination: str,
    path: str,
    interface: str,
    member: str,
    signature: str,
    body: list[Any],
) -> list[Any]:
    """The body of the reply; empty if it is an error, has none, or does not come in time."""
    from dbus_fast import Message as BusMessage
    from dbus_fast import MessageType
    from dbus_fast.errors import DBusError

    request = BusMessage(
        destination=destination,
        path=path,
        interface=interface,
        member=member,
        signature=signature,
        body=body,
    )
    try:
        async with asyncio.timeout(CALL_TIMEOUT):
            reply = await bus.call(request)
    except (OSError, EOFError, TimeoutError, DBusError) as error:
        log.warning("%s.%s: %r", interface, member, error)
        return []
    if reply is None or reply.message_type is MessageType.ERROR:
        log.warning("%s.%s: %s", interface, member, reply and reply.body)
        return []
    return list(reply.body)
