"""The courier: takes what fired to the person, in every way that was chosen, and keeps the outcome.

What fires is kept before anybody is told, and with it the ways in which it still has to be told,
so that the next run can go on. Many at once become one message. While everything is muted nothing
is shown, played or sent; what was held back in quiet hours is told as one message at their end.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from ..alerts.alert import Alert
from ..alerts.history import Delivery, Record
from ..alerts.watch import Fired
from ..language import tr
from ..market.instrument import Instrument
from .desktop import Action, Notifier
from .held import Held, about, from_record, together
from .message import Message, sounds_like
from .remote import Remote
from .sound import Sounds

log = logging.getLogger(__name__)

SINGLY = 3  # so many bubbles within BURST; what comes beyond is gathered
BURST = 3_000  # ms
GATHERING = 1.5  # s
MOST_HELD = 1_000  # in quiet hours
SNOOZE = 15 * 60_000  # ms, from the bubble's button
MUTE = 60 * 60_000
DESKTOP, TRAY, SOUND, WINDOW, HELD = "desktop", "tray", "sound", "window", "held back"


class Ledger(Protocol):
    """Where what fired, and how it was told, is kept."""

    async def add(self, fired: Fired, title: str, body: str) -> int:
        """Keep what fired; its number."""

    async def told(self, number: int, delivery: Delivery) -> None:
        """Keep how a record was told."""


class Surface(Protocol):
    """What the courier asks of the windows."""

    def show_record(self, record: Record) -> None:
        """Something fired, or something became of telling it."""

    def open_chart(self, instrument: Instrument, time: int) -> None:
        """Show the chart of a moment, ms UTC."""

    def snooze(self, alert: Alert, until: int) -> None:
        """Let an alert be silent until a time, and then ring again."""

    def mute(self, until: int) -> None:
        """Let everything be silent until a time."""

    def call_attention(self) -> None:
        """Let the taskbar and the icon show that something happened."""

    def tray_message(self, title: str, body: str) -> bool:
        """The tray's own message, where nothing better is to be had; whether there is a tray."""


class Ways(NamedTuple):
    """What is switched on now. ``silent_until``: the end of muting, ``quiet_until`` of the quiet
    hours that it is now, both ms UTC or None. ``everything``: the addresses that get every alert.
    """

    notifications: bool = True
    sound: bool = True
    attention: bool = True
    silent_until: int | None = None
    quiet_until: int | None = None
    everything: tuple[str, ...] = ()


