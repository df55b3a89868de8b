"""The frame clock and what it measures, with times that are chosen."""

import math
import time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.ui import frame_clock
from tickglass.ui.frame_clock import FrameClock, Histogram, ScreenFigures, rounded

from .helpers import Heard

# ---------------------------------------------------------------- histogram


def test_no_times_have_no_percentile() -> None:
    assert Histogram().percentile(50) is None
    assert rounded(None) is None
    assert rounded(1.23456) == 1.23


def test_percentiles_of_one_to_a_hundred_are_within_two_per_cent() -> None:
    histogram = Histogram()
    for ms in range(100, 0, -1):
        histogram.add(float(ms))
    assert histogram.count == 100
    assert histogram.most == 100.0
    assert 50.0 <= (histogram.percentile(50) or 0) <= 51.0
    assert 99.0 <= (histogram.percentile(99) or 0) <= 100.0
    assert histogram.percentile(100) == 100.0


@given(st.lists(st.floats(0.01, 1e5), min_size=1), st.sampled_from([50, 75, 100]))
def test_a_percentile_is_never_low_and_at_most_two_per_cent_high(
    times: list[float], percent: int
) -> None:
    histogram = Histogram()
    for ms in times:
        histogram.add(ms)
    exact = sorted(times)[math.ceil(len(times) * percent / 100) - 1]
    found = histogram.percentile(percent)
    assert found is not None
    assert exact * 0.999999 <= found <= exact * 1.020001


def test_times_too_short_to_tell_are_counted() -> None:
    histogram = Histogram()
    histogram.add(0.0)
    histogram.add(0.0)
    assert (histogram.count, histogram.percentile(99)) == (2, 0.0)


# ---------------------------------------------------------------- figures


def frame(figures: ScreenFigures, at: float, paint: float | None) -> None:
    """A tick at one time, and a paint at another if there was one."""
    figures.tick(at)
    figures.flushed(0.001, 0.0005)
    if paint is not None:
        figures.painted(paint, 0.002, 0.001)


def test_gaps_count_between_the_paints_of_consecutive_ticks() -> None:
    figures = ScreenFigures()
    frame(figures, 1.000, 1.010)
    frame(figures, 1.033, 1.040)
    frame(figures, 1.066, 1.090)
    figures.tick(1.100)
    assert figures.screen()["gap_ms_max"] == 50.0
    assert figures.frames == 3


def test_an_idle_market_makes_no_gap() -> None:
    figures = ScreenFigures()
    frame(figures, 1.000, 1.010)
    frame(figures, 1.033, 1.040)
    frame(figures, 1.066, None)
    frame(figures, 1.100, 1.140)
    frame(figures, 1.133, None)
    figures.tick(1.166)
    assert figures.screen()["gap_ms_max"] == 30.0
    assert figures.frames == 3


def test_a_hidden_window_makes_no_gap_and_costs_no_frames_per_second() -> None:
    figures = ScreenFigures()
    frame(figures, 1.0, 1.0)
    frame(figures, 1.1, 1.1)
    figures.pause()
    frame(figures, 60.0, 60.0)
    frame(figures, 60.1, 60.1)
    figures.tick(60.2)
    screen = figures.screen()
    assert screen["gap_ms_max"] == pytest.approx(100.0)
    # The frame that was under way when the window went was not finished: 1 and 2 are.
    assert screen["frames"] == 3
    assert screen["fps"] == pytest.approx(3 / 0.3, abs=0.1)


def test_a_frame_takes_its_flushes_and_its_paints() -> None:
    figures = ScreenFigures()
    figures.tick(1.0)
    figures.flushed(0.003, 0.002)
    figures.painted(1.01, 0.004, 0.003)
    figures.painted(1.02, 0.005, 0.004)
    figures.tick(1.1)
    screen = figures.screen()
    assert screen["frame_ms_p50"] == screen["frame_ms_p99"] == 12.0
    assert screen["cpu_seconds"] == 0.009
    assert figures.frames == 1


def test_the_delay_runs_from_arrival_to_the_next_paint() -> None:
    figures = ScreenFigures()
    figures.arrived([1.000, 1.020])
    assert figures.delay() == {"p50": None, "p99": None}
    figures.painted(1.040, 0.0, 0.0)
    assert (figures.delay()["p50"] or 0) == pytest.approx(20.0, rel=0.02)
    assert figures.delay()["p99"] == 40.0
    figures.painted(2.0, 0.0, 0.0)
    assert figures.delay()["p99"] == 40.0, "what was painted is not painted again"


