"""The chart with its interval buttons; the chart itself comes once its library is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from ..alerts.alert import Alert
from ..market.freshness import Freshness
from ..market.instrument import Instrument
from .theme import GAP, GAP_SMALL, Theme

if TYPE_CHECKING:
    from ..market.candles import CandleSeries
    from .chart.chart_view import ChartView

BUTTONS = ("1m", "5m", "15m", "1h", "4h", "1d")
OTHERS = ("1s", "3m", "30m", "2h", "6h", "8h", "12h", "3d", "1w", "1M")
FIRST = "15m"
LEAST_HEIGHT = 180  # px


class ChartPane(QWidget):
    """Holds the chart of ``instrument`` in ``interval``."""

    interval_chosen = Signal()
    older_wanted = Signal()
    retry_wanted = Signal()
    loaded = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.instrument: Instrument | None = None
        self.interval = FIRST
        self.chart: ChartView | None = None
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, GAP_SMALL, 1, 1)
        self._column.setSpacing(0)
        self._column.addLayout(self._bar())
        self._column.addStretch(1)
        self.choose_interval(FIRST)
        self.setMinimumHeight(LEAST_HEIGHT)

    def load(self) -> None:
        """Load the chart's library and put the chart into its place."""
        from .chart.chart_view import ChartView

        self.chart = ChartView(self._theme)
        self.chart.older_wanted.connect(self.older_wanted)
        self.chart.retry_wanted.connect(self.retry_wanted)
        self._column.takeAt(1)
        self._column.addWidget(self.chart, 1)
        self.loaded.emit()

    def choose_interval(self, interval: str) -> None:
        """Have an interval chosen without asking for candles."""
        if interval not in BUTTONS + OTHERS:
            return
        self.interval = interval
        self._more.setText(interval if interval in OTHERS else "more")
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(button.text() == interval)
        self._group.setExclusive(True)

    def show_series(self, series: CandleSeries, decimals: int | None) -> None:
        """Show a series."""
        if self.chart is not None:
            self.chart.show_series(series, decimals)

    def show_nothing(self) -> None:
        """Show that nothing is chosen."""
        if self.chart is not None:
            self.chart.show_series(None)

    def fail(self, sentence: str) -> None:
        """Say why there are no candles."""
        if self.chart is not None:
            self.chart.fail(sentence)

    def older_loaded(self) -> None:
        """Older candles came, or there are none."""
        if self.chart is not None:
            self.chart.older_loaded()

    def set_alerts(self, alerts: Sequence[Alert]) -> None:
        """Show the levels of those on the instrument."""
        if self.chart is not None:
            self.chart.set_alerts([each for each in alerts if each.instrument == self.instrument])

    def set_decimals(self, decimals: int | None) -> None:
        """The decimals of the instrument's prices became known."""
        if self.chart is not None:
            self.chart.set_decimals(decimals)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        if self.chart is not None:
            self.chart.set_theme(theme)

    def flush(self, price: float | None, freshness: Freshness) -> None:
        """Show what changed."""
        if self.chart is not None:
            self.chart.flush(price, freshness)

    def _bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setContentsMargins(GAP, 0, GAP, GAP_SMALL)
        bar.setSpacing(GAP_SMALL)
        self._group = QButtonGroup(self)
        for interval in BUTTONS:
            button = QToolButton()
            button.setText(interval)
            button.setCheckable(True)
            button.setAccessibleName(f"Candles of {interval}")
            button.clicked.connect(lambda _=False, interval=interval: self._choose(interval))
            self._group.addButton(button)
            bar.addWidget(button)
        self._more = QToolButton()
        self._more.setAccessibleName("Other intervals")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._more)
        for interval in OTHERS:
            menu.addAction(interval).triggered.connect(
                lambda _=False, interval=interval: self._choose(interval)
            )
        self._more.setMenu(menu)
        bar.addWidget(self._more)
        bar.addStretch(1)
        return bar

    def _choose(self, interval: str) -> None:
        self.choose_interval(interval)
        self.interval_chosen.emit()
