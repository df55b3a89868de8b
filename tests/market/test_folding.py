"""Candles of longer intervals: those of a plain loop, whatever comes in which order."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.market import folding
from tickglass.market.candles import CandleSeries, Floats, Places
from tickglass.market.events import Candle, Trade
from tickglass.market.folding import FoldedSeries, source_interval
from tickglass.market.instrument import Instrument
from tickglass.market.interval import DAY, HOUR, MINUTE, milliseconds, start_of

BTC = Instrument("binance", "BTC", "USDT")
BINANCE = (
    "1s", "1m", "3m", "5m", "15m", "30m",
    "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M",
)  # fmt: skip
COINBASE = ("1m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "1d")


def bar(start: int, price: float = 10.0, interval: str = "5m", *, closed: bool = True) -> Candle:
    return Candle(BTC, interval, start, price, price + 2, price - 2, price + 1, 1.5, closed)


def series(*candles: Candle, interval: str = "5m", complete: bool = False) -> CandleSeries:
    made = CandleSeries(BTC, interval)
    made.merge(candles)
    made.complete = complete
    return made


@pytest.mark.parametrize(
    ("wanted", "offered", "source"),
    [
        ("15m", BINANCE, "15m"),
        ("2m", BINANCE, "1m"),
        ("10m", BINANCE, "5m"),
        ("45m", BINANCE, "15m"),
        ("3h", BINANCE, "1h"),
        ("2d", BINANCE, "1d"),
        ("8h", COINBASE, "4h"),
        ("12h", COINBASE, "6h"),
        ("3m", COINBASE, "1m"),
        ("1w", COINBASE, "1d"),
        ("1M", COINBASE, "1d"),
        ("1s", COINBASE, None),
        ("2d", ("1w", "3d"), None),
        ("1M", ("1w", "3d"), None),
    ],
)
def test_the_longest_interval_that_fills_it_is_taken(
    wanted: str, offered: tuple[str, ...], source: str | None
) -> None:
    assert source_interval(wanted, offered) == source


def test_ten_minutes_are_two_fives() -> None:
    folded = FoldedSeries(
        series(bar(0, 10.0), bar(5 * MINUTE, 20.0), bar(10 * MINUTE, 5.0, closed=False)), "10m"
    )
    assert [folded.candle(index) for index in range(len(folded))] == [
        Candle(BTC, "10m", 0, 10.0, 22.0, 8.0, 21.0, 3.0, True),
        Candle(BTC, "10m", 10 * MINUTE, 5.0, 7.0, 3.0, 6.0, 1.5, False),
    ]
    assert (folded.first_start, folded.last_start) == (0, 10 * MINUTE)


def test_a_candle_is_closed_with_its_last_part() -> None:
    source = series(bar(0))
    folded = FoldedSeries(source, "10m")
    assert not folded.last_is_closed
    source.update(bar(5 * MINUTE, closed=False))
    assert not folded.last_is_closed
    source.update(bar(5 * MINUTE))
    assert folded.last_is_closed


def test_a_candle_behind_the_newest_is_closed_only_once_its_own_last_part_is() -> None:
    source = series(bar(0), bar(5 * MINUTE, closed=False))
    folded = FoldedSeries(source, "10m")
    source.trade(Trade(BTC, 10 * MINUTE, "1", 10.0, 1.0, "buy"))
    assert [folded.candle(index).closed for index in (0, 1)] == [False, False]
    source.update(bar(5 * MINUTE))
    assert [folded.candle(index).closed for index in (-2, -1)] == [True, False]


def test_the_oldest_waits_for_its_beginning() -> None:
    source = series(bar(5 * MINUTE), bar(10 * MINUTE))
    folded = FoldedSeries(source, "10m")
    assert folded.starts.tolist() == [10 * MINUTE]
    source.merge([bar(0)])
    assert folded.starts.tolist() == [0, 10 * MINUTE]


def test_where_there_is_nothing_older_a_part_is_all_there_is() -> None:
    folded = FoldedSeries(series(bar(5 * MINUTE), complete=True), "10m")
    assert folded.starts.tolist() == [0]


def test_letting_in_the_oldest_part_is_a_rewriting_and_so_is_forgetting_all() -> None:
    source = series(bar(5 * MINUTE), bar(10 * MINUTE))
    folded = FoldedSeries(source, "10m")
    seen = [(folded.rewritten, folded.revision, folded.starts.tolist())]
    source.complete = True
    source.version += 1
    seen.append((folded.rewritten, folded.revision, folded.starts.tolist()))
    source.clear()
    seen.append((folded.rewritten, folded.revision, folded.starts.tolist()))
    assert [starts for _, _, starts in seen] == [[10 * MINUTE], [0, 10 * MINUTE], []]
    assert seen[0][0] < seen[1][0] < seen[2][0]
    assert seen[0][1] < seen[1][1] < seen[2][1]


def test_a_new_candle_does_not_fold_the_old_ones_again(monkeypatch: pytest.MonkeyPatch) -> None:
    source = series(*(bar(number * 5 * MINUTE) for number in range(3_000)))
    folded = FoldedSeries(source, "10m")
    assert len(folded) == 1_500
    widths = []
    fold_at = folding._fold_at

    def counting(rows: Floats, edges: Places, starts: Floats) -> Floats:
        widths.append(rows.shape[1])
        return fold_at(rows, edges, starts)

    monkeypatch.setattr(folding, "_fold_at", counting)
    for number in range(3_000, 4_000):
        source.trade(Trade(BTC, number * 5 * MINUTE + 1, "1", 11.0, 1.0, "buy"))
        source.trade(Trade(BTC, number * 5 * MINUTE + 2, "2", 12.0, 1.0, "buy"))
        check(folded, source, "10m") if number % 250 == 0 else folded.rows
    assert len(folded) == 2_000
    assert max(widths) <= 4
    check(folded, source, "10m")


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    days = [
        int(datetime(2026, month, day, tzinfo=UTC).timestamp() * 1_000)
        for month, day in ((1, 30), (1, 31), (2, 1), (2, 2), (2, 3))
    ]
    source = series(*(bar(day, interval="1d") for day in days), interval="1d", complete=True)
    assert FoldedSeries(source, "1M").starts.tolist() == [
        datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1_000, days[2],
    ]  # fmt: skip
    monday = datetime(2026, 1, 26, tzinfo=UTC).timestamp() * 1_000
    assert FoldedSeries(source, "1w").starts.tolist() == [monday, days[3]]


def test_an_empty_source_folds_to_nothing() -> None:
    folded = FoldedSeries(CandleSeries(BTC, "5m"), "10m")
    assert (len(folded), folded.first_start, folded.last_start) == (0, None, None)
    assert not folded.last_is_closed


steps = st.tuples(
    st.sampled_from(
        ["update", "trade", "merge", "idle", "clear", "complete", "look", "look", "look"]
    ),
    st.integers(0, 40),
    st.integers(5, 50),
)


@given(st.lists(steps, max_size=40), st.sampled_from(["10m", "15m", "1h", "2h"]), st.booleans())
def test_whatever_happens_to_the_source_the_fold_is_that_of_a_plain_loop(
    given_steps: list[tuple[str, int, int]], interval: str, complete: bool
) -> None:
    source = series(complete=complete)
    folded = FoldedSeries(source, interval)
    for kind, number, price in given_steps:
        start = number * 5 * MINUTE
        if kind == "update":
            source.update(bar(start, float(price), closed=bool(price % 2)))
        elif kind == "merge":
            source.merge([bar(start, float(price))])
        elif kind == "idle":
            flat = float(price)
            source.merge([Candle(BTC, "5m", start, flat, flat, flat, flat, 0.0, True)])
        elif kind == "clear":
            source.clear()
        elif kind == "complete":
            source.complete = True
            source.version += 1
        elif kind == "trade":
            source.trade(Trade(BTC, start + 1, "1", float(price), 1.0, "buy"))
        else:
            check(folded, source, interval)
    check(folded, source, interval)


def check(folded: FoldedSeries, source: CandleSeries, interval: str) -> None:
    parts: dict[int, list[list[float]]] = {}
    for row in source.rows.T.tolist():
        parts.setdefault(start_of(interval, int(row[0])), []).append(row)
    expected = [joined(begin, rows, source.last_start) for begin, rows in parts.items()]
    if expected and not source.complete and source.first_start != expected[0][0]:
        del expected[0]
    assert folded.rows.T.tolist() == expected


def joined(begin: int, rows: list[list[float]], newest: int | None) -> list[float]:
    """A longer bar of shorter ones; those without trades count only where there are no others."""
    counted = [row for row in rows if row[5] > 0 or row[0] == newest] or rows
    return [
        begin, counted[0][1], max(row[2] for row in counted), min(row[3] for row in counted),
        rows[-1][4], sum(row[5] for row in rows),
    ]  # fmt: skip


def test_a_minute_without_trades_has_no_say_in_the_longer_bar() -> None:
    """Binance opens five minutes with their first trade, not with the close before it."""
    idle = Candle(BTC, "5m", 0, 9.0, 9.0, 9.0, 9.0, 0.0, True)
    after = bar(5 * MINUTE, 20.0)
    folded = FoldedSeries(series(idle, after, bar(10 * MINUTE)), "10m")
    assert folded.candle(0) == Candle(BTC, "10m", 0, 20.0, 22.0, 18.0, 21.0, 1.5, True)


def test_a_longer_bar_without_any_trade_is_flat() -> None:
    idle = [Candle(BTC, "5m", each * 5 * MINUTE, 9.0, 9.0, 9.0, 9.0, 0.0, True) for each in (0, 1)]
    folded = FoldedSeries(series(*idle, bar(10 * MINUTE)), "10m")
    assert folded.candle(0) == Candle(BTC, "10m", 0, 9.0, 9.0, 9.0, 9.0, 0.0, True)


def test_lengths_are_known() -> None:
    assert [milliseconds(each) for each in ("10m", "2h", "2d")] == [10 * MINUTE, 2 * HOUR, 2 * DAY]
