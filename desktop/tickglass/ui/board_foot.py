"""The line below the board: the exchanges' states, and the time with its zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ..language import trn
from . import formats
from .feed_values import MARKS, state_word
from .price_view import typed
from .tokens import GAP, Theme

TYPE_SHARE = 0.5  # of the line's height
TROUBLE = ("stale", "refused", "failed", "reconnecting")
ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Foot(QWidget):
    """The line below the prices: the exchanges' states, and the time with its zone."""

    def __init__(self, theme: Theme, clock: Callable[[], float], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.states: dict[str, str] = {}
        self.zone: tzinfo | None = None
        self.more = 0
        self._theme, self._clock = theme, clock
        self._shown: tuple[object, ...] = ()
        self._time = ""

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()

    def flush(self) -> None:
        """Repaint if the second or a state changed."""
        now = (int(self._clock()), self.zone, self.more, tuple(self.states.items()))
        if now == self._shown:
            return
        self._shown = now
        self._time = clock_text(now[0], self.zone)
        self.setAccessibleName(self.text())
        self.update()

    def text(self) -> str:
        """All that the line says."""
        return " · ".join([*(words for _, words in self._parts()), self._time])

    def _parts(self) -> list[tuple[bool, str]]:
        parts = [
            (state in TROUBLE, f"{MARKS[state]} {title} {state_word(state)}")
            for title, state in self.states.items()
        ]
        if self.more:
            words = trn("{count} more is not shown", "{count} more are not shown", self.more)
            parts.append((False, words))
        return parts

    def paintEvent(self, event: QPaintEvent) -> None:
        """States on the left, time on the right."""
        painter, theme = QPainter(self), self._theme
        painter.fillRect(self.rect(), QColor(theme.window))
        font = typed(QFont(self.font()), round(self.height() * TYPE_SHARE))
        metrics, rect = QFontMetrics(font), self.rect().adjusted(GAP, 0, -GAP, 0)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        painter.drawText(rect, ALIGN_RIGHT, self._time)
        rect.setRight(rect.right() - metrics.horizontalAdvance(self._time) - GAP)
        for trouble, words in self._parts():
            painter.setPen(QColor(theme.warning if trouble else theme.muted))
            said = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, rect.width()))
            painter.drawText(rect, ALIGN_LEFT, said)
            rect.setLeft(rect.left() + metrics.horizontalAdvance(said) + 2 * GAP)


def clock_text(seconds: float, zone: tzinfo | None) -> str:
    """The time with its zone: 14:03:22 UTC+01:00."""
    local = datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    offset = local.strftime("%z")
    plain = "" if offset in ("", "+0000") else f"{offset[:3]}:{offset[3:5]}"
    return f"{formats.clock_text(local, seconds=True)} UTC{plain}"
