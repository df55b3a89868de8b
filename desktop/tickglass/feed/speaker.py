"""Tells the exchange what is wanted on one connection, no faster than it lets us ask."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

from ..exchanges.exchange import Channel, Exchange, batches
from .pacing import Budget, Clock

HOUR = 3600.0
CHANNELS_A_JOB = 100  # so that a broken book need not wait for a long list
BUSY_WAIT = 5.0  # s before asking again what was refused for our haste
REFUSED_WAIT = 300.0  # s before asking again what was refused for itself: it may be for a while


Verb = Callable[[Sequence[Channel]], list[str]]


class Socket(Protocol):
    """The part of a websocket that is spoken to."""

    async def send(self, message: str) -> None:
        """Send a text frame."""


class Speaker:
    """Keeps what the exchange sends equal to ``wanted``, which may change at any time.

    ``on_change(added, removed)`` is called as channels are being asked for; ``overdue`` when the
    exchange's hourly allowance for this connection is used up.
    """

    def __init__(
        self,
        adapter: Exchange,
        wanted: Iterable[Channel],
        clock: Clock,
        on_change: Callable[[Collection[Channel], Collection[Channel]], None],
        overdue: Callable[[], None],
    ) -> None:
        self.wanted = set(wanted)
        self.held: set[Channel] = set()
        self._adapter = adapter
        self._clock = clock
        self._on_change = on_change
        self._overdue = overdue
        self._interval = adapter.limits.control_interval
        hourly = adapter.limits.controls_per_hour
        self._hourly = Budget(hourly, HOUR, clock) if hourly else None
        self._jobs: deque[tuple[Verb, list[Channel]]] = deque()
        self._anew: set[Channel] = set()
        self._singly: set[Channel] = set()
        self._later: list[tuple[float, frozenset[Channel]]] = []
        self._changed = asyncio.Event()
        self._turn = asyncio.Lock()
        self._spoke = -HOUR

    def want(self, wanted: Iterable[Channel]) -> None:
        """Want these channels and no others from now on."""
        self.wanted = set(wanted)
        self._changed.set()

    def begin_anew(self, channel: Channel) -> None:
        """Stop a channel and start it again: some send a book's snapshot at no other time."""
        self._anew.add(channel)
        self._changed.set()

    def ask_singly(self, channels: Iterable[Channel]) -> None:
        """Ask for channels again, each in a message of its own: one may have spoilt the others."""
        self._singly.update(channels)
        self._changed.set()

    def ask_later(self, channels: Iterable[Channel], wait: float) -> None:
        """Ask for channels again after a while, s; ``remind`` counts the time."""
        self._later.append((self._clock() + wait, frozenset(channels)))

    def remind(self, now: float) -> None:
        """Ask for those whose time has come."""
        due = [channels for at, channels in self._later if at <= now]
        if due:
            self._later = [each for each in self._later if each[0] > now]
            self.held -= frozenset().union(*due)
            self._changed.set()

    async def run(self, socket: Socket) -> None:
        """Speak until cancelled."""
        for text in self._adapter.opening():
            await self.say(socket, text)
        self._changed.set()
        while True:
            await self._changed.wait()
            self._changed.clear()
            self._plan()
            while self._jobs:
                # Written only when it is said: some match answers by the order of messages.
                verb, channels = self._jobs.popleft()
                for text in verb(channels):
                    await self.say(socket, text)
                self._plan()

    async def say(self, socket: Socket, text: str, *, counted: bool = True) -> None:
        """Send a message when its turn has come. A heartbeat is not counted by the hour."""
        if counted and self._hourly is not None:
            if not self._hourly.has_room():
                self._overdue()
            await self._hourly.spend()  # heartbeats go on meanwhile
        async with self._turn:
            await asyncio.sleep(max(0.0, self._spoke + self._interval - self._clock()))
            self._spoke = self._clock()
            await socket.send(text)

    def _plan(self) -> None:
        """Write down what has to be said: broken books first, then new channels, then old ones.

        Somebody looks at a book that waits; whoever switches charts waits for the new one.
        """
        subscribe, unsubscribe = self._adapter.subscribe, self._adapter.unsubscribe
        anew = sorted(self._anew & self.held & self.wanted)
        self._anew.clear()
        if anew:
            self._jobs.extendleft([(subscribe, anew), (unsubscribe, anew)])
        self._jobs.extend((subscribe, [each]) for each in sorted(self._singly & self.wanted))
        self._singly.clear()
        added, removed = sorted(self.wanted - self.held), sorted(self.held - self.wanted)
        self.held = set(self.wanted)
        self._jobs.extend((subscribe, list(each)) for each in batches(added, CHANNELS_A_JOB))
        self._jobs.extend((unsubscribe, list(each)) for each in batches(removed, CHANNELS_A_JOB))
        if added or removed:
            self._on_change(added, removed)
