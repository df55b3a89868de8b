"""Windows come back where they were, or on a screen that exists."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, QRect, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

FEED, SETTINGS = "feed", "settings"  # windows beside the main one whose place is kept
LEAST_SEEN = 60  # px of a window's top that must lie on a screen, so that it can be taken hold of


def saved_place(window: QWidget) -> str:
    """Where a window is and how large, as text."""
    return window.saveGeometry().toBase64().toStdString()


def put_back(window: QWidget, place: object) -> bool:
    """Put a window where it was saved; False if the text says nothing."""
    restored = window.restoreGeometry(QByteArray.fromBase64(str(place or "").encode()))
    keep_on_screen(window)
    return bool(restored)


def keep_on_screen(window: QWidget) -> None:
    """Move a window whose screen is gone, or is smaller now, to where it can be seen."""
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    moved = within(window.frameGeometry(), screens)
    if moved != window.frameGeometry():
        window.resize(moved.size() - (window.frameGeometry().size() - window.size()))
        window.move(moved.topLeft())


def within(place: QRect, screens: list[QRect]) -> QRect:
    """The place itself if its top can be grasped on a screen, else one on the nearest screen."""
    grip = QRect(place.left(), place.top(), place.width(), LEAST_SEEN)
    for screen in screens:
        seen = screen.intersected(grip)
        if seen.width() >= LEAST_SEEN and seen.height() >= LEAST_SEEN // 2:
            return place
    if not screens:
        return place
    screen = min(screens, key=lambda each: _distance(each.center(), place.center()))
    size = place.size().boundedTo(screen.size())
    left = min(max(place.left(), screen.left()), screen.left() + screen.width() - size.width())
    top = min(max(place.top(), screen.top()), screen.top() + screen.height() - size.height())
    return QRect(QPoint(left, top), size)


def _distance(first: QPoint, second: QPoint) -> int:
    return (first - second).manhattanLength()


class Places(QObject):
    """Where the windows beside the main one are; also of those that were not opened yet.

    ``changed`` when one of them is closed. Closing does not make a window forget its place, but
    not every window manager puts it back there when it is opened again.
    """

    changed = Signal()

    def __init__(self, names: Collection[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names = frozenset(names)
        self._kept: dict[str, str] = {}
        self._windows: dict[str, QWidget] = {}

    def put(self, name: str, window: QWidget) -> None:
        """Put a window that is about to be opened where it was, and remember it from now on."""
        if self._windows.get(name) is not window:
            self._windows[name] = window
            window.installEventFilter(self)
        if not window.isVisible() and name in self._kept:
            put_back(window, self._kept[name])

    def save_state(self) -> dict[str, str]:
        """Where they are, for ``restore_state``."""
        for name, window in self._windows.items():
            if window.isVisible():
                self._kept[name] = saved_place(window)
        return dict(self._kept)

    def restore_state(self, state: Mapping[str, object]) -> None:
        """Put back those that are open, the others when they are opened."""
        for name in self._names & state.keys():
            place = self._kept[name] = str(state[name])
            window = self._windows.get(name)
            if window is not None and window.isVisible():
                put_back(window, place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """One is being closed: this is where it was."""
        if event.type() == QEvent.Type.Hide and not event.spontaneous():
            for name, window in self._windows.items():
                if window is watched:
                    self._kept[name] = saved_place(window)
                    self.changed.emit()
        return False
