"""Counts what a client sends against what the simulated exchange bears."""

from __future__ import annotations

from collections import deque

from ..exchanges.exchange import Tolerance


class MessageCount:
    """Counts a client's messages against the limit of a sliding window."""

    def __init__(self, tolerance: Tolerance) -> None:
        self._tolerance = tolerance
        self._times: deque[float] = deque()

    def allows(self, now: float) -> bool:
        """Count a message that came at ``now`` (s); False if it is one too many."""
        times = self._times
        while times and now - times[0] >= self._tolerance.window:
            times.popleft()
        times.append(now)
        return len(times) <= self._tolerance.messages
