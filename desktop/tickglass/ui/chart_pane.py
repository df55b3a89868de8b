"""One chart with its bar of choices: interval, style, indicators, marks, scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QActionGroup, QGuiApplication, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..alerts.alert import Alert
from ..market.freshness import Freshness
from ..market.heat import HeatRecord
from ..market.indicators import DELTA, KINDS, Indicator
from ..market.instrument import Instrument
from ..market.interval import milliseconds
from .book.heat_strip import HeatStrip
from .chart.bars import BAR_STYLES
from .chart.chart_view import ChartView
from .chart.look import Look
from .chart.scales import SCALE_MODES
from .chart.source import Bars
from .chart.times import zones
from .indicator_dialog import IndicatorDialog
from .text import exchange_title, plain_price, price_text
from .theme import GAP, GAP_SMALL, Theme

BUTTONS = ("1m", "5m", "15m", "1h", "4h", "1d")
OTHERS = (
    *("1s", "2m", "3m", "10m", "30m", "45m", "2h", "3h", "6h", "8h", "12h"),
    *("2d", "3d", "1w", "1M"),
)
FIRST = "15m"
LEAST_HEIGHT = 180  # px
HEAT_WIDTH = 150  # px
SCALE_NAMES = {"linear": "Linear", "log": "Logarithmic", "percent": "Per cent"}
GROUPS = ("", "A", "B", "C")  # charts of one group move together; none stands alone
COMMON_ZONES = ("", "UTC")
TOOLS = {
    "horizontal": "Horizontal line",
    "vertical": "Vertical line",
    "trend": "Trend line",
    "rectangle": "Rectangle",
    "fibonacci": "Fibonacci retracement",
    "ruler": "Ruler",
}


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
        self._roomy = True
        self._record: HeatRecord | None = None
        self._folding: list[tuple[QToolButton, Callable[[QMenu], None]]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(1, GAP_SMALL, 1, 1)
        column.setSpacing(0)
        top = QWidget()
        top.setLayout(self._bar())
        top.setMinimumWidth(1)  # else its buttons would keep the chart from becoming narrow
        column.addWidget(top)
        row = QHBoxLayout()
        row.setSpacing(0)
        self._heat_room = QWidget()
        self._heat_room.setFixedWidth(HEAT_WIDTH)
        self._heat_room.hide()
        self.heat = HeatStrip(theme)
        self.heat.setParent(self._heat_room)
        row.addWidget(self._heat_room)
        row.addWidget(self.chart, 1)
        column.addLayout(row, 1)
        self._connect()
        self.choose_interval(FIRST)
        self.set_look(self.look)
        self.setMinimumHeight(LEAST_HEIGHT)

    # ------------------------------------------------------------ what to show

    def set_instrument(self, instrument: Instrument | None) -> None:
        """Be the chart of another instrument; ``wanted`` is not emitted."""
        self.instrument = instrument
        self.name.setText("" if instrument is None else self._title(instrument))
        self._fold()
        if instrument is None:
            self.chart.show_series(None)

    def choose_interval(self, interval: str) -> None:
        """Have an interval chosen without asking for candles."""
        if interval not in BUTTONS + OTHERS:
            return
        self.interval = interval
        self._name_more()
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(button.text() == interval)
        self._group.setExclusive(True)

    def set_look(self, look: Look) -> None:
        """Draw it like this."""
        self.look = look
        self.chart.set_look(look)
        self._style.setText(BAR_STYLES[look.style])

    def show_series(self, bars: Bars, decimals: int | None, compared: Sequence[Bars] = ()) -> None:
        """Show these bars."""
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

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.chart.set_theme(theme)
        self.heat.set_theme(theme)

    def set_active(self, active: bool) -> None:
        """Whether what the person chooses next comes here."""
        self.name.setObjectName("" if active else "muted")
        self.name.style().unpolish(self.name)
        self.name.style().polish(self.name)

    def flush(self, price: float | None, freshness: Freshness, now_ms: int = 0) -> None:
        """Show what changed."""
        self.chart.flush(price, freshness, now_ms)

    def flush_heat(self, now: float, record: HeatRecord | None) -> None:
        """Show what stood in the book beside the candles, at the same prices."""
        even = self.look.scale != "log"  # as the steps of the strip are
        wanted = self.look.heat and even and record is not None
        wanted = wanted and self.chart.scene.drawn is not None
        if wanted == self._heat_room.isHidden():
            self._heat_room.setVisible(wanted)
        if not wanted:
            return
        pane = self.chart.scene.price_pane
        place = QRect(0, round(pane.area.top()), HEAT_WIDTH, round(pane.area.height()))
        if self.heat.geometry() != place:
            self.heat.setGeometry(place)
        if record is not self._record and record is not None and self.instrument is not None:
            self._record = record
            self.heat.set_record(record, self.instrument.base, self.chart.scene.decimals or 0)
        self.heat.set_prices(*pane.scale.shown)
        self.heat.flush(now)

    def picture(self, now_ms: int) -> QPixmap:
        """The chart with its name, source and the time on it."""
        name = "" if self.instrument is None else self._title(self.instrument)
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
        self._link.setText(self.group or "○")

    # ------------------------------------------------------------ what the person chooses

    def change_look(self, look: Look) -> None:
        """Draw it like this from now on, because the person wants it."""
        kinds = [each.kind for each in (*look.indicators, *self.look.indicators)]
        other = look.compared != self.look.compared or DELTA in kinds
        self.set_look(look)
        self.state_changed.emit()
        if other:
            self.wanted.emit()

    def compare(self, instrument: Instrument) -> None:
        """Draw another instrument beside this one, in per cent."""
        if instrument != self.instrument and instrument not in self.look.compared:
            compared = (*self.look.compared, instrument)
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
        return self._ask_indicator(Indicator.make(kind), None)

    def _ask_indicator(self, indicator: Indicator, place: int | None) -> IndicatorDialog:
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

    def _remove_indicator(self, place: int) -> None:
        held = list(self.look.indicators)
        del held[place]
        self.change_look(replace(self.look, indicators=tuple(held)))

    def _choose(self, interval: str) -> None:
        self.choose_interval(interval)
        self.activated.emit()
        self.wanted.emit()
        self.state_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow chart the buttons step back into menus, one row after the other."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Show the buttons that have room."""
        intervals, menus = self._group.buttons(), [button for button, _ in self._folding]
        always = [self.name, self._more, self._link, self._others]
        self._roomy = self.width() >= _width([*always, *menus, *intervals])
        roomy_for_menus = self.width() >= _width([*always, *menus])
        for button in intervals:
            button.setVisible(self._roomy)
        for button in menus:
            button.setVisible(roomy_for_menus)
        self._name_more()

    def _name_more(self) -> None:
        hidden = not self._roomy or self.interval in OTHERS
        self._more.setText(self.interval if hidden else "more")

    def _choose_group(self, group: str) -> None:
        self.group = group
        self._link.setText(group or "○")
        self.state_changed.emit()

    def _title(self, instrument: Instrument) -> str:
        return f"{instrument.pair} · {exchange_title(self._titles, instrument.exchange)}"

    # ------------------------------------------------------------ the bar

    def _bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setContentsMargins(GAP, 0, GAP, GAP_SMALL)
        bar.setSpacing(GAP_SMALL)
        self.name = QLabel()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setAccessibleName("Instrument of this chart")
        bar.addWidget(self.name)
        self._group = QButtonGroup(self)
        for interval in BUTTONS:
            button = QToolButton()
            button.setText(interval)
            button.setCheckable(True)
            button.setAccessibleName(f"Candles of {interval}")
            button.clicked.connect(lambda _=False, interval=interval: self._choose(interval))
            self._group.addButton(button)
            bar.addWidget(button)
        self._more = self._menu_button(bar, "more", "Other intervals", self._fill_intervals)
        for words, name, fill in (
            ("Candles", "Style", self._fill_styles),
            ("Indicators", "Indicators", self._fill_indicators),
            ("Draw", "Marks on the chart", self._fill_tools),
            ("Scale", "Scale and time zone", self._fill_scales),
        ):
            self._folding.append((self._menu_button(bar, words, name, fill), fill))
        self._style, self._draw = self._folding[0][0], self._folding[2][0]
        bar.addStretch(1)
        self._link = self._menu_button(bar, "○", "Group of linked charts", self._fill_groups)
        self._others = self._menu_button(bar, "⋯", "More about this chart", self._fill_others)
        return bar

    def _menu_button(
        self, bar: QHBoxLayout, words: str, name: str, fill: Callable[[QMenu], None]
    ) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._refill(menu, fill))
        button.setMenu(menu)
        bar.addWidget(button)
        return button

    def _refill(self, menu: QMenu, fill: Callable[[QMenu], None]) -> None:
        self.activated.emit()
        menu.clear()
        fill(menu)

    def _radio(
        self, menu: QMenu, words: Mapping[str, str], chosen: str, choose: Callable[[str], None]
    ) -> None:
        group = QActionGroup(menu)
        for key, text in words.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(key == chosen)
            action.triggered.connect(lambda _=False, key=key: choose(key))
            group.addAction(action)

    def _fill_intervals(self, menu: QMenu) -> None:
        intervals = OTHERS if self._roomy else sorted(BUTTONS + OTHERS, key=milliseconds)
        self._radio(menu, {each: each for each in intervals}, self.interval, self._choose)

    def _fill_styles(self, menu: QMenu) -> None:
        self._radio(
            menu, {str(style): words for style, words in BAR_STYLES.items()}, self.look.style,
            lambda style: self.change_look(replace(self.look, style=style)),  # type: ignore[arg-type]
        )  # fmt: skip
        menu.addSeparator()
        volume = menu.addAction("Volume below the candles")
        volume.setCheckable(True)
        volume.setChecked(self.look.volume)
        volume.triggered.connect(
            lambda shown: self.change_look(replace(self.look, volume=bool(shown)))
        )

    def _fill_indicators(self, menu: QMenu) -> None:
        for place, indicator in enumerate(self.look.indicators):
            one = menu.addMenu(indicator.label)
            if KINDS[indicator.kind].parameters:
                one.addAction("Change…").triggered.connect(
                    lambda _=False, i=indicator, at=place: self._ask_indicator(i, at)
                )
            one.addAction("Remove").triggered.connect(
                lambda _=False, at=place: self._remove_indicator(at)
            )
        menu.addSeparator()
        for kind, about in KINDS.items():
            menu.addAction(f"Add {about.title}").triggered.connect(
                lambda _=False, kind=kind: self.add_indicator(kind)
            )

    def _fill_tools(self, menu: QMenu) -> None:
        marks = self.chart.marks
        self._radio(menu, TOOLS, marks.tool or "", marks.take_tool)
        menu.addSeparator()
        menu.addAction("Undo").triggered.connect(lambda: marks.undo())
        menu.addAction("Redo").triggered.connect(lambda: marks.redo())
        menu.addAction("Remove all marks").triggered.connect(lambda: marks.clear())

    def _fill_scales(self, menu: QMenu) -> None:
        self._radio(
            menu, {mode: SCALE_NAMES[mode] for mode in SCALE_MODES}, self.look.scale,
            lambda mode: self.change_look(replace(self.look, scale=mode)),  # type: ignore[arg-type]
        )  # fmt: skip
        auto = menu.addAction("Fit prices by itself")
        auto.setCheckable(True)
        auto.setChecked(self.chart.auto_prices)
        auto.triggered.connect(self.chart.set_auto_prices)
        menu.addSeparator()
        zone = menu.addMenu("Time zone")
        names = {"": "Local time", "UTC": "UTC"}
        if self.look.zone not in names:
            names[self.look.zone] = self.look.zone
        self._radio(zone, names, self.look.zone, self._choose_zone)
        others = zone.addMenu("Other")
        others.aboutToShow.connect(lambda: self._fill_zones(others))

    def _fill_zones(self, menu: QMenu) -> None:
        """Every zone there is, by continent."""
        if menu.actions():
            return
        parts: dict[str, QMenu] = {}
        for name in zones():
            region, slash, place = name.partition("/")
            if slash:
                part = parts.get(region) or parts.setdefault(region, menu.addMenu(region))
                part.addAction(place.replace("_", " ")).triggered.connect(
                    lambda _=False, name=name: self._choose_zone(name)
                )

    def _choose_zone(self, name: str) -> None:
        self.change_look(replace(self.look, zone=name))

    def _fill_groups(self, menu: QMenu) -> None:
        names = {group: f"Group {group}" if group else "Alone" for group in GROUPS}
        self._radio(menu, names, self.group, self._choose_group)

    def _fill_others(self, menu: QMenu) -> None:
        for button, fill in self._folding:
            if button.isHidden():
                fill(menu.addMenu(button.accessibleName()))
        menu.addAction("Compare with…").triggered.connect(self.compare_wanted)
        for instrument in self.look.compared:
            menu.addAction(f"Remove {self._title(instrument)}").triggered.connect(
                lambda _=False, each=instrument: self._uncompare(each)
            )
        menu.addSeparator()
        heat = menu.addAction("Heat of the order book beside it")
        heat.setCheckable(True)
        heat.setChecked(self.look.heat)
        heat.triggered.connect(lambda on: self.change_look(replace(self.look, heat=bool(on))))
        menu.addAction("Fill the window / back").triggered.connect(self.maximise_wanted)
        menu.addAction("Save as picture…").triggered.connect(self.picture_wanted)
        menu.addAction("Export candles as CSV…").triggered.connect(
            lambda: self.export_wanted.emit("csv")
        )
        menu.addAction("Export candles as Parquet…").triggered.connect(
            lambda: self.export_wanted.emit("parquet")
        )

    def _uncompare(self, instrument: Instrument) -> None:
        compared = tuple(each for each in self.look.compared if each != instrument)
        self.change_look(replace(self.look, compared=compared))

    def _price_menu(self, price: float | None, place: QPoint) -> None:
        """What can be done with the price under the pointer."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if price is not None:
            decimals = self.chart.scene.decimals
            words = price_text(price, decimals)
            menu.addAction(f"New alert at {words}…").triggered.connect(
                lambda: self.alert_wanted.emit(price)
            )
            menu.addAction(f"Copy {words}").triggered.connect(
                lambda: QGuiApplication.clipboard().setText(plain_price(price, decimals))
            )
        menu.addAction("Newest candles").triggered.connect(self.chart.show_latest)
        menu.popup(place)

    def _connect(self) -> None:
        chart = self.chart
        chart.older_wanted.connect(self.older_wanted)
        chart.retry_wanted.connect(self.retry_wanted)
        chart.crosshair_moved.connect(self.crosshair_moved)
        chart.activated.connect(self.activated)
        chart.menu_wanted.connect(self._price_menu)
        chart.marks.changed.connect(self.marks_changed)
        chart.marks.tool_changed.connect(lambda tool: self._draw.setText(TOOLS.get(tool, "Draw")))


def _width(parts: Sequence[QWidget]) -> int:
    """What these need side by side in the bar."""
    return sum(part.sizeHint().width() + GAP_SMALL for part in parts) + 2 * GAP
