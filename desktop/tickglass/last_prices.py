"""The last price of every watched instrument with its time, kept across starts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, NamedTuple

from .errors import TickglassError
from .market.instrument import Instrument
from .market.store import Store

VERSION = 1
MOST = 5_000


class Kept(NamedTuple):
    """A price and when it was true, ms UTC."""

    price: float
    time: int


def dump(store: Store, instruments: Iterable[Instrument]) -> str:
    """The last prices of these instruments as JSON."""
    prices = {}
    for instrument in list(instruments)[:MOST]:
        state = store.states.get(instrument)
        if state is not None and state.last is not None and state.time is not None:
            prices[str(instrument)] = [state.last, state.time]
    return json.dumps({"version": VERSION, "prices": prices}, indent=1) + "\n"


def load(document: Mapping[str, Any]) -> dict[Instrument, Kept]:
    """What was dumped; rubbish is passed over."""
    rows = document.get("prices")
    found: dict[Instrument, Kept] = {}
    for name, row in rows.items() if isinstance(rows, Mapping) else ():
        kept = _kept(row)
        if kept is None or len(found) >= MOST:
            continue
        try:
            found[Instrument.parse(str(name))] = kept
        except TickglassError:
            continue
    return found


def _kept(row: object) -> Kept | None:
    if not isinstance(row, list) or len(row) != 2:
        return None
    price, time = row
    numbers = isinstance(price, int | float) and type(time) is int and type(price) is not bool
    if not numbers or not isfinite(price) or price <= 0 or time <= 0:
        return None
    return Kept(float(price), time)
