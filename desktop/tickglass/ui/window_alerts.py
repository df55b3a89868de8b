"""Alerts in the window: asking for one, the panel's wishes, and whether everything is muted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QToolButton

from ..language import tr
from ..market.instrument import Instrument
from .alert_dialog import AlertDialog
from .text import exchange_title

if TYPE_CHECKING:
    from .main_window import MainWindow

HOUR = 3_600  # s


class WindowAlerts(QObject):
    """``mute_wanted`` for so many seconds, 0: no longer."""

    mute_wanted = Signal(int)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.muted = QToolButton()
        self.muted.hide()
        self.muted.setToolTip(tr("Let alerts be told again"))
        self.muted.clicked.connect(lambda: self.mute_wanted.emit(0))
        window.status.add_slot(self.muted)
        self._connect()

    def ask_for(self, instrument: Instrument | None) -> AlertDialog | None:
        """Open the form for a new alert at the last price."""
        if instrument is None:
            return None
        return self.ask_at(instrument, self._window.store.state(instrument).last)

    def ask_for_some(self, instruments: Sequence[Instrument]) -> None:
        """Open the form for a new alert on some instruments."""
        self.ask_for(instruments[0] if instruments else None)

    def ask_at(self, instrument: Instrument | None, price: float | None) -> AlertDialog | None:
        """Open the form for a new alert at a price."""
        window = self._window
        if instrument is None:
            return None
        title = exchange_title(window.titles, instrument.exchange)
        dialog = AlertDialog(window, instrument, title, price, window.decimals.get(instrument))
        dialog.made.connect(window.alert_made)
        dialog.open()
        return dialog

    def mute_for_an_hour(self) -> None:
        """Let everything be silent for an hour."""
        self.mute_wanted.emit(HOUR)

    def show_muted(self, until: int | None) -> None:
        """Say until when, ms UTC, alerts are muted; None: they are not."""
        self.muted.setVisible(until is not None)
        if until is not None:
            time = self._window.alerts.texts.moment(until)
            self.muted.setText(tr("Muted until {time}", time=time))

    def open(self, tab: int) -> None:
        """Bring up the panel with one of its tabs."""
        self._window.docks.show("alerts")
        self._window.alerts.open_tab(tab)

    def _connect(self) -> None:
        window, panel = self._window, self._window.alerts
        panel.alerts.changed.connect(window.alert_made)
        panel.alerts.removed.connect(window.alerts_removed)
        panel.alerts.made.connect(lambda: self.ask_for(window.lists.current))
        panel.alerts.chosen.connect(window.go_to)
        panel.history.wanted.connect(window.history_wanted)
        panel.history.moment_wanted.connect(window.go_to_moment)
        panel.signals.moment_wanted.connect(window.go_to_moment)
        panel.signals.sensitivity_chosen.connect(
            lambda kind, value: window.setting_chosen.emit(f"signals.{kind}", value)
        )
        panel.state_changed.connect(window.state_changed)
