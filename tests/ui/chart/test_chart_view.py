"""The chart: what it shows, when it moves by itself, and what the hands do."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert, Condition
from tickglass.market.candles import CandleSeries
from tickglass.market.freshness import Freshness
from tickglass.market.indicators import Indicator
from tickglass.market.instrument import Instrument
from tickglass.ui.chart.bars import BAR_STYLES
from tickglass.ui.chart.chart_view import EMPTY, LOADING, ChartView
from tickglass.ui.chart.look import Look
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
    assert chart.view.describe(61) == (
        "BTC/USDT · 1m   O 100.00  H 110.00  L 90.00  C 105.00  +5.00 %   Vol 12.5"
    )


def test_decimals_learnt_later_are_shown(chart: Chart) -> None:
    chart.view.set_decimals(4)
    chart.flush()
    assert chart.view.tag_lines == ["105.0000"]
    assert "C 105.0000" in chart.view.describe(0)


def test_the_pointer_reads_out_the_candle_under_it_and_tells_others_when(chart: Chart) -> None:
    heard = Heard()
    chart.view.crosshair_moved.connect(heard)
    source = chart.view.source
    assert source is not None
    assert chart.view._index_at_pointer(source) == 299, "the newest, where there is no pointer"
    chart.move(chart.at(200.5))
    assert chart.view._index_at_pointer(source) == 200
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
    assert chart.view._index_at_pointer(source) == 250


# ---------------------------------------------------------------- alerts


def alert(name: str, level: float, fired: int | None = None) -> Alert:
    return Alert(name, BTC, Condition.CROSSES, level, fired=fired)


def test_armed_alerts_are_lines_at_their_levels(chart: Chart) -> None:
    chart.view.set_alerts([alert("a", 95.0), alert("b", 99.0, fired=1), alert("c", 108.0)])
    assert [(each.price, each.text) for each in chart.view.scene.levels] == [
        (95.0, "⚑ 95.00"),
        (108.0, "⚑ 108.00"),
    ]
    assert DARK.accent in chart.colours()
    chart.view.set_alerts([])
    assert DARK.accent not in chart.colours()


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
    _, prices = chart.view.scene._compared_prices(chart.view.scene.compared[0])
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
