"""Everything as one file: out, in again, and what nobody may put into one."""

import hashlib
import io
import json
import os
import struct
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickglass import bundle as module
from tickglass.bundle import (
    LARGEST,
    Bundle,
    complete_import,
    export_bundle,
    import_bundle,
    places,
    read_bundle,
)
from tickglass.errors import SettingsError
from tickglass.paths import Paths
from tickglass.settings import SettingsFile

NOON = datetime(2026, 11, 22, 12, 0, 0)
MINE = {
    "settings.toml": b"# mine\nversion = 1\n[window]\ntheme = 'dark'\n",
    "window.json": b'{"geometry": "AQID"}',
    "layouts.json": b'{"version": 1, "layouts": []}',
    "drawings.json": b'{"version": 1, "instruments": {}}',
}
THEIRS = {name: content.replace(b"1", b"1 ") for name, content in MINE.items()} | {
    "settings.toml": b"version = 1\n[window]\ntheme = 'light'\n"
}


def paths(folder: Path) -> Paths:
    return Paths(folder, folder / "data", folder / "cache", folder / "log")


def filled(folder: Path, files: dict[str, bytes]) -> Paths:
    made = paths(folder)
    for name, content in files.items():
        place = places(made)[name]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return made


def held(of: Paths) -> dict[str, bytes]:
    return {name: place.read_bytes() for name, place in places(of).items() if place.exists()}


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file()
    }


