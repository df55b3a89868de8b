"""Movers as a table of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ...language import mark, tr
from ...market.instrument import Instrument
from ...market.movers import Mover
from ..text import amount_text, arrow, change_text, price_text
from ..theme import Theme

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns, left to right."""

    PAIR = 0
    LAST = 1
    CHANGE = 2
    WORTH = 3


TITLES = {
    Column.PAIR: mark("Coin"), Column.LAST: mark("Last"), Column.CHANGE: mark("24 h"),
    Column.WORTH: mark("Volume"),
}  # fmt: skip
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class MoversModel(QAbstractTableModel):
    """Shows movers in their order. The same place may hold another instrument after ``take``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._rows: list[Mover] = []
        self._decimals: Mapping[Instrument, int] = {}
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._up, self._down, self._muted = map(QColor, (theme.up, theme.down, theme.muted))

    def set_decimals(self, decimals: Mapping[Instrument, int]) -> None:
        """How many decimals each instrument's prices have."""
        self._decimals = decimals

    def take(self, rows: Sequence[Mover]) -> None:
        """Show these instead of those before; what is selected stays at its place."""
        before, now = len(self._rows), len(rows)
        if now < before:
            self.beginRemoveRows(QModelIndex(), now, before - 1)
            self._rows = list(rows)
            self.endRemoveRows()
        elif now > before:
            self.beginInsertRows(QModelIndex(), before, now - 1)
            self._rows = list(rows)
            self.endInsertRows()
        else:
            self._rows = list(rows)
        if rows:
            last = self.index(min(before, now) - 1, len(Column) - 1)
            if last.isValid():
                self.dataChanged.emit(self.index(0, 0), last)

    def mover_at(self, index: Index) -> Mover | None:
        """What stands in a row."""
        return self._rows[index.row()] if index.isValid() else None

    def row_of(self, instrument: Instrument) -> int | None:
        """Where an instrument stands."""
        places = (place for place, row in enumerate(self._rows) if row.instrument == instrument)
        return next(places, None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell, its place and its colour."""
        if not index.isValid():
            return None
        column = Column(index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return LEFT if column is Column.PAIR else RIGHT
        mover = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(column, mover)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(column, mover)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """The titles of the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(TITLES[Column(section)])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return LEFT if section == Column.PAIR else RIGHT
        return None

    def _text(self, column: Column, mover: Mover) -> str:
        if column is Column.PAIR:
            return mover.instrument.base  # the quote is the same for all
        if column is Column.LAST:
            return price_text(mover.last, self._decimals.get(mover.instrument))
        if column is Column.CHANGE:
            return f"{arrow(mover.change)} {change_text(mover.change)}".strip()
        return amount_text(mover.worth)

    def _colour(self, column: Column, mover: Mover) -> QColor | None:
        if column is Column.CHANGE:
            return self._up if mover.change > 0 else self._down if mover.change < 0 else self._muted
        return self._muted if column is Column.WORTH else None
