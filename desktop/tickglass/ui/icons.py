"""The icons of menus and buttons: drawn for the program, coloured by the theme."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from .resources import action_file
from .tokens import Theme

NAMES = (
    "add", "alert", "board", "book", "camera", "chart", "close", "columns", "crosshair", "down",
    "export", "feed", "fibonacci", "group", "horizontal", "import", "layout", "link", "maximise",
    "menu", "movers", "mute", "rectangle", "rename", "restore", "ruler", "search", "settings",
    "sort", "star", "tape", "ticker", "trend-line", "undo", "up", "vertical",
)  # fmt: skip
SIZES = (16, 18, 20, 24, 32, 36, 40, 48)  # px: what buttons and menus ask for, at 100 to 200 %
DISABLED_OPACITY = 0.45
KEPT = 256  # icons; more than all of them in two themes
COLOUR = "currentColor"


@lru_cache(KEPT)
def icon(name: str, theme: Theme) -> QIcon:
    """An icon in the colours of a theme, sharp in every size; raises KeyError on a strange name."""
    return drawn(name, theme.text)


@lru_cache(KEPT)
def coloured_icon(name: str, theme: Theme, role: str) -> QIcon:
    """An icon in the colour of a role, e.g. ``accent`` or ``warning``."""
    return drawn(name, getattr(theme, role))


def drawn(name: str, colour: str) -> QIcon:
    """An icon in one colour; raises KeyError on a strange name."""
    renderer = QSvgRenderer(drawing(name).replace(COLOUR, colour).encode())
    made = QIcon()
    for size in SIZES:
        image = rendered(renderer, size)
        made.addPixmap(QPixmap.fromImage(image), QIcon.Mode.Normal)
        made.addPixmap(QPixmap.fromImage(faded(image)), QIcon.Mode.Disabled)
    return made


@cache
def drawing(name: str) -> str:
    """The SVG of an icon; raises KeyError on a strange name."""
    if name not in NAMES:
        raise KeyError(name)
    return action_file(name).read_text(encoding="utf-8")


def rendered(renderer: QSvgRenderer, size: int) -> QImage:
    """An icon in so many pixels."""
    image = blank(size)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def faded(image: QImage) -> QImage:
    """The same picture as it looks where it cannot be used."""
    made = blank(image.width())
    painter = QPainter(made)
    painter.setOpacity(DISABLED_OPACITY)
    painter.drawImage(0, 0, image)
    painter.end()
    return made


def blank(size: int) -> QImage:
    """A picture with nothing on it."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image
