"""The menus of a chart: style, indicators, tools, scale, groups, and all the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QActionGroup, QGuiApplication
from PySide6.QtWidgets import QMenu

from ...language import mark, tr
from ...market.indicators import KINDS
from ..text import plain_price, price_text
from .bars import BAR_STYLES
from .scales import SCALE_MODES
from .times import zones

if TYPE_CHECKING:
    from ..chart_pane import ChartPane

SCALE_NAMES = {"linear": mark("Linear"), "log": mark("Logarithmic"), "percent": mark("Per cent")}
GROUPS = ("", "A", "B", "C")  # charts of one group move together; none stands alone
TOOLS = {
    "horizontal": mark("Horizontal line"),
    "vertical": mark("Vertical line"),
    "trend": mark("Trend line"),
    "rectangle": mark("Rectangle"),
    "fibonacci": mark("Fibonacci retracement"),
    "ruler": mark("Ruler"),
}
LOCAL, UTC = "", "UTC"
EXPORTS = {
    "csv": mark("Export candles as CSV…"),
    "parquet": mark("Export candles as Parquet…"),
}


class ChartMenus:
    """Fills the menus of one pane, which does what is chosen."""

    def __init__(self, pane: ChartPane) -> None:
        self._pane = pane
        self.fills: dict[str, Callable[[QMenu], None]] = {
            "style": self._styles,
            "indicators": self._indicators,
            "tools": self._tools,
            "scales": self._scales,
            "groups": self._groups,
            "others": self._others,
        }

    def open_price_menu(self, price: float | None, place: QPoint) -> None:
        """Show what can be done with the price under the pointer."""
        pane = self._pane
        menu = QMenu(pane)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        line = pane.chart.overlay.lines.near(QPointF(pane.chart.mapFromGlobal(place)))
        if line is not None:
            _add(menu, tr("Edit the alert…"), lambda: pane.alert_opened.emit(line.id))
            _add(menu, tr("Pause the alert"), lambda: pane.alert_paused.emit(line.id))
            _add(menu, tr("Remove the alert"), lambda: pane.alert_removed.emit(line.id))
            menu.addSeparator()
        if price is not None:
            decimals = pane.chart.scene.decimals
            words = price_text(price, decimals)
            _add(
                menu,
                tr("New alert at {price}…", price=words),
                lambda: pane.alert_wanted.emit(price),
            )
            _add(
                menu,
                tr("Copy {price}", price=words),
                lambda: QGuiApplication.clipboard().setText(plain_price(price, decimals)),
            )
        _add(menu, tr("Newest candles"), pane.chart.show_latest)
        menu.popup(place)

    def _styles(self, menu: QMenu) -> None:
        pane = self._pane
        add_choices(
            menu, {str(style): tr(words) for style, words in BAR_STYLES.items()}, pane.look.style,
            lambda style: pane.change_look(replace(pane.look, style=style)),  # type: ignore[arg-type]
        )  # fmt: skip
        menu.addSeparator()
        _add_switch(
            menu, tr("Volume below the candles"), pane.look.volume,
            lambda on: pane.change_look(replace(pane.look, volume=on)),
        )  # fmt: skip

    def _indicators(self, menu: QMenu) -> None:
        pane = self._pane
        for place, indicator in enumerate(pane.look.indicators):
            one = menu.addMenu(tr(indicator.label))
            if KINDS[indicator.kind].parameters:
                _add(one, tr("Change…"), partial(pane.ask_indicator, place))
            _add(one, tr("Remove"), partial(pane.remove_indicator, place))
        menu.addSeparator()
        for kind, about in KINDS.items():
            words = tr("Add {indicator}", indicator=tr(about.title))
            _add(menu, words, partial(pane.add_indicator, kind))

    def _tools(self, menu: QMenu) -> None:
        marks = self._pane.chart.marks
        add_choices(
            menu, {tool: tr(words) for tool, words in TOOLS.items()}, marks.tool, marks.take_tool
        )
        menu.addSeparator()
        _add(menu, tr("Undo"), marks.undo)
        _add(menu, tr("Redo"), marks.redo)
        _add(menu, tr("Remove all marks"), marks.clear)

    def _scales(self, menu: QMenu) -> None:
        pane = self._pane
        add_choices(
            menu, {mode: tr(SCALE_NAMES[mode]) for mode in SCALE_MODES}, pane.look.scale,
            lambda mode: pane.change_look(replace(pane.look, scale=mode)),  # type: ignore[arg-type]
        )  # fmt: skip
        _add_switch(
            menu, tr("Fit prices by itself"), pane.chart.auto_prices, pane.chart.set_auto_prices
        )
        menu.addSeparator()
        zone = menu.addMenu(tr("Time zone"))
        names = {LOCAL: tr("Usual time zone"), UTC: UTC}
        names.setdefault(pane.look.zone, pane.look.zone)
        add_choices(zone, names, pane.look.zone, self._choose_zone)
        others = zone.addMenu(tr("Other"))
        others.aboutToShow.connect(lambda: self._zones(others))

    def _zones(self, menu: QMenu) -> None:
        """Every zone there is, by continent."""
        if menu.actions():
            return
        parts: dict[str, QMenu] = {}
        for name in zones():
            region, slash, place = name.partition("/")
            if slash:
                part = parts.get(region) or parts.setdefault(region, menu.addMenu(region))
                _add(part, place.replace("_", " "), partial(self._choose_zone, name))

    def _choose_zone(self, name: str) -> None:
        self._pane.change_look(replace(self._pane.look, zone=name))

    def _groups(self, menu: QMenu) -> None:
        names = {
            group: tr("Group {name}", name=group) if group else tr("Alone") for group in GROUPS
        }
        add_choices(menu, names, self._pane.group, self._pane.choose_group)

    def _others(self, menu: QMenu) -> None:
        pane = self._pane
        _add(menu, tr("Compare with…"), pane.compare_wanted.emit)
        for instrument in pane.look.compared:
            words = tr("Remove {pair}", pair=pane.title_of(instrument))
            _add(menu, words, partial(pane.uncompare, instrument))
        menu.addSeparator()
        _add_switch(
            menu, tr("Heat of the order book beside it"), pane.look.heat,
            lambda on: pane.change_look(replace(pane.look, heat=on)),
        )  # fmt: skip
        _add(menu, tr("Fill the window / back"), pane.maximise_wanted.emit)
        _add(menu, tr("Save as picture…"), pane.picture_wanted.emit)
        for form, words in EXPORTS.items():
            _add(menu, tr(words), partial(pane.export_wanted.emit, form))


def add_choices(
    menu: QMenu, words: Mapping[str, str], chosen: str, choose: Callable[[str], object]
) -> None:
    """Add choices of which one is made; each is told by its key."""
    group = QActionGroup(menu)
    for key, text in words.items():
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(key == chosen)
        action.triggered.connect(lambda _=False, key=key: choose(key))
        group.addAction(action)


def _add(menu: QMenu, words: str, do: Callable[[], object]) -> None:
    menu.addAction(words).triggered.connect(lambda: do())


def _add_switch(menu: QMenu, words: str, on: bool, switch: Callable[[bool], object]) -> None:
    action = menu.addAction(words)
    action.setCheckable(True)
    action.setChecked(on)
    action.triggered.connect(lambda shown: switch(bool(shown)))
