"""How the program does: the figures of ``--stats``, and what the feed panel and its line show."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from .alerting import Alerting
from .feed.hub import Hub
from .feed_rows import Sample, Span, feed_report, take_sample
from .stats import figures, process_age, rss_mb

if TYPE_CHECKING:
    from .ui.frame_clock import ScreenFigures
    from .ui.main_window import MainWindow

NOTES_EVERY = 1.0  # s


class Reporting:
    """``hub`` is None until the prices flow."""

    def __init__(self, window: MainWindow, screen: ScreenFigures, alerting: Alerting) -> None:
        self.hub: Hub | None = None
        self._window = window
        self._screen = screen
        self._alerting = alerting
        self._began = time.monotonic()
        self._age_at_start = process_age()
        self._sample: Sample | None = None
        self._noted = 0.0

    def figures(self) -> dict[str, Any]:
        """What happened so far, and what it cost."""
        return figures(
            seconds=time.monotonic() - self._began,
            window_painted=self._since_start(self._screen.first_paint),
            first_price=self._since_start(self._screen.first_price),
            feeds=self.hub.figures if self.hub else {},
            screen=self._screen.screen(),
            delay=self._screen.delay(),
            fired=self._alerting.engine.fired_count,
        )

    def show_feed(self) -> None:
        """Tell the feed panel how everything is, with the rates since it was told before."""
        feeds = self.hub.figures if self.hub else {}
        before = self._sample
        self._sample = take_sample(feeds, time.monotonic(), time.process_time())
        span = Span(before, self._sample)
        self._window.show_feed(feed_report(feeds, span, self.figures(), rss_mb()))

    def tell_notes(self, now: float) -> None:
        """Say of each exchange what its connections do not: that a fallback host is used."""
        if self.hub is None or now - self._noted < NOTES_EVERY:
            return
        self._noted = now
        for exchange, counted in self.hub.figures.items():
            self._window.status.set_note(exchange, counted.note)

    def _since_start(self, moment: float | None) -> float | None:
        """Milliseconds from the start of the process to a monotonic second."""
        if moment is None:
            return None
        return round((moment - self._began + self._age_at_start) * 1000, 1)
