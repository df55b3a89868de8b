"""Render tickglass.svg to the PNG sizes that desktops ask for: python resources/icons/render.py."""

from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
SIZES = (16, 22, 24, 32, 44, 48, 64, 128, 256)


def render(size: int) -> None:
    """Write the icon in one size."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(HERE / "tickglass.svg")).render(painter, QRectF(0, 0, size, size))
    painter.end()
    image.save(str(HERE / f"tickglass-{size}.png"))


if __name__ == "__main__":
    app = QGuiApplication(["render", "-platform", "offscreen"])
    for each in SIZES:
        render(each)
