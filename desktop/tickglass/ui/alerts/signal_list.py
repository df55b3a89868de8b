"""Signals: what is out of the ordinary in the watchlists, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QMenu, QVBoxLayout, QWidget

from ...alerts import signals
from ...alerts.signals import Sensitivity, SignalKind
from ...language import mark, tr
from ..theme import GAP_SMALL, Theme
from .rows_model import Column, RowsModel
from .table import CalmTable
from .texts import AlertTexts

KEPT = 500
KINDS: Mapping[SignalKind, str] = {
    SignalKind.MOVE: mark("Sharp moves"),
    SignalKind.VOLUME: mark("Volume spikes"),
    SignalKind.TREND: mark("Trend reversals"),
    SignalKind.PREMIUM: mark("Premiums"),
}
SENSITIVITIES: Mapping[Sensitivity, str] = {
    Sensitivity.OFF: mark("muted"),
    Sensitivity.LOW: mark("only the largest"),
    Sensitivity.MEDIUM: mark("usual"),
    Sensitivity.HIGH: mark("many"),
}


class SignalList(QWidget):
    """``sensitivity_chosen`` by kind; ``alert_wanted`` makes an alert of a signal."""

    sensitivity_chosen = Signal(str, str)  # kind, sensitivity
    moment_wanted = Signal(object, object)  # Instrument, ms
    alert_wanted = Signal(object, object)  # Instrument, Condition

    def __init__(self, theme: Theme, texts: AlertTexts) -> None:
        super().__init__()
        self._number = 0
        self._kept: list[tuple[int, signals.Signal]] = []
        self._muted: set[SignalKind] = set()
        columns: list[Column[tuple[int, signals.Signal]]] = [
            Column(mark("Time"), lambda row: texts.moment(row[1].time), role=lambda _: "muted"),
            Column(mark("Signal"), lambda row: texts.signal(row[1]), role=_colour),
        ]
        self.model: RowsModel[tuple[int, signals.Signal]] = RowsModel(
            theme, columns, lambda row: row[0]
        )
        self.view = CalmTable(self.model, tr("Signals"), 1)
        self.empty = QLabel(
            tr("Nothing out of the ordinary yet. Every pair of your lists is watched.")
        )
        self.empty.setWordWrap(True)
        self.boxes = {kind: QComboBox() for kind in KINDS}
        self._lay_out()
        self.view.opened.connect(self._open)
        self.view.menu_wanted.connect(self._pop_up)

    def set_sensitivity(self, chosen: Mapping[SignalKind, Sensitivity]) -> None:
        """How little is enough, by kind; what is muted is hidden."""
        for kind, sensitivity in chosen.items():
            with QSignalBlocker(self.boxes[kind]):
                self.boxes[kind].setCurrentIndex(self.boxes[kind].findData(sensitivity.value))
        self._muted = {kind for kind, each in chosen.items() if each is Sensitivity.OFF}
        self._show()

    def add(self, found: Iterable[signals.Signal]) -> None:
        """What was found just now, oldest first."""
        for signal in found:
            self._number += 1
            self._kept.insert(0, (self._number, signal))
        del self._kept[KEPT:]
        self._show()

    def menu(self) -> QMenu | None:
        """What can be done with the signal that is chosen."""
        row = self.model.row_at(self.view.currentIndex())
        if row is None:
            return None
        signal = row[1]
        menu = QMenu(self)
        menu.addAction(tr("Show on the chart"), lambda: self._open(self.view.currentIndex().row()))
        menu.addAction(
            tr("Make an alert of it…"),
            lambda: self.alert_wanted.emit(signal.instrument, signal.as_condition()),
        )
        menu.addAction(
            tr("Mute: {kind}", kind=tr(KINDS[signal.kind])),
            lambda: self.sensitivity_chosen.emit(signal.kind.value, Sensitivity.OFF.value),
        )
        return menu

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(GAP_SMALL)
        for place, (kind, box) in enumerate(self.boxes.items()):
            for sensitivity, text in SENSITIVITIES.items():
                box.addItem(tr(text), sensitivity.value)
            box.setAccessibleName(tr("How many signals: {kind}", kind=tr(KINDS[kind])))
            box.activated.connect(
                lambda _, kind=kind, box=box: self.sensitivity_chosen.emit(
                    kind.value, str(box.currentData())
                )
            )
            label = QLabel(tr(KINDS[kind]))
            label.setBuddy(box)
            grid.addWidget(label, place // 2, place % 2 * 2)
            grid.addWidget(box, place // 2, place % 2 * 2 + 1)
        grid.setColumnStretch(4, 1)
        self.empty.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL)
        column.addLayout(grid)
        column.addWidget(self.view, 1)
        column.addWidget(self.empty)

    def _show(self) -> None:
        shown = [row for row in self._kept if row[1].kind not in self._muted]
        self.model.take(shown)
        self.empty.setVisible(not shown)

    def _open(self, row: int) -> None:
        signal = self.model.rows[row][1]
        self.moment_wanted.emit(signal.instrument, signal.time)

    def _pop_up(self, place: QPoint) -> None:
        menu = self.menu()
        if menu is not None:
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(place)


def _colour(row: tuple[int, signals.Signal]) -> str:
    return "up" if row[1].up else "down"
