"""What the person does to the lists: every change is told once, what goes can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from ...language import tr, trn
from ...market.instrument import Instrument
from ...market.watchlist import Watchlist
from .columns import Column, columns_of, keys_of, with_comparing
from .lists import MOST, Lists, Places, gone_and_come
from .row_menu import NEW_LIST


class Editing(QObject):
    """Changes ``lists``. Signals tell what changed, and what the table should do about it."""

    going = Signal(list)  # of Instrument: they are about to leave the active list
    changed = Signal()  # show the lists as they are now; the other signals come after this one
    go_to = Signal(int, object)  # look at a list, and at an Instrument in it or None
    lists_changed = Signal(list)  # of Watchlist
    active_changed = Signal(int)
    followed = Signal(list)  # of Instrument: they came into a list, and were in none
    unfollowed = Signal(list)  # of Instrument: they are in no list any more
    removed = Signal(str, object)  # what was taken out, in words; undo, to be called without words

    def __init__(self, lists: Lists) -> None:
        super().__init__()
        self._lists = lists

    def insert(self, position: int, instruments: Sequence[Instrument]) -> list[Instrument]:
        """Put instruments into the active list; those that are new in it."""
        watchlist = self._lists.current
        held = set(watchlist.instruments)
        new = [each for each in dict.fromkeys(instruments) if each not in held]
        if new:
            self._change(lambda: watchlist.insert(position, new))
        return new

    def remove(self, instruments: Collection[Instrument]) -> None:
        """Take instruments off the active list."""
        watchlist = self._lists.current
        wanted = set(instruments)
        gone = [each for each in watchlist.instruments if each in wanted]
        if not gone:
            return
        self.going.emit(gone)
        places: Places = []
        self._change(lambda: places.extend(watchlist.remove(gone)))

        def undo() -> None:
            self._change(lambda: self._reopened(watchlist).put_back(places))
            self.go_to.emit(self._lists.place_of(watchlist) or 0, gone[0])

        said = trn(
            "{pair} was removed.", "{count} rows were removed.", len(gone), pair=gone[0].pair
        )
        self.removed.emit(said, undo)

    def send(self, instruments: Collection[Instrument], place: int, copied: bool) -> None:
        """Move rows of the active list to another one, or copy them; −1 makes a new one."""
        if place == NEW_LIST:
            place = self.add_list(Watchlist(self._lists.free_name()))
        if place == self._lists.active or not 0 <= place < len(self._lists):
            return
        source, target = self._lists.current, self._lists[place]
        if not copied:
            self.going.emit(list(instruments))
        left: Places = []
        new: list[Instrument] = []

        def move() -> None:
            places, came = self._lists.send(instruments, target, copied=copied)
            left.extend(places)
            new.extend(came)

        def back() -> None:
            target.remove(new)
            self._reopened(source).put_back(left)

        self._change(move)
        if left:
            said = trn(
                "{pair} was moved to {name}.",
                "{count} rows were moved to {name}.",
                len(left),
                pair=left[0][1].pair,
                name=target.name,
            )
            self.removed.emit(said, lambda: self._change(back))

    def reorder(self, own: Sequence[Instrument]) -> None:
        """Take the order that rows of the active list were dragged into."""
        self._lists.current.instruments = list(own)
        self.tell()

    def add_list(self, watchlist: Watchlist) -> int:
        """Put in another list; where it stands, or the active one if there are enough."""
        if len(self._lists) >= MOST:
            return self._lists.active
        self._change(lambda: self._lists.add(watchlist))
        return len(self._lists) - 1

    def named(self, name: str, instruments: Iterable[Instrument] = ()) -> Watchlist:
        """A list that is not put in yet, with a name that no other has."""
        watchlist = Watchlist(self._lists.free_name(name))
        watchlist.insert(0, instruments)
        return watchlist

    def rename_list(self, place: int, name: str) -> None:
        """Call a list something else; a name that another one has gets a number."""
        others = [each for n, each in enumerate(self._lists.names) if n != place]
        self._lists[place].name = self._lists.free_name(name) if name in others else name
        self.changed.emit()
        self.tell()

    def close_list(self, place: int) -> None:
        """Close a list; the last one stays."""
        if len(self._lists) < 2 or not 0 <= place < len(self._lists):
            return
        watchlist = self._lists[place]
        self._change(lambda: self._lists.close(place))

        def undo() -> None:
            if self._lists.place_of(watchlist) is None:
                self._change(lambda: self._lists.add(watchlist, place))
            self.go_to.emit(self._lists.place_of(watchlist) or 0, None)

        self.removed.emit(tr("The list {name} was closed.", name=watchlist.name), undo)

    def shift_list(self, place: int, to: int) -> None:
        """Move a list to another place among the tabs."""
        self._lists.shift(place, to)
        self.changed.emit()
        self.tell()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show these columns of the active list, left to right."""
        self._lists.current.columns = keys_of(columns)
        self.tell()

    def set_grouped(self, by_pair: bool) -> None:
        """Group the active list by pair, with the columns that this is for, or not."""
        watchlist = self._lists.current
        watchlist.grouped = by_pair
        if by_pair:
            watchlist.columns = keys_of(with_comparing(columns_of(watchlist.columns)))
        self.tell()

    def tell(self) -> None:
        """Say that the lists are not what they were."""
        self.lists_changed.emit(self._lists.copies())

    def _change(self, change: Callable[[], object]) -> None:
        """Change the lists; tell it, and who came and who went."""
        before, active = self._lists.instruments, self._lists.active
        change()
        self.changed.emit()
        gone, come = gone_and_come(before, self._lists.instruments)
        self.tell()
        if come:
            self.followed.emit(come)
        if gone:
            self.unfollowed.emit(gone)
        if active != self._lists.active:
            self.active_changed.emit(self._lists.active)

    def _reopened(self, watchlist: Watchlist) -> Watchlist:
        """A list that may have been closed since is opened again before rows go back into it."""
        if self._lists.place_of(watchlist) is None:
            self._lists.add(watchlist)
        return watchlist
