"""What a person arranged and chose is there after the program was killed; the first page is not."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .driving import (
    BOOK_WIDTH,
    BTC,
    CHOSEN_PAIR,
    DOGE,
    ETH,
    FOLDED,
    LEFT_OUT,
    LIST,
    PLACE,
    SIZE,
    WINDOWS,
)

ROOT = Path(__file__).resolve().parents[2]
# ms until a change is on the disk; 20 to 80 where nobody else uses it.
SAVED_WITHIN = 2_000
KILLED = -getattr(signal, "SIGKILL", signal.SIGTERM)
STARTED_WITH = ["binance", "bybit", "coinbase"]


def drive(folder: Path, task: str, *options: str, ends: int = 0) -> list[dict[str, Any]]:
    """Run the program with a person at it; what was told."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.whole.driving", str(folder), task, *options],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=90, check=False,
        cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == ends, told
    return told


def test_everything_that_was_arranged_is_there_after_a_kill(tmp_path: Path) -> None:
    (left,) = drive(tmp_path, "arrange", "--demo", ends=KILLED)
    assert max(left.pop("waited")) < SAVED_WITHIN
    assert left.pop("rested") < SAVED_WITHIN
    # What was arranged has been arranged: were nothing changed, all would be found again too.
    assert (left["size"], left["place"], left["book"]) == ([*SIZE], [*PLACE], BOOK_WIDTH)
    assert [each[0] for each in left["lists"]] == ["Large", "Grouped"]
    assert left["lists"][0][1][:2] == [str(DOGE), str(BTC)]
    first, second = left["state"]["lists"]["lists"]
    assert (first["sort"], first["descending"]) == ("pair", True)
    assert second["collapsed"] == [FOLDED]
    assert left["state"]["charts"]["layout"] == "One above two"
    assert left["state"]["charts"]["active"] == 1
    assert left["charts"][2][0] > left["charts"][2][1]
    assert left["windows"] == WINDOWS
    assert left["chosen"] == str(BTC), "in a pair that is folded"
    assert left["state"]["charts"]["charts"][2]["look"]["compared"] == [str(ETH)]
    assert left["state"]["side"]["tape_state"]["least"]["quote"] == 2500.0
    assert left["state"]["companions"]["ticker"]
    assert left["docks"]["book"] == [True, "LeftDockWidgetArea"]
    assert left["tabs"] == ["tape"]
    assert left["layouts"] == [["Wall"], "Wall"]
    assert len(left["drawings"]) == 1

    at_once, with_prices = drive(tmp_path, "look", "--demo")
    assert at_once == left
    assert with_prices == left


def test_settings_that_a_list_shows_too_survive_a_kill_right_after_the_choice(
    tmp_path: Path,
) -> None:
    (left,) = drive(tmp_path, "choose", "--demo", ends=KILLED)
    assert (left["compact"], left["span"]) == (True, "7d")
    found, _ = drive(tmp_path, "look", "--demo")
    assert (found["compact"], found["span"]) == (True, "7d")
    assert found["values"]["window.rows"] == "compact"


def test_the_first_page_is_answered_once_with_the_mouse_and_kept_though_killed(
    tmp_path: Path,
) -> None:
    before, after = drive(tmp_path, "begin", ends=KILLED)
    assert before == {"welcoming": True, "returnable": False}
    assert not after["welcoming"]
    assert after["waited"] < SAVED_WITHIN
    (again,) = drive(tmp_path, "greet")
    assert not again["welcoming"]
    assert again["exchanges"] == STARTED_WITH
    ((name, instruments),) = again["lists"]
    assert name == LIST
    assert {each.partition(":")[0] for each in instruments} == set(STARTED_WITH)
    assert f"binance:{'/'.join(CHOSEN_PAIR)}" in instruments
    assert f"binance:{'/'.join(LEFT_OUT)}" not in instruments
    assert again["chart"] == instruments[0]


def test_a_first_page_that_was_not_answered_comes_again(tmp_path: Path) -> None:
    for _ in range(2):
        (told,) = drive(tmp_path, "greet")
        assert told["welcoming"]


def test_simulated_prices_are_a_button_away_on_the_first_page(tmp_path: Path) -> None:
    (told,) = drive(tmp_path, "demo")
    assert told["title"] == "Tickglass: simulated prices"
    assert told["lists"][0][0] == "Majors"
    assert told["chart"] == str(BTC)


@pytest.mark.parametrize("before", [False, True])
def test_with_demo_there_is_no_first_page(before: bool, tmp_path: Path) -> None:
    if before:
        drive(tmp_path, "greet")
    (told,) = drive(tmp_path, "greet", "--demo")
    assert not told["welcoming"]
    assert told["lists"][0][1]
