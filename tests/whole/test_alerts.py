"""Alerts in the whole program: seen on the desktop, pressed, kept, and sent to a phone."""

import asyncio
import json
import shutil
import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tickglass.cli import main

from .keyring_file import VARIABLE
from .process import (
    Running,
    history,
    running,
    simulated,
    wait_until,
    write_settings,
)
from .scripted_market import ScriptedMarket
from .shell import Shell

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(
        sys.platform != "linux" or not (shutil.which("dbus-daemon") and shutil.which("Xvfb")),
        reason="needs dbus-daemon and Xvfb",
    ),
]
NEAR = """
[[alerts]]
id = "near"
instrument = "binance:BTC/USDT"
condition = "moves"
amount = 0.001
window = 60
trigger = "once"
{more}
"""
LEVEL = """
[[alerts]]
id = "{name}"
instrument = "binance:BTC/USDT"
condition = "crosses"
value = {level}
trigger = "every"
"""
WATCHING = "watching"
ABOVE = """
[[alerts]]
id = "watching"
instrument = "binance:BTC/USDT"
condition = "above"
value = {level}
"""
# Where the price goes (a share above the first one), and what happens on its way.
LEGS = [(0.004, "move"), (0.008, "cut"), (0.012, "stall"), (0.016, "move")]
STEPS_OF_A_LEG = [share / 10_000 for share in range(5, 40, 3)]  # none near an end of a leg

STEPS = """
[[alerts]]
id = "steps"
instrument = "binance:BTC/USDT"
condition = "steps"
amount = 1
trigger = "every"
cooldown = 1
"""


@contextmanager
def window(config: Path, display: str, bus: str, **environment: str) -> Iterator[Running]:
    given = {"DISPLAY": display, "DBUS_SESSION_BUS_ADDRESS": bus, "QT_QPA_PLATFORM": "xcb"}
    with running(config, **given, **environment) as started:
        yield started


def name(leg: int, step: int) -> str:
    """What the alert of a level is called."""
    return f"{leg} {step}"


def ladder(price: float) -> str:
    """Alerts on levels of each leg, on some that are never reached, and one that rings at once."""
    starts = [0.0, *(end for end, _ in LEGS)]
    return ABOVE.format(level=price / 2) + "".join(
        LEVEL.format(name=name(leg, step), level=price * (1 + start + share))
        for leg, start in enumerate(starts)
        for step, share in enumerate(STEPS_OF_A_LEG)
    )


def leg_is_told(config: Path, leg: int) -> bool:
    """Whether every level of a leg has come to the person."""
    told = {each["alert"] for each in history(config) if "desktop" in each["told"]}
    return all(name(leg, step) in told for step in range(len(STEPS_OF_A_LEG)))


def near(more: str) -> str:
    """An alert that any movement fires."""
    return NEAR.format(more=more)


def shown(config: Path) -> bool:
    """Whether a bubble stands on the desktop, and the program knows."""
    return any(each["told"].get("desktop") == (1, "") for each in history(config))


@pytest.mark.asyncio
async def test_an_alert_added_to_the_running_window_is_shown_snoozed_and_kept(
    tmp_path: Path, display: str, bus_address: str, shell: Shell
) -> None:
    config = tmp_path / "config"
    with simulated("--rate", "500", "--seed", "11") as address:
        write_settings(config, address)
        with window(config, display, bus_address) as started:
            await shell.item_registered()
            words = ["alerts", "add", "binance:BTC/USDT", "moves", "0.001", "--id", "near",
                     "--config-dir", str(config)]  # fmt: skip
            assert await asyncio.to_thread(main, words) == 0
            await shell.notified()
            (bubble,) = shell.bubbles
            assert bubble.title == "BTC/USDT moved by 0.001 % within 5 minutes"
            await asyncio.to_thread(wait_until, lambda: shown(config))
            shell.invoke(bubble, "snooze")
            settings = config / "settings.toml"
            await asyncio.to_thread(wait_until, lambda: "snoozed = " in settings.read_text())
            (kept,) = history(config)
            assert (kept["alert"], kept["late"]) == ("near", 0)
            assert kept["told"]["desktop"] == (1, "")
            assert await asyncio.to_thread(main, ["alerts", "remove", *words[-3:]]) == 0
            await shell.choose("Quit")
            assert await asyncio.to_thread(started.quits_in_time)
            assert started.complaints() == ""
        assert "[[alerts]]" not in settings.read_text()
        assert len(history(config)) == 1


