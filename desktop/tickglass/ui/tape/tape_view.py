"""The tape's rows: newest on top, moved down by copying pixels rather than by painting again."""

from __future__ import annotations

import math
import time
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from ...market.instrument import Instrument
from ...market.number import plain
from ...market.tape import Numbers, Print, Tape, Unit
from ..text import DOWN_ARROW, NOTHING, UP_ARROW, amount_text, exchange_title, price_text
from ..theme import CELL_PADDING, GAP, GAP_SMALL, RADIUS, SMALL, Theme, sized

PAST_UP, PAST_DOWN = "△", "▽"  # told of the past
ROW_MARGIN = 3  # px added to the height of a line of text
MOST_SPREAD = 40  # px that a wide window puts between two columns
SHORTEST_NAME = 3  # letters of an exchange
LARGE_SHARES = (0.90, 0.99, 0.998)  # of the rows are smaller than those that stand out, by level
LARGE_AMONG = 50  # trades at least, before any counts as large
LARGE_EACH = 5.0  # s between two judgements of what is large
STRENGTHS = (0.0, 0.07, 0.16, 0.32)  # of the side's colour in the background, by level
STRONG = 2  # the level from which on the text is bold and no longer coloured
CALM_SHARE = 1 / 3  # of the rows: more new ones at once cannot be read …
CALM_EACH = 0.1  # … so that they come so many seconds apart at least
ROWS_A_NOTCH, NOTCH = 3, 120  # of the wheel; NOTCH in eighths of a degree
SIGNIFICANT = 12  # figures of a copied average
EXTRA_HEIGHTS = 4  # px tried so that a row is a whole number of the screen's pixels
LEAST_WIDTH, LEAST_ROWS = 180, 6
HINT = QSize(320, 400)
KEYS_TOLD = (
    "Newest first. Arrow and page keys scroll, Home shows the newest, Shift with the arrows "
    "selects, Control C copies."
)
UNCHOSEN, WAITING = "No instrument chosen.", "Waiting for trades…"
COLOURS = (
    *("panel", "raised", "border", "text", "muted", "dimmed", "selection", "accent"),
    *("up", "down"),
)
SPARED = ("fills", "millis", "exchange", "time")  # in a narrow window, in this order
WIDEST_FIGURES = str.maketrans("123456789", "000000000")
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are wanted: at least so large, in base or in quote, with fills joined or not."""

    least: float = 0.0
    unit: Unit = "base"
    joined: bool = True

    def newest(self, tape: Tape, count: int) -> list[Print]:
        """The newest rows, newest first."""
        return tape.rows(count, self.least, self.unit, self.joined)

    def numbers(self, tape: Tape) -> Numbers:
        """The numbers of all rows, ascending."""
        return tape.numbers(self.least, self.unit, self.joined)


def short_names(exchanges: Iterable[str], titles: Mapping[str, str]) -> dict[str, str]:
    """The first letters of each exchange, as many as tell them apart."""
    names = {each: exchange_title(titles, each) for each in exchanges}
    length = SHORTEST_NAME
    while len({name[:length] for name in names.values()}) < len(set(names.values())):
        length += 1
    return {each: name[:length] for each, name in names.items()}


def clock_text(ms: int, form: str = "%H:%M:%S", *, millis: bool = True) -> str:
    """A time of day here, to the millisecond."""
    try:
        text = time.strftime(form, time.localtime(ms // 1_000))
    except (OverflowError, OSError, ValueError):
        return NOTHING
    return f"{text}.{ms % 1_000:03d}" if millis else text


def shift_between(old: Sequence[Print], new: Sequence[Print]) -> int | None:
    """By how many rows the old ones moved down; None if they did not all move alike."""
    if not old:
        return None
    numbers = [row.number for row in new]
    try:
        shift = numbers.index(old[0].number)
    except ValueError:
        return None
    rest = numbers[shift:]
    alike = len(rest) <= len(old) and rest == [row.number for row in old[: len(rest)]]
    return shift if alike and len(new) >= len(old) else None


def large_steps(tape: Tape, joined: bool) -> tuple[float, ...]:
    """The notionals, rounded up, above which a row stands out more and more."""
    if len(tape) < LARGE_AMONG:
        return ()
    return tuple(rounded_up(each) for each in tape.notional_quantiles(LARGE_SHARES, joined))


def rounded_up(value: float) -> float:
    """To two figures, so that it seldom changes: 123 becomes 130."""
    if value <= 0 or not math.isfinite(value):
        return 0.0
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return max(value, math.ceil(round(value / step, 6)) * step)


def blend(under: QColor, over: QColor, share: float) -> QColor:
    """``under`` with so much of ``over``, opaque: faster than painting through."""
    rest = 1.0 - share
    return QColor(
        round(under.red() * rest + over.red() * share),
        round(under.green() * rest + over.green() * share),
        round(under.blue() * rest + over.blue() * share),
    )


def copied(rows: Iterable[Print], titles: Mapping[str, str]) -> str:
    """Rows as text, a line each, with tabs between: time, exchange, pair, side, price, size."""
    return "\n".join(
        "\t".join(
            (
                clock_text(row.time, "%Y-%m-%d %H:%M:%S"),
                exchange_title(titles, row.instrument.exchange),
                row.instrument.pair,
                row.side,
                plain(float(f"{row.price:.{SIGNIFICANT}g}")),
                plain(float(f"{row.size:.{SIGNIFICANT}g}")),
            )
        )
        for row in rows
    )


class RowPainter:
    """Paints single rows: knows the colours, the type, and where the columns stand."""

    def __init__(self, theme: Theme, font: QFont, titles: Mapping[str, str]) -> None:
        self.decimals: int | None = None
        self.unit: Unit = "base"
        self.steps: tuple[float, ...] = ()
        self.trusted = True
        self._titles = titles
        self._shorts: dict[str, str] = {}
        self._currencies = ("", "")
        self._places: dict[str, tuple[int, int]] = {}
        self.millis = True
        self.set_font(font)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.colours = {name: QColor(getattr(theme, name)) for name in COLOURS}
        panel = self.colours["panel"]
        self._grounds = {
            side: [blend(panel, self.colours[role], share) for share in STRENGTHS]
            for side, role in (("buy", "up"), ("sell", "down"))
        }

    def set_font(self, font: QFont) -> None:
        """Take a type; rows are as high as it asks for."""
        self._fonts = (sized(font, 1.0), sized(font, 1.0, bold=True))
        self._small = sized(font, SMALL)
        self._metrics = QFontMetrics(self._fonts[1])
        self._figures = (0, 0)  # px: prices, sizes
        self.height = self._metrics.height() + ROW_MARGIN

    def set_instruments(self, instruments: Sequence[Instrument]) -> None:
        """Make the columns fit these."""
        self._shorts = short_names((each.exchange for each in instruments), self._titles)
        first = instruments[0] if instruments else Instrument("", "", "")
        self._currencies = (first.base, first.quote_ccy)
        self._figures = (0, 0)  # px: prices, sizes

    def widen(self, rows: Iterable[Print]) -> bool:
        """Make room for the figures of rows; True if the columns must be laid out anew."""
        rows = list(rows)
        prices = (price_text(row.price, self.decimals) for row in rows)
        sizes = map(self._size_text, rows)
        widths = (self._widest(prices), self._widest(sizes))
        if widths[0] <= self._figures[0] and widths[1] <= self._figures[1]:
            return False
        self._figures = (max(widths[0], self._figures[0]), max(widths[1], self._figures[1]))
        return True

    def lay_out(self, width: int) -> None:
        """Place the columns that a row of so many px has room for."""
        wanted = {
            "mark": self._width(UP_ARROW),
            "time": self._width("00:00:00.000"),
            "exchange": max(map(self._width, self._shorts.values()), default=0),
            "price": max(self._figures[0], self._width("Price")),
            "size": max(self._figures[1], self._width("00.0 M")),
            "fills": self._small_width("×000"),
        }
        room = width - 2 * GAP
        for spared in ("", *SPARED):
            if spared == "millis":
                wanted["time"] = self._width("00:00:00")
            else:
                wanted.pop(spared, None)
            taken = sum(wanted.values())
            if taken + GAP * (len(wanted) - 1) <= room:
                break
        self.millis = wanted.get("time", 0) > self._width("00:00:00")
        spread = max(GAP, min(MOST_SPREAD, (room - taken) // max(1, len(wanted) - 1)))
        self._places, x = {}, GAP
        for name, each in wanted.items():
            self._places[name] = (x, each)
            x += each + (GAP_SMALL if name == "mark" else spread)

    def level(self, row: Print) -> int:
        """How much a row stands out, from 0 on."""
        return bisect_left(self.steps, row.notional)

    def paint(self, painter: QPainter, rect: QRect, row: Print, selected: bool) -> None:
        """Paint one row, ground and all."""
        colours, buy = self.colours, row.side == "buy"
        level = self.level(row) if self.trusted and not row.history else 0
        ground = colours["selection"] if selected else self._grounds[row.side][level]
        painter.fillRect(rect, ground)
        quiet, text = colours["muted"], colours["text"]
        side = text if level >= STRONG else colours["up" if buy else "down"]
        if level >= STRONG:
            quiet = text
        if row.history:
            side = text = quiet
        if not self.trusted:
            quiet = text = side = colours["dimmed"]
        mark = (PAST_UP if buy else PAST_DOWN) if row.history else UP_ARROW if buy else DOWN_ARROW
        painter.setFont(self._fonts[level >= STRONG])
        painter.setPen(side)
        self._write(painter, rect, "mark", mark, LEFT)
        self._write(painter, rect, "price", price_text(row.price, self.decimals), RIGHT)
        painter.setPen(text)
        self._write(painter, rect, "size", self._size_text(row), RIGHT)
        painter.setPen(quiet)
        self._write(painter, rect, "time", clock_text(row.time, millis=self.millis), LEFT)
        self._write(painter, rect, "exchange", self._short(row.instrument.exchange), LEFT)
        if row.fills > 1:
            painter.setFont(self._small)
            self._write(painter, rect, "fills", f"×{row.fills}", RIGHT)

    def paint_titles(self, painter: QPainter, rect: QRect) -> None:
        """Paint what the columns are."""
        painter.fillRect(rect, self.colours["panel"])
        painter.setPen(self.colours["border"])
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setPen(self.colours["muted"])
        painter.setFont(self._small)
        base, quote = self._currencies
        unit = base if self.unit == "base" else quote
        self._write(painter, rect, "time", "Time", LEFT)
        self._write(painter, rect, "price", "Price", RIGHT)
        self._write(painter, rect, "size", unit or "Size", RIGHT)

    def _write(
        self, painter: QPainter, rect: QRect, column: str, text: str, align: Qt.AlignmentFlag
    ) -> None:
        place = self._places.get(column)
        if place is not None:
            painter.drawText(place[0], rect.top(), place[1], rect.height(), align, text)

    def _short(self, exchange: str) -> str:
        return self._shorts.get(exchange) or exchange_title(self._titles, exchange)[:SHORTEST_NAME]

    def _size_text(self, row: Print) -> str:
        return amount_text(row.size if self.unit == "base" else row.notional)

    def _widest(self, texts: Iterable[str]) -> int:
        """The width of the longest: figures are of equal width, so that one is measured."""
        return self._width(max(texts, key=len, default="").translate(WIDEST_FIGURES))

    def _width(self, text: str) -> int:
        return self._metrics.horizontalAdvance(text)

    def _small_width(self, text: str) -> int:
        return QFontMetrics(self._small).horizontalAdvance(text)


class TapeView(QWidget):
    """Shows a tape. The mouse over it holds it still; so does scrolling away from the newest."""

    def __init__(self, theme: Theme, titles: Mapping[str, str] = {}) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Trades")
        self.setAccessibleDescription(KEYS_TOLD)
        self.setMinimumWidth(LEAST_WIDTH)
        self.rows: list[Print] = []
        self.filter = Filter()
        self.waiting = 0  # rows that came since it was held still
        self._titles = titles
        self._painter = RowPainter(theme, self.font(), titles)
        self._tape: Tape | None = None
        self._chosen_any = False
        self._version = -1
        self._next = self._judged = -math.inf
        self._hovered = self._scrolled = False
        self._selection: tuple[int, int] | None = None  # numbers: where it began, where it ends
        self._wheel = 0
        self._row_height = self._painter.height
        self._pixmap = QPixmap()
        self.setMinimumHeight(self._painter.height * (LEAST_ROWS + 1))

    # ------------------------------------------------------------ what to show

    @property
    def following(self) -> bool:
        """Whether new rows appear as they come."""
        return not (self._hovered or self._scrolled)

    @property
    def page(self) -> int:
        """How many whole rows there is room for, at least one."""
        return max(1, (self.height() - self._row_height) // self._row_height)

    def show_instruments(self, instruments: Sequence[Instrument], decimals: int | None) -> None:
        """Be the tape of these, with prices of so many decimals; what was shown goes."""
        self._chosen_any = bool(instruments)
        self._painter.decimals = decimals
        self._painter.set_instruments(instruments)
        self._begin(None)

    def set_filter(self, wanted: Filter) -> None:
        """Show other rows of the same tape, the newest first."""
        if wanted == self.filter:
            return
        self.filter = wanted
        self._painter.unit = wanted.unit
        self._begin(self._tape)

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
        if tape is not self._tape:
            self._begin(tape)
        if tape is None or tape.version == self._version or now < self._next:
            return
        if not self.isVisible():
            return
        self._version = tape.version
        if not self.following and self.rows:
            self._count_waiting(tape)
            return
        self._judge_large(now, tape)
        before = self.rows
        self._place(self.filter.newest(tape, self.page + 1))
        shift = shift_between(before, self.rows)
        if before and (shift is None or shift > CALM_SHARE * self.page):
            self._next = now + CALM_EACH

    # ------------------------------------------------------------ scrolling and choosing

    def scroll_rows(self, count: int) -> None:
        """Go so many rows back in time; forward if negative."""
        if self._tape is None or not self.rows:
            return
        numbers = self.filter.numbers(self._tape)
        newest = len(numbers) - 1
        if newest < 0:
            return
        top = int(np.searchsorted(numbers, self.rows[0].number))
        top = min(newest, max(min(newest, self.page - 1), top - count))
        self._scrolled = top < newest
        self._show_from(numbers, top)

    def go_newest(self) -> None:
        """Follow the market again."""
        if self._tape is not None:
            self._scrolled = False
            self.waiting = 0
            self._place(self.filter.newest(self._tape, self.page + 1))
            self._update_rows()

    @property
    def selected(self) -> list[Print]:
        """The rows chosen, newest first."""
        if self._selection is None or self._tape is None:
            return []
        low, high = sorted(self._selection)
        numbers = self.filter.numbers(self._tape)
        numbers = numbers[(numbers >= low) & (numbers <= high)][::-1]
        held = self._tape.prints(numbers, self.filter.joined)
        # What is still shown may be too old for the tape by now.
        oldest = held[-1].number if held else high + 1
        return held + [row for row in self.rows if low <= row.number < min(oldest, high + 1)]

    def copy(self) -> None:
        """Put the chosen rows on the clipboard, as text."""
        rows = self.selected
        if rows:
            QApplication.clipboard().setText(copied(rows, self._titles))

    def select(self, row: int, *, extend: bool = False) -> None:
        """Choose a row by its place on the screen, or everything up to it."""
        if not self.rows:
            return
        number = self.rows[max(0, min(row, len(self.rows) - 1))].number
        begun = self._selection[0] if extend and self._selection else number
        self._choose((begun, number))

    def _choose(self, selection: tuple[int, int] | None) -> None:
        if selection != self._selection:
            self._selection = selection
            self._paint_all()

    def _extend(self, step: int) -> None:
        """Let the selection reach a row further, and the screen follow it."""
        shown = [row.number for row in self.rows]
        if self._selection is None or self._selection[1] not in shown:
            self.select(0)
            return
        place = shown.index(self._selection[1]) + step
        if place < 0 or place >= min(self.page, len(shown)):
            self.scroll_rows(step)
            shown = [row.number for row in self.rows]
            place = shown.index(self._selection[1]) + step if self._selection[1] in shown else 0
        self.select(place, extend=True)

    # ------------------------------------------------------------ rows

    def _begin(self, tape: Tape | None) -> None:
        self._tape = tape
        self._version, self._next, self._judged = -1, -math.inf, -math.inf
        self._scrolled, self._selection, self.waiting = False, None, 0
        self.rows = []
        self._painter.steps = ()
        self._paint_all()

    def _count_waiting(self, tape: Tape) -> None:
        numbers = self.filter.numbers(tape)
        waiting = len(numbers) - int(np.searchsorted(numbers, self.rows[0].number, "right"))
        if waiting != self.waiting:
            self.waiting = waiting
            self.update(self._tag_band())

    def _show_from(self, numbers: Numbers, top: int) -> None:
        if self._tape is None:
            return
        wanted = numbers[max(0, top - self.page) : top + 1][::-1]
        self.waiting = len(numbers) - 1 - top
        self._place(self._tape.prints(wanted, self.filter.joined))
        self._update_rows()

    def _judge_large(self, now: float, tape: Tape) -> None:
        if now - self._judged < LARGE_EACH:
            return
        steps = large_steps(tape, self.filter.joined)
        self._judged = now if steps else -math.inf
        if steps != self._painter.steps:
            self._painter.steps = steps
            self._paint_all()

    def _place(self, rows: list[Print]) -> None:
        """Show these rows, painting only those that differ from what is shown."""
        old, self.rows = self.rows, rows
        if rows == old:
            return
        if self._painter.widen(rows):
            self._lay_out()
            return
        shift = shift_between(old, rows)
        moved = (shift or 0) * self._row_height * self._pixmap.devicePixelRatio()
        if shift is None or self._pixmap.isNull() or not moved.is_integer():
            self._paint_all()
            return
        if shift:
            self._pixmap.scroll(0, int(moved), self._pixmap.rect())
        fresh = [
            place
            for place, row in enumerate(rows)
            if place < shift or place - shift >= len(old) or row != old[place - shift]
        ]
        self._paint_rows(fresh)
        self._update_rows()

    # ------------------------------------------------------------ painting

    def _lay_out(self) -> None:
        """Make the picture anew, as large as the widget."""
        self._row_height = self._even_height()
        self._painter.lay_out(self.width())
        ratio = self.devicePixelRatioF()
        size = QSize(self.width(), (self.page + 1) * self._row_height)
        self._pixmap = QPixmap((size.toSizeF() * ratio).toSize())
        self._pixmap.setDevicePixelRatio(ratio)
        self._paint_all()

    def _even_height(self) -> int:
        """A row's height that is a whole number of the screen's pixels, so that it can be moved."""
        heights = range(self._painter.height, self._painter.height + EXTRA_HEIGHTS)
        ratio = self.devicePixelRatioF()
        return next((each for each in heights if (each * ratio).is_integer()), heights[0])

    def _paint_all(self) -> None:
        if self._pixmap.isNull():
            return
        self._pixmap.fill(self._painter.colours["panel"])
        self._paint_rows(range(len(self.rows)))
        self.update()

    def _paint_rows(self, places: Iterable[int]) -> None:
        low, high = sorted(self._selection) if self._selection else (0, -1)
        width, height = self.width(), self._row_height
        painter = QPainter(self._pixmap)
        for place in places:
            row = self.rows[place]
            rect = QRect(0, place * height, width, height)
            self._painter.paint(painter, rect, row, low <= row.number <= high)
        painter.end()

    def _update_rows(self) -> None:
        self.update(0, self._row_height, self.width(), self.height() - self._row_height)

    def _tag_band(self) -> QRect:
        height = self._row_height + GAP
        return QRect(0, self.height() - height - GAP, self.width(), height)

    def _tag(self) -> QRect:
        """Where it says that it is held still."""
        width = self.fontMetrics().horizontalAdvance(self.tag_text) + 2 * CELL_PADDING
        band = self._tag_band()
        return QRect((band.width() - width) // 2, band.top(), width, band.height())

    @property
    def tag_text(self) -> str:
        """What the tag says; empty while following."""
        if self.following or not self.rows:
            return ""
        word = "Scrolled back" if self._scrolled else "Paused"
        return f"{word}, {self.waiting:,} new"

    @property
    def empty_text(self) -> str:
        """What stands there instead of rows; empty if there are any."""
        if self.rows:
            return ""
        if not self._chosen_any:
            return UNCHOSEN
        if self.filter.least and self._tape is not None and len(self._tape):
            return "No trade as large as that yet."
        return WAITING

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the picture, and lay over it what is not part of it."""
        if self._pixmap.isNull() or self._pixmap.devicePixelRatio() != self.devicePixelRatioF():
            self._lay_out()
        painter = QPainter(self)
        titles = QRect(0, 0, self.width(), self._row_height)
        if event.rect().intersects(titles):
            self._painter.paint_titles(painter, titles)
        painter.drawPixmap(0, self._row_height, self._pixmap)
        colours = self._painter.colours
        if self.empty_text:
            painter.setPen(colours["muted"])
            painter.drawText(self.rect(), EMPTY_ALIGN, self.empty_text)
        if self.tag_text:
            painter.setPen(colours["border"])
            painter.setBrush(colours["raised"])
            painter.drawRoundedRect(self._tag(), RADIUS, RADIUS)
            painter.setPen(colours["text"])
            painter.drawText(self._tag(), Qt.AlignmentFlag.AlignCenter, self.tag_text)
        if self.hasFocus():
            painter.setPen(colours["accent"])
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    # ------------------------------------------------------------ events

    def sizeHint(self) -> QSize:
        """Room for a good many rows."""
        return HINT

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new size."""
        super().resizeEvent(event)
        self._lay_out()
        self._version = -1
        if self._tape is not None and self.rows:
            self.scroll_rows(0) if self._scrolled else self.go_newest()

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

    def enterEvent(self, event: QEnterEvent) -> None:
        """Hold still while somebody reads."""
        self._hovered = True
        self._update_rows()

    def leaveEvent(self, event: QEvent) -> None:
        """Go on."""
        self._hovered = False
        if not self._scrolled:
            self.go_newest()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll through what was."""
        self._wheel -= event.angleDelta().y() * ROWS_A_NOTCH
        rows = int(self._wheel / NOTCH)
        self._wheel -= rows * NOTCH
        if rows:
            self.scroll_rows(rows)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row, or take the tag's offer to go on."""
        place = event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.tag_text and self._tag().contains(place):
            self.go_newest()
            return
        row = self._row_at(place)
        if 0 <= row < len(self.rows):
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.select(row, extend=extend)
        else:
            self._choose(None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose more rows."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._selection is not None:
            self.select(self._row_at(event.position().toPoint()), extend=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll, choose and copy."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        key, steps = event.key(), STEPS.get(event.key())
        if steps is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._extend(steps)
        elif steps is not None:
            self.scroll_rows(steps)
        elif key in PAGES:
            self.scroll_rows(PAGES[key] * max(1, self.page - 1))
        elif key == Qt.Key.Key_Home:
            self.go_newest()
        elif key == Qt.Key.Key_End and self._tape is not None:
            self.scroll_rows(len(self._tape))
        elif key == Qt.Key.Key_Escape and self._selection is not None:
            self._choose(None)
        else:
            super().keyPressEvent(event)

    def _row_at(self, place: QPoint) -> int:
        return place.y() // self._row_height - 1


STEPS: Mapping[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
PAGES: Mapping[int, int] = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
EMPTY_ALIGN = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
