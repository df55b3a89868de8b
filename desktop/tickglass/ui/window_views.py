"""The views around the charts: their docks, how much room each gets, and whose data they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from ..language import mark

if TYPE_CHECKING:
    from .main_window import MainWindow

LISTS, BOOK, TAPE, MOVERS, ALERTS = "lists", "book", "tape", "movers", "alerts"
TABLE_SHARE, SIDE_SHARE = 0.38, 0.28  # of the window's height and width, at the first start
BOOK_SHARE, TAPE_SHARE = 0.58, 0.32  # of the window's height, where both are open
TWO_BELOW = 760  # px of height that book and tape need one below the other
LISTS_LEAST = 140  # px of height: some rows


class WindowViews:
    """Lists, book, tape, movers and alerts of a window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._asked: tuple[object, ...] = ([], [], [])

    def add_all(self) -> None:
        """Give each its dock, as at the first start."""
        window = self._window
        window.lists.setMinimumHeight(LISTS_LEAST)
        docks = window.docks
        docks.add(LISTS, mark("Watchlists"), window.lists, "top")
        docks.add(BOOK, mark("Order book"), window.side.book_page, "right", shown=False)
        docks.add(TAPE, mark("Trades"), window.side.tape, "right", shown=False)
        docks.add(MOVERS, mark("Movers"), window.movers, "left", shown=False)
        docks.add(ALERTS, mark("Alerts"), window.alerts, "bottom", shown=False)
        docks.resize({LISTS: round(window.height() * TABLE_SHARE)}, Qt.Orientation.Vertical)
        docks.resize({BOOK: round(window.width() * SIDE_SHARE)}, Qt.Orientation.Horizontal)

    def show_parts(self) -> None:
        """Feed what is shown, and nothing else."""
        docks, side = self._window.docks, self._window.side
        if docks.shown(BOOK) and docks.shown(TAPE) and self._window.height() < TWO_BELOW:
            docks.stack(BOOK, TAPE)
        parts = (docks.shown(BOOK), docks.shown(TAPE))
        if parts != side.parts and all(parts):
            self._share_side()
        side.show_parts(book=parts[0], tape=parts[1])
        self.feed_panels(seen=self._window.seen_now)
        self._window.state_changed.emit()

    def feed_panels(self, *, seen: bool) -> None:
        """Let movers and alerts work only where somebody can see them."""
        docks = self._window.docks
        self._window.movers.set_shown(seen and docks.shown(MOVERS))
        self._window.alerts.set_shown(seen and docks.shown(ALERTS))

    def ask_side(self) -> None:
        """Say whose book and trades are needed, if that has changed."""
        window = self._window
        books, tapes = window.side.asked
        asked = (books, tapes, [each for each in window.charts.counted if each not in tapes])
        if asked != self._asked:
            self._asked = asked
            window.side_wanted.emit(*asked)

    def _share_side(self) -> None:
        """Give the book, of which more is looked at, more of the height than the tape."""
        height = self._window.height()
        self._window.docks.share({
            BOOK: round(height * BOOK_SHARE), TAPE: round(height * TAPE_SHARE)
        })  # fmt: skip
