"""The pairs of a list over their exchanges, looked at once a frame at most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...market.instrument import Instrument
from ...market.pair_view import PairView, Venue, pair_view
from ...market.store import Store
from .pair_groups import grouped


class Pairs:
    """Who quotes which pair; ``view`` keeps what it found until news of that pair comes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._members: dict[str, list[Instrument]] = {}
        self._views: dict[str, PairView] = {}

    def take(self, order: Iterable[Instrument]) -> None:
        """Learn which instruments there are."""
        self._members = grouped(order)
        self._views.clear()

    def members(self, pair: str) -> Sequence[Instrument]:
        """The exchanges' instruments of a pair."""
        return self._members.get(pair, ())

    def forget(self, pairs: Iterable[str] | None = None) -> None:
        """News came of these pairs, or it is time to look at all of them again."""
        if pairs is None:
            self._views.clear()
            return
        for pair in pairs:
            self._views.pop(pair, None)

    def view(self, pair: str, now: float) -> PairView:
        """A pair as its exchanges quote it; what cannot be trusted counts as not quoted."""
        found = self._views.get(pair)
        if found is None:
            found = pair_view(self._venue(each, now) for each in self.members(pair))
            self._views[pair] = found
        return found

    def premium(self, instrument: Instrument, now: float) -> float | None:
        """How far an instrument is from the median of its pair, as a share."""
        pair = instrument.pair
        if len(self.members(pair)) < 2:
            return None
        return self.view(pair, now).premiums.get(instrument)

    def _venue(self, instrument: Instrument, now: float) -> Venue:
        state = self._store.state(instrument)
        if state.problem or not state.freshness(now).trusted:
            return Venue(instrument, None, None, None)
        return Venue(instrument, state.last, state.bid, state.ask)
