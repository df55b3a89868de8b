"""What fired, while it is told; and records of an earlier run, to be told on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..alerts.alert import Alert
from ..alerts.condition import Kind, PriceLevel
from ..alerts.history import Delivery, Record
from ..alerts.rows import read_alert
from ..alerts.watch import Fired
from ..errors import TickglassError
from .message import Message, digest
from .remote import OWN_WAYS

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Held:
    """What fired, as it is told; ``record`` grows with what became of that.

    ``names`` are the addresses that it goes to.
    """

    fired: Fired
    message: Message
    number: int = 0
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def record(self) -> Record:
        """As the history has it."""
        fired = self.fired
        told = tuple(self.deliveries.values())
        return Record(
            self.number, fired.alert.id, fired.instrument, {}, fired.price, fired.value,
            fired.time, fired.seen, fired.late, self.message.title, self.message.body, told,
        )  # fmt: skip


def from_record(record: Record) -> Held:
    """What fired in an earlier run; its names are those that it still has to be sent to."""
    try:
        alert = read_alert(record.rule)
    except (TickglassError, ValueError, TypeError) as error:
        log.warning("the rule of record %s cannot be read: %s", record.id, error)
        alert = _unknown(record)
    fired = Fired(
        alert, record.instrument, record.price, record.time, record.seen, record.late, record.value
    )
    told = {each.way: each for each in record.deliveries}
    names = tuple(way for way, each in told.items() if way not in OWN_WAYS and each.worked is None)
    return Held(fired, Message(record.title, record.body), record.id, told, names)


def together(held: Sequence[Held], late: bool) -> Message:
    """One message for what fired."""
    messages = [each.message for each in held]
    return messages[0] if len(messages) == 1 else digest(messages, late)


def about(held: Sequence[Held]) -> str:
    """One alert that fires again and again on a pair has one bubble, and not ten."""
    fired = held[0].fired
    return f"{fired.alert.id} {fired.instrument}" if len(held) == 1 else ""


def _unknown(record: Record) -> Alert:
    """In place of a rule that cannot be read: what fired is told all the same."""
    return Alert(record.alert, record.instrument, (PriceLevel(Kind.CROSSES, 1.0),))
