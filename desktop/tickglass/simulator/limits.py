"""What a simulated exchange bears of its clients before it closes their connection."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple


class InboundLimits(NamedTuple):
    """An exchange's limits on what one connection may send.

    ``messages`` per ``window`` seconds, pings and pongs counted; messages of more than ``bytes``
    are ignored in silence; at most ``topics`` may be subscribed.
    """

    messages: int
    window: float
    bytes: int
    topics: int


NO_LIMITS = InboundLimits(messages=1_000_000, window=1.0, bytes=1 << 20, topics=1_000_000)

# Binance: web-socket-streams.md "General WSS information"; 4,096 bytes with the 8 of the header.
INBOUND = {"binance": InboundLimits(messages=5, window=1.0, bytes=4_088, topics=1_024)}


class MessageCount:
    """Counts a client's messages against the limit of a sliding window."""

    def __init__(self, limits: InboundLimits) -> None:
        self._limits = limits
        self._times: deque[float] = deque()

    def allows(self, now: float) -> bool:
        """Count a message that came at ``now`` (s); False if it is one too many."""
        times = self._times
        while times and now - times[0] >= self._limits.window:
            times.popleft()
        times.append(now)
        return len(times) <= self._limits.messages
