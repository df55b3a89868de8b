"""The tape's panel: what a person chooses, and what it says of the balance of buying."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tickglass.market.events import Side, Trade
from tickglass.market.freshness import Freshness
from tickglass.market.instrument import Instrument
from tickglass.market.tape import Tape
from tickglass.ui.tape.tape_panel import TapePanel
from tickglass.ui.tape.tape_rows import Filter
from tickglass.ui.tape.tape_words import (
    delta_text,
    read_size,
    saved_size,
    signed_amount,
    since_text,
)
from tickglass.ui.theme import DARK, LIGHT

from ..helpers import BTC, ETH, TITLES, Heard

OKX = Instrument("okx", "BTC", "USDT")
NOON = 1_700_654_400_000  # 2023-11-22 12:00 UTC
HOUR = 3_600_000


def tape_of(*trades: tuple[int, float, Side]) -> Tape:
    tape = Tape()
    for time, size, side in trades:
        tape.add(Trade(BTC, NOON + time, "x", 100.0, size, side))
    return tape


class Desk:
    """A panel on the screen, and everything it said about its state."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.panel = TapePanel(DARK, TITLES)
        qtbot.addWidget(self.panel)
        self.panel.resize(600, 400)
        self.panel.move(300, 300)  # away from the mouse
        self.panel.show_instruments([BTC, OKX], 2)
        self.panel.show()
        self.heard = Heard()
        self.panel.state_changed.connect(self.heard)
        self.tape = tape_of((0, 2.0, "buy"), (1_000, 0.5, "sell"), (1_000, 0.25, "sell"))
        self.now = 0.0

    def flush(self, now_ms: int = NOON + 2_000, fresh: Freshness | None = Freshness.LIVE) -> None:
        self.now += 1.0
        self.panel.flush(self.now, self.tape, fresh, now_ms)

    def type(self, text: str) -> None:
        self.panel.least.clear()
        self.qtbot.keyClicks(self.panel.least, text)
        self.qtbot.keyClick(self.panel.least, Qt.Key.Key_Return)

    @property
    def sizes(self) -> list[float]:
        return [row.size for row in self.panel.view.rows]

    @property
    def said(self) -> str:
        return self.panel.strip.label.shown


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    desk = Desk(qtbot)
    desk.flush()
    return desk


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("text", "size"),
    [
        *(("0.5", 0.5), ("10,000", 10_000.0), ("10k", 10_000.0), (" 2.5 M ", 2.5e6)),
        *(("1b", 1e9), ("0", 0.0), ("0.0", 0.0), ("many", None), ("-3", None), ("k", None)),
        *(("1e5", None), ("1.2.3", None), ("", None)),
    ],
)
def test_sizes_are_read_in_common_spellings(text: str, size: float | None) -> None:
    assert read_size(text) == size


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_size_or_nothing(text: str) -> None:
    size = read_size(text)
    assert size is None or 0 <= size < float("inf")


@pytest.mark.parametrize(
    ("amount", "text"), [(12.34, "+12.3"), (-4.5, "−4.50"), (0.0, "0.00"), (-98_765.0, "−98.8 K")]
)
def test_amounts_carry_their_sign(amount: float, text: str) -> None:
    assert signed_amount(amount) == text


@pytest.mark.usefixtures("utc")
def test_another_day_is_named() -> None:
    assert since_text(NOON, NOON + HOUR) == "12:00"
    assert since_text(NOON, NOON + 13 * HOUR) == "2023-11-22 12:00"


@pytest.mark.usefixtures("utc")
def test_the_delta_says_since_when_it_counts_and_if_that_is_short_of_the_window() -> None:
    tape = tape_of((0, 2.0, "buy"), (65_000, 0.5, "sell"))
    assert delta_text(None, "BTC", 60, NOON) == "Δ — · Σ —"
    assert delta_text(Tape(), "BTC", 60, NOON) == "Δ — · Σ —"
    at = NOON + 66_000
    assert delta_text(tape, "BTC", 60, at) == "Δ −0.500 · Σ +1.50 BTC since 12:00"
    assert delta_text(tape, "BTC", 300, at) == "Δ +1.50 so far · Σ +1.50 BTC since 12:00"
    tape.interrupted()
    assert delta_text(tape, "BTC", 300, at) == "Δ — · Σ —"
    tape.add(Trade(BTC, NOON + 120_000, "x", 100.0, 1.0, "buy"))
    assert delta_text(tape, "BTC", 300, NOON + 121_000) == (
        "Δ +1.00 so far · Σ +1.00 BTC since 12:02, after a gap"
    )


# ---------------------------------------------------------------- choices


def test_fills_are_joined_unless_the_person_parts_them(desk: Desk) -> None:
    assert desk.sizes == [0.75, 2.0]
    desk.qtbot.mouseClick(desk.panel.join, Qt.MouseButton.LeftButton)
    desk.flush()
    assert desk.sizes == [0.25, 0.5, 2.0]
    assert desk.heard.all == [()]


def test_a_least_size_leaves_smaller_rows_out(desk: Desk) -> None:
    desk.type("1")
    desk.flush()
    assert desk.sizes == [2.0]
    assert desk.heard.all == [()]
    assert not desk.panel.complaint.isVisible()


