"""Taking back what was removed, the newest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from ..language import mark, tr

MOST_STEPS = 50
NOTHING_LEFT = mark("Undo")
NEXT = mark("Undo: {what}")


class UndoStep:
    """One removal and how to take it back."""

    __slots__ = ("text", "undo")

    def __init__(self, text: str, undo: Callable[[], object]) -> None:
        self.text = text
        self.undo = undo


class UndoList(QObject):
    """The last removals; each can be taken back once, in any order.

    Not a QUndoStack: that runs a command when it is pushed, deletes it behind Python's back, and
    takes back in one order only, while the notice of a removal undoes its own.
    """

    changed = Signal(str)  # what the next undo takes back; empty if nothing

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: deque[UndoStep] = deque(maxlen=MOST_STEPS)
        self._undoing = False

    @property
    def next_text(self) -> str:
        """What the next undo takes back, as a sentence's part; empty if nothing."""
        return self._steps[-1].text if self._steps else ""

    def push(self, text: str, undo: Callable[[], object]) -> UndoStep | None:
        """Remember a removal; what an undo itself removes is not remembered (None)."""
        if self._undoing:
            return None
        step = UndoStep(text, undo)
        self._steps.append(step)
        self.changed.emit(self.next_text)
        return step

    def undo(self, step: UndoStep | None = None) -> str:
        """Take back a removal, the newest unless one is given; say which, or nothing."""
        step = step or (self._steps[-1] if self._steps else None)
        if step is None or step not in self._steps or self._undoing:
            return ""
        self._steps.remove(step)
        self._undoing = True
        try:
            step.undo()
        finally:
            self._undoing = False
            self.changed.emit(self.next_text)
        return step.text

    def clear(self) -> None:
        """Forget everything, for example when other settings were imported."""
        self._steps.clear()
        self.changed.emit("")

    def follow(self, action: QAction) -> None:
        """Let an action say what it would take back, and be disabled while there is nothing."""

        def show(what: str) -> None:
            action.setEnabled(bool(what))
            shown = tr(NEXT, what=what) if what else tr(NOTHING_LEFT)
            action.setText(shown.replace("&", "&&"))  # a lone & would underline a letter

        self.changed.connect(show)
        show(self.next_text)
