"""A feed that is driven by hand: one link, chosen times, and texts read back from the model."""

from PySide6.QtCore import Qt

from tickglass.market.candles import CandleSeries
from tickglass.market.events import Candle, MarketEvent, Ticker, Trade
from tickglass.market.freshness import Link
from tickglass.market.instrument import Instrument
from tickglass.market.store import Store
from tickglass.ui.watchlist.columns import Column
from tickglass.ui.watchlist.model import WatchlistModel

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("binance", "ETH", "USDT")
SOL = Instrument("binance", "SOL", "USDT")
TITLES = {"binance": "Binance"}
WEDNESDAY = 1_700_611_200  # 2023-11-22 00:00 UTC, a Wednesday


class Feed:
    """A store, and a connection that stands since second 100."""

    def __init__(self) -> None:
        self.store = Store()
        self.link = Link("binance", 1)
        self.link.open(100.0)

    def apply(self, event: MarketEvent, at: float = 100.0) -> None:
        self.link.heard = self.link.arrived = at
        self.store.apply(event, self.link)

    def trade(self, price: float, at: float = 100.0, on: Instrument = BTC) -> None:
        self.apply(Trade(on, 1, "1", price, 1.0, "buy"), at)

    def ticker(self, last: float, opened: float, at: float = 100.0, on: Instrument = BTC) -> None:
        self.apply(
            Ticker(on, 1, last, last - 1, last + 1, opened, last + 5, last - 5, 1e3, 1.5e6), at
        )


def text(model: WatchlistModel, row: int, column: Column) -> str:
    """What a cell reads."""
    found: str = model.index(row, column).data()
    return found


def tooltip(model: WatchlistModel, row: int) -> str:
    """What is said on hover."""
    found: str = model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole)
    return found


class Heard:
    """Takes note of everything a signal said."""

    def __init__(self) -> None:
        self.all: list[tuple[object, ...]] = []

    def __call__(self, *words: object) -> None:
        self.all.append(words)


def candle(
    number: int,
    low: float = 90.0,
    high: float = 110.0,
    *,
    closed: bool = True,
    interval: str = "1m",
) -> Candle:
    """The candle so many minutes after Wednesday's beginning."""
    start = (WEDNESDAY + 60 * number) * 1_000
    return Candle(BTC, interval, start, 100.0, high, low, 105.0, 12.5, closed)


def series_of(first: int, count: int) -> CandleSeries:
    """That many minutes in a row; the last is still open."""
    series = CandleSeries(BTC, "1m")
    last = first + count - 1
    series.merge([candle(number, closed=number < last) for number in range(first, last + 1)])
    return series
