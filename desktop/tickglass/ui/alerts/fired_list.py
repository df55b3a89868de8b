"""The history of alerts: everything that fired, and whether it was told."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ...alerts.history import Record
from ...language import mark, tr
from ..theme import GAP_SMALL, Theme
from .rows_model import Column, RowsModel
from .table import CalmTable
from .texts import AlertTexts

PAGE = 200
MOST_SHOWN = 5_000


class FiredList(QWidget):
    """``wanted`` asks for records older than a number (None: the newest)."""

    wanted = Signal(object)  # int | None
    moment_wanted = Signal(object, object)  # Instrument, ms

    def __init__(self, theme: Theme, texts: AlertTexts) -> None:
        super().__init__()
        self._more = True
        columns: list[Column[Record]] = [
            Column(mark("Time"), lambda row: texts.moment(row.time)),
            Column(mark("What"), lambda row: row.title, lambda row: f"{row.title}\n{row.body}"),
            Column(mark("Price"), lambda row: texts.price(row.instrument, row.price), right=True),
            Column(
                mark("Seen after"), texts.seen, role=lambda row: "warning" if row.late else "muted"
            ),
            Column(mark("Told by"), texts.told, texts.told_tip, _failed),
        ]
        self.model: RowsModel[Record] = RowsModel(theme, columns, lambda row: row.id)
        self.view = CalmTable(self.model, tr("History of alerts"), 1)
        self.empty = QLabel(tr("Nothing has fired yet."))
        self.older = QPushButton(tr("Older"))
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP_SMALL)
        buttons.addWidget(self.older)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL)
        column.addWidget(self.view, 1)
        column.addWidget(self.empty)
        column.addLayout(buttons)
        self.older.clicked.connect(self._ask_older)
        self.view.opened.connect(self._open)

    def show_records(self, records: Sequence[Record], before: int | None) -> None:
        """The records that were asked for, newest first."""
        held = [] if before is None else self.model.rows
        self._more = len(records) == PAGE
        self._take([*held, *records])

    def put(self, record: Record) -> None:
        """Something fired just now, or something became of telling it."""
        rows = self.model.rows
        known = [place for place, row in enumerate(rows) if row.id == record.id]
        if known:
            rows[known[0]] = record
        else:
            rows.insert(0, record)
        self._take(rows)

    def _take(self, rows: Sequence[Record]) -> None:
        self.model.take(rows[:MOST_SHOWN])
        self.empty.setVisible(not rows)
        self.older.setEnabled(self._more and 0 < len(rows) < MOST_SHOWN)

    def _ask_older(self) -> None:
        rows = self.model.rows
        if rows:
            self.wanted.emit(rows[-1].id)

    def _open(self, row: int) -> None:
        record = self.model.rows[row]
        self.moment_wanted.emit(record.instrument, record.time)


def _failed(record: Record) -> str:
    return "warning" if any(each.worked is False for each in record.deliveries) else ""
