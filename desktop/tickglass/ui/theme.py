"""Colours, sizes and type: every token of the look stands here, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

ThemeChoice = Literal["system", "dark", "light"]
THEME_CHOICES: tuple[ThemeChoice, ...] = get_args(ThemeChoice)


@dataclass(frozen=True, slots=True)
class Theme:
    """The colour of every role. Text roles have a contrast of at least 4.5:1 on ``panel``."""

    name: str
    window: str  # behind everything
    panel: str  # tables, charts, input fields
    raised: str  # buttons, headers, menus
    border: str
    grid: str
    text: str
    muted: str  # text of second rank
    dimmed: str  # prices that are no longer true
    accent: str
    on_accent: str
    selection: str
    hover: str
    up: str
    down: str
    warning: str
    crosshair: str
    lines: tuple[str, ...]  # of indicators and compared instruments, in the order they are taken


# Up and down differ in blue as well as in red and green, so that the common forms of colour
# blindness still tell them apart; signs, arrows and hollow candles say the same without colour.
DARK = Theme(
    name="dark",
    window="#12151a",
    panel="#181c23",
    raised="#222833",
    border="#2b323e",
    grid="#242a35",
    text="#e4e8ef",
    muted="#9aa5b5",
    dimmed="#939eaf",
    accent="#6aa9f4",
    on_accent="#0d1420",
    selection="#1f3048",
    hover="#1f2530",
    up="#35c2ae",
    down="#f4806c",
    warning="#f0b24f",
    crosshair="#7b8799",
    lines=("#e5b567", "#6cb6ff", "#c792ea", "#7fd1b9", "#f28b82", "#b0bf6b", "#f0a3d0"),
)
LIGHT = Theme(
    name="light",
    window="#eef1f5",
    panel="#ffffff",
    raised="#f6f8fa",
    border="#d3d9e2",
    grid="#e9edf2",
    text="#1a212c",
    muted="#56606f",
    dimmed="#636d7c",
    accent="#1b64c4",
    on_accent="#ffffff",
    selection="#e8f1fd",
    hover="#f1f5fa",
    up="#067567",
    down="#c03f2c",
    warning="#8f5b00",
    crosshair="#7b8799",
    lines=("#9a6700", "#0a62b8", "#7b3fb5", "#0b7a66", "#b3402f", "#5f6f0c", "#a83279"),
)

GAP, GAP_SMALL, GAP_LARGE = 8, 4, 16  # px between things
RADIUS = 5
ROW_PADDING = 9  # px added to the height of a line of text to make a table row
CELL_PADDING = 9  # px left and right of the text of a cell
CELL_MARGIN = 3  # px of them that the Fusion style adds by itself
ALERT_MARK = "⚑"
SMALL = 0.9  # times the system's type size


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole program the colours of a theme."""
    app.setStyle("Fusion")
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))


class Appearance(QObject):
    """Follows the person's choice of theme, and the system's where that is the choice."""

    changed = Signal(Theme)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice: ThemeChoice = "system"
        self._system_is_dark = is_dark(app.palette())
        self.theme = self._wanted()
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def choice(self) -> ThemeChoice:
        """What the person chose."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Use a theme from now on; anything unknown counts as ``system``."""
        self._choice = choice if choice in THEME_CHOICES else "system"
        hints = self._app.styleHints()
        hints.setColorScheme(SCHEMES[self._choice])
        self._use()

    def _use(self) -> None:
        self.theme = self._wanted()
        apply_theme(self._app, self.theme)
        self.changed.emit(self.theme)

    def _system_changed(self) -> None:
        if self._choice == "system" and self._wanted() is not self.theme:
            self._use()

    def _wanted(self) -> Theme:
        if self._choice != "system":
            return DARK if self._choice == "dark" else LIGHT
        scheme = self._app.styleHints().colorScheme()
        if scheme == Qt.ColorScheme.Unknown:
            return DARK if self._system_is_dark else LIGHT
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


SCHEMES: dict[ThemeChoice, Qt.ColorScheme] = {
    "system": Qt.ColorScheme.Unknown,
    "dark": Qt.ColorScheme.Dark,
    "light": Qt.ColorScheme.Light,
}


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


def style_sheet(theme: Theme) -> str:
    """The few things that the palette cannot say."""
    return f"""
QToolTip {{ color: {theme.text}; background: {theme.raised}; border: 1px solid {theme.border};
    padding: {GAP_SMALL}px; }}
QLineEdit {{ background: {theme.panel}; border: 1px solid {theme.border};
    border-radius: {RADIUS}px; padding: 5px {GAP}px; selection-background-color: {theme.accent};
    selection-color: {theme.on_accent}; }}
QLineEdit:focus {{ border-color: {theme.accent}; }}
QToolButton, QPushButton {{ background: transparent; border: 1px solid transparent;
    border-radius: {RADIUS}px; padding: {GAP_SMALL}px {GAP}px; color: {theme.text}; }}
QPushButton {{ background: {theme.raised}; border-color: {theme.border};
    padding: 5px {GAP_LARGE}px; }}
QToolButton:hover, QPushButton:hover {{ background: {theme.hover}; border-color: {theme.border}; }}
QToolButton:checked {{ background: {theme.selection}; }}
QToolButton:focus, QPushButton:focus {{ border-color: {theme.accent}; }}
QPushButton:default {{ background: {theme.accent}; color: {theme.on_accent}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {theme.dimmed}; }}
QToolButton::menu-indicator {{ image: none; }}
QHeaderView {{ background: {theme.panel}; }}
QHeaderView::section {{ background: {theme.panel}; color: {theme.muted}; border: none;
    border-bottom: 1px solid {theme.border}; padding: 5px {CELL_PADDING}px; }}
QTableView, QTreeView, QListView, QPlainTextEdit {{ background: {theme.panel};
    border: 1px solid {theme.border}; border-radius: {RADIUS}px; outline: none; }}
QPlainTextEdit {{ selection-background-color: {theme.accent};
    selection-color: {theme.on_accent}; }}
QTreeView::item {{ padding: {GAP_SMALL}px {CELL_PADDING - CELL_MARGIN}px; }}
QTreeView::item:hover {{ background: {theme.hover}; }}
QTreeView::item:selected {{ background: {theme.selection}; color: {theme.text}; }}
QListView::item {{ padding: {GAP_SMALL}px {GAP}px; }}
QListView::item:selected {{ background: {theme.selection}; color: {theme.text}; }}
QSplitter::handle {{ background: {theme.window}; }}
QMenu {{ background: {theme.raised}; border: 1px solid {theme.border}; padding: {GAP_SMALL}px; }}
QMenu::item {{ padding: 5px 24px 5px 24px; border-radius: {RADIUS}px; }}
QMenu::item:selected {{ background: {theme.selection}; }}
QMenu::item:disabled {{ color: {theme.muted}; }}
QMenu::separator {{ height: 1px; background: {theme.border}; margin: {GAP_SMALL}px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; }}
QScrollBar::handle {{ background: {theme.border}; border-radius: 4px; min-height: 24px;
    min-width: 24px; margin: 1px; }}
QScrollBar::handle:hover {{ background: {theme.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
#notice {{ background: {theme.raised}; border: 1px solid {theme.border};
    border-radius: {RADIUS}px; }}
#card {{ background: {theme.panel}; border: 1px solid {theme.border};
    border-radius: {RADIUS}px; }}
#muted {{ color: {theme.muted}; }}
#warning {{ color: {theme.warning}; }}
"""
