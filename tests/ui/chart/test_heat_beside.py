"""Heat beside a chart with a scale of logarithms: sizes stay at their prices, and none is lost."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from tickglass.market.heat import HeatRecord
from tickglass.market.ladder import Grid, Levels
from tickglass.ui.chart.heat_beside import ScaledHeatStrip, log_picture
from tickglass.ui.theme import DARK

STEP = 0.5


def record_of(bids: dict[float, float], asks: dict[float, float]) -> HeatRecord:
    made = HeatRecord(Grid(Decimal("0.01"), STEP))
    sides = [Levels(np.array(list(side)), np.array(list(side.values()))) for side in (bids, asks)]
    made.sample(1_000, *sides)
    return made


def test_a_size_lies_at_the_pixel_of_its_price() -> None:
    record = record_of({100.0: 7.0}, {101.0: 3.0})
    low, high, height = math.log(50.0), math.log(200.0), 400
    heat = log_picture(record, 1_000, 1_500, 1, low, high, height)
    bright = [row for row in range(height) if np.nan_to_num(heat.sizes[row, 0]) > 0]
    rows = [
        (high - math.log(price)) / (high - low) * height for price in (100.0, 100.5, 101.0, 101.5)
    ]
    assert min(bright) == pytest.approx(rows[3], abs=1.5)
    assert max(bright) == pytest.approx(rows[0], abs=1.5)
    assert heat.mids[0] == pytest.approx(math.log(100.5))


@given(
    sizes=st.lists(st.floats(0.1, 50.0), min_size=2, max_size=20),
    ratio=st.floats(1.05, 20.0),
    height=st.integers(20, 300),
)
def test_no_size_is_lost_or_counted_twice(sizes: list[float], ratio: float, height: int) -> None:
    bids = {100.0 - n * STEP: size for n, size in enumerate(sizes)}
    record = record_of(bids, {100.5: 1.0})
    low, high = math.log(85.0), math.log(85.0 * max(ratio, 1.25))
    heat = log_picture(record, 1_000, 1_500, 1, low, high, height)
    assert float(np.nansum(heat.sizes)) == pytest.approx(sum(sizes) + 1.0, rel=0.02)


def test_outside_of_what_is_recorded_nothing_is_known() -> None:
    record = record_of({100.0: 7.0}, {101.0: 3.0})  # 512 steps of 0.5 around 100.5
    heat = log_picture(record, 1_000, 1_500, 1, math.log(300.0), math.log(600.0), 50)
    assert np.isnan(heat.sizes).all()
    before = log_picture(record, 0, 500, 1, math.log(90.0), math.log(110.0), 50)
    assert np.isnan(before.sizes).all()


def test_the_pointer_reads_out_the_price_of_the_scale(qtbot: QtBot) -> None:
    strip = ScaledHeatStrip(DARK)
    qtbot.addWidget(strip)
    strip.resize(100, 400)
    strip.show()
    strip.set_logs(True)
    strip.set_record(record_of({100.0: 7.0}, {101.0: 3.0}), "BTC", 2)
    strip.set_prices(math.log(50.0), math.log(200.0))
    strip.flush(2.0)
    assert strip.read_out(99, 199).startswith("100.00 · "), "100 is the middle from 50 to 200"
    assert strip.read_out(99, 0).startswith("199.50 · ")
    strip.set_logs(False)
    strip.set_prices(50.0, 200.0)
    assert strip.read_out(99, 199).startswith("125.00 · ")


@pytest.mark.parametrize("logs", [False, True])
def test_the_strip_is_painted(qtbot: QtBot, logs: bool) -> None:
    strip = ScaledHeatStrip(DARK)
    qtbot.addWidget(strip)
    strip.resize(100, 200)
    strip.show()
    strip.set_logs(logs)
    strip.set_record(record_of({100.0: 7.0}, {101.0: 3.0}), "BTC", 2)
    strip.set_prices(*((math.log(99.0), math.log(103.0)) if logs else (99.0, 103.0)))
    strip.flush(2.0)
    image = strip.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(90, 100) for y in range(200)}
    assert len(seen) > 2
