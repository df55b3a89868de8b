"""Everything that a person made, as one file: settings, watchlists, alerts, layouts, drawings.

The file is a zip with a manifest. An import is checked as a whole before anything is replaced, it
keeps what was there as such a file, and is completed at the next start if it was interrupted.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from .errors import SettingsError
from .files import flush_folder, read_bounded, set_aside, write_atomically
from .language import tr
from .paths import Paths
from .settings.backups import Backups
from .settings.file import parse as parse_settings
from .statefile import parse as parse_state

log = logging.getLogger(__name__)

FORMAT, VERSION = "tickglass-bundle", 1
SUFFIX = ".tickglass.zip"
SETTINGS, UNREADABLE = "settings.toml", "unreadable"
MANIFEST = "manifest.json"
LARGEST_BUNDLE = 64_000_000  # bytes, packed
MOST_ENTRIES = 100
LARGEST_MANIFEST = 100_000
LARGEST: Mapping[str, int] = {
    "settings.toml": 4_000_000,
    "window.json": 4_000_000,
    "layouts.json": 8_000_000,
    "drawings.json": 32_000_000,
}  # bytes, unpacked; these names and no others are read
STORED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# A name and password in an address, as a proxy may have them, stay at home.
CREDENTIALS = re.compile(rb"(?<=://)[^/?#\s\"']*@")
BAD_ZIP = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError),
    *(NotImplementedError, OverflowError, IndexError, MemoryError),
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of a bundle by name, checked; ``made`` is when it was made, as it says itself."""

    files: Mapping[str, bytes] = field(repr=False)
    made: str = ""


def places(paths: Paths) -> dict[str, Path]:
    """Where each file of a bundle belongs; nothing inside a bundle has a say in it."""
    return {
        "settings.toml": paths.settings,
        "window.json": paths.window,
        "layouts.json": paths.layouts,
        "drawings.json": paths.drawings,
    }


def export_bundle(paths: Paths, target: Path, now: datetime) -> list[str]:
    """Write all that there is into one file; the names of what is in it. OSError, SettingsError."""
    files = _held(paths)
    if not files:
        raise SettingsError(tr("There is nothing to export yet."))
    if SETTINGS in files:
        files[SETTINGS] = CREDENTIALS.sub(b"", files[SETTINGS])
    write_atomically(target, _pack(files, now))
    return list(files)


def read_bundle(source: Path) -> Bundle:
    """The bundle in a file, all of it checked; SettingsError with a sentence if it is none."""
    try:
        content = read_bounded(source, LARGEST_BUNDLE)
        if content is None:
            raise SettingsError(tr("there is no such file"))
        if content.count(b"PK\1\2") > MOST_ENTRIES:  # each becomes an object when it is opened
            raise SettingsError(tr("it holds too many files"))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unpack(archive)
    except SettingsError as error:
        raise _useless(source, str(error)) from error
    except BAD_ZIP as error:
        log.warning("%s is no bundle: %r", source.name, error)
        raise _useless(source, tr("it is damaged, or no such file")) from error


def import_bundle(
    paths: Paths, bundle: Bundle, now: Callable[[], datetime] = datetime.now
) -> Path | None:
    """Put a bundle in place of what is there: all of it, or on an OSError nothing of it.

    Returns the bundle in which what was there is kept, None if there was nothing. All has to be
    loaded anew after this, and nothing may be saved meanwhile.
    """
    held = _held(paths)
    kept = Backups(paths.backups, now).keep_bundle(_pack(held, now())) if held else None
    for name, path in places(paths).items():
        if name in bundle.files and name not in held and path.exists():
            set_aside(path, UNREADABLE, now())
    try:
        _stage(paths, bundle)
        _put_in_place(paths, bundle.files)
        _unstage(paths)
    except OSError:
        _give_up(paths, held, bundle)
        raise
    return kept


def complete_import(paths: Paths) -> str:
    """Finish an import that was interrupted, before anything is read at the start.

    A sentence for the person on what happened; empty if there was none.
    """
    if not paths.importing.is_dir():
        return ""
    try:
        found = {name: read_bounded(paths.importing / name, LARGEST[name]) for name in LARGEST}
        _put_in_place(
            paths, {name: content for name, content in found.items() if content is not None}
        )
        _unstage(paths)
    except (OSError, SettingsError) as error:
        log.warning("the import cannot be completed: %s", error)
        return tr("The import that was interrupted could not be completed ({reason}).",
                  reason=error)  # fmt: skip
    return tr("The import that was interrupted is complete now.")


