"""What the feed counts: nothing is lost without being counted here."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from statistics import median

from ..market.events import ConnectionState

DELAYS_KEPT = 64  # measurements that the shown delay is the median of


@dataclass(slots=True)
class Counts:
    """Sums since the program started.

    ``events`` is by class of event; ``duplicates`` were passed over because they had been seen,
    ``dropped`` never came although the exchange's numbering says that they exist.
    """

    events: Counter[type] = field(default_factory=Counter)
    frames: int = 0
    bytes: int = 0
    bad_frames: int = 0
    reconnects: int = 0
    resyncs: int = 0
    dropped: int = 0
    duplicates: int = 0

    def add(self, other: Counts) -> None:
        """Add another's sums."""
        self.events.update(other.events)
        self.frames += other.frames
        self.bytes += other.bytes
        self.bad_frames += other.bad_frames
        self.reconnects += other.reconnects
        self.resyncs += other.resyncs
        self.dropped += other.dropped
        self.duplicates += other.duplicates

    def by_type(self) -> dict[str, int]:
        """Events by their name in lower case: ``trade``, ``ticker``, …"""
        return {kind.__name__.lower(): count for kind, count in self.events.items()}


@dataclass(slots=True)
class ConnectionFigures:
    """One connection: its state ``since`` a monotonic second, what it carries and counts.

    ``detail`` is a sentence on the state, ``note`` one that holds for longer.

    ``delays`` are the newest measurements from the exchange's time of an event to its arrival, ms,
    by our clock.
    """

    state: ConnectionState = "connecting"
    since: float = 0.0
    detail: str = ""
    note: str = ""
    channels: int = 0
    counts: Counts = field(default_factory=Counts)
    delays: deque[float] = field(default_factory=lambda: deque(maxlen=DELAYS_KEPT))

    def enter(self, state: ConnectionState, now: float, detail: str = "") -> None:
        """Note a state; ``since`` stays if it is the same."""
        if state != self.state or not self.since:
            self.state, self.since = state, now
        self.detail = detail


@dataclass(slots=True)
class ExchangeFigures:
    """One exchange: its connections by number, and what those that are gone had counted.

    ``skew`` is how far our clock is ahead of the exchange's, in ms; None until it was measured.
    """

    connections: dict[int, ConnectionFigures] = field(default_factory=dict)
    past: Counts = field(default_factory=Counts)
    skew: float | None = None

    @property
    def total(self) -> Counts:
        """The sums over all connections, those that are gone included."""
        total = Counts()
        total.add(self.past)
        for connection in self.connections.values():
            total.add(connection.counts)
        return total

    @property
    def note(self) -> str:
        """What holds for the connections for longer than their states; empty if nothing does."""
        return next((each.note for each in self.connections.values() if each.note), "")

    def begin(self, number: int) -> ConnectionFigures:
        """The figures of a new connection."""
        self.connections[number] = ConnectionFigures()
        return self.connections[number]

    def end(self, number: int) -> None:
        """Keep only the sums of a connection that is gone."""
        gone = self.connections.pop(number, None)
        if gone is not None:
            self.past.add(gone.counts)

    def delay(self, connection: ConnectionFigures) -> float | None:
        """The usual delay of a connection in ms, our clock set right by the skew."""
        if not connection.delays:
            return None
        return median(connection.delays) - (self.skew or 0.0)
