"""The ladder under the hands of a person, and how little it paints."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tickglass.market.ladder import Grid, Ladder, levels
from tickglass.ui.book.ladder_view import LadderView
from tickglass.ui.theme import DARK, LIGHT

from ..helpers import Heard
from .helpers import ASKS, BIDS, TICK, ladder, long_ladder


@pytest.fixture
def view(qtbot: QtBot) -> LadderView:
    made = LadderView(DARK)
    qtbot.addWidget(made)
    made.set_market(("BTC", "USDT"), 1)
    made.resize(300, 400)
    made.show()
    made.show_ladder(long_ladder(), 100.2)
    QApplication.processEvents()
    return made


def spread_row(view: LadderView) -> int:
    return next(slot for slot, line in enumerate(view.lines) if line.kind == "spread")


def middle(view: LadderView, slot: int) -> QPoint:
    height = view.height() // (view.rows_in_view + 1)
    return QPoint(view.width() // 2, slot * height + height // 2)


def turn(view: LadderView, eighths: int) -> None:
    at = QPointF(50, 50)
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, eighths), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def test_the_spread_is_in_the_middle(view: LadderView) -> None:
    at = spread_row(view)
    assert at == view.rows_in_view // 2
    assert view.lines[at - 1].price == "100.2"
    assert view.lines[at + 1].price == "100.0"


def test_a_click_on_a_price_chooses_it(view: LadderView, qtbot: QtBot) -> None:
    heard = Heard()
    view.price_chosen.connect(heard)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle(view, spread_row(view) - 2))
    assert heard.all == [(100.3,)]


def test_a_click_beside_the_prices_or_on_the_spread_chooses_nothing(
    view: LadderView, qtbot: QtBot
) -> None:
    heard = Heard()
    view.price_chosen.connect(heard)
    row = middle(view, spread_row(view) - 2)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(5, row.y()))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle(view, spread_row(view)))
    qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=row)
    assert heard.all == []


def test_the_wheel_looks_away_and_a_double_click_returns(view: LadderView, qtbot: QtBot) -> None:
    heard = Heard()
    view.scrolled_changed.connect(heard)
    at = spread_row(view)
    turn(view, 120)
    assert spread_row(view) == at + 3
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(5, 50))
    assert spread_row(view) == at
    assert heard.all == [(True,), (False,)]


def test_small_turns_of_a_fine_wheel_add_up(view: LadderView) -> None:
    at = spread_row(view)
    turn(view, 20)
    assert spread_row(view) == at
    turn(view, 20)
    assert spread_row(view) == at + 1


def test_a_ladder_that_was_scrolled_stays_while_the_market_moves(view: LadderView) -> None:
    turn(view, 240)
    before = [line.price for line in view.lines if line.kind == "ask"]
    view.show_ladder(long_ladder(shift=1), 100.3)
    after = [line.price for line in view.lines if line.kind == "ask"]
    assert after == before[:-1]
    assert view.scrolled


def test_keys_look_away_and_home_returns(view: LadderView, qtbot: QtBot) -> None:
    at = spread_row(view)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert spread_row(view) == at + 1
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert all(line.kind == "bid" for line in view.lines[view.rows_in_view // 2 :])
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert spread_row(view) == at
    assert not view.scrolled


def test_return_chooses_the_price_that_the_keys_went_to(view: LadderView, qtbot: QtBot) -> None:
    heard = Heard()
    view.price_chosen.connect(heard)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert heard.all == [], "the spread is no price"
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.footer.startswith("3.00 BTC"), "what stands up to there is read out"
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert heard.all == [(100.4,)]
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.footer.startswith("Bids ")


def test_only_rows_that_changed_are_painted(view: LadderView) -> None:
    bids, asks = [(100.0 - at / 10, 1.0) for at in range(40)], ASKS
    view.show_ladder(ladder(bids, asks), 100.2)
    QApplication.processEvents()
    before = view.painted_rows
    changed = [(100.3, 5.5) if price == 100.3 else (price, size) for price, size in asks]
    view.show_ladder(ladder(bids, changed), 100.2)
    QApplication.processEvents()
    # 100.3 and, because their totals grew, those above it up to the end of the book.
    assert 0 < view.painted_rows - before <= 4


def test_the_same_book_is_not_painted_again(view: LadderView) -> None:
    held = long_ladder()
    view.show_ladder(held, 100.2)
    QApplication.processEvents()
    before = view.painted_rows
    view.show_ladder(held, 100.2)
    view.show_ladder(long_ladder(), 100.2)
    QApplication.processEvents()
    assert view.painted_rows == before


def test_hovering_reads_out_what_stands_up_to_there(view: LadderView, qtbot: QtBot) -> None:
    assert view.footer.startswith("Bids ")
    at = middle(view, spread_row(view) + 2)
    qtbot.mouseMove(view, at)
    assert view.footer == "2.00 BTC · 200 USDT · −0.200 %"
    assert [line.lit for line in view.lines].count(True) == 2
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert view.footer.startswith("Bids ")


def test_the_read_out_follows_the_book_under_a_resting_pointer(
    view: LadderView, qtbot: QtBot
) -> None:
    qtbot.mouseMove(view, middle(view, spread_row(view) + 2))
    view.show_ladder(ladder([(100.0, 5.0), (99.9, 5.0)], ASKS), None)
    assert view.footer.startswith("10.0 BTC")


def test_several_books_say_on_hover_who_holds_what(view: LadderView) -> None:
    sources = [levels(BIDS), levels([(99.9, 9.0)])]
    view.set_names(["Binance", "<b>OKX"])
    view.show_ladder(Ladder(Grid(TICK, 0.1), sources, [levels(ASKS), levels([])]), None)
    tip = view.tip(middle(view, spread_row(view) + 2))
    assert tip == "<span>&lt;b&gt;OKX 9.00 BTC<br>Binance 2.00 BTC</span>"
    view.set_names(["Binance"])
    assert view.tip(middle(view, spread_row(view) + 2)) == ""


def test_a_book_that_is_not_to_be_trusted_has_no_colour_of_a_side(view: LadderView) -> None:
    def colours() -> set[str]:
        QApplication.processEvents()
        image = view.grab().toImage()
        xs, ys = range(image.width()), range(image.height())
        return {image.pixelColor(x, y).name() for x in xs for y in ys}

    assert {DARK.up, DARK.down} <= colours()
    view.show_ladder(long_ladder(), 100.2, dimmed=True)
    assert not {DARK.up, DARK.down, DARK.accent} & colours()


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_prices_of_any_length_have_room(qtbot: QtBot, theme: object) -> None:
    view = LadderView(LIGHT if theme is LIGHT else DARK)
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show()
    for price, tick in ((0.00001234, "0.00000001"), (100_000.0, "0.1"), (7.0, "1")):
        view.set_market(("A", "B"), None)
        grid = Grid(type(TICK)(tick), float(tick))
        bids, asks = levels([(price, 1.0)]), levels([(price + float(tick), 1.0)])
        view.show_ladder(Ladder(grid, [bids], [asks]), None)
        assert not view.grab().isNull()
    assert view.lines[spread_row(view) + 1].price == "7"


def test_without_a_book_or_hidden_nothing_breaks(qtbot: QtBot) -> None:
    view = LadderView(DARK)
    qtbot.addWidget(view)
    view.show_ladder(long_ladder(), 100.2)
    assert not view.lines, "nobody looks"
    view.show()
    assert view.lines
    view.show_ladder(None, None)
    turn(view, 120)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rect().center())
    assert view.footer == ""
    assert view.accessibleName() == "Order book ladder"
