"""A table of rows that are values: each column says how it writes one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ...language import tr
from ..theme import Theme

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column; ``title`` is marked English, ``tip`` a longer text, ``role`` a theme's colour."""

    title: str
    text: Callable[[Row], str]
    tip: Callable[[Row], str] | None = None
    role: Callable[[Row], str] | None = None
    right: bool = False


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Shows rows in the order given. ``key`` tells which row goes on as the same."""

    def __init__(
        self, theme: Theme, columns: Sequence[Column[Row]], key: Callable[[Row], Hashable]
    ) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._key = key
        self._rows: list[Row] = []
        self._theme = theme

    @property
    def rows(self) -> list[Row]:
        """What is shown."""
        return list(self._rows)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme

    def take(self, rows: Sequence[Row]) -> None:
        """Show these; rows that stay keep their place where nothing before them came or went."""
        keys, wanted = [self._key(each) for each in self._rows], [self._key(each) for each in rows]
        if keys == wanted:
            self._update(rows)
            return
        same = 0
        while same < min(len(keys), len(wanted)) and keys[-1 - same] == wanted[-1 - same]:
            same += 1
        gone, come = len(keys) - same, len(wanted) - same
        if gone:
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            self._rows = self._rows[gone:]
            self.endRemoveRows()
        if come:
            self.beginInsertRows(QModelIndex(), 0, come - 1)
            self._rows = [*rows[:come], *self._rows]
            self.endInsertRows()
        self._update(rows)

    def row_at(self, index: Index) -> Row | None:
        """What stands in a row."""
        return self._rows[index.row()] if index.isValid() else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell, its place, its colour, and what is said when pointed at."""
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return (column.tip or column.text)(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.right else LEFT
        if role == Qt.ItemDataRole.ForegroundRole and column.role is not None:
            name = column.role(row)
            return QColor(getattr(self._theme, name)) if name else None
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """The titles of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(self.columns[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if self.columns[section].right else LEFT
        return None

    def _update(self, rows: Sequence[Row]) -> None:
        for place, (held, new) in enumerate(zip(self._rows, rows, strict=True)):
            if held != new:
                self._rows[place] = new
                last = self.index(place, len(self.columns) - 1)
                self.dataChanged.emit(self.index(place, 0), last)
