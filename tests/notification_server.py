"""A notification server on a session bus, as a desktop has one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, method, signal

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"


@dataclass(frozen=True)
class Bubble:
    """A notification as it arrived; ``id`` is that which it replaces if it does."""

    id: int
    replaces: int
    app: str
    icon: str
    title: str
    body: str
    actions: list[str]
    hints: dict[str, Any]


class Notifications(ServiceInterface):
    """The interface of the specification."""

    def __init__(self, able: Sequence[str], first: int = 1) -> None:
        super().__init__(NAME)
        self.able = list(able)
        self.bubbles: list[Bubble] = []
        self.came = asyncio.Event()
        self.next = first

    @method()
    def GetCapabilities(self) -> "as":  # type: ignore[name-defined]  # noqa: F722
        return self.able

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
        if not replaces:
            self.next += 1
        said = {name: hint.value for name, hint in hints.items()}
        number = replaces or self.next - 1
        self.bubbles.append(Bubble(number, replaces, app, icon, summary, body, actions, said))
        self.came.set()
        return number

    @method()
    def CloseNotification(self, id: "u"):  # type: ignore[no-untyped-def,name-defined]  # noqa: F821
        pass

    @signal()
    def ActionInvoked(self, id: int, action: str) -> "us":  # type: ignore[name-defined]  # noqa: F821
        return [id, action]

    @signal()
    def NotificationClosed(self, id: int, reason: int) -> "uu":  # type: ignore[name-defined]  # noqa: F821
        return [id, reason]


class NotificationServer:
    """Shows bubbles to the test. ``able``: what it says that it can."""

    def __init__(
        self, address: str, able: Sequence[str] = ("actions", "body", "body-markup"), first: int = 1
    ) -> None:
        self._address = address
        self._interface = Notifications(able, first)
        self._bus: MessageBus

    async def __aenter__(self) -> Self:
        self._bus = await MessageBus(self._address).connect()
        self._bus.export(PATH, self._interface)
        await self._bus.request_name(NAME)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()

    @property
    def bubbles(self) -> list[Bubble]:
        """What was shown, oldest first."""
        return self._interface.bubbles

    def click(self, bubble: Bubble, action: str) -> None:
        """Press a button of a bubble."""
        self._interface.ActionInvoked(bubble.id, action)

    def end(self, bubble: Bubble) -> None:
        """Let a bubble go, as the person does or time."""
        self._interface.NotificationClosed(bubble.id, 2)
