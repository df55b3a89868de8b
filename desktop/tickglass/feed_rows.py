"""What the feed counted, as the rows of the feed panel: sums, and rates between two samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .feed.figures import ConnectionFigures, Counts, ExchangeFigures
from .ui.feed_values import ALL, BADNESS, FeedReport, FeedRow, Totals

OLDEST = 5.0  # s: a sample from before tells nothing about now


@dataclass(frozen=True, slots=True)
class Seen:
    """What one connection or exchange had counted when a sample was taken.

    ``counts`` is whose they were: a number may be given to another connection.
    """

    counts: Counts
    events: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Sample:
    """The sums at a monotonic second, by exchange and connection (None: the exchange's own)."""

    now: float
    cpu_seconds: float
    seen: Mapping[tuple[str, int | None], Seen]


@dataclass(frozen=True, slots=True)
class Span:
    """From one sample to the next; without one before, rates are unknown."""

    before: Sample | None
    after: Sample

    @property
    def seconds(self) -> float | None:
        """How long it lasted; None if it is too long ago or no time at all."""
        if self.before is None:
            return None
        seconds = self.after.now - self.before.now
        return seconds if 0 < seconds <= OLDEST else None

    def cpu_percent(self) -> float | None:
        """How much of one core was taken up."""
        if self.before is None or self.seconds is None:
            return None
        return (self.after.cpu_seconds - self.before.cpu_seconds) / self.seconds * 100

    def rates(self, key: tuple[str, int | None]) -> tuple[float | None, float | None]:
        """Events and bytes per second."""
        if self.before is None or self.seconds is None:
            return None, None
        now, then = self.after.seen[key], self.before.seen.get(key)
        if then is None or (key[1] is not None and then.counts is not now.counts):
            then = Seen(now.counts, 0, 0)  # begun in between
        return (now.events - then.events) / self.seconds, (now.bytes - then.bytes) / self.seconds


def take_sample(feeds: Mapping[str, ExchangeFigures], now: float, cpu_seconds: float) -> Sample:
    """Note the sums as they are."""
    seen: dict[tuple[str, int | None], Seen] = {}
    for name, feed in feeds.items():
        seen[name, None] = _seen(feed.total)
        for number, connection in feed.connections.items():
            seen[name, number] = _seen(connection.counts)
    return Sample(now, cpu_seconds, seen)


def feed_report(
    feeds: Mapping[str, ExchangeFigures],
    span: Span,
    figures: Mapping[str, Any],
    memory_mb: float | None,
) -> FeedReport:
    """All that the panel shows; ``figures`` are those of ``--stats``."""
    exchanges = tuple(_exchange_row(name, feed, span) for name, feed in feeds.items())
    totals = _totals(figures, span.cpu_percent(), memory_mb)
    return FeedReport(exchanges, _sum_row(exchanges), totals)


def _seen(counts: Counts) -> Seen:
    return Seen(counts, counts.events.total(), counts.bytes)


def _connection_row(
    exchange: str, number: int, feed: ExchangeFigures, connection: ConnectionFigures, span: Span
) -> FeedRow:
    events, size = span.rates((exchange, number))
    delay, counts = feed.delay(connection), connection.counts
    return FeedRow(
        name=str(number),
        state=connection.state,
        seconds=max(0.0, span.after.now - connection.since) if connection.since else None,
        detail=connection.detail or connection.note,
        channels=connection.channels,
        events=events,
        bytes=size,
        delay=None if delay is None else max(0.0, delay),
        skew=None,
        bad_frames=counts.bad_frames,
        reconnects=counts.reconnects,
        resyncs=counts.resyncs,
        dropped=counts.dropped,
    )


def _exchange_row(name: str, feed: ExchangeFigures, span: Span) -> FeedRow:
    """The sums of an exchange, those of connections that are gone included."""
    connections = tuple(
        _connection_row(name, number, feed, connection, span)
        for number, connection in sorted(feed.connections.items())
    )
    state, seconds, detail = _worst(connections)
    total = feed.total
    events, size = span.rates((name, None))
    return FeedRow(
        name=name,
        state=state,
        seconds=seconds,
        detail=detail,
        channels=sum(each.channels for each in connections),
        events=events,
        bytes=size,
        delay=_longest(connections),
        skew=feed.skew,
        bad_frames=total.bad_frames,
        reconnects=total.reconnects,
        resyncs=total.resyncs,
        dropped=total.dropped,
        counted=total.by_type(),
        connections=connections,
    )


def _sum_row(rows: tuple[FeedRow, ...]) -> FeedRow:
    state, seconds, detail = _worst(rows)
    return FeedRow(
        name=ALL,
        state=state,
        seconds=seconds,
        detail=detail,
        channels=sum(each.channels for each in rows),
        events=_sum(each.events for each in rows),
        bytes=_sum(each.bytes for each in rows),
        delay=_longest(rows),
        skew=None,
        bad_frames=sum(each.bad_frames for each in rows),
        reconnects=sum(each.reconnects for each in rows),
        resyncs=sum(each.resyncs for each in rows),
        dropped=sum(each.dropped for each in rows),
    )


def _worst(rows: Iterable[FeedRow]) -> tuple[str, float | None, str]:
    """State, its seconds and detail of the row that is worst off, and has been for longest."""
    worst = max(rows, key=lambda row: (BADNESS.index(row.state), row.seconds or 0.0), default=None)
    return ("closed", None, "") if worst is None else (worst.state, worst.seconds, worst.detail)


def _longest(rows: Iterable[FeedRow]) -> float | None:
    return max((row.delay for row in rows if row.delay is not None), default=None)


def _sum(values: Iterable[float | None]) -> float | None:
    """The sum of what is known; None if nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _totals(
    figures: Mapping[str, Any], cpu_percent: float | None, memory_mb: float | None
) -> Totals:
    screen, delay, startup = figures["screen"], figures["delay_ms"], figures["startup_ms"]
    known = [each for each in (figures["max_rss_mb"], memory_mb) if each is not None]
    return Totals(
        cpu_percent=cpu_percent,
        cpu_seconds=figures["cpu_seconds"],
        memory_mb=memory_mb,
        # The system counts the two apart, and the one that only grows a little late.
        most_memory_mb=max(known, default=None),
        seconds=figures["seconds"],
        fps=screen["fps"],
        frames=screen["frames"],
        frame_ms_p50=screen["frame_ms_p50"],
        frame_ms_p99=screen["frame_ms_p99"],
        gap_ms_max=screen["gap_ms_max"],
        paint_cpu_seconds=screen["cpu_seconds"],
        delay_ms_p50=delay["p50"],
        delay_ms_p99=delay["p99"],
        window_painted=startup["window_painted"],
        first_price=startup["first_price"],
        events=figures["events"]["total"],
        alerts_fired=figures["alerts"]["fired"],
    )
