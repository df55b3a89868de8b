"""Saving in the background."""

import asyncio
import threading

import pytest

from tickglass.saver import Saver


class Disk:
    """Keeps what is written; can be full, and can be held up."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.full = False
        self.free = threading.Event()
        self.free.set()

    def write(self, text: str) -> None:
        assert self.free.wait(5)
        if self.full:
            raise OSError(28, "No space left on device")
        self.texts.append(text)


async def ended() -> None:
    """Wait for the write that is under way."""
    await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})


@pytest.mark.asyncio
async def test_a_change_is_written_once() -> None:
    disk = Disk()
    saver = Saver(lambda: "one", disk.write, lambda error: None)
    saver.changed()
    saver.changed()
    await saver.finish()
    assert disk.texts == ["one"]


@pytest.mark.asyncio
async def test_changes_during_a_write_lead_to_one_more_with_the_newest() -> None:
    disk = Disk()
    disk.free.clear()
    text = ["first"]
    saver = Saver(lambda: text[0], disk.write, lambda error: None)
    saver.changed()
    await asyncio.sleep(0)  # the write begins
    for each in ("second", "third"):
        text[0] = each
        saver.changed()
    disk.free.set()
    await saver.finish()
    assert disk.texts == ["first", "third"]


@pytest.mark.asyncio
async def test_nothing_new_is_not_written_again() -> None:
    disk = Disk()
    saver = Saver(lambda: "same", disk.write, lambda error: None)
    for _ in range(3):
        saver.changed()
        await saver.finish()
    assert disk.texts == ["same"]


@pytest.mark.asyncio
async def test_a_full_disk_is_told_and_the_next_change_tries_again() -> None:
    disk = Disk()
    disk.full = True
    told: list[OSError] = []
    saver = Saver(lambda: "kept", disk.write, told.append)
    saver.changed()
    await ended()
    assert [error.errno for error in told] == [28]
    disk.full = False
    saver.changed()
    await saver.finish()
    assert disk.texts == ["kept"]


@pytest.mark.asyncio
async def test_what_the_disk_refused_is_tried_once_more_at_the_end() -> None:
    disk = Disk()
    disk.full = True
    told: list[OSError] = []
    saver = Saver(lambda: "kept", disk.write, told.append)
    saver.changed()
    await saver.finish()
    assert len(told) == 2  # the change, and the end
    disk.full = False
    await saver.finish()
    assert disk.texts == ["kept"]
    await saver.finish()
    assert disk.texts == ["kept"]
