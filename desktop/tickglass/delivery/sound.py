"""Sounds: one for up, one for down, played by what the system has for that.

Qt's own player would need a module of 60 MB. On Linux the players of PipeWire, PulseAudio and ALSA
are asked in this order; Windows and macOS bring one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from ..language import tr

log = logging.getLogger(__name__)

PLAYERS = (
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
    ("ffplay", "-nodisp", "-autoexit", "-v", "0"),
)
LONGEST = 5.0  # s


class Sounds:
    """Plays the files ``up.wav`` and ``down.wav`` of a folder, one at a time."""

    def __init__(self, folder: Path, find: Callable[[str], str | None] = shutil.which) -> None:
        self._folder = folder
        self._find = find
        self._playing = False
        self._failed = False

    async def play(self, name: str) -> tuple[bool, str]:
        """Play a sound; whether that worked, and a sentence if it did not."""
        file = self._folder / f"{name}.wav"
        if not file.is_file():
            return False, tr("There is no sound {name}.", name=name)
        if self._playing:
            return True, tr("another sound was being played")
        self._playing = True
        try:
            worked, problem = await self._play(file)
        finally:
            self._playing = False
        if not worked and not self._failed:
            log.warning("no sound: %s", problem)
        self._failed = not worked
        return worked, problem

    async def _play(self, file: Path) -> tuple[bool, str]:
        if sys.platform == "win32":
            return await asyncio.to_thread(_play_on_windows, file)
        command = self._command()
        if command is None:
            return False, tr("No program that plays sounds was found.")
        return await _run([*command, str(file)])

    def _command(self) -> list[str] | None:
        players = (("afplay",),) if sys.platform == "darwin" else PLAYERS
        for program, *rest in players:
            found = self._find(program)
            if found:
                return [found, *rest]
        return None


async def _run(command: list[str]) -> tuple[bool, str]:
    quiet = asyncio.subprocess.DEVNULL
    try:
        player = await asyncio.create_subprocess_exec(
            *command, stdin=quiet, stdout=quiet, stderr=quiet
        )
    except OSError as error:
        return False, tr("The sound could not be played: {reason}.", reason=error.strerror or "?")
    try:
        async with asyncio.timeout(LONGEST):
            status = await player.wait()
    except (TimeoutError, asyncio.CancelledError) as error:
        with contextlib.suppress(ProcessLookupError):
            player.kill()
        await player.wait()
        if isinstance(error, asyncio.CancelledError):
            raise
        return False, tr("The sound took too long.")
    if status:
        return False, tr("{program} could not play it.", program=Path(command[0]).name)
    return True, ""


def _play_on_windows(file: Path) -> tuple[bool, str]:
    import winsound

    try:
        winsound.PlaySound(str(file), winsound.SND_FILENAME)  # type: ignore[attr-defined,unused-ignore]
    except RuntimeError as error:
        return False, tr("The sound could not be played: {reason}.", reason=str(error).rstrip("."))
    return True, ""
