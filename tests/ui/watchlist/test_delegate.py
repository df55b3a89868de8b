"""The painted cells: what a person sees without reading."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from tickglass.ui.theme import DARK, LIGHT, Theme
from tickglass.ui.watchlist.columns import Column
from tickglass.ui.watchlist.delegate import WatchlistDelegate
from tickglass.ui.watchlist.model import ROW_ROLE, WatchlistModel

from .helpers import BTC, BTC_OKX, TITLES, Feed

WIDTH, HEIGHT = 200, 28


class Painted:
    """One row, painted cell by cell."""

    def __init__(self, theme: Theme = DARK) -> None:
        self.feed = Feed()
        self.line = 0
        self.model = WatchlistModel(self.feed.store, TITLES)
        self.model.load([BTC])
        self.delegate = WatchlistDelegate(theme, QApplication.font())

    def flush(self, now: float) -> None:
        self.delegate.now = now
        self.model.flush(self.feed.store.take_changed(), now)

    def cell(self, column: Column, *, selected: bool = False) -> QImage:
        image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, WIDTH, HEIGHT)
        if selected:
            option.state |= QStyle.StateFlag.State_Selected
        painter = QPainter(image)
        self.delegate.paint(painter, option, self.model.index(self.line, column))
        painter.end()
        return image


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name() for y in range(image.height()) for x in range(image.width())
    }


def reddest(image: QImage) -> int:
    """How much more red than blue there is in the most orange pixel, times two."""
    points = ((x, y) for y in range(image.height()) for x in range(image.width()))
    return 2 * max(image.pixelColor(x, y).red() - image.pixelColor(x, y).blue() for x, y in points)


@pytest.fixture
def painted(qapp: QApplication) -> Iterator[Painted]:
    made = Painted()
    made.feed.ticker(100.0, 80.0)
    made.flush(100.0)
    yield made


def test_a_chosen_row_has_another_ground(painted: Painted) -> None:
    corner = painted.cell(Column.LAST).pixelColor(1, 1).name()
    chosen = painted.cell(Column.LAST, selected=True).pixelColor(1, 1).name()
    assert (corner, chosen) == (DARK.panel, DARK.selection)


def test_texts_are_painted_in_the_colour_of_what_they_say(painted: Painted) -> None:
    assert DARK.text in colours(painted.cell(Column.LAST))
    assert DARK.up in colours(painted.cell(Column.CHANGE))
    painted.feed.ticker(100.0, 125.0, 100.1)
    painted.flush(100.1)
    assert DARK.down in colours(painted.cell(Column.CHANGE))


def test_a_dead_price_does_not_look_alive(painted: Painted) -> None:
    alive = painted.cell(Column.LAST)
    painted.feed.link.up = False
    painted.flush(103.0)
    dead = painted.cell(Column.LAST)
    assert DARK.text not in colours(dead)
    assert DARK.dimmed in colours(dead)

    def longest_stroke(image: QImage) -> int:
        """The longest run of one colour, of those that are written, in any line of pixels."""
        longest = 0
        for y in range(HEIGHT - 2):
            run = 0
            for x in range(WIDTH):
                colour = image.pixelColor(x, y)
                run = run + 1 if colour != QColor(DARK.panel) else 0
                longest = max(longest, run)
        return longest

    assert longest_stroke(dead) > 2 * longest_stroke(alive), "it is struck through"
    assert reddest(painted.cell(Column.AGE)) > 200, "how old it is, in the colour of a warning"


def test_every_state_has_its_own_mark(painted: Painted) -> None:
    pictures = [painted.cell(Column.PAIR)]
    painted.feed.link.heard = 115.0
    painted.flush(115.0)
    pictures.append(painted.cell(Column.PAIR))
    painted.flush(140.0)
    pictures.append(painted.cell(Column.PAIR))
    painted.feed.link.up = False
    painted.flush(150.0)
    pictures.append(painted.cell(Column.PAIR))
    painted.feed.store.state(BTC).problem = "Not listed."
    painted.flush(160.0)
    pictures.append(painted.cell(Column.PAIR))
    for number, picture in enumerate(pictures):
        assert all(picture != other for other in pictures[number + 1 :])


def test_an_alert_marks_the_pair(painted: Painted) -> None:
    assert DARK.accent not in colours(painted.cell(Column.PAIR))
    painted.delegate.alerted = {BTC}
    assert DARK.accent in colours(painted.cell(Column.PAIR))


@pytest.mark.parametrize(("price", "colour"), [(101.0, DARK.up), (99.0, DARK.down)])
def test_a_flash_has_the_colour_of_its_direction_and_fades(
    painted: Painted, price: float, colour: str
) -> None:
    painted.feed.trade(price, 100.1)
    painted.flush(100.1)
    panel, full = QColor(DARK.panel), QColor(colour)

    def share(now: float) -> float:
        """How far the ground is from the panel to the full colour, by its green."""
        painted.delegate.now = now
        ground = painted.cell(Column.LAST).pixelColor(3, 3)
        return (ground.green() - panel.green()) / (full.green() - panel.green())

    assert share(100.1) == pytest.approx(90 / 255, abs=0.02)
    assert share(100.4) == pytest.approx(45 / 255, abs=0.02)
    assert share(100.7) == pytest.approx(0.0, abs=0.001)
    painted.delegate.now = 100.1
    assert painted.cell(Column.CHANGE).pixelColor(3, 3).name() == DARK.panel


def test_a_sparkline_is_drawn_from_two_points_on_in_the_colour_of_its_way(
    painted: Painted,
) -> None:
    assert colours(painted.cell(Column.SPARKLINE)) == {DARK.panel, DARK.grid}
    row = painted.model.index(0, 0).data(ROW_ROLE)
    row.sparkline = [1.0, 2.0, 3.0]
    rising = painted.cell(Column.SPARKLINE)
    row.sparkline = [3.0, 2.0, 1.0]
    assert painted.cell(Column.SPARKLINE) != rising
    row.sparkline = [2.0, 2.0]
    flat = painted.cell(Column.SPARKLINE)
    assert len(colours(flat)) > 2
    assert flat.pixelColor(WIDTH // 2, 3).name() == DARK.panel


def test_a_change_of_theme_changes_the_colours(painted: Painted) -> None:
    painted.delegate.set_theme(LIGHT)
    assert {LIGHT.panel, LIGHT.text} <= colours(painted.cell(Column.LAST))


def test_a_problem_is_written_in_the_colour_of_a_warning_where_it_can_be_seen(
    painted: Painted,
) -> None:
    painted.feed.store.state(BTC).problem = "Trading is halted."
    painted.flush(101.5)
    assert DARK.warning in colours(painted.cell(Column.SPARKLINE))
    painted.delegate.problem_column = Column.FRESHNESS
    assert DARK.warning in colours(painted.cell(Column.FRESHNESS))
    assert DARK.warning not in colours(painted.cell(Column.SPARKLINE))
    assert DARK.text in colours(painted.cell(Column.LAST)), "the last price stays"


def test_a_premium_has_the_colour_of_its_sign(painted: Painted) -> None:
    row = painted.model.index(0, 0).data(ROW_ROLE)
    row.texts[Column.PREMIUM], row.numbers[Column.PREMIUM] = "+8.8", 0.00088
    assert DARK.up in colours(painted.cell(Column.PREMIUM))
    row.numbers[Column.PREMIUM] = -0.00088
    assert DARK.down in colours(painted.cell(Column.PREMIUM))


def test_a_heading_stands_on_another_ground_and_shows_whether_it_is_open(painted: Painted) -> None:
    painted.model.load([BTC, BTC_OKX], by_pair=True)
    painted.flush(102.0)
    opened = painted.cell(Column.PAIR)
    assert opened.pixelColor(1, 1).name() == DARK.raised
    assert DARK.text in colours(painted.cell(Column.BID))
    assert colours(painted.cell(Column.HIGH)) == {DARK.raised, DARK.grid}
    painted.model.collapse("BTC/USDT", True)
    assert painted.cell(Column.PAIR) != opened


def test_a_sparkline_of_another_width_is_drawn_anew(painted: Painted) -> None:
    row = painted.model.index(0, 0).data(ROW_ROLE)
    row.sparkline = [1.0, 2.0, 3.0]
    painted.cell(Column.SPARKLINE)
    assert row.polygon is not None
    first = row.polygon[1]
    painted.cell(Column.SPARKLINE)
    assert row.polygon[1] is first
    row.sparkline = [1.0, 2.0, 4.0]
    painted.cell(Column.SPARKLINE)
    assert row.polygon[1] is not first