# ---------------------------------------------------------------- packing


def _held(paths: Paths) -> dict[str, bytes]:
    """What there is of the files of a bundle; one that is too large or no file is left out."""
    files = {}
    for name, path in places(paths).items():
        with suppress(SettingsError):
            content = read_bounded(path, LARGEST[name])
            if content is not None:
                files[name] = content
    return files


def _pack(files: Mapping[str, bytes], now: datetime) -> bytes:
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "made": now.isoformat(timespec="seconds"),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
        for name, content in files.items():
            archive.writestr(name, content)
    return memory.getvalue()


# ---------------------------------------------------------------- checking


def _unpack(archive: zipfile.ZipFile) -> Bundle:
    names = [entry.filename for entry in archive.infolist()]
    if MANIFEST not in names or len(names) != len(set(names)):
        raise SettingsError(tr("it is no file that Tickglass exported"))
    manifest = parse_state(_read(archive, MANIFEST, LARGEST_MANIFEST).decode())
    version, hashes = manifest.get("version"), manifest.get("files")
    if manifest.get("format") != FORMAT or not isinstance(version, int):
        raise SettingsError(tr("it is no file that Tickglass exported"))
    if version > VERSION:
        raise SettingsError(tr("it was made by a newer Tickglass"))
    if not isinstance(hashes, dict) or set(names) != {MANIFEST, *hashes}:
        raise SettingsError(tr("it does not hold what it says"))
    if not hashes or not set(hashes) <= set(LARGEST):
        raise SettingsError(tr("it holds files that Tickglass does not know"))
    files = {name: _read(archive, name, LARGEST[name]) for name in hashes}
    for name, content in files.items():
        _check(name, content, hashes[name])
    return Bundle(files, str(manifest.get("made", "")))


def _read(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """One file of a bundle; never more of it than it may have, whatever the archive says."""
    entry = archive.getinfo(name)
    if entry.compress_type not in STORED_AS or entry.flag_bits & 1:
        raise SettingsError(tr("it is packed or encrypted in a way that is not used here"))
    with archive.open(entry) as packed:
        content = packed.read(limit + 1)
    if entry.file_size > limit or len(content) > limit:
        raise SettingsError(tr("{name} in it is too large", name=name))
    return content


def _check(name: str, content: bytes, expected: object) -> None:
    if hashlib.sha256(content).hexdigest() != expected:
        raise SettingsError(tr("{name} in it is damaged", name=name))
    try:
        if name.endswith(".toml"):
            parse_settings(content)
        else:
            parse_state(content.decode("utf-8-sig"))
    except (SettingsError, ValueError) as error:
        raise SettingsError(
            tr("{name} in it cannot be read: {reason}", name=name, reason=error)
        ) from error


def _useless(source: Path, reason: str) -> SettingsError:
    return SettingsError(
        f"{source.name}: {reason}",
        tr("{name} cannot be imported: {reason}.", name=source.name, reason=reason),
    )


# ---------------------------------------------------------------- putting in place


def _stage(paths: Paths, bundle: Bundle) -> None:
    """Write all beside; once the folder has its name, the import happens, now or at the start."""
    beside = _beside(paths)
    for old in (beside, paths.importing):
        if old.exists():
            shutil.rmtree(old)
    for name, content in bundle.files.items():
        write_atomically(beside / name, content)
    beside.rename(paths.importing)
    flush_folder(paths.importing.parent)


def _unstage(paths: Paths) -> None:
    """From now on the next start has nothing to complete."""
    paths.importing.rename(_beside(paths))
    flush_folder(paths.importing.parent)
    shutil.rmtree(_beside(paths), ignore_errors=True)


def _beside(paths: Paths) -> Path:
    return paths.importing.with_name(f".{paths.importing.name}")


def _put_in_place(paths: Paths, files: Mapping[str, bytes]) -> None:
    if SETTINGS in files:  # or they would be compared with those before
        paths.saved_settings.unlink(missing_ok=True)
    for name, path in places(paths).items():
        if name in files:
            write_atomically(path, files[name])


def _give_up(paths: Paths, held: Mapping[str, bytes], bundle: Bundle) -> None:
    """Let all be as it was, also at the next start."""
    for name, path in places(paths).items():
        if name in bundle.files and _content(path) != held.get(name):
            with suppress(OSError):
                if name in held:
                    write_atomically(path, held[name])
                else:
                    path.unlink()
    for folder in (paths.importing, _beside(paths)):
        shutil.rmtree(folder, ignore_errors=True)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
