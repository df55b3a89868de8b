"""How buying outweighs selling, in a line: over a window that can be chosen, and in all."""

from __future__ import annotations

from datetime import tzinfo
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from ...language import mark, tr
from ...market.tape import Tape, Unit
from ..elided_label import ElidedLabel
from ..theme import GAP_SMALL, tabular
from .tape_words import delta_text

WINDOWS = {
    10: mark("10 s"),
    60: mark("1 min"),
    300: mark("5 min"),
    3_600: mark("1 h"),
    86_400: mark("24 h"),
}
FIRST_WINDOW = 60
WINDOW_NAME = mark("Window of the delta")
WINDOW_HINT = mark("Δ is what was bought less what was sold in this time; Σ is all since then.")


class DeltaStrip(QWidget):
    """``window`` is in seconds; ``chosen`` when a person took another."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.chooser = QComboBox()
        self.label = ElidedLabel()
        self.zone: tzinfo | None = None
        for seconds, words in WINDOWS.items():
            self.chooser.addItem(tr(words), seconds)
        self.chooser.setCurrentIndex(list(WINDOWS).index(FIRST_WINDOW))
        self.chooser.setAccessibleName(tr(WINDOW_NAME))
        self.chooser.setToolTip(tr(WINDOW_HINT))
        self.chooser.currentIndexChanged.connect(self.chosen)
        self.label.setFont(tabular(self.font()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_SMALL)
        row.addWidget(self.chooser)
        row.addWidget(self.label, 1)

    @property
    def window_s(self) -> int:
        """The window, in seconds."""
        return list(WINDOWS)[max(0, self.chooser.currentIndex())]

    def choose(self, window_s: object) -> None:
        """Take a window out of saved state, if there is such a one; nothing is emitted."""
        if isinstance(window_s, int) and not isinstance(window_s, bool) and window_s in WINDOWS:
            blocked = self.chooser.blockSignals(True)
            self.chooser.setCurrentIndex(list(WINDOWS).index(window_s))
            self.chooser.blockSignals(blocked)

    def say(self, tape: Tape | None, currency: str, unit: Unit, now_ms: int) -> None:
        """Tell the deltas of a tape as they stand, ms UTC."""
        text = delta_text(tape, currency, self.window_s, now_ms, unit, self.zone)
        if text != self.label.text():
            self.label.setText(text)
            # A hint that looks like markup would be read as markup: a currency's name is not.
            self.label.setToolTip(f"<span>{escape(text)}</span>")
            self.label.setAccessibleName(tr("Delta: {delta}", delta=text))
