"""Where the program's icons and other files lie."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtGui import QIcon

ICON_SIZES = (16, 22, 24, 32, 44, 48, 64, 128, 256)
TRAY_SIZES = (16, 22, 24, 32, 44, 48, 64)

HERE = Path(__file__).resolve()
PLACES = (
    HERE.parents[1] / "resources",  # in an installed wheel or a frozen program
    HERE.parents[3] / "resources",  # in a source checkout
)


@cache
def resources() -> Path:
    """The folder of the resources; raises FileNotFoundError if the installation is broken."""
    for place in PLACES:
        if (place / "icons").is_dir():
            return place
    raise FileNotFoundError(f"the resources are missing; looked in {PLACES[0]} and {PLACES[1]}")


def resource(name: str) -> Path:
    """The path of one resource, e.g. ``icons/tickglass.svg``."""
    return resources() / name


def icon_file(size: int) -> Path:
    """The program's icon as a PNG of one of ``ICON_SIZES``."""
    return resource(f"icons/tickglass-{size}.png")


def program_icon() -> QIcon:
    """The program's icon in all sizes."""
    icon = QIcon()
    for size in ICON_SIZES:
        icon.addFile(str(icon_file(size)))
    return icon


def action_file(name: str) -> Path:
    """The drawing of an icon of a menu or a button, whose strokes are ``currentColor``."""
    return resource(f"icons/actions/{name}.svg")


def arrow_file(direction: str) -> str:
    """The arrow ``up`` or ``down`` of a field, as a style sheet names it: grey on any ground."""
    return resource(f"icons/arrow-{direction}.svg").as_posix()
