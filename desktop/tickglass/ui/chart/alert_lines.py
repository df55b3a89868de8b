"""The lines of alerts on the chart: taken hold of, dragged to another price, opened."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from ..text import price_text
from ..theme import ALERT_MARK, GAP, GAP_SMALL
from .scene import Level, Scene

NEAR = 4.0  # px from a line within which it is taken hold of
LINE_WIDTH = 2


class AlertLines:
    """Follows the pointer over the lines of a scene; ``price`` is that of the one held."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.held: Level | None = None
        self.price = 0.0
        self._moved = False

    def near(self, place: QPointF) -> Level | None:
        """The line under a point."""
        pane = self._scene.price_pane
        if self._scene.drawn is None or not pane.area.contains(place):
            return None
        found = [
            (abs(pane.scale.y(each.price) - place.y()), each)
            for each in self._scene.levels
            if each.id
        ]
        distance, level = min(found, key=lambda each: each[0], default=(NEAR + 1, None))
        return level if distance <= NEAR else None

    def press(self, place: QPointF) -> bool:
        """Take hold of a line; False if there is none."""
        self.held, self._moved = self.near(place), False
        if self.held is not None:
            self.price = self.held.price
        return self.held is not None

    def move(self, place: QPointF) -> None:
        """Bring the line that is held to a height, on a price that the exchange has."""
        if self.held is not None:
            price = self._scene.price_pane.scale.price(place.y())
            decimals = self._scene.decimals
            self.price = price if decimals is None else round(price, decimals)
            self._moved = True

    def release(self) -> tuple[str, float] | None:
        """Let go: the alert and its new price, if it was moved."""
        held, self.held = self.held, None
        if held is None or not self._moved or self.price == held.price or self.price <= 0:
            return None
        return held.id, self.price

    def cancel(self) -> bool:
        """Let go, and leave it where it was; False if nothing was held."""
        held, self.held = self.held, None
        return held is not None

    def paint(self, painter: QPainter) -> None:
        """The line that is held, at its new height."""
        if self.held is None:
            return
        scene = self._scene
        area, y = scene.price_pane.area, round(scene.price_pane.scale.y(self.price))
        painter.setPen(QPen(QColor(scene.theme.accent), LINE_WIDTH))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        words = f"{ALERT_MARK} {price_text(self.price, scene.decimals)}"
        width = scene.metrics.horizontalAdvance(words)
        painter.drawText(QPointF(area.right() - width - GAP, y - GAP_SMALL), words)
