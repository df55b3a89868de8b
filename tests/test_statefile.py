"""Files that the program keeps for itself: whatever they hold, nothing of it is lost."""

import json
import os
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickglass.mark_store import MarkStore
from tickglass.market.instrument import Instrument
from tickglass.market.marks import Drawing, Point
from tickglass.statefile import StateFile

NOON = datetime(2026, 11, 22, 12, 0, 0)
STATE = {"version": 1, "geometry": "AQID", "charts": {"rows": 2, "name": "é"}, "list": [1, 2.5]}


def opened(path: Path, version: int = 1) -> StateFile:
    return StateFile(path, "The window's place", version, lambda: NOON)


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def contents(folder: Path) -> list[bytes]:
    return [each.read_bytes() for each in folder.iterdir() if each.is_file()]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = opened(tmp_path / "data" / "window.json")
    assert file.load() == {}
    file.write(json.dumps(STATE))
    again = opened(tmp_path / "data" / "window.json")
    assert again.load() == STATE
    assert again.notices == []


def test_an_object_without_a_version_is_of_this_one(tmp_path: Path) -> None:
    (tmp_path / "window.json").write_text('{"geometry": "AQID"}')
    assert opened(tmp_path / "window.json").load() == {"geometry": "AQID"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Expecting value: line 1 column 1 (char 0)"),
        (b"[1, 2]", "it holds no JSON object"),
        (b"\xff\xfe", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        (b"[" * 100_000, "it is nested too deeply"),
    ],
    ids=["empty", "a list", "no text", "too deep"],
)
def test_what_cannot_be_read_is_set_aside_and_told(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(content)
    file = opened(path)
    assert file.load() == {}
    aside = "window.unreadable-20261122-120000.json"
    assert file.notices == [
        f"The window's place could not be read ({reason}); the file is kept as {aside}."
    ]
    file.write("{}")
    assert (tmp_path / aside).read_bytes() == content
    assert path.read_text() == "{}"


def test_a_file_of_a_newer_version_is_kept_under_a_name_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_text('{"version": 2, "new": "shape"}')
    file = opened(path)
    assert file.load() == {}
    file.write('{"version": 1}')
    aside = tmp_path / "window.newer-20261122-120000.json"
    assert aside.read_text() == '{"version": 2, "new": "shape"}'
    assert file.notices == [
        "The window's place could not be read (it is of a newer Tickglass); the file is kept as "
        f"{aside.name}."
    ]


def test_two_files_set_aside_in_one_second_are_both_there(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        (tmp_path / "window.json").write_bytes(content)
        opened(tmp_path / "window.json").load()
    assert sorted(contents(tmp_path)) == [b"first", b"second"]


def test_what_was_set_aside_is_bounded_and_the_oldest_go(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / "window.json").write_text(f"no {number}")
        moment = NOON.replace(minute=number)
        StateFile(tmp_path / "window.json", "It", 1, lambda now=moment: now).load()  # type: ignore[misc]
    kept = {each.decode() for each in contents(tmp_path)}
    assert kept == {f"no {number}" for number in range(10, 30)}


def test_where_nothing_can_be_set_aside_nothing_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "window.json"
    path.write_bytes(b"precious")
    file = opened(path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refused)
        assert file.load() == {}
        assert file.notices[0].endswith("; the file stays as it is.")
        with pytest.raises(PermissionError):
            file.write("{}")
        assert path.read_bytes() == b"precious"
    file.write("{}")  # the folder can be written to again
    assert sorted(contents(tmp_path)) == [b"precious", b"{}"]


def test_a_folder_in_the_place_of_the_file_is_set_aside_with_all_that_is_in_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "window.json"
    path.mkdir()
    (path / "mine").write_text("x")
    file = opened(path)
    assert file.load() == {}
    file.write("{}")
    assert (tmp_path / "window.unreadable-20261122-120000.json" / "mine").read_text() == "x"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_the_place_of_the_file_does_not_keep_the_program_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "window.json")
    file = opened(tmp_path / "window.json")
    assert file.load() == {}
    assert "it is no file" in file.notices[0]


def test_cut_off_at_any_byte_it_is_read_or_set_aside_whole(tmp_path: Path) -> None:
    whole = json.dumps(STATE).encode()
    for length in range(len(whole)):
        folder = tmp_path / str(length)
        folder.mkdir()
        (folder / "window.json").write_bytes(whole[:length])
        file = opened(folder / "window.json")
        assert file.load() == {}
        file.write("{}")
        assert whole[:length] in contents(folder)
        assert len(file.notices) == 1


def test_drawings_cut_off_at_any_byte_are_read_or_set_aside_whole(tmp_path: Path) -> None:
    store = MarkStore()
    line = Drawing("horizontal", (Point(1_700_000_000_000.0, 100.5),))
    store.of(Instrument("binance", "BTC", "USDT")).add(line)
    whole = store.dump().encode()
    for length in range(len(whole) + 1):
        folder = tmp_path / str(length)
        folder.mkdir()
        path = folder / "drawings.json"
        path.write_bytes(whole[:length])
        file, read = opened(path), MarkStore()
        file.read(read.load)
        assert (length < len(whole.rstrip())) == bool(file.notices)
        file.write(read.dump())
        assert whole[:length].rstrip() in [each.rstrip() for each in contents(folder)]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=30) | st.text('{}[]",:1ne', max_size=12).map(str.encode))
def test_no_bytes_at_all_are_lost(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("state")
    (folder / "window.json").write_bytes(content)
    file = opened(folder / "window.json")
    found = file.load()
    assert isinstance(found, dict)
    assert content in contents(folder)
