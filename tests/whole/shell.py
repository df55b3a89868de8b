"""A desktop shell for tests: tray host and notification server on a session bus."""

import asyncio
import time
from typing import Any, Self

from dbus_fast import Message, PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_property, method

from ..notification_server import NAME, PATH, Bubble, Notifications

PATIENCE = 30.0


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


class Shell:
    """Plays the desktop: sees icons and notifications, clicks on them."""

    def __init__(self, address: str, *, tray: bool = True) -> None:
        self._address = address
        self._tray = tray
        self._watcher = Watcher()
        self._notifications = Notifications(("actions", "body", "icon-static"))
        self._bus: MessageBus

    async def __aenter__(self) -> Self:
        self._bus = await MessageBus(self._address).connect()
        self._bus.export(PATH, self._notifications)
        await self._bus.request_name(NAME)
        if self._tray:
            self._bus.export("/StatusNotifierWatcher", self._watcher)
            await self._bus.request_name("org.kde.StatusNotifierWatcher")
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._bus.disconnect()

    @property
    def bubbles(self) -> list[Bubble]:
        return self._notifications.bubbles

    async def item_registered(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._watcher.registered.wait()

    async def notified(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._notifications.came.wait()

    def invoke(self, bubble: Bubble, action: str) -> None:
        self._notifications.ActionInvoked(bubble.id, action)

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
