"""A simulator in a thread of its own, so that its work never delays the window's loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection
from functools import partial

from ..exchanges import SERVERS
from .faults import Faults
from .server import DEFAULT_PAIRS, DEFAULT_RATE, DEFAULT_SEED, Endpoints, simulator

STOP_TIMEOUT = 1.0  # s


class SimulatorThread:
    """Runs a simulator in a daemon thread with a plain asyncio loop, whatever the caller's is.

    The arguments are those of ``server.simulator``.
    """

    def __init__(
        self,
        exchanges: Collection[str] = tuple(SERVERS),
        port: int = 0,
        seed: int = DEFAULT_SEED,
        pair_count: int = DEFAULT_PAIRS,
        rate: float = DEFAULT_RATE,
        faults: Faults | None = None,
    ) -> None:
        self._make = partial(simulator, exchanges, port, seed, pair_count, rate, faults)
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._listens = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._endpoints: Endpoints = {}
        self._error: BaseException | None = None

    def start(self) -> Endpoints:
        """Start, wait until it listens, and return the endpoints; its errors are raised here."""
        self._thread.start()
        self._listens.wait()
        if self._error is not None:
            self._thread.join()
            raise self._error
        return self._endpoints

    def stop(self) -> None:
        """End it within a second."""
        if self._loop is not None and self._stop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(STOP_TIMEOUT)

    def _run(self) -> None:
        # The loop is named because qasync makes its own one the default of the whole process.
        try:
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._main())
        except BaseException as error:  # the caller of start() gets it
            self._error = error
        finally:
            self._listens.set()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        async with self._make() as running:
            self._endpoints = running.endpoints
            self._listens.set()
            await self._stop.wait()
