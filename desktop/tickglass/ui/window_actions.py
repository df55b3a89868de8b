"""Everything that can be done in the window by name: one table, the menus, the palette."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from ..language import mark, tr
from ..market.change import setting_of
from .alerts import panel
from .chart_grid import LAYOUTS, LINKS
from .palette_entries import PaletteEntry
from .text import wall_ms

if TYPE_CHECKING:
    from .main_window import MainWindow
    from .watchlist.panel import WatchlistPanel

PROGRAM, LISTS, CHARTS = mark("Program"), mark("Watchlists"), mark("Charts")
VIEWS, LAYOUT, LOOK, ALERTS = mark("Views"), mark("Layouts"), mark("Look"), mark("Alerts")
GRIDS = {
    "One chart": mark("One chart"), "Two side by side": mark("Two side by side"),
    "Two stacked": mark("Two stacked"), "Three side by side": mark("Three side by side"),
    "One above two": mark("One above two"), "Four": mark("Four"), "Six": mark("Six"),
}  # fmt: skip
LINKED = {
    "crosshair": mark("Linked charts share the crosshair"),
    "instrument": mark("Linked charts share the instrument"),
    "interval": mark("Linked charts share the interval"),
}
THEMES = {
    "system": mark("Theme of the system"), "light": mark("Light theme"),
    "dark": mark("Dark theme"),
}  # fmt: skip
BASES = {
    "24h": mark("Change over 24 hours"), "utc": mark("Change since 00:00 UTC"),
    "local": mark("Change since midnight here"),
}  # fmt: skip


class Command(NamedTuple):
    """An action: its name, its text and group in English, its usual keys, and what it does."""

    name: str
    text: str
    group: str
    keys: str
    run: Callable[[], object]


class WindowActions:
    """Fills the book of actions, and builds the menu from it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def build(self) -> None:
        """Add every action to the book, and give the palette what else can be chosen."""
        book = self._window.book
        for command in (
            *self._program(),
            *self._lists(),
            *self._alerts(),
            *self._views(),
            *self._charts(),
        ):
            book.add(command.name, command.text, command.run, command.keys, command.group)
        for command in self._looks():
            book.add(command.name, command.text, command.run, command.keys, command.group)
        book.attach(self._window)
        self._window.undo.follow(book.action("edit.undo"))
        self._window.palette_box.add_entries(self._layout_entries)
        self._window.palette_box.add_entries(self._list_entries)

    def menu(self, parent: QWidget) -> QMenu:
        """The menu of the window."""
        menu = QMenu(parent)
        self._put(menu, "palette", "pair.add", "alert.new", "edit.undo")
        menu.addSeparator()
        views = menu.addMenu(tr(VIEWS))
        self._put(views, *(f"view.{name}" for name in self._window.docks.names), "view.feed",
                  "view.ticker", "view.board", "view.full_screen")  # fmt: skip
        alerts = menu.addMenu(tr(ALERTS))
        self._put(alerts, "alert.new", "view.alerts", "alert.signals", "alert.history",
                  "alert.addresses", "alert.mute", "alert.unmute")  # fmt: skip
        charts = menu.addMenu(tr(CHARTS))
        charts.aboutToShow.connect(lambda: self._fill_charts(charts))
        layouts = menu.addMenu(tr(LAYOUT))
        layouts.aboutToShow.connect(lambda: self._fill_layouts(layouts))
        look = menu.addMenu(tr(LOOK))
        look.aboutToShow.connect(lambda: self._fill_look(look))
        menu.addSeparator()
        self._put(menu, "settings", "shortcuts", "start_page")
        menu.addSeparator()
        self._put(menu, "quit")
        return menu

    # ------------------------------------------------------------ the table

    def _program(self) -> tuple[Command, ...]:
        window = self._window
        dialogs = window.dialogs
        return (
            Command("palette", mark("Find anything…"), PROGRAM, "Ctrl+K",
                    window.palette_box.toggle),
            Command("edit.undo", mark("Undo"), PROGRAM, "Ctrl+Z", lambda: window.undo.undo()),
            Command("settings", mark("Settings…"), PROGRAM, "Ctrl+,", dialogs.open_settings),
            Command("shortcuts", mark("Keyboard shortcuts…"), PROGRAM, "F1",
                    dialogs.open_shortcuts),
            Command("start_page", mark("Start page"), PROGRAM, "", window.start_page_wanted.emit),
            Command("bundle.export", mark("Export everything…"), PROGRAM, "", dialogs.export_all),
            Command("bundle.import", mark("Import everything…"), PROGRAM, "", dialogs.import_all),
            Command("quit", mark("Quit"), PROGRAM, "Ctrl+Q", window.quit_wanted.emit),
        )  # fmt: skip

    def _lists(self) -> tuple[Command, ...]:
        window = self._window
        lists, dialogs = window.lists, window.dialogs
        return (
            Command("pair.add", mark("Add a pair"), LISTS, "Ctrl+F", window.search.setFocus),
            Command("pair.remove", mark("Remove from the list"), LISTS, "",
                    lambda: lists.remove(lists.selected)),
            Command("list.new", mark("New list"), LISTS, "Ctrl+Shift+N", lambda: new_list(lists)),
            Command("list.rename", mark("Rename the list"), LISTS, "", lists.rename_active),
            Command("list.close", mark("Close the list"), LISTS, "",
                    lambda: lists.close_list(lists.active)),
            Command("list.next", mark("Next list"), LISTS, "Ctrl+Alt+Right",
                    lambda: lists.activate((lists.active + 1) % len(lists.lists))),
            Command("list.before", mark("List before"), LISTS, "Ctrl+Alt+Left",
                    lambda: lists.activate((lists.active - 1) % len(lists.lists))),
            Command("list.group", mark("Group by pair"), LISTS, "Ctrl+G",
                    lambda: lists.set_grouped(not lists.lists[lists.active].grouped)),
            Command("list.own_order", mark("My own order"), LISTS, "", lambda: lists.sort(None)),
            Command("list.export", mark("Export the list…"), LISTS, "",
                    lambda: dialogs.export_list(lists.active)),
            Command("list.import", mark("Import a list…"), LISTS, "", dialogs.import_list),
        )  # fmt: skip

    def _alerts(self) -> tuple[Command, ...]:
        window = self._window
        alerts = window.alerts_of
        return (
            Command("alert.new", mark("New alert…"), ALERTS, "Ctrl+Shift+A",
                    lambda: alerts.ask_for(window.lists.current)),
            Command("alert.signals", mark("Signals"), ALERTS, "Ctrl+Shift+S",
                    lambda: alerts.open(panel.SIGNALS)),
            Command("alert.history", mark("History of alerts"), ALERTS, "Ctrl+H",
                    lambda: alerts.open(panel.HISTORY)),
            Command("alert.addresses", mark("Addresses for alerts…"), ALERTS, "",
                    alerts.open_targets),
            Command("alert.mute", mark("Mute for an hour"), ALERTS, "",
                    alerts.mute_for_an_hour),
            Command("alert.unmute", mark("Unmute"), ALERTS, "",
                    lambda: alerts.mute_wanted.emit(0)),
        )  # fmt: skip

    def _views(self) -> tuple[Command, ...]:
        window = self._window
        toggle = window.docks.toggle
        return (
            Command("view.lists", mark("Watchlists"), VIEWS, "Ctrl+L", lambda: toggle("lists")),
            Command("view.book", mark("Order book"), VIEWS, "Ctrl+B", lambda: toggle("book")),
            Command("view.tape", mark("Trades"), VIEWS, "Ctrl+T", lambda: toggle("tape")),
            Command("view.movers", mark("Movers"), VIEWS, "Ctrl+Shift+M", lambda: toggle("movers")),
            Command("view.alerts", mark("Alerts"), VIEWS, "Ctrl+J", lambda: toggle("alerts")),
            Command("view.together", mark("Book and trades of all exchanges together"), VIEWS, "",
                    window.side.together.toggle),
            Command("view.feed", mark("Feed…"), VIEWS, "Ctrl+Shift+F", window.open_feed),
            Command("view.ticker", mark("Ticker"), VIEWS, "Ctrl+Shift+T",
                    window.companions.toggle_ticker),
            Command("view.board", mark("Board on the whole screen"), VIEWS, "Ctrl+Shift+B",
                    window.companions.open_board),
            Command("view.full_screen", mark("Full screen"), VIEWS, "F11",
                    window.toggle_full_screen),
            Command("layout.save", mark("Save the layout as…"), LAYOUT, "Ctrl+Shift+L",
                    window.dialogs.ask_layout_name),
        )  # fmt: skip

    def _charts(self) -> tuple[Command, ...]:
        window = self._window
        charts, dialogs = window.charts, window.dialogs
        grids = [
            Command(f"chart.grid{number}", GRIDS[name], CHARTS, f"Ctrl+{number}",
                    partial(charts.choose_layout, name))
            for number, name in enumerate(LAYOUTS, 1)
        ]  # fmt: skip
        return (
            *grids,
            Command("chart.maximise", mark("Maximise the chart"), CHARTS, "Ctrl+M",
                    lambda: charts.maximise(charts.active)),
            Command("chart.picture", mark("Save a picture of the chart…"), CHARTS, "Ctrl+S",
                    lambda: dialogs.save_chart(charts.active)),
            Command("chart.csv", mark("Export the candles as CSV…"), CHARTS, "",
                    lambda: dialogs.export_candles(charts.active, "csv")),
            Command("chart.compare", mark("Compare with…"), CHARTS, "",
                    lambda: dialogs.compare_with(charts.active)),
        )  # fmt: skip

    def _looks(self) -> tuple[Command, ...]:
        choose = self._window.setting_chosen.emit
        themes = [
            Command(f"theme.{value}", text, LOOK, "",
                    partial(choose, "window.theme", value))
            for value, text in THEMES.items()
        ]  # fmt: skip
        bases = [
            Command(f"change.{value}", text, LOOK, "",
                    partial(choose, "window.change_basis", value))
            for value, text in BASES.items()
        ]  # fmt: skip
        since_now = Command(
            "change.now",
            mark("Change since now"),
            LOOK,
            "",
            lambda: choose("window.change_basis", setting_of(wall_ms())),
        )
        return (*themes, *bases, since_now)

    # ------------------------------------------------------------ menus that change

    def _put(self, menu: QMenu, *names: str) -> None:
        book = self._window.book
        for name in names:
            if name in book:
                menu.addAction(book.action(name))

    def _fill_charts(self, menu: QMenu) -> None:
        menu.clear()
        charts = self._window.charts
        grids = QActionGroup(menu)
        for number, name in enumerate(LAYOUTS, 1):
            action = self._window.book.action(f"chart.grid{number}")
            shown = menu.addAction(action.text())
            shown.setShortcut(action.shortcut())
            shown.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # the key is the book's
            shown.setCheckable(True)
            shown.setChecked(name == charts.layout_name)
            shown.triggered.connect(action.trigger)
            grids.addAction(shown)
        menu.addSeparator()
        for what in LINKS:
            link = menu.addAction(tr(LINKED[what]))
            link.setCheckable(True)
            link.setChecked(what in charts.links)
            link.triggered.connect(lambda on=False, what=what: charts.set_link(what, bool(on)))
        menu.addSeparator()
        self._put(menu, "chart.maximise", "chart.compare", "chart.picture", "chart.csv")

    def _fill_layouts(self, menu: QMenu) -> None:
        menu.clear()
        window = self._window
        choose, remove = window.arrangement.choose_layout, window.arrangement.remove_layout
        for name in window.layouts.names:
            action = menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name == window.layouts.current)
            action.triggered.connect(lambda _=False, name=name: choose(name))
        menu.addSeparator()
        self._put(menu, "layout.save")
        if window.layouts.names:
            removing = menu.addMenu(tr("Remove a layout"))
            for name in window.layouts.names:
                action = removing.addAction(name.replace("&", "&&"))
                action.triggered.connect(lambda _=False, name=name: remove(name))

    def _fill_look(self, menu: QMenu) -> None:
        menu.clear()
        values = self._window.settings.values
        for key, group, texts in (
            ("window.theme", "theme", THEMES), ("window.change_basis", "change", BASES),
        ):  # fmt: skip
            choices = QActionGroup(menu)
            for value, text in texts.items():
                action = menu.addAction(tr(text))
                action.setCheckable(True)
                action.setChecked(values.get(key) == value)
                action.triggered.connect(self._window.book.action(f"{group}.{value}").trigger)
                choices.addAction(action)
            menu.addSeparator()
        self._put(menu, "change.now")

    # ------------------------------------------------------------ the palette

    def _layout_entries(self) -> list[PaletteEntry]:
        window = self._window
        choose = window.arrangement.choose_layout
        return [
            PaletteEntry(f"layout:{name}", name, partial(choose, name), tr(LAYOUT))
            for name in window.layouts.names
        ]

    def _list_entries(self) -> list[PaletteEntry]:
        lists = self._window.lists
        return [
            PaletteEntry(f"list:{each.name}", each.name, partial(lists.activate, place), tr(LISTS))
            for place, each in enumerate(lists.lists)
        ]


def new_list(lists: WatchlistPanel) -> None:
    """Make a list, and let the person type its name."""
    lists.add_list()
    lists.rename_active()
