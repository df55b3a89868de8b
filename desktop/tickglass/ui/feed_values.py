"""What the feed panel shows, as plain values and as texts; it needs no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ..language import mark, tr
from . import formats
from .text import NOTHING, age_text, exchange_title

MARKS = {
    "connecting": "◌", "live": "●", "stale": "◐", "reconnecting": "◌", "refused": "⚠",
    "failed": "✕", "closed": "○",
}  # fmt: skip
STATE_WORDS = {
    "connecting": mark("connecting"), "live": mark("live"), "stale": mark("stale"),
    "reconnecting": mark("reconnecting"), "refused": mark("refused"), "failed": mark("failed"),
    "closed": mark("closed"),
}  # fmt: skip
# Of several connections the one that is worst off is shown.
BADNESS = ("closed", "live", "connecting", "stale", "reconnecting", "refused", "failed")

ALL = mark("All exchanges")
SKEW_IN_WORDS = 1_000.0  # ms from which on a clock is called ahead or behind
WIDEST_SKEW = 9_900.0  # ms
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


def state_word(state: str) -> str:
    """A state in one word; one that is not known is left as it is."""
    return tr(STATE_WORDS[state]) if state in STATE_WORDS else state


def state_text(state: str) -> str:
    """The mark and the word of a state."""
    return f"{MARKS[state]} {state_word(state)}"


def number_text(value: float | None, decimals: int = 0, unit: str = "") -> str:
    """A number with separated thousands and its unit."""
    if value is None:
        return NOTHING
    return formats.number_text(value, decimals) + unit


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
        seconds = number_text(abs(ms) / 1_000, 1)
        if ms > 0:
            return tr("{seconds} s ahead", seconds=seconds)
        return tr("{seconds} s behind", seconds=seconds)
    whole = round(ms)
    return f"+{whole} ms" if whole > 0 else number_text(whole, unit=" ms")


# Title, text of a row, and the widest text that the column should show whole (empty: computed).
COLUMNS: tuple[tuple[str, Callable[[FeedRow], str], str], ...] = (
    (mark("State"), lambda row: state_text(row.state), ""),
    (mark("Since"), lambda row: age_text(row.seconds), "59 min"),
    (mark("Channels"), lambda row: number_text(row.channels), "999"),
    (mark("Events/s"), lambda row: number_text(row.events, 1), "10,000.0"),
    (mark("kB/s"), lambda row: number_text(_kilo(row.bytes), 1), "10,000.0"),
    (mark("Delay"), lambda row: delay_text(row.delay), "9,999 ms"),
    (mark("Skew"), lambda row: skew_text(row.skew), ""),
    (mark("Bad frames"), lambda row: number_text(row.bad_frames), "1,000"),
    (mark("Reconnects"), lambda row: number_text(row.reconnects), "1,000"),
    (mark("Resyncs"), lambda row: number_text(row.resyncs), "1,000"),
    (mark("Dropped"), lambda row: number_text(row.dropped), "100,000"),
)


def widest_texts() -> list[list[str]]:
    """Of each column the texts among which the widest is."""
    made = [[sample] for _, _, sample in COLUMNS]
    titles = [title for title, _, _ in COLUMNS]
    made[titles.index("State")] = [state_text(each) for each in MARKS]
    made[titles.index("Skew")] = [skew_text(-WIDEST_SKEW), skew_text(WIDEST_SKEW)]
    return made


def header_texts() -> list[str]:
    """The titles of the columns, that of the names first."""
    return [tr("Exchange"), *(tr(title) for title, _, _ in COLUMNS)]


def row_texts(title: str, row: FeedRow) -> list[str]:
    """A row as it is read, its title first."""
    return [title, *(text(row) for _, text, _ in COLUMNS)]


def connection_title(row: FeedRow) -> str:
    """What a connection is called below its exchange."""
    return tr("Connection {number}", number=row.name)


def counted_text(row: FeedRow) -> str:
    """Events since the start by type: 1,200 trade, 30 ticker."""
    return ", ".join(f"{number_text(count)} {kind}" for kind, count in sorted(row.counted.items()))


def sentences(report: FeedReport, titles: Mapping[str, str]) -> list[str]:
    """What is to be said about connections and clocks, a sentence a line."""
    return [each for row in report.exchanges for each in _of_exchange(row, titles)]


def _of_exchange(row: FeedRow, titles: Mapping[str, str]) -> Iterator[str]:
    title = exchange_title(titles, row.name)
    for connection in row.connections:
        if connection.detail:
            # A line break of an exchange's would begin a sentence of ours.
            detail = " ".join(connection.detail.split())
            yield tr(
                "{title}, connection {number}: {detail}",
                title=title,
                number=connection.name,
                detail=detail,
            )
    if row.skew is not None and abs(row.skew) >= SKEW_IN_WORDS:
        seconds = number_text(abs(row.skew) / 1_000, 1)
        if row.skew > 0:
            yield tr(
                "Your clock is {seconds} s ahead of that of {title}.", seconds=seconds, title=title
            )
        else:
            yield tr(
                "Your clock is {seconds} s behind that of {title}.", seconds=seconds, title=title
            )


def total_texts(totals: Totals) -> list[tuple[str, str]]:
    """Captions and values: the program, the screen, and what happened since the start."""
    return [
        (tr("CPU, of one core"), number_text(totals.cpu_percent, 1, " %")),
        (tr("CPU time"), number_text(totals.cpu_seconds, 1, " s")),
        (tr("Memory"), number_text(totals.memory_mb, 1, " MiB")),
        (tr("Memory at most"), number_text(totals.most_memory_mb, 1, " MiB")),
        (tr("Running for"), age_text(totals.seconds)),
        (tr("Frames per second"), number_text(totals.fps, 1)),
        (tr("Frame, median / 99 %"), _pair(totals.frame_ms_p50, totals.frame_ms_p99)),
        (tr("Largest gap"), number_text(totals.gap_ms_max, 2, " ms")),
        (tr("Delay, median / 99 %"), _pair(totals.delay_ms_p50, totals.delay_ms_p99)),
        (tr("Painting, CPU time"), number_text(totals.paint_cpu_seconds, 1, " s")),
        (tr("Events"), number_text(totals.events)),
        (tr("Frames painted"), number_text(totals.frames)),
        (tr("Alerts fired"), number_text(totals.alerts_fired)),
        (tr("Window shown after"), number_text(totals.window_painted, unit=" ms")),
        (tr("First price after"), number_text(totals.first_price, unit=" ms")),
    ]


def _pair(median: float | None, most: float | None) -> str:
    if median is None or most is None:
        return NOTHING
    return f"{number_text(median, 2)} / {number_text(most, 2)} ms"


def _kilo(value: float | None) -> float | None:
    return None if value is None else value / 1_000


def as_text(report: FeedReport, titles: Mapping[str, str]) -> str:
    """The whole panel as text: the table with tabs, then the sentences, then the figures."""
    lines = [header_texts()]
    for row in report.exchanges:
        lines.append(row_texts(exchange_title(titles, row.name), row))
        lines += [row_texts(connection_title(each), each) for each in row.connections]
    lines.append(row_texts(tr(ALL), report.all))
    table = ["\t".join(line) for line in lines]
    figures = [f"{caption}\t{value}" for caption, value in total_texts(report.totals)]
    said = sentences(report, titles)
    return "\n".join([*table, "", *said, *([""] if said else []), *figures])
