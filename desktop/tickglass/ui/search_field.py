"""The field in which people type what they want to watch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from ..language import mark, tr
from ..market.instrument import Instrument, Listing
from .search import Finder
from .suggestions import ROWS_SHOWN, STEPS, TAKING, Suggestion, SuggestionList, suggestion_of

PLACEHOLDER = mark("Add a pair: btc, eth/usdt, okx sol, …")
HINT = mark(
    "A pair, a currency, an exchange, or their beginnings. Enter adds; "
    "Ctrl+Enter adds and goes on."
)  # fmt: skip
OWN_KEYS = frozenset({*STEPS, *TAKING, Qt.Key.Key_Escape})


class SearchField(QLineEdit):
    """Suggests instruments under itself; Enter or a click takes one, Escape closes the list.

    With Ctrl the list stays open, so that several can be taken one after the other.
    """

    taken = Signal(object)  # Instrument

    def __init__(
        self, titles: Mapping[str, str], parent: QWidget | None = None, *, several: bool = True
    ) -> None:
        super().__init__(parent)
        self._titles = titles
        self._several = several
        self._finder = Finder([])
        self._loaded = False
        self._listed: frozenset[Instrument] = frozenset()
        self.setPlaceholderText(tr(PLACEHOLDER))
        self.setAccessibleName(tr("Add a pair"))
        if several:
            self.setToolTip(tr(HINT))
            self.setAccessibleDescription(tr(HINT))
        self.setClearButtonEnabled(True)
        self.suggestions = SuggestionList(self, self)
        self.suggestions.setWindowFlags(Qt.WindowType.ToolTip)
        self.suggestions.taken.connect(self._take)
        self.textEdited.connect(self._suggest)

    def set_listings(self, listings: Iterable[Listing]) -> None:
        """What can be found."""
        self._finder = Finder(listings, self._titles)
        self._loaded = True
        if self.suggestions.isVisible():
            self._suggest(self.text())

    def set_listed(self, instruments: Collection[Instrument]) -> None:
        """What the watchlist has already, to say so."""
        self._listed = frozenset(instruments)

    def event(self, event: QEvent) -> bool:
        """The keys of the open list are its own, whatever the window uses them for.

        Ctrl+Z is the window's while there is no typing to take back.
        """
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in OWN_KEYS and self.suggestions.isVisible():
                event.accept()
                return True
            if event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable():
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the list, Enter takes, Escape closes it and empties the field."""
        if event.key() == Qt.Key.Key_Escape:
            self.suggestions.hide()
            self.clear()
        elif event.key() == Qt.Key.Key_Down and not self.suggestions.isVisible():
            self._suggest(self.text())
        elif not (self.suggestions.isVisible() and self.suggestions.handles(event)):
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The list goes with the focus."""
        self.suggestions.hide()
        super().focusOutEvent(event)

    def _suggest(self, query: str) -> None:
        if not query.strip():
            self.suggestions.hide()
            return
        found = self._finder.find(query)
        self.suggestions.suggest(
            [
                suggestion_of(each, self._titles, listed=each.instrument in self._listed)
                for each in found
            ]
            or [Suggestion(self._nothing(query.strip()))]
        )
        self._place()

    def _nothing(self, query: str) -> str:
        if not self._loaded:
            return tr("Loading the list of pairs…")
        return tr("No instrument matches “{query}”.", query=query)

    def _place(self) -> None:
        rows = min(ROWS_SHOWN, self.suggestions.lines.rowCount())
        self.suggestions.resize(QSize(self.width(), self.suggestions.height_of(rows)))
        self.suggestions.move(self.mapToGlobal(QPoint(0, self.height())))
        self.suggestions.show()

    def _take(self, instrument: Instrument, more: bool) -> None:
        if more and self._several:
            self.suggestions.lines.set_right(self.suggestions.current_row, tr("added"))
            self.selectAll()  # the next word replaces this one
        else:
            self.suggestions.hide()
            self.clear()
        self.taken.emit(instrument)
