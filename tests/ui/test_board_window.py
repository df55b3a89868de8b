"""The board: large prices that hold still, and a way out."""

from collections.abc import Iterator
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tickglass.ui import board_window
from tickglass.ui.board_foot import Foot, clock_text
from tickglass.ui.board_window import LEAST_PX, MOST_TILES, BoardWindow, best_grid, cells
from tickglass.ui.tokens import DARK, LIGHT

from .helpers import WEDNESDAY, Heard
from .price_helpers import ALL_VIEWS, BTC_VIEW, ETH_VIEW, Paints, many, pixels, priced, tiles

NOW = 100.0


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = WEDNESDAY + 3_600.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def board(qtbot: QtBot, clock: Clock) -> Iterator[BoardWindow]:
    window = BoardWindow(DARK, clock)
    qtbot.addWidget(window)
    window.set_zone(UTC)
    window.resize(900, 600)
    window.show_prices(ALL_VIEWS)
    window.show_states({"Binance": "live", "OKX": "refused"})
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.flush(NOW)
    yield window


def foot(board: BoardWindow) -> Foot:
    found = board.findChild(Foot)
    assert found is not None
    return found


def entry(menu: QMenu, words: str) -> QAction:
    return next(each for each in menu.actions() if each.text() == words)


def test_the_tiles_and_the_line_below_fill_the_screen_without_overlap(board: BoardWindow) -> None:
    rects = [each.geometry() for each in (*tiles(board), foot(board))]
    assert sum(rect.width() * rect.height() for rect in rects) == 900 * 600
    assert not any(a.intersects(b) for i, a in enumerate(rects) for b in rects[:i])


@pytest.mark.parametrize("size", [(900, 600), (2560, 1440), (600, 900)])
@pytest.mark.parametrize("count", [1, 2, 6, 13, MOST_TILES])
def test_every_price_fits_its_tile_on_every_screen(
    board: BoardWindow, size: tuple[int, int], count: int
) -> None:
    board.resize(*size)
    board.show_prices(many(count))
    board.flush(NOW)
    for tile in tiles(board):
        wanted = tile.sizeHint()
        room = wanted.expandedTo(tile.size()) == tile.size()
        assert room or board._shape.price_px == LEAST_PX


def test_on_a_larger_screen_the_type_is_larger(board: BoardWindow) -> None:
    before = board._shape.price_px
    board.resize(1_800, 1_200)
    assert board._shape.price_px > before * 1.8


def test_a_price_that_gains_a_figure_moves_nothing(board: BoardWindow) -> None:
    before, places = board._shape.price_px, [tile.geometry() for tile in tiles(board)]
    for text in ("99,999.90", "100,000.00", "1.10"):
        board.show_prices([priced(BTC_VIEW, text), *ALL_VIEWS[1:]])
        board.flush(NOW)
        assert board._shape.price_px == before
        assert [tile.geometry() for tile in tiles(board)] == places


def test_only_the_tile_that_changed_is_painted(board: BoardWindow) -> None:
    QApplication.processEvents()
    shown = tiles(board)
    paints = Paints(*shown, foot(board))
    board.show_prices([ALL_VIEWS[0], priced(ETH_VIEW, "3,512.45"), *ALL_VIEWS[2:]])
    board.flush(NOW)
    QApplication.processEvents()
    assert list(paints.counts.values()) == [0, 1, 0, 0, 0]


def test_hidden_it_does_nothing(board: BoardWindow) -> None:
    board.hide()
    board.show_prices([priced(BTC_VIEW, "1.00")])
    board.flush(NOW)
    assert [tile.view for tile in board._tiles] == ALL_VIEWS


def test_what_finds_no_room_is_counted(board: BoardWindow) -> None:
    board.show_prices(many(MOST_TILES + 40))
    board.flush(NOW)
    assert len(tiles(board)) == MOST_TILES
    assert "40 more are not shown" in foot(board).text()


def test_the_line_below_says_the_states_and_the_time(board: BoardWindow, clock: Clock) -> None:
    assert foot(board).text() == "● Binance live · ⚠ OKX refused · 01:00:00 UTC"
    clock.seconds += 61
    board.set_zone(ZoneInfo("Asia/Kolkata"))
    board.show_states({"OKX": "live"})
    board.flush(NOW)
    assert foot(board).accessibleName() == "● OKX live · 06:31:01 UTC+05:30"


