"""How the program does, told from the figures that the feed and the screen keep."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tickglass import reporting
from tickglass.alerting import Alerting
from tickglass.feed.figures import ExchangeFigures
from tickglass.feed.hub import Hub
from tickglass.reporting import Reporting
from tickglass.ui.feed_values import FeedReport
from tickglass.ui.frame_clock import ScreenFigures
from tickglass.ui.main_window import MainWindow


class Window:
    """What is shown of it."""

    def __init__(self) -> None:
        self.status = self
        self.notes: list[tuple[str, str]] = []
        self.reports: list[FeedReport] = []

    def set_note(self, exchange: str, note: str) -> None:
        self.notes.append((exchange, note))

    def show_feed(self, report: FeedReport) -> None:
        self.reports.append(report)


class Desk:
    """A program that began at second 100 of a clock, two seconds after its process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(reporting.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(reporting, "process_age", lambda: 2.0)
        self.window, self.screen = Window(), ScreenFigures()
        self.engine = SimpleNamespace(fired_count=3)
        self.reporting = Reporting(
            cast(MainWindow, self.window), self.screen,
            cast(Alerting, SimpleNamespace(engine=self.engine)),
        )  # fmt: skip
        self.feed = ExchangeFigures()
        self.hub: Any = SimpleNamespace(figures={"binance": self.feed})

    def flow(self) -> None:
        self.reporting.hub = cast(Hub, self.hub)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_times_count_from_the_start_of_the_process(desk: Desk) -> None:
    desk.screen.painted(100.5, 0.0, 0.0)
    desk.now = 130.0
    told = desk.reporting.figures()
    assert told["seconds"] == 30.0
    assert told["startup_ms"] == {"window_painted": 2_500.0, "first_price": None}
    assert told["alerts"] == {"fired": 3}
    assert told["reconnects"] == 0, "nothing flows yet"


def test_what_the_feed_counted_is_in_the_figures(desk: Desk) -> None:
    desk.flow()
    desk.feed.begin(1).counts.reconnects = 4
    assert desk.reporting.figures()["reconnects"] == 4


def test_the_feed_panel_is_told_rates_since_it_was_told_before(desk: Desk) -> None:
    desk.flow()
    counts = desk.feed.begin(1).counts
    desk.reporting.show_feed()
    counts.bytes, desk.now = 500, 102.0
    desk.reporting.show_feed()
    first, second = desk.window.reports
    assert [each.name for each in second.exchanges] == ["binance"]
    assert (first.exchanges[0].bytes, second.exchanges[0].bytes) == (None, 250.0)


def test_notes_are_told_once_a_second(desk: Desk) -> None:
    desk.reporting.tell_notes(1.0)
    assert desk.window.notes == [], "nothing flows yet"
    desk.flow()
    desk.feed.begin(1).note = "Using its market-data host."
    for now in (1.0, 1.5, 1.9, 2.0):
        desk.reporting.tell_notes(now)
    assert desk.window.notes == [("binance", "Using its market-data host.")] * 2