def packed(inside: dict[str, bytes], **manifest: object) -> bytes:
    """A bundle made by hand; ``manifest`` replaces what it says of itself."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in inside.items()}
    says = {"format": "tickglass-bundle", "version": 1, "files": hashes} | manifest
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(says))
        for name, content in inside.items():
            archive.writestr(name, content)
    return memory.getvalue()


def refusal(folder: Path, content: bytes) -> str:
    """The sentence with which a file is refused."""
    path = folder / "x.zip"
    path.write_bytes(content)
    with pytest.raises(SettingsError) as error:
        read_bundle(path)
    return error.value.sentence


# ---------------------------------------------------------------- out and in again


def test_what_is_exported_here_is_there_after_an_import_elsewhere(tmp_path: Path) -> None:
    here, there = filled(tmp_path / "here", MINE), paths(tmp_path / "there")
    target = tmp_path / "all.zip"
    assert export_bundle(here, target, NOON) == list(MINE)
    found = read_bundle(target)
    assert (found.files, found.made) == (MINE, "2026-11-22T12:00:00")
    assert import_bundle(there, found, lambda: NOON) is None
    assert held(there) == MINE
    assert not there.importing.exists()


def test_what_there_is_not_is_not_exported_and_stays_at_an_import(tmp_path: Path) -> None:
    only_settings = {"settings.toml": THEIRS["settings.toml"]}
    here, there = filled(tmp_path / "here", only_settings), filled(tmp_path / "there", MINE)
    assert export_bundle(here, tmp_path / "x.zip", NOON) == ["settings.toml"]
    import_bundle(there, read_bundle(tmp_path / "x.zip"), lambda: NOON)
    assert held(there) == MINE | only_settings


def test_an_import_keeps_what_was_there_and_importing_that_takes_it_back(tmp_path: Path) -> None:
    there = filled(tmp_path, MINE)
    kept = import_bundle(there, Bundle(THEIRS), lambda: NOON)
    assert kept == tmp_path / "backups" / "before-import-2026-11-22-120000.zip"
    assert held(there) == THEIRS
    import_bundle(there, read_bundle(kept), lambda: NOON)
    assert held(there) == MINE


def test_with_nothing_to_export_a_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nothing to export"):
        export_bundle(paths(tmp_path / "none"), tmp_path / "x.zip", NOON)
    assert not (tmp_path / "x.zip").exists()


def test_names_and_passwords_in_addresses_stay_at_home_but_not_in_the_own_backup(
    tmp_path: Path,
) -> None:
    secret = b'[exchanges.okx]\nrest = "https://me:hush@proxy.org/x@y"\n'
    here = filled(tmp_path / "here", {"settings.toml": secret})
    export_bundle(here, tmp_path / "x.zip", NOON)
    exported = read_bundle(tmp_path / "x.zip").files["settings.toml"]
    assert exported == b'[exchanges.okx]\nrest = "https://proxy.org/x@y"\n'
    kept = import_bundle(here, Bundle(THEIRS), lambda: NOON)
    assert kept is not None
    assert read_bundle(kept).files["settings.toml"] == secret


def test_what_could_not_be_kept_in_a_bundle_is_set_aside(tmp_path: Path) -> None:
    there = filled(tmp_path, MINE)
    there.layouts.unlink()
    there.layouts.mkdir()
    (there.layouts / "mine").write_text("x")
    import_bundle(there, Bundle(THEIRS), lambda: NOON)
    assert held(there) == THEIRS
    assert (tmp_path / "layouts.unreadable-20261122-120000.json" / "mine").read_text() == "x"


def test_imported_settings_are_not_taken_for_the_cut_off_ones_of_before(tmp_path: Path) -> None:
    there = filled(tmp_path, MINE)
    file = SettingsFile(there, lambda: NOON)
    file.write(file.render(file.load()))
    shorter = there.settings.read_bytes().splitlines(keepends=True)[0]
    import_bundle(there, Bundle({"settings.toml": shorter}), lambda: NOON)
    again = SettingsFile(there, lambda: NOON)
    again.load()
    assert again.notices == []


# ---------------------------------------------------------------- all or nothing

FULL = OSError(28, "No space left on device")


@pytest.mark.parametrize("writes", range(12))
def test_an_import_that_fails_at_any_write_changes_nothing(
    writes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = filled(tmp_path, {**MINE})
    there.layouts.unlink()
    before = held(there)
    count = [0]
    write = module.write_atomically

    def write_some(path: Path, content: str | bytes) -> None:
        count[0] += 1
        if count[0] == writes:
            raise FULL
        write(path, content)

    monkeypatch.setattr(module, "write_atomically", write_some)
    monkeypatch.setattr("tickglass.settings.backups.write_atomically", write_some)
    try:
        import_bundle(there, Bundle(THEIRS), lambda: NOON)
    except OSError:
        assert held(there) == before
        assert 1 <= writes <= 9  # one for what was there, four beside, four in place
    else:
        assert not 1 <= writes <= 9
        assert held(there) == THEIRS
    assert not there.importing.exists()
    assert complete_import(there) == ""


@pytest.mark.parametrize("renames", range(1, 14))
def test_an_import_that_is_killed_at_any_point_is_complete_or_never_was_at_the_next_start(
    renames: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    there = filled(tmp_path, MINE)
    count = [0]
    replace, rename = Path.replace, Path.rename

    def counted(move: object) -> object:
        def moved(self: Path, target: Path) -> Path:
            count[0] += 1
            if count[0] == renames:
                raise Killed
            return move(self, target)  # type: ignore[operator, no-any-return]

        return moved

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", counted(replace))
        patch.setattr(Path, "rename", counted(rename))
        with suppress(Killed):
            import_bundle(there, Bundle(THEIRS), lambda: NOON)
    said = complete_import(there)
    assert held(there) in (MINE, THEIRS)
    assert (said == "The import that was interrupted is complete now.") == (6 < renames <= 11)
    assert (held(there) == THEIRS) == (renames > 6)
    assert complete_import(there) == ""


def test_an_import_that_cannot_be_completed_is_told_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = filled(tmp_path, MINE)
    there.importing.mkdir()
    (there.importing / "window.json").write_bytes(b"{}")

    def full(path: Path, content: bytes) -> None:
        raise FULL

    with monkeypatch.context() as patch:
        patch.setattr(module, "write_atomically", full)
        assert complete_import(there) == (
            "The import that was interrupted could not be completed ([Errno 28] No space left on "
            "device)."
        )
    assert held(there) == MINE
    assert complete_import(there) != ""
    assert held(there) == {**MINE, "window.json": b"{}"}


def test_a_read_only_file_is_not_replaced_and_nothing_else_is(tmp_path: Path) -> None:
    there = filled(tmp_path, MINE)
    there.drawings.chmod(0o444)
    with pytest.raises(PermissionError, match="read-only"):
        import_bundle(there, Bundle(THEIRS), lambda: NOON)
    assert held(there) == MINE


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is damaged, or no such file"),
        (b"hello", "it is damaged, or no such file"),
        (packed({}), "it holds files that Tickglass does not know"),
        (packed(MINE, format="zip"), "it is no file that Tickglass exported"),
        (packed(MINE, version="1"), "it is no file that Tickglass exported"),
        (packed(MINE, version=2), "it was made by a newer Tickglass"),
        (packed(MINE, files={}), "it does not hold what it says"),
        (packed(MINE, files=5), "it does not hold what it says"),
        (packed(MINE, files=dict.fromkeys(MINE, "0" * 64)), "settings.toml in it is damaged"),
        (packed(MINE | {"../evil": b"x"}), "it holds files that Tickglass does not know"),
        (packed({"/etc/passwd": b"x"}), "it holds files that Tickglass does not know"),
        (packed({"backups/settings.toml": b""}), "it holds files that Tickglass does not know"),
        (
            packed({"settings.toml": b"\0"}),
            "settings.toml in it cannot be read: Empty key at line 1 col 0",
        ),
        (
            packed({"window.json": b"[]"}),
            "window.json in it cannot be read: it holds no JSON object",
        ),
        (
            packed({"window.json": b'{"a": ' * 100_000}),
            "window.json in it cannot be read: it is nested too deeply",
        ),
        (
            packed({"settings.toml": b"#" * (LARGEST["settings.toml"] + 1)}),
            "settings.toml in it is too large",
        ),
    ],
    ids=range(16),
)
def test_a_file_that_is_no_whole_bundle_is_refused_with_the_reason(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    assert refusal(tmp_path, content) == f"x.zip cannot be imported: {reason}."


def test_no_file_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no such file"):
        read_bundle(tmp_path / "none.zip")
    with pytest.raises(SettingsError, match="it is no file"):
        read_bundle(tmp_path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_refused(tmp_path: Path) -> None:
    memory = io.BytesIO(packed(MINE))
    with zipfile.ZipFile(memory, "a") as archive:
        archive.writestr("settings.toml", b"theme = 'evil'")
    assert "no file that Tickglass exported" in refusal(tmp_path, memory.getvalue())


def test_a_file_that_claims_to_be_small_is_not_unpacked_without_end(tmp_path: Path) -> None:
    bomb = b"0" * (LARGEST["settings.toml"] * 2)
    content = packed({"settings.toml": bomb})
    real, claimed = struct.pack("<L", len(bomb)), struct.pack("<L", 10)
    assert content.count(real) == 2  # in the entry and in the directory
    assert "cannot be imported" in refusal(tmp_path, content.replace(real, claimed))


def test_a_directory_of_a_million_names_is_not_even_opened(tmp_path: Path) -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for number in range(200):
            archive.writestr(f"{number}", b"")
    assert "too many files" in refusal(tmp_path, memory.getvalue())


def test_another_packing_is_refused(tmp_path: Path) -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("manifest.json", "{}")
    assert "packed or encrypted" in refusal(tmp_path, memory.getvalue())


def test_cut_off_at_any_byte_a_bundle_is_refused(tmp_path: Path) -> None:
    whole = packed({"settings.toml": b"version = 1\n", "window.json": b"{}"})
    for length in range(len(whole)):
        assert "cannot be imported" in refusal(tmp_path, whole[:length])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_bundle_with_changed_bytes_is_refused_or_holds_what_it_held(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(packed(MINE))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "changed.zip"
    path.write_bytes(whole)
    try:
        found = read_bundle(path)
    except SettingsError as error:
        assert error.sentence.startswith("changed.zip cannot be imported: ")
    else:
        assert found.files == MINE


def test_reading_a_bundle_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(packed(MINE))
    before = everything(tmp_path)
    read_bundle(tmp_path / "x.zip")
    assert everything(tmp_path) == before
    assert os.listdir(tmp_path) == ["x.zip"]
