"""The order book as a ladder: prices in the middle, bids to the left, asks to the right."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from ...language import mark, tr
from ...market.ladder import Ladder
from ..spoken import Spoken
from ..text import price_text
from ..theme import Theme
from .ladder_painter import LadderPainter
from .ladder_rows import LadderRows, Line, Scroll, Unit

WHEEL_ROWS = 3  # for one notch of the wheel
NOTCH = 120  # eighths of a degree
LEAST_ROWS = 5
LEAST_WIDTH = 3  # times that of the prices
KEYS_TOLD = mark(
    "Arrow and page keys look away from the spread, Return chooses the price in the middle, Home "
    "returns to the spread."
)
STAYS = 2  # rows that stay in sight when a page is turned


class LadderView(QWidget):
    """Paints only the rows that changed. A click on a price emits it."""

    price_chosen = Signal(float)
    scrolled_changed = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.painted_rows = 0  # counted since the beginning
        self._rows = LadderRows()
        self._look = LadderPainter(theme, self.font())
        self._theme = theme
        self._names: list[str] = []
        self._scroll = Scroll()
        self._lines: list[Line] = []
        self._footer = ""
        self._hovered: int | None = None  # row from the top
        self._wheel = 0
        self._dimmed = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Order book ladder"))
        self.setAccessibleDescription(tr(KEYS_TOLD))
        self._spoken = Spoken(self, self._best)

    # ------------------------------------------------------------ what is shown

    @property
    def scrolled(self) -> bool:
        """Whether the person looks away from the spread."""
        return self._scroll.scrolled

    @property
    def lines(self) -> Sequence[Line]:
        """The rows as they stand, from the top."""
        return self._lines

    @property
    def footer(self) -> str:
        """The read-out below the rows."""
        return self._footer

    @property
    def rows_in_view(self) -> int:
        """How many rows have room, that of the spread among them."""
        return max(1, self.height() // self._look.row_height - 1)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._look.set_theme(theme, dimmed=self._dimmed)
        self.update()

    def set_names(self, names: Sequence[str]) -> None:
        """Whose books are shown, if it is more than one: first letters mark each level."""
        self._names = list(names) if len(names) > 1 else []
        self._look.set_names(self._names)
        self.update()

    def set_market(self, currencies: tuple[str, str], decimals: int | None) -> None:
        """The words for base and quote, and the decimals of a price; all begins anew."""
        unit = self._rows.unit
        self._rows = LadderRows()
        self._rows.currencies, self._rows.decimals = currencies, decimals
        self._rows.unit = unit
        self._look.forget_prices()
        self.centre()
        self.update()

    def set_unit(self, unit: Unit) -> None:
        """Show sizes in base or in quote."""
        if unit != self._rows.unit:
            self._rows.unit = unit
            self.refresh()

    def show_ladder(
        self, ladder: Ladder | None, last: float | None, *, dimmed: bool = False
    ) -> None:
        """Show the book as it is now; dimmed if it is not to be trusted."""
        same = ladder is self._rows.ladder and last == self._rows.last
        if same and dimmed == self._dimmed:
            return
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.set_theme(self._theme)
        self._rows.show(ladder, last)
        self._spoken.follow()
        if ladder is not None:
            was = self.scrolled
            self._scroll.follow(ladder)
            self._tell(was)
        self.refresh()

    def _best(self) -> str:
        """The best prices in words."""
        ladder = self._rows.ladder
        if ladder is None:
            return ""
        decimals = self._rows.decimals
        bid, ask = (price_text(each, decimals) for each in (ladder.best_bid, ladder.best_ask))
        return tr("Bid {bid}, ask {ask}.", bid=bid, ask=ask)

    def centre(self) -> None:
        """Follow the spread again."""
        was = self.scrolled
        self._scroll.centre()
        self._tell(was)
        self.refresh()

    def look(self, rows: int) -> None:
        """Look so many rows higher."""
        if self._rows.ladder is None:
            return
        was = self.scrolled
        self._scroll.move(self._rows.ladder, rows)
        self._tell(was)
        self.refresh()

    def refresh(self) -> None:
        """Work out every row, and paint those that differ."""
        if not self.isVisible():
            return
        count, top = self.rows_in_view, self._position(0)
        self._rows.fit(top - count + 1, top)
        self._rows.hovered = None if self._hovered is None else self._position(self._hovered)
        lines = self._work_out(count)
        longest = max((len(line.price) for line in lines if line.kind != "spread"), default=0)
        if self._look.make_room(longest):
            lines = self._work_out(count)
            self.update()
        for slot, line in enumerate(lines):
            if slot >= len(self._lines) or line != self._lines[slot]:
                self.update(self._rect(slot))
        self._lines = lines
        footer = self._rows.read_out(top - count + 1, top)
        if footer != self._footer:
            self._footer = footer
            self.update(self._footer_rect())

    def _work_out(self, count: int) -> list[Line]:
        return [self._rows.line(self._position(slot), self._look.side) for slot in range(count)]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that are asked for."""
        painter, region = QPainter(self), event.region()
        for slot, line in enumerate(self._lines):
            rect = self._rect(slot)
            if region.intersects(rect):
                self.painted_rows += 1
                self._look.paint_line(painter, rect, line)
        footer = self._footer_rect()
        end = self._rect(len(self._lines)).top()
        rest = QRect(0, end, self.width(), footer.top() - end)
        if region.intersects(rest):
            self._look.paint_rest(painter, rest)
        if region.intersects(footer):
            self._look.paint_footer(painter, footer, self._footer)
        if self.hasFocus():
            self._look.paint_focus(painter, self.rect())

    # ------------------------------------------------------------ hands

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Look higher or lower; small steps of a fine wheel add up."""
        self._wheel += event.angleDelta().y() * WHEEL_ROWS
        rows = int(self._wheel / NOTCH)
        self._wheel -= rows * NOTCH
        if rows:
            self.look(rows)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow and page keys look higher or lower, and light the rows up to the middle."""
        page = max(1, self.rows_in_view - STAYS)
        rows = {
            Qt.Key.Key_Up.value: 1,
            Qt.Key.Key_Down.value: -1,
            Qt.Key.Key_PageUp.value: page,
            Qt.Key.Key_PageDown.value: -page,
        }.get(event.key())
        if rows is not None:
            self.look(rows)
            self._light(self.rows_in_view // 2 if self.scrolled else None)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._hovered)
        elif event.key() == Qt.Key.Key_Home:
            self._light(None)
            self.centre()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the rows from the touch to the pointer."""
        self._light(self._slot(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """Light nothing."""
        self._light(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click in the middle column chooses that price."""
        at = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and self._look.on_price(at.x()):
            self._choose(self._slot(at))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Beside the prices, return to the spread."""
        if not self._look.on_price(event.position().toPoint().x()):
            self.centre()

    def event(self, event: QEvent) -> bool:
        """Say on hover which exchange holds how much."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip(event.pos()), self)
            return True
        return super().event(event)

    def tip(self, at: QPoint) -> str:
        """Who holds what at a point, as rich text; empty unless several books are shown."""
        slot = self._slot(at)
        if slot is None:
            return ""
        held = self._rows.held_texts(self._position(slot), self._names)
        return f"<span>{'<br>'.join(escape(each) for each in held)}</span>" if held else ""

    # ------------------------------------------------------------ measures

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody looked."""
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out anew."""
        self._look.set_width(self.width())
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """The system's type may change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._look.set_font(self.font())
            self.refresh()
            self.update()

    def minimumSizeHint(self) -> QSize:
        """Room for a few rows."""
        return QSize(LEAST_WIDTH * self._look.price_width, (LEAST_ROWS + 1) * self._look.row_height)

    def _position(self, slot: int) -> int:
        return self._scroll.middle + self.rows_in_view // 2 - slot

    def _rect(self, slot: int) -> QRect:
        return QRect(0, slot * self._look.row_height, self.width(), self._look.row_height)

    def _footer_rect(self) -> QRect:
        height = self._look.row_height
        return QRect(0, self.height() - height, self.width(), height)

    def _slot(self, at: QPoint) -> int | None:
        slot = at.y() // self._look.row_height
        return slot if 0 <= slot < len(self._lines) and self.rect().contains(at) else None

    def _light(self, slot: int | None) -> None:
        if slot != self._hovered:
            self._hovered = slot
            self.refresh()

    def _choose(self, slot: int | None) -> None:
        price = None if slot is None else self._rows.price(self._position(slot))
        if price is not None:
            self.price_chosen.emit(price)

    def _tell(self, was: bool) -> None:
        if was != self.scrolled:
            self.scrolled_changed.emit(self.scrolled)
