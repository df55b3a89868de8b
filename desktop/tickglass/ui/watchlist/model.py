"""One watchlist as a table: texts made once per frame, for the rows that can be seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt

from ...language import mark, tr
from ...market.freshness import Freshness
from ...market.instrument import Instrument
from ...market.store import InstrumentState, Store
from ..freshness_marks import sentence, word
from ..text import change_text, price_text
from .arranging import ArrangedModel, Index, Shown
from .columns import MEANINGS, TEXT_COLUMNS, USUAL, Column, problem_column, title
from .pair_groups import runs
from .rows import Head, Moment, Row, local_day, moment_text

AGE_INTERVAL = 1.0  # s between two looks at what only time changes
EVERY_ROW = (0, 1 << 30)
FALLING, RISING = mark("{column}, sorted downwards"), mark("{column}, sorted upwards")
ROW_ROLE = Qt.ItemDataRole.UserRole
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class WatchlistModel(ArrangedModel):
    """Lines over the store; ``flush`` brings what can be seen up to date, once per frame."""

    def __init__(
        self, store: Store, titles: Mapping[str, str], wall: Callable[[], float] = time.time
    ) -> None:
        super().__init__(store, titles)
        self._wall = wall
        self._second = wall()
        self._today = local_day(self._second)
        self.flashes = True
        self.problem_column = problem_column(USUAL)
        self._decimals: Mapping[Instrument, int] = {}
        self._premiums_shown = False
        self._range = EVERY_ROW
        self._basis = self._span = ""
        self._aged = 0.0

    # ------------------------------------------------------------ what is shown of it

    def set_decimals(self, decimals: Mapping[Instrument, int]) -> None:
        """Learn how many decimals each instrument's prices have."""
        self._decimals = decimals
        self._look_again()

    def set_basis_title(self, text: str) -> None:
        """Say over the change column since when it counts."""
        self._basis = text
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.CHANGE, Column.CHANGE)

    def set_span(self, span: str) -> None:
        """Say over the sparklines how long they are."""
        self._span = span
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.SPARKLINE, Column.SPARKLINE)

    def set_columns(self, shown: Collection[Column]) -> None:
        """Learn which columns can be seen."""
        self.problem_column = problem_column(shown)
        self._premiums_shown = Column.PREMIUM in shown
        self._look_again()

    def set_range(self, first: int, last: int) -> None:
        """Learn which lines can be seen; those that come into sight are brought up to date."""
        before, self._range = self._range, (first, last)
        if before == self._range:
            return
        for place in range(max(0, first), min(last + 1, len(self._lines))):
            if not before[0] <= place <= before[1]:
                self._catch_up(self._lines[place])

    def price(self, instrument: Instrument) -> tuple[float, int | None] | None:
        """The last price of an instrument and its decimals."""
        state = self._store.states.get(instrument)
        last = None if state is None else state.last
        return None if last is None else (last, self._decimals.get(instrument))

    def lines(self, count: int, now: float) -> tuple[list[str], bool]:
        """The first rows as texts for the tray, and whether any of them can be trusted."""
        texts, trusted = [], not self.order
        for instrument in self._flat()[:count]:
            state = self._store.state(instrument)
            fresh = state.freshness(now)
            trusted = trusted or fresh.trusted
            price = price_text(state.last, self._decimals.get(instrument))
            mark = "" if fresh.trusted or fresh is Freshness.NEVER else f"   ({word(fresh)})"
            texts.append(f"{instrument.pair}   {price}   {change_text(state.change)}{mark}")
        return texts, trusted

    def flush(self, changed: Collection[Instrument], now: float) -> list[float]:
        """Emit the cells in sight that read differently now; when what they show had arrived."""
        aging = now - self._aged >= AGE_INTERVAL
        self._now = now
        if aging:
            self._aged, self._second = now, self._wall()
            self._today = local_day(self._second)
        pairs = {each.pair for each in changed} if self._compares else set[str]()
        self._pairs.forget(None if aging else pairs)
        arrived = self._note(changed)
        first, last = self._range
        for place, line in enumerate(self._lines[first : last + 1], start=first):
            if aging or line.behind or line.pair in pairs:
                self._refresh(place, line)
            elif isinstance(line, Row) and line.flashes:
                self._tell(place, line.fade(now))
        return arrived

    def _note(self, changed: Iterable[Instrument]) -> list[float]:
        """Mark what changed; when the news arrived that is about to be seen."""
        arrived = []
        first, last = self._range
        for instrument in changed:
            state = self._store.states.get(instrument)
            row = self._rows.get(instrument)
            if row is not None:
                row.behind = True
            if state is None or state.arrived is None:
                continue
            place = self.line_of(instrument)
            if place is not None and first <= place <= last:
                arrived.append(state.arrived)
            state.arrived = None
        return arrived

    def _refresh(self, place: int, line: Shown) -> None:
        if isinstance(line, Head):
            self._tell(place, self._update_head(line))
            return
        columns = self._update(line, flashes=self.flashes)
        columns.update(line.fade(self._now))
        self._tell(place, columns)

    def _update(self, row: Row, *, flashes: bool) -> set[int]:
        instrument, moment = row.instrument, Moment(self._now, self._today, self._second)
        premium = self._pairs.premium(instrument, self._now) if self._compares else None
        state, decimals = self._store.state(instrument), self._decimals.get(instrument)
        return row.update(state, moment, decimals, premium, flashes=flashes)

    def _update_head(self, head: Head) -> set[int]:
        members = self._pairs.members(head.pair)
        view = self._pairs.view(head.pair, self._now)
        known = [self._decimals[each] for each in members if each in self._decimals]
        offers = (view.bid_at, view.ask_at)
        bidder, asker = ("" if each is None else self._title(each) for each in offers)
        titles = [self._title(each) for each in members]
        return head.update(view, titles, max(known, default=None), (bidder, asker))

    def _catch_up(self, line: Shown) -> None:
        """Bring a line up to date that nobody saw: without a flash, because nothing just moved."""
        if isinstance(line, Row):
            line.forget_flashes()
            self._update(line, flashes=False)
        else:
            self._update_head(line)

    def _tell(self, place: int, columns: Iterable[int]) -> None:
        for first, last in runs(sorted(columns)):
            self.dataChanged.emit(self.index(place, first), self.index(place, last))

    def _became(self) -> None:
        first, last = self._range
        for line in self._lines[first : last + 1]:
            if line.behind:
                self._catch_up(line)

    @property
    def _compares(self) -> bool:
        return self._premiums_shown or self.by_pair

    def _look_again(self) -> None:
        for line in self._lines:
            line.behind = True

    # ------------------------------------------------------------ what Qt asks

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text, the line for the delegate, or an explanation."""
        if role == ROW_ROLE:
            return self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            column, value = Column(index.column()), self.text(index.row(), index.column())
            return tr("{column}: {value}", column=self.title(column), value=value)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self._explanation(self._lines[index.row()])
        return None

    def text(self, place: int, column: int) -> str:
        """What a cell reads now, in sight or not."""
        line = self._lines[place]
        if line.behind:
            self._catch_up(line)
        return line.texts[column]

    def title(self, column: Column) -> str:
        """What a column is called."""
        return title(column, self._basis, self._span)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' titles, and what they mean."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = Column(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken_title(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr(MEANINGS[column]) if column in MEANINGS else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return LEFT if column in TEXT_COLUMNS else RIGHT
        return None

    def _spoken_title(self, column: Column) -> str:
        """The title with what the arrow beside it says."""
        if self.sorting is None or self.sorting.column is not column:
            return self.title(column)
        said = FALLING if self.sorting.descending else RISING
        return tr(said, column=self.title(column))

    def _explanation(self, line: Shown) -> str:
        if isinstance(line, Head):
            if line.behind:
                self._catch_up(line)
            return line.explanation
        state = self._store.state(line.instrument)
        return explanation(state, self._now)


def explanation(state: InstrumentState, now: float) -> str:
    """A row in words: what is wrong, how far it can be trusted, and of when its price is."""
    parts = [state.problem, sentence(state.freshness(now), state.age(now))]
    if state.time is not None:
        parts.append(tr("Last price of {time}.", time=moment_text(state.time)))
    return " ".join(part for part in parts if part)
