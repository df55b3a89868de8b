"""Several charts side by side, of which one is active; groups of them move together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ..alerts.alert import Alert
from ..errors import TickglassError
from ..language import mark, trn
from ..market.freshness import Freshness
from ..market.instrument import Instrument
from ..market.marks import Marks
from ..market.tape import Tape
from .chart.source import Bars
from .chart_pane import ChartPane
from .chart_rows import ChartRows
from .theme import Theme

# How many charts each row has, by the name in the menu.
LAYOUTS: dict[str, tuple[int, ...]] = {
    mark("One chart"): (1,),
    mark("Two side by side"): (2,),
    mark("Two stacked"): (1, 1),
    mark("Three side by side"): (3,),
    mark("One above two"): (1, 2),
    mark("Four"): (2, 2),
    mark("Six"): (3, 3),
}
LINKS = (mark("crosshair"), mark("instrument"), mark("interval"))

State = Callable[[Instrument], tuple[float | None, Freshness]]


class ChartGrid(QWidget):
    """Holds chart panes; each signal names the pane by its number.

    ``wanted``: number, instrument or None, interval, and the instruments compared with it.
    ``removed``: charts that the person let go, in words; a call that brings them back.
    """

    wanted = Signal(int, object, str, object)
    older_wanted = Signal(int)
    retry_wanted = Signal(int)
    active_changed = Signal()
    state_changed = Signal()
    marks_changed = Signal()
    pane_made = Signal(object)  # ChartPane
    removed = Signal(str, object)  # text, undo

    def __init__(self, theme: Theme, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._theme = theme
        self._titles = titles
        self._numbers = 0
        self._zone: tzinfo | None = None
        self._maximised = False
        self._decimals: Mapping[Instrument, int] = {}
        self._alerts: Sequence[Alert] = ()
        self._halted: frozenset[Instrument] = frozenset()
        self.marks_of: Callable[[Instrument], Marks] = lambda _: Marks()
        self.layout_name = "One chart"
        self.links = set(LINKS)
        self.panes: list[ChartPane] = []
        self.rows = ChartRows(LAYOUTS)
        self.rows.dragged.connect(self.state_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.rows)
        self._add_pane()
        self.active = self.panes[0]
        self.rows.arrange(self.layout_name, self.panes)

    # ------------------------------------------------------------ what to show

    def pane(self, number: int) -> ChartPane | None:
        """The pane of that number."""
        return next((pane for pane in self.panes if pane.number == number), None)

    def show_chart(self, number: int, bars: Bars, compared: Sequence[Bars]) -> None:
        """Show bars in a pane."""
        pane = self.pane(number)
        if pane is not None:
            pane.show_series(bars, self._decimals.get(bars.instrument), compared)
            pane.chart.set_marks(self.marks_of(bars.instrument))
            pane.set_alerts(self._alerts)
            pane.set_halted(bars.instrument in self._halted)

    def set_halted(self, halted: Collection[Instrument]) -> None:
        """These instruments' exchanges have halted their trading; all others trade."""
        self._halted = frozenset(halted)
        for pane in self.panes:
            pane.set_halted(pane.instrument in self._halted)

    def set_zone(self, zone: tzinfo | None) -> None:
        """The zone of charts that were given none of their own; None is that of this machine."""
        self._zone = zone
        for pane in self.panes:
            pane.chart.set_usual_zone(zone)

    def set_decimals(self, decimals: Mapping[Instrument, int]) -> None:
        """The decimals of the instruments' prices became known."""
        self._decimals = decimals
        for pane in self.panes:
            if pane.instrument is not None:
                pane.set_decimals(decimals.get(pane.instrument))

    def set_alerts(self, alerts: Sequence[Alert]) -> None:
        """Show the levels of the alerts."""
        self._alerts = list(alerts)
        for pane in self.panes:
            pane.set_alerts(alerts)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        for pane in self.panes:
            pane.set_theme(theme)

    def flush(self, state: State, tapes: Mapping[Instrument, Tape], now_ms: int) -> None:
        """Show what changed in every chart that can be seen."""
        for pane in self.panes:
            if pane.instrument is not None and pane.isVisible():
                pane.chart.scene.tape = tapes.get(pane.instrument) if pane.counts_trades else None
                pane.flush(*state(pane.instrument), now_ms)

    @property
    def counted(self) -> list[Instrument]:
        """The instruments whose trades a chart counts."""
        found = [pane.instrument for pane in self.panes if pane.counts_trades]
        return sorted({each for each in found if each is not None})

    def ask(self) -> None:
        """Ask for the candles of every chart."""
        for pane in self.panes:
            self._want(pane)

    # ------------------------------------------------------------ what the person chooses

    def choose_instrument(self, instrument: Instrument | None) -> None:
        """Show an instrument in the active chart, and in those linked to it."""
        for pane in self._linked(self.active, "instrument"):
            if pane.instrument != instrument or instrument is None:
                pane.set_instrument(instrument)
                self._want(pane)
        self.state_changed.emit()

    def choose_layout(self, name: str) -> None:
        """Have as many charts as that layout has places, and say how those that go come back."""
        if name not in LAYOUTS:
            return
        before, active = self.layout_name, self.panes.index(self.active)
        kept = sum(LAYOUTS[name])
        gone = [pane.save_state() for pane in self.panes[kept:]]
        self._take_layout(name)
        if gone:
            words = trn("{count} chart was closed.", "{count} charts were closed.", len(gone))
            self.removed.emit(words, lambda: self._bring_back(before, kept, gone, active))

    def _bring_back(
        self, layout: str, place: int, charts: Sequence[Mapping[str, Any]], active: int
    ) -> None:
        """Have the charts again that a smaller layout let go."""
        if len(self.panes) < sum(LAYOUTS[layout]):
            self._take_layout(layout)
        for pane, row in zip(self.panes[place:], charts, strict=False):
            _put(pane, row)
            self._want(pane)
        if active >= place:
            self.activate(self.panes[active])
        self.state_changed.emit()

    def _take_layout(self, name: str) -> None:
        self.layout_name, self._maximised = name, False
        places = sum(LAYOUTS[name])
        while len(self.panes) < places:
            pane = self._add_pane()
            pane.set_instrument(self.active.instrument)
            pane.choose_interval(self.active.interval)
            self._want(pane)
        for pane in self.panes[places:]:
            self.wanted.emit(pane.number, None, pane.interval, ())
            pane.setParent(None)
            pane.deleteLater()
        del self.panes[places:]
        self.rows.arrange(name, self.panes)
        self.activate(self.active if self.active in self.panes else self.panes[0])
        self.state_changed.emit()

    def activate(self, pane: ChartPane) -> None:
        """What is chosen next comes to this chart."""
        changed = pane is not self.active
        self.active = pane
        for each in self.panes:
            each.set_active(each is pane or len(self.panes) == 1)
        if changed:
            self.active_changed.emit()

    def maximise(self, pane: ChartPane) -> None:
        """Give one chart all the room, or give it back."""
        self._maximised = not self._maximised
        for each in self.panes:
            each.setVisible(each is pane or not self._maximised)
        self.rows.show_only(pane if self._maximised else None)

    def set_link(self, what: str, on: bool) -> None:
        """Whether charts of one group share their crosshair, instrument or interval."""
        (self.links.add if on else self.links.discard)(what)
        self.state_changed.emit()

    # ------------------------------------------------------------ what is remembered

    def save_state(self) -> dict[str, Any]:
        """What stands where, for ``restore_state``."""
        return {
            "layout": self.layout_name,
            "links": sorted(self.links),
            "charts": [pane.save_state() for pane in self.panes],
            "active": self.panes.index(self.active),
            "sizes": self.rows.edges.save_state(),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Be as it was; what cannot be used is passed over. Candles must be asked for after it."""
        self.rows.edges.restore_state(state.get("sizes"))
        layout = state.get("layout")
        known = isinstance(layout, str) and layout in LAYOUTS
        self._take_layout(str(layout) if known else self.layout_name)
        links = state.get("links")
        if isinstance(links, list):
            self.links = {each for each in links if each in LINKS}
        charts = state.get("charts")
        for pane, row in zip(self.panes, charts if isinstance(charts, list) else (), strict=False):
            if isinstance(row, Mapping):
                _put(pane, row)
        active = state.get("active")
        if isinstance(active, int) and 0 <= active < len(self.panes):
            self.activate(self.panes[active])

    # ------------------------------------------------------------ inside

    def _add_pane(self) -> ChartPane:
        pane = ChartPane(self._theme, self._numbers, self._titles)
        pane.chart.set_usual_zone(self._zone)
        self._numbers += 1
        pane.set_alerts(self._alerts)
        number = pane.number
        pane.wanted.connect(lambda: self._on_wanted(pane))
        pane.older_wanted.connect(lambda: self.older_wanted.emit(number))
        pane.retry_wanted.connect(lambda: self.retry_wanted.emit(number))
        pane.activated.connect(lambda: self.activate(pane))
        pane.state_changed.connect(self.state_changed)
        pane.maximise_wanted.connect(lambda: self.maximise(pane))
        pane.marks_changed.connect(lambda: self._on_marks(pane))
        pane.crosshair_moved.connect(lambda time: self._share_crosshair(pane, time))
        self.panes.append(pane)
        self.pane_made.emit(pane)
        return pane

    def _on_marks(self, changed: ChartPane) -> None:
        """Charts of the same instrument show the same marks."""
        for pane in self.panes:
            if pane is not changed and pane.instrument == changed.instrument:
                pane.chart.redraw()
        self.marks_changed.emit()

    def _on_wanted(self, pane: ChartPane) -> None:
        """Another interval was chosen: charts linked to this one follow."""
        for each in self._linked(pane, "interval"):
            if each is pane or each.interval != pane.interval:
                each.choose_interval(pane.interval)
                self._want(each)

    def _want(self, pane: ChartPane) -> None:
        if pane.instrument is not None and not pane.is_current:
            pane.chart.wait()
        self.wanted.emit(pane.number, pane.instrument, pane.interval, pane.look.compared)

    def _linked(self, pane: ChartPane, what: str) -> list[ChartPane]:
        """A chart, and those that share this with it."""
        if not pane.group or what not in self.links:
            return [pane]
        return [each for each in self.panes if each.group == pane.group]

    def _share_crosshair(self, pane: ChartPane, time: float | None) -> None:
        for each in self._linked(pane, "crosshair"):
            if each is not pane:
                each.chart.show_crosshair(time)


def _put(pane: ChartPane, row: Mapping[str, Any]) -> None:
    pane.restore_state(row)
    pane.set_instrument(_instrument(row.get("instrument")))


def _instrument(text: object) -> Instrument | None:
    try:
        return Instrument.parse(str(text)) if text else None
    except TickglassError:
        return None
