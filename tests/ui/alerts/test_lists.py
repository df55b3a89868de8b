"""The lists of alerts, of what fired and of signals, used as a person does."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert, State
from tickglass.alerts.condition import Kind, Move, PriceLevel
from tickglass.alerts.history import Delivery, Record
from tickglass.alerts.post import Span
from tickglass.alerts.roster import Standing
from tickglass.alerts.signals import Sensitivity, Signal, SignalKind
from tickglass.market.instrument import Instrument
from tickglass.ui.alerts.alert_list import AlertList
from tickglass.ui.alerts.fired_list import FiredList
from tickglass.ui.alerts.rows_model import RowsModel
from tickglass.ui.alerts.signal_list import SignalList
from tickglass.ui.alerts.texts import AlertTexts
from tickglass.ui.theme import DARK

from ..helpers import Heard

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("okx", "ETH", "USDT")
TITLES = {"binance": "Binance", "okx": "OKX"}
NOW = 1_795_348_800_000
HOUR = 3_600_000
UP = Alert("up", BTC, (PriceLevel(Kind.CROSSES_UP, 100.0),))


def standing(alert: Alert, **given: object) -> Standing:
    told: dict[str, object] = {
        "state": State.ARMED, "reason": "", "price": 99.0, "distance": 0.0101, "fired": None,
        "fired_at": None, "held_back": 0, "unwatched": (),
    }  # fmt: skip
    return Standing(alert, BTC, **(told | given))  # type: ignore[arg-type]


def texts(model: RowsModel) -> list[list[str]]:  # type: ignore[type-arg]
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


@pytest.fixture
def alerts(qtbot: QtBot) -> AlertList:
    found = AlertList(DARK, AlertTexts(TITLES), lambda: NOW)
    QAbstractItemModelTester(
        found.model, QAbstractItemModelTester.FailureReportingMode.Fatal, found
    )
    qtbot.addWidget(found)
    found.show()
    return found


def test_an_alert_says_what_it_waits_for_how_far_and_what_it_is_doing(alerts: AlertList) -> None:
    alerts.show_standings([standing(UP)])
    assert texts(alerts.model) == [
        ["BTC/USDT on Binance crosses 100.00 up", "● Armed", "1.01 %", "—", "never"]
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [(State.FIRED, "✓ Fired"), (State.SNOOZED, "◔ Snoozed"), (State.PAUSED, "‖ Paused"),
     (State.EXPIRED, "× Expired"), (State.SUSPENDED, "! Suspended")],
)  # fmt: skip
def test_every_state_has_a_sign_and_a_word(alerts: AlertList, state: State, words: str) -> None:
    alerts.show_standings([standing(UP, state=state, reason="Trading is halted.")])
    assert texts(alerts.model)[0][1] == words
    if state is State.SUSPENDED:
        tip = alerts.model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
        assert tip == "Trading is halted."


def test_it_says_when_it_was_not_watched_and_what_is_known_of_that(alerts: AlertList) -> None:
    spans = (Span(NOW - HOUR, NOW - HOUR // 2, True), Span(NOW - 60_000))
    alerts.show_standings([standing(UP, unwatched=spans)])
    assert texts(alerts.model)[0][4].startswith("since ")
    tip = alerts.model.index(0, 4).data(Qt.ItemDataRole.ToolTipRole)
    assert "made up for from candles" in tip
    assert "not looked at yet" in tip


def test_pausing_and_arming_again(alerts: AlertList, qtbot: QtBot) -> None:
    changed = Heard()
    alerts.changed.connect(lambda alert: changed(alert))
    alerts.show_standings([standing(UP)])
    alerts.view.selectRow(0)
    assert alerts.rest.text() == "Pause"
    qtbot.mouseClick(alerts.rest, Qt.MouseButton.LeftButton)
    paused = replace(UP, paused=True)
    assert changed.all == [(paused,)]
    alerts.show_standings([standing(paused, state=State.PAUSED)])
    alerts.view.selectRow(0)
    assert alerts.rest.text() == "Arm again"
    qtbot.mouseClick(alerts.rest, Qt.MouseButton.LeftButton)
    assert changed.all[1] == (replace(UP, since=NOW),)


def test_snoozing_arms_it_for_later(alerts: AlertList) -> None:
    changed = Heard()
    alerts.changed.connect(lambda alert: changed(alert))
    alerts.show_standings([standing(replace(UP, fired=5), state=State.FIRED)])
    alerts.view.selectRow(0)
    menu = alerts.menu()
    assert menu is not None
    next(each for each in menu.actions() if each.text() == "Snooze for an hour").trigger()
    assert changed.all == [(replace(UP, since=NOW, snoozed=NOW + HOUR),)]


def test_delete_removes_what_is_selected_and_enter_edits(alerts: AlertList, qtbot: QtBot) -> None:
    removed, edited = Heard(), Heard()
    alerts.removed.connect(lambda ids: removed(ids))
    alerts.edited.connect(lambda alert: edited(alert.id))
    other = replace(UP, id="other")
    alerts.show_standings([standing(UP), standing(other)])
    alerts.view.selectRow(1)
    qtbot.keyClick(alerts.view, Qt.Key.Key_Return)
    alerts.view.selectAll()
    qtbot.keyClick(alerts.view, Qt.Key.Key_Delete)
    assert edited.all == [("other",)]
    assert removed.all == [(["up", "other"],)]


def test_what_is_selected_stays_so_while_distances_change(alerts: AlertList) -> None:
    alerts.show_standings([standing(UP), standing(replace(UP, id="b"))])
    alerts.view.selectRow(1)
    alerts.show_standings([standing(UP), standing(replace(UP, id="b"), distance=0.5)])
    assert [each.id for each in alerts.chosen_alerts()] == ["b"]
    assert texts(alerts.model)[1][2] == "50.00 %"


def record(number: int, **given: object) -> Record:
    told: dict[str, object] = {
        "alert": "up", "instrument": BTC, "rule": {}, "price": 100.5, "value": 100.5,
        "time": NOW, "seen": NOW + 120, "late": False, "title": "BTC/USDT crossed 100 up",
        "body": "100.5 on Binance", "deliveries": (),
    }  # fmt: skip
    return Record(number, **(told | given))  # type: ignore[arg-type]


@pytest.fixture
def history(qtbot: QtBot) -> FiredList:
    found = FiredList(DARK, AlertTexts(TITLES))
    QAbstractItemModelTester(
        found.model, QAbstractItemModelTester.FailureReportingMode.Fatal, found
    )
    qtbot.addWidget(found)
    found.show()
    return found


def test_what_fired_says_its_price_how_soon_it_was_seen_and_how_it_was_told(
    history: FiredList,
) -> None:
    told = (Delivery("desktop", True, "", NOW), Delivery("phone", False, "No answer.", NOW))
    history.show_records([record(2, deliveries=told), record(1, late=True, seen=NOW + HOUR)], None)
    first, second = texts(history.model)
    assert first[1:] == ["BTC/USDT crossed 100 up", "100.50", "0.1 s", "✓ Desktop  ✗ phone"]
    assert second[3].startswith("late, ")
    tip = history.model.index(0, 4).data(Qt.ItemDataRole.ToolTipRole)
    assert "No answer." in tip


def test_something_that_fires_comes_first_and_its_outcome_into_its_row(history: FiredList) -> None:
    history.show_records([record(1)], None)
    history.put(record(2))
    history.put(record(2, deliveries=(Delivery("sound", True, "", NOW),)))
    assert [row[4] for row in texts(history.model)] == ["✓ Sound", "—"]


def test_older_records_are_asked_for_behind_the_last(history: FiredList, qtbot: QtBot) -> None:
    asked = Heard()
    history.wanted.connect(lambda before: asked(before))
    history.show_records([record(number) for number in range(300, 100, -1)], None)
    qtbot.mouseClick(history.older, Qt.MouseButton.LeftButton)
    assert asked.all == [(101,)]
    history.show_records([record(100)], 101)
    assert history.model.rowCount() == 201
    assert not history.older.isEnabled()


def test_a_record_opens_the_chart_at_its_moment(history: FiredList, qtbot: QtBot) -> None:
    opened = Heard()
    history.moment_wanted.connect(lambda at, time: opened(at, time))
    history.show_records([record(1)], None)
    history.view.selectRow(0)
    qtbot.keyClick(history.view, Qt.Key.Key_Return)
    assert opened.all == [(BTC, NOW)]


RISE = Signal(SignalKind.MOVE, BTC, NOW, 101.5, True, 0.015)
SPIKE = Signal(SignalKind.VOLUME, ETH, NOW, 10.0, True, 6.2, bought=0.78)
FALL = Signal(SignalKind.TREND, ETH, NOW, 10.0, False, 1.0, minutes=15)
DEAR = Signal(SignalKind.PREMIUM, BTC, NOW, 101.0, True, 0.006, other=ETH)


@pytest.fixture
def found(qtbot: QtBot) -> SignalList:
    made = SignalList(DARK, AlertTexts(TITLES))
    QAbstractItemModelTester(made.model, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    qtbot.addWidget(made)
    made.set_sensitivity(dict.fromkeys(SignalKind, Sensitivity.MEDIUM))
    made.show()
    return made


def test_signals_are_plain_sentences_newest_first(found: SignalList) -> None:
    found.add([RISE, SPIKE])
    found.add([FALL, DEAR])
    assert [row[1] for row in texts(found.model)] == [
        "BTC/USDT on Binance is 0.60 % dearer than elsewhere (OKX), at 101.00.",
        "ETH/USDT on OKX turned down on candles of 15 minutes, at 10.000.",
        "ETH/USDT on OKX trades 6.2 times its usual volume, 78 % of it bought, at 10.000.",
        "BTC/USDT on Binance rose 1.5 % within 5 minutes, to 101.50.",
    ]


def test_a_kind_that_is_muted_is_not_shown(found: SignalList) -> None:
    found.add([RISE, SPIKE])
    chosen = Heard()
    found.sensitivity_chosen.connect(lambda kind, value: chosen(kind, value))
    box = found.boxes[SignalKind.VOLUME]
    box.setCurrentIndex(box.findData("off"))
    box.activated.emit(box.currentIndex())
    assert chosen.all == [("volume", "off")]
    muted = dict.fromkeys(SignalKind, Sensitivity.HIGH) | {SignalKind.VOLUME: Sensitivity.OFF}
    found.set_sensitivity(muted)
    assert [row[1][:11] for row in texts(found.model)] == ["BTC/USDT on"]


def test_a_signal_becomes_an_alert(found: SignalList) -> None:
    wanted = Heard()
    found.alert_wanted.connect(lambda at, condition: wanted(at, condition))
    found.add([RISE])
    found.view.selectRow(0)
    menu = found.menu()
    assert menu is not None
    next(each for each in menu.actions() if each.text().startswith("Make an alert")).trigger()
    assert wanted.all == [(BTC, Move(Kind.MOVES_UP, 1.5, window=300))]


def test_a_signal_opens_the_chart_at_its_moment(found: SignalList, qtbot: QtBot) -> None:
    opened = Heard()
    found.moment_wanted.connect(lambda at, time: opened(at, time))
    found.add([RISE])
    found.view.selectRow(0)
    qtbot.keyClick(found.view, Qt.Key.Key_Return)
    assert opened.all == [(BTC, NOW)]
