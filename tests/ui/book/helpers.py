"""Books that are written down by hand."""

from decimal import Decimal

from tickglass.market.book import OrderBook
from tickglass.market.events import BookDelta, BookSnapshot, Level
from tickglass.market.instrument import Instrument
from tickglass.market.ladder import Grid, Ladder, levels

BTC = Instrument("binance", "BTC", "USDT")
BYBIT, OKX = (Instrument(name, "BTC", "USDT") for name in ("bybit", "okx"))
TICK = Decimal("0.1")

Rows = list[tuple[float, float]]

# Bids 100.0, 99.9 and 99.7, asks 100.2, 100.3 and 100.6: the mid is 100.1.
BIDS: Rows = [(100.0, 1.0), (99.9, 2.0), (99.7, 4.0)]
ASKS: Rows = [(100.2, 3.0), (100.3, 5.0), (100.6, 7.0)]


def ladder(bids: Rows = BIDS, asks: Rows = ASKS, step: float = 0.1) -> Ladder:
    return Ladder(Grid(TICK, step), [levels(bids)], [levels(asks)])


def long_ladder(rows: int = 200, shift: int = 0) -> Ladder:
    """A unit at every tick of both sides, the best bid ``shift`` ticks above 100.0."""
    numbers = range(1_000 + shift, 1_000 + shift - rows, -1)
    bids = [(number / 10, 1.0) for number in numbers]
    asks = [((2_002 + 2 * shift - number) / 10, 1.0) for number in numbers]
    return ladder(bids, asks)


def as_levels(rows: Rows) -> tuple[Level, ...]:
    return tuple(Level(*each) for each in rows)


def book(bids: Rows = BIDS, asks: Rows = ASKS, on: Instrument = BTC) -> OrderBook:
    made = OrderBook(on)
    made.load(BookSnapshot(on, 1, 1, as_levels(bids), as_levels(asks)))
    made.arrived = 1.0
    return made


def change(held: OrderBook, bids: Rows, asks: Rows) -> None:
    """The next delta of a book."""
    sequence = (held.sequence or 0) + 1
    delta = BookDelta(held.instrument, 1, sequence - 1, sequence, as_levels(bids), as_levels(asks))
    held.update(delta)
    held.arrived += 1.0
