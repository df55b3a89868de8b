"""How a row of the ladder looks: its columns, its bars and its colours."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from ..theme import GAP, GAP_SMALL, SMALL, Theme, sized
from .ladder_rows import Line, short_names
from .tints import mixed

ROW_PADDING = 3  # px added to the height of a line of text
BAR_SHARE, TOTAL_SHARE = 0.38, 0.14  # of the side's colour in its bars
DIMMED_SHARE = 0.5  # of that, when the book is not to be trusted
LEAST_PRICE = 7  # figures that the price column has room for
LAST_MARK = "◂"
MARK_ROOM = 0.45  # of a side, that marks of exchanges may take
BLOCK_MARGIN = 3  # px above and below a mark without a letter
COLOURS = ("panel", "hover", "raised", "selection", "accent", "warning", "muted", "text")


class LadderPainter:
    """Prices in the middle, bars growing outward from them, marks of exchanges at the edges.

    ``price_x`` and ``price_width`` are the middle column, ``side`` the width of each side, in
    pixels.
    """

    def __init__(self, theme: Theme, font: QFont) -> None:
        self._marks: list[str] = []
        self._width = 0
        self._figures = LEAST_PRICE
        self.set_font(font)
        self.set_theme(theme, dimmed=False)

    def set_font(self, font: QFont) -> None:
        """Write with this type."""
        self._font, self._small = sized(font, 1.0), sized(font, SMALL)
        self._metrics = QFontMetrics(self._font)
        self._small_metrics = QFontMetrics(self._small)
        self.row_height = self._metrics.height() + ROW_PADDING
        self._measure()

    def set_theme(self, theme: Theme, *, dimmed: bool) -> None:
        """Take the colours of a theme, all grey if the book is not to be trusted."""
        self._colours = {name: QColor(getattr(theme, name)) for name in COLOURS}
        share = DIMMED_SHARE if dimmed else 1.0
        for side, colour in (("bid", theme.up), ("ask", theme.down)):
            tint = theme.dimmed if dimmed else colour
            self._colours[side] = QColor(tint)
            self._colours[f"{side}_bar"] = mixed(theme.panel, tint, BAR_SHARE * share)
            self._colours[f"{side}_total"] = mixed(theme.panel, tint, TOTAL_SHARE * share)
        if dimmed:
            self._colours["text"] = self._colours["accent"] = QColor(theme.dimmed)
        self._mark_colours = [QColor(theme.dimmed if dimmed else each) for each in theme.lines]

    def set_names(self, names: Sequence[str]) -> None:
        """Whose books are shown, if it is more than one."""
        self._marks = short_names(names) if len(names) > 1 else []
        self._measure()

    def set_width(self, width: int) -> None:
        """Share this width out."""
        self._width = width
        self._measure()

    def forget_prices(self) -> None:
        """Prices of another length will come."""
        self._figures = LEAST_PRICE
        self._measure()

    def make_room(self, figures: int) -> bool:
        """Widen the middle for prices of so many characters; whether that was needed."""
        if figures <= self._figures:
            return False
        self._figures = figures
        self._measure()
        return True

    def on_price(self, x: int) -> bool:
        """Whether a pixel lies in the middle column."""
        return self.price_x <= x < self.price_x + self.price_width

    def paint_line(self, painter: QPainter, rect: QRect, line: Line) -> None:
        """Paint one row, all of it."""
        if line.kind == "spread":
            self._paint_spread(painter, rect, line)
            return
        painter.fillRect(rect, self._colours["hover" if line.lit else "panel"])
        if line.kind == "empty":
            return
        is_bid = line.kind == "bid"
        self._paint_bars(painter, rect, line, is_bid)
        if line.last:
            self._paint_last(painter, rect)
        x, width, top, height = self.price_x, self.price_width, rect.top(), rect.height()
        painter.setFont(self._font)
        painter.setPen(self._colours[line.kind])
        painter.drawText(x, top, width - self._mark_room, height, RIGHT, line.price)
        if line.size:
            painter.setPen(self._colours["text"])
            if is_bid:
                painter.drawText(0, top, x - GAP_SMALL, height, RIGHT, line.size)
            else:
                painter.drawText(x + width + GAP_SMALL, top, self.side, height, LEFT, line.size)
        if line.marks and self._marks:
            self._paint_marks(painter, rect, line.marks, is_bid)

    def paint_footer(self, painter: QPainter, rect: QRect, text: str) -> None:
        """Paint the read-out below the rows."""
        self._paint_words(painter, rect, text, "muted")

    def paint_rest(self, painter: QPainter, rect: QRect) -> None:
        """Paint where there is nothing."""
        painter.fillRect(rect, self._colours["panel"])

    def paint_focus(self, painter: QPainter, rect: QRect) -> None:
        """Paint the frame that tells where the keys go."""
        painter.setPen(self._colours["accent"])
        painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _paint_bars(self, painter: QPainter, rect: QRect, line: Line, is_bid: bool) -> None:
        right = self.price_x + self.price_width
        for length, kind in ((line.total_bar, "total"), (line.bar, "bar")):
            x = self.price_x - length if is_bid else right
            colour = self._colours[f"{line.kind}_{kind}"]
            painter.fillRect(x, rect.top(), length, rect.height() - 1, colour)

    def _paint_last(self, painter: QPainter, rect: QRect) -> None:
        middle = QRect(self.price_x, rect.top(), self.price_width, rect.height())
        painter.fillRect(middle, self._colours["selection"])
        painter.setFont(self._small)
        painter.setPen(self._colours["accent"])
        painter.drawText(middle.adjusted(0, 0, -1, 0), RIGHT, LAST_MARK)

    def _paint_marks(self, painter: QPainter, rect: QRect, marks: int, is_bid: bool) -> None:
        """Every exchange has its own place at the outer edge, so that columns can be read."""
        painter.setFont(self._small)
        top, height, width = rect.top(), rect.height(), self._mark_width
        for source, word in enumerate(self._marks):
            if not marks >> source & 1:
                continue
            at = source * width + GAP_SMALL
            x = at if is_bid else self._width - at - width
            colour = self._mark_colours[source % len(self._mark_colours)]
            if self._marks_fit:
                painter.setPen(colour)
                painter.drawText(x, top, width, height, CENTRE, word)
            else:
                inner = height - 2 * BLOCK_MARGIN
                painter.fillRect(x, top + BLOCK_MARGIN, width - 1, inner, colour)

    def _paint_spread(self, painter: QPainter, rect: QRect, line: Line) -> None:
        self._paint_words(painter, rect, line.price, "warning" if line.warns else "text")
        if line.last:
            painter.setPen(self._colours["accent"])
            painter.drawText(rect.adjusted(0, 0, -2, 0), RIGHT, LAST_MARK)

    def _paint_words(self, painter: QPainter, rect: QRect, words: str, colour: str) -> None:
        painter.fillRect(rect, self._colours["raised"])
        painter.setFont(self._small)
        painter.setPen(self._colours[colour])
        room = rect.width() - 2 * GAP
        text = self._small_metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(GAP, rect.top(), room, rect.height(), CENTRE, text)

    def _measure(self) -> None:
        figure = self._metrics.horizontalAdvance("0")
        self._mark_room = self._small_metrics.horizontalAdvance(LAST_MARK) + GAP_SMALL
        self.price_width = figure * self._figures + 2 * self._mark_room
        self.price_x = (self._width - self.price_width) // 2
        self.side = max(1, self.price_x)
        widest = max(map(self._small_metrics.horizontalAdvance, self._marks), default=0) + 2
        self._marks_fit = widest * len(self._marks) <= self.side * MARK_ROOM
        self._mark_width = widest if self._marks_fit else GAP_SMALL


CENTRE = int(Qt.AlignmentFlag.AlignCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
