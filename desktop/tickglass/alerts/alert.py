"""An alert: what a person asked to be told, how often, and what holds it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ..errors import UsageError
from ..language import tr
from ..market.instrument import Instrument
from ..market.interval import milliseconds
from .condition import Condition, Kind, PriceLevel

MOST_CONDITIONS = 5
LONGEST_WAIT = 7 * 86_400  # s
LONGEST_MESSAGE = 500


class Trigger(StrEnum):
    """How often an alert fires."""

    ONCE = "once"
    EVERY = "every"
    CANDLE = "candle"
    CLOSE = "candle_close"


class State(StrEnum):
    """What an alert is doing."""

    ARMED = "armed"
    FIRED = "fired"
    SNOOZED = "snoozed"
    PAUSED = "paused"
    EXPIRED = "expired"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule. It covers one instrument, or all of the watchlist named ``watchlist``.

    It fires when all ``conditions`` hold and one of them was struck just now. ``interval`` is the
    candle of the triggers ``candle`` and ``candle_close``. ``cooldown``: seconds of silence after
    firing. ``rearm``: per cent that the price must come back before it can fire again. ``moved``:
    once fired, it fires when the price has moved by so many per cent since. ``hold``: seconds for
    which the conditions must go on holding. ``confirm``: an exchange, or an instrument, where the
    first condition must hold as well. ``expires`` and ``snoozed`` (until) are ms UTC, ``since`` is
    when it was armed, ``fired`` the exchange's time of what spent an alert with trigger ``once``.
    ``urgent`` speaks in quiet hours. ``message`` is a template, ``send_to`` names where else it is
    sent. An alert that was fired once is kept, to be looked at.
    """

    id: str
    instrument: Instrument | None
    conditions: tuple[Condition, ...]
    trigger: Trigger = Trigger.ONCE
    fired: int | None = None
    watchlist: str = ""
    interval: str = "1m"
    cooldown: int = 0
    rearm: float = 0.0
    moved: float = 0.0
    hold: int = 0
    confirm: str = ""
    expires: int | None = None
    snoozed: int | None = None
    paused: bool = False
    urgent: bool = False
    message: str = ""
    sound: str = ""
    send_to: tuple[str, ...] = ()
    since: int = 0

    def __post_init__(self) -> None:
        if not 1 <= len(self.conditions) <= MOST_CONDITIONS:
            raise UsageError(tr("An alert has one to {most} conditions.", most=MOST_CONDITIONS))
        if (self.instrument is None) == (not self.watchlist):
            raise UsageError(tr("An alert watches one instrument or one watchlist."))
        waits = (self.cooldown, self.hold)
        if not all(0 <= each <= LONGEST_WAIT for each in waits):
            raise UsageError(tr("A wait is from 0 seconds to 7 days."))
        if not (0 <= self.rearm < 100 and 0 <= self.moved < 100):
            raise UsageError(tr("Write per cent from 0 to below 100."))
        if len(self.message) > LONGEST_MESSAGE:
            raise UsageError(tr("A message has at most {most} characters.", most=LONGEST_MESSAGE))
        try:
            milliseconds(self.interval)
        except ValueError:
            sentence = tr("{text} is not an interval.", text=repr(self.interval))
            raise UsageError(sentence) from None

    @property
    def first(self) -> Condition:
        """The condition that it is named by."""
        return self.conditions[0]

    @property
    def kind(self) -> Kind:
        """The kind of the first condition."""
        return self.first.kind

    @property
    def level(self) -> float | None:
        """The one price that it waits for, as a line on the chart; None if there is none."""
        return self.first.value if isinstance(self.first, PriceLevel) else None

    @property
    def armed(self) -> bool:
        """Whether it can still fire: it is neither spent nor paused."""
        return self.fired is None and not self.paused

    def state(self, now: int, suspended: str = "") -> State:
        """What it is doing at a time, ms UTC; ``suspended`` is why it cannot be watched."""
        if self.fired is not None:
            return State.FIRED
        if self.expires is not None and now >= self.expires:
            return State.EXPIRED
        if self.paused:
            return State.PAUSED
        if self.snoozed is not None and now < self.snoozed:
            return State.SNOOZED
        return State.SUSPENDED if suspended else State.ARMED

    def covers(self, instrument: Instrument, lists: Mapping[str, frozenset[Instrument]]) -> bool:
        """Whether it watches an instrument; ``lists`` are the watchlists by name."""
        if self.instrument is not None:
            return self.instrument == instrument
        return instrument in lists.get(self.watchlist, frozenset())

    def arm(self, now: int) -> Alert:
        """The same alert, ready to fire again."""
        return replace(self, fired=None, paused=False, snoozed=None, since=now)
