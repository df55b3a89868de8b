"""A price as a tile: fresh or not, it must be told at a glance."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tickglass.market.freshness import Freshness
from tickglass.ui.price_tile import PriceTile, course
from tickglass.ui.price_view import PriceView, TileShape, sample
from tickglass.ui.tokens import (
    ALERT_BLINK_SECONDS,
    ALERT_FLASH_SECONDS,
    DARK,
    FLASH_SECONDS,
    FLASH_STEPS,
    LIGHT,
)

from .price_helpers import BTC_VIEW, ETH_VIEW, NEVER_VIEW, PEPE_VIEW, pixels, priced

NOW = 100.0


def tile_of(qtbot: QtBot, view: PriceView, *, px: int = 20, board: bool = False) -> PriceTile:
    tile = PriceTile(DARK, TileShape(QFont(), px, sparkline=board))
    qtbot.addWidget(tile)
    tile.show_view(view, NOW)
    tile.resize(tile.sizeHint())
    tile.show()
    return tile


@pytest.mark.parametrize("freshness", list(Freshness))
def test_only_what_is_dead_is_struck_and_says_since_when(freshness: Freshness) -> None:
    view = replace(BTC_VIEW, freshness=freshness, age=42.0)
    dead = freshness in (Freshness.STALE, Freshness.LOST)
    assert view.dead is dead
    assert view.doubt() == (f"{freshness.value} 42 s" if dead else "")


def test_the_arrow_says_what_the_colour_says() -> None:
    assert BTC_VIEW.change_said() == "▲ +1.53 %"
    assert ETH_VIEW.change_said() == "▼ −0.42 %"
    assert replace(BTC_VIEW, change="0.00 %", direction=0).change_said() == "0.00 %"


def test_a_tile_says_everything_to_those_who_do_not_see_it(qtbot: QtBot) -> None:
    tile = tile_of(qtbot, PEPE_VIEW)
    assert tile.accessibleName() == "PEPE/USDT on KuCoin"
    assert tile.accessibleDescription() == (
        "0.00001234, +12.10 %. Stale: the connection is silent, so this may be old. "
        "Last heard of 42 s ago."
    )


@pytest.mark.parametrize("board", [False, True])
def test_a_dead_price_looks_different_without_its_colours(qtbot: QtBot, board: bool) -> None:
    dead = tile_of(qtbot, PEPE_VIEW, board=board)
    live = tile_of(qtbot, replace(PEPE_VIEW, freshness=Freshness.LIVE), board=board)
    assert pixels(dead, DARK.warning) > 150, "a dashed frame and how old it is"
    assert pixels(dead, DARK.text) == 0
    assert pixels(live, DARK.warning) == 0
    assert pixels(live, DARK.text) > 20
    middle = dead.height() // 2
    strike = max(row_of(dead, y, DARK.dimmed) for y in range(middle - 15, middle + 25))
    assert strike > row_of_text(dead, PEPE_VIEW.price) * 0.9, "a line through the whole price"


def row_of(tile: PriceTile, y: int, colour: str) -> int:
    picture = tile.grab().toImage()
    if not 0 <= y < picture.height():
        return 0
    return sum(picture.pixelColor(x, y) == QColor(colour) for x in range(picture.width()))


def row_of_text(tile: PriceTile, text: str) -> int:
    return QFontMetrics(tile._shape.struck).horizontalAdvance(text)


def test_a_price_that_never_came_is_no_alarm(qtbot: QtBot) -> None:
    assert pixels(tile_of(qtbot, NEVER_VIEW), DARK.warning) == 0


def test_a_rise_flashes_in_steps_and_fades_away(qtbot: QtBot) -> None:
    tile = tile_of(qtbot, BTC_VIEW)
    plain = tile.grab().toImage()
    tile.show_view(priced(BTC_VIEW, "99,999.95"), NOW)
    shades, empty = set(), tile._price_rect().bottomRight() - QPoint(6, 6)
    for frame in range(31):
        tile.flush(NOW + FLASH_SECONDS * frame / 30)
        shades.add(tile.grab().toImage().pixelColor(empty).name())
    assert 3 <= len(shades) <= FLASH_STEPS + 1
    tile.show_view(BTC_VIEW, NOW + 1)
    tile.flush(NOW + 2)
    assert tile.grab().toImage() == plain


def test_nothing_flashes_where_motion_is_reduced(qtbot: QtBot) -> None:
    tile = tile_of(qtbot, BTC_VIEW)
    tile.still = True
    tile.show_view(priced(BTC_VIEW, "99,999.95"), NOW)
    tile.flush(NOW)
    moving = tile.grab().toImage()
    tile.flush(NOW + FLASH_SECONDS)
    assert tile.grab().toImage() == moving


@pytest.mark.parametrize("still", [False, True])
def test_an_alert_blinks_or_stands_still_and_ends(qtbot: QtBot, still: bool) -> None:
    tile = tile_of(qtbot, BTC_VIEW)
    tile.still = still
    tile.alert(NOW)
    seen = []
    for beat in range(4):
        tile.flush(NOW + (beat + 0.5) * ALERT_BLINK_SECONDS)
        seen.append(pixels(tile, DARK.accent) > 0)
    assert seen == ([True] * 4 if still else [True, False, True, False])
    tile.flush(NOW + ALERT_FLASH_SECONDS + 0.1)
    assert pixels(tile, DARK.accent) == 0


def test_a_theme_changes_the_ground(qtbot: QtBot) -> None:
    tile = tile_of(qtbot, BTC_VIEW)
    tile.set_theme(LIGHT)
    assert pixels(tile, LIGHT.panel) > pixels(tile, DARK.panel)


@given(st.floats(1e-8, 1e7), st.integers(0, 8))
def test_a_sample_is_as_long_as_a_price_with_one_figure_more(price: float, places: int) -> None:
    text = f"{price:,.{places}f}"
    assert len(sample(text, roomy=True)) == len(text) + 1
    assert len(sample(text, roomy=False)) == len(text)


def test_figures_have_one_width_so_that_nothing_moves(qapp: QApplication) -> None:
    metrics = TileShape(QFont(), 40, sparkline=False).price_metrics
    assert len({metrics.horizontalAdvance(f"{each}1,234.5{each}") for each in range(10)}) == 1


@given(st.lists(st.floats(0.001, 1e6), min_size=2, max_size=96))
def test_a_course_fills_its_box_from_side_to_side_and_never_leaves_it(prices: list[float]) -> None:
    box = QRectF(3, 5, 100, 30)
    points = course(prices, box)
    assert (points[0].x(), round(points[len(prices) - 1].x(), 6)) == (3, 103)
    assert all(4.999 <= point.y() <= 35.001 for point in points)


def test_large_type_comes_from_kept_pictures_and_looks_the_same(qtbot: QtBot) -> None:
    small, large = (tile_of(qtbot, BTC_VIEW, px=px, board=True) for px in (60, 90))
    assert not small._shape.figures._kept
    assert pixels(large, DARK.text) > pixels(small, DARK.text)
    assert len(large._shape.figures._kept) == len(set(BTC_VIEW.price))
    once = large.grab().toImage()
    assert large.grab().toImage() == once