@pytest.mark.asyncio
async def test_muting_from_the_bubble_silences_what_comes_and_the_history_says_so(
    tmp_path: Path, display: str, bus_address: str, shell: Shell
) -> None:
    config = tmp_path / "config"
    with simulated("--rate", "500", "--seed", "11") as address:
        write_settings(config, address, STEPS)
        with window(config, display, bus_address) as started:
            await shell.notified()
            await asyncio.to_thread(wait_until, lambda: shown(config))
            shell.invoke(shell.bubbles[-1], "mute")
            await shell.until_menu_has("Unmute")
            count = len(shell.bubbles)

            def muted() -> bool:
                return any("everything was muted" in str(each["told"]) for each in history(config))

            await asyncio.to_thread(wait_until, muted)
            assert len(shell.bubbles) == count
            await shell.choose("Unmute")
            await asyncio.to_thread(wait_until, lambda: len(shell.bubbles) > count)
            assert started.complaints() == ""


@pytest.mark.asyncio
async def test_a_second_start_raises_the_first_and_ends(
    tmp_path: Path, display: str, bus_address: str, shell: Shell
) -> None:
    config = tmp_path / "config"
    with simulated("--rate", "100") as address:
        write_settings(config, address)
        with window(config, display, bus_address) as started:
            await shell.item_registered()
            with window(config, display, bus_address) as second:
                assert await asyncio.to_thread(second.process.wait, 20) == 0
            assert started.process.poll() is None
            assert started.log().count("window shown") == 1


class Taken:
    """A webhook and a server like ntfy's, on loopback; there once ``begin`` is called."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.requests: list[tuple[str, dict[str, object]]] = []
        self._server: ThreadingHTTPServer | None = None

    def begin(self) -> None:
        taken = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                taken.requests.append((self.path, json.loads(body)))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *words: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def end(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


@pytest.fixture
def taken() -> Iterator[Taken]:
    made = Taken()
    yield made
    made.end()


@pytest.mark.asyncio
async def test_a_webhook_and_a_phone_get_it_once_though_their_server_was_down_at_first(
    tmp_path: Path, display: str, bus_address: str, taken: Taken
) -> None:
    config, ring = tmp_path / "config", tmp_path / "keyring.json"
    ring.write_text(
        json.dumps(
            {
                "tickglass/hook": f"json://127.0.0.1:{taken.port}/told",
                "tickglass/phone": f"ntfy://127.0.0.1:{taken.port}/prices",
            }
        )
    )
    keyring = {
        "PYTHON_KEYRING_BACKEND": "tests.whole.keyring_file.FileKeyring",
        "PYTHONPATH": str(ROOT), VARIABLE: str(ring),
    }  # fmt: skip
    with simulated("--rate", "500", "--seed", "11") as address:
        write_settings(config, address, near('send_to = ["hook", "phone"]'))
        with window(config, display, bus_address, **keyring) as started:

            def tried() -> bool:
                told = [each["told"] for each in history(config)]
                return bool(told) and all(
                    "Tried again" in str(told[0].get(name)) for name in ("hook", "phone")
                )

            await asyncio.to_thread(wait_until, tried)
            taken.begin()

            def delivered() -> bool:
                (record,) = history(config)
                return all(record["told"][name][0] == 1 for name in ("hook", "phone"))

            await asyncio.to_thread(wait_until, delivered)
            (record,) = history(config)
            assert record["told"]["hook"][1] == "at attempt 2"
            assert f"127.0.0.1:{taken.port}" not in started.log()
        paths = sorted(path for path, _ in taken.requests)
        assert len(paths) == 2
        assert "/told" in paths
        hook = next(body for path, body in taken.requests if path == "/told")
        phone = next(body for path, body in taken.requests if path != "/told")
        assert hook["title"] == phone["title"] == record["title"]
        assert phone["topic"] == "prices"


@pytest.mark.asyncio
async def test_scripted_crossings_are_told_exactly_once_through_cuts_and_silence(
    tmp_path: Path, display: str, bus_address: str, shell: Shell
) -> None:
    config = tmp_path / "config"
    async with ScriptedMarket() as market:
        write_settings(config, market.address, ladder(market.price))
        with window(config, display, bus_address) as started:
            await shell.item_registered()
            # The price that it has now is heard.
            await asyncio.to_thread(wait_until, lambda: history(config))
            for leg, (end, happens) in enumerate(LEGS):
                await getattr(market, happens)(end)
                await asyncio.to_thread(wait_until, partial(leg_is_told, config, leg), 60)
            assert started.process.poll() is None
    watching, *told = history(config)
    assert watching["alert"] == WATCHING
    counts = Counter(each["alert"] for each in told)
    assert counts == {
        name(leg, step): 1 for leg in range(len(LEGS)) for step in range(len(STEPS_OF_A_LEG))
    }
    for each in told:
        leg, _ = map(int, each["alert"].split())
        assert bool(each["late"]) is (LEGS[leg][1] != "move")
        assert each["told"]["desktop"] == (1, "")
