"""How the window is arranged: as it was left, and under the names that the person gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..language import tr
from .placing import put_back, saved_place

if TYPE_CHECKING:
    from .main_window import MainWindow

AS_SETTINGS_SAY = ("compact", "span")  # of the state of the lists, which keeps them as well
BOOK, TAPE = "book", "tape"  # the docks of a window that was left by a version without docks


class Arrangement:
    """Saves and restores a window and its layouts."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def save_state(self) -> dict[str, Any]:
        """Sizes, positions and what was looked at, for ``restore_state``."""
        current = self._window.lists.current
        return {
            "geometry": saved_place(self._window),
            "instrument": None if current is None else str(current),
            "lists": self._window.lists.save_state(),
            "palette": self._window.palette_box.save_state(),
            "companions": self._window.companions.save_state(),
            "movers": self._window.movers.save_state(),
            "alerts": self._window.alerts.save_state(),
            "windows": self._window.places.save_state(),
            **self.save_layout(),
        }

    def save_layout(self) -> dict[str, Any]:
        """Where every view is and what the charts show; what a named layout holds."""
        return {
            "docks": self._window.docks.save_state(),
            "charts": self._window.charts.save_state(),
            "side": self._window.side.save_state(),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Be as the window was left; what is missing or unusable stays as it is."""
        put_back(self._window, state.get("geometry"))
        self._window.palette_box.restore_state(state.get("palette"))
        companions = state.get("companions")
        if isinstance(companions, Mapping):
            self._window.companions.restore_state(companions)
        movers = state.get("movers")
        if isinstance(movers, Mapping):
            self._window.movers.restore_state(movers)
        alerts = state.get("alerts")
        if isinstance(alerts, Mapping):
            self._window.alerts.restore_state(alerts)
        windows = state.get("windows")
        if isinstance(windows, Mapping):
            self._window.places.restore_state(windows)
        lists = state.get("lists")
        if isinstance(lists, Mapping):
            own = {key: each for key, each in lists.items() if key not in AS_SETTINGS_SAY}
            self._window.lists.restore_state(own)
        self.restore_layout(state)
        if "charts" not in state and "interval" in state:  # of a version with one chart
            self._window.charts.active.choose_interval(str(state["interval"]))
        chosen = state.get("instrument")
        for instrument in self._window.lists.instruments:
            if str(instrument) == chosen:
                self._window.lists.choose(instrument, unfold=False)

    def restore_layout(self, state: Mapping[str, Any]) -> None:
        """Arrange views and charts as a layout says."""
        self._window.docks.restore_state(state.get("docks"))
        charts, side = state.get("charts"), state.get("side")
        if isinstance(charts, Mapping):
            self._window.charts.restore_state(charts)
        if isinstance(side, Mapping):
            self._window.side.restore_state(side)
            if "docks" not in state:  # of a version without docks
                for name, key in ((BOOK, "book"), (TAPE, "tape")):
                    self._window.docks.show(name, shown=side.get(key) is True)
        self._window.views.show_parts()

    def choose_layout(self, name: str) -> None:
        """Switch to a layout of that name."""
        state = self._window.layouts.get(name)
        if state is None:
            return
        self._window.layouts.current = name
        self.restore_layout(state)
        self._window.charts.ask()
        self._window.layouts_changed.emit()
        self._window.state_changed.emit()

    def save_layout_as(self, name: str) -> None:
        """Keep how everything stands under a name."""
        if self._window.layouts.save(name, self.save_layout()):
            self._window.layouts_changed.emit()
            self._window.notices.say(
                tr("The layout “{name}” was saved.", name=self._window.layouts.current)
            )

    def remove_layout(self, name: str) -> None:
        """Forget a layout; for a while that can be undone."""
        removed = self._window.layouts.remove(name)
        if removed is None:
            return

        def put_back_layout() -> None:
            self._window.layouts.save(name, removed)
            self._window.layouts_changed.emit()

        self._window.layouts_changed.emit()
        self._window.offer_undo(tr("The layout “{name}” was removed.", name=name), put_back_layout)
