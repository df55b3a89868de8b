"""The command palette: every action and every instrument, a few keys away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QObject,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from ..errors import UsageError
from ..language import mark, tr
from ..market.instrument import Instrument, Listing
from .actions import ActionBook
from .palette_entries import (
    Candidate,
    Choice,
    PaletteEntry,
    action_candidate,
    other_candidate,
    rank_of,
)
from .search import MOST_FOUND, Finder, words_of
from .suggestions import ROWS_SHOWN, STEPS, TAKING, Suggestion, SuggestionList, suggestion_of
from .theme import GAP, GAP_LARGE

WIDTH = 620  # px, at most
MOST_LATELY = 30
PLACEHOLDER = mark("What do you want to do or see?")
HINT = mark("Enter does or shows it · Ctrl+Enter adds an instrument to the list · Esc closes")
INSTRUMENT = "instrument:"  # before an instrument, where what was used lately is remembered
TABS = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
OWN_KEYS = frozenset({*STEPS, *TAKING, *TABS, Qt.Key.Key_Escape})
# The focus comes back by itself from where these lead.
STILL_HERE = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class CommandPalette(QFrame):
    """One field and one list over a window; what was used lately stands first."""

    instrument_chosen = Signal(object)  # Instrument
    instrument_added = Signal(object)  # Instrument
    lately_changed = Signal()

    def __init__(self, parent: QWidget, book: ActionBook, titles: Mapping[str, str]) -> None:
        super().__init__(parent)
        self._over = parent
        self._book = book
        self._titles = titles
        self._finder = Finder([])
        self._listings: dict[Instrument, Listing] = {}
        self._sources: list[Callable[[], Iterable[PaletteEntry]]] = []
        self._candidates: list[Candidate] = []
        self._lately: list[str] = []
        self._before: QWidget | None = None
        self.field = QLineEdit()
        self.list = SuggestionList(self, self.field)
        self.hint = QLabel(tr(HINT))
        self._build()

    def _build(self) -> None:
        self.setObjectName("card")
        self.setAutoFillBackground(True)
        self.setAccessibleName(tr("Command palette"))
        self.field.setPlaceholderText(tr(PLACEHOLDER))
        self.field.setAccessibleName(tr(PLACEHOLDER))
        self.field.setAccessibleDescription(tr(HINT))
        self.field.textEdited.connect(self._search)
        self.list.taken.connect(self._take)
        self.hint.setObjectName("muted")
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        for part in (self.field, self.list, self.hint):
            column.addWidget(part)
        self.hide()

    # ------------------------------------------------------------ what can be found

    def set_listings(self, listings: Iterable[Listing]) -> None:
        """The instruments of every enabled exchange."""
        listings = list(listings)
        self._finder = Finder(listings, self._titles)
        self._listings = {each.instrument: each for each in listings}
        if self.isVisible():
            self._search(self.field.text())

    def add_entries(self, source: Callable[[], Iterable[PaletteEntry]]) -> None:
        """Ask this, too, for what can be chosen, each time the palette opens."""
        self._sources.append(source)

    def save_state(self) -> list[str]:
        """What was used lately, the last first, for ``restore_state``."""
        return list(self._lately)

    def restore_state(self, state: object) -> None:
        """Remember what was used lately; what is unusable is left out."""
        known = state if isinstance(state, list) else []
        self._lately = [each for each in known if isinstance(each, str)][:MOST_LATELY]

    # ------------------------------------------------------------ open and close

    def toggle(self) -> None:
        """Open it, or close it if it is open."""
        if self.isVisible():
            self.close_palette()
        else:
            self.open_palette()

    def open_palette(self, query: str = "") -> None:
        """Come up over the window, with the focus in the field."""
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self._candidates = [*self._actions(), *self._others()]
        self.field.setText(query)
        self._search(query)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self._watch()
        QTimer.singleShot(0, self._finder.prepare)  # before the first key, not within it

    def close_palette(self) -> None:
        """Go away and give the focus back to where it was."""
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self.hide()
        before, self._before = self._before, None
        if had_focus and before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing of the program is watched any more."""
        _application().removeEventFilter(self)
        super().hideEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press between the parts is no press on the window behind."""
        event.accept()

    def _watch(self) -> None:
        """Follow the window's size and presses beside the palette, while it is open."""
        _application().installEventFilter(self)  # once more moves it, and does not double it

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of the field, the focus, the size of the window, and a press elsewhere."""
        kind = event.type()
        if watched is self.field:
            return self._field_event(event)
        if kind == QEvent.Type.Resize and watched is self._over:
            self._place()
        elif kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            self._pressed(watched)
        return False

    def _field_event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            if event.reason() not in STILL_HERE:
                self.hide()
        elif event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in OWN_KEYS:
                event.accept()
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.close_palette()
        elif event.key() in TABS:
            self.list.choose(self.list.current_row + TABS[Qt.Key(event.key())])
        else:
            return self.list.handles(event)
        return True

    def _pressed(self, where: QObject) -> None:
        if not isinstance(where, QWidget) or where.window() is not self.window():
            return
        if where is not self and not self.isAncestorOf(where):
            self.close_palette()

    def _place(self) -> None:
        """At the top, in the middle, as high as its lines."""
        window = self._over.rect()
        width = min(WIDTH, window.width() - 2 * GAP_LARGE)
        self.hint.setFixedWidth(width - 2 * GAP - 2 * self.frameWidth())
        around = self.field.sizeHint().height() + self.hint.heightForWidth(self.hint.width())
        around += 4 * GAP + 2 * self.frameWidth()
        line = max(1, self.list.sizeHintForRow(0))
        rows = min(ROWS_SHOWN, self.list.lines.rowCount())
        rows = max(1, min(rows, (window.height() - 2 * GAP_LARGE - around) // line))
        self.list.setFixedHeight(self.list.height_of(rows))
        place = QPoint((window.width() - width) // 2, GAP_LARGE)
        self.setGeometry(QRect(place, QSize(width, around + self.list.height_of(rows))))

    # ------------------------------------------------------------ search and take

    def _search(self, query: str) -> None:
        lines = self._matching(query) if words_of(query) else self._usual()
        if not lines:
            lines = [Suggestion(tr("Nothing matches “{query}”.", query=query.strip()))]
        self.list.suggest(lines)
        self._place()

    def _usual(self) -> list[Suggestion]:
        """Without a word: what was used lately, then every action and entry."""
        known = {each.key: each.line for each in self._candidates}
        lately = [line for key in self._lately if (line := known.pop(key, None) or self._seen(key))]
        return [*lately, *known.values()]

    def _seen(self, key: str) -> Suggestion | None:
        if not key.startswith(INSTRUMENT):
            return None
        try:
            listing = self._listings.get(Instrument.parse(key.removeprefix(INSTRUMENT)))
        except UsageError:  # from a file that was edited
            return None
        return None if listing is None else self._instrument_line(listing)

    def _matching(self, query: str) -> list[Suggestion]:
        words = words_of(query)
        lately = {key: place for place, key in enumerate(self._lately)}
        found: list[tuple[int, int, Suggestion]] = []
        for each in self._candidates:
            rank = rank_of(words, each)
            if rank is not None:
                found.append((rank, lately.get(each.key, MOST_LATELY), each.line))
        for rank, listing in self._finder.ranked(query, MOST_FOUND):
            place = lately.get(INSTRUMENT + str(listing.instrument), MOST_LATELY)
            found.append((rank, place, self._instrument_line(listing)))
        return [line for _, _, line in sorted(found, key=lambda item: item[:2])]

    def _instrument_line(self, listing: Listing) -> Suggestion:
        instrument = listing.instrument
        choice = Choice(
            INSTRUMENT + str(instrument),
            lambda: self.instrument_chosen.emit(instrument),
            instrument,
        )
        return replace(suggestion_of(listing, self._titles), target=choice)

    def _actions(self) -> Iterable[Candidate]:
        for entry in self._book:
            if entry.action.isVisible():
                yield action_candidate(entry)

    def _others(self) -> Iterable[Candidate]:
        for source in self._sources:
            for entry in source():
                yield other_candidate(entry)

    def _take(self, choice: Choice, more: bool) -> None:
        self._remember(choice.key)
        if more and choice.instrument is not None:
            self.list.lines.set_right(self.list.current_row, tr("added"))
            self.field.selectAll()  # the next word replaces this one
            self.instrument_added.emit(choice.instrument)
        else:
            self.close_palette()
            choice.run()

    def _remember(self, key: str) -> None:
        self._lately = [key, *(each for each in self._lately if each != key)][:MOST_LATELY]
        self.lately_changed.emit()


def _application() -> QCoreApplication:
    found = QApplication.instance()
    assert found is not None
    return found
