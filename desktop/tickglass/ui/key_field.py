"""A field that takes the keys that are pressed in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QKeySequenceEdit

from .actions import NO_KEYS, written


class KeyField(QKeySequenceEdit):
    """Takes the next keys that are pressed; Tab moves on, Escape gives up, Backspace empties."""

    pressed = Signal(str)  # keys, empty for none
    given_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._pressed = False  # Qt says "finished" again when the focus leaves
        self.setMaximumSequenceLength(1)
        self.editingFinished.connect(self._finished)

    def event(self, event: QEvent) -> bool:
        """The few keys that are not taken."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            if plain and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                return self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
            if plain and event.key() == Qt.Key.Key_Escape:
                self.given_up.emit()
                return True
            if plain and event.key() == Qt.Key.Key_Backspace:
                self.pressed.emit("")
                return True
            self._pressed = event.key() not in NO_KEYS
        return super().event(event)

    def _finished(self) -> None:
        keys, pressed = written(self.keySequence()), self._pressed
        self._pressed = False
        if keys and pressed:
            self.pressed.emit(keys)
