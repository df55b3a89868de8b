"""The tokens: every text can be read, and every palette tells rising from falling."""

import itertools
import math
import re

import pytest
from PySide6.QtGui import QColor

from tickglass.ui.resources import resource
from tickglass.ui.theme import contrast
from tickglass.ui.tokens import (
    DARK,
    FLASH_ALPHA,
    GROUNDS,
    LIGHT,
    PALETTE_CHOICES,
    TEXT_ROLES,
    THEMES,
    Theme,
)

READABLE = 4.5  # WCAG 2.2, 1.4.3
VISIBLE = 3.0  # WCAG 2.2, 1.4.11: rings, marks, arrows
TELLING = 40.0  # CIE 1976 distance of up and down; 2.3 can just be noticed
TELLING_ALL = 20.0  # of the palettes that are not made for it
# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency" (2009), severity 1.0; for linear RGB.
BLINDNESS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
TO_XYZ = (  # IEC 61966-2-1
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)
Three = tuple[float, ...]

EVERY = pytest.mark.parametrize(
    "theme", THEMES.values(), ids=lambda each: f"{each.name}-{each.palette}"
)


def times(matrix: tuple[Three, ...], vector: Three) -> Three:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def linear(colour: str) -> Three:
    parts = (int(colour[each : each + 2], 16) / 255 for each in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)


def lab(rgb: Three) -> Three:
    clipped = tuple(min(1.0, max(0.0, each)) for each in rgb)
    x, y, z = (
        f ** (1 / 3) if f > 216 / 24389 else (24389 / 27 * f + 16) / 116
        for f in (a / b for a, b in zip(times(TO_XYZ, clipped), WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour: str, blindness: str) -> Three:
    return lab(times(BLINDNESS[blindness], linear(colour)))


def mixed(ground: str, tint: str, alpha: int) -> str:
    under, over, share = QColor(ground), QColor(tint), alpha / 255
    parts = [
        round(a + (b - a) * share)
        for a, b in (
            (under.red(), over.red()),
            (under.green(), over.green()),
            (under.blue(), over.blue()),
        )
    ]
    return QColor(*parts).name()


def check_drawing(theme: Theme) -> str:
    return resource(f"icons/check-{theme.name}.svg").read_text()


def test_there_is_a_dark_and_a_light_theme_of_every_palette() -> None:
    assert set(THEMES) == set(itertools.product(("dark", "light"), PALETTE_CHOICES))
    assert all(key == (theme.name, theme.palette) for key, theme in THEMES.items())
    assert THEMES["dark", "standard"] is DARK
    assert THEMES["light", "standard"] is LIGHT


@EVERY
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("role", TEXT_ROLES)
def test_every_text_can_be_read_on_every_ground(theme: Theme, role: str, ground: str) -> None:
    assert contrast(getattr(theme, role), getattr(theme, ground)) >= READABLE


@EVERY
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("tint", ["up", "down"])
def test_a_price_can_be_read_while_it_flashes(theme: Theme, ground: str, tint: str) -> None:
    flashing = mixed(getattr(theme, ground), getattr(theme, tint), FLASH_ALPHA)
    assert contrast(theme.text, flashing) >= READABLE


@EVERY
@pytest.mark.parametrize("role", ["up", "down", "dimmed"])
def test_the_tag_of_the_last_price_can_be_read(theme: Theme, role: str) -> None:
    assert contrast(theme.panel, getattr(theme, role)) >= READABLE


@EVERY
def test_chosen_text_and_the_default_button_can_be_read(theme: Theme) -> None:
    assert contrast(theme.on_accent, theme.accent) >= READABLE


@EVERY
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_ring_around_what_has_the_keyboard_can_be_seen(theme: Theme, ground: str) -> None:
    assert contrast(theme.accent, getattr(theme, ground)) >= VISIBLE


@EVERY
@pytest.mark.parametrize("ground", GROUNDS)
def test_what_can_be_ticked_can_be_seen_before_it_is(theme: Theme, ground: str) -> None:
    assert contrast(theme.control, getattr(theme, ground)) >= VISIBLE


@EVERY
@pytest.mark.parametrize("ground", GROUNDS)
def test_a_tick_can_be_seen_in_its_box_and_the_box_around_it(theme: Theme, ground: str) -> None:
    (stroke,) = re.findall(r'stroke="(#\w+)"', check_drawing(theme))
    assert stroke == theme.on_accent
    assert contrast(theme.accent, getattr(theme, ground)) >= VISIBLE


@EVERY
def test_every_line_of_a_chart_and_its_name_can_be_read(theme: Theme) -> None:
    assert all(contrast(line, theme.panel) >= READABLE for line in theme.lines)
    assert len(set(theme.lines)) == len(theme.lines)


@EVERY
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_rising_and_falling_differ_for_the_colour_blind(theme: Theme, blindness: str) -> None:
    bound = TELLING if theme.palette == "colour-blind" else TELLING_ALL
    assert math.dist(seen(theme.up, blindness), seen(theme.down, blindness)) >= bound


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("role", ["up", "down"])
def test_a_warning_is_told_from_prices_by_the_colour_blind(
    name: str, blindness: str, role: str
) -> None:
    theme = THEMES[name, "colour-blind"]
    distance = math.dist(seen(theme.warning, blindness), seen(getattr(theme, role), blindness))
    assert distance >= TELLING_ALL


def test_the_distance_is_that_of_cie_1976() -> None:
    assert lab(linear("#ffffff")) == pytest.approx((100, 0, 0), abs=0.01)
    assert lab(linear("#ff0000")) == pytest.approx((53.24, 80.09, 67.20), abs=0.02)


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_the_simulated_eye_keeps_grey_grey_and_confuses_red_with_green(blindness: str) -> None:
    assert seen("#808080", blindness) == pytest.approx(lab(linear("#808080")), abs=0.1)
    before = math.dist(lab(linear("#c03030")), lab(linear("#5a7a20")))
    assert math.dist(seen("#c03030", blindness), seen("#5a7a20", blindness)) < before / 2


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_east_asian_palette_exchanges_rising_and_falling_and_nothing_else(name: str) -> None:
    usual, east = THEMES[name, "standard"], THEMES[name, "red-up"]
    assert (east.up, east.down) == (usual.down, usual.up)
    assert QColor(east.up).hslHue() % 360 < 30, "red rises"
    assert (east.live, east.warning, east.panel) == (usual.live, usual.warning, usual.panel)