def test_the_line_below_is_painted_once_a_second(board: BoardWindow, clock: Clock) -> None:
    QApplication.processEvents()
    paints = Paints(foot(board))
    for _ in range(75):  # frames: two and a half seconds
        clock.seconds += 1 / 30
        board.flush(NOW)
        QApplication.processEvents()
    assert paints.counts[foot(board)] == 2


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("UTC", "00:00:00 UTC"),
        ("Europe/Berlin", "01:00:00 UTC+01:00"),
        ("America/New_York", "19:00:00 UTC-05:00"),
    ],
)
def test_the_time_says_its_zone(zone: str, text: str) -> None:
    assert clock_text(WEDNESDAY, ZoneInfo(zone)) == text


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F11])
def test_escape_leaves(board: BoardWindow, qtbot: QtBot, key: Qt.Key) -> None:
    heard = Heard()
    board.left.connect(heard)
    qtbot.keyClick(board, key)
    assert not board.isVisible()
    assert len(heard.all) == 1


def test_the_arrow_hides_while_the_mouse_rests(
    board: BoardWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert board._idle.isActive()
    assert board._idle.interval() == board_window.CURSOR_IDLE_MS
    board._idle.timeout.emit()
    assert board.cursor().shape() == Qt.CursorShape.BlankCursor
    qtbot.mouseMove(tiles(board)[0], QPoint(20, 20))
    qtbot.mouseMove(tiles(board)[0], QPoint(25, 25))
    assert board.cursor().shape() == Qt.CursorShape.ArrowCursor
    board._idle.timeout.emit()
    board.leave()
    assert board.cursor().shape() == Qt.CursorShape.ArrowCursor
    assert not board._idle.isActive()


def test_the_menu_says_what_is_shown_and_leaves(board: BoardWindow) -> None:
    sources, chosen, gone = Heard(), Heard(), Heard()
    board.source_chosen.connect(sources)
    board.instruments_chosen.connect(chosen)
    board.left.connect(gone)
    board.offer([(ETH_VIEW.instrument, "OKX")], [], "list")
    menu = board.menu()
    assert entry(menu, "The active list").isChecked()
    entry(menu, "Chosen instruments").trigger()
    inner = entry(menu, "Instruments").menu()
    assert isinstance(inner, QMenu)
    entry(inner, "ETH/USDT on OKX").trigger()
    entry(menu, "Leave the board").trigger()
    assert sources.all == [("chosen",)]
    assert chosen.all == [([ETH_VIEW.instrument],)]
    assert gone.all == [()]


def test_without_instruments_it_says_what_to_do(board: BoardWindow) -> None:
    board.show_prices([])
    board.flush(NOW)
    assert tiles(board) == []
    assert pixels(board, DARK.muted) > 100


def test_a_theme_reaches_everything(board: BoardWindow) -> None:
    board.set_theme(LIGHT)
    assert pixels(board, LIGHT.panel) > 900 * 600 / 2
    assert pixels(board, DARK.panel) == pixels(board, DARK.window) == 0


def test_an_alert_is_seen_on_its_tile_alone(board: BoardWindow) -> None:
    board.alert(BTC_VIEW.instrument, NOW)
    board.flush(NOW + 0.1)
    assert [pixels(tile, DARK.accent) > 0 for tile in tiles(board)] == [True, False, False, False]


@pytest.mark.parametrize(
    ("count", "area", "columns"),
    [
        (1, (900, 600), 1),
        (4, (1_000, 800), 2),  # tiles of 300 × 200: two by two are 500 × 400
        (6, (900, 400), 3),
        (3, (300, 900), 1),
        (3, (2_400, 300), 3),
    ],
)
def test_the_grid_is_the_one_with_the_largest_type(
    count: int, area: tuple[int, int], columns: int
) -> None:
    assert best_grid(count, QSize(300, 200), QSize(*area))[0] == columns


@given(st.integers(1, MOST_TILES), st.integers(50, 4_000), st.integers(50, 3_000), st.data())
def test_cells_never_overlap_and_stay_inside(
    count: int, width: int, height: int, data: st.DataObject
) -> None:
    columns = data.draw(st.integers(1, count))
    area = QRect(0, 0, width, height)
    made = cells(area, count, columns)
    assert len(made) == count
    assert all(area.contains(rect) for rect in made if not rect.isEmpty())
    assert not any(a.intersects(b) for i, a in enumerate(made) for b in made[:i])
