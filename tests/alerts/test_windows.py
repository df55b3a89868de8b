"""Rolling windows, against all that was put in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.alerts.windows import PRICE_SLOTS, VOLUME_SLOTS, RollingExtremes, RollingVolume

WINDOW = 20_000  # ms: slots of 100 ms for prices, of 2 s for volumes

points = st.lists(
    st.tuples(st.integers(0, 5_000), st.integers(1, 50).map(float)), min_size=1, max_size=60
).map(lambda moves: [(sum(m[0] for m in moves[: n + 1]), moves[n][1]) for n in range(len(moves))])


@given(points)
def test_the_extremes_are_those_of_the_slots_in_the_window(path: list[tuple[int, float]]) -> None:
    extremes = RollingExtremes(WINDOW)
    for place, (time, price) in enumerate(path):
        extremes.add(time, price)
        first = time // extremes.slot - PRICE_SLOTS
        inside = [p for t, p in path[: place + 1] if t // extremes.slot >= first]
        assert (extremes.low, extremes.high) == (min(inside), max(inside))
        assert all(p in inside for t, p in path[: place + 1] if t > time - WINDOW)


@given(points, points)
def test_what_is_put_before_counts_as_if_it_had_been_there(
    before: list[tuple[int, float]], after: list[tuple[int, float]]
) -> None:
    shifted = [(time + 300_000, price) for time, price in after]
    late, early = RollingExtremes(WINDOW), RollingExtremes(WINDOW)
    for time, price in shifted:
        late.add(time, price)
    late.put_before(before)
    for time, price in (*before, *shifted):
        early.add(time, price)
    assert (late.low, late.high) == (early.low, early.high)


def test_extremes_stay_small_however_many_prices_come() -> None:
    extremes = RollingExtremes(WINDOW)
    for number in range(100_000):
        extremes.add(number, float(number))
    assert len(extremes._lows) <= PRICE_SLOTS + 1
    assert len(extremes._highs) == 1


@given(points)
def test_volumes_are_those_of_the_slots(path: list[tuple[int, float]]) -> None:
    windows = 3
    volumes = RollingVolume(WINDOW, windows)
    for place, (time, size) in enumerate(path):
        volumes.add(time, size)
        newest = time // volumes.slot
        told = [(t // volumes.slot, s) for t, s in path[: place + 1]]
        last = sum(s for slot, s in told if slot > newest - VOLUME_SLOTS)
        everything = sum(s for slot, s in told if slot > newest - VOLUME_SLOTS * (windows + 1))
        assert volumes.recent == pytest.approx(last)
        whole = newest - (path[0][0] // volumes.slot + 1) >= VOLUME_SLOTS * (windows + 1) - 1
        assert volumes.ready is whole
        before = (everything - last) / windows
        if whole and before > 0:
            assert volumes.ratio == pytest.approx(last / before)
        else:
            assert volumes.ratio is None


def test_candles_from_before_make_it_ready_at_once() -> None:
    volumes = RollingVolume(60_000, 5)
    volumes.add(600_500, 10.0)
    assert volumes.ratio is None
    volumes.seed((start, start + 60_000, 6.0) for start in range(0, 600_000, 60_000))
    # The last window: the trade, and nine of the ten tenths of the last candle.
    assert volumes.recent == pytest.approx(10.0 + 5.4)
    assert volumes.ratio == pytest.approx(15.4 / 6.0)


def test_a_trade_of_long_ago_is_not_counted() -> None:
    volumes = RollingVolume(10_000, 2)
    volumes.add(50_000, 1.0)
    volumes.add(20_000, 5.0)
    assert volumes.recent == 1.0


def test_after_forgetting_nothing_is_known() -> None:
    volumes = RollingVolume(10_000, 1)
    for time in range(0, 60_000, 500):
        volumes.add(time, 1.0)
    assert volumes.ready
    volumes.forget()
    assert (volumes.ready, volumes.recent, volumes.ratio) == (False, 0.0, None)