def test_what_arrived_before_nobody_looked_is_no_delay() -> None:
    figures = ScreenFigures()
    figures.arrived([1.0])
    figures.pause()
    figures.painted(60.0, 0.0, 0.0)
    assert figures.delay()["p99"] is None
    assert figures.first_price is None


def test_the_first_paint_and_the_first_price_are_remembered() -> None:
    figures = ScreenFigures()
    figures.painted(1.0, 0.0, 0.0)
    figures.arrived([1.4])
    figures.painted(1.5, 0.0, 0.0)
    figures.arrived([1.9])
    figures.painted(2.0, 0.0, 0.0)
    assert (figures.first_paint, figures.first_price) == (1.0, 1.5)


def test_figures_of_nothing_are_nothing() -> None:
    assert ScreenFigures().screen() == {
        "frames": 0, "fps": 0.0, "frame_ms_p50": None, "frame_ms_p99": None, "gap_ms_max": 0.0,
        "cpu_seconds": 0.0,
    }  # fmt: skip


# ---------------------------------------------------------------- the clock


@pytest.mark.usefixtures("qapp")
def test_every_flush_of_a_tick_is_given_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = SimpleNamespace(monotonic=lambda: 123.0, thread_time=time.thread_time)
    monkeypatch.setattr(frame_clock, "time", now)
    clock, heard = FrameClock(ScreenFigures()), Heard()
    clock.add(heard)
    clock.add(heard, when_hidden=True)
    clock.set_visible(True)
    clock.tick()
    assert heard.all == [(123.0,), (123.0,)]


@pytest.mark.usefixtures("qapp")
def test_a_hidden_window_flushes_seldom_and_only_what_asked_for_it() -> None:
    clock, seen, always = FrameClock(ScreenFigures()), Heard(), Heard()
    clock.add(seen)
    clock.add(always, when_hidden=True)
    clock.tick()
    assert (len(seen.all), len(always.all), clock.interval_ms) == (0, 1, 1_000)
    clock.set_visible(True)
    assert clock.interval_ms == 33
    clock.tick()
    assert (len(seen.all), len(always.all)) == (1, 2)
    clock.set_visible(False)
    clock.tick()
    assert (len(seen.all), len(always.all), clock.interval_ms) == (1, 3, 1_000)


@pytest.mark.usefixtures("qapp")
def test_only_ticks_of_a_visible_window_are_measured() -> None:
    figures = ScreenFigures()
    clock = FrameClock(figures)
    clock.add(lambda now: figures.painted(now, 0.0, 0.0))
    for visible in (False, True, True):
        clock.set_visible(visible)
        clock.tick()
    assert figures.frames == 1, "the second visible tick completes the first"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, qapp: object) -> FrameClock:
    """A visible one at second 100; ``frame_clock.time`` is set by hand."""
    now = SimpleNamespace(monotonic=lambda: 100.0, thread_time=lambda: 0.0)
    monkeypatch.setattr(frame_clock, "time", now)
    clock = FrameClock(ScreenFigures())
    clock.set_visible(True)
    return clock


def test_where_hardly_anything_is_painted_ticks_come_less_often(clock: FrameClock) -> None:
    clock.painted(99.0)  # a countdown
    clock.painted(99.7)  # a caret
    clock.painted(100.0)
    clock.tick()
    assert clock.interval_ms == 333


def test_while_much_is_painted_ticks_come_soon(clock: FrameClock) -> None:
    for at in (99.7, 99.9, 100.0):
        clock.painted(at)
    clock.tick()
    assert clock.interval_ms == 33


def test_what_the_person_moves_is_followed_at_once(clock: FrameClock) -> None:
    clock.tick()
    assert clock.interval_ms == 333
    clock.painted(100.02)
    clock.painted(100.04)
    assert clock.interval_ms == 333
    clock.painted(100.06)
    assert clock.interval_ms == 33


def test_what_comes_in_a_calm_is_shown_a_frame_later_and_the_calm_goes_on(
    clock: FrameClock,
) -> None:
    clock.tick()
    clock.wake()
    assert clock.interval_ms == 33
    clock.painted(100.04)
    clock.tick()
    assert clock.interval_ms == 333


def test_nothing_that_comes_wakes_a_hidden_window(clock: FrameClock) -> None:
    clock.set_visible(False)
    clock.wake()
    assert clock.interval_ms == 1_000
