"""Saving in the background: at once when something changed, one write at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

log = logging.getLogger(__name__)


class Saver:
    """Writes the newest text in a thread.

    ``render`` makes the text on the loop, from state that must not change meanwhile; ``write``
    puts it on the disk. Changes during a write lead to one more write. ``failed`` is told when the
    disk refuses; the next change tries again, and so does ``finish``.
    """

    def __init__(
        self,
        render: Callable[[], str],
        write: Callable[[str], None],
        failed: Callable[[OSError], None],
    ) -> None:
        self._render = render
        self._write = write
        self._failed = failed
        self._written = ""
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._refused = False

    def changed(self) -> None:
        """Something worth keeping changed."""
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="saver")

    async def finish(self) -> None:
        """Wait until the last change is on the disk, as far as the disk takes it."""
        await self._written_down()
        if self._refused:
            self.changed()
            await self._written_down()

    async def _written_down(self) -> None:
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while self._again:
            self._again = False
            text = self._render()
            if text == self._written:
                continue
            try:
                await asyncio.to_thread(self._write, text)
            except OSError as error:
                log.error("cannot save: %s", error)
                self._refused = True
                self._failed(error)
                return
            self._refused = False
            self._written = text
