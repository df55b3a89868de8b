"""Order book and tape of the instrument in the active chart, each in a dock of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ..language import tr
from ..market.heat import HeatRecord
from ..market.instrument import Instrument, Listing
from ..market.store import Store
from .book.book_panel import BookPanel
from .tape.tape_panel import TapePanel
from .theme import GAP_SMALL, Theme

LEAST_WIDTH = 260  # px
LEAST_BOOK, LEAST_TAPE = 236, 176  # px of height
MOST_MERGED = 8  # exchanges in one book


class MarketSide(QObject):
    """``book_page`` and ``tape`` are put into docks; ``show_parts`` says which are there.

    ``wanted``: the instruments whose book and whose trades are needed; empty for none.

    With all exchanges together, book and tape are of every instrument of the same pair.
    """

    wanted = Signal(object, object)
    price_chosen = Signal(float)
    state_changed = Signal()

    def __init__(self, theme: Theme, titles: Mapping[str, str]) -> None:
        super().__init__()
        self.instrument: Instrument | None = None
        self._listings: Mapping[Instrument, Listing] = {}
        self._asked: tuple[list[Instrument], list[Instrument]] = ([], [])
        self.book, self.tape = BookPanel(theme, titles), TapePanel(theme, titles)
        self.together = QCheckBox(tr("All exchanges"))
        self.together.setAccessibleName(tr("Book and trades of all exchanges together"))
        self.together.setToolTip(tr("Book and trades of this pair on every exchange that has it"))
        self.book_page = QWidget()
        for panel, least in ((self.book, LEAST_BOOK), (self.tape, LEAST_TAPE)):
            panel.setMinimumSize(LEAST_WIDTH, least)  # its own wish would leave others no room
        column = QVBoxLayout(self.book_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL)
        column.addWidget(self.together)
        column.addWidget(self.book, 1)
        self._parts = (False, False)
        self._record_heat = False
        self.together.toggled.connect(lambda _: self._on_choice())
        self.book.price_chosen.connect(self.price_chosen)
        self.book.state_changed.connect(self.state_changed)
        self.tape.state_changed.connect(self.state_changed)

    @property
    def asked(self) -> tuple[list[Instrument], list[Instrument]]:
        """The instruments whose book, and whose trades are needed."""
        return self._asked

    @property
    def parts(self) -> tuple[bool, bool]:
        """Whether the book and the tape are shown."""
        return self._parts

    @property
    def record_heat(self) -> bool:
        """Whether the book goes on record although it may not be shown: a chart shows its heat."""
        return self._record_heat

    @record_heat.setter
    def record_heat(self, wanted: bool) -> None:
        if wanted != self._record_heat:
            self._record_heat = wanted
            self._ask()

    @property
    def record(self) -> HeatRecord | None:
        """What stood in the book of ``instrument``; None if it is not fed or not known yet."""
        return self.book.record if self._asked[0] else None

    def show_parts(self, *, book: bool, tape: bool) -> None:
        """Feed the book, the tape, both or nothing, and bring up to date what is there."""
        self._parts = (book, tape)
        self._ask()
        self.state_changed.emit()

    def set_listings(self, listings: Sequence[Listing]) -> None:
        """What there is on all exchanges, with the steps of its prices."""
        self._listings = {each.instrument: each for each in listings}
        self.show_instrument(self.instrument)

    def show_instrument(self, instrument: Instrument | None) -> None:
        """Show the book and the trades of another instrument."""
        self.instrument = instrument
        if instrument is not None:
            listing = self._listings.get(instrument)
            decimals = None if listing is None else listing.price_decimals
            tick = None if listing is None else listing.tick_size
            same = self._same_pair(instrument)
            if len(same) > 1:
                self.book.show_merged(same, decimals, tick)
            else:
                self.book.show(instrument, decimals, tick)
            self.tape.show_instruments(same, decimals)
        self._ask()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.book.set_theme(theme)
        self.tape.set_theme(theme)

    def set_zone(self, name: str) -> None:
        """Tell times in the zone of that name, as a chart's look has it; empty: local time."""
        self.tape.set_zone(name)

    def flush(self, now: float, now_ms: int, store: Store) -> None:
        """Show what changed."""
        instrument = self.instrument
        if instrument is None:
            return
        state = store.state(instrument)
        freshness, age = state.freshness(now), state.age(now)
        books, trades = self._asked
        resyncs = sum(map(store.resyncs_of, books))
        if len(books) > 1:
            held = {each: store.books[each] for each in books if each in store.books}
            stale = {each for each in books if not store.state(each).freshness(now).trusted}
            self.book.flush_merged(now, held, stale, freshness, age, resyncs, state.last)
        elif books:
            one = store.books.get(instrument)
            self.book.flush(now, one, freshness, age, resyncs, state.last)
        if trades:
            self.tape.flush(now, store.tapes.get(instrument), freshness, now_ms)

    def save_state(self) -> dict[str, Any]:
        """What is shown, for ``restore_state``."""
        book, tape = self.parts
        return {
            "book": book,
            "tape": tape,
            "together": self.together.isChecked(),
            "book_state": self.book.save_state(),
            "tape_state": self.tape.save_state(),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Be as it was."""
        self.together.setChecked(state.get("together") is True)
        for panel, key in ((self.book, "book_state"), (self.tape, "tape_state")):
            held = state.get(key)
            if isinstance(held, Mapping):
                panel.restore_state(held)

    def _same_pair(self, instrument: Instrument) -> list[Instrument]:
        """The instrument, and that pair on other exchanges if all are wanted together."""
        if not self.together.isChecked():
            return [instrument]
        pair = (instrument.base, instrument.quote_ccy)
        others = sorted(
            each
            for each in self._listings
            if (each.base, each.quote_ccy) == pair and each != instrument
        )
        return [instrument, *others[: MOST_MERGED - 1]]

    def _on_choice(self) -> None:
        self.show_instrument(self.instrument)
        self.state_changed.emit()

    def _ask(self) -> None:
        """Say what must be fed, if that has changed."""
        same = [] if self.instrument is None else self._same_pair(self.instrument)
        book, tape = self.parts
        asked = (same if book or self._record_heat else [], same if tape else [])
        if asked != self._asked:
            self._asked = asked
            self.wanted.emit(*asked)
