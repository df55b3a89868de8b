"""The icons: all there, in the theme's colours, sharp in every size."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from tickglass.ui.icons import COLOUR, NAMES, SIZES, coloured_icon, drawing, icon
from tickglass.ui.resources import action_file, arrow_file
from tickglass.ui.tokens import DARK, LIGHT, Theme

BOTH = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
EVERY = pytest.mark.parametrize("name", NAMES)


def picture(made: QIcon, size: int, mode: QIcon.Mode = QIcon.Mode.Normal) -> QImage:
    return made.pixmap(QSize(size, size), 1.0, mode).toImage()


def strongest(image: QImage) -> QColor:
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return max((image.pixelColor(*point) for point in points), key=QColor.alpha)


def test_every_drawing_has_a_name_and_every_name_a_drawing() -> None:
    found = {path.stem for path in action_file("add").parent.glob("*.svg")}
    assert found == set(NAMES)
    assert list(NAMES) == sorted(NAMES)


@EVERY
def test_a_drawing_is_lines_on_a_grid_of_24_in_the_colour_of_text(name: str) -> None:
    root = ElementTree.fromstring(drawing(name))
    assert root.get("viewBox") == "0 0 24 24"
    assert (root.get("stroke"), root.get("fill")) == (COLOUR, "none")
    assert not any("fill" in each.attrib or "stroke" in each.attrib for each in root[:])


@BOTH
@EVERY
def test_an_icon_is_drawn_in_the_colour_of_the_theme(
    qapp: QApplication, name: str, theme: Theme
) -> None:
    drawn, wanted = strongest(picture(icon(name, theme), 24)), QColor(theme.text)
    assert drawn.alpha() > 180
    assert abs(drawn.lightness() - wanted.lightness()) < 12


@EVERY
def test_no_icon_is_cut_off_at_its_edge(qapp: QApplication, name: str) -> None:
    image = picture(icon(name, DARK), 24)
    edge = [point for each in range(24) for point in ((each, 0), (each, 23), (0, each), (23, each))]
    assert all(image.pixelColor(*point).alpha() < 40 for point in edge)


@pytest.mark.parametrize("size", SIZES)
def test_every_size_is_drawn_for_itself(qapp: QApplication, size: int) -> None:
    assert icon("chart", DARK).pixmap(QSize(size, size), 1.0).size() == QSize(size, size)


def test_on_a_screen_of_200_per_cent_an_icon_has_twice_the_pixels(qapp: QApplication) -> None:
    made = icon("chart", DARK).pixmap(QSize(18, 18), 2.0)
    assert made.size() == QSize(36, 36)
    assert made.devicePixelRatio() == 2.0


def test_what_cannot_be_used_looks_weaker(qapp: QApplication) -> None:
    made = icon("undo", LIGHT)
    normal = strongest(picture(made, 24)).alpha()
    assert strongest(picture(made, 24, QIcon.Mode.Disabled)).alpha() < normal * 0.6


def test_an_icon_is_made_once(qapp: QApplication) -> None:
    assert icon("add", DARK) is icon("add", DARK)
    assert icon("add", DARK) is not icon("add", LIGHT)


def test_an_icon_can_have_the_colour_of_a_role(qapp: QApplication) -> None:
    drawn = strongest(picture(coloured_icon("alert", DARK, "warning"), 48))
    assert abs(drawn.hslHue() - QColor(DARK.warning).hslHue()) < 8


def test_a_strange_name_is_no_icon() -> None:
    with pytest.raises(KeyError):
        icon("../tickglass", DARK)


@pytest.mark.parametrize("direction", ["up", "down"])
def test_the_arrows_of_fields_are_there(direction: str) -> None:
    assert "<svg" in Path(arrow_file(direction)).read_text(encoding="utf-8")
