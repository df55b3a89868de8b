"""What the feed counted, as rows: sums over connections, and rates between two samples."""

from typing import Any

from tickglass.feed.figures import ExchangeFigures
from tickglass.feed_rows import Sample, Span, feed_report, take_sample
from tickglass.market.events import Quote, Trade
from tickglass.ui.feed_values import FeedReport

FIGURES: dict[str, Any] = {
    "cpu_seconds": 3.5, "max_rss_mb": 200.0, "seconds": 60.0,
    "events": {"total": 7}, "alerts": {"fired": 2},
    "screen": {
        "fps": 29.9, "frames": 1_800, "frame_ms_p50": 2.0, "frame_ms_p99": 9.0,
        "gap_ms_max": 50.0, "cpu_seconds": 1.5,
    },
    "delay_ms": {"p50": 20.0, "p99": 40.0},
    "startup_ms": {"window_painted": 800.0, "first_price": None},
}  # fmt: skip


def feed() -> ExchangeFigures:
    """Two connections, one of them in trouble, and one that is gone."""
    found = ExchangeFigures()
    found.past.events[Trade] = 5
    found.past.reconnects = 1
    one, two = found.begin(1), found.begin(2)
    one.enter("live", 100.0)
    two.enter("refused", 110.0, "No, says the exchange.")
    one.channels, two.channels = 30, 12
    one.counts.events[Trade], one.counts.bytes = 100, 10_000
    two.counts.events[Quote], two.counts.dropped = 20, 3
    one.delays.extend([10.0, 12.0, 80.0])
    found.skew = 2.0
    return found


def report(feeds: dict[str, ExchangeFigures], before: Sample | None, now: float) -> FeedReport:
    after = take_sample(feeds, now, cpu_seconds=5.0)
    return feed_report(feeds, Span(before, after), FIGURES, 150.0)


def test_an_exchange_is_the_sum_of_its_connections_and_of_those_that_are_gone() -> None:
    (row,) = report({"okx": feed()}, None, 130.0).exchanges
    assert (row.channels, row.reconnects, row.dropped) == (42, 1, 3)
    assert row.counted == {"trade": 105, "quote": 20}
    assert [each.channels for each in row.connections] == [30, 12]


def test_an_exchange_is_as_well_as_the_connection_that_is_worst_off() -> None:
    found = report({"okx": feed()}, None, 130.0)
    (row,) = found.exchanges
    assert (row.state, row.seconds, row.detail) == ("refused", 20.0, "No, says the exchange.")
    assert (found.all.state, found.all.seconds) == ("refused", 20.0)
    assert row.connections[0].seconds == 30.0


def test_the_delay_is_the_median_set_right_by_the_skew_and_never_negative() -> None:
    figures = feed()
    (row,) = report({"okx": figures}, None, 130.0).exchanges
    assert (row.delay, row.skew, row.connections[0].delay) == (10.0, 2.0, 10.0)
    assert row.connections[1].delay is None
    figures.skew = 50.0
    (row,) = report({"okx": figures}, None, 131.0).exchanges
    assert row.delay == 0.0


def test_rates_are_what_came_between_two_samples() -> None:
    figures = feed()
    before = take_sample({"okx": figures}, 130.0, cpu_seconds=4.0)
    counts = figures.connections[1].counts
    counts.events[Trade] += 50
    counts.bytes += 4_000
    found = report({"okx": figures}, before, 132.0)
    (row,) = found.exchanges
    assert (row.events, row.bytes) == (25.0, 2_000.0)
    assert [each.events for each in row.connections] == [25.0, 0.0]
    assert (found.all.events, found.totals.cpu_percent) == (25.0, 50.0)


def test_without_a_fresh_sample_before_rates_are_unknown() -> None:
    figures = feed()
    before = take_sample({"okx": figures}, 130.0, cpu_seconds=4.0)
    for found in (report({"okx": figures}, None, 131.0), report({"okx": figures}, before, 140.0)):
        assert found.exchanges[0].events is None
        assert found.all.bytes is None
        assert found.totals.cpu_percent is None


def test_a_connection_that_took_over_a_number_begins_at_nothing() -> None:
    figures = feed()
    before = take_sample({"okx": figures}, 130.0, cpu_seconds=4.0)
    figures.end(1)
    figures.begin(1).counts.events[Trade] = 8
    (row,) = report({"okx": figures}, before, 131.0).exchanges
    assert row.connections[0].events == 8.0
    assert row.events == 8.0  # what the old one had counted is still counted


def test_the_figures_of_stats_are_all_there() -> None:
    totals = report({}, None, 130.0).totals
    assert (totals.cpu_seconds, totals.most_memory_mb, totals.memory_mb) == (3.5, 200.0, 150.0)
    assert (totals.fps, totals.frame_ms_p50, totals.frame_ms_p99) == (29.9, 2.0, 9.0)
    assert (totals.delay_ms_p50, totals.delay_ms_p99, totals.gap_ms_max) == (20.0, 40.0, 50.0)
    assert (totals.window_painted, totals.first_price) == (800.0, None)
    assert (totals.events, totals.alerts_fired) == (7, 2)


def test_the_memory_of_now_is_never_more_than_the_most_there_was() -> None:
    after = take_sample({}, 130.0, cpu_seconds=5.0)
    totals = feed_report({}, Span(None, after), FIGURES, 200.5).totals
    assert (totals.memory_mb, totals.most_memory_mb) == (200.5, 200.5)
