"""Pictures that no font can change: every text is a bar as long as its letters, in its colour.

Printers call that greeking. ``greek`` sets it up for the modules that paint, ``compare`` holds a
picture against the one that somebody has looked at.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QWidget

LETTER, LINE = 7, 14  # px
BAR = 6  # px of a line that a text fills
DIFFERENT = 40  # of 255 in any colour
SHARE = 0.004  # of the pixels may differ: smoothed lines are drawn a little otherwise elsewhere


class GreekMetrics(QFontMetrics):
    """Every letter is as wide as any other."""

    def horizontalAdvance(self, text: str, *_: Any) -> int:  # type: ignore[override]
        return LETTER * len(text)

    def height(self) -> int:
        return LINE

    def elidedText(self, text: str, mode: Qt.TextElideMode, width: int, *_: Any) -> str:
        return text[: max(0, width // LETTER)]


class GreekPainter(QPainter):
    """Paints a bar where another would write."""

    def drawText(self, *words: Any) -> None:  # type: ignore[override]
        *place, text = words
        if len(place) == 2 and isinstance(place[0], QRect):
            area, flags = place
        elif len(place) == 5:
            area, flags = QRect(*place[:4]), place[4]
        else:
            area, flags = QRect(place[0], place[1] - LINE, 10**6, LINE), 0
        self._bar(area, int(flags), len(text) * LETTER)

    def _bar(self, area: QRect, flags: int, width: int) -> None:
        left = area.left()
        if flags & int(Qt.AlignmentFlag.AlignRight):
            left = area.right() - width + 1
        elif flags & int(Qt.AlignmentFlag.AlignHCenter):
            left += (area.width() - width) // 2
        top = area.top() + (area.height() - BAR) // 2
        self.fillRect(QRect(left, top, width, BAR), self.pen().color())


def greek(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    """Let these modules of the package paint without letters."""
    for module in modules:
        for name, made in (("QPainter", GreekPainter), ("QFontMetrics", GreekMetrics)):
            monkeypatch.setattr(f"tickglass.ui.{module}.{name}", made, raising=False)


def picture(widget: QWidget) -> QImage:
    """What a widget shows."""
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def pixels(image: QImage) -> np.ndarray:
    """Height × width × the three colours."""
    memory = np.frombuffer(image.constBits(), dtype=np.uint8)
    return memory.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width(), :3]


def apart(found: QImage, wanted: QImage) -> float:
    """The share of the pixels that differ to the eye."""
    far = np.abs(pixels(found).astype(int) - pixels(wanted).astype(int)).max(axis=2)
    return float((far > DIFFERENT).mean())


def compare(found: QImage, path: Path) -> None:
    """A picture that is missing is made anew and fails once: look at it, then keep it."""
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        found.save(str(path))
        pytest.fail(f"{path.name} was made anew: look at it")
    wanted = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    assert (found.width(), found.height()) == (wanted.width(), wanted.height())
    share = apart(found, wanted)
    assert share <= SHARE, f"{share:.2%} of the pixels differ"
