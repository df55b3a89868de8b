"""Which judge a condition gets, and what it hears."""

from __future__ import annotations

from ..errors import UsageError
from ..language import tr
from ..market.instrument import Instrument
from .alert import Alert, Trigger
from .candle_judges import Silence, Turns, VolumeSpikes
from .condition import (
    Condition,
    DayChange,
    Kind,
    Move,
    Moved,
    NoData,
    PriceChannel,
    Priced,
    PriceLevel,
    Source,
    Spread,
    Steps,
    Trail,
    VolumeSpike,
    make,
)
from .judge import Hears, Judge
from .level_judges import Crosses, InChannel, IsBeyond, IsChanged, StepsOf
from .movement_judges import HasMoved, MovesWithin, Trails

# The condition that a second exchange must fulfil: that it is so, not that it becomes so.
AS_STATE = {
    Kind.CROSSES_UP: Kind.ABOVE,
    Kind.CROSSES_DOWN: Kind.BELOW,
    Kind.CROSSES: Kind.ABOVE,
    Kind.ENTERS: Kind.INSIDE,
    Kind.LEAVES: Kind.OUTSIDE,
}
CONFIRMABLE = (PriceLevel, PriceChannel, Move, DayChange)


def elsewhere(instrument: Instrument, other: str) -> Instrument:
    """The instrument to compare with: named whole, or the same pair on another exchange."""
    if ":" in other:
        return Instrument.parse(other)
    return instrument._replace(exchange=other.strip().lower())


def judges_of(alert: Alert) -> tuple[Judge, ...]:
    """A fresh judge for each condition of an alert."""
    return tuple(judge_of(each, alert) for each in alert.conditions)


def second_of(alert: Alert) -> Judge | None:
    """The judge of the second exchange, if the alert wants to be confirmed."""
    if not alert.confirm:
        return None
    first = alert.first
    if not isinstance(first, CONFIRMABLE):
        raise UsageError(tr("This condition cannot be confirmed by a second exchange."))
    if first.kind not in AS_STATE:
        return judge_of(first, alert)
    kind = AS_STATE[first.kind]
    if isinstance(first, PriceLevel):
        return judge_of(make(kind, value=first.value, source=Source.LAST), alert)
    assert isinstance(first, PriceChannel)
    return judge_of(make(kind, low=first.low, high=first.high, source=Source.LAST), alert)


def judge_of(condition: Condition, alert: Alert) -> Judge:
    """A fresh judge for a condition."""
    match condition:
        case DayChange():
            return IsChanged(Hears("day"), condition)
        case Spread():
            return IsChanged(Hears("spread", condition.other), condition)
        case VolumeSpike():
            return VolumeSpikes(condition)
        case NoData():
            return Silence(condition)
        case PriceLevel() | PriceChannel() | Move() | Trail() | Steps() | Moved():
            return _of_price(condition, _hears(condition, alert))
        case _:
            return Turns(condition)


def _hears(condition: Priced, alert: Alert) -> Hears:
    if alert.trigger is Trigger.CLOSE:
        return Hears("close", alert.interval)
    if condition.source is Source.CLOSE:
        return Hears("close", condition.interval)
    return Hears(condition.source.value)


def _of_price(condition: Priced, hears: Hears) -> Judge:
    match condition:
        case PriceLevel():
            beyond = condition.kind in (Kind.ABOVE, Kind.BELOW)
            return IsBeyond(hears, condition) if beyond else Crosses(hears, condition)
        case PriceChannel():
            return InChannel(hears, condition)
        case Move():
            return MovesWithin(hears, condition)
        case Trail():
            return Trails(hears, condition)
        case Steps():
            return StepsOf(hears, condition)
        case Moved():
            return HasMoved(hears, condition)
