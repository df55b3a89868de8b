"""The tape with its choices above it: least size, joined fills, delta, and how fresh it is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, get_args

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...market.freshness import Freshness
from ...market.instrument import Instrument
from ...market.number import plain
from ...market.tape import Tape, Unit
from ..text import FRESHNESS_WORDS, MINUS, NOTHING, amount_text, freshness_sentence, read_price
from ..theme import GAP_SMALL, Theme, tabular
from .tape_view import Filter, TapeView, clock_text

WINDOWS = {10: "10 s", 60: "1 min", 300: "5 min", 3_600: "1 h", 86_400: "24 h"}
FIRST_WINDOW = 60
UNITS: tuple[Unit, ...] = get_args(Unit)
UNIT_WORDS: dict[Unit, str] = {"base": "base", "quote": "quote"}
MULTIPLES = {"K": 1e3, "M": 1e6, "B": 1e9}
SAID_EACH = 0.2  # s between two read-outs: more often nobody can read
LEAST_FIELD = 96  # px
LONGEST_SHOWN = 24  # letters of a bad input that are repeated
NO_FILTER = "any size"


def read_size(text: str) -> float | None:
    """A size that a person typed: 0.5, 10,000, 10k, 2.5 M; None if it cannot be one."""
    plain_text = text.strip()
    factor = MULTIPLES.get(plain_text[-1:].upper())
    number = plain_text[:-1] if factor else plain_text
    if number.strip() and not number.strip(" 0.,"):
        return 0.0
    size = read_price(number)
    found = None if size is None else size * (factor or 1.0)
    return found if found is not None and math.isfinite(found) else None


def signed_amount(amount: float) -> str:
    """+12.3, −4.50, 0.00."""
    return ("+" if amount > 0 else MINUS if amount < 0 else "") + amount_text(abs(amount))


def since_text(since: int, now_ms: int) -> str:
    """When the count began: 14:02, or 21 Nov 14:02 if that was another day."""
    day = "%d %b %Y"
    same = clock_text(since, day, millis=False) == clock_text(now_ms, day, millis=False)
    return clock_text(since, "%H:%M" if same else "%d %b %H:%M", millis=False)


def delta_text(tape: Tape | None, base: str, window: int, now_ms: int) -> str:
    """Δ +12.3 BTC · Σ −4.50 BTC since 14:02."""
    since = None if tape is None else tape.since
    if tape is None or since is None:
        return f"Δ {NOTHING} · Σ {NOTHING}"
    net = f"Δ {signed_amount(tape.delta(window, now_ms))} {base}"
    so_far = " so far" if since > now_ms - window * 1_000 else ""
    gap = "" if tape.broken_at is None else ", after a gap"
    total = f"Σ {signed_amount(tape.cumulative)} {base}"
    return f"{net}{so_far} · {total} since {since_text(since, now_ms)}{gap}"


class TapePanel(QWidget):
    """The trades of one pair, on one exchange or several; ``state_changed`` when a person chose.

    Trades come in through ``flush``, once per screen frame.
    """

    state_changed = Signal()

    def __init__(self, theme: Theme, titles: Mapping[str, str] = {}) -> None:
        super().__init__()
        self._theme = theme
        self.view = TapeView(theme, titles)
        self.least = QLineEdit()
        self.unit = QComboBox()
        self.join = QToolButton()
        self.window_chooser = QComboBox()
        self.delta = QLabel()
        self.freshness = QLabel()
        self.complaint = QLabel()
        self._column = QVBoxLayout(self)
        self._instruments: tuple[Instrument, ...] = ()
        self._least: dict[Unit, float] = dict.fromkeys(UNITS, 0.0)
        self._currencies: dict[Unit, str] = dict.fromkeys(UNITS, "")  # of the least sizes
        self._said = -math.inf
        self._net = ""
        self._fresh: Freshness | None = None
        self._build()
        self._connect()
        self._say(None, 0)
        self._show_freshness(None)

    # ------------------------------------------------------------ for the window

    def show_instruments(self, instruments: Sequence[Instrument], decimals: int | None) -> None:
        """Be the tape of these (of one pair), with prices of so many decimals; None: unknown.

        A least size that was meant for another currency is dropped.
        """
        self._instruments = tuple(instruments)
        if instruments:
            first = instruments[0]
            for unit, currency in zip(UNITS, (first.base, first.quote_ccy), strict=True):
                if self._currencies[unit] not in ("", currency):
                    self._least[unit] = 0.0
                self._currencies[unit] = currency
                self.unit.setItemText(UNITS.index(unit), currency)
        self.view.show_instruments(instruments, decimals)
        self._said = -math.inf
        self._say(None, 0)
        self._show_choices()

    def flush(
        self, now: float, tape: Tape | None, freshness: Freshness | None, now_ms: int
    ) -> None:
        """Show what came since the last frame: ``now`` in monotonic s, ``now_ms`` in ms UTC."""
        if freshness is not self._fresh:
            self._show_freshness(freshness)
        self.view.flush(now, tape)
        if now - self._said >= SAID_EACH and self.isVisible():
            self._said = now
            self._say(tape, now_ms)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.view.set_theme(theme)
        self._colour_freshness()

    def save_state(self) -> dict[str, Any]:
        """What the person chose, for ``restore_state``."""
        return {
            "unit": self._unit,
            "least": dict(self._least),
            "currencies": dict(self._currencies),
            "join": self.join.isChecked(),
            "window": self._window,
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Choose again what was saved; what cannot be understood stays as it is."""
        least, currencies = state.get("least"), state.get("currencies")
        for unit in UNITS:
            size = saved_size(least.get(unit)) if isinstance(least, Mapping) else None
            currency = currencies.get(unit) if isinstance(currencies, Mapping) else None
            if size is None or not isinstance(currency, str):
                continue
            if self._currencies[unit] in ("", currency):
                self._least[unit], self._currencies[unit] = size, currency
        blockers = [QSignalBlocker(each) for each in (self.unit, self.join, self.window_chooser)]
        if state.get("unit") in UNITS:
            self.unit.setCurrentIndex(UNITS.index(state["unit"]))
        if isinstance(state.get("join"), bool):
            self.join.setChecked(state["join"])
        window = state.get("window")
        if isinstance(window, int) and window in WINDOWS:
            self.window_chooser.setCurrentIndex(list(WINDOWS).index(window))
        del blockers
        self._show_choices()

    # ------------------------------------------------------------ choices

    @property
    def _unit(self) -> Unit:
        return UNITS[max(0, self.unit.currentIndex())]

    @property
    def _window(self) -> int:
        return list(WINDOWS)[max(0, self.window_chooser.currentIndex())]

    def _least_typed(self) -> None:
        """Take the least size from its field; a bad one is said and changes nothing."""
        text = self.least.text().strip()
        size = read_size(text) if text else 0.0
        if size is None:
            self._complain(text)
            return
        self.complaint.hide()
        if size != self._least[self._unit]:
            self._least[self._unit] = size
            self._chosen()

    def _cleared(self, text: str) -> None:
        """An emptied field counts at once, what is being typed only when it is done."""
        if not text:
            self._least_typed()

    def _complain(self, text: str) -> None:
        shown = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
        held = self._least[self._unit]
        kept = f"still from {plain(held)}" if held else f"still {NO_FILTER}"
        self.complaint.setText(f"“{shown}” is not a size; {kept}.")
        self.complaint.show()

    def _unit_chosen(self) -> None:
        self._show_choices()
        self._said = -math.inf
        self.state_changed.emit()

    def _chosen(self) -> None:
        self._apply_filter()
        self._said = -math.inf
        self.state_changed.emit()

    def _show_choices(self) -> None:
        """Write the least size of the chosen unit into its field, and show the rows."""
        held = self._least[self._unit]
        self.least.setText(plain(held) if held else "")
        self.complaint.hide()
        self._apply_filter()

    def _apply_filter(self) -> None:
        self.view.set_filter(Filter(self._least[self._unit], self._unit, self.join.isChecked()))

    # ------------------------------------------------------------ read-outs

    def _say(self, tape: Tape | None, now_ms: int) -> None:
        base = self._instruments[0].base if self._instruments else ""
        text = delta_text(tape, base, self._window, now_ms)
        if text != self._net:
            self._net = text
            # A hint that looks like markup would be read as markup: a currency's name is not.
            self.delta.setToolTip(f"<span>{escape(text)}</span>")
            self.delta.setAccessibleName(f"Delta: {text}")
            self._write_delta()

    def _write_delta(self) -> None:
        """As much of it as there is room for; the hint says all."""
        room = self.delta.width()
        metrics = self.delta.fontMetrics()
        self.delta.setText(metrics.elidedText(self._net, Qt.TextElideMode.ElideRight, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for now."""
        super().resizeEvent(event)
        self._column.activate()
        self._write_delta()

    def _show_freshness(self, freshness: Freshness | None) -> None:
        self._fresh = freshness
        words = "" if freshness is None else FRESHNESS_WORDS[freshness]
        short = words.partition(",")[0].partition(":")[0]
        self.freshness.setText(short)
        self._colour_freshness()
        self.freshness.setToolTip("" if freshness is None else freshness_sentence(freshness, None))
        self.freshness.setAccessibleName(f"Feed: {short}" if short else "Feed")
        dead = freshness in (Freshness.STALE, Freshness.LOST)
        self.view.set_trusted(not dead)

    def _colour_freshness(self) -> None:
        worried = self._fresh is not None and not self._fresh.trusted
        palette = self.freshness.palette()
        colour = self._theme.warning if worried else self._theme.muted
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        self.freshness.setPalette(palette)

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        self.least.setPlaceholderText(NO_FILTER)
        self.least.setFixedWidth(LEAST_FIELD)
        self.least.setAccessibleName("Least size")
        self.least.setToolTip("Show only trades of at least this size, e.g. 0.5 or 10K.")
        self.least.setClearButtonEnabled(True)
        for unit in UNITS:
            self.unit.addItem(UNIT_WORDS[unit])
        self.unit.setAccessibleName("Unit of size")
        self.join.setText("Join fills")
        self.join.setCheckable(True)
        self.join.setChecked(True)
        self.join.setToolTip("Show the fills of one order as one row.")
        for seconds, words in WINDOWS.items():
            self.window_chooser.addItem(words, seconds)
        self.window_chooser.setCurrentIndex(list(WINDOWS).index(FIRST_WINDOW))
        self.window_chooser.setAccessibleName("Window of the delta")
        self.window_chooser.setToolTip("Δ is what was bought less what was sold in this time.")
        self.complaint.setObjectName("warning")
        self.complaint.setWordWrap(True)
        self.complaint.hide()
        for label in (self.delta, self.freshness, self.complaint):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.delta.setFont(tabular(self.font()))
        self.delta.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = self._column
        column.setContentsMargins(GAP_SMALL, GAP_SMALL, GAP_SMALL, GAP_SMALL)
        column.setSpacing(GAP_SMALL)
        column.addLayout(self._row(self.least, self.unit, self.join, None, self.freshness))
        column.addWidget(self.complaint)
        column.addLayout(self._row(self.window_chooser, self.delta))
        column.addWidget(self.view, 1)

    def _row(self, *parts: QWidget | None) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP_SMALL)
        for part in parts:
            if part is None:
                row.addStretch(1)
            else:
                row.addWidget(part, 1 if part is self.delta else 0)
        return row

    def _connect(self) -> None:
        # Methods only: a lambda here would keep the panel alive beyond the application.
        self.least.editingFinished.connect(self._least_typed)
        self.least.textChanged.connect(self._cleared)
        self.unit.currentIndexChanged.connect(self._unit_chosen)
        self.join.toggled.connect(self._chosen)
        self.window_chooser.currentIndexChanged.connect(self._chosen)


def saved_size(value: object) -> float | None:
    """A least size out of saved state, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        size = float(value)
    except OverflowError:
        return None
    return size if math.isfinite(size) and size >= 0 else None
