"""The bar above a chart: its name, the intervals, and buttons with menus that fold when narrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from ..language import mark, tr
from ..market.interval import milliseconds
from .chart.menus import add_choices
from .theme import GAP, GAP_SMALL

BUTTONS = ("1m", "5m", "15m", "1h", "4h", "1d")
OTHERS = (
    *("1s", "2m", "3m", "10m", "30m", "45m", "2h", "3h", "6h", "8h", "12h"),
    *("2d", "3d", "1w", "1M"),
)
MORE, ALONE, MENU = mark("more"), "○", "⋯"
# The menus that step back into the last one: key, word on the button, what it is.
FOLDING = {
    "style": (mark("Candles"), mark("Style")),
    "indicators": (mark("Indicators"), mark("Indicators")),
    "tools": (mark("Draw"), mark("Marks on the chart")),
    "scales": (mark("Scale"), mark("Scale and time zone")),
}

Fill = Callable[[QMenu], None]


class ChartBar(QWidget):
    """``fills`` make the menus each time they open: those of ``FOLDING``, "groups" and "others"."""

    interval_chosen = Signal(str)
    opened = Signal()  # a menu was

    def __init__(self, fills: Mapping[str, Fill]) -> None:
        super().__init__()
        self._fills = fills
        self._interval = ""
        self._roomy = True
        self.setMinimumWidth(1)  # else the buttons would keep the chart from becoming narrow
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GAP, 0, GAP, GAP_SMALL)
        self._row.setSpacing(GAP_SMALL)
        self.name = QLabel()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setAccessibleName(tr("Instrument of this chart"))
        self._row.addWidget(self.name)
        self._group = QButtonGroup(self)
        for interval in BUTTONS:
            self._add_interval(interval)
        self._more = self._menu_button(tr(MORE), tr("Other intervals"), self._fill_intervals)
        self._folding = {
            key: self._menu_button(tr(words), tr(name), fills[key])
            for key, (words, name) in FOLDING.items()
        }
        self._row.addStretch(1)
        self._link = self._menu_button(ALONE, tr("Group of linked charts"), fills["groups"])
        self._others = self._menu_button(MENU, tr("More about this chart"), self._fill_others)

    # ------------------------------------------------------------ what it says

    def set_name(self, words: str) -> None:
        """Name the instrument."""
        self.name.setText(words)
        self._fold()

    def set_active(self, active: bool) -> None:
        """Whether what the person chooses next comes to this chart."""
        self.name.setObjectName("" if active else "muted")
        self.name.style().unpolish(self.name)
        self.name.style().polish(self.name)

    def set_interval(self, interval: str) -> None:
        """Have an interval chosen."""
        self._interval = interval
        self._name_more()
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(button.text() == interval)
        self._group.setExclusive(True)

    def set_style(self, words: str) -> None:
        """Say in which style the bars are drawn."""
        self._folding["style"].setText(words)
        self._fold()

    def set_tool(self, words: str) -> None:
        """Say which tool is in hand; "" if there is none."""
        self._folding["tools"].setText(words or tr(FOLDING["tools"][0]))
        self._fold()

    def set_group(self, group: str) -> None:
        """Say with which charts this one moves; "" alone."""
        self._link.setText(group or ALONE)

    # ------------------------------------------------------------ inside

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow chart the buttons step back into menus, one row after the other."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Show the buttons that have room."""
        intervals, menus = self._group.buttons(), list(self._folding.values())
        always = [self.name, self._more, self._link, self._others]
        self._roomy = self.width() >= _width([*always, *menus, *intervals])
        roomy_for_menus = self.width() >= _width([*always, *menus])
        for button in intervals:
            button.setVisible(self._roomy)
        for button in menus:
            button.setVisible(roomy_for_menus)
        self._name_more()

    def _name_more(self) -> None:
        hidden = not self._roomy or self._interval in OTHERS
        self._more.setText(self._interval if hidden else tr(MORE))

    def _fill_intervals(self, menu: QMenu) -> None:
        intervals = OTHERS if self._roomy else sorted(BUTTONS + OTHERS, key=milliseconds)
        words = {each: each for each in intervals}
        add_choices(menu, words, self._interval, self.interval_chosen.emit)

    def _fill_others(self, menu: QMenu) -> None:
        """First the menus that have no button of their own now."""
        for key, button in self._folding.items():
            if button.isHidden():
                self._fills[key](menu.addMenu(button.accessibleName()))
        self._fills["others"](menu)

    def _add_interval(self, interval: str) -> None:
        button = QToolButton()
        button.setText(interval)
        button.setCheckable(True)
        button.setAccessibleName(tr("Candles of {interval}", interval=interval))
        button.clicked.connect(lambda: self.interval_chosen.emit(interval))
        self._group.addButton(button)
        self._row.addWidget(button)

    def _menu_button(self, words: str, name: str, fill: Fill) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._refill(menu, fill))
        button.setMenu(menu)
        self._row.addWidget(button)
        return button

    def _refill(self, menu: QMenu, fill: Fill) -> None:
        self.opened.emit()
        menu.clear()
        fill(menu)


def _width(parts: Sequence[QWidget]) -> int:
    """What these need side by side in the bar."""
    return sum(part.sizeHint().width() + GAP_SMALL for part in parts) + 2 * GAP
