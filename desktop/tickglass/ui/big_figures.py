"""Prices in very large type, at the cost of copying pictures."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

# Qt keeps no picture of larger glyphs: it fills their outlines at every painting (0.3 ms a price).
LARGEST_KEPT_BY_QT = 64  # device px
MOST_KEPT = 96  # pictures: figures and signs, in a few colours
OVERHANG = 3  # px that a glyph may reach beyond its width


class BigFigures:
    """Paints texts of one font glyph by glyph, each from a picture that is kept."""

    def __init__(self, font: QFont) -> None:
        self._font = font
        self._metrics = QFontMetricsF(font)
        self._kept: dict[tuple[str, int, float], QPixmap] = {}

    def draw(self, painter: QPainter, rect: QRect, text: str, colour: QColor) -> None:
        """Write a text at the left of a rectangle, in the middle of its height."""
        ratio = painter.device().devicePixelRatio()
        if self._font.pixelSize() * ratio <= LARGEST_KEPT_BY_QT:
            painter.setFont(self._font)
            painter.setPen(colour)
            painter.drawText(rect, LEFT, text)
            return
        x, top = float(rect.left()), rect.top() + (rect.height() - self._metrics.height()) / 2
        for glyph in text:
            picture = self._picture(glyph, colour, ratio)
            painter.drawPixmap(QPointF(x - OVERHANG, top), picture)
            x += self._metrics.horizontalAdvance(glyph)

    def _picture(self, glyph: str, colour: QColor, ratio: float) -> QPixmap:
        key = (glyph, colour.rgba(), ratio)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = self._painted(glyph, colour, ratio)
        return found

    def _painted(self, glyph: str, colour: QColor, ratio: float) -> QPixmap:
        width = self._metrics.horizontalAdvance(glyph) + 2 * OVERHANG
        made = QPixmap(round(width * ratio + 1), round(self._metrics.height() * ratio + 1))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setFont(self._font)
        painter.setPen(colour)
        painter.drawText(QPointF(OVERHANG, self._metrics.ascent()), glyph)
        painter.end()
        return made


LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
