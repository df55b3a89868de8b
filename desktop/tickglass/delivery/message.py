"""An alert in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..alerts.alert import Condition
from ..alerts.engine import Fired
from ..language import mark, tr
from ..market.number import plain

TITLES = {
    Condition.CROSSES: mark("{pair} crossed {price}"),
    Condition.CROSSES_UP: mark("{pair} crossed up through {price}"),
    Condition.CROSSES_DOWN: mark("{pair} crossed down through {price}"),
}


class Message(NamedTuple):
    """A title of a few words and one line under it. Plain text: nothing in it is markup."""

    title: str
    body: str


def describe(
    fired: Fired, title: str, number: Callable[[float], str] = lambda price: plain(price, ",")
) -> Message:
    """What to tell the person of an alert that has fired.

    ``title`` is the exchange's name; ``number`` writes a price.
    """
    alert = fired.alert
    return Message(
        tr(TITLES[alert.condition], pair=alert.instrument.pair, price=number(alert.value)),
        tr("{price} on {exchange}", price=number(fired.price), exchange=title),
    )
