"""The parts of the line at the bottom. Each is as wide as the widest thing that it can say."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy

from ..language import tr, trn
from ..market.freshness import Freshness
from .elided_label import ElidedLabel
from .feed_values import MARKS, STATE_WORDS, state_word
from .formats import number_text
from .freshness_marks import MARKS as FRESHNESS_MARKS
from .freshness_marks import meaning
from .theme import GAP_SMALL, sized, tabular

WIDEST_COUNT = "8,888"
WIDEST_MARK = "⚠ "
LEAST_REASON = 90  # px: a narrower sentence says nothing
TROUBLE = ("stale", "refused", "failed", "reconnecting")
ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
MUTED, WARNING = QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.BrightText


class StateButton(QAbstractButton):
    """An exchange: the mark of its state, its name and, where there is room, the state's word."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._worded = True
        self.state = "closed"
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(sized(self.font(), 1.0))
        self.setAccessibleName(tr("State of {title}", title=title))
        self.set_state(self.state)

    def set_state(self, state: str) -> None:
        """Show a state."""
        self.state = state
        words = tr("{title}: {state}", title=self._title, state=state_word(state))
        self.setText(f"{MARKS[state]} {words}")
        self.update()

    def set_worded(self, worded: bool) -> None:
        """Whether there is room for the state's word."""
        if worded != self._worded:
            self._worded = worded
            self.updateGeometry()
            self.update()

    def width_for(self, *, worded: bool) -> int:
        """How wide it must be, whatever its state (px)."""
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(WIDEST_MARK + self._title) + 2 * GAP_SMALL
        if not worded:
            return width
        words = [tr(each) for each in STATE_WORDS.values()]
        return width + GAP_SMALL + max(map(metrics.horizontalAdvance, words))

    def sizeHint(self) -> QSize:
        """The same for every state."""
        height = QFontMetrics(self.font()).height() + GAP_SMALL
        return QSize(self.width_for(worded=self._worded), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Mark, name, word; the mark's shape and the word say what the colour does."""
        painter, metrics, palette = QPainter(self), QFontMetrics(self.font()), self.palette()
        rect = self.rect().adjusted(GAP_SMALL, 0, -GAP_SMALL, 0)
        painter.setPen(palette.color(WARNING if self.state in TROUBLE else MUTED))
        painter.drawText(rect, ALIGN_LEFT, MARKS[self.state])
        rect.setLeft(rect.left() + metrics.horizontalAdvance(WIDEST_MARK))
        painter.drawText(rect, ALIGN_LEFT, self._title)
        if self._worded:
            rect.setLeft(rect.left() + metrics.horizontalAdvance(self._title) + GAP_SMALL)
            painter.drawText(rect, ALIGN_LEFT, state_word(self.state))
        if self.hasFocus():
            painter.setPen(palette.color(QPalette.ColorRole.Accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class ReasonLabel(ElidedLabel):
    """One sentence in the room that is left, cut short where it does not fit."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__(least=LEAST_REASON)
        self.setForegroundRole(MUTED)

    def say(self, sentence: str) -> None:
        """Say something else, or nothing."""
        if sentence == self.text():
            return
        self.setText(sentence)
        # A hint that looks like markup would be read as markup: an exchange's words are not.
        self.setToolTip(f"<span>{escape(sentence)}</span>" if sentence else "")
        shape = Qt.CursorShape.PointingHandCursor if sentence else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click asks for more."""
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self.text() and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class CountLabel(QLabel):
    """How many of the watched instruments are in a state of freshness."""

    def __init__(self, freshness: Freshness) -> None:
        super().__init__()
        self._freshness = freshness
        self._count = -1
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(tabular(self.font()))
        widest = f"{FRESHNESS_MARKS[freshness]} {WIDEST_COUNT}"
        self.setFixedWidth(QFontMetrics(self.font()).horizontalAdvance(widest))
        self.setToolTip(meaning(freshness))
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Show a number; of what cannot be trusted, in the colour of warnings."""
        if count == self._count:
            return
        self._count = count
        self.setText(f"{FRESHNESS_MARKS[self._freshness]} {number_text(count, 0)}")
        number = trn("{count} instrument", "{count} instruments", count)
        self.setAccessibleName(f"{number}: {meaning(self._freshness)}")
        alarmed = count > 0 and not self._freshness.trusted
        self.setForegroundRole(WARNING if alarmed else MUTED)
