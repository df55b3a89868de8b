"""An alert in words."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from ..alerts.alert import Condition
from ..alerts.engine import Fired

VERBS = {
    Condition.CROSSES: "crossed",
    Condition.CROSSES_UP: "crossed up through",
    Condition.CROSSES_DOWN: "crossed down through",
}


class Message(NamedTuple):
    """A title of a few words and one line under it. Plain text: nothing in it is markup."""

    title: str
    body: str


def describe(fired: Fired) -> Message:
    """What to tell the person of an alert that has fired."""
    alert = fired.alert
    level = _plain(alert.value)
    return Message(
        f"{alert.instrument.pair} {VERBS[alert.condition]} {level}",
        f"{_plain(fired.price)} on {alert.instrument.exchange}",
    )


def _plain(value: float) -> str:
    text = f"{Decimal(repr(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
