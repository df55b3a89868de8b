"""How the tape looks, held by pictures that somebody has looked at.

Fixed trades and sizes; letters are bars, so that fonts do not matter.
"""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tickglass.market.events import Trade
from tickglass.market.instrument import Instrument
from tickglass.market.tape import Tape
from tickglass.ui.tape.tape_rows import Filter
from tickglass.ui.tape.tape_view import TapeView
from tickglass.ui.theme import DARK, LIGHT, Theme

from ..greeking import SHARE, apart, compare, greek, picture
from ..helpers import BTC, TITLES

PICTURES = Path(__file__).parent / "pictures"
HEIGHT = 360
OKX = Instrument("okx", "BTC", "USDT")
NOON = 1_700_654_400_000  # 2023-11-22 12:00 UTC
DEAR, CHEAP = (100_000.0, 0.1, 1.0), (0.00001234, 0.00000001, 1e6)  # price, tick, usual size
SCENES: dict[str, tuple[Theme, int, tuple[float, float, float], str]] = {
    "dear-dark": (DARK, 420, DEAR, "live"),
    "dear-light": (LIGHT, 420, DEAR, "live"),
    "cheap-dark": (DARK, 420, CHEAP, "live"),
    "cheap-light": (LIGHT, 420, CHEAP, "live"),
    "narrow-dark": (DARK, 240, DEAR, "live"),
    "narrow-light": (LIGHT, 240, CHEAP, "live"),
    "stale-dark": (DARK, 420, DEAR, "stale"),
    "stale-light": (LIGHT, 420, DEAR, "stale"),
    "empty-light": (LIGHT, 420, DEAR, "empty"),
    "scrolled-dark": (DARK, 420, DEAR, "scrolled"),
    "own-colours-light": (LIGHT, 420, DEAR, "own colours"),
}


@pytest.fixture(autouse=True)
def letters_are_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    greek(monkeypatch, "tape.row_painter", "tape.tape_picture", "tape.tape_surface")


def tape_of(price: float, tick: float, size: float) -> Tape:
    """Two exchanges, both sides, large ones, orders of two fills, and the past at its beginning."""
    tape = Tape()
    for number in range(120):
        on = OKX if number % 3 == 2 else BTC
        side = "buy" if number % 7 in (0, 2, 3) else "sell"
        large = {117: 900.0, 112: 40.0, 109: 9.0}.get(number, 0.5 + number % 4 / 4)
        at, paid = NOON + number * 137, price + tick * (number % 5)
        past = number < 106
        tape.add(Trade(on, at, "x", paid, size * large, side, past))
        if number % 8 == 6:
            tape.add(Trade(on, at, "x", paid, size * large, side, past))
    return tape


def shown(qtbot: QtBot, name: str) -> QImage:
    theme, width, market, state = SCENES[name]
    view = TapeView(theme, TITLES)
    qtbot.addWidget(view)
    view.resize(width, HEIGHT)
    view.move(600, 500)  # away from the mouse
    view.set_zone(ZoneInfo("UTC"))
    view.show_instruments([BTC, OKX], 1 if market is DEAR else 8)
    view.show()
    view.clearFocus()
    view.flush(1.0, Tape() if state == "empty" else tape_of(*market))
    view.set_trusted(state != "stale")
    if state == "scrolled":
        view.scroll_rows(4)
        view.select(2)
        view.select(4, extend=True)
    if state == "own colours":
        view.set_filter(Filter(1.0))
        view.set_large(1.0)
        view.flush(2.0, view._rows.tape)
    return picture(view)


@pytest.mark.parametrize("name", SCENES)
def test_the_tape_is_the_one_that_was_looked_at(qtbot: QtBot, name: str) -> None:
    compare(shown(qtbot, name), PICTURES / f"tape-{name}.png")


def test_a_row_drawn_one_pixel_lower_would_be_noticed(qtbot: QtBot) -> None:
    found = shown(qtbot, "dear-dark")
    height = found.height()
    upper = found.copy(0, 0, found.width(), height - 1)
    assert apart(upper, found.copy(0, 1, found.width(), height - 1)) > 2 * SHARE
