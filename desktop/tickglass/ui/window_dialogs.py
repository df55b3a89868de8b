"""The questions that the window asks: where to save, what to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog

from ..language import tr
from ..market.instrument import Instrument
from .compare_dialog import CompareDialog
from .placing import SETTINGS
from .settings_window import SettingsWindow
from .shortcuts_dialog import ShortcutsDialog
from .text import wall_ms

if TYPE_CHECKING:
    from .chart_pane import ChartPane
    from .main_window import MainWindow
    from .settings_backups import BackupEntry

NO_PART_OF_NAMES = frozenset('/\\:*?"<>|')  # of files, on one system or another
BUNDLE_NAME, BUNDLE_SUFFIX = "tickglass", ".tickglass.zip"


class WindowDialogs(QObject):
    """Asks, and tells the window or its signals what was answered. Paths are texts."""

    file_wanted = Signal(str, str)  # text, path: write it
    list_import_wanted = Signal(str)  # path
    bundle_export_wanted = Signal(str)  # path
    bundle_import_wanted = Signal(str)  # path
    restore_wanted = Signal(object)  # Path of a backup
    backups_wanted = Signal()  # the settings window is open: what backups are there?

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.settings: SettingsWindow | None = None

    def compare_with(self, pane: ChartPane) -> CompareDialog:
        """Ask for an instrument to draw beside that of a chart."""
        dialog = CompareDialog(self._window, self._window.titles, self._window.listings)
        dialog.taken.connect(pane.compare)
        dialog.open()
        return dialog

    def save_chart(self, pane: ChartPane) -> None:
        """Ask where to, and save a picture of a chart."""
        name = file_name(pane.instrument, pane.interval, "png")
        path = self._place(tr("Save the chart"), name, tr("Pictures (*.png)"))
        if path and not pane.picture(wall_ms()).save(path):
            self._window.notices.say(tr("The picture could not be saved as {path}.", path=path))

    def export_candles(self, pane: ChartPane, form: str) -> None:
        """Ask where to, and let the candles of a chart be written."""
        source = pane.chart.source
        if source is None:
            return
        name = file_name(pane.instrument, pane.interval, form)
        path = self._place(tr("Export the candles"), name, f"*.{form}")
        if path:
            self._window.export_wanted.emit(source.bars, form, path)

    def export_list(self, place: int) -> None:
        """Ask where to, and let a watchlist be written."""
        lists = self._window.lists
        name = f"{plain_name(lists.lists[place].name)}.csv"
        path = self._place(tr("Export the list"), name, "*.csv")
        if path:
            self.file_wanted.emit(lists.csv_text(place), path)

    def import_list(self) -> None:
        """Ask for a file with a list."""
        path, _filter = QFileDialog.getOpenFileName(
            self._window, tr("Import a list"), "", tr("Tables (*.csv *.txt);;All files (*)")
        )
        if path:
            self.list_import_wanted.emit(path)

    def export_all(self) -> None:
        """Ask where to, and let everything be written into one file."""
        name = f"{BUNDLE_NAME}{BUNDLE_SUFFIX}"
        path = self._place(tr("Export everything"), name, f"*{BUNDLE_SUFFIX}")
        if path:
            self.bundle_export_wanted.emit(path)

    def import_all(self) -> None:
        """Ask for a file with everything."""
        path, _filter = QFileDialog.getOpenFileName(
            self._window, tr("Import everything"), "", f"*{BUNDLE_SUFFIX};;*.zip"
        )
        if path:
            self.bundle_import_wanted.emit(path)

    def ask_layout_name(self) -> None:
        """Ask how the layout shall be called, and save it."""
        window = self._window
        name, taken = QInputDialog.getText(
            window, tr("Save the layout"), tr("Name of the layout"), text=window.layouts.current
        )
        if taken and name.strip():
            window.arrangement.save_layout_as(name)

    def open_shortcuts(self) -> ShortcutsDialog:
        """Show the keys of every action."""
        dialog = ShortcutsDialog(self._window, self._window.book)
        dialog.open()
        return dialog

    def open_settings(self) -> SettingsWindow:
        """Show every setting."""
        if self.settings is None:
            made = self.settings = SettingsWindow(self._window.titles, self._window)
            made.changed.connect(self._window.setting_chosen)
            made.removed.connect(self._window.offer_undo)
            made.restore_wanted.connect(self.restore_wanted)
            made.export_wanted.connect(self.export_all)
            made.import_wanted.connect(self.import_all)
            made.shortcuts_wanted.connect(self.open_shortcuts)
        self.settings.set_values(self._window.settings.values)
        self.backups_wanted.emit()
        self._window.places.put(SETTINGS, self.settings)
        self.settings.show()
        self.settings.raise_()
        self.settings.activateWindow()
        return self.settings

    def show_backups(self, found: Sequence[BackupEntry]) -> None:
        """Tell the settings window which backups there are."""
        if self.settings is not None:
            self.settings.set_backups(found)

    def _place(self, title: str, name: str, form: str) -> str:
        path, _filter = QFileDialog.getSaveFileName(self._window, title, name, form)
        return path


def file_name(instrument: Instrument | None, interval: str, form: str) -> str:
    """What a saved chart is called: binance-BTC-USDT-15m.png."""
    if instrument is None:
        return f"chart.{form}"
    return f"{instrument.exchange}-{instrument.base}-{instrument.quote_ccy}-{interval}.{form}"


def plain_name(name: str) -> str:
    """A name that can be that of a file on every system."""
    fit = (each if each.isprintable() and each not in NO_PART_OF_NAMES else "-" for each in name)
    return "".join(fit).strip(" .") or "-"
