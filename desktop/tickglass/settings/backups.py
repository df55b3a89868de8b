"""Dated copies of what the person chose."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from ..files import write_atomically

DAILY_KEPT = 10
TIMED_KEPT = 10  # of what was kept at a moment, because something else came in its place
BUNDLES_KEPT = 5
DAILY = re.compile(r"settings-\d{4}-\d\d-\d\d\.toml")
TIMED = re.compile(r"settings-\d{4}-\d\d-\d\d-\d{6}(?:-\d+)?\.toml")
BUNDLE = re.compile(r"before-import-\d{4}-\d\d-\d\d-\d{6}(?:-\d+)?\.zip")
WHEN = re.compile(r"(\d{4}-\d\d-\d\d)(?:-(\d{6}))?")


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy: ``day`` began with these settings, or they were kept at a ``moment`` (local time).

    A ``bundle`` holds all that was there before an import.
    """

    path: Path
    kind: Literal["day", "moment", "bundle"]
    made: datetime


class Backups:
    """The folder of them; what is too old goes when something new comes."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = datetime.now) -> None:
        self.folder = folder
        self._now = now

    def keep_for_today(self, content: bytes) -> None:
        """Keep what was there before the first change of a day."""
        path = self.folder / f"settings-{self._now():%Y-%m-%d}.toml"
        if not path.exists():
            write_atomically(path, content)
            self._prune(DAILY, DAILY_KEPT)

    def keep_now(self, content: bytes) -> Path:
        """Keep settings because others come in their place, unless there is such a copy."""
        for copy in self.settings():
            with suppress(OSError):
                if copy.read_bytes() == content:
                    return copy
        path = self.free_place("settings", ".toml")
        write_atomically(path, content)
        self._prune(TIMED, TIMED_KEPT)
        return path

    def keep_bundle(self, content: bytes) -> Path:
        """Keep all that was there before an import."""
        path = self.free_place("before-import", ".zip")
        write_atomically(path, content)
        self._prune(BUNDLE, BUNDLES_KEPT)
        return path

    def settings(self) -> list[Path]:
        """The copies of the settings, the newest first."""
        return sorted((*self._matching(DAILY), *self._matching(TIMED)), key=_age, reverse=True)

    def all(self) -> list[Backup]:
        """Every copy, the newest first."""
        found = []
        for path in sorted((*self.settings(), *self._matching(BUNDLE)), key=_age, reverse=True):
            made = _made(path)
            if made is not None:
                found.append(Backup(path, _kind(path), made))
        return found

    def free_place(self, stem: str, suffix: str) -> Path:
        """A name with the moment in it that is not taken."""
        name = f"{stem}-{self._now():%Y-%m-%d-%H%M%S}"
        number = 1
        path = self.folder / f"{name}{suffix}"
        while path.exists():
            number += 1
            path = self.folder / f"{name}-{number}{suffix}"
        return path

    def _matching(self, pattern: re.Pattern[str]) -> list[Path]:
        with suppress(OSError):
            return [each for each in self.folder.iterdir() if pattern.fullmatch(each.name)]
        return []

    def _prune(self, pattern: re.Pattern[str], kept: int) -> None:
        for old in sorted(self._matching(pattern), key=_age, reverse=True)[kept:]:
            with suppress(OSError):
                old.unlink()


def _kind(path: Path) -> Literal["day", "moment", "bundle"]:
    if BUNDLE.fullmatch(path.name):
        return "bundle"
    return "day" if DAILY.fullmatch(path.name) else "moment"


def _made(path: Path) -> datetime | None:
    found = WHEN.search(path.name)
    if found is None:
        return None
    try:
        return datetime.strptime(f"{found[1]} {found[2] or '000000'}", "%Y-%m-%d %H%M%S")
    except ValueError:  # the 99th of a month: somebody else made it
        return None


def _age(path: Path) -> tuple[str, str, int, str]:
    """What sorts copies by their time: day, time, number of a second."""
    found = WHEN.search(path.name)
    day, time = (found[1], found[2] or "") if found else ("", "")
    rest = path.stem[found.end() :].lstrip("-") if found else ""
    return day, time, int(rest or 0), path.name
