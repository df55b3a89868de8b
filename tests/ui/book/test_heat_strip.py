"""The strip of heat: what it paints anew, what it only appends, and what stays empty."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tickglass.market.heat import HeatRecord
from tickglass.market.ladder import Grid, levels
from tickglass.ui.book.heat_strip import HeatStrip
from tickglass.ui.book.tints import SHADES, heat_palette, mixed
from tickglass.ui.theme import DARK, LIGHT, Theme, contrast

from .helpers import ASKS, BIDS, TICK


class Strip:
    """Sixty columns on the prices 99 to 101, with a record that is filled by hand."""

    def __init__(self, qtbot: QtBot, theme: Theme = DARK) -> None:
        self.record = HeatRecord(Grid(TICK, 0.1))
        self.view = HeatStrip(theme)
        qtbot.addWidget(self.view)
        self.view.resize(60, 80)
        self.view.show()
        self.view.set_record(self.record, "BTC", 1)
        self.view.set_prices(99.0, 101.0)
        self.now = 100.0

    def run(self, seconds: float, *, books: bool = True) -> None:
        for _ in range(round(seconds / 0.25)):
            self.now += 0.25
            ms = int(self.now * 1_000)
            if books:
                self.record.sample(ms, levels(BIDS), levels(ASKS))
            else:
                self.record.interrupt(ms)
            self.view.flush(self.now)

    def columns(self) -> list[str]:
        """Of each column whether the level at 100.0 is seen, from the left."""
        QApplication.processEvents()
        image = self.view.grab().toImage()
        y = round((101.0 - 100.05) / 2.0 * image.height())
        unknown = QColor(DARK.window)
        return ["." if image.pixelColor(x, y) == unknown else "#" for x in range(image.width())]


@pytest.fixture
def strip(qtbot: QtBot) -> Strip:
    return Strip(qtbot)


def test_time_runs_to_the_right_edge(strip: Strip) -> None:
    strip.run(5)
    assert "".join(strip.columns()) == "." * 50 + "#" * 10  # half a second each


def test_new_columns_are_appended_and_the_rest_is_not_painted_anew(strip: Strip) -> None:
    strip.run(1)
    before = strip.view.whole_paints
    strip.run(8)
    assert strip.view.whole_paints == before
    assert strip.columns().count("#") == 18


def test_what_was_appended_is_what_painting_all_gives(strip: Strip) -> None:
    strip.run(3)
    strip.run(2, books=False)
    strip.run(4)
    appended = strip.view.grab().toImage()
    strip.view.set_theme(DARK)
    strip.view.flush(strip.now)
    assert strip.view.grab().toImage() == appended


def test_a_gap_stays_empty(strip: Strip) -> None:
    strip.run(2)
    strip.run(3, books=False)
    strip.run(2)
    assert "".join(strip.columns()).lstrip(".") == "#####.....####"


def test_many_columns_at_once_after_nobody_looked(strip: Strip) -> None:
    strip.run(1)
    strip.view.hide()
    strip.run(10)
    strip.view.show()
    strip.run(0.5)
    assert strip.columns().count("#") == 23


def test_other_prices_paint_all_anew_but_not_at_every_frame(strip: Strip) -> None:
    strip.run(2)
    before = strip.view.whole_paints
    for frame in range(6):
        strip.view.set_prices(99.0 + 0.1 * frame, 101.0 + 0.1 * frame)
        strip.now += 0.033
        strip.view.flush(strip.now)
        assert not strip.view.grab().isNull()
    assert 1 <= strip.view.whole_paints - before <= 3
    assert strip.view.prices == pytest.approx((99.5, 101.5))


def test_a_move_of_less_than_a_quarter_pixel_is_none(strip: Strip) -> None:
    strip.view.set_prices(99.0 + 0.005, 101.0 + 0.005)
    assert strip.view.prices == (99.0, 101.0)


def test_the_read_out_says_price_size_and_age(strip: Strip, qtbot: QtBot) -> None:
    strip.run(5)
    y = round((101.0 - 100.05) / 2.0 * strip.view.height())
    assert strip.view.read_out(55, y) == "100.0 · 1.00 BTC · 2 s"
    assert strip.view.read_out(5, y).split(" · ")[1] == "not known"
    before = strip.view.grab().toImage()
    qtbot.mouseMove(strip.view, QPoint(30, 40))
    assert strip.view.grab().toImage() != before


def test_without_record_prices_or_size_nothing_breaks(qtbot: QtBot) -> None:
    view = HeatStrip(DARK, labelled=True)
    qtbot.addWidget(view)
    view.resize(60, 80)
    view.show()
    view.flush(1.0)
    view.set_record(HeatRecord(Grid(TICK, 0.1)), "BTC")
    view.flush(2.0)
    view.set_prices(99.0, 101.0)
    view.flush(3.0)
    view.set_dimmed(True)
    assert not view.grab().isNull()
    assert view.read_out(5, 5).split(" · ")[1] == "not known"
    assert view.accessibleName() == "Heat of the order book over time"


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_more_size_always_stands_out_more_from_the_panel(theme: Theme) -> None:
    palette = heat_palette(theme)
    shades = [contrast(theme.panel, QColor.fromRgb(int(each)).name()) for each in palette]
    assert len(palette) == SHADES
    assert shades[0] == pytest.approx(1.0)
    assert shades[-1] > 10
    assert np.all(np.diff(shades) >= -0.02)


def test_colours_are_mixed_by_share() -> None:
    assert mixed("#000000", "#ff8000", 0.5).name() == "#804000"
    assert mixed("#102030", "#ffffff", 0.0).name() == "#102030"


def test_keys_read_out_too_where_the_strip_stands_alone(qtbot: QtBot) -> None:
    view = HeatStrip(DARK, labelled=True)
    qtbot.addWidget(view)
    view.resize(60, 80)
    view.show()
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus
    for key, pointer in (
        (Qt.Key.Key_Left, (51, 40)),  # from the newest, 8 px each
        (Qt.Key.Key_Up, (51, 32)),
        (Qt.Key.Key_Down, (51, 40)),
        (Qt.Key.Key_Right, (59, 40)),
        (Qt.Key.Key_Right, (59, 40)),
        (Qt.Key.Key_Escape, None),
    ):
        qtbot.keyClick(view, key)
        assert view._pointer == pointer


def test_beside_a_chart_the_strip_takes_no_keys(strip: Strip) -> None:
    assert strip.view.focusPolicy() == Qt.FocusPolicy.NoFocus
