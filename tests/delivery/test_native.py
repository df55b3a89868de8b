"""The notification centres of Windows and macOS, played by the test."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tickglass.delivery.desktop import Action, BusNotifier
from tickglass.delivery.message import Message
from tickglass.delivery.native import NativeNotifier, make_notifier

pytestmark = pytest.mark.asyncio
MESSAGE = Message("BTC/USDT crossed 60,000 up", "<b>60,000.5</b> on Binance", True)


class Centre:
    """What desktop-notifier's own class has; ``faults`` say what does not work."""

    def __init__(self, **faults: bool) -> None:
        self.faults = faults
        self.sent: list[dict[str, Any]] = []
        self.cleared: list[str] = []

    async def get_capabilities(self) -> frozenset[str]:
        return frozenset() if self.faults.get("stand_in") else frozenset({"title"})

    async def has_authorisation(self) -> bool:
        return not self.faults.get("forbidden")

    async def request_authorisation(self) -> bool:
        return not self.faults.get("refused")

    async def clear(self, identifier: str) -> None:
        self.cleared.append(identifier)

    async def send(
        self, title: str, message: str, on_dispatched: Callable[[], Any], **rest: Any
    ) -> str:
        if self.faults.get("breaks"):
            raise OSError("the bridge broke")
        self.sent.append({"title": title, "message": message, **rest})
        if not self.faults.get("swallows"):
            on_dispatched()
        return f"bubble {len(self.sent)}"


def notifier(centre: Centre) -> NativeNotifier:
    library = SimpleNamespace(
        DesktopNotifier=lambda app_name, app_icon: centre,
        Icon=lambda path: path,
        Button=lambda title, on_pressed, identifier: (identifier, title, on_pressed),
        Urgency=SimpleNamespace(Critical="critical", Normal="normal"),
    )
    return NativeNotifier(Path("icon.png"), lambda: library)


async def test_a_message_comes_with_its_buttons() -> None:
    centre, clicks = Centre(), []
    actions = [
        Action("chart", "Open chart", lambda: clicks.append("chart")),
        Action("mute", "Mute for an hour", lambda: clicks.append("mute")),
    ]
    assert await notifier(centre).show(MESSAGE, actions, urgent=True)
    (sent,) = centre.sent
    assert (sent["title"], sent["message"]) == (MESSAGE.title, MESSAGE.body)
    assert sent["urgency"] == "critical"
    assert [each[:2] for each in sent["buttons"]] == [
        ("chart", "Open chart"),
        ("mute", "Mute for an hour"),
    ]
    sent["on_clicked"]()
    sent["buttons"][1][2]()
    assert clicks == ["chart", "mute"]


async def test_a_message_about_the_same_takes_the_place_of_the_former() -> None:
    centre = Centre()
    shown = notifier(centre)
    for about in ("a", "a", "b"):
        assert await shown.show(MESSAGE, [], about=about)
    assert centre.cleared == ["bubble 1"]


@pytest.mark.parametrize("fault", ["stand_in", "swallows", "breaks"])
async def test_a_centre_that_shows_nothing_leaves_it_to_the_tray(fault: str) -> None:
    shown = notifier(Centre(**{fault: True}))
    assert [await shown.show(MESSAGE, []) for _ in range(2)] == [False, False]


async def test_the_person_is_asked_where_that_is_needed() -> None:
    assert await notifier(Centre(forbidden=True)).show(MESSAGE, [])
    assert not await notifier(Centre(forbidden=True, refused=True)).show(MESSAGE, [])


async def test_a_library_that_is_missing_leaves_it_to_the_tray() -> None:
    def load() -> Any:
        raise ImportError("desktop_notifier")

    assert not await NativeNotifier(None, load).show(MESSAGE, [])


async def test_each_system_has_its_way() -> None:
    assert isinstance(make_notifier(None, "id", "linux"), BusNotifier)
    assert isinstance(make_notifier(None, "id", "freebsd14"), BusNotifier)
    assert isinstance(make_notifier(None, "id", "win32"), NativeNotifier)
    assert isinstance(make_notifier(None, "id", "darwin"), NativeNotifier)
