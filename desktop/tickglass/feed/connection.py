"""One connection to an exchange, from dialling to its end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from websockets.asyncio.client import ClientConnection, connect

from ..errors import FeedError
from ..exchanges.exchange import (
    Acknowledged,
    BadFrame,
    Channel,
    Control,
    Endpoint,
    Event,
    Exchange,
    Kind,
    Rejected,
    ServerClosing,
)
from ..market.book import Resync
from ..market.events import BookSnapshot, ConnectionState, MarketEvent, Status, Trade
from ..market.freshness import STALE_AFTER, Link
from ..market.instrument import Instrument
from .duplicates import SeenTrades
from .figures import ExchangeFigures
from .pacing import Clock, ReadPacer
from .rest import Rest
from .route import is_loopback, tls

log = logging.getLogger(__name__)

OPEN_TIMEOUT = 10.0
CLOSE_TIMEOUT = 1.0  # the library's 10 s make quitting look like hanging
WATCH_INTERVAL = 1.0
PROBE_AFTER = 10.0  # s of silence after which we ask whether anyone is there
DEAD_AFTER = 30.0  # s of silence after which we redial
CLOCK_JUMP = 5.0  # s by which the wall clock leaves the monotonic one when a laptop slept
BAD_FRAMES_BORNE = 20  # within the window
BAD_FRAMES_WINDOW = 10.0
FRAMES_A_TURN = 500  # then others get their turn on the loop
CONTROLS = (Acknowledged, Rejected, ServerClosing)
FRAME_SHOWN = 500  # characters of a frame in the log


class Sink(Protocol):
    """Where a feed's events go."""

    def apply(self, event: MarketEvent, link: Link) -> None:
        """Take one event; raise Resync if a book can no longer be trusted."""

    def status(self, status: Status) -> None:
        """Learn what became of a connection."""

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        """Learn that events of these instruments may have been missed."""


class Tap(Protocol):
    """Somebody who wants everything just as it arrived: a recording."""

    def frame(self, exchange: str, connection: int, frame: bytes) -> None:
        """Take a ws frame."""

    def rest(self, exchange: str, target: str, body: bytes) -> None:
        """Take a REST reply."""


class Silent(FeedError):
    """The connection is open but nothing comes any more."""


class Slept(FeedError):
    """The computer slept: sockets look alive and are not."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every connection of one exchange shares."""

    exchange: type[Exchange]
    sink: Sink
    rest: Rest
    figures: ExchangeFigures
    seen: SeenTrades
    clock: Clock
    tap: Tap | None = None


