"""Every way out leaves within two seconds, with nothing said on standard error."""

import signal
import sys
from pathlib import Path

import pytest

from .process import running

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_program_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path / "config", "--demo", QT_QPA_PLATFORM="offscreen") as window:
        window.wait_for_prices()
        window.signal(number)
        assert window.quits_in_time()
        assert window.complaints() == ""


def test_a_signal_before_the_first_price_ends_it_too(tmp_path: Path) -> None:
    with running(tmp_path / "config", "--demo", QT_QPA_PLATFORM="offscreen") as window:
        (tmp_path / "config").mkdir(exist_ok=True)
        while not (tmp_path / "config" / "log").exists():
            assert window.process.poll() is None
        # The handler is set once the loop runs; a signal before that ends Python itself.
        while "window shown" not in window.log():
            assert window.process.poll() is None
        window.signal(signal.SIGTERM)
        assert window.quits_in_time()
        assert window.complaints() == ""
