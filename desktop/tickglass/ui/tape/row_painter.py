"""How a row of the tape looks: its columns, its ground and its colours."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from ...language import mark, tr
from ...market.instrument import Instrument
from ...market.tape import Print, Unit
from ..text import DOWN_ARROW, UP_ARROW, amount_text, exchange_title, price_text
from ..theme import GAP_SMALL, RADIUS, SMALL, Theme, sized
from .tape_words import SHORTEST_NAME, clock_text, short_names

PAST_UP, PAST_DOWN = "△", "▽"  # told of the past
ROW_MARGIN = 3  # px added to the height of a line of text
EDGE = 6  # px left and right
LEAST_SPREAD, MOST_SPREAD = 5, 40  # px between two columns, in a narrow and in a wide window
STRENGTHS = (0.0, 0.07, 0.16, 0.32)  # of the side's colour in the background, by level
STRONG = 2  # the level from which on the text is bold and no longer coloured
COLOURS = (
    *("panel", "raised", "border", "text", "muted", "dimmed", "selection", "accent"),
    *("up", "down"),
)
SPARED = ("fills", "millis", "exchange", "time")  # in a narrow window, in this order
LONG_TIME, SHORT_TIME, SHORT_SIZE, FILLS = "00:00:00.000", "00:00:00", "00.0 M", "×000"
TITLES = {"time": mark("Time"), "price": mark("Price"), "size": mark("Size")}
WIDEST_FIGURES = str.maketrans("123456789", "000000000")
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MIDDLE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


def blend(under: QColor, over: QColor, share: float) -> QColor:
    """``under`` with so much of ``over``, opaque: faster than painting through."""
    rest = 1.0 - share
    return QColor(
        round(under.red() * rest + over.red() * share),
        round(under.green() * rest + over.green() * share),
        round(under.blue() * rest + over.blue() * share),
    )


class RowPainter:
    """Paints single rows: knows the colours, the type, and where the columns stand.

    ``steps`` are the notionals above which a row stands out; ``own`` are the person's own sizes
    instead, in the unit that is shown, from which on it does.
    """

    def __init__(self, theme: Theme, font: QFont, titles: Mapping[str, str]) -> None:
        self.decimals: int | None = None
        self.unit: Unit = "base"
        self.zone: tzinfo | None = None
        self.steps: tuple[float, ...] = ()
        self.own: tuple[float, ...] = ()
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
        self._plain_metrics = QFontMetrics(self._fonts[0])
        self._small_metrics = QFontMetrics(self._small)
        self._figures = (0, 0)  # px: prices, sizes
        self.height = self._metrics.height() + ROW_MARGIN

    def set_instruments(self, instruments: Sequence[Instrument]) -> None:
        """Make the columns fit these."""
        self._shorts = short_names((each.exchange for each in instruments), self._titles)
        first = instruments[0] if instruments else Instrument("", "", "")
        self._currencies = (first.base, first.quote_ccy)
        self._figures = (0, 0)

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
        plain = self._plain_metrics.horizontalAdvance
        wanted = {
            "mark": self.width(UP_ARROW),
            "time": plain(LONG_TIME),
            "exchange": max(map(plain, self._shorts.values()), default=0),
            "price": max(self._figures[0], self.width(tr(TITLES["price"]))),
            "size": max(self._figures[1], self.width(SHORT_SIZE)),
            "fills": self._small_metrics.horizontalAdvance(FILLS),
        }
        room = width - 2 * EDGE
        for spared in ("", *SPARED):
            if spared == "millis":
                wanted["time"] = plain(SHORT_TIME)
            else:
                wanted.pop(spared, None)
            taken = sum(wanted.values())
            if taken + LEAST_SPREAD * (len(wanted) - 1) <= room:
                break
        self.millis = wanted.get("time", 0) > plain(SHORT_TIME)
        spread = (room - taken) // max(1, len(wanted) - 1)
        spread = max(LEAST_SPREAD, min(MOST_SPREAD, spread))
        self._places, x = {}, EDGE
        for name, each in wanted.items():
            self._places[name] = (x, each)
            x += each + (GAP_SMALL if name == "mark" else spread)

    def width(self, text: str) -> int:
        """How many px a text takes."""
        return self._metrics.horizontalAdvance(text)

    def level(self, row: Print) -> int:
        """How much a row stands out, from 0 on."""
        if self.own:
            return bisect_right(self.own, row.amount(self.unit))
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
        arrow = (PAST_UP if buy else PAST_DOWN) if row.history else UP_ARROW if buy else DOWN_ARROW
        painter.setFont(self._fonts[level >= STRONG])
        painter.setPen(side)
        self._write(painter, rect, "mark", arrow, LEFT)
        self._write(painter, rect, "price", price_text(row.price, self.decimals), RIGHT)
        painter.setPen(text)
        self._write(painter, rect, "size", self._size_text(row), RIGHT)
        painter.setPen(quiet)
        if level >= STRONG:
            painter.setFont(self._fonts[0])  # bold, they would take the room of the time
        if "time" in self._places:
            time = clock_text(row.time, millis=self.millis, zone=self.zone)
            self._write(painter, rect, "time", time, LEFT)
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
        self._write(painter, rect, "time", tr(TITLES["time"]), LEFT)
        self._write(painter, rect, "price", tr(TITLES["price"]), RIGHT)
        self._write(painter, rect, "size", unit or tr(TITLES["size"]), RIGHT)

    def paint_sentence(self, painter: QPainter, rect: QRect, text: str) -> None:
        """Say why there are no rows."""
        painter.setPen(self.colours["muted"])
        painter.drawText(rect, MIDDLE, text)

    def paint_tag(self, painter: QPainter, rect: QRect, text: str) -> None:
        """Say over the rows that they are held still."""
        painter.setPen(self.colours["border"])
        painter.setBrush(self.colours["raised"])
        painter.drawRoundedRect(rect, RADIUS, RADIUS)
        painter.setPen(self.colours["text"])
        painter.drawText(rect, MIDDLE, text)

    def paint_focus(self, painter: QPainter, rect: QRect) -> None:
        """Paint the frame that tells where the keys go."""
        painter.setPen(self.colours["accent"])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _write(
        self, painter: QPainter, rect: QRect, column: str, text: str, align: Qt.AlignmentFlag
    ) -> None:
        place = self._places.get(column)
        if place is not None:
            painter.drawText(place[0], rect.top(), place[1], rect.height(), align, text)

    def _short(self, exchange: str) -> str:
        return self._shorts.get(exchange) or exchange_title(self._titles, exchange)[:SHORTEST_NAME]

    def _size_text(self, row: Print) -> str:
        return amount_text(row.amount(self.unit))

    def _widest(self, texts: Iterable[str]) -> int:
        """The width of the longest: figures are of equal width, so that one is measured."""
        return self.width(max(texts, key=len, default="").translate(WIDEST_FIGURES))
