"""Desktop notifications on a session bus of the test's own.

Needs dbus-daemon; where it is missing these tests are skipped.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tickglass.delivery.desktop import Action, BusNotifier, capabilities
from tickglass.delivery.message import Message

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(
        sys.platform != "linux" or not shutil.which("dbus-daemon"), reason="needs dbus-daemon"
    ),
]

pytest.importorskip("dbus_fast")

from ..notification_server import NotificationServer  # noqa: E402 - needs dbus-fast
from ..session_bus import session_bus  # noqa: E402

PATIENCE = 10.0
RISEN = Message("BTC/USDT crossed 60,000 up", "60,000.5 on Binance", True)
HOSTILE = Message("<b>up</b> & away", '<a href="x">& 60,000.5</a>', True)


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with session_bus(tmp_path_factory.mktemp("bus")) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest_asyncio.fixture
async def notifier(bus: str) -> AsyncIterator[BusNotifier]:
    notifier = BusNotifier(Path("tickglass.png"), "tickglass")
    yield notifier
    await notifier.close()


class Clicks:
    """Buttons, and those that were pressed, as they come."""

    def __init__(self) -> None:
        self._came: asyncio.Queue[str] = asyncio.Queue()

    def action(self, name: str, text: str) -> Action:
        return Action(name, text, lambda: self._came.put_nowait(name))

    async def next(self) -> str:
        async with asyncio.timeout(PATIENCE):
            return await self._came.get()

    @property
    def none(self) -> bool:
        return self._came.empty()


@pytest.fixture
def clicks() -> Clicks:
    return Clicks()


def buttons(clicks: Clicks) -> list[Action]:
    return [clicks.action("chart", "Open chart"), clicks.action("mute", "Mute for an hour")]


async def test_a_message_is_a_bubble_with_its_buttons(
    bus: str, notifier: BusNotifier, clicks: Clicks
) -> None:
    async with NotificationServer(bus) as server:
        assert await notifier.show(RISEN, buttons(clicks))
        (bubble,) = server.bubbles
        assert (bubble.title, bubble.body, bubble.icon) == (
            RISEN.title,
            RISEN.body,
            "tickglass.png",
        )
        assert bubble.actions == [
            "default", "Open chart", "chart", "Open chart", "mute", "Mute for an hour",
        ]  # fmt: skip
        assert bubble.hints == {
            "desktop-entry": "tickglass", "urgency": 1, "suppress-sound": True,
        }  # fmt: skip


async def test_an_urgent_message_stays_until_it_is_seen(bus: str, notifier: BusNotifier) -> None:
    async with NotificationServer(bus) as server:
        await notifier.show(RISEN, [], urgent=True)
        assert server.bubbles[0].hints["urgency"] == 2


async def test_buttons_and_a_click_do_what_they_say(
    bus: str, notifier: BusNotifier, clicks: Clicks
) -> None:
    async with NotificationServer(bus) as server:
        await notifier.show(RISEN, buttons(clicks))
        server.click(server.bubbles[0], "mute")
        assert await clicks.next() == "mute"
        server.click(server.bubbles[0], "default")
        assert await clicks.next() == "chart"


async def test_each_bubble_has_its_own_buttons(
    bus: str, notifier: BusNotifier, clicks: Clicks
) -> None:
    async with NotificationServer(bus) as server:
        await notifier.show(RISEN, [clicks.action("a", "A")])
        await notifier.show(RISEN, [clicks.action("b", "B")])
        first, second = server.bubbles
        server.click(first, "b")
        server.click(second, "default")
        assert await clicks.next() == "b"
        server.end(first)
        server.click(first, "a")
        server.click(second, "b")
        assert await clicks.next() == "b"
        assert clicks.none


@pytest.mark.parametrize(
    ("able", "body"),
    [
        (["body", "body-markup"], '&lt;a href="x"&gt;&amp; 60,000.5&lt;/a&gt;'),
        (["body"], HOSTILE.body),
    ],
)
async def test_nothing_in_a_message_acts_as_markup(
    bus: str, notifier: BusNotifier, able: list[str], body: str
) -> None:
    async with NotificationServer(bus, able) as server:
        await notifier.show(HOSTILE, [])
        assert server.bubbles[0].title == HOSTILE.title
        assert server.bubbles[0].body == body


async def test_a_bubble_takes_the_place_of_one_about_the_same(
    bus: str, notifier: BusNotifier, clicks: Clicks
) -> None:
    async with NotificationServer(bus) as server:
        for about in ("rise", "fall", "rise", ""):
            await notifier.show(RISEN, [clicks.action(about or "none", "x")], about=about)
        assert [each.replaces for each in server.bubbles] == [0, 0, server.bubbles[0].id, 0]
        server.end(server.bubbles[0])
        server.click(server.bubbles[1], "fall")
        assert await clicks.next() == "fall"
        await notifier.show(RISEN, [], about="rise")
        assert server.bubbles[-1].replaces == 0


async def test_where_nobody_shows_notifications_that_is_said(notifier: BusNotifier) -> None:
    assert not await notifier.show(RISEN, [])


async def test_a_server_that_comes_later_is_used(bus: str, notifier: BusNotifier) -> None:
    assert not await notifier.show(RISEN, [])
    async with NotificationServer(bus) as server:
        assert await notifier.show(RISEN, [])
        assert len(server.bubbles) == 1


@pytest.fixture
def starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """A bus on which notifications have a server that ends at once: how often it was started."""
    starts = tmp_path / "starts"
    starts.touch()
    program = tmp_path / "broken-server"
    program.write_text(f"#!/bin/sh\necho started >> {starts}\nexit 1\n")
    program.chmod(0o755)
    (tmp_path / "broken.service").write_text(
        f"[D-BUS Service]\nName=org.freedesktop.Notifications\nExec={program}\n"
    )
    with session_bus(tmp_path, services=tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield lambda: len(starts.read_text().splitlines())


async def test_a_server_that_cannot_run_is_not_started_for_each_alert(
    starts: Callable[[], int],
) -> None:
    time = 1_000.0
    notifier = BusNotifier(None, "tickglass", lambda: time)
    assert not await notifier.show(RISEN, [])
    begun = starts()
    assert begun >= 1
    time += 299.0
    for _ in range(5):
        assert not await notifier.show(RISEN, [])
    assert starts() == begun
    async with NotificationServer(os.environ["DBUS_SESSION_BUS_ADDRESS"]) as server:
        assert await notifier.show(RISEN, [])
        assert len(server.bubbles) == 1
    time += 2.0
    assert not await notifier.show(RISEN, [])
    assert starts() > begun
    await notifier.close()


async def test_another_server_is_asked_anew_and_its_bubbles_are_its_own(
    bus: str, notifier: BusNotifier, clicks: Clicks
) -> None:
    async with NotificationServer(bus, ["body"]) as former:
        for about in ("rise", "fall"):
            await notifier.show(HOSTILE, [clicks.action("former", "x")], about=about)
    async with NotificationServer(bus) as server:
        await notifier.show(HOSTILE, [clicks.action("now", "x")], about="rise")
        (bubble,) = server.bubbles
        assert bubble.replaces == 0
        assert "<" not in bubble.body
        server.click(former.bubbles[1], "former")
        server.click(bubble, "now")
        assert await clicks.next() == "now"
        assert clicks.none
    assert former.bubbles[0].body == HOSTILE.body


async def test_without_a_bus_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    notifier = BusNotifier(None, "tickglass")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert not await notifier.show(RISEN, [])
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    assert not await notifier.show(RISEN, [])
    await notifier.close()


async def test_a_bus_that_was_lost_is_dialled_again(bus: str, notifier: BusNotifier) -> None:
    async with NotificationServer(bus) as server:
        await notifier.show(RISEN, [])
        await notifier.close()
        assert await notifier.show(RISEN, [])
        assert len(server.bubbles) == 2


async def test_the_desktop_is_asked_what_it_has(bus: str) -> None:
    none = await capabilities()
    assert (none.tray, none.notifications) == (False, False)
    async with NotificationServer(bus):
        some = await capabilities()
    assert (some.tray, some.notifications, some.detail) == (False, True, "shown by fake 1")
