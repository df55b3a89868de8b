"""An alert in words."""

from __future__ import annotations

from typing import NamedTuple

from ..alerts.alert import Condition
from ..alerts.engine import Fired
from ..market.number import plain

VERBS = {
    Condition.CROSSES: "crossed",
    Condition.CROSSES_UP: "crossed up through",
    Condition.CROSSES_DOWN: "crossed down through",
}


class Message(NamedTuple):
    """A title of a few words and one line under it. Plain text: nothing in it is markup."""

    title: str
    body: str


def describe(fired: Fired, title: str) -> Message:
    """What to tell the person of an alert that has fired; ``title`` is the exchange's name."""
    alert = fired.alert
    level = plain(alert.value, ",")
    return Message(
        f"{alert.instrument.pair} {VERBS[alert.condition]} {level}",
        f"{plain(fired.price, ',')} on {title}",
    )
