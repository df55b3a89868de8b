"""One chart with its bar of choices: what it shows, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ..alerts.alert import Alert
from ..language import tr
from ..market.freshness import Freshness
from ..market.heat import HeatRecord
from ..market.indicators import DELTA, KINDS, Indicator
from ..market.instrument import Instrument
from .chart.bars import BAR_STYLES
from .chart.chart_view import ChartView
from .chart.heat_beside import HeatBeside
from .chart.look import MOST_COMPARED, Look
from .chart.menus import GROUPS, TOOLS, ChartMenus
from .chart.source import Bars
from .chart_bar import BUTTONS, OTHERS, ChartBar
from .indicator_dialog import IndicatorDialog
from .text import exchange_title
from .theme import GAP_SMALL, Theme

__all__ = ["BUTTONS", "OTHERS", "ChartPane"]

FIRST = "15m"
LEAST_HEIGHT = 180  # px


class ChartPane(QWidget):
    """Holds the chart of ``instrument`` in ``interval``; ``number`` tells it from the others.

    ``wanted``: other candles are needed. ``compare_wanted``: the person looks for an instrument to
    draw beside it.
    """

    wanted = Signal()
    older_wanted = Signal()
    retry_wanted = Signal()
    activated = Signal()
    state_changed = Signal()
    crosshair_moved = Signal(object)
    compare_wanted = Signal()
    picture_wanted = Signal()
    export_wanted = Signal(str)  # csv, parquet
    maximise_wanted = Signal()
    alert_wanted = Signal(float)  # at a price
    alert_moved = Signal(str, float)  # its id, its new price
    alert_opened = Signal(str)
    alert_paused = Signal(str)
    alert_removed = Signal(str)
    marks_changed = Signal()

    def __init__(self, theme: Theme, number: int = 0, titles: Mapping[str, str] = {}) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.number = number
        self.instrument: Instrument | None = None
        self.interval = FIRST
        self.group = ""
        self.look = Look()
        self.chart = ChartView(theme)
        self._titles = titles
        self.menus = ChartMenus(self)
        self.bar = ChartBar(self.menus.fills)
        self.beside = HeatBeside(theme)
        self._build()
        self._connect()
        self.choose_interval(FIRST)
        self.set_look(self.look)
        self.setMinimumHeight(LEAST_HEIGHT)

    # ------------------------------------------------------------ what to show

    def set_instrument(self, instrument: Instrument | None) -> None:
        """Be the chart of another instrument; ``wanted`` is not emitted."""
        self.instrument = instrument
        self.bar.set_name("" if instrument is None else self.title_of(instrument))
        if instrument is None:
            self.chart.show_series(None)

    def choose_interval(self, interval: str) -> None:
        """Have an interval chosen without asking for candles."""
        if interval in BUTTONS + OTHERS:
            self.interval = interval
            self.bar.set_interval(interval)

    def set_look(self, look: Look) -> None:
        """Draw it like this."""
        self.look = look
        self.chart.set_look(look)
        self.bar.set_style(tr(BAR_STYLES[look.style]))

    @property
    def is_current(self) -> bool:
        """Whether the bars drawn are those of the instrument and interval chosen."""
        drawn = self.chart.scene.drawn
        if drawn is None:
            return False
        return (drawn.bars.instrument, drawn.bars.interval) == (self.instrument, self.interval)

    def show_series(self, bars: Bars, decimals: int | None, compared: Sequence[Bars] = ()) -> None:
        """Show these bars; those of the same instrument and interval keep pan and zoom."""
        self.chart.show_series(bars, decimals)
        self.chart.set_compared(compared)

    def fail(self, sentence: str) -> None:
        """Say why there are no candles."""
        self.chart.fail(sentence)

    def older_loaded(self) -> None:
        """Older candles came, or there are none."""
        self.chart.older_loaded()

    def set_alerts(self, alerts: Sequence[Alert]) -> None:
        """Show the levels of those on the instrument."""
        self.chart.set_alerts([each for each in alerts if each.instrument == self.instrument])

    def set_decimals(self, decimals: int | None) -> None:
        """The decimals of the instrument's prices became known."""
        self.chart.set_decimals(decimals)

    def set_halted(self, halted: bool) -> None:
        """Say at the last price whether the exchange has halted trading of the instrument."""
        self.chart.set_halted(halted)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.chart.set_theme(theme)
        self.beside.strip.set_theme(theme)

    def set_active(self, active: bool) -> None:
        """Whether what the person chooses next comes here."""
        self.bar.set_active(active)

    def flush(self, price: float | None, freshness: Freshness, now_ms: int = 0) -> None:
        """Show what changed."""
        self.chart.flush(price, freshness, now_ms)

    def flush_heat(self, now: float, record: HeatRecord | None) -> None:
        """Show what stood in the book beside the candles, at the same prices."""
        shown = record if self.look.heat else None
        self.beside.flush(now, shown, self.instrument, self.chart.scene)

    def picture(self, now_ms: int) -> QPixmap:
        """The chart with its name, source and the time on it."""
        name = "" if self.instrument is None else self.title_of(self.instrument)
        when = self.chart.scene.labels.full(now_ms)
        return self.chart.picture(f"{name} · {self.interval} · {when} · Tickglass")

    def save_state(self) -> dict[str, Any]:
        """What is chosen here, for ``restore_state``."""
        return {
            "instrument": None if self.instrument is None else str(self.instrument),
            "interval": self.interval,
            "group": self.group,
            "look": self.look.to_row(),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Be as it was; the instrument is the window's to choose."""
        self.choose_interval(str(state.get("interval")))
        group = state.get("group")
        self.group = group if group in GROUPS else ""
        look = state.get("look")
        if isinstance(look, Mapping):
            self.set_look(Look.from_row(look))
        self.bar.set_group(self.group)

    # ------------------------------------------------------------ what the person chooses

    def change_look(self, look: Look) -> None:
        """Draw it like this from now on, because the person wants it."""
        counted, compared = self.counts_trades, self.look.compared
        self.set_look(look)
        self.state_changed.emit()
        if look.compared != compared or self.counts_trades != counted:
            self.wanted.emit()

    def take_interval(self, interval: str) -> None:
        """Show candles of another interval, because the person wants it."""
        self.choose_interval(interval)
        self.activated.emit()
        self.wanted.emit()
        self.state_changed.emit()

    def choose_group(self, group: str) -> None:
        """Move with the charts of a group; "" alone."""
        self.group = group
        self.bar.set_group(group)
        self.state_changed.emit()

    def compare(self, instrument: Instrument) -> None:
        """Draw another instrument beside this one, in per cent."""
        if instrument != self.instrument and instrument not in self.look.compared:
            compared = (*self.look.compared, instrument)[:MOST_COMPARED]
            self.change_look(replace(self.look, compared=compared))

    def uncompare(self, instrument: Instrument) -> None:
        """Draw it no more."""
        compared = tuple(each for each in self.look.compared if each != instrument)
        self.change_look(replace(self.look, compared=compared))

    @property
    def counts_trades(self) -> bool:
        """Whether an indicator here is made of trades."""
        return any(each.kind == DELTA for each in self.look.indicators)

    def add_indicator(self, kind: str) -> IndicatorDialog | None:
        """Add an indicator; ask for its numbers if it has any."""
        if not KINDS[kind].parameters:
            self._put_indicator(None, Indicator.make(kind))
            return None
        return self._ask(Indicator.make(kind), None)

    def ask_indicator(self, place: int) -> IndicatorDialog:
        """Ask for other numbers of one of the indicators."""
        return self._ask(self.look.indicators[place], place)

    def remove_indicator(self, place: int) -> None:
        """Draw one of the indicators no more."""
        held = list(self.look.indicators)
        del held[place]
        self.change_look(replace(self.look, indicators=tuple(held)))

    def title_of(self, instrument: Instrument) -> str:
        """An instrument as the bar names it: BTC/USDT · Binance."""
        return f"{instrument.pair} · {exchange_title(self._titles, instrument.exchange)}"

    # ------------------------------------------------------------ inside

    def _ask(self, indicator: Indicator, place: int | None) -> IndicatorDialog:
        dialog = IndicatorDialog(self, indicator)
        dialog.made.connect(lambda made: self._put_indicator(place, made))
        dialog.open()
        return dialog

    def _put_indicator(self, place: int | None, indicator: Indicator) -> None:
        if place is None:
            self.change_look(self.look.with_indicator(indicator))
        elif place < len(self.look.indicators):
            held = list(self.look.indicators)
            held[place] = indicator
            self.change_look(replace(self.look, indicators=tuple(held)))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, GAP_SMALL, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.beside)
        row.addWidget(self.chart, 1)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        chart, bar = self.chart, self.bar
        bar.interval_chosen.connect(self.take_interval)
        bar.opened.connect(self.activated)
        chart.older_wanted.connect(self.older_wanted)
        chart.retry_wanted.connect(self.retry_wanted)
        chart.crosshair_moved.connect(self.crosshair_moved)
        chart.activated.connect(self.activated)
        chart.menu_wanted.connect(self.menus.open_price_menu)
        chart.alert_moved.connect(self.alert_moved)
        chart.alert_opened.connect(self.alert_opened)
        chart.marks.changed.connect(self.marks_changed)
        chart.marks.tool_changed.connect(self._say_tool)

    def _say_tool(self, tool: str) -> None:
        self.bar.set_tool(tr(TOOLS[tool]) if tool in TOOLS else "")
