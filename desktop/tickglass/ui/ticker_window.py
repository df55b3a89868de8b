"""The ticker: a small window that stays above all others and shows a few chosen prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QScreen,
    QShowEvent,
)
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from ..language import tr
from ..market.instrument import Instrument
from .price_tile import PriceTile
from .price_view import PriceView, TileShape
from .ticker_look import (
    SIZES,
    TickerLook,
    TickerSize,
    application,
    can_fade,
    on_wayland,
    placed,
    right,
)
from .ticker_menu import TickerMenu
from .tokens import GAP, Theme

PRICE_PX: dict[TickerSize, int] = {"small": 15, "medium": 20, "large": 30}
OPACITY_STEP = 10
MOST_TILES = 12
STEP, FINE_STEP = 20, 1  # px that an arrow key moves the window
FLAGS = (
    Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
)
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
BIGGER, SMALLER = (Qt.Key.Key_Plus, Qt.Key.Key_Equal), (Qt.Key.Key_Minus,)
MORE_OPAQUE, LESS_OPAQUE = Qt.Key.Key_PageUp, Qt.Key.Key_PageDown


class TickerWindow(QWidget):
    """Chosen prices above all other windows; costs nothing while it is hidden."""

    open_wanted = Signal()  # the main window
    look_changed = Signal(TickerLook)  # to be kept
    instruments_chosen = Signal(list)  # of Instrument
    closed = Signal()  # by the person

    def __init__(self, theme: Theme) -> None:
        super().__init__(None, FLAGS)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setWindowTitle(tr("Ticker"))
        self.setAccessibleName(tr("Ticker"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.look = TickerLook()
        self._theme = theme
        self._shape = self._shaped()
        self._still = False
        self._views: list[PriceView] = []
        self._offered: list[tuple[Instrument, str]] = []
        self._chosen: list[Instrument] = []
        self._tiles: list[PriceTile] = []
        self._fresh = True  # whether the views differ from what is shown
        self._fitted: list[Instrument] = []  # for which the tiles have their size
        self._grip: QPoint | None = None
        self._build()
        self._dress()

    def show_prices(self, views: Sequence[PriceView]) -> None:
        """Show these prices, in this order, from the next flush on; at most ``MOST_TILES``."""
        self._views, self._fresh = list(views[:MOST_TILES]), True

    def offer(self, offered: Sequence[tuple[Instrument, str]], chosen: list[Instrument]) -> None:
        """What the menu lists, each with its exchange's title, and what of it is ticked."""
        self._offered, self._chosen = list(offered), list(chosen)

    def flush(self, now: float) -> None:
        """Once a screen frame (monotonic seconds): repaint the tiles that changed."""
        if not self.isVisible():
            return
        if self._fresh:
            self._fresh = False
            self._take(now)
        for tile in self._tiles:
            tile.flush(now)

    def alert(self, instrument: Instrument, now: float) -> None:
        """An alert on an instrument fired now (monotonic seconds): its tile is noticed."""
        for tile in self._tiles:
            if tile.view is not None and tile.view.instrument == instrument:
                tile.alert(now)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._dress()
        for tile in self._tiles:
            tile.set_theme(theme)

    def set_motion_reduced(self, reduced: bool) -> None:
        """Whether nothing should flash or blink."""
        self._still = reduced
        for tile in self._tiles:
            tile.still = reduced

    def set_look(self, look: TickerLook) -> None:
        """Look as it was kept; what does not exist is put right."""
        self.look = right(look)
        self._shape = self._shaped()
        self._layout.setDirection(direction(self.look))
        if can_fade():
            self.setWindowOpacity(self.look.opacity / 100)
        for tile in self._tiles:
            tile.set_shape(self._shape)
        self._fitted = []
        self._fit()

    def menu(self) -> TickerMenu:
        """Everything that can be done with the ticker."""
        menu = TickerMenu(self.look, self._offered, self._chosen, fades=can_fade(), parent=self)
        menu.open_wanted.connect(self.open_wanted)
        menu.look_chosen.connect(self._choose)
        menu.instruments_chosen.connect(self._choose_instruments)
        menu.close_wanted.connect(self.dismiss)
        return menu

    def _choose_instruments(self, chosen: list[Instrument]) -> None:
        self._chosen = chosen
        self.instruments_chosen.emit(chosen)

    def _choose(self, look: TickerLook) -> None:
        self.set_look(look)
        self.look_changed.emit(self.look)

    def _build(self) -> None:
        self._layout = QBoxLayout(direction(self.look), self)
        self._layout.setContentsMargins(1, 1, 1, 1)
        self._layout.setSpacing(0)
        self._layout.setSizeConstraint(QBoxLayout.SizeConstraint.SetFixedSize)
        self._empty = QLabel(tr("Right-click to choose instruments."))
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setMargin(GAP)
        self._layout.addWidget(self._empty)
        for screen_signal in (application().screenRemoved, application().screenAdded):
            screen_signal.connect(self._screens_changed)

    def _dress(self) -> None:
        palette = self.palette()
        palette.setColor(palette.ColorRole.Window, self._theme.panel)
        palette.setColor(palette.ColorRole.WindowText, self._theme.text)
        self.setPalette(palette)
        self.update()

    def _shaped(self) -> TileShape:
        return TileShape(self.font(), PRICE_PX[self.look.size], sparkline=False)

    def _take(self, now: float) -> None:
        self._make_tiles(len(self._views))
        for tile, view in zip(self._tiles, self._views, strict=True):
            tile.show_view(view, now)
        self._fit()

    def _make_tiles(self, count: int) -> None:
        while len(self._tiles) > count:
            tile = self._tiles.pop()
            self._layout.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        while len(self._tiles) < count:
            tile = PriceTile(self._theme, self._shape, self)
            tile.still = self._still
            self._layout.addWidget(tile)
            tile.show()
            self._tiles.append(tile)
        self._empty.setVisible(not count)

    def _fit(self) -> None:
        """Give every tile the same size; it stays until something no longer fits."""
        views = [tile.view for tile in self._tiles if tile.view is not None]
        instruments = [view.instrument for view in views]
        if not views:
            return
        if instruments == self._fitted:
            needed, present = self._shape.size_for(views, roomy=False), self._tiles[0].size()
            if needed.expandedTo(present) == present:
                return
        self._fitted = instruments
        size = self._shape.size_for(views)
        for tile in self._tiles:
            tile.setFixedSize(size)
        if self.isVisible():
            self._place()

    def _screens_changed(self, screen: QScreen) -> None:
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        self._layout.activate()
        self.adjustSize()
        screens = [screen.availableGeometry() for screen in application().screens()]
        self.move(placed(QRect(QPoint(*self.look.place or (0, 0)), self.size()), screens,
                         known=self.look.place is not None))  # fmt: skip

    def showEvent(self, event: QShowEvent) -> None:
        """Come back where it was, or on a screen that exists."""
        super().showEvent(event)
        self._take(0.0)
        self._place()

    def dismiss(self) -> None:
        """Hide the ticker, and say that the person did."""
        self.hide()
        self.closed.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closed from outside; when the program ends, that is not the person's wish."""
        super().closeEvent(event)
        if event.spontaneous():
            self.closed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whatever was held is let go."""
        self._grip = None
        super().hideEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the window, anywhere."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if on_wayland():  # which alone may move windows
            self.windowHandle().startSystemMove()
            return
        self._grip = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the window."""
        if self._grip is not None:
            self.move(event.globalPosition().toPoint() - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go, and keep the place."""
        if self._grip is not None:
            self._grip = None
            self._keep_place()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the main window."""
        self._grip = None
        self.open_wanted.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Right click, or the menu key."""
        self.menu().popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, plus and minus resize, page keys fade, V turns, Enter opens."""
        key = Qt.Key(event.key())
        if key in ARROWS:
            self._nudge(key, fine=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in BIGGER or key in SMALLER:
            self._resize(1 if key in BIGGER else -1)
        elif key in (MORE_OPAQUE, LESS_OPAQUE):
            step = OPACITY_STEP if key == MORE_OPAQUE else -OPACITY_STEP
            self._choose(replace(self.look, opacity=self.look.opacity + step))
        elif key == Qt.Key.Key_V:
            self._choose(replace(self.look, vertical=not self.look.vertical))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_wanted.emit()
        elif key == Qt.Key.Key_W and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _nudge(self, key: Qt.Key, *, fine: bool) -> None:
        across, down = ARROWS[key]
        step = FINE_STEP if fine else STEP
        self.move(self.pos() + QPoint(across * step, down * step))
        self._keep_place()

    def _resize(self, step: int) -> None:
        number = max(0, min(len(SIZES) - 1, SIZES.index(self.look.size) + step))
        self._choose(replace(self.look, size=SIZES[number]))

    def _keep_place(self) -> None:
        place = (self.x(), self.y())
        if place != self.look.place:
            self.look = replace(self.look, place=place)
            self.look_changed.emit(self.look)

    def paintEvent(self, event: QPaintEvent) -> None:
        """An edge all around, in the accent's colour while it has the keyboard."""
        painter = QPainter(self)
        painter.setPen(self._theme.accent if self.hasFocus() else self._theme.border)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def direction(look: TickerLook) -> QBoxLayout.Direction:
    """Which way the tiles follow each other."""
    return QBoxLayout.Direction.TopToBottom if look.vertical else QBoxLayout.Direction.LeftToRight
