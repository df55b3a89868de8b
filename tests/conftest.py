"""What every test can rely on: no display, no person's files, nothing left behind."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# Shared machines are slow now and then; a claim is not about time. The same examples each time, so
# that a red suite means a changed program; `make explore` looks for others.
hypothesis.settings.register_profile(
    "tickglass", max_examples=50, deadline=None, derandomize=True, database=None
)
hypothesis.settings.register_profile("explore", max_examples=500, deadline=None, derandomize=False)
hypothesis.settings.load_profile("tickglass")

# Before Qt is first imported: qasync would otherwise guess a binding.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_API"] = "pyside6"
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.theme.*=false;qt.qpa.services=false")

FRAMES = Path(__file__).resolve().parents[2] / "shared" / "frames"


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the settings of whoever runs it, and from proxies."""
    monkeypatch.setenv("TICKGLASS_CONFIG_DIR", str(tmp_path / "tickglass"))
    for name in ("http_proxy", "https_proxy", "all_proxy", "ws_proxy", "wss_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread running that would keep the program alive."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in set(threading.enumerate()) - before if not thread.daemon]
    # Executor threads of a closed loop end by themselves; give them the join they are owed.
    for thread in left:
        thread.join(timeout=5)
    assert not [thread for thread in left if thread.is_alive()]


@pytest.fixture
def recorded_frames() -> Path:
    """Real frames, where they lie beside the checkout; tests on them are skipped elsewhere."""
    if not FRAMES.is_dir():
        pytest.skip("the recorded frames are not here")
    return FRAMES
