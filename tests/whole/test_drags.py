"""Rows of a watchlist carried by the pointer of a real screen.

Needs Xvfb and xdotool; where they are missing these tests are skipped.
"""

import json
import os
import shutil
import subprocess
import sys

import pytest

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(
        sys.platform != "linux" or not (shutil.which("xdotool") and shutil.which("Xvfb")),
        reason="needs xdotool and Xvfb",
    ),
]


def carried(display: str, *drags: str) -> list[list[str]]:
    """The lists after some drags; BTC, ETH, SOL and XRP before."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.whole.carried_rows", *drags],
        env={**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    lists: list[list[str]] = json.loads(done.stdout)
    return lists


def test_a_row_is_carried_to_another_place(display: str) -> None:
    assert carried(display, "2>0") == [["SOL", "BTC", "ETH"], ["XRP"]]


def test_a_row_is_carried_to_another_list_and_with_ctrl_it_stays(display: str) -> None:
    assert carried(display, "0>tab 1") == [["ETH", "SOL"], ["XRP", "BTC"]]
    assert carried(display, "ctrl 1>tab 1") == [["BTC", "ETH", "SOL"], ["XRP", "ETH"]]
