"""How fresh a number is: part of every number, because a dead price must never look alive."""

from __future__ import annotations

from enum import StrEnum

QUIET_AFTER = 10.0  # s without news of an instrument whose connection lives
STALE_AFTER = 30.0  # s without anything at all from a connection that claims to be open


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

    ``arrived`` is when the bytes now being applied came in; ``heard`` the last sign of life.
    """

    __slots__ = ("arrived", "connection", "exchange", "heard", "up")

    def __init__(self, exchange: str, connection: int) -> None:
        self.exchange = exchange
        self.connection = connection
        self.up = False
        self.heard = 0.0
        self.arrived = 0.0


def freshness(now: float, link: Link | None, seen: float | None) -> Freshness:
    """Judge a value last seen at ``seen`` over ``link``; all times in monotonic seconds."""
    if seen is None:
        return Freshness.NEVER
    if link is None or not link.up:
        return Freshness.LOST
    if now - link.heard > STALE_AFTER:
        return Freshness.STALE
    return Freshness.LIVE if now - seen <= QUIET_AFTER else Freshness.QUIET
