"""The look: every text can be read, in both themes."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from tickglass.ui.theme import (
    DARK,
    LIGHT,
    Appearance,
    Theme,
    apply_theme,
    contrast,
    is_dark,
    palette,
    sized,
)

from .helpers import Heard

BOTH = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    style, before = qapp.style().objectName(), QPalette(qapp.palette())
    yield qapp
    qapp.styleHints().setColorScheme(Qt.ColorScheme.Unknown)
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setPalette(before)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#123456", "#123456") == pytest.approx(1.0)


@given(colours, colours)
def test_contrast_does_not_depend_on_the_order(first: str, second: str) -> None:
    assert contrast(first, second) == contrast(second, first) >= 1.0


@BOTH
@pytest.mark.parametrize("role", ["text", "muted", "dimmed", "up", "down", "warning", "accent"])
def test_every_text_stands_out_from_the_panel(theme: Theme, role: str) -> None:
    assert contrast(getattr(theme, role), theme.panel) >= 4.5


@BOTH
@pytest.mark.parametrize("ground", ["window", "raised", "selection", "hover"])
def test_plain_text_stands_out_from_every_ground(theme: Theme, ground: str) -> None:
    assert contrast(theme.text, getattr(theme, ground)) >= 4.5


@BOTH
@pytest.mark.parametrize(
    ("role", "ground"),
    [
        ("muted", "window"),  # the status line
        ("warning", "window"),  # what is wrong in a dialog
        ("muted", "raised"),  # a disabled entry of a menu
        ("on_accent", "accent"),  # the default button, selected text
        ("panel", "up"), ("panel", "down"), ("panel", "dimmed"),  # the tag of the last price
    ],
)  # fmt: skip
def test_second_texts_stand_out_from_where_they_are_written(
    theme: Theme, role: str, ground: str
) -> None:
    assert contrast(getattr(theme, role), getattr(theme, ground)) >= 4.5


@BOTH
@pytest.mark.parametrize("role", ["text", "muted", "dimmed", "up", "down", "warning"])
def test_every_text_of_a_chosen_row_stands_out(theme: Theme, role: str) -> None:
    assert contrast(getattr(theme, role), theme.selection) >= 4.5


def test_the_themes_are_dark_and_light(qapp: QApplication) -> None:
    assert is_dark(palette(DARK))
    assert not is_dark(palette(LIGHT))


@BOTH
def test_a_theme_reaches_the_whole_program(app: QApplication, theme: Theme) -> None:
    apply_theme(app, theme)
    assert app.palette().color(QPalette.ColorRole.Base) == QColor(theme.panel)
    assert theme.border in app.styleSheet()


def test_the_choice_of_the_person_wins_over_the_system(app: QApplication) -> None:
    appearance, heard = Appearance(app), Heard()
    appearance.changed.connect(heard)
    appearance.choose("light")
    assert (appearance.choice, appearance.theme) == ("light", LIGHT)
    appearance.choose("dark")
    assert (appearance.choice, appearance.theme) == ("dark", DARK)
    assert heard.all[-1] == (DARK,)
    appearance.deleteLater()


def test_an_unknown_choice_follows_the_system(app: QApplication) -> None:
    appearance = Appearance(app)
    before = appearance.theme
    appearance.choose("dark")
    appearance.choose("purple")
    assert (appearance.choice, appearance.theme) == ("system", before)
    appearance.deleteLater()


def test_a_size_is_a_multiple_and_figures_have_equal_widths(qapp: QApplication) -> None:
    font = qapp.font()
    font.setPointSizeF(10.0)
    made = sized(font, 0.9, bold=True)
    assert (made.pointSizeF(), made.bold(), font.bold()) == (9.0, True, False)
    assert [tag.toString() for tag in made.featureTags()] == [b"tnum"]
