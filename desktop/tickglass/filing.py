"""What the person writes to files and reads from them: lists, candles, everything, backups."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import TickglassError
from .exporting import write_csv, write_parquet
from .keeping import Keeper
from .language import tr
from .market.candles import CandleSeries
from .settings.backups import Backups
from .ui.formats import number_text

if TYPE_CHECKING:
    from .ui.main_window import MainWindow


class Filing:
    """Does what the window's dialogs ask for, in the background."""

    def __init__(
        self,
        window: MainWindow,
        keeper: Keeper,
        backups: Backups,
        spawn: Callable[..., object],
    ) -> None:
        self._window = window
        self._keeper = keeper
        self._backups = backups
        self._spawn = spawn

    def connect(self) -> None:
        """Listen to the window from now on."""
        dialogs = self._window.dialogs
        self._window.export_wanted.connect(self._export)
        dialogs.file_wanted.connect(self._write_text)
        dialogs.list_import_wanted.connect(self._import_list)
        dialogs.bundle_export_wanted.connect(self._export_all)
        dialogs.bundle_import_wanted.connect(self._import_all)
        dialogs.restore_wanted.connect(self._restore)
        dialogs.backups_wanted.connect(self._show_backups)

    def _export(self, bars: CandleSeries, form: str, path: str) -> None:
        self._spawn(self._write_candles(bars, form, Path(path)), "export")

    async def _write_candles(self, bars: CandleSeries, form: str, path: Path) -> None:
        write = write_csv if form == "csv" else write_parquet
        rows = bars.rows.copy()
        try:
            await asyncio.to_thread(write, path, bars.instrument, bars.interval, rows)
        except (OSError, TickglassError) as error:
            sentence = error.sentence if isinstance(error, TickglassError) else error.strerror
            self._window.notify_person(
                tr("The candles could not be exported: {reason}", reason=sentence)
            )
        else:
            self._window.notify_person(
                tr(
                    "{count} candles were written to {path}.",
                    count=number_text(rows.shape[1], 0),
                    path=path,
                )
            )

    def _write_text(self, text: str, path: str) -> None:
        self._spawn(self._keeper.write_text(text, Path(path)), "writing")

    def _import_list(self, path: str) -> None:
        self._spawn(self._read_list(Path(path)), "reading a list")

    async def _read_list(self, path: Path) -> None:
        text = await self._keeper.read_text(path)
        if text is not None:
            self._window.take_list(path.stem, text)

    def _export_all(self, path: str) -> None:
        self._spawn(self._keeper.export_all(Path(path), datetime.now), "export of everything")

    def _import_all(self, path: str) -> None:
        self._spawn(self._keeper.import_all(Path(path)), "import of everything")

    def _restore(self, backup: Path) -> None:
        self._spawn(self._keeper.restore(backup), "restoring")

    def _show_backups(self) -> None:
        self._spawn(self._read_backups(), "backups")

    async def _read_backups(self) -> None:
        found = await asyncio.to_thread(self._backups.all)
        self._window.dialogs.show_backups(found)
