"""The lines of a watchlist's table: their order, their groups, and how they are dragged about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ...market.instrument import Instrument
from ...market.store import Store
from ...market.watchlist import moved
from ..text import exchange_title
from .columns import COLUMNS, Column
from .comparing import Pairs
from .dragging import MIME, packed, unpacked
from .pair_groups import Line, grouped, kept_order, lines, runs, sorted_order
from .rows import Head, Row, sort_value

Index = QModelIndex | QPersistentModelIndex
Shown = Row | Head

# Made once: joining flags costs as much as painting a cell, and Qt asks for them at every paint.
ROW_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)


class Sort(NamedTuple):
    """By which column the rows were ordered when the person asked for it."""

    column: Column
    descending: bool


class ArrangedModel(QAbstractTableModel):
    """Which line stands where: instruments, or pairs with their exchanges below.

    ``own`` is the person's order; ``order`` the one that is shown, which a sort makes once and
    which then stays.
    """

    reordered = Signal(list)  # the person's own order, as a drag made it

    def __init__(self, store: Store, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._store = store
        self._titles = titles
        self._pairs = Pairs(store)
        self.own: list[Instrument] = []
        self.order: list[Instrument] = []
        self.sorting: Sort | None = None
        self.by_pair = False
        self.collapsed: set[str] = set()
        self._now = 0.0
        self._lines: list[Shown] = []
        self._rows: dict[Instrument, Row] = {}
        self._heads: dict[str, Head] = {}
        self._index: dict[Line, int] | None = {}

    # ------------------------------------------------------------ the list

    def load(
        self,
        instruments: Sequence[Instrument],
        *,
        by_pair: bool = False,
        sorting: Sort | None = None,
        order: Iterable[Instrument] = (),
        collapsed: Iterable[str] = (),
    ) -> None:
        """Show another list, in the order in which it was left."""
        self.beginResetModel()
        self.own = list(dict.fromkeys(instruments))
        self.sorting = sorting
        self.order = kept_order(order, self.own) if sorting else list(self.own)
        self.by_pair, self.collapsed = by_pair, set(collapsed)
        self._rows = {each: self._row(each) for each in self.own}
        self._heads = {}
        self._pairs.take(self.order)
        self._lines = [self._shown(line) for line in self._target()]
        self._index = None
        self.endResetModel()

    def take(self, own: Sequence[Instrument]) -> None:
        """The list was changed: its own order is now this. In a sorted one the new come last."""
        self.own = list(own)
        self._rows.update((each, self._row(each)) for each in own if each not in self._rows)
        self._reorder(kept_order(self.order, own) if self.sorting else own)
        for instrument in self._rows.keys() - set(own):
            del self._rows[instrument]
        self.collapsed &= {each.pair for each in own}

    def move(self, instruments: Collection[Instrument], before: Instrument | None) -> None:
        """Put instruments before another, or at the end: what is shown becomes the own order."""
        if before is not None and self._whole_pairs(instruments):
            before = self._pairs.members(before.pair)[0]
        order = moved(self._flat(), instruments, before)
        if order == self._flat():
            return
        self.sorting = None
        self.own = order
        self._reorder(order)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        self.reordered.emit(list(self.own))

    def step(self, instruments: Collection[Instrument], steps: int) -> None:
        """Move rows up (−1) or down (1) by one; pairs that are taken whole by one pair."""
        units = [[each] for each in self._flat()]
        if self._whole_pairs(instruments):
            units = list(grouped(self.order).values())
        at = [place for place, unit in enumerate(units) if unit[0] in instruments]
        if not at or (steps < 0 and at[0] == 0):
            return
        target = at[0] - 1 if steps < 0 else at[-1] + 2
        self.move(instruments, units[target][0] if target < len(units) else None)

    def sort_by(self, sort: Sort | None) -> None:
        """Order the rows once, by what they say now; None brings the own order back."""
        self.sorting = sort
        if sort is None:
            self._reorder(self.own)
            return
        now = self._now

        def key(instrument: Instrument) -> str | float | None:
            state = self._store.state(instrument)
            premium = self._pairs.premium(instrument, now)
            return sort_value(sort.column, state, now, self._title(instrument), premium)

        self._pairs.forget()
        self._reorder(sorted_order(self.own, key, descending=sort.descending))

    def set_grouped(self, by_pair: bool) -> None:
        """Put the exchanges of a pair below its heading, or not."""
        self.by_pair = by_pair
        self._become(self._target())

    def collapse(self, pair: str, collapsed: bool) -> None:
        """Hide the exchanges of a pair, or show them again."""
        (self.collapsed.add if collapsed else self.collapsed.discard)(pair)
        if pair in self._heads:
            self._heads[pair].collapsed = collapsed
        self._become(self._target())
        place = self.line_of(pair)
        if place is not None:
            index = self.index(place, Column.PAIR)
            self.dataChanged.emit(index, index)

    # ------------------------------------------------------------ what stands where

    def line_of(self, line: Line) -> int | None:
        """Where an instrument or the heading of a pair stands; None if it cannot be seen."""
        if self._index is None:
            self._index = {_key(each): place for place, each in enumerate(self._lines)}
        return self._index.get(line)

    def instrument_at(self, index: Index) -> Instrument | None:
        """The instrument of a row; that of a heading is the first of its pair."""
        members = self.instruments_at([index.row()]) if index.isValid() else []
        return members[0] if members else None

    def instruments_at(self, places: Iterable[int]) -> list[Instrument]:
        """The instruments of some lines, each once; a heading stands for all of its pair."""
        found: dict[Instrument, None] = {}
        for place in sorted(places):
            line = self._lines[place]
            members = [line.instrument] if isinstance(line, Row) else self._pairs.members(line.pair)
            found.update(dict.fromkeys(members))
        return list(found)

    def head_at(self, place: int) -> Head | None:
        """The heading at a line, if one is there."""
        line = self._lines[place] if 0 <= place < len(self._lines) else None
        return line if isinstance(line, Head) else None

    def before(self, place: int) -> Instrument | None:
        """The instrument before which something goes that is dropped at a line; None is the end."""
        members = self.instruments_at([place]) if 0 <= place < len(self._lines) else []
        return members[0] if members else None

    # ------------------------------------------------------------ from one order to another

    def _flat(self) -> list[Instrument]:
        """The instruments as they are shown, those of collapsed pairs among them."""
        if not self.by_pair:
            return self.order
        return [each for members in grouped(self.order).values() for each in members]

    def _whole_pairs(self, instruments: Collection[Instrument]) -> bool:
        """Whether these are headings with all below them."""
        taken = set(instruments)
        pairs = {each.pair for each in taken}
        return self.by_pair and all(taken.issuperset(self._pairs.members(pair)) for pair in pairs)

    def _target(self) -> list[Line]:
        return lines(self.order, by_pair=self.by_pair, collapsed=self.collapsed)

    def _reorder(self, order: Sequence[Instrument]) -> None:
        self.order = list(order)
        self._pairs.take(self.order)
        self._become(self._target())
        for head in self._heads.values():
            head.behind = True

    def _become(self, target: list[Line]) -> None:
        """Go to other lines step by step, so that what is selected stays selected."""
        kept = set(target)
        self._take_out([n for n, line in enumerate(self._lines) if _key(line) not in kept])
        there = {_key(line) for line in self._lines}
        self._permute([line for line in target if line in there])
        for first, last in runs([n for n, line in enumerate(target) if line not in there]):
            self.beginInsertRows(QModelIndex(), first, last)
            self._lines[first:first] = [self._shown(line) for line in target[first : last + 1]]
            self._index = None
            self.endInsertRows()
        self._heads = {line.pair: line for line in self._lines if isinstance(line, Head)}
        self._became()

    def _take_out(self, places: Sequence[int]) -> None:
        for first, last in reversed(runs(places)):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._lines[first : last + 1]
            self._index = None
            self.endRemoveRows()

    def _permute(self, wanted: Sequence[Line]) -> None:
        by_key = {_key(line): line for line in self._lines}
        if list(by_key) == wanted:
            return
        self.layoutAboutToBeChanged.emit()
        persistent = self.persistentIndexList()
        keys = [_key(self._lines[index.row()]) for index in persistent]
        self._lines = [by_key[key] for key in wanted]
        self._index = None
        self.changePersistentIndexList(
            persistent,
            [
                self.index(self.line_of(key) or 0, index.column())
                for key, index in zip(keys, persistent, strict=True)
            ],
        )
        self.layoutChanged.emit()

    def _shown(self, line: Line) -> Shown:
        if isinstance(line, Instrument):
            return self._rows[line]
        if line not in self._heads:
            self._heads[line] = Head(line)
        head = self._heads[line]
        head.collapsed = line in self.collapsed
        return head

    def _row(self, instrument: Instrument) -> Row:
        return Row(instrument, self._title(instrument))

    def _title(self, instrument: Instrument) -> str:
        return exchange_title(self._titles, instrument.exchange)

    def _became(self) -> None:
        """Other lines may be in sight."""

    # ------------------------------------------------------------ what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many lines; none under a line."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """The same columns always; none under a line."""
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Lines can be chosen and dragged; between them they can be dropped."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return ROW_FLAGS

    def supportedDragActions(self) -> Qt.DropAction:
        """Rows move, or are copied onto another list."""
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def supportedDropActions(self) -> Qt.DropAction:
        """Within a list rows only move."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Our own rows only."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The instruments that are dragged."""
        return packed(self.instruments_at({index.row() for index in indexes}))

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move the dragged rows; the view must not remove them, so the answer is no."""
        dragged = [each for each in unpacked(data) if each in self._rows]
        if dragged and action == Qt.DropAction.MoveAction:
            place = row if row >= 0 else parent.row() if parent.isValid() else len(self._lines)
            self.move(dragged, self.before(place))
        return False


def _key(line: Shown) -> Line:
    return line.instrument if isinstance(line, Row) else line.pair
