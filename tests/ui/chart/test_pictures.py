"""What is drawn, held by pictures that somebody has looked at.

Fixed candles, fixed sizes; words and axes are left out, so that fonts do not matter. A picture that
is missing is made anew and fails once: look at it, then keep it.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tickglass.market.candles import CandleSeries
from tickglass.market.events import Candle
from tickglass.market.freshness import Freshness
from tickglass.market.indicators import Indicator
from tickglass.market.marks import Drawing, Marks, Point
from tickglass.ui.chart.bars import BAR_STYLES
from tickglass.ui.chart.chart_view import ChartView
from tickglass.ui.chart.look import Look
from tickglass.ui.theme import DARK, LIGHT, Theme

from ..helpers import BTC

PICTURES = Path(__file__).parent / "pictures"
SIZE = (640, 400)
AXIS = (120.0, 30.0)  # px, wider and higher than any font makes them
WORDS = 44  # px at the top of the price pane
DIFFERENT = 40  # of 255 in any colour
SHARE = 0.004  # of the pixels may differ: smoothed lines are drawn a little otherwise elsewhere
START = 1_795_348_800_000
MINUTE = 60_000


def candles(count: int) -> CandleSeries:
    """Waves, so that every shape occurs; nothing random."""
    series = CandleSeries(BTC, "1m")
    places = np.arange(count + 1)
    price = 100 + 8 * np.sin(places / 9) + 3 * np.sin(places / 2.3) + places * 0.03
    series.merge([
        Candle(
            BTC, "1m", START + n * MINUTE, price[n], max(price[n], price[n + 1]) + 0.6,
            min(price[n], price[n + 1]) - 0.4, price[n + 1], 5.0 + n % 7, n < count - 1,
        )
        for n in range(count)
    ])  # fmt: skip
    series.complete = True
    return series


SCENES: dict[str, tuple[Theme, Look, int]] = {
    **{f"{style}-dark": (DARK, Look(style=style), 90) for style in BAR_STYLES},
    "candles-light": (LIGHT, Look(), 90),
    "hollow-light": (LIGHT, Look(style="hollow"), 90),
    "log-light": (LIGHT, Look(scale="log", volume=False), 90),
    "dense-dark": (DARK, Look(indicators=(Indicator.make("bollinger"),)), 5_000),
    "panes-dark": (
        DARK,
        Look(
            indicators=(
                Indicator.make("bollinger"), Indicator.make("ichimoku"),
                Indicator.make("macd"), Indicator.make("rsi"),
            )
        ),
        90,
    ),
    "supertrend-light": (LIGHT, Look(indicators=(Indicator.make("supertrend"),)), 90),
    "marks-dark": (DARK, Look(volume=False), 90),
}  # fmt: skip


def drawn(qtbot: QtBot, name: str) -> QImage:
    theme, look, count = SCENES[name]
    view = ChartView(theme)
    qtbot.addWidget(view)
    view.resize(*SIZE)
    view.show()
    view.set_look(replace(look, zone="UTC"))
    view.scene.axis_width, view.scene.axis_height = AXIS
    view.scene.read_outs = lambda pane, index: []  # type: ignore[method-assign]
    view.show_series(candles(count), 2)
    view.scene.axis_width, view.scene.axis_height = AXIS
    view.scene.layout(QRectF(view.rect()))
    if name.startswith("marks"):
        view.set_marks(Marks(marks(count)))
    view.flush(None, Freshness.LIVE)
    times = view.scene.times
    times.left, times.right = START + (count - 90) * MINUTE, START + (count + 4) * MINUTE
    if count > 1_000:
        times.left = START
    times.left += MINUTE / 2  # right of where the history begins, which is said in words
    view._on_view()
    ratio = view.devicePixelRatioF()
    area = view.scene.area
    return (
        view.grab()
        .toImage()
        .copy(0, WORDS, int(area.width() * ratio), int(area.height() * ratio) - WORDS)
        .convertToFormat(QImage.Format.Format_RGB32)
    )


def marks(count: int) -> list[Drawing]:
    def at(bar: int, price: float) -> Point:
        return Point(START + (count - 90 + bar) * MINUTE, price)

    return [
        Drawing("vertical", (at(10, 100),)),
        Drawing("trend", (at(15, 95), at(40, 108))),
        Drawing("rectangle", (at(45, 97), at(60, 104))),
    ]


def pixels(image: QImage) -> np.ndarray:
    memory = np.frombuffer(image.constBits(), dtype=np.uint8)
    return memory.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width(), :3]


@pytest.mark.parametrize("name", SCENES)
def test_the_picture_is_the_one_that_was_looked_at(qtbot: QtBot, name: str) -> None:
    found = drawn(qtbot, name)
    path = PICTURES / f"{name}.png"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        found.save(str(path))
        pytest.fail(f"{path.name} was made anew: look at it")
    wanted = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    assert (found.width(), found.height()) == (wanted.width(), wanted.height())
    apart = np.abs(pixels(found).astype(int) - pixels(wanted).astype(int)).max(axis=2)
    share = float((apart > DIFFERENT).mean())
    assert share <= SHARE, f"{share:.2%} of the pixels differ"


def test_a_candle_drawn_one_pixel_aside_would_be_noticed(qtbot: QtBot) -> None:
    found = pixels(drawn(qtbot, "candles-dark")).astype(int)
    apart = np.abs(found[:, 1:] - found[:, :-1]).max(axis=2)
    assert float((apart > DIFFERENT).mean()) > 2 * SHARE
