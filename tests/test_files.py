"""Writing files: all of the new one, or all of the old one."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.files import write_atomically


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
