"""A window with a feed driven by hand, for the tests of what the window is made of."""

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tickglass.market.instrument import Instrument, Listing
from tickglass.market.watchlist import Watchlist
from tickglass.settings import Settings
from tickglass.ui.frame_clock import FrameClock, ScreenFigures
from tickglass.ui.main_window import MainWindow

from .helpers import BTC, ETH, SOL, TITLES, Feed

LISTINGS = [Listing(each, each.base + each.quote_ccy, Decimal("0.01")) for each in (BTC, ETH, SOL)]


class WindowDesk:
    """What the window says is written down by the name of its signal."""

    def __init__(self, qtbot: QtBot, *instruments: Instrument) -> None:
        self.feed, figures = Feed(), ScreenFigures()
        self.window = MainWindow(self.feed.store, FrameClock(figures), figures, TITLES)
        qtbot.addWidget(self.window)
        self.said: dict[str, list[tuple[object, ...]]] = {}
        for name in (
            "alert_made", "feed_wanted", "keys_changed", "layouts_changed", "lists_changed",
            "quit_wanted", "setting_chosen", "side_wanted", "start_page_wanted", "export_wanted",
        ):  # fmt: skip
            self.listen(name, getattr(self.window, name))
        for name in (
            "file_wanted", "list_import_wanted", "bundle_export_wanted", "bundle_import_wanted",
            "restore_wanted", "backups_wanted",
        ):  # fmt: skip
            self.listen(name, getattr(self.window.dialogs, name))
        self.window.settings.values = Settings.first().values()
        self.window.set_listings(LISTINGS)
        self.window.set_lists([Watchlist("Majors", list(instruments))])
        self.window.show()

    def listen(self, name: str, signal: object) -> None:
        """Write down what a signal says."""
        self.said[name] = []
        signal.connect(self._note(name))  # type: ignore[attr-defined]

    def _note(self, name: str) -> Callable[..., None]:
        return lambda *words: self.said[name].append(words)

    def action(self, name: str) -> QAction:
        """The action of that name."""
        return self.window.book.action(name)

    def submenu(self, title: str) -> QMenu:
        """A menu of the window's menu, filled as when it is opened."""
        menu = next(each.menu() for each in self.window.menu.actions() if each.text() == title)
        assert isinstance(menu, QMenu)
        menu.aboutToShow.emit()
        return menu


def entry(menu: QMenu, text: str) -> QAction:
    """The entry of a menu that reads so."""
    return next(each for each in menu.actions() if each.text() == text)


def checked(menu: QMenu) -> list[str]:
    """What is ticked in a menu."""
    return [each.text() for each in menu.actions() if each.isChecked()]
