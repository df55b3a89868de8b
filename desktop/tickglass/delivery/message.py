"""An alert in words, for people: plain text, nothing in it is markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ..alerts.alert import Alert
from ..alerts.condition import Kind
from ..alerts.watch import Fired
from ..alerts.wording import elsewhere_text, told_text, wait_text
from ..language import tr, trn
from ..market.instrument import Instrument
from ..market.number import plain

LONGEST_TITLE, LONGEST_BODY = 200, 1_000  # characters
LINES_IN_DIGEST = 8
# Signs that some service or notification server reads as markup or as a call to people, and the
# same in full width, which none does (Unicode, Halfwidth and Fullwidth Forms).
HARMLESS = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in "@<>&*_~`|[]\\#"})
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
UP_KINDS = (Kind.ABOVE, Kind.CROSSES_UP, Kind.MOVES_UP, Kind.DAY_ABOVE, Kind.TRAILS_LOW,
            Kind.NEW_HIGH)  # fmt: skip
DOWN_KINDS = (Kind.BELOW, Kind.CROSSES_DOWN, Kind.MOVES_DOWN, Kind.DAY_BELOW, Kind.TRAILS_HIGH,
              Kind.NEW_LOW)  # fmt: skip
PLACEHOLDERS = ("pair", "exchange", "price", "condition", "time", "base", "quote", "alert", "value")
MEASURED_DIGITS = 6  # of what a condition measured; more of them are the noise of floats

Number = Callable[[float], str]
Clock = Callable[[int], str]  # a time in ms UTC as people read it


class Message(NamedTuple):
    """A title of a few words and what stands under it. ``up``: None where there is no direction."""

    title: str
    body: str
    up: bool | None = None


def describe(
    fired: Fired,
    title: str,
    number: Number = lambda price: plain(price, ","),
    clock: Clock = str,
    price: Number | None = None,
) -> Message:
    """What to tell the person of an alert that has fired.

    ``title`` is the exchange's name; ``number`` writes what was asked for, ``price`` what the
    market said, ``clock`` a time.
    """
    write = price or number
    if fired.alert.message:
        told = written(fired.alert.message, placeholders(fired, title, number, clock, write))
    else:
        told = told_text(fired.alert, harmless(fired.instrument), number, number)
    where = title
    if fired.price is not None:
        where = tr("{price} on {exchange}", price=write(fired.price), exchange=title)
    if fired.late:
        told = tr("While you were away: {what}", what=told)
        where = tr("at {time}: {where}", time=clock(fired.time), where=where)
        if fired.alert.confirm:  # the past is that of its own exchange alone
            other = elsewhere_text(fired.alert.confirm)
            where = tr("{where}, not confirmed by {exchange}", where=where, exchange=other)
    return Message(one_line(told)[:LONGEST_TITLE], one_line(where)[:LONGEST_BODY], _up(fired))


def placeholders(
    fired: Fired, title: str, number: Number, clock: Clock, price: Number
) -> dict[str, str]:
    """What a message may name, by its placeholder."""
    at = harmless(fired.instrument)
    return {
        "pair": at.pair, "base": at.base, "quote": at.quote_ccy, "exchange": title,
        "price": "" if fired.price is None else price(fired.price),
        "time": clock(fired.time), "alert": fired.alert.id,
        "condition": wait_text(fired.alert.first, number, number),
        "value": "" if fired.value is None else number(float(f"{fired.value:.{MEASURED_DIGITS}g}")),
    }  # fmt: skip


def harmless(instrument: Instrument) -> Instrument:
    """An instrument for people to read: nothing that an exchange put into its name is markup."""
    base, quote = (each.translate(HARMLESS) for each in (instrument.base, instrument.quote_ccy))
    return instrument._replace(base=base, quote_ccy=quote)


def written(template: str, values: Mapping[str, str]) -> str:
    """A template with its named placeholders filled in; unknown ones stay as they are.

    Only whole names are replaced, once: neither attributes nor formats nor what a value holds.
    """
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)


def digest(messages: Sequence[Message], late: bool = False) -> Message:
    """Many messages as one; it goes up or down if all of them do."""
    count = len(messages)
    ups = {each.up for each in messages}
    title = (
        trn("While you were away, {count} alert fired", "While you were away, {count} alerts fired",
            count)
        if late
        else trn("{count} alert fired", "{count} alerts fired", count)
    )  # fmt: skip
    lines = [f"{each.title} ({each.body})" for each in messages[:LINES_IN_DIGEST]]
    if count > LINES_IN_DIGEST:
        left = count - LINES_IN_DIGEST
        lines.append(trn("and {count} more", "and {count} more", left))
    return Message(title, "\n".join(lines)[:LONGEST_BODY], ups.pop() if len(ups) == 1 else None)


def one_line(text: str) -> str:
    """Text from outside without line breaks, control characters and changes of direction."""
    return "".join(each for each in " ".join(text.split()) if unicodedata.category(each)[0] != "C")


def _up(fired: Fired) -> bool | None:
    kind = fired.alert.kind
    if kind in UP_KINDS:
        return True
    if kind in DOWN_KINDS:
        return False
    level = fired.alert.level
    if level is not None and kind is Kind.CROSSES and fired.price is not None:
        return fired.price >= level
    return None


def sounds_like(alert: Alert, up: bool | None) -> str:
    """Which sound an alert makes: its own choice, or by the direction; "" for none."""
    if alert.sound == "none":
        return ""
    if alert.sound in ("up", "down"):
        return alert.sound
    return "down" if up is False else "up"
