"""The design tokens: the colour of every role, sizes, type and durations stand here, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

ThemeChoice = Literal["system", "dark", "light"]
PaletteChoice = Literal["standard", "colour-blind", "red-up"]
MotionChoice = Literal["system", "full", "reduced"]
THEME_CHOICES: tuple[ThemeChoice, ...] = get_args(ThemeChoice)
PALETTE_CHOICES: tuple[PaletteChoice, ...] = get_args(PaletteChoice)
MOTION_CHOICES: tuple[MotionChoice, ...] = get_args(MotionChoice)


@dataclass(frozen=True, slots=True)
class Theme:
    """The colour of every role. ``TEXT_ROLES`` have a contrast of 4.5:1 on all ``GROUNDS``."""

    name: str
    window: str  # behind everything
    panel: str  # tables, charts, input fields
    raised: str  # buttons, headers, menus
    border: str
    control: str  # around what can be ticked: 3:1 on all ``GROUNDS`` (WCAG 2.2, 1.4.11)
    grid: str
    text: str
    muted: str  # text of second rank
    dimmed: str  # prices that are no longer true
    accent: str
    on_accent: str
    selection: str
    hover: str
    live: str  # the mark of a price that is the market's now
    up: str
    down: str
    warning: str
    crosshair: str
    lines: tuple[str, ...]  # of indicators and compared instruments, in the order they are taken
    palette: PaletteChoice = "standard"


TEXT_ROLES = ("text", "muted", "dimmed", "accent", "live", "up", "down", "warning")
GROUNDS = ("window", "panel", "raised", "selection", "hover")

# Up and down differ in blue as well as in red and green, so that the common forms of colour
# blindness still tell them apart; signs, arrows and hollow candles say the same without colour.
DARK = Theme(
    name="dark",
    window="#12151a",
    panel="#181c23",
    raised="#222833",
    border="#2b323e",
    control="#727d8d",
    grid="#242a35",
    text="#e4e8ef",
    muted="#9aa5b5",
    dimmed="#939eaf",
    accent="#6aa9f4",
    on_accent="#0d1420",
    selection="#1f3048",
    hover="#1f2530",
    live="#35c2ae",
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
    control="#748093",
    grid="#e9edf2",
    text="#1a212c",
    muted="#56606f",
    dimmed="#636d7c",
    accent="#1b64c4",
    on_accent="#ffffff",
    selection="#e8f1fd",
    hover="#f1f5fa",
    live="#067567",
    up="#067567",
    down="#c03f2c",
    warning="#8f5b00",
    crosshair="#7b8799",
    lines=("#9a6700", "#0a62b8", "#7b3fb5", "#0b7a66", "#b3402f", "#5f6f0c", "#a83279"),
)


def red_up(theme: Theme) -> Theme:
    """The East Asian habit: red rises, green falls."""
    return replace(theme, up=theme.down, down=theme.up, palette="red-up")


# Blue and orange after Okabe and Ito, "Color Universal Design" (2008); on light they are darkened
# until they can be read. Warnings are what is left that no eye confuses with either.
DARK_COLOUR_BLIND = replace(
    DARK, live="#56b4e9", up="#56b4e9", down="#e69f00", warning="#fff0a5", palette="colour-blind"
)
LIGHT_COLOUR_BLIND = replace(
    LIGHT, live="#005f9e", up="#005f9e", down="#a04f00", warning="#8f1fcf", palette="colour-blind"
)
THEMES: dict[tuple[str, PaletteChoice], Theme] = {
    (theme.name, theme.palette): theme
    for theme in (
        DARK,
        LIGHT,
        DARK_COLOUR_BLIND,
        LIGHT_COLOUR_BLIND,
        red_up(DARK),
        red_up(LIGHT),
    )
}

GAP, GAP_SMALL, GAP_LARGE = 8, 4, 16  # px between things
RADIUS = 5
FIELD_PADDING = 5  # px above and below the text of fields and buttons
FOCUS_WIDTH = 2  # px of the ring around what has the keyboard
ROW_PADDING = 9  # px added to the height of a line of text to make a table row
CELL_PADDING = 9  # px left and right of the text of a cell
CELL_MARGIN = 3  # px of them that the Fusion style adds by itself
CHECK_SIZE = 14  # px inside the border of a check box
CHECK_RADIUS = 3
ICON_SIZE = 18  # px of the icons of buttons
ARROW_SIZE = 10  # px of the arrows in fields
ALERT_MARK = "⚑"

SMALL, LARGE = 0.9, 1.3  # times the system's type size

FLASH_SECONDS = 0.6  # a price that changed
FLASH_ALPHA = 90  # of 255: how strong its tint begins
FLASH_STEPS = 6  # shades in which it fades: every one is a repaint
ALERT_FLASH_SECONDS = 8.0  # an alert that fired
ALERT_BLINK_SECONDS = 0.5  # on, and as long off
CURSOR_IDLE_MS = 3_000  # until the mouse's arrow leaves the board