def test_emptying_the_field_shows_all_again(desk: Desk) -> None:
    desk.type("1")
    desk.panel.least.clear()
    desk.flush()
    assert desk.sizes == [0.75, 2.0]


def test_bad_input_is_said_and_keeps_the_old_size(desk: Desk) -> None:
    desk.type("1")
    desk.panel.least.selectAll()
    desk.qtbot.keyClicks(desk.panel.least, "<b>much</b>")
    desk.qtbot.keyClick(desk.panel.least, Qt.Key.Key_Return)
    desk.flush()
    assert desk.panel.complaint.isVisible()
    assert desk.panel.complaint.text() == "“<b>much</b>” is not a size; still from 1."
    assert desk.panel.complaint.textFormat() == Qt.TextFormat.PlainText
    assert desk.sizes == [2.0]
    desk.type("0.8")
    assert not desk.panel.complaint.isVisible()


def test_long_bad_input_is_not_repeated_whole(desk: Desk) -> None:
    desk.type("x" * 500)
    assert desk.panel.complaint.text() == f"“{'x' * 24}…” is not a size; still any size."


def test_each_unit_has_a_least_size_of_its_own(desk: Desk) -> None:
    assert [desk.panel.unit.itemText(n) for n in range(2)] == ["BTC", "USDT"]
    desk.type("1")
    desk.panel.unit.setCurrentIndex(1)
    assert desk.panel.least.text() == ""
    desk.type("70")
    desk.flush()
    assert desk.sizes == [0.75, 2.0]
    assert desk.panel.view.filter == Filter(70.0, "quote", True)
    desk.panel.unit.setCurrentIndex(0)
    assert desk.panel.least.text() == "1"


def test_a_least_size_of_another_currency_is_dropped(desk: Desk) -> None:
    desk.type("1")
    desk.panel.unit.setCurrentIndex(1)
    desk.type("70")
    desk.panel.show_instruments([ETH], 2)
    assert desk.panel.view.filter.least == 70.0, "the quote currency is the same"
    desk.panel.unit.setCurrentIndex(0)
    assert desk.panel.least.text() == ""


def test_the_window_of_the_delta_can_be_chosen(desk: Desk) -> None:
    desk.flush(NOON + 30_000)
    assert desk.said.startswith("Δ +1.25 so far")
    desk.panel.strip.chooser.setCurrentIndex(0)
    desk.flush(NOON + 30_000)
    assert desk.said.startswith("Δ 0.00 ·")
    assert desk.heard.all == [()]


def test_the_delta_is_in_the_unit_of_the_sizes(desk: Desk) -> None:
    desk.flush(NOON + 30_000)
    assert desk.said.startswith("Δ +1.25 so far · Σ +1.25 BTC since ")
    desk.panel.unit.setCurrentIndex(1)
    desk.flush(NOON + 30_000)
    assert desk.said.startswith("Δ +125 so far · Σ +125 USDT since ")


def test_from_the_size_in_its_field_on_trades_are_coloured(desk: Desk) -> None:
    desk.qtbot.keyClicks(desk.panel.large, "1.5")
    desk.qtbot.keyClick(desk.panel.large, Qt.Key.Key_Return)
    desk.flush()
    assert desk.sizes == [0.75, 2.0], "none is hidden"
    painter = desk.panel.view._painter
    assert [painter.level(row) for row in desk.panel.view.rows] == [0, 1]
    assert desk.heard.all == [()]
    desk.panel.large.clear()
    assert painter.own == ()


def test_a_bad_size_of_colour_is_said(desk: Desk) -> None:
    desk.qtbot.keyClicks(desk.panel.large, "big")
    desk.qtbot.keyClick(desk.panel.large, Qt.Key.Key_Return)
    assert desk.panel.complaint.text() == (
        "“big” is not a size; the largest one in ten stay coloured."
    )


def test_a_good_size_in_one_field_does_not_hide_the_complaint_about_the_other(desk: Desk) -> None:
    desk.type("much")
    desk.qtbot.keyClicks(desk.panel.large, "2")
    desk.qtbot.keyClick(desk.panel.large, Qt.Key.Key_Return)
    assert desk.panel.complaint.text() == "“much” is not a size; still any size."
    desk.panel.unit.setCurrentIndex(1)
    assert not desk.panel.complaint.isVisible()


def test_the_time_since_when_it_counts_is_in_the_zone_that_is_wanted(desk: Desk) -> None:
    desk.panel.set_zone("Asia/Kolkata")
    desk.flush()
    assert desk.said.endswith("since 17:30")
    desk.panel.set_zone("UTC")
    desk.flush()
    assert desk.said.endswith("since 12:00")
    desk.panel.set_zone("")
    assert desk.panel.view._painter.zone is None, "local time"


# ---------------------------------------------------------------- read-outs


