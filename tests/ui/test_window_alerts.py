"""Alerts in the window: who asks for one, what becomes of it, and that everything is muted."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, Move, PriceLevel
from tickglass.alerts.rehearsal import Rehearsal
from tickglass.market.candles import CandleSeries
from tickglass.market.events import Candle
from tickglass.market.instrument import Instrument

from .desk import WindowDesk
from .helpers import Heard

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("binance", "ETH", "USDT")
LEVEL = Alert("mine", BTC, (PriceLevel(Kind.CROSSES, 120.0), Move(Kind.MOVES, 1.0)))


@pytest.fixture
def desk(qtbot: QtBot) -> WindowDesk:
    return WindowDesk(qtbot, BTC, ETH)


def made(desk: WindowDesk) -> list[Alert]:
    return [told[0] for told in desk.said["alert_made"]]  # type: ignore[misc]


def test_several_rows_get_an_alert_each_in_one_form(desk: WindowDesk) -> None:
    desk.window.lists.alert_wanted.emit([BTC, ETH])
    (form,) = desk.window.alerts_of._forms
    assert form.subject.currentText() == "2 pairs, each"
    form.rows[0].choose(Move(Kind.MOVES, 3.0))
    form._save()
    assert [each.instrument for each in made(desk)] == [BTC, ETH]
    assert not desk.window.alerts_of._forms


def test_a_line_that_was_dragged_waits_for_the_new_price(desk: WindowDesk) -> None:
    desk.window.set_alerts([LEVEL])
    desk.window.charts.active.alert_moved.emit("mine", 125.5)
    (moved,) = made(desk)
    assert moved.level == 125.5
    assert moved.conditions[1] == LEVEL.conditions[1]
    assert (moved.id, moved.since > 0) == ("mine", True)


def test_an_alert_is_edited_paused_and_removed_from_its_line(desk: WindowDesk) -> None:
    removed = Heard()
    desk.window.alerts_removed.connect(lambda ids: removed(ids))
    desk.window.set_alerts([LEVEL])
    pane = desk.window.charts.active
    pane.alert_opened.emit("mine")
    (form,) = desk.window.alerts_of._forms
    assert [row.condition() for row in form.rows] == list(LEVEL.conditions)
    form.reject()
    pane.alert_paused.emit("mine")
    pane.alert_removed.emit("mine")
    assert made(desk) == [replace(LEVEL, paused=True)]
    assert removed.all == [(["mine"],)]


def test_an_alert_of_an_id_that_is_gone_opens_nothing(desk: WindowDesk) -> None:
    assert desk.window.alerts_of.edit("nobody") is None
    desk.window.alerts_of.move("nobody", 5.0)
    desk.window.alerts_of.pause("nobody")
    assert made(desk) == []


def test_a_copy_is_a_new_alert_ready_to_fire(desk: WindowDesk) -> None:
    form = desk.window.alerts_of.duplicate(replace(LEVEL, fired=5))
    form._save()
    (copy,) = made(desk)
    assert copy.id != "mine"
    assert (copy.fired, copy.conditions) == (None, LEVEL.conditions)


def test_a_signal_becomes_an_alert(desk: WindowDesk) -> None:
    desk.window.alerts.signals.alert_wanted.emit(ETH, Move(Kind.MOVES_UP, 1.5))
    (form,) = desk.window.alerts_of._forms
    form._save()
    assert [(each.instrument, each.conditions) for each in made(desk)] == [
        (ETH, (Move(Kind.MOVES_UP, 1.5),))
    ]


def test_an_alert_is_tried_and_a_form_that_is_gone_is_not_told(desk: WindowDesk) -> None:
    asked = Heard()
    desk.window.alerts_of.rehearsal_wanted.connect(lambda *told: asked(*told[1:]))
    form = desk.window.alerts_of.ask_at(BTC, 100.0)
    assert form is not None
    form._asked_of = LEVEL
    form.rehearsal_wanted.emit(LEVEL)
    assert asked.all == [(LEVEL, BTC, None, "")]  # no chart has candles of it
    found = Rehearsal(BTC, since=0, until=86_400_000)
    desk.window.alerts_of.show_rehearsal(form, LEVEL, found)
    assert form.tried.text().startswith("Would not have fired")
    form.reject()
    desk.window.alerts_of.show_rehearsal(form, LEVEL, Rehearsal())  # nothing happens


def test_an_open_chart_lends_its_candles(desk: WindowDesk) -> None:
    asked = Heard()
    desk.window.alerts_of.rehearsal_wanted.connect(lambda *told: asked(*told[2:]))
    series = CandleSeries(BTC, "5m")
    series.merge([Candle(BTC, "5m", 300_000, 1.0, 2.0, 1.0, 2.0, 5.0, True)])
    desk.window.go_to(BTC)
    desk.window.charts.active.chart.show_series(series)
    form = desk.window.alerts_of.ask_at(BTC, 100.0)
    assert form is not None
    form.rehearsal_wanted.emit(LEVEL)
    ((instrument, rows, interval),) = asked.all
    assert (instrument, interval) == (BTC, "5m")
    assert rows.tolist() == series.rows.tolist()


def test_a_watchlist_is_tried_on_its_first_pair(desk: WindowDesk) -> None:
    asked = Heard()
    desk.window.alerts_of.rehearsal_wanted.connect(lambda *told: asked(*told[2:]))
    desk.window.lists.add_list("Coins", [ETH, BTC])
    desk.window.lists.add_list("Nothing", [])
    form = desk.window.alerts_of.ask_at(BTC, 100.0)
    assert form is not None
    every = replace(LEVEL, instrument=None, watchlist="Coins")
    form.rehearsal_wanted.emit(every)
    assert asked.all == [(ETH, None, "")]
    form._asked_of = replace(every, watchlist="Nothing")
    form.rehearsal_wanted.emit(form._asked_of)
    assert form.tried.text() == "Cannot be tried: There is no pair in Nothing."
    assert len(asked.all) == 1


def test_moments_are_marked_on_the_chart_which_opens_for_them(desk: WindowDesk) -> None:
    desk.window.go_to(BTC)
    form = desk.window.alerts_of.ask_at(ETH, 100.0)
    assert form is not None
    moments = ((1_795_348_800_000, 100.0),)
    form.moments_wanted.emit(ETH, moments)
    pane = desk.window.charts.active
    assert pane.instrument == ETH
    assert pane.chart.scene.moments == moments
    form.reject()
    assert pane.chart.scene.moments == ()


def test_while_muted_a_button_says_so_and_takes_it_back(desk: WindowDesk) -> None:
    wanted = Heard()
    windows = desk.window.alerts_of
    windows.mute_wanted.connect(lambda seconds: wanted(seconds))
    assert not windows.muted.isVisible()
    windows.mute_for_an_hour()
    desk.window.show_muted(1_795_348_800_000)
    assert windows.muted.isVisible()
    assert windows.muted.text().startswith("Muted until ")
    windows.muted.click()
    desk.window.show_muted(None)
    assert not windows.muted.isVisible()
    assert wanted.all == [(3_600,), (0,)]


def test_the_panel_asks_how_alerts_stand_only_while_somebody_looks(desk: WindowDesk) -> None:
    asked = Heard()
    panel = desk.window.alerts
    panel.standings_wanted.connect(lambda: asked())
    panel.flush(10.0)
    assert asked.all == []
    desk.window.docks.show("alerts")
    panel.flush(20.0)
    panel.flush(20.5)
    panel.flush(21.1)
    assert len(asked.all) == 2
    panel.open_tab(1)
    panel.flush(30.0)
    assert len(asked.all) == 2


def test_the_tab_that_was_open_comes_back(desk: WindowDesk) -> None:
    panel = desk.window.alerts
    panel.open_tab(2)
    state = panel.save_state()
    panel.open_tab(0)
    panel.restore_state(state)
    assert panel.tabs.currentIndex() == 2
    panel.restore_state({"tab": 7})
    assert panel.tabs.currentIndex() == 2
