"""Memory after ten million events beside that after one million: nothing may grow with time.

The events go where those of a feed go (alerts, store, candles, order book, tape), with a chart, its
indicators, a ladder and a tape over them that are brought up to date as often as a screen would be.
"""

from __future__ import annotations

import gc
import random

from PySide6.QtWidgets import QApplication

from tickglass.alerts.engine import AlertEngine
from tickglass.intake import Intake
from tickglass.market.events import BookDelta, BookSnapshot, Candle, Level, Quote, Ticker, Trade
from tickglass.market.freshness import Freshness, Link
from tickglass.market.instrument import Instrument
from tickglass.market.store import Store
from tickglass.market.tape import Tape
from tickglass.stats import rss_mb
from tickglass.ui.book.book_panel import BookPanel
from tickglass.ui.chart.chart_view import ChartView
from tickglass.ui.chart.look import Look
from tickglass.ui.tape.tape_panel import TapePanel
from tickglass.ui.theme import DARK, apply_theme

from .chart_data import END
from .own_chart import KINDS, Indicator

FIRST, ALL = 1_000_000, 10_000_000
A_FRAME = 2_000  # events between two screen frames
INSTRUMENTS = [Instrument("binance", f"C{number}", "USDT") for number in range(50)]
BTC = INSTRUMENTS[0]
EVENTS_A_SECOND = 3_000
TARGET = 10.0  # MB
MINUTE = 60_000


class Desk:
    """What a window holds, and a market that never ends."""

    def __init__(self) -> None:
        self.store = Store()
        self.intake = Intake(self.store, AlertEngine(), lambda _: None, lambda _: None)
        self.link = Link("binance", 1)
        self.link.open(0.0)
        self.series = self.store.open_series(BTC, "1m")
        self.tape = Tape()
        self.store.tapes = {BTC: self.tape}
        self.chart = ChartView(DARK)
        self.chart.set_look(Look(indicators=tuple(Indicator.make(kind) for kind in KINDS)))
        self.book_panel, self.tape_panel = BookPanel(DARK), TapePanel(DARK)
        for widget, size in ((self.chart, (900, 500)), (self.book_panel, (300, 500))):
            widget.resize(*size)
            widget.setVisible(True)
        self.tape_panel.setVisible(True)
        self.chart.show_series(self.series, 2)
        self.book_panel.show(BTC, 2)
        self.tape_panel.show_instruments([BTC], 2)
        self._random = random.Random(3)
        self._count = 0
        levels = tuple(Level(100.0 - number / 100, 1.0) for number in range(1, 500))
        asks = tuple(Level(100.0 + number / 100, 1.0) for number in range(1, 500))
        self.intake.apply(BookSnapshot(BTC, END, 1, levels, asks), self.link)

    def run(self, count: int) -> None:
        """Let so many events pass."""
        for _ in range(count // A_FRAME):
            for _ in range(A_FRAME):
                self._one()
            self._frame()

    def _one(self) -> None:
        self._count += 1
        number, chance = self._count, self._random.random()
        time = END + number * 1_000 // EVENTS_A_SECOND
        instrument = INSTRUMENTS[number % len(INSTRUMENTS)]
        price = 100.0 + chance
        self.link.heard = self.link.arrived = time / 1_000
        kind = number % 10
        if kind < 6:
            side = "buy" if chance < 0.5 else "sell"
            event = Trade(instrument, time, str(number), price, chance, side)
        elif kind == 6:
            event = Quote(instrument, time, price, 1.0, price + 0.01, 1.0)
        elif kind == 7:
            event = Ticker(instrument, time, price, None, None, 99.0, 102.0, 98.0, 1e3, 1e5)
        elif kind == 8:
            start = time // MINUTE * MINUTE
            event = Candle(BTC, "1m", start, 100.0, 101.0, 99.0, price, 5.0, False)
        else:
            book = self.store.books[BTC]
            sequence = book.sequence or 1
            bids = (Level(100.0 - int(chance * 400 + 1) / 100, chance),)
            event = BookDelta(BTC, time, sequence, sequence + 1, bids, ())
        self.intake.apply(event, self.link)

    def _frame(self) -> None:
        now = self.link.arrived
        self.store.take_changed()
        self.chart.flush(self.store.state(BTC).last, Freshness.LIVE, round(now * 1_000))
        book = self.store.books.get(BTC)
        self.book_panel.flush(now, book, Freshness.LIVE, 0.0, 0, 100.0)
        self.tape_panel.flush(now, self.tape, Freshness.LIVE, round(now * 1_000))
        QApplication.processEvents()


def main() -> None:
    """Measure and print."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    apply_theme(application, DARK)
    desk = Desk()
    desk.run(FIRST)
    gc.collect()
    before = rss_mb() or 0.0
    desk.run(ALL - FIRST)
    gc.collect()
    after = rss_mb() or 0.0
    met = "met" if after - before <= TARGET else "missed"
    print(
        f"memory after {FIRST:,} events {before:.1f} MB, after {ALL:,} {after:.1f} MB "
        f"(target at most {TARGET:.0f} more: {met})"
    )


if __name__ == "__main__":
    main()
