"""One Tickglass per folder of data: a second start, or a script, speaks to the first.

The first holds a lock of the system, which ends with it however it ends, and listens on 127.0.0.1.
Where, and the word that whoever speaks must know, stands in a file that only the person can read.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import secrets
import socket
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from .errors import TickglassError
from .language import tr
from .paths import Paths

log = logging.getLogger(__name__)

LOCK, ADDRESS = "instance.lock", "instance.json"
PATIENCE = 5.0  # s in which the first must answer; it may be starting
BETWEEN = 0.1
LONGEST = 1_000_000  # bytes of a request or an answer
ONLY_MINE = 0o600
TAKEN = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

Request = dict[str, Any]
Handle = Callable[[Request], Request]


class NoAnswer(TickglassError):
    """A Tickglass runs, but does not answer."""


class Instance:
    """The right to be the one Tickglass of a folder; ``claim`` says whether it was free."""

    def __init__(self, paths: Paths) -> None:
        self._folder = paths.data
        self._lock: sqlite3.Connection | None = None
        self._server: asyncio.Server | None = None
        self._word = secrets.token_hex(32)

    def claim(self) -> bool:
        """Be the one, unless another is. Where nothing can be written nobody can know."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(self._folder / LOCK)
        except (OSError, sqlite3.Error) as error:
            log.warning("a second start will not be noticed: %r", error)
            return True
        return self._lock is not None

    def release(self) -> None:
        """Be it no longer."""
        if self._lock is not None:
            with suppress(OSError):
                (self._folder / ADDRESS).unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    async def listen(self, handle: Handle) -> None:
        """Answer those that speak to us; ``handle`` turns a request into an answer."""

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                async with asyncio.timeout(PATIENCE):
                    request = self._read(await reader.readline())
                    if request is not None:
                        writer.write(json.dumps(handle(request)).encode() + b"\n")
                        await writer.drain()
            except (OSError, TimeoutError, ValueError) as error:
                log.info("a request was not answered: %r", error)
            finally:
                writer.close()

        self._server = await asyncio.start_server(answer, "127.0.0.1", 0, limit=LONGEST)
        port = self._server.sockets[0].getsockname()[1]
        text = json.dumps({"port": port, "word": self._word, "process": os.getpid()})
        try:
            await asyncio.to_thread(_write_secret, self._folder / ADDRESS, text)
        except OSError as error:
            log.warning("nobody can speak to this program: %r", error)

    async def close(self) -> None:
        """Answer nobody any more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def _read(self, line: bytes) -> Request | None:
        """A request, if whoever speaks knows the word."""
        try:
            told = json.loads(line)
        except ValueError:
            return None
        if not isinstance(told, dict) or not isinstance(told.get("word"), str):
            return None
        if not hmac.compare_digest(told["word"].encode(), self._word.encode()):
            log.warning("somebody without the right spoke to us")
            return None
        request = told.get("request")
        return request if isinstance(request, dict) else None


def _locked(path: Path) -> sqlite3.Connection | None:
    """A lock of the system on a file, by SQLite, which has one everywhere; None if it is taken.

    A library for this alone would make the start later by 26 ms; SQLite is loaded anyway.
    """
    lock = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if error.sqlite_errorcode in TAKEN:
            return None
        raise
    return lock


def ask(paths: Paths, request: Request, patience: float = PATIENCE) -> Request:
    """Say something to the one that runs; its answer. Raises NoAnswer if it gives none."""
    end = time.monotonic() + patience
    while True:
        try:
            return _ask(paths.data / ADDRESS, request)
        except (OSError, ValueError, KeyError) as error:
            if time.monotonic() >= end:
                sentence = tr("Tickglass runs already, but does not answer; end it and try again.")
                raise NoAnswer(repr(error), sentence) from error
        time.sleep(BETWEEN)


def _ask(file: Path, request: Request) -> Request:
    address = json.loads(file.read_text(encoding="utf-8"))
    with socket.create_connection(("127.0.0.1", int(address["port"])), timeout=PATIENCE) as line:
        line.sendall(json.dumps({"word": address["word"], "request": request}).encode() + b"\n")
        with line.makefile("rb") as reader:
            answer = json.loads(reader.readline(LONGEST))
    if not isinstance(answer, dict):
        raise ValueError("no answer")
    return answer


def _write_secret(path: Path, text: str) -> None:
    """Write a file that nobody else can read, at no time."""
    path.unlink(missing_ok=True)
    held = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_MINE)
    with os.fdopen(held, "w", encoding="utf-8") as file:
        file.write(text)
