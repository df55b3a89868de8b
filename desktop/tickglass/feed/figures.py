"""What the feed counts: nothing is lost without being counted here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class ExchangeFigures:
    """The counters of one exchange, over all its connections since the program started.

    ``events`` is by class of event; ``duplicates`` were dropped because they had been seen.
    """

    events: Counter[type] = field(default_factory=Counter)
    frames: int = 0
    bytes: int = 0
    bad_frames: int = 0
    reconnects: int = 0
    resyncs: int = 0
    dropped: int = 0
    duplicates: int = 0

    def by_type(self) -> dict[str, int]:
        """Events by their name in lower case: ``trade``, ``ticker``, …"""
        return {kind.__name__.lower(): count for kind, count in self.events.items()}
