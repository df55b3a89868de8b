"""Writing files: all of the new one, or all of the old one."""

import os
import stat
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.errors import SettingsError
from tickglass.files import read_bounded, saving_problem, set_aside, write_atomically


def full_disk(handle: int) -> None:
    raise OSError(28, "No space left on device")


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_and_its_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "settings.toml"
    write_atomically(path, "version = 1\n")
    assert path.read_bytes() == b"version = 1\n"
    assert names(path.parent) == ["settings.toml"]


def test_a_shorter_text_replaces_a_longer_one_whole(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_atomically(path, "a" * 100_000)
    write_atomically(path, "b")
    assert path.read_text() == "b"


def test_text_is_utf_8_and_lines_end_as_they_are_given(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_atomically(path, "币安 –\nzwei\r\n")
    assert path.read_bytes() == "币安 –\nzwei\r\n".encode()


@given(st.text("aé\n\r币", max_size=50))
def test_what_is_written_is_there(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "what is written"
    write_atomically(path, text)
    assert path.read_bytes().decode() == text


def test_a_full_disk_leaves_the_old_file_whole_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    write_atomically(path, "old")
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["x"]


def test_a_failed_rename_leaves_the_old_file_whole_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held_by_another(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Access is denied")

    path = tmp_path / "x"
    write_atomically(path, "old")
    monkeypatch.setattr(Path, "replace", held_by_another)
    with pytest.raises(PermissionError):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["x"]


def test_text_that_cannot_be_encoded_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "new \ud800")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["x"]


def test_the_text_is_on_the_disk_before_it_takes_the_place_of_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    write_atomically(path, "old")
    seen: list[str] = []
    flush = os.fsync

    def watch(handle: int) -> None:
        seen.append(path.read_text())
        flush(handle)

    monkeypatch.setattr(os, "fsync", watch)
    write_atomically(path, "new")
    assert seen[0] == "old"
    assert seen[1:] in ([], ["new"])  # the folder's turn, where a system has one


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    write_atomically(tmp_path / "x", b"\xff\x00\r\n")
    assert (tmp_path / "x").read_bytes() == b"\xff\x00\r\n"


def test_a_link_is_written_through_and_rights_stay(tmp_path: Path) -> None:
    real = tmp_path / "elsewhere" / "real"
    real.parent.mkdir()
    real.write_text("old")
    real.chmod(0o640)
    (tmp_path / "link").symlink_to(real)
    write_atomically(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert real.read_text() == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_link_to_nothing_makes_what_it_points_at(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "to" / "come")
    write_atomically(tmp_path / "link", "new")
    assert (tmp_path / "to" / "come").read_text() == "new"


def test_a_read_only_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("old")
    assert saving_problem(path) == ""
    path.chmod(0o444)
    assert saving_problem(path) == "the file is read-only"
    with pytest.raises(PermissionError, match="the file is read-only"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["x"]


def test_a_folder_that_is_yet_to_be_made_is_no_problem(tmp_path: Path) -> None:
    assert saving_problem(tmp_path / "a" / "b" / "x") == ""


def test_no_more_than_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x"
    assert read_bounded(path, 3_000_000) is None
    assert read_bounded(path / "y", 3_000_000) is None
    path.write_bytes(b"a" * 3_000_000)
    assert read_bounded(path / "y", 3_000_000) is None  # a file is where a folder should be
    assert read_bounded(path, 3_000_000) == b"a" * 3_000_000
    path.write_bytes(b"a" * 3_000_001)
    with pytest.raises(SettingsError, match="it is larger than 3 MB"):
        read_bounded(path, 3_000_000)
    with pytest.raises(SettingsError, match="it is no file"):
        read_bounded(tmp_path, 3_000_000)


def test_what_is_set_aside_says_why_and_when(tmp_path: Path) -> None:
    path, noon = tmp_path / "window.json", datetime(2026, 11, 22, 12, 0, 0)
    for expected in ("120000.json", "120000-2.json", "120000-3.json"):
        path.write_text(expected)
        aside = set_aside(path, "unreadable", noon)
        assert aside.name == f"window.unreadable-20261122-{expected}"
        assert aside.read_text() == expected
        assert not path.exists()
