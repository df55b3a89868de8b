"""finplot with the same candles and indicators."""

from __future__ import annotations

import warnings

import finplot as fplt
import pandas as pd
import talib
from pyqtgraph.Qt import QtWidgets

from ..chart_data import PAN, SIZE, VIEWS, ZOOM, measure, rows, tell


def main() -> None:
    """Measure and print."""
    warnings.simplefilter("ignore")
    data = rows()
    index = pd.to_datetime(data[0], unit="ms")
    frame = pd.DataFrame(
        {"Open": data[1], "Close": data[4], "High": data[2], "Low": data[3]}, index=index
    )
    price, strength = fplt.create_plot("finplot", rows=2, init_zoom_periods=VIEWS[0])
    fplt.candlestick_ochl(frame, ax=price)
    close = data[4]
    lines = [talib.SMA(close, 20), *talib.BBANDS(close, 20)]
    for line in lines:
        fplt.plot(pd.Series(line, index=index), ax=price)
    fplt.plot(pd.Series(talib.RSI(close, 14), index=index), ax=strength)
    fplt.show(qt_exec=False)
    application = QtWidgets.QApplication.instance()
    price.vb.win.resize(*SIZE)
    application.processEvents()
    figures = {}
    for bars in VIEWS:
        price.vb.update_y_zoom(len(close) - bars, len(close))
        application.processEvents()

        def pan(number: int, bars: int = bars) -> None:
            step = bars * PAN * (-1 if number % 50 < 25 else 1)
            box = price.vb.viewRect()
            price.vb.update_y_zoom(box.left() + step, box.right() + step)
            application.processEvents()

        def zoom(number: int) -> None:
            box = price.vb.viewRect()
            half = box.width() / 2 * (ZOOM if number % 2 else 1 / ZOOM)
            price.vb.update_y_zoom(box.center().x() - half, box.center().x() + half)
            application.processEvents()

        figures[f"pan {bars}"] = measure(pan)
        figures[f"zoom {bars}"] = measure(zoom)
    figures["candles"] = {"count": len(close)}
    tell(figures)


if __name__ == "__main__":
    main()
