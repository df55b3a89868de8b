"""The board: big prices that fill a wall screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import Literal

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QColor,
    QContextMenuEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from ..language import tr
from ..market.instrument import Instrument
from .board_foot import Foot
from .instrument_menu import fill_instruments
from .price_tile import PriceTile
from .price_view import PriceView, TileShape, typed
from .tokens import CURSOR_IDLE_MS, Theme

Source = Literal["list", "chosen"]  # the active watchlist, or instruments chosen for the board

MOST_TILES = 60
LEAST_PX, TRIAL_PX = 12, 100  # of the type of prices: what can be read; what widths are taken at
FOOT_SHARE, LEAST_FOOT, MOST_FOOT = 0.035, 24, 64  # of the board's height; px
EMPTY_PX = 24
LEAVE_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_F11)


class BoardWindow(QWidget):
    """Prices as large as they fit, full screen; costs nothing while it is hidden."""

    left = Signal()  # by the person
    source_chosen = Signal(str)  # a Source
    instruments_chosen = Signal(list)  # of Instrument

    def __init__(self, theme: Theme, clock: Callable[[], float] = time.time) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setWindowTitle(tr("Board"))
        self.setAccessibleName(tr("Board"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._theme, self._still = theme, False
        self._views: list[PriceView] = []
        self._hidden = 0  # prices that found no room
        self._fresh = True
        self._fitted: list[Instrument] = []
        self._shape = TileShape(self.font(), LEAST_PX, sparkline=True)
        self._tiles: list[PriceTile] = []
        self._source: Source = "list"
        self._offered: list[tuple[Instrument, str]] = []
        self._chosen: list[Instrument] = []
        self._foot = Foot(theme, clock, self)
        self._idle = QTimer(self, singleShot=True, interval=CURSOR_IDLE_MS)
        self._idle.timeout.connect(self._hide_cursor)

    def show_prices(self, views: Sequence[PriceView]) -> None:
        """Show these prices, in this order, from the next flush on; at most ``MOST_TILES``."""
        self._views, self._fresh = list(views[:MOST_TILES]), True
        self._hidden = max(0, len(views) - MOST_TILES)

    def show_states(self, states: Mapping[str, str]) -> None:
        """Show the state of each exchange: its title, and a state of the feed panel."""
        self._foot.states = dict(states)

    def set_zone(self, zone: tzinfo | None) -> None:
        """The clock's time zone; None is local time."""
        self._foot.zone = zone

    def offer(
        self,
        offered: Sequence[tuple[Instrument, str]],
        chosen: Sequence[Instrument],
        source: Source,
    ) -> None:
        """What the menu lists, what of it is ticked, and whether that or the list is shown."""
        self._offered, self._chosen, self._source = list(offered), list(chosen), source

    def flush(self, now: float) -> None:
        """Once a screen frame (monotonic seconds): repaint the tiles that changed."""
        if not self.isVisible():
            return
        if self._fresh:
            self._fresh = False
            self._take(now)
        for tile in self._tiles:
            tile.flush(now)
        self._foot.flush()

    def alert(self, instrument: Instrument, now: float) -> None:
        """An alert on an instrument fired now (monotonic seconds): its tile is noticed."""
        for tile in self._tiles:
            if tile.view is not None and tile.view.instrument == instrument:
                tile.alert(now)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._foot.set_theme(theme)
        for tile in self._tiles:
            tile.set_theme(theme)
        self.update()

    def set_motion_reduced(self, reduced: bool) -> None:
        """Whether nothing should flash or blink."""
        self._still = reduced
        for tile in self._tiles:
            tile.still = reduced

    def menu(self) -> QMenu:
        """What the board can show, and how to leave it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        for source, words in (
            ("list", tr("The active list")),
            ("chosen", tr("Chosen instruments")),
        ):
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(source == self._source)
            action.triggered.connect(lambda _=False, source=source: self.source_chosen.emit(source))
            group.addAction(action)
        instruments = menu.addMenu(tr("Instruments"))
        fill_instruments(instruments, self._offered, self._chosen, self._choose_instruments)
        instruments.setEnabled(bool(self._offered))
        menu.addSeparator()
        menu.addAction(tr("Leave the board"), self.leave)
        return menu

    def _choose_instruments(self, chosen: list[Instrument]) -> None:
        self._chosen = chosen
        self.instruments_chosen.emit(chosen)

    def leave(self) -> None:
        """Hide the board, and say so."""
        self.hide()
        self.left.emit()

    def _take(self, now: float) -> None:
        self._make_tiles(len(self._views))
        for tile, view in zip(self._tiles, self._views, strict=True):
            tile.show_view(view, now)
        self._foot.more = self._hidden
        self._fit(again=False)

    def _make_tiles(self, count: int) -> None:
        if bool(count) != bool(self._tiles):
            self.update()
        while len(self._tiles) > count:
            tile = self._tiles.pop()
            tile.hide()
            tile.deleteLater()
        while len(self._tiles) < count:
            tile = PriceTile(self._theme, self._shape, self)
            tile.setMouseTracking(True)
            tile.still = self._still
            tile.show()
            self._tiles.append(tile)

    def _fit(self, *, again: bool) -> None:
        """Lay the tiles out as large as they fit; they stay until something no longer does."""
        views = [tile.view for tile in self._tiles if tile.view is not None]
        if not views:
            self._fitted = []
            return
        instruments = [view.instrument for view in views]
        if instruments == self._fitted and not again:
            needed = self._shape.size_for(views, roomy=False).width()
            if needed <= min(tile.width() for tile in self._tiles):
                return
        self._fitted = instruments
        trial = TileShape(self.font(), TRIAL_PX, sparkline=True).size_for(views)
        area = self.rect().adjusted(0, 0, 0, -self._foot.height())
        columns, price_px = best_grid(len(views), trial, area.size())
        places = cells(area, len(views), columns)
        self._shape = self._fitting(views, price_px, places)
        for tile, rect in zip(self._tiles, places, strict=True):
            tile.set_shape(self._shape)
            tile.setGeometry(rect)

    def _fitting(self, views: list[PriceView], price_px: int, places: list[QRect]) -> TileShape:
        """The largest type that fits: a little less than expected, because type has whole px."""
        least = QSize(min(each.width() for each in places), min(each.height() for each in places))
        while True:
            shape = TileShape(self.font(), price_px, sparkline=True)
            wanted = shape.size_for(views)
            if price_px <= LEAST_PX or wanted.boundedTo(least) == wanted:
                return shape
            price_px -= 1

    def _hide_cursor(self) -> None:
        self.setCursor(Qt.CursorShape.BlankCursor)

    def _show_cursor(self) -> None:
        self.unsetCursor()
        self._idle.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with what there is now."""
        super().showEvent(event)
        self._take(0.0)
        self._foot.flush()
        self._show_cursor()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closed from outside; when the program ends, that is not the person's wish."""
        super().closeEvent(event)
        if event.spontaneous():
            self.left.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """The mouse's arrow is back wherever it goes."""
        self._idle.stop()
        self.unsetCursor()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size, another grid."""
        height = max(LEAST_FOOT, min(MOST_FOOT, round(self.height() * FOOT_SHARE)))
        self._foot.setGeometry(0, self.height() - height, self.width(), height)
        self._fit(again=True)

    def event(self, event: QEvent) -> bool:
        """The arrow shows itself as soon as the mouse moves, wherever on the board."""
        if event.type() in (QEvent.Type.MouseMove, QEvent.Type.HoverMove):
            self._show_cursor()
        return super().event(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Leave."""
        self.leave()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Right click, or the menu key."""
        self._show_cursor()
        self._idle.stop()
        menu = self.menu()
        menu.aboutToHide.connect(self._idle.start)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves."""
        if Qt.Key(event.key()) in LEAVE_KEYS:
            self.leave()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, and what to do where there are no prices."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.window))
        if not self._tiles:
            painter.setFont(typed(self.font(), EMPTY_PX))
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter,
                             tr("No instruments. Right-click to choose some."))  # fmt: skip


def best_grid(count: int, trial: QSize, area: QSize) -> tuple[int, int]:
    """Columns, and px of type, in which so many tiles are largest.

    ``trial`` is the size of a tile whose type is ``TRIAL_PX`` high; sizes grow with it.
    """
    best = (LEAST_PX, 0, 1)
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        scale = min(
            area.width() / columns / max(1, trial.width()),
            area.height() / rows / max(1, trial.height()),
        )
        empty = columns * rows - count
        best = max(best, (int(TRIAL_PX * scale), -empty, columns))
    return best[2], max(LEAST_PX, best[0])


def cells(area: QRect, count: int, columns: int) -> list[QRect]:
    """The places of so many tiles, row by row, that fill the area without a gap."""
    rows = -(-count // columns)
    across = [area.left() + area.width() * each // columns for each in range(columns + 1)]
    down = [area.top() + area.height() * each // rows for each in range(rows + 1)]
    return [
        QRect(
            across[each % columns],
            down[each // columns],
            across[each % columns + 1] - across[each % columns],
            down[each // columns + 1] - down[each // columns],
        )
        for each in range(count)
    ]
