"""Tray and notifications on a session bus of our own, where the test plays the desktop shell.

Needs dbus-daemon and Xvfb; where they are missing these tests are skipped.
"""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from .process import Running, last_price, running, simulated, write_settings

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
def ended(process: "subprocess.Popen[Any]") -> Iterator["subprocess.Popen[Any]"]:
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def display() -> Iterator[str]:
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1280x800x24",
        "-nolisten",
        "tcp",
    ]
    with ended(subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)):
        os.close(writing)
        with os.fdopen(reading) as number:
            yield f":{number.readline().strip()}"


@pytest.fixture
def bus_address() -> Iterator[str]:
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    with ended(subprocess.Popen(command, stdout=subprocess.PIPE, text=True)) as daemon:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
        daemon.stdout.close()


@pytest_asyncio.fixture
async def shell(bus_address: str) -> AsyncIterator[Shell]:
    async with Shell(bus_address) as shell:
        yield shell


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
            note = shell.notes[0]
            assert note.app == "Tickglass"
            assert note.summary.startswith("BTC/USDT crossed ")
            assert note.actions == [
                "default", "Open chart", "chart", "Open chart", "snooze", "Snooze", "mute",
                "Mute for an hour",
            ]  # fmt: skip
            shell.invoke(note, "default")
            await shell.choose("Quit")
            assert await quits(started)
            assert started.complaints() == ""
        fired = (config / "settings.toml").read_text().count("fired = ")
        assert len(shell.notes) == fired > 0


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
