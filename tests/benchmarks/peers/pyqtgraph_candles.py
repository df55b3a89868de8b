"""Candles as pyqtgraph's own example draws them: one picture of all of them."""

from __future__ import annotations

import pyqtgraph as pg
from pyqtgraph.Qt import QtCore, QtGui

from ..chart_data import MINUTE, PAN, SIZE, VIEWS, ZOOM, measure, rows, tell

DRAWN = 20_000  # of the example's candles: with all of them a frame takes many seconds


class CandlestickItem(pg.GraphicsObject):
    """From pyqtgraph's examples/customGraphicsItem.py."""

    def __init__(self, data: list[tuple[float, ...]]) -> None:
        super().__init__()
        self.picture = QtGui.QPicture()
        painter = QtGui.QPainter(self.picture)
        painter.setPen(pg.mkPen("w"))
        width = 60 / 3
        for time, opened, high, low, close, _ in data:
            painter.drawLine(QtCore.QPointF(time, low), QtCore.QPointF(time, high))
            painter.setBrush(pg.mkBrush("r" if opened > close else "g"))
            painter.drawRect(QtCore.QRectF(time - width, opened, width * 2, close - opened))
        painter.end()

    def paint(self, painter: QtGui.QPainter, *args: object) -> None:
        painter.drawPicture(0, 0, self.picture)

    def boundingRect(self) -> QtCore.QRectF:
        return QtCore.QRectF(self.picture.boundingRect())


def main() -> None:
    """Measure and print."""
    application = pg.mkQApp()
    data = rows(DRAWN)
    data[0] /= 1_000
    plot = pg.plot()
    plot.resize(*SIZE)
    plot.addItem(CandlestickItem([tuple(row) for row in data.T.tolist()]))
    application.processEvents()
    view = plot.getViewBox()
    figures = {}
    for bars in VIEWS:
        shown = min(bars, DRAWN)
        right = float(data[0, -1])
        view.setXRange(right - shown * MINUTE / 1_000, right, padding=0)
        application.processEvents()

        def pan(number: int, shown: int = shown) -> None:
            sign = -1 if number % 50 < 25 else 1
            view.translateBy(x=sign * shown * MINUTE / 1_000 * PAN)
            application.processEvents()

        def zoom(number: int) -> None:
            view.scaleBy(x=ZOOM if number % 2 else 1 / ZOOM)
            application.processEvents()

        figures[f"pan {bars}"] = measure(pan, 40)
        figures[f"zoom {bars}"] = measure(zoom, 40)
    figures["candles"] = {"count": DRAWN}
    tell(figures)


if __name__ == "__main__":
    main()