@pytest.mark.parametrize(
    ("fresh", "word", "trusted"),
    [
        (Freshness.LIVE, "● live", True),
        (Freshness.QUIET, "○ quiet", True),
        (Freshness.STALE, "◐ stale", False),
        (Freshness.LOST, "✕ lost", False),
        (Freshness.NEVER, "· never", True),
        (None, "", True),
    ],
)
def test_freshness_is_said_in_a_word(
    desk: Desk, fresh: Freshness | None, word: str, trusted: bool
) -> None:
    desk.flush(fresh=Freshness.STALE)
    desk.flush(fresh=fresh)
    assert desk.panel.freshness.text() == word
    assert desk.panel.view._painter.trusted is trusted


def test_a_word_of_warning_has_the_colour_of_the_theme(desk: Desk) -> None:
    def colour() -> str:
        return desk.panel.freshness.palette().color(QPalette.ColorRole.WindowText).name()

    assert colour() == DARK.muted
    desk.flush(fresh=Freshness.LOST)
    assert colour() == DARK.warning
    desk.panel.set_theme(LIGHT)
    assert colour() == LIGHT.warning


def test_the_read_out_changes_five_times_a_second_at_most(desk: Desk) -> None:
    before = desk.said
    desk.tape.add(Trade(BTC, NOON + 2_000, "x", 100.0, 5.0, "buy"))
    desk.panel.flush(desk.now + 0.1, desk.tape, Freshness.LIVE, NOON + 2_000)
    assert desk.said == before
    desk.panel.flush(desk.now + 0.21, desk.tape, Freshness.LIVE, NOON + 2_000)
    assert desk.said != before


def test_a_narrow_panel_says_what_fits_and_all_of_it_on_hover(desk: Desk) -> None:
    whole = desk.said
    desk.panel.resize(260, 400)
    desk.qtbot.waitUntil(lambda: desk.said.endswith("…"))
    assert whole in desk.panel.strip.label.toolTip()
    assert whole in desk.panel.strip.label.accessibleName()
    desk.panel.resize(600, 400)
    assert desk.said == whole


def test_another_instrument_forgets_what_was_said(desk: Desk) -> None:
    desk.panel.show_instruments([ETH], 2)
    assert desk.said == "Δ — · Σ —"
    assert desk.sizes == []
    desk.panel.show_instruments([], None)
    assert desk.panel.view.empty_text == "No instrument chosen."


def test_everything_that_can_be_used_has_a_name(desk: Desk) -> None:
    panel = desk.panel
    parts: list[QWidget] = [
        panel.least,
        panel.unit,
        panel.strip.chooser,
        panel.view,
        panel.strip.label,
    ]
    assert all(part.accessibleName() for part in parts)
    assert panel.join.text() == "Join fills"


# ---------------------------------------------------------------- state


def choose_all(desk: Desk) -> None:
    desk.type("1.5")
    desk.panel.unit.setCurrentIndex(1)
    desk.type("200")
    desk.panel.large.setText("5000")
    desk.qtbot.keyClick(desk.panel.large, Qt.Key.Key_Return)
    desk.panel.join.click()
    desk.panel.strip.chooser.setCurrentIndex(3)


@pytest.mark.parametrize("restored_first", [True, False])
def test_choices_come_back(desk: Desk, qtbot: QtBot, restored_first: bool) -> None:
    choose_all(desk)
    state = json.loads(json.dumps(desk.panel.save_state()))
    other = TapePanel(DARK, TITLES)
    qtbot.addWidget(other)
    heard = Heard()
    other.state_changed.connect(heard)
    if restored_first:
        other.restore_state(state)
    other.show_instruments([BTC], 2)
    if not restored_first:
        other.restore_state(state)
    assert other.save_state() == state
    assert (other.least.text(), other.large.text()) == ("200", "5000")
    assert other.view.filter == Filter(200.0, "quote", False)
    assert heard.all == [], "nobody chose"


def test_a_saved_size_of_another_currency_is_not_taken(desk: Desk, qtbot: QtBot) -> None:
    choose_all(desk)
    other = TapePanel(DARK, TITLES)
    qtbot.addWidget(other)
    other.show_instruments([ETH], 2)
    other.restore_state(desk.panel.save_state())
    assert other.save_state()["least"] == {"base": 0.0, "quote": 200.0}


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"unit": "euro", "least": 5, "currencies": None, "join": "yes", "window": 61},
        {"unit": ["base"], "least": {"base": "1"}, "currencies": {"base": "BTC"}, "window": "60"},
        {"least": {"base": float("nan"), "quote": -1}, "currencies": {"base": "BTC", "quote": "X"}},
        {"least": {"base": 10**400}, "currencies": {"base": "BTC"}, "window": True},
        {"least": {"base": 1.0}, "currencies": {"base": 7}},
        {"large": {"base": "1", "quote": -5}, "currencies": {"base": "BTC", "quote": "USDT"}},
    ],
)
def test_damaged_state_changes_nothing(desk: Desk, state: dict[str, Any]) -> None:
    before = desk.panel.save_state()
    desk.panel.restore_state(state)
    assert desk.panel.save_state() == before


def test_a_saved_size_is_a_number_that_can_be() -> None:
    assert saved_size(2) == 2.0
    assert [saved_size(bad) for bad in (True, None, "2", float("inf"), -1.0)] == [None] * 5
