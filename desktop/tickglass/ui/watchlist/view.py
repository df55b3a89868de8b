"""The table of a watchlist: selecting, dragging, the keyboard, the menu of the rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QMenu, QTableView

from ...alerts.alert import Alert
from ...language import mark, tr
from ...market.instrument import Instrument
from ..theme import ROW_PADDING, Theme, sized
from .clipping import price_of, rows_text
from .columns import Column
from .delegate import WatchlistDelegate
from .header import WatchlistHeader
from .model import ROW_ROLE, WatchlistModel
from .row_menu import RowMenu

COMPACT_PADDING = 2  # px added to the height of a line of text in compact rows
NO_ROWS = (0, -1)
HINT = mark("Type a pair above to watch it.")
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
FOLDING = {Qt.Key.Key_Left: True, Qt.Key.Key_Right: False}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class WatchlistView(QTableView):
    """Shows a WatchlistModel. Signals say what the person wants; the panel does it."""

    chosen = Signal(object)  # Instrument | None
    remove_wanted = Signal(list)  # of Instrument
    alert_wanted = Signal(list)  # of Instrument
    alert_removed = Signal(str)
    send_wanted = Signal(list, int, bool)  # instruments, to which list (−1: a new one), copied

    def __init__(self, model: WatchlistModel, theme: Theme, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._watchlist = model
        self._titles = titles
        self._alerts: list[Alert] = []
        self._chosen: Instrument | None = None
        self.lists: list[str] = []
        self.active = 0
        self.setModel(model)
        self.header = WatchlistHeader(model, self)
        self.setHorizontalHeader(self.header)
        self.delegate = WatchlistDelegate(theme, QApplication.font())
        self.setItemDelegate(self.delegate)
        self.setAccessibleName(tr("Watchlist"))
        self._set_behaviour()
        self.header.prepare()
        self.set_compact(False)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        model.modelReset.connect(self._on_reset)

    # ------------------------------------------------------------ what to show

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.delegate.set_theme(theme)
        self.viewport().update()

    def set_alerts(self, alerts: Sequence[Alert]) -> None:
        """The alerts that the menus of the rows show."""
        self._alerts = list(alerts)
        self.delegate.alerted = {
            alert.instrument for alert in alerts if alert.armed and alert.instrument is not None
        }
        self.viewport().update()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show these columns, left to right."""
        self.header.place(columns)
        self._watchlist.set_columns(columns)
        self.delegate.problem_column = self._watchlist.problem_column
        self.viewport().update()

    def set_compact(self, compact: bool) -> None:
        """Put more rows on the screen, or more air between them."""
        metrics = QFontMetrics(sized(self.font(), 1.0, bold=True))
        rows = self.verticalHeader()
        padding = COMPACT_PADDING if compact else ROW_PADDING
        rows.setMinimumSectionSize(metrics.height())
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(metrics.height() + padding)

    def flush(self, changed: Collection[Instrument], now: float) -> list[float]:
        """Bring what can be seen up to date; when what it shows had arrived."""
        self.delegate.now = now
        self._tell_range()
        return self._watchlist.flush(changed, now)

    # ------------------------------------------------------------ what is chosen

    @property
    def current(self) -> Instrument | None:
        """The instrument of the chosen row; of a heading, the one of its pair chosen last."""
        return self._chosen

    @property
    def selected(self) -> list[Instrument]:
        """The instruments of the selected lines, top to bottom."""
        return self._watchlist.instruments_at(self._places())

    def choose(self, instrument: Instrument, *, unfold: bool = True) -> None:
        """Choose the row of an instrument and show it; without ``unfold`` its heading will do."""
        model = self._watchlist
        if unfold and model.by_pair and instrument in model.own:
            model.collapse(instrument.pair, False)
        place = model.line_of(instrument)
        if place is None and instrument in model.own:
            self._choose(instrument)
            place = model.line_of(instrument.pair)
        if place is not None:
            # Not setCurrentIndex: while Ctrl is held it would add to what is selected.
            chooser = self.selectionModel()
            flags = chooser.SelectionFlag.ClearAndSelect | chooser.SelectionFlag.Rows
            index = model.index(place, Column.PAIR)
            chooser.setCurrentIndex(index, flags)
            self.scrollTo(index)

    def select(self, instruments: Sequence[Instrument]) -> None:
        """Select several rows; the first of them is the chosen one."""
        flags = self.selectionModel().SelectionFlag
        for number, instrument in enumerate(instruments):
            place = self._watchlist.line_of(instrument)
            if place is not None:
                index = self._watchlist.index(place, Column.PAIR)
                if number == 0:
                    self.setCurrentIndex(index)
                self.selectionModel().select(index, flags.Select | flags.Rows)

    # ------------------------------------------------------------ what the person does

    def menu_for(self, instruments: Sequence[Instrument]) -> QMenu:
        """The menu of some rows: alerts, copying, other lists, taking them off this one."""
        menu = RowMenu(self, instruments, self._alerts, self._titles)
        menu.offer_lists(self.lists, self.active)
        menu.alert_wanted.connect(self.alert_wanted)
        menu.alert_removed.connect(self.alert_removed)
        menu.send_wanted.connect(self.send_wanted)
        menu.remove_wanted.connect(self.remove_wanted)
        menu.copy_wanted.connect(self.copy)
        menu.price_wanted.connect(self.copy_price)
        return menu

    def copy(self) -> None:
        """Put the selected lines on the clipboard, as a table with a header."""
        places = self._places()
        if places:
            text = rows_text(self._watchlist, places, self.header.shown)
            QApplication.clipboard().setText(text)

    def copy_price(self) -> None:
        """Put the price of the chosen row on the clipboard, if there is one."""
        index = self.currentIndex()
        price = price_of(self._watchlist, index.row()) if index.isValid() else ""
        if price:
            QApplication.clipboard().setText(price)

    def shift(self, steps: int) -> None:
        """Move the selected rows up or down by one line, as dragging them would."""
        self._watchlist.step(self.selected, steps)

    def fold(self, collapsed: bool | None = None) -> bool:
        """Collapse or open the heading that is chosen; False if none is. None is the other."""
        head = self._watchlist.head_at(self.currentIndex().row())
        if head is None:
            return False
        self._watchlist.collapse(head.pair, not head.collapsed if collapsed is None else collapsed)
        return True

    # ------------------------------------------------------------ Qt's events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete, copy, Alt with the arrows to move rows, left and right to fold a heading."""
        key = Qt.Key(event.key())
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif key == Qt.Key.Key_Delete and self.selected:
            self.remove_wanted.emit(self.selected)
        elif alt and key in STEPS:
            self.shift(STEPS[key])
        elif not ((key in FOLDING and self.fold(FOLDING[key])) or (key in ENTER and self.fold())):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the mark of a heading folds it."""
        index = self.indexAt(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        if left and index.column() == Column.PAIR and self._watchlist.head_at(index.row()):
            inside = event.position().x() - self.visualRect(index).x()
            if inside < self.delegate.chevron_width:
                self.setCurrentIndex(index)
                self.fold()
                return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click on a heading folds it."""
        index = self.indexAt(event.position().toPoint())
        if self._watchlist.head_at(index.row()) is not None:
            self.setCurrentIndex(index)
            self.fold()
            return
        super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the selected rows, of which the one under the pointer becomes one."""
        if self.selected:
            menu = self.menu_for(self.selected)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """An empty list says how to fill it."""
        self._tell_range()
        super().paintEvent(event)
        if event.rect().right() >= self.header.length():
            self._paint_beside()
        if not self._watchlist.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, tr(HINT))
            painter.end()

    def _paint_beside(self) -> None:
        """Lines reach to the right edge, also where no column does."""
        painter, chosen = QPainter(self.viewport()), self.selectionModel()
        left, width = self.header.length(), self.viewport().width()
        for place in range(max(0, self.rowAt(0)), self._watchlist.rowCount()):
            top = self.rowViewportPosition(place)
            if top >= self.viewport().height():
                break
            rect = QRect(left, top, width - left, self.rowHeight(place))
            line = self._watchlist.index(place, Column.PAIR).data(ROW_ROLE)
            selected = chosen.isRowSelected(place)
            self.delegate.paint_ground(painter, rect, line, selected=selected)
        painter.end()

    def _tell_range(self) -> None:
        """Let the model know which lines can be seen."""
        if not self.isVisible():
            self._watchlist.set_range(*NO_ROWS)
            return
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        self._watchlist.set_range(first, last if last >= 0 else self._watchlist.rowCount() - 1)

    def _places(self) -> set[int]:
        return {index.row() for index in self.selectionModel().selectedRows()}

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        head = self._watchlist.head_at(current.row()) if current.isValid() else None
        if head is not None and self._chosen is not None and self._chosen.pair == head.pair:
            return
        self._choose(self._watchlist.instrument_at(current))

    def _on_reset(self) -> None:
        self.delegate.grouped = self._watchlist.by_pair
        if not self._watchlist.rowCount():
            self._choose(None)

    def _choose(self, instrument: Instrument | None) -> None:
        if instrument != self._chosen:
            self._chosen = instrument
            self.chosen.emit(instrument)

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
