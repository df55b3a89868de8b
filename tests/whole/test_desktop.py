"""Tray and notifications on a session bus of our own, where the test plays the desktop shell.

Needs dbus-daemon and Xvfb; where they are missing these tests are skipped.
"""

import asyncio
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .process import Running, history, last_price, running, simulated, write_settings

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(
        sys.platform != "linux" or not (shutil.which("dbus-daemon") and shutil.which("Xvfb")),
        reason="needs dbus-daemon and Xvfb",
    ),
]

dbus = pytest.importorskip("dbus_fast")

from .shell import Shell  # noqa: E402 - needs dbus-fast

ALERT = """
[[alerts]]
id = "{number}"
instrument = "binance:BTC/USDT"
condition = "crosses"
value = {level}
"""


def alerts_around(price: float) -> str:
    """A ladder of alerts: wherever the price has gone meanwhile, it soon crosses one of them."""
    return "".join(
        ALERT.format(number=number, level=price * (1 + number / 10_000))
        for number in range(-20, 21)
    )


@contextmanager
def window(config: Path, display: str, bus: str, *options: str) -> Iterator[Running]:
    environment = {
        "DISPLAY": display,
        "DBUS_SESSION_BUS_ADDRESS": bus,
        "QT_QPA_PLATFORM": "xcb",
    }
    with running(config, *options, **environment) as started:
        yield started


async def quits(started: Running) -> bool:
    return await asyncio.to_thread(started.quits_in_time)


@pytest.mark.asyncio
async def test_the_tray_shows_prices_and_quits(
    tmp_path: Path, display: str, bus_address: str, shell: Shell
) -> None:
    with window(tmp_path / "config", display, bus_address, "--demo") as started:
        await shell.item_registered()
        await shell.until_menu_has("BTC/USDT")
        await shell.click_icon()
        await shell.choose("Quit")
        assert await quits(started)
        assert started.complaints() == ""


@pytest.mark.asyncio
async def test_an_alert_is_one_notification_and_a_click_on_it_is_taken(
    tmp_path: Path, display: str, bus_address: str, shell: Shell
) -> None:
    config = tmp_path / "config"
    with simulated("--rate", "1500", "--seed", "11") as address:
        write_settings(config, address)
        level = await asyncio.to_thread(last_price, config, "BTC/USDT")
        write_settings(config, address, alerts_around(level))
        with window(config, display, bus_address) as started:
            await shell.notified()
            bubble = shell.bubbles[0]
            assert bubble.app == "Tickglass"
            assert bubble.title.startswith("BTC/USDT crossed ")
            assert bubble.actions == [
                "default", "Open chart", "chart", "Open chart", "snooze", "Snooze", "mute",
                "Mute for an hour",
            ]  # fmt: skip
            shell.invoke(bubble, "default")
            await shell.choose("Quit")
            assert await quits(started)
            assert started.complaints() == ""
        fired = (config / "settings.toml").read_text().count("fired = ")
        told = [each["title"] for each in history(config)]
        assert len(told) == fired > 0
        singly = [each.title for each in shell.bubbles if "alerts fired" not in each.title]
        assert set(singly) <= set(told)
        assert len(set(singly)) == len(singly)


@pytest.mark.asyncio
async def test_without_a_tray_minimized_shows_the_window_and_alerts_still_come(
    tmp_path: Path, display: str, bus_address: str
) -> None:
    config = tmp_path / "config"
    async with Shell(bus_address, tray=False) as shell:
        with simulated("--rate", "1500", "--seed", "11") as address:
            write_settings(config, address)
            level = await asyncio.to_thread(last_price, config, "BTC/USDT")
            write_settings(config, address, alerts_around(level))
            with window(config, display, bus_address, "--minimized") as started:
                await shell.notified()
                assert "window shown" in started.log()
