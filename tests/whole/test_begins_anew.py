"""Another language counts at once: the program begins anew where it is, and leaves nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_another_language_counts_at_once_and_nothing_of_the_run_before_is_left(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.whole.beginning_anew", str(tmp_path), "--demo"],
        capture_output=True, text=True, timeout=120, check=False,
        cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "LANG": "C"},
    )  # fmt: skip
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [each["language"] for each in told] == ["system", "de", "zh_CN", "en", "de", "zh_CN"]
    titles = [each["title"] for each in told]
    assert titles[0] == titles[3] == "Settings…"
    assert len(set(titles)) == 3
    assert titles[1] == titles[4]
    for count in ("Program", "Store", "MainWindow"):
        assert {each[count] for each in told} == {1}, count
    first, last = told[1], told[-1]
    assert last["QTimer"] <= first["QTimer"]
    assert last["windows"] == first["windows"]
    assert last["threads"] <= first["threads"] + 1  # a pool's thread that was not needed before
    assert last["tasks"] <= first["tasks"] + 8  # some are still fetching
    assert last["sockets"] <= first["sockets"] + 4  # connections still being closed
