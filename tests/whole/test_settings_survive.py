"""The program with files that are cut off, rubbish or newer, and on disks that refuse."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tickglass.paths import find_paths
from tickglass.settings import SettingsFile
from tickglass.statefile import StateFile

from .changing import ALERT, BTC, CHOSEN, DRAWING, ETH, KEYS, LAYOUT, LIST, SIZE
from .process import TICKGLASS, running, wait_until

KILLS = 6
SAVED_WITHIN = 5.0  # s after the change; far less where nobody else uses the disk
# Saves everything again and again, each time all of one number.
SAVING = """
import itertools, json, sys
from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.market.instrument import Instrument
from tickglass.market.watchlist import Watchlist
from tickglass.paths import find_paths
from tickglass.settings import SettingsFile
from tickglass.statefile import StateFile

paths = find_paths(sys.argv[1])
file, state = SettingsFile(paths), StateFile(paths.layouts, "The layouts")
chosen = file.load()
state.load()
print("ready", flush=True)
for number in itertools.count(int(sys.argv[2])):
    pairs = [Instrument("binance", f"C{each}", "USDT") for each in range(number % 50)]
    chosen.watchlists = [Watchlist(f"list {number}", pairs)]
    level = PriceLevel(Kind.CROSSES, 1.0)
    chosen.alerts = [Alert(f"alert {number}", Instrument("okx", "A", "B"), (level,))]
    chosen.ticker.opacity = 30 + number % 70
    chosen.shortcuts = {"view.book": f"Ctrl+{number % 10}"}
    file.write(file.render(chosen))
    state.write(json.dumps({"version": 1, "number": number, "filler": "x" * (number % 5000)}))
"""
RUBBISH = b"\x00\xffrubbish{[\n" * 20


def kept(config: Path) -> list[bytes]:
    """Every content of every file under a folder."""
    return [each.read_bytes() for each in config.rglob("*") if each.is_file()]


def show(config: Path) -> str:
    """Run the window for a moment; it must end in order. What it logged."""
    with running(config, "--demo", "--for", "1", QT_QPA_PLATFORM="offscreen") as window:
        assert window.process.wait(30) == 0, window.errors.read_text()
        return window.log() + window.errors.read_text()


def test_killed_at_any_moment_what_was_saved_last_is_there(tmp_path: Path) -> None:
    chance = random.Random(5)
    number = 0
    for _ in range(KILLS):
        child = subprocess.Popen(
            [sys.executable, "-c", SAVING, str(tmp_path), str(number)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.05, 0.3))
        child.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        child.wait()
        child.stdout.close()
        file = SettingsFile(find_paths(str(tmp_path)))
        found = file.load()
        assert all("shorter than they were saved" in each for each in file.notices)
        before, number = number, int(found.watchlists[0].name.removeprefix("list "))
        assert number >= before
        assert found.alerts[0].id == f"alert {number}"
        assert len(found.watchlists[0].instruments) == number % 50
        assert found.ticker.opacity == 30 + number % 70
        state = StateFile(find_paths(str(tmp_path)).layouts, "The layouts")
        layouts = state.load()
        assert state.notices == []
        assert number - layouts["number"] in (0, 1)
        assert len(layouts["filler"]) == layouts["number"] % 5000
    assert number > 5


def changing(config: Path, task: str) -> "subprocess.Popen[str]":
    """A window that changes everything, or says what it finds."""
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("changing.py")), str(config), task],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip


def test_everything_that_was_changed_is_there_after_the_window_was_killed(tmp_path: Path) -> None:
    paths = find_paths(str(tmp_path))

    def saved() -> bool:
        places = (paths.settings, paths.layouts, paths.drawings, paths.window)
        if not all(each.exists() for each in places):
            return False
        texts = [each.read_text() for each in places]
        signs = (KEYS, LAYOUT, DRAWING.kind)
        state = json.loads(texts[-1])
        return all(map(str.__contains__, texts, signs)) and state["lists"]["active"] == 1

    with changing(tmp_path, "change") as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "changed\n"
        wait_until(saved, within=SAVED_WITHIN)
        child.kill()
    with changing(tmp_path, "find") as child:
        told, _ = child.communicate(timeout=60)
    found = json.loads(told)
    assert found["values"] == {key: str(value) for key, value in CHOSEN.items()}
    assert found["lists"][-1] == [LIST, [str(BTC), str(ETH)]]
    assert [each for each, _ in found["lists"]] == ["Majors", LIST]
    columns, grouped = found["looks"][-1]
    assert grouped
    assert columns[:3] == ["pair", "last", "spread"]
    assert found["alerts"] == [ALERT.id]
    assert list(found["keys"].values()) == [KEYS]
    assert found["drawings"] == [DRAWING.to_row()]
    assert found["layouts"] == [LAYOUT]
    assert tuple(found["size"]) == SIZE
    assert found["notices"] == []


def test_a_command_says_what_happened_to_settings_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(RUBBISH)
    done = subprocess.run(
        [*TICKGLASS, "watch", "nowhere:BTC/USDT", "--config-dir", str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "The settings could not be read" in done.stderr
    assert RUBBISH in kept(tmp_path)


def test_with_rubbish_in_every_file_the_window_opens_and_all_of_it_is_kept(tmp_path: Path) -> None:
    config = tmp_path / "config"
    paths = find_paths(str(config))
    places = [paths.settings, paths.window, paths.layouts, paths.drawings]
    for number, place in enumerate(places):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(RUBBISH + bytes([number]))
    log = show(config)
    assert "could not be read" in log
    for number, place in enumerate(places):
        assert RUBBISH + bytes([number]) in kept(config), place.name


def test_files_of_a_newer_version_are_still_there_after_the_window_was_open(
    tmp_path: Path,
) -> None:
    config = tmp_path / "config"
    paths = find_paths(str(config))
    text = (
        "version = 9\nmode = 'x'\n[window]\ntheme = 'infrared'\nfoo = [1]\n"
        "[[alerts]]\nid = 'n'\ninstrument = 'binance:BTC/USDT'\ncondition = 'doubles'\nvalue = 2\n"
    )
    newer = {"version": 9, "shape": ["new"]}
    places = [paths.window, paths.layouts, paths.drawings]
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(newer | {"name": place.name}))
    paths.settings.write_text(text)
    show(config)
    written = tomllib.loads(paths.settings.read_text())
    for key, value in tomllib.loads(text).items():
        assert written[key] == value
    contents = kept(config)
    for place in places:
        assert json.dumps(newer | {"name": place.name}).encode() in contents, place.name


# ---------------------------------------------------------------- disks that refuse

as_root = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="mounting needs root",
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@as_root
@pytest.mark.parametrize("how", ["full", "read-only"])
def test_on_a_disk_that_refuses_the_window_opens_and_nothing_is_lost(
    how: str, small_disk: Path
) -> None:
    mine = "# mine\nversion = 1\n[window]\ntheme = 'dark'\n"
    config = small_disk / "config"
    config.mkdir()
    (config / "settings.toml").write_text(mine)
    (config / "window.json").write_bytes(RUBBISH)
    if how == "full":
        with pytest.raises(OSError, match="No space"), (config / "filler").open("wb", 0) as file:
            while True:
                file.write(b"x" * 256)
    else:
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    done = subprocess.run(
        [*TICKGLASS, "--config-dir", str(config), "--demo", "--for", "1"],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert (config / "settings.toml").read_text() == mine
    assert RUBBISH in kept(config)
