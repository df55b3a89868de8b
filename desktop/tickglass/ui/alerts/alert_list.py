"""The list of alerts: what each waits for, how far it is, and what it is doing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from ...alerts.alert import Alert, State
from ...alerts.roster import Standing
from ...language import mark, tr
from ..theme import GAP_SMALL, Theme
from .rows_model import Column, RowsModel
from .table import CalmTable
from .texts import STATE_ROLES, AlertTexts

HOUR = 3_600_000  # ms
SNOOZES = (
    (15 * 60_000, mark("Snooze for 15 minutes")),
    (HOUR, mark("Snooze for an hour")),
    (8 * HOUR, mark("Snooze for 8 hours")),
)
RESTING = (State.PAUSED, State.SNOOZED, State.FIRED, State.EXPIRED)


class AlertList(QWidget):
    """``changed`` with an alert under other terms, ``removed`` with the ids of some."""

    changed = Signal(object)  # Alert
    removed = Signal(list)  # of str
    edited = Signal(object)  # Alert
    duplicated = Signal(object)  # Alert
    chosen = Signal(object)  # Instrument
    made = Signal()

    def __init__(self, theme: Theme, texts: AlertTexts, now: Callable[[], int]) -> None:
        super().__init__()
        self._now = now
        columns: list[Column[Standing]] = [
            Column(mark("Alert"), texts.alert),
            Column(mark("State"), texts.state, texts.state_tip, lambda row: STATE_ROLES[row.state]),
            Column(mark("Distance"), texts.distance, right=True),
            Column(mark("Last fired"), texts.fired),
            Column(mark("Not watched"), texts.unwatched, texts.unwatched_tip, lambda _: "muted"),
        ]
        self.model: RowsModel[Standing] = RowsModel(
            theme, columns, lambda row: (row.alert.id, row.instrument)
        )
        self.view = CalmTable(self.model, tr("Alerts"), 0)
        self.new, self.edit = QPushButton(tr("New alert…")), QPushButton(tr("Edit…"))
        self.rest, self.delete = QPushButton(tr("Pause")), QPushButton(tr("Remove"))
        self.empty = QLabel(
            tr("No alert yet. Make one here, by a right click on a row or on the chart.")
        )
        self.empty.setWordWrap(True)
        self._lay_out()
        self._connect()
        self._follow_choice()

    def show_standings(self, standings: Sequence[Standing]) -> None:
        """How the alerts stand now."""
        self.model.take(standings)
        self.empty.setVisible(not standings)
        self._follow_choice()

    def chosen_alerts(self) -> list[Alert]:
        """The alerts that are selected, each once."""
        rows = self.model.rows
        found = {rows[row].alert.id: rows[row].alert for row in self.view.chosen_rows()}
        return list(found.values())

    def menu(self) -> QMenu | None:
        """What can be done with the alerts that are selected."""
        alerts = self.chosen_alerts()
        if not alerts:
            return None
        menu = QMenu(self)
        if len(alerts) == 1:
            alert = alerts[0]
            menu.addAction(tr("Show the chart"), self._show_chart)
            menu.addAction(tr("Edit…"), partial(self.edited.emit, alert))
            menu.addAction(tr("Duplicate…"), partial(self.duplicated.emit, alert))
            menu.addSeparator()
        if any(self._rests(each) for each in alerts):
            menu.addAction(tr("Arm again"), self._arm)
        if not all(each.paused for each in alerts):
            menu.addAction(tr("Pause"), self._pause)
        for length, text in SNOOZES:
            menu.addAction(tr(text), partial(self._snooze, length))
        menu.addSeparator()
        menu.addAction(tr("Remove"), self._remove)
        return menu

    # ------------------------------------------------------------ inside

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP_SMALL)
        for button in (self.new, self.edit, self.rest, self.delete):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL)
        column.addWidget(self.view, 1)
        column.addWidget(self.empty)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.new.clicked.connect(self.made)
        self.edit.clicked.connect(lambda: self._open(self.view.currentIndex().row()))
        self.rest.clicked.connect(self._pause_or_arm)
        self.delete.clicked.connect(self._remove)
        self.view.opened.connect(self._open)
        self.view.removed.connect(self._remove)
        self.view.menu_wanted.connect(self._pop_up)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._follow_choice())

    def _follow_choice(self) -> None:
        alerts = self.chosen_alerts()
        self.edit.setEnabled(len(alerts) == 1)
        self.rest.setEnabled(bool(alerts))
        self.delete.setEnabled(bool(alerts))
        resting = bool(alerts) and all(self._rests(each) for each in alerts)
        self.rest.setText(tr("Arm again") if resting else tr("Pause"))

    def _rests(self, alert: Alert) -> bool:
        return alert.state(self._now()) in RESTING

    def _open(self, row: int) -> None:
        rows = self.model.rows
        if 0 <= row < len(rows):
            self.edited.emit(rows[row].alert)

    def _show_chart(self) -> None:
        rows, chosen = self.model.rows, self.view.chosen_rows()
        if chosen:
            self.chosen.emit(rows[chosen[0]].instrument)

    def _pop_up(self, place: QPoint) -> None:
        menu = self.menu()
        if menu is not None:
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(place)

    def _pause_or_arm(self) -> None:
        if all(self._rests(each) for each in self.chosen_alerts()):
            self._arm()
        else:
            self._pause()

    def _arm(self) -> None:
        now = self._now()
        for alert in self.chosen_alerts():
            ended = alert.expires is not None and alert.expires <= now
            self.changed.emit(replace(alert.arm(now), expires=None if ended else alert.expires))

    def _pause(self) -> None:
        for alert in self.chosen_alerts():
            self.changed.emit(replace(alert, paused=True))

    def _snooze(self, length: int) -> None:
        now = self._now()
        for alert in self.chosen_alerts():
            self.changed.emit(replace(alert.arm(now), snoozed=now + length))

    def _remove(self) -> None:
        alerts = self.chosen_alerts()
        if alerts:
            self.removed.emit([each.id for each in alerts])
