"""The order book of one instrument, or of a pair on several exchanges together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from ...market.book import OrderBook
from ...market.freshness import Freshness
from ...market.heat import HeatRecord
from ...market.instrument import Instrument, decimals
from ...market.ladder import Grid
from ...market.merged_book import LeftOut, MergedBook
from ..text import age_text, exchange_title, freshness_sentence, price_text, signed
from ..theme import Theme
from .book_header import VIEWS, BookHeader
from .book_source import BookSource
from .depth_view import DepthView
from .heat_strip import HeatStrip
from .ladder_rows import SPREAD_DECIMALS, UNITS, Unit, spread_text
from .ladder_view import LadderView

WAITING = "Waiting for the book's snapshot…"
NO_BOOK = "No book chosen."
EMPTY = "Nobody bids or asks."
NONE_TRUSTED = "No exchange's book can be trusted now."
LEFT_OUT_WORDS: dict[LeftOut, str] = {
    "missing": "no book yet", "waiting": "waiting", "stale": "stale",
}  # fmt: skip
GRACE = 1.0  # s, that a book may wait before the ladder gives way to a sentence
FIGURES_EVERY = 0.25  # s, so that they can be read
HEAT_ROWS = 60  # steps above and below the mid
HEAT_BUCKETS = 20  # at least, of the record
MIDDLE = 0.5  # of the heat's height; outside it the mid lets the prices move
STEPS_KEPT = 100  # instruments whose step is remembered
MOST_STEP = 1e12  # above any price


class BookPanel(QWidget):
    """State is handed in with ``flush`` once per screen frame, and painted where it differs."""

    price_chosen = Signal(float)
    state_changed = Signal()

    def __init__(self, theme: Theme, titles: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.header = BookHeader()
        self.ladder_view = LadderView(theme)
        self.depth_view = DepthView(theme)
        self.heat_strip = HeatStrip(theme, labelled=True)
        self.message = QLabel(NO_BOOK)
        self._titles = titles or {}
        self._view = "ladder"
        self._unit: Unit = "base"
        self._chosen_steps: dict[str, float] = {}
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
        return self._view

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
        for part in (self.ladder_view, self.depth_view, self.heat_strip):
            part.set_theme(theme)

    def save_state(self) -> dict[str, Any]:
        """What the person chose, for ``restore_state``."""
        return {"view": self._view, "unit": self._unit, "steps": dict(self._chosen_steps)}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Be as it was; what cannot be used is left as it is."""
        view, unit, held = state.get("view"), state.get("unit"), state.get("steps")
        if isinstance(view, str) and view in VIEWS:
            self._view = view
        self._unit = next((each for each in UNITS if each == unit), self._unit)
        rows = held.items() if isinstance(held, Mapping) else ()
        usable = [(str(key), float(step)) for key, step in rows if _is_step(step)]
        self._chosen_steps = dict(usable[-STEPS_KEPT:])
        if self._source.instruments:
            self._source.choose_step(self._chosen_steps.get(str(self._source.instruments[0])))
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
        if book is None or book.waiting or book.instrument != source.instruments[0]:
            self._wait(now, WAITING, last)
        else:
            source.update(book)
            self._show_book(now, last, trusted=freshness.trusted)
        word = "waiting" if self._waits else str(freshness)
        words = word if age is None or age_text(age) == "now" else f"{word} · {age_text(age)}"
        good = freshness.trusted and not self._waits
        self.header.show_trust(words, freshness_sentence(freshness, age), good=good)
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
        used = self._source.update_merged(books, stale)
        if used:
            self._name(used)
            self._show_book(now, last, trusted=True)
        else:
            all_stale = set(merged.left_out.values()) == {"stale"}
            self._wait(now, NONE_TRUSTED if all_stale else WAITING, last)
        count = len(merged.instruments)
        words = str(freshness) if len(used) == count else f"{len(used)} of {count} books"
        sentence = freshness_sentence(freshness, age)
        self.header.show_trust(words, sentence, good=len(used) == count)
        self._show_figures(now, resyncs)
        self.header.left_out.say(self._left_out_text(merged))
        self.header.left_out.setVisible(bool(merged.left_out))
        self.header.crossing.say(self._crossing_text(merged))

    # ------------------------------------------------------------ inside

    def _choose(
        self, instruments: tuple[Instrument, ...], decimals: int | None, tick: Decimal | None
    ) -> None:
        if (instruments, decimals, tick) == self._chosen:
            return
        self._chosen, self._decimals = (instruments, decimals, tick), decimals
        wanted = self._chosen_steps.get(str(instruments[0])) if instruments else None
        self._source = BookSource(instruments, tick, wanted)
        self._waits, self._figures_at, self._named = True, 0.0, None
        currencies = (instruments[0].base, instruments[0].quote_ccy) if instruments else ("", "")
        self.ladder_view.set_market(currencies, decimals)
        self.ladder_view.set_names([])
        self.depth_view.set_market(currencies)
        self.heat_strip.set_record(None)
        self.header.show_units(currencies, self._unit)
        self.header.title.say(self._title(instruments))
        self.header.show_trust("", "", good=True)
        self.header.figures.say("")
        for label in (self.header.left_out, self.header.crossing):
            label.say("")
        self.header.left_out.hide()
        self.header.crossing.setVisible(len(instruments) > 1)
        self._offer_steps()
        self._say(WAITING if instruments else NO_BOOK)

    def _title(self, instruments: tuple[Instrument, ...]) -> str:
        names = [self._name_of(each) for each in instruments]
        return f"{instruments[0].pair} · {', '.join(names)}" if instruments else ""

    def _name_of(self, instrument: Instrument) -> str:
        return exchange_title(self._titles, instrument.exchange)

    def _name(self, used: tuple[Instrument, ...]) -> None:
        if used != self._named:
            self._named = used
            self.ladder_view.set_names([self._name_of(each) for each in used])

    def _offer_steps(self) -> None:
        """Let the header offer the steps that suit the book."""
        tick, choice = self._source.tick, self._source.choice
        if choice is self._offered:
            return
        self._offered = choice
        texts = [price_text(each, decimals(Grid(tick, each).step)) for each in choice if tick]
        self.header.show_steps(choice, texts, self.step or 0.0)
        record = self._source.record
        if record is not None:
            base = self._source.instruments[0].base
            self.heat_strip.set_record(record, base, decimals(record.grid.step))

    def _show_book(self, now: float, last: float | None, *, trusted: bool) -> None:
        self._waits, self._live_at = False, now
        self._source.sample(now, trusted=trusted)
        self._offer_steps()
        if self._source.ladder is None:
            self._say(EMPTY)
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
            self._say(sentence)

    def _paint(self, now: float, last: float | None, *, dimmed: bool) -> None:
        if self._view == "ladder":
            self._bring(self.ladder_view)
            self.ladder_view.show_ladder(self._source.ladder, last, dimmed=dimmed)
        elif self._view == "depth":
            self._bring(self.depth_view)
            self.depth_view.show_ladder(self._source.ladder, dimmed=dimmed)
        else:
            self._bring(self.heat_strip)
            self.heat_strip.set_dimmed(dimmed)
            self._place_heat()
            self.heat_strip.flush(now)

    def _place_heat(self) -> None:
        """Let the heat show prices around the mid, and follow it in strides."""
        source = self._source
        if source.ladder is None or source.ladder.mid is None or source.record is None:
            return
        mid, (low, high) = source.ladder.mid, self.heat_strip.prices
        step, bucket = float(source.ladder.grid.step), float(source.record.grid.step)
        reach = max(HEAT_ROWS * step, HEAT_BUCKETS * bucket)
        same = abs((high - low) / 2 - reach) < step / 2
        if not same or abs(mid - (low + high) / 2) > reach * MIDDLE:
            self.heat_strip.set_prices(mid - reach, mid + reach)

    def _show_figures(self, now: float, resyncs: int) -> None:
        """Show imbalance, spread and resyncs, if it is time."""
        if now - self._figures_at < FIGURES_EVERY:
            return
        self._figures_at = now
        words = []
        ladder = self._source.ladder
        share = ladder.imbalance(max(1, self.ladder_view.rows_in_view // 2)) if ladder else None
        if share is not None:
            words.append(f"Imbalance {signed(share * 100, 0)} %")
        if ladder is not None and ladder.spread is not None:
            words.append(spread_text(ladder, self._decimals))
        words.append(f"{resyncs} {'resync' if resyncs == 1 else 'resyncs'}")
        self.header.figures.say(" · ".join(words))

    def _crossing_text(self, merged: MergedBook) -> str:
        crossing = merged.crossing()
        if crossing is None:
            return ""
        bidding, asking = self._name_of(crossing.bidding), self._name_of(crossing.asking)
        bps = f"{crossing.bps:.{SPREAD_DECIMALS}f}"
        return f"Crossed by {bps} bps: {bidding} bids above {asking}'s ask"

    def _left_out_text(self, merged: MergedBook) -> str:
        names = [
            f"{self._name_of(each)} ({LEFT_OUT_WORDS[why]})"
            for each, why in merged.left_out.items()
        ]
        return f"Without {', '.join(names)}" if names else ""

    def _say(self, sentence: str) -> None:
        if self.message.text() != sentence:
            self.message.setText(sentence)
            self.message.setAccessibleName(sentence)
        self._bring(self.message)

    def _bring(self, part: QWidget) -> None:
        if self._stack.currentWidget() is not part:
            self._stack.setCurrentWidget(part)

    # ------------------------------------------------------------ choices

    def _choose_view(self, view: str) -> None:
        self._view = view
        self._use_choices()
        self.state_changed.emit()

    def _choose_unit(self, unit: Unit) -> None:
        self._unit = unit
        self._use_choices()
        self.state_changed.emit()

    def _choose_step(self, step: float) -> None:
        key = str(self._source.instruments[0])
        self._chosen_steps.pop(key, None)
        self._chosen_steps[key] = step
        for oldest in list(self._chosen_steps)[:-STEPS_KEPT]:
            del self._chosen_steps[oldest]
        self._source.choose_step(step)
        self.state_changed.emit()

    def _use_choices(self) -> None:
        self.header.show_view(self._view)
        self.header.unit.setCurrentIndex(UNITS.index(self._unit))
        self.ladder_view.set_unit(self._unit)
        self.depth_view.set_unit(self._unit)
        self._judge_centre()

    def _judge_centre(self) -> None:
        self.header.centre.setVisible(self._view == "ladder" and self.ladder_view.scrolled)

    def _build(self) -> None:
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setObjectName("muted")
        self.message.setAccessibleName(NO_BOOK)
        self._stack = QStackedWidget()
        for part in (self.message, self.ladder_view, self.depth_view, self.heat_strip):
            self._stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)
        self.setAccessibleName("Order book")
        self.header.view_chosen.connect(self._choose_view)
        self.header.step_chosen.connect(self._choose_step)
        self.header.unit_chosen.connect(self._choose_unit)
        self.header.centre_wanted.connect(self.ladder_view.centre)
        self.ladder_view.scrolled_changed.connect(lambda _: self._judge_centre())
        self.ladder_view.price_chosen.connect(self.price_chosen)
        self.depth_view.price_chosen.connect(self.price_chosen)
        self._use_choices()


def _is_step(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < MOST_STEP
