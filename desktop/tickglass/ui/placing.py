"""Windows come back where they were, or on a screen that exists."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QPoint, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

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