class Connection:
    """Dial number ``dial``. ``wanted`` may change while it runs; ``renewal`` asks for a successor.

    ``settled`` is set once market data comes. ``run`` ends by raising, or by being cancelled.
    """

    def __init__(
        self,
        around: Surroundings,
        adapter: Exchange,
        link: Link,
        dial: int,
        wanted: set[Channel],
    ) -> None:
        self.link = link
        self.dial = dial
        self.wanted = wanted
        self.renewal = asyncio.Event()
        self.settled = asyncio.Event()
        self._around = around
        self._adapter = adapter
        self._limits = adapter.limits
        self._held: set[Channel] = set()
        self._changed = asyncio.Event()
        self._resyncs: asyncio.Queue[Instrument] = asyncio.Queue()
        self._awaiting: set[Instrument] = set()
        self._bad_frames: list[float] = []
        self._state: ConnectionState = "connecting"
        self._clock_gap = time.time() - time.monotonic()
        self._began = around.clock()

    def change(self, wanted: set[Channel]) -> None:
        """Want other channels from now on."""
        self.wanted = wanted
        self._changed.set()

    def tell(self, state: ConnectionState, detail: str = "") -> None:
        """Announce a state, once."""
        if state == self._state and not detail:
            return
        self._state = state
        link = self.link
        self._around.sink.status(Status(link.exchange, link.connection, state, detail))

    async def run(self, endpoint: Endpoint) -> None:
        """Dial and serve until something breaks."""
        url = self._adapter.url(endpoint.ws)
        log.info("%s: dialling %s", self._adapter.name, url)
        async with connect(
            url,
            ssl=tls() if url.startswith("wss:") else None,
            proxy=None if is_loopback(url) else True,
            compression=None,
            open_timeout=OPEN_TIMEOUT,
            close_timeout=CLOSE_TIMEOUT,
            ping_interval=None,  # the watchdog asks, so that it also knows the answer
            max_size=self._limits.frame_bytes,
            max_queue=None,  # the pacer pauses the transport; the library must not do so too
            user_agent_header="Tickglass",
        ) as socket:
            self.link.open(self._around.clock())
            name = f"{self._adapter.name} {self.link.connection}"
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(socket), name=f"{name} reader")
                group.create_task(self._control(socket), name=f"{name} control")
                group.create_task(self._watch(socket), name=f"{name} watchdog")
                group.create_task(self._snapshots(), name=f"{name} snapshots")

    async def _read(self, socket: ClientConnection) -> None:
        clock, link = self._around.clock, self.link
        figures = self._around.figures
        pacer = ReadPacer(socket.transport, asyncio.get_running_loop().call_later)
        # This loop runs for every frame: of a batch that was read at once, only the first asks
        # for the time.
        turn = unnoted = 0
        try:
            while True:
                frame = await socket.recv(decode=False)
                unnoted += 1
                if not pacer.paused:
                    now = clock()
                    link.heard = now
                    link.arrived = pacer.received(now, unnoted)
                    unnoted = 0
                figures.frames += 1
                figures.bytes += len(frame)
                self._take(frame)
                turn += 1
                if turn >= FRAMES_A_TURN:
                    turn = 0
                    await asyncio.sleep(0)
        finally:
            pacer.close()

    def _take(self, frame: bytes) -> None:
        around = self._around
        if around.tap is not None:
            around.tap.frame(self.link.exchange, self.link.connection, frame)
        try:
            for event in self._adapter.decode(frame):
                self._hand_on(event)
        except BadFrame as error:
            self._count_bad(error, frame)
        except (
            Exception
        ):  # raised again: the session ends the feed, but only here is the frame known
            log.error("%s: on frame %s", self._adapter.name, _shown(frame))
            raise

    def _hand_on(self, event: Event) -> None:
        if isinstance(event, CONTROLS):
            self._obey(event)
            return
        around = self._around
        around.figures.events[event.__class__] += 1
        if isinstance(event, Trade) and not around.seen.is_new(event):
            around.figures.duplicates += 1
            return
        if self._state != "live":
            self.tell("live")
        self.settled.set()
        self._apply(event)

    def _obey(self, event: Control) -> None:
        match event:
            case Acknowledged():
                self.tell("live")
            case Rejected():
                log.warning("%s rejected: %s (%s)", self._adapter.name, event.text, event.code)
            case ServerClosing():
                log.info("%s announces: %s", self._adapter.name, event.reason)
                self.renewal.set()

    def _apply(self, event: MarketEvent) -> None:
        self.link.dial = self.dial
        try:
            self._around.sink.apply(event, self.link)
        except Resync as problem:
            log.info("resync of %s", problem)
            self._around.figures.resyncs += 1
            self._ask_for_snapshot(problem.instrument)

    def _count_bad(self, error: BadFrame, frame: bytes) -> None:
        now = self.link.heard
        self._around.figures.bad_frames += 1
        log.debug("bad frame: %s: %s", error, _shown(frame))
        recent = [each for each in self._bad_frames if now - each < BAD_FRAMES_WINDOW]
        self._bad_frames = [*recent, now]
        if len(self._bad_frames) > BAD_FRAMES_BORNE:
            raise BadFrame(
                f"over {BAD_FRAMES_BORNE} bad frames in {BAD_FRAMES_WINDOW} s"
            ) from error

    async def _control(self, socket: ClientConnection) -> None:
        """Make the exchange send what is wanted, no faster than it lets us ask."""
        self._changed.set()
        while True:
            await self._changed.wait()
            self._changed.clear()
            added = sorted(self.wanted - self._held)
            removed = sorted(self._held - self.wanted)
            self._held = set(self.wanted)
            # New channels first: whoever switches charts waits for the new one.
            for text in self._adapter.subscribe(added) + self._adapter.unsubscribe(removed):
                await socket.send(text)
                await asyncio.sleep(self._limits.control_interval)
            if self._adapter.book_snapshot_by_rest:
                for channel in added:
                    if channel.kind is Kind.BOOK:
                        self._ask_for_snapshot(channel.instrument)

    def _ask_for_snapshot(self, instrument: Instrument) -> None:
        if instrument not in self._awaiting:
            self._awaiting.add(instrument)
            self._resyncs.put_nowait(instrument)

    async def _snapshots(self) -> None:
        """Fetch book snapshots one at a time, with a pause: they are the dearest request."""
        while True:
            instrument = await self._resyncs.get()
            self._awaiting.discard(instrument)
            if not any(each.instrument == instrument for each in self.wanted):
                continue
            try:
                snapshot = await self._snapshot(instrument)
                self.link.arrived = self._around.clock()
                self._apply(snapshot)
            except (FeedError, BadFrame) as error:
                log.warning("no book snapshot of %s: %s", instrument, error)
                self._ask_for_snapshot(instrument)
            await asyncio.sleep(self._limits.snapshot_interval)

    async def _snapshot(self, instrument: Instrument) -> BookSnapshot:
        request = self._adapter.depth_request(instrument)
        body = await self._around.rest.get(request)
        if self._around.tap is not None:
            self._around.tap.rest(self._adapter.name, request.target, body)
        return self._adapter.parse_depth(body, instrument)

    async def _watch(self, socket: ClientConnection) -> None:
        """Tell a quiet connection from a dead one, and notice when the computer slept."""
        heartbeat = self._adapter.heartbeat()
        next_beat = self._around.clock() + heartbeat.interval if heartbeat else float("inf")
        probed = 0.0
        while True:
            await asyncio.sleep(WATCH_INTERVAL)
            now = self._around.clock()
            self._notice_sleep()
            silence = now - self.link.heard
            if silence > DEAD_AFTER:
                raise Silent(f"silent for {silence:.0f} s", "Nothing comes any more; redialling.")
            if silence > STALE_AFTER and self._state == "live":
                self.tell("stale", f"Nothing for {silence:.0f} s.")
            if silence > PROBE_AFTER and now - probed > PROBE_AFTER:
                probed = now
                pong = asyncio.ensure_future(await socket.ping())
                pong.add_done_callback(self._heard)
            if heartbeat and now >= next_beat:
                next_beat = now + heartbeat.interval
                await socket.send(heartbeat.text)
            if self._limits.lifetime and now - self._began > self._limits.lifetime:
                self.renewal.set()

    def _heard(self, pong: asyncio.Future[float]) -> None:
        if not pong.cancelled() and pong.exception() is None:
            self.link.heard = self._around.clock()
            if self._state == "stale":
                self.tell("live")

    def _notice_sleep(self) -> None:
        gap = time.time() - time.monotonic()
        jump, self._clock_gap = gap - self._clock_gap, gap
        if abs(jump) > CLOCK_JUMP:
            raise Slept(f"the clock jumped by {jump:.0f} s", "Back from sleep; redialling.")


def _shown(frame: bytes) -> str:
    return repr(frame[:FRAME_SHOWN])
