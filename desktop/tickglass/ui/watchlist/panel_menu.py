"""The menu of the list that is looked at."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from ...language import mark, tr
from ...market.sparkline import SPANS
from .arranging import Sort
from .columns import SPAN_TITLES
from .header import WatchlistHeader
from .model import WatchlistModel

GROUP, COMPACT = mark("Group by pair"), mark("Compact rows")
COLUMNS_MENU, SORT_MENU, SPAN_MENU = mark("Columns"), mark("Sort by"), mark("Sparkline")
OWN_ORDER = mark("My own order")
IMPORT, EXPORT = mark("Import a list from CSV…"), mark("Export this list as CSV…")
RENAME, CLOSE = mark("Rename this list…"), mark("Close this list")


class PanelMenu(QMenu):
    """Says what the person picked."""

    group_wanted = Signal(bool)
    compact_wanted = Signal(bool)
    span_wanted = Signal(str)
    sort_wanted = Signal(object)  # Sort | None
    rename_wanted = Signal()
    close_wanted = Signal()
    export_wanted = Signal()
    import_wanted = Signal()

    def __init__(self, parent: QWidget, model: WatchlistModel, header: WatchlistHeader) -> None:
        super().__init__(parent)
        self._watchlist = model
        self._header = header

    def offer_looks(self, grouped: bool, compact: bool, span: str) -> None:
        """Groups, the height of rows, the length of sparklines, and columns."""
        for words, on, wanted in (
            (GROUP, grouped, self.group_wanted),
            (COMPACT, compact, self.compact_wanted),
        ):
            action = self.addAction(tr(words))
            action.setCheckable(True)
            action.setChecked(on)
            action.triggered.connect(wanted)
        spans = self.addMenu(tr(SPAN_MENU))
        together = QActionGroup(spans)
        for each in SPANS:
            action = spans.addAction(tr(SPAN_TITLES[each]))
            action.setCheckable(True)
            action.setChecked(each == span)
            action.triggered.connect(lambda _=False, it=each: self.span_wanted.emit(it))
            together.addAction(action)
        self._header.fill(self.addMenu(tr(COLUMNS_MENU)))

    def offer_sorts(self) -> None:
        """The columns that are shown, and the person's own order."""
        menu = self.addMenu(tr(SORT_MENU))
        now = self._watchlist.sorting
        action = menu.addAction(tr(OWN_ORDER), lambda: self.sort_wanted.emit(None))
        action.setCheckable(True)
        action.setChecked(now is None)
        menu.addSeparator()
        for column in self._header.shown:
            action = menu.addAction(self._watchlist.title(column))
            action.setCheckable(True)
            action.setChecked(now is not None and now.column is column)
            following = self._header.next_sort(column) or self._header.first_sort(column)
            action.triggered.connect(lambda _=False, it=following: self._sort(it))

    def offer_files(self, *, can_close: bool) -> None:
        """Import, export, the name, and closing."""
        self.addSeparator()
        self.addAction(tr(IMPORT), self.import_wanted.emit)
        self.addAction(tr(EXPORT), self.export_wanted.emit)
        self.addSeparator()
        self.addAction(tr(RENAME), self.rename_wanted.emit)
        self.addAction(tr(CLOSE), self.close_wanted.emit).setEnabled(can_close)

    def _sort(self, sorting: Sort) -> None:
        self.sort_wanted.emit(sorting)
