"""The chart: what it shows, when it moves by itself, and what it asks for."""

from collections.abc import Iterator

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert, Condition
from tickglass.market.candles import CandleSeries
from tickglass.market.freshness import Freshness
from tickglass.ui.chart.chart_view import EMPTY, LOADING, ChartView
from tickglass.ui.theme import DARK, LIGHT

from ..helpers import BTC, WEDNESDAY, Heard, candle, series_of

LIVE = Freshness.LIVE


@pytest.fixture(autouse=True)
def every_move_counts() -> Iterator[None]:
    """pyqtgraph drops moves that come faster than a hand's."""
    rate = pg.getConfigOption("mouseRateLimit")
    pg.setConfigOption("mouseRateLimit", -1)
    yield
    pg.setConfigOption("mouseRateLimit", rate)


class Chart:
    """A chart on the screen, with minutes from Wednesday's beginning on."""

    def __init__(self, qtbot: QtBot, series: CandleSeries, decimals: int | None = 2) -> None:
        self.series = series
        self.view = ChartView(DARK)
        qtbot.addWidget(self.view)
        self.view.resize(900, 500)
        self.view.show()
        self.older, self.retry = Heard(), Heard()
        self.view.older_wanted.connect(self.older)
        self.view.retry_wanted.connect(self.retry)
        self.view.show_series(series, decimals)
        self.flush()

    def flush(self, price: float | None = None, freshness: Freshness = LIVE) -> None:
        self.view.flush(price, freshness)

    @property
    def times(self) -> tuple[float, float]:
        """The edges of the view, in minutes of Wednesday."""
        left, right = self.view.view.viewRange()[0]
        return (left - WEDNESDAY) / 60, (right - WEDNESDAY) / 60

    @property
    def prices(self) -> tuple[float, float]:
        low, high = self.view.view.viewRange()[1]
        return low, high

    def look(self, left: float, right: float) -> None:
        """Pan and zoom to these minutes."""
        self.view.view.setXRange(WEDNESDAY + left * 60, WEDNESDAY + right * 60, padding=0)


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
    assert chart.view.read_out.isVisible()
    assert chart.view.latest.isHidden()


def test_a_failure_says_why_and_a_click_tries_again(chart: Chart, qtbot: QtBot) -> None:
    chart.view.show_series(CandleSeries(BTC, "1h"))
    chart.view.fail("Binance does not answer.")
    assert chart.view.notice.text() == "Binance does not answer."
    assert chart.view.retry.isVisible()
    qtbot.mouseClick(chart.view.retry, Qt.MouseButton.LeftButton)
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
    assert chart.view.last_line.isVisible()
    chart.view.show_series(None)
    assert not chart.view.last_line.isVisible()
    assert chart.view.tag.isHidden()
    assert chart.view.notice.text() == EMPTY


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
    qtbot.mouseClick(chart.view.latest, Qt.MouseButton.LeftButton)
    assert chart.times == pytest.approx((207.0, 307.0))
    assert chart.view.following
    assert chart.view.latest.isHidden()


def test_older_candles_do_not_move_the_view(chart: Chart) -> None:
    chart.look(50, 150)
    before = chart.times
    chart.series.merge([candle(number) for number in range(-500, 0)])
    chart.flush()
    assert chart.times == before


def test_an_unchanged_series_is_not_painted_again(chart: Chart) -> None:
    chart.look(100, 200)
    low, high = chart.prices
    chart.view.view.setYRange(low - 5, high + 5, padding=0)
    chart.flush()
    assert chart.prices == pytest.approx((low - 5, high + 5))
    chart.flush(105.5)
    assert chart.prices == pytest.approx((low, high))


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


# ---------------------------------------------------------------- prices


