"""One screen frame: what changed is shown, and what is live is counted."""

import pytest
from pytestqt.qtbot import QtBot

from tickglass.market.freshness import Freshness
from tickglass.ui.status_parts import StateButton
from tickglass.ui.watchlist.columns import Column

from .desk import WindowDesk
from .helpers import BTC, ETH, series_of, text


@pytest.fixture
def desk(qtbot: QtBot) -> WindowDesk:
    return WindowDesk(qtbot, BTC, ETH)


def test_a_frame_shows_prices_chart_status_and_takes_the_notice_away(desk: WindowDesk) -> None:
    desk.feed.trade(100.0)
    desk.window.set_exchange_status("binance", 1, "live", "")
    series = series_of(0, 50)
    desk.window.show_chart(0, series, [])
    desk.window.flush(100.0)
    assert text(desk.window.lists.model, 0, Column.LAST) == "100.00"
    assert desk.window.charts.active.chart.tag_lines == ["100.00"]
    assert "● Binance: live" in [each.text() for each in desk.window.findChildren(StateButton)]


def test_how_many_can_be_trusted_is_counted_once_a_second(
    desk: WindowDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[dict[Freshness, int]] = []
    monkeypatch.setattr(desk.window.status, "set_counts", counted.append)
    desk.feed.trade(100.0)
    for second in (100.0, 100.5, 100.9, 101.0):
        desk.window.flush(second)
    assert len(counted) == 2
    assert sum(counted[0].values()) == 2
    assert counted[0][Freshness.NEVER] == 1
