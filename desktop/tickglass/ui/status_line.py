"""The line at the bottom: exchanges, why one is in trouble, how fresh the prices are, the time.

Every part has its width from the widest thing that it can say, so nothing moves when texts change.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from html import escape
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ..language import tr
from ..market.freshness import Freshness
from .feed_values import BADNESS, state_word
from .formats import clock_text
from .status_parts import CountLabel, ReasonLabel, StateButton
from .text import exchange_title
from .theme import GAP, tabular

# Of what never had a price there is nothing to doubt.
COUNTED = (Freshness.LIVE, Freshness.QUIET, Freshness.STALE, Freshness.LOST)
WIDEST_TIME = datetime(2000, 1, 1, 20, 8, 8)


@dataclass(slots=True)
class Situation:
    """One exchange: its connections' states, and since when (unix s) the worst of them holds."""

    connections: dict[int, tuple[str, str]]
    note: str = ""
    state: str = "closed"
    detail: str = ""
    since: float = 0.0

    def judge(self, now: float) -> None:
        """Take over the state of the connection that is worst off."""
        state, detail = max(
            self.connections.values(),
            key=lambda each: BADNESS.index(each[0]),
            default=("closed", ""),
        )
        if state != self.state or not self.since:
            self.since = now
        self.state, self.detail = state, " ".join((detail or self.note).split())


class StatusLine(QWidget):
    """One button per exchange and what belongs to all. Texts change at the frame, if they differ.

    ``wall`` gives unix seconds.
    """

    clicked = Signal(str)  # exchange

    def __init__(
        self,
        titles: Mapping[str, str],
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self._titles = titles
        self._wall = wall
        self._zone: tzinfo | None = None
        self._zone_name = ""
        self._situations: dict[str, Situation] = {}
        self._buttons: dict[str, StateButton] = {}
        self._worst = ""
        self._changed = False
        self._second = -1
        self.reason = ReasonLabel()
        self.counts = {each: CountLabel(each) for each in COUNTED}
        self.clock = QLabel()
        self._build()

    # ------------------------------------------------------------ what to show

    def set(self, exchange: str, connection: int, state: str, detail: str) -> None:
        """Take note of a connection's state."""
        connections = self._situation(exchange).connections
        connections[connection] = (state, detail)
        if state == "closed":
            del connections[connection]
        self._changed = True

    @property
    def states(self) -> dict[str, str]:
        """The title of each exchange, and its state."""
        return {
            exchange_title(self._titles, exchange): situation.state
            for exchange, situation in self._situations.items()
        }

    def set_note(self, exchange: str, note: str) -> None:
        """What is to be said of an exchange while its connections have nothing to say."""
        situation = self._situation(exchange)
        if situation.note != note:
            situation.note = note
            self._changed = True

    def set_counts(self, counts: Mapping[Freshness, int]) -> None:
        """How many of the watched instruments are in which state; told once a second."""
        for freshness, label in self.counts.items():
            label.show_count(counts.get(freshness, 0))

    def set_zone(self, zone: tzinfo | None, name: str = "") -> None:
        """The time zone of the clock, None for this computer's, and what to call it."""
        self._zone, self._zone_name, self._second = zone, name, -1
        self._measure_clock()
        self._changed = True

    def add_slot(self, widget: QWidget) -> None:
        """Give something a place before the clock, for instance whether sounds are muted."""
        self._row.insertWidget(self._row.indexOf(self.clock), widget)

    def flush(self, now: float) -> None:
        """Show what changed."""
        self._flush_clock()
        if not self._changed:
            return
        self._changed = False
        wall = self._wall()
        for exchange, situation in self._situations.items():
            situation.judge(wall)
            self._show(self._buttons.get(exchange) or self._add(exchange), exchange, situation)
        self._show_reason()

    # ------------------------------------------------------------ inside

    def _situation(self, exchange: str) -> Situation:
        return self._situations.setdefault(exchange, Situation({}))

    def _show(self, button: StateButton, exchange: str, situation: Situation) -> None:
        if button.state != situation.state:
            button.set_state(situation.state)
        hint = self._hint(exchange, situation)
        if hint != button.accessibleDescription():
            button.setAccessibleDescription(hint)
            # A hint that looks like markup would be read as markup: an exchange's words are not.
            button.setToolTip(f"<span>{escape(hint)}</span>")

    def _hint(self, exchange: str, situation: Situation) -> str:
        words = tr(
            "{title}: {state} since {time}.",
            title=exchange_title(self._titles, exchange),
            state=state_word(situation.state),
            time=self._time(situation.since),
        )
        return tr("{first} {second}", first=words, second=situation.detail).strip()

    def _show_reason(self) -> None:
        """The sentence of the exchange that is worst off and has something to say."""
        speaking = [name for name, each in self._situations.items() if each.detail]
        self._worst = max(
            speaking,
            key=lambda name: BADNESS.index(self._situations[name].state),
            default="",
        )
        self.reason.say(self._situations[self._worst].detail if self._worst else "")

    def _flush_clock(self) -> None:
        second = int(self._wall())
        if second != self._second:
            self._second = second
            self.clock.setText(f"{self._time(second)} {self._zone_name}".strip())

    def _time(self, seconds: float) -> str:
        moment = datetime.fromtimestamp(seconds, UTC)
        return clock_text(moment.astimezone(self._zone), seconds=True)

    def _add(self, exchange: str) -> StateButton:
        title = exchange_title(self._titles, exchange)
        button = StateButton(title)
        button.clicked.connect(lambda: self.clicked.emit(exchange))
        self._buttons[exchange] = button
        order = [*self._titles, *self._buttons]  # that of the registry, whoever connects first
        before = [each for each in self._buttons if order.index(each) < order.index(exchange)]
        self._row.insertWidget(len(before), button)
        ordered = sorted(self._buttons, key=order.index)
        for left, right in pairwise(ordered):
            self.setTabOrder(self._buttons[left], self._buttons[right])
        self._fit()
        return button

    def _build(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GAP, 0, GAP, 0)
        self._row.setSpacing(GAP)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._row.addWidget(self.reason, 1)
        for label in self.counts.values():
            self._row.addWidget(label)
        self._row.addWidget(self.clock)
        self.reason.clicked.connect(lambda: self.clicked.emit(self._worst))
        self.clock.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.clock.setFont(tabular(self.clock.font()))
        self.clock.setTextFormat(Qt.TextFormat.PlainText)
        self.clock.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.clock.setAccessibleName(tr("Time"))
        self._measure_clock()

    def _measure_clock(self) -> None:
        widest = f"{clock_text(WIDEST_TIME, seconds=True)} {self._zone_name}".strip()
        self.clock.setFixedWidth(QFontMetrics(self.clock.font()).horizontalAdvance(widest) + GAP)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the window may become: what has no room goes, the most important last."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for more or less."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show what there is room for: first the words go, then the clock, then the counts."""
        room = self.width() - 2 * GAP
        clock = self.clock.width() + GAP
        counts = sum(each.width() + GAP for each in self.counts.values())
        short = sum(each.width_for(worded=False) + GAP for each in self._buttons.values())
        full = sum(each.width_for(worded=True) + GAP for each in self._buttons.values())
        for button in self._buttons.values():
            button.set_worded(full + counts + clock <= room)
        self.clock.setVisible(short + counts + clock <= room)
        for label in self.counts.values():
            label.setVisible(short + counts <= room)
