"""A long watchlist under load: 2,000 rows in one list at 500 ticks a second.

CPU is that of the process: making the ticks, changing the store and painting. Once the ticks go to
all of the rows evenly, once only to those in sight, which is the worst that can happen.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication

from tickglass.market.events import Quote, Ticker, Trade
from tickglass.market.freshness import Link
from tickglass.market.instrument import Instrument
from tickglass.market.store import Store
from tickglass.market.watchlist import Watchlist
from tickglass.ui.frame_clock import FRAME_MS, Histogram
from tickglass.ui.theme import DARK, apply_theme
from tickglass.ui.watchlist.panel import WatchlistPanel

ROWS, RATE = 2_000, 500  # rows; ticks a second
EXCHANGES = ("binance", "bybit", "okx", "coinbase", "kucoin")
SECONDS, WARM_UP = 10.0, 2.0
SIZE = (1_600, 1_000)  # px
FPS, CPU = 28.0, 0.25
MOVE = 0.0005  # of the price, at most, a tick
SEED = 3


class Figures(NamedTuple):
    """What was measured."""

    fps: float
    frame_ms: float | None  # 99 of 100 take less
    cpu: float  # of a core


class Panel(WatchlistPanel):
    """A panel that takes the time of its painting."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, DARK, {each: each.capitalize() for each in EXCHANGES})
        self.paints = 0
        self.spent = 0.0

    def event(self, event: QEvent) -> bool:
        """Measure every painting: all widgets of a window share one backing store."""
        if event.type() != QEvent.Type.UpdateRequest:
            return super().event(event)
        began = time.perf_counter()
        done = super().event(event)
        self.spent += time.perf_counter() - began
        self.paints += 1
        return done


class Run:
    """A panel, and a market that is made up for it."""

    def __init__(self, *, in_sight: bool, grouped: bool) -> None:
        self.store = Store()
        self.chance = random.Random(SEED)
        self.links = {each: Link(each, 1) for each in EXCHANGES}
        self.instruments = [
            Instrument(exchange, f"C{number}", "USDT")
            for number in range(ROWS // len(EXCHANGES))
            for exchange in EXCHANGES
        ]
        self.prices = dict.fromkeys(self.instruments, 100.0)
        self.panel = Panel(self.store)
        self.panel.set_lists([Watchlist("All", self.instruments, grouped=False)])
        self.panel.set_grouped(grouped)
        self.panel.resize(*SIZE)
        self.in_sight = in_sight
        self.told = 0
        self.frames = Histogram()
        self.begin()

    def begin(self) -> None:
        """Let every exchange be there, and every row have numbers."""
        now = time.monotonic()
        for link in self.links.values():
            link.open(now)
        for each in self.instruments:
            ticker = Ticker(each, _ms(), 100.0, 99.9, 100.1, 98.0, 105.0, 95.0, 1e3, 1e5)
            self.store.apply(ticker, self.links[each.exchange])

    def tick(self, instrument: Instrument, now: float) -> None:
        """A trade, and a quote around it."""
        link = self.links[instrument.exchange]
        link.heard = link.arrived = now
        price = self.prices[instrument] * (1 + self.chance.uniform(-MOVE, MOVE))
        self.prices[instrument] = price
        event = (
            Trade(instrument, _ms(), str(self.told), price, 1.0, "buy")
            if self.told % 2
            else Quote(instrument, _ms(), price * 0.999, 1.0, price * 1.001, 1.0)
        )
        self.store.apply(event, link)
        self.told += 1

    def frame(self, began: float, choice: Sequence[Instrument]) -> None:
        """What came since the last frame, and its painting."""
        now = time.monotonic()
        for _ in range(int((now - began) * RATE) - self.told):
            self.tick(self.chance.choice(choice), now)
        paints, spent, start = self.panel.paints, self.panel.spent, time.perf_counter()
        self.panel.flush(self.store.take_changed(), now)
        flushed = time.perf_counter() - start
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        if self.panel.paints > paints:
            self.frames.add((flushed + self.panel.spent - spent) * 1_000)

    def measure(self, application: QApplication) -> Figures:
        """Run for a while; the first seconds do not count."""
        self.panel.show()
        application.processEvents()
        model = self.panel.model
        top = range(self.panel.view.rowAt(self.panel.view.viewport().height() - 1))
        choice = model.instruments_at(top) if self.in_sight else self.instruments
        began = time.monotonic()
        timer = QTimer()
        timer.setInterval(FRAME_MS)
        timer.timeout.connect(lambda: self.frame(began, choice))
        timer.start()
        QTimer.singleShot(round(WARM_UP * 1_000), self.start_counting)
        QTimer.singleShot(round((WARM_UP + SECONDS) * 1_000), application.quit)
        application.exec()
        timer.stop()
        seconds, cpu = time.monotonic() - self.since, time.process_time() - self.cpu
        fps = (self.panel.paints - self.paints) / seconds
        self.panel.close()
        return Figures(fps, self.frames.percentile(99), cpu / seconds)

    def start_counting(self) -> None:
        """From here on it counts."""
        self.since, self.cpu = time.monotonic(), time.process_time()
        self.paints, self.frames = self.panel.paints, Histogram()


def main() -> None:
    """Measure and print."""
    application = QApplication(sys.argv[:1])
    apply_theme(application, DARK)
    for words, in_sight, grouped in (
        ("ticks on all rows", False, False),
        ("ticks on the rows in sight only", True, False),
        ("grouped by pair, ticks on the rows in sight only", True, True),
    ):
        figures = Run(in_sight=in_sight, grouped=grouped).measure(application)
        print(f"{ROWS:,} rows at {RATE} ticks/s, {words}")
        for value, unit, met, asked in (
            (figures.fps, "fps", figures.fps >= FPS, f"at least {FPS:.0f}"),
            (figures.cpu, "of a core", figures.cpu <= CPU, f"at most {CPU}"),
        ):
            print(f"  {value:7.2f} {unit} (target {asked}: {'met' if met else 'missed'})")
        print(f"  {figures.frame_ms or 0.0:7.2f} ms a frame, p99")


def _ms() -> int:
    return round(time.time() * 1_000)


if __name__ == "__main__":
    main()
