"""The ticker under the hands of a person."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from tickglass.ui import ticker_window
from tickglass.ui.ticker_look import LEAST_VISIBLE, TickerLook, placed, right
from tickglass.ui.ticker_window import MOST_TILES, TickerWindow
from tickglass.ui.tokens import DARK, LIGHT

from .helpers import Heard
from .price_helpers import ALL_VIEWS, BTC_VIEW, ETH_VIEW, Paints, many, pixels, priced, tiles

NOW = 100.0


@pytest.fixture
def ticker(qtbot: QtBot) -> Iterator[TickerWindow]:
    window = TickerWindow(DARK)
    qtbot.addWidget(window)
    window.set_look(TickerLook(place=(50, 60)))
    window.show_prices(ALL_VIEWS)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.flush(NOW)
    yield window


def entry(menu: QMenu, *words: str) -> QAction:
    for word in words[:-1]:
        inner = entry(menu, word).menu()
        assert isinstance(inner, QMenu)
        menu = inner
    return next(each for each in menu.actions() if each.text() == words[-1])


def test_it_stands_above_all_windows_without_a_frame_and_ends_nothing(ticker: TickerWindow) -> None:
    flags = ticker.windowFlags()
    assert flags & Qt.WindowType.FramelessWindowHint
    assert flags & Qt.WindowType.WindowStaysOnTopHint
    assert not ticker.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    assert ticker.parent() is None, "it stands alone while the main window is hidden"


def test_it_shows_the_chosen_prices_in_their_order(ticker: TickerWindow) -> None:
    assert [tile.view for tile in tiles(ticker)] == ALL_VIEWS
    assert [tile.y() for tile in tiles(ticker)] == sorted(tile.y() for tile in tiles(ticker))
    ticker.show_prices([ETH_VIEW])
    ticker.flush(NOW)
    assert [tile.view for tile in tiles(ticker)] == [ETH_VIEW]


def test_without_instruments_it_says_what_to_do(ticker: TickerWindow) -> None:
    ticker.show_prices([])
    ticker.flush(NOW)
    hint = ticker.findChild(QLabel)
    assert hint is not None
    assert hint.isVisible()
    assert "choose instruments" in hint.text()


def test_it_never_shows_more_than_a_dozen(ticker: TickerWindow) -> None:
    ticker.show_prices(many(MOST_TILES + 5))
    ticker.flush(NOW)
    assert len(tiles(ticker)) == MOST_TILES


def test_a_price_that_gains_a_figure_moves_nothing(ticker: TickerWindow) -> None:
    before, places = ticker.size(), [tile.geometry() for tile in tiles(ticker)]
    for text in ("99,999.90", "100,000.00", "11,111.11", "1.10"):
        ticker.show_prices([priced(BTC_VIEW, text), *ALL_VIEWS[1:]])
        ticker.flush(NOW)
        QApplication.processEvents()
        assert ticker.size() == before
        assert [tile.geometry() for tile in tiles(ticker)] == places


def test_only_the_tile_that_changed_is_painted(ticker: TickerWindow) -> None:
    QApplication.processEvents()
    shown = tiles(ticker)
    paints = Paints(*shown)
    ticker.show_prices([ALL_VIEWS[0], priced(ETH_VIEW, "3,512.45"), *ALL_VIEWS[2:]])
    ticker.flush(NOW)
    QApplication.processEvents()
    assert [paints.counts[tile] for tile in shown] == [0, 1, 0, 0]


def test_hidden_it_does_nothing(ticker: TickerWindow, qtbot: QtBot) -> None:
    ticker.hide()
    ticker.show_prices([priced(BTC_VIEW, "1.00")])
    ticker.flush(NOW)
    assert [tile.view for tile in ticker._tiles] == ALL_VIEWS
    ticker.show()
    assert [tile.view and tile.view.price for tile in tiles(ticker)] == ["1.00"]


def test_it_is_dragged_anywhere_by_the_mouse(ticker: TickerWindow, qtbot: QtBot) -> None:
    heard, tile = Heard(), tiles(ticker)[1]
    ticker.look_changed.connect(heard)
    start, before = QPoint(10, 10), ticker.pos()
    qtbot.mousePress(tile, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(tile, start + QPoint(30, 25))
    qtbot.mouseRelease(tile, Qt.MouseButton.LeftButton, pos=start)
    assert ticker.pos() == before + QPoint(30, 25)
    assert heard.all == [(TickerLook(place=(80, 85)),)]


def test_a_double_click_or_enter_opens_the_window(ticker: TickerWindow, qtbot: QtBot) -> None:
    heard = Heard()
    ticker.open_wanted.connect(heard)
    qtbot.mouseDClick(tiles(ticker)[0], Qt.MouseButton.LeftButton)
    qtbot.keyClick(ticker, Qt.Key.Key_Return)
    assert len(heard.all) == 2


def test_the_keyboard_does_everything(ticker: TickerWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(ticker, Qt.Key.Key_Right)
    qtbot.keyClick(ticker, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert ticker.pos() == QPoint(70, 59)
    for key, look in (
        (Qt.Key.Key_Plus, TickerLook("large")),
        (Qt.Key.Key_Plus, TickerLook("large")),
        (Qt.Key.Key_Minus, TickerLook("medium")),
        (Qt.Key.Key_PageDown, TickerLook(opacity=90)),
        (Qt.Key.Key_PageUp, TickerLook(opacity=100)),
        (Qt.Key.Key_PageUp, TickerLook(opacity=100)),
        (Qt.Key.Key_V, TickerLook(vertical=False)),
    ):
        qtbot.keyClick(ticker, key)
        assert ticker.look == replace(look, place=(70, 59))
    heard = Heard()
    ticker.closed.connect(heard)
    qtbot.keyClick(ticker, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert not ticker.isVisible()
    assert len(heard.all) == 1


def test_the_menu_key_and_a_right_click_open_the_menu(ticker: TickerWindow) -> None:
    for reason in (QContextMenuEvent.Reason.Keyboard, QContextMenuEvent.Reason.Mouse):
        asked = QContextMenuEvent(reason, QPoint(5, 5), ticker.mapToGlobal(QPoint(5, 5)))
        QApplication.sendEvent(tiles(ticker)[0], asked)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert entry(menu, "Open the window").isEnabled()
        menu.close()


@pytest.mark.parametrize(
    ("words", "look"),
    [
        (("Size", "Small"), TickerLook("small")),
        (("Size", "Large"), TickerLook("large")),
        (("Opacity", "30 %"), TickerLook(opacity=30)),
        (("In a row",), TickerLook(vertical=False)),
    ],
)
def test_a_choice_of_the_menu_is_used_and_told(
    ticker: TickerWindow, words: tuple[str, ...], look: TickerLook
) -> None:
    heard = Heard()
    ticker.look_changed.connect(heard)
    menu = ticker.menu()
    entry(menu, *words).trigger()
    assert heard.all == [(replace(look, place=(50, 60)),)]
    assert entry(ticker.menu(), *words).isChecked()


def test_the_opacity_is_given_to_the_screen_where_it_can_show_it(
    ticker: TickerWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Heard()
    monkeypatch.setattr(ticker, "setWindowOpacity", heard)
    ticker.set_look(TickerLook(opacity=40))
    assert heard.all == []
    monkeypatch.setattr(ticker_window, "can_fade", lambda: True)
    ticker.set_look(TickerLook(opacity=40))
    assert heard.all == [(0.4,)]


def test_a_larger_size_is_larger_and_a_row_is_wider_than_high(ticker: TickerWindow) -> None:
    sizes = []
    for size in ("small", "medium", "large"):
        ticker.set_look(replace(ticker.look, size=size))  # type: ignore[arg-type]
        sizes.append((ticker.width(), ticker.height()))
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 3
    ticker.set_look(replace(ticker.look, vertical=False))
    QApplication.processEvents()
    assert ticker.width() > 3 * ticker.height()


def test_instruments_are_ticked_in_the_menu(ticker: TickerWindow) -> None:
    heard = Heard()
    ticker.instruments_chosen.connect(heard)
    ticker.offer([(view.instrument, view.exchange) for view in ALL_VIEWS], [BTC_VIEW.instrument])
    menu = ticker.menu()
    assert entry(menu, "Instruments", "BTC/USDT on Binance").isChecked()
    entry(menu, "Instruments", "ETH/USDT on OKX").trigger()
    entry(ticker.menu(), "Instruments", "BTC/USDT on Binance").trigger()
    assert heard.all == [([BTC_VIEW.instrument, ETH_VIEW.instrument],), ([ETH_VIEW.instrument],)]


def test_an_alert_is_seen_on_its_tile_alone(ticker: TickerWindow) -> None:
    ticker.alert(ETH_VIEW.instrument, NOW)
    ticker.flush(NOW + 0.1)
    assert [pixels(tile, DARK.accent) > 0 for tile in tiles(ticker)] == [False, True, False, False]


def test_a_theme_reaches_every_tile(ticker: TickerWindow) -> None:
    ticker.set_theme(LIGHT)
    assert all(pixels(tile, LIGHT.panel) > pixels(tile, DARK.panel) for tile in tiles(ticker))


def test_when_the_program_ends_the_ticker_was_not_closed_by_the_person(
    ticker: TickerWindow,
) -> None:
    heard = Heard()
    ticker.closed.connect(heard)
    ticker.close()
    assert heard.all == []


def test_a_kept_look_that_does_not_exist_is_put_right() -> None:
    assert right(TickerLook("huge", 5)) == TickerLook("medium", 30)  # type: ignore[arg-type]
    assert right(TickerLook("small", 900)) == TickerLook("small", 100)


SCREENS = [QRect(0, 0, 1920, 1080), QRect(1920, 200, 1280, 1024)]


@pytest.mark.parametrize(
    ("window", "corner"),
    [
        (QRect(100, 100, 200, 120), (100, 100)),
        (QRect(3000, 600, 200, 120), (3000, 600)),  # on the second screen
        (QRect(1850, 300, 200, 120), (1850, 300)),  # across both
        (QRect(5000, 100, 200, 120), (1704, 16)),  # on a screen that is gone
        (QRect(-190, 100, 200, 120), (1704, 16)),  # only a sliver to be seen
    ],
)
def test_it_comes_back_where_it_was_or_on_a_screen_that_exists(
    window: QRect, corner: tuple[int, int]
) -> None:
    assert placed(window, SCREENS) == QPoint(*corner)


def test_at_first_it_is_in_the_upper_right_corner() -> None:
    assert placed(QRect(0, 0, 200, 120), SCREENS, known=False) == QPoint(1704, 16)


@given(
    st.integers(-10_000, 10_000),
    st.integers(-10_000, 10_000),
    st.integers(20, 3_000),
    st.integers(20, 3_000),
)
def test_enough_of_it_is_always_on_a_screen(x: int, y: int, width: int, height: int) -> None:
    window = QRect(x, y, width, height)
    window.moveTopLeft(placed(window, SCREENS))
    shown = [window.intersected(screen) for screen in SCREENS]
    least = min(LEAST_VISIBLE, width, height)
    assert any(each.width() >= least and each.height() >= least for each in shown)


def test_shown_again_after_its_screen_is_gone_it_can_be_reached(ticker: TickerWindow) -> None:
    ticker.hide()
    ticker.set_look(TickerLook(place=(50_000, 50_000)))
    ticker.show()
    QTest.qWait(0)
    assert any(
        screen.availableGeometry().contains(ticker.geometry().center())
        for screen in QApplication.screens()
    )
