"""The tape with its choices above it: sizes, joined fills, delta, and how fresh it is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ...language import mark, tr
from ...market.freshness import Freshness
from ...market.instrument import Instrument
from ...market.tape import Tape, Unit
from ..chart.look import zone_of
from ..freshness_marks import MARKS, sentence, word
from ..theme import GAP_SMALL, SMALL, Theme, sized
from .delta_strip import DeltaStrip
from .size_field import UNITS, SizeField
from .tape_rows import Filter
from .tape_view import TapeScrollBar, TapeView

SAID_EACH = 0.2  # s between two read-outs: more often nobody can read
UNIT_WORDS: dict[Unit, str] = {"base": mark("base"), "quote": mark("quote")}


class TapePanel(QWidget):
    """The trades of one pair, on one exchange or several; ``state_changed`` when a person chose.

    Trades come in through ``flush``, once per screen frame.
    """

    state_changed = Signal()

    def __init__(self, theme: Theme, titles: Mapping[str, str] = {}) -> None:
        super().__init__()
        self._theme = theme
        self.view = TapeView(theme, titles)
        self.bar = TapeScrollBar(self.view)
        self.least = SizeField(
            tr("Least size"),
            tr("Show only trades of at least this size, e.g. 0.5 or 10K."),
            tr("any"),
            tr("“{typed}” is not a size; still any size."),
        )
        self.large = SizeField(
            tr("Colour from this size"),
            tr("Colour trades from this size on; empty: the largest one in ten."),
            tr("auto"),
            tr("“{typed}” is not a size; the largest one in ten stay coloured."),
        )
        self.unit = QComboBox()
        self.join = QToolButton()
        self.strip = DeltaStrip()
        self.freshness = QLabel()
        self.complaint = QLabel()
        self._instruments: tuple[Instrument, ...] = ()
        self._currencies: dict[Unit, str] = dict.fromkeys(UNITS, "")  # of the sizes in the fields
        self._said = -math.inf
        self._fresh: Freshness | None = None
        self._build()
        self._connect()
        self._say(None, 0)
        self._show_freshness(None)

    # ------------------------------------------------------------ for the window

    def show_instruments(self, instruments: Sequence[Instrument], decimals: int | None) -> None:
        """Be the tape of these (of one pair), with prices of so many decimals; None: unknown.

        Sizes that were meant for another currency are dropped.
        """
        self._instruments = tuple(instruments)
        if instruments:
            first = instruments[0]
            for unit, currency in zip(UNITS, (first.base, first.quote_ccy), strict=True):
                if self._currencies[unit] not in ("", currency):
                    self.least.sizes[unit] = self.large.sizes[unit] = 0.0
                self._currencies[unit] = currency
                self.unit.setItemText(UNITS.index(unit), currency)
        self.view.show_instruments(instruments, decimals)
        self._say_soon()
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
            self.bar.follow()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.view.set_theme(theme)
        self._colour_freshness()

    def set_zone(self, name: str) -> None:
        """Tell times in the zone of that name, as a chart's look has it; empty: local time."""
        self.strip.zone = zone_of(name)
        self.view.set_zone(self.strip.zone)
        self._say_soon()

    def save_state(self) -> dict[str, Any]:
        """What the person chose, for ``restore_state``."""
        return {
            "unit": self._unit,
            "least": dict(self.least.sizes),
            "large": dict(self.large.sizes),
            "currencies": dict(self._currencies),
            "join": self.join.isChecked(),
            "window": self.strip.window_s,
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Choose again what was saved; what cannot be understood stays as it is."""
        self._restore_sizes(state)
        blockers = [QSignalBlocker(each) for each in (self.unit, self.join)]
        if state.get("unit") in UNITS:
            self.unit.setCurrentIndex(UNITS.index(state["unit"]))
        if isinstance(state.get("join"), bool):
            self.join.setChecked(state["join"])
        del blockers
        self.strip.choose(state.get("window"))
        self._show_choices()

    def _restore_sizes(self, state: Mapping[str, Any]) -> None:
        """Sizes belong to a currency: those of another than the one shown are not taken."""
        held = state.get("currencies")
        saved = held if isinstance(held, Mapping) else {}
        usable = {
            unit: isinstance(saved.get(unit), str)
            and self._currencies[unit] in ("", saved.get(unit))
            for unit in UNITS
        }
        self.least.restore(state.get("least"), usable)
        self.large.restore(state.get("large"), usable)
        for unit, taken in usable.items():
            if taken and (self.least.sizes[unit] or self.large.sizes[unit]):
                self._currencies[unit] = str(saved[unit])

    # ------------------------------------------------------------ choices

    @property
    def _unit(self) -> Unit:
        return UNITS[max(0, self.unit.currentIndex())]

    def _unit_chosen(self) -> None:
        self._show_choices()
        self._said_else()

    def _chosen(self) -> None:
        self._apply()
        self._said_else()

    def _said_else(self) -> None:
        self._say_soon()
        self.state_changed.emit()

    def _say_soon(self) -> None:
        self._said = -math.inf

    def _show_choices(self) -> None:
        """Write the sizes of the chosen unit into their fields, and show the rows."""
        for field in (self.least, self.large):
            field.show_unit(self._unit)
        self._complain()
        self._apply()

    def _apply(self) -> None:
        self.view.set_filter(Filter(self.least.size_held, self._unit, self.join.isChecked()))
        self.view.set_large(self.large.size_held)

    def _complain(self) -> None:
        complaint = self.least.complaint or self.large.complaint
        self.complaint.setText(complaint)
        self.complaint.setVisible(bool(complaint))

    # ------------------------------------------------------------ read-outs

    def _say(self, tape: Tape | None, now_ms: int) -> None:
        self.strip.say(tape, self._currencies[self._unit], self._unit, now_ms)

    def _show_freshness(self, freshness: Freshness | None) -> None:
        """A mark and a word, so that no colour is needed to tell the states apart."""
        self._fresh = freshness
        shown, means, name = "", "", tr("Feed")
        if freshness is not None:
            shown, means = f"{MARKS[freshness]} {word(freshness)}", sentence(freshness, None)
            name = tr("Feed: {state}", state=word(freshness))
        self.freshness.setText(shown)
        self.freshness.setToolTip(means)
        self.freshness.setAccessibleName(name)
        self._colour_freshness()
        self.view.set_trusted(freshness not in (Freshness.STALE, Freshness.LOST))

    def _colour_freshness(self) -> None:
        worried = self._fresh is not None and not self._fresh.trusted
        palette = self.freshness.palette()
        colour = self._theme.warning if worried else self._theme.muted
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        self.freshness.setPalette(palette)

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        for unit in UNITS:
            self.unit.addItem(tr(UNIT_WORDS[unit]))
        self.unit.setAccessibleName(tr("Unit of size and delta"))
        self.unit.setToolTip(tr("The currency in which sizes and deltas are shown"))
        self.join.setText(tr("Join fills"))
        self.join.setCheckable(True)
        self.join.setChecked(True)
        self.join.setToolTip(tr("Show the fills of one order as one row."))
        self.complaint.setObjectName("warning")
        self.complaint.setWordWrap(True)
        self.complaint.hide()
        for label in (self.freshness, self.complaint):
            label.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_SMALL, GAP_SMALL, GAP_SMALL, GAP_SMALL)
        column.setSpacing(GAP_SMALL)
        show, colour = (
            _label(tr("Show ≥"), self.least),
            _label(tr("Colour ≥"), self.large),
        )
        column.addLayout(_row(show, self.least, colour, self.large, None))
        column.addWidget(self.complaint)
        column.addLayout(_row(self.unit, self.join, None, self.freshness))
        column.addWidget(self.strip)
        rows = _row(self.view, self.bar)
        rows.setSpacing(0)
        column.addLayout(rows, 1)

    def _connect(self) -> None:
        # Methods only: a lambda here would keep the panel alive beyond the application.
        for field in (self.least, self.large):
            field.chosen.connect(self._chosen)
            field.judged.connect(self._complain)
        self.unit.currentIndexChanged.connect(self._unit_chosen)
        self.join.toggled.connect(self._chosen)
        self.strip.chosen.connect(self._chosen)


def _label(text: str, field: QWidget) -> QLabel:
    """What a field is for, in small muted letters before it."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(sized(label.font(), SMALL))
    label.setObjectName("muted")
    label.setBuddy(field)
    return label


def _row(*parts: QWidget | None) -> QHBoxLayout:
    """Parts beside each other; None is a space that gives way."""
    row = QHBoxLayout()
    row.setSpacing(GAP_SMALL)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return row
