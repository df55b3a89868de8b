"""One line for what the program has to say; it stays until it is read, replaced or over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton

from .theme import GAP, GAP_SMALL


class NoticeBar(QFrame):
    """Hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._until: float | None = None
        self._undo: Callable[[], object] | None = None
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.undo = QPushButton("Undo")
        self.undo.clicked.connect(self._take_back)
        self.dismiss = QToolButton()
        self.dismiss.setText("✕")
        self.dismiss.setAccessibleName("Dismiss")
        self.dismiss.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, GAP_SMALL, GAP_SMALL, GAP_SMALL)
        row.addWidget(self.words, 1)
        row.addWidget(self.undo)
        row.addWidget(self.dismiss)
        self.hide()

    def say(
        self,
        sentence: str,
        *,
        undo: Callable[[], object] | None = None,
        until: float | None = None,
    ) -> None:
        """Say something, with a way to take it back, or until a monotonic second."""
        self._undo, self._until = undo, until
        self.words.setText(sentence)
        self.undo.setVisible(undo is not None)
        self.show()

    def flush(self, now: float) -> None:
        """Be silent when the time is over."""
        if self._until is not None and now >= self._until:
            self._until = None
            self.hide()

    def _take_back(self) -> None:
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()
