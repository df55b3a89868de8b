"""How a list was looked at, for when it is looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ...errors import UsageError
from ...market.instrument import Instrument
from ...market.watchlist import Watchlist
from .arranging import Sort
from .columns import COLUMNS

MOST = 10_000  # rows whose place is remembered, of one list


class Viewing(NamedTuple):
    """What was chosen, by what the rows were sorted and how they stood then, what was folded."""

    current: Instrument | None = None
    sorting: Sort | None = None
    order: list[Instrument] = []  # noqa: RUF012 - never changed
    collapsed: list[str] = []  # noqa: RUF012

    def save(self) -> dict[str, Any]:
        """As plain values, for ``read``."""
        return {
            "current": None if self.current is None else str(self.current),
            "sort": None if self.sorting is None else self.sorting.column.key,
            "descending": self.sorting is not None and self.sorting.descending,
            "order": [str(each) for each in self.order[:MOST]],
            "collapsed": self.collapsed[:MOST],
        }

    @classmethod
    def read(cls, kept: object) -> Viewing:
        """From plain values; what cannot be used is as if it had not been kept."""
        if not isinstance(kept, Mapping):
            return cls()
        by_key = {column.key: column for column in COLUMNS}
        column = by_key.get(str(kept.get("sort")))
        sorting = None if column is None else Sort(column, kept.get("descending") is True)
        current = _instruments([kept.get("current")])
        return cls(
            current[0] if current else None,
            sorting,
            _instruments(kept.get("order")),
            [each for each in _list(kept.get("collapsed")) if isinstance(each, str)],
        )


class Views:
    """How each list was looked at; those of closed lists go with them."""

    def __init__(self) -> None:
        self._views: dict[int, tuple[Watchlist, Viewing]] = {}

    def of(self, watchlist: Watchlist) -> Viewing:
        """How a list was looked at last."""
        return self._views.get(id(watchlist), (watchlist, Viewing()))[1]

    def put(self, watchlist: Watchlist, viewing: Viewing) -> None:
        """Remember how a list is looked at."""
        self._views[id(watchlist)] = (watchlist, viewing)

    def clear(self) -> None:
        """Forget all of them."""
        self._views.clear()


def _instruments(kept: object) -> list[Instrument]:
    found = []
    for name in _list(kept):
        try:
            found.append(Instrument.parse(str(name)))
        except UsageError:
            continue
    return found


def _list(kept: object) -> list[Any]:
    return kept[:MOST] if isinstance(kept, list) else []
