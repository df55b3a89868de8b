"""The history: what fired is kept, and what the engine must know."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.alerts import history as module
from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.alerts.desk import Range
from tickglass.alerts.history import Delivery, History, HistoryError
from tickglass.alerts.post import Heard, Span
from tickglass.alerts.watch import Fired, Memory
from tickglass.market.instrument import Instrument

BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("okx", "ETH", "USDT")
UP = Alert("up", BTC, (PriceLevel(Kind.CROSSES_UP, 100.0),))


@pytest.fixture
def history(tmp_path: Path) -> History:
    made = History(tmp_path / "data" / "alerts.sqlite")
    assert made.open() == ""
    return made


def fired(time: int = 1, late: bool = False, at: Instrument = BTC) -> Fired:
    return Fired(UP, at, 100.5, time, time + 5, late, 100.5)


def test_what_fired_comes_back_with_how_it_was_told(history: History) -> None:
    number = history.add(fired(late=True), "BTC crossed", "100.5 on Binance")
    history.told(number, Delivery("phone", None, "being sent", 10))
    history.told(number, Delivery("phone", True, "at attempt 2", 20))
    history.told(number, Delivery("desktop", False, "nobody", 15))
    (record,) = history.newest(10)
    assert (record.alert, record.instrument, record.price) == ("up", BTC, 100.5)
    assert (record.time, record.seen, record.late) == (1, 6, True)
    assert (record.title, record.body) == ("BTC crossed", "100.5 on Binance")
    assert record.rule["condition"] == "crosses_up"
    assert record.deliveries == (
        Delivery("desktop", False, "nobody", 15), Delivery("phone", True, "at attempt 2", 20),
    )  # fmt: skip
    history.close()


def test_the_newest_come_first_page_by_page(history: History) -> None:
    numbers = [history.add(fired(time), str(time), "") for time in range(5)]
    first = history.newest(2)
    assert [each.title for each in first] == ["4", "3"]
    assert [each.title for each in history.newest(9, before=first[-1].id)] == ["2", "1", "0"]
    assert [each.id for each in history.newest(9, alert="other")] == []
    assert len(history.newest(9, alert="up")) == len(numbers)
    history.close()


def test_what_waits_is_found_until_it_is_told(history: History) -> None:
    first, second = (history.add(fired(time), str(time), "") for time in (1, 2))
    for number in (first, second):
        history.told(number, Delivery("phone", None, "", 1))
    history.told(first, Delivery("phone", True, "", 2))
    assert [each.id for each in history.waiting("phone")] == [second]
    assert history.waiting("desktop") == []
    history.close()


def test_a_history_does_not_grow_without_end(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RECORDS_KEPT", 100)
    for time in range(2_050):
        number = history.add(fired(time), str(time), "")
        if time % 500 == 0:
            history.told(number, Delivery("phone", True, "", 1))
    records = history.newest(5_000)
    assert 100 <= len(records) <= 1_150
    assert records[0].title == "2049"
    history.close()


numbers = st.floats(allow_nan=False, allow_infinity=False)
memories = st.builds(
    Memory,
    st.lists(st.lists(numbers, max_size=2).map(tuple), max_size=3).map(tuple),
    st.lists(st.tuples(st.sampled_from(["1m", "1h"]), st.integers(0, 2**45)), max_size=2).map(
        tuple
    ),
    st.none() | st.integers(0, 2**45),
    st.none() | numbers,
    st.booleans(),
    st.none() | st.integers(0, 2**45),
)
ranges = st.none() | st.builds(Range, st.integers(0, 2**45), numbers, numbers)


@given(
    st.dictionaries(
        st.tuples(st.text(max_size=5), st.sampled_from([BTC, ETH])), memories, max_size=3
    ),
    st.dictionaries(
        st.sampled_from([BTC, ETH]), st.builds(Heard, st.integers(0, 2**45), numbers, ranges)
    ),
)
def test_what_the_engine_remembers_comes_back(
    known: dict[tuple[str, Instrument], Memory], heard: dict[Instrument, Heard]
) -> None:
    history = History(Path(":memory:"))
    history.open()
    history.remember({}, {BTC: Heard(1, 2.0, None)})
    history.remember(known, heard)
    assert history.recall() == (known, heard, {})
    history.close()


def test_when_each_alert_fired_last_is_known(history: History) -> None:
    for time, at in ((5, BTC), (9, BTC), (7, BTC), (3, ETH)):
        history.add(fired(time, at=at), "", "")
    _, _, last = history.recall()
    assert last == {("up", BTC): (9, 100.5), ("up", ETH): (3, 100.5)}
    history.close()


def test_what_has_no_price_comes_back_without_one(history: History) -> None:
    history.add(replace(fired(), price=None), "No data", "")
    (record,) = history.newest(1)
    assert record.price is None
    _, _, last = history.recall()
    assert last == {("up", BTC): (1, None)}
    history.close()


def test_the_times_without_a_watch_are_kept(history: History) -> None:
    spans = [(BTC, Span(1, 2, True)), (BTC, Span(5, None, None)), (ETH, Span(3, 4, False))]
    history.remember({}, {}, spans)
    history.remember({}, {}, [(BTC, Span(5, 8, True))])
    assert history.spans(BTC, 10) == [Span(1, 2, True), Span(5, 8, True)]
    assert history.spans(BTC, 1) == [Span(5, 8, True)]
    history.close()


def test_notes_are_kept(history: History) -> None:
    assert history.note("muted_until") == ""
    history.set_note("muted_until", "5")
    history.set_note("muted_until", "6")
    assert history.note("muted_until") == "6"
    history.close()


@pytest.mark.parametrize("content", [b"rubbish" * 1_000, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_file_that_cannot_be_read_is_set_aside_and_said_so(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "alerts.sqlite"
    path.write_bytes(content)
    history = History(path)
    assert "is kept as alerts-unreadable.sqlite" in history.open()
    assert (tmp_path / "alerts-unreadable.sqlite").read_bytes() == content
    assert history.add(fired(), "", "") == 1
    history.close()


def test_a_file_of_a_later_version_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "alerts.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    history = History(path)
    assert "version 99" in history.open()
    history.close()


def test_where_nothing_can_be_written_one_sentence_says_what_that_means(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    history = History(tmp_path / "data" / "alerts.sqlite")
    with pytest.raises(HistoryError) as caught:
        history.open()
    assert "what fires is told, but not kept" in caught.value.sentence
    with pytest.raises(HistoryError):
        history.newest(1)
