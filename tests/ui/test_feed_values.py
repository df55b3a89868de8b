"""What the feed panel says, in texts."""

from dataclasses import replace

import pytest

from tickglass.ui.feed_values import (
    FeedReport,
    FeedRow,
    Totals,
    as_text,
    counted_text,
    delay_text,
    number_text,
    row_texts,
    sentences,
    skew_text,
)

TITLES = {"binance": "Binance", "okx": "OKX"}
ROW = FeedRow(
    name="1", state="live", seconds=200.0, detail="", channels=1_200, events=1_234.56,
    bytes=98_765.0, delay=12.4, skew=None, bad_frames=0, reconnects=2, resyncs=3, dropped=4_000,
)  # fmt: skip
TOTALS = Totals(
    5.0, 3.2, 150.0, 200.0, 3_700.0, 29.9, 100, 2.0, 9.0, 50.0, 1.0, 20.0, 40.0, 800.0, None, 7, 2
)


def exchange(name: str, *connections: FeedRow, skew: float | None = None) -> FeedRow:
    return replace(ROW, name=name, skew=skew, connections=connections)


def report(*exchanges: FeedRow) -> FeedReport:
    return FeedReport(exchanges, replace(ROW, name="All exchanges"), TOTALS)


def test_a_row_reads_from_left_to_right() -> None:
    assert row_texts("Connection 1", ROW) == [
        "Connection 1", "● live", "3 min", "1,200", "1,234.6", "98.8", "12 ms", "—", "0", "2", "3",
        "4,000",
    ]  # fmt: skip


def test_what_is_not_known_is_no_zero() -> None:
    assert number_text(None) == number_text(None, 2, " ms") == "—"
    assert delay_text(None) == skew_text(None) == "—"


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0.4, "0 ms"), (25.0, "+25 ms"), (-25.0, "−25 ms"), (999.0, "+999 ms"),
     (1_500.0, "1.5 s ahead"), (-61_000.0, "61.0 s behind")],
)  # fmt: skip
def test_a_clock_far_off_is_called_so(ms: float, text: str) -> None:
    assert skew_text(ms) == text


def test_a_long_delay_is_told_in_seconds() -> None:
    assert (delay_text(9_999.0), delay_text(12_340.0)) == ("9,999 ms", "12.3 s")


def test_events_are_told_by_type() -> None:
    assert counted_text(replace(ROW, counted={"trade": 1_200, "book": 3})) == "3 book, 1,200 trade"


def test_every_connection_in_trouble_has_its_sentence_on_one_line() -> None:
    refused = replace(ROW, detail="Binance refuses:\nusing its market-data host.")
    lines = sentences(report(exchange("binance", ROW, refused), exchange("okx", ROW)), TITLES)
    assert lines == ["Binance, connection 1: Binance refuses: using its market-data host."]


def test_a_clock_that_is_wrong_has_its_sentence() -> None:
    lines = sentences(report(exchange("okx", skew=-2_500.0), exchange("binance", skew=3.0)), TITLES)
    assert lines == ["Your clock is 2.5 s behind that of OKX."]


def test_the_copy_is_a_table_and_the_figures() -> None:
    lines = as_text(report(exchange("okx", ROW)), TITLES).splitlines()
    assert lines[0].split("\t")[:3] == ["Exchange", "State", "Since"]
    assert [line.split("\t")[0] for line in lines[1:4]] == ["OKX", "Connection 1", "All exchanges"]
    assert "CPU, of one core\t5.0 %" in lines
    assert "First price after\t—" in lines
