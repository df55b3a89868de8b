"""The watchlist as a table: texts made once per frame, and only what changed is emitted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ..market.freshness import Freshness
from ..market.instrument import Instrument
from ..market.store import InstrumentState, Store
from .text import (
    NOTHING,
    age_text,
    amount_text,
    arrow,
    change_text,
    exchange_title,
    freshness_sentence,
    price_text,
)

Index = QModelIndex | QPersistentModelIndex

MIME = "application/x-tickglass-rows"
FLASH_SECONDS = 0.6
AGE_INTERVAL = 1.0


class Column(IntEnum):
    """The columns, left to right."""

    PAIR = 0
    EXCHANGE = 1
    LAST = 2
    CHANGE = 3
    BID = 4
    ASK = 5
    HIGH = 6
    LOW = 7
    VOLUME = 8
    SPARKLINE = 9
    AGE = 10


TITLES = {
    Column.PAIR: "Pair", Column.EXCHANGE: "Exchange", Column.LAST: "Last",
    Column.CHANGE: "24 h", Column.BID: "Bid", Column.ASK: "Ask", Column.HIGH: "24 h high",
    Column.LOW: "24 h low", Column.VOLUME: "24 h volume", Column.SPARKLINE: "Last day",
    Column.AGE: "Age",
}  # fmt: skip
TEXT_COLUMNS = (Column.PAIR, Column.EXCHANGE)
FLASHING = (Column.LAST, Column.BID, Column.ASK)
ROW_ROLE = Qt.ItemDataRole.UserRole
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
# Made once: joining flags costs as much as painting a cell, and Qt asks for them at every paint.
ROW_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)
COLUMNS = tuple(Column)


class Row:
    """What one row shows now: texts by column, flashes, and how far it can be trusted."""

    __slots__ = (
        "decimals", "direction", "flashes", "freshness", "instrument", "numbers", "spark_version",
        "sparkline", "texts", "warned",
    )  # fmt: skip

    def __init__(self, instrument: Instrument, title: str) -> None:
        self.instrument = instrument
        self.texts = [NOTHING] * len(Column)
        self.texts[Column.PAIR], self.texts[Column.EXCHANGE] = instrument.pair, title
        self.texts[Column.SPARKLINE] = ""
        self.numbers: list[float | None] = [None] * len(Column)
        self.decimals: int | None = None
        self.freshness = Freshness.NEVER
        self.direction = 0
        self.flashes: dict[int, tuple[float, int]] = {}  # column: until when, up or down
        self.sparkline: list[float] = []
        self.spark_version = -1
        self.warned = False


class WatchlistModel(QAbstractTableModel):
    """Rows of instruments over the store. ``flush`` brings them up to date once per frame."""

    order_changed = Signal(list)

    def __init__(self, store: Store, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._store = store
        self._titles = titles
        self._rows: list[Row] = []
        self._index_of: dict[Instrument, int] = {}
        self._decimals: Mapping[Instrument, int] = {}
        self._flashing: set[Instrument] = set()
        self._aged = 0.0
        self._now = 0.0

    @property
    def instruments(self) -> list[Instrument]:
        """The instruments in their order."""
        return [row.instrument for row in self._rows]

    def row_of(self, instrument: Instrument) -> int | None:
        """Where an instrument stands."""
        return self._index_of.get(instrument)

    def instrument_at(self, index: Index) -> Instrument | None:
        """The instrument of a row, if there is one."""
        return self._rows[index.row()].instrument if index.isValid() else None

    def price(self, instrument: Instrument) -> tuple[float, int | None] | None:
        """The last price of an instrument and its decimals."""
        last = self._store.state(instrument).last
        return None if last is None else (last, self._decimals.get(instrument))

    def lines(self, count: int, now: float) -> tuple[list[str], bool]:
        """The first rows as texts for the tray, and whether any of them can be trusted."""
        texts, trusted = [], not self._rows
        for row in self._rows[:count]:
            state = self._store.state(row.instrument)
            fresh = state.freshness(now)
            trusted = trusted or fresh.trusted
            price = price_text(state.last, self._decimals.get(row.instrument))
            mark = "" if fresh.trusted or fresh is Freshness.NEVER else f"   ({fresh})"
            texts.append(f"{row.instrument.pair}   {price}   {change_text(state.change)}{mark}")
        return texts, trusted

    def set_decimals(self, decimals: Mapping[Instrument, int]) -> None:
        """Learn how many decimals each instrument's prices have."""
        self._decimals = decimals
        self._store.touch(self.instruments)

    def insert(self, position: int, instruments: Sequence[Instrument]) -> None:
        """Put instruments into the list; those already in it stay where they are."""
        new = [each for each in dict.fromkeys(instruments) if each not in self._index_of]
        if not new:
            return
        self.beginInsertRows(QModelIndex(), position, position + len(new) - 1)
        titles = self._titles
        self._rows[position:position] = [
            Row(each, exchange_title(titles, each.exchange)) for each in new
        ]
        self._reindex()
        self.endInsertRows()
        self._store.touch(new)

    def remove(self, row: int) -> None:
        """Take a row out."""
        self.beginRemoveRows(QModelIndex(), row, row)
        self._flashing.discard(self._rows.pop(row).instrument)
        self._reindex()
        self.endRemoveRows()

    def move(self, row: int, before: int) -> None:
        """Put a row before another; the number of rows means at the end."""
        if before in (row, row + 1):
            return
        parent = QModelIndex()
        if not self.beginMoveRows(parent, row, row, parent, before):
            return
        moved = self._rows.pop(row)
        self._rows.insert(before - (before > row), moved)
        self._reindex()
        self.endMoveRows()
        self.order_changed.emit(self.instruments)

    def flush(self, changed: Iterable[Instrument], now: float) -> list[float]:
        """Emit the cells that read differently now; when what they show had arrived."""
        self._now = now
        dirty = {each for each in changed if each in self._index_of}
        arrived: list[float] = []
        for instrument in dirty:
            state = self._store.states.get(instrument)
            if state is not None and state.arrived is not None:
                arrived.append(state.arrived)
                state.arrived = None
        aging = now - self._aged >= AGE_INTERVAL
        if aging:
            self._aged = now
        for instrument in self._index_of if aging else dirty | self._flashing:
            self._refresh(self._index_of[instrument], now)
        return arrived

    def _refresh(self, position: int, now: float) -> None:
        row = self._rows[position]
        state = self._store.state(row.instrument)
        columns = self._update(row, state, now)
        for column, (until, _) in list(row.flashes.items()):
            columns.add(column)
            if now >= until:
                del row.flashes[column]
        if row.flashes:
            self._flashing.add(row.instrument)
        else:
            self._flashing.discard(row.instrument)
        for first, last in _runs(sorted(columns)):
            self.dataChanged.emit(self.index(position, first), self.index(position, last))

    def _update(self, row: Row, state: InstrumentState, now: float) -> set[int]:
        """Bring a row's texts up to date; the columns that changed."""
        fresh, warned = state.freshness(now), bool(state.problem)
        changed = set[int](COLUMNS) if (fresh, warned) != (row.freshness, row.warned) else set()
        row.freshness, row.warned = fresh, warned
        decimals = self._decimals.get(row.instrument)
        rewrite, row.decimals = decimals != row.decimals, decimals
        for column, number in _numbers(state):
            before = row.numbers[column]
            if number == before and not rewrite:
                continue
            row.numbers[column] = number
            text = _text(column, number, decimals)
            if text == row.texts[column]:
                continue
            row.texts[column] = text
            changed.add(column)
            if column in FLASHING and before is not None and number is not None:
                row.flashes[column] = (now + FLASH_SECONDS, 1 if number > before else -1)
        age = state.age(now)
        row.numbers[Column.AGE] = age
        if (text := age_text(age)) != row.texts[Column.AGE]:
            row.texts[Column.AGE] = text
            changed.add(Column.AGE)
        if state.sparkline.version != row.spark_version:
            row.spark_version = state.sparkline.version
            row.sparkline = state.sparkline.prices
            changed.add(Column.SPARKLINE)
        return changed

    def _reindex(self) -> None:
        self._index_of = {row.instrument: index for index, row in enumerate(self._rows)}

    # ------------------------------------------------------------ what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many instruments; none under a row."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """The same columns always; none under a row."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text, the row for the delegate, the number to sort by, or an explanation."""
        if role == ROW_ROLE:
            return self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()].texts[index.column()]
        if role == SORT_ROLE:
            row = self._rows[index.row()]
            return (
                row.texts[index.column()]
                if index.column() in TEXT_COLUMNS
                else row.numbers[index.column()]
            )
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self._explanation(self._rows[index.row()].instrument)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' titles."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[Column(section)]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignLeft
                if section in TEXT_COLUMNS
                else Qt.AlignmentFlag.AlignRight
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be chosen and dragged; between them they can be dropped."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return ROW_FLAGS

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows are moved, never copied."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Our own rows only."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The position of the row that is dragged."""
        data = QMimeData()
        data.setData(MIME, QByteArray(str(indexes[0].row()).encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move the dragged row; the view must not remove it, so the answer is no."""
        if data.hasFormat(MIME) and action == Qt.DropAction.MoveAction:
            before = row if row >= 0 else parent.row() if parent.isValid() else len(self._rows)
            self.move(int(data.data(MIME).toStdString()), before)
        return False

    def _explanation(self, instrument: Instrument) -> str:
        state = self._store.state(instrument)
        sentence = freshness_sentence(state.freshness(self._now), state.age(self._now))
        return f"{state.problem} {sentence}".strip()


def _numbers(state: InstrumentState) -> tuple[tuple[Column, float | None], ...]:
    return (
        (Column.LAST, state.last),
        (Column.CHANGE, state.change),
        (Column.BID, state.bid),
        (Column.ASK, state.ask),
        (Column.HIGH, state.high),
        (Column.LOW, state.low),
        (Column.VOLUME, state.quote_volume),
    )


def _text(column: Column, number: float | None, decimals: int | None) -> str:
    if column is Column.CHANGE:
        return f"{arrow(number)} {change_text(number)}".strip()
    if column is Column.VOLUME:
        return amount_text(number)
    return price_text(number, decimals)


def _runs(columns: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Neighbouring columns as one range: 2 3 4 8 gives (2, 4) and (8, 8)."""
    start: int | None = None
    for position, column in enumerate(columns):
        if start is None:
            start = column
        if position + 1 == len(columns) or columns[position + 1] != column + 1:
            yield start, column
            start = None
