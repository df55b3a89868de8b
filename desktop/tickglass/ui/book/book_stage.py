"""Where the order book is shown below its head: in one of three views, or a sentence instead."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from ...language import tr
from ...market.instrument import decimals
from ..theme import Theme
from .book_source import BookSource
from .book_words import NO_BOOK
from .depth_view import DepthView
from .heat_strip import HeatStrip
from .ladder_rows import Unit
from .ladder_view import LadderView

HEAT_ROWS = 60  # steps above and below the mid
HEAT_BUCKETS = 20  # at least, of the record
MIDDLE = 0.5  # of the heat's height; outside it the mid lets the prices move


class BookStage(QStackedWidget):
    """Shows ``ladder_view``, ``depth_view``, ``heat_strip`` or ``message``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.ladder_view = LadderView(theme)
        self.depth_view = DepthView(theme)
        self.heat_strip = HeatStrip(theme, labelled=True)
        self.message = QLabel()
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setObjectName("muted")
        for part in (self.message, self.ladder_view, self.depth_view, self.heat_strip):
            self.addWidget(part)
        self.say(NO_BOOK)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for part in (self.ladder_view, self.depth_view, self.heat_strip):
            part.set_theme(theme)

    def set_unit(self, unit: Unit) -> None:
        """Show sizes in base or in quote."""
        self.ladder_view.set_unit(unit)
        self.depth_view.set_unit(unit)

    def set_market(self, currencies: tuple[str, str], price_decimals: int | None) -> None:
        """The words for base and quote, and the decimals of a price; all begins anew."""
        self.ladder_view.set_market(currencies, price_decimals)
        self.ladder_view.set_names([])
        self.depth_view.set_market(currencies)
        self.heat_strip.set_record(None)

    def set_names(self, names: Sequence[str]) -> None:
        """Whose books are shown, if it is more than one."""
        self.ladder_view.set_names(names)

    def take_record(self, source: BookSource) -> None:
        """Show the heat of this source from now on."""
        if source.record is not None:
            base, step = source.instruments[0].base, source.record.grid.step
            self.heat_strip.set_record(source.record, base, decimals(step))

    def show_book(
        self, view: str, source: BookSource, now: float, last: float | None, *, dimmed: bool
    ) -> None:
        """Show the book in a view as it stands; dimmed if it is not to be trusted."""
        if view == "ladder":
            self._bring(self.ladder_view)
            self.ladder_view.show_ladder(source.ladder, last, dimmed=dimmed)
        elif view == "depth":
            self._bring(self.depth_view)
            self.depth_view.show_ladder(source.ladder, dimmed=dimmed)
        else:
            self._bring(self.heat_strip)
            self.heat_strip.set_dimmed(dimmed)
            self._place_heat(source)
            self.heat_strip.flush(now)

    def say(self, sentence: str) -> None:
        """Show a sentence instead of a book; it is translated here."""
        said = tr(sentence)
        if self.message.text() != said:
            self.message.setText(said)
            self.message.setAccessibleName(said)
        self._bring(self.message)

    def _place_heat(self, source: BookSource) -> None:
        """Let the heat show prices around the mid, and follow it in strides."""
        if source.ladder is None or source.ladder.mid is None or source.record is None:
            return
        mid, (low, high) = source.ladder.mid, self.heat_strip.prices
        step, bucket = float(source.ladder.grid.step), float(source.record.grid.step)
        reach = max(HEAT_ROWS * step, HEAT_BUCKETS * bucket)
        same = abs((high - low) / 2 - reach) < step / 2
        if not same or abs(mid - (low + high) / 2) > reach * MIDDLE:
            self.heat_strip.set_prices(mid - reach, mid + reach)

    def _bring(self, part: QWidget) -> None:
        if self.currentWidget() is not part:
            self.setCurrentWidget(part)
