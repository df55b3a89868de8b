"""The order book of one instrument, or of a pair on several exchanges together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ...language import tr
from ...market.book import OrderBook
from ...market.freshness import Freshness
from ...market.heat import HeatRecord
from ...market.instrument import Instrument, decimals
from ...market.ladder import Grid
from ..text import exchange_title, price_text
from ..theme import Theme
from .book_choices import BookChoices
from .book_header import BookHeader
from .book_source import BookSource
from .book_stage import BookStage
from .book_words import (
    EMPTY,
    NO_BOOK,
    NONE_TRUSTED,
    WAITING,
    crossing_text,
    figures_text,
    left_out_text,
    title_text,
    trust_of,
    trust_of_merged,
)
from .ladder_rows import UNITS, Unit

GRACE = 1.0  # s, that a book may wait before the ladder gives way to a sentence
FIGURES_EVERY = 0.25  # s, so that they can be read


class BookPanel(QWidget):
    """State is handed in with ``flush`` once per screen frame, and painted where it differs.

    While it is hidden, the heat goes on record and nothing else is done.
    """

    price_chosen = Signal(float)
    state_changed = Signal()

    def __init__(self, theme: Theme, titles: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.header = BookHeader()
        self.stage = BookStage(theme)
        self.ladder_view, self.depth_view = self.stage.ladder_view, self.stage.depth_view
        self.heat_strip, self.message = self.stage.heat_strip, self.stage.message
        self._titles = titles or {}
        self._choices = BookChoices()
        self._chosen: tuple[object, ...] = ()
        self._decimals: int | None = None
        self._source = BookSource()
        self._offered: list[float] = []
        self._named: tuple[Instrument, ...] | None = None
        self._waits = True
        self._live_at = 0.0
        self._figures_at = 0.0
        self._build()

    @property
    def view(self) -> str:
        """``ladder``, ``depth`` or ``heat``."""
        return self._choices.view

    @property
    def step(self) -> float | None:
        """The step of price that is shown; None until the book is known."""
        return None if self._source.grid is None else float(self._source.grid.step)

    @property
    def record(self) -> HeatRecord | None:
        """What stood in this book, for a strip beside the chart; None until the book is known."""
        return self._source.record

    # ------------------------------------------------------------ whose book

    def show(
        self,
        instrument: Instrument | None = None,
        decimals: int | None = None,
        tick: Decimal | None = None,
    ) -> None:
        """Show the book of an instrument; without one, appear as any widget does."""
        if instrument is None:
            super().show()
        else:
            self._choose((instrument,), decimals, tick)

    def show_merged(
        self,
        instruments: Sequence[Instrument],
        decimals: int | None = None,
        tick: Decimal | None = None,
    ) -> None:
        """Show the books of one pair on several exchanges as one."""
        self._choose(tuple(instruments), decimals, tick)

    def clear(self) -> None:
        """Show no book."""
        self._choose((), None, None)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.stage.set_theme(theme)

    def save_state(self) -> dict[str, Any]:
        """What the person chose, for ``restore_state``."""
        return self._choices.to_row()

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Be as it was; what cannot be used is left as it is."""
        self._choices.restore(state)
        if self._source.instruments:
            self._source.choose_step(self._choices.step_of(self._source.instruments[0]))
        self._use_choices()

    # ------------------------------------------------------------ the frame

    def flush(
        self,
        now: float,
        book: OrderBook | None,
        freshness: Freshness,
        age: float | None,
        resyncs: int,
        last: float | None,
    ) -> None:
        """Show a book as it is at monotonic second ``now``; ``age`` in seconds."""
        source = self._source
        if source.merged is not None or not source.instruments:
            return
        usable = book if book is not None and source.suits(book) else None
        if not self.isVisible():
            source.record_book(now, usable, trusted=freshness.trusted)
            return
        if usable is None:
            self._wait(now, WAITING, last)
        else:
            source.update(usable)
            self._show_book(now, last, trusted=freshness.trusted)
        self.header.show_trust(trust_of(freshness, age, waits=self._waits))
        self._show_figures(now, resyncs)

    def flush_merged(
        self,
        now: float,
        books: Mapping[Instrument, OrderBook],
        stale: Collection[Instrument],
        freshness: Freshness,
        age: float | None,
        resyncs: int,
        last: float | None,
    ) -> None:
        """The same for several books; those of ``stale`` are left out and named."""
        merged = self._source.merged
        if merged is None:
            return
        if not self.isVisible():
            self._source.record_merged(now, books, stale)
            return
        used = self._source.update_merged(books, stale)
        if used:
            self._name(used)
            self._show_book(now, last, trusted=True)
        else:
            all_stale = set(merged.left_out.values()) == {"stale"}
            self._wait(now, NONE_TRUSTED if all_stale else WAITING, last)
        count = len(merged.instruments)
        self.header.show_trust(trust_of_merged(freshness, age, len(used), count))
        self._show_figures(now, resyncs)
        self.header.left_out.say(left_out_text(merged, self._titles))
        self.header.left_out.setVisible(bool(merged.left_out))
        self.header.crossing.say(crossing_text(merged, self._titles))

    # ------------------------------------------------------------ inside

    def _choose(
        self, instruments: tuple[Instrument, ...], decimals: int | None, tick: Decimal | None
    ) -> None:
        if (instruments, decimals, tick) == self._chosen:
            return
        self._chosen, self._decimals = (instruments, decimals, tick), decimals
        wanted = self._choices.step_of(instruments[0]) if instruments else None
        self._source = BookSource(instruments, tick, wanted)
        self._waits, self._figures_at, self._named = True, 0.0, None
        currencies = (instruments[0].base, instruments[0].quote_ccy) if instruments else ("", "")
        self.stage.set_market(currencies, decimals)
        self.header.show_units(currencies, self._choices.unit)
        self.header.title.say(title_text(instruments, self._titles))
        self.header.show_trust(None)
        self.header.figures.say("")
        for label in (self.header.left_out, self.header.crossing):
            label.say("")
        self.header.left_out.hide()
        self.header.crossing.setVisible(len(instruments) > 1)
        self._offer_steps()
        self.stage.say(WAITING if instruments else NO_BOOK)

    def _name(self, used: tuple[Instrument, ...]) -> None:
        if used != self._named:
            self._named = used
            names = [exchange_title(self._titles, each.exchange) for each in used]
            self.stage.set_names(names)

    def _offer_steps(self) -> None:
        """Let the header offer the steps that suit the book."""
        tick, choice = self._source.tick, self._source.choice
        if choice is self._offered:
            return
        self._offered = choice
        texts = [price_text(each, decimals(Grid(tick, each).step)) for each in choice if tick]
        self.header.show_steps(choice, texts, self.step or 0.0)
        self.stage.take_record(self._source)

    def _show_book(self, now: float, last: float | None, *, trusted: bool) -> None:
        self._waits, self._live_at = False, now
        self._source.sample(now, trusted=trusted)
        self._offer_steps()
        if self._source.ladder is None:
            self.stage.say(EMPTY)
        else:
            self._paint(now, last, dimmed=not trusted)

    def _wait(self, now: float, sentence: str, last: float | None) -> None:
        """Keep the last picture for a moment, grey; then say what is missing."""
        self._waits = True
        self._source.sample(now, trusted=False)
        if self._source.ladder is not None and now - self._live_at < GRACE:
            self._paint(now, last, dimmed=True)
        else:
            self._source.drop()
            self.stage.say(sentence)

    def _paint(self, now: float, last: float | None, *, dimmed: bool) -> None:
        self.stage.show_book(self.view, self._source, now, last, dimmed=dimmed)

    def _show_figures(self, now: float, resyncs: int) -> None:
        """Show imbalance, resyncs and, where the view does not, the spread, if it is time."""
        if now - self._figures_at < FIGURES_EVERY:
            return
        self._figures_at = now
        depth = self.ladder_view.rows_in_view // 2
        ladder, spread = self._source.ladder, self.view != "ladder"
        words = figures_text(ladder, depth, self._decimals, resyncs, spread=spread)
        self.header.figures.say(words)

    # ------------------------------------------------------------ choices

    def _choose_view(self, view: str) -> None:
        self._choices.view = view
        self._figures_at = 0.0
        self._use_choices()
        self.state_changed.emit()

    def _choose_unit(self, unit: Unit) -> None:
        self._choices.unit = unit
        self._use_choices()
        self.state_changed.emit()

    def _choose_step(self, step: float) -> None:
        self._choices.choose_step(self._source.instruments[0], step)
        self._source.choose_step(step)
        self.state_changed.emit()

    def _use_choices(self) -> None:
        unit = self._choices.unit
        self.header.show_view(self.view)
        self.header.unit.setCurrentIndex(UNITS.index(unit))
        self.stage.set_unit(unit)
        self._judge_centre()

    def _judge_centre(self) -> None:
        self.header.centre.setVisible(self.view == "ladder" and self.ladder_view.scrolled)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.stage, 1)
        self.setAccessibleName(tr("Order book"))
        self.header.view_chosen.connect(self._choose_view)
        self.header.step_chosen.connect(self._choose_step)
        self.header.unit_chosen.connect(self._choose_unit)
        self.header.centre_wanted.connect(self.ladder_view.centre)
        self.ladder_view.scrolled_changed.connect(lambda _: self._judge_centre())
        self.ladder_view.price_chosen.connect(self.price_chosen)
        self.depth_view.price_chosen.connect(self.price_chosen)
        self._use_choices()
