"""Our chart with three indicators, moved by a script."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from tickglass.market.candles import CandleSeries
from tickglass.market.events import Candle, Trade
from tickglass.market.freshness import Freshness
from tickglass.market.indicators import Indicator
from tickglass.market.instrument import Instrument
from tickglass.ui.chart.chart_view import ChartView
from tickglass.ui.chart.look import Look
from tickglass.ui.theme import DARK, apply_theme

from .chart_data import COUNT, MINUTE, PAN, SIZE, VIEWS, ZOOM, measure, rows, tell

BTC = Instrument("binance", "BTC", "USDT")
KINDS = ("sma", "bollinger", "rsi")
TRADES = 300


def filled() -> CandleSeries:
    """All candles, in one series."""
    series = CandleSeries(BTC, "1m")
    series.merge([
        Candle(BTC, "1m", int(start), *prices, volume, True)
        for start, *prices, volume in rows().T.tolist()
    ])  # fmt: skip
    return series


def main() -> None:
    """Measure and print."""
    application = QApplication([])
    apply_theme(application, DARK)
    series = filled()
    view = ChartView(DARK)
    view.set_look(Look(indicators=tuple(Indicator.make(kind) for kind in KINDS)))
    view.resize(*SIZE)
    view.show()
    view.show_series(series, 2)
    view.flush(None, Freshness.LIVE)
    application.processEvents()

    def painted() -> None:
        view.repaint()
        application.processEvents()

    def pan(number: int) -> None:
        view._pan(view.scene.area.width() * PAN * (1 if number % 50 < 25 else -1))
        painted()

    def zoom(number: int) -> None:
        view._zoom(ZOOM if number % 2 else 1 / ZOOM, view.scene.area.width() / 2)
        painted()

    figures = {}
    for bars in VIEWS:
        times = view.scene.times
        times.right = float(series.starts[-1]) + MINUTE
        times.left = times.right - bars * MINUTE
        view._on_view()
        painted()
        figures[f"pan {bars}"] = measure(pan)
        figures[f"zoom {bars}"] = measure(zoom)
    view.show_latest()
    view._go_to_end(120 * MINUTE)
    painted()

    newest = int(series.starts[-1]) + MINUTE
    last = float(series.rows[4, -1])

    def trade(number: int) -> None:
        price = last * (1 + number % 7 / 100_000)
        series.trade(Trade(BTC, newest, str(number), price, 1.0, "buy"))
        view.flush(price, Freshness.LIVE, newest + number * 100)
        application.processEvents()

    trade(0)
    figures["trade"] = measure(trade, TRADES)
    figures["candles"] = {"count": len(series), "asked": COUNT}
    tell(figures)


if __name__ == "__main__":
    main()
