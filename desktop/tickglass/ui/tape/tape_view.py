"""The tape under a person's hands: the mouse over it holds it still, so does scrolling back."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar

from ...language import mark, tr
from ..theme import Theme
from .tape_surface import TapeSurface

ROWS_A_NOTCH, NOTCH = 3, 120  # of the wheel; NOTCH in eighths of a degree
STEPS: Mapping[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
PAGES: Mapping[int, int] = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
BAR_NAME = mark("Older trades")


class TapeView(TapeSurface):
    """Scrolls, chooses and copies by mouse, wheel and keys."""

    def __init__(self, theme: Theme, titles: Mapping[str, str] = {}) -> None:
        super().__init__(theme, titles)
        self._wheel = 0

    def enterEvent(self, event: QEnterEvent) -> None:
        """Hold still while somebody reads."""
        self._hovered = True
        self._update_rows()

    def leaveEvent(self, event: QEvent) -> None:
        """Go on."""
        self._hovered = False
        if not self._rows.scrolled:
            self.go_newest()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll through what was."""
        self._wheel -= event.angleDelta().y() * ROWS_A_NOTCH
        rows = int(self._wheel / NOTCH)
        self._wheel -= rows * NOTCH
        if rows:
            self.scroll_rows(rows)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row, or take the tag's offer to go on."""
        place = event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.tag_text and self._tag().contains(place):
            self.go_newest()
            return
        row = self._row_at(place)
        if 0 <= row < len(self.rows):
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.select(row, extend=extend)
        else:
            self.select_none()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose more rows."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._rows.selection is not None:
            self.select(self._row_at(event.position().toPoint()), extend=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll, choose and copy."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        key, steps = event.key(), STEPS.get(event.key())
        if steps is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.extend_selection(steps)
        elif steps is not None:
            self.scroll_rows(steps)
        elif key in PAGES:
            self.scroll_rows(PAGES[key] * max(1, self.page - 1))
        elif key == Qt.Key.Key_Home:
            self.go_newest()
        elif key == Qt.Key.Key_End:
            self.scroll_rows(self.reach)
        elif key == Qt.Key.Key_Escape and self._rows.selection is not None:
            self.select_none()
        else:
            super().keyPressEvent(event)

    def _row_at(self, place: QPoint) -> int:
        return place.y() // self._picture.row_height - 1


class TapeScrollBar(QScrollBar):
    """How far back the tape is looked at: the newest is at the top."""

    def __init__(self, view: TapeView) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._view = view
        self.setAccessibleName(tr(BAR_NAME))
        self.setToolTip(tr(BAR_NAME))
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.valueChanged.connect(self._go)
        view.moved.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Stand where the view does; hidden where there is nothing to scroll."""
        blocked = self.blockSignals(True)
        self.setPageStep(self._view.page)
        self.setMaximum(self._view.reach)
        self.setValue(self._view.waiting)
        self.blockSignals(blocked)
        if self.parent() is not None:  # without one it would be a window
            self.setVisible(self.maximum() > 0)

    def _go(self, back: int) -> None:
        if back != self._view.waiting:
            self._view.scroll_to(back)
