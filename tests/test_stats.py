"""The figures of ``--stats``."""

import time

import pytest

from tickglass import __version__
from tickglass.feed.figures import ExchangeFigures
from tickglass.market.events import Quote, Trade
from tickglass.stats import figures, max_rss_mb, process_age, rss_mb


def test_figures_add_up_over_exchanges() -> None:
    one, two = ExchangeFigures(), ExchangeFigures()
    one.past.events.update({Trade: 3, Quote: 2})
    two.past.events.update({Trade: 5})
    two.begin(1).counts.bad_frames = 2
    one.past.bad_frames, two.past.resyncs = 1, 4
    found = figures(
        seconds=1.23456,
        window_painted=100.0,
        first_price=None,
        feeds={"binance": one, "okx": two},
        screen={"frames": 30},
        delay={"p50": 10.0, "p99": 20.0},
        fired=7,
    )
    assert found["version"] == __version__
    assert found["seconds"] == 1.235
    assert found["events"] == {
        "total": 10,
        "binance": {"trade": 3, "quote": 2},
        "okx": {"trade": 5},
    }
    assert (found["bad_frames"], found["resyncs"], found["reconnects"]) == (3, 4, 0)
    assert found["startup_ms"] == {"window_painted": 100.0, "first_price": None}
    assert found["alerts"] == {"fired": 7}


def test_the_age_of_the_process_grows_with_the_clock() -> None:
    age, began = process_age(), time.monotonic()
    while time.monotonic() - began < 0.05:
        pass
    assert 0.03 < process_age() - age < 5
    assert age > 0


def test_memory_is_more_than_an_interpreter_and_less_than_a_machine() -> None:
    most = max_rss_mb()
    assert most is None or 10 < most < 20_000


def test_the_memory_of_now_grows_with_what_is_held() -> None:
    before = rss_mb()
    if before is None:
        pytest.skip("this system does not tell")
    held = bytearray(b"x") * (64 * 1_048_576)
    assert (rss_mb() or 0.0) - before > 32, f"{len(held)} bytes are held"
