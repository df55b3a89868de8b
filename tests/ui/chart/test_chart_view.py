"""The chart: what it shows, when it moves by itself, and what the hands do."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.market.candles import CandleSeries
from tickglass.market.events import Candle
from tickglass.market.freshness import Freshness
from tickglass.market.indicators import Indicator
from tickglass.market.instrument import Instrument
from tickglass.ui.chart.arrays import Brushwork
from tickglass.ui.chart.axes import TIME_LABEL_PIXELS, apart
from tickglass.ui.chart.bars import BAR_STYLES, BarPainter, Bars
from tickglass.ui.chart.chart_view import EMPTY, LOADING, ChartView
from tickglass.ui.chart.look import Look
from tickglass.ui.chart.scales import PriceScale, Range
from tickglass.ui.theme import DARK, LIGHT, Theme

from ..helpers import BTC, WEDNESDAY, Heard, candle, series_of

LIVE = Freshness.LIVE
LEFT = Qt.MouseButton.LeftButton


class Chart:
    """A chart on the screen, with minutes from Wednesday's beginning on."""

    def __init__(self, qtbot: QtBot, series: CandleSeries, decimals: int | None = 2) -> None:
        self.series = series
        self.view = ChartView(DARK)
        qtbot.addWidget(self.view)
        self.view.resize(900, 500)
        self.view.show()
        self.view.set_look(Look(zone="UTC"))
        self.older, self.retry = Heard(), Heard()
        self.view.older_wanted.connect(self.older)
        self.view.retry_wanted.connect(self.retry)
        self.view.show_series(series, decimals)
        self.flush()

    def flush(
        self, price: float | None = None, freshness: Freshness = LIVE, now_ms: int = 0
    ) -> None:
        self.view.flush(price, freshness, now_ms)

    @property
    def times(self) -> tuple[float, float]:
        """The edges of the view, in minutes of Wednesday."""
        scale = self.view.scene.times
        return (scale.left / 1_000 - WEDNESDAY) / 60, (scale.right / 1_000 - WEDNESDAY) / 60

    @property
    def prices(self) -> tuple[float, float]:
        return tuple(self.view.scene.price_pane.scale.shown)  # type: ignore[return-value]

    def look(self, left: float, right: float) -> None:
        """Pan and zoom to these minutes."""
        scale = self.view.scene.times
        scale.left = (WEDNESDAY + left * 60) * 1_000
        scale.right = (WEDNESDAY + right * 60) * 1_000
        self.view._on_view()

    def at(self, minute: float, down: int = 0) -> QPoint:
        """The place of a minute, so many pixels below the middle of the candles."""
        scene = self.view.scene
        x = scene.times.x((WEDNESDAY + minute * 60) * 1_000)
        return QPoint(round(x), round(scene.price_pane.area.center().y()) + down)

    def drag(self, qtbot: QtBot, start: QPoint, by: QPoint, steps: int = 10) -> None:
        """Drag as a hand does, in steps."""
        qtbot.mousePress(self.view, LEFT, pos=start)
        for step in range(1, steps + 1):
            self.move(start + by * step / steps, LEFT)
        qtbot.mouseRelease(self.view, LEFT, pos=start + by)

    def move(self, to: QPoint, held: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
        """Move the mouse with a button held, which QTest cannot say."""
        place, none = QPointF(to), Qt.MouseButton.NoButton
        there = QPointF(self.view.mapToGlobal(to))
        keys = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(QEvent.Type.MouseMove, place, there, none, held, keys)
        QApplication.sendEvent(self.view, event)

    def turn_wheel(
        self,
        at: QPoint,
        notches: float,
        keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        event = QWheelEvent(
            QPointF(at), QPointF(self.view.mapToGlobal(at)),
            QPoint(), QPoint(0, int(notches * 120)),
            Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.view, event)

    def colours(self) -> set[str]:
        """The colours of the candles' part of the picture."""
        image = self.view.grab().toImage()
        area = self.view.scene.area.toRect()
        return {
            image.pixelColor(x, y).name()
            for y in range(area.top() + 60, area.bottom(), 2)
            for x in range(area.left(), area.right(), 2)
        }


@pytest.fixture
def chart(qtbot: QtBot) -> Chart:
    """300 minutes, the newest 120 of them in view."""
    return Chart(qtbot, series_of(0, 300))


# ---------------------------------------------------------------- states


def test_without_a_series_it_says_what_to_do(qtbot: QtBot) -> None:
    view = ChartView(DARK)
    qtbot.addWidget(view)
    view.show()
    assert view.notice.text() == EMPTY
    assert view.notice.isVisible()
    assert view.retry.isHidden()


def test_an_empty_series_is_loading_until_its_candles_come(qtbot: QtBot) -> None:
    chart = Chart(qtbot, CandleSeries(BTC, "1m"))
    assert (chart.view.notice.text(), chart.view.notice.isVisible()) == (LOADING, True)
    chart.series.merge([candle(number) for number in range(200)])
    chart.flush()
    assert chart.view.notice.isHidden()
    assert chart.times == pytest.approx((86.0, 206.0))


def test_a_new_series_shows_its_newest_120_candles_and_a_little_room(chart: Chart) -> None:
    assert chart.times == pytest.approx((186.0, 306.0))
    assert chart.view.notice.isHidden()
    assert chart.view.latest.isHidden()


def test_a_failure_says_why_and_a_click_tries_again(chart: Chart, qtbot: QtBot) -> None:
    chart.view.show_series(CandleSeries(BTC, "1h"))
    chart.view.fail("Binance does not answer.")
    assert chart.view.notice.text() == "Binance does not answer."
    assert chart.view.retry.isVisible()
    qtbot.mouseClick(chart.view.retry, LEFT)
    assert chart.retry.all == [()]
    assert chart.view.notice.text() == LOADING
    assert chart.view.retry.isHidden()


def test_candles_that_come_after_a_failure_take_its_place(qtbot: QtBot) -> None:
    chart = Chart(qtbot, CandleSeries(BTC, "1m"))
    chart.view.fail("Binance does not answer.")
    chart.series.merge([candle(number) for number in range(10)])
    chart.flush()
    assert chart.view.notice.isHidden()
    assert chart.view.retry.isHidden()


def test_showing_nothing_takes_the_last_price_away(chart: Chart) -> None:
    assert chart.view.tag_lines == ["105.00"]
    chart.view.show_series(None)
    assert chart.view.tag_lines == []
    assert chart.view.notice.text() == EMPTY
    assert DARK.up not in chart.colours()


# ---------------------------------------------------------------- moving by itself


def test_a_new_candle_moves_the_view_on_by_one(chart: Chart) -> None:
    before = chart.times
    chart.series.update(candle(300, closed=False))
    chart.flush()
    assert chart.times == pytest.approx((before[0] + 1, before[1] + 1))


def test_a_tick_within_the_candle_moves_nothing(chart: Chart) -> None:
    before = chart.times
    chart.series.update(candle(299, high=111.0, closed=False))
    chart.flush(111.0)
    assert chart.times == before


def test_a_new_candle_leaves_who_looks_at_the_past_alone_and_latest_leads_back(
    chart: Chart, qtbot: QtBot
) -> None:
    chart.look(100, 200)
    chart.series.update(candle(300, closed=False))
    chart.flush()
    assert chart.times == pytest.approx((100.0, 200.0))
    assert not chart.view.following
    assert chart.view.latest.isVisible()
    qtbot.mouseClick(chart.view.latest, LEFT)
    assert chart.times == pytest.approx((207.0, 307.0))
    assert chart.view.following
    assert chart.view.latest.isHidden()


def test_older_candles_do_not_move_the_view(chart: Chart) -> None:
    chart.look(50, 150)
    before = chart.times
    chart.series.merge([candle(number) for number in range(-500, 0)])
    chart.flush()
    assert chart.times == before


def test_a_tick_repaints_only_what_it_may_change(chart: Chart) -> None:
    chart.view.repaint()
    background = chart.view._background
    assert background is not None
    chart.series.update(candle(299, high=109.0, closed=False))
    chart.flush(106.0)
    assert chart.view._background is background
    assert not chart.view._live.contains(chart.at(200))
    assert chart.view._live.contains(chart.at(299.5))


def test_another_candle_draws_the_background_anew(chart: Chart) -> None:
    chart.view.repaint()
    chart.series.update(candle(300, closed=False))
    chart.flush()
    assert chart.view._background is None


# ---------------------------------------------------------------- older candles


def test_older_candles_are_asked_for_once_near_the_left_end(chart: Chart) -> None:
    chart.look(31, 131)
    assert chart.older.all == []
    chart.look(29, 129)
    assert chart.older.all == [()]
    chart.look(10, 110)
    assert chart.older.all == [()], "they are on their way"
    chart.view.older_loaded()
    chart.look(9, 109)
    assert chart.older.all == [(), ()]


def test_nothing_is_asked_for_where_there_is_nothing_older(chart: Chart) -> None:
    chart.series.complete = True
    chart.look(0, 100)
    assert chart.older.all == []


def test_a_short_series_asks_at_once(qtbot: QtBot) -> None:
    assert Chart(qtbot, series_of(0, 50)).older.all == [()]


def test_some_candles_stay_in_view_however_far_one_drags(chart: Chart, qtbot: QtBot) -> None:
    for _ in range(5):
        chart.drag(qtbot, chart.at(chart.times[0] + 5), QPoint(780, 0))
    assert chart.times[1] == pytest.approx(5.0, abs=0.01), "the first five"
    for _ in range(8):
        chart.drag(qtbot, chart.at(chart.times[1] - 5), QPoint(-780, 0))
    assert chart.times[0] == pytest.approx(295.0, abs=0.01), "the last five"


# ---------------------------------------------------------------- prices


def test_prices_fit_what_is_in_view(chart: Chart) -> None:
    # 8 % of 110 − 90 above, and twice that below for the volume.
    assert chart.prices == pytest.approx((90 - 3.2, 110 + 1.6))
    chart.series.update(candle(150, low=40.0, high=140.0))
    chart.flush()
    assert chart.prices == pytest.approx((90 - 3.2, 110 + 1.6)), "minute 150 is out of view"
    chart.look(100, 200)
    assert chart.prices == pytest.approx((40 - 11.2, 140 + 5.6), abs=5)


def test_a_tick_beyond_the_range_widens_it(chart: Chart) -> None:
    chart.series.update(candle(299, low=80.0, high=120.0, closed=False))
    chart.flush()
    assert chart.prices == pytest.approx((80 - 6.4, 120 + 3.2))


def test_stretched_prices_stay_so_until_a_double_click_on_their_axis(
    chart: Chart, qtbot: QtBot
) -> None:
    fitted = chart.prices
    axis = QPoint(chart.view.width() - 10, chart.at(200).y())
    chart.turn_wheel(axis, -1)
    low, high = chart.prices
    assert high - low > fitted[1] - fitted[0]
    chart.flush(105.5)
    assert chart.prices == (low, high), "candles do not take the range back"
    qtbot.mouseDClick(chart.view, LEFT, pos=axis)
    assert chart.prices == pytest.approx(fitted)


@pytest.mark.parametrize("direction", [1, -1])
def test_dragging_the_price_axis_down_shows_more_prices_and_up_fewer(
    chart: Chart, qtbot: QtBot, direction: int
) -> None:
    before = chart.prices[1] - chart.prices[0]
    axis = QPoint(chart.view.width() - 10, chart.at(200).y())
    chart.drag(qtbot, axis, QPoint(0, 100 * direction))
    after = chart.prices[1] - chart.prices[0]
    assert after / before == pytest.approx(1.006 ** (100 * direction))
    assert chart.times == pytest.approx((186.0, 306.0)), "times are left alone"


def test_dragging_the_candles_moves_the_times_and_prices_follow(chart: Chart, qtbot: QtBot) -> None:
    chart.series.update(candle(150, low=40.0, high=140.0))
    width = chart.view.scene.area.width()
    chart.drag(qtbot, chart.at(200), QPoint(300, 30))
    minutes = 300 / width * 120
    assert chart.times == pytest.approx((186 - minutes, 306 - minutes))
    assert chart.prices == pytest.approx((40 - 16, 140 + 8))


def test_a_stretched_picture_can_be_dragged_up_and_down(chart: Chart, qtbot: QtBot) -> None:
    chart.turn_wheel(QPoint(chart.view.width() - 10, chart.at(200).y()), -1)
    low, high = chart.prices
    chart.drag(qtbot, chart.at(200), QPoint(0, 50))
    step = 50 / chart.view.scene.price_pane.area.height() * (high - low)
    assert chart.prices == pytest.approx((low + step, high + step))


def test_the_wheel_zooms_about_the_pointer(chart: Chart) -> None:
    place = chart.at(246)
    minute = chart.view.scene.times.time(place.x())
    chart.turn_wheel(place, 2)
    left, right = chart.times
    assert right - left == pytest.approx(120 * 1.0015**-240)
    assert chart.view.scene.times.time(place.x()) == pytest.approx(minute)


def test_the_wheel_with_shift_moves_through_time(chart: Chart) -> None:
    chart.turn_wheel(chart.at(246), 1, Qt.KeyboardModifier.ShiftModifier)
    assert chart.times == pytest.approx((186 - 12, 306 - 12))


def test_dragging_the_time_axis_zooms_and_a_double_click_leads_back(
    chart: Chart, qtbot: QtBot
) -> None:
    axis = QPoint(300, chart.view.height() - 8)
    chart.drag(qtbot, axis, QPoint(100, 0))
    left, right = chart.times
    assert right == pytest.approx(306)
    assert right - left == pytest.approx(120 * 1.006**-100)
    qtbot.mouseDClick(chart.view, LEFT, pos=axis)
    assert chart.times == pytest.approx((186, 306))


def test_keys_move_and_zoom(chart: Chart, qtbot: QtBot) -> None:
    qtbot.keyClick(chart.view, Qt.Key.Key_Left)
    assert chart.times == pytest.approx((174, 294))
    qtbot.keyClick(chart.view, Qt.Key.Key_End)
    assert chart.times == pytest.approx((186, 306))
    qtbot.keyClick(chart.view, Qt.Key.Key_Plus)
    assert chart.times == pytest.approx((306 - 96, 306))
    qtbot.keyClick(chart.view, Qt.Key.Key_Minus)
    assert chart.times == pytest.approx((186, 306))
    qtbot.keyClick(chart.view, Qt.Key.Key_Home)
    assert chart.times == pytest.approx((0, 120))


# ---------------------------------------------------------------- words


def test_the_last_price_stands_at_the_axis_and_says_if_it_is_not_true_any_more(
    chart: Chart,
) -> None:
    chart.flush(107.5)
    assert chart.view.tag_lines == ["107.50"]
    chart.flush(107.5, Freshness.LOST)
    assert chart.view.tag_lines == ["107.50", "lost"]
    chart.flush(107.5, Freshness.QUIET)
    assert chart.view.tag_lines == ["107.50"]


def test_the_time_until_the_candle_closes_is_counted_down(chart: Chart) -> None:
    start = (WEDNESDAY + 299 * 60) * 1_000
    chart.flush(107.5, now_ms=start + 1)
    assert chart.view.tag_lines == ["107.50", "1:00"]
    chart.flush(107.5, now_ms=start + 52_500)
    assert chart.view.tag_lines == ["107.50", "0:08"]
    chart.flush(107.5, now_ms=start + 61_000)
    assert chart.view.tag_lines == ["107.50"], "it is over, and the next has not come"


def test_hours_are_counted_down_with_hours(qtbot: QtBot) -> None:
    series = CandleSeries(BTC, "4h")
    series.merge([candle(0, interval="4h", closed=False)])
    chart = Chart(qtbot, series)
    chart.flush(107.5, now_ms=WEDNESDAY * 1_000 + 30 * 60_000)
    assert chart.view.tag_lines == ["107.50", "3:30:00"]


def test_a_candle_is_described_in_words(chart: Chart) -> None:
    assert chart.view.overlay.describe(61) == (
        "BTC/USDT · 1m   O 100.00  H 110.00  L 90.00  C 105.00  +5.00 %   Vol 12.5"
    )


def test_decimals_learnt_later_are_shown(chart: Chart) -> None:
    chart.view.set_decimals(4)
    chart.flush()
    assert chart.view.tag_lines == ["105.0000"]
    assert "C 105.0000" in chart.view.overlay.describe(0)


def test_the_pointer_reads_out_the_candle_under_it_and_tells_others_when(chart: Chart) -> None:
    heard = Heard()
    chart.view.crosshair_moved.connect(heard)
    source = chart.view.source
    assert source is not None
    assert chart.view.overlay.index_at_pointer(source) == 299, (
        "the newest, where there is no pointer"
    )
    chart.move(chart.at(200.5))
    assert chart.view.overlay.index_at_pointer(source) == 200
    ((time,),) = heard.all
    assert isinstance(time, float)
    assert (time / 1_000 - WEDNESDAY) / 60 == pytest.approx(200.5, abs=0.1)
    QApplication.sendEvent(chart.view, QEvent(QEvent.Type.Leave))
    assert heard.all[-1] == (None,)


def test_the_pointer_of_another_chart_is_marked_here(chart: Chart) -> None:
    before = chart.view.grab().toImage()
    chart.view.show_crosshair((WEDNESDAY + 250 * 60) * 1_000)
    assert chart.view.grab().toImage() != before
    source = chart.view.source
    assert source is not None
    assert chart.view.overlay.index_at_pointer(source) == 250


# ---------------------------------------------------------------- alerts


def alert(name: str, level: float, fired: int | None = None) -> Alert:
    return Alert(name, BTC, (PriceLevel(Kind.CROSSES, level),), fired=fired)


def test_armed_alerts_are_lines_at_their_levels(chart: Chart) -> None:
    chart.view.set_alerts([alert("a", 95.0), alert("b", 99.0, fired=1), alert("c", 108.0)])
    assert [(each.price, each.text) for each in chart.view.scene.levels] == [
        (95.0, "⚑ 95.00"),
        (108.0, "⚑ 108.00"),
    ]
    assert DARK.accent in chart.colours()
    chart.view.set_alerts([])
    assert DARK.accent not in chart.colours()


def line_of(chart: Chart, price: float) -> QPoint:
    """A point on the line of an alert, away from the newest bars."""
    pane = chart.view.scene.price_pane
    return QPoint(round(pane.area.left()) + 100, round(pane.scale.y(price)))


def test_the_line_of_an_alert_is_dragged_to_a_price_that_the_exchange_has(
    chart: Chart, qtbot: QtBot
) -> None:
    moved = Heard()
    chart.view.alert_moved.connect(lambda *told: moved(*told))
    chart.view.set_alerts([alert("mine", 103.0)])
    start = line_of(chart, 103.0)
    times = chart.times
    chart.drag(qtbot, start, line_of(chart, 101.0) - start)
    ((name, price),) = moved.all
    assert name == "mine"
    assert price == round(price, 2) == pytest.approx(101.0, abs=0.1)
    assert chart.times == times  # the picture stayed where it was


def test_escape_leaves_the_line_where_it_was(chart: Chart, qtbot: QtBot) -> None:
    moved = Heard()
    chart.view.alert_moved.connect(lambda *told: moved(*told))
    chart.view.set_alerts([alert("mine", 103.0)])
    start = line_of(chart, 103.0)
    chart.move(start)
    qtbot.mousePress(chart.view, Qt.MouseButton.LeftButton, pos=start)
    chart.move(line_of(chart, 101.0), Qt.MouseButton.LeftButton)
    qtbot.keyClick(chart.view, Qt.Key.Key_Escape)
    qtbot.mouseRelease(chart.view, Qt.MouseButton.LeftButton, pos=line_of(chart, 101.0))
    assert moved.all == []


def test_a_line_that_is_only_clicked_stays_and_a_double_click_opens_it(
    chart: Chart, qtbot: QtBot
) -> None:
    moved, opened = Heard(), Heard()
    chart.view.alert_moved.connect(lambda *told: moved(*told))
    chart.view.alert_opened.connect(lambda name: opened(name))
    chart.view.set_alerts([alert("mine", 103.0)])
    qtbot.mouseClick(chart.view, Qt.MouseButton.LeftButton, pos=line_of(chart, 103.0))
    qtbot.mouseDClick(chart.view, Qt.MouseButton.LeftButton, pos=line_of(chart, 103.0))
    assert (moved.all, opened.all) == ([], [("mine",)])


def test_beside_the_line_the_picture_is_dragged_as_ever(chart: Chart, qtbot: QtBot) -> None:
    moved = Heard()
    chart.view.alert_moved.connect(lambda *told: moved(*told))
    chart.view.set_alerts([alert("mine", 103.0)])
    times = chart.times
    chart.drag(qtbot, line_of(chart, 103.0) + QPoint(0, 30), QPoint(60, 0))
    assert moved.all == []
    assert chart.times != times


def test_moments_at_which_it_would_have_fired_are_marked(chart: Chart) -> None:
    before = chart.view.grab().toImage()
    start = (WEDNESDAY + 250 * 60) * 1_000
    chart.view.set_moments([(start, 103.0)])
    assert chart.view.grab().toImage() != before
    assert DARK.warning in chart.colours()
    chart.view.set_moments([])
    assert DARK.warning not in chart.colours()


def test_a_moment_is_brought_into_the_middle(chart: Chart) -> None:
    time = (WEDNESDAY + 100 * 60) * 1_000
    chart.view.go_to(time)
    times = chart.view.scene.times
    assert times.left < time < times.right
    assert time == pytest.approx((times.left + times.right) / 2, abs=times.span / 10)


def test_a_far_alert_does_not_squeeze_the_candles(chart: Chart) -> None:
    before = chart.prices
    chart.view.set_alerts([alert("a", 100_000.0)])
    chart.flush(105.5)
    assert chart.prices == before


def test_a_right_click_offers_the_price_under_the_pointer(chart: Chart, qtbot: QtBot) -> None:
    heard = Heard()
    chart.view.menu_wanted.connect(heard)
    place = chart.at(250)
    qtbot.mouseClick(chart.view, Qt.MouseButton.RightButton, pos=place)
    QApplication.sendEvent(chart.view, context_menu(place, chart.view))
    ((price, _),) = heard.all
    assert price == pytest.approx(chart.view.scene.price_pane.scale.price(place.y()))


def context_menu(place: QPoint, view: ChartView) -> QEvent:
    from PySide6.QtGui import QContextMenuEvent

    return QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.mapToGlobal(place))


# ---------------------------------------------------------------- painting


def test_candles_are_painted_in_the_colours_of_the_theme(chart: Chart) -> None:
    chart.look(250, 310)
    assert {DARK.panel, DARK.up} <= chart.colours()
    assert DARK.down not in chart.colours(), "every candle rose"
    chart.view.set_theme(LIGHT)
    chart.flush()
    assert {LIGHT.panel, LIGHT.up} <= chart.colours()


def test_a_view_without_candles_in_it_paints_none(chart: Chart) -> None:
    chart.look(1_000, 1_100)
    assert DARK.up not in chart.colours()


STYLE_COLOURS = {
    "candles": {DARK.up, DARK.down},
    "hollow": {DARK.up, DARK.down},
    "bars": {DARK.up, DARK.down},
    "heikin-ashi": {DARK.up, DARK.down},
    "line": set(),  # its line is smoothed into the ground
    "area": set(),
}


@pytest.mark.parametrize("style", BAR_STYLES)
def test_every_style_paints_bars_up_and_down(qtbot: QtBot, style: str) -> None:
    series = CandleSeries(BTC, "1m")
    rows = [candle(number) for number in range(60)]
    falling = [replace_prices(each, number) for number, each in enumerate(rows)]
    series.merge(falling)
    chart = Chart(qtbot, series)
    empty = chart.colours()
    chart.view.set_look(replace(chart.view.scene.look, style=style, volume=False))
    assert STYLE_COLOURS[style] <= chart.colours()
    assert len(empty) > 2


def replace_prices(each: object, number: int) -> object:
    """Six up, six down."""
    import msgspec

    base = 100.0 + (number % 12 if number % 12 < 6 else 12 - number % 12) * 4
    closes = base + (4 if number % 12 < 6 else -4)
    return msgspec.structs.replace(
        each, open=base, close=closes, high=max(base, closes) + 1, low=min(base, closes) - 1
    )


def test_a_bar_drawn_alone_is_where_it_is_drawn_with_the_others(chart: Chart) -> None:
    """The newest bar is painted over the background; with another behind it, it is part of it."""
    chart.series.update(candle(299, low=95.0, high=108.0, closed=True))
    chart.flush()
    chart.look(280, 310)
    scene = chart.view.scene
    x = round(scene.times.x((WEDNESDAY + 299.5 * 60) * 1_000))
    alone = column(chart, x)
    chart.series.update(candle(300, low=95.0, high=108.0, closed=False))
    chart.flush()
    chart.look(280, 310)
    assert column(chart, x) == alone


def column(chart: Chart, x: int) -> list[str]:
    image = chart.view.grab().toImage()
    area = chart.view.scene.area.toRect()
    return [image.pixelColor(x, y).name() for y in range(area.top() + 40, area.bottom())]


# ---------------------------------------------------------------- indicators and scales


def test_an_indicator_over_the_price_shares_its_pane_and_others_get_their_own(
    chart: Chart,
) -> None:
    look = Look(indicators=(Indicator.make("sma"), Indicator.make("rsi")))
    chart.view.set_look(look)
    panes = chart.view.scene.panes
    assert [[plot.indicator.kind for plot in pane.plots] for pane in panes] == [["sma"], ["rsi"]]
    assert panes[1].area.top() >= panes[0].area.bottom() - 1
    chart.view.set_look(Look())
    assert len(chart.view.scene.panes) == 1


def test_per_cent_counts_from_the_first_close_in_view(chart: Chart) -> None:
    chart.view.set_look(Look(scale="percent", zone="UTC"))
    chart.flush(105.0)
    assert chart.view.tag_lines == ["0.00 %"]
    chart.flush(110.25)
    assert chart.view.tag_lines == ["+5.00 %"]


ETH = Instrument("okx", "ETH", "USDT")


def test_a_compared_instrument_is_drawn_in_per_cent_of_where_both_stood_at_the_left(
    qtbot: QtBot,
) -> None:
    chart = Chart(qtbot, series_of(0, 100))
    other = CandleSeries(ETH, "1m")
    import msgspec

    other.merge([
        msgspec.structs.replace(candle(number), instrument=ETH, close=2_000.0 + 20 * number)
        for number in range(100)
    ])  # fmt: skip
    chart.view.set_compared([other])
    chart.look(10, 100)
    _, prices = chart.view.scene.compared_prices(chart.view.scene.compared[0])
    # 2,200 at the left is where our 105 is; 3,980 at the right is 1.809 times that.
    assert prices[0] == pytest.approx(105.0)
    assert prices[-1] == pytest.approx(105.0 * 3_980 / 2_200)
    chart.flush(105.0)
    assert chart.view.tag_lines == ["0.00 %"]
    words = [text for text, _ in chart.view.scene.read_outs(chart.view.scene.price_pane, 99)]
    assert words == ["okx:ETH/USDT +80.91 %"]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("size", [(240, 180), (2_400, 1_300)])
def test_small_and_large_charts_paint_without_complaint(
    qtbot: QtBot, theme: Theme, size: tuple[int, int]
) -> None:
    chart = Chart(qtbot, series_of(0, 300), decimals=8)
    chart.view.set_theme(theme)
    chart.view.resize(*size)
    chart.view.set_look(
        Look(indicators=tuple(Indicator.make(kind) for kind in ("sma", "rsi", "macd", "atr")))
    )
    chart.flush(0.00001234)
    assert not chart.view.grab().isNull()


# ---------------------------------------------------------------- halts, holes, sameness


def test_a_quiet_instrument_says_so_once_its_newest_candle_is_over(chart: Chart) -> None:
    end = (WEDNESDAY + 300 * 60) * 1_000
    chart.flush(107.5, Freshness.QUIET, now_ms=end - 8_000)
    assert chart.view.tag_lines == ["107.50", "0:08"], "a candle may well have a quiet while"
    chart.flush(107.5, Freshness.QUIET, now_ms=end + 60_000)
    assert chart.view.tag_lines == ["107.50", "quiet"]
    chart.flush(107.5, Freshness.STALE, now_ms=end + 60_000)
    assert chart.view.tag_lines == ["107.50", "stale"]


def test_a_halt_is_said_before_quiet_but_after_a_lost_connection(chart: Chart) -> None:
    chart.view.set_halted(True)
    chart.flush(107.5, Freshness.QUIET)
    assert chart.view.tag_lines == ["107.50", "halted"]
    chart.flush(107.5, Freshness.LOST)
    assert chart.view.tag_lines == ["107.50", "lost"]
    chart.view.set_halted(False)
    chart.flush(107.5, Freshness.LIVE)
    assert chart.view.tag_lines == ["107.50"]


def test_minutes_without_candles_stay_empty_at_their_place_on_the_time_axis(qtbot: QtBot) -> None:
    series = CandleSeries(BTC, "1m")
    series.merge([candle(number) for number in (*range(0, 50), *range(80, 120))])
    chart = Chart(qtbot, series)
    chart.look(30, 110)
    image = chart.view.grab().toImage()
    area = chart.view.scene.price_pane.area.toRect()
    rows = range(area.top() + 60, area.bottom() - 60)

    def candle_seen(minute: float) -> bool:
        x = chart.at(minute).x()
        coloured = sum(image.pixelColor(x, y).name() == DARK.up for y in rows)
        return coloured > 5  # the line of the last price is one

    assert [candle_seen(each + 0.5) for each in (48, 49, 50, 65, 79, 80, 81)] == [
        True, True, False, False, False, True, True,
    ]  # fmt: skip


def test_the_pointer_in_a_hole_reads_out_that_nobody_traded(qtbot: QtBot) -> None:
    series = CandleSeries(BTC, "1m")
    series.merge([candle(number) for number in (*range(0, 50), *range(80, 120))])
    chart = Chart(qtbot, series)
    chart.look(30, 110)
    source, overlay = chart.view.source, chart.view.overlay
    assert source is not None

    def said(minute: float) -> str:
        chart.move(chart.at(minute))
        return overlay._read_outs(source)[0].text

    assert said(49.5).startswith("BTC/USDT · 1m   O 100.00")
    assert said(60.5) == "BTC/USDT · 1m   No trades at this time"
    assert overlay.snapped_time(chart.at(60.5).x()) == (WEDNESDAY + 60.5 * 60) * 1_000
    assert said(80.5).startswith("BTC/USDT · 1m   O 100.00")


def test_the_31st_of_a_month_belongs_to_its_candle(qtbot: QtBot) -> None:
    series = CandleSeries(BTC, "1M")
    january, february, march = 1_704_067_200, 1_706_745_600, 1_709_251_200  # 2024, UTC
    series.merge([
        Candle(BTC, "1M", start * 1_000, 1.0, 2.0, 1.0, 2.0, 5.0, True)
        for start in (january, february, march)
    ])  # fmt: skip
    chart = Chart(qtbot, series)
    source = chart.view.source
    assert source is not None
    chart.view.show_crosshair((february - 3_600) * 1_000.0)  # 31 January, 23:00
    assert "No trades" not in chart.view.overlay._read_outs(source)[0].text


def test_the_same_bars_again_keep_view_and_computed_values(chart: Chart) -> None:
    chart.view.set_look(Look(zone="UTC", indicators=(Indicator.make("rsi"),)))
    chart.look(100, 200)
    chart.view.scene.panes[1].scale.stretch(2.0)
    stretched = chart.view.scene.panes[1].scale.shown
    source, plot = chart.view.source, chart.view.scene.plots[0]
    chart.view.show_series(chart.series, 2)
    chart.flush(105.0)
    assert chart.times == pytest.approx((100.0, 200.0))
    assert chart.view.scene.panes[1].scale.shown == stretched
    assert chart.view.source is source
    assert chart.view.scene.plots[0] is plot


def test_a_fresh_object_with_the_same_bars_keeps_the_view_too(chart: Chart) -> None:
    chart.look(100, 200)
    chart.view.show_series(series_of(0, 300), 2)
    assert chart.view.notice.isHidden()
    chart.flush(105.0)
    assert chart.times == pytest.approx((100.0, 200.0))


def test_another_indicator_leaves_the_scale_of_a_stretched_pane(chart: Chart) -> None:
    rsi, macd = Indicator.make("rsi"), Indicator.make("macd")
    chart.view.set_look(Look(zone="UTC", indicators=(rsi,)))
    chart.view.scene.panes[1].scale.stretch(2.0)
    stretched = chart.view.scene.panes[1].scale.shown
    chart.view.set_look(Look(zone="UTC", indicators=(macd, rsi)))
    assert chart.view.scene.panes[2].scale.shown == stretched


@pytest.mark.parametrize("width", [220, 300, 420, 900, 2_000])
def test_labels_of_the_time_axis_are_apart_and_the_first_says_the_day(
    chart: Chart, width: int
) -> None:
    chart.view.resize(width, 400)
    for left, right in ((100, 106), (186, 306), (-3_000, 300), (-200_000, 300)):
        chart.look(left, right)
        scene = chart.view.scene
        ticks = scene.labels.ticks(
            scene.times.left, scene.times.right, scene.area.width(), TIME_LABEL_PIXELS
        )
        placed = apart(scene, ticks)
        assert placed[0][0].strong
        assert placed[0][1] >= 0
        for (_, before, wide), (_, after, _) in itertools.pairwise(placed):
            assert after >= before + wide


# ---------------------------------------------------------------- what lies over what


def image_of(chart: Chart) -> QImage:
    return chart.view.grab().toImage()


def test_a_tag_leaves_no_half_of_a_label_beside_it(chart: Chart) -> None:
    scene = chart.view.scene
    chart.flush(105.0)
    chart.view.repaint()
    near = scene.price_pane.labels[len(scene.price_pane.labels) // 2]
    line = scene.metrics.height()
    price = scene.price_pane.scale.price(near + line)  # its tag would cut the label in two
    chart.flush(price)
    image = image_of(chart)
    left, right = round(scene.area.right()) + 2, chart.view.width() - 2
    tag_top = round(near + line - line / 2 - 1)
    above = {
        image.pixelColor(x, y).name()
        for x in range(left, right)
        for y in range(round(near - line / 2) + 1, tag_top)
    }
    assert above == {DARK.panel}


def test_the_tag_of_the_time_leaves_no_half_of_a_label_beside_it(chart: Chart) -> None:
    scene = chart.view.scene
    chart.view.repaint()
    begin, end = scene.time_places[len(scene.time_places) // 2]
    chart.move(QPoint(round(end) + 60, 200))
    image = image_of(chart)
    y = range(round(scene.area.bottom()) + 3, chart.view.height() - 2)
    tag = {DARK.crosshair, DARK.panel}
    beside = {
        image.pixelColor(x, each).name()
        for x in range(round(begin), round(begin) + 8)
        for each in y
    }
    assert beside <= tag


def test_a_band_filled_towards_the_newest_candle_covers_none_before_it(qtbot: QtBot) -> None:
    series = CandleSeries(BTC, "1m")
    series.merge([replace_prices(candle(number), number) for number in range(60)])
    chart = Chart(qtbot, series)
    chart.view.set_look(Look(zone="UTC", volume=False, indicators=(Indicator.make("bollinger"),)))
    chart.look(48, 62)
    image, scene = image_of(chart), chart.view.scene
    middle = round(scene.times.x((WEDNESDAY + 58.5 * 60) * 1_000))
    row = round(scene.price_pane.scale.y(105.0))  # it falls from 108 to 104, within the band
    assert [image.pixelColor(middle + dx, row).name() for dx in (-8, 8)] == [DARK.down] * 2
    assert image.pixelColor(middle + 30, row).name() not in (DARK.down, DARK.panel), "the band"


def test_the_picture_behind_has_as_many_dots_as_the_screen(
    chart: Chart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chart.view, "devicePixelRatioF", lambda: 2.0)
    chart.view.redraw()
    chart.view.repaint()
    background = chart.view._background
    assert background is not None
    assert (background.width(), background.devicePixelRatio()) == (2 * chart.view.width(), 2.0)


def test_a_trade_repaints_where_lines_are_drawn_ahead_and_behind(chart: Chart) -> None:
    chart.view.set_look(Look(zone="UTC", indicators=(Indicator.make("ichimoku"),)))
    chart.look(200, 340)
    chart.view.repaint()
    live = chart.view._live
    assert [live.contains(chart.at(minute)) for minute in (299.5 - 26, 299.5, 299.5 + 26)] == [
        True, True, True,
    ]  # fmt: skip
    assert not live.contains(chart.at(285))


def test_a_wick_stands_in_the_middle_of_its_body_on_a_screen_of_twice_the_dots() -> None:
    image = QImage(80, 80, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2.0)
    image.fill(QColor(DARK.panel))
    scale = PriceScale()
    scale.top, scale.height, scale.shown = 0.0, 40.0, Range(0.0, 40.0)
    rows = np.array([[0.0], [10.0], [35.0], [5.0], [20.0], [1.0]])
    bars = BarPainter(Brushwork())
    bars.set_theme(DARK)
    painter = QPainter(image)
    bars.paint(painter, Bars(rows, np.array([20.0]), 5.0), scale, "candles")
    painter.end()

    def dots(y: int) -> list[int]:
        return [x for x in range(80) if image.pixelColor(x, y).name() == DARK.up]

    wick, body = dots(2 * 10), dots(2 * 25)
    assert (len(wick), len(body)) == (2, 10), "one and five pixels of two dots each"
    assert wick[0] + wick[-1] == body[0] + body[-1]
    assert (dots(2 * 35 + 1), dots(2 * 35 + 2)) == (wick, []), "it ends with the pixel of the low"
