"""The look, applied: the tokens as palette, style sheet and type, after the person's choice."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from .style import style_sheet
from .tokens import (
    ALERT_MARK,
    CELL_MARGIN,
    CELL_PADDING,
    DARK,
    GAP,
    GAP_LARGE,
    GAP_SMALL,
    LIGHT,
    MOTION_CHOICES,
    PALETTE_CHOICES,
    RADIUS,
    ROW_PADDING,
    SMALL,
    THEME_CHOICES,
    THEMES,
    MotionChoice,
    PaletteChoice,
    Theme,
    ThemeChoice,
)

__all__ = [
    "ALERT_MARK",
    "CELL_MARGIN",
    "CELL_PADDING",
    "DARK",
    "GAP",
    "GAP_LARGE",
    "GAP_SMALL",
    "LIGHT",
    "MOTION_CHOICES",
    "PALETTE_CHOICES",
    "RADIUS",
    "ROW_PADDING",
    "SMALL",
    "THEMES",
    "THEME_CHOICES",
    "Appearance",
    "Theme",
    "apply_theme",
    "contrast",
    "is_dark",
    "motion_reduced",
    "palette",
    "sized",
    "style_sheet",
    "tabular",
]


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole program the colours of a theme."""
    app.setStyle("Fusion")
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))


SCHEMES: dict[ThemeChoice, Qt.ColorScheme] = {
    "system": Qt.ColorScheme.Unknown,
    "dark": Qt.ColorScheme.Dark,
    "light": Qt.ColorScheme.Light,
}


class Appearance(QObject):
    """Follows the person's choices of the look, and the system's where that is the choice."""

    changed = Signal(Theme)
    motion_changed = Signal(bool)  # whether motion is reduced now

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice: ThemeChoice = "system"
        self._palette: PaletteChoice = "standard"
        self._motion: MotionChoice = "system"
        self._system_is_dark = is_dark(app.palette())
        self.theme = self._wanted()
        self.motion_reduced = motion_reduced(self._motion, app)
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        heard = getattr(app.styleHints().accessibility(), "motionPreferenceChanged", None)
        if heard is not None:
            heard.connect(self._motion_changed)

    @property
    def choice(self) -> ThemeChoice:
        """What the person chose of dark, light and the system's."""
        return self._choice

    @property
    def palette(self) -> PaletteChoice:
        """Which colours the person chose for up and down."""
        return self._palette

    def choose(self, choice: str, palette: str | None = None) -> None:
        """Use a theme, and a palette if one is named; anything unknown counts as the first."""
        self._choice = next((each for each in THEME_CHOICES if each == choice), "system")
        if palette is not None:
            self._palette = next((each for each in PALETTE_CHOICES if each == palette), "standard")
        self._app.styleHints().setColorScheme(SCHEMES[self._choice])
        self._use()

    def choose_motion(self, choice: str) -> None:
        """Let things move or not; anything unknown counts as ``system``."""
        self._motion = next((each for each in MOTION_CHOICES if each == choice), "system")
        self._motion_changed()

    def _use(self) -> None:
        self.theme = self._wanted()
        apply_theme(self._app, self.theme)
        self.changed.emit(self.theme)

    def _system_changed(self) -> None:
        if self._choice == "system" and self._wanted() is not self.theme:
            self._use()

    def _motion_changed(self) -> None:
        reduced = motion_reduced(self._motion, self._app)
        if reduced != self.motion_reduced:
            self.motion_reduced = reduced
            self.motion_changed.emit(reduced)

    def _wanted(self) -> Theme:
        return THEMES["dark" if self._dark() else "light", self._palette]

    def _dark(self) -> bool:
        if self._choice != "system":
            return self._choice == "dark"
        scheme = self._app.styleHints().colorScheme()
        if scheme == Qt.ColorScheme.Unknown:
            return self._system_is_dark
        return scheme == Qt.ColorScheme.Dark


def motion_reduced(choice: str, app: QApplication) -> bool:
    """Whether nothing should move: as the person chose, else as the system says.

    Qt tells the system's wish from 6.12 on; before that the system counts as not minding.
    """
    if choice in ("full", "reduced"):
        return choice == "reduced"
    style = app.styleHints()  # held, as the next is: what they give does not keep them alive
    hints = style.accessibility()
    preference = getattr(hints, "motionPreference", None)
    return preference is not None and preference().name == REDUCED


REDUCED = "ReducedMotion"  # a member of Qt.MotionPreference, which Qt before 6.12 does not have


def is_dark(palette: QPalette) -> bool:
    """Whether a palette writes light on dark."""
    window = palette.color(QPalette.ColorRole.Window).lightness()
    return window < palette.color(QPalette.ColorRole.WindowText).lightness()


def palette(theme: Theme) -> QPalette:
    """The Fusion palette of a theme."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    made = QPalette()
    for key, colour in {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.panel,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.warning,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.text,
        role.Link: theme.accent,
        role.Accent: theme.accent,
        role.Mid: theme.border,
        role.Dark: theme.border,
        role.Light: theme.raised,
    }.items():
        made.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(group.Disabled, key, QColor(theme.dimmed))
    return made


def sized(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """The same type in another size, with figures of equal width."""
    made = QFont(font)
    if font.pointSizeF() > 0:
        made.setPointSizeF(font.pointSizeF() * factor)
    made.setBold(bold)
    return tabular(made)


def tabular(font: QFont) -> QFont:
    """The same type with figures of equal width, so that prices do not dance."""
    made = QFont(font)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def contrast(first: str, second: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    bright, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    made = QColor(colour)
    parts = (made.redF(), made.greenF(), made.blueF())
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
