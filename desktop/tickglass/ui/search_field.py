"""The field in which people type what they want to watch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from ..market.instrument import Instrument, Listing
from .search import Finder
from .text import exchange_title

ROWS_SHOWN = 10
PLACEHOLDER = "Add a pair: btc, eth/usdt, …"
KEYS_OF_THE_LIST = (
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
)  # fmt: skip


class SearchField(QLineEdit):
    """Suggests instruments under itself; Enter or a click takes one, Escape closes the list."""

    taken = Signal(object)  # Instrument

    def __init__(self, titles: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = titles
        self._finder = Finder([])
        self._loaded = False
        self.setPlaceholderText(PLACEHOLDER)
        self.setAccessibleName("Add a pair")
        self.setClearButtonEnabled(True)
        self.suggestions = QListWidget(self)
        self.suggestions.setWindowFlags(Qt.WindowType.ToolTip)
        self.suggestions.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.suggestions.setFocusProxy(self)
        self.suggestions.itemClicked.connect(self._take)
        self.textEdited.connect(self._suggest)

    def set_listings(self, listings: Iterable[Listing]) -> None:
        """What can be found."""
        self._finder = Finder(listings)
        self._loaded = True
        if self.suggestions.isVisible():
            self._suggest(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the list, Enter takes, Escape closes it and empties the field."""
        if event.key() in KEYS_OF_THE_LIST and self.suggestions.isVisible():
            self._move(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.suggestions.currentItem()
            if self.suggestions.isVisible() and item is not None:
                self._take(item)
        elif event.key() == Qt.Key.Key_Escape:
            self.suggestions.hide()
            self.clear()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The list goes with the focus."""
        self.suggestions.hide()
        super().focusOutEvent(event)

    def _move(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -ROWS_SHOWN}
        row = self.suggestions.currentRow() + step.get(Qt.Key(event.key()), ROWS_SHOWN)
        self.suggestions.setCurrentRow(max(0, min(row, self.suggestions.count() - 1)))

    def _suggest(self, query: str) -> None:
        self.suggestions.clear()
        if not query.strip():
            self.suggestions.hide()
            return
        for listing in self._finder.find(query):
            title = exchange_title(self._titles, listing.instrument.exchange)
            halted = "" if listing.status == "trading" else f" ({listing.status})"
            item = QListWidgetItem(f"{listing.instrument.pair}    {title}{halted}")
            item.setData(Qt.ItemDataRole.UserRole, listing.instrument)
            self.suggestions.addItem(item)
        if not self.suggestions.count():
            words = (
                f"No instrument matches “{query.strip()}”."
                if self._loaded
                else "Loading the list of pairs…"
            )
            self.suggestions.addItem(words)
            self.suggestions.item(0).setFlags(Qt.ItemFlag.NoItemFlags)
        else:
            self.suggestions.setCurrentRow(0)
        self._place()

    def _place(self) -> None:
        rows = min(ROWS_SHOWN, self.suggestions.count())
        height = self.suggestions.sizeHintForRow(0) * rows + 2 * self.suggestions.frameWidth()
        self.suggestions.resize(QSize(self.width(), height))
        self.suggestions.move(self.mapToGlobal(QPoint(0, self.height())))
        self.suggestions.show()

    def _take(self, item: QListWidgetItem) -> None:
        instrument: Instrument | None = item.data(Qt.ItemDataRole.UserRole)
        if instrument is None:
            return
        self.suggestions.hide()
        self.clear()
        self.taken.emit(Instrument(*instrument))
