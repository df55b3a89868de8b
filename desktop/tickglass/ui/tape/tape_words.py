"""What the tape says: times, sizes that a person typed, deltas, and rows as text."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo

from ...language import tr, trn
from ...market.number import plain
from ...market.tape import Print, Tape, Unit
from .. import formats
from ..formats import date_text, number_text
from ..text import MINUS, NOTHING, amount_text, exchange_title, read_price

CLOCK, WHOLE = "%H:%M:%S", "%Y-%m-%d %H:%M:%S"
MULTIPLES = {"K": 1e3, "M": 1e6, "B": 1e9}
SHORTEST_NAME = 3  # letters of an exchange
SIGNIFICANT = 12  # figures of a copied average
MS = 1_000


def clock_text(
    ms: int, form: str = CLOCK, *, millis: bool = True, zone: tzinfo | None = None
) -> str:
    """A time of day in a zone (None: here), to the millisecond."""
    seconds = ms // MS
    try:
        # The first costs a third of the second.
        text = (
            time.strftime(form, time.localtime(seconds))
            if zone is None
            else datetime.fromtimestamp(seconds, zone).strftime(form)
        )
    except (OverflowError, OSError, ValueError):
        return NOTHING
    return f"{text}.{ms % MS:03d}" if millis else text


def since_text(since: int, now_ms: int, zone: tzinfo | None = None) -> str:
    """When the count began: 14:02, with its date if that was another day."""
    try:
        begun, now = (datetime.fromtimestamp(each / MS, zone) for each in (since, now_ms))
    except (OverflowError, OSError, ValueError):
        return NOTHING
    clock = formats.clock_text(begun)
    return clock if begun.date() == now.date() else f"{date_text(begun.date())} {clock}"


def signed_amount(amount: float) -> str:
    """+12.3, −4.50, 0.00."""
    return ("+" if amount > 0 else MINUS if amount < 0 else "") + amount_text(abs(amount))


def delta_text(
    tape: Tape | None,
    currency: str,
    window: int,
    now_ms: int,
    unit: Unit = "base",
    zone: tzinfo | None = None,
) -> str:
    """Δ +12.3 · Σ −4.50 BTC since 14:02; the window in seconds."""
    since = None if tape is None else tape.since
    if tape is None or since is None:
        return f"Δ {NOTHING} · Σ {NOTHING}"
    net, total = signed_amount(tape.delta(window, now_ms, unit)), signed_amount(tape.total(unit))
    begun = since_text(since, now_ms, zone)
    short = since > now_ms - window * MS
    first = tr("Δ {net} so far", net=net) if short else f"Δ {net}"
    if tape.broken_at is None:
        second = tr("Σ {total} {currency} since {time}", total=total, currency=currency, time=begun)
    else:
        second = tr(
            "Σ {total} {currency} since {time}, after a gap",
            total=total, currency=currency, time=begun,
        )  # fmt: skip
    return f"{first} · {second}"


def held_text(waiting: int, *, scrolled: bool) -> str:
    """That the tape is held still, and how many rows came meanwhile."""
    count = number_text(waiting, 0)
    if not scrolled:
        return trn("Paused, {number} new", "Paused, {number} new", waiting, number=count)
    return trn("Scrolled back, {number} new", "Scrolled back, {number} new", waiting, number=count)


def read_size(text: str) -> float | None:
    """A size that a person typed: 0.5, 10,000, 10k, 2.5 M; None if it cannot be one."""
    plain_text = text.strip()
    factor = MULTIPLES.get(plain_text[-1:].upper())
    number = plain_text[:-1] if factor else plain_text
    if number.strip() and not number.strip(" 0.,"):
        return 0.0
    size = read_price(number)
    found = None if size is None else size * (factor or 1.0)
    return found if found is not None and math.isfinite(found) else None


def saved_size(value: object) -> float | None:
    """A size out of saved state, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        size = float(value)
    except OverflowError:
        return None
    return size if math.isfinite(size) and size >= 0 else None


def short_names(exchanges: Iterable[str], titles: Mapping[str, str]) -> dict[str, str]:
    """The first letters of each exchange, as many as tell them apart."""
    names = {each: exchange_title(titles, each) for each in exchanges}
    length = SHORTEST_NAME
    while len({name[:length] for name in names.values()}) < len(set(names.values())):
        length += 1
    return {each: name[:length] for each, name in names.items()}


def copied(rows: Iterable[Print], titles: Mapping[str, str], zone: tzinfo | None = None) -> str:
    """Rows as text, a line each, with tabs between: time, exchange, pair, side, price, size."""
    return "\n".join(
        "\t".join(
            (
                clock_text(row.time, WHOLE, zone=zone),
                exchange_title(titles, row.instrument.exchange),
                row.instrument.pair,
                row.side,
                plain(float(f"{row.price:.{SIGNIFICANT}g}")),
                plain(float(f"{row.size:.{SIGNIFICANT}g}")),
            )
        )
        for row in rows
    )
