"""One Tickglass per folder: who is the one, and who may speak to it."""

import asyncio
import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tickglass.instance import ADDRESS, Instance, NoAnswer, ask
from tickglass.paths import Paths, find_paths

HOLD = """
import sys
from tickglass.instance import Instance
from tickglass.paths import find_paths
held = Instance(find_paths(sys.argv[1]))
print(held.claim(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return find_paths(str(tmp_path))


def test_only_one_can_be_the_one(paths: Paths) -> None:
    first, second = Instance(paths), Instance(paths)
    assert first.claim()
    assert not second.claim()
    first.release()
    assert second.claim()
    second.release()


def test_of_two_processes_one_wins_and_a_killed_one_leaves_the_place(paths: Paths) -> None:
    command = [sys.executable, "-c", HOLD, str(paths.config)]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdin is not None
    assert other.stdout.readline().strip() == "True"
    assert not Instance(paths).claim()
    other.kill()
    other.wait()
    other.stdin.close()
    other.stdout.close()
    mine = Instance(paths)
    assert mine.claim()
    mine.release()


@pytest.mark.asyncio
async def test_the_second_speaks_to_the_first_and_hears_its_answer(paths: Paths) -> None:
    instance = Instance(paths)
    assert instance.claim()
    heard = []

    def handle(request: dict[str, object]) -> dict[str, object]:
        heard.append(request)
        return {"told": "yes"}

    await instance.listen(handle)
    answer = await asyncio.to_thread(ask, paths, {"about": "raise"})
    assert (answer, heard) == ({"told": "yes"}, [{"about": "raise"}])
    if os.name == "posix":
        assert stat.S_IMODE((paths.data / ADDRESS).stat().st_mode) == 0o600
    await instance.close()
    instance.release()
    assert not (paths.data / ADDRESS).exists()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "line",
    [b"\n", b"rubbish\n", b"[]\n", b'{"word": "wrong", "request": {}}\n', b'{"request": {}}\n',
     b'{"word": 5, "request": {}}\n', b"x" * 2_000_000 + b"\n"],
    ids=["nothing", "rubbish", "a list", "another word", "no word", "a number", "too much"],
)  # fmt: skip
async def test_who_does_not_know_the_word_is_not_heard(paths: Paths, line: bytes) -> None:
    instance = Instance(paths)
    instance.claim()
    heard: list[object] = []
    await instance.listen(lambda request: heard.append(request) or {})  # type: ignore[func-returns-value]
    port = json.loads((paths.data / ADDRESS).read_text())["port"]

    def speak() -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            try:
                connection.sendall(line)
                return connection.recv(100)
            except ConnectionError:
                return b""

    assert await asyncio.to_thread(speak) == b""
    assert heard == []
    await instance.close()
    instance.release()


def test_one_that_does_not_answer_is_said_so(paths: Paths) -> None:
    paths.data.mkdir(parents=True)
    (paths.data / ADDRESS).write_text('{"port": 1, "word": "x"}')
    with pytest.raises(NoAnswer) as caught:
        ask(paths, {}, patience=0.2)
    assert caught.value.sentence.startswith("Tickglass runs already")
