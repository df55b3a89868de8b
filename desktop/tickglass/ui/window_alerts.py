"""Alerts in the window: asking for one, the panel's wishes, and whether everything is muted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QToolButton

from ..alerts.alert import Alert
from ..alerts.condition import Condition, PriceLevel
from ..language import tr
from ..market.instrument import Instrument
from .text import wall_ms

# The form and the dialog are loaded when they are first wanted: the start is sooner by 20 ms.
if TYPE_CHECKING:
    from ..alerts.rehearsal import Rehearsal
    from .alerts.form import AlertForm
    from .alerts.targets import TargetsDialog
    from .chart_pane import ChartPane
    from .main_window import MainWindow

HOUR = 3_600  # s
LONGEST_ID = 40


class WindowAlerts(QObject):
    """``mute_wanted`` for so many seconds, 0: no longer. ``targets`` are names of addresses."""

    mute_wanted = Signal(int)
    target_kept = Signal(str, str)  # name, address
    target_forgotten = Signal(str)
    target_tried = Signal(str)
    all_sent_to = Signal(str, bool)  # name, and whether it gets every alert
    # The form, an alert, its instrument, rows of candles or None, their interval.
    rehearsal_wanted = Signal(object, object, object, object, str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.targets: tuple[str, ...] = ()
        self.targets_of_all: tuple[str, ...] = ()
        self.targets_dialog: TargetsDialog | None = None
        self._forms: set[AlertForm] = set()
        self.muted = QToolButton()
        self.muted.hide()
        self.muted.setToolTip(tr("Let alerts be told again"))
        self.muted.clicked.connect(lambda: self.mute_wanted.emit(0))
        window.status.add_slot(self.muted)
        self._connect()

    # ------------------------------------------------------------ making and changing one

    def ask_for(self, instrument: Instrument | None) -> AlertForm | None:
        """Open the form for a new alert at the last price."""
        if instrument is None:
            return None
        return self.ask_at(instrument, self._window.store.state(instrument).last)

    def ask_for_some(self, instruments: Sequence[Instrument]) -> AlertForm | None:
        """Open the form for a new alert on each of some instruments."""
        if len(instruments) == 1:
            return self.ask_for(instruments[0])
        return self._open(tuple(instruments)) if instruments else None

    def ask_at(self, instrument: Instrument | None, price: float | None) -> AlertForm | None:
        """Open the form for a new alert at a price."""
        return None if instrument is None else self._open((instrument,), price=price)

    def ask_like(self, instrument: Instrument, condition: Condition) -> AlertForm:
        """Open the form for a new alert that waits for something."""
        form = self._open((instrument,))
        form.rows[0].choose(condition)
        return form

    def duplicate(self, alert: Alert) -> AlertForm:
        """Open the form for an alert like another."""
        new = replace(alert.arm(wall_ms()), id=f"{alert.id[:LONGEST_ID]}-{uuid4().hex[:4]}")
        return self._open(_instruments(alert), alert=new)

    def edit(self, alert: Alert | str) -> AlertForm | None:
        """Open the form for an alert that there is."""
        found = self._window.alert(alert) if isinstance(alert, str) else alert
        return None if found is None else self._open(_instruments(found), alert=found)

    def move(self, alert: str, price: float) -> None:
        """Let an alert wait for another price."""
        found = self._window.alert(alert)
        if found is not None and isinstance(found.first, PriceLevel):
            first = replace(found.first, value=price)
            moved = replace(found, conditions=(first, *found.conditions[1:]), since=wall_ms())
            self._window.alert_made.emit(moved)

    def pause(self, alert: str) -> None:
        """Let an alert rest."""
        found = self._window.alert(alert)
        if found is not None:
            self._window.alert_made.emit(replace(found, paused=True))

    def show_rehearsal(self, form: AlertForm, alert: Alert, rehearsal: Rehearsal) -> None:
        """Tell a form how often an alert would have fired, if that is still the one it asked of."""
        if form in self._forms:
            form.show_rehearsal(alert, rehearsal)

    def _open(
        self, instruments: tuple[Instrument, ...], *, price: float | None = None,
        alert: Alert | None = None,
    ) -> AlertForm:  # fmt: skip
        from .alerts.form import AlertForm, Choices

        window = self._window
        decimals = window.decimals.get(instruments[0]) if instruments else None
        lists = tuple(each.name for each in window.lists.lists)
        choices = Choices(instruments, lists, window.titles, self.targets, price, decimals)
        form = AlertForm(window, choices, window.alerts.texts, wall_ms(), alert)
        self._forms.add(form)
        form.made.connect(window.alert_made)
        form.rehearsal_wanted.connect(lambda wanted: self._rehearse(form, instruments, wanted))
        form.moments_wanted.connect(self._mark)
        form.finished.connect(lambda _: self._forms.discard(form))
        form.show()
        return form

    def _rehearse(self, form: AlertForm, instruments: tuple[Instrument, ...], alert: Alert) -> None:
        """Have an alert tried, on the chart of its instrument if one is open."""
        covered = instruments if not alert.watchlist else self._listed(alert.watchlist)
        for pane in self._panes(covered):
            source = pane.chart.source
            if pane.instrument is not None and source is not None and len(source):
                bars = source.bars
                rows = bars.rows.copy()
                self.rehearsal_wanted.emit(form, alert, pane.instrument, rows, bars.interval)
                return
        if covered:
            self.rehearsal_wanted.emit(form, alert, covered[0], None, "")
            return
        from ..alerts.rehearsal import Rehearsal

        empty = tr("There is no pair in {name}.", name=alert.watchlist)
        form.show_rehearsal(alert, Rehearsal(reason=empty))

    def _mark(self, instrument: Instrument | None, moments: Sequence[tuple[int, float]]) -> None:
        """Mark moments on the charts of an instrument, and on no other."""
        if instrument is not None and moments and not self._panes((instrument,)):
            self._window.go_to(instrument)
        for pane in self._window.charts.panes:
            pane.chart.set_moments(moments if pane.instrument == instrument else ())

    def _listed(self, watchlist: str) -> tuple[Instrument, ...]:
        lists = self._window.lists.lists
        return next((tuple(each.instruments) for each in lists if each.name == watchlist), ())

    def _panes(self, instruments: Sequence[Instrument]) -> list[ChartPane]:
        panes = [self._window.charts.active, *self._window.charts.panes]
        return [each for each in panes if each.instrument in instruments]

    # ------------------------------------------------------------ all of them

    def open_targets(self) -> TargetsDialog:
        """Let the person keep addresses that alerts are sent to."""
        from .alerts.targets import TargetsDialog

        dialog = TargetsDialog(self._window, self.targets, self.targets_of_all)
        dialog.keep_wanted.connect(self.target_kept)
        dialog.forget_wanted.connect(self.target_forgotten)
        dialog.test_wanted.connect(self.target_tried)
        dialog.all_wanted.connect(self.all_sent_to)
        dialog.finished.connect(lambda _: self._close_targets())
        self.targets_dialog = dialog
        dialog.show()
        return dialog

    def set_targets(self, names: Sequence[str], of_all: Sequence[str]) -> None:
        """The names of the addresses that are kept, and of those that get every alert."""
        self.targets, self.targets_of_all = tuple(names), tuple(of_all)
        if self.targets_dialog is not None:
            self.targets_dialog.set_names(names, of_all)

    def say_of_targets(self, sentence: str, *, failed: bool = False) -> None:
        """What became of an address."""
        if self.targets_dialog is not None:
            self.targets_dialog.say(sentence, failed=failed)
        else:
            self._window.notify_person(sentence)

    def _close_targets(self) -> None:
        self.targets_dialog = None

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
        panel.alerts.edited.connect(self.edit)
        panel.alerts.duplicated.connect(self.duplicate)
        panel.signals.alert_wanted.connect(self.ask_like)
        panel.alerts.chosen.connect(window.go_to)
        panel.history.wanted.connect(window.history_wanted)
        panel.history.moment_wanted.connect(window.go_to_moment)
        panel.signals.moment_wanted.connect(window.go_to_moment)
        panel.signals.sensitivity_chosen.connect(
            lambda kind, value: window.setting_chosen.emit(f"signals.{kind}", value)
        )
        panel.state_changed.connect(window.state_changed)


def _instruments(alert: Alert) -> tuple[Instrument, ...]:
    return () if alert.instrument is None else (alert.instrument,)
