"""The views around the charts: each in a dock that can be moved, floated, tabbed and put away."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QWidget

from ..language import tr

ARRANGEMENT = 1  # counts up when a saved arrangement can no longer be used
AREAS = {
    "top": Qt.DockWidgetArea.TopDockWidgetArea,
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}
SIDES = (AREAS["left"], AREAS["right"])


class Dock(QDockWidget):
    """Tells being put away from being hidden with the window, as Qt's own action does not."""

    toggled = Signal(bool)

    def event(self, event: QEvent) -> bool:
        """These come only where the dock itself is shown or hidden."""
        done = super().event(event)
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.toggled.emit(not self.isHidden())
        return done


class Docks(QObject):
    """``toggled(name, shown)`` when a view comes or goes, ``moved`` when one is put elsewhere."""

    toggled = Signal(str, bool)
    moved = Signal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._docks: dict[str, Dock] = {}
        self._restoring = False
        window.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.GroupedDragging
        )
        self._give_corners()
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)

    def add(self, name: str, title: str, view: QWidget, area: str, *, shown: bool = True) -> None:
        """Put a view into a dock; ``title`` is marked English, ``area`` one of ``AREAS``."""
        dock = Dock(tr(title), self._window)
        dock.setObjectName(name)
        dock.setWidget(view)
        self._docks[name] = dock
        self._window.addDockWidget(AREAS[area], dock)
        dock.setVisible(shown)
        dock.toggled.connect(lambda on: self.toggled.emit(name, on))
        dock.dockLocationChanged.connect(lambda _: self.moved.emit())
        dock.topLevelChanged.connect(lambda _: self.moved.emit())

    def __getitem__(self, name: str) -> Dock:
        return self._docks[name]

    @property
    def names(self) -> list[str]:
        """The names of all views."""
        return list(self._docks)

    def action(self, name: str) -> QAction:
        """Shows or hides a view, and says which."""
        return self._docks[name].toggleViewAction()

    def shown(self, name: str) -> bool:
        """Whether a view is there, be it behind another one's tab."""
        return not self._docks[name].isHidden()

    def show(self, name: str, *, shown: bool = True) -> None:
        """Bring up a view, in front of those it shares tabs with, or put it away."""
        dock = self._docks[name]
        dock.setVisible(shown)
        if shown:
            dock.raise_()

    def toggle(self, name: str) -> None:
        """Bring up a view, or put it away."""
        self.show(name, shown=not self.shown(name))

    def stack(self, first: str, second: str) -> None:
        """Put the second view behind a tab beside the first's, if both stand in the same area."""
        one, other = self._docks[first], self._docks[second]
        same = self._window.dockWidgetArea(one) == self._window.dockWidgetArea(other)
        if same and other not in self._window.tabifiedDockWidgets(one):
            self._window.tabifyDockWidget(one, other)

    def resize(self, sizes: dict[str, int], orientation: Qt.Orientation) -> None:
        """Give views their width or height in px, as far as the others let them."""
        docks = [self._docks[name] for name in sizes]
        self._window.resizeDocks(docks, list(sizes.values()), orientation)

    def share(self, heights: dict[str, int]) -> None:
        """Give views their heights in px if they stand one below the other beside the charts."""
        docks = [self._docks[name] for name in heights]
        areas = {self._window.dockWidgetArea(each) for each in docks}
        there = all(self.shown(name) for name in heights)
        if there and not self._restoring and len(areas) == 1 and areas < set(SIDES):
            self.resize(heights, Qt.Orientation.Vertical)

    def save_state(self) -> str:
        """Where everything is, for ``restore_state``."""
        return self._window.saveState(ARRANGEMENT).toBase64().toStdString()

    def restore_state(self, state: object) -> bool:
        """Be as it was; False, and no change, if that cannot be read."""
        data = QByteArray.fromBase64(str(state or "").encode())
        self._restoring = True
        done = bool(self._window.restoreState(data, ARRANGEMENT))
        self._restoring = False
        self._give_corners()  # an arrangement of an earlier version brings its own
        return done

    def _give_corners(self) -> None:
        """What stands on the right reaches from top to bottom: a ladder needs height most."""
        for corner in (Qt.Corner.TopRightCorner, Qt.Corner.BottomRightCorner):
            self._window.setCorner(corner, Qt.DockWidgetArea.RightDockWidgetArea)
