"""Writing and keeping files so that nothing that was there is lost."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from datetime import datetime
from errno import EACCES, EROFS
from pathlib import Path

from .errors import SettingsError
from .language import tr

ANYONES_TO_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
KEPT_ASIDE = 20  # unreadable files of one name; of more, the oldest go
MEGABYTE = 1_000_000


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write beside, flush to the disk, then replace; on an error the old file stays whole.

    A link stays a link, the rights stay as they are, and a file that is marked read-only is not
    replaced: OSError.
    """
    path = Path(os.path.realpath(path))
    mode = _mode(path)
    if mode is not None and not mode & ANYONES_TO_WRITE:
        raise PermissionError(EACCES, tr("the file is read-only"), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            with suppress(OSError):  # not every file system keeps rights
                Path(beside).chmod(stat.S_IMODE(mode))
        Path(beside).replace(path)
    except BaseException:  # raised again: whatever happened, nothing half-written stays
        with suppress(OSError):
            Path(beside).unlink()
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make a rename itself durable; Windows neither needs nor allows it."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_bounded(path: Path, limit: int) -> bytes | None:
    """All of a file, None if there is none; SettingsError if it is too large (bytes) or no file."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise SettingsError(tr("it is no file"))
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SettingsError(error.strerror or str(error)) from error
    if len(content) > limit:
        raise SettingsError(tr("it is larger than {size} MB", size=limit // MEGABYTE))
    return content


def set_aside(path: Path, why: str, now: datetime) -> Path:
    """Give a file that cannot be used a name that says so; what was set aside before stays."""
    stem = f"{path.stem}.{why}-"
    aside = path.with_name(f"{stem}{now:%Y%m%d-%H%M%S}{path.suffix}")
    number = 1
    while os.path.lexists(aside):
        number += 1
        aside = path.with_name(f"{stem}{now:%Y%m%d-%H%M%S}-{number}{path.suffix}")
    path.rename(aside)
    others = sorted(path.parent.glob(f"{stem}*{path.suffix}"), key=lambda each: each.name)
    for old in others[:-KEPT_ASIDE]:
        with suppress(OSError):
            old.unlink()
    return aside


def saving_problem(path: Path) -> str:
    """Why a file cannot be written, as far as can be told without trying; "" if it can."""
    mode = _mode(path)
    if mode is not None and not mode & ANYONES_TO_WRITE:
        return tr("the file is read-only")
    folder = Path(os.path.realpath(path)).parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return "" if os.access(folder, os.W_OK | os.X_OK) else os.strerror(_why_not(folder))


def _why_not(folder: Path) -> int:
    if hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return EROFS
    return EACCES


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except OSError:
        return None
