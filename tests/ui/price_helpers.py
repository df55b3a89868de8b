"""Prices as the ticker and the board get them."""

from dataclasses import replace

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from tickglass.market.freshness import Freshness
from tickglass.market.instrument import Instrument
from tickglass.ui.price_tile import PriceTile
from tickglass.ui.price_view import PriceView

BTC_VIEW = PriceView(
    Instrument("binance", "BTC", "USDT"), "Binance", "99,999.90", "+1.53 %", 1, Freshness.LIVE,
    0.5, (1.0, 2.0, 1.5), "24 h", 99_999.9,
)  # fmt: skip
ETH_VIEW = PriceView(
    Instrument("okx", "ETH", "USDT"), "OKX", "3,512.44", "−0.42 %", -1, Freshness.QUIET, 30.0,
    (3.0, 2.0), "24 h", 3_512.44,
)  # fmt: skip
PEPE_VIEW = PriceView(
    Instrument("kucoin", "PEPE", "USDT"), "KuCoin", "0.00001234", "+12.10 %", 1, Freshness.STALE,
    42.0, (), "24 h", 0.00001234,
)  # fmt: skip
NEVER_VIEW = PriceView(Instrument("bybit", "XRP", "USDT"), "Bybit", "—", "—", 0, Freshness.NEVER)
ALL_VIEWS = [BTC_VIEW, ETH_VIEW, PEPE_VIEW, NEVER_VIEW]


def priced(view: PriceView, text: str) -> PriceView:
    """The same instrument at another price."""
    return replace(view, price=text, value=float(text.replace(",", "")))


def many(count: int) -> list[PriceView]:
    """So many different instruments."""
    return [
        replace(BTC_VIEW, instrument=Instrument("binance", f"C{each}", "USDT"))
        for each in range(count)
    ]


def tiles(window: QWidget) -> list[PriceTile]:
    """The tiles that are shown, in their order."""
    return [tile for tile in window.findChildren(PriceTile) if tile.isVisibleTo(window)]


def pixels(widget: QWidget, colour: str) -> int:
    """How many pixels of a widget have exactly a colour."""
    picture, wanted = widget.grab().toImage(), QColor(colour)
    return sum(
        picture.pixelColor(x, y) == wanted
        for x in range(picture.width())
        for y in range(picture.height())
    )


class Paints:
    """Counts what a widget paints."""

    def __init__(self, *widgets: QWidget) -> None:
        self.counts = dict.fromkeys(widgets, 0)
        for widget in widgets:
            self._watch(widget)

    def _watch(self, widget: QWidget) -> None:
        painted = widget.paintEvent

        def count(event: object) -> None:
            self.counts[widget] += 1
            painted(event)  # type: ignore[arg-type]

        widget.paintEvent = count  # type: ignore[method-assign,assignment]
