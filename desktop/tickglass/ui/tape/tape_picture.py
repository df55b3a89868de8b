"""The picture of the tape's rows, moved down by copying pixels rather than painting anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPixmap

from ...market.tape import Print
from .row_painter import RowPainter
from .tape_rows import shift_between

EXTRA_HEIGHTS = 4  # px tried so that a row is a whole number of the screen's pixels

Selection = tuple[int, int] | None  # numbers of rows


class TapePicture:
    """Rows below each other, the first on top. ``row_height`` and ``page`` (rows) are of it."""

    def __init__(self, painter: RowPainter) -> None:
        self.pixmap = QPixmap()
        self.row_height = painter.height
        self.page = 1
        self._painter = painter
        self._width = 0
        self._drawn: list[Print] = []

    def resize(self, size: QSize, ratio: float) -> None:
        """Be as large as a widget of that size has room for, below a row of titles."""
        self.row_height = self._even_height(ratio)
        self.page = max(1, (size.height() - self.row_height) // self.row_height)
        self._width = size.width()
        self._painter.lay_out(self._width)
        whole = QSize(self._width, (self.page + 1) * self.row_height)
        self.pixmap = QPixmap((whole.toSizeF() * ratio).toSize())
        self.pixmap.setDevicePixelRatio(ratio)

    def draw(self, rows: Sequence[Print], selection: Selection) -> None:
        """Paint all rows anew."""
        self._drawn = list(rows)
        if not self.pixmap.isNull():
            self.pixmap.fill(self._painter.colours["panel"])
            self._paint(range(len(self._drawn)), selection)

    def change(self, rows: Sequence[Print], selection: Selection) -> bool:
        """Paint those rows that differ, and move the others; whether anything did."""
        old = self._drawn
        if rows == old:
            return False
        shift = shift_between(old, rows)
        moved = (shift or 0) * self.row_height * self.pixmap.devicePixelRatio()
        if shift is None or self.pixmap.isNull() or not moved.is_integer():
            self.draw(rows, selection)
            return True
        if shift:
            self.pixmap.scroll(0, int(moved), self.pixmap.rect())
        self._drawn = list(rows)
        fresh = (
            place
            for place, row in enumerate(rows)
            if place < shift or place - shift >= len(old) or row != old[place - shift]
        )
        self._paint(fresh, selection)
        return True

    def _paint(self, places: Iterable[int], selection: Selection) -> None:
        low, high = sorted(selection) if selection else (0, -1)
        painter = QPainter(self.pixmap)
        for place in places:
            row = self._drawn[place]
            rect = QRect(0, place * self.row_height, self._width, self.row_height)
            self._painter.paint(painter, rect, row, low <= row.number <= high)
        painter.end()

    def _even_height(self, ratio: float) -> int:
        """A row's height that is a whole number of the screen's pixels, so that it can be moved."""
        heights = range(self._painter.height, self._painter.height + EXTRA_HEIGHTS)
        return next((each for each in heights if (each * ratio).is_integer()), heights[0])
