"""A watchlist: the instruments that a person follows, in their order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from .instrument import Instrument


@dataclass(slots=True)
class Watchlist:
    """A named list of instruments in the person's order, and how it is looked at.

    ``columns`` are those shown, left to right, by name; empty for the usual ones. ``grouped`` puts
    the same pair of several exchanges together.
    """

    name: str
    instruments: list[Instrument] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    grouped: bool = False

    def copy(self) -> Watchlist:
        """The same list, of which neither notices a change of the other."""
        return Watchlist(self.name, list(self.instruments), list(self.columns), self.grouped)

    def insert(self, position: int, instruments: Iterable[Instrument]) -> list[Instrument]:
        """Put in what is not in it yet; those that were put in, in their order."""
        held = set(self.instruments)
        new = [each for each in dict.fromkeys(instruments) if each not in held]
        self.instruments[position:position] = new
        return new

    def remove(self, instruments: Collection[Instrument]) -> list[tuple[int, Instrument]]:
        """Take instruments out; where each of them stood, from the top, for ``put_back``."""
        gone = set(instruments)
        places = [(place, each) for place, each in enumerate(self.instruments) if each in gone]
        self.instruments = [each for each in self.instruments if each not in gone]
        return places

    def put_back(self, places: Iterable[tuple[int, Instrument]]) -> None:
        """Undo ``remove``; what is back already stays where it is."""
        for place, instrument in places:
            self.insert(min(place, len(self.instruments)), [instrument])


def moved(
    order: Iterable[Instrument], instruments: Collection[Instrument], before: Instrument | None
) -> list[Instrument]:
    """An order with some put together before another; None, or one of themselves, is explained.

    ``before`` None is the end. If it is one of those that move, they stand before the next one that
    stays.
    """
    all_of_them = list(order)
    going = set(instruments)
    taken = [each for each in all_of_them if each in going]
    staying = [each for each in all_of_them if each not in going]
    while before is not None and before in going:
        following = all_of_them.index(before) + 1
        before = all_of_them[following] if following < len(all_of_them) else None
    place = len(staying) if before is None else staying.index(before)
    return [*staying[:place], *taken, *staying[place:]]


def united(lists: Iterable[Watchlist]) -> list[Instrument]:
    """Every instrument of some lists once, in the order in which they come."""
    return list(dict.fromkeys(each for watchlist in lists for each in watchlist.instruments))
