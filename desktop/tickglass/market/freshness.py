"""How fresh a number is: part of every number, because a dead price must never look alive."""

from __future__ import annotations

from enum import StrEnum

QUIET_AFTER = 10.0  # s without news of an instrument whose connection lives
STALE_AFTER = 15.0  # s without anything at all from a connection that claims to be open


class Freshness(StrEnum):
    """live · quiet (connected, this one just did not trade) · stale · lost · never."""

    LIVE = "live"
    QUIET = "quiet"
    STALE = "stale"
    LOST = "lost"
    NEVER = "never"

    @property
    def trusted(self) -> bool:
        """Whether a price in this state is still the market's price."""
        return self in (Freshness.LIVE, Freshness.QUIET)


class Link:
    """What is known of one connection. Times are seconds of a monotonic clock.

    ``since`` is when it last came up: it has missed nothing from then on. ``heard`` is the last
    sign of life, ``arrived`` when the bytes now being applied came in, ``dial`` the number of the
    dial that they came over.
    """

    __slots__ = ("arrived", "connection", "dial", "exchange", "heard", "since", "up")

    def __init__(self, exchange: str, connection: int) -> None:
        self.exchange = exchange
        self.connection = connection
        self.up = False
        self.since = 0.0
        self.heard = 0.0
        self.arrived = 0.0
        self.dial = 0

    def open(self, now: float) -> None:
        """The connection stands; if it stood already, nothing was missed."""
        self.heard = self.arrived = now
        if not self.up:
            self.up, self.since = True, now


def freshness(now: float, link: Link | None, seen: float | None) -> Freshness:
    """Judge a value last seen at ``seen`` over ``link``; all times in monotonic seconds.

    What was seen before the link last came up may have changed meanwhile: it stays lost until
    something new is heard of it.
    """
    if seen is None:
        return Freshness.NEVER
    if link is None or not link.up or seen < link.since:
        return Freshness.LOST
    if now - link.heard > STALE_AFTER:
        return Freshness.STALE
    return Freshness.LIVE if now - seen <= QUIET_AFTER else Freshness.QUIET
