"""The tray icon: prices at hand, the window a click away. Redrawn only if what it shows changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from ..alerts.history import Record
from ..language import tr
from .resources import TRAY_SIZES, icon_file
from .text import MINUS
from .theme import ALERT_MARK, DARK

PRICES = RECENT = 5
INTERVAL = 1.0  # s between looks at the prices, and for a tray that comes up later than we do
DIM = 0.45
MUTE_SECONDS = 3_600
TOOLTIP_PRICES = 3
DOT = 0.42  # of the icon's size
STRIKE = 0.09
MESSAGE_MS = 10_000


State = tuple[str, bool, bool]  # live or stale, muted, something fired that was not seen


class Tray(QObject):
    """The icon and its menu. Without a tray host there is no icon, and ``available`` says so."""

    raise_wanted = Signal()
    quit_wanted = Signal()
    record_chosen = Signal(object)  # Record of an alert that fired
    mute_wanted = Signal(int)  # s; 0: no longer

    def __init__(self) -> None:
        super().__init__()
        self._icon: QSystemTrayIcon | None = None
        self._menu = QMenu()
        self._prices: list[QAction] = []
        self._looked = 0.0
        self._state = ("live", False, False)
        self._unseen = self._muted = False
        self._recent: list[Record] = []
        self._fired: list[QAction] = []
        self._said = ""
        self._icons: dict[State, QIcon] = {}
        self._fill_menu()

    @property
    def available(self) -> bool:
        """Whether the window can be brought back from a tray."""
        return self._icon is not None and QSystemTrayIcon.isSystemTrayAvailable()

    def why_none(self) -> str:
        """Why the window cannot hide in a tray, and what happens instead."""
        return tr(
            "This desktop has no tray: the ticker stays in view instead, and closing the window "
            "once more hides it. On GNOME the extension “AppIndicator and KStatusNotifierItem "
            "Support” brings a tray."
        )

    def appear_if_possible(self) -> None:
        """Show the icon if there is a tray, now or later than we came up."""
        if self._icon is not None or not QSystemTrayIcon.isSystemTrayAvailable():
            return
        self._icon = QSystemTrayIcon(self._drawn(self._state), self)
        self._icon.setToolTip("Tickglass")
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.show()

    def alert_fired(self) -> None:
        """Mark the icon until the window is looked at."""
        self._unseen = True

    def set_muted(self, muted: bool) -> None:
        """Whether alerts are muted."""
        self._muted = muted

    def set_recent(self, record: Record) -> None:
        """Something fired, or something became of telling it."""
        self._recent = [each for each in self._recent if each.id != record.id]
        self._recent = [record, *self._recent][:RECENT]

    def seen(self) -> None:
        """The person has looked at the window."""
        self._unseen = False

    def flush(self, now: float, lines: Callable[[int], tuple[list[str], bool]]) -> None:
        """Bring menu and icon up to date, at most once a second.

        ``lines`` gives the texts of so many prices, and whether any of them can be trusted.
        """
        if now - self._looked < INTERVAL:
            return
        self._looked = now
        self.appear_if_possible()
        texts, trusted = lines(PRICES)
        while len(self._prices) < len(texts):
            self._add_price()
        for number, action in enumerate(self._prices):
            action.setVisible(number < len(texts))
        for action, text in zip(self._prices, texts, strict=False):
            self._set_text(action, text)
        self._flush_recent()
        self._set_text(self._mute, tr("Unmute") if self._muted else tr("Mute for an hour"))
        state = ("live" if trusted else "stale", self._muted, self._unseen)
        self._draw(state)
        self._say(state, texts)

    def show_message(self, title: str, body: str) -> bool:
        """The tray's own message, where nothing better is to be had; whether there is a tray."""
        if self._icon is None or not QSystemTrayIcon.supportsMessages():
            return False
        self._icon.showMessage(title, body, self._drawn(self._state), MESSAGE_MS)
        return self.available

    def end(self) -> None:
        """Take the icon down for good."""
        if self._icon is not None:
            self._icon.hide()
            self._icon.setContextMenu(None)  # type: ignore[arg-type]
            self._icon = None
        self._menu.deleteLater()
        self.deleteLater()

    def _fill_menu(self) -> None:
        self._separator = self._menu.addSeparator()
        self._after_recent = self._menu.addSeparator()
        self._after_recent.setVisible(False)
        self._mute = self._menu.addAction(tr("Mute for an hour"))
        self._mute.triggered.connect(
            lambda: self.mute_wanted.emit(0 if self._muted else MUTE_SECONDS)
        )
        self._menu.addAction(tr("Show Tickglass")).triggered.connect(self.raise_wanted)
        self._menu.addAction(tr("Quit")).triggered.connect(self.quit_wanted)

    def _add_price(self) -> None:
        action = QAction(self._menu)
        action.triggered.connect(self.raise_wanted)
        self._menu.insertAction(self._separator, action)
        self._prices.append(action)

    def _flush_recent(self) -> None:
        """The alerts that fired last, each opening its chart."""
        while len(self._fired) < len(self._recent):
            action = QAction(self._menu)
            place = len(self._fired)
            action.triggered.connect(lambda _=False, place=place: self._choose(place))
            self._menu.insertAction(self._after_recent, action)
            self._fired.append(action)
        self._after_recent.setVisible(bool(self._recent))
        for action, record in zip(self._fired, self._recent, strict=False):
            self._set_text(action, f"{ALERT_MARK} {record.title}")

    def _choose(self, place: int) -> None:
        if place < len(self._recent):
            self.record_chosen.emit(self._recent[place])

    def _say(self, state: State, prices: list[str]) -> None:
        """What is said when pointed at: the state, and the first prices."""
        health, muted, unseen = state
        words = ["Tickglass", tr("live") if health == "live" else tr("no live prices")]
        if muted:
            words.append(tr("muted"))
        if unseen:
            words.append(tr("an alert fired"))
        said = "\n".join([", ".join(words), *prices[:TOOLTIP_PRICES]])
        if self._icon is not None and said != self._said:
            self._said = said
            self._icon.setToolTip(said)

    def _set_text(self, action: QAction, text: str) -> None:
        plain = text.replace("&", "&&").replace(MINUS, "-")
        if action.text() != plain:
            action.setText(plain)

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.raise_wanted.emit()

    def _draw(self, state: State) -> None:
        if state != self._state:
            self._state = state
            if self._icon is not None:
                self._icon.setIcon(self._drawn(state))

    def _drawn(self, state: State) -> QIcon:
        if state not in self._icons:
            icon = QIcon()
            for size in TRAY_SIZES:
                icon.addPixmap(_pixmap(size, *state))
            self._icons[state] = icon
        return self._icons[state]


def _pixmap(size: int, health: str, muted: bool, unseen: bool) -> QPixmap:
    source = QPixmap(str(icon_file(size)))
    drawn = QPixmap(source.size())
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setOpacity(1.0 if health == "live" else DIM)
    painter.drawPixmap(0, 0, source)
    painter.setOpacity(1.0)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    dot = round(size * DOT)
    if muted:  # struck through, below on the left: told apart without colour
        painter.setPen(QPen(QColor(DARK.panel), size * STRIKE * 2))
        painter.drawLine(0, size, dot * 2, size - dot * 2)
        painter.setPen(QPen(QColor(DARK.text), size * STRIKE))
        painter.drawLine(0, size, dot * 2, size - dot * 2)
    if unseen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(DARK.warning))
        painter.drawEllipse(size - dot, 0, dot, dot)
    painter.end()
    return drawn
