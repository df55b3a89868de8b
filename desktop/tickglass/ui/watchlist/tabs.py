"""The lists as tabs: renaming in place, dragging them about, dropping rows onto them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QTabBar

from ...language import mark, tr
from .dragging import MIME, unpacked

LONGEST_NAME = 60
RING = 2  # px
CLOSE_LIST, RENAME = mark("Close this list"), mark("Rename…")
EXPORT = mark("Export as CSV…")


class ListTabs(QTabBar):
    """One tab a list. Signals say what the person wants; the panel does it."""

    renamed = Signal(int, str)
    close_wanted = Signal(int)
    export_wanted = Signal(int)
    rows_dropped = Signal(list, int, bool)  # instruments, onto which tab, copied

    def __init__(self) -> None:
        super().__init__()
        self._target = -1
        self._editor: QLineEdit | None = None
        self._edited = -1
        self.setAccessibleName(tr("Watchlists"))
        self.setMovable(True)
        self.setAcceptDrops(True)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setDocumentMode(True)

    def set_names(self, names: Sequence[str]) -> None:
        """Have a tab for each of these, in this order."""
        while self.count() > len(names):
            self.removeTab(self.count() - 1)
        for place, name in enumerate(names):
            if place >= self.count():
                self.addTab("")
            if name != self.name(place):
                self.setTabText(place, name.replace("&", "&&"))
                self.setAccessibleTabName(place, name)

    def name(self, place: int) -> str:
        """What the list of a tab is called."""
        return self.accessibleTabName(place)

    def rename(self, place: int) -> QLineEdit:
        """Open a field over a tab in which its name can be changed."""
        self._close_editor()
        editor = QLineEdit(self.name(place), self)
        editor.setMaxLength(LONGEST_NAME)
        editor.setAccessibleName(tr("Name of the list"))
        rect = self.tabRect(place)
        rect.setWidth(max(rect.width(), editor.minimumSizeHint().width()))
        editor.setGeometry(rect)
        editor.selectAll()
        editor.installEventFilter(self)
        editor.editingFinished.connect(self._take_name)
        editor.show()
        editor.setFocus()
        self._editor, self._edited = editor, place
        return editor

    def menu_for(self, place: int) -> QMenu:
        """The menu of a tab."""
        menu = QMenu(self)
        menu.addAction(tr(RENAME), lambda: self.rename(place))
        menu.addAction(tr(EXPORT), lambda: self.export_wanted.emit(place))
        menu.addSeparator()
        close = menu.addAction(tr(CLOSE_LIST), lambda: self.close_wanted.emit(place))
        close.setEnabled(self.count() > 1)
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape leaves a name as it was."""
        escaped = (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        )
        if watched is self._editor and escaped:
            self._close_editor()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 renames, Delete closes, Ctrl with the arrows moves the tab."""
        key, place = event.key(), self.currentIndex()
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key), 0)
        if key == Qt.Key.Key_F2 and place >= 0:
            self.rename(place)
        elif key == Qt.Key.Key_Delete and self.count() > 1:
            self.close_wanted.emit(place)
        elif steps and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            if 0 <= place + steps < self.count():
                self.moveTab(place, place + steps)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click renames."""
        place = self.tabAt(event.position().toPoint())
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.rename(place)
        else:
            super().mouseDoubleClickEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The middle button closes, as in browsers."""
        place = self.tabAt(event.position().toPoint())
        if place >= 0 and event.button() == Qt.MouseButton.MiddleButton and self.count() > 1:
            self.close_wanted.emit(place)
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the tab under the pointer, or of the active one by the keyboard."""
        place = self.tabAt(event.pos())
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        if by_key:
            place = self.currentIndex()
        if place >= 0:
            menu = self.menu_for(place)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())

    # ------------------------------------------------------------ rows dropped onto a tab

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Rows may come in."""
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Ring the tab onto which the rows would fall."""
        place = self.tabAt(event.position().toPoint())
        self._aim(-1 if place == self.currentIndex() else place)
        if self._target >= 0 and event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        self._aim(-1)

    def dropEvent(self, event: QDropEvent) -> None:
        """Rows fell onto a tab: they move there, or with Ctrl are copied."""
        self._aim(-1)
        place = self.tabAt(event.position().toPoint())
        instruments = unpacked(event.mimeData())
        if place < 0 or place == self.currentIndex() or not instruments:
            event.ignore()
            return
        event.acceptProposedAction()
        copied = event.dropAction() == Qt.DropAction.CopyAction
        self.rows_dropped.emit(instruments, place, copied)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tabs, and a ring around the one onto which rows would fall."""
        super().paintEvent(event)
        if self._target >= 0:
            painter = QPainter(self)
            painter.setPen(QPen(self.palette().link().color(), RING))
            painter.drawRect(self.tabRect(self._target).adjusted(1, 1, -1, -1))
            painter.end()

    def _aim(self, place: int) -> None:
        if place != self._target:
            self._target = place
            self.update()

    def _take_name(self) -> None:
        editor, place = self._editor, self._edited
        if editor is None:
            return
        name = " ".join(editor.text().split())
        self._close_editor()
        if name and name != self.name(place):
            self.renamed.emit(place, name)

    def _close_editor(self) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            had_focus = editor.hasFocus()
            editor.hide()
            editor.deleteLater()
            if had_focus:
                self.setFocus()