class Courier:
    """Takes what fired to the person. ``now`` is the time, ms UTC; ``sleep`` waits so many s."""

    def __init__(
        self,
        ledger: Ledger,
        notifier: Notifier,
        sounds: Sounds,
        remote: Remote,
        surface: Surface,
        ways: Callable[[], Ways],
        describe: Callable[[Fired], Message],
        spawn: Callable[..., object],
        now: Callable[[], int],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._ledger = ledger
        self._notifier = notifier
        self._sounds = sounds
        self._remote = remote
        self._surface = surface
        self._ways = ways
        self._describe = describe
        self._spawn = spawn
        self._now = now
        self._sleep = sleep
        self._first: int | None = None  # the number of the first record of this run
        self._shown: list[int] = []  # when the last bubbles were shown
        self._gathered: list[Held] = []
        self._quiet: list[Held] = []

    def take(self, found: Iterable[Fired]) -> None:
        """Tell the person of what fired just now."""
        for fired in found:
            log.info("alert %s fired: %s at %s", fired.alert.id, fired.instrument, fired.price)
            self._spawn(self._tell(Held(fired, self._describe(fired))), "telling an alert")

    async def resume(self, name: str, records: Sequence[Record]) -> None:
        """Go on sending to an address what an earlier run could not; many become one message."""
        held = [
            self._earlier_one(each) for each in self._earlier(records) if not _is_held_back(each)
        ]
        if len(held) > SINGLY:
            message = together(held, late=True)
            self._spawn(self._send(held, name, message), f"sending to {name}")
            return
        for each in held:
            self._spawn(self._send([each], name, each.message), f"sending to {name}")

    async def resume_held(self, records: Sequence[Record]) -> None:
        """What an earlier run held back: told as soon as it is no quiet hour (any more)."""
        for record in self._earlier(records):
            await self._hold(self._earlier_one(record))

    def end_quiet(self) -> None:
        """If the quiet hours are over, tell what was held back in them."""
        if self._quiet and self._ways().quiet_until is None:
            held, self._quiet = self._quiet, []
            self._spawn(self._tell_held(held), "after the quiet hours")

    # ------------------------------------------------------------ inside

    async def _tell(self, held: Held) -> None:
        fired, message = held.fired, held.message
        held.number = await self._ledger.add(fired, message.title, message.body)
        if self._first is None and held.number:
            self._first = held.number
        self._surface.show_record(held.record)
        ways = self._ways()
        held.names = tuple(dict.fromkeys((*fired.alert.send_to, *ways.everything)))
        if ways.silent_until is not None:
            await self._note_muted([held])
        elif ways.quiet_until is not None and not fired.alert.urgent:
            held.message = self._told_later(held)
            for name in held.names:
                await self._note(held, name, None, tr("quiet hours"))
            await self._note(held, HELD, None, tr("quiet hours"))
            await self._hold(held)
        else:
            for name in held.names:
                await self._note(held, name, None, tr("being sent"))
            if self._is_burst():
                self._gather(held)
            else:
                await self._tell_all([held])

    def _earlier(self, records: Iterable[Record]) -> list[Record]:
        """Those that are not of this run: these are on their way already."""
        return [each for each in records if self._first is None or each.id < self._first]

    def _earlier_one(self, record: Record) -> Held:
        held = from_record(record)
        held.message = self._told_later(held)
        return held

    def _told_later(self, held: Held) -> Message:
        """The same words, and when it was."""
        again = self._describe(replace(held.fired, late=True))
        return held.message._replace(body=again.body, up=again.up)

    async def _hold(self, held: Held) -> None:
        self._quiet.append(held)
        if len(self._quiet) > MOST_HELD:
            too_many = self._quiet.pop(0)
            await self._settle(too_many, False, tr("too many were held back"))

    def _is_burst(self) -> bool:
        """Whether there were enough bubbles just now."""
        now = self._now()
        self._shown = [each for each in self._shown if now - each < BURST]
        if self._gathered or len(self._shown) >= SINGLY:
            return True
        self._shown.append(now)
        return False

    def _gather(self, held: Held) -> None:
        self._gathered.append(held)
        if len(self._gathered) == 1:
            self._spawn(self._tell_gathered(), "gathering alerts")

    async def _tell_gathered(self) -> None:
        await self._sleep(GATHERING)
        gathered, self._gathered = self._gathered, []
        await self._tell_all(gathered)

    async def _tell_held(self, held: Sequence[Held]) -> None:
        if await self._tell_all(held, late=True):
            await self._note_all(held, HELD, True, tr("until the end of the quiet hours"))

    async def _tell_all(self, held: Sequence[Held], late: bool = False) -> bool:
        """Tell of one alert, or of many as one, here and wherever they are sent; whether it was."""
        ways = self._ways()
        if ways.silent_until is not None:
            await self._note_muted(held)
            return False
        late = late or all(each.fired.late for each in held)
        for name in dict.fromkeys(name for each in held for name in each.names):
            mine = [each for each in held if name in each.names]
            self._spawn(self._send(mine, name, together(mine, late)), f"sending to {name}")
        await self._show(held, together(held, late), ways)
        return True

    async def _show(self, held: Sequence[Held], message: Message, ways: Ways) -> None:
        """Bubble, sound and taskbar, for one alert or many; all of them before any is noted."""
        sounds = [sounds_like(each.fired.alert, message.up) for each in held]
        sound = next(filter(None, sounds), "")
        if ways.attention:
            self._surface.call_attention()
        if ways.sound and sound:
            self._spawn(self._play(held, sound), "alert sound")
        if ways.notifications:
            way, problem = await self._bubble(held, message)
            await self._note_all(held, way, not problem, problem)
        if ways.attention:
            await self._note_all(held, WINDOW, True, "")

    async def _bubble(self, held: Sequence[Held], message: Message) -> tuple[str, str]:
        """The way in which a message was shown, and a sentence if it was not."""
        urgent = any(each.fired.alert.urgent for each in held)
        if await self._notifier.show(message, self._actions(held), urgent, about(held)):
            return DESKTOP, ""
        if self._surface.tray_message(message.title, message.body):
            return TRAY, ""
        return DESKTOP, tr("Nothing on this desktop shows notifications.")

    def _actions(self, held: Sequence[Held]) -> list[Action]:
        fired = held[0].fired
        surface = self._surface
        alerts = {each.fired.alert.id: each.fired.alert for each in held}

        def snooze() -> None:
            for alert in alerts.values():
                surface.snooze(alert, self._now() + SNOOZE)

        return [
            Action("chart", tr("Open chart"),
                   lambda: surface.open_chart(fired.instrument, fired.time)),
            Action("snooze", tr("Snooze"), snooze),
            Action("mute", tr("Mute for an hour"), lambda: surface.mute(self._now() + MUTE)),
        ]  # fmt: skip

    async def _play(self, held: Sequence[Held], name: str) -> None:
        worked, detail = await self._sounds.play(name)
        await self._note_all(held, SOUND, worked, detail)

    async def _send(self, held: Sequence[Held], name: str, message: Message) -> None:
        def outcome(worked: bool | None, detail: str) -> None:
            self._spawn(self._note_all(held, name, worked, detail), "outcome of an alert")

        urgent = any(each.fired.alert.urgent for each in held)
        await self._remote.deliver(name, message, outcome, lambda: self._is_silent(urgent))

    def _is_silent(self, urgent: bool) -> bool:
        """Whether nothing is to be heard now: the first attempt was before that."""
        ways = self._ways()
        return ways.silent_until is not None or (ways.quiet_until is not None and not urgent)

    async def _note_muted(self, held: Iterable[Held]) -> None:
        for each in held:
            await self._settle(each, True, tr("everything was muted"))

    async def _settle(self, held: Held, worked: bool, detail: str) -> None:
        """It is not going to be told any more; what was still to be sent is not."""
        await self._note(held, HELD, worked, detail)
        for name in held.names:
            if name in held.deliveries:
                await self._note(held, name, False, detail)

    async def _note_all(
        self, held: Iterable[Held], way: str, worked: bool | None, detail: str
    ) -> None:
        for each in held:
            await self._note(each, way, worked, detail)

    async def _note(self, held: Held, way: str, worked: bool | None, detail: str) -> None:
        delivery = Delivery(way, worked, detail, self._now())
        held.deliveries[way] = delivery
        await self._ledger.told(held.number, delivery)
        self._surface.show_record(held.record)


def _is_held_back(record: Record) -> bool:
    return any(each.way == HELD and each.worked is None for each in record.deliveries)
