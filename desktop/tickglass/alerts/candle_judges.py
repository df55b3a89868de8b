"""Judges of volumes, of closed candles and of silence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..market import indicator_math as sums
from ..market.candles import HIGH, LOW, Floats
from ..market.events import Candle, Trade
from ..market.interval import next_start
from .condition import (
    Direction,
    EmaCross,
    Extreme,
    Kind,
    MacdCross,
    NoData,
    RsiLeaves,
    TakerSide,
    Turning,
    VolumeSpike,
)
from .judge import SECOND, Hears, Judge
from .windows import RollingVolume

BARS_JUDGED = 1_500  # of the newest; older ones weigh nothing by then
BARS_WANTED = 500


class VolumeSpikes(Judge):
    """The volume of the last window is so many times its average before. Hears trades."""

    __slots__ = ("_side", "_times", "lookback", "volumes")

    def __init__(self, condition: VolumeSpike) -> None:
        super().__init__(Hears("trade"))
        self._side, self._times = condition.side, condition.times
        window = condition.window * SECOND
        self.lookback = window * (condition.windows + 1)
        self.volumes = RollingVolume(window, condition.windows)

    def see(self, trade: Trade, time: int) -> bool:
        """Strikes as the last window's volume reaches the multiple."""
        if self._side is TakerSide.ANY or trade.side == self._side.value:
            self.volumes.add(trade.time, trade.size)
            self.price = self.volumes.ratio
        return self._now(self.price is not None and self.price >= self._times)

    def seed_volumes(self, candles: Sequence[Candle]) -> None:
        """Count volumes from before the first trade, unless sides matter: candles have none."""
        if self._side is TakerSide.ANY:
            self.volumes.seed(
                (each.start, next_start(each.interval, each.start), each.volume) for each in candles
            )

    def forget(self) -> None:
        """Volumes were missed: they are gathered anew, or seeded from candles."""
        self.volumes.forget()
        self.price, self.holds = None, False

    def cleared(self, share: float) -> bool:
        """Below the multiple by the band."""
        return self.price is not None and self.price <= self._times * (1 - share)

    @property
    def distance(self) -> float | None:
        """A volume has no way to go in prices."""
        return None


class Turns(Judge):
    """The trend turns, or a candle goes beyond those before. Hears closed candles, the newest last.

    It holds until the next candle closes.
    """

    edge = True
    __slots__ = ("_condition",)

    def __init__(self, condition: Turning) -> None:
        super().__init__(Hears("candles", condition.interval))
        self._condition = condition

    def see(self, rows: Floats, time: int) -> bool:
        """Strikes if the newest candle is the one."""
        self.holds = turned(self._condition, rows[:, -BARS_JUDGED:])
        return self.holds

    def forget(self) -> None:
        """Candles are completed by the exchange's history: none is missed."""

    def cleared(self, share: float) -> bool:
        """A turn is over with its candle."""
        return not self.holds

    @property
    def distance(self) -> float | None:
        """A trend has no level."""
        return None


class Silence(Judge):
    """Nothing has been heard for so long. Hears ms of silence."""

    __slots__ = ("_longest",)

    def __init__(self, condition: NoData) -> None:
        super().__init__(Hears("silence"))
        self._longest = condition.seconds * SECOND

    def see(self, silent: float, time: int) -> bool:
        """Strikes once as it has been silent for too long."""
        return self._now(silent >= self._longest)

    def forget(self) -> None:
        """A gap is what it listens for."""

    def cleared(self, share: float) -> bool:
        """Something was heard."""
        return not self.holds

    @property
    def distance(self) -> float | None:
        """Silence has no price."""
        return None


def turned(condition: Turning, rows: Floats) -> bool:
    """Whether the newest of some closed candles turns the trend as a condition says.

    ``rows`` are those of a candle series. EMA, MACD and RSI are TA-Lib's.
    """
    match condition:
        case EmaCross():
            fast = sums.ema(rows, [condition.fast])[0]
            slow = sums.ema(rows, [condition.slow])[0]
            return _crossed(fast - slow, condition.direction)
        case MacdCross():
            macd = sums.macd(rows, [condition.fast, condition.slow, condition.signal])
            return _crossed(macd[0] - macd[1], condition.direction)
        case RsiLeaves():
            return _left(sums.rsi(rows, [condition.length])[0], condition)
        case Extreme():
            return _beyond(rows, condition)


def _crossed(apart: Floats, direction: Direction) -> bool:
    if len(apart) < 2 or np.isnan(apart[-2:]).any():
        return False
    before, now = apart[-2:]
    up = direction is not Direction.DOWN and before <= 0 < now
    return bool(up or (direction is not Direction.UP and before >= 0 > now))


def _left(values: Floats, condition: RsiLeaves) -> bool:
    if len(values) < 2 or np.isnan(values[-2:]).any():
        return False
    before, now = values[-2:]
    up = condition.direction is not Direction.DOWN and before < condition.low <= now
    down = condition.direction is not Direction.UP and before > condition.high >= now
    return bool(up or down)


def _beyond(rows: Floats, condition: Extreme) -> bool:
    if rows.shape[1] <= condition.length:
        return False
    before = slice(-condition.length - 1, -1)
    if condition.kind is Kind.NEW_HIGH:
        return bool(rows[HIGH, -1] > rows[HIGH, before].max())
    return bool(rows[LOW, -1] < rows[LOW, before].min())
