"""What the feed counts: sums are kept when a connection goes, delays are set right by the skew."""

import pytest

from tickglass.feed.figures import DELAYS_KEPT, ConnectionFigures, Counts, ExchangeFigures
from tickglass.market.events import BookDelta, Ticker, Trade


def counts(**given: int) -> Counts:
    return Counts(**given)  # type: ignore[arg-type]


def test_adding_sums_every_count() -> None:
    names = ("frames", "bytes", "bad_frames", "reconnects", "resyncs", "dropped", "duplicates")
    total = counts(**{name: number for number, name in enumerate(names, 1)})
    total.events.update({Trade: 5, Ticker: 1})
    other = counts(**{name: 10 * number for number, name in enumerate(names, 1)})
    other.events.update({Trade: 7})
    total.add(other)
    assert [getattr(total, name) for name in names] == [11, 22, 33, 44, 55, 66, 77]
    assert total.events == {Trade: 12, Ticker: 1}


def test_events_are_named_in_lower_case() -> None:
    total = counts()
    total.events.update({BookDelta: 3, Trade: 2})
    assert total.by_type() == {"bookdelta": 3, "trade": 2}


def test_a_state_counts_from_when_it_was_entered_first() -> None:
    figures = ConnectionFigures()
    figures.enter("connecting", 10.0)
    figures.enter("connecting", 12.0, "again")
    assert (figures.state, figures.since, figures.detail) == ("connecting", 10.0, "again")
    figures.enter("live", 13.0)
    assert (figures.state, figures.since, figures.detail) == ("live", 13.0, "")


def test_the_total_of_an_exchange_keeps_what_connections_that_are_gone_had_counted() -> None:
    figures = ExchangeFigures()
    figures.begin(1).counts.frames = 5
    figures.begin(2).counts.frames = 7
    figures.end(1)
    figures.end(1)
    assert figures.total.frames == 12
    assert set(figures.connections) == {2}
    figures.begin(1).counts.frames = 1
    assert figures.total.frames == 13


def test_asking_for_the_total_changes_nothing() -> None:
    figures = ExchangeFigures()
    figures.begin(1).counts.events.update({Trade: 2})
    assert figures.total.events == figures.total.events == {Trade: 2}
    figures.total.add(counts(frames=9))
    assert figures.total.frames == 0


@pytest.mark.parametrize(
    ("skew", "delay"),
    [(None, 30.0), (0.0, 30.0), (-12.5, 42.5), (25.0, 5.0)],
)
def test_a_delay_is_the_median_by_the_exchanges_clock(skew: float | None, delay: float) -> None:
    figures = ExchangeFigures(skew=skew)
    connection = figures.begin(1)
    connection.delays.extend([20.0, 5_000.0, 30.0, 25.0, 40.0])
    assert figures.delay(connection) == delay


def test_without_measurements_there_is_no_delay() -> None:
    figures = ExchangeFigures(skew=5.0)
    assert figures.delay(figures.begin(1)) is None


def test_only_the_newest_measurements_count() -> None:
    figures = ExchangeFigures()
    connection = figures.begin(1)
    connection.delays.extend([9_000.0] * 1_000)
    connection.delays.extend([20.0] * DELAYS_KEPT)
    assert set(connection.delays) == {20.0}
    assert figures.delay(connection) == 20.0
