"""What the feed panel shows, as plain values and as texts; it needs no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from .text import MINUS, NOTHING, age_text, exchange_title

MARKS = {
    "connecting": "◌", "live": "●", "stale": "◐", "reconnecting": "◌", "refused": "⚠",
    "failed": "✕", "closed": "○",
}  # fmt: skip
# Of several connections the one that is worst off is shown.
BADNESS = ("closed", "live", "connecting", "stale", "reconnecting", "refused", "failed")

ALL = "All exchanges"
SKEW_IN_WORDS = 1_000.0  # ms from which on a clock is called ahead or behind
PLAIN_MS = 10_000.0  # from here on a delay is written in seconds


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One connection, one exchange with its ``connections``, or all exchanges.

    ``seconds`` is how long the state has lasted; ``events`` and ``bytes`` are per second; ``delay``
    and ``skew`` (how far our clock is ahead) are in ms; ``counted`` is events by type since the
    start. None is unknown.
    """

    name: str
    state: str
    seconds: float | None
    detail: str
    channels: int
    events: float | None
    bytes: float | None
    delay: float | None
    skew: float | None
    bad_frames: int
    reconnects: int
    resyncs: int
    dropped: int
    counted: Mapping[str, int] = field(default_factory=dict)
    connections: tuple[FeedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of ``--stats`` that belong to no exchange, and what we take up right now."""

    cpu_percent: float | None
    cpu_seconds: float
    memory_mb: float | None
    most_memory_mb: float | None
    seconds: float
    fps: float | None
    frames: int
    frame_ms_p50: float | None
    frame_ms_p99: float | None
    gap_ms_max: float | None
    paint_cpu_seconds: float
    delay_ms_p50: float | None
    delay_ms_p99: float | None
    window_painted: float | None
    first_price: float | None
    events: int
    alerts_fired: int


@dataclass(frozen=True, slots=True)
class FeedReport:
    """All that the panel shows at one moment."""

    exchanges: tuple[FeedRow, ...]
    all: FeedRow
    totals: Totals


def state_text(state: str) -> str:
    """The mark and the word of a state."""
    return f"{MARKS[state]} {state}"


def number_text(value: float | None, decimals: int = 0, unit: str = "") -> str:
    """A number with separated thousands and its unit."""
    if value is None:
        return NOTHING
    return f"{value:,.{decimals}f}{unit}".replace("-", MINUS)


def delay_text(ms: float | None) -> str:
    """A delay in whole milliseconds, a long one in seconds."""
    if ms is None or ms < PLAIN_MS:
        return number_text(ms, unit=" ms")
    return number_text(ms / 1_000, 1, " s")


def skew_text(ms: float | None) -> str:
    """How far our clock is ahead: signed milliseconds, from a second on in words."""
    if ms is None:
        return NOTHING
    if abs(ms) >= SKEW_IN_WORDS:
        return f"{abs(ms) / 1_000:,.1f} s {'ahead' if ms > 0 else 'behind'}"
    whole = round(ms)
    return f"+{whole} ms" if whole > 0 else number_text(whole, unit=" ms")


# Title, text of a row, and the widest text that the column should show whole.
COLUMNS: tuple[tuple[str, Callable[[FeedRow], str], str], ...] = (
    ("State", lambda row: state_text(row.state), "◌ reconnecting"),
    ("Since", lambda row: age_text(row.seconds), "59 min"),
    ("Channels", lambda row: number_text(row.channels), "999"),
    ("Events/s", lambda row: number_text(row.events, 1), "10,000.0"),
    ("kB/s", lambda row: number_text(_kilo(row.bytes), 1), "10,000.0"),
    ("Delay", lambda row: delay_text(row.delay), "9,999 ms"),
    ("Skew", lambda row: skew_text(row.skew), "9.9 s behind"),
    ("Bad frames", lambda row: number_text(row.bad_frames), "1,000"),
    ("Reconnects", lambda row: number_text(row.reconnects), "1,000"),
    ("Resyncs", lambda row: number_text(row.resyncs), "1,000"),
    ("Dropped", lambda row: number_text(row.dropped), "100,000"),
)


def row_texts(title: str, row: FeedRow) -> list[str]:
    """A row as it is read, its title first."""
    return [title, *(text(row) for _, text, _ in COLUMNS)]


def connection_title(row: FeedRow) -> str:
    """What a connection is called below its exchange."""
    return f"Connection {row.name}"


def counted_text(row: FeedRow) -> str:
    """Events since the start by type: 1,200 trade, 30 ticker."""
    return ", ".join(f"{count:,} {kind}" for kind, count in sorted(row.counted.items()))


def sentences(report: FeedReport, titles: Mapping[str, str]) -> list[str]:
    """What is to be said about connections and clocks, a sentence a line."""
    return [each for row in report.exchanges for each in _of_exchange(row, titles)]


def _of_exchange(row: FeedRow, titles: Mapping[str, str]) -> Iterator[str]:
    title = exchange_title(titles, row.name)
    for connection in row.connections:
        if connection.detail:
            # A line break of an exchange's would begin a sentence of ours.
            detail = " ".join(connection.detail.split())
            yield f"{title}, connection {connection.name}: {detail}"
    if row.skew is not None and abs(row.skew) >= SKEW_IN_WORDS:
        where = "ahead of" if row.skew > 0 else "behind"
        yield f"Your clock is {abs(row.skew) / 1_000:,.1f} s {where} that of {title}."


def total_texts(totals: Totals) -> list[tuple[str, str]]:
    """Captions and values: the program, the screen, and what happened since the start."""
    return [
        ("CPU, of one core", number_text(totals.cpu_percent, 1, " %")),
        ("CPU time", number_text(totals.cpu_seconds, 1, " s")),
        ("Memory", number_text(totals.memory_mb, 1, " MiB")),
        ("Memory at most", number_text(totals.most_memory_mb, 1, " MiB")),
        ("Running for", age_text(totals.seconds)),
        ("Frames per second", number_text(totals.fps, 1)),
        ("Frame, median / 99 %", _pair(totals.frame_ms_p50, totals.frame_ms_p99)),
        ("Largest gap", number_text(totals.gap_ms_max, 2, " ms")),
        ("Delay, median / 99 %", _pair(totals.delay_ms_p50, totals.delay_ms_p99)),
        ("Painting, CPU time", number_text(totals.paint_cpu_seconds, 1, " s")),
        ("Events", number_text(totals.events)),
        ("Frames painted", number_text(totals.frames)),
        ("Alerts fired", number_text(totals.alerts_fired)),
        ("Window shown after", number_text(totals.window_painted, unit=" ms")),
        ("First price after", number_text(totals.first_price, unit=" ms")),
    ]


def _pair(median: float | None, most: float | None) -> str:
    if median is None or most is None:
        return NOTHING
    return f"{number_text(median, 2)} / {number_text(most, 2)} ms"


def _kilo(value: float | None) -> float | None:
    return None if value is None else value / 1_000


def as_text(report: FeedReport, titles: Mapping[str, str]) -> str:
    """The whole panel as text: the table with tabs, then the sentences, then the figures."""
    lines = [["Exchange", *(title for title, _, _ in COLUMNS)]]
    for row in report.exchanges:
        lines.append(row_texts(exchange_title(titles, row.name), row))
        lines += [row_texts(connection_title(each), each) for each in row.connections]
    lines.append(row_texts(ALL, report.all))
    table = ["\t".join(line) for line in lines]
    figures = [f"{caption}\t{value}" for caption, value in total_texts(report.totals)]
    said = sentences(report, titles)
    return "\n".join([*table, "", *said, *([""] if said else []), *figures])
