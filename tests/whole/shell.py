"""A desktop shell for tests: tray host and notification server on a session bus."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Self

from dbus_fast import Message, PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_property, method, signal

PATIENCE = 30.0


@dataclass(frozen=True)
class Note:
    """A notification as it arrived."""

    id: int
    app: str
    summary: str
    body: str
    actions: list[str]


class Watcher(ServiceInterface):
    """Where tray icons announce themselves."""

    def __init__(self) -> None:
        super().__init__("org.kde.StatusNotifierWatcher")
        self.items: list[str] = []
        self.registered = asyncio.Event()

    @method()
    def RegisterStatusNotifierItem(self, service: "s"):  # type: ignore[no-untyped-def,name-defined]  # noqa: F821
        self.items.append(service)
        self.registered.set()

    @method()
    def RegisterStatusNotifierHost(self, service: "s"):  # type: ignore[no-untyped-def,name-defined]  # noqa: F821
        pass

    @dbus_property(access=PropertyAccess.READ)
    def IsStatusNotifierHostRegistered(self) -> "b":  # type: ignore[name-defined]  # noqa: F821
        return True

    @dbus_property(access=PropertyAccess.READ)
    def ProtocolVersion(self) -> "i":  # type: ignore[name-defined]  # noqa: F821
        return 0

    @dbus_property(access=PropertyAccess.READ)
    def RegisteredStatusNotifierItems(self) -> "as":  # type: ignore[name-defined]  # noqa: F722
        return self.items


class Notifications(ServiceInterface):
    """The notification server."""

    def __init__(self) -> None:
        super().__init__("org.freedesktop.Notifications")
        self.notes: list[Note] = []
        self.came = asyncio.Event()

    @method()
    def GetCapabilities(self) -> "as":  # type: ignore[name-defined]  # noqa: F722
        return ["actions", "body", "icon-static"]

    @method()
    def GetServerInformation(self) -> "ssss":  # type: ignore[name-defined]  # noqa: F821
        return ["fake", "test", "1", "1.2"]

    @method()
    def Notify(  # type: ignore[no-untyped-def]
        self,
        app: "s",  # type: ignore[name-defined]  # noqa: F821
        replaces: "u",  # type: ignore[name-defined]  # noqa: F821
        icon: "s",  # type: ignore[name-defined]  # noqa: F821
        summary: "s",  # type: ignore[name-defined]  # noqa: F821
        body: "s",  # type: ignore[name-defined]  # noqa: F821
        actions: "as",  # type: ignore[name-defined]  # noqa: F722
        hints: "a{sv}",  # type: ignore[name-defined]  # noqa: F722
        timeout: "i",  # type: ignore[name-defined]  # noqa: F821
    ) -> "u":  # type: ignore[name-defined]  # noqa: F821
        note = Note(len(self.notes) + 1, app, summary, body, actions)
        self.notes.append(note)
        self.came.set()
        return note.id

    @method()
    def CloseNotification(self, id: "u"):  # type: ignore[no-untyped-def,name-defined]  # noqa: F821
        pass

    @signal()
    def ActionInvoked(self, id: int, action: str) -> "us":  # type: ignore[name-defined]  # noqa: F821
        return [id, action]


class Shell:
    """Plays the desktop: sees icons and notifications, clicks on them."""

    def __init__(self, address: str, *, tray: bool = True) -> None:
        self._address = address
        self._tray = tray
        self._watcher = Watcher()
        self._notifications = Notifications()
        self._bus: MessageBus

    async def __aenter__(self) -> Self:
        self._bus = await MessageBus(self._address).connect()
        self._bus.export("/org/freedesktop/Notifications", self._notifications)
        await self._bus.request_name("org.freedesktop.Notifications")
        if self._tray:
            self._bus.export("/StatusNotifierWatcher", self._watcher)
            await self._bus.request_name("org.kde.StatusNotifierWatcher")
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._bus.disconnect()

    @property
    def notes(self) -> list[Note]:
        return self._notifications.notes

    async def item_registered(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._watcher.registered.wait()

    async def notified(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._notifications.came.wait()

    def invoke(self, note: Note, action: str) -> None:
        self._notifications.ActionInvoked(note.id, action)

    async def click_icon(self) -> None:
        await self._call(
            "/StatusNotifierItem", "org.kde.StatusNotifierItem", "Activate", "ii", [0, 0]
        )

    async def until_menu_has(self, text: str) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            if any(text in label for label in await self._menu()):
                return
            assert time.monotonic() < end, f"the menu has no {text!r}"
            await asyncio.sleep(0.05)

    async def choose(self, label: str) -> None:
        await self.item_registered()
        entries = await self._menu()
        event = [entries[label], "clicked", Variant("i", 0), 0]
        await self._call("/MenuBar", "com.canonical.dbusmenu", "Event", "isvu", event)

    async def _menu(self) -> dict[str, int]:
        reply = await self._call(
            "/MenuBar", "com.canonical.dbusmenu", "GetLayout", "iias", [0, -1, []]
        )
        entries = (entry.value for entry in reply[1][2])
        return {
            entry[1]["label"].value.replace("_", ""): entry[0]
            for entry in entries
            if "label" in entry[1]
        }

    async def _call(
        self, path: str, interface: str, member: str, signature: str, body: list[Any]
    ) -> list[Any]:
        reply = await self._bus.call(
            Message(
                destination=self._watcher.items[-1],
                path=path,
                interface=interface,
                member=member,
                signature=signature,
                body=body,
            )
        )
        assert reply is not None
        return list(reply.body)
