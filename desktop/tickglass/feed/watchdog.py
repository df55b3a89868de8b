"""Tells a quiet connection from a dead one, and notices when the computer slept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection

from ..errors import FeedError
from ..exchanges.exchange import Exchange
from ..language import tr
from ..market.freshness import STALE_AFTER, Link
from .pacing import Clock
from .speaker import Speaker

WATCH_INTERVAL = 1.0
PROBE_AFTER = 10.0  # s of silence after which we ask whether anyone is there
DEAD_AFTER = 20.0  # s of silence after which we redial
CLOCK_JUMP = 5.0  # s by which the wall clock leaves the monotonic one when a laptop slept


class Silent(FeedError):
    """The connection is open but nothing comes any more."""


class Slept(FeedError):
    """The computer slept: sockets look alive and are not."""


class Watchdog:
    """Watches one connection once a second.

    ``stale(silence)`` is called when nothing comes for too long, ``alive`` at a sign of life,
    ``renew`` when the connection is about to be cut for its age, ``each_second`` every time.
    """

    def __init__(
        self,
        adapter: Exchange,
        link: Link,
        speaker: Speaker,
        clock: Clock,
        *,
        stale: Callable[[float], None],
        alive: Callable[[], None],
        renew: Callable[[], None],
        each_second: Callable[[float], None],
    ) -> None:
        self._link = link
        self._speaker = speaker
        self._clock = clock
        self._stale = stale
        self._alive = alive
        self._renew = renew
        self._each_second = each_second
        self._lifetime = adapter.limits.lifetime
        self._heartbeat = adapter.heartbeat
        self._clock_gap = time.time() - time.monotonic()
        self._began = clock()
        self._spoke = self._began
        self._probed = 0.0

    async def run(self, socket: ClientConnection) -> None:
        """Watch until cancelled; raises Silent or Slept."""
        while True:
            await asyncio.sleep(until_next(WATCH_INTERVAL, time.monotonic()))
            now = self._clock()
            self._notice_sleep()
            self._each_second(now)
            silence = now - self._link.heard
            if silence > DEAD_AFTER:
                sentence = tr("Nothing comes any more; redialling.")
                raise Silent(f"silent for {silence:.0f} s", sentence)
            if silence > STALE_AFTER:
                self._stale(silence)
            await self._speak(socket, now, silence)
            if self._lifetime and now - self._began > self._lifetime:
                self._renew()

    async def _speak(self, socket: ClientConnection, now: float, silence: float) -> None:
        """Keep the connection open, and ask whether anyone is there if nothing is heard.

        Where the exchange has a message for that, protocol pings may go unanswered.
        """
        heartbeat = self._heartbeat()
        probing = silence > PROBE_AFTER and now - self._probed > PROBE_AFTER
        if probing:
            self._probed = now
        if heartbeat is not None:
            if probing or now - self._spoke >= heartbeat.interval:
                self._spoke = now
                await self._speaker.say(socket, heartbeat.text, counted=False)
        elif probing:
            pong = asyncio.ensure_future(await socket.ping())
            pong.add_done_callback(self._heard)

    def _heard(self, pong: asyncio.Future[float]) -> None:
        if not pong.cancelled() and pong.exception() is None:
            self._link.heard = self._clock()
            self._alive()

    def _notice_sleep(self) -> None:
        gap = time.time() - time.monotonic()
        jump, self._clock_gap = gap - self._clock_gap, gap
        if abs(jump) > CLOCK_JUMP:
            sentence = tr("Back from sleep; redialling.")
            raise Slept(f"the clock jumped by {jump:.0f} s", sentence)


def until_next(interval: float, now: float) -> float:
    """The wait until about ``interval`` s from now, at a whole multiple: all wake up together."""
    wait = interval - now % interval
    return wait if wait > interval / 2 else wait + interval
