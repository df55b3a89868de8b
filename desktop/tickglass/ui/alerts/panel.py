"""The alerts' panel: the alerts, what fired, and signals, each behind a tab."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from ...alerts.roster import Standing
from ...language import tr
from ...market.instrument import Instrument
from ..theme import Theme
from .alert_list import AlertList
from .fired_list import FiredList
from .signal_list import SignalList
from .texts import AlertTexts

INTERVAL = 1.0  # s between looks at how the alerts stand
ALERTS, SIGNALS, HISTORY = range(3)
TABS = ("alerts", "signals", "history")


class AlertsPanel(QWidget):
    """``standings_wanted`` is sent once a second while somebody looks at the alerts."""

    standings_wanted = Signal()
    state_changed = Signal()

    def __init__(self, theme: Theme, titles: Mapping[str, str], now: Callable[[], int]) -> None:
        super().__init__()
        self.texts = AlertTexts(titles)
        self.alerts = AlertList(theme, self.texts, now)
        self.signals = SignalList(theme, self.texts)
        self.history = FiredList(theme, self.texts)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(tr("Alerts, signals and history"))
        for view, title in (
            (self.alerts, tr("Alerts")), (self.signals, tr("Signals")),
            (self.history, tr("History")),
        ):  # fmt: skip
            self.tabs.addTab(view, title)
        self._shown = False
        self._asked = 0.0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        self.tabs.currentChanged.connect(self._on_tab)

    def set_shown(self, shown: bool) -> None:
        """Whether anybody looks."""
        if shown and not self._shown:
            self._shown = True
            self._on_tab()
        self._shown = shown

    def show_standings(self, standings: Sequence[Standing]) -> None:
        """How the alerts stand now."""
        self.alerts.show_standings(standings)

    def open_tab(self, place: int) -> None:
        """Bring up one of the tabs."""
        self.tabs.setCurrentIndex(place)

    def set_decimals(self, decimals: Mapping[Instrument, int]) -> None:
        """How many decimals each instrument's prices have."""
        self.texts.decimals = decimals

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for view in (self.alerts, self.signals, self.history):
            view.model.set_theme(theme)
            view.view.viewport().update()

    def flush(self, now: float) -> None:
        """Once per screen frame (monotonic seconds)."""
        looked_at = self._shown and self.tabs.currentIndex() == ALERTS
        if looked_at and now - self._asked >= INTERVAL:
            self._asked = now
            self.standings_wanted.emit()

    def save_state(self) -> dict[str, Any]:
        """Which tab is shown, for ``restore_state``."""
        return {"tab": TABS[self.tabs.currentIndex()]}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Be as it was."""
        if state.get("tab") in TABS:
            self.tabs.setCurrentIndex(TABS.index(str(state["tab"])))

    def _on_tab(self, _: int = 0) -> None:
        self._asked = 0.0
        if self._shown and self.tabs.currentIndex() == HISTORY and not self.history.model.rows:
            self.history.wanted.emit(None)
        self.state_changed.emit()
