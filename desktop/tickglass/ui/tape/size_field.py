"""A field for a size of trades: 0.5, 10,000 or 10K, one for each unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLineEdit

from ...language import tr
from ...market.number import plain
from ...market.tape import Unit
from .tape_words import read_size, saved_size

UNITS: tuple[Unit, ...] = get_args(Unit)
LEAST_WIDTH, MOST_WIDTH = 64, 120  # px
LONGEST_SHOWN = 24  # letters of a bad input that are repeated


class SizeField(QLineEdit):
    """Holds a size for each unit, and shows that of one; 0, an empty field, is none.

    ``chosen`` is emitted when a person took another size; ``complaint`` says that what was typed is
    none, and ``judged`` when that may be another sentence than before.
    """

    chosen = Signal()
    judged = Signal()

    def __init__(self, name: str, hint: str, empty: str, refusal: str) -> None:
        """Texts in the person's language: ``refusal`` is said of ``{typed}`` in an empty field."""
        super().__init__()
        self.sizes: dict[Unit, float] = dict.fromkeys(UNITS, 0.0)
        self._unit: Unit = "base"
        self.complaint = ""
        self._refusal = refusal
        self.setPlaceholderText(empty)
        self.setAccessibleName(name)
        self.setAccessibleDescription(hint)
        self.setToolTip(hint)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(LEAST_WIDTH)
        self.setMaximumWidth(MOST_WIDTH)
        self.editingFinished.connect(self._typed)
        self.textChanged.connect(self._emptied)

    @property
    def size_held(self) -> float:
        """The size of the unit that is shown."""
        return self.sizes[self._unit]

    def show_unit(self, unit: Unit) -> None:
        """Show the size of this unit, whatever was typed."""
        self._unit = unit
        self.complaint = ""
        blocker = QSignalBlocker(self)
        self.setText(plain(self.size_held) if self.size_held else "")
        del blocker

    def restore(self, held: object, units: Mapping[Unit, bool]) -> None:
        """Take sizes out of saved state, of those units for which they may be taken."""
        for unit, usable in units.items():
            size = saved_size(held.get(unit)) if isinstance(held, Mapping) else None
            if usable and size is not None:
                self.sizes[unit] = size

    def _typed(self) -> None:
        text = self.text().strip()
        size = read_size(text) if text else 0.0
        self.complaint = self._refuse(text) if size is None else ""
        self.judged.emit()
        if size is not None and size != self.size_held:
            self.sizes[self._unit] = size
            self.chosen.emit()

    def _emptied(self, text: str) -> None:
        """An emptied field counts at once, what is being typed only when it is done."""
        if not text:
            self._typed()

    def _refuse(self, text: str) -> str:
        shown = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
        if not self.size_held:
            return self._refusal.format(typed=shown)
        held = plain(self.size_held)
        return tr("“{typed}” is not a size; still from {size}.", typed=shown, size=held)
