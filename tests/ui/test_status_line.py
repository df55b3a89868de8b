"""The line of the exchanges' states, of freshness and of the time."""

import itertools
from datetime import UTC, timedelta, timezone

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tickglass.market.freshness import Freshness
from tickglass.ui.feed_values import BADNESS, MARKS
from tickglass.ui.status_line import StatusLine
from tickglass.ui.status_parts import StateButton

from .helpers import TITLES, Heard

NOON = 1_700_654_400.0  # 2023-11-22 12:00:00 UTC
ALL = {"binance": "Binance", "bybit": "Bybit", "okx": "OKX", "coinbase": "Coinbase",
       "kucoin": "KuCoin"}  # fmt: skip
REFUSED = "OKX refuses connections from this region (451): using its market-data host."


class Wall:
    """The time of day, moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


def line_of(
    qtbot: QtBot, titles: dict[str, str] | None = None, wall: Wall | None = None
) -> StatusLine:
    line = StatusLine(titles or TITLES, wall or Wall())
    qtbot.addWidget(line)
    line.set_zone(UTC, "UTC")
    line.resize(1_240, 24)
    return line


def buttons(line: StatusLine) -> list[StateButton]:
    """From left to right."""
    return sorted(line.findChildren(StateButton), key=lambda each: each.x())


def texts(line: StatusLine) -> list[str]:
    return [each.text() for each in line.findChildren(StateButton)]


def test_a_state_is_shown_at_the_frame_and_not_before(qtbot: QtBot) -> None:
    line = line_of(qtbot)
    line.set("binance", 1, "connecting", "")
    assert texts(line) == []
    line.flush(100.0)
    assert texts(line) == ["◌ Binance: connecting"]
    line.set("binance", 1, "live", "")
    assert texts(line) == ["◌ Binance: connecting"]
    line.flush(100.1)
    assert texts(line) == ["● Binance: live"]


def test_the_reason_is_told_beside_the_states_and_on_hover_with_its_time(qtbot: QtBot) -> None:
    wall = Wall()
    line = line_of(qtbot, wall=wall)
    line.set("binance", 1, "live", "")
    line.flush(100.0)
    wall.now += 62
    line.set("binance", 1, "reconnecting", "Binance: trying again in 5 s.")
    line.flush(162.0)
    wall.now += 5
    line.set("binance", 1, "reconnecting", "Binance: trying again in 9 s.")
    line.flush(167.0)
    (button,) = buttons(line)
    assert line.reason.text() == "Binance: trying again in 9 s."
    hint = "Binance: reconnecting since 12:01:02. Binance: trying again in 9 s."
    assert button.accessibleDescription() == hint
    assert hint in button.toolTip()
    line.set("binance", 1, "live", "")
    line.flush(168.0)
    assert line.reason.text() == ""
    assert button.accessibleDescription() == "Binance: live since 12:01:07."


def test_what_is_to_be_known_of_a_live_exchange_stays_said(qtbot: QtBot) -> None:
    line = line_of(qtbot, ALL)
    line.set("okx", 1, "live", "")
    line.set_note("okx", REFUSED)
    line.flush(100.0)
    assert (texts(line), line.reason.text()) == (["● OKX: live"], REFUSED)
    line.set("okx", 1, "stale", "Nothing for 16 s.")
    line.flush(101.0)
    assert line.reason.text() == "Nothing for 16 s.", "what is worse is said first"
    line.set("okx", 1, "live", "")
    line.set_note("okx", "")
    line.flush(102.0)
    assert line.reason.text() == ""


@pytest.mark.parametrize(("better", "worse"), list(itertools.pairwise(BADNESS[1:])))
@pytest.mark.parametrize("worse_first", [True, False])
def test_the_worst_connection_is_shown(
    qtbot: QtBot, better: str, worse: str, worse_first: bool
) -> None:
    line = line_of(qtbot)
    states = [(1, better, ""), (2, worse, "Oh no.")]
    for connection, state, detail in reversed(states) if worse_first else states:
        line.set("binance", connection, state, detail)
    line.flush(100.0)
    assert texts(line) == [f"{MARKS[worse]} Binance: {worse}"]
    assert line.reason.text() == "Oh no."


def test_a_connection_that_is_closed_no_longer_counts(qtbot: QtBot) -> None:
    line = line_of(qtbot)
    line.set("binance", 1, "live", "")
    line.set("binance", 2, "failed", "Oh no.")
    line.set("binance", 2, "closed", "")
    line.flush(100.0)
    assert texts(line) == ["● Binance: live"]
    line.set("binance", 1, "closed", "")
    line.flush(100.1)
    assert texts(line) == ["○ Binance: closed"]


def test_exchanges_stand_in_their_order_whoever_connects_first(qtbot: QtBot) -> None:
    line = line_of(qtbot, ALL)
    line.show()
    for moment, name in enumerate(("kucoin", "binance", "okx")):
        line.set(name, 1, "live", "")
        line.flush(100.0 + moment)
    QApplication.processEvents()
    shown = [each.accessibleName() for each in buttons(line)]
    assert shown == ["State of Binance", "State of OKX", "State of KuCoin"]


def test_what_an_exchange_says_is_never_markup(qtbot: QtBot) -> None:
    line = line_of(qtbot)
    line.set("binance", 1, "refused", "<img src='http://evil'> &\n<b>no</b>")
    line.flush(100.0)
    (button,) = buttons(line)
    assert line.reason.textFormat() is Qt.TextFormat.PlainText
    for hint in (button.toolTip(), line.reason.toolTip()):
        assert "&lt;b&gt;no&lt;/b&gt;" in hint
        assert "<img" not in hint


def test_nothing_moves_whatever_is_said(qtbot: QtBot) -> None:
    wall = Wall()
    line = line_of(qtbot, ALL, wall)
    for name in ALL:
        line.set(name, 1, "live", "")
    line.flush(100.0)
    line.show()
    QApplication.processEvents()
    parts = [*line.findChildren(StateButton), *line.findChildren(QLabel)]
    before = [each.geometry() for each in parts]
    for second, state in enumerate([*MARKS, "live"]):
        wall.now += 3_601
        for name in ALL:
            line.set(name, 1, state, f"{name} says: {'word ' * 3 * second}")
        line.set_counts(dict.fromkeys(Freshness, 10**second % 9_999))
        line.flush(101.0 + second)
        QApplication.processEvents()
        assert [each.geometry() for each in parts] == before


@pytest.mark.parametrize("width", [400, 640, 900, 1_240, 2_560])
def test_what_has_no_room_goes_and_nothing_overlaps(qtbot: QtBot, width: int) -> None:
    line = line_of(qtbot, ALL)
    for name in ALL:
        line.set(name, 1, "reconnecting", REFUSED)
    line.flush(100.0)
    assert line.minimumSizeHint().width() == 0, "the line must not widen the window"
    line.resize(width, 24)
    line.show()
    QApplication.processEvents()
    parts = [each for each in (*buttons(line), *line.counts.values(), line.clock)
             if each.isVisible()]  # fmt: skip
    for left, right in itertools.pairwise(parts):
        assert left.geometry().right() < right.geometry().left()
    if width >= 640:
        assert parts[-1].geometry().right() < width
        assert all(each.isVisible() for each in line.counts.values())
    assert line.clock.isVisible() == (width >= 900)


def test_each_exchange_is_opened_by_click_and_by_key(qtbot: QtBot) -> None:
    line, heard = line_of(qtbot, ALL), Heard()
    line.clicked.connect(heard)
    line.show()
    line.activateWindow()
    qtbot.waitActive(line)
    for moment, name in enumerate(("okx", "binance")):
        line.set(name, 1, "live", "")
        line.flush(100.0 + moment)
    line.set("okx", 1, "refused", REFUSED)
    line.flush(102.0)
    QApplication.processEvents()
    first, second = buttons(line)
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Space)
    qtbot.mouseClick(line.reason, Qt.MouseButton.LeftButton)
    assert heard.all == [("binance",), ("okx",), ("okx",)]


def test_a_click_that_ends_elsewhere_opens_nothing(qtbot: QtBot) -> None:
    line, heard = line_of(qtbot), Heard()
    line.clicked.connect(heard)
    line.set("binance", 1, "refused", "Oh no.")
    line.flush(100.0)
    line.show()
    for part in (buttons(line)[0], line.reason):
        qtbot.mousePress(part, Qt.MouseButton.LeftButton)
        qtbot.mouseRelease(part, Qt.MouseButton.LeftButton, pos=QPoint(-50, -50))
    qtbot.mouseClick(line.reason, Qt.MouseButton.RightButton)
    assert heard.all == []


def test_the_watched_are_counted_by_freshness_and_what_is_not_trusted_stands_out(
    qtbot: QtBot,
) -> None:
    line = line_of(qtbot)
    counts = {Freshness.LIVE: 12, Freshness.QUIET: 1_003, Freshness.LOST: 2, Freshness.NEVER: 5}
    line.set_counts(counts)
    assert [each.text() for each in line.counts.values()] == ["● 12", "○ 1,003", "◐ 0", "✕ 2"]
    lost, stale = line.counts[Freshness.LOST], line.counts[Freshness.STALE]
    assert lost.foregroundRole() == QPalette.ColorRole.BrightText
    assert stale.foregroundRole() == QPalette.ColorRole.PlaceholderText
    assert lost.accessibleName() == "2 instruments: Lost: not connected, so this is old."


def test_the_clock_shows_the_chosen_zone(qtbot: QtBot) -> None:
    wall = Wall()
    line = line_of(qtbot, wall=wall)
    line.flush(100.0)
    assert line.clock.text() == "12:00:00 UTC"
    wall.now += 1.2
    line.flush(101.2)
    assert line.clock.text() == "12:00:01 UTC"
    line.set_zone(timezone(timedelta(hours=8)), "Shanghai")
    line.flush(101.3)
    assert line.clock.text() == "20:00:01 Shanghai"


def test_something_else_can_have_a_place_before_the_clock(qtbot: QtBot) -> None:
    line = line_of(qtbot)
    muted = QLabel("Muted")
    line.add_slot(muted)
    line.show()
    QApplication.processEvents()
    assert line.counts[Freshness.LOST].x() < muted.x() < line.clock.x()
