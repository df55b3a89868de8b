"""Colours between colours of the theme."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

from ..theme import Theme

Pixels = npt.NDArray[np.uint32]

SHADES = 256
OPAQUE = 0xFF000000
HEAT_STOPS = (0.0, 0.55, 1.0)  # where the palette is the panel, the accent, and the text


def mixed(first: str, second: str, share: float) -> QColor:
    """So much of the second colour (0 to 1) laid over the first."""
    under, over = QColor(first), QColor(second)
    return QColor(
        round(under.red() + (over.red() - under.red()) * share),
        round(under.green() + (over.green() - under.green()) * share),
        round(under.blue() + (over.blue() - under.blue()) * share),
    )


def heat_palette(theme: Theme) -> Pixels:
    """Shades from nothing to much: each is further from the panel in light, on dark and light."""
    shares = np.linspace(0.0, 1.0, SHADES)
    stops = [QColor(each) for each in (theme.panel, theme.accent, theme.text)]
    found = np.full(SHADES, OPAQUE, np.uint32)
    for shift, parts in (
        (16, [each.red() for each in stops]),
        (8, [each.green() for each in stops]),
        (0, [each.blue() for each in stops]),
    ):
        found |= np.interp(shares, HEAT_STOPS, parts).round().astype(np.uint32) << shift
    return found
