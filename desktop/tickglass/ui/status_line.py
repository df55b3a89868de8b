"""The line at the bottom: how each exchange is, in a word and, on hover or trouble, a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from .feed_values import BADNESS, MARKS
from .text import exchange_title
from .theme import GAP, GAP_LARGE


class StateLabel(QLabel):
    """A label that can be clicked."""

    clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click ends where it began: on the label."""
        super().mouseReleaseEvent(event)
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class StatusLine(QWidget):
    """One label per exchange. Texts change at the frame, and only if they differ."""

    clicked = Signal(str)  # exchange

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._titles = titles
        self._states: dict[str, dict[int, tuple[str, str]]] = {}
        self._labels: dict[str, StateLabel] = {}
        self._changed = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GAP, 0, GAP, 0)
        self._row.setSpacing(GAP_LARGE)
        self._row.addStretch(1)

    def set(self, exchange: str, connection: int, state: str, detail: str) -> None:
        """Take note of a connection's state."""
        connections = self._states.setdefault(exchange, {})
        connections[connection] = (state, detail)
        if state == "closed":
            del connections[connection]
        self._changed = True

    def flush(self, now: float) -> None:
        """Show what changed."""
        if not self._changed:
            return
        self._changed = False
        for exchange, connections in self._states.items():
            label = self._labels.get(exchange) or self._add(exchange)
            state, detail = max(
                connections.values(),
                key=lambda each: BADNESS.index(each[0]),
                default=("closed", ""),
            )
            title = exchange_title(self._titles, exchange)
            words = detail or f"{title}: {state}"
            label.setText(f"{MARKS[state]} {words}")
            # A hint that looks like markup would be read as markup: an exchange's words are not.
            label.setToolTip(f"<span>{escape(f'{title}: {state}. {detail}'.strip())}</span>")

    def _add(self, exchange: str) -> StateLabel:
        label = StateLabel()
        label.setCursor(Qt.CursorShape.PointingHandCursor)
        label.clicked.connect(lambda: self.clicked.emit(exchange))
        label.setObjectName("muted")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAccessibleName(f"State of {exchange_title(self._titles, exchange)}")
        self._labels[exchange] = label
        order = [*self._titles, exchange]  # that of the registry, whoever connects first
        before = [each for each in self._labels if order.index(each) < order.index(exchange)]
        self._row.insertWidget(len(before), label)
        return label
