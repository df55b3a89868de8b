"""The courier: takes what fired to the person, in every way that was chosen, and keeps the outcome.

What fires is kept before anybody is told. Many at once become one message. While everything is
muted, or in quiet hours, nothing is shown or played; what was held back in quiet hours is told as
one message at their end.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from ..alerts.alert import Alert
from ..alerts.history import Delivery, Record
from ..alerts.watch import Fired
from ..language import tr
from ..market.instrument import Instrument
from .desktop import Action, Notifier
from .message import Message, digest, sounds_like
from .remote import Remote
from .sound import Sounds

log = logging.getLogger(__name__)

SINGLY = 3  # so many bubbles within BURST; what comes beyond is gathered
BURST = 3_000  # ms
GATHERING = 1.5  # s
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
    hours that it is now, both ms UTC or None.
    """

    notifications: bool = True
    sound: bool = True
    attention: bool = True
    silent_until: int | None = None
    quiet_until: int | None = None


@dataclass(slots=True)
class Held:
    """What fired, as it is told. ``record`` grows with what became of telling it."""

    fired: Fired
    message: Message
    number: int = 0
    deliveries: dict[str, Delivery] = field(default_factory=dict)

    @property
    def record(self) -> Record:
        """As the history has it."""
        fired = self.fired
        told = tuple(self.deliveries.values())
        return Record(
            self.number, fired.alert.id, fired.instrument, {}, fired.price, fired.value,
            fired.time, fired.seen, fired.late, self.message.title, self.message.body, told,
        )  # fmt: skip


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
        self._shown: list[int] = []  # when the last bubbles were shown
        self._gathered: list[Held] = []
        self._quiet: list[Held] = []

    def take(self, found: Iterable[Fired]) -> None:
        """Tell the person of what fired just now."""
        for fired in found:
            log.info("alert %s fired: %s at %s", fired.alert.id, fired.instrument, fired.price)
            self._spawn(self._tell(Held(fired, self._describe(fired))), "telling an alert")

    async def resume(self, name: str, records: Sequence[Record]) -> None:
        """Go on sending to an address what an earlier run could not."""
        for record in records:
            message = Message(record.title, record.body)
            self._spawn(self._send_again(name, record, message), f"sending to {name}")

    async def resume_held(self, records: Sequence[Record]) -> None:
        """What an earlier run held back in quiet hours: told now, as one."""
        if not records:
            return
        messages = [Message(each.title, each.body) for each in records]
        together = messages[0] if len(messages) == 1 else digest(messages, late=True)
        first = records[0]
        chart = Action("chart", tr("Open chart"),
                       lambda: self._surface.open_chart(first.instrument, first.time))  # fmt: skip
        shown = await self._notifier.show(together, [chart])
        shown = shown or self._surface.tray_message(together.title, together.body)
        detail = tr("told at the next start")
        for record in records:
            await self._ledger.told(record.id, Delivery(HELD, shown, detail, self._now()))

    def end_quiet(self) -> None:
        """If the quiet hours are over, tell what was held back in them."""
        if self._quiet and self._ways().quiet_until is None:
            held, self._quiet = self._quiet, []
            self._spawn(self._tell_together(held), "after the quiet hours")

    # ------------------------------------------------------------ inside

    async def _tell(self, held: Held) -> None:
        fired, message = held.fired, held.message
        held.number = await self._ledger.add(fired, message.title, message.body)
        self._surface.show_record(held.record)
        ways = self._ways()
        if ways.silent_until is not None:
            await self._note(held, HELD, True, tr("everything was muted"))
            return
        if ways.quiet_until is not None and not fired.alert.urgent:
            await self._note(held, HELD, None, tr("quiet hours"))
            self._quiet.append(held)
            return
        for name in fired.alert.send_to:
            self._spawn(self._send(held, name), f"sending to {name}")
        if self._is_burst():
            self._gather(held)
        else:
            await self._show([held], held.message, ways)

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
        await self._show_together(gathered)

    async def _tell_together(self, held: Sequence[Held]) -> None:
        """What was held back: at the addresses one by one, here as one."""
        for each in held:
            await self._note(each, HELD, True, tr("until the end of the quiet hours"))
            for name in each.fired.alert.send_to:
                self._spawn(self._send(each, name), f"sending to {name}")
        await self._show_together(held)

    async def _show_together(self, held: Sequence[Held]) -> None:
        late = all(each.fired.late for each in held)
        messages = [each.message for each in held]
        await self._show(
            held, messages[0] if len(messages) == 1 else digest(messages, late), self._ways()
        )

    async def _show(self, held: Sequence[Held], message: Message, ways: Ways) -> None:
        """Bubble, sound and taskbar, for one alert or many."""
        if ways.attention:
            self._surface.call_attention()
            await self._note_all(held, WINDOW, True, "")
        name = sounds_like(held[0].fired.alert, message.up)
        if ways.sound and name:
            self._spawn(self._play(held, name), "alert sound")
        if not ways.notifications:
            return
        urgent = any(each.fired.alert.urgent for each in held)
        if await self._notifier.show(message, self._actions(held), urgent):
            await self._note_all(held, DESKTOP, True, "")
        elif self._surface.tray_message(message.title, message.body):
            await self._note_all(held, TRAY, True, "")
        else:
            sentence = tr("Nothing on this desktop shows notifications.")
            await self._note_all(held, DESKTOP, False, sentence)

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

    async def _send(self, held: Held, name: str) -> None:
        await self._note(held, name, None, tr("being sent"))

        def outcome(worked: bool | None, detail: str) -> None:
            self._spawn(self._note(held, name, worked, detail), "outcome of an alert")

        await self._remote.deliver(name, held.message, outcome)

    async def _send_again(self, name: str, record: Record, message: Message) -> None:
        async def note(worked: bool | None, detail: str) -> None:
            await self._ledger.told(record.id, Delivery(name, worked, detail, self._now()))

        def outcome(worked: bool | None, detail: str) -> None:
            self._spawn(note(worked, detail), "outcome of an alert")

        await self._remote.deliver(name, message, outcome)

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
