"""The tape (time and sales): the newest trades as they print, and how buying outweighs selling."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import chain
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from .events import Side, Trade
from .instrument import Instrument
from .interval import MINUTE, SECOND

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
Unit = Literal["base", "quote"]

TRADES_KEPT = 20_000
BATCH = 256  # trades settled at a time: one by one costs three times as much
LEAST_CHUNK = 256  # trades looked at first when rows are sought
HISTORY_KEPT = 1_000  # trades told of the past that may yet prove to lack nothing
SECONDS_KEPT = 660  # a little more than the ten minutes that are known to the second
MINUTES_KEPT = 1_442  # the same of a day
LONGEST_TO_THE_SECOND = 600  # s
BREAKS_KEPT = 64
ROUNDED_TO = 9  # decimals: sums of decimals pick up a tail of noise
FIELDS = ("time", "price", "size", "which", "buy", "history", "fills", "total", "worth")
# The last three are of the whole order and stand at its first fill; further fills have 0 there.
TIME, PRICE, SIZE, WHICH, BUY, HISTORY, FILLS, TOTAL, WORTH = range(len(FIELDS))


class Print(NamedTuple):
    """A row of the tape: one trade, or one taker's order with its fills joined.

    ``number`` counts the trades of the tape, and is that of the first fill. ``price`` is the
    average, ``size`` in base.
    """

    number: int
    instrument: Instrument
    time: int
    price: float
    size: float
    side: Side
    fills: int = 1
    history: bool = False

    @property
    def notional(self) -> float:
        """What was paid, in quote."""
        return self.price * self.size


class CandleDeltas(NamedTuple):
    """Of every candle: its delta, the cumulative one at its end, and if all of it was heard.

    In base; NaN where nothing is known.
    """

    delta: Floats
    cumulative: Floats
    whole: Flags


class _Break:
    """From ``at`` until ``resumed`` (ms UTC, None: not yet) trades may have been missed.

    ``total`` is the cumulative delta that ended; the others are what stood in the running bucket.
    """

    __slots__ = ("at", "held", "resumed", "total")

    def __init__(self, at: float, total: float = 0.0, held: dict[int, float] | None = None) -> None:
        self.at = at
        self.resumed: int | None = None
        self.total = total
        self.held = held or {}  # by the length of a bucket


class _Buckets:
    """Sums by time; the oldest go when there are too many."""

    __slots__ = ("floor", "length", "most", "nets")

    def __init__(self, length: int, most: int) -> None:
        self.length = length
        self.most = most
        self.nets: dict[int, float] = {}
        self.floor = 0  # ms; what was before is forgotten

    def add(self, time: int, amount: float) -> None:
        key = time // self.length
        if key in self.nets:
            self.nets[key] += amount
            return
        self.nets[key] = amount
        if len(self.nets) > self.most:
            oldest = min(self.nets)
            del self.nets[oldest]
            self.floor = max(self.floor, (oldest + 1) * self.length)

    def since(self, time: int, broken: _Break) -> float:
        """The sum of the whole buckets after ``time``, without what was before the break."""
        first = time // self.length + 1
        total = 0.0
        if broken.held and broken.at >= first * self.length:
            first = int(broken.at) // self.length
            total = -broken.held[self.length] if first in self.nets else 0.0
        return total + sum(net for key, net in self.nets.items() if key >= first)


class Delta:
    """Buy volume − sell volume, in base: over a window, since the opening, and by candle.

    Kept by the second for ten minutes and by the minute for a day. A gap lets everything but the
    deltas by candle begin anew.
    """

    def __init__(self) -> None:
        self._sum = 0.0
        self._seconds = _Buckets(SECOND, SECONDS_KEPT)
        self._minutes = _Buckets(MINUTE, MINUTES_KEPT)
        # The time before the opening is the first gap; of many, the oldest counts as that.
        self._breaks = deque([_Break(-np.inf)], BREAKS_KEPT)

    @property
    def cumulative(self) -> float:
        """Everything counted from ``since`` on."""
        return round(self._sum, ROUNDED_TO)

    @property
    def since(self) -> int | None:
        """The time of the first trade counted, ms UTC; None as long as there is none."""
        return self._breaks[-1].resumed

    @property
    def broken_at(self) -> int | None:
        """The time of the last trade before the last gap, ms UTC; None if there was none."""
        broken = self._breaks[-1]
        return int(broken.at) if broken.held else None

    def count(self, counted: Sequence[tuple[int, float]]) -> None:
        """Count trades: their time, ms UTC, and their size, negative where it was sold."""
        broken = self._breaks[-1]
        if broken.resumed is None and counted:
            broken.resumed = counted[0][0]
        nets: dict[int, float] = {}
        for time, amount in counted:
            second = time // SECOND
            nets[second] = nets.get(second, 0.0) + amount
        for second, net in nets.items():
            self._sum += net
            self._seconds.add(second * SECOND, net)
            self._minutes.add(second * SECOND, net)

    def interrupt(self, at: int) -> None:
        """Trades after ``at`` may have been missed: count anew from the next one on."""
        if self.since is None:
            return
        parts = (self._seconds, self._minutes)
        held = {part.length: part.nets.get(at // part.length, 0.0) for part in parts}
        self._breaks.append(_Break(at, self._sum, held))
        self._sum = 0.0

    def over(self, window_s: int, now_ms: int) -> float:
        """Over the last so many seconds, at most since ``since``.

        To the second up to ten minutes, to the minute beyond: the bucket in which the window
        begins is left out.
        """
        part = self._seconds if window_s <= LONGEST_TO_THE_SECOND else self._minutes
        found = part.since(now_ms - window_s * SECOND, self._breaks[-1])
        return round(found, ROUNDED_TO)

    def by_candle(self, starts: Sequence[float] | Floats) -> CandleDeltas:
        """For candles that start then (ms UTC, ascending); the last one is still open.

        Candles of whole minutes are known for a day, shorter ones for ten minutes.
        """
        edges = np.asarray(starts, dtype=np.float64)
        ends = np.append(edges[1:], np.inf)[: len(edges)]
        part = self._seconds if np.any(edges % MINUTE) else self._minutes
        known, whole = self._judge(edges, ends, part.floor)
        keys = np.array(sorted(part.nets), dtype=np.int64)
        if not len(keys) or not len(edges):
            nothing = np.full(len(edges), np.nan)
            return CandleDeltas(nothing, nothing.copy(), np.zeros(len(edges), dtype=np.bool_))
        times, nets = keys * part.length, np.array([part.nets[key] for key in keys.tolist()])
        candle = np.searchsorted(edges, times, side="right") - 1
        inside = candle >= 0
        counts = np.bincount(candle[inside], nets[inside], minlength=len(edges))
        delta: Floats = counts.astype(np.float64)
        last = np.searchsorted(times, ends) - 1
        sums = self._sums(times, nets, part.length)
        cumulative: Floats = np.where(last >= 0, sums[last], 0.0)
        delta[~known] = cumulative[~known] = np.nan
        return CandleDeltas(delta.round(ROUNDED_TO), cumulative.round(ROUNDED_TO), whole & known)

    def _judge(self, starts: Floats, ends: Floats, floor: int) -> tuple[Flags, Flags]:
        """Which candles are known at all, and which entirely."""
        gaps = [(-np.inf, float(floor))]
        for broken in self._breaks:
            at = -np.inf if broken is self._breaks[0] else broken.at
            gaps.append((at, np.inf if broken.resumed is None else float(broken.resumed)))
        known = np.ones(len(starts), dtype=np.bool_)
        whole = known.copy()
        for at, resumed in gaps:
            whole &= (starts >= resumed) | (ends <= at)
            known &= (starts <= at) | (ends > resumed)
        return known, whole

    def _sums(self, times: Numbers, nets: Floats, length: int) -> Floats:
        """The cumulative delta at the end of every bucket: each part ends as it was counted."""
        raw = np.cumsum(nets)
        sums = raw.copy()
        begun = 0
        for broken in self._breaks:
            if not broken.held:
                continue
            # The bucket in which it broke is the next part's if that began in it too.
            shared = broken.resumed is not None and broken.resumed // length == broken.at // length
            start = (int(broken.at) // length + (not shared)) * length
            index = int(np.searchsorted(times, start))
            before = float(raw[index - 1]) if index else 0.0
            if shared and index < len(times) and times[index] == start:
                before += broken.held[length]
            sums[begun:index] += broken.total - before
            begun = index
        sums[begun:] += self._sum - raw[-1]
        return sums


class _Line:
    """What is remembered of the trades of one instrument."""

    __slots__ = ("buy", "counted", "first", "history", "id", "price", "run", "time", "which")

    def __init__(self, which: int) -> None:
        self.which = which
        self.time = -1
        self.buy = self.history = False
        self.price = 0.0
        self.first = 0  # the number of the first fill of the last order
        self.id = ""
        self.counted = False  # whether the last trade went into the delta
        self.run: deque[tuple[int, float]] = deque(maxlen=HISTORY_KEPT)

    def continues(self, trade: Trade, buy: bool) -> bool:
        """Whether a trade of the same ms is a further fill: an order only walks up (or down)."""
        return (
            buy == self.buy
            and trade.history == self.history
            and (trade.price >= self.price if buy else trade.price <= self.price)
        )

    def follows(self, trade: Trade) -> bool:
        """Whether no trade can be missing between the last one and this: its number is the next."""
        known, new = self.id, trade.id
        return known.isdecimal() and new.isdecimal() and int(new) == int(known) + 1


class Tape:
    """The newest trades of a pair, of one exchange or several, in the order in which they came.

    ``version`` rises with every trade and every gap. Trades told of the past are marked, and count
    for the delta only where the exchange's numbers prove that none is missing between.
    """

    def __init__(self, most: int = TRADES_KEPT) -> None:
        self.version = 0
        self._most = most
        self._delta = Delta()
        self._pending: list[Trade] = []
        self._lines: dict[Instrument, _Line] = {}
        self._instruments: list[Instrument] = []
        self._table: Floats = np.zeros((len(FIELDS), 2 * most + BATCH))
        self._end = 0  # of what is filled in the table
        self._shift = 0  # the number of the trade at index 0 of the table
        self._newest = 0  # ms UTC

    def __len__(self) -> int:
        return min(self._most, self._end + len(self._pending))

    def add(self, trade: Trade) -> None:
        """Take in the next trade."""
        self._pending.append(trade)
        self.version += 1
        if len(self._pending) >= BATCH:
            self._settle()

    def interrupted(self) -> None:
        """Trades may have been missed since the last one."""
        self._settle()
        self._delta.interrupt(self._newest)
        self.version += 1

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """Those of which a trade came, in the order of their first."""
        self._settle()
        return tuple(self._instruments)

    @property
    def cumulative(self) -> float:
        """As ``Delta.cumulative``."""
        return self._settled().cumulative

    @property
    def since(self) -> int | None:
        """As ``Delta.since``."""
        return self._settled().since

    @property
    def broken_at(self) -> int | None:
        """As ``Delta.broken_at``."""
        return self._settled().broken_at

    def delta(self, window_s: int, now_ms: int) -> float:
        """As ``Delta.over``."""
        return self._settled().over(window_s, now_ms)

    def delta_by_candle(self, starts: Sequence[float] | Floats) -> CandleDeltas:
        """As ``Delta.by_candle``."""
        return self._settled().by_candle(starts)

    def rows(
        self, count: int, least: float = 0.0, unit: Unit = "base", aggregate: bool = False
    ) -> list[Print]:
        """The newest rows of at least that size, newest first; ``aggregate`` joins fills.

        Fills of one order come in a row, at the same ms, on the same side, at prices ever worse.
        """
        found = self.numbers(least, unit, aggregate, count)
        return self.prints(found[::-1], aggregate)

    def numbers(
        self,
        least: float = 0.0,
        unit: Unit = "base",
        aggregate: bool = False,
        count: int | None = None,
    ) -> Numbers:
        """The numbers of those rows, ascending; all that are held, or the newest ``count``."""
        self._settle()
        begin, stop = self._begin, self._end
        chunk = self._most if count is None else max(LEAST_CHUNK, 2 * count)
        wanted = self._most if count is None else count
        parts: list[Numbers] = []
        while stop > begin and wanted > 0:
            start = max(begin, stop - chunk)
            part = np.flatnonzero(self._fits(start, stop, least, unit, aggregate))[-wanted:]
            parts.append(part + (start + self._shift))
            wanted -= len(part)
            stop, chunk = start, 2 * chunk
        return np.concatenate(parts[::-1]) if parts else np.empty(0, dtype=np.int64)

    def prints(self, numbers: Sequence[int] | Numbers, aggregate: bool = False) -> list[Print]:
        """The rows with these numbers, in their order; those no longer held are left out."""
        self._settle()
        index = np.asarray(numbers, dtype=np.int64) - self._shift
        index = index[(index >= self._begin) & (index < self._end)]
        table = self._table[:, index]
        price, size, fills = table[PRICE], table[SIZE], np.ones(len(index))
        if aggregate:
            size, fills = table[TOTAL], table[FILLS]
            averaged = (fills > 1) & (size > 0)
            price = np.divide(table[WORTH], size, out=price.copy(), where=averaged)
        known = self._instruments
        columns = zip(
            (index + self._shift).tolist(),
            [known[which] for which in table[WHICH].astype(np.intp).tolist()],
            table[TIME].astype(np.int64).tolist(),
            price.tolist(),
            size.tolist(),
            ["buy" if buy else "sell" for buy in table[BUY].tolist()],
            fills.astype(np.int64).tolist(),
            (table[HISTORY] > 0).tolist(),
            strict=True,
        )
        return list(map(Print._make, columns))

    def notional_quantiles(self, shares: Sequence[float], aggregate: bool = False) -> list[float]:
        """The notional, in quote, that these shares (0 to 1) of the rows do not exceed.

        Empty as long as nothing is held.
        """
        self._settle()
        table = self._table[:, self._begin : self._end]
        worth = table[WORTH][table[FILLS] > 0] if aggregate else table[PRICE] * table[SIZE]
        found: list[float] = np.quantile(worth, shares).tolist() if len(worth) else []
        return found

    @property
    def _begin(self) -> int:
        """The index of the oldest trade that is held."""
        return max(0, self._end - self._most)

    def _fits(self, start: int, stop: int, least: float, unit: Unit, aggregate: bool) -> Flags:
        table = self._table[:, start:stop]
        if aggregate:
            firsts: Flags = table[FILLS] > 0
            amounts = table[TOTAL if unit == "base" else WORTH]
            return firsts & (amounts >= least) if least > 0 else firsts
        amounts = table[SIZE] if unit == "base" else table[PRICE] * table[SIZE]
        enough: Flags = amounts >= least
        return enough

    def _settled(self) -> Delta:
        self._settle()
        return self._delta

    def _settle(self) -> None:
        """Write what came since the last time into the table, and count it."""
        if not self._pending:
            return
        trades, self._pending = self._pending, []
        self._make_room(len(trades))
        base = self._end + self._shift
        rows: list[list[float]] = []
        counted: list[tuple[int, float]] = []
        for trade in trades:
            line = self._lines.get(trade.instrument) or self._open(trade.instrument)
            time, price, size, buy = trade.time, trade.price, trade.size, trade.side == "buy"
            row = [time, price, size, line.which, buy, trade.history, 1, size, price * size]
            if time == line.time and line.continues(trade, buy):
                self._join(row, line.first, rows, base)
            else:
                line.first = base + len(rows)
            rows.append(row)
            if trade.history or line.run:
                self._weigh(line, trade, counted)
            if not trade.history or line.counted:
                line.counted = True
                counted.append((time, size if buy else -size))
            line.time, line.buy, line.price = time, buy, price
            line.id, line.history = trade.id, trade.history
        # Half the time of np.array(rows).
        flat = np.fromiter(chain.from_iterable(rows), np.float64, len(rows) * len(FIELDS))
        self._table[:, self._end : self._end + len(rows)] = flat.reshape(len(rows), -1).T
        self._end += len(rows)
        self._delta.count(counted)
        self._newest = max(self._newest, max((time for time, _ in counted), default=0))

    def _join(self, row: list[float], first: int, rows: list[list[float]], base: int) -> None:
        """Add a further fill to its order, whose first may be written already, or gone."""
        parts, row[FILLS:] = row[FILLS:], (0, 0.0, 0.0)
        if first >= base:
            order = rows[first - base]
            for field, part in zip((FILLS, TOTAL, WORTH), parts, strict=True):
                order[field] += part
        elif first >= self._shift:
            self._table[FILLS:, first - self._shift] += parts

    def _weigh(self, line: _Line, trade: Trade, counted: list[tuple[int, float]]) -> None:
        """Judge what was told of the past: ``counted`` if no trade is missing between."""
        follows = line.follows(trade)
        if trade.history:
            line.counted = line.counted and follows
            if not line.counted:
                if not follows:
                    line.run.clear()
                line.run.append((trade.time, trade.size if trade.side == "buy" else -trade.size))
            return
        # Where another exchange counts already, the time before is not known of all.
        if follows and len(self._lines) == 1 and self._delta.since is None and not counted:
            counted.extend(line.run)
        line.run.clear()

    def _open(self, instrument: Instrument) -> _Line:
        line = self._lines[instrument] = _Line(len(self._instruments))
        self._instruments.append(instrument)
        return line

    def _make_room(self, count: int) -> None:
        if self._end + count <= self._table.shape[1]:
            return
        begin = self._begin
        kept = self._end - begin
        self._table[:, :kept] = self._table[:, begin : self._end].copy()
        self._end, self._shift = kept, self._shift + begin
