"""Everything that is kept on the disk while the program runs, and what went wrong with it."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from . import last_prices
from .bundle import export_bundle, import_bundle, read_bundle
from .errors import SettingsError
from .files import read_bounded, write_atomically
from .language import tr
from .mark_store import MarkStore
from .market.instrument import Instrument
from .market.store import Store
from .paths import Paths
from .saver import Saver
from .settings import Settings, SettingsFile
from .statefile import StateFile

log = logging.getLogger(__name__)

PRICES_INTERVAL = 300.0  # s
WINDOW_INTERVAL = 5.0  # s between looks whether an edge was dragged, of which nothing tells
LARGEST_LIST = 4_000_000  # bytes of a file with a watchlist

Say = Callable[[str], object]
Put = TypeVar("Put")


class Keeper:
    """The savers of settings, window, layouts and drawings.

    ``window_state`` and ``layouts`` make the texts to be saved; ``say`` tells the person,
    ``begin_anew`` lets the program read everything again and say so.
    """

    def __init__(
        self,
        settings: Settings,
        file: SettingsFile,
        paths: Paths,
        store: Store,
        window_state: Callable[[], Mapping[str, Any]],
        layouts: Callable[[], str],
        watched: Callable[[], Sequence[Instrument]],
        say: Say,
        begin_anew: Say,
    ) -> None:
        self._file = file
        self._paths = paths
        self._store = store
        self._say = say
        self._begin_anew = begin_anew
        self._checked: dict[Saver, float] = {}
        self.drawings_held = MarkStore()
        self._window_file = StateFile(paths.window, tr("What the windows looked like"))
        self._layouts_file = StateFile(paths.layouts, tr("The layouts"))
        self._drawings_file = StateFile(paths.drawings, tr("The drawings"))
        self.settings = Saver(lambda: file.render(settings), file.write, self._failed)
        self.window = Saver(
            lambda: json.dumps(window_state(), indent=2) + "\n",
            self._window_file.write,
            self._failed,
        )
        self.layouts = Saver(layouts, self._layouts_file.write, self._failed)
        self.drawings = Saver(
            lambda: self.drawings_held.dump(), self._drawings_file.write, self._failed
        )
        self._prices_file = StateFile(paths.last_prices, tr("The last prices"))
        self.prices = Saver(
            lambda: last_prices.dump(store, watched()), self._prices_file.write, self._failed
        )
        self.frozen = False  # something else took the files' place; nothing may be saved any more

    def read_window(self) -> dict[str, Any]:
        """What the windows looked like."""
        return self._window_file.load()

    def read_layouts(self) -> dict[str, Any]:
        """The named layouts."""
        return self._layouts_file.load()

    def read_drawings(self) -> None:
        """What was drawn before."""
        self._drawings_file.read(self.drawings_held.load)

    def recall_prices(self, instruments: Sequence[Instrument]) -> None:
        """Know the prices of an earlier run, as what they are: lost, with their time."""
        kept = last_prices.load(self._prices_file.load())
        now_ms, now = round(time.time() * 1000), time.monotonic()
        for instrument in instruments:
            if instrument in kept:
                self._store.recall(instrument, *kept[instrument], now_ms, now)

    def check(self, now: float) -> None:
        """Keep now and then what changes without a word; ``now`` is a monotonic second."""
        for saver, interval in ((self.prices, PRICES_INTERVAL), (self.window, WINDOW_INTERVAL)):
            if now - self._checked.setdefault(saver, now) >= interval:
                self._checked[saver] = now
                self.changed(saver)

    def notices(self) -> list[str]:
        """What was wrong with the files, a sentence each."""
        files = (
            self._window_file, self._layouts_file, self._drawings_file, self._prices_file,
        )  # fmt: skip
        said = [sentence for file in files for sentence in file.notices]
        unread = self.drawings_held.unread
        if unread:
            said.append(
                tr("{count} drawings could not be read; they stay in the file.", count=unread)
            )
        return said

    def changed(self, *savers: Saver) -> None:
        """Something that these keep has changed."""
        if not self.frozen:
            for saver in savers:
                saver.changed()

    async def finish(self) -> None:
        """Wait until everything is on the disk."""
        if self.frozen:
            return
        self.changed(self.window, self.prices)
        await self._written()

    async def _written(self) -> None:
        for saver in (self.settings, self.window, self.layouts, self.drawings, self.prices):
            await saver.finish()

    async def _replace(self, put: Callable[[], Put]) -> Put:
        """Let something else take the files' place; nothing is saved meanwhile, nor after it."""
        held = self.frozen
        await self.finish()
        self.frozen = True
        await self._written()  # what changed while the others were waited for
        try:
            return await asyncio.to_thread(put)
        except (SettingsError, OSError):
            self.frozen = held
            self.changed(self.settings, self.window, self.layouts, self.drawings)
            raise

    # ------------------------------------------------------------ everything as one file

    async def export_all(self, path: Path, now: Callable[[], Any]) -> None:
        """Write everything into one file."""
        await self.finish()
        try:
            await asyncio.to_thread(export_bundle, self._paths, path, now())
        except (SettingsError, OSError) as error:
            self._say(tr("The export failed: {reason}", reason=_reason(error)))
        else:
            self._say(tr("Everything was exported to {path}.", path=path))

    async def import_all(self, path: Path) -> None:
        """Put everything from a file in place of what is there; it counts at once."""
        try:
            kept = await self._replace(lambda: import_bundle(self._paths, read_bundle(path)))
        except (SettingsError, OSError) as error:
            self._say(tr("Nothing was imported: {reason}", reason=_reason(error)))
            return
        name = kept.name if kept else "—"
        self._begin_anew(
            tr("Everything was imported. What was there is kept as {name}.", name=name)
        )

    async def restore(self, backup: Path) -> None:
        """Put a backup in place of the settings; it counts at once."""
        if backup.suffix == ".zip":
            await self.import_all(backup)
            return
        try:
            await self._replace(lambda: self._file.restore(backup))
        except (SettingsError, OSError) as error:
            self._say(tr("Nothing was restored: {reason}", reason=_reason(error)))
            return
        self._begin_anew(tr("The backup {name} is used now.", name=backup.name))

    # ------------------------------------------------------------ single files

    async def write_text(self, text: str, path: Path) -> None:
        """Write a file that the person asked for."""
        try:
            await asyncio.to_thread(write_atomically, path, text)
        except OSError as error:
            self._say(tr("{path} could not be written: {reason}.", path=path,
                         reason=error.strerror))  # fmt: skip
        else:
            self._say(tr("{path} was written.", path=path))

    async def read_text(self, path: Path) -> str | None:
        """The text of a file that the person chose, None after saying why there is none."""
        try:
            return await asyncio.to_thread(_text, path)
        except SettingsError as error:
            self._say(tr("{path} could not be read: {reason}", path=path, reason=error.sentence))
            return None

    def _failed(self, error: OSError) -> None:
        self._say(
            tr("What you changed could not be saved ({reason}); the next change tries again.",
               reason=error.strerror)
        )  # fmt: skip


def _text(path: Path) -> str:
    content = read_bounded(path, LARGEST_LIST)
    if content is None:
        raise SettingsError(tr("there is no such file"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(tr("it is damaged, or no such file")) from error


def _reason(error: Exception) -> str:
    if isinstance(error, SettingsError):
        return error.sentence
    return f"{error.strerror or error}." if isinstance(error, OSError) else str(error)
