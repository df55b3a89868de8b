"""One screen frame of the window: everything that can be seen is brought up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..market.freshness import Freshness
from ..market.instrument import Instrument
from .frame_clock import ScreenFigures
from .text import wall_ms

if TYPE_CHECKING:
    from .main_window import MainWindow

COUNT_INTERVAL = 1.0  # s between counts of what is live, for the status line


class WindowFrame:
    """Compares the store with what is shown, part by part."""

    def __init__(self, window: MainWindow, figures: ScreenFigures) -> None:
        self._window = window
        self._figures = figures
        self._counted = 0.0

    def flush(self, now: float) -> None:
        """Show what changed since the frame before; ``now`` is a monotonic second."""
        window = self._window
        store = window.store
        self._figures.arrived(window.lists.flush(store.take_changed(), now))
        now_ms = wall_ms()
        window.charts.flush(lambda instrument: self._price(instrument, now), store.tapes, now_ms)
        window.side.flush(now, now_ms, store)
        self._flush_heat(now)
        window.movers.flush(now)
        window.alerts.flush(now)
        self._count(now)
        window.status.flush(now)
        window.notices.flush(now)

    def _flush_heat(self, now: float) -> None:
        """Beside the active chart, if that is wanted: what stood in its book."""
        side, pane = self._window.side, self._window.charts.active
        same = pane.instrument is not None and pane.instrument == side.instrument
        side.record_heat = same and pane.look.heat
        pane.flush_heat(now, side.record if same else None)
        side.set_zone(pane.look.zone or self._window.settings.zone_name)

    def _count(self, now: float) -> None:
        """Tell the status line how many instruments can be trusted."""
        if now - self._counted < COUNT_INTERVAL:
            return
        self._counted = now
        counts: dict[Freshness, int] = {}
        for instrument in self._window.lists.instruments:
            fresh = self._window.store.state(instrument).freshness(now)
            counts[fresh] = counts.get(fresh, 0) + 1
        self._window.status.set_counts(counts)

    def _price(self, instrument: Instrument, now: float) -> tuple[float | None, Freshness]:
        state = self._window.store.state(instrument)
        return state.last, state.freshness(now)
