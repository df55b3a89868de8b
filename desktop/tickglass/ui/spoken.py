"""What painted views say to those who do not see them: their value, while somebody listens.

Where no screen reader runs this costs one look a frame. It speaks of new values at most so often.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

INTERVAL = 2.0  # s between two values: a voice must be able to say them


class Spoken:
    """Puts a view's value before its usual description. ``words`` makes it when it is wanted."""

    def __init__(self, view: QWidget, words: Callable[[], str]) -> None:
        self._view = view
        self._words = words
        self._usual = view.accessibleDescription()
        self._said = 0.0

    def follow(self) -> None:
        """Something that is shown has changed."""
        if not QAccessible.isActive():
            return
        now = time.monotonic()
        if now - self._said < INTERVAL:
            return
        self._said = now
        spoken = " ".join(each for each in (self._words(), self._usual) if each)
        if spoken != self._view.accessibleDescription():
            self._view.setAccessibleDescription(spoken)
