"""Sounds, with players of the test's own."""

import asyncio
import logging
import stat
import sys
import wave
from array import array
from pathlib import Path

import pytest

from tickglass.delivery import sound as module
from tickglass.delivery.sound import Sounds
from tickglass.ui.resources import resource

PATIENCE = 10.0  # s, less than the player hangs
here_players_are_programs = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="this system brings its player"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("up", "down"):
        (tmp_path / f"{name}.wav").write_bytes(b"RIFF")
    return tmp_path


def player(folder: Path, script: str) -> Path:
    path = folder / "player"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def only(name: str, path: Path) -> object:
    return lambda wanted: str(path) if wanted == name else None


@pytest.mark.asyncio
async def test_up_and_down_are_different_files_that_can_be_played() -> None:
    played = {}
    for name in ("up", "down"):
        with wave.open(str(resource("sounds") / f"{name}.wav")) as file:
            assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
            assert 0.2 < file.getnframes() / file.getframerate() < 1.0
            played[name] = array("h", file.readframes(file.getnframes()))
    assert played["up"] != played["down"]
    assert all(max(map(abs, samples)) < 32_000 for samples in played.values())  # not clipped


@here_players_are_programs
@pytest.mark.asyncio
async def test_the_first_player_that_is_there_plays_the_file(folder: Path) -> None:
    heard = folder / "heard"
    path = player(folder, f'echo "$@" > "{heard}"')
    sounds = Sounds(folder, only("aplay", path))  # type: ignore[arg-type]
    assert await sounds.play("down") == (True, "")
    assert heard.read_text().split() == ["-q", str(folder / "down.wav")]


@here_players_are_programs
@pytest.mark.asyncio
async def test_without_a_player_that_is_said_and_logged_once(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sounds = Sounds(folder, lambda name: None)
    for _ in range(3):
        assert await sounds.play("up") == (False, "No program that plays sounds was found.")
    assert [each.levelno for each in caplog.records] == [logging.WARNING]


@pytest.mark.asyncio
async def test_a_sound_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert await Sounds(tmp_path).play("up") == (False, "There is no sound up.")


@here_players_are_programs
@pytest.mark.asyncio
async def test_a_player_that_fails_is_said(folder: Path) -> None:
    sounds = Sounds(folder, only("paplay", player(folder, "exit 1")))  # type: ignore[arg-type]
    assert await sounds.play("up") == (False, "player could not play it.")


@here_players_are_programs
@pytest.mark.asyncio
async def test_a_player_that_is_no_program_is_said(folder: Path) -> None:
    sounds = Sounds(folder, only("paplay", folder))  # type: ignore[arg-type]
    worked, sentence = await sounds.play("up")
    assert not worked
    assert sentence.startswith("The sound could not be played: ")


@here_players_are_programs
@pytest.mark.asyncio
async def test_a_player_that_hangs_is_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.05)
    sounds = Sounds(folder, only("pw-play", player(folder, "exec sleep 60")))  # type: ignore[arg-type]
    async with asyncio.timeout(PATIENCE):
        assert await sounds.play("up") == (False, "The sound took too long.")
