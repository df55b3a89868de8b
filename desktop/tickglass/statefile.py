"""Files that the program keeps for itself: read if they can be, set aside if not, never lost."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from .errors import SettingsError
from .files import read_bounded, set_aside, write_atomically
from .language import tr

log = logging.getLogger(__name__)

LARGEST = 32_000_000  # bytes
UNREADABLE = "unreadable"


class StateFile:
    """One such file. ``what`` is its content as the subject of a sentence, already translated.

    ``notices`` are sentences for the person. ``read`` and ``load`` are called once, at the start;
    ``write`` waits for the disk and belongs in a thread.
    """

    def __init__(
        self, path: Path, what: str, version: int = 1, now: Callable[[], datetime] = datetime.now
    ) -> None:
        self.path = path
        self.notices: list[str] = []
        self._what = what
        self._version = version
        self._now = now
        self._to_set_aside = ""  # why what is there must not be written over, if it must not

    def load(self) -> dict[str, Any]:
        """The JSON object in the file; empty if there is none or it cannot be used."""
        found: dict[str, Any] = {}

        def take(text: str) -> None:
            document = parse(text)
            if newer(document, self._version):
                raise FromTheFuture(tr("it is of a newer Tickglass"))
            found.update(document)

        self.read(take)
        return found

    def read(self, take: Callable[[str], None]) -> None:
        """Hand over the text; if ``take`` raises ValueError it is set aside and the person told."""
        try:
            content = read_bounded(self.path, LARGEST)
            if content is not None:
                take(content.decode("utf-8-sig"))
        except FromTheFuture as error:
            self._refuse("newer", str(error))
        except (SettingsError, ValueError, RecursionError) as error:
            self._refuse(UNREADABLE, str(error))

    def write(self, text: str) -> None:
        """Put a text into place; OSError if the disk refuses, and then nothing has changed."""
        if self._to_set_aside:
            with suppress(FileNotFoundError):  # somebody else took it away
                set_aside(self.path, self._to_set_aside, self._now())
            self._to_set_aside = ""
        write_atomically(self.path, text)

    def _refuse(self, why: str, reason: str) -> None:
        log.warning("%s not read: %s", self.path.name, reason)
        try:
            aside = set_aside(self.path, why, self._now())
        except OSError as error:
            log.warning("%s cannot be set aside: %s", self.path.name, error)
            self._to_set_aside = why
            self.notices.append(
                tr("{what} could not be read ({reason}); the file stays as it is.",
                   what=self._what, reason=reason)
            )  # fmt: skip
            return
        self.notices.append(
            tr("{what} could not be read ({reason}); the file is kept as {name}.",
               what=self._what, reason=reason, name=aside.name)
        )  # fmt: skip


class FromTheFuture(ValueError):
    """The content is of a later version of the program."""


def parse(text: str) -> dict[str, Any]:
    """The JSON object of a text; ValueError if it is none."""
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise ValueError(tr("it is nested too deeply")) from error
    if not isinstance(document, dict):
        raise ValueError(tr("it holds no JSON object"))
    return document


def newer(document: dict[str, Any], version: int) -> bool:
    """Whether a document says that it is of a later version."""
    said = document.get("version", version)
    return isinstance(said, int) and said > version
