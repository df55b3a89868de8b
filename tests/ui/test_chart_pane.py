"""A chart with its bar: intervals, style, indicators, scale, and what is remembered of them."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.market.events import Trade
from tickglass.market.freshness import Freshness
from tickglass.market.heat import HeatRecord
from tickglass.market.indicators import Indicator
from tickglass.market.instrument import Instrument
from tickglass.market.ladder import Grid
from tickglass.market.tape import Tape
from tickglass.ui.chart.look import Look
from tickglass.ui.chart_pane import BUTTONS, OTHERS, ChartPane
from tickglass.ui.theme import DARK

from .helpers import BTC, ETH, SOL, TITLES, WEDNESDAY, Heard, series_of


@pytest.fixture
def pane(qtbot: QtBot) -> ChartPane:
    made = ChartPane(DARK, titles=TITLES)
    qtbot.addWidget(made)
    made.resize(1_100, 500)
    made.show()
    made.set_instrument(BTC)
    return made


def button(pane: ChartPane, words: str) -> QToolButton:
    return next(each for each in pane.findChildren(QToolButton) if each.text() == words)


def named(pane: ChartPane, name: str) -> QToolButton:
    buttons = pane.findChildren(QToolButton)
    return next(each for each in buttons if each.accessibleName() == name)


def pressed(pane: ChartPane) -> list[str]:
    return [each.text() for each in pane.findChildren(QToolButton) if each.isChecked()]


def opened(pane: ChartPane, name: str) -> QMenu:
    """A menu of the bar, filled as when it opens."""
    menu = named(pane, name).menu()
    menu.aboutToShow.emit()
    return menu


def action(menu: QMenu, words: str) -> QAction:
    return next(each for each in menu.actions() if each.text() == words)


def test_a_quarter_of_an_hour_is_chosen_at_first(pane: ChartPane) -> None:
    assert (pane.interval, pressed(pane)) == ("15m", ["15m"])
    assert pane.bar.name.text() == "BTC/USDT · Binance"


@pytest.mark.parametrize("interval", BUTTONS)
def test_a_click_chooses_an_interval(pane: ChartPane, qtbot: QtBot, interval: str) -> None:
    heard = Heard()
    pane.wanted.connect(lambda: heard(pane.interval))
    qtbot.mouseClick(button(pane, interval), Qt.MouseButton.LeftButton)
    assert heard.all == [(interval,)]
    assert pressed(pane) == [interval]


def test_the_menu_has_the_other_intervals_and_shows_the_chosen_one(
    pane: ChartPane, qtbot: QtBot
) -> None:
    more = button(pane, "more")
    actions = opened(pane, "Other intervals").actions()
    assert tuple(each.text() for each in actions) == OTHERS
    actions[-1].trigger()
    assert (more.text(), pressed(pane)) == ("1M", [])
    qtbot.mouseClick(button(pane, "1h"), Qt.MouseButton.LeftButton)
    assert (more.text(), pressed(pane)) == ("more", ["1h"])


def test_in_a_narrow_chart_the_buttons_step_back_into_menus(pane: ChartPane) -> None:
    pane.resize(640, 400)
    QApplication.processEvents()
    assert not button(pane, "1h").isVisible()
    assert named(pane, "Style").isVisible()
    assert named(pane, "Other intervals").text() == "15m"
    intervals = [each.text() for each in opened(pane, "Other intervals").actions()]
    assert intervals[:4] == ["1s", "1m", "2m", "3m"]
    assert set(BUTTONS + OTHERS) == set(intervals)
    pane.resize(300, 400)
    QApplication.processEvents()
    assert not named(pane, "Style").isVisible()
    styles = action(opened(pane, "More about this chart"), "Style").menu()
    assert isinstance(styles, QMenu)
    action(styles, "Line").trigger()
    assert pane.look.style == "line"


def test_an_interval_that_is_restored_asks_for_nothing_and_an_unknown_one_is_ignored(
    pane: ChartPane,
) -> None:
    heard = Heard()
    pane.wanted.connect(heard)
    pane.choose_interval("4h")
    pane.choose_interval("7 days")
    assert (pane.interval, heard.all) == ("4h", [])


def test_only_alerts_on_the_instrument_are_drawn(pane: ChartPane) -> None:
    pane.show_series(series_of(0, 20), 2)
    alerts = [
        Alert(name, on, (PriceLevel(Kind.CROSSES, 100.0),)) for name, on in (("a", BTC), ("b", ETH))
    ]
    pane.set_alerts(alerts)
    assert len(pane.chart.scene.levels) == 1


def test_a_style_is_chosen_and_shown_on_its_button(pane: ChartPane) -> None:
    action(opened(pane, "Style"), "Hollow candles").trigger()
    assert pane.look.style == pane.chart.scene.look.style == "hollow"
    assert named(pane, "Style").text() == "Hollow candles"
    assert action(opened(pane, "Style"), "Hollow candles").isChecked()
    action(opened(pane, "Style"), "Volume below the candles").trigger()
    assert not pane.look.volume


def test_an_indicator_is_added_with_the_numbers_that_were_typed(
    pane: ChartPane, qtbot: QtBot
) -> None:
    dialog = pane.add_indicator("sma")
    assert dialog is not None
    field = dialog.fields[0]
    field.selectAll()
    qtbot.keyClicks(field, "33")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(pane.look.indicators) == 1)
    assert pane.look.indicators == (Indicator.make("sma", length=33),)
    menu = opened(pane, "Indicators")
    one = action(menu, "SMA 33").menu()
    assert isinstance(one, QMenu)
    action(one, "Remove").trigger()
    assert pane.look.indicators == ()


def test_several_of_one_kind_can_be_there_and_one_of_them_changed(pane: ChartPane) -> None:
    first, second = Indicator.make("ema", length=10), Indicator.make("ema", length=20)
    pane.set_look(Look(indicators=(first, second)))
    pane._put_indicator(1, Indicator.make("ema", length=50))
    assert [each.label for each in pane.look.indicators] == ["EMA 10", "EMA 50"]


def test_the_scale_is_chosen(pane: ChartPane) -> None:
    action(opened(pane, "Scale and time zone"), "Logarithmic").trigger()
    assert pane.chart.scene.price_pane.scale.mode == "log"


def test_compared_instruments_are_asked_for_once_and_can_be_taken_off(pane: ChartPane) -> None:
    heard = Heard()
    pane.wanted.connect(lambda: heard(pane.look.compared))
    pane.compare(ETH)
    pane.compare(ETH)
    pane.compare(BTC)
    assert heard.all == [((ETH,),)], "neither twice nor with itself"
    pane.compare(SOL)
    action(opened(pane, "More about this chart"), "Remove ETH/USDT · Binance").trigger()
    assert heard.all[-1] == ((SOL,),)


def test_what_is_chosen_is_remembered(pane: ChartPane, qtbot: QtBot) -> None:
    pane.choose_interval("4h")
    pane.set_look(
        Look(
            style="area", scale="log", volume=False, zone="Asia/Kolkata",
            indicators=(Indicator.make("rsi", length=9),), compared=(ETH,),
        )
    )  # fmt: skip
    pane.choose_group("B")
    other = ChartPane(DARK)
    qtbot.addWidget(other)
    other.restore_state(pane.save_state())
    assert (other.interval, other.group, other.look) == ("4h", "B", pane.look)


@pytest.mark.parametrize(
    "rubbish",
    [
        {"look": {"style": "pie", "scale": 3, "zone": 5, "indicators": "many", "compared": [1]}},
        {"look": {"indicators": [{"kind": "magic"}, 7, {"kind": "sma", "parameters": ["x"]}]}},
        {"look": 5, "interval": None, "group": "Z"},
    ],
)
def test_what_cannot_be_restored_is_left_at_its_default(
    pane: ChartPane, rubbish: dict[str, object]
) -> None:
    pane.restore_state(rubbish)
    assert (pane.interval, pane.group) == ("15m", "")
    assert pane.look == replace(Look(), style="candles")


def test_a_right_click_copies_a_price_or_asks_for_an_alert_at_it(
    pane: ChartPane, qtbot: QtBot
) -> None:
    heard = Heard()
    pane.alert_wanted.connect(heard)
    pane.show_series(series_of(0, 20), 2)
    pane.flush(105.0, Freshness.LIVE)
    pane.menus.open_price_menu(101.25, QPoint(10, 10))
    menu = pane.findChildren(QMenu)[-1]
    action(menu, "Copy 101.25").trigger()
    assert QGuiApplication.clipboard().text() == "101.25"
    action(menu, "New alert at 101.25…").trigger()
    assert heard.all == [(101.25,)]
    menu.close()


# ---------------------------------------------------------------- trades and book in the chart


def test_the_delta_of_trades_is_a_pane_of_its_own(pane: ChartPane) -> None:
    series = series_of(0, 20)
    pane.set_look(Look(indicators=(Indicator.make("delta"),)))
    assert pane.counts_trades
    pane.show_series(series, 2)
    tape = Tape()
    start = (WEDNESDAY + 19 * 60) * 1_000
    for number, (size, side) in enumerate([(5.0, "buy"), (2.0, "sell")]):
        tape.add(Trade(BTC, start + number, str(number), 100.0, size, side))
    pane.chart.scene.tape = tape
    pane.flush(105.0, Freshness.LIVE)
    scene = pane.chart.scene
    words = [text for text, _ in scene.read_outs(scene.panes[1], 19)]
    assert words == ["Volume delta", "3.00", "3.00"]
    assert [text for text, _ in scene.read_outs(scene.panes[1], 5)] == ["Volume delta"]


def test_the_heat_of_the_book_stands_beside_the_candles_at_their_prices(pane: ChartPane) -> None:
    pane.set_look(Look(heat=True))
    pane.show_series(series_of(0, 20), 2)
    pane.flush(105.0, Freshness.LIVE)
    record = HeatRecord(Grid(Decimal("0.01"), 0.5))
    pane.flush_heat(1.0, record)
    assert pane.beside.strip.isVisible()
    assert pane.beside.strip.prices == tuple(pane.chart.scene.price_pane.scale.shown)
    assert pane.beside.strip.height() == round(pane.chart.scene.price_pane.area.height())
    pane.flush_heat(2.0, None)
    assert not pane.beside.strip.isVisible()


def test_the_heat_lies_at_the_prices_of_a_scale_of_logarithms_too(pane: ChartPane) -> None:
    pane.set_look(Look(heat=True, scale="log"))
    pane.show_series(series_of(0, 20), 2)
    pane.flush(105.0, Freshness.LIVE)
    record = HeatRecord(Grid(Decimal("0.01"), 0.5))
    pane.flush_heat(1.0, record)
    scale, strip = pane.chart.scene.price_pane.scale, pane.beside.strip
    assert strip.prices == pytest.approx((math.log(scale.shown.low), math.log(scale.shown.high)))
    pane.set_look(Look(heat=True, scale="percent"))
    pane.flush_heat(2.0, record)
    assert strip.prices == tuple(scale.shown), "per cent are as even as prices"


def test_other_choices_keep_the_view(pane: ChartPane) -> None:
    asked = Heard()
    pane.wanted.connect(asked)
    pane.choose_interval("1m")
    series = series_of(0, 300)
    pane.show_series(series, 2)
    pane.flush(105.0, Freshness.LIVE)
    view, scene = pane.chart, pane.chart.scene
    view._pan(200.0)
    view._zoom(0.5, 300.0)
    scene.price_pane.scale.stretch(1.5)
    before = (scene.times.left, scene.times.right, scene.price_pane.scale.shown)
    for change in (
        lambda: pane.compare(ETH),
        lambda: pane.add_indicator("delta"),
        lambda: pane.change_look(replace(pane.look, style="line")),
        lambda: pane.uncompare(ETH),
    ):
        change()
        pane.show_series(series, 2)
        pane.flush(105.0, Freshness.LIVE)
        assert (scene.times.left, scene.times.right, scene.price_pane.scale.shown) == before
    assert len(asked.all) == 3, "a style needs no other candles"


def test_pictures_exports_and_all_the_room_are_asked_for_by_menu(pane: ChartPane) -> None:
    heard: list[tuple[str, tuple[object, ...]]] = []
    pane.picture_wanted.connect(lambda: heard.append(("picture", ())))
    pane.export_wanted.connect(lambda form: heard.append(("export", (form,))))
    pane.maximise_wanted.connect(lambda: heard.append(("maximise", ())))
    pane.compare_wanted.connect(lambda: heard.append(("compare", ())))
    for words in ("Save as picture…", "Export candles as CSV…", "Export candles as Parquet…",
                  "Fill the window / back", "Compare with…"):  # fmt: skip
        action(opened(pane, "More about this chart"), words).trigger()
    assert heard == [
        ("picture", ()), ("export", ("csv",)), ("export", ("parquet",)), ("maximise", ()),
        ("compare", ()),
    ]  # fmt: skip


def test_a_tool_is_taken_from_the_menu_and_named_on_its_button(pane: ChartPane) -> None:
    action(opened(pane, "Marks on the chart"), "Trend line").trigger()
    assert pane.chart.marks.tool == "trend"
    assert named(pane, "Marks on the chart").text() == "Trend line"
    action(opened(pane, "Marks on the chart"), "Trend line").trigger()
    assert named(pane, "Marks on the chart").text() == "Draw"


def test_a_zone_and_a_group_are_chosen_from_their_menus(pane: ChartPane) -> None:
    zone = action(opened(pane, "Scale and time zone"), "Time zone").menu()
    assert isinstance(zone, QMenu)
    action(zone, "UTC").trigger()
    assert pane.look.zone == "UTC"
    action(opened(pane, "Group of linked charts"), "Group C").trigger()
    assert (pane.group, named(pane, "Group of linked charts").text()) == ("C", "C")


def test_a_chart_compares_with_five_at_most(pane: ChartPane) -> None:
    for number in range(7):
        pane.compare(Instrument("okx", f"COIN{number}", "USDT"))
    assert len(pane.look.compared) == 5


def test_a_picture_has_name_source_and_time_above_the_chart(pane: ChartPane) -> None:
    pane.show_series(series_of(0, 20), 2)
    pane.flush(105.0, Freshness.LIVE)
    picture = pane.picture(WEDNESDAY * 1_000)
    chart = pane.chart.grab()
    assert picture.width() == chart.width()
    line = picture.height() - chart.height()
    assert line >= pane.chart.scene.metrics.height()
    image = picture.toImage()
    ground = image.pixelColor(0, 0)
    written = {image.pixelColor(x, y) != ground for x in range(200) for y in range(line)}
    assert True in written, "there are words in the line"
