"""Pacing: of what we send, because exchanges count it, and of reading, because waking up costs.

Most of the cost of a busy connection is waking the loop, not decoding, and a screen shows a new
picture thirty times a second only. So a busy socket is read once per screen frame; the kernel
gathers frames meanwhile. While nobody sees the window every socket is read a few times a second.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import NamedTuple, Protocol


class Pace(NamedTuple):
    """How often a busy socket is read, in seconds, and from how many ws frames a second it is."""

    period: float
    busy_rate: float


SCREEN_FRAME = 0.033
SEEN = Pace(SCREEN_FRAME, 100.0)
UNSEEN = Pace(0.25, 1.0)
SHORTEST_WAIT = 0.005  # s; loops round shorter sleeps down to nothing
RATE_WINDOW = 0.5  # s over which that rate is measured

Clock = Callable[[], float]


class Budget:
    """At most ``count`` units in any ``window`` seconds; ``spend`` waits until they fit."""

    def __init__(self, count: int, window: float, clock: Clock) -> None:
        self._count = count
        self._window = window
        self._clock = clock
        self._spent: deque[tuple[float, int]] = deque()
        self._turn = asyncio.Lock()

    async def spend(self, units: int = 1) -> None:
        """Wait for room for ``units``, then take it. Callers are served in their order."""
        async with self._turn:
            while True:
                wait = self._wait(units)
                if not wait:
                    break
                await asyncio.sleep(wait)
            self._spent.append((self._clock(), units))

    def has_room(self, units: int = 1) -> bool:
        """Whether ``units`` fit now."""
        return not self._wait(units)

    def _wait(self, units: int) -> float:
        """Seconds until the oldest spending leaves the window; 0 if there is room now."""
        used = self._used()
        if not self._spent or used + units <= self._count:
            return 0.0
        return max(SHORTEST_WAIT, self._spent[0][0] + self._window - self._clock())

    def _used(self) -> int:
        horizon = self._clock() - self._window
        while self._spent and self._spent[0][0] <= horizon:
            self._spent.popleft()
        return sum(units for _, units in self._spent)


class Pausable(Protocol):
    """The part of an asyncio transport that reading is paced with."""

    def pause_reading(self) -> None:
        """Leave arriving bytes in the kernel's buffer."""

    def resume_reading(self) -> None:
        """Read again."""


def until_turn(now: float, period: float) -> float:
    """Seconds until the next moment at which all paused connections are read again.

    It is the same for all, at whole multiples of ``period``: one waking of the loop serves them
    all, and finds the processor's caches warm for all but the first. A timer may be early a little.
    """
    wait = period - now % period
    return wait if wait >= SHORTEST_WAIT else wait + period


class Rhythm(Protocol):
    """When a pacer may read again."""

    pace: Pace

    def later(self, seconds: float, call: Callable[[], None]) -> object:
        """Run a call in that time."""


class Turns:
    """One timer for all connections: what is to be called at the next turn is called together.

    So the loop wakes once and finds every socket ready, instead of once for each. ``pace`` is how
    all are read from now on.
    """

    def __init__(self) -> None:
        self.pace = SEEN
        self._waiting: list[Callable[[], None]] = []

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Run a call at the turn in ``seconds``, or at the one that is being waited for."""
        self._waiting.append(call)
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_later(seconds, self._run)

    def _run(self) -> None:
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            call()


class ReadPacer:
    """Pauses a busy transport until its turn in the next screen frame after each batch read.

    A quiet connection is never paused.
    """

    def __init__(self, transport: Pausable, rhythm: Rhythm) -> None:
        self._transport = transport
        self._rhythm = rhythm
        self._paused_at: float | None = None
        self._resumed_after: float | None = None
        self._window_start = 0.0
        self._frames = 0
        self._busy = False
        self._closed = False

    @property
    def paused(self) -> bool:
        """Whether what is handed over now belongs to a batch that is known already."""
        return self._paused_at is not None

    def received(self, now: float, frames: int = 1) -> float:
        """Note frames handed over by ``now``; the earliest second at which the last can have come.

        What came during a pause may have lain in the kernel's buffer since the pause began.
        """
        self._measure(now, frames)
        if self._paused_at is None and self._busy and not self._closed:
            arrived = now if self._resumed_after is None else self._resumed_after
            self._batch_arrived = arrived
            self._paused_at = now
            self._transport.pause_reading()
            self._rhythm.later(until_turn(now, self._rhythm.pace.period), self._resume)
        if self._paused_at is not None:
            return self._batch_arrived
        self._resumed_after = None  # read at once: nothing has lain in the buffer
        return now

    def close(self) -> None:
        """Leave the transport alone from now on."""
        self._closed = True

    def _measure(self, now: float, frames: int) -> None:
        self._frames += frames
        elapsed = now - self._window_start
        if elapsed >= RATE_WINDOW:
            self._busy = self._frames / elapsed >= self._rhythm.pace.busy_rate
            self._window_start, self._frames = now, 0

    def _resume(self) -> None:
        self._resumed_after, self._paused_at = self._paused_at, None
        if not self._closed:
            self._transport.resume_reading()
