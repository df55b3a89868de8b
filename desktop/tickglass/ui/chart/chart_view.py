"""The chart of one instrument: candles, volume, crosshair, and what the person does with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from ...alerts.alert import Alert
from ...market.candles import CLOSE, HIGH, LOW, OPEN, START, VOLUME, CandleSeries
from ...market.freshness import Freshness
from ...market.interval import milliseconds
from ..text import amount_text, change_text, price_text
from ..theme import ALERT_MARK, GAP, GAP_SMALL, Theme
from .axes import PriceAxis, TimeAxis
from .items import MS, CandleItem, VolumeItem, visible_rows

BARS_SHOWN = 120
BARS_MARGIN = 6  # free space right of the last bar
BARS_LEAST, BARS_MOST = 5, 1_000_000
OLDER_WITHIN = 30  # bars from the oldest at which more are asked for
GRID_ALPHA = 70  # of 255
HEADROOM = 0.08  # of the price range, above and below
LOADING, EMPTY = "Loading candles…", "Choose a pair to see its chart."


class TimeView(pg.ViewBox):  # type: ignore[misc]
    """Pans and zooms time; prices follow by themselves until their axis is dragged."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setMouseEnabled(x=True, y=False)
        self.disableAutoRange()


class ChartView(QWidget):
    """Shows a CandleSeries. ``flush`` repaints only if something it shows has changed."""

    older_wanted = Signal()
    retry_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._series: CandleSeries | None = None
        self._decimals: int | None = None
        self._shown: tuple[object, ...] = ()
        self._last_start: int | None = None
        self._asked = False
        self._auto_prices = True
        self._pointer: QPointF | None = None
        self._alerts: list[pg.InfiniteLine] = []
        self.times, self.prices = TimeAxis(), PriceAxis()
        self.view = TimeView()
        self.plot = pg.PlotWidget(
            viewBox=self.view, axisItems={"bottom": self.times, "right": self.prices}
        )
        self.candles, self.volume = CandleItem(), VolumeItem()
        self.last_line = pg.InfiniteLine(angle=0)
        self.tag = QLabel(self)
        self.cross = (pg.InfiniteLine(angle=90), pg.InfiniteLine(angle=0))
        self.read_out = QLabel(self)
        self.notice = QLabel(EMPTY, self)
        self.retry = QPushButton("Try again", self)
        self.latest = QToolButton(self)
        self._build()
        self.set_theme(theme)
        self._say(EMPTY)

    # ------------------------------------------------------------ what to show

    def show_series(self, series: CandleSeries | None, decimals: int | None = None) -> None:
        """Show another series, or none; it may still be empty."""
        self._series, self._decimals = series, decimals
        self._shown, self._last_start, self._asked, self._auto_prices = (), None, False, True
        self.prices.decimals = decimals
        seconds = self._seconds
        for item in (self.volume, self.candles):
            item.set_series(series, seconds)
        self.view.setLimits(minXRange=BARS_LEAST * seconds, maxXRange=BARS_MOST * seconds)
        self.last_line.hide()
        self.tag.hide()
        self._say(EMPTY if series is None else LOADING)

    def set_decimals(self, decimals: int | None) -> None:
        """The decimals of the instrument's prices became known."""
        self._decimals = self.prices.decimals = decimals
        self._shown = ()

    def fail(self, sentence: str) -> None:
        """Say why there are no candles, and offer to try again."""
        self._say(sentence, retry=True)

    def older_loaded(self) -> None:
        """The older candles asked for are there, or there are none."""
        self._asked = False

    def set_alerts(self, alerts: Sequence[Alert]) -> None:
        """Levels of the armed alerts on this instrument, as thin dashed lines."""
        for line in self._alerts:
            self.plot.removeItem(line)
        self._alerts = []
        for alert in alerts:
            if alert.armed:
                line = pg.InfiniteLine(
                    alert.value,
                    angle=0,
                    pen=self._alert_pen,
                    label=f"{ALERT_MARK} {price_text(alert.value, self._decimals)}",
                    labelOpts={"position": 0.93, "color": self._alert_pen.color()},
                )
                self.plot.addItem(line, ignoreBounds=True)
                self._alerts.append(line)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.plot.setBackground(theme.panel)
        for axis in (self.times, self.prices):
            axis.setPen(QPen(QColor(theme.border)))
            axis.setTextPen(QColor(theme.muted))
        for line in self.cross:
            line.setPen(line_pen(theme.crosshair, Qt.PenStyle.DashLine))
        self._alert_pen = line_pen(theme.accent, Qt.PenStyle.DashLine)
        for line in self._alerts:
            line.setPen(self._alert_pen)
            line.label.setColor(self._alert_pen.color())
        for item in (self.candles, self.volume):
            item.set_theme(theme)
        self.read_out.setStyleSheet(f"color: {theme.muted}; background: transparent;")
        self.notice.setStyleSheet(f"color: {theme.muted}; background: transparent;")
        self._shown = ()

    # ------------------------------------------------------------ once per frame

    def flush(self, price: float | None, freshness: Freshness) -> None:
        """Show what changed since the last frame."""
        series = self._series
        if series is None or not len(series):
            return
        shown = (series.version, price, freshness)
        if shown == self._shown:
            return
        first = self._last_start is None
        self._shown = shown
        self._follow(series)
        if first:
            self._say("")
            self._go_to_end(BARS_SHOWN * self._seconds)
        self._fit_prices()
        self._draw_last(price, freshness)
        self._draw_read_out()
        self.candles.update()
        self.volume.update()

    def show_latest(self) -> None:
        """Go to the newest candles, as near or far as the person looks."""
        (left, right), _ = self.view.viewRange()
        self._go_to_end(right - left)

    def _go_to_end(self, width: float) -> None:
        if self._last_start is not None:
            end = self._last_start / MS + (1 + BARS_MARGIN) * self._seconds
            self.view.setXRange(end - width, end, padding=0)

    @property
    def following(self) -> bool:
        """Whether the newest candle is in view at the right edge."""
        if self._last_start is None:
            return True
        (_, right), _ = self.view.viewRange()
        return bool(right >= self._last_start / MS + self._seconds)

    @property
    def _seconds(self) -> float:
        return milliseconds(self._series.interval) / MS if self._series else 60.0

    def _follow(self, series: CandleSeries) -> None:
        """Move on with a new candle, if the person was looking at the newest."""
        last = series.last_start
        assert last is not None
        before, follow = self._last_start, self.following
        self._last_start = last
        if before is not None and last > before and follow:
            (left, right), _ = self.view.viewRange()
            step = (last - before) / MS
            self.view.setXRange(left + step, right + step, padding=0)

    def _fit_prices(self) -> None:
        series = self._series
        if series is None or not self._auto_prices:
            return
        (left, right), (bottom, top) = self.view.viewRange()
        rows = visible_rows(series, left, right)
        if not rows.shape[1]:
            return
        low, high = float(np.min(rows[LOW])), float(np.max(rows[HIGH]))
        room = (high - low) * HEADROOM or high * 0.001
        wanted = (low - room * 2, high + room)
        if wanted != (bottom, top):
            self.view.setYRange(*wanted, padding=0)

    def _draw_last(self, price: float | None, freshness: Freshness) -> None:
        series = self._series
        assert series is not None
        shown = price if price is not None else series.candle(-1).close
        candle = series.candle(-1)
        colour = self._theme.up if candle.close >= candle.open else self._theme.down
        mark = "" if freshness.trusted else f" {freshness}"
        if not freshness.trusted:
            colour = self._theme.dimmed
        self.last_line.setPen(line_pen(colour, Qt.PenStyle.DotLine))
        self.last_line.setPos(shown)
        self.last_line.show()
        self.tag.setText(price_text(shown, self._decimals) + mark)
        self.tag.setStyleSheet(
            f"color: {self._theme.panel}; background: {colour}; padding: 1px {GAP_SMALL}px;"
        )
        self.tag.adjustSize()
        # The axis is as wide as the last price, so that it does not move with each tick's label.
        self.prices.setWidth(max(self.prices.minimumWidth(), self.tag.sizeHint().width() + GAP))
        self._place_tag()

    def _draw_read_out(self) -> None:
        series = self._series
        if series is None or not len(series):
            return
        index = len(series) - 1
        if self._pointer is not None:
            seconds = self.view.mapSceneToView(self._pointer).x()
            index = int(np.searchsorted(series.starts, seconds * MS, side="right")) - 1
        text = self.describe(max(0, min(index, len(series) - 1)))
        room = round(self.view.sceneBoundingRect().width()) - GAP
        text = self.read_out.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        if text != self.read_out.text():
            self.read_out.setText(text)
            self.read_out.adjustSize()

    def describe(self, index: int) -> str:
        """A candle in words: its time, prices, change and volume."""
        series = self._series
        assert series is not None
        row = series.rows[:, index]
        opened, high, low, close = (
            price_text(float(row[n]), self._decimals) for n in (OPEN, HIGH, LOW, CLOSE)
        )
        moment = datetime.fromtimestamp(row[START] / MS)
        when = f"{moment:%a} {moment.day} {moment:%b %Y  %H:%M}"
        change = change_text(float(row[CLOSE] / row[OPEN] - 1) if row[OPEN] else None)
        volume = amount_text(float(row[VOLUME]))
        name = f"{series.instrument.pair} · {series.interval}"
        return (
            f"{name}   {when}   O {opened}  H {high}  L {low}  C {close}  {change}   Vol {volume}"
        )

    # ------------------------------------------------------------ what the person does

    def _on_range(self) -> None:
        series = self._series
        if series is None or self._last_start is None:  # its candles are not in view yet
            return
        (left, _), _ = self.view.viewRange()
        first = series.first_start
        assert first is not None
        near = left < first / MS + OLDER_WITHIN * self._seconds
        if near and not self._asked and not series.complete:
            self._asked = True
            self.older_wanted.emit()
        self._fit_prices()
        self.latest.setVisible(not self.following)
        self._place_tag()

    def _scale_prices(self, factor: float) -> None:
        """From now on the price range is the person's."""
        self._auto_prices = False
        _, (bottom, top) = self.view.viewRange()
        middle, half = (bottom + top) / 2, (top - bottom) / 2 * factor
        self.view.setYRange(middle - half, middle + half, padding=0)
        self._place_tag()

    def _follow_prices(self) -> None:
        self._auto_prices = True
        self._fit_prices()
        self._place_tag()

    def _on_moved(self, position: QPointF) -> None:
        inside = self.view.sceneBoundingRect().contains(position)
        self._pointer = position if inside else None
        point = self.view.mapSceneToView(position)
        for line, place in zip(self.cross, (point.x(), point.y()), strict=True):
            line.setVisible(inside)
            line.setPos(place)
        self._draw_read_out()

    def leaveEvent(self, event: QEvent) -> None:
        """Without a pointer there is no crosshair, and the newest candle is read out."""
        self._pointer = None
        for line in self.cross:
            line.hide()
        self._draw_read_out()
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what lies over the chart in its place."""
        super().resizeEvent(event)
        self._place()

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        plot = self.plot.getPlotItem()
        plot.showAxis("right")
        plot.hideAxis("left")
        plot.hideButtons()
        plot.setMenuEnabled(False)
        for item in (self.volume, self.candles, self.last_line, *self.cross):
            self.plot.addItem(item, ignoreBounds=True)
        for line in self.cross:
            line.hide()
        self.plot.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        self.plot.setAccessibleName("Chart")
        self.view.sigResized.connect(lambda *_: self._place_tag())
        self.view.sigXRangeChanged.connect(lambda *_: self._on_range())
        self.plot.scene().sigMouseMoved.connect(self._on_moved)
        self.prices.scaled.connect(self._scale_prices)
        self.prices.reset.connect(self._follow_prices)
        self.latest.setText("→ latest")
        self.latest.clicked.connect(self.show_latest)
        self.latest.hide()
        self.retry.clicked.connect(self._try_again)
        for label in (self.read_out, self.notice, self.tag):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)

    def _try_again(self) -> None:
        self._say(LOADING)
        self.retry_wanted.emit()

    def _say(self, words: str, *, retry: bool = False) -> None:
        self.notice.setText(words)
        self.notice.setVisible(bool(words))
        self.retry.setVisible(retry)
        self.read_out.setVisible(not words)
        for axis in (self.times, self.prices):  # without candles there is nothing to measure
            axis.setStyle(showValues=not words)
            axis.setGrid(False if words else GRID_ALPHA)
        self._place()

    def _place_tag(self) -> None:
        """The last price stands on the price axis, where its line ends."""
        scene = self.view.mapViewToScene(QPointF(0.0, float(self.last_line.value())))
        area = self.view.sceneBoundingRect()
        inside = self.last_line.isVisible() and area.top() <= scene.y() <= area.bottom()
        self.tag.setVisible(bool(inside))
        self.tag.move(round(area.right()) + 1, round(scene.y() - self.tag.height() / 2))

    def _place(self) -> None:
        self.read_out.move(GAP, GAP)
        self.notice.adjustSize()
        self.notice.move(
            (self.width() - self.notice.width()) // 2, self.height() // 2 - self.notice.height()
        )
        self.retry.adjustSize()
        self.retry.move((self.width() - self.retry.width()) // 2, self.height() // 2 + GAP)
        self.latest.adjustSize()
        self.latest.move(
            self.width() - self.latest.width() - 90, self.height() - self.latest.height() - 40
        )
        for over in (self.tag, self.read_out, self.notice, self.retry, self.latest):
            over.raise_()


def line_pen(colour: str, style: Qt.PenStyle) -> QPen:
    """One pixel wide whatever the scale; a plain pen's width would count in price units."""
    pen = QPen(QColor(colour), 1, style)
    pen.setCosmetic(True)
    return pen
