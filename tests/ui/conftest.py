"""What every test of the window needs: a display that cannot do everything is no failure."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

HERE = Path(__file__).parent
# What the offscreen display cannot do, and says so; no display of a person's is like that.
OFFSCREEN = r"This plugin does not support (raise\(\)|propagateSizeHints\(\)|grabbing the keyboard)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN))


@pytest.fixture(autouse=True)
def no_widget_stays() -> Iterator[None]:
    """Qt deletes later what a test is done with; without a loop of its own that never comes."""
    yield
    application = QApplication.instance()
    if application is not None:
        application.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[arg-type]


def set_zone(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    """Let local time be that of a zone."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system's time zone cannot be chosen by a program")
    monkeypatch.setenv("TZ", zone)
    time.tzset()


@pytest.fixture
def zone() -> Iterator[pytest.MonkeyPatch]:
    """For ``set_zone``: whatever it sets is undone."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture
def utc(zone: pytest.MonkeyPatch) -> None:
    """Local time is UTC."""
    set_zone(zone, "UTC")
