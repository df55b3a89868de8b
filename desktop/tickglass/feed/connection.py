"""One connection to an exchange, from dialling to its end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection, Sequence

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from ..errors import SettingsError
from ..exchanges.exchange import (
    Acknowledged,
    BadFrame,
    Channel,
    Control,
    Dial,
    Endpoint,
    Event,
    Exchange,
    Kind,
    Lane,
    Lost,
    Rejected,
    ServerClosing,
    Welcome,
    batches,
)
from ..language import mark, tr
from ..market.book import Resync
from ..market.events import BookDelta, BookSnapshot, ConnectionState, MarketEvent, Status, Trade
from ..market.freshness import Link
from . import speaker
from .books import Books
from .figures import ConnectionFigures
from .pacing import ReadPacer
from .route import check_address, proxy, tls
from .socket import BatchConnection
from .speaker import Speaker
from .surroundings import Surroundings
from .watchdog import Silent, Watchdog

log = logging.getLogger(__name__)

REFUSALS = {
    Kind.TICKER: mark("{exchange} refuses the ticker of {pair}: {why}"),
    Kind.TRADE: mark("{exchange} refuses the trades of {pair}: {why}"),
    Kind.QUOTE: mark("{exchange} refuses the quotes of {pair}: {why}"),
    Kind.CANDLE: mark("{exchange} refuses the candles of {pair}: {why}"),
    Kind.BOOK: mark("{exchange} refuses the order book of {pair}: {why}"),
}

OPEN_TIMEOUT = 10.0
WELCOME_TIMEOUT = 10.0
CLOSE_TIMEOUT = 1.0  # the library's 10 s make quitting look like hanging
BAD_FRAMES_BORNE = 20  # within the window
BAD_FRAMES_WINDOW = 10.0
TOO_BIG = 1009  # the close code of a frame above the limit
BIG_FRAME = 256 * 1024  # bytes from which decoding would hold up the loop
FRAMES_A_TURN = 500  # then others get their turn on the loop
CONTROLS = frozenset(Control.__args__)
BOOKS = frozenset((BookDelta, BookSnapshot))
FRAME_SHOWN = 500  # characters of a frame in the log


class Connection:
    """Dial number ``dial`` in a lane. ``renewal`` asks for a successor.

    ``settled`` is set once market data comes. ``run`` ends by raising, or by being cancelled.
    """

    def __init__(
        self,
        around: Surroundings,
        lane: Lane,
        adapter: Exchange,
        link: Link,
        figures: ConnectionFigures,
        wanted: set[Channel],
    ) -> None:
        self.link = link
        self.dial = next(around.dials)
        self.renewal = asyncio.Event()
        self.settled = asyncio.Event()
        self._around = around
        self._lane = lane
        self._adapter = adapter
        self._figures = figures
        self._counts = figures.counts
        self._sink_apply, self._is_new = around.sink.apply, around.seen.is_new  # for every event
        self._speaker = Speaker(
            adapter, wanted, around.clock, self._on_change, overdue=self.renewal.set
        )
        self._books = Books(around, adapter, self._speaker, self._take_snapshot)
        self._welcomed = asyncio.Event()
        self._bad_frames: list[float] = []
        self._refused: set[Channel] = set()
        self._state: ConnectionState = "connecting"
        self._first_due = True  # whether no event of this batch was handed on

    def change(self, wanted: set[Channel]) -> None:
        """Want other channels from now on."""
        self._speaker.want(wanted)

    def tell(self, state: ConnectionState, detail: str = "") -> None:
        """Announce a state, once."""
        if state == self._state and not detail:
            return
        self._state = state
        link = self.link
        self._figures.enter(state, self._around.clock(), detail)
        self._around.sink.status(Status(link.exchange, link.connection, state, detail))

    async def run(self, endpoint: Endpoint) -> None:
        """Dial and serve until something breaks."""
        url = await self._url(endpoint)
        log.info("%s: dialling %s", self._adapter.name, url.partition("?")[0])
        async with connect(
            url,
            ssl=tls() if url.startswith("wss:") else None,
            proxy=proxy(url),
            compression=None,
            open_timeout=OPEN_TIMEOUT,
            close_timeout=CLOSE_TIMEOUT,
            ping_interval=None,  # the watchdog asks, so that it also knows the answer
            max_size=self._adapter.limits.frame_bytes,
            max_queue=None,  # the pacer pauses the transport; the library must not do so too
            create_connection=BatchConnection,
            user_agent_header="Tickglass",
        ) as socket:
            assert isinstance(socket, BatchConnection)
            self.link.open(self._around.clock())
            name = f"{self._adapter.name} {self.link.connection}"
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(socket), name=f"{name} reader")
                group.create_task(self._speak(socket), name=f"{name} speaker")
                group.create_task(self._watchdog().run(socket), name=f"{name} watchdog")
                group.create_task(self._books.run(), name=f"{name} books")

    async def _url(self, endpoint: Endpoint) -> str:
        """The address to dial, with the ticket that some exchanges want to see."""
        request = self._adapter.ticket_request()
        ticket = await self._around.rest.get(request) if request else b""
        url = self._adapter.url(Dial(endpoint.ws, self._lane, self.dial, ticket))
        try:
            check_address(url, ("wss", "ws"))
        except SettingsError as error:
            raise BadFrame(f"{self._adapter.name}: {error}") from error
        return url

    def _watchdog(self) -> Watchdog:
        return Watchdog(
            self._adapter,
            self.link,
            self._speaker,
            self._around.clock,
            stale=self._on_stale,
            alive=self._on_alive,
            renew=self.renewal.set,
            each_second=self._each_second,
        )

    def _each_second(self, now: float) -> None:
        self._books.remind(now)
        self._speaker.remind(now)

    def _on_stale(self, silence: float) -> None:
        if self._state == "live":
            self.tell("stale", tr("Nothing for {seconds} s.", seconds=round(silence)))

    def _on_alive(self) -> None:
        if self._state == "stale":
            self.tell("live")

    async def _speak(self, socket: BatchConnection) -> None:
        if self._adapter.greets:
            try:
                async with asyncio.timeout(WELCOME_TIMEOUT):
                    await self._welcomed.wait()
            except TimeoutError as error:
                sentence = tr("No welcome came; redialling.")
                raise Silent("no welcome came", sentence) from error
        await self._speaker.run(socket)

    def _on_change(self, added: Collection[Channel], removed: Collection[Channel]) -> None:
        for channel in self._refused.intersection(added):
            self._refused.discard(channel)
            self._around.sink.refused(channel.instrument, "")
        for channel in added:
            if channel.kind is Kind.BOOK:
                self._books.begin(channel.instrument)
        for channel in removed:
            if channel.kind is Kind.BOOK:
                self._books.end(channel.instrument)

    async def _read(self, socket: BatchConnection) -> None:
        try:
            await self._read_frames(socket)
        except ConnectionClosed as error:
            if error.sent is not None and error.sent.code == TOO_BIG:
                self._counts.bad_frames += 1
            raise

    async def _read_frames(self, socket: BatchConnection) -> None:
        """Read what is quickly read as it comes, and the rest here; one after the other."""
        pacer = ReadPacer(socket.transport, self._around.turns)
        reading = False

        def take(frames: list[bytes]) -> bool:
            if reading or len(frames) > FRAMES_A_TURN or len(max(frames, key=len)) > BIG_FRAME:
                return False
            self._receive(frames, pacer)
            self._read_turn(frames)
            return True

        socket.take = take
        try:
            while True:
                frames = await socket.batch()
                reading = True
                self._receive(frames, pacer)
                for turn in batches(frames, FRAMES_A_TURN):
                    await self._read_slowly(turn)
                reading = False
        finally:
            socket.take = None
            pacer.close()

    def _receive(self, frames: list[bytes], pacer: ReadPacer) -> None:
        now = self._around.clock()
        self.link.heard = now
        self.link.arrived = pacer.received(now, len(frames))
        self._note(frames)

    def _read_turn(self, frames: Sequence[bytes]) -> None:
        decode, hand_on = self._adapter.decode, self._hand_on
        for frame in frames:
            try:
                events = decode(frame)
            except Exception as error:  # only here is the frame known
                self._unread(error, frame)
                continue
            for event in events:
                hand_on(event)

    async def _read_slowly(self, frames: Sequence[bytes]) -> None:
        """Read frames, the big ones in a thread; then others get their turn on the loop."""
        for frame in frames:
            if len(frame) > BIG_FRAME:
                await self._read_big(frame)
            else:
                self._read_turn((frame,))
        await asyncio.sleep(0)

    async def _read_big(self, frame: bytes) -> None:
        try:
            events = await asyncio.to_thread(self._adapter.decode, frame)
        except Exception as error:  # only here is the frame known
            self._unread(error, frame)
            return
        for event in events:
            self._hand_on(event)

    def _note(self, frames: list[bytes]) -> None:
        self._first_due = True
        self._counts.frames += len(frames)
        self._counts.bytes += sum(map(len, frames))
        if self._around.tap is not None:
            for frame in frames:
                self._around.tap.frame(self.link.exchange, self.link.connection, frame)

    def _unread(self, error: Exception, frame: bytes) -> None:
        """Count a bad frame; anything else ends the feed of this exchange and is raised again."""
        if not isinstance(error, BadFrame):
            log.error("%s: on frame %s", self._adapter.name, _shown(frame))
            raise error
        self._count_bad(error, frame)

    def _hand_on(self, event: Event) -> None:
        # By class, which the type checker cannot follow: isinstance costs too much for every event.
        kind = event.__class__
        if kind in CONTROLS:
            self._obey(event)  # type: ignore[arg-type]
            return
        self._counts.events[kind] += 1
        if self._first_due:
            self._on_first(event)  # type: ignore[arg-type]
        if kind is Trade and not self._is_new(event):  # type: ignore[arg-type]
            self._counts.duplicates += 1
            return
        if kind in BOOKS:
            self._apply_book(event)  # type: ignore[arg-type]
        else:
            self._apply(event)  # type: ignore[arg-type]

    def _on_first(self, event: MarketEvent) -> None:
        """The first event of a batch: the connection is well, and this is how late it tells.

        Known from another connection or not: a successor may never be the first to tell.
        """
        self._first_due = False
        self.settled.set()
        self.tell("live")
        told = getattr(event, "time", None)
        if told and not (isinstance(event, Trade) and event.history):
            waited = self._around.clock() - self.link.arrived
            self._figures.delays.append((time.time() - waited) * 1000 - told)

    def _obey(self, event: Control) -> None:
        match event:
            case Welcome():
                self._welcomed.set()
            case Acknowledged():
                self.tell("live")
            case Rejected():
                self._on_rejected(event)
            case Lost():
                self._counts.dropped += event.missed
                self._around.sink.interrupted(event.instruments)
                self._books.hurry()
            case ServerClosing():
                log.info("%s announces: %s", self._adapter.name, event.reason)
                self.renewal.set()

    def _on_rejected(self, event: Rejected) -> None:
        """Ask later if we were hasty, one by one if one channel may have spoilt the others.

        A channel that was refused alone is told, and asked for again much later.
        """
        log.warning("%s rejected: %s (%s)", self._adapter.name, event.text, event.code)
        if event.busy:
            self._speaker.ask_later(event.channels, speaker.BUSY_WAIT)
        elif len(event.channels) > 1:
            self._speaker.ask_singly(event.channels)
        for channel in event.channels if len(event.channels) == 1 and not event.busy else ():
            sentence = tr(
                REFUSALS[channel.kind],
                exchange=self._adapter.title,
                pair=channel.instrument.pair,
                why=event.text[:200],
            )
            self._refused.add(channel)
            self._speaker.ask_later([channel], speaker.REFUSED_WAIT)
            self._around.sink.refused(channel.instrument, sentence)

    def _take_snapshot(self, snapshot: BookSnapshot) -> None:
        """Take a snapshot that came by REST."""
        self.link.arrived = self._around.clock()
        self._apply_book(snapshot)

    def _apply_book(self, event: BookDelta | BookSnapshot) -> None:
        self.link.dial = self._books.number(event.instrument)
        if isinstance(event, BookSnapshot):
            self._books.came(event.instrument)
        self._apply(event)

    def _apply(self, event: MarketEvent) -> None:
        try:
            self._sink_apply(event, self.link)
        except Resync as problem:
            log.info("resync of %s", problem)
            self._counts.resyncs += 1
            self._books.broken(problem.instrument)

    def _count_bad(self, error: BadFrame, frame: bytes) -> None:
        now = self.link.heard
        self._counts.bad_frames += 1
        log.debug("bad frame: %s: %s", error, _shown(frame))
        self._around.doubt({channel.instrument for channel in self._speaker.held})
        recent = [each for each in self._bad_frames if now - each < BAD_FRAMES_WINDOW]
        self._bad_frames = [*recent, now]
        if len(self._bad_frames) > BAD_FRAMES_BORNE:
            raise BadFrame(
                f"over {BAD_FRAMES_BORNE} bad frames in {BAD_FRAMES_WINDOW} s"
            ) from error


def _shown(frame: bytes) -> str:
    return repr(frame[:FRAME_SHOWN])
