"""The tape (time and sales): the newest trades as they print, and how buying outweighs selling."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from .delta import CandleDeltas, Delta, Floats, Numbers
from .events import Trade
from .instrument import Instrument
from .prints import BATCH, FILLS, Print, PrintTable, Unit

__all__ = ["HISTORY_KEPT", "TRADES_KEPT", "CandleDeltas", "Numbers", "Print", "Tape", "Unit"]

TRADES_KEPT = 20_000
HISTORY_KEPT = 1_000  # trades told of the past that may yet prove to lack nothing

Counted = tuple[int, float, float]  # time, ms UTC, and amount in base and quote, negative if sold


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
        self.run: deque[Counted] = deque(maxlen=HISTORY_KEPT)

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
        self._deltas: dict[Unit, Delta] = {"base": Delta(), "quote": Delta()}
        self._pending: list[Trade] = []
        self._lines: dict[Instrument, _Line] = {}
        self._table = PrintTable(most)
        self._newest = 0  # ms UTC

    def __len__(self) -> int:
        return min(self._most, len(self._table) + len(self._pending))

    def add(self, trade: Trade) -> None:
        """Take in the next trade."""
        self._pending.append(trade)
        self.version += 1
        if len(self._pending) >= BATCH:
            self._settle()

    def interrupted(self) -> None:
        """Trades may have been missed since the last one."""
        self._settle()
        for delta in self._deltas.values():
            delta.interrupt(self._newest)
        self.version += 1

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """Those of which a trade came, in the order of their first."""
        return tuple(self._settled().instruments)

    @property
    def cumulative(self) -> float:
        """As ``Delta.cumulative``, in base."""
        return self.total()

    @property
    def since(self) -> int | None:
        """As ``Delta.since``."""
        return self._delta("base").since

    @property
    def broken_at(self) -> int | None:
        """As ``Delta.broken_at``."""
        return self._delta("base").broken_at

    def total(self, unit: Unit = "base") -> float:
        """As ``Delta.cumulative``, in that unit."""
        return self._delta(unit).cumulative

    def delta(self, window_s: int, now_ms: int, unit: Unit = "base") -> float:
        """As ``Delta.over``, in that unit."""
        return self._delta(unit).over(window_s, now_ms)

    def delta_by_candle(
        self, starts: Sequence[float] | Floats, unit: Unit = "base"
    ) -> CandleDeltas:
        """As ``Delta.by_candle``, in that unit."""
        return self._delta(unit).by_candle(starts)

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
        return self._settled().numbers(least, unit, aggregate, count)

    def prints(self, numbers: Sequence[int] | Numbers, aggregate: bool = False) -> list[Print]:
        """The rows with these numbers, in their order; those no longer held are left out."""
        return self._settled().prints(numbers, aggregate)

    def notional_quantiles(self, shares: Sequence[float], aggregate: bool = False) -> list[float]:
        """The notional, in quote, that these shares (0 to 1) of the rows do not exceed.

        Empty as long as nothing is held.
        """
        return self._settled().notional_quantiles(shares, aggregate)

    def _settled(self) -> PrintTable:
        self._settle()
        return self._table

    def _delta(self, unit: Unit) -> Delta:
        self._settle()
        return self._deltas[unit]

    def _settle(self) -> None:
        """Write what came since the last time into the table, and count it."""
        if not self._pending:
            return
        trades, self._pending = self._pending, []
        base = self._table.next_number
        rows: list[list[float]] = []
        counted: list[Counted] = []
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
                counted.append(_counted(trade))
            line.time, line.buy, line.price = time, buy, price
            line.id, line.history = trade.id, trade.history
        self._table.append(rows)
        self._count(counted)

    def _count(self, counted: Sequence[Counted]) -> None:
        self._deltas["base"].count([(time, size) for time, size, _ in counted])
        self._deltas["quote"].count([(time, worth) for time, _, worth in counted])
        self._newest = max(self._newest, max((time for time, _, _ in counted), default=0))

    def _join(self, row: list[float], first: int, rows: list[list[float]], base: int) -> None:
        """Add a further fill to its order, whose first may be written already, or gone."""
        parts, row[FILLS:] = row[FILLS:], (0, 0.0, 0.0)
        if first < base:
            self._table.join(first, parts)
            return
        order = rows[first - base]
        for field, part in enumerate(parts, FILLS):
            order[field] += part

    def _weigh(self, line: _Line, trade: Trade, counted: list[Counted]) -> None:
        """Judge what was told of the past: ``counted`` if no trade is missing between."""
        follows = line.follows(trade)
        if trade.history:
            line.counted = line.counted and follows
            if not line.counted:
                if not follows:
                    line.run.clear()
                line.run.append(_counted(trade))
            return
        # Where another exchange counts already, the time before is not known of all.
        known = self._deltas["base"].since is not None or counted
        if follows and len(self._lines) == 1 and not known:
            counted.extend(line.run)
        line.run.clear()

    def _open(self, instrument: Instrument) -> _Line:
        line = self._lines[instrument] = _Line(len(self._table.instruments))
        self._table.instruments.append(instrument)
        return line


def _counted(trade: Trade) -> Counted:
    size = trade.size if trade.side == "buy" else -trade.size
    return trade.time, size, trade.price * size
