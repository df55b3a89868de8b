"""An alert: what a person asked to be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from ..market.instrument import Instrument


class Condition(StrEnum):
    """When an alert fires, on the price of the last trade."""

    CROSSES = "crosses"
    CROSSES_UP = "crosses_up"
    CROSSES_DOWN = "crosses_down"


class Trigger(StrEnum):
    """How often an alert fires."""

    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Alert:
    """A price level to watch. ``fired`` is the exchange's time (ms UTC) of the trade that did it.

    An alert with trigger ``once`` that has fired is kept, to be looked at, and never fires again.
    """

    id: str
    instrument: Instrument
    condition: Condition
    value: float
    trigger: Trigger = Trigger.ONCE
    fired: int | None = None

    @property
    def armed(self) -> bool:
        """Whether it can still fire."""
        return self.fired is None

    def fire(self, time: int) -> Alert:
        """The same alert after it fired."""
        return replace(self, fired=time)


def crosses(condition: Condition, level: float, before: float, now: float) -> bool:
    """Whether the step from ``before`` to ``now`` meets the condition.

    Reaching the level counts, leaving it does not: 99 → 100 crosses 100 up, 100 → 101 does not.
    """
    up = before < level <= now
    down = before > level >= now
    match condition:
        case Condition.CROSSES_UP:
            return up
        case Condition.CROSSES_DOWN:
            return down
        case Condition.CROSSES:
            return up or down
