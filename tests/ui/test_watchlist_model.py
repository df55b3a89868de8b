"""The watchlist's model: true to Qt's contract, and no more emitted than what reads differently."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from tickglass.market.events import Quote
from tickglass.market.instrument import Instrument, Listing
from tickglass.ui.watchlist_model import ROW_ROLE, SORT_ROLE, Column, WatchlistModel

from .helpers import BTC, ETH, SOL, TITLES, Feed, Heard, text, tooltip

pytestmark = pytest.mark.usefixtures("qapp")
MOVE = Qt.DropAction.MoveAction


def model_of(feed: Feed, *instruments: Instrument) -> WatchlistModel:
    model = WatchlistModel(feed.store, TITLES)
    model.insert(0, instruments)
    return model


def flush(model: WatchlistModel, feed: Feed, now: float) -> list[float]:
    return model.flush(feed.store.take_changed(), now)


def emitted(model: WatchlistModel) -> list[tuple[int, int, int, int]]:
    """A list that fills with top, bottom, left and right of every range emitted from now on."""
    ranges: list[tuple[int, int, int, int]] = []
    model.dataChanged.connect(
        lambda first, last, *_: ranges.append(
            (first.row(), last.row(), first.column(), last.column())
        )
    )
    return ranges


def drop(model: WatchlistModel, row: int, before: int, on: int | None = None) -> bool:
    """Drag a row and let go between two rows, or on one."""
    dragged = model.mimeData([model.index(row, 0)])
    parent = QModelIndex() if on is None else model.index(on, 0)
    return model.dropMimeData(dragged, MOVE, before, 0, parent)


# ---------------------------------------------------------------- Qt's contract


def test_the_model_keeps_qts_contract_through_everything_that_happens_to_it() -> None:
    feed = Feed()
    model = WatchlistModel(feed.store, TITLES)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.insert(0, [BTC, ETH, SOL])
    feed.ticker(10.0, 8.0)
    flush(model, feed, 100.0)
    model.move(0, 3)
    model.move(2, 0)
    model.move(0, 2)
    feed.trade(11.0, 101.0)
    flush(model, feed, 101.5)
    model.remove(1)
    flush(model, feed, 103.0)
    model.insert(1, [BTC])
    while model.rowCount():
        model.remove(0)
    assert tester.model() is model


def test_the_contract_holds_for_a_list_that_is_empty() -> None:
    model = WatchlistModel(Feed().store, TITLES)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    assert tester.model().rowCount() == 0
    assert model.columnCount() == 11


def test_inserting_takes_each_instrument_once_and_keeps_what_is_there() -> None:
    model = model_of(Feed(), BTC, ETH)
    model.insert(1, [SOL, BTC, SOL, ETH])
    assert model.instruments == [BTC, SOL, ETH]
    assert [model.row_of(each) for each in (BTC, SOL, ETH)] == [0, 1, 2]
    model.insert(0, [ETH])
    assert model.rowCount() == 3


def test_what_is_removed_has_no_row_and_the_others_move_up() -> None:
    model = model_of(Feed(), BTC, ETH, SOL)
    model.remove(1)
    assert model.instruments == [BTC, SOL]
    assert (model.row_of(ETH), model.row_of(SOL)) == (None, 1)


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
    last, spark = Column.LAST, Column.SPARKLINE
    assert ranges == [(1, 1, last, last), (1, 1, spark, spark)]


def test_neighbouring_columns_come_as_one_range() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    feed.trade(5.0)
    flush(model, feed, 100.0)
    ranges = emitted(model)
    feed.apply(Quote(BTC, 1, 4.0, 1.0, 6.0, 1.0), 100.2)
    flush(model, feed, 100.2)
    assert ranges == [(0, 0, Column.BID, Column.ASK)]


def test_a_trade_at_the_same_price_leaves_the_prices_alone() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    feed.trade(5.0)
    flush(model, feed, 100.0)
    ranges = emitted(model)
    feed.trade(5.0, 100.2)
    flush(model, feed, 100.2)
    assert all(left > Column.LAST for _, _, left, _ in ranges)


def test_news_of_what_is_not_in_the_list_emits_nothing() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    flush(model, feed, 100.0)
    ranges = emitted(model)
    feed.trade(5.0, 100.2, on=ETH)
    assert flush(model, feed, 100.2) == []
    assert ranges == []


def test_a_flush_tells_once_when_the_data_it_shows_arrived() -> None:
    feed = Feed()
    model = model_of(feed, BTC, ETH)
    feed.trade(5.0, 100.1)
    feed.trade(6.0, 100.3)
    feed.trade(7.0, 100.2, on=ETH)
    assert sorted(flush(model, feed, 100.4)) == [100.1, 100.2]
    feed.store.touch([BTC])
    assert flush(model, feed, 100.5) == []


# ---------------------------------------------------------------- texts


def test_a_row_reads_what_the_exchange_said() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    model.set_decimals({BTC: 2})
    feed.ticker(1_100.0, 1_000.0)
    flush(model, feed, 100.0)
    assert [text(model, 0, column) for column in Column] == [
        "BTC/USDT", "Binance", "1,100.00", "▲ +10.00 %", "1,099.00", "1,101.00", "1,105.00",
        "1,095.00", "1.50 M", "", "now",
    ]  # fmt: skip


def test_a_row_without_data_shows_dashes_and_says_so() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    flush(model, feed, 100.0)
    assert text(model, 0, Column.LAST) == text(model, 0, Column.AGE) == "—"
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
    feed.trade(5.0)
    flush(model, feed, 100.0)
    assert (text(model, 0, Column.AGE), tooltip(model, 0)) == (
        "now", "Live; last heard of just now.",
    )  # fmt: skip
    feed.link.heard = 111.0
    ranges = emitted(model)
    flush(model, feed, 111.0)
    assert ranges == [(0, 0, 0, len(Column) - 1)]
    assert (text(model, 0, Column.AGE), tooltip(model, 0)) == (
        "11 s", "Connected, no trade lately; last heard of 11 s ago.",
    )  # fmt: skip
    flush(model, feed, 127.0)
    assert tooltip(model, 0) == "Stale: the connection is silent; last heard of 27 s ago."
    feed.link.up = False
    flush(model, feed, 160.0)
    assert (text(model, 0, Column.AGE), tooltip(model, 0)) == (
        "1 min", "Lost: not connected; last heard of 1 min ago.",
    )  # fmt: skip


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


def test_a_problem_is_told_in_the_tooltip_and_to_screen_readers() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    feed.store.state(BTC).problem = "Binance does not list BTC/USDT."
    feed.store.touch([BTC])
    flush(model, feed, 100.0)
    assert tooltip(model, 0) == "Binance does not list BTC/USDT. No data yet."
    described = model.index(0, 0).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert described == tooltip(model, 0)
    assert model.index(0, 0).data(ROW_ROLE).warned


def test_columns_sort_by_number_and_names_by_letter() -> None:
    feed = Feed()
    model = model_of(feed, BTC)
    feed.trade(12_345.0)
    flush(model, feed, 100.0)
    assert model.index(0, Column.LAST).data(SORT_ROLE) == 12_345.0
    assert model.index(0, Column.PAIR).data(SORT_ROLE) == "BTC/USDT"
    assert model.index(0, Column.BID).data(SORT_ROLE) is None


def test_every_column_has_a_title_and_figures_stand_right() -> None:
    model = model_of(Feed())
    across, align = Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole
    titles = [model.headerData(column, across) for column in Column]
    assert titles[0] == "Pair" and len(set(titles)) == 11
    assert model.headerData(Column.LAST, across, align) & Qt.AlignmentFlag.AlignRight
    assert model.headerData(Column.PAIR, across, align) & Qt.AlignmentFlag.AlignLeft
    assert model.headerData(0, Qt.Orientation.Vertical) is None


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
    feed.link.up = False
    assert model.lines(1, 120.0) == (["BTC/USDT   100.0   −50.00 %   (lost)"], False)
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
    flush(model, feed, 100.4)
    assert ranges == [(0, 0, Column.LAST, Column.LAST)], "it fades"
    flush(model, feed, 100.75)
    assert row.flashes == {}
    assert len(ranges) == 2, "the end is painted too"
    flush(model, feed, 100.8)
    assert len(ranges) == 2


def test_a_row_removed_while_it_flashes_is_gone() -> None:
    feed = Feed()
    model = model_of(feed, BTC, ETH)
    feed.trade(5.0)
    flush(model, feed, 100.0)
    feed.trade(6.0, 100.1)
    flush(model, feed, 100.1)
    model.remove(0)
    ranges = emitted(model)
    flush(model, feed, 100.3)
    assert ranges == []


# ---------------------------------------------------------------- order


@pytest.mark.parametrize(
    ("row", "before", "order"),
    [
        (0, 2, [ETH, BTC, SOL]),
        (0, 3, [ETH, SOL, BTC]),
        (2, 0, [SOL, BTC, ETH]),
        (2, 1, [BTC, SOL, ETH]),
        (0, -1, [ETH, SOL, BTC]),  # into the free space below the rows
    ],
)
def test_a_dropped_row_stands_where_it_was_let_go_and_the_new_order_is_told_once(
    row: int, before: int, order: list[Instrument]
) -> None:
    model = model_of(Feed(), BTC, ETH, SOL)
    heard = Heard()
    model.order_changed.connect(heard)
    assert not drop(model, row, before), "a yes would have the view remove the row"
    assert model.instruments == order
    assert heard.all == [(order,)]
    assert [model.row_of(each) for each in order] == [0, 1, 2]


def test_a_row_dropped_on_another_goes_before_it() -> None:
    model = model_of(Feed(), BTC, ETH, SOL)
    drop(model, 2, -1, on=1)
    assert model.instruments == [BTC, SOL, ETH]


@pytest.mark.parametrize("before", [1, 2])
def test_a_row_dropped_where_it_stands_changes_nothing(before: int) -> None:
    model = model_of(Feed(), BTC, ETH, SOL)
    heard = Heard()
    model.order_changed.connect(heard)
    drop(model, 1, before)
    assert model.instruments == [BTC, ETH, SOL]
    assert heard.all == []


def test_what_is_not_one_of_our_rows_cannot_be_dropped() -> None:
    model = model_of(Feed(), BTC, ETH)
    foreign = QMimeData()
    foreign.setText("0")
    assert not model.dropMimeData(foreign, MOVE, 0, 0, QModelIndex())
    copied = model.mimeData([model.index(1, 0)])
    model.dropMimeData(copied, Qt.DropAction.CopyAction, 0, 0, QModelIndex())
    assert model.instruments == [BTC, ETH]
    assert model.supportedDropActions() == MOVE
    assert copied.formats() == model.mimeTypes()


names = [Instrument("binance", letter, "USDT") for letter in "ABCDEF"]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 6)), max_size=20))
def test_no_series_of_drops_ever_loses_or_doubles_a_row(moves: list[tuple[int, int]]) -> None:
    model = model_of(Feed(), *names)
    heard = Heard()
    model.order_changed.connect(heard)
    plain, told = list(names), 0
    for row, before in moves:
        drop(model, row, before)
        place = 6 if before < 0 else before
        marked: list[Instrument | None] = list(plain)
        marked[row] = None
        marked.insert(place, plain[row])
        order = [each for each in marked if each is not None]
        told += order != plain
        plain = order
        assert model.instruments == plain
        assert [model.row_of(each) for each in plain] == list(range(6))
    assert len(heard.all) == told
