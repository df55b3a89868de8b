"""The lists themselves, without a screen: adding, closing, moving rows from one to another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from ...language import tr
from ...market.instrument import Instrument
from ...market.watchlist import Watchlist, united

MOST = 200  # lists
FIRST_NAME = "Majors"

Places = list[tuple[int, Instrument]]


class Lists:
    """Several named lists, of which one is active. There is always at least one."""

    def __init__(self) -> None:
        self._lists = [Watchlist(FIRST_NAME)]
        self.active = 0

    def __len__(self) -> int:
        return len(self._lists)

    def __iter__(self) -> Iterator[Watchlist]:
        return iter(self._lists)

    def __getitem__(self, place: int) -> Watchlist:
        return self._lists[place]

    @property
    def current(self) -> Watchlist:
        """The active list."""
        return self._lists[self.active]

    @property
    def instruments(self) -> list[Instrument]:
        """Every instrument of every list, once."""
        return united(self._lists)

    @property
    def names(self) -> list[str]:
        """What the lists are called."""
        return [each.name for each in self._lists]

    def copies(self) -> list[Watchlist]:
        """The lists as they are now."""
        return [each.copy() for each in self._lists]

    def load(self, lists: Sequence[Watchlist]) -> None:
        """Take other lists; the active one stays so as far as there is one in its place."""
        self._lists = [each.copy() for each in lists] or [Watchlist(FIRST_NAME)]
        self.active = min(self.active, len(self._lists) - 1)

    def add(self, watchlist: Watchlist, place: int | None = None) -> int:
        """Put in a list, at the end unless told where; where it stands now."""
        at = len(self._lists) if place is None else min(place, len(self._lists))
        self._lists.insert(at, watchlist)
        if at <= self.active:
            self.active += 1
        return at

    def close(self, place: int) -> Watchlist:
        """Take a list out; it is the caller's to keep. The last one stays, without its rows."""
        gone = self._lists.pop(place)
        if not self._lists:
            self._lists.append(Watchlist(gone.name))
        if place < self.active or self.active == len(self._lists):
            self.active = max(0, self.active - 1)
        return gone

    def shift(self, place: int, to: int) -> None:
        """Move a list to another place; the active one stays active."""
        active = self.current
        self._lists.insert(to, self._lists.pop(place))
        self.active = next(n for n, each in enumerate(self._lists) if each is active)

    def place_of(self, watchlist: Watchlist) -> int | None:
        """Where a list stands; None if it was closed."""
        return next((n for n, each in enumerate(self._lists) if each is watchlist), None)

    def holding(self, instrument: Instrument) -> int | None:
        """Which list has an instrument: the active one if it does, else the first."""
        order = [self.active, *range(len(self._lists))]
        return next((n for n in order if instrument in self._lists[n].instruments), None)

    def send(
        self, instruments: Collection[Instrument], target: Watchlist, *, copied: bool
    ) -> tuple[Places, list[Instrument]]:
        """Move rows of the active list to another; what left where, and what is new there."""
        new = target.insert(len(target.instruments), instruments)
        left = [] if copied else self.current.remove(instruments)
        return left, new

    def free_name(self, wish: str = "") -> str:
        """A name that no list has, as close to a wish as can be."""
        taken = set(self.names)
        if wish and wish not in taken:
            return wish
        tries = range(2, MOST + len(taken) + 2)
        named = (tr("{name} {number}", name=wish or tr("List"), number=n) for n in tries)
        return next(name for name in named if name not in taken)


def gone_and_come(
    before: Iterable[Instrument], after: Iterable[Instrument]
) -> tuple[list[Instrument], list[Instrument]]:
    """What is only in the first, and what is only in the second."""
    old, new = dict.fromkeys(before), dict.fromkeys(after)
    return [each for each in old if each not in new], [each for each in new if each not in old]