def test_prices_fit_what_is_in_view(chart: Chart) -> None:
    # 8 % of 110 − 90 above, and twice that below for the volume.
    assert chart.prices == pytest.approx((90 - 3.2, 110 + 1.6))
    chart.series.update(candle(150, low=40.0, high=140.0))
    chart.flush()
    assert chart.prices == pytest.approx((90 - 3.2, 110 + 1.6)), "minute 150 is out of view"
    chart.look(100, 200)
    assert chart.prices == pytest.approx((40 - 16, 140 + 8))


def test_flat_prices_have_some_room(qtbot: QtBot) -> None:
    series = CandleSeries(BTC, "1m")
    series.merge([candle(number, low=100.0, high=100.0) for number in range(5)])
    assert Chart(qtbot, series).prices == pytest.approx((99.8, 100.1))


def on_the_price_axis(chart: Chart, down: int) -> QPoint:
    """A place right of the candles, so many pixels below the middle."""
    area = chart.view.view.sceneBoundingRect()
    return QPoint(round(area.right()) + 20, round(area.center().y()) + down)


def test_stretched_prices_stay_so_until_a_double_click_on_their_axis(
    chart: Chart, qtbot: QtBot
) -> None:
    fitted = chart.prices
    chart.view.prices.scaled.emit(2.0)
    low, high = chart.prices
    assert high - low == pytest.approx(2 * (fitted[1] - fitted[0]))
    assert high + low == pytest.approx(fitted[1] + fitted[0])
    chart.flush(105.5)
    assert chart.prices == (low, high), "candles do not take the range back"
    viewport, place = chart.view.plot.viewport(), on_the_price_axis(chart, 0)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert chart.prices == pytest.approx(fitted)


@pytest.mark.parametrize("direction", [1, -1])
def test_dragging_the_price_axis_down_shows_more_prices_and_up_fewer(
    chart: Chart, qtbot: QtBot, direction: int
) -> None:
    before = chart.prices[1] - chart.prices[0]
    viewport, left = chart.view.plot.viewport(), Qt.MouseButton.LeftButton
    qtbot.mousePress(viewport, left, pos=on_the_price_axis(chart, 0))
    for step in range(0, 101, 10):
        move_pressed(chart, on_the_price_axis(chart, direction * step))
    qtbot.mouseRelease(viewport, left, pos=on_the_price_axis(chart, direction * 100))
    # 100 pixels of 0.6 % each; the first few only tell a drag from a click.
    after = chart.prices[1] - chart.prices[0]
    assert after / before == pytest.approx(1.006 ** (100 * direction), rel=0.13)
    assert chart.times == pytest.approx((186.0, 306.0)), "times are left alone"


