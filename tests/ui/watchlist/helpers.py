"""A panel on the screen over a feed that is driven by hand."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tickglass.market.instrument import Instrument
from tickglass.market.watchlist import Watchlist
from tickglass.ui.theme import DARK
from tickglass.ui.watchlist.columns import Column
from tickglass.ui.watchlist.dragging import packed
from tickglass.ui.watchlist.model import WatchlistModel
from tickglass.ui.watchlist.panel import WatchlistPanel

from ..helpers import BTC, ETH, SOL, Feed, Heard

TITLES = {"binance": "Binance", "okx": "OKX", "bybit": "Bybit"}
BTC_OKX = Instrument("okx", "BTC", "USDT")
ETH_OKX = Instrument("okx", "ETH", "USDT")
BTC_BYBIT = Instrument("bybit", "BTC", "USDT")
NOON = 1_700_654_400.0  # 2023-11-22 12:00:00 UTC
MOVE, COPY = Qt.DropAction.MoveAction, Qt.DropAction.CopyAction


class Shown:
    """A panel with lists, and what its signals said."""

    def __init__(self, qtbot: QtBot, *lists: Sequence[Instrument]) -> None:
        self.feed = Feed()
        self.panel = WatchlistPanel(self.feed.store, DARK, TITLES)
        names = ("Majors", "Alts", "Long shots", "Rest")
        self.panel.set_lists(
            [Watchlist(name, list(each)) for name, each in zip(names, lists, strict=False)]
        )
        self.changed, self.chosen, self.removed = Heard(), Heard(), Heard()
        self.panel.lists_changed.connect(self.changed)
        self.panel.chosen.connect(self.chosen)
        self.panel.removed.connect(self.removed)
        qtbot.addWidget(self.panel)
        self.panel.resize(1_200, 400)
        self.panel.show()

    @property
    def order(self) -> list[Instrument]:
        """The own order of the active list."""
        return self.panel.lists[self.panel.active].instruments

    def flush(self, now: float) -> list[float]:
        """One frame."""
        return self.panel.flush(self.feed.store.take_changed(), now)

    def middle(self, place: int, column: Column = Column.LAST) -> QPoint:
        """Where to click a cell."""
        return self.panel.view.visualRect(self.panel.model.index(place, column)).center()

    def undo(self) -> None:
        """Take back what was removed last."""
        _, undo = self.removed.all[-1]
        assert callable(undo)
        undo()


def action(menu: QMenu, words: str) -> QAction:
    """What a menu offers in these words."""
    return next(each for each in menu.actions() if words in each.text())


def submenu(menu: QMenu, words: str) -> QMenu:
    """What opens beside a menu."""
    found = action(menu, words).menu()
    assert isinstance(found, QMenu)
    return found


def shown_lines(model: WatchlistModel) -> list[str]:
    """Every line: a pair is a heading, an exchange with its pair a row."""
    return [
        head.pair
        if (head := model.head_at(place))
        else f"{model.text(place, Column.EXCHANGE)} {model.text(place, Column.PAIR)}"
        for place in range(model.rowCount())
    ]


def drop(model: WatchlistModel, dragged: Sequence[Instrument], before: int) -> bool:
    """Drop rows before a line."""
    return model.dropMimeData(packed(dragged), MOVE, before, 0, QModelIndex())


__all__ = ["BTC", "ETH", "SOL", "Feed", "Heard"]
