"""The head of the book's panel: whose book it is, how it is shown, and how far to trust it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...language import mark, tr
from ..theme import GAP_SMALL, SMALL, sized
from .book_words import Trust
from .ladder_rows import UNITS, Unit

VIEWS = {"ladder": mark("Ladder"), "depth": mark("Depth"), "heat": mark("Heat")}
VIEW_WORDS = {
    "ladder": mark("Prices with the sizes that stand at them"),
    "depth": mark("How much stands between the touch and each price"),
    "heat": mark("Where size stood over the last minutes"),
}
VIEW_NAMES = {
    "ladder": mark("Order book as ladder"),
    "depth": mark("Order book as depth"),
    "heat": mark("Order book as heat"),
}
CENTRE_TEXT = mark("To spread")
STEP_FIGURES = 4  # that the step chooser is wide at least


class FittingLabel(QLabel):
    """Plain text that ends in … where it is too long; all of it is said on hover."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.words = ""
        self._name = name
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, words: str) -> None:
        """Show this text from now on."""
        if words != self.words:
            self.words = words
            named = tr("{name}: {words}", name=self._name, words=words) if words else self._name
            self.setAccessibleName(named)
            self.setToolTip(f"<span>{escape(words)}</span>" if words else "")
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another length fits."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """The height of one line, whatever is said."""
        return QSize(0, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """No less than a line."""
        return self.sizeHint()

    def _fit(self) -> None:
        fitting = self.fontMetrics().elidedText(
            self.words, Qt.TextElideMode.ElideRight, self.width()
        )
        if fitting != self.text():
            self.setText(fitting)


class BookHeader(QWidget):
    """Says what the person chooses; shows what it is told."""

    view_chosen = Signal(str)
    step_chosen = Signal(float)
    unit_chosen = Signal(str)
    centre_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = FittingLabel(tr("Order book"))
        self.trust = QLabel()
        self.figures = FittingLabel(tr("Figures of the book"))
        self.left_out = FittingLabel(tr("Exchanges left out"))
        self.crossing = FittingLabel(tr("Crossing"))
        self.step, self.unit = QComboBox(), QComboBox()
        self.centre = QToolButton()
        self.views: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._steps: list[float] = []
        self._trust: Trust | None = None
        self._build()

    def show_view(self, view: str) -> None:
        """Mark a view as the one that is shown."""
        self.views[view].setChecked(True)

    def show_steps(self, steps: Sequence[float], texts: Sequence[str], chosen: float) -> None:
        """Offer these steps, one of them chosen."""
        if list(steps) != self._steps:
            self._steps = list(steps)
            self.step.clear()
            self.step.addItems(list(texts))
        self.step.setEnabled(len(steps) > 1)
        if chosen in self._steps:
            self.step.setCurrentIndex(self._steps.index(chosen))

    def show_units(self, currencies: tuple[str, str], unit: Unit) -> None:
        """Offer sizes in these currencies."""
        self.unit.clear()
        self.unit.addItems(list(currencies))
        self.unit.setCurrentIndex(UNITS.index(unit))
        self.unit.setEnabled(any(currencies))

    def show_trust(self, trust: Trust | None) -> None:
        """Say in a word how far the book is to be trusted, and on hover in a sentence."""
        if trust == self._trust:
            return
        self._trust = trust
        shown, hint = ("", "") if trust is None else (f"{trust.mark} {trust.words}", trust.sentence)
        self.trust.setText(shown)
        self.trust.setToolTip(hint)
        words = "" if trust is None else trust.words
        self.trust.setAccessibleName(tr("State of the book: {state}", state=words))
        self.trust.setAccessibleDescription(hint)
        wanted = "muted" if trust is None or trust.good else "warning"
        if self.trust.objectName() != wanted:
            self.trust.setObjectName(wanted)
            self.trust.style().unpolish(self.trust)
            self.trust.style().polish(self.trust)

    def _build(self) -> None:
        self.title.setFont(sized(self.font(), 1.0, bold=True))
        for label in (self.trust, self.figures, self.left_out, self.crossing):
            label.setFont(sized(self.font(), SMALL))
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setObjectName("muted")
        for label in (self.left_out, self.crossing):
            label.setObjectName("warning")
            label.hide()
        self._build_choosers()
        rows: list[list[tuple[QWidget, int]]] = [
            [(self.title, 1), (self.trust, 0)],
            [*((each, 0) for each in self.views.values()), (QWidget(), 1)],
            [(self.step, 0), (self.unit, 0), (QWidget(), 1), (self.centre, 0)],
            [(self.figures, 1)],
            [(self.left_out, 1)],
            [(self.crossing, 1)],
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_SMALL, GAP_SMALL, GAP_SMALL, GAP_SMALL)
        column.setSpacing(GAP_SMALL)
        for row in rows:
            line = QHBoxLayout()
            line.setSpacing(GAP_SMALL)
            for widget, stretch in row:
                line.addWidget(widget, stretch)
            column.addLayout(line)

    def _build_choosers(self) -> None:
        for view, text in VIEWS.items():
            button = self.views[view] = QToolButton()
            button.setText(tr(text))
            button.setCheckable(True)
            button.setToolTip(tr(VIEW_WORDS[view]))
            button.setAccessibleName(tr(VIEW_NAMES[view]))
            button.clicked.connect(lambda _=False, view=view: self.view_chosen.emit(view))
            self._group.addButton(button)
        for chooser in (self.step, self.unit):
            chooser.setFont(sized(self.font(), SMALL))
            chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.step.setMinimumContentsLength(STEP_FIGURES)
        self.step.setAccessibleName(tr("Step of price in the order book"))
        self.step.setToolTip(tr("Levels are summed in steps of this size"))
        self.unit.setAccessibleName(tr("Sizes in base or quote"))
        self.unit.setToolTip(tr("The currency in which sizes are shown"))
        self.step.activated.connect(lambda at: self.step_chosen.emit(self._steps[at]))
        self.unit.activated.connect(lambda at: self.unit_chosen.emit(UNITS[at]))
        self.centre.setText(tr(CENTRE_TEXT))
        self.centre.setAccessibleName(tr("Return to the spread"))
        self.centre.setToolTip(tr("The ladder follows the spread again (Home)"))
        self.centre.clicked.connect(self.centre_wanted)
        self.centre.hide()
