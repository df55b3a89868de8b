"""The window in a process: pictures, figures, and what it remembers."""

import json
from pathlib import Path

from tickglass.exchanges import EXCHANGES

from .process import QUIT_WITHIN, running, simulated, write_settings

PNG = b"\x89PNG\r\n"


def test_for_saves_a_picture_and_figures_of_a_live_window(tmp_path: Path) -> None:
    picture, stats = tmp_path / "out" / "window.png", tmp_path / "out" / "stats.json"
    options = ("--demo", "--for", "5", "--screenshot", str(picture), "--stats", str(stats))
    with running(tmp_path / "config", *options, QT_QPA_PLATFORM="offscreen") as window:
        assert window.process.wait(30) == 0
        assert window.complaints() == ""
    assert picture.read_bytes().startswith(PNG)
    figures = json.loads(stats.read_text())
    assert set(figures) >= {
        "version", "seconds", "cpu_seconds", "max_rss_mb", "startup_ms", "events", "bad_frames",
        "reconnects", "resyncs", "dropped", "screen", "delay_ms", "alerts",
    }  # fmt: skip
    assert 5 <= figures["seconds"] < 5 + 2 * QUIT_WITHIN
    feeds = {name: figures["events"][name] for name in EXCHANGES}
    assert figures["events"]["total"] == sum(sum(each.values()) for each in feeds.values())
    assert all({"ticker", "trade"} <= set(each) for each in feeds.values())
    assert {"ticker", "trade", "quote", "candle"} <= set(figures["events"]["binance"])
    assert figures["screen"]["frames"] > 30
    assert figures["startup_ms"]["window_painted"] > 0
    assert figures["startup_ms"]["first_price"] > figures["startup_ms"]["window_painted"] * 0.5
    assert figures["bad_frames"] == figures["reconnects"] == figures["dropped"] == 0


def test_a_settings_file_that_cannot_be_read_is_set_aside_and_the_window_opens(
    tmp_path: Path,
) -> None:
    config = tmp_path / "config"
    with simulated() as address:
        write_settings(config, address)
        (config / "settings.toml").write_text("this is = = not toml")
        with running(config, "--for", "2", QT_QPA_PLATFORM="offscreen") as window:
            assert window.process.wait(30) == 0
            assert "Traceback" not in window.complaints()
    aside = list(config.glob("settings.unreadable-*.toml"))
    assert [file.read_text() for file in aside] == ["this is = = not toml"]


def test_the_watchlist_comes_back_after_a_restart(tmp_path: Path) -> None:
    config = tmp_path / "config"
    with simulated() as address:
        write_settings(
            config, address, "[[watchlists]]\nname = 'Mine'\ninstruments = ['binance:ETH/BTC']\n"
        )
        for _ in range(2):
            with running(config, "--for", "3", QT_QPA_PLATFORM="offscreen") as window:
                assert window.process.wait(30) == 0
                assert window.complaints() == ""
    text = (config / "settings.toml").read_text()
    assert "'binance:ETH/BTC'" in text
    assert json.loads((config / "window.json").read_text())
