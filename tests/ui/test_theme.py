"""The look, applied: themes, palettes, motion and the ring around what has the keyboard."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QTabBar,
    QTableWidget,
    QToolButton,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tickglass.ui.theme import (
    DARK,
    LIGHT,
    REDUCED,
    THEMES,
    Appearance,
    Theme,
    apply_theme,
    contrast,
    is_dark,
    motion_reduced,
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


def test_a_palette_is_used_at_once_and_kept_when_the_theme_changes(app: QApplication) -> None:
    appearance, heard = Appearance(app), Heard()
    appearance.changed.connect(heard)
    appearance.choose("dark", "colour-blind")
    assert (appearance.palette, appearance.theme) == (
        "colour-blind",
        THEMES["dark", "colour-blind"],
    )
    appearance.choose("light")
    assert appearance.theme == THEMES["light", "colour-blind"]
    appearance.choose("light", "red-up")
    assert heard.all[-1] == (THEMES["light", "red-up"],)
    appearance.choose("light", "rainbow")
    assert (appearance.palette, appearance.theme) == ("standard", LIGHT)
    appearance.deleteLater()


class Hints(QObject):
    """What a system says, as Qt hands it on."""

    colorSchemeChanged = Signal(Qt.ColorScheme)

    def __init__(self, wish: str | None = None) -> None:
        super().__init__()
        self.scheme = Qt.ColorScheme.Light
        if wish is not None:
            self.motionPreference = lambda: SimpleNamespace(name=wish)

    def colorScheme(self) -> Qt.ColorScheme:
        return self.scheme

    def setColorScheme(self, scheme: Qt.ColorScheme) -> None:
        pass

    def accessibility(self) -> "Hints":
        return self

    def turn(self, scheme: Qt.ColorScheme) -> None:
        self.scheme = scheme
        self.colorSchemeChanged.emit(scheme)


@pytest.fixture
def system(app: QApplication, monkeypatch: pytest.MonkeyPatch) -> Hints:
    hints = Hints()
    monkeypatch.setattr(QApplication, "styleHints", lambda *_: hints)
    return hints


def test_the_theme_follows_the_system_while_the_program_runs(
    app: QApplication, system: Hints
) -> None:
    appearance, heard = Appearance(app), Heard()
    appearance.choose("system", "red-up")
    appearance.changed.connect(heard)
    system.turn(Qt.ColorScheme.Dark)
    assert appearance.theme == THEMES["dark", "red-up"]
    system.turn(Qt.ColorScheme.Light)
    assert heard.all == [(THEMES["dark", "red-up"],), (THEMES["light", "red-up"],)]
    appearance.deleteLater()


def test_a_theme_that_was_chosen_does_not_follow_the_system(
    app: QApplication, system: Hints
) -> None:
    appearance = Appearance(app)
    appearance.choose("light")
    system.turn(Qt.ColorScheme.Dark)
    assert appearance.theme == LIGHT
    appearance.deleteLater()


@pytest.mark.parametrize(
    ("choice", "wish", "reduced"),
    [
        ("system", "NoPreference", False),
        ("system", "ReducedMotion", True),
        ("system", None, False),  # Qt before 6.12 does not know
        ("full", "ReducedMotion", False),
        ("reduced", "NoPreference", True),
    ],
)
def test_motion_is_as_the_person_chose_or_as_the_system_says(
    app: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    wish: str | None,
    reduced: bool,
) -> None:
    hints = Hints(wish)
    monkeypatch.setattr(QApplication, "styleHints", lambda *_: hints)
    assert motion_reduced(choice, app) is reduced


def test_this_qt_names_the_wish_for_less_motion_as_we_do() -> None:
    preference = getattr(Qt, "MotionPreference", None)
    assert preference is None or REDUCED in preference.__members__


def test_a_choice_of_motion_is_told_once(app: QApplication) -> None:
    appearance, heard = Appearance(app), Heard()
    appearance.motion_changed.connect(heard)
    appearance.choose_motion("reduced")
    appearance.choose_motion("reduced")
    assert appearance.motion_reduced
    appearance.choose_motion("full")
    assert heard.all == [(True,), (False,)]
    appearance.deleteLater()


def ring(widget: QWidget, qtbot: QtBot, theme: Theme) -> int:
    """How many pixels have the accent's colour only while the widget has the keyboard."""
    place = QWidget()
    layout = QHBoxLayout(place)
    other = QPushButton("other")
    layout.addWidget(other)
    layout.addWidget(widget)
    qtbot.addWidget(place)
    with qtbot.waitActive(place):
        place.show()
        place.activateWindow()
    counts = []
    for each in (other, widget):
        each.setFocus(Qt.FocusReason.TabFocusReason)
        assert each.hasFocus()
        picture = widget.grab().toImage()
        pixels = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
        counts.append(sum(picture.pixelColor(*at) == QColor(theme.accent) for at in pixels))
    return counts[1] - counts[0]


@BOTH
@pytest.mark.parametrize(
    "kind",
    [
        QPushButton, QToolButton, QLineEdit, QComboBox, QSpinBox, QCheckBox, QRadioButton, QSlider,
        QListWidget, QTreeWidget, QTableWidget, QPlainTextEdit, QKeySequenceEdit,
    ],
)  # fmt: skip
def test_what_has_the_keyboard_has_a_ring(
    app: QApplication, qtbot: QtBot, theme: Theme, kind: type[QWidget]
) -> None:
    apply_theme(app, theme)
    widget = kind()
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    target = widget.focusProxy() or widget
    around = 2 * (target.sizeHint().width() // 2)
    assert ring(widget, qtbot, theme) >= min(30, around)


def test_the_chosen_tab_has_a_ring_while_it_has_the_keyboard(
    app: QApplication, qtbot: QtBot
) -> None:
    apply_theme(app, DARK)
    tabs = QTabBar()
    tabs.addTab("Majors")
    tabs.addTab("Small")
    assert ring(tabs, qtbot, DARK) >= 60


@pytest.mark.parametrize("kind", [QPushButton, QToolButton, QLineEdit, QComboBox, QSpinBox])
def test_a_ring_moves_nothing(app: QApplication, qtbot: QtBot, kind: type[QWidget]) -> None:
    apply_theme(app, LIGHT)
    widget = kind()
    qtbot.addWidget(widget)
    before = widget.sizeHint()
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    widget.setFocus()
    assert widget.hasFocus()
    assert widget.sizeHint() == before


# ---------------------------------------------------------------- check boxes


def seen_colours(box: QCheckBox) -> list[str]:
    """The colours from left to right through the middle of the box that is ticked."""
    QApplication.processEvents()
    image, middle = box.grab().toImage(), box.height() // 2
    width = round(24 * image.devicePixelRatio())
    return [image.pixelColor(x, middle).name() for x in range(width)]


@BOTH
def test_a_check_box_is_seen_whether_it_is_ticked_or_not(
    app: QApplication, qtbot: QtBot, theme: Theme
) -> None:
    apply_theme(app, theme)
    page = QWidget()
    qtbot.addWidget(page)
    box = QCheckBox("Use it", page)
    box.move(100, 100)  # away from the mouse
    box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    page.show()
    empty = seen_colours(box)
    assert empty.count(theme.control) == 2, "its left and right border"
    assert theme.accent not in empty
    assert empty.count(theme.panel) >= 12
    box.setChecked(True)
    ticked = seen_colours(box)
    assert theme.control not in ticked
    assert ticked.count(theme.accent) >= 8
    assert theme.on_accent in ticked, "the tick itself"
