"""How ladder, depth and heat look, held by pictures that somebody has looked at.

Fixed books and sizes; letters are bars, so that fonts do not matter.
"""

import math
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tickglass.market.heat import HeatRecord
from tickglass.market.ladder import Grid, Ladder, levels
from tickglass.ui.book.depth_view import DepthView
from tickglass.ui.book.heat_strip import HeatStrip
from tickglass.ui.book.ladder_view import LadderView
from tickglass.ui.theme import DARK, LIGHT, Theme

from ..greeking import SHARE, apart, compare, greek, picture
from .helpers import Rows

PICTURES = Path(__file__).parent / "pictures"
SIZE = (300, 360)
LEVELS = 40
DEAR, CHEAP = ("100000", "0.1"), ("0.00001234", "0.00000001")
Market = tuple[str, str]
# Of each picture: the theme, the prices, and in which state the book is.
SCENES: dict[str, tuple[Theme, Market, str]] = {
    "dear-dark": (DARK, DEAR, "live"),
    "dear-light": (LIGHT, DEAR, "live"),
    "cheap-dark": (DARK, CHEAP, "live"),
    "cheap-light": (LIGHT, CHEAP, "live"),
    "stale-dark": (DARK, DEAR, "stale"),
    "stale-light": (LIGHT, DEAR, "stale"),
    "empty-dark": (DARK, DEAR, "empty"),
    "one-side-light": (LIGHT, DEAR, "one side"),
}


@pytest.fixture(autouse=True)
def letters_are_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    modules = ("ladder_painter", "ladder_view", "depth_view", "heat_strip")
    greek(monkeypatch, *(f"book.{each}" for each in modules))


def rows(market: Market, sign: int, shift: int = 0) -> Rows:
    """Sizes in waves, so that bars of every length occur; nothing random."""
    middle, tick = Decimal(market[0]), Decimal(market[1])
    return [
        (float(middle + tick * (sign * (place + 1) + shift)), 1 + place % 7 + 3 * (place % 5 == 2))
        for place in range(LEVELS)
        if place % 6 != 4
    ]


def book(market: Market, state: str, sources: int = 1) -> Ladder | None:
    if state == "empty":
        return None
    grid = Grid(Decimal(market[1]), float(market[1]))
    bids = [levels(rows(market, -1)) for _ in range(sources)]
    asks = [levels([] if state == "one side" else rows(market, 1)) for _ in range(sources)]
    return Ladder(grid, bids, asks)


def shown_ladder(qtbot: QtBot, name: str) -> QImage:
    theme, market, state = SCENES[name]
    view = LadderView(theme)
    qtbot.addWidget(view)
    view.resize(*SIZE)
    view.set_market(("BTC", "USDT"), None)
    view.show()
    view.show_ladder(book(market, state), float(market[0]), dimmed=state == "stale")
    return picture(view)


def shown_depth(qtbot: QtBot, name: str) -> QImage:
    theme, market, state = SCENES[name]
    view = DepthView(theme)
    qtbot.addWidget(view)
    view.resize(*SIZE)
    view.set_market(("BTC", "USDT"))
    view.rows = 30
    view.show()
    view.show_ladder(book(market, state), dimmed=state == "stale")
    return picture(view)


def record(market: Market, state: str) -> HeatRecord:
    """A minute in which the book sways, with five seconds of which nothing is known."""
    tick = float(market[1])
    made = HeatRecord(Grid(Decimal(market[1]), tick))
    for number in range(0 if state == "empty" else 240):
        now_ms, shift = number * 250, round(4 * math.sin(number / 30))
        if 120 <= number < 140:
            made.interrupt(now_ms)
        else:
            sides = (levels(rows(market, sign, shift)) for sign in (-1, 1))
            made.sample(now_ms, *sides)
    return made


def shown_heat(qtbot: QtBot, name: str) -> QImage:
    theme, market, state = SCENES[name]
    view = HeatStrip(theme, labelled=True)
    qtbot.addWidget(view)
    view.resize(*SIZE)
    view.show()
    view.set_record(record(market, state), "BTC", None)
    middle, reach = float(market[0]), 30 * float(market[1])
    view.set_prices(middle - reach, middle + reach)
    view.set_dimmed(state == "stale")
    view.flush(60.0)
    return picture(view)


@pytest.mark.parametrize("name", SCENES)
def test_the_ladder_is_the_one_that_was_looked_at(qtbot: QtBot, name: str) -> None:
    compare(shown_ladder(qtbot, name), PICTURES / f"ladder-{name}.png")


@pytest.mark.parametrize("name", SCENES)
def test_the_depth_is_the_one_that_was_looked_at(qtbot: QtBot, name: str) -> None:
    compare(shown_depth(qtbot, name), PICTURES / f"depth-{name}.png")


@pytest.mark.parametrize("name", [each for each in SCENES if not each.startswith("one-side")])
def test_the_heat_is_the_one_that_was_looked_at(qtbot: QtBot, name: str) -> None:
    compare(shown_heat(qtbot, name), PICTURES / f"heat-{name}.png")


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("width", [300, 520])
def test_who_holds_each_level_is_marked_at_the_edge(qtbot: QtBot, theme: Theme, width: int) -> None:
    view = LadderView(theme)
    qtbot.addWidget(view)
    view.resize(width, SIZE[1])
    view.set_market(("BTC", "USDT"), None)
    view.set_names(["Binance", "Bybit", "OKX"])
    view.show()
    view.show_ladder(book(DEAR, "live", 3), None)
    compare(picture(view), PICTURES / f"ladder-merged-{width}-{theme.name}.png")


def test_a_row_drawn_one_pixel_lower_would_be_noticed(qtbot: QtBot) -> None:
    found = shown_ladder(qtbot, "dear-dark")
    height = found.height()
    upper = found.copy(0, 0, found.width(), height - 1)
    assert apart(upper, found.copy(0, 1, found.width(), height - 1)) > 2 * SHARE
