"""The line at the bottom: how each exchange is, in a word and, on hover or trouble, a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from .text import exchange_title
from .theme import GAP, GAP_LARGE

MARKS = {
    "connecting": "◌", "live": "●", "stale": "◐", "reconnecting": "◌", "refused": "⚠",
    "failed": "✕", "closed": "○",
}  # fmt: skip
# Of several connections the one that is worst off is shown.
BADNESS = ("closed", "live", "connecting", "stale", "reconnecting", "refused", "failed")


class StatusLine(QWidget):
    """One label per exchange. Texts change at the frame, and only if they differ."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._titles = titles
        self._states: dict[str, dict[int, tuple[str, str]]] = {}
        self._labels: dict[str, QLabel] = {}
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
            label.setToolTip(f"{title}: {state}. {detail}".strip())

    def _add(self, exchange: str) -> QLabel:
        label = QLabel()
        label.setObjectName("muted")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAccessibleName(f"State of {exchange_title(self._titles, exchange)}")
        self._labels[exchange] = label
        self._row.insertWidget(self._row.count() - 1, label)
        return label
