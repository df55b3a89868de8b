"""The tape on the screen: what it shows, and when it is painted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import tzinfo

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from ...language import mark, tr
from ...market.instrument import Instrument
from ...market.tape import Print, Tape
from ..spoken import Spoken
from ..text import amount_text, price_text
from ..theme import CELL_PADDING, GAP, Theme
from .row_painter import RowPainter
from .tape_picture import TapePicture
from .tape_rows import Filter, TapeRows, large_steps, own_steps, shift_between
from .tape_words import copied, held_text

LARGE_EACH = 5.0  # s between two judgements of what is large
CALM_SHARE = 1 / 3  # of the rows: more new ones at once cannot be read …
CALM_EACH = 0.1  # … so that they come so many seconds apart at least
LEAST_WIDTH, LEAST_ROWS = 180, 3
HINT = QSize(320, 400)
NAME = mark("Trades")
KEYS_TOLD = mark(
    "Newest first. Arrow and page keys scroll, Home shows the newest, Shift with the arrows "
    "selects, Control C copies."
)
UNCHOSEN, WAITING = mark("No instrument chosen."), mark("Waiting for trades…")
NONE_SO_LARGE = mark("No trade as large as that yet.")


class TapeSurface(QWidget):
    """Shows a tape as a person looks at it; ``moved`` when the rows jumped to another place."""

    moved = Signal()

    def __init__(self, theme: Theme, titles: Mapping[str, str] = {}) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr(NAME))
        self.setAccessibleDescription(tr(KEYS_TOLD))
        self.setMinimumWidth(LEAST_WIDTH)
        self._spoken = Spoken(self, self._newest)
        self._rows = TapeRows()
        self._titles = titles
        self._painter = RowPainter(theme, self.font(), titles)
        self._chosen_any = False
        self._version = -1
        self._next = self._judged = -math.inf
        self._hovered = False
        self._picture = TapePicture(self._painter)
        self.setMinimumHeight(self._painter.height * (LEAST_ROWS + 1))

    # ------------------------------------------------------------ what to show

    @property
    def rows(self) -> list[Print]:
        """What is on the screen, newest first."""
        return self._rows.shown

    @property
    def filter(self) -> Filter:
        """Which rows are wanted."""
        return self._rows.filter

    @property
    def following(self) -> bool:
        """Whether new rows appear as they come."""
        return not (self._hovered or self._rows.scrolled)

    @property
    def waiting(self) -> int:
        """How many rows are newer than the first on the screen."""
        return self._rows.waiting

    @property
    def reach(self) -> int:
        """How many rows one can scroll back."""
        return self._rows.reach(self.page)

    @property
    def page(self) -> int:
        """How many whole rows there is room for, at least one."""
        return self._picture.page

    def _newest(self) -> str:
        """The newest trade in words."""
        if not self.rows:
            return ""
        newest = self.rows[0]
        side = tr("bought") if newest.side == "buy" else tr("sold")
        return tr(
            "Newest: {price}, {size} {side}.",
            price=price_text(newest.price, self._painter.decimals),
            size=amount_text(newest.size), side=side,
        )  # fmt: skip

    def show_instruments(self, instruments: Sequence[Instrument], decimals: int | None) -> None:
        """Be the tape of these, with prices of so many decimals; what was shown goes."""
        self._chosen_any = bool(instruments)
        self._painter.decimals = decimals
        self._painter.set_instruments(instruments)
        self._begin(None)

    def set_filter(self, wanted: Filter) -> None:
        """Show other rows of the same tape, the newest first."""
        if wanted != self._rows.filter:
            self._rows.filter = wanted
            self._painter.unit = wanted.unit
            self._begin(self._rows.tape)

    def set_large(self, least: float) -> None:
        """Colour rows from this size on, in the filter's unit; 0: the largest that came."""
        if own_steps(least) != self._painter.own:
            self._painter.own = own_steps(least)
            self._paint_all()

    def set_zone(self, zone: tzinfo | None) -> None:
        """Tell times in a zone; None is here."""
        if zone != self._painter.zone:
            self._painter.zone = zone
            self._paint_all()

    def set_trusted(self, trusted: bool) -> None:
        """Whether the feed lives; else everything is dimmed."""
        if trusted != self._painter.trusted:
            self._painter.trusted = trusted
            self._paint_all()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._painter.set_theme(theme)
        self._paint_all()

    def flush(self, now: float, tape: Tape | None) -> None:
        """Show what came since the last frame; ``now`` in monotonic seconds."""
        if tape is not self._rows.tape:
            self._begin(tape)
        if tape is None or tape.version == self._version or now < self._next:
            return
        if not self.isVisible():
            return
        self._version = tape.version
        if not self.following and self.rows:
            if self._rows.count_waiting():
                self.update(self._tag_band())
            return
        self._judge_large(now, tape)
        before = self.rows
        self._rows.follow(self.page)
        self._place()
        self._spoken.follow()
        shift = shift_between(before, self.rows)
        if before and (shift is None or shift > CALM_SHARE * self.page):
            self._next = now + CALM_EACH

    # ------------------------------------------------------------ going and choosing

    def scroll_rows(self, count: int) -> None:
        """Go so many rows back in time; forward if negative."""
        self._rows.scroll(count, self.page)
        self._went()

    def scroll_to(self, back: int) -> None:
        """Let so many rows be newer than the first on the screen."""
        self._rows.scroll_to(back, self.page)
        self._went()

    def go_newest(self) -> None:
        """Follow the market again."""
        self._rows.follow(self.page)
        self._went()

    def select(self, place: int, *, extend: bool = False) -> None:
        """Choose a row by its place on the screen, or everything up to it."""
        self._rows.select(place, extend=extend)
        self._paint_all()

    def select_none(self) -> None:
        """Let no row be chosen."""
        self._rows.selection = None
        self._paint_all()

    def extend_selection(self, step: int) -> None:
        """Let the choice reach a row further, and the screen follow it."""
        self._rows.extend(step, self.page)
        self._went()
        self._paint_all()

    @property
    def selected(self) -> list[Print]:
        """The rows chosen, newest first."""
        return self._rows.selected

    def copy(self) -> None:
        """Put the chosen rows on the clipboard, as text."""
        rows = self.selected
        if rows:
            QApplication.clipboard().setText(copied(rows, self._titles, self._painter.zone))

    def _went(self) -> None:
        self._place()
        self._update_rows()
        self.moved.emit()

    def _begin(self, tape: Tape | None) -> None:
        self._version, self._next, self._judged = -1, -math.inf, -math.inf
        self._painter.steps = ()
        self._rows.begin(tape)
        self._paint_all()
        self.moved.emit()

    def _judge_large(self, now: float, tape: Tape) -> None:
        if now - self._judged < LARGE_EACH:
            return
        steps = large_steps(tape, self.filter.joined)
        self._judged = now if steps else -math.inf
        if steps != self._painter.steps:
            self._painter.steps = steps
            self._paint_all()

    # ------------------------------------------------------------ painting

    def _place(self) -> None:
        """Bring the picture up to date with the rows."""
        if self._painter.widen(self.rows):
            self._lay_out()
        elif self._picture.change(self.rows, self._rows.selection):
            self._update_rows()

    def _lay_out(self) -> None:
        self._picture.resize(self.size(), self.devicePixelRatioF())
        self._paint_all()

    def _paint_all(self) -> None:
        self._picture.draw(self.rows, self._rows.selection)
        self.update()

    def _update_rows(self) -> None:
        self.update(
            0, self._picture.row_height, self.width(), self.height() - self._picture.row_height
        )

    def _tag_band(self) -> QRect:
        height = self._picture.row_height + GAP
        return QRect(0, self.height() - height - GAP, self.width(), height)

    def _tag(self) -> QRect:
        """Where it says that it is held still."""
        width = self._painter.width(self.tag_text) + 2 * CELL_PADDING
        band = self._tag_band()
        return QRect((band.width() - width) // 2, band.top(), width, band.height())

    @property
    def tag_text(self) -> str:
        """What the tag says; empty while following."""
        if self.following or not self.rows:
            return ""
        return held_text(self.waiting, scrolled=self._rows.scrolled)

    @property
    def empty_text(self) -> str:
        """What stands there instead of rows; empty if there are any."""
        if self.rows:
            return ""
        if not self._chosen_any:
            return tr(UNCHOSEN)
        tape = self._rows.tape
        small = self.filter.least > 0 and tape is not None and len(tape) > 0
        return tr(NONE_SO_LARGE if small else WAITING)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the picture, and lay over it what is not part of it."""
        if self._picture.pixmap.devicePixelRatio() != self.devicePixelRatioF():
            self._lay_out()
        painter = QPainter(self)
        height = self._picture.row_height
        titles = QRect(0, 0, self.width(), height)
        if event.rect().intersects(titles):
            self._painter.paint_titles(painter, titles)
        painter.drawPixmap(0, height, self._picture.pixmap)
        if self.empty_text:
            self._painter.paint_sentence(painter, self.rect(), self.empty_text)
        if self.tag_text:
            self._painter.paint_tag(painter, self._tag(), self.tag_text)
        if self.hasFocus():
            self._painter.paint_focus(painter, self.rect())

    # ------------------------------------------------------------ the frame around it

    def sizeHint(self) -> QSize:
        """Room for a good many rows."""
        return HINT

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new size."""
        super().resizeEvent(event)
        self._lay_out()
        self._version = -1
        if self.rows:
            self.scroll_rows(0) if self._rows.scrolled else self.go_newest()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while nobody looked."""
        super().showEvent(event)
        self._version = -1

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody reads any more, wherever the mouse rests."""
        super().hideEvent(event)
        self._hovered = False

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's type."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._painter.set_font(self.font())
            self._lay_out()
