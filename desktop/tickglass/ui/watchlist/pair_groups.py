"""Which lines the table has: instruments in order, or under the heading of their pair."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from ...market.instrument import Instrument

Line = Instrument | str  # a row, or the heading of a pair


def grouped(order: Iterable[Instrument]) -> dict[str, list[Instrument]]:
    """Instruments by pair; pairs and instruments in the order in which they first come."""
    groups: dict[str, list[Instrument]] = {}
    for instrument in order:
        groups.setdefault(instrument.pair, []).append(instrument)
    return groups


def lines(
    order: Sequence[Instrument], *, by_pair: bool = False, collapsed: Collection[str] = ()
) -> list[Line]:
    """What the table shows, top to bottom."""
    if not by_pair:
        return list(order)
    shown: list[Line] = []
    for pair, members in grouped(order).items():
        shown.append(pair)
        if pair not in collapsed:
            shown += members
    return shown


def sorted_order(
    own: Sequence[Instrument],
    key: Callable[[Instrument], str | float | None],
    *,
    descending: bool,
) -> list[Instrument]:
    """An order by a key; equal ones stay as they were, and those without a key come last."""
    values = {each: key(each) for each in own}
    keyed = [(value, each) for each, value in values.items() if value is not None]
    keyed.sort(key=_value, reverse=descending)
    return [*(each for _, each in keyed), *(each for each in own if values[each] is None)]


def kept_order(order: Iterable[Instrument], own: Sequence[Instrument]) -> list[Instrument]:
    """An order remembered from before, without what left since and with what came at its end."""
    present = set(own)
    kept = list(dict.fromkeys(each for each in order if each in present))
    known = set(kept)
    return [*kept, *(each for each in own if each not in known)]


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers of a rising sequence as ranges: 2 3 4 8 gives (2, 4) and (8, 8)."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _value(keyed: tuple[str | float, Instrument]) -> str | float:
    return keyed[0]
