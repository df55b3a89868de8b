"""One watchlist as a table: what it reads, what it emits, and Qt's contract throughout."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from tickglass.market.events import Quote, Ticker, Trade
from tickglass.market.freshness import Link
from tickglass.market.instrument import Instrument, Listing
from tickglass.ui.watchlist.arranging import Sort
from tickglass.ui.watchlist.columns import COLUMNS, USUAL, Column
from tickglass.ui.watchlist.dragging import MIME, packed, unpacked
from tickglass.ui.watchlist.model import ROW_ROLE, WatchlistModel

from ..helpers import BTC, ETH, SOL, Feed, Heard, text, tooltip
from .helpers import (
    BTC_BYBIT,
    BTC_OKX,
    COPY,
    ETH_OKX,
    MOVE,
    NOON,
    TITLES,
    drop,
    shown_lines,
)

WARN = QAbstractItemModelTester.FailureReportingMode.Warning


def model_of(feed: Feed, *instruments: Instrument) -> WatchlistModel:
    model = WatchlistModel(feed.store, TITLES, lambda: NOON)
    model.load(instruments)
    return model


def flush(model: WatchlistModel, feed: Feed, now: float) -> list[float]:
    return model.flush(feed.store.take_changed(), now)


def emitted(model: WatchlistModel) -> list[tuple[int, int, int, int]]:
    """First and last line, first and last column, of everything emitted from now on."""
    ranges: list[tuple[int, int, int, int]] = []
    model.dataChanged.connect(
        lambda first, last: ranges.append((first.row(), last.row(), first.column(), last.column()))
    )
    return ranges


# ---------------------------------------------------------------- Qt's contract


def test_the_model_keeps_qts_contract_through_everything_that_happens_to_it() -> None:
    feed = Feed()
    model = WatchlistModel(feed.store, TITLES)
    tester = QAbstractItemModelTester(model, WARN)
    model.load([BTC, ETH, SOL, BTC_OKX])
    feed.ticker(10.0, 8.0)
    flush(model, feed, 100.0)
    model.set_grouped(True)
    model.collapse("BTC/USDT", True)
    model.sort_by(Sort(Column.PAIR, True))
    model.take([BTC_OKX, SOL, ETH_OKX])
    model.collapse("BTC/USDT", False)
    model.move([ETH_OKX], BTC_OKX)
    model.set_grouped(False)
    model.sort_by(None)
    feed.trade(11.0, 101.0)
    flush(model, feed, 101.5)
    model.take([])
    model.load([])
    assert tester.model() is model


actions = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.lists(st.integers(0, 5), unique=True)),
        st.tuples(st.just("move"), st.tuples(st.lists(st.integers(0, 5)), st.integers(0, 9))),
        st.tuples(st.just("sort"), st.none() | st.tuples(st.sampled_from(COLUMNS), st.booleans())),
        st.tuples(st.just("group"), st.booleans()),
        st.tuples(st.just("fold"), st.tuples(st.integers(0, 2), st.booleans())),
        st.tuples(st.just("price"), st.tuples(st.integers(0, 5), st.integers(1, 9))),
        st.tuples(st.just("step"), st.tuples(st.integers(0, 5), st.sampled_from([-1, 1]))),
    ),
    max_size=12,
)
names = [
    Instrument(exchange, base, "USDT") for base in ("BTC", "ETH", "SOL") for exchange in TITLES
][:6]
pairs = ["BTC/USDT", "ETH/USDT", "SOL/USDT"]


@given(actions)
def test_nothing_is_ever_lost_or_doubled_and_the_selection_stays_with_its_row(
    steps: list[tuple[str, object]],
) -> None:
    feed = Feed()
    model = model_of(feed, *names)
    tester = QAbstractItemModelTester(model, WARN)
    held = set(names)
    for step, what in steps:
        watched = {
            instrument: model.index(place, 0)
            for instrument in model.own
            if (place := model.line_of(instrument)) is not None
        }
        assert all(model.instrument_at(index) == each for each, index in watched.items())
        match step, what:
            case "take", list(places):
                held = {names[place] for place in places}
                model.take([names[place] for place in places])
            case "move", (list(places), int(place)):
                drop(model, [names[each] for each in places], place)
            case "sort", None:
                model.sort_by(None)
                assert model.order == model.own
            case "sort", (Column() as column, bool(descending)):
                model.sort_by(Sort(column, descending))
            case "group", bool(by_pair):
                model.set_grouped(by_pair)
            case "fold", (int(number), bool(collapsed)):
                model.collapse(pairs[number], collapsed)
            case "price", (int(number), int(price)):
                feed.trade(float(price), on=names[number])
                flush(model, feed, 100.0)
            case "step", (int(number), int(way)):
                model.step([names[number]], way)
        assert set(model.own) == set(model.order) == held
        assert len(model.own) == len(model.order) == len(held)
        hidden = {each for each in held if model.by_pair and each.pair in model.collapsed}
        rows = [each for each in held if model.line_of(each) is not None]
        assert set(rows) == held - hidden
        heads = {each.pair for each in held} if model.by_pair else set()
        assert model.rowCount() == len(rows) + len(heads)
    assert tester.model() is model


# ---------------------------------------------------------------- what is emitted


def test_a_quiet_frame_emits_nothing() -> None:
    feed = Feed()
    model = model_of(feed, BTC, ETH)
    feed.trade(5.0)
    flush(model, feed, 100.0)
    ranges = emitted(model)
    flush(model, feed, 100.5)
    assert ranges == []


def test_only_the_changed_columns_of_the_changed_row_are_emitted() -> None:
    feed = Feed()
    model = model_of(feed, ETH, BTC, SOL)
    for each in (ETH, BTC, SOL):
        feed.trade(5.0, on=each)
    flush(model, feed, 100.0)
    ranges = emitted(model)
    feed.trade(6.0, 100.2)
    flush(model, feed, 100.2)
    assert ranges == [(1, 1, Column.LAST, Column.LAST)], "the sparkline can wait a second"
    ranges.clear()
    flush(model, feed, 101.2)
    assert (1, 1, Column.SPARKLINE, Column.SPARKLINE) in ranges


def test_a_trade_at_the_same_price_leaves_the_prices_alone() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    feed.trade(5.0)
    flush(model, feed, 100.0)
    ranges = emitted(model)
    feed.trade(5.0, 100.2)
    flush(model, feed, 100.2)
    assert ranges == []


def test_neighbouring_columns_come_as_one_range() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    feed.apply(Quote(BTC, 1, 4.0, 1.0, 6.0, 1.0), 100.0)
    flush(model, feed, 100.0)
    ranges = emitted(model)
    feed.apply(Quote(BTC, 1, 4.5, 1.0, 6.0, 1.0), 100.2)
    flush(model, feed, 100.2)
    assert ranges == [(0, 0, Column.BID, Column.BID), (0, 0, Column.SPREAD, Column.SPREAD)]
    ranges.clear()
    feed.apply(Quote(BTC, 1, 4.6, 1.0, 6.1, 1.0), 100.3)
    flush(model, feed, 100.3)
    assert ranges == [(0, 0, Column.BID, Column.SPREAD)]


def test_a_flush_tells_once_when_the_data_it_shows_arrived() -> None:
    feed = Feed()
    model = model_of(feed, BTC, ETH)
    feed.trade(5.0, 100.1)
    feed.trade(6.0, 100.3)
    feed.trade(7.0, 100.2, on=ETH)
    assert sorted(flush(model, feed, 100.4)) == [100.1, 100.2]
    feed.store.touch([BTC])
    assert flush(model, feed, 100.5) == []


def test_what_is_out_of_sight_is_neither_emitted_nor_counted_and_is_right_when_it_comes() -> None:
    feed = Feed()
    model = model_of(feed, BTC, ETH, SOL)
    for each in (BTC, ETH, SOL):
        feed.trade(5.0, on=each)
    flush(model, feed, 100.0)
    model.set_range(0, 0)
    ranges = emitted(model)
    feed.trade(6.0, 100.1, on=SOL)
    assert flush(model, feed, 100.2) == []
    assert ranges == []
    row = model.index(2, 0).data(ROW_ROLE)
    assert row.texts[Column.LAST] == "5.0000"
    model.set_range(1, 2)
    assert row.texts[Column.LAST] == "6.0000"
    assert row.flashes == {}, "it did not change just now"
    assert flush(model, feed, 100.3) == [], "too old to say how late the screen is"


def test_a_row_out_of_sight_reads_right_when_somebody_asks() -> None:
    feed = Feed()
    model = model_of(feed, BTC, ETH)
    model.set_range(0, -1)
    feed.trade(5.0, on=ETH)
    flush(model, feed, 100.0)
    assert text(model, 1, Column.LAST) == "5.0000"


def test_news_of_what_is_not_in_the_list_emits_nothing() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    flush(model, feed, 100.0)
    ranges = emitted(model)
    feed.trade(5.0, 100.2, on=ETH)
    assert flush(model, feed, 100.2) == []
    assert ranges == []


# ---------------------------------------------------------------- texts


def test_a_row_reads_what_the_exchange_said() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    model.set_decimals({BTC: 2})
    feed.ticker(1_100.0, 1_000.0)
    flush(model, feed, 100.0)
    # Spread: from 1,099 to 1,101 are 2 of 1,100, which is 18.18 ten-thousandths.
    assert [text(model, 0, column) for column in COLUMNS] == [
        "BTC/USDT", "Binance", "1,100.00", "▲ +10.00 %", "1,099.00", "1,101.00", "18.18", "—",
        "1,105.00", "1,095.00", "1.50 M", "1.00 K", "", "1970-01-01", "now", "live",
    ]  # fmt: skip


def test_a_row_without_data_shows_dashes_and_says_so() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    flush(model, feed, 100.0)
    assert text(model, 0, Column.LAST) == text(model, 0, Column.AGE) == "—"
    assert text(model, 0, Column.FRESHNESS) == "never"
    assert tooltip(model, 0) == "No data yet."


def test_the_decimals_of_the_tick_size_keep_a_tiny_price_whole() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    listing = Listing(BTC, "BTCUSDT", Decimal("0.00000001"))
    assert listing.price_decimals == 8
    model.set_decimals({BTC: listing.price_decimals})
    feed.trade(0.00001234)
    flush(model, feed, 100.0)
    assert text(model, 0, Column.LAST) == "0.00001234"
    assert model.price(BTC) == (0.00001234, 8)


def test_decimals_learnt_later_are_shown_at_the_next_frame() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    feed.trade(5.0)
    flush(model, feed, 100.0)
    assert text(model, 0, Column.LAST) == "5.0000"
    model.set_decimals({BTC: 1})
    flush(model, feed, 100.1)
    assert text(model, 0, Column.LAST) == "5.0"


def test_a_row_turns_quiet_and_then_lost_and_says_since_when() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    feed.apply(Quote(BTC, 1, 4.0, 1.0, 6.0, 1.0))
    flush(model, feed, 100.0)
    assert tooltip(model, 0).endswith("Last heard of just now.")
    feed.link.heard = 111.0
    ranges = emitted(model)
    flush(model, feed, 111.0)
    assert ranges == [(0, 0, 0, len(COLUMNS) - 1)]
    assert (text(model, 0, Column.AGE), text(model, 0, Column.FRESHNESS)) == ("11 s", "quiet")
    assert tooltip(model, 0).endswith("Last heard of 11 s ago.")
    flush(model, feed, 127.0)
    assert text(model, 0, Column.FRESHNESS) == "stale"
    feed.link.up = False
    flush(model, feed, 160.0)
    assert (text(model, 0, Column.AGE), text(model, 0, Column.FRESHNESS)) == ("1 min", "lost")
    assert tooltip(model, 0).startswith("Lost: ")


def test_ages_go_on_by_themselves_once_a_second() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    feed.trade(5.0)
    flush(model, feed, 104.0)
    assert text(model, 0, Column.AGE) == "4 s"
    flush(model, feed, 104.9)
    assert text(model, 0, Column.AGE) == "4 s"
    ranges = emitted(model)
    flush(model, feed, 105.0)
    assert text(model, 0, Column.AGE) == "5 s"
    assert ranges == [(0, 0, Column.AGE, Column.AGE)]


@pytest.mark.usefixtures("utc")
def test_what_is_halted_says_so_and_keeps_its_price_with_its_time() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    three_hours_before = round((NOON - 3 * 3_600) * 1_000)
    feed.apply(Trade(BTC, three_hours_before, "1", 7.0, 1.0, "buy"))
    feed.store.state(BTC).problem = "Trading is halted."
    flush(model, feed, 100.0)
    assert text(model, 0, Column.LAST) == "7.0000"
    assert text(model, 0, Column.AGE) == "3 h", "of its price, not of the last sign of life"
    assert text(model, 0, Column.TIME) == "09:00:00"
    row = model.index(0, 0).data(ROW_ROLE)
    assert row.problem == "Trading is halted. Last price of 2023-11-22 09:00."
    assert text(model, 0, Column.FRESHNESS) == row.problem
    assert tooltip(model, 0).startswith("Trading is halted. ")
    assert tooltip(model, 0).endswith("Last price of 2023-11-22 09:00:00.")
    described = model.index(0, 0).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert described == tooltip(model, 0)


@pytest.mark.usefixtures("utc")
def test_the_last_trade_has_a_time_today_and_a_date_before() -> None:
    feed = Feed()
    model = model_of(feed, BTC, ETH)
    feed.apply(Trade(BTC, round(NOON * 1_000) - 61_000, "1", 7.0, 1.0, "buy"))
    feed.apply(Trade(ETH, round(NOON * 1_000) - 13 * 3_600_000, "1", 7.0, 1.0, "buy"))
    flush(model, feed, 100.0)
    assert text(model, 0, Column.TIME) == "11:58:59"
    assert text(model, 1, Column.TIME) == "2023-11-21"


def test_cells_say_their_column_to_screen_readers() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    feed.trade(5.0)
    flush(model, feed, 100.0)
    index = model.index(0, Column.LAST)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Last: 5.0000"


def test_every_column_has_a_title_and_figures_stand_right() -> None:
    model = model_of(Feed())
    across, align = Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole
    assert model.headerData(Column.LAST, across, align) & Qt.AlignmentFlag.AlignRight
    assert model.headerData(Column.PAIR, across, align) & Qt.AlignmentFlag.AlignLeft
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    model.set_basis_title("Since 00:00 UTC")
    model.set_span("1h")
    assert model.headerData(Column.CHANGE, across) == "Since 00:00 UTC"
    assert model.headerData(Column.SPARKLINE, across) == "Last hour"
    assert "median" in model.headerData(Column.PREMIUM, across, Qt.ItemDataRole.ToolTipRole)


def test_the_trays_lines_are_the_first_rows_with_their_decimals_and_doubts() -> None:
    feed = Feed()
    model = model_of(feed, BTC, ETH, SOL)
    model.set_decimals({BTC: 1})
    assert model.lines(2, 100.0) == (["BTC/USDT   —   —", "ETH/USDT   —   —"], False)
    feed.ticker(100.0, 200.0)
    feed.trade(7.0, on=ETH)
    assert model.lines(2, 100.0) == (
        ["BTC/USDT   100.0   −50.00 %", "ETH/USDT   7.0000   —"], True,
    )  # fmt: skip
    assert model.lines(1, 120.0) == (["BTC/USDT   100.0   −50.00 %   (stale)"], False)
    assert model_of(feed).lines(5, 120.0) == ([], True)


# ---------------------------------------------------------------- flashes


@pytest.mark.parametrize(("price", "direction"), [(6.0, 1), (4.0, -1)])
def test_a_changed_price_flashes_for_six_tenths_of_a_second(price: float, direction: int) -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    feed.trade(5.0)
    flush(model, feed, 100.0)
    row = model.index(0, 0).data(ROW_ROLE)
    assert row.flashes == {}, "the first price is no change"
    feed.trade(price, 100.1)
    flush(model, feed, 100.1)
    assert row.flashes == {Column.LAST: (pytest.approx(100.7), direction)}
    ranges = emitted(model)
    flush(model, feed, 100.11)
    assert ranges == [], "what fades less than can be seen is not painted"
    flush(model, feed, 100.4)
    assert ranges == [(0, 0, Column.LAST, Column.LAST)], "it fades"
    flush(model, feed, 100.75)
    assert row.flashes == {}
    assert len(ranges) == 2, "the end is painted too"
    flush(model, feed, 100.8)
    assert len(ranges) == 2


def test_who_wants_no_flashes_gets_none() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    model.flashes = False
    feed.trade(5.0)
    flush(model, feed, 100.0)
    feed.trade(6.0, 100.1)
    flush(model, feed, 100.1)
    assert model.index(0, 0).data(ROW_ROLE).flashes == {}


def test_a_price_that_cannot_be_trusted_any_more_does_not_flash() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    feed.trade(5.0)
    flush(model, feed, 100.0)
    feed.trade(6.0, 100.1)
    flush(model, feed, 100.1)
    feed.link.up = False
    feed.store.touch([BTC])
    flush(model, feed, 100.2)
    assert model.index(0, 0).data(ROW_ROLE).flashes == {}


def test_a_row_removed_while_it_flashes_is_gone() -> None:
    feed = Feed()
    model = model_of(feed, BTC, ETH)
    feed.trade(5.0)
    flush(model, feed, 100.0)
    feed.trade(6.0, 100.1)
    flush(model, feed, 100.1)
    model.take([ETH])
    ranges = emitted(model)
    flush(model, feed, 100.3)
    assert ranges == []


# ---------------------------------------------------------------- sorting


def sortable() -> tuple[Feed, WatchlistModel]:
    feed = Feed()
    model = model_of(feed, BTC, ETH, SOL)
    for instrument, price in ((BTC, 3.0), (ETH, 9.0), (SOL, 6.0)):
        feed.trade(price, on=instrument)
    flush(model, feed, 100.0)
    return feed, model


def test_rows_are_sorted_once_and_do_not_jump_afterwards() -> None:
    feed, model = sortable()
    model.sort_by(Sort(Column.LAST, True))
    assert (model.order, model.own) == ([ETH, SOL, BTC], [BTC, ETH, SOL])
    feed.trade(99.0, 100.1)
    flush(model, feed, 100.1)
    assert model.order == [ETH, SOL, BTC]
    assert [text(model, row, Column.LAST) for row in range(3)] == ["9.0000", "6.0000", "99.000"]


def test_no_sort_brings_the_persons_order_back() -> None:
    _, model = sortable()
    model.sort_by(Sort(Column.LAST, False))
    assert model.order == [BTC, SOL, ETH]
    model.sort_by(None)
    assert model.order == [BTC, ETH, SOL]


def test_what_comes_into_a_sorted_list_comes_last_in_both_orders() -> None:
    _, model = sortable()
    model.sort_by(Sort(Column.LAST, True))
    model.take([BTC, ETH, SOL, BTC_OKX])
    assert model.order == [ETH, SOL, BTC, BTC_OKX]
    assert model.own == [BTC, ETH, SOL, BTC_OKX]


def test_dragging_in_a_sorted_list_makes_what_is_shown_the_own_order() -> None:
    _, model = sortable()
    heard = Heard()
    model.reordered.connect(heard)
    model.sort_by(Sort(Column.LAST, True))
    drop(model, [BTC], 0)
    assert model.own == model.order == [BTC, ETH, SOL]
    assert model.sorting is None
    assert heard.all == [([BTC, ETH, SOL],)]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_can_be_sorted_by(column: Column) -> None:
    feed, model = sortable()
    feed.ticker(3.0, 2.0)
    for descending in (False, True):
        model.sort_by(Sort(column, descending))
        assert sorted(model.order) == sorted(model.own)
    if column in (Column.HIGH, Column.CHANGE, Column.VOLUME):
        assert model.order[0] == BTC, "the only one that says anything"


# ---------------------------------------------------------------- groups


def test_grouping_shows_the_best_of_all_exchanges_and_each_premium() -> None:
    feed = Feed()
    model = model_of(feed, BTC, ETH, BTC_OKX, BTC_BYBIT)
    model.set_decimals(dict.fromkeys([BTC, BTC_OKX, BTC_BYBIT], 1))
    model.set_columns([*USUAL, Column.PREMIUM])
    for instrument, last in ((BTC, 990.0), (BTC_OKX, 1_000.0), (BTC_BYBIT, 1_002.0)):
        feed.ticker(last, 900.0, on=instrument)
    flush(model, feed, 100.0)
    model.set_grouped(True)
    assert shown_lines(model) == [
        "BTC/USDT", "Binance BTC/USDT", "OKX BTC/USDT", "Bybit BTC/USDT",
        "ETH/USDT", "Binance ETH/USDT",
    ]  # fmt: skip
    # Bids are one below, asks one above the last: 1,001 on Bybit, 991 on Binance.
    assert (text(model, 0, Column.BID), text(model, 0, Column.ASK)) == ("1,001.0", "991.0")
    # (991 − 1,001) / 996 is −100.40 ten-thousandths.
    assert text(model, 0, Column.SPREAD) == "−100.40"
    assert text(model, 0, Column.EXCHANGE) == "3 exchanges"
    assert [text(model, row, Column.PREMIUM) for row in (1, 2, 3)] == ["−100.0", "0.0", "+20.0"]
    assert text(model, 5, Column.PREMIUM) == "—", "alone"
    assert tooltip(model, 0) == (
        "BTC/USDT: best bid 1,001.0 on Bybit, best ask 991.0 on Binance."
    )  # fmt: skip


def test_a_heading_and_the_premiums_of_all_follow_news_of_one() -> None:
    feed = Feed()
    model = model_of(feed, BTC, BTC_OKX)
    model.set_grouped(True)
    feed.ticker(100.0, 90.0)
    feed.ticker(102.0, 90.0, on=BTC_OKX)
    flush(model, feed, 100.0)
    assert [text(model, row, Column.PREMIUM) for row in (1, 2)] == ["−99.0", "+99.0"]
    ranges = emitted(model)
    feed.ticker(104.0, 90.0, 100.1, on=BTC_OKX)
    flush(model, feed, 100.1)
    assert [text(model, row, Column.PREMIUM) for row in (1, 2)] == ["−196.1", "+196.1"]
    assert {first for first, *_ in ranges} == {0, 1, 2}


def test_what_is_stale_or_halted_counts_for_no_best_price() -> None:
    feed = Feed()
    model = model_of(feed, BTC, BTC_OKX)
    model.set_grouped(True)
    feed.ticker(100.0, 90.0)
    other = Link("okx", 2)
    other.open(100.0)
    feed.store.apply(Ticker(BTC_OKX, 1, 120.0, 119.0, 121.0, 90.0, 1.0, 1.0, 1.0, 1.0), other)
    flush(model, feed, 100.0)
    assert text(model, 0, Column.BID) == "119.00"
    other.up = False
    flush(model, feed, 101.0)
    assert text(model, 0, Column.BID) == "99.000"
    assert text(model, 1, Column.PREMIUM) == "—"
    feed.store.state(BTC).problem = "Trading is halted."
    flush(model, feed, 102.0)
    assert text(model, 0, Column.BID) == "—"


def test_a_collapsed_pair_shows_its_heading_only_and_stays_so() -> None:
    model = model_of(Feed(), BTC, BTC_OKX, ETH)
    model.set_grouped(True)
    model.collapse("BTC/USDT", True)
    assert shown_lines(model) == ["BTC/USDT", "ETH/USDT", "Binance ETH/USDT"]
    model.sort_by(Sort(Column.PAIR, True))
    assert shown_lines(model) == ["ETH/USDT", "Binance ETH/USDT", "BTC/USDT"]
    assert model.instruments_at([2]) == [BTC, BTC_OKX], "a heading stands for all of its pair"
    model.collapse("BTC/USDT", False)
    assert model.rowCount() == 5


def test_a_heading_takes_its_pair_along_when_it_is_dragged() -> None:
    model = model_of(Feed(), BTC, ETH, BTC_OKX, SOL)
    model.set_grouped(True)
    dragged = unpacked(model.mimeData([model.index(0, 0)]))
    assert dragged == [BTC, BTC_OKX]
    drop(model, dragged, model.rowCount())
    assert model.own == [ETH, SOL, BTC, BTC_OKX]
    drop(model, dragged, 4)
    assert model.own == [ETH, SOL, BTC, BTC_OKX], "there it stands"
    drop(model, dragged, 3)
    assert model.own == [ETH, BTC, BTC_OKX, SOL], "it does not go between a heading and its rows"
    model.step(dragged, -1)
    assert model.own == [BTC, BTC_OKX, ETH, SOL]
    model.step(dragged, -1)
    assert model.own == [BTC, BTC_OKX, ETH, SOL]
    model.step(dragged, 1)
    assert model.own == [ETH, BTC, BTC_OKX, SOL]


# ---------------------------------------------------------------- dragging


@pytest.mark.parametrize(
    ("dragged", "before", "order"),
    [
        ([BTC], 2, [ETH, BTC, SOL]),
        ([BTC], 3, [ETH, SOL, BTC]),
        ([SOL], 0, [SOL, BTC, ETH]),
        ([BTC], -1, [ETH, SOL, BTC]),  # into the free space below the rows
        ([SOL, BTC], 1, [BTC, SOL, ETH]),
        ([SOL, BTC], 3, [ETH, BTC, SOL]),
    ],
)
def test_dropped_rows_stand_where_they_were_let_go_and_the_new_order_is_told_once(
    dragged: list[Instrument], before: int, order: list[Instrument]
) -> None:
    model = model_of(Feed(), BTC, ETH, SOL)
    heard = Heard()
    model.reordered.connect(heard)
    assert not drop(model, dragged, before), "a yes would have the view remove the rows"
    assert model.own == model.order == order
    assert heard.all == [(order,)]


def test_a_row_dropped_on_another_goes_before_it() -> None:
    model = model_of(Feed(), BTC, ETH, SOL)
    model.dropMimeData(packed([SOL]), MOVE, -1, -1, model.index(1, 0))
    assert model.own == [BTC, SOL, ETH]


@pytest.mark.parametrize("before", [1, 2])
def test_a_row_dropped_where_it_stands_changes_nothing(before: int) -> None:
    model = model_of(Feed(), BTC, ETH, SOL)
    heard = Heard()
    model.reordered.connect(heard)
    drop(model, [ETH], before)
    assert model.own == [BTC, ETH, SOL]
    assert heard.all == []


@pytest.mark.parametrize(
    "content", [b"", b"0", b"{}", b"[1]", b'["nonsense"]', b'["binance:NOT/HERE"]', b"\xff"]
)
def test_what_is_not_one_of_our_rows_cannot_be_dropped(content: bytes) -> None:
    model = model_of(Feed(), BTC, ETH)
    foreign = QMimeData()
    foreign.setData(MIME, content)
    assert not model.dropMimeData(foreign, MOVE, 0, 0, QModelIndex())
    model.dropMimeData(packed([ETH]), COPY, 0, 0, QModelIndex())
    assert model.own == [BTC, ETH]


def test_other_programs_get_dragged_rows_as_text() -> None:
    model = model_of(Feed(), BTC, ETH)
    data = model.mimeData([model.index(1, 0), model.index(1, 1), model.index(0, 0)])
    assert data.text() == "binance:BTC/USDT\nbinance:ETH/USDT"
    assert json.loads(data.data(MIME).toStdString()) == data.text().split("\n")
    assert model.supportedDropActions() == MOVE
    assert model.supportedDragActions() == MOVE | COPY
