"""The settings file: whatever state it is in, the program starts, and nothing in it is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from ..errors import SettingsError
from ..files import read_bounded, saving_problem, set_aside, write_atomically
from ..language import tr
from ..paths import Paths
from .backups import Backups
from .held import Held, Sentence
from .reading import Reader
from .tree import Settings
from .writing import Writer

log = logging.getLogger(__name__)

LARGEST = 4_000_000  # bytes
UNREADABLE = "unreadable"


class SettingsFile:
    """The file, the document in it, and what was wrong with it.

    ``notices`` are sentences for the person. ``render`` and ``write`` are apart because writing
    waits for the disk and belongs in a thread. ``first_start`` is whether nothing was ever saved.
    """

    def __init__(self, paths: Paths, now: Callable[[], datetime] = datetime.now) -> None:
        self.backups = Backups(paths.backups, now)
        self.first_start = False
        self._path = paths.settings
        self._saved = paths.saved_settings
        self._now = now
        self._held = Held()
        self._sentences: list[Sentence] = []
        self._content: bytes | None = None  # of the file as it was left, None if there was none
        self._replaced = ""  # what was saved before a person wrote something else
        self._blocked = False  # what is there must be set aside before anything is written

    @property
    def notices(self) -> list[str]:
        """What went wrong, a sentence each."""
        return [*(sentence() for sentence in self._sentences), *self._held.notices]

    @property
    def saving_problem(self) -> str:
        """One sentence if it can be told already that nothing can be saved, else empty."""
        reason = saving_problem(self._path)
        if not reason:
            return ""
        return tr(
            "The settings cannot be saved ({reason}): what you change lasts until Tickglass is "
            "closed.",
            reason=reason,
        )

    def load(self) -> Settings:
        """Read the file, or what was saved last, or the last good backup, or begin anew."""
        try:
            content = read_bounded(self._path, LARGEST)
            if content is None:
                return self._begin()
            document = parse(content)
            self._check_whole(content)
        except SettingsError as error:
            return self._recover(error)
        self._content = content
        self._held = Held(document)
        return Reader(self._held).read()

    def render(self, settings: Settings) -> str:
        """The file's text with these settings in it."""
        return Writer(self._held).render(settings)

    def write(self, text: str) -> None:
        """Put a text into place; OSError if the disk refuses, and then nothing has changed.

        The first time on a day the text before is kept as a backup, and so is whatever somebody
        else wrote meanwhile.
        """
        if self._blocked:
            with suppress(FileNotFoundError):  # somebody else took it away
                set_aside(self._path, UNREADABLE, self._now())
            self._blocked = False
        self._back_up()
        content = text.encode()
        write_atomically(self._path, content)
        self._content = content
        with suppress(OSError):  # the settings themselves are safe
            write_atomically(self._saved, content)

    def restore(self, backup: Path) -> None:
        """Put a backup in place of the settings, which are kept; SettingsError if it is of no use.

        The file has to be loaded anew after this.
        """
        content = read_bounded(backup, LARGEST)
        if content is None:
            raise SettingsError(tr("The backup {name} is gone.", name=backup.name))
        try:
            parse(content)
        except SettingsError as error:
            raise SettingsError(
                tr("The backup {name} cannot be read ({reason}).", name=backup.name, reason=error)
            ) from error
        with suppress(SettingsError):  # no file that could be kept; it is replaced by a file
            held = read_bounded(self._path, LARGEST)
            if held is not None:
                self.backups.keep_now(held)
        self._saved.unlink(missing_ok=True)  # or the backup would be compared with it
        write_atomically(self._path, content)
        self._content = content

    # ------------------------------------------------------------ inside

    def _begin(self) -> Settings:
        """There is no file: the first start, or somebody took it away."""
        saved = self._saved_text()
        if saved:
            with suppress(OSError):
                self.backups.keep_now(saved.encode())
        unreadable = f"{self._path.stem}.{UNREADABLE}-*"
        self.first_start = not (self.backups.settings() or any(self._path.parent.glob(unreadable)))
        if not self.first_start:
            self._say(
                lambda: tr(
                    "The settings file is gone, so Tickglass starts afresh. "
                    "There are backups of it."
                )
            )
        return Settings.first()

    def _check_whole(self, content: bytes) -> None:
        """Look whether the end of what was saved is missing.

        A file that ends within a line was cut off by something; one that ends after a whole line
        may have been shortened by a person, who is right, but not without a copy. A copy is also
        kept, at the first save, of what was saved if a person wrote something else.
        """
        text, saved = _text(content), self._saved_text()
        if saved.rstrip() == text.rstrip():
            return
        if not saved.startswith(text):
            self._replaced = saved
            return
        if not text or not (text.endswith("\n") or saved.startswith(f"{text}\n")):
            raise SettingsError(tr("it ends too early"))
        try:
            kept = self.backups.keep_now(saved.encode())
        except OSError as error:
            log.warning("what was saved last cannot be kept: %s", error)
            return
        self._say(
            lambda: tr("The settings are shorter than they were saved; what was saved is kept as "
                       "{name}.", name=kept.name)
        )  # fmt: skip

    def _saved_text(self) -> str:
        try:
            return _text(read_bounded(self._saved, LARGEST) or b"")
        except SettingsError:
            return ""

    def _recover(self, error: SettingsError) -> Settings:
        """Set aside what cannot be used and take the best that there is instead."""
        name = self._set_aside()
        found = self._best_copy()
        values = {"reason": error, "name": name, "copy": found[0] if found else ""}
        self._say(lambda: _told(name, found, values))
        if found is None:
            return Settings.first()
        self._held = Held(parse(found[1]))
        if not self._blocked:
            with suppress(OSError):  # the next start must not find an empty place
                write_atomically(self._path, found[1])
                self._content = found[1]
        return Reader(self._held).read()

    def _say(self, sentence: Sentence) -> None:
        log.warning("%s", sentence())
        self._sentences.append(sentence)

    def _set_aside(self) -> str:
        try:
            return set_aside(self._path, UNREADABLE, self._now()).name
        except OSError as problem:
            log.warning("the settings cannot be set aside: %s", problem)
            self._blocked = True
            return ""

    def _best_copy(self) -> tuple[str, bytes] | None:
        """Name and content of what was saved last, or of the newest backup that can be read."""
        for path in (self._saved, *self.backups.settings()):
            try:
                content = read_bounded(path, LARGEST)
                if content is not None and parse(content):
                    return path.name, content
            except SettingsError:
                continue
        return None

    def _back_up(self) -> None:
        try:
            held = read_bounded(self._path, LARGEST)
        except SettingsError as error:
            raise OSError(str(error)) from error
        if held is None:
            return
        try:
            if held != self._content:
                self.backups.keep_now(held)
            if self._replaced:
                self.backups.keep_now(self._replaced.encode())
                self._replaced = ""
            self.backups.keep_for_today(held)
        except OSError as error:  # the disk may be full for one more copy and not for this file
            log.warning("no backup of the settings: %s", error)


def parse(content: bytes) -> tomlkit.TOMLDocument:
    """The document in a file; SettingsError if there is none."""
    try:
        return tomlkit.parse(_text(content))
    except RecursionError as error:
        raise SettingsError(tr("it is nested too deeply")) from error
    except (ValueError, TOMLKitError) as error:
        raise SettingsError(str(error).rstrip(".")) from error


def _text(content: bytes) -> str:
    """As text; SettingsError if it is none."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise SettingsError(str(error)) from error


def _told(name: str, found: tuple[str, bytes] | None, values: dict[str, object]) -> str:
    if not name and found:
        return tr(
            "The settings could not be read ({reason}) and cannot be set aside, so they stay as "
            "they are; the backup {copy} is used instead.",
            **values,
        )
    if not name:
        return tr(
            "The settings could not be read ({reason}) and cannot be set aside, so they stay as "
            "they are; Tickglass starts afresh.",
            **values,
        )
    if found:
        return tr(
            "The settings could not be read ({reason}) and were set aside as {name}; the backup "
            "{copy} is used instead.",
            **values,
        )
    return tr(
        "The settings could not be read ({reason}) and were set aside as {name}; there is no "
        "backup, so Tickglass starts afresh.",
        **values,
    )
