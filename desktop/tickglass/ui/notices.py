"""What the program has to say: one notice at a time, above the window, which never moves for it.

The newest is seen at once, because it answers what the person just did; the others wait behind it,
and come back with the time that they had left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from ..language import mark, tr, trn
from .theme import GAP, GAP_LARGE, GAP_SMALL

MOST_WAITING = 20
WIDEST = 720  # px
NARROWEST = 360  # px; in less a sentence would be a tower
UNDO = mark("Undo")
MOVED = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)


@dataclass(slots=True)
class Notice:
    """A sentence, what its button does and is called, and until when (monotonic s) it stays.

    ``hidden_at`` is when another one came before it.
    """

    sentence: str
    act: Callable[[], object] | None = None
    action: str = ""
    until: float | None = None
    hidden_at: float | None = None


class NoticeBar(QFrame):
    """Hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._shown: Notice | None = None
        self._waiting: deque[Notice] = deque(maxlen=MOST_WAITING)
        self._now: float | None = None
        self._host: QWidget | None = None
        self._on: QWidget | None = None
        self._above: QWidget | None = None
        self.words = QLabel()
        self.more = QLabel()
        self.undo = QPushButton(tr(UNDO))
        self.dismiss = QToolButton()
        self._build()

    @property
    def waiting(self) -> int:
        """How many notices wait behind the one that is shown."""
        return len(self._waiting)

    def say(
        self,
        sentence: str,
        *,
        undo: Callable[[], object] | None = None,
        until: float | None = None,
        action: str = "",
    ) -> None:
        """Say something, with a way to take it back, or until a monotonic second.

        ``action`` is what the button is called that calls ``undo``, if it is not Undo.
        """
        notice = Notice(sentence, undo, action, until)
        if undo is None:
            self._forget(sentence)
        if self._shown is not None:
            self._shown.hidden_at = self._now
            self._waiting.append(self._shown)
        self._show(notice)

    def flush(self, now: float) -> None:
        """Go on to the next when the time is over."""
        self._now = now
        shown = self._shown
        if shown is not None and shown.until is not None and now >= shown.until:
            self.next()

    def next(self) -> None:
        """Be done with this one: the one before it comes back, or there is silence."""
        if not self._waiting:
            self._shown = None
            self.hide()
            return
        notice = self._waiting.pop()
        if notice.until is not None and notice.hidden_at is not None and self._now is not None:
            notice.until += self._now - notice.hidden_at
        self._show(notice)

    def float_over(self, host: QWidget, on: QWidget, above: QWidget) -> None:
        """Lie over a widget, on the lower edge of one of its children that is only looked at.

        While that is hidden or too narrow, just above another one.
        """
        self._host, self._on, self._above = host, on, above
        self.setParent(host)
        for each in (host, on, above):
            each.installEventFilter(self)
        self.setVisible(self._shown is not None)
        self._place()

    # ------------------------------------------------------------ Qt's events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when what lies below changes its size."""
        if event.type() in MOVED:
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape dismisses."""
        if event.key() == Qt.Key.Key_Escape:
            self.next()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ inside

    def _show(self, notice: Notice) -> None:
        self._shown = notice
        self.words.setText(notice.sentence)
        self.undo.setVisible(notice.act is not None)
        self.undo.setText(notice.action or tr(UNDO))
        self.more.setVisible(bool(self._waiting))
        self.more.setText(trn("{count} more", "{count} more", len(self._waiting)))
        self.setAccessibleName(notice.sentence)
        self._place()
        self.show()
        self.raise_()
        self._announce(notice.sentence)

    def _announce(self, sentence: str) -> None:
        """Let screen readers say it, wherever the focus is."""
        event = QAccessibleAnnouncementEvent(self, sentence)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)

    def _forget(self, sentence: str) -> None:
        """The same sentence again takes the place of the one before."""
        for each in [each for each in self._waiting if each.sentence == sentence and not each.act]:
            self._waiting.remove(each)
        shown = self._shown
        if shown is not None and shown.sentence == sentence and shown.act is None:
            self._shown = None

    def _place(self) -> None:
        """In the middle of its place, as high as the sentence needs."""
        if self._host is None:
            return
        place = self._room(self._host)
        width = min(WIDEST, place.width())
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        left = place.center().x() - width // 2
        top = max(0, place.bottom() + 1 - height)
        self.setGeometry(QRect(left, top, width, height))

    def _room(self, host: QWidget) -> QRect:
        """Where the notice may lie, as seen from the host; only the lower edge counts."""
        on, above = self._on, self._above
        if on is not None and on.isVisible() and on.width() >= NARROWEST:
            corner = on.mapTo(host, QPoint(0, 0))
            return QRect(corner, on.size()).adjusted(GAP, GAP, -GAP, -GAP)
        room = host.rect().adjusted(GAP_LARGE, 0, -GAP_LARGE, 0)
        if above is not None:
            room.setBottom(above.mapTo(host, QPoint(0, 0)).y() - GAP)
        return room

    def _act(self) -> None:
        notice = self._shown
        if notice is None or notice.act is None:
            return
        act, notice.act = notice.act, None
        self.next()
        act()

    def _build(self) -> None:
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.more.setTextFormat(Qt.TextFormat.PlainText)
        self.more.setObjectName("muted")
        self.undo.clicked.connect(self._act)
        self.dismiss.setText("✕")
        self.dismiss.setAccessibleName(tr("Dismiss"))
        self.dismiss.setToolTip(tr("Dismiss"))
        self.dismiss.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.dismiss.clicked.connect(self.next)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, GAP_SMALL, GAP_SMALL, GAP_SMALL)
        row.addWidget(self.words, 1)
        row.addWidget(self.more)
        row.addWidget(self.undo)
        row.addWidget(self.dismiss)
        self.hide()
