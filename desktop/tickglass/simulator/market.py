"""The simulated market: every pair's trading on one clock, at one pace. Pure: the clock is given.

``rate`` counts market events a second over all pairs: fills, and changes of a best bid or ask.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random

from .chart import Chart
from .economy import Economy
from .history import DAYS, History
from .pairs import QUOTE_DOLLARS, Pair
from .premium import Premium
from .trading import Happening, Manner, Taken, Trading

LEVEL_GAP = 2e-5  # of the price: the usual distance between two levels
ACTIVITY_POWER = 0.8  # of the volume: quiet pairs trade smaller rather than never
FILLS_PER_EVENT = 0.45  # measured, as the next; they set how large orders are
ORDERS_PER_EVENT = 0.30
MOOD_CHECK = 1_000  # ms between looks at how busy each pair is
MOST_CAUGHT_UP = 5_000  # ms; what a longer pause would have brought is not made up for


class Market:
    """A market of pairs, seeded: the same seed and the same advances give the same events.

    ``start`` and ``now`` are ms UTC. Markets of one ``economy`` trade the same currencies, each
    ``venue`` at a small premium of its own.
    """

    def __init__(
        self,
        seed: int,
        pairs: Sequence[Pair],
        start: int,
        rate: float,
        economy: Economy | None = None,
        venue: str = "",
    ) -> None:
        self.seed = seed
        self.pairs = pairs
        self.start = self.now = start
        self.rate = rate
        self.venue = venue
        self._economy = economy or Economy(seed, pairs, start)
        self._premium = Premium(Random(f"{seed} {venue}"), start) if venue else None
        self._random = Random(f"{seed} {venue}") if venue else Random(seed)
        self._owed = 0.0
        self._halted: set[int] = set()
        self._sides = [self._economy.sides(pair) for pair in pairs]
        self._ticks = [pair.price_ticks for pair in pairs]
        self._weights = [math.pow(pair.volume, ACTIVITY_POWER) for pair in pairs]
        self._total_weight = sum(self._weights)
        self._running: list[float] = []
        self._next_moods = start
        self._tradings: list[Trading | None] = [None] * len(pairs)
        self._charts: list[Chart | None] = [None] * len(pairs)

    def advance(self, now: int) -> list[Happening]:
        """Let the market run until ``now``: what happened, in order."""
        begin = max(self.now, now - MOST_CAUGHT_UP)
        out: list[Happening] = []
        if now <= self.now:
            return out
        self.now = now
        if now >= self._next_moods:
            self._turn_moods(now)
        passed = now - begin
        self._owed += self.rate * passed / 1000
        events = 0
        while events < self._owed:
            time = begin + 1 + int((passed - 1) * events / self._owed)
            events += self._order(time, out)
        self._owed -= events
        return out

    def halt(self, index: int, *, halted: bool = True) -> None:
        """Stop the trading of a pair, or let it go on."""
        if halted:
            self._halted.add(index)
        else:
            self._halted.discard(index)

    def trading(self, index: int) -> Trading:
        """The trading of a pair, begun at the start price when it is first needed."""
        trading = self._tradings[index]
        if trading is None:
            pair = self.pairs[index]
            random = Random(f"{self.seed} {pair.base}/{pair.quote_ccy}{self.venue}")
            trading = self._tradings[index] = Trading(index, self._manner(index), random)
        return trading

    def chart(self, index: int) -> Chart:
        """The candles of a pair."""
        chart = self._charts[index]
        if chart is None:
            chart = self._charts[index] = Chart(self._history(index), self.trading(index).live)
        return chart

    def _order(self, time: int, out: list[Happening]) -> int:
        index = bisect(self._running, self._random.random() * self._running[-1])
        if index in self._halted:
            return 1
        base, quote = self._sides[index]
        fair = self._ticks[index] * base.at(time) / quote.at(time)
        if self._premium is not None:
            fair *= self._premium.at(time, index)
        trading = self._tradings[index] or self.trading(index)
        return trading.order(time, fair, out)

    def _turn_moods(self, now: int) -> None:
        self._next_moods = now + MOOD_CHECK
        self._economy.turn(now)
        weighed = zip(self._weights, self._sides, strict=True)
        self._running = list(
            accumulate(weight * base.mood.activity for weight, (base, _) in weighed)
        )

    def _manner(self, index: int) -> Manner:
        price = self._ticks[index]
        fills = self._fills_a_day(index)
        return Manner(
            price=price,
            gap=max(1.0, price * LEVEL_GAP),
            taker_size=self._lots_a_day(index) / (fills * ORDERS_PER_EVENT / FILLS_PER_EVENT),
            first_trade=int(fills * DAYS * 2) + 1_000,
        )

    def _history(self, index: int) -> History:
        pair = self.pairs[index]
        fills = self._fills_a_day(index)
        return History(
            self.seed,
            pair,
            self.start,
            self._economy.volatilities(pair),
            trades=fills,
            size=max(1.0, self._lots_a_day(index) / fills),
            next_trade=int(fills * DAYS * 2) + 1_000,
        )

    def _fills_a_day(self, index: int) -> float:
        events = self.rate * 86_400 * self._weights[index] / self._total_weight
        return max(10.0, events * FILLS_PER_EVENT)

    def _lots_a_day(self, index: int) -> float:
        pair = self.pairs[index]
        worth = pair.volume * 1e6 / QUOTE_DOLLARS[pair.quote_ccy]
        lots: float = worth / float(pair.price * pair.lot_size)
        return max(1.0, lots)


def last_fill(trading: Trading) -> int:
    """The size of the newest fill in lots, 0 before the first."""
    newest: Taken | None = trading.matches[-1] if trading.matches else None
    return newest.fills[-1] if newest else 0
