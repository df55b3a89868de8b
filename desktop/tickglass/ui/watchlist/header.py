"""The header of a watchlist: which columns stand where, how wide, and by which rows are sorted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from ...language import mark, tr
from ..text import DOWN_ARROW, UP_ARROW
from ..theme import CELL_PADDING, SMALL, sized
from .arranging import Sort
from .columns import COLUMNS, TEXT_COLUMNS, USUAL, Column, sample
from .model import LEFT, RIGHT, WatchlistModel

ARROW_ROOM = 16  # px for the arrow that says how rows were sorted
EDGE = 4  # px
WIDEST_SPARKLINE = 360  # px: wider it says no more, and parts what stands on its two sides
WIDEST = 1_000  # px, of a width that was kept
USUAL_COLUMNS = mark("Usual columns")
MOVE_LEFT, MOVE_RIGHT, HIDE = mark("Move left"), mark("Move right"), mark("Hide {column}")


class WatchlistHeader(QHeaderView):
    """A click asks for a sort; dragging and the menu ask for other columns."""

    columns_wanted = Signal(list)  # of Column, left to right
    sort_wanted = Signal(object)  # Sort | None
    width_changed = Signal()

    def __init__(self, model: WatchlistModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._watchlist = model
        self._placing = False
        self._narrowest = 0
        self._small = sized(self.font(), SMALL)
        self.sorting: Sort | None = None
        self.shown: list[Column] = list(USUAL)
        self.setAccessibleName(tr("Columns"))
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFirstSectionMovable(True)
        self.sectionClicked.connect(self._on_clicked)
        self.sectionMoved.connect(self._on_moved)
        self.sectionResized.connect(self._on_resized)

    def prepare(self) -> None:
        """Take widths from sample texts, once: measuring live contents costs more than painting."""
        metrics = QFontMetrics(sized(self.font(), 1.0, bold=True))
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setMinimumSectionSize(metrics.horizontalAdvance("Ask") + 2 * CELL_PADDING)
        self._narrowest = self._usual_width(metrics, Column.SPARKLINE)
        for column in COLUMNS:
            self.resizeSection(column, self._usual_width(metrics, column))
        self.setSectionResizeMode(Column.SPARKLINE, QHeaderView.ResizeMode.Fixed)

    def make_room(self, column: Column) -> None:
        """Widen a column whose title grew, until it can be read."""
        metrics = QFontMetrics(sized(self.font(), 1.0, bold=True))
        if not self.isSectionHidden(column):
            width = max(self.sectionSize(column), self._usual_width(metrics, column))
            self.resizeSection(column, width)

    def place(self, columns: Sequence[Column]) -> None:
        """Show these columns, left to right, and no others."""
        self._placing = True
        self.shown = list(columns)
        hidden = [column for column in COLUMNS if column not in columns]
        for place, column in enumerate([*columns, *hidden]):
            self.moveSection(self.visualIndex(column), place)
            self.setSectionHidden(column, column in hidden)
        self._placing = False
        self._fit()

    def show_sort(self, sorting: Sort | None) -> None:
        """Point with an arrow to the column by which the rows were sorted."""
        self.sorting = sorting
        self.viewport().update()

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """The title, and on its free side the arrow: the style would paint that over the title."""
        painter.save()
        super().paintSection(painter, rect, logicalIndex)
        painter.restore()
        if self.sorting is None or self.sorting.column != logicalIndex:
            return
        side = RIGHT if logicalIndex in TEXT_COLUMNS else LEFT
        painter.setFont(self._small)
        painter.setPen(self.palette().link().color())
        inner = rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, 0)
        painter.drawText(inner, side, DOWN_ARROW if self.sorting.descending else UP_ARROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line below the titles goes on where no column is."""
        super().paintEvent(event)
        if event.rect().right() >= self.length():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().mid().color())
            bottom = self.viewport().height() - 1
            painter.drawLine(self.length(), bottom, self.viewport().width(), bottom)
            painter.end()

    def widths(self) -> dict[str, int]:
        """How wide the shown columns are, px, for ``set_widths``."""
        return {
            column.key: self.sectionSize(column)
            for column in self.shown
            if column is not Column.SPARKLINE
        }

    def set_widths(self, widths: Mapping[str, Any]) -> None:
        """Take widths that were kept; what is no width is passed over."""
        for column in COLUMNS:
            width = widths.get(column.key)
            if isinstance(width, int) and 0 < width <= WIDEST and column is not Column.SPARKLINE:
                hidden = self.isSectionHidden(column)
                self.resizeSection(column, width)
                self.setSectionHidden(column, hidden)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The window has another width."""
        super().resizeEvent(event)
        self._fit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the columns."""
        menu = self.menu_at(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu_at(self, place: QPoint) -> QMenu:
        """The menu of the column at a place: moving and hiding it, and all the columns."""
        menu = QMenu(self)
        section = self.logicalIndexAt(place)
        if section >= 0:
            column = Column(section)
            at = self.shown.index(column)
            left = menu.addAction(tr(MOVE_LEFT), lambda: self._shift(column, -1))
            right = menu.addAction(tr(MOVE_RIGHT), lambda: self._shift(column, 1))
            left.setEnabled(at > 0)
            right.setEnabled(at + 1 < len(self.shown))
            if column is not Column.PAIR:
                words = tr(HIDE, column=self._watchlist.title(column))
                menu.addAction(words, lambda: self.toggle(column))
            menu.addSeparator()
        self.fill(menu)
        return menu

    def fill(self, menu: QMenu) -> None:
        """Put all the columns into a menu, to be shown and hidden."""
        for column in COLUMNS:
            if column is Column.PAIR:
                continue
            action = menu.addAction(self._watchlist.title(column))
            action.setCheckable(True)
            action.setChecked(column in self.shown)
            action.triggered.connect(lambda _=False, it=column: self.toggle(it))
        menu.addSeparator()
        menu.addAction(tr(USUAL_COLUMNS), lambda: self.columns_wanted.emit(list(USUAL)))

    def toggle(self, column: Column) -> None:
        """Hide a column, or show it where it usually stands."""
        if column in self.shown:
            self.columns_wanted.emit([each for each in self.shown if each is not column])
            return
        before = [place for place, each in enumerate(self.shown) if each < column]
        place = before[-1] + 1 if before else len(self.shown)
        self.columns_wanted.emit([*self.shown[:place], column, *self.shown[place:]])

    def next_sort(self, column: Column) -> Sort | None:
        """What another click on a column means: sorted, the other way round, the own order."""
        first, now = self.first_sort(column), self._watchlist.sorting
        if now is None or now.column is not column:
            return first
        return Sort(column, not first.descending) if now == first else None

    def first_sort(self, column: Column) -> Sort:
        """What the first click means: of numbers the largest first, of names A."""
        return Sort(column, column not in TEXT_COLUMNS)

    def _shift(self, column: Column, steps: int) -> None:
        shown = list(self.shown)
        at = shown.index(column)
        shown.insert(at + steps, shown.pop(at))
        self.columns_wanted.emit(shown)

    def _on_clicked(self, section: int) -> None:
        self.sort_wanted.emit(self.next_sort(Column(section)))

    def _on_moved(self, _section: int, _before: int, _after: int) -> None:
        if not self._placing:
            inside = [Column(self.logicalIndex(place)) for place in range(self.count())]
            self.columns_wanted.emit([each for each in inside if not self.isSectionHidden(each)])

    def _on_resized(self, section: int, _before: int, _now: int) -> None:
        if not self._placing and section != Column.SPARKLINE:
            self._fit()
            self.width_changed.emit()

    def _fit(self) -> None:
        """Sparklines take what the other columns leave: never less than they need, nor too much."""
        if Column.SPARKLINE in self.shown:
            others = sum(self.sectionSize(each) for each in self.shown) - self.sectionSize(
                Column.SPARKLINE
            )
            room = self.viewport().width() - others
            width = max(self._narrowest, min(room, WIDEST_SPARKLINE))
            self.resizeSection(Column.SPARKLINE, width)

    def _usual_width(self, metrics: QFontMetrics, column: Column) -> int:
        words = (sample(column), self._watchlist.title(column))
        widest = max(metrics.horizontalAdvance(text) for text in words)
        arrow = metrics.horizontalAdvance(words[1]) + ARROW_ROOM
        return max(widest, arrow) + 2 * CELL_PADDING + EDGE