def test_dragging_the_candles_moves_the_times_and_prices_follow(chart: Chart, qtbot: QtBot) -> None:
    chart.series.update(candle(150, low=40.0, high=140.0))
    area = chart.view.view.sceneBoundingRect()
    viewport, left = chart.view.plot.viewport(), Qt.MouseButton.LeftButton
    start = QPoint(round(area.center().x()) - 100, round(area.center().y()))
    qtbot.mousePress(viewport, left, pos=start)
    for step in range(0, 301, 10):
        move_pressed(chart, start + QPoint(step, step // 10))
    qtbot.mouseRelease(viewport, left, pos=start + QPoint(300, 30))
    minutes = 300 / area.width() * 120
    assert chart.times == pytest.approx((186 - minutes, 306 - minutes), abs=3)
    assert chart.prices == pytest.approx((40 - 16, 140 + 8))


def move_pressed(chart: Chart, to: QPoint) -> None:
    """Move the mouse with the left button held, which QTest cannot say."""
    viewport, left = chart.view.plot.viewport(), Qt.MouseButton.LeftButton
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(to),
        QPointF(viewport.mapToGlobal(to)),
        Qt.MouseButton.NoButton,
        left,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)


def test_the_last_price_stands_at_the_axis_and_says_if_it_is_not_true_any_more(
    chart: Chart,
) -> None:
    chart.flush(107.5)
    assert chart.view.tag.text() == "107.50"
    assert chart.view.last_line.value() == 107.5
    assert chart.view.tag.isVisible()
    chart.flush(107.5, Freshness.LOST)
    assert chart.view.tag.text() == "107.50 lost"
    chart.flush(107.5, Freshness.QUIET)
    assert chart.view.tag.text() == "107.50"


def test_without_a_last_price_the_close_stands_there(chart: Chart) -> None:
    assert chart.view.tag.text() == "105.00"


def test_a_last_price_out_of_view_has_no_tag(chart: Chart) -> None:
    chart.flush(500.0)
    assert chart.view.tag.isHidden()


@pytest.mark.usefixtures("utc")
def test_a_candle_is_described_in_words(chart: Chart) -> None:
    assert chart.view.describe(61) == (
        "BTC/USDT · 1m   Wed 22 Nov 2023  01:01   O 100.00  H 110.00  L 90.00  C 105.00  "
        "+5.00 %   Vol 12.5"
    )


def test_decimals_learnt_later_are_shown(chart: Chart) -> None:
    chart.view.set_decimals(4)
    chart.flush()
    assert chart.view.tag.text() == "105.0000"
    assert "C 105.0000" in chart.view.describe(0)


@pytest.mark.usefixtures("utc")
def test_the_pointer_reads_out_the_candle_under_it(chart: Chart, qtbot: QtBot) -> None:
    assert "04:59" in chart.view.read_out.text(), "the newest, where there is no pointer"
    area = chart.view.view.sceneBoundingRect()
    x = area.left() + area.width() * (200.5 - 186) / 120
    viewport = chart.view.plot.viewport()
    qtbot.mouseMove(viewport, QPoint(round(x), round(area.center().y())))
    assert "03:20" in chart.view.read_out.text()
    assert all(line.isVisible() for line in chart.view.cross)


# ---------------------------------------------------------------- alerts


def alert(name: str, level: float, fired: int | None = None) -> Alert:
    return Alert(name, BTC, Condition.CROSSES, level, fired=fired)


def lines(chart: Chart) -> list[float]:
    """The levels of the lines that carry a label."""
    items = chart.view.plot.getPlotItem().items
    return [item.value() for item in items if getattr(item, "label", None) is not None]


def test_armed_alerts_are_lines_at_their_levels(chart: Chart) -> None:
    chart.view.set_alerts([alert("a", 95.0), alert("b", 99.0, fired=1), alert("c", 108.0)])
    assert lines(chart) == [95.0, 108.0]
    chart.view.set_alerts([alert("c", 108.0)])
    assert lines(chart) == [108.0]
    chart.view.set_alerts([])
    assert lines(chart) == []


def test_a_far_alert_does_not_squeeze_the_candles(chart: Chart) -> None:
    before = chart.prices
    chart.view.set_alerts([alert("a", 100_000.0)])
    chart.flush(105.5)
    assert chart.prices == before


# ---------------------------------------------------------------- painting


def painted(chart: Chart) -> set[str]:
    """The colours of the picture."""
    image = chart.view.plot.grab().toImage()
    return {
        image.pixelColor(x, y).name()
        for y in range(0, image.height(), 2)
        for x in range(0, image.width(), 2)
    }


def test_candles_are_painted_in_the_colours_of_the_theme(chart: Chart) -> None:
    chart.look(250, 310)
    QApplication.processEvents()
    assert {DARK.panel, DARK.up} <= painted(chart)
    assert DARK.down not in painted(chart), "every candle rose"
    chart.view.set_theme(LIGHT)
    chart.flush()
    assert {LIGHT.panel, LIGHT.up} <= painted(chart)


def test_a_view_without_candles_in_it_paints_none(chart: Chart) -> None:
    chart.look(1_000, 1_100)
    chart.series.update(candle(299, closed=False))
    assert DARK.up not in painted(chart)
