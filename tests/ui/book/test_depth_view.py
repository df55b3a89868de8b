"""The curve of depth: what it reads out, chooses and paints."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tickglass.ui.book.depth_view import LEAST_ROWS, ROWS, DepthView
from tickglass.ui.theme import DARK, LIGHT

from ..helpers import Heard
from .helpers import ASKS, BIDS, ladder, long_ladder


@pytest.fixture
def view(qtbot: QtBot) -> DepthView:
    made = DepthView(DARK)
    qtbot.addWidget(made)
    made.set_market(("BTC", "USDT"))
    made.resize(400, 200)
    made.show()
    made.rows = 10
    made.show_ladder(ladder())
    return made


def turn(view: DepthView, eighths: int) -> None:
    at = QPointF(50, 50)
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, eighths), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def at(view: DepthView, price: float) -> int:
    """The pixel of a price."""
    assert view.prices is not None
    low, high = view.prices
    return round((price - low) / (high - low) * view.width() - 0.5)


def seen(view: DepthView) -> QImage:
    QApplication.processEvents()
    return view.grab().toImage()


def test_the_same_number_of_steps_is_seen_on_both_sides(view: DepthView) -> None:
    assert view.prices == pytest.approx((100.1 - 1.1, 100.1 + 1.1))  # half the spread is 0.1


def test_the_read_out_sums_from_the_touch(view: DepthView) -> None:
    assert view.read_out(at(view, 100.35)).split(" · ")[1:3] == ["8.00 BTC", "802 USDT"]
    assert view.read_out(at(view, 99.95)).split(" · ")[1:3] == ["1.00 BTC", "100 USDT"]
    assert view.read_out(at(view, 99.85)).split(" · ")[1:3] == ["3.00 BTC", "300 USDT"]


def test_between_the_touches_nothing_stands(view: DepthView) -> None:
    _, amount, distance = view.read_out(at(view, 100.15)).split(" · ")
    assert amount == "—"
    assert distance.startswith("+0.0")


def test_beyond_the_book_all_of_it_stands(view: DepthView) -> None:
    assert view.read_out(at(view, 101.0)).split(" · ")[1] == "15.0 BTC"


def test_a_click_chooses_the_step_below_the_pointer(view: DepthView, qtbot: QtBot) -> None:
    heard = Heard()
    view.price_chosen.connect(heard)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(at(view, 100.55), 50))
    assert heard.all == [(100.5,)]


def test_the_wheel_shows_more_and_less_within_bounds(view: DepthView) -> None:
    view.rows = ROWS
    turn(view, -120)
    assert view.rows == 125
    turn(view, 120)
    assert view.rows == 100
    for _ in range(60):
        turn(view, 120)
    assert view.rows == LEAST_ROWS


def test_both_sides_are_drawn_in_their_colours(view: DepthView) -> None:
    view.show_ladder(long_ladder())
    image = seen(view)
    colours = [
        {image.pixelColor(x, y).name() for x in half for y in range(image.height())}
        for half in (range(0, 190), range(210, 400))
    ]
    assert DARK.up in colours[0]
    assert DARK.up not in colours[1]
    assert DARK.down in colours[1]


def test_a_book_that_is_not_to_be_trusted_is_grey(view: DepthView) -> None:
    view.show_ladder(long_ladder(), dimmed=True)
    image = seen(view)
    pixels = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    assert not {DARK.up, DARK.down} & pixels


def test_the_pointer_leaves_a_line_and_takes_it_away(view: DepthView, qtbot: QtBot) -> None:
    before = seen(view)
    qtbot.mouseMove(view, QPoint(300, 100))
    assert seen(view) != before
    qtbot.mouseMove(view, QPoint(100, 100))
    view.leaveEvent(None)  # type: ignore[arg-type]
    assert seen(view) == before


def test_a_unit_a_theme_and_an_empty_side_are_no_trouble(view: DepthView) -> None:
    view.set_unit("quote")
    view.set_theme(LIGHT)
    for bids, asks in ((BIDS, []), ([], ASKS), ([], [])):
        view.show_ladder(ladder(bids, asks))
        assert not seen(view).isNull()
        assert view.read_out(5) == ""
    view.show_ladder(None)
    assert view.prices is None
    assert view.accessibleName() == "Depth of the order book"


def test_keys_read_out_a_price_and_choose_it(view: DepthView, qtbot: QtBot) -> None:
    heard = Heard()
    view.price_chosen.connect(heard)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert heard.all == [], "nothing is read out yet"
    for _ in range(5):  # 8 px each, of 400 for 2.2: 0.22 above the mid
        qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert heard.all == [(100.2,)]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert len(heard.all) == 1


def test_keys_show_more_and_less_of_the_book(view: DepthView, qtbot: QtBot) -> None:
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.rows == 12  # 10 × 1.25, rounded to even
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.rows == 10
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert "plus and minus" in view.accessibleDescription()
