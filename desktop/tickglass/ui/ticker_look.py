"""How the ticker looks and where it is: what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication

TickerSize = Literal["small", "medium", "large"]
SIZES: tuple[TickerSize, ...] = get_args(TickerSize)
LEAST_OPACITY, MOST_OPACITY = 30, 100  # %
LEAST_VISIBLE = 40  # px of the window that must be on a screen
SOLID = ("wayland", "offscreen", "minimal")  # platforms whose windows are never translucent
EDGE = 16  # px from the corner of the screen where it first appears


@dataclass(frozen=True, slots=True)
class TickerLook:
    """How the ticker looks: opacity in %, its corner in px of the desktop or None."""

    size: TickerSize = "medium"
    opacity: int = MOST_OPACITY
    vertical: bool = True
    place: tuple[int, int] | None = None


def right(look: TickerLook) -> TickerLook:
    """The same look, with what cannot be put right."""
    size: TickerSize = look.size if look.size in SIZES else "medium"
    return replace(look, size=size, opacity=max(LEAST_OPACITY, min(MOST_OPACITY, look.opacity)))


def placed(window: QRect, screens: Sequence[QRect], *, known: bool = True) -> QPoint:
    """Where a window's corner goes: as wished if enough of it is on a screen, else on the first.

    The first of the screens is the primary one; an unknown place is its upper right corner.
    """
    if not screens:
        return window.topLeft()
    if known:
        shown = [window.intersected(screen) for screen in screens]
        if any(min(each.width(), each.height()) >= least_of(window) for each in shown):
            return window.topLeft()
    first = screens[0]
    return QPoint(
        max(first.left(), first.right() + 1 - window.width() - EDGE),
        max(first.top(), min(first.top() + EDGE, first.bottom() + 1 - window.height())),
    )


def least_of(window: QRect) -> int:
    """How much of a window must be seen (px each way): a small one only needs to be whole."""
    return min(LEAST_VISIBLE, window.width(), window.height())


def application() -> QGuiApplication:
    """The running application."""
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    return app


def on_wayland() -> bool:
    """Whether only the system may move windows."""
    return QGuiApplication.platformName().startswith("wayland")


def can_fade() -> bool:
    """Whether windows can be translucent here."""
    return not QGuiApplication.platformName().startswith(SOLID)
